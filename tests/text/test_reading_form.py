"""What models and keywords read of a text: its words, not its links, handles, marks or line ends."""

from __future__ import annotations

import pytest

from toolkit.text.reading_form import ReadingForm, reading_forms


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("late again &amp; nobody told us @user0", "late again & nobody told us"),
        ("https://t.co/c65fZY35ba", ""),
        ("see (https://port.example.org/fees?a=1&b=2). Then", "see (). Then"),
        ("RT @ona.lind: the tram is late #Housing #2024", "the tram is late Housing #2024"),
        ("Fares rise www.port.example/fares and pic.twitter.com/a1B2", "Fares rise and"),
        ("Fares rise in April https://t.…", "Fares rise in April"),
        ("write to ona.lind@port.example.org, please", "write to , please"),
        ("@ona@social.example is right", "is right"),
        ("Don&#8217;t&nbsp;go &amp;amp; stay", "Don’t go & stay"),
        ("the **new** [harbour bill](https://port.example/bill) of _May_[^3]", "the new harbour bill of May"),
        ("![crane](crane.png) The crane `fell` ~~today~~", "The crane fell today"),
        ("港口收费 https://port.example.org/fee。他们反对", "港口收费 。他们反对"),
        ("one line<br/>another line", "one line another line"),
    ],
)
def test_links_handles_entities_and_marks_are_not_read(text: str, read: str) -> None:
    assert ReadingForm()(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "The fee rose by 9 % and/or the fares, i.e. 24/7, in 2019-20.",
        "He paid 5 * 3 * 2 = 30; see snake_case_name and C# at p. 3.",
        "First line of a paragraph\nand its second line, well-known.",
        "AT&T and R&D – Q&A: the long-term plan… of Port Elm",
        "Meet at 5 @ the quay",
        "He said - and all agreed - that the fee was high.",
    ],
)
def test_a_text_without_such_signs_is_read_character_for_character(text: str) -> None:
    assert ReadingForm.of([text])(text) == text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n", " \n  ", "\u2028"])
def test_words_parted_at_line_ends_are_read_whole(end: str) -> None:
    form = ReadingForm()
    assert form(f"had swall-{end}owed the reserves") == "had swallowed the reserves"
    assert form(f"der Hafen wird ausge-{end}baggert") == "der Hafen wird ausgebaggert"
    assert form(f"гавань углуб-{end}ляют") == "гавань углубляют"
    assert form(f"the con¬{end}tract") == "the contract"


def test_a_compound_keeps_its_hyphen_at_a_line_end() -> None:
    form = ReadingForm()
    assert form("the long-\nterm plan") == "the long-term plan"
    assert form("the Anglo-\nSaxon name") == "the Anglo-Saxon name"
    assert form("in 1990-\n95 it rose") == "in 1990-\n95 it rose"
    assert form("Ein-\nund Ausfuhr") == "Ein- und Ausfuhr"


def test_the_corpus_decides_between_a_word_and_a_compound() -> None:
    texts = ["The dock-\nworker left.", "A dock-worker and a dock-worker.", "The sea-\nman left.", "A seaman came."]
    assert reading_forms(texts)[0] == "The dock-worker left."
    assert reading_forms(texts)[2] == "The seaman left."
    assert (
        reading_forms(["A sea- man left.", "The seaman came.", "The sea rose.", "A sea-\nweed."])[0]
        == "A sea- man left."
    )
    assert reading_forms(["They demol- ished it.", "It was demolished.", "A sea-\nweed."])[0] == "They demolished it."

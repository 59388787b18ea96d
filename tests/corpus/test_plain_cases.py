"""Plain text of every layout becomes its paragraphs: nothing of a page's furniture, no broken lines, no machine ids."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from kit.corpora import built, checked, column, document, kept, reasons

from toolkit.corpus import CorpusSettings, build_corpus, corpus_files
from toolkit.text.reading_form import reading_forms
from toolkit.values import Corpus

CASES = Path(__file__).parents[1] / "data" / "cases"
FARES = (
    "The operator of the island ferry said on Friday that its director, Mrs Ona Lind, and the head of the yard, Mr Pim "
    "Okoro, had agreed with the Ministry of Transport on fares that rise by nine percent in April; the Harbour Users' "
    "Association called the increase unfair, and the mayor of Port Elm asked for figures before the council votes."
)
ROOF = (
    "Die Stadt wird das Dach der Zentralbibliothek vor dem ersten Montag im November ausbessern, sagte der "
    "Bürgermeister den Einwohnern bei der Versammlung im Ulmensaal; die Architektin Lia Brand hatte nach dem Sturm "
    "Schäden an den Balken gefunden und im Januar ein zweites Mal gewarnt."
)


def case(name: str) -> Corpus:
    settings = CorpusSettings(path=str(CASES / name / "in"))
    return checked(build_corpus(settings, corpus_files(settings)))


def laid_out(width: int, first: str = "", between: str = "\n", paragraphs: str = "\n\n") -> str:
    blocks = [textwrap.wrap(text, width) for text in (FARES, ROOF)]
    return paragraphs.join(between.join([first + lines[0], *lines[1:]]) for lines in blocks)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n", "\n\r", "\u2028", "\x85"])
@pytest.mark.parametrize("width", [40, 72, 80])
def test_lines_broken_by_a_margin_are_one_paragraph(tmp_path: Path, width: int, end: str) -> None:
    corpus = built(tmp_path, {"a.txt": laid_out(width).replace("\n", end)})
    assert kept(corpus) == [FARES, ROOF]


@pytest.mark.parametrize(
    "layout",
    [{"first": "    ", "paragraphs": "\n"}, {"between": "\n\n", "paragraphs": "\n\n\n"}, {"first": "   "},
     {"first": "     ", "between": "\n\n"}],
)  # fmt: skip
@pytest.mark.parametrize("width", [40, 60, 72, 80])
def test_typewritten_layouts_keep_their_paragraphs(tmp_path: Path, width: int, layout: dict[str, str]) -> None:
    corpus = built(tmp_path, {"a.txt": laid_out(width, **layout)})
    assert kept(corpus) == [FARES, ROOF]


def test_lines_stretched_to_a_margin_are_no_table(tmp_path: Path) -> None:
    lines = [line.replace(" ", "   ", 3) for line in textwrap.wrap(FARES, 66)]
    assert kept(built(tmp_path, {"a.txt": "\n".join(lines)})) == [FARES]


def test_running_heads_and_page_numbers_are_furniture_and_paragraphs_cross_pages(tmp_path: Path) -> None:
    lines = textwrap.wrap(FARES, 56)
    pages = [["PORT ELM GAZETTE      11", "", *lines[:4], "", "- 11 -"],
             ["12      PORT ELM GAZETTE", "", *lines[4:], "", "- 12 -"],
             ["PORT ELM GAZETTE      13", "", *textwrap.wrap(ROOF, 56), "", "- 13 -"]]  # fmt: skip
    corpus = built(tmp_path, {"a.txt": "\f".join("\n".join(page) + "\n" for page in pages)})
    assert kept(corpus) == [FARES, ROOF]
    assert set(reasons(corpus).values()) == {"furniture"}
    note = "running heads and page numbers moved to the end: 'PORT ELM GAZETTE      11' [corpus.clean.furniture]"
    assert note in document(corpus, "a.txt")["notes"]


def test_form_feeds_without_heads_only_break_lines(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": f"{FARES}\f{ROOF}"})
    assert kept(corpus) == [FARES, ROOF]
    assert document(corpus, "a.txt")["notes"] == []


def test_cr_cr_lf_is_one_line_break() -> None:
    corpus = case("cr-cr-lf")
    assert corpus.paragraphs.num_rows == 2
    assert reasons(corpus) == {"Ferry fares to rise": "heading"}
    assert document(corpus, "a.txt")["notes"] == ["line ends are CR CR LF; each is read as one line break"]


def test_one_long_line_leaves_the_others_joined() -> None:
    corpus = case("one-long-line")
    assert corpus.paragraphs.num_rows == 3
    assert corpus.ledger.num_rows == 0


def test_words_parted_at_line_ends_are_read_whole() -> None:
    corpus = case("ocr-hyphens")
    read = " ".join(reading_forms(column(corpus.paragraphs, "text")))
    for word in ("swallowed", "breakfast", "additional", "slaughterhouse", "attributed"):
        assert f" {word}" in read.replace("\n", " ")
    assert "[corpus.read_as]" in document(corpus, "page.txt")["notes"][0]


def test_tweets_are_read_without_links_handles_and_entities() -> None:
    corpus = case("tweets-links-handles")
    read = reading_forms(column(corpus.paragraphs, "text"))
    assert sum(text == "" for text in read) == 12
    assert not any(sign in text for text in read for sign in ("http", "t.co", "&amp", "@user", "#"))
    notes = {note for row in corpus.documents.to_pylist() for note in row["notes"]}
    assert "a paragraph is nothing but links, handles or marks, so no model reads it and it belongs to no theme: " in (
        "\n".join(notes)
    )


def test_rtf_is_read_whatever_its_name() -> None:
    assert kept(case("rtf-only")) == ["The harbour must be dredged."] * 2


def test_ids_of_utterances_are_no_words() -> None:
    corpus = case("parlamint")
    texts = [text for text in kept(corpus) if text != "Lower house"]
    assert len(texts) == 3 and not any("ParlaMint" in text for text in texts)
    assert texts[0].startswith("Before we come to the business of today")


def test_a_debate_keeps_its_turns_and_its_times_leave_it() -> None:
    corpus = case("hansard-txt")
    assert reasons(corpus) == {"10.32 am": "timecode", "10.45 am": "timecode", "[Interruption.]": "stage_direction"}
    assert kept(corpus)[1] == "Pim Okoro (Elmstead) (Lab): Will the Minister give way?"

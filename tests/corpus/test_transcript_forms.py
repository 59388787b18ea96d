"""Further layouts of interviews and chats: labels on lines of their own, asides beside names, signed messages."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.corpora import built, column, document, kept, reasons

from toolkit.text.reading_form import without_label


def turns(folder: Path, text: str) -> list[tuple[str, str]]:
    """(speaker, text without the label) of every paragraph."""
    corpus = built(folder, {"a.txt": text})
    speakers = column(corpus.paragraphs, "speaker") if "speaker" in corpus.paragraphs.column_names else []
    return [(name, without_label(words, name)) for name, words in zip(speakers, kept(corpus), strict=True)]


def test_the_first_question_below_a_label_is_no_title(tmp_path: Path) -> None:
    text = (
        "INTERVIEWER\nHow did the flood reach your house?\n\nPARTICIPANT 7\nIt came through the garden first. "
        "We heard it at two in the morning, and by three the cellar was full.\n\nINTERVIEWER\nWhat did you do?\n\n"
        "PARTICIPANT 7\nWe carried my mother upstairs. Then the lights went out.\n"
    )
    assert turns(tmp_path, text)[0] == ("INTERVIEWER", "How did the flood reach your house?")
    assert document(built(tmp_path), "a.txt")["title"] is None


def test_a_message_from_a_telephone_number_is_no_contact_line(tmp_path: Path) -> None:
    text = (
        "14.03.22, 09:01 - Ona: Hat jemand den Brief bekommen?\n14.03.22, 09:02 - Pim: Ja, neun Prozent mehr.\n"
        "14.03.22, 09:03 - Ona: <Medien ausgeschlossen>\n14.03.22, 09:05 - +49 151 2345678: Wir schreiben an den Rat\n"
        "14.03.22, 09:06 - Ona hat Lia hinzugefügt\n"
    )
    assert turns(tmp_path, text)[-1] == ("+49 151 2345678", "Wir schreiben an den Rat")


def test_what_is_beside_a_name_parts_no_turn_from_its_speaker(tmp_path: Path) -> None:
    parties = (
        "Pim Okoro (SPD):\nDie Nachtbusse fehlen.\n\nOna Lind (CDU/CSU):\nWer soll das bezahlen?\n\n"
        "Pim Okoro (SPD):\nDer Bund.\n\nLia Brand (FDP):\nNein.\n"
    )
    assert [name for name, _ in turns(tmp_path, parties)] == ["Pim Okoro", "Ona Lind", "Pim Okoro", "Lia Brand"]
    group = "Moderator: Who helped?\nWoman 1: My son.\nModerator: And you?\nMan 2 [to Woman 1]: Nobody.\n"
    assert turns(tmp_path, group)[-1] == ("Man 2", "Nobody.")


def test_a_role_that_is_also_a_byline_speaks(tmp_path: Path) -> None:
    text = "记者：您什么时候来到这座城市？\n王先生：一九九二年。\n记者：当时的工作怎么样？\n王先生：很辛苦。\n"
    assert [name for name, _ in turns(tmp_path, text)] == ["记者", "王先生"] * 2


SIGNED = {
    "telegram": ("Ona Lind, [14.03.2022 09:01]", "Pim Okoro, [14.03.2022 09:02]", "2022-03-14T09:01"),
    "slack": ("Ona Lind  9:01 AM", "Pim Okoro  9:02 AM", "09:01"),
    "discord": ("Ona Lind — Today at 9:01 AM", "Pim Okoro — Today at 9:02 AM", "09:01"),
    "dated": ("Ona Lind — 03/14/2022 9:01 PM", "Pim Okoro — 03/14/2022 9:02 PM", "2022-03-14T21:01"),
    "bracket before": ("[14/03/2022 09:01] Ona Lind", "[14/03/2022 09:02] Pim Okoro", "2022-03-14T09:01"),
}


@pytest.mark.parametrize("form", SIGNED)
def test_messages_below_a_name_and_a_time_are_turns(tmp_path: Path, form: str) -> None:
    one, other, time = SIGNED[form]
    says = ["did anyone get the letter?", "yes, nine percent", "we should write to the council", "I will"]
    lines = [f"{(one, other)[n % 2]}\n{words}\n" for n, words in enumerate(says)]
    assert turns(tmp_path, "\n".join(lines)) == list(zip(["Ona Lind", "Pim Okoro"] * 2, says, strict=True))
    assert column(built(tmp_path).paragraphs, "time")[0] == time


def test_a_programme_of_names_and_times_is_no_chat(tmp_path: Path) -> None:
    text = "Programme\n\nOna Lind 9:00 AM\nOpening in the hall.\n\nPim Okoro 10:00 AM\nShips and shore power.\n"
    assert "speaker" not in built(tmp_path, {"a.txt": text}).paragraphs.column_names


def test_times_before_the_lines_of_a_chat_are_not_called_ids(tmp_path: Path) -> None:
    text = "09:01:12\t From Ona Lind to Everyone : good morning to all\n09:02:40\t From Pim : thanks, page 4 is wrong\n"
    corpus = built(tmp_path, {"a.txt": text})
    assert not any("ids at the beginning" in note for note in document(corpus, "a.txt")["notes"])
    assert set(reasons(corpus).values()) == {"timecode"}


def test_a_chronicle_of_a_day_is_no_recording(tmp_path: Path) -> None:
    text = (
        "The crisis\n\n9:15 Police close the bridge.\n\n9:40 Engineers arrive.\n\n11:30 The first ferry leaves.\n\n"
        "14:00 Engineers say that the pillar is cracked.\n"
    )
    corpus = built(tmp_path, {"a.txt": text})
    assert "timecode" not in column(corpus.ledger, "reason")
    assert any(words.startswith("14:00 Engineers") for words in kept(corpus))


def test_a_field_above_the_first_turn_is_no_title(tmp_path: Path) -> None:
    text = (
        "FOCUS GROUP 2\nModerator: Pim Okoro\nParticipants: 6 (3 women, 3 men)\nLocation: Town hall, Elmstead\n"
        "Length: 74 minutes\n\n[Recording begins]\n\nModerator: What comes to mind?\nWoman 1: The bill, and the "
        "letter that came with it. I could not understand a single line, and I worked in an office for years.\n"
        "Moderator: And you?\nMan 2: Cold floors, frankly.\n"
    )
    corpus = built(tmp_path, {"a.txt": text})
    assert document(corpus, "a.txt")["title"] != "Location: Town hall, Elmstead"
    assert reasons(corpus)["Location: Town hall, Elmstead"] in ("metadata", "masthead")


def test_numbered_questions_and_answers_are_two_speakers(tmp_path: Path) -> None:
    text = "Q1: How old is the flat?\nA1: From the sixties.\n\nQ2: Who is the landlord?\nA2: A fund.\n"
    assert [name for name, _ in turns(tmp_path, text)] == ["Q", "A"] * 2


def test_a_title_in_capitals_before_a_name_in_court_is_a_label(tmp_path: Path) -> None:
    text = (
        "     THE COURT:  Good morning.\n     MR. OKORO:  Good morning, Your Honor. The\nState calls Ona Lind.\n"
        "     THE COURT:  Come forward.\n     MS. LIND:  I am here.\n     MR. OKORO:  Thank you.\n"
    )
    assert [name for name, _ in turns(tmp_path, text)] == [
        "THE COURT",
        "MR. OKORO",
        "THE COURT",
        "MS. LIND",
        "MR. OKORO",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Version 2.1\nFixed: the map does not load.\nAdded: a list of stops.\nFixed: times are wrong.\n"
        "Changed: the colour.\nFixed: a typo.\n",
        "Ferry timetable\n\nElmstead 07:00\nPort Elm 07:20\nNorthshore 07:45\nElmstead 09:00\nPort Elm 09:20\n"
        "Northshore 09:45\n\nThe timetable is valid from April to October, and on Sundays there is no boat.\n",
    ],
)
def test_lists_of_changes_and_timetables_are_no_transcripts(tmp_path: Path, text: str) -> None:
    assert "speaker" not in built(tmp_path, {"a.txt": text}).paragraphs.column_names


def test_marks_of_captions_hide_neither_dashes_nor_names(tmp_path: Path) -> None:
    late = "Die Fähre ist zu spät, wie an jedem Tag in diesem Winter."
    cue = f"1\n00:00:01,000 --> 00:00:03,000\n<i>- Guten Morgen, Frau Lind, wie geht es Ihnen?</i>\n- {late}\n"
    assert kept(built(tmp_path, {"a.srt": cue})) == ["Guten Morgen, Frau Lind, wie geht es Ihnen?", late]
    chat = "[09:01] <ona> did you get it?\n[09:02] * pim joined\n[09:02] <pim> yes, nine percent\n[09:03] <ona> write\n"
    assert all(name in " ".join(kept(built(tmp_path / "b", {"b.txt": chat}))) for name in ("<ona>", "<pim>"))


def test_captions_with_commas_between_times_are_captions(tmp_path: Path) -> None:
    text = "0:00:00.599,0:00:04.160\nwelcome to the harbour\n\n0:00:04.160,0:00:06.770\nwe look at the cranes\n"
    corpus = built(tmp_path, {"a.txt": text})
    assert kept(corpus) == ["welcome to the harbour we look at the cranes"]
    assert set(column(corpus.ledger, "reason")) == {"timecode"}


def test_names_in_capitals_before_a_full_stop_speak_in_a_record(tmp_path: Path) -> None:
    text = (
        "  Mr. LIND. Mr. Speaker, I move that the bill on night buses be passed.\n  It is short.\n\n"
        "  Ms. OKORO of Maine. Mr. Speaker, I rise in support.\n\n  The SPEAKER pro tempore. Is there objection?\n\n"
        "  Mr. LIND. There is none.\n\n  Ms. OKORO of Maine. I yield back.\n"
    )
    assert [name for name, _ in turns(tmp_path, text)] == [
        "Mr. LIND", "Ms. OKORO of Maine", "The SPEAKER pro tempore", "Mr. LIND", "Ms. OKORO of Maine",
    ]  # fmt: skip
    prose = "The NATO. allies met.\nThe EU. The UN. All met.\n\nMr. Lind. That was his name.\n"
    assert "speaker" not in built(tmp_path / "b", {"b.txt": prose}).paragraphs.column_names

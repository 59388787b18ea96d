"""Transcripts, captions and chats: one speaker a paragraph, times and labels in the ledger; no article is one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, column, document, kept, reasons

from toolkit.text.reading_form import without_label
from toolkit.values import Corpus

CASES = Path(__file__).parents[1] / "data" / "cases"
MOVE = "It was harder than we thought, because the landlord had promised the keys for the first."


def turns(corpus: Corpus) -> list[tuple[Any, ...]]:
    """(speaker, text without the label) of every paragraph."""
    speakers = column(corpus.paragraphs, "speaker") if "speaker" in corpus.paragraphs.column_names else []
    return [(name, without_label(text, name)) for name, text in zip(speakers, kept(corpus), strict=True)]


def case(name: str, **settings: Any) -> Corpus:
    return built(CASES / name / "in", **settings)


def test_captions_in_a_text_file_are_read_as_what_people_say() -> None:
    corpus = case("vtt-as-txt")
    assert [speaker for speaker, _ in turns(corpus)] == ["Interviewer", "Ms P", "Interviewer", "Ms P"]
    assert turns(corpus)[1][1].startswith(
        "It was harder than we thought, because the landlord had promised the keys for the first and then they came"
    )
    assert column(corpus.paragraphs, "time") == ["00:00:03", "00:00:07", "00:00:22", "00:00:24"]
    assert not any(mark in text for text in kept(corpus) for mark in ("WEBVTT", "-->", "00:0"))
    assert set(column(corpus.ledger, "reason")) == {"metadata", "timecode"}


def test_no_paragraph_of_an_interview_mixes_two_speakers() -> None:
    corpus = case("interview-turns")
    assert [speaker for speaker, _ in turns(corpus)] == ["Interviewer", "P3"] * 4
    assert ("P3", "Yes.") in turns(corpus)
    assert column(corpus.ledger, "reason") == []


def test_questions_of_the_interviewer_can_be_left_out_and_a_name_nobody_has_is_said() -> None:
    corpus = case("interview-turns", speakers={"leave_out": ["inter*", "Moderator"]})
    assert [speaker for speaker, _ in turns(corpus)] == ["P3"] * 4
    assert reasons(corpus)["Interviewer: Nine days late?"] == "left out: Interviewer"
    assert "speakers left out (turns): Interviewer 4" in corpus.notes
    assert "corpus.speakers.leave_out: no speaker is called 'Moderator'" in corpus.notes


def test_turns_of_a_debate_stay_apart_with_times_in_the_ledger() -> None:
    corpus = case("hansard-txt")
    assert [speaker for speaker, _ in turns(corpus)] == [
        "Ona Lind", "Pim Okoro", "Ona Lind", "Pim Okoro", "Mr Speaker", "Ona Lind", "Lia Brand",
    ]  # fmt: skip
    assert reasons(corpus)["10.32 am"] == reasons(corpus)["10.45 am"] == "timecode"
    assert reasons(corpus)["[Interruption.]"] == "stage_direction"


TWO = [("A", "How was it?"), ("B", "Hard, we had no keys."), ("A", "And then?"), ("B", "We moved in: late.")]
FORMS = {
    "colon": "{who}: {what}\n",
    "blank lines": "{who}: {what}\n\n",
    "tab": "{who}\t{what}\n",
    "bold": "**{who}:** {what}\n\n",
    "time before": "[00:00:0{n}] {who}: {what}\n\n",
    "time after": "{who} (00:0{n}): {what}\n\n",
    "time after the colon": "{who}: [00:00:0{n}] {what}\n\n",
    "stamped line": "{who}   0:0{n}\n{what}\n\n",
    "stamped line in brackets": "[{who}] 00:00:0{n}\n{what}\n\n",
    "stamp at the end": "{who}: {what} #00:00:0{n}-3#\n",
    "line numbers": "00{n} {who}: {what}\n",
    "angle brackets": "[20:1{n}] <{who}> {what}\n",
    "android": "16/03/2023, 20:1{n} - {who}: {what}\n",
    "ios": "[16.03.23, 20:1{n}:24] {who}: {what}\n",
    "twelve hours": "3/16/23, 8:1{n}\u202fPM - {who}: {what}\n",
    "italian": "16/03/23, 20.1{n} - {who}: {what}\n",
    "korean": "2023년 3월 6일 오후 8:1{n}, {who} : {what}\n",
    "zoom chat": "00:10:1{n}\t From {who} to Everyone:\n\t{what}\n",
    "srt": "{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{who}: {what}\n\n",
    "teams": "guid/1{n}-0\n00:00:0{n}.000 --> 00:00:0{n}.900\n<v {who}>{what}</v>\n\n",
    "old teams": "0:0:{n}.0 --> 0:0:{n}.900\n{who}\n{what}\n\n",
}  # fmt: skip


@pytest.mark.parametrize(
    "names", [("Interviewer", "P3"), ("Anna Lind", "Tom Reed"), ("Enquêtrice", "Mme P."), ("问", "答")]
)
@pytest.mark.parametrize("form", FORMS)
def test_turns_are_found_in_whatever_form_a_tool_writes_them(tmp_path: Path, form: str, names: tuple[str, str]) -> None:
    who = {"A": names[0], "B": names[1]}
    text = "".join(FORMS[form].format(who=who[name], what=what, n=n) for n, (name, what) in enumerate(TWO, start=1))
    suffix = "md" if form == "bold" else "txt"
    for end in ("\n", "\r\n"):
        corpus = built(tmp_path, {f"a.{suffix}": text.replace("\n", end)})
        assert turns(corpus) == [(who[name], what) for name, what in TWO]
        assert any(note.startswith("read as ") for note in column(corpus.documents, "notes")[0])


def test_captions_that_roll_are_said_once(tmp_path: Path) -> None:
    text = (
        "WEBVTT\nKind: captions\n\n00:00:00.160 --> 00:00:02.470 align:start position:0%\n \n"
        "so<00:00:00.320><c> today</c><00:00:00.560><c> we</c>\n\n00:00:02.470 --> 00:00:02.480\nso today we\n \n\n"
        "00:00:02.480 --> 00:00:04.630\nso today we\ntalk<00:00:02.700><c> of</c><c> ferries</c>\n"
    )
    corpus = built(tmp_path, {"a.vtt": text})
    assert kept(corpus) == ["so today we talk of ferries"]
    assert "repeated" in column(corpus.ledger, "reason")


def test_damaged_captions_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:03,000\nHello there\n2\n00:00:03,500 -> 00:00:06\nwith an arrow\n\nthat is broken\n"
    )
    assert kept(built(tmp_path, {"a.srt": text})) == ["Hello there with an arrow that is broken"]


def test_long_captions_without_speakers_become_passages_with_times(tmp_path: Path) -> None:
    cues = "".join(
        f"{n}\n00:{n // 60:02d}:{n % 60:02d},000 --> 00:59:00,000\nThe ferry was late again on day {n}.\n\n"
        for n in range(60)
    )
    corpus = built(tmp_path, {"a.srt": cues})
    assert len(kept(corpus)) == 8
    assert column(corpus.paragraphs, "time")[:2] == ["00:00:00", "00:00:08"]
    assert "speaker" not in corpus.paragraphs.column_names


def test_two_people_in_one_cue_are_two_paragraphs(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:03,000\n- Where were you?\n- At the quay.\n\n2\n00:00:04,000 --> 00:00:05,000\nOh.\n"
    )
    assert kept(built(tmp_path, {"a.srt": text})) == ["Where were you?", "At the quay. Oh."]


def test_what_a_chat_app_writes_itself_is_no_message(tmp_path: Path) -> None:
    text = (
        "06.03.23, 20:19 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\n"
        "06.03.23, 20:19 - Ona: Der letzte Bus\nfährt um zehn\n06.03.23, 20:20 - Tomás: <Medien ausgeschlossen>\n"
        "07.03.23, 09:20 - Tomás: Das ist zu früh!\n"
    )
    corpus = built(tmp_path, {"chat.txt": text})
    assert turns(corpus) == [("Ona", "Der letzte Bus fährt um zehn"), ("Tomás", "Das ist zu früh!")]
    assert column(corpus.paragraphs, "time") == ["2023-03-06T20:19", "2023-03-07T09:20"]
    assert document(corpus, "chat.txt")["date"] == "2023-03-06"
    assert {"system_message", "placeholder"} <= set(column(corpus.ledger, "reason"))


def test_days_of_a_chat_are_never_guessed(tmp_path: Path) -> None:
    text = "06/03/2023, 20:19 - Ona: Der letzte Bus\n07/03/2023, 20:20 - Tom: Zu früh\n"
    corpus = built(tmp_path, {"chat.txt": text})
    assert column(corpus.paragraphs, "time")[0] == "06/03/2023 20:19"
    assert any("corpus.day_first" in note for note in column(corpus.documents, "notes")[0])
    assert column(built(tmp_path, day_first=False).paragraphs, "time")[0] == "2023-06-03T20:19"


def test_the_head_of_a_transcript_is_no_turn_and_answers_keep_their_paragraphs(tmp_path: Path) -> None:
    text = (
        "Interview 7\nInterviewer: Ona Lind\nParticipant: P7\nDate: 6 March 2023\n\nInterviewer: How was the move?\n\n"
        f"P7: {MOVE}\n\nThe school called us then: they had kept both places open for us all along.\n\n"
        "Interviewer: Good.\n\nP7: It was.\n\nEnd of interview\n"
    )
    corpus = built(tmp_path, {"a.txt": text})
    assert [speaker for speaker, _ in turns(corpus)] == ["Interviewer", "P7", "P7", "Interviewer", "P7"]
    assert reasons(corpus)["Participant: P7"] == "metadata"
    assert reasons(corpus)["End of interview"] == "stage_direction"
    assert document(corpus, "a.txt")["title"] == "Interview 7"


def test_a_heading_between_turns_is_nobodys_words(tmp_path: Path) -> None:
    text = f"Ona Lind: {MOVE}\n\nTom Reed: Yes.\n\nShore power\n\nOna Lind: Why so late?\n\nTom Reed: {MOVE}\n"
    corpus = built(tmp_path, {"a.txt": text})
    assert reasons(corpus)["Shore power"] == "heading"
    assert column(corpus.paragraphs, "heading") == [None, None, "Shore power", "Shore power"]


ARTICLES = {
    "remarks": "Note: this was updated.\n\n{body}\n\nUpdate: {body}\n\nQuestion: who pays?\n\n{body}\n\nNote: {body}\n",
    "product review": "Pros: cheap and light\nCons: noisy\nPros: fast\nCons: heavy and dear\n",
    "records": "Name: Ona\nAge: 40\nTown: Bay\n\nName: Tom\nAge: 41\nTown: Bay\n\nName: Lia\nAge: 9\nTown: Bay\n",
    "letter": "Anna: this is a letter to you.\n\n{body}\n\n{body}\n",
    "places": "EU: the union will vote on the fares in May.\n\nUK: the kingdom will not vote on it.\n\n{body}\n",
}


@pytest.mark.parametrize("name", ARTICLES)
def test_remarks_and_fields_of_ordinary_texts_are_no_speakers(tmp_path: Path, name: str) -> None:
    body = "Fares on the island ferry will rise by nine percent in April, the operator said on Friday."
    corpus = built(tmp_path, {"a.txt": ARTICLES[name].format(body=body)})
    assert "speaker" not in corpus.paragraphs.column_names
    assert not any("transcript" in note for note in column(corpus.documents, "notes")[0])


def test_doubt_is_said_with_the_key_that_decides(tmp_path: Path) -> None:
    text = "\n\n".join(f"{name}: {MOVE}" for name in ("Bay", "Bay", "Bay", "Elm", "Elm", "Elm"))
    corpus = built(tmp_path, {"a.txt": text})
    assert "speaker" not in corpus.paragraphs.column_names
    assert any("Bay, Elm [corpus.speakers.find]" in note for note in column(corpus.documents, "notes")[0])
    assert turns(built(tmp_path, speakers={"find": True}))[3][0] == "Elm"
    assert turns(built(tmp_path, speakers={"names": ["B*"]}))[0][0] == "Bay"


def test_labels_stay_at_the_head_of_their_turn() -> None:
    assert "P3: Yes." in kept(case("interview-turns"))
    assert kept(case("vtt-as-txt"))[1].startswith("Ms P: It was harder than we thought, because the landlord had")


def test_nothing_is_a_speaker_if_the_config_says_so() -> None:
    assert "speaker" not in case("interview-turns", speakers={"find": False}).paragraphs.column_names


def test_a_column_of_speakers_is_found_and_its_rows_can_be_left_out(tmp_path: Path) -> None:
    rows = f'id,speaker,text\n1,Interviewer,"How was it?"\n2,Anna,"{MOVE}"\n3,Tom,"We moved in, in the end."\n'
    assert [who for who, _ in turns(built(tmp_path, {"a.csv": rows}))] == ["Interviewer", "Anna", "Tom"]
    corpus = built(tmp_path, speakers={"leave_out": ["Interviewer"]})
    assert [who for who, _ in turns(corpus)] == ["Anna", "Tom"]
    (tmp_path / "a.csv").write_text(rows.replace("speaker", "person"), encoding="utf-8")
    assert turns(built(tmp_path, columns={"speaker": "person"}))[1] == ("Anna", MOVE)


def test_a_cell_with_an_interview_has_turns(tmp_path: Path) -> None:
    text = f'id,text\n1,"I: How was it?\nB: {MOVE}\nI: And then?\nB: We moved in."\n'
    assert [who for who, _ in turns(built(tmp_path, {"a.csv": text}))] == ["I", "B", "I", "B"]


def test_a_word_document_of_a_meeting_has_turns(tmp_path: Path) -> None:
    import docx

    made = docx.Document()
    made.add_paragraph("Meeting-20230306_101500-Meeting Recording")
    for who, when, what in (("Anna Lind", "0:03", "Good morning everybody."), ("Tom Reed", "1:02:06", "Yes.")):
        paragraph = made.add_paragraph()
        paragraph.add_run(who).bold = True
        paragraph.add_run(f"   {when}").add_break()
        paragraph.add_run(what)
    stream = io.BytesIO()
    made.save(stream)
    corpus = built(tmp_path, {"a.docx": stream.getvalue()})
    assert turns(corpus) == [("Anna Lind", "Good morning everybody."), ("Tom Reed", "Yes.")]
    assert column(corpus.paragraphs, "time") == ["00:00:03", "01:02:06"]


def test_a_pattern_of_the_config_runs_on_turns_too() -> None:
    corpus = case("interview-turns", clean={"patterns": {"small_talk": "terrible"}})
    assert list(reasons(corpus).values()).count("small_talk") == 1

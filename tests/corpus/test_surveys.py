"""Surveys: every row is a respondent, non-answers are counted apart, closed columns are groups."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from kit.corpora import built, column, kept, reasons

from toolkit.corpus import corpus_card
from toolkit.corpus.non_answers import is_non_answer

CASES = Path(__file__).parent.parent / "data" / "cases"
ANSWERS = [
    "better buses",
    "lower rent",
    "better buses",
    "n/a",
    "Share",
    "rent",
    "",
    "more trees",
    "Weiß nicht.",
    "Print",
]


def survey(folder: Path, **settings: object) -> object:
    rows = "".join(f"{n},{answer},{('18-29', '30-44')[n % 2]}\n" for n, answer in enumerate(ANSWERS))
    return built(folder, {"s.csv": f"id,Q7,Age group\n{rows}"}, **settings)  # type: ignore[arg-type]


def test_non_answers_are_set_apart_and_check_says_how_people_are_counted(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.csv": (CASES / "survey-nonanswers/in/answers.csv").read_bytes()})
    apart = [text for text, reason in reasons(corpus).items() if reason == "non_answer"]
    assert {"don't know", "n/a", "none", "nothing", "dk", "idk", "nil", "no comment from me"} <= set(apart)
    assert len(kept(corpus)) == 12 and corpus.documents.num_rows == 36
    card = "\n".join(corpus_card(corpus).lines())
    assert "Equal texts count once" in card and "corpus.kind: survey" in card and "non_answer           24" in card


def test_the_rule_can_be_turned_off(tmp_path: Path) -> None:
    table = (CASES / "survey-nonanswers/in/answers.csv").read_bytes()
    assert "don't know" in kept(built(tmp_path, {"a.csv": table}, clean={"non_answer": False}))


def test_each_row_of_a_survey_counts_and_short_answers_stay(tmp_path: Path) -> None:
    corpus = survey(tmp_path, kind="survey")
    assert sorted(kept(corpus)) == sorted(
        ["better buses", "lower rent", "better buses", "Share", "rent", "more trees", "Print"]
    )  # type: ignore[arg-type]
    assert corpus.paragraphs["duplicate_of"].null_count == 7  # type: ignore[attr-defined]
    assert corpus.documents.num_rows == 10  # type: ignore[attr-defined]


def test_closed_columns_of_a_survey_are_groups_and_named(tmp_path: Path) -> None:
    corpus = survey(tmp_path, kind="survey")
    assert set(column(corpus.documents, "Age group")) == {"18-29", "30-44"}  # type: ignore[attr-defined]
    notes = " ".join(corpus.notes)  # type: ignore[attr-defined]
    assert "10 respondents, 2 of whom gave a non-answer and 1 no answer" in notes
    assert "Age group (2 values)" in notes and "Q7" not in notes


def test_a_table_is_no_survey_unless_the_config_says_so(tmp_path: Path) -> None:
    corpus = survey(tmp_path, columns={"text": "Q7"})
    assert "Age group" not in corpus.documents.column_names  # type: ignore[attr-defined]
    assert corpus.paragraphs["duplicate_of"].null_count < corpus.paragraphs.num_rows  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "answer",
    ["N/A", "n.a.", "Don’t know", "dont know!", "  None. ", "—", "...", "[removed]",
     "k. A.", "Weiß nicht",
     "weiss nicht", "ne sais pas", "No sé", "ns/nc", "не знаю", "无", "没有。", "特になし", "없음",
     "لا أعرف", "पता नहीं", "vet ej", "nie wiem"],
)  # fmt: skip
def test_whole_non_answers_in_many_languages(answer: str) -> None:
    assert is_non_answer(answer)


@pytest.mark.parametrize(
    "answer", ["buses", "none of the buses run at night", "I don't know why rents rise", "👍", "5", "no"]
)
def test_answers_are_no_non_answers(answer: str) -> None:
    assert not is_non_answer(answer)


def test_answers_that_many_people_give_are_still_the_open_question(tmp_path: Path) -> None:
    known = ["More buses", "Cheaper fares", "don't know", "none", "Late trams", "Warm stops"]
    rows = [(known[at % 6] if at % 3 else f"Mend the road in ward {at}") for at in range(120)]
    table = "id,Why?,age\n" + "".join(f"{at},{answer},{20 + at % 4}\n" for at, answer in enumerate(rows))
    corpus = built(tmp_path, {"s.csv": table}, kind="survey")
    assert len({row["document_id"] for row in corpus.paragraphs.to_pylist()}) > 80


def test_a_sheet_of_codes_is_no_respondent_and_an_article_is_said_to_be_none(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "Why?"])
    for at in range(12):
        book.active.append([at, f"Because the road in ward {at} is bad"])
    book.create_sheet("Codes").append(["Code", "Value"])
    book["Codes"].append([1, 2])
    book.save(tmp_path / "s.xlsx")
    corpus = built(
        tmp_path, {"article.txt": "The town will mend the roof of the library before the first frost.\n"}, kind="survey"
    )
    assert corpus.documents.num_rows == 13
    assert any(note.startswith("1 sheet of workbooks without texts: s.xlsx#Codes") for note in corpus.notes)
    assert any(
        "1 document is no row of a table (for example article.txt), and so no respondent" in n for n in corpus.notes
    )

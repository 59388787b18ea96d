"""The text of a table is the column that holds texts; what cannot be told is said with all columns."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from kit.corpora import built, column, document, kept

from toolkit.errors import CorpusError

CASES = Path(__file__).parent.parent / "data" / "cases"
FERRY = "Fares on the island ferry will rise by nine percent in April; commuters call it unfair."
ROOF = "The town will mend the roof of the central library before the first frost comes."
SCHOOL = "Four teachers are missing at the primary school. Sports lessons are cancelled until spring."


def notes(corpus: object, name: str) -> str:
    return " | ".join(document(corpus, name)["notes"])  # type: ignore[arg-type]


def test_a_column_body_that_names_the_chamber_is_no_text(tmp_path: Path) -> None:
    table = (CASES / "parlamint/in/Samples/ParlaMint-XX_2022-07-21-meta.tsv").read_bytes()
    corpus = built(tmp_path, {"meta.tsv": table})
    assert kept(corpus) == []
    reason = column(corpus.ledger, "reason")[0]
    assert "no column of text (corpus.columns.text)" in reason
    assert "Body (Lower house)" in reason and "Speaker_name (Lind, Ona)" in reason  # all columns, each with an example


def test_the_only_column_of_texts_is_read_with_a_note_that_names_the_key(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"t.csv": f"nr,What else?,party\n1,{FERRY},A\n2,{ROOF},B\n"})
    assert kept(corpus) == [FERRY, ROOF]
    assert "What else? [corpus.columns.text]" in notes(corpus, "t.csv#row-000001")


def test_two_columns_of_texts_are_not_guessed_and_can_be_joined(tmp_path: Path) -> None:
    rows = f"id,Q3,Q7\n1,{FERRY},{ROOF}\n2,{SCHOOL},n/a\n"
    corpus = built(tmp_path / "a", {"t.csv": rows})
    assert kept(corpus) == [] and "'Q3', 'Q7'" in notes(corpus, "t.csv") and "id (1)" in notes(corpus, "t.csv")
    joined = built(tmp_path / "b", {"t.csv": rows}, columns={"text": ["Q3", "Q7"]})
    assert column(joined.texts, "text") == [f"{FERRY}\n\n{ROOF}", f"{SCHOOL}\n\nn/a"]
    assert column(joined.ledger, "reason") == ["non_answer"] and column(joined.ledger, "text") == ["n/a"]


def test_a_known_name_with_far_shorter_text_is_read_and_doubted(tmp_path: Path) -> None:
    rows = (
        f"id,content,long\n1,Ferry fares rise again soon.,{FERRY} {ROOF}\n2,A new library roof comes.,{ROOF} {FERRY}\n"
    )
    corpus = built(tmp_path, {"t.csv": rows})
    assert "another holds longer text: long [corpus.columns.text]" in notes(corpus, "1")


def test_handles_and_names_of_people_are_no_titles(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"t.csv": f"id,name,title,text\n1,Ann Berg,@ann,{FERRY}\n2,Bo Lund,@bo,{ROOF}\n"})
    assert column(corpus.documents, "title") == [None, None]


def test_an_error_lists_all_columns(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(20)]
    with pytest.raises(CorpusError, match=r"the table has c0, .*, c19"):
        built(tmp_path, {"t.csv": f"{','.join(names)}\n{','.join('x' * 20)}\n"}, columns={"text": "txt"})


def test_repeated_ids_are_numbered_in_the_order_of_the_rows_with_a_note(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"turns.csv": (CASES / "repeated-id/in/turns.csv").read_bytes()})
    assert column(corpus.documents, "document_id") == ["int01", "int01#0002", "int02"]
    assert kept(corpus)[0].startswith("We waited") and kept(corpus)[1].startswith("My sister")
    assert "a number: int01 [corpus.columns.id]" in notes(corpus, "int01#0002")


def test_no_id_column_if_the_config_says_null(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"t.csv": f"id,text\n7,{FERRY}\n7,{ROOF}\n"}, columns={"id": None})
    assert column(corpus.documents, "document_id") == ["t.csv#row-000001", "t.csv#row-000002"]


@pytest.mark.parametrize(
    "ids", [("1.23457E+17", "1.23457E+17"), ("1,2E+18", "1,3E+18"), ("1234567890123450000", "1234567890123470000")]
)
def test_ids_that_a_spreadsheet_rounded_give_way_to_row_numbers(tmp_path: Path, ids: tuple[str, str]) -> None:
    corpus = built(tmp_path, {"t.csv": f'id;text\n{ids[0]};"{FERRY}"\n{ids[1]};"{ROOF}"\n'})
    assert column(corpus.documents, "document_id") == ["t.csv#row-000001", "t.csv#row-000002"]
    assert "rounded by a spreadsheet" in notes(corpus, "t.csv#row-000001")


def test_cells_of_nothing_but_at_signs_take_no_time(tmp_path: Path) -> None:
    started = time.process_time()
    built(tmp_path, {"a.csv": f"id,text\n1,{'@' * 50_000}\n2,{'a@b.' * 12_000}\n3,The ferry is late and old.\n"})
    assert time.process_time() - started < 10


def test_columns_with_the_same_name_are_told_apart_with_a_note(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.csv": f"text,text,id\n{FERRY},{ROOF},1\n"})
    assert "columns with the same name are distinguished by a number: 'text (2)'" in notes(corpus, "1")

# ruff: noqa: E501 - sample lines as they come
"""What one date does not tell, its whole column decides; the decision, its contradictions and what is unread are said."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, column, document

from toolkit.corpus import corpus_card
from toolkit.corpus.dating import COLUMN, dated
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Source
from toolkit.values import Corpus

CASES = Path(__file__).parents[1] / "data" / "cases"


def table(folder: Path, dates: list[Any], **settings: Any) -> Corpus:
    rows = [
        {"id": f"{at:03d}", "text": f"Ferry number {at} was late again and nobody told the people.", "date": day}
        for at, day in enumerate(dates)
    ]
    return built(folder, {"t.jsonl": "".join(json.dumps(row) + "\n" for row in rows)}, **settings)


def case(folder: Path, name: str) -> Corpus:
    shutil.copytree(CASES / name / "in", folder / "in")
    return built(folder / "in")


@pytest.mark.parametrize(
    ("dates", "iso", "words"),
    [
        (["03/04/2024", "13/04/2024", "5/6/2024"], ["2024-04-03", "2024-04-13", "2024-06-05"], "1 of 3 dates of the column have a day above 12 before"),
        (["03/04/2024", "04/13/2024"], ["2024-03-04", "2024-04-13"], "03/04/2024 read as 2024-03-04: 1 of 2 dates"),
        (["03-04-2024 10:02", "28-04-2024 11:00"], ["2024-04-03", "2024-04-28"], "day above 12 before"),
        (["03/04/24", "13/04/24", "14/05/24"], ["2024-04-03", "2024-04-13", "2024-05-14"], "2 of 3 dates"),
        (["04.02.2023", "05.23.2023"], ["2023-04-02", "2023-05-23"], "1 of 2 dates"),
        (["98/04/03", "99/05/14"], ["1998-04-03", "1999-05-14"], ""),
        (["04.02.23", "05.03.24"], ["2023-02-04", "2024-03-05"], ""),
        (["4.2.2023 klo 10.02", "14.2.2023"], ["2023-02-04", "2023-02-14"], ""),
        (["04/02/2023 10:02", "Thứ Bảy, 24/02/2023, 10:02 (GMT+7)"], ["2023-02-04", "2023-02-24"], "1 of 2 dates"),
        (["23.02.04", "23.03.05"], [None, None], "nothing tells whether two-digit years are first or last"),
    ],
)  # fmt: skip
def test_the_whole_column_decides_the_order_and_says_so(tmp_path: Path, dates: list[str], iso: list[str | None], words: str) -> None:  # fmt: skip
    corpus = table(tmp_path, dates)
    assert column(corpus.documents, "date") == iso
    assert any(words in note and "date column 'date' of t.jsonl" in note for note in corpus.notes) or not words


def test_dates_that_nothing_decides_are_not_read_and_one_line_names_the_key(tmp_path: Path) -> None:
    corpus = table(tmp_path, ["03/04/2024", "05/06/2024", "07/08/2024", "09/09/2024"])
    assert column(corpus.documents, "date") == [None, None, None, "2024-09-09"]
    (noted,) = corpus_card(corpus).noted
    assert (noted.documents, noted.key) == (3, "corpus.day_first")
    assert "'03/04/2024'" in noted.examples
    assert "1 of 4 values read" in corpus.notes[0] and "corpus.day_first" in corpus.notes[0]


@pytest.mark.parametrize(("day_first", "iso"), [(True, "2024-04-03"), (False, "2024-03-04")])
def test_the_config_decides_before_the_column(tmp_path: Path, day_first: bool, iso: str) -> None:
    corpus = table(tmp_path, ["03/04/2024", "05/06/2024"], day_first=day_first)
    assert column(corpus.documents, "date")[0] == iso


def test_a_date_that_cannot_be_read_as_the_config_says_is_noted(tmp_path: Path) -> None:
    corpus = table(tmp_path, ["03/04/2024", "06/13/2024"], day_first=True)
    assert column(corpus.documents, "date") == ["2024-04-03", "2024-06-13"]
    assert "otherwise than the config says" in document(corpus, "001")["notes"][0]


def test_a_mixture_of_orders_is_one_note_with_its_contradiction(tmp_path: Path) -> None:
    corpus = case(tmp_path, "date-mixture")
    unread = column(corpus.documents, "date").count(None)
    (noted,) = corpus_card(corpus).noted
    assert (noted.documents, noted.key) == (unread, "corpus.day_first")
    assert len(noted.examples) == 3
    (note,) = corpus.notes
    assert f"{200 - unread} of 200 values read" in note
    assert "contradicts itself" in note and "corpus.day_first" in note and "false seasons" in note
    assert document(corpus, "2")["date"] == "2024-08-25" and document(corpus, "3")["date"] == "2024-07-21"


def test_every_row_of_german_month_names_is_dated(tmp_path: Path) -> None:
    corpus = case(tmp_path, "german-month-names")
    assert column(corpus.documents, "date") == [
        "2024-01-12", "2024-04-03", "2024-05-07", "2024-08-21", "2024-10-09", "2024-11-30",
    ]  # fmt: skip
    assert corpus.notes == ()


def test_a_column_read_in_part_is_an_alarm(tmp_path: Path) -> None:
    corpus = table(tmp_path, ["2024-01-12", "im Spätherbst", "2024-03-01"])
    assert corpus.notes == (
        "date column 'date' of t.jsonl: 2 of 3 values read; not read: 'im Spätherbst'; "
        "a series over time would show false seasons",
    )


def test_cells_that_say_there_is_no_date_are_empty_and_no_fault(tmp_path: Path) -> None:
    corpus = table(tmp_path, ["2024-01-30", "NaT", "n/a", "n.d.", "\\N", "0000-00-00 00:00:00", ""])
    assert column(corpus.documents, "date") == ["2024-01-30", *[None] * 6]
    assert corpus.notes == () and corpus_card(corpus).noted == ()


def test_day_numbers_of_a_spreadsheet_are_read_only_where_the_column_has_nothing_against_it(tmp_path: Path) -> None:
    corpus = table(tmp_path / "a", ["44961", 44962.4, "2/13/2023"])
    assert column(corpus.documents, "date") == ["2023-02-04", "2023-02-05", "2023-02-13"]
    assert "counted from 1900" in document(corpus, "000")["notes"][0]
    assert column(table(tmp_path / "b", ["44961", "123"]).documents, "date") == [None, None]


def test_spans_and_two_digit_years_have_a_note(tmp_path: Path) -> None:
    corpus = table(tmp_path, ["Q2 2024", "04-Feb-23"])
    assert column(corpus.documents, "date") == ["2024", "2023-02-04"]
    assert "span of time" in document(corpus, "000")["notes"][0]
    assert "1969 to 1999" in document(corpus, "001")["notes"][0]


def test_objects_of_a_database_are_dates(tmp_path: Path) -> None:
    corpus = table(tmp_path, [{"$date": "2024-05-01T00:00:00Z"}, {"$date": {"$numberLong": "1675500000000"}}])
    assert column(corpus.documents, "date") == ["2024-05-01", "2023-02-04"]


def test_timestamps_of_a_table_with_types_are_dates(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    import pyarrow as pa
    import pyarrow.parquet as pq

    when = pa.array([datetime(2024, 5, 1, 22, tzinfo=UTC)], pa.timestamp("us", tz="UTC"))
    pq.write_table(pa.table({"id": ["1"], "text": ["The ferry was late again today."], "date": when}), tmp_path / "t.parquet")  # fmt: skip
    assert column(built(tmp_path).documents, "date") == ["2024-05-01"]


def test_the_files_of_one_folder_decide_together(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{folder}/{at}.txt": f"Title: Report {at}\nDate: {day}\n\nThe ferry {at} was late again in {folder} and nobody told us.\n"
        for folder, days in (("uk", ("03/04/2024", "23/04/2024")), ("us", ("03/04/2024", "04/23/2024")))
        for at, day in enumerate(days)
    }
    corpus = built(tmp_path, files)
    assert column(corpus.documents, "date") == ["2024-04-03", "2024-04-23", "2024-03-04", "2024-04-23"]
    assert [note.partition(":")[0] for note in corpus.notes] == ["dates of uk/*.txt", "dates of us/*.txt"]


def test_a_hundred_thousand_iso_dates_cost_little(tmp_path: Path) -> None:
    rows = [
        Source(str(at), "x", "a.csv", "", "csv", {"date": f"{2000 + at % 20}-{at % 12 + 1:02d}-{at % 28 + 1:02d}", COLUMN: "d"})
        for at in range(100_000)
    ]  # fmt: skip
    began = time.process_time()
    sources, notes = dated(rows, CorpusSettings(path="x"))
    assert time.process_time() - began < 1
    assert len(sources) == 100_000 and not notes

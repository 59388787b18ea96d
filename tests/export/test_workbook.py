"""`toolkit export --to xlsx`: the numbers of the tables as numbers, texts that stay texts, the same bytes each time."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from kit.commands import command
from kit.press_runs import press_run

from toolkit.errors import ConfigError
from toolkit.export.export import export
from toolkit.export.redact import ShownTables
from toolkit.export.sheets import KEPT, description, sheets
from toolkit.export.workbook import MOST_CHARACTERS, cell_text, write_workbook
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import visible


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return press_run(tmp_path_factory.mktemp("workbook") / "run", hostile=True)


@pytest.fixture(scope="module")
def place(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (place,) = export(run, ["xlsx"], tmp_path_factory.mktemp("book") / "run.xlsx")
    return place


@pytest.fixture(scope="module")
def book(place: Path) -> Any:
    return openpyxl.load_workbook(place)


def rows(sheet: Any) -> list[dict[str, Any]]:
    head, *body = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(head, row, strict=True)) for row in body]


def test_numbers_are_those_of_the_tables_and_shares_are_shown_as_percentages(run: Path, book: Any) -> None:
    shares = RunTables(run).rows("prevalence")
    shown = rows(book["Shares"])
    for column in ("estimate", "low", "high"):  # Excel keeps 15 digits
        assert [row[column] for row in shown] == pytest.approx([row[column] for row in shares], rel=1e-15)
    assert [(row["id"], row["hits"], row["n"]) for row in shown] == [
        (row["id"], row["hits"], row["n"]) for row in shares
    ]
    assert all(isinstance(row["n"], int) for row in shown)
    head = [cell.value for cell in book["Shares"][1]]
    first = dict(zip(head, book["Shares"][2], strict=True))
    assert first["estimate"].number_format == "0.0%" and first["n"].number_format == "#,##0"
    themes = {row["theme"]: row for row in RunTables(run).rows("themes")}
    for row in rows(book["Themes"]):
        assert row["share"] == pytest.approx(themes[row["theme"]]["share"], rel=1e-15)
        assert row["paragraphs"] == themes[row["theme"]]["paragraphs"]
    measures = {row["measure"]: row["value"] for row in rows(book["Measures"])}
    npmi = RunTables(run).metrics["coherence.npmi"]["value"]
    assert npmi and measures["coherence.npmi"] == pytest.approx(npmi, rel=1e-15)


def test_paragraphs_come_with_the_names_of_their_theme_and_their_codes(run: Path, book: Any) -> None:
    tables = RunTables(run)
    given: dict[str, set[str]] = {}
    for row in tables.rows("codes"):
        if row["assigned"]:
            given.setdefault(row["paragraph_id"], set()).add(row["code"])
    for row in rows(book["Paragraphs"]):
        assert row["theme_label"] == tables.labels[row["theme"]]
        if not row["duplicate_of"]:
            assert set(filter(None, (row["codes"] or "").split("; "))) == given.get(row["paragraph_id"], set())


def test_quotes_of_codes_are_those_of_the_codes_given_in_the_order_of_the_codebook(run: Path, book: Any) -> None:
    tables = RunTables(run)
    given = [row for row in tables.rows("codes") if row["assigned"] and row["quote_score"] is not None]
    shown = rows(book["Quotes of codes"])
    expected = sorted((row["code"], row["paragraph_id"], visible(row["quote"])) for row in given)
    assert sorted((row["code"], row["paragraph_id"], row["quote"]) for row in shown) == expected and expected
    order = [code for code in tables.code_names if any(row["code"] == code for row in given)]
    assert list(dict.fromkeys(row["code"] for row in shown)) == order
    for code in order:
        ranks = [row["rank"] for row in shown if row["code"] == code]
        assert ranks == list(range(1, len(ranks) + 1))
    assert all(row["title"] and row["name"] == tables.code_names[row["code"]] for row in shown)


def test_every_text_stays_a_text_and_one_that_looks_like_a_formula_is_quoted(run: Path, book: Any) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))]
    assert any(cell.value.startswith("=HYPERLINK(1)") for cell in risky) and all(cell.quotePrefix for cell in risky)
    assert not any(cell.hyperlink for cell in cells)
    texts = RunTables(run).table("paragraphs")["text"].to_pylist()
    shown = [row["text"] for row in rows(book["Paragraphs"])]
    assert shown == [visible(text) for text in texts]
    assert any("[link](javascript:alert(1))" in text for text in shown)


def test_a_cell_keeps_what_excel_would_decode_and_says_what_it_cuts(tmp_path: Path, run: Path) -> None:
    long = "𝔘" * 20_000  # two units of UTF-16 each
    cut = cell_text(long)
    assert len(cut.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert cut.startswith("𝔘" * 16_000) and cut.endswith("… [cut: 20,000 characters, more than a cell takes]")
    assert cell_text("a\r\nb\rc\x00\ud800d") == "a\nb\ncd"
    tables = RunTables(run)
    table = tables.table("paragraphs")
    at = table.column_names.index("text")
    texts = ["literal _x0041_ of a code", "#N/A", "12", *table["text"].to_pylist()[3:]]
    tables._tables["paragraphs"] = table.set_column(
        at, table.schema.field(at), pa.array(texts, table.schema.field(at).type)
    )
    write_workbook(tables, tmp_path / "run.xlsx", "full")
    sheet = openpyxl.load_workbook(tmp_path / "run.xlsx")["Paragraphs"]
    shown = [row["text"] for row in rows(sheet)][:3]
    assert shown == ["literal _x005F_x0041_ of a code", "#N/A", "12"]  # Excel reads the first as it was given


def test_a_sheet_that_is_too_long_says_how_many_rows_are_elsewhere(run: Path, tmp_path: Path) -> None:
    write_workbook(RunTables(run), tmp_path / "run.xlsx", "full", most_rows=20)
    book = openpyxl.load_workbook(tmp_path / "run.xlsx")
    sheet, whole = book["Paragraphs"], RunTables(run).table("paragraphs").num_rows
    assert sheet.max_row == 20 and f"{whole - 18} further rows of tables/paragraphs.csv" in sheet["A20"].value
    about = [row[2].value for row in book["About"].iter_rows() if row[0].value == "Paragraphs"]
    assert "cut at 20 rows, the rest is in the run folder" in about[0]


def test_heads_are_frozen_filtered_and_explained(book: Any, run: Path) -> None:
    about = [tuple(cell.value for cell in row) for row in book["About"].iter_rows()]
    assert about[0][0] == "future_industries"
    assert ("Run", None) in [row[:2] for row in about]
    explained = {(row[0], row[1]): row[2] for row in about}
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref == sheet.dimensions, sheet.title
        for cell in sheet[1]:
            assert explained[sheet.title, cell.value], (sheet.title, cell.value)
    listed = [
        row
        for row in about
        if row[0] in description()["sheets"] and str(row[1]).startswith(("tables", "codebook", "metrics"))
    ]
    assert [row[0] for row in listed] == list(description()["sheets"])
    assert {row[0] for row in listed if not row[3]} == {row[0] for row in listed} - {sheet.title for sheet in book}


def test_every_column_of_the_tables_has_a_meaning(run: Path) -> None:
    for sheet in sheets(RunTables(run)):
        unexplained = [column.name for column in sheet.columns if column.means == KEPT]
        assert unexplained == [], sheet.name


def test_the_same_run_gives_the_same_bytes_with_fixed_times(run: Path, place: Path, book: Any, tmp_path: Path) -> None:
    (again,) = export(run, ["xlsx"], tmp_path / "again.xlsx")
    assert place.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(place) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = book.properties
    assert properties.created.year == properties.modified.year == 1980 and properties.title == "future_industries"


@pytest.mark.parametrize(("text", "longest"), [("snippet", 31), ("none", 0)])
def test_texts_are_cut_as_in_other_exports(run: Path, tmp_path: Path, text: Any, longest: int) -> None:
    (place,) = export(run, ["xlsx"], tmp_path / "run.xlsx", text)
    book = openpyxl.load_workbook(place)
    for name, column in (
        ("Paragraphs", "text"),
        ("Left out", "text"),
        ("Quotes of themes", "quote"),
        ("Quotes of codes", "quote"),
        ("Documents", "title"),
    ):
        assert all(len((row[column] or "").split()) <= longest for row in rows(book[name])), name
    notes = [row[2].value for row in book["About"].iter_rows() if row[0].value == "Texts"]
    assert ("30 words" in notes[0]) == (text == "snippet") and ("No text" in notes[0]) == (text == "none")
    tables = ShownTables(run, text)
    assert tables.text == text and tables.table("paragraphs").schema == RunTables(run).table("paragraphs").schema


def test_another_ending_and_a_place_that_is_taken_are_refused_in_one_line(run: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"a name for --to xlsx ends in \.xlsx"):
        export(run, ["xlsx"], tmp_path / "run.xls")
    with pytest.raises(ConfigError, match="did you mean 'xlsx'"):
        export(run, ["xlsxx"], tmp_path / "run.xlsx")
    mine = tmp_path / "mine.xlsx"
    mine.write_bytes(b"mine")
    answer = command("export", run, "--to", "xlsx", "--out", mine, cwd=tmp_path)
    assert answer.returncode == 2 and "exists already; choose another --out" in answer.stderr
    assert mine.read_bytes() == b"mine"


def test_several_formats_share_a_folder_under_the_name_of_the_study(run: Path, tmp_path: Path) -> None:
    places = export(run, ["csv", "xlsx"], tmp_path / "both")
    assert [place.relative_to(tmp_path).as_posix() for place in places] == ["both/csv", "both/future_industries.xlsx"]

"""A codebook in a spreadsheet is the same codebook as in YAML, and every fault names its cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from kit.commands import command
from kit.studies import write_study

import toolkit
from toolkit.codebook import Code, codebook_text, kept_bytes, load_codebook
from toolkit.errors import ConfigError
from toolkit.experiment.experiment import load
from toolkit.runtime.progress import QUIET
from toolkit.verify.verify import verify

HEAD = ["ID", "Definition", "name", "Keywords", "examples", "notes", "Parent"]
ROWS: list[list[Any]] = [
    ["ports", "Harbours, quays, vessels and freight.", "Ports", "quay; berth;dredge", None, "ask Ana", None],
    [None] * 7,
    [
        "learning",
        "Schools, teachers,\npupils and exams.",
        "Schools",
        "pupils\nsyllabus",
        "Exams were late; why?\n",
        "",
        "",
    ],
    [7, "Minerals taken from the ocean floor.", "Sea mining", "nodules", "=not a formula", None, "ports"],
]
CODES = (
    Code("ports", "Ports", "Harbours, quays, vessels and freight.", keywords=("quay", "berth", "dredge")),
    Code(
        "learning", "Schools", "Schools, teachers,\npupils and exams.", keywords=("pupils", "syllabus"),
        examples=("Exams were late; why?",),
    ),
    Code(
        "7", "Sea mining", "Minerals taken from the ocean floor.", keywords=("nodules",), examples=("=not a formula",),
        parent="ports",
    ),
)  # fmt: skip


def workbook(path: Path, rows: list[list[Any]], **others: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for name, table in {"Codes": rows, **others}.items():
        sheet = book.create_sheet(name)
        for at, row in enumerate(table, 1):
            for column, value in enumerate(row, 1):
                cell = sheet.cell(at, column, value)
                if isinstance(value, str) and not value.startswith("=1"):
                    cell.data_type = "s"
    del book["Sheet"]
    book.save(path)
    return path


def delimited(path: Path, rows: list[list[Any]], mark: str) -> Path:
    cells = [['"' + str("" if cell is None else cell).replace('"', '""') + '"' for cell in row] for row in rows]
    path.write_text("\n".join(mark.join(row) for row in cells) + "\n", encoding="utf-8-sig")
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_codebook(path)
    return [fault.replace(str(path.parent) + "/", "") for fault in caught.value.faults]


@pytest.mark.parametrize("name", ["book.xlsx", "book.csv", "semicolons.csv", "book.tsv"])
def test_columns_in_any_order_and_case_give_the_codes_of_the_rows(tmp_path: Path, name: str) -> None:
    marks = {"book.csv": ",", "semicolons.csv": ";", "book.tsv": "\t"}
    rows = [HEAD, *ROWS]
    path = delimited(tmp_path / name, rows, marks[name]) if name in marks else workbook(tmp_path / name, rows)
    assert load_codebook(path).themes == CODES


def test_what_the_run_folder_keeps_is_yaml_that_says_the_same(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", [HEAD, *ROWS])
    kept = tmp_path / "codebook.yaml"
    kept.write_bytes(kept_bytes(path))
    again = load_codebook(kept)
    assert again.themes == CODES and again.sha256 == load_codebook(path).sha256
    assert kept_bytes(kept) == kept.read_bytes() and codebook_text(again) == kept.read_text(encoding="utf-8")


def two_studies(home: Path) -> tuple[Path, Path]:
    """The small study with its codebook in YAML, and with the same codebook in a workbook."""
    store = str(home / "store")
    study = write_study(home / "study", discover={"method": "kmeans", "themes": 3, "refits": 2}, store=store)
    place = study.parent / "codebook.yaml"
    book = load_codebook(place)
    place.write_text(codebook_text(book), encoding="utf-8")
    rows = [[code.id, code.name, code.definition, "; ".join(code.keywords)] for code in book.themes]
    workbook(study.parent / "book.xlsx", [["id", "name", "definition", "keywords"], *rows])
    other = study.with_name("table.yaml")
    other.write_text(study.read_text(encoding="utf-8").replace("path: codebook.yaml", "path: book.xlsx"))
    return study, other


def test_an_experiment_by_a_workbook_is_the_experiment_by_the_same_codebook_in_yaml(tmp_path: Path) -> None:
    study, other = two_studies(tmp_path)
    assert load(study).sha256 == load(other).sha256


@pytest.mark.slow
def test_a_run_by_a_workbook_has_the_bytes_of_the_run_by_the_same_codebook_in_yaml(tmp_path: Path) -> None:
    one, two = (
        toolkit.run(path, out=tmp_path / "runs" / path.stem, progress=QUIET).path for path in two_studies(tmp_path)
    )
    members = {"manifest.json", "given.yaml"}
    files = {path.relative_to(one).as_posix() for path in one.rglob("*") if path.is_file()} - members
    assert "codebook.yaml" in files and "tables/codes.parquet" in files
    assert files == {path.relative_to(two).as_posix() for path in two.rglob("*") if path.is_file()} - members
    assert [name for name in sorted(files) if (one / name).read_bytes() != (two / name).read_bytes()] == []
    assert verify(two, progress=QUIET, corpus=tmp_path / "study" / "corpus").grade == "identical"


def test_check_says_from_which_sheet_the_codes_come(tmp_path: Path) -> None:
    study = write_study(tmp_path / "study")
    workbook(study.parent / "book.xlsx", [HEAD, *ROWS], Notes=[["anything", "else"]])
    output = command("check", str(study), "--set", "codebook.path=" + str(study.parent / "book.xlsx"), cwd=tmp_path)
    assert "codebook  3 codes from sheet 'Codes' of book.xlsx: ports, learning, 7" in output.stdout


def test_faults_name_file_sheet_row_column_and_the_nearest_column(tmp_path: Path) -> None:
    head = ["id", "name", "defintion", "keyword", "definition"]
    path = workbook(tmp_path / "book.xlsx", [head, ["a", "A", "", "", "d"]], Second=[["x"]])
    columns = (
        "columns of a codebook are id, name, definition, include, exclude, keywords, examples, counterexamples, parent"
    )
    at = "book.xlsx: sheet 'Codes', row 1, column"
    assert faults(path) == [
        f"{at} C (defintion): unknown column (did you mean 'definition'?); {columns}; notes is not read",
        f"{at} D (keyword): unknown column (did you mean 'keywords'?); {columns}; notes is not read",
    ]
    rows = [
        ["id", "name", "definition", "parent"],
        ["a", "A", "d", "bb"],
        ["a", None, "d", None],
        ["b", "B", "d", None],
    ]
    path = workbook(tmp_path / "book.xlsx", rows)
    assert faults(path) == [
        "book.xlsx: sheet 'Codes', row 2, column D (parent): no code has the id 'bb' (did you mean 'b'?)",
        "book.xlsx: sheet 'Codes', row 3, column A (id): 'a' is given twice (first at book.xlsx: "
        "sheet 'Codes', row 2, column A (id))",
        "book.xlsx: sheet 'Codes', row 3, column B (name): must be a text that is not empty",
    ]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"id": date(2026, 3, 4)}, "row 2, column A (id): a date or time (2026-03-04"),
        ({"name": True}, "row 2, column B (name): true or false instead of a text"),
        ({"definition": "=1+1"}, "row 2, column C (definition): a formula; paste its value"),
        ({"definition": "#REF!"}, "row 2, column C (definition): the error #REF! instead of a text"),
        ({"keywords": "jobs, wages"}, "row 2, column D (keywords): keywords are separated by ; or line breaks"),
        ({"": "lost"}, "row 2, column E: a text in a column without a name"),
    ],
)
def test_a_cell_that_is_no_text_is_a_fault_and_never_read_as_something_else(
    tmp_path: Path, cells: dict[str, Any], message: str
) -> None:
    row = {"id": "a", "name": "A", "definition": "d", "keywords": None, "": None} | cells
    (fault,) = faults(workbook(tmp_path / "book.xlsx", [list(row), list(row.values())]))
    assert message in fault


def test_tables_without_a_codebook_in_them_are_refused_in_one_line(tmp_path: Path) -> None:
    rows = [["id", "name", "definition"], ["a", "A", "d"]]
    (twice,) = faults(workbook(tmp_path / "book.xlsx", rows, Again=rows))
    assert twice == (
        "book.xlsx: the sheets 'Codes', 'Again' all have the columns of a codebook; leave one, or hide the others"
    )
    (none,) = faults(workbook(tmp_path / "book.xlsx", [["a"]], Other=[["b"]]))
    assert "none of the sheets 'Codes', 'Other' has the columns id, name, definition" in none
    lacking = faults(delimited(tmp_path / "book.csv", [["id", "name"], ["a", "A"]], ","))
    assert lacking == ["book.csv: row 1: the column definition is missing"]
    (empty,) = faults(delimited(tmp_path / "book.csv", [["id", "name", "definition"]], ","))
    assert "the list is empty" in empty
    (tmp_path / "book.xlsx").write_bytes(b"PK no zip")
    assert faults(tmp_path / "book.xlsx") == ["book.xlsx: no readable workbook: not a .xlsx file"]
    assert faults(tmp_path / "gone.xlsx") == ["gone.xlsx: no such file"]
    assert "save it as .xlsx" in faults(tmp_path / "old.xls")[0]

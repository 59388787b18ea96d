"""A codebook in a table: .xlsx, .csv or .tsv with a row for each code, as the tree that a YAML codebook has.

Columns are those of a code in YAML, in any order and case; `notes` is not read. Several values of a cell are on
separate lines or, without line breaks, separated by semicolons.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from toolkit.errors import ConfigError, nearest
from toolkit.files.cells import unguarded
from toolkit.files.text import read_given
from toolkit.files.yaml12 import KeyPath, Mark, Marked

TABLES = (".xlsx", ".csv", ".tsv")
OTHER_TABLES = (".xls", ".xlsm", ".xlsb", ".ods", ".numbers")
NOTES = "notes"
DELIMITERS = ",;\t|"
MOST_MEGABYTES, MOST_ROWS = 100, 20_000
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\s*\Z', re.IGNORECASE)


@dataclass(frozen=True)
class CellMark(Mark):
    """A cell, or a whole row if `column` is 0; `line` is the row as a spreadsheet counts it."""

    sheet: str = ""
    name: str = ""

    def __str__(self) -> str:
        sheet = f"sheet {self.sheet!r}, " if self.sheet else ""
        column = f", column {letters(self.column)}" if self.column else ""
        return f"{self.file}: {sheet}row {self.line}{column}" + (f" ({self.name})" if self.name else "")


@dataclass(frozen=True)
class Sheet:
    """A table as rows of cells, from row 1, including blank rows; without a name if its file has only one table."""

    name: str
    rows: Sequence[Sequence[Any]]

    @property
    def header(self) -> int | None:
        """The index of the first row that is not blank; None if all are."""
        return next((at for at, row in enumerate(self.rows) if any(map(is_filled, row))), None)

    @property
    def names(self) -> list[str]:
        """The names of the columns in lower case."""
        return [] if self.header is None else [str(cell or "").strip().casefold() for cell in self.rows[self.header]]


@dataclass(frozen=True)
class Formula:
    """A cell that contains a formula."""


@dataclass(frozen=True)
class CodebookColumns:
    """The columns of a codebook: with one value, with several values, and required."""

    texts: tuple[str, ...]
    lists: tuple[str, ...]
    required: tuple[str, ...]

    @property
    def allowed(self) -> tuple[str, ...]:
        """All columns, in order."""
        return (*self.texts[:-1], *self.lists, self.texts[-1])


def is_table(path: Path | str) -> bool:
    """Whether a codebook of this name is a table, not YAML. Raises ConfigError for unsupported tables."""
    ending = Path(path).suffix.lower()
    if ending in OTHER_TABLES:
        raise ConfigError([f"{path}: a codebook is a .yaml, .xlsx, .csv or .tsv file; save it as .xlsx"])
    return ending in TABLES


def read_table(path: Path | str, columns: CodebookColumns) -> tuple[Marked, str]:
    """The tree of a codebook, {themes: [...]} with the place of each cell; and a phrase for the sheet.

    Raises:
        ConfigError: no such file, no readable workbook, no sheet or several with the required columns, unknown columns,
            cells with a formula, an error or a date: all faults, each with its place.
    """
    place = Path(path)
    sheets = _workbook(place) if place.suffix.lower() == ".xlsx" else [_delimited(place, columns)]
    sheet = _chosen(sheets, columns, str(path))
    reader = _Table(str(path), sheet, columns)
    themes = reader.themes()
    if reader.faults:
        raise ConfigError([f"{mark}: {what}" for mark, what in reader.faults])
    where = f"sheet {sheet.name!r} of {place.name}" if sheet.name else place.name
    return Marked({"themes": themes}, reader.marks), where


class _Table:
    """Reads the rows of one sheet and collects its faults."""

    def __init__(self, file: str, sheet: Sheet, columns: CodebookColumns) -> None:
        self.file, self.sheet, self.columns = file, sheet, columns
        self.marks: dict[KeyPath, Mark] = {(): CellMark(file, 1, 0, sheet.name)}
        self.faults: list[tuple[CellMark, str]] = []

    def mark(self, row: int, column: int | None = None) -> CellMark:
        """The place of a cell, counted from 0, or of a row if there is no column."""
        names = self.sheet.names
        name = names[column] if column is not None and column < len(names) else ""
        return CellMark(self.file, row + 1, 0 if column is None else column + 1, self.sheet.name, name)

    def themes(self) -> list[dict[str, Any]]:
        top = self.sheet.header
        if top is None:
            return []
        places = self.places(top)
        themes: list[dict[str, Any]] = []
        for at in range(top + 1, len(self.sheet.rows)):
            row = self.sheet.rows[at]
            if any(map(is_filled, row)):
                self.unnamed(at, row)
                keys: KeyPath = ("themes", len(themes))
                self.marks[keys] = self.mark(at)
                themes.append(self.code(keys, at, row, places))
        return themes

    def places(self, top: int) -> dict[str, int]:
        """column -> its index; faults for unknown, missing and duplicate columns."""
        places: dict[str, int] = {}
        allowed = (*self.columns.allowed, NOTES)
        for at, name in enumerate(self.sheet.names):
            if name and name not in allowed:
                listed = f"columns of a codebook are {', '.join(self.columns.allowed)}; {NOTES} is not read"
                self.faults.append((self.mark(top, at), f"unknown column{nearest(name, allowed)}; {listed}"))
            elif name in places:
                self.faults.append((self.mark(top, at), "the column is there twice"))
            elif name:
                places[name] = at
        missing = [name for name in self.columns.required if name not in places]
        if missing:
            columns = f"the column{'s' * (len(missing) > 1)} {', '.join(missing)}"
            self.faults.append((self.mark(top), f"{columns} {'is' if len(missing) == 1 else 'are'} missing"))
        return places

    def unnamed(self, at: int, row: Sequence[Any]) -> None:
        names = self.sheet.names
        for column, cell in enumerate(row):
            if is_filled(cell) and not (column < len(names) and names[column]):
                self.faults.append((self.mark(at, column), "a text in a column without a name"))

    def code(self, keys: KeyPath, at: int, row: Sequence[Any], places: Mapping[str, int]) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for name in self.columns.allowed:
            if name not in places:
                continue
            place = places[name]
            self.marks[(*keys, name)] = self.mark(at, place)
            text = self.text(at, place, row[place] if place < len(row) else None)
            if not text:
                tree |= {name: None} if name in self.columns.required else {}
            elif name in self.columns.lists:
                tree[name] = values_of(text)
            else:
                tree[name] = text
            if name == "keywords" and len(tree.get(name) or ()) == 1 and "," in text and "\n" not in text:
                self.faults.append((self.mark(at, place), "keywords are separated by ; or line breaks, not commas"))
        return tree

    def text(self, at: int, place: int, cell: Any) -> str:
        try:
            return text_of(cell)
        except ValueError as fault:
            self.faults.append((self.mark(at, place), str(fault)))
            return "?"


def letters(column: int) -> str:
    """The letters of a column, counted from 1: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def is_filled(cell: Any) -> bool:
    """Whether a cell contains anything but blanks."""
    return cell is not None and bool(str(cell).strip())


def values_of(text: str) -> list[str]:
    """The values of a cell, separated by line breaks if it has any, else by semicolons."""
    parts = text.split("\n") if "\n" in text else text.split(";")
    return [part.strip() for part in parts if part.strip()]


def text_of(cell: Any) -> str:
    """A cell as text. Raises ValueError for a formula, an error, a date, true or false."""
    if isinstance(cell, Formula):
        raise ValueError("a formula; paste its value")
    if isinstance(cell, bool):
        raise ValueError("true or false instead of a text; format the cell as text and write it again")
    if isinstance(cell, (datetime, date, time, timedelta)):
        raise ValueError(f"a date or time ({cell}) instead of a text; format the cell as text and write it again")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell)
    if text in _ERRORS:
        raise ValueError(f"the error {text} instead of a text")
    kept = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    return kept.strip(" \t\u00a0") if kept.strip() else ""


def _chosen(sheets: Sequence[Sheet], columns: CodebookColumns, file: str) -> Sheet:
    """The sheet with the required columns. Raises ConfigError if several have them, or none of several."""
    fitting = [sheet for sheet in sheets if set(columns.required) <= set(sheet.names)]
    if len(fitting) > 1:
        names = ", ".join(repr(sheet.name) for sheet in fitting)
        raise ConfigError(
            [f"{file}: the sheets {names} all have the columns of a codebook; leave one, or hide the others"]
        )
    filled = [sheet for sheet in sheets if sheet.header is not None]
    if not fitting and len(filled) > 1:
        names = ", ".join(repr(sheet.name) for sheet in filled)
        needed = ", ".join(columns.required)
        raise ConfigError([f"{file}: none of the sheets {names} has the columns {needed} in its first row"])
    return (fitting or filled or list(sheets))[0]


def _delimited(path: Path, columns: CodebookColumns) -> Sheet:
    """The table of a .csv or .tsv file, with the delimiter that gives most columns of a codebook."""
    text = read_given(path)
    first = text.split("\n", 1)[0]
    named = _SEPARATOR_LINE.match(first)
    allowed = set(columns.allowed)

    def known(mark: str) -> int:
        lines = _parsed(path, text, mark)
        return len(allowed & set(Sheet("", [lines[0]] if lines else []).names))

    if named:
        return Sheet("", [[], *_parsed(path, text.split("\n", 1)[1], named[1])])
    return Sheet("", _parsed(path, text, max(DELIMITERS, key=known)))


def _parsed(path: Path, text: str, delimiter: str) -> list[list[Any]]:
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [[unguarded(cell) for cell in row] for row in _limited(rows, path)]
    except csv.Error as fault:
        raise ConfigError([f"{path}: no readable table: {fault}"]) from None


def _workbook(path: Path) -> list[Sheet]:
    """The visible sheets of a workbook. Raises ConfigError."""
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except FileNotFoundError:
        raise ConfigError([f"{path}: no such file"]) from None
    except (OSError, zipfile.BadZipFile) as fault:
        why = (
            (getattr(fault, "strerror", None) or "not a .xlsx file")
            if isinstance(fault, OSError)
            else "not a .xlsx file"
        )
        raise ConfigError([f"{path}: no readable workbook: {why}"]) from None
    if size > MOST_MEGABYTES * 1_000_000:
        raise ConfigError([f"{path}: unpacks to more than {MOST_MEGABYTES} MB; a codebook is smaller"])
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        return [Sheet(sheet.title, _cells(sheet, path)) for sheet in shown]
    except ConfigError:
        raise
    except Exception as fault:  # openpyxl raises many kinds of errors for damaged files
        raise ConfigError([f"{path}: no readable workbook: {type(fault).__name__}"]) from None


def _cells(sheet: Any, path: Path) -> list[list[Any]]:
    sheet.reset_dimensions()  # the stated dimensions may include millions of empty cells
    rows = ([Formula() if cell.data_type == "f" else cell.value for cell in row] for row in sheet.iter_rows())
    return list(_limited(rows, path))


def _limited(rows: Iterable[list[Any]], path: Path) -> Iterable[list[Any]]:
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            raise ConfigError([f"{path}: more than {MOST_ROWS:,} rows; a codebook is smaller"])
        yield row

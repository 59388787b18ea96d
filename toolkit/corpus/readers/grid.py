"""Rows of cells to rows with named columns: for delimited files and for sheets of workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from toolkit.corpus.readers.cells import is_typed
from toolkit.corpus.readers.header import SAMPLE_ROWS, Cells, filled, layout_of, table_words
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Row

MOST_BLANK_ROWS = 1000
TOTAL_WORDS = 6
REPEATED_HEADER = "a row that repeats the names of the columns is no document"
TOTAL = "a row with nothing but a total or a line on the table is no document"
_COUNT = re.compile(r"[nN]\s*[=:]\s*\d[\d.,\s]*")


class Line(NamedTuple):
    """One row of a file: its cells, or why it could not be read."""

    cells: Cells
    fault: str = ""


def _raw(line: Line) -> dict[str, object]:
    """The content of a row that could not be read: its text, if there is any."""
    return {"": line.cells[0]} if line.cells else {}


class Grid(NamedTuple):
    """The properties of all rows of a table or sheet."""

    where: str
    sheet: str = ""
    delimiter: str = ","
    first: int = 1  # the row of the file at which the rows begin
    notes: tuple[str, ...] = ()


def grid_rows(lines: Iterable[Line], settings: CorpusSettings, grid: Grid) -> Iterator[Row]:
    """The rows below the header, with named cells; totals and repeated headers as rows that are no documents."""
    rest = iter(lines)
    head = _head(rest)
    if not any(filled(line.cells) for line in head):
        yield from (
            Row(at, _raw(line), fault=line.fault, sheet=grid.sheet) for at, line in enumerate(head, 1) if line.fault
        )
        return
    layout = layout_of([line.cells for line in head], settings, grid.first, grid.where)
    header, notes = layout.names, (*grid.notes, *layout.notes)
    number = 0
    for at, line in enumerate(chain(head, rest)):
        if line.fault:
            number += 1
            yield Row(number, _raw(line), fault=line.fault, sheet=grid.sheet)
            continue
        texts = filled(line.cells) if at > layout.header and at not in layout.skip else []
        if not texts:
            continue
        aside = _aside(texts, line.cells, header)
        if aside:
            yield Row(number, {"": " | ".join(texts)}, sheet=grid.sheet, aside=aside)
            continue
        number += 1
        yield _row(number, line.cells, header, notes, grid)


def _head(lines: Iterator[Line]) -> list[Line]:
    """The first lines, including enough non-blank ones to search for a header."""
    head: list[Line] = []
    solid = 0
    for line in lines:
        head.append(line)
        solid += bool(filled(line.cells))
        if solid == SAMPLE_ROWS or len(head) == MOST_BLANK_ROWS:
            break
    return head


def _aside(texts: list[str], cells: Cells, header: tuple[str, ...]) -> str:
    """Why a row is no document, or an empty text."""
    if len(texts) > 1 and tuple(str(cell or "").strip() for cell in cells) == header:
        return REPEATED_HEADER
    several = sum(bool(name) for name in header) > 1
    if len(texts) == 1 and len(header) > 2 and str(cells[0] or "").strip() and _is_imprint(texts[0]):
        return TOTAL
    return TOTAL if len(texts) <= 1 + several and _is_total(texts, several) else ""


def _is_imprint(text: str) -> bool:
    """Whether the only cell of a row states the table's time or source: "Downloaded from … on 2023-03-01"."""
    low = text.lower()
    words = table_words()
    opens = any(low.startswith(f"{word} {after} ") for word in words["about"] for after in words["after_about"])
    return opens and len(low.split()) <= 12 and any(char.isdigit() for char in low)


def _is_total(texts: list[str], several: bool) -> bool:
    """Whether the cells of a row are a total ("Total: 2 answers") or a line on the table ("Source: …")."""
    words = table_words()
    low = " ".join(texts[0].lower().split())
    if _COUNT.fullmatch(low):
        return True
    before, colon, after = low.replace("：", ":").replace("=", ":").partition(":")
    if len(texts) == 1 and several and colon and before.strip() in words["about"]:
        return True
    if len(texts) == 2:
        return before.strip() in words["total"] and not after.strip() and is_typed(texts[1])
    if colon and before.strip() in words["total"]:
        return any(char.isdigit() for char in after) and len(after.split()) < TOTAL_WORDS
    bare = re.sub(r"\(?\b[\d.,]+\)?\s*$", "", before).strip()
    return several and bare in words["total"]


def _row(number: int, cells: Cells, header: tuple[str, ...], notes: tuple[str, ...], grid: Grid) -> Row:
    """One row with named cells, and notes on irregularities."""
    named: dict[str, object] = dict(zip(header, cells, strict=False))
    if grid.sheet or not isinstance(cells, list):  # a workbook pads its rows
        return Row(number, named, notes, sheet=grid.sheet)
    odd = notes
    if len(cells) != len(header):
        odd = (*odd, f"{len(cells)} cells where the header has {len(header)}")
    if any("\ufffd" in str(cell) for cell in cells):
        odd = (*odd, "holds \ufffd where bytes could not be decoded")
    if len(cells) <= len(header):
        return Row(number, named, odd)
    extra = grid.delimiter.join(map(str, cells[len(header) :]))
    return Row(number, named | {"extra cells": extra}, odd, extra=f"{grid.delimiter}{extra}")

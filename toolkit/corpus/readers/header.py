"""Finds the header row of a table: below titles and search terms, above labels and types, or none at all."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from toolkit.corpus.metadata import ALIASES
from toolkit.corpus.readers.cells import cell_text, is_typed
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Unreadable
from toolkit.text.notes import note

_AGAIN = re.compile(r"(.+) \((\d+)\)")
HEADER_KEY, SKIP_KEY = "corpus.header_row", "corpus.skip_rows"
SAMPLE_ROWS = 60
"""Number of rows at the top of a table among which its header is searched for."""
NAMED_SHARE = 0.6
"""A header names at least this share of the columns that are in use below it."""
USED_SHARE = 0.2
"""A column is in use if at least this share of the rows has a value in it."""
TYPED_SHARE = 0.8
"""A column is one of numbers or dates if at least this share of its values are."""
LONG_NAME_WORDS = 8
"""A first cell with more words that asks no question is rather a text than a name."""
_ORANGE_PREFIX = re.compile(r"(?:[mci]?[CDST]|[mciw])#(?=\S)")
_NAMED = frozenset(alias for aliases in ALIASES.values() for alias in aliases)
Cells = Sequence[object]


class Layout(NamedTuple):
    """The rows of a table: the header (-1: none), the columns' names, and label rows below it."""

    header: int
    names: tuple[str, ...]
    skip: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def table_words() -> dict[str, frozenset[str]]:
    """The vocabularies of `table_words.toml`."""
    lists = tomllib.loads(Path(__file__).with_name("table_words.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in lists.items()}


def layout_of(rows: Sequence[Cells], settings: CorpusSettings, first: int = 1, where: str = "") -> Layout:
    """The layout of a table from its first rows, blank ones included; `rows[0]` is row `first` of the file.

    Raises:
        Unreadable: the row of `corpus.header_row` does not exist or is blank.
    """
    notes: list[str] = []
    if settings.header_row is None:
        at = _header(rows)
        if at > 0 and any(filled(row) for row in rows[:at]):
            notes.append(
                note("the columns are named below other rows, which are not read", _row(at + first), HEADER_KEY)
            )
        if at < 0:
            notes.append(note("no row names the columns, so the first row is read as data", where, HEADER_KEY))
    else:
        at = settings.header_row - first if settings.header_row else -1
        if settings.header_row and not (0 <= at < len(rows) and filled(rows[at])):
            raise Unreadable(f"row {settings.header_row} is blank or does not exist (corpus.header_row)")
    skip, upper = _labels(rows, at, settings, first)
    if skip and settings.skip_rows is None:
        shown = f"{_row(min(skip) + first)}: {' | '.join(filled(rows[min(skip)])[-2:])}"
        notes.append(note("rows below the names of the columns hold labels and are not read", shown, SKIP_KEY))
    names = _names(rows, at, upper)
    again = next((name for name in names if (repeated := _AGAIN.fullmatch(name)) and repeated[1] in names), "")
    if again:
        notes.append(note("columns with the same name are told apart by a number", repr(again), "corpus.columns"))
    return Layout(at, names, skip, tuple(notes))


def _row(number: int) -> str:
    return f"row {number}"


def filled(row: Cells) -> list[str]:
    """The cells of a row that are not empty, as text."""
    return [text for cell in row if (text := cell_text(cell).strip())]


def distinct(names: Iterable[str]) -> list[str]:
    """Column names, repeated names numbered ("text", "text (2)"), so that no cell replaces another."""
    header: list[str] = []
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        shown = f"{name} ({seen[name]})" if seen[name] > 1 else name
        while shown in header:
            seen[name] += 1
            shown = f"{name} ({seen[name]})"
        header.append(shown)
    return header


def _names(rows: Sequence[Cells], at: int, upper: int) -> tuple[str, ...]:
    """Names of the columns; `upper` is a second row of names, or -1."""
    if at < 0:
        width = max((len(row) for row in rows), default=0)
        return tuple(f"column {number}" for number in range(1, width + 1))
    names = [" ".join(cell_text(cell).split()) for cell in rows[at]]
    if upper >= 0:
        names = _joined_names(names, [" ".join(cell_text(cell).split()) for cell in rows[upper]])
    if any(_ORANGE_PREFIX.match(name) for name in names):
        names = [_ORANGE_PREFIX.sub("", name, count=1) for name in names]
    return tuple(distinct(names))


def _joined_names(names: list[str], below: list[str]) -> list[str]:
    """Questions and, in the row below, their choices: "Which do you use? - Tram"."""
    width = max(len(names), len(below))
    above, question = names + [""] * (width - len(names)), ""
    joined = []
    for name, choice in zip(above, below + [""] * (width - len(below)), strict=True):
        question = name or question
        kind = not choice or choice.lower() in table_words()["answer_kind"]
        joined.append((name or question if choice else name) if kind else f"{question} - {choice}".removeprefix(" - "))
    return joined


def _header(rows: Sequence[Cells]) -> int:
    """The row that names the columns, or -1 if the first row is data."""
    solid = [at for at, row in enumerate(rows) if filled(row)]
    candidates = [at for at in solid[:-1] if _may_name(rows, at)]
    first = solid[0] if solid else 0
    if not candidates:
        return -1 if len(solid) > 1 and _is_data(rows, first) else first
    known = {at: sum(text.lower() in _NAMED for text in filled(rows[at])) for at in candidates}
    chosen = candidates[0]
    if not known[chosen]:
        chosen = next((at for at in candidates if known[at] >= 2), chosen)
    return -1 if chosen == first and not known[chosen] and _is_data(rows, first) else chosen


def _may_name(rows: Sequence[Cells], at: int) -> bool:
    """Whether a row could name the columns: it names most of those in use below it, in words that differ."""
    cells = [cell_text(cell).strip() for cell in rows[at]]
    texts = [text for text in cells if text]
    below = [row for row in rows[at + 1 :] if filled(row)]
    used = _used(below)
    if cells[0].endswith(":") or (len(texts) == 1 and len(used) > 1):
        return False
    named = sum(column < len(cells) and bool(cells[column]) for column in used)
    words = sum(not is_typed(text) for text in texts)
    return named >= NAMED_SHARE * len(used) and words >= 0.5 * len(texts) and len(set(texts)) > 0.5 * len(texts)


def _used(rows: Sequence[Cells]) -> list[int]:
    """Columns with values in enough of the rows."""
    counts: Counter[int] = Counter()
    for row in rows:
        counts.update(column for column, cell in enumerate(row) if cell_text(cell).strip())
    least = max(1.0, USED_SHARE * len(rows))
    return sorted(column for column, seen in counts.items() if seen >= least)


def _typed_columns(rows: Sequence[Cells]) -> list[int]:
    """Columns of numbers, dates or true/false."""
    typed = []
    for column in _used(rows):
        values = [row[column] for row in rows if column < len(row) and cell_text(row[column]).strip()]
        if sum(map(is_typed, values)) >= TYPED_SHARE * len(values):
            typed.append(column)
    return typed


def _cell(row: Cells, column: int) -> object:
    return row[column] if column < len(row) else None


def _is_data(rows: Sequence[Cells], at: int) -> bool:
    """Whether a row resembles the rows below it: the same columns of numbers, or similar words and sentences."""
    texts = filled(rows[at])
    if any(text.lower() in _NAMED for text in texts):
        return False
    below = [row for row in rows[at + 1 :] if filled(row)]
    typed = _typed_columns(below)
    if typed:
        return all(is_typed(_cell(rows[at], column)) for column in typed)
    return any(len(text.split()) > LONG_NAME_WORDS and not text.endswith(("?", ":", "؟", "？", "：")) for text in texts)


def _labels(rows: Sequence[Cells], at: int, settings: CorpusSettings, first: int) -> tuple[frozenset[int], int]:
    """Rows that are no data: as set, else those of labels below the header; and a second row of names, or -1."""
    given = settings.skip_rows
    if isinstance(given, int):
        solid = [row for row in range(at + 1, len(rows)) if filled(rows[row])]
        return frozenset(solid[:given]), -1
    if given is not None:
        return frozenset(row - first for row in given), -1
    below = [row for row in range(at + 1, len(rows)) if filled(rows[row])]
    if at < 0 or len(below) < 2:
        return frozenset(), -1
    for row in below[:3]:
        if _is_import_row(rows[row]):
            return frozenset(other for other in below if other <= row), -1
    if _is_orange(rows[below[0]], "orange_types"):
        flags = len(below) > 2 and below[1] == below[0] + 1 and _is_orange(rows[below[1]], "orange_flags")
        return frozenset(below[: 2 if flags else 1]), -1
    data = [rows[row] for row in below[1:]]
    if _is_second_header(rows[at], rows[below[0]], data):
        return frozenset(below[:1]), below[0]
    if _is_wording(rows[at], rows[below[0]], data):
        return frozenset(below[:1]), -1
    return frozenset(), -1


def _is_import_row(row: Cells) -> bool:
    """Whether a row contains the machine names of the questions, as JSON."""
    texts = filled(row)
    return sum("ImportId" in text for text in texts) >= 0.5 * len(texts)


def _is_orange(row: Cells, kind: str) -> bool:
    """Whether a row contains the types or the flags of columns."""
    texts = [text.lower() for text in filled(row)]
    known = table_words()[kind]
    flagged = kind == "orange_flags"
    return bool(texts) and all(text in known or (flagged and re.fullmatch(r"[\w-]+=\S+.*", text)) for text in texts)


def _is_second_header(header: Cells, row: Cells, data: Sequence[Cells]) -> bool:
    """Whether a row names choices: it is empty in the first column, in which the data are filled, and under single
    names."""
    if cell_text(_cell(row, 0)).strip() or not cell_text(_cell(header, 0)).strip() or len(data) < 2:
        return False
    filled_first = sum(bool(cell_text(_cell(other, 0)).strip()) for other in data)
    texts = filled(row)
    if filled_first < TYPED_SHARE * len(data) or any(is_typed(text) for text in texts):
        return False
    kinds = table_words()["answer_kind"]
    under_none = any(
        cell_text(cell).strip() and not cell_text(_cell(header, column)).strip() for column, cell in enumerate(row)
    )
    return under_none or any(text.lower() in kinds for text in texts)


def _is_wording(header: Cells, row: Cells, data: Sequence[Cells]) -> bool:
    """Whether a row contains the wording of questions: words in every column of numbers or dates."""
    typed = [column for column in _typed_columns(data) if cell_text(_cell(header, column)).strip()]
    labels = [cell_text(_cell(row, column)).strip() for column in typed]
    if not typed or len(data) < 2 or not all(labels) or any(is_typed(_cell(row, column)) for column in typed):
        return False
    asked = any(text.endswith(("?", "？", "؟")) for text in filled(row))
    return len(typed) >= 2 or asked or len(labels[0].split()) >= 3

"""Groups: the whole corpus, documents or paragraphs with one value of a column, periods of dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.errors import ConfigError, nearest
from toolkit.estimate.tally import Tally
from toolkit.values import Bools, Floats, Table

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
PERIODS = ("month", "quarter", "year")
OF_PARAGRAPHS = ("speaker",)
"""Columns of the paragraphs that can define groups."""
Count = Callable[[Bools], Floats]
MOST_GROUPS = 200
"""Largest number of values of a column that groups documents; with more, it identifies them."""


@dataclass(frozen=True)
class Grouping:
    """One group: column (None: the whole corpus), value, and (d,) which documents.

    `values` (documents, columns) are the counts of a group of paragraphs, such as those of one speaker, in each
    document, with the columns of the tally; `paragraphs` (n,) is its mask. A group of documents has neither.
    """

    group_by: str | None
    group: str | None
    rows: Bools
    values: Floats | None = None
    paragraphs: Bools | None = None

    @property
    def stream(self) -> str:
        """The name of the group's random stream."""
        return f"estimate:{self.group_by}:{self.group}"


def groupings(
    documents: Table,
    tally: Tally,
    columns: tuple[str, ...],
    period: str | None,
    paragraphs: Table | None = None,
    count: Count | None = None,
) -> tuple[list[Grouping], list[str]]:
    """The whole corpus, then each column's groups by name, then the periods in order; and notes on omitted groups.

    A column that is not in `documents` may be one of `paragraphs` (speaker); `count` returns the counts in each
    document of the paragraphs for which a mask is true.
    """
    groups = [Grouping(None, None, np.ones(len(tally.document_ids), bool))]
    notes: list[str] = []
    for column in columns:
        if column not in documents.column_names and is_of_paragraphs(column, paragraphs) and count is not None:
            groups += _of_paragraphs(column, paragraphs, count, notes)
            continue
        if column not in documents.column_names:
            raise ConfigError([no_column(column, documents.column_names)])
        values = [None if value is None else str(value) for value in documents.column(column).to_pylist()]
        groups += _named(column, values, notes)
    dates = documents.column("date").to_pylist() if "date" in documents.column_names else []
    if any(dates):
        name = period or _period(dates)
        values = [in_period(date, name) for date in dates]
        groups += _named(name, values, notes)
    elif period:
        notes.append(f"No document has a date: shares by {period} are not given.")
    return groups, notes


def is_of_paragraphs(column: str, paragraphs: Table) -> bool:
    """Whether a column of the paragraphs, such as speaker, can define groups."""
    return column in OF_PARAGRAPHS and paragraphs is not None and column in paragraphs.column_names


def present(group_by: Sequence[str], documents: Table, paragraphs: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of `group_by` that the tables have, and a note for each missing one."""
    columns = documents.column_names
    kept = tuple(name for name in group_by if name in columns or is_of_paragraphs(name, paragraphs))
    lacking = [name for name in group_by if name not in kept]
    return kept, tuple(
        f"This corpus has no {name!r}: shares by {name} are not given (estimate.group_by)." for name in lacking
    )


def no_column(column: str, names: Sequence[str]) -> str:
    """The message for a name in `estimate.group_by` that is in neither table."""
    if column in OF_PARAGRAPHS:
        return (
            f"estimate.group_by: no {column!r}: no document was read as a transcript and no table has such a column "
            "(corpus.columns.speaker, corpus.speakers)"
        )
    return f"estimate.group_by: no column {column!r} in documents{nearest(column, [*names, *OF_PARAGRAPHS])}"


def _of_paragraphs(column: str, paragraphs: Table, count: Count, notes: list[str]) -> list[Grouping]:
    """One group for each value of a column of the paragraphs; documents count with the paragraphs of that value."""
    values = paragraphs.column(column).to_pylist()
    groups = []
    for group in _named(column, values, notes, "paragraphs"):
        counts = count(group.rows)
        groups.append(Grouping(column, group.group, np.asarray(counts.any(axis=1), bool), counts, group.rows))
    return groups


def _named(column: str, values: list[str | None], notes: list[str], of: str = "documents") -> list[Grouping]:
    """One group for each value. Documents (or paragraphs) without a value are in no group; a note counts them."""
    missing = sum(value is None for value in values)
    names = sorted({value for value in values if value is not None})
    if missing and names:
        notes.append(f"{missing} of {len(values)} {of} have no {column} and are in no {column} group.")
    if len(names) > MOST_GROUPS:
        notes.append(f"{column} has {len(names)} values, more than {MOST_GROUPS}: shares by {column} are not given.")
        return []
    column_values = np.array(values, dtype=object)
    return [Grouping(column, name, column_values == name) for name in names]


def in_period(date: str | None, period: str) -> str | None:
    """2024-05-17 as 2024-05, 2024-Q2 or 2024; None if the date is less precise."""
    parts = _DATE.match(date or "")
    if not parts:
        return None
    year, month = parts[1], parts[2]
    if period == "year":
        return year
    if month is None:
        return None
    return f"{year}-{month}" if period == "month" else f"{year}-Q{(int(month) - 1) // 3 + 1}"


def years(date: str | None) -> float | None:
    """A date in years, at the middle of the year or month if it is no more precise; None if it cannot be read."""
    parts = _DATE.match(date or "")
    if not parts:
        return None
    year, month, day = int(parts[1]), parts[2], parts[3]
    if month is None:
        return year + 0.5
    return year + (int(month) - 1) / 12 + ((int(day) - 0.5) / 31 if day else 0.5) / 12


def _period(dates: list[str | None]) -> str:
    """The period: months up to a year and a half, quarters up to six years, else years; years if half lack a month."""
    spans = [year for year in (years(date) for date in dates) if year is not None]
    precise = Counter(in_period(date, "month") is not None for date in dates if date)
    if precise[False] > precise[True]:
        return "year"
    span = max(spans) - min(spans) if spans else 0.0
    return "month" if span <= 1.5 else "quarter" if span <= 6 else "year"

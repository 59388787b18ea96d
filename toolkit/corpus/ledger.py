"""The ledger: every non-blank character of a document is either in a unit or in a row here, exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from toolkit.corpus.source import Part
from toolkit.corpus.split import Unit


class Left(NamedTuple):
    """A removed span: `text[start:end]` and the reason."""

    start: int
    end: int
    reason: str


def ledger_of(text: str, body: int, parts: Sequence[Part]) -> list[Left]:
    """Rows for the front matter and for each part that was not kept, in order."""
    rows: list[Left] = []
    head = text[:body]
    if head.strip():
        start = len(head) - len(head.lstrip())
        rows.append(Left(start, len(head.rstrip()), "metadata"))
    rows += [Left(part.start, part.end, part.reason) for part in parts if part.reason]
    return rows


def whole(text: str, reason: str) -> list[Left]:
    """One row over a whole document; an empty document has a row of length 0."""
    start = len(text) - len(text.lstrip())
    return [Left(start, max(start, len(text.rstrip())), reason)] if text.strip() else [Left(0, 0, reason)]


def uncovered(text: str, units: Sequence[Unit], rows: Sequence[Left]) -> list[tuple[int, int]]:
    """Spans (start, end) of non-blank characters in no span or in two spans; empty if all is well."""
    faults: list[tuple[int, int]] = []
    at = 0
    for start, end in sorted([*((unit.start, unit.end) for unit in units), *((row.start, row.end) for row in rows)]):
        if start >= end:
            continue
        if start < at:
            faults.append((start, min(at, end)))
        elif text[at:start].strip():
            faults.append((at, start))
        at = max(at, end)
    if text[at:].strip():
        faults.append((at, len(text)))
    return faults

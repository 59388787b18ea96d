"""Which code a theme mostly carries, in one phrase: `mostly: Finance and risk, 65% of 74 (54–76%)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.figures import RunTables
from toolkit.text.format import count, interval, one_line, percent


@dataclass(frozen=True)
class Mostly:
    """A theme's code: its place in the codebook (None if that is not there), its name, and its share in words.

    `reasoned` is the share with the reason if it has no interval.
    """

    index: int | None
    name: str
    share: str
    reasoned: str

    @property
    def phrase(self) -> str:
        """`mostly: Finance and risk, 65% of 74 (54–76%)`."""
        return f"mostly: {self.name}, {self.share}"


def mostly_of(row: Mapping[str, Any], tables: RunTables) -> Mostly | None:
    """That of a row of `themes`; None if no code can be named, and in a run of an older toolkit."""
    code = row.get("mostly")
    if code is None:
        return None
    names = tables.code_names
    index = list(names).index(code) if code in names else None
    name = names.get(code) or one_line(code)
    return Mostly(index, name, share_words(row), share_words(row, one_line(row["mostly_reason"])))


def share_words(row: Mapping[str, Any], why: str = "") -> str:
    """`65% of 74 (54–76%)` of a row of `themes` that names a code; `65% of 74 (no interval)`, or `why`."""
    n = int(row["paragraphs"])
    ends = interval(row["mostly_low"], row["mostly_high"], n) or why or "no interval"
    return f"{percent(row['mostly_share'], n)} of {count(n)} ({ends})"

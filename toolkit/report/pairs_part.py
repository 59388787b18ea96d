"""Pairs of codes that are together more or less often than by chance."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.figures import RunTables
from toolkit.report.verdicts import p_words, verdict_of
from toolkit.text.format import count, decimal, decimals, one_line

MOST = 12
"""Pairs shown; the table has all."""


@dataclass(frozen=True)
class Pair:
    """Two codes with a verdict: paragraphs with both, those expected by chance, lift with its interval, adjusted p."""

    names: tuple[str, str]
    verdict: str
    paragraphs: str
    lift: str
    adjusted: str


def pairs_together(tables: RunTables) -> tuple[Pair, ...]:
    """Pairs with a verdict, most paragraphs first; none in a run folder without tests of pairs."""
    rows = [row for row in tables.rows("cooccurrence") if row.get("lift") is not None and verdict_of(row)]
    rows.sort(key=lambda row: (-row["paragraphs"], row["code_a"], row["code_b"]))
    made = []
    for row in rows[:MOST]:
        first, second = (tables.code_names.get(row[end], one_line(row[end])) for end in ("code_a", "code_b"))
        both = f"{count(row['paragraphs'])}, {decimal(row['expected'], 1)} expected"
        lift = f"{decimal(row['lift'], 1)} ({decimals(row['lift_low'], row['lift_high'], 1)})"
        made.append(Pair((first, second), verdict_of(row), both, lift, p_words(row["p_adjusted"])))
    return tuple(made)

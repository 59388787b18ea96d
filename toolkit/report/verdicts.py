"""Verdicts of the tables of tests, and the sentence on their adjustment beside each table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from toolkit.estimate.verdicts import CANNOT, FAMILY_P, is_certain
from toolkit.text.format import beside, count


def verdict_of(row: Mapping[str, Any]) -> str:
    """The row's verdict (rising, falling, more, less), or empty if the test is not clear.

    A run folder of format 1 has no verdicts: its adjusted p-values and intervals decide by the same rule, and its
    slopes, which have no p-value, have none.
    """
    verdict = row.get("verdict")
    if verdict is not None:
        return "" if verdict == CANNOT else str(verdict)
    p, low, high = row.get("p_adjusted"), row.get("low"), row.get("high")
    if not is_certain(p) or low is None or high is None:
        return ""
    return "more" if low > 0 else "less" if high < 0 else ""


def rule(rows: Iterable[Mapping[str, Any]], noun: str, config: Mapping[str, Any]) -> str:
    """The sentence on how the tests of a table were adjusted; empty in a run folder of format 1 or without tests."""
    tested = max((row.get("tested") or 0 for row in rows), default=0)
    if not tested:
        return ""
    if (config.get("estimate") or {}).get("adjust") == "bh":
        return (
            f"All {count(tested)} {noun} were adjusted together (Benjamini-Hochberg): of those with a verdict at most "
            "5% are expected to be false."
        )
    return (
        f"All {count(tested)} {noun} were adjusted together: the chance that any of those with a verdict is false is "
        "at most 5%."
    )


def p_words(p: float | None) -> str:
    """An adjusted p-value as printed."""
    return "–" if p is None else "<0.001" if p < 0.001 else beside(p, FAMILY_P, 3)

"""The verdicts of tests: one rule for all tables.

Nothing is called rising, falling, more or less unless its p-value, adjusted for all rows tested with it, is below .05
and its 95 % interval is on the same side of "no difference".
"""

from __future__ import annotations

from typing import Literal

FAMILY_P = 0.05
"""Adjusted p below which a row has a verdict: the chance of any false one in a table without differences."""
CANNOT = "cannot be said"
MORE, LESS = "more", "less"
RISING, FALLING = "rising", "falling"
Adjust = Literal["holm", "bh"]


def is_certain(p_adjusted: float | None) -> bool:
    """Whether an adjusted p-value allows a verdict; None and NaN do not."""
    return p_adjusted is not None and p_adjusted < FAMILY_P  # NaN compares as false


def verdict(
    p_adjusted: float | None, low: float | None, high: float | None, words: tuple[str, str], none: float = 0.0
) -> str:
    """The verdict: the first of `words` if low > none, the second if high < none; CANNOT if p is not below .05."""
    if low is None or high is None or not is_certain(p_adjusted):
        return CANNOT
    return words[0] if low > none else words[1] if high < none else CANNOT

"""Rankings with ties: items that print the same are named together, and no tie is split."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TypeVar

T = TypeVar("T")
USUAL_ITEMS, MOST_ITEMS = 3, 5
"""Items of a ranking that are named as a rule, and at most, so that a tie fits in."""
Ends = tuple[float | None, float | None]
"""Low and high end of an interval; None if there is none."""


def leading(
    ranked: Iterable[T], printed: Callable[[T], object], most: int = USUAL_ITEMS, room: int = MOST_ITEMS
) -> tuple[list[list[T]], list[T]]:
    """The first groups of a ranking, each of items that print the same: about `most` items, at most `room`.

    The second value is the next group if it exceeds `room` before `most` items are named: it is counted instead of
    named.
    """
    groups: list[list[T]] = []
    for _, items in groupby(ranked, key=printed):
        group, named = list(items), sum(map(len, groups))
        if named >= most:
            break
        if named + len(group) > room:
            return groups, group
        groups.append(group)
    return groups, []


def quantified(group: Sequence[object]) -> str:
    """`both` for two, `each` for more, empty for one: the word after names that share a number."""
    return {1: "", 2: "both "}.get(len(group), "each ")


def is_apart(first: Ends, others: Iterable[Ends]) -> bool:
    """Whether the first of a ranking is clearly first: its whole interval is above the intervals of all others.

    If two intervals do not overlap, the shares differ whatever their dependence, because the standard error of a
    difference is at most the sum of the two. Without an interval nothing is clear.
    """
    low, rest = first[0], list(others)
    return low is not None and all(high is not None and high < low for _, high in rest)

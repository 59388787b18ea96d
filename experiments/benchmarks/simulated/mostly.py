"""The code that a theme mostly carries: how often a code that has nothing to do with it is named, and a true one."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from simulated.coverage import print_coverage
from simulated.shares import inclinations
from toolkit.estimate.mostly import Marks, mostly

LONGEST, INSIDE = 9, 0.6
"""Paragraphs of a document at most; of a theme's documents, the share of paragraphs in it."""
RATES = (0.1,) * 6 + (0.2,) * 4 + (0.3,) * 2
NAMES = tuple("abcdefghijkl")


def corpus(rng: Any, given: argparse.Namespace, true: bool) -> tuple[Marks, Any]:
    """Twelve codes that do not depend on the theme; if `true`, its paragraphs carry the first by --share."""
    cluster = np.arange(given.documents).repeat(rng.integers(1, LONGEST + 1, given.documents))
    inside = np.isin(cluster, rng.choice(given.documents, given.theme, replace=False))
    inside &= rng.random(len(cluster)) < INSIDE

    def code(rate: float) -> Any:
        return rng.random(len(cluster)) < inclinations(rng, rate, given.alike, given.documents)[cluster]

    carried = np.column_stack([code(rate) for rate in RATES])
    if true:
        carried[inside, 0] = code(given.share)[inside]
    every = np.ones(len(cluster), bool)
    theme = np.where(inside, 0, -1).astype(np.int32)
    above: dict[str, frozenset[str]] = {name: frozenset() for name in NAMES}
    return Marks(every, cluster.astype(np.int32), theme, NAMES, carried, "documents", above), inside


def simulate(given: argparse.Namespace) -> None:
    rng = np.random.default_rng(given.seed)
    false, right, known, covered = 0, 0, 0, 0
    for _ in range(given.runs):
        false += not isinstance(mostly(*corpus(rng, given, true=False)), str)
        named = mostly(*corpus(rng, given, true=True))
        if not isinstance(named, str) and named.code == NAMES[0]:
            right += 1
            if not np.isnan(named.low):
                known, covered = known + 1, covered + (named.low <= given.share <= named.high)
    print_coverage("a code that has nothing to do with the theme", false, given.runs, "is named")
    print_coverage(f"a code that {given.share:.0%} of its paragraphs carry", right, given.runs, "is named")
    if known:
        print_coverage("the interval of a code that is named", covered, known)


def add(kinds: Any) -> None:
    parser = kinds.add_parser("mostly", help="the code that a theme mostly carries")
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--theme", type=int, default=10, help="documents of the theme")
    parser.add_argument("--share", type=float, default=0.7, help="of the theme's paragraphs, that carry the true code")
    parser.add_argument("--alike", type=float, default=0.2, help="how alike paragraphs of a document are")
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.set_defaults(function=simulate)

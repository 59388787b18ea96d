"""Matches the themes of one partition with those of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from toolkit.text.format import beside
from toolkit.values import NOISE, Bools, Floats, Ints

Counts = npt.NDArray[np.int64]

SAME_JACCARD = 0.9
"""Jaccard similarity, over all paragraphs of both themes, from which two themes are the same."""
LEAST_SHARE = 0.5
"""Share of a theme's paragraphs from which it is said to go to, or come from, another."""
RULE = (
    f"same: Jaccard of at least {SAME_JACCARD} over all paragraphs of both; else, over the paragraphs that are in "
    f"both runs: merged: two or more old themes give at least {LEAST_SHARE:.0%} of theirs to the new one; split: two "
    f"or more new themes take at least {LEAST_SHARE:.0%} of theirs from the old one; grown or shrunk (by number of "
    f"paragraphs): one to one with Jaccard of at least {LEAST_SHARE}; the rest are gone or new"
)
Kind = Literal["same", "grown", "shrunk", "split", "merged", "gone", "new"]
KINDS: tuple[Kind, ...] = ("same", "grown", "shrunk", "split", "merged", "gone", "new")


def shown_jaccard(value: float) -> str:
    """A Jaccard similarity with the digits that show on which side of both bounds of the rule it lies."""
    return max((beside(value, bound) for bound in (SAME_JACCARD, LEAST_SHARE)), key=len)


@dataclass(frozen=True)
class Match:
    """What became of a theme. `jaccard` is of the joined themes of each side, over all their paragraphs."""

    kind: Kind
    before: tuple[int, ...]
    after: tuple[int, ...]
    jaccard: float | None
    shared: int  # paragraphs in both sides
    before_paragraphs: int
    after_paragraphs: int


@dataclass(frozen=True)
class Overlap:
    """Themes before (k) x themes after (m): paragraphs in both; and how many each theme holds."""

    flow: Counts  # (k, m)
    before: Counts  # (k,) all its paragraphs
    after: Counts  # (m,)
    shared_before: Counts  # (k,) those of them that stand in both runs
    shared_after: Counts  # (m,)

    @classmethod
    def of(cls, before: Ints, after: Ints, pairs: Ints) -> Overlap:
        """From themes of all rows (n,) and (m,), -1 for none, and the rows (p, 2) that are the same paragraph."""
        k, m = int(before.max(initial=NOISE)) + 1, int(after.max(initial=NOISE)) + 1
        old, new = before[pairs[:, 0]], after[pairs[:, 1]]
        flow = np.zeros((k, m), np.int64)
        both = (old >= 0) & (new >= 0)
        np.add.at(flow, (old[both], new[both]), 1)
        sides = ((before, k), (after, m), (old, k), (new, m))
        counts = (np.bincount(side[side >= 0], minlength=n).astype(np.int64) for side, n in sides)
        return cls(flow, *counts)

    @property
    def jaccard(self) -> Floats:
        """(k, m) over all paragraphs of both themes."""
        return np.asarray(self.flow / np.maximum(self.before[:, None] + self.after[None, :] - self.flow, 1))

    @property
    def shared_jaccard(self) -> Floats:
        """(k, m) over the paragraphs that stand in both runs."""
        return np.asarray(
            self.flow / np.maximum(self.shared_before[:, None] + self.shared_after[None, :] - self.flow, 1)
        )

    def match(self, kind: Kind, old: Any, new: Any) -> Match:
        """The match of some themes before with some after."""
        shared = int(self.flow[np.ix_(old, new)].sum())
        n, m = int(self.before[old].sum()), int(self.after[new].sum())
        union = n + m - shared
        jaccard = shared / union if shared else None
        return Match(kind, tuple(map(int, old)), tuple(map(int, new)), jaccard, shared, n, m)


def match_themes(before: Ints, after: Ints, pairs: Ints) -> tuple[Match, ...]:
    """What became of each theme, by `RULE`: old themes in order, then those that are new.

    `before` (n,) and `after` (m,) are themes of all paragraphs, `pairs` (p, 2) the rows of the same paragraph.
    """
    over = Overlap.of(before, after, pairs)
    same: Bools = np.asarray(over.jaccard >= SAME_JACCARD)
    free: Bools = (over.flow > 0) & ~same.any(axis=1, keepdims=True) & ~same.any(axis=0, keepdims=True)
    matches = [over.match("same", [i], [j]) for i, j in np.argwhere(same)]
    matches += _merged(over, free) + _split(over, free)
    for i, j in np.argwhere((over.shared_jaccard >= LEAST_SHARE) & free):
        matches.append(over.match("grown" if over.after[j] >= over.before[i] else "shrunk", [i], [j]))
    old = {theme for match in matches for theme in match.before}
    new = {theme for match in matches for theme in match.after}
    matches += [over.match("gone", [i], []) for i in range(len(over.before)) if i not in old]
    came = [over.match("new", [], [j]) for j in range(len(over.after)) if j not in new]
    return (*sorted(matches, key=lambda match: match.before), *came)


def _merged(over: Overlap, free: Bools) -> list[Match]:
    """Several old themes in one new one; what is matched leaves `free`."""
    gives, matches = over.flow >= LEAST_SHARE * np.maximum(over.shared_before, 1)[:, None], []
    for j in range(free.shape[1]):
        old = np.flatnonzero((gives & free)[:, j])
        if len(old) > 1:
            matches.append(over.match("merged", old, [j]))
            free[old, :] = free[:, j] = False
    return matches


def _split(over: Overlap, free: Bools) -> list[Match]:
    """One old theme in several new ones; what is matched leaves `free`."""
    takes, matches = over.flow >= LEAST_SHARE * np.maximum(over.shared_after, 1)[None, :], []
    for i in range(free.shape[0]):
        new = np.flatnonzero((takes & free)[i])
        if len(new) > 1:
            matches.append(over.match("split", [i], new))
            free[i, :] = free[:, new] = False
    return matches

"""How fine the themes are: candidates, the rule that picks one, and the notice of a cliff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from toolkit.discover.clusterer import candidate_table, count, largest_share
from toolkit.discover.stability import Repeat, rand_index
from toolkit.values import Ints

GRID = tuple(float(np.round(0.1 * 2 ** (step / 2), 3)) for step in range(11))
"""Resolutions tried: 0.1 to 3.2, each 1.41 times the one before."""
HALF = 0.5
"""No theme may hold a larger share of the texts."""
LEAST = 3
"""Themes have at least so many texts on average."""
SURE = 0.9
"""A candidate that scores this much is steady enough: the finest such one is taken."""
STEADY, UNSTEADY = 0.95, 0.8
"""Agreement from which, and below which, the limit on the largest theme gives way."""
CLIFF = 0.6
"""A neighbouring granularity that agrees less than this (adjusted Rand index) is called a cliff."""


@dataclass(frozen=True)
class Candidate:
    """One granularity: its resolution, and the labels that it gave in refits on samples of the n rows."""

    value: float
    repeats: tuple[Repeat, ...]
    n: int

    @cached_property
    def agreement(self) -> float:
        """Mean adjusted Rand index between pairs of refits, over the rows that both saw."""
        values = [rand_index(*shared(self.n, a, b)) for a, b in combinations(self.repeats, 2)]
        return float(np.mean(values)) if values else 1.0

    @cached_property
    def themes(self) -> int:
        """The middle number of themes over refits."""
        return int(np.sort([count(labels) for _, labels in self.repeats])[len(self.repeats) // 2])

    @cached_property
    def largest(self) -> float:
        """The mean share that the largest theme holds."""
        return float(np.mean([largest_share(labels) for _, labels in self.repeats]))

    @property
    def eligible(self) -> bool:
        """Whether it divides the texts, no theme holds over half of them, and themes have three texts or more."""
        return self.themes > 1 and self.largest <= HALF and self.themes * LEAST <= self.n


def shared(n: int, first: Repeat, second: Repeat) -> tuple[Ints, Ints]:
    """The labels of two refits on the rows that both saw."""
    left, right = np.full(n, -2, np.int32), np.full(n, -2, np.int32)
    left[first[0]], right[second[0]] = first[1], second[1]
    both = (left != -2) & (right != -2)
    return left[both], right[both]


def scores(found: Sequence[Candidate]) -> list[float | None]:
    """What the rule looks at: the lower of a candidate's agreement and its mean with its neighbours (weights 1, 2, 1).

    A granularity that holds over a range of resolutions so beats one that does not; null for those not eligible.
    """
    result: list[float | None] = []
    for at, candidate in enumerate(found):
        near = [(found[i], 2 if i == at else 1) for i in (at - 1, at, at + 1) if 0 <= i < len(found)]
        counted = [(c.agreement, weight) for c, weight in near if c.eligible]
        mean = sum(a * weight for a, weight in counted) / max(sum(weight for _, weight in counted), 1)
        result.append(min(mean, candidate.agreement) if candidate.eligible else None)
    return result


def choose(found: Sequence[Candidate], bounds: tuple[int, int] | None) -> int:
    """The finest candidate on which refits on 80 % samples agree to `SURE`; where none does, that of best agreement.

    Coarse partitions agree more easily, so that the best agreement alone would hide themes that do come back, and
    would flip between granularities that are all steady. Where no candidate with
    every theme under half of the texts agrees to `UNSTEADY`, and others do to `STEADY` at three resolutions in a
    row, these are taken: two themes may be all there is. With bounds: the one of most agreement among those whose
    number of themes lies within them; else the coarsest that has enough themes. No labels are looked at.
    """
    if bounds is not None:
        within = [i for i, c in enumerate(found) if bounds[0] <= c.themes <= bounds[1]]
        if within:
            return max(within, key=lambda i: (found[i].agreement, -i))
        return next((i for i, c in enumerate(found) if c.themes >= bounds[0]), len(found) - 1)
    rated = {i: score for i, score in enumerate(scores(found)) if score is not None}
    best = max(rated.values(), default=0.0)
    steady = [i for i in range(1, len(found) - 1) if all(_steady(c) for c in found[i - 1 : i + 2])]
    if best < UNSTEADY and steady:
        return max(steady)
    if not rated:
        divided = [i for i, c in enumerate(found) if c.themes > 1 and c.themes * LEAST <= c.n]
        return divided[0] if divided else 0
    sure = [i for i, score in rated.items() if score >= SURE]
    return max(sure) if sure else max(rated, key=lambda i: (round(rated[i], 6), i))


def _steady(candidate: Candidate) -> bool:
    return candidate.themes > 1 and candidate.agreement >= STEADY and candidate.themes * LEAST <= candidate.n


def table(found: Sequence[Candidate], chosen: int) -> Any:
    """The candidates as a pa.Table (clusterer.CANDIDATES)."""
    rated = scores(found)
    rows = []
    for at, candidate in enumerate(found):
        after = found[at + 1] if at + 1 < len(found) else None
        rows.append(
            {
                "parameter": "resolution",
                "value": candidate.value,
                "themes": candidate.themes,
                "largest_share": candidate.largest,
                "agreement": candidate.agreement,
                "score": rated[at],
                "next_agreement": None if after is None else between(candidate, after),
                "chosen": at == chosen,
            }
        )
    return candidate_table(rows)


def between(one: Candidate, other: Candidate) -> float:
    """Mean adjusted Rand index between two granularities on the same samples."""
    pairs = zip(one.repeats, other.repeats, strict=True)
    return float(np.mean([rand_index(a[1], b[1]) for a, b in pairs]))


def cliff(found: Sequence[Candidate], chosen: int) -> tuple[str, ...]:
    """A sentence for each neighbouring granularity that would give quite another answer."""
    notes = []
    here = found[chosen]
    for other in (found[i] for i in (chosen - 1, chosen + 1) if 0 <= i < len(found)):
        agreement = between(here, other)
        if agreement < CLIFF:
            notes.append(
                f"Cliff: at resolution {other.value:g} instead of {here.value:g} there would be {other.themes} themes "
                f"instead of {here.themes}, and the two agree only to {agreement:.2f} (adjusted Rand index)."
            )
    return tuple(notes)

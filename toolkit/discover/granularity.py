"""How fine the themes are: candidates, the rule that picks one, and the notice of a cliff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.discover.clusterer import candidate_table, count, largest_share
from toolkit.discover.leiden import Graph
from toolkit.discover.stability import rand_index
from toolkit.values import Ints, seed_for

GRID = tuple(float(np.round(0.1 * 2 ** (step / 2), 3)) for step in range(0, 11))
"""Resolutions tried for `auto`: 0.1 to 3.2, each 1.41 times the one before."""
SEEDS = 4
HALF = 0.5
"""No theme may hold a larger share of the texts."""
CLIFF = 0.6
"""A neighbouring granularity that agrees less than this (adjusted Rand index) is called a cliff."""


@dataclass(frozen=True)
class Candidate:
    """One granularity: its resolution, partitions by several seeds, and what the rule looks at."""

    value: float
    labels: tuple[Ints, ...]

    @property
    def agreement(self) -> float:
        """Mean adjusted Rand index between the seeds' partitions."""
        pairs = [rand_index(a, b) for i, a in enumerate(self.labels) for b in self.labels[:i]]
        return float(np.mean(pairs)) if pairs else 1.0

    @property
    def themes(self) -> int:
        """The middle number of themes over seeds."""
        return int(np.sort([count(labels) for labels in self.labels])[len(self.labels) // 2])

    @property
    def largest(self) -> float:
        """The largest share that one theme holds, over seeds."""
        return max(largest_share(labels) for labels in self.labels)


def candidates(graph: Graph, seed: int, grid: Sequence[float] = GRID) -> list[Candidate]:
    """Partitions at every resolution of the grid by `SEEDS` seeds each."""
    found = []
    for value in grid:
        labels = tuple(graph.partition(value, seed_for(seed, f"candidate {value} {at}")) for at in range(SEEDS))
        found.append(Candidate(value, labels))
    return found


def choose(found: Sequence[Candidate], bounds: tuple[int, int] | None) -> int:
    """The candidate on which seeds agree best, among those where no theme holds over half of the texts.

    With bounds, among those whose number of themes lies within them; where none does, the one nearest to them.
    Ties go to the coarser. No labels are looked at.
    """
    allowed = [i for i, c in enumerate(found) if c.themes > 1 and c.largest <= HALF]
    if bounds is not None:
        within = [i for i, c in enumerate(found) if bounds[0] <= c.themes <= bounds[1]]
        allowed = within or [min(range(len(found)), key=lambda i: abs(found[i].themes - bounds[1]))]
    if not allowed:
        allowed = list(range(len(found)))
    return max(allowed, key=lambda i: (found[i].agreement, -i))


def table(found: Sequence[Candidate], chosen: int) -> Any:
    """The candidates as a pa.Table (clusterer.CANDIDATES)."""
    rows = []
    for at, candidate in enumerate(found):
        after = found[at + 1].labels[0] if at + 1 < len(found) else None
        rows.append(
            {
                "parameter": "resolution",
                "value": candidate.value,
                "themes": candidate.themes,
                "largest_share": candidate.largest,
                "agreement": candidate.agreement,
                "score": candidate.agreement if candidate.largest <= HALF else None,
                "next_agreement": None if after is None else rand_index(candidate.labels[0], after),
                "chosen": at == chosen,
            }
        )
    return candidate_table(rows)


def cliff(found: Sequence[Candidate], chosen: int) -> tuple[str, ...]:
    """A sentence for each neighbouring granularity that would give quite another answer."""
    notes = []
    for other in (chosen - 1, chosen + 1):
        if 0 <= other < len(found):
            agreement = rand_index(found[chosen].labels[0], found[other].labels[0])
            if agreement < CLIFF:
                notes.append(
                    f"Cliff: at resolution {found[other].value:g} instead of {found[chosen].value:g} there would be "
                    f"{found[other].themes} themes instead of {found[chosen].themes}, and the two agree only to "
                    f"{agreement:.2f} (adjusted Rand index)."
                )
    return tuple(notes)

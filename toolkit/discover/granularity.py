"""How fine the themes are: candidates, the rule that picks one, and the notice of a cliff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from toolkit.discover.clusterer import candidate_table, count, largest_share
from toolkit.discover.stability import Repeat, rand_index
from toolkit.discover.wording import Wording
from toolkit.values import Ints

GRID = tuple(float(np.round(0.1 * 2 ** (step / 2), 3)) for step in range(12))
"""Resolutions tried: 0.1 to 4.5, each 1.41 times the one before."""
HALF = 0.5
"""No theme may hold a larger share of the texts."""
LEAST = 3
"""Themes have at least so many texts on average."""
WORDS = 0.3
"""What coherence counts beside persistence."""
EASE = 0.03
"""Coarse partitions agree more easily: below resolution 1, that of modularity itself, each halving must gain this."""
STEADY, UNSTEADY = 0.95, 0.8
"""Persistence from which, and below which, the limit on the largest theme gives way."""
CLIFF = 0.6
"""A neighbouring granularity that agrees less than this (adjusted Rand index) is called a cliff."""
APART = 3
"""Each refit is compared with so many others."""
READ = 4
"""Refits whose words are read for coherence."""
UNSEEN = -2


@dataclass(frozen=True)
class Candidate:
    """One granularity: its resolution, and the labels that it gave in refits on samples of the n rows.

    `agreement` is the mean adjusted Rand index between refits on different samples; `persistence` the same with the
    resolutions next to it counted in; `coherence` that of its words, None where none could be read.
    """

    value: float
    repeats: tuple[Repeat, ...]
    n: int
    agreement: float = 1.0
    persistence: float = 1.0
    coherence: float | None = None

    @cached_property
    def themes(self) -> int:
        """The middle number of themes over refits."""
        return int(np.sort([count(labels) for _, labels in self.repeats])[len(self.repeats) // 2])

    @cached_property
    def largest(self) -> float:
        """The mean share that the largest theme holds."""
        return float(np.mean([largest_share(labels) for _, labels in self.repeats]))

    @property
    def divided(self) -> bool:
        """Whether it divides the texts into themes of three or more on average."""
        return self.themes > 1 and self.themes * LEAST <= self.n

    @property
    def eligible(self) -> bool:
        """Whether it divides the texts and no theme holds over half of them."""
        return self.divided and self.largest <= HALF


def candidates(values: Sequence[float], tried: Sequence[tuple[Repeat, ...]], texts: Sequence[str]) -> list[Candidate]:
    """The candidates of refits at several resolutions, coarsest first, with all that the rule looks at.

    Persistence says how surely the same themes return when both the sample and the resolution change: the mean
    agreement of refits with refits on other samples at the same resolution and at the two next to it. Granularities
    that hold over a range of resolutions score high, passing ones do not (the idea of Markov stability, Lambiotte,
    Delvenne & Barahona 2008, with resampling beside the change of scale).
    """
    n, wording = len(texts), Wording.of(texts)
    whole = [placed(n, repeats) for repeats in tried]
    own = [crossed(labels, labels) for labels in whole]
    steps = [crossed(one, other) for one, other in pairwise(whole)]
    found = []
    for at, (value, repeats) in enumerate(zip(values, tried, strict=True)):
        read = [wording.coherence(*repeat) for repeat in repeats[:READ]]
        known = [one for one in read if one is not None]
        held = float(np.mean([own[at], *steps[max(at - 1, 0) : at + 1]]))
        found.append(Candidate(value, repeats, n, own[at], held, float(np.mean(known)) if known else None))
    return found


def placed(n: int, repeats: Sequence[Repeat]) -> Ints:
    """(refits, n) the labels of refits, `UNSEEN` where a refit did not see a row."""
    whole = np.full((len(repeats), n), UNSEEN, np.int32)
    for at, (rows, labels) in enumerate(repeats):
        whole[at, rows] = labels
    return whole


def crossed(one: Ints, other: Ints) -> float:
    """Mean adjusted Rand index between refits at one resolution and refits at another on different samples.

    Both (refits, n); each refit is compared with the `APART` after and before it, over the rows that both saw.
    """
    many = len(one)
    pairs = {(i, (i + step) % many) for i in range(many) for step in range(1, min(APART, many - 1) + 1)}
    pairs |= {(j, i) for i, j in pairs} if one is not other else set()
    values = []
    for i, j in sorted(pairs):
        both = (one[i] != UNSEEN) & (other[j] != UNSEEN)
        values.append(rand_index(one[i][both], other[j][both]))
    return float(np.mean(values)) if values else 1.0


def scores(found: Sequence[Candidate]) -> list[float]:
    """What the rule looks at: persistence + 0.3 coherence - 0.03 for each halving of the resolution below 1.

    The two constants lie in the middle of a range (0.2 to 0.5, 0.02 to 0.04) in which the choice on 18 corpora and
    parts of corpora hardly changes (experiments/LOG.md).
    """
    ease = [EASE * max(0.0, -float(np.log2(one.value))) for one in found]
    return [one.persistence + WORDS * (one.coherence or 0.0) - less for one, less in zip(found, ease, strict=True)]


def choose(found: Sequence[Candidate], bounds: tuple[int, int] | None) -> int:
    """The candidate of the best score among those that divide the texts with no theme over half of them.

    Where none of these persists to `UNSTEADY` and others do to `STEADY`, the best of the others is taken: two themes
    may be all there is. With bounds: the one of best score among those whose number of themes lies within
    them; else the coarsest that has enough themes. Ties go to the coarser. No labels are looked at.
    """
    rated = [round(score, 6) for score in scores(found)]

    def best(places: Sequence[int]) -> int:
        return max(places, key=lambda i: (rated[i], -i))

    if bounds is not None:
        within = [i for i, c in enumerate(found) if bounds[0] <= c.themes <= bounds[1]]
        if within:
            return best(within)
        return next((i for i, c in enumerate(found) if c.themes >= bounds[0]), len(found) - 1)
    divided = [i for i, c in enumerate(found) if c.divided]
    eligible = [i for i in divided if found[i].eligible]
    steady = [i for i in divided if found[i].persistence >= STEADY]
    if steady and max((found[i].persistence for i in eligible), default=0.0) < UNSTEADY:
        return best(steady)
    return best(eligible) if eligible else min(divided, default=0)


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
                "coherence": candidate.coherence,
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

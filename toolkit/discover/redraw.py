"""Labels that another seed could have given, from the refits of this one: choice of resolution and votes, resampled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.discover.consensus_matrix import agreed
from toolkit.discover.granularity import BEHIND_STANDARD_ERRORS, COHERENCE_WEIGHT, Candidate, scores
from toolkit.discover.neighbours import Edges
from toolkit.discover.stability import Repeat
from toolkit.values import Floats, Ints, seed_for

SHARE_DRAWN = 0.5
"""Number of refits drawn with replacement, as a share of all refits.

Two runs of N refits each differ with twice the variance of one; the mean of N / 2 drawn with replacement differs from
the mean of all N with the same variance.
"""

PARTITIONS = 4
"""Number of partitions of the graph of votes, of which the most typical one is used; with 12, as in the run, no figure
changes."""


@dataclass(frozen=True)
class Drawn:
    """Consensus partitions of a graph from resampled refits; a call with a seed returns labels (n,).

    `pool` contains the candidates of the choice, coarsest first, with equal numbers of refits; `refits` is the number
    that votes in the run; `tidy` does what the run does with labels after the votes.
    """

    edges: Edges
    pool: Sequence[Candidate]
    refits: int
    tidy: Callable[[Ints], Ints]

    def __call__(self, seed: int) -> Ints:
        """Labels (n,) that another seed could have given."""
        random = np.random.default_rng(seed_for(seed, "drawn"))
        candidate = self.pool[self.choice(random) if len(self.pool) > 1 else 0]
        votes = random.integers(0, len(candidate.repeats), max(2, round(SHARE_DRAWN * self.refits)))
        repeats: list[Repeat] = [candidate.repeats[at] for at in votes]
        return self.tidy(agreed(self.edges, repeats, candidate.value, seed, PARTITIONS))

    def choice(self, random: np.random.Generator) -> int:
        """The place in the pool of the coarsest candidate that resampled refits cannot distinguish from the best.

        The rule is that of `granularity.race`, with scores that are linear in the refits (Hoeffding 1948: agreement
        between pairs counts each refit twice) and the standard errors of all refits.
        """
        parts = np.array(
            [
                2 * candidate.persistences + COHERENCE_WEIGHT * np.nan_to_num(candidate.coherences)
                for candidate in self.pool
            ]
        )
        picks = random.integers(0, parts.shape[1], max(2, round(SHARE_DRAWN * parts.shape[1])))
        rated = np.array(scores(self.pool)) + parts[:, picks].mean(axis=1) - parts.mean(axis=1)
        best = int(np.round(rated, 6).argmax())
        return int(np.flatnonzero(rated[best] - rated <= BEHIND_STANDARD_ERRORS * self._errors(parts, best))[0])

    def _errors(self, parts: Floats, best: int) -> Floats:
        """(c,) standard errors of the difference of each score to the best one; 0 for the best."""
        gap = parts[best] - parts
        return np.asarray(gap.std(axis=1, ddof=1) / gap.shape[1] ** 0.5)


def pool_of(candidates: Sequence[Candidate], places: Sequence[int], taken: Candidate) -> list[Candidate]:
    """The candidates at `places` with as many refits as `taken`, coarsest first; `taken` is included.

    If no candidate has the resolution of `taken`, because it was raised to reach a number of themes, `taken` is the
    only one.
    """
    if all(candidate.value != taken.value for candidate in candidates):
        return [taken]
    same = [candidates[at] for at in places if len(candidates[at].persistences) == len(taken.persistences)]
    others = [candidate for candidate in same if candidate.value != taken.value]
    return sorted([*others, taken], key=lambda candidate: candidate.value)

"""Coarser and finer divisions that are offered beside the chosen one: their choice, scores and labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from toolkit.discover.clusterer import count
from toolkit.discover.consensus_matrix import agreed
from toolkit.discover.divisions import NO_OTHER, Divisions
from toolkit.discover.granularity import BEHIND_STANDARD_ERRORS, COHERENCE_WEIGHT, Candidate, between, in_choice, scores
from toolkit.discover.resample import Views, refits_apart
from toolkit.schemas import DIVISIONS
from toolkit.values import Floats, Ints, Table, Tick, no_tick

PLATEAU_AGREEMENT = 0.9
"""Minimum agreement of two resolutions of one plateau (adjusted Rand index, on the same samples)."""
CLEAR_RATIO = 1.25
"""Minimum ratio of the numbers of themes of a division and of the previous one."""
PARTITIONS = 4
"""Number of partitions of the graph of votes, for the number of themes at a resolution."""

CHOSEN_LINE = "discover.themes: auto"


@dataclass(frozen=True)
class Offer:
    """The divisions beside that of the candidate `chosen`, from the refits behind the choice.

    `candidates` are in order, coarsest first; `near` is the graph of the n rows; `refits` is the number of refits that
    vote on a division.
    """

    near: Views
    candidates: Sequence[Candidate]
    chosen: int
    refits: int
    seed: int

    def __call__(self, kept: int, finish: Callable[[Ints], Ints], tick: Tick = no_tick) -> Divisions:
        """The offered divisions; `kept` is the run's number of themes, `finish` what it does to labels after the votes.

        The labels (n,) are bit for bit those that `discover.resolution` gives: as many refits vote, on the same samples
        and with the same seeds.
        """
        made: dict[int, Ints] = {}
        numbers = {self.chosen: kept}
        for at, labels in self._divided(self.picked(kept, finish), tick):
            labels = finish(labels)
            if count(labels) > 1 and all(_apart(count(labels), other) for other in numbers.values()):
                made[at], numbers[at] = labels, count(labels)
        if not made:
            return Divisions(reason=NO_OTHER)
        return Divisions(self._table(numbers), np.array([made[at] for at in sorted(made)], np.int32))

    def picked(self, kept: int, finish: Callable[[Ints], Ints]) -> list[int]:
        """The places of a coarser and a finer candidate, ascending; of two on one side if the other has none."""
        coarser, finer = (self._ever(side, kept, finish) for side in (-1, 1))
        places = [next(coarser, None), next(finer, None)]
        if None in places:
            places += [next(coarser, None), next(finer, None)]
        return sorted(at for at in places if at is not None)

    def _ever(self, side: int, number: int, finish: Callable[[Ints], Ints]) -> Iterator[int]:
        """Places of increasingly coarse (-1) or fine (1) candidates, each with clearly fewer or more themes than the
        last.

        Among the candidates of a side, the rule of the choice applies: the coarsest that is less than two standard
        errors behind the best.
        """
        pool = in_choice(self.candidates, None)
        beyond = plateau(self.candidates, self.chosen)
        while left := [at for at in pool if all((at - one) * side > 0 for one in beyond)]:
            at = preferred(self.candidates, left)
            one, beyond = self.candidates[at], [at]
            themes = count(finish(agreed(self.near.ties(), one.repeats, one.value, self.seed, PARTITIONS)))
            if themes > 1 and (themes - number) * side > 0 and _apart(themes, number):
                number, beyond = themes, plateau(self.candidates, at)
                yield at

    def _divided(self, places: Sequence[int], tick: Tick) -> Iterator[tuple[int, Ints]]:
        """Each place with the labels of the consensus at its resolution."""
        values = [self.candidates[at].value for at in places]
        made = list(refits_apart(self.near, values, range(self.refits), self.seed, tick)) if places else []
        edges = self.near.ties()
        for at, value, repeats in zip(places, values, zip(*made, strict=True), strict=True):
            yield at, agreed(edges, repeats, value, self.seed)

    def _table(self, numbers: dict[int, int]) -> Table:
        rated = scores(self.candidates)
        rows = []
        for at in sorted(numbers):
            candidate = self.candidates[at]
            alike = plateau(self.candidates, at)
            gap, gap_error = ahead(self.candidates, at, self.chosen)
            rows.append(
                {
                    "themes": numbers[at],
                    "resolution": candidate.value,
                    "resolution_low": self.candidates[alike[0]].value,
                    "resolution_high": self.candidates[alike[-1]].value,
                    "agreement": candidate.agreement,
                    "score": rated[at],
                    "score_error": _error(_parts(candidate, len(candidate.persistences))),
                    "gap": gap,
                    "gap_error": gap_error,
                    "refits": len(candidate.repeats),
                    "chosen": at == self.chosen,
                    "line": CHOSEN_LINE if at == self.chosen else f"discover.resolution: {candidate.value:g}",
                }
            )
        return pa.Table.from_pylist(rows, schema=DIVISIONS)


def plateau(candidates: Sequence[Candidate], at: int) -> list[int]:
    """The places around `at`, ascending and without a gap, that divide the rows in the same way; `at` is included."""
    places = [at]
    for step in (-1, 1):
        other = at + step
        while 0 <= other < len(candidates) and between(candidates[at], candidates[other]) >= PLATEAU_AGREEMENT:
            places.append(other)
            other += step
    return sorted(places)


def preferred(candidates: Sequence[Candidate], places: Sequence[int]) -> int:
    """The place of the coarsest candidate at `places` that is less than two standard errors behind the best of them."""
    rated = [round(score, 6) for score in scores(candidates)]
    best = max(places, key=lambda at: (rated[at], -at))

    def behind(at: int) -> bool:
        gap, error = ahead(candidates, best, at)
        return gap >= BEHIND_STANDARD_ERRORS * error

    return min(at for at in places if at == best or not behind(at))


def ahead(candidates: Sequence[Candidate], first: int, second: int) -> tuple[float, float]:
    """The difference of the scores of two candidates, first less second, and its standard error.

    The error is over the refits that tried both (Hoeffding 1948, as in `granularity.race`); 0 for a single refit.
    """
    rated = scores(candidates)
    both = min(len(candidates[first].persistences), len(candidates[second].persistences))
    return rated[first] - rated[second], _error(_parts(candidates[first], both) - _parts(candidates[second], both))


def _apart(first: int, second: int) -> bool:
    """Whether two numbers of themes are clearly different."""
    return max(first, second) >= CLEAR_RATIO * min(first, second)


def _parts(candidate: Candidate, refits: int) -> Floats:
    """(refits,) contribution of each refit to the score; agreement between pairs counts each refit twice."""
    return 2 * candidate.persistences[:refits] + COHERENCE_WEIGHT * np.nan_to_num(candidate.coherences[:refits])


def _error(parts: Floats) -> float:
    return float(parts.std(ddof=1)) / len(parts) ** 0.5 if len(parts) > 1 else 0.0

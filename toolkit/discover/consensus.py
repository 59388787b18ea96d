"""The default: the partition on which many refits agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from toolkit.discover import granularity
from toolkit.discover.clusterer import ClustererSettings, Fit, count, merged_down
from toolkit.discover.consensus_matrix import agreed, agreement_in, chance_work, null_model
from toolkit.discover.course import TRIAL_WORK, VOTE_WORK, Course
from toolkit.discover.divisions import GIVEN, Offering
from toolkit.discover.null_model import evidence
from toolkit.discover.plateaus import Offer
from toolkit.discover.redraw import Drawn, pool_of
from toolkit.discover.resample import (
    Views,
    compared_for,
    neighbours_for,
    refits_for,
    refitted,
    sampled,
    trials_for,
    views,
)
from toolkit.discover.stability import Repeat, agreement
from toolkit.discover.trials import Trials
from toolkit.discover.wording import Wording
from toolkit.values import NOISE, Ints, Tick, Vectors, no_tick

FEWEST_TEXTS = 3
"""Smallest number of texts in a theme, unless a number of themes is requested."""

MOST_TRIAL_REFITS = 60
"""Largest number of refits for the choice of a resolution; they also vote on the consensus."""

HOW_CHOSEN = (
    " The resolution was chosen by how surely the same themes return when sample and resolution change, and by how "
    "well the words that set themes apart stand together (NPMI)."
)


RACE_WORKS = ("hoeffding1948", "breiman1984")
"""Works to cite for the choice between candidates that refits cannot distinguish."""


class Consensus(ClustererSettings):
    """The partition on which many Leiden refits agree, over seeds and 80 % samples."""

    works: ClassVar[tuple[str, ...]] = ("leiden2019", "consensus2012")
    libraries: ClassVar[tuple[str, ...]] = ("igraph", "scikit-learn")
    leaves_out: ClassVar[bool] = True
    brings_refits: ClassVar[bool] = True
    redraws: ClassVar[bool] = True
    fit_seconds: ClassVar[float] = 0.003
    method: Literal["consensus"] = "consensus"
    neighbours: int | None = Field(
        None,
        ge=2,
        le=200,
        description="Nearest neighbours of each paragraph; 1.5 times the square root of n, 10 to 45, if not given.",
    )
    lexical: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Weight of the wording (TF-IDF, singular vectors) beside meaning in the graph; 0: meaning alone.",
    )
    refits: int | None = Field(
        None,
        ge=2,
        le=1000,
        description="Refits on 80 % samples that vote on the themes; 100 to 40 by size if not given.",
    )
    trials: int | None = Field(
        None,
        ge=2,
        le=100,
        description="How many of the refits try every resolution; 20 to 10 by size if not given. Further ones try "
        "those between which the choice is open, up to 60.",
    )
    resolution: float | None = Field(
        None,
        gt=0,
        description="Resolution of the modularity; chosen by persistence and coherence if not given.",
    )

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """The consensus partition of unit rows in canonical order, with its refits.

        Lancichinetti & Fortunato (2012), Consensus clustering in complex networks: refits vote on which rows belong
        together, the votes are the weights of a graph, and that graph is clustered. Votes are counted only for the ties
        of the kNN graph.
        """
        n = len(vectors)
        course = Course(tick, race=self._race_work(n), vote=self._vote_work(n), chance=chance_work(n))
        near, candidates, rivals = self._raced(texts, vectors, seed, course.whole("race"))
        course.over("race")
        grid, k, chosen = self._grid, near.k, rivals[0]
        labels, repeats, resolution = self._consensus(near, candidates[chosen], seed, course.share("vote"))
        course.over("vote")
        labels, dropped = _themes(vectors, labels, self.bounds)
        agree = candidates[chosen].agreement if resolution == candidates[chosen].value else agreement(repeats, n)
        least = min(compared_for(n), self.refits_of(n))
        seen = agreement_in(near, candidates, least, seed)
        null = null_model(near, candidates, resolution, self.neighbours)
        verdict = evidence(seen, agree, vectors, null, seed, course.share("chance"))
        course.drop("chance")
        return Fit(
            labels,
            self._sentence(near, resolution),
            granularity.table(candidates, chosen),
            {"resolution": resolution, "neighbours": min(k, n - 1)},
            granularity.open_choice(candidates, rivals)
            + granularity.cliff(candidates, chosen)
            + (() if self.bounds else granularity.edge(candidates, chosen))
            + verdict.notes
            + dropped,
            (
                *near.works,
                *(granularity.WORKS if len(grid) > 1 else ()),
                *(RACE_WORKS if len(grid) > 1 else ()),
                *verdict.works,
            ),
            repeats,
            evidence=verdict,
            redraw=self._drawn(
                near, candidates, replace(candidates[chosen], value=resolution, repeats=repeats), vectors
            ),
            offering=GIVEN if self.bounds or self.resolution else self._offer(near, candidates, chosen, seed, vectors),
        )

    def _offer(
        self, near: Views, candidates: Sequence[granularity.Candidate], chosen: int, seed: int, vectors: Vectors
    ) -> Offering:
        """Coarser and finer divisions, without groups that are too small to be a theme."""
        offer = Offer(near, candidates, chosen, self.refits_of(near.n), seed)
        return lambda kept, finish, tick: offer(kept, lambda labels: finish(_themes(vectors, labels, None)[0]), tick)

    def _drawn(
        self, near: Views, candidates: Sequence[granularity.Candidate], taken: granularity.Candidate, vectors: Vectors
    ) -> Drawn:
        """The refits prepared for resampling; `taken` contains all refits that voted."""
        pool = pool_of(candidates, granularity.in_choice(candidates, self.bounds), taken)
        return Drawn(near.ties(), pool, self.refits_of(near.n), lambda labels: _themes(vectors, labels, self.bounds)[0])

    def partition(self, texts: Sequence[str], vectors: Vectors, seed: int) -> Ints:
        """The labels of `fit`, without the null model."""
        near, candidates, rivals = self._raced(texts, vectors, seed, no_tick)
        labels, _, _ = self._consensus(near, candidates[rivals[0]], seed, no_tick)
        return _themes(vectors, labels, self.bounds)[0]

    @property
    def _grid(self) -> tuple[float, ...]:
        return granularity.RESOLUTIONS if self.resolution is None else (self.resolution,)

    def _raced(
        self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick
    ) -> tuple[Views, list[granularity.Candidate], list[int]]:
        """The graph, the candidates, and the places of those that refits cannot distinguish, the chosen one first."""
        n = len(vectors)
        self.refuse(n)
        wording = Wording.of(texts)
        near = views(wording, vectors, self.neighbours or neighbours_for(n), self.lexical)
        wanted = self.refits_of(n)
        trials = min(self.trials or trials_for(n), wanted)

        read = 0.0  # rows processed; a refit at every resolution counts each row once

        def refits(values: Sequence[float], numbers: range) -> Iterator[list[Repeat]]:
            nonlocal read
            each = TRIAL_WORK * n * len(values) / len(self._grid)
            before, read = read, read + each * len(numbers)
            total = round(max(read, self._race_work(n)))
            return sampled(near, values, numbers, seed, lambda at, _: tick(round(before + each * at), total))

        compared, most = Trials(n, len(self._grid), wording), min(wanted, max(trials, MOST_TRIAL_REFITS))
        return near, *granularity.race(self._grid, compared, self.bounds, trials, most, refits)

    def _consensus(
        self, near: Views, start: granularity.Candidate, seed: int, tick: Tick
    ) -> tuple[Ints, tuple[Repeat, ...], float]:
        """The labels, their refits and their resolution, which is raised until the requested number of themes is
        reached."""
        edges, value, repeats = near.ties(), start.value, start.repeats
        while True:
            repeats = self._completed(near, value, repeats, seed, tick)
            labels = agreed(edges, repeats, value, seed)
            if self.bounds is None or count(labels) >= self.bounds[0]:
                return labels, repeats, value
            value, repeats = value * 1.25, ()

    def _completed(
        self, near: Views, value: float, repeats: tuple[Repeat, ...], seed: int, tick: Tick
    ) -> tuple[Repeat, ...]:
        """The refits at a resolution, as many as the settings require; existing refits are included."""
        done = len(repeats)
        wanted = self.refits_of(near.n)
        left = range(done, wanted)
        return repeats + refitted(near, value, left, seed, lambda at, _: tick(done + at, wanted))

    def fit_work(self, n: int) -> float:
        """Number of rows that the refits of a fit process."""
        return self._race_work(n) + self._vote_work(n)

    def _race_work(self, n: int) -> float:
        return TRIAL_WORK * n * min(self.trials or trials_for(n), self.refits_of(n))

    def _vote_work(self, n: int) -> float:
        return VOTE_WORK * n * self.refits_of(n)

    def refits_of(self, n: int) -> int:
        """Number of refits of n rows: the number in the config, or a number that depends on n."""
        return self.refits or refits_for(n)

    def _sentence(self, near: Views, resolution: float) -> str:
        return (
            f"{near.sentence} and clustered by the Leiden algorithm {self.refits_of(near.n)} times on random samples "
            f"of 80 % of them at resolution {resolution:g}; themes are the consensus of these refits."
        ) + ("" if self.resolution or self.bounds else HOW_CHOSEN)


def _themes(vectors: Vectors, labels: Ints, bounds: tuple[int, int] | None) -> tuple[Ints, tuple[str, ...]]:
    """The labels and notes on what was changed: exactly the requested number of themes, or no group below the minimum
    size."""
    if bounds and count(labels) > bounds[1]:
        note = (
            f"Groups of the consensus were joined from {count(labels)} to {bounds[1]} themes, as asked for: the "
            "evidence of themes is for the groups, and stability compares the joined themes with single groups and may "
            "be low for that."
        )
        return merged_down(vectors, labels, bounds[1]), (note,)
    if bounds:
        return labels, ()
    lonely = np.bincount(labels)[labels] < FEWEST_TEXTS
    if not lonely.any():
        return labels, ()
    note = f"{int(lonely.sum())} of {len(labels)} paragraphs stand alone or in pairs: in no theme."
    return np.where(lonely, NOISE, labels).astype(np.int32), (note,)

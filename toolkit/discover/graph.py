"""One Leiden partition of the kNN graph, without the votes of the consensus, for comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from toolkit.discover import granularity
from toolkit.discover.clusterer import ClustererSettings, Fit, count, merged_down
from toolkit.discover.consensus_matrix import agreement_in, chance_work, null_model
from toolkit.discover.course import TRIAL_WORK, VOTE_WORK, Course
from toolkit.discover.leiden import Graph as Leiden
from toolkit.discover.null_model import evidence
from toolkit.discover.resample import Views, compared_for, neighbours_for, refitted, sampled, views
from toolkit.discover.stability import agreement
from toolkit.discover.trials import Trials
from toolkit.discover.wording import Wording
from toolkit.values import Ints, Tick, Vectors, no_tick, seed_for

TRIAL_REFITS = 4


class Graph(ClustererSettings):
    """A single Leiden partition of the cosine kNN graph."""

    works: ClassVar[tuple[str, ...]] = ("leiden2019",)
    libraries: ClassVar[tuple[str, ...]] = ("igraph", "scikit-learn")
    leaves_out: ClassVar[bool] = True
    brings_refits: ClassVar[bool] = True
    fit_seconds: ClassVar[float] = 0.002
    method: Literal["graph"] = "graph"
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
    resolution: float | None = Field(
        None,
        gt=0,
        description="Resolution of the modularity; chosen by persistence and coherence if not given.",
    )

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """One partition by modularity (Traag, Waltman & van Eck 2019), at a resolution chosen as for the consensus."""
        n, grid = len(vectors), self._grid
        course = Course(tick, race=self.fit_work(n), vote=VOTE_WORK * n * self.refits_of(n), chance=chance_work(n))
        near, candidates, chosen, value, labels = self._divided(texts, vectors, seed)
        course.over("race")
        repeats = refitted(near, value, range(self.refits_of(n)), seed, course.share("vote"))
        same = value == candidates[chosen].value or not repeats
        agree = candidates[chosen].agreement if same else agreement(repeats, n)
        seen = agreement_in(near, candidates, compared_for(n), seed)
        null = null_model(near, candidates, value, self.neighbours)
        verdict = evidence(seen, agree, vectors, null, seed, course.share("chance"))
        course.drop("chance")
        return Fit(
            labels,
            f"{near.sentence} and clustered once by the Leiden algorithm at resolution {value:g}.",
            granularity.table(candidates, chosen),
            {"resolution": value, "neighbours": min(near.k, n - 1)},
            granularity.cliff(candidates, chosen)
            + (() if self.bounds else granularity.edge(candidates, chosen))
            + verdict.notes,
            (
                *near.works,
                *(granularity.WORKS if len(grid) > 1 else ()),
                *verdict.works,
            ),
            repeats,
            evidence=verdict,
        )

    def fit_work(self, n: int) -> float:
        """Number of rows that the refits of a division process."""
        return TRIAL_WORK * n * TRIAL_REFITS

    def partition(self, texts: Sequence[str], vectors: Vectors, seed: int) -> Ints:
        """The labels of `fit`, without refits of the whole corpus and without the null model."""
        return self._divided(texts, vectors, seed)[-1]

    @property
    def _grid(self) -> tuple[float, ...]:
        return granularity.RESOLUTIONS if self.resolution is None else (self.resolution,)

    def _divided(
        self, texts: Sequence[str], vectors: Vectors, seed: int
    ) -> tuple[Views, list[granularity.Candidate], int, float, Ints]:
        """The graph, the candidates, the place of the chosen one, its resolution, and the labels at that resolution."""
        n, grid = len(vectors), self._grid
        self.refuse(n)
        wording = Wording.of(texts)
        near = views(wording, vectors, self.neighbours or neighbours_for(n), self.lexical)
        trials = Trials(n, len(grid), wording)
        trials.add(range(len(grid)), sampled(near, grid, range(TRIAL_REFITS), seed))
        candidates = granularity.candidates(grid, trials)
        chosen = granularity.choose(candidates, self.bounds)
        graph, value = Leiden(near.ties()), candidates[chosen].value
        labels = graph.partition(value, seed_for(seed, "partition"), -1)
        while self.bounds and count(labels) < self.bounds[0]:
            value *= 1.25
            labels = graph.partition(value, seed_for(seed, "partition"), -1)
        if self.bounds and count(labels) > self.bounds[1]:
            labels = merged_down(vectors, labels, self.bounds[1])
        return near, candidates, chosen, value, labels

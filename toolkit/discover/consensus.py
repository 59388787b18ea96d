"""The default: the partition on which many refits agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from toolkit.discover import granularity
from toolkit.discover.clusterer import ClustererSettings, Fit, count, merged_down, too_many
from toolkit.discover.leiden import Graph
from toolkit.discover.neighbours import Edges, Neighbours, among, mutual, nearest
from toolkit.discover.stability import draw, rand_index
from toolkit.values import Floats, Ints, Tick, Vectors, no_tick, seed_for

SPARE = 1.8
"""So many times k neighbours are known, so that a subset of the rows still finds k within itself."""


class Consensus(ClustererSettings):
    """Many Leiden refits over seeds and 80 % samples, and the partition that they agree on."""

    method: Literal["consensus"] = "consensus"
    neighbours: int = Field(15, ge=2, le=200, description="Nearest neighbours that each paragraph is tied to.")
    refits: int = Field(40, ge=2, le=1000, description="Refits on 80 % samples that vote on the themes.")
    resolution: float | None = Field(
        None, gt=0, description="Resolution of the modularity; chosen by agreement between seeds if not given."
    )

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """The consensus partition of unit rows in canonical order, with the refits it rests on.

        Lancichinetti & Fortunato (2012), Consensus clustering in complex networks: refits vote on which rows belong
        together; the votes weigh a graph, which is clustered in turn. Votes are counted on the kNN graph's ties only.
        """
        n = len(vectors)
        if self.bounds and self.bounds[0] > n:
            raise too_many(self.bounds[0], n)
        known = nearest(vectors, int(np.ceil(self.neighbours * SPARE)))
        edges = mutual(known, self.neighbours)
        graph = Graph(edges)
        grid = granularity.GRID if self.resolution is None else (self.resolution,)
        found = granularity.candidates(graph, seed, grid)
        chosen = granularity.choose(found, self.bounds)
        resolution = resolution_for(graph, found[chosen], self.bounds, seed)
        repeats = []
        for at in range(self.refits):
            rows = draw(n, seed_for(seed, f"rows {at}"))
            repeats.append((rows, refitted(known, rows, self.neighbours, resolution, seed_for(seed, f"refit {at}"))))
            tick(at + 1, self.refits)
        labels = agreed(edges, repeats, resolution, seed)
        if self.bounds and count(labels) > self.bounds[1]:
            labels = merged_down(vectors, labels, self.bounds[1])
        return Fit(
            labels,
            self._sentence(resolution),
            granularity.table(found, chosen),
            {"resolution": resolution, "neighbours": min(self.neighbours, n - 1), "refits": self.refits},
            granularity.cliff(found, chosen),
            tuple(repeats),
        )

    def _sentence(self, resolution: float) -> str:
        return (
            f"Paragraphs were joined to their {self.neighbours} nearest neighbours by cosine (ties that are not mutual "
            f"count half) and clustered by the Leiden algorithm {self.refits} times on random samples of 80 % of them "
            f"at resolution {resolution:g}; themes are the consensus of these refits."
        )


def refitted(known: Neighbours, rows: Ints, k: int, resolution: float, seed: int) -> Ints:
    """Labels of a subset of the rows, its own kNN graph clustered anew."""
    return Graph(mutual(among(known, rows, k), k)).partition(resolution, seed)


def votes(edges: Edges, repeats: Sequence[tuple[Ints, Ints]]) -> Floats:
    """(m,) the share of the refits which saw both ends of a tie that put them together."""
    seen, together = np.zeros(len(edges.source)), np.zeros(len(edges.source))
    for rows, labels in repeats:
        whole = np.full(edges.n, -1, np.int32)
        whole[rows] = labels
        left, right = whole[edges.source], whole[edges.target]
        both = (left >= 0) & (right >= 0)
        seen += both
        together += both & (left == right)
    return together / np.maximum(seen, 1)


def agreed(edges: Edges, repeats: Sequence[tuple[Ints, Ints]], resolution: float, seed: int) -> Ints:
    """The consensus partition: the graph weighed by votes, clustered by eight seeds, the most typical one taken."""
    weight = edges.weight * votes(edges, repeats) ** 2
    kept = weight > 0
    graph = Graph(Edges(edges.n, edges.source[kept], edges.target[kept], weight[kept]))
    tries = [graph.partition(resolution, seed_for(seed, f"consensus {at}"), -1) for at in range(8)]
    typical = [np.mean([rand_index(one, other) for other in tries]) for one in tries]
    return tries[int(np.argmax(np.round(typical, 9)))]


def resolution_for(graph: Graph, candidate: granularity.Candidate, bounds: tuple[int, int] | None, seed: int) -> float:
    """A resolution that gives at least the number of themes asked for."""
    value, labels = candidate.value, candidate.labels[0]
    while bounds and count(labels) < bounds[0] and value < 1e6:
        value *= 1.25
        labels = graph.partition(value, seed_for(seed, f"finer {value}"))
    return value

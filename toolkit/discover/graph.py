"""Leiden once on the kNN graph: the consensus without its refits, for comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from toolkit.discover import granularity
from toolkit.discover.clusterer import ClustererSettings, Fit, count, merged_down, too_many
from toolkit.discover.consensus import SPARE, refitted, resolution_for
from toolkit.discover.leiden import Graph as Leiden
from toolkit.discover.neighbours import mutual, nearest
from toolkit.values import Ints, Tick, Vectors, no_tick, seed_for


class Graph(ClustererSettings):
    """A single Leiden partition of the cosine kNN graph."""

    method: Literal["graph"] = "graph"
    neighbours: int = Field(15, ge=2, le=200, description="Nearest neighbours that each paragraph is tied to.")
    resolution: float | None = Field(
        None, gt=0, description="Resolution of the modularity; chosen by agreement between seeds if not given."
    )
    refits: int = Field(20, ge=0, le=1000, description="Refits on 80 % samples that measure stability.")

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """One partition by modularity (Traag, Waltman & van Eck 2019) at the resolution on which seeds agree best."""
        n = len(vectors)
        if self.bounds and self.bounds[0] > n:
            raise too_many(self.bounds[0], n)
        known = nearest(vectors, int(np.ceil(self.neighbours * SPARE)))
        graph = Leiden(mutual(known, self.neighbours))
        grid = granularity.GRID if self.resolution is None else (self.resolution,)
        found = granularity.candidates(graph, seed, grid)
        chosen = granularity.choose(found, self.bounds)
        resolution = resolution_for(graph, found[chosen], self.bounds, seed)
        labels = graph.partition(resolution, seed_for(seed, "partition"), -1)
        if self.bounds and count(labels) > self.bounds[1]:
            labels = merged_down(vectors, labels, self.bounds[1])

        def refit(rows: Ints, seed: int) -> Ints:
            return refitted(known, rows, self.neighbours, resolution, seed)

        return Fit(
            labels,
            f"Paragraphs were joined to their {self.neighbours} nearest neighbours by cosine (ties that are not mutual "
            f"count half) and clustered once by the Leiden algorithm at resolution {resolution:g}.",
            granularity.table(found, chosen),
            {"resolution": resolution, "neighbours": min(self.neighbours, n - 1)},
            granularity.cliff(found, chosen),
            refit=refit,
        )

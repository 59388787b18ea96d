"""The Leiden algorithm with its random numbers in hand."""

from __future__ import annotations

import random

import numpy as np

from toolkit.discover.neighbours import Edges
from toolkit.values import Ints


class Graph:
    """A weighted graph made ready once and clustered many times."""

    def __init__(self, edges: Edges) -> None:
        from igraph import Graph as Igraph

        self.n = edges.n
        pairs = zip(edges.source.tolist(), edges.target.tolist(), strict=True)
        self._graph = Igraph(edges.n, list(pairs))  # read more than twice as fast as from an array
        self._weights = edges.weight.tolist()

    def partition(self, resolution: float, seed: int, iterations: int = 2) -> Ints:
        """Labels (n,) of high modularity at a resolution (Traag et al. 2019; Reichardt & Bornholdt 2006, eq. 15).

        The same seed gives the same labels; igraph's generator is put back afterwards.
        """
        import igraph

        igraph.set_random_number_generator(random.Random(seed))
        try:
            found = self._graph.community_leiden(
                "modularity", weights=self._weights, resolution=resolution, n_iterations=iterations
            )
        finally:
            igraph.set_random_number_generator(random)
        return np.array(found.membership, np.int32)

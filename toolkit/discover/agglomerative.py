"""Agglomerative clustering."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from toolkit.discover.clusterer import (
    MOST_THEMES_TRIED,
    ClustererSettings,
    Fit,
    best_number,
    different,
    numbers_to_try,
    silhouettes,
)
from toolkit.discover.reduce import NoReduction, Reducer
from toolkit.errors import ToolkitError
from toolkit.values import Floats, Ints, Tick, Vectors, no_tick, seed_for

MOST_ROWS = 15_000
"""Largest number of rows whose pairwise distances are kept in memory (0.9 GB); more rows are refused."""


class Agglomerative(ClustererSettings):
    """Themes merged from the bottom up by Ward's criterion or average linkage."""

    libraries: ClassVar[tuple[str, ...]] = ("scipy",)
    fit_seconds: ClassVar[float] = 0.003
    method: Literal["agglomerative"] = "agglomerative"
    linkage: Literal["ward", "average"] = Field("ward", description="How near two groups are.")
    reducer: Reducer = Field(NoReduction(), description="What is done to the vectors first.")

    def refuse(self, n: int) -> None:
        """Refuse what all methods refuse, and a corpus with too many pairs of paragraphs for the memory."""
        super().refuse(n)
        if n > MOST_ROWS:
            raise ToolkitError(
                f"discover.method: agglomerative holds the distances of all pairs and takes at most {MOST_ROWS:,} "
                f"different paragraphs, the corpus has {n:,}; use consensus, graph or kmeans"
            )

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """The themes of a cut of the tree (Ward 1963; scipy).

        For `auto` and a range, the number of themes is the one with the best mean silhouette.
        """
        n = len(vectors)
        self.refuse(n)
        points = self.reducer.reduce(vectors, seed_for(seed, "reduce"))
        tree = self._tree(points)
        numbers = numbers_to_try(self.bounds, n, different(vectors, MOST_THEMES_TRIED))
        tried = {k: _cut(tree, k) for k in numbers}
        k, candidates = best_number(tried, silhouettes(points, tried))

        def refit(others: Vectors, rows: Ints, seed: int) -> Ints:
            part = self.reducer.reduce(others[rows], seed_for(seed, "reduce"))
            return _cut(self._tree(part), min(k, len(rows)))

        sentence = f"Paragraphs were joined from the bottom up ({self.linkage} linkage) into {k} themes"
        sentence += "." if len(numbers) == 1 else "; the number of themes has the best mean silhouette."
        ward = ("ward1963",) if self.linkage == "ward" else ()
        works = (*ward, *self.reducer.works, *(("hruschka2004",) if len(numbers) > 1 else ()))
        return Fit(tried[k], sentence, candidates, {"themes": k}, works=works, refit=refit)

    def _tree(self, points: Vectors) -> Floats:
        from scipy.cluster.hierarchy import linkage

        if len(points) < 2:
            return np.zeros((0, 4))
        return np.asarray(linkage(points.astype(float), self.linkage))


def _cut(tree: Floats, k: int) -> Ints:
    """Labels (n,) of exactly k groups: the last n - k merges are undone, whether or not heights are tied."""
    n = len(tree) + 1
    owner = np.arange(n + len(tree))
    for at, (left, right) in enumerate(tree[: n - k, :2].astype(int)):
        owner[left] = owner[right] = n + at
    for node in range(len(owner) - 1, -1, -1):
        owner[node] = owner[owner[node]]
    return np.unique(owner[:n], return_inverse=True)[1].astype(np.int32)

"""Spherical k-means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal
from warnings import catch_warnings, simplefilter

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
from toolkit.values import Ints, Tick, Vectors, no_tick, seed_for


class KMeans(ClustererSettings):
    """Spherical k-means: every paragraph belongs to the theme whose mean direction is nearest."""

    works: ClassVar[tuple[str, ...]] = ("skmeans2001",)
    libraries: ClassVar[tuple[str, ...]] = ("scikit-learn",)
    fit_seconds: ClassVar[float] = 0.002
    method: Literal["kmeans"] = "kmeans"
    reducer: Reducer = Field(NoReduction(), description="What is done to the vectors first.")
    starts: int = Field(10, ge=1, le=100, description="Starts, of which the best is kept.")

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """The themes of k-means on unit rows (Dhillon & Modha 2001); for `auto` and a range, k has the best mean
        silhouette."""
        n = len(vectors)
        self.refuse(n)
        points = self.reducer.reduce(vectors, seed_for(seed, "reduce"))
        numbers = numbers_to_try(self.bounds, n, different(vectors, MOST_THEMES_TRIED))
        tried = {k: self._once(points, k, seed_for(seed, f"themes {k}")) for k in numbers}
        scores = silhouettes(points, tried)
        k, candidates = best_number(tried, scores)

        def refit(others: Vectors, rows: Ints, seed: int) -> Ints:
            part = self.reducer.reduce(others[rows], seed_for(seed, "reduce"))
            return self._once(part, min(k, len(rows)), seed)

        sentence = f"Paragraphs were divided into {k} themes by spherical k-means (the best of {self.starts} starts)"
        sentence += "." if len(numbers) == 1 else "; the number of themes has the best mean silhouette."
        works = (*self.reducer.works, *(("hruschka2004",) if len(numbers) > 1 else ()))
        return Fit(tried[k], sentence, candidates, {"themes": k}, works=works, refit=refit)

    def _once(self, points: Vectors, k: int, seed: int) -> Ints:
        from sklearn.cluster import KMeans as Model
        from sklearn.exceptions import ConvergenceWarning

        with catch_warnings():
            simplefilter(
                "ignore", ConvergenceWarning
            )  # if there are fewer different rows than themes, they are filled below
            model = Model(k, n_init=self.starts, random_state=seed % 2**31).fit(points)
        return fill_empty(model.labels_.astype(np.int32), k)


def fill_empty(labels: Ints, k: int) -> Ints:
    """Labels (n,) with exactly k themes: if identical rows leave themes empty, rows of the largest theme fill them."""
    labels = labels.copy()
    for theme in np.setdiff1d(np.arange(k), labels):
        largest = int(np.bincount(labels, minlength=k).argmax())
        labels[np.flatnonzero(labels == largest)[-1]] = theme
    return labels

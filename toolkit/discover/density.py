"""Density: UMAP and HDBSCAN, as in BERTopic; noise is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from toolkit.discover.clusterer import (
    ClustererSettings,
    Fit,
    candidate_table,
    count,
    largest_share,
    merged_down,
    too_many,
)
from toolkit.discover.reduce import Reducer, Umap
from toolkit.errors import ToolkitError
from toolkit.values import Ints, Tick, Vectors, no_tick, seed_for


class Density(ClustererSettings):
    """Themes are dense regions after UMAP; paragraphs between them have no theme."""

    works: ClassVar[tuple[str, ...]] = ("hdbscan2013",)
    libraries: ClassVar[tuple[str, ...]] = ("hdbscan",)
    fit_seconds: ClassVar[float] = 0.004
    fit_start_seconds: ClassVar[float] = 20.0
    shuffles: ClassVar[int] = 1
    may_find_fewer: ClassVar[bool] = True
    method: Literal["density"] = "density"
    reducer: Reducer = Field(Umap(), description="What is done to the vectors first.")
    min_cluster_size: int | None = Field(
        None,
        ge=2,
        description="Paragraphs that a theme has at least; a hundredth of them, and at least 5, if not given.",
    )
    min_samples: int | None = Field(None, ge=1, description="HDBSCAN's min_samples; the cluster size if not given.")
    selection: Literal["eom", "leaf"] = Field("eom", description="Which clusters of the tree are taken.")
    refits: int = Field(5, ge=0, le=1000, description="Refits on 80 % samples (UMAP anew each) that measure stability.")

    def refuse(self, n: int) -> None:
        """Refuse what all methods refuse, and more themes than pairs of paragraphs: an HDBSCAN cluster has at least
        two."""
        super().refuse(n)
        if self.bounds and self.bounds[0] > n // 2:
            raise too_many(self.bounds[0], n, n // 2)

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """The clusters of HDBSCAN (Campello, Moulavi & Sander 2013) on reduced rows.

        A requested number of themes is reached by smaller clusters, then by merging the nearest ones.

        Raises: ToolkitError if HDBSCAN finds fewer themes than requested at every cluster size.
        """
        n = len(vectors)
        self.refuse(n)
        points = self.reducer.reduce(vectors, seed_for(seed, "reduce"))
        size = self.min_cluster_size or max(5, n // 100)
        tried = [(size, self._once(points, size))]
        while self.bounds and count(tried[-1][1]) < self.bounds[0] and tried[-1][0] > 2:
            smaller = max(2, int(tried[-1][0] * 0.7))
            tried.append((smaller, self._once(points, smaller)))
        size, labels = tried[-1]
        if self.bounds and count(labels) < self.bounds[0]:
            raise ToolkitError(
                f"discover.themes: density found {count(labels)} themes at its finest, {self.bounds[0]} were asked "
                "for; use consensus, graph or kmeans, which give any number"
            )
        if self.bounds and count(labels) > self.bounds[1]:
            labels = merged_down(vectors, labels, self.bounds[1])

        def refit(others: Vectors, rows: Ints, seed: int) -> Ints:
            part = self.reducer.reduce(others[rows], seed_for(seed, "reduce"))
            return self._once(part, max(2, round(size * len(rows) / n)))

        rows = [
            {"parameter": "min_cluster_size", "value": float(s), "themes": count(partition), "chosen": s == size}
            | {"largest_share": largest_share(partition)}
            for s, partition in tried
        ]
        return Fit(
            labels,
            f"Vectors were reduced ({self.reducer.method}) and clustered by HDBSCAN with at least {size} paragraphs a "
            "theme; paragraphs outside dense regions have no theme.",
            candidate_table(rows),
            {"min_cluster_size": size},
            works=self.reducer.works,
            refit=refit,
        )

    def _once(self, points: Vectors, size: int) -> Ints:
        from hdbscan import HDBSCAN

        if len(points) <= size or len(points) < 3:
            return np.full(len(points), -1, np.int32)
        samples = min(self.min_samples or size, len(points) - 1)
        model = HDBSCAN(
            min_cluster_size=size,
            min_samples=samples,
            metric="euclidean",
            cluster_selection_method=self.selection,
            core_dist_n_jobs=1,
        )
        return np.asarray(model.fit(points.astype(float)).labels_, np.int32)

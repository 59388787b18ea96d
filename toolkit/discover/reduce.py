"""Dimension reduction before clustering."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from toolkit.settings import Settings
from toolkit.values import Vectors


class Umap(Settings):
    """UMAP (umap-learn), single-threaded with a fixed seed. Compilation takes about ten seconds in every process."""

    libraries: ClassVar[tuple[str, ...]] = ("umap-learn",)
    works: ClassVar[tuple[str, ...]] = ("umap2018",)
    method: Literal["umap"] = "umap"
    neighbours: int = Field(15, ge=2, le=500, description="Neighbours that UMAP looks at (n_neighbors).")
    components: int = Field(5, ge=1, le=100, description="Dimensions kept.")
    min_dist: float = Field(0.0, ge=0, le=1, description="Least distance between points in the reduced space.")

    def reduce(self, vectors: Vectors, seed: int) -> Vectors:
        """(n, components) coordinates (McInnes, Healy & Melville 2018); PCA replaces UMAP if there are too few rows."""
        n = len(vectors)
        if n < 5:
            return Pca(components=self.components).reduce(vectors, seed)
        from umap import UMAP

        components = min(self.components, n - 2)
        model = UMAP(
            n_neighbors=min(self.neighbours, n - 1),
            n_components=components,
            min_dist=self.min_dist,
            metric="cosine",
            init="spectral" if n > 3 * components + 5 else "random",
            random_state=seed,
            n_jobs=1,
            low_memory=False,
        )
        return np.asarray(model.fit_transform(vectors), np.float32)


class Pca(Settings):
    """Principal components (scikit-learn's full SVD), the same at every run."""

    libraries: ClassVar[tuple[str, ...]] = ("scikit-learn",)
    method: Literal["pca"] = "pca"
    components: int = Field(50, ge=1, le=4096, description="Dimensions kept, at most as many as there are.")

    def reduce(self, vectors: Vectors, seed: int) -> Vectors:
        """(n, components) coordinates on the principal components; those of a single row are all 0."""
        if len(vectors) < 2:
            return np.zeros((len(vectors), min(self.components, *vectors.shape)), np.float32)
        from sklearn.decomposition import PCA

        components = min(self.components, *vectors.shape)
        return np.asarray(PCA(components, svd_solver="full").fit_transform(vectors.astype(float)), np.float32)


class NoReduction(Settings):
    """The vectors without a reduction."""

    method: Literal["none"] = "none"

    def reduce(self, vectors: Vectors, seed: int) -> Vectors:
        """The given (n, d) rows, unchanged."""
        return vectors


Reducer = Annotated[Umap | Pca | NoReduction, Field(discriminator="method")]

"""Latent semantic analysis over TF-IDF: vectors from the corpus alone, in any language, without a model.

The leading singular vectors of the TF-IDF weights (Deerwester et al. 1990); for all but small corpora by randomised
subspace iteration from a fixed start (Halko, Martinsson and Tropp 2011, algorithm 4.4), fitted to texts drawn by
content. The fit uses unique texts in an order of its own, so the order of the corpus has no effect; the largest loading
of each axis is positive.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from toolkit.embed.embedder import EmbedderSettings
from toolkit.embed.identity import Identity, library_versions
from toolkit.embed.pretrained import Encoded
from toolkit.embed.tfidf import Vocabulary, words
from toolkit.files.digest import texts_digest
from toolkit.settings import canonical, digest_of
from toolkit.values import Floats, Ints, ModelRecord, Sparse, Tick, Vectors, no_tick

RULE_VERSION = 2
"""Version of the rules in this file and in `tfidf`."""
DENSE_ROWS = 1000
"""Up to this number of texts or terms the decomposition is full; above it, iterative from a fixed start."""
ROUNDING_ERROR = 1e-9
"""A text whose terms reach every axis by at most this (a rounding error) counts as a text without a known word."""
EXTRA_AXES, ITERATIONS = 20, 4
"""Axes computed in addition to those kept, and number of iterations."""


class Lsa(EmbedderSettings):
    """TF-IDF and singular vectors of the corpus: needs no model, reads any length and language."""

    works: ClassVar[tuple[str, ...]] = ("lsa1990", "salton1988")
    start_seconds: ClassVar[float] = 2.0
    of_corpus: ClassVar[bool] = True
    method: Literal["lsa"] = "lsa"
    dimensions: int = Field(100, ge=2, le=1000, description="Most dimensions kept; fewer where the corpus has fewer.")
    most_terms: int = Field(50_000, ge=100, description="Most words and pairs kept, the most frequent first.")
    fit_texts: int = Field(
        20_000, ge=100, description="Most texts that the axes are fitted to, drawn by content; terms count in all."
    )

    @property
    def tokens_per_second(self) -> float:
        """As words are counted, no network is run."""
        return 300_000.0

    def identity(self) -> Identity:
        """Rules, settings and versions. The vectors also depend on the corpus, so they are not stored per text."""
        engine: Identity = {
            "model": "lsa",
            "engine": "lsa",
            "rule": RULE_VERSION,
            "settings": digest_of(canonical(self)),
        }
        return engine | library_versions("numpy", "scipy", "rjieba")

    def fit(self, texts: Sequence[str]) -> LsaEncoder:
        """The encoder fitted to these texts, each counted once, whatever their order."""
        from scipy.sparse import csr_matrix, vstack

        unique = sorted(set(texts))
        vocabulary = Vocabulary.of(unique, self.most_terms)
        some = sorted(unique, key=lambda text: texts_digest([text]))[: self.fit_texts]
        blocks = list(vocabulary.weights(some)) or [csr_matrix((0, 0))]
        matrix = vstack(blocks, format="csr")
        axes = leading_axes(matrix, self.dimensions)
        engine = f"lsa, axes fitted to {len(some):,} of {len(unique):,} texts"
        return LsaEncoder(
            vocabulary.terms, vocabulary.idf, axes, canonical(self), engine, not in_full(matrix, self.dimensions)
        )


@dataclass(frozen=True)
class LsaEncoder:
    """A fitted `embedder.Encoder`; axes (terms, d) float64, the last axis reserved for texts without a known word."""

    terms: tuple[str, ...]
    idf: Floats
    axes: Floats
    settings: dict[str, Any]
    engine: str = "lsa"
    iterated: bool = False
    limit = None

    @property
    def works(self) -> tuple[str, ...]:
        """Keys of the works that it rests on: a decomposition in full needs no iteration."""
        return (*Lsa.works, "halko2011") if self.iterated else Lsa.works

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Its terms and their weights."""
        return Vocabulary(self.terms, self.idf)

    @cached_property
    def record(self) -> ModelRecord:
        """Which model this is; the sha256 is of its terms and fitted arrays."""
        digest = digest_of([self.terms, [self.idf.tobytes().hex(), self.axes.tobytes().hex()]])
        return ModelRecord("lsa", None, digest, self.axes.shape[1], None, self.engine)

    def count_tokens(self, texts: Sequence[str]) -> Ints:
        """(n,) words of each text."""
        return np.array([len(words(text)) for text in texts], dtype=np.int32)

    def unknown(self, texts: Sequence[str]) -> Floats:
        """(n,) 1 for a text without a term of the vocabulary, 0 for all others."""
        return self.vocabulary.absent(texts).astype(float)

    def encode(self, texts: Sequence[str], tick: Tick = no_tick) -> Vectors:
        """(n, d) float32 unit rows; a text without a known word gets the last axis, which no other text uses."""
        return self.encode_counted(texts, tick=tick).vectors

    def encode_counted(
        self, texts: Sequence[str], tokens: Ints | None = None, workers: int | None = None, tick: Tick = no_tick
    ) -> Encoded:
        """Unit rows and word counts."""
        rows = np.empty((len(texts), self.axes.shape[1]), np.float32)
        done = 0
        for block in self.vocabulary.weights(texts):
            wide = np.asarray(block @ self.axes)
            wide[np.abs(wide).max(axis=1, initial=0.0) < ROUNDING_ERROR, :] = np.eye(
                1, wide.shape[1], wide.shape[1] - 1
            )
            lengths = np.sqrt((wide * wide).sum(axis=1))
            rows[done : done + len(wide)] = wide / lengths[:, None]
            done += len(wide)
            tick(done, len(texts))
        return Encoded(rows, self.count_tokens(texts) if tokens is None else tokens)

    def save(self, folder: Path) -> None:
        """Write terms and arrays, for `load_encoder`."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "idf.npy", self.idf, allow_pickle=False)
        np.save(folder / "axes.npy", self.axes, allow_pickle=False)
        plain: dict[str, Any] = {"kind": "lsa", "settings": self.settings, "record": vars(self.record)}
        text = json.dumps(plain | {"terms": self.terms}, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / "encoder.json").write_text(text + "\n", encoding="utf-8")


def leading_axes(matrix: Sparse, dimensions: int) -> Floats:
    """(terms, d + 1) the leading right singular vectors, and an axis of zeros for texts without known words.

    Uses one thread, so that no sum depends on the number of cores.
    """
    from threadpoolctl import threadpool_limits

    texts, terms = matrix.shape
    most = min(dimensions, texts, terms)
    if not most:
        return np.zeros((terms, 1))
    with threadpool_limits(1):
        axes = full_axes(matrix, most) if in_full(matrix, dimensions) else iterated_axes(matrix, most)
    strongest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    return np.hstack([axes * np.where(strongest < 0, -1.0, 1.0), np.zeros((terms, 1))])


def in_full(matrix: Sparse, dimensions: int) -> bool:
    """Whether a matrix is small enough to be decomposed in full."""
    least = min(matrix.shape)
    return bool(least <= max(DENSE_ROWS, min(dimensions, least) + 1))


def full_axes(matrix: Sparse, most: int) -> npt.NDArray[np.float64]:
    """Right singular vectors by way of the smaller Gram matrix; directions without weight are left out."""
    wide = matrix.shape[0] <= matrix.shape[1]
    gram = (matrix @ matrix.T if wide else matrix.T @ matrix).toarray()
    values, vectors = np.linalg.eigh(gram)
    keep = np.flatnonzero(values > 1e-10 * max(values[-1], 1e-300))[::-1][:most]
    if not wide:
        return np.asarray(vectors[:, keep])
    return np.asarray(matrix.T @ (vectors[:, keep] / np.sqrt(values[keep])))


def iterated_axes(matrix: Sparse, most: int) -> npt.NDArray[np.float64]:
    """Right singular vectors by subspace iteration, the start drawn from seed 0."""
    width = min(most + EXTRA_AXES, *matrix.shape)
    basis = np.random.default_rng(0).normal(size=(matrix.shape[1], width))
    for _ in range(ITERATIONS):
        texts, _ = np.linalg.qr(matrix @ basis)
        basis, _ = np.linalg.qr(matrix.T @ texts)
    right = np.linalg.svd(matrix @ basis, full_matrices=False)[2]
    return np.asarray(basis @ right[:most].T)

"""Latent semantic analysis over TF-IDF: vectors from the corpus itself, in any language, with no model at all.

TF-IDF of words and pairs of words with logarithmic counts (Salton and Buckley 1988), then the leading singular vectors
(Deerwester et al. 1990). Chinese and Japanese runs are segmented into words by rjieba. The fit sees unique texts in an
order of its own, so no order of the corpus reaches it; each axis points where its largest loading is positive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from toolkit.embed.embedder import EmbedderSettings
from toolkit.embed.identity import Identity, library_versions
from toolkit.embed.pretrained import Encoded, unit
from toolkit.settings import canonical, digest_of
from toolkit.values import Floats, Ints, ModelRecord, Tick, Vectors, no_tick

RULE = 1
"""Version of the rules in this file."""
WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+")
DENSE = 1000
"""Up to so many texts or terms the decomposition is done in full; beyond, iteratively from a fixed start."""


class Lsa(EmbedderSettings):
    """TF-IDF and singular vectors of the corpus itself: needs no model, reads any length and language."""

    method: Literal["lsa"] = "lsa"
    dimensions: int = Field(100, ge=2, le=1000, description="Most dimensions kept; fewer where the corpus has fewer.")
    most_terms: int = Field(50_000, ge=100, description="Most words and pairs kept, the most frequent first.")

    def identity(self) -> Identity:
        """Rules, settings and versions; the vectors depend on the corpus too, so none are stored per text."""
        engine: Identity = {"model": "lsa", "engine": "lsa", "rule": RULE, "settings": digest_of(canonical(self))}
        return engine | library_versions("numpy", "scikit-learn", "scipy", "rjieba")

    def fit(self, texts: Sequence[str]) -> LsaEncoder:
        """The encoder fitted to these texts, each counted once, whatever their order."""
        unique = sorted(set(texts))
        terms, counts = vocabulary(unique, self.most_terms)
        idf = np.log((1 + len(unique)) / (1 + counts)) + 1
        weights = weighted(unique, terms, idf)
        axes = leading_axes(weights, self.dimensions)
        return LsaEncoder(terms, idf, axes, canonical(self))


@dataclass(frozen=True)
class LsaEncoder:
    """A fitted `values.Encoder`: terms -> column, idf (terms,), axes (terms, d)."""

    terms: dict[str, int]
    idf: Floats
    axes: Floats
    settings: dict[str, Any]
    limit = None

    @cached_property
    def record(self) -> ModelRecord:
        """Which model this is; the sha256 is of its fitted arrays and terms."""
        parts = [json.dumps(self.terms, ensure_ascii=False), self.idf.tobytes().hex(), self.axes.tobytes().hex()]
        return ModelRecord("lsa", None, digest_of(parts), self.axes.shape[1], None, "lsa")

    def count_tokens(self, texts: Sequence[str]) -> Ints:
        """(n,) words of each text."""
        return np.array([len(words(text)) for text in texts], dtype=np.int32)

    def encode(self, texts: Sequence[str], tick: Tick = no_tick) -> Vectors:
        """(n, d) float32 unit rows; a text with no known word gets the last axis, which no other text uses."""
        return self.encode_counted(texts, tick=tick).vectors

    def encode_counted(
        self, texts: Sequence[str], tokens: Ints | None = None, workers: int | None = None, tick: Tick = no_tick
    ) -> Encoded:
        """Unit rows and word counts."""
        rows = np.asarray(weighted(texts, self.terms, self.idf) @ self.axes)
        rows[~rows.any(axis=1), -1] = 1.0
        tick(len(texts), len(texts))
        vectors = np.stack([unit(row) for row in rows]) if len(rows) else rows.astype(np.float32)
        return Encoded(vectors, self.count_tokens(texts) if tokens is None else tokens)

    def save(self, folder: Path) -> None:
        """Write terms and arrays, for `load_encoder`."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "idf.npy", self.idf, allow_pickle=False)
        np.save(folder / "axes.npy", self.axes, allow_pickle=False)
        plain = {"kind": "lsa", "settings": self.settings, "record": vars(self.record), "terms": list(self.terms)}
        text = json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / "encoder.json").write_text(text + "\n", encoding="utf-8")


def words(text: str) -> list[str]:
    """The words of a text in lower case; runs of Chinese characters segmented."""
    found: list[str] = []
    for word in WORD.findall(text.lower()):
        found += segmented(word) if HAN.search(word) else [word]
    return found


def segmented(run: str) -> list[str]:
    """A run with Chinese characters cut into words."""
    import rjieba

    return [word for word in rjieba.cut(run) if WORD.search(word)]


def terms_of(text: str) -> Iterator[str]:
    """The words of a text, and each pair of neighbours."""
    own = words(text)
    yield from own
    yield from (f"{first} {second}" for first, second in pairwise(own))


def vocabulary(texts: Sequence[str], most: int) -> tuple[dict[str, int], Floats]:
    """The most frequent terms in alphabetical order, and in how many texts each stands.

    Terms of one text only are left out where the corpus has more than a hundred texts: they join nothing.
    """
    from collections import Counter

    holding: Counter[str] = Counter()
    for text in texts:
        holding.update(set(terms_of(text)))
    least = 2 if len(texts) > 100 else 1
    ranked = sorted(
        (term for term, count in holding.items() if count >= least), key=lambda term: (-holding[term], term)
    )
    kept = sorted(ranked[:most])
    return {term: column for column, term in enumerate(kept)}, np.array([holding[term] for term in kept], float)


def weighted(texts: Sequence[str], terms: dict[str, int], idf: Floats) -> Any:
    """(texts, terms) CSR matrix of unit rows: (1 + log count) x idf."""
    from collections import Counter

    from scipy.sparse import csr_matrix

    data: list[float] = []
    columns: list[int] = []
    ends = [0]
    for text in texts:
        counts = Counter(terms[term] for term in terms_of(text) if term in terms)
        own = sorted(counts)
        row = np.array([(1 + np.log(counts[column])) * idf[column] for column in own])
        length = np.sqrt(np.sum(row * row)) if len(row) else 1.0
        data.extend(row / length)
        columns.extend(own)
        ends.append(len(columns))
    return csr_matrix((data, columns, ends), shape=(len(texts), len(terms)), dtype=np.float64)


def leading_axes(matrix: Any, dimensions: int) -> Floats:
    """(terms, d + 1) the leading right singular vectors, and an axis of zeros for texts without known words."""
    texts, terms = matrix.shape
    most = min(dimensions, texts, terms)
    found: npt.NDArray[np.float64] = np.zeros((terms, 0))
    if most:
        if min(texts, terms) <= max(DENSE, most + 1):
            found = full_axes(matrix, most)
        else:
            from scipy.sparse.linalg import svds

            _, _, right = svds(matrix, k=most, v0=np.full(min(texts, terms), 1.0), solver="arpack")
            found = right[::-1].T
    strongest = np.abs(found).argmax(axis=0) if most else []
    signs = np.sign(found[strongest, np.arange(found.shape[1])]) if most else np.ones(0)
    return np.hstack([found * np.where(signs == 0, 1, signs), np.zeros((terms, 1))])


def full_axes(matrix: Any, most: int) -> Floats:
    """Right singular vectors by way of the smaller Gram matrix; directions without weight are left out."""
    wide = matrix.shape[0] <= matrix.shape[1]
    gram = (matrix @ matrix.T if wide else matrix.T @ matrix).toarray()
    values, vectors = np.linalg.eigh(gram)
    keep = np.flatnonzero(values > 1e-10 * max(values[-1], 1e-300))[::-1][:most]
    if not wide:
        return np.asarray(vectors[:, keep])
    return np.asarray(matrix.T @ (vectors[:, keep] / np.sqrt(values[keep])))

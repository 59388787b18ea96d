"""How often is a paragraph nearer in meaning to the name of its own theme than to any other theme's name?

all-mpnet-base-v2, which no namer uses, encodes names and paragraphs (`tests/embed/test_onnx_families.py` says how its
parts on PyPI become a folder). Not to be read alone: lists of words do well here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from naming.partitions import Partition, by_hash

Encode = Callable[[Sequence[str]], np.ndarray]
DRAWS = 2000
MOST = 400
"""Paragraphs of a set that are encoded at most, by hash; in the order of the draw, so that more of them begin with
the same ones."""
CHUNK = 50
"""Texts whose vectors are kept in one file."""


def mpnet(folder: Path, cache: Path) -> Encode:
    """Unit vectors of texts by the model in `folder`; they are kept in `cache`."""
    models: list[Any] = []

    def encode(texts: Sequence[str]) -> np.ndarray:
        parts = [list(texts[begin : begin + CHUNK]) for begin in range(0, len(texts), CHUNK)]
        return np.concatenate([chunk(part) for part in parts])

    def chunk(texts: list[str]) -> np.ndarray:
        digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
        place = cache / f"mpnet_{digest}.npy"
        if not place.is_file():
            if not models:
                from sentence_transformers import SentenceTransformer

                models.append(SentenceTransformer(str(folder), device="cpu"))
            rows = models[0].encode(texts, normalize_embeddings=True, batch_size=16, show_progress_bar=False)
            cache.mkdir(parents=True, exist_ok=True)
            np.save(place, np.asarray(rows, np.float32))
        made: np.ndarray = np.load(place)
        return made

    return encode


def nearest_is_own(names: np.ndarray, paragraphs: np.ndarray, item: np.ndarray) -> np.ndarray:
    """(n,) whether the nearest of the (k, d) names by cosine is a paragraph's own, `own` being its row; ties halve.

    A name that stands twice counts as one half for either theme.
    """
    cosine = np.round(paragraphs @ names.T, 6)
    best = cosine == cosine.max(axis=1, keepdims=True)
    made: np.ndarray = best[np.arange(len(item)), item] / best.sum(axis=1)
    return made


@dataclass(frozen=True)
class Discriminated:
    """A share of paragraphs with its 95 % interval over documents, and the rows that it is the mean of."""

    value: float
    low: float
    high: float
    rows: np.ndarray


def clustered(rows: np.ndarray, documents: Sequence[str]) -> tuple[float, float]:
    """95 % interval of the mean of rows, by a bootstrap of their documents."""
    order = {document: at for at, document in enumerate(sorted(set(documents)))}
    group = np.array([order[document] for document in documents])
    sums, sizes = np.bincount(group, rows), np.bincount(group)
    drawn = np.random.default_rng(1).integers(0, len(sums), (DRAWS, len(sums)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


class Discrimination:
    """Scores sets of names of one partition."""

    def __init__(self, part: Partition, encode: Encode, most: int = MOST) -> None:
        self.part, self.encode = part, encode
        themed = np.flatnonzero(np.isin(part.theme, part.themes))
        drawn = by_hash([part.ids[at] for at in themed], f"{part.name} encoded")[:most]
        self.kept = themed[drawn]
        self.paragraphs = encode([part.texts[at] for at in self.kept])
        self.own_theme = np.searchsorted(part.themes, part.theme[self.kept])
        self.documents = [part.documents[at] for at in self.kept]

    def of_vectors(self, names: np.ndarray) -> Discriminated:
        """The share for (themes, d) vectors in the order of the themes."""
        rows = nearest_is_own(names, self.paragraphs, self.own_theme)
        return Discriminated(float(rows.mean()), *clustered(rows, self.documents), rows)

    def of_names(self, names: Mapping[int, str]) -> Discriminated:
        """The share for the name of each theme."""
        return self.of_vectors(self.encode([names[theme] for theme in self.part.themes]))

    def centroids(self) -> Discriminated:
        """The share for the mean vectors of the themes' paragraphs: what names could reach at best."""
        means = np.array([self.paragraphs[self.own_theme == at].mean(axis=0) for at in range(len(self.part.themes))])
        return self.of_vectors(means / np.linalg.norm(means, axis=1, keepdims=True))

    def difference(self, one: Discriminated, other: Discriminated) -> tuple[float, float, float]:
        """How much better `one` is than `other` on the same paragraphs, with its 95 % interval over documents."""
        gap = one.rows - other.rows
        return float(gap.mean()), *clustered(gap, self.documents)

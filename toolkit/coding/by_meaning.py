"""Similarity in meaning of each text to each code, in standard deviations above that of general sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from toolkit.coding.code_terms import Wanted
from toolkit.values import Floats, Ints, Vectors

BLOCK_ROWS = 8192
"""Rows of one portion of a computation."""
Encode = Callable[[Sequence[str]], Vectors]


@cache
def background() -> tuple[str, ...]:
    """General sentences: the fixed background with which every code is compared."""
    text = files("toolkit.coding").joinpath("background.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("#"))


def wide(rows: Vectors | Floats) -> Iterator[Floats]:
    """Portions of (n, d) rows as float64, in order; one empty portion if there are no rows."""
    for start in range(0, max(len(rows), 1), BLOCK_ROWS):
        yield np.asarray(rows[start : start + BLOCK_ROWS], float)


@dataclass(frozen=True)
class Facets:
    """Unit vectors of the texts that say what the codes cover (f rows): name with definition, rules, examples.

    `code` (f,) is the code of each row; `mean` and `sd` (f,) describe its cosines with the rows of `background`.
    """

    vectors: Floats
    code: Ints
    background: Floats
    mean: Floats
    sd: Floats

    def nearest(self, vectors: Vectors | Floats) -> Floats:
        """(m, c) cosine of each text with each code's nearest facet, in standard deviations above the background."""
        return self._most((self._cosines(vectors) - self.mean) / self.sd)

    def cosine(self, vectors: Vectors | Floats) -> Floats:
        """(m, c) cosine of each text with the nearest facet of each code."""
        return self._most(self._cosines(vectors))

    def first(self) -> Floats:
        """(c, d) the first facet of each code: its name with its definition."""
        return np.asarray(self.vectors[np.searchsorted(self.code, np.arange(int(self.code.max()) + 1))])

    def _cosines(self, vectors: Vectors | Floats) -> Floats:
        """(m, f) cosines with the facets; computed in portions, because float64 vectors need much memory."""
        return np.concatenate([block @ self.vectors.T for block in wide(vectors)])

    def _most(self, values: Floats) -> Floats:
        codes = int(self.code.max()) + 1
        return np.column_stack([values[:, self.code == code].max(axis=1) for code in range(codes)])


def embed_facets(all_wanted: Sequence[Wanted], encode: Encode) -> Facets:
    """The codes' facets and the background, embedded by the run's own model."""
    texts = [facet for terms in all_wanted for facet in terms.facets]
    code = [number for number, terms in enumerate(all_wanted) for _ in terms.facets]
    vectors = np.asarray(encode([*texts, *background()]), dtype=float)
    covered, neutral = vectors[: len(texts)], vectors[len(texts) :]
    cosines = neutral @ covered.T
    sd = np.maximum(cosines.std(axis=0), 1e-3)
    return Facets(covered, np.array(code, np.int32), neutral, cosines.mean(axis=0), sd)

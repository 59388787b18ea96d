"""The model learned from human codes, saved so that it can give new paragraphs probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.values import Arrays, Bools, Floats, Ints, Sparse, Vectors


@dataclass(frozen=True)
class Weighing:
    """A fitted logistic regression over k measures: `mean` and `sd` (k,), `coef` (k + c,), `intercept`."""

    mean: Floats
    sd: Floats
    coef: Floats
    intercept: float

    def probability(self, values: Floats) -> Floats:
        """(n, c) probabilities of (n, c, k) measures."""
        from scipy.special import expit

        flat = design(values, self.mean, self.sd) @ self.coef + self.intercept
        return np.asarray(expit(flat)).reshape(values.shape[:2])


def design(values: Floats, mean: Floats, sd: Floats) -> Floats:
    """(n * c, k + c) rows of the regression: standardised measures and indicators of the code."""
    n, c, k = values.shape
    return np.hstack([((values - mean) / sd).reshape(-1, k), np.tile(np.eye(c), (n, 1))])


@dataclass(frozen=True)
class Taught:
    """The regression, its threshold, and the m coded paragraphs with which new ones are compared.

    `marks` (m, c); `coded`: their rows in meaning (m, d) and in words (m, v) sparse; `means`: the mean of all
    paragraphs of their corpus in both spaces; `bounded`: whether paragraphs outside the codebook's field get no code.
    """

    weighing: Weighing
    threshold: float
    marks: Bools
    coded: tuple[Vectors, Sparse]
    means: tuple[Floats, Floats]
    bounded: bool

    @classmethod
    def from_corpus(
        cls,
        weighing: Weighing,
        threshold: float,
        marks: Bools,
        rows: Ints,
        spaces: tuple[Vectors, Sparse],
        bounded: bool,
    ) -> Taught:
        """The model with the coded paragraphs' rows of both spaces."""
        means = [np.asarray(space.mean(axis=0), float).ravel() for space in spaces]
        return cls(weighing, threshold, marks, (spaces[0][rows], spaces[1][rows]), (means[0], means[1]), bounded)

    def arrays(self) -> Arrays:
        """All attributes as arrays by name."""
        by, words = self.weighing, self.coded[1].tocsr()
        return {
            "taught_scale": np.array([by.mean, by.sd]),
            "taught_coef": np.array([*by.coef, by.intercept, self.threshold]),
            "taught_marks": self.marks,
            "taught_bounded": np.array([self.bounded]),
            "taught_vectors": np.asarray(self.coded[0]),
            "taught_words_data": words.data,
            "taught_words_indices": words.indices,
            "taught_words_indptr": words.indptr,
            "taught_mean": self.means[0],
            "taught_words_mean": self.means[1],
        }

    @classmethod
    def of(cls, arrays: Arrays) -> Taught | None:
        """The model from the arrays of `arrays`; None if nothing was learned. Raises KeyError or ValueError."""
        from scipy.sparse import csr_matrix

        if "taught_coef" not in arrays:
            return None
        scale, coef, mean = arrays["taught_scale"], arrays["taught_coef"], arrays["taught_words_mean"]
        parts = tuple(arrays[f"taught_words_{name}"] for name in ("data", "indices", "indptr"))
        words = csr_matrix(parts, shape=(len(arrays["taught_marks"]), len(mean)))
        return cls(
            Weighing(scale[0], scale[1], coef[:-2], float(coef[-2])),
            float(coef[-1]),
            arrays["taught_marks"],
            (arrays["taught_vectors"], words),
            (arrays["taught_mean"], mean),
            bool(arrays["taught_bounded"].any()) if "taught_bounded" in arrays else False,
        )


def widened(mean: Floats, columns: int) -> Floats:
    """(columns,) the mean with zeros for the columns that its corpus did not have."""
    return np.pad(mean, (0, columns - len(mean)))


def stacked(coded: Any, new: Any) -> Any:
    """The coded rows above the new ones, dense or sparse, as wide as the new ones."""
    if not hasattr(new, "multiply"):
        return np.vstack([coded, new])
    from scipy.sparse import csr_matrix, vstack

    wide = csr_matrix((coded.data, coded.indices, coded.indptr), shape=(coded.shape[0], new.shape[1]))
    return vstack([wide, new], format="csr")

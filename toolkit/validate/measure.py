"""All measures of a run that depend on counts of texts, computed at once with any weights of the texts.

Weights of 1 give the values, bootstrap weights the intervals, and random themes the baselines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.validate.coherence import Pairs, c_v, mean_npmi, npmi, npmi_matrices, pairs_of
from toolkit.validate.external import contingency, expected_information, scores
from toolkit.validate.occurrences import Occurrences, occurrences
from toolkit.validate.separation import silhouettes
from toolkit.values import NOISE, Floats, Ints, Vectors


@dataclass(frozen=True)
class Labelled:
    """The texts with a label: rows (m,), their labels and themes as whole numbers from 0 (noise counts as a theme)."""

    rows: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    themes: npt.NDArray[np.int64]
    expected: float

    def scores(self, weights: Floats) -> dict[str, float]:
        """ARI, AMI and V with weights (n,) of all texts."""
        table = contingency(self.labels, self.themes, weights[self.rows])
        return {f"external.{name}": value for name, value in scores(table, self.expected).items()}


def labelled(labels: Sequence[str | None], assignment: Ints) -> Labelled:
    """Labels and themes of the texts with a label."""
    rows = np.array([i for i, label in enumerate(labels) if label is not None], np.int64)
    names = sorted({label for label in labels if label is not None})
    place = {name: i for i, name in enumerate(names)}
    numbers = np.array([place[label] for label in labels if label is not None], np.int64)
    themes = np.unique(assignment[rows], return_inverse=True)[1].astype(np.int64)
    return Labelled(rows, numbers, themes, expected_information(contingency(numbers, themes, np.ones(len(rows)))))


@dataclass(frozen=True)
class Words:
    """The top keywords of each theme: `themes` are indices into `keywords`, and `where` are the texts of keywords."""

    keywords: tuple[str, ...]
    themes: tuple[tuple[int, ...], ...]
    where: Occurrences
    pairs: Pairs

    @property
    def diversity(self) -> float | None:
        """Share of all top keywords that are different (Dieng, Ruiz and Blei 2020); None without keywords."""
        return diversity(self.themes)


def diversity(themes: Sequence[Sequence[int]]) -> float | None:
    """Share of all top keywords that are different; None without keywords."""
    every = [word for words in themes for word in words]
    return len(set(every)) / len(every) if every else None


def words_of(keywords: Sequence[Sequence[str]], texts: Sequence[str]) -> Words:
    """The keywords of themes 0, 1, ... with the texts that contain them."""
    pool = tuple(sorted({word for words in keywords for word in words}))
    place = {word: i for i, word in enumerate(pool)}
    themes = tuple(tuple(place[word] for word in dict.fromkeys(words)) for words in keywords)
    where = occurrences(pool, texts)
    return Words(pool, themes, where, pairs_of(themes, where))


@dataclass(frozen=True)
class Measured:
    """The input of the measures: words (None without keywords), silhouettes (n,), whether each text has a theme,
    labels."""

    words: Words | None
    silhouette: Floats
    assignment: Ints
    labels: Labelled | None

    def under(self, weights: Floats) -> dict[str, float]:
        """Every measure with weights (n,) of the texts; undefined ones are left out."""
        values: dict[str, float] = {}
        if self.words is not None:
            matrices = npmi_matrices(self.words.pairs, weights)
            values |= per_theme("coherence.npmi", mean_npmi(matrices))
            values |= {
                key: value for key, value in per_theme("coherence.cv", c_v(matrices)).items() if "theme" not in key
            }
        values |= self._separation(weights)
        total = float(weights.sum())
        if total > 0:
            values["coverage"] = float(weights[self.assignment != NOISE].sum()) / total
        if self.labels is not None and weights[self.labels.rows].sum() > 1:
            values |= self.labels.scores(weights)
        return values

    def _separation(self, weights: Floats) -> dict[str, float]:
        known = ~np.isnan(self.silhouette)
        if not (known & (weights > 0)).any():
            return {}
        theme, weight = self.assignment[known], weights[known]
        total = np.bincount(theme, weights=weight)
        by_theme = np.bincount(theme, weights=weight * self.silhouette[known])
        with np.errstate(invalid="ignore"):
            values = per_theme("separation.silhouette", by_theme / total)
        values["separation.silhouette"] = float(by_theme.sum() / weight.sum())
        return values


def per_theme(name: str, values: Floats) -> dict[str, float]:
    """`name` for the mean over themes and `name.theme.3` for each; themes without a value are left out."""
    by_theme = {f"{name}.theme.{theme}": float(value) for theme, value in enumerate(values) if not np.isnan(value)}
    return ({name: float(np.mean(list(by_theme.values())))} if by_theme else {}) | by_theme


def random_words(words: Words, assignment: Ints, counted: Floats, top: int) -> tuple[tuple[int, ...], ...]:
    """Top words of random themes: the run's keywords, ranked by c-TF-IDF in those themes.

    assignment (n,) the random themes; counted (n_keywords,) number of texts of each keyword.
    """
    themes = int(assignment.max(initial=NOISE)) + 1
    keyword = np.repeat(np.arange(len(words.keywords)), np.diff(words.where.starts))
    theme = assignment[words.where.texts]
    inside = theme != NOISE
    cells = np.bincount(theme[inside] * len(words.keywords) + keyword[inside], minlength=themes * len(words.keywords))
    table = cells.reshape(themes, -1).astype(float)
    size = np.maximum(table.sum(axis=1, keepdims=True), 1)
    weight = table / size * np.log1p(counted.sum() / max(themes, 1) / np.maximum(counted, 1))
    return tuple(tuple(np.lexsort((np.arange(len(row)), -row))[:top].tolist()) for row in np.round(weight, 9))


def random_coherence(words: Words, themes: Sequence[Sequence[int]], joint: Floats) -> dict[str, float]:
    """Coherence of random top words, from a table (keywords, keywords) of shared texts."""
    alone = np.diagonal(joint)
    longest = max((len(row) for row in themes), default=0)
    matrices = np.full((len(themes), longest, longest), np.nan)
    for theme, row in enumerate(themes):
        part = np.ix_(row, row)
        matrices[theme, : len(row), : len(row)] = npmi(
            joint[part], alone[list(row)][:, None], alone[list(row)][None, :], float(words.where.n)
        )
    values = per_theme("coherence.npmi", mean_npmi(matrices)) | {
        key: value for key, value in per_theme("coherence.cv", c_v(matrices)).items() if "theme" not in key
    }
    variety = diversity(themes)
    return values | ({"diversity": variety} if variety is not None else {})


def shared_texts(where: Occurrences) -> Floats:
    """(keywords, keywords) number of texts that contain both."""
    from scipy.sparse import csc_matrix

    shape = (where.n, len(where.starts) - 1)
    incidence = csc_matrix((np.ones(len(where.texts)), where.texts, where.starts), shape=shape)
    joint: Floats = (incidence.T @ incidence).toarray()
    return joint


def random_separation(vectors: Vectors, assignment: Ints) -> dict[str, float]:
    """Mean silhouette of a random assignment."""
    values = silhouettes(vectors, assignment)
    known = values[~np.isnan(values)]
    return {"separation.silhouette": float(known.mean())} if len(known) else {}

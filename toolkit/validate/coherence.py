"""Coherence of keywords: whether the words of a theme occur in the same texts more often than by chance.

Texts (paragraphs) are the windows. With p the share of texts that contain a word or both words of a pair,

    NPMI(a, b) = log(p(a, b) / (p(a) p(b))) / -log p(a, b)        in [-1, 1], -1 for pairs that never occur together

(Bouma 2009), averaged over the pairs of a theme's top words (Lau, Newman and Baldwin 2014). The C_V-like coherence
compares, by cosine, the vector of a word's NPMI with all top words of its theme and the sum of these vectors (Röder,
Both and Hinneburg 2015: one-set segmentation, indirect cosine confirmation). There are two differences: windows are
whole texts instead of sliding windows of 110 words, and NPMI below 0 counts as 0. The reason for the second is that
most pairs in short texts never occur together, so that words would confirm each other by their absences (on 20,000
titles random themes then had higher values than real ones).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.validate.occurrences import Occurrences
from toolkit.values import Floats


@dataclass(frozen=True)
class Pairs:
    """For every theme and pair of its words (also of a word with itself), the texts that contain both.

    theme, first and second (p,) identify the pair (places in the theme's list, first <= second); its texts are
    `texts[starts[p]:starts[p + 1]]`.
    """

    theme: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    texts: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    themes: int
    words: int


def pairs_of(themes: Sequence[Sequence[int]], where: Occurrences) -> Pairs:
    """The pairs of each theme's words (indices into the keywords of `where`)."""
    rows: list[tuple[int, int, int]] = []
    shared: list[npt.NDArray[np.int64]] = []
    for theme, words in enumerate(themes):
        for i, word in enumerate(words):
            for j in range(i, len(words)):
                rows.append((theme, i, j))
                both = where.of(word) if i == j else np.intersect1d(where.of(word), where.of(words[j]), True)
                shared.append(both)
    places = np.array(rows, np.int64).reshape(-1, 3)
    starts = np.concatenate([[0], np.cumsum([len(texts) for texts in shared])]).astype(np.int64)
    flat = np.concatenate(shared) if shared else np.zeros(0, np.int64)
    longest = max((len(words) for words in themes), default=0)
    return Pairs(places[:, 0], places[:, 1], places[:, 2], flat, starts, len(themes), longest)


def npmi_matrices(pairs: Pairs, weights: Floats) -> Floats:
    """(themes, words, words) NPMI of each pair, texts weighted by `weights` (n,); NaN if a theme has fewer words."""
    total = float(weights.sum())
    cumulative = np.concatenate([[0.0], np.cumsum(weights[pairs.texts])])
    together = np.round(cumulative[pairs.starts[1:]] - cumulative[pairs.starts[:-1]], 9)
    joint = np.full((pairs.themes, pairs.words, pairs.words), np.nan)
    joint[pairs.theme, pairs.first, pairs.second] = together
    joint[pairs.theme, pairs.second, pairs.first] = together
    alone = np.einsum("tii->ti", joint)
    return npmi(joint, alone[:, :, None], alone[:, None, :], total)


def npmi(joint: Floats, first: Floats, second: Floats, total: float) -> Floats:
    """NPMI from counts of texts; -1 if the two never occur together, 0 if both are in every text."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mutual = np.log(joint * total / (first * second)) / -np.log(joint / total)
    mutual = np.where(joint == 0, -1.0, np.where(joint == total, 0.0, mutual))
    result: Floats = np.where(np.isnan(joint), np.nan, np.clip(mutual, -1.0, 1.0))
    return result


def mean_npmi(matrices: Floats) -> Floats:
    """(themes,) mean NPMI over the pairs of different words; NaN with fewer than two words."""
    upper = np.triu(np.ones(matrices.shape[1:], bool), 1)
    return _row_means(matrices[:, upper])


def c_v(matrices: Floats) -> Floats:
    """(themes,) mean cosine of each word's NPMI vector with the sum of its theme's; NaN with fewer than two words."""
    known = np.maximum(np.nan_to_num(matrices), 0.0)
    present = ~np.isnan(np.einsum("tii->ti", matrices))
    size = matrices.shape[1]
    known[:, np.arange(size), np.arange(size)] = present  # a word confirms itself fully
    total = known.sum(axis=1)
    norms = np.linalg.norm(known, axis=2) * np.linalg.norm(total, axis=1)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = np.einsum("tij,tj->ti", known, total) / norms
    cosine[~present] = np.nan
    return np.where(present.sum(axis=1) >= 2, _row_means(cosine), np.nan)


def _row_means(rows: Floats) -> Floats:
    known = ~np.isnan(rows)
    count = known.sum(axis=1)
    total = np.where(known, rows, 0.0).sum(axis=1)
    result: Floats = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return result

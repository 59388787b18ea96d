"""The coherence of a partition: whether words that distinguish themes occur in the same texts, in any language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from toolkit.values import NOISE, Floats, Ints, Sparse, Vectors

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

Counts: TypeAlias = "Floats | Sparse | csc_matrix"
"""Counts (texts, words), dense or sparse."""
WORD = re.compile(r"[^\W_]{2,}")
WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts written without spaces; pairs of characters count as words."""
TOP_WORDS = 10
"""Number of words of a theme that are compared."""
FEWEST_TEXTS = 3
"""Smallest number of texts in a theme that counts."""
MOST_AXES = 100
"""Largest number of dimensions of the wording's vectors."""
MOST_DENSE_CELLS = 500_000
"""Up to this number of cells (texts times words), counts are a dense array: ten times as fast, with equal results."""


@dataclass(frozen=True)
class Wording:
    """Occurrence of words in texts: (n, v) sparse matrix of 0 and 1.

    Words in fewer than 2 texts, or in fewer than 1 in 5,000, are left out.
    """

    incidence: Sparse

    @classmethod
    def of(cls, texts: Sequence[str]) -> Wording:
        """The wording of texts, in their order."""
        from scipy.sparse import csr_matrix

        distinct = [set(_words(text)) for text in texts]
        counts = Counter(word for words in distinct for word in words)
        least = max(2, len(texts) // 5000)
        place = {word: at for at, word in enumerate(sorted(word for word, n in counts.items() if n >= least))}
        columns = [sorted(place[word] for word in words if word in place) for words in distinct]
        starts = np.cumsum([0] + [len(row) for row in columns])
        flat = np.array([at for row in columns for at in row], np.int32)
        return cls(csr_matrix((np.ones(len(flat)), flat, starts), (len(texts), len(place))))

    def vectors(self) -> Vectors:
        """(n, at most 100) vectors of the texts by latent semantic analysis, with words weighted by inverse document
        frequency.

        Deerwester et al. (1990), computed by randomised iteration from a fixed start; rows without words are zero.
        """
        from sklearn.decomposition import TruncatedSVD
        from sklearn.preprocessing import normalize

        texts, words = self.incidence.shape
        axes = min(MOST_AXES, words - 1, texts - 1)
        if axes < 1:
            return np.zeros((texts, 1), np.float32)
        rarity = np.log(texts / np.maximum(np.asarray(self.incidence.sum(0)).ravel(), 1))
        weighed = normalize(self.incidence.multiply(rarity).tocsr())
        axes_of_texts = TruncatedSVD(axes, random_state=0, n_iter=7).fit_transform(weighed)
        return np.ascontiguousarray(normalize(axes_of_texts), np.float32)

    def among(self, rows: Ints) -> Part:
        """The wording of some of the texts."""
        part = self.incidence[rows]
        overall = np.asarray(part.mean(0)).ravel()
        if part.shape[0] * part.shape[1] <= MOST_DENSE_CELLS:
            dense = part.toarray()
            return Part(dense, dense, overall)
        return Part(part, part.tocsc(), overall)


@dataclass(frozen=True)
class Part:
    """The wording of some texts, by text and by word, and the share (v,) of the texts that contain each word."""

    incidence: Counts
    by_word: Counts
    overall: Floats

    def coherence(self, labels: Ints) -> float | None:
        """Coherence of the words of themes, -1 to 1: mean NPMI, weighted by the number of texts of each theme.

        `labels` (rows,) are those of the texts of the part. For each theme, the ten most distinctive words count, by
        p(w|t) log(p(w|t) / p(w)), the contribution of a word to the divergence, so that function words drop out without
        a list. All pairs of these words are compared by NPMI over texts (Bouma 2009), -1 if two never occur together.
        None if no theme has two words.
        """
        kept = np.flatnonzero(labels != NOISE).astype(np.int32)
        size = np.bincount(labels[kept])
        themes = np.flatnonzero(size >= FEWEST_TEXTS)
        if not len(themes) or not self.incidence.shape[1]:
            return None
        share = (self._by_theme(labels, kept, len(size)) / np.maximum(size, 1)[:, None])[themes]
        apart = np.round(share * np.log(np.maximum(share, 1e-12) / np.maximum(self.overall, 1e-12)), 9)
        words = np.argsort(-apart, axis=1, kind="stable")[:, :TOP_WORDS]
        many = (np.take_along_axis(apart, words, axis=1) > 0).sum(1)
        readable = many > 1
        if not readable.any():
            return None
        scores = _npmis(self.by_word, words[readable], many[readable])
        return float(np.average(scores, weights=size[themes[readable]]))

    def _by_theme(self, labels: Ints, kept: Ints, themes: int) -> Floats:
        """(themes, v) number of texts of each theme that contain each word."""
        if isinstance(self.incidence, np.ndarray):
            member = np.zeros((themes, len(labels)))
            member[labels[kept], kept] = 1
            return np.asarray(member @ self.incidence)
        from scipy.sparse import csr_matrix

        member = csr_matrix((np.ones(len(kept)), (labels[kept], kept)), (themes, len(labels)))
        return _dense(member @ self.incidence)


def _words(text: str) -> list[str]:
    """The lower-case words of a text; pairs of adjacent characters if a script has no spaces."""
    words: list[str] = []
    for token in WORD.findall(text.lower()):
        words += [token[i : i + 2] for i in range(len(token) - 1)] if WITHOUT_SPACES.search(token) else [token]
    return words


def _npmis(incidence: Counts, words: Ints, many: Ints) -> Floats:
    """(k,) mean NPMI of all pairs of the first `many` (k,) of the words of each theme (k, w), over texts (n, v)."""
    some = incidence[:, words.ravel()]
    counts, width = _dense(some.T @ some), words.shape[1]
    blocks = counts.reshape(len(words), width, len(words), width)[np.arange(len(words)), :, np.arange(len(words))]
    scores = np.zeros(len(words))
    for size in np.unique(many):
        chosen = many == size
        scores[chosen] = _npmi(blocks[chosen, :size, :size] / incidence.shape[0])
    return scores


def _npmi(together: Floats) -> Floats:
    """(k,) mean NPMI of all pairs of words, from k tables (k, w, w) of the share of texts that contain both.

    -1 for pairs that never occur together, 0 for pairs that always do.
    """
    first, second = np.triu_indices(together.shape[1], 1)
    both, alone = together[:, first, second], np.diagonal(together, axis1=1, axis2=2)
    inside = np.clip(both, 1e-12, 1 - 1e-12)
    value = np.log(inside / (alone[:, first] * alone[:, second])) / -np.log(inside)
    scores = np.where(both == 0, -1.0, np.where(both == 1, 0.0, value))
    return np.asarray(np.ascontiguousarray(scores).mean(axis=1))


def _dense(counts: Counts) -> Floats:
    """Counts as a dense array, from a dense or a sparse one."""
    return np.asarray(counts if isinstance(counts, np.ndarray) else counts.toarray())

"""Words, pairs of words and their TF-IDF weights, in any language, counted in arrays rather than objects.

Weights are (1 + log count) x idf at unit length a text (Salton and Buckley 1988), idf = log((1 + n) / (1 + df)) + 1.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from toolkit.values import Bools, Floats, Sparse

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+")
BLOCK_TEXTS = 20_000
"""Texts weighted at a time."""
Longs = npt.NDArray[np.int64]


def words(text: str) -> list[str]:
    """The words of a text in lower case; runs of Chinese characters segmented."""
    runs = WORD.findall(text.lower())
    if not HAN.search(text):
        return runs
    return [word for run in runs for word in (segmented(run) if HAN.search(run) else [run])]


def segmented(run: str) -> list[str]:
    """A run with Chinese characters cut into words."""
    import rjieba

    return [word for word in rjieba.cut(run) if WORD.search(word)]


@dataclass(frozen=True)
class Coded:
    """Texts as one row of word numbers: `word` and `owner` (the text) of each occurrence; -1 for words without a
    number."""

    word: Longs
    owner: Longs
    numbers: dict[str, int]

    @property
    def pairs(self) -> tuple[Longs, Longs]:
        """Adjacent numbered words of a text, as first x (count of words) + second, and their text."""
        both = (self.owner[1:] == self.owner[:-1]) & (self.word[1:] >= 0) & (self.word[:-1] >= 0)
        return (self.word[:-1] * len(self.numbers) + self.word[1:])[both], self.owner[1:][both]


def coded(texts: Sequence[str], numbers: dict[str, int] | None = None) -> Coded:
    """Texts as word numbers: by `numbers` if present, else in order of first appearance."""
    known: dict[str, int] = {} if numbers is None else numbers
    flat, lengths = array("q"), []
    for text in texts:
        tokens = words(text)
        lengths.append(len(tokens))
        if numbers is None:
            flat.extend([known.setdefault(word, len(known)) for word in tokens])
        else:
            flat.extend([known.get(word, -1) for word in tokens])
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    return Coded(np.frombuffer(flat, np.int64) if len(flat) else np.empty(0, np.int64), owner, known)


def holding(values: Longs, owner: Longs, texts: int) -> tuple[Longs, Longs]:
    """The distinct values, and the number of texts that contain each."""
    kinds, kind = np.unique(values, return_inverse=True)
    once = np.unique(kind * max(texts, 1) + owner)
    return kinds, np.bincount(once // max(texts, 1), minlength=len(kinds)).astype(np.int64)


@dataclass(frozen=True)
class Vocabulary:
    """Terms (words and "first second" pairs, sorted) and idf (terms,) of each."""

    terms: tuple[str, ...]
    idf: Floats

    @classmethod
    def of(cls, texts: Sequence[str], most: int) -> Vocabulary:
        """The `most` terms that occur in the most texts, ties in alphabetical order.

        Terms of a single text are omitted if there are more than a hundred texts, because they connect nothing.
        """
        n, least = len(texts), 2 if len(texts) > 100 else 1
        seen = coded(texts)
        names = list(seen.numbers)
        single, single_texts = holding(seen.word, seen.owner, n)
        double, double_texts = holding(*seen.pairs, n)
        counts = np.concatenate([single_texts, double_texts])
        if len(counts) > most:
            least = max(least, int(np.partition(counts, -most)[-most]))
        kept = {names[word]: int(number) for word, number in zip(single, single_texts, strict=True) if number >= least}
        for at in np.flatnonzero(double_texts >= least):
            first, second = divmod(int(double[at]), len(names))
            kept[f"{names[first]} {names[second]}"] = int(double_texts[at])
        terms = tuple(sorted(sorted(kept, key=lambda term: (-kept[term], term))[:most]))
        frequencies = np.array([kept[term] for term in terms], float)
        return cls(terms, np.log((1 + n) / (1 + frequencies)) + 1)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: at for at, word in enumerate(sorted({word for term in self.terms for word in term.split(" ")}))}

    @cached_property
    def _columns(self) -> tuple[Longs, Longs, Longs]:
        """Column of each numbered word (-1 if absent); sorted codes of pairs, and their columns."""
        single = np.full(len(self._numbers), -1, np.int64)
        pairs: dict[int, int] = {}
        for column, term in enumerate(self.terms):
            first, _, second = term.partition(" ")
            if second:
                pairs[self._numbers[first] * len(self._numbers) + self._numbers[second]] = column
            else:
                single[self._numbers[first]] = column
        codes = np.array(sorted(pairs), np.int64)
        return single, codes, np.array([pairs[int(code)] for code in codes], np.int64)

    def weights(self, texts: Sequence[str]) -> Iterator[Sparse]:
        """CSR matrices of unit rows (zero if a text contains no term), block after block; a row depends only on its
        text."""
        for start in range(0, len(texts), BLOCK_TEXTS):
            yield self._block(texts[start : start + BLOCK_TEXTS])

    def absent(self, texts: Sequence[str]) -> Bools:
        """(n,) true for texts that contain none of the terms."""
        rows = [np.diff(block.indptr) == 0 for block in self.weights(texts)]
        return np.concatenate(rows) if rows else np.zeros(0, bool)

    def _block(self, texts: Sequence[str]) -> Sparse:
        from scipy.sparse import csr_matrix

        shape = (len(texts), len(self.terms))
        if not self.terms:
            return csr_matrix(shape, dtype=np.float64)
        single, codes, columns = self._columns
        seen = coded(texts, self._numbers)
        known = seen.word >= 0
        column_parts = [single[seen.word[known]]]
        owners = [seen.owner[known]]
        if len(codes):
            pair, owner = seen.pairs
            at = np.minimum(np.searchsorted(codes, pair), len(codes) - 1)
            column_parts.append(np.where(codes[at] == pair, columns[at], -1))
            owners.append(owner)
        column, owner = np.concatenate(column_parts), np.concatenate(owners)
        cell, count = np.unique((owner * shape[1] + column)[column >= 0], return_counts=True)
        row, term = cell // shape[1], cell % shape[1]
        weight = (1 + np.log(count)) * self.idf[term]
        length = np.sqrt(np.bincount(row, weights=weight * weight, minlength=len(texts)))
        ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(texts)))])
        return csr_matrix((weight / length[row], term, ends), shape=shape)

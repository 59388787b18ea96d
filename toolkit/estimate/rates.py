"""How many times more frequent a word is on one side than on the other, with limits that are finite at zero counts."""

from __future__ import annotations

import numpy as np

from toolkit.values import Bools, Floats, Ints, Sparse


def log_ratio(count: Floats, versus: Floats, words: Floats | float, words_versus: Floats | float) -> Floats:
    """Binary logarithm of the ratio of relative frequencies, half an occurrence added on each side (Hardie 2014)."""
    return np.asarray(np.log2((count + 0.5) / words) - np.log2((versus + 0.5) / words_versus))


def ratio_limits(
    counts: Sparse, words: Floats, unit: Ints, inside: Bools, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Lower and upper limits (k,) of the log ratio of k terms, documents as units; finite for any counts.

    Args:
        counts: sparse (n, k) occurrences in n texts; words: (n,) all words of each text.
        unit: (n,) document of each text; inside: (n,) mask of the texts on the side.

    Each rate has the posterior Gamma(count / d + 1/2, words / d) of Jeffreys' prior, where d is the dispersion of the
    counts of documents: sum of (count - expected)^2 over sum of expected, over the documents' parts
    on the side, at least 1 and at least that of both sides. The ratio of two gammas is an F (Price & Bonett 2000).
    """
    from scipy.stats import f

    here, there = (_side(counts, words, unit, rows) for rows in (inside, ~inside))
    with np.errstate(divide="ignore", invalid="ignore"):
        both = (here.squares + there.squares) / (here.count + there.count)
        spread = [
            np.maximum(np.nan_to_num(np.maximum(both, side.squares / side.count), nan=1.0), 1.0)
            for side in (here, there)
        ]
    a, b = here.count / spread[0] + 0.5, there.count / spread[1] + 0.5
    centre = np.log2(a * spread[0] / here.words) - np.log2(b * spread[1] / there.words)
    tail = (1 - level) / 2
    reach = [np.log2(f.ppf(at, 2 * a, 2 * b)) for at in (tail, 1 - tail)]
    return np.asarray(centre + reach[0]), np.asarray(centre + reach[1])


class _Side:
    """A side: occurrences (k,) of each term, the number of all words, and squared deviations of documents (k,)."""

    def __init__(self, count: Floats, words: float, squares: Floats) -> None:
        self.count, self.words, self.squares = count, words, squares


def _side(counts: Sparse, words: Floats, unit: Ints, rows: Bools) -> _Side:
    from scipy.sparse import csr_matrix

    at = np.flatnonzero(rows)
    units, index = np.unique(unit[at], return_inverse=True)
    member = csr_matrix((np.ones(len(at)), (index, np.arange(len(at)))), (len(units), len(at)))
    each, size = (member @ counts[at]).tocsc(), member @ words[at]
    count = np.asarray(each.sum(axis=0)).ravel()
    rate = count / size.sum()
    crossed = np.asarray((each.multiply(size[:, None])).sum(axis=0)).ravel()
    squares = np.asarray(each.power(2).sum(axis=0)).ravel() - 2 * rate * crossed + rate**2 * (size**2).sum()
    many = len(units)
    return _Side(count, float(size.sum()), squares * many / max(many - 1, 1))

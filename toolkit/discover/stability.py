"""How reliably themes recur when the corpus is resampled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from toolkit.values import NOISE, Bools, Floats, Ints

Repeat = tuple[Ints, Ints]
"""One refit: the rows that it saw, ascending, and their labels."""
SAMPLE_SHARE = 0.8
"""Share of the texts in the sample of each refit, drawn without replacement."""
REFITS_COMPARED = 3
"""Number of previous refits that each refit is compared with."""
UNSEEN = -2
BLOCK_CELLS = 1 << 20
"""Largest number of cells of contingency tables and labels that are counted at once."""
FRAGILE = 0.6
"""A theme whose mean best-match Jaccard is below this is called fragile.

Hennig, documentation of fpc::clusterboot: below .6 clusters should not be trusted.
"""


def draw(n: int, seed: int) -> Ints:
    """The rows of one sample, ascending: 80 % of n, at least one."""
    size = max(1, round(SAMPLE_SHARE * n))
    return np.sort(np.random.default_rng(seed).permutation(n)[:size]).astype(np.int32)


def jaccards(themes: Ints, labels: Ints) -> Floats:
    """(k, c) Jaccard similarity of every theme with every cluster of one refit, over the rows that the refit saw."""
    k, c = int(themes.max(initial=NOISE)) + 1, int(labels.max(initial=NOISE)) + 1
    both = (themes != NOISE) & (labels != NOISE)
    shared = np.bincount(themes[both] * np.int64(c) + labels[both], minlength=k * c).reshape(k, c).astype(float)
    rows = np.bincount(themes[themes != NOISE], minlength=k)[:, None]
    columns = np.bincount(labels[labels != NOISE], minlength=c)[None]
    return np.asarray(shared / np.maximum(rows + columns - shared, 1))


def stability(themes: Ints, refits: Sequence[Repeat]) -> Floats:
    """(k, 3): mean best-match Jaccard of each theme over refits, and the range that contains 95 % of the refits.

    `refits` are pairs (rows, labels). Hennig (2007), Cluster-wise assessment of cluster stability, section 3, with
    subsets instead of bootstrap samples. A refit that saw no row of a theme does not count for it; NaN without refits.
    """
    k = int(themes.max(initial=NOISE)) + 1
    best = np.full((len(refits), k), np.nan)
    for at, (rows, labels) in enumerate(refits):
        seen = themes[rows]
        table = jaccards(seen, labels)
        present = np.bincount(seen[seen != NOISE], minlength=k) > 0
        width = table.shape[1]
        best[at, : len(table)] = np.where(present[: len(table)], table.max(1) if width else 0.0, np.nan)
        best[at, len(table) :] = np.nan
    result = np.full((k, 3), np.nan)
    for theme in range(k):
        values = best[:, theme][~np.isnan(best[:, theme])]
        if len(values):
            result[theme] = values.mean(), *np.quantile(values, (0.025, 0.975))
    return result


def strength(themes: Ints, refits: Sequence[Repeat]) -> Floats:
    """(n,) for each row, the share of refits that put it into the best match of its theme, among those that saw it.

    NaN for noise.
    """
    seen, agreed = np.zeros(len(themes)), np.zeros(len(themes))
    for rows, labels in refits:
        sampled = themes[rows]
        table = jaccards(sampled, labels)
        seen[rows] += 1
        if table.size:
            match = table.argmax(1)
            agreed[rows] += (sampled != NOISE) & (labels != NOISE) & (match[np.maximum(sampled, 0)] == labels)
    return np.where((themes == NOISE) | (seen == 0), np.nan, agreed / np.maximum(seen, 1))


def fragile(measured: Floats, floor: float = FRAGILE) -> Bools:
    """(k,) mask of themes with a stability below `floor`; a theme without a measurement is not fragile."""
    return np.asarray(measured[:, 0] < floor)


def agreement(refits: Sequence[Repeat], n: int) -> float:
    """The mean adjusted Rand index of refits of n rows with up to three previous refits, over the rows that both saw.

    A refit with fewer than two themes has an agreement of 0. A single refit has 1.
    """
    return float(np.mean([value for _, _, value in _pairs(refits, n)])) if len(refits) > 1 else 1.0


def agreements(refits: Sequence[Repeat], n: int) -> Floats:
    """(refits,) the mean adjusted Rand index of each refit with those that `agreement` compares it with."""
    total, counted = np.zeros(len(refits)), np.zeros(len(refits))
    for i, j, value in _pairs(refits, n):
        total[[i, j]] += value
        counted[[i, j]] += 1
    return np.where(counted > 0, total / np.maximum(counted, 1), 1.0)


def _pairs(refits: Sequence[Repeat], n: int) -> list[tuple[int, int, float]]:
    """The numbers of two refits and their agreement, for those at most three numbers apart."""
    groups = placed(refits, n)
    divided = [len(np.unique(labels[labels != NOISE])) > 1 for _, labels in refits]
    near = [(i, j) for i in range(len(refits)) for j in range(max(0, i - REFITS_COMPARED), i)]
    compared = [(i, j) for i, j in near if divided[i] and divided[j]]
    values = dict(zip(compared, rand_indices(groups, groups, compared), strict=True))
    return [(i, j, values.get((i, j), 0.0)) for i, j in near]


def placed(refits: Sequence[Repeat], n: int) -> Ints:
    """(refits, n) the group of every row in each refit, `UNSEEN` if the refit did not see the row."""
    groups = np.full((len(refits), n), UNSEEN, np.int32)
    for at, (rows, labels) in enumerate(refits):
        groups[at, rows] = labels
    return groups


def rand_indices(first: Ints, second: Ints, pairs: Sequence[tuple[int, int]]) -> list[float]:
    """The adjusted Rand index of row i of `first` (r, n) with row j of `second` (s, n) for each pair (i, j).

    Only columns that both saw count: `UNSEEN` is left out. Many pairs are counted at once; the bits are those of
    `rand_index`, because all sums are of whole numbers.
    """
    if not pairs:
        return []
    n, rows, columns = first.shape[1], int(first.max(initial=NOISE)) + 2, int(second.max(initial=NOISE)) + 2
    if rows * columns > 8 * max(n, 1):
        return [rand_index(*_seen(first[i], second[j])) for i, j in pairs]
    step = max(1, BLOCK_CELLS // (rows * columns + n))
    values: list[float] = []
    for start in range(0, len(pairs), step):
        i, j = np.array(pairs[start : start + step]).T
        left, right = first[i], second[j]
        both = (left != UNSEEN) & (right != UNSEEN)
        keys = (np.arange(len(i))[:, None] * rows + left + 1) * columns + right + 1
        counts = np.bincount(keys[both], minlength=len(i) * rows * columns).reshape(len(i), rows, columns)
        values += _adjusted(counts.astype(float), both.sum(1)).tolist()
    return values


def _seen(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Two labellings (n,) over the rows that both saw."""
    both = (left != UNSEEN) & (right != UNSEEN)
    return left[both], right[both]


def _adjusted(counts: Floats, n: Ints) -> Floats:
    """(p,) adjusted Rand indices of p contingency tables (p, a, b) over n (p,) rows each."""

    def pairs(counts: Floats) -> Floats:
        return np.asarray((counts * (counts - 1) / 2).reshape(len(counts), -1).sum(1))

    together, left, right = pairs(counts), pairs(counts.sum(2)), pairs(counts.sum(1))
    expected = left * right / np.maximum(n * (n - 1) / 2, 1)
    most = (left + right) / 2
    same = most == expected
    return np.where(same, 1.0, (together - expected) / np.where(same, 1, most - expected))


def rand_index(first: Ints, second: Ints) -> float:
    """The adjusted Rand index of two labellings of the same rows (Hubert & Arabie 1985); noise is one class."""
    a, b = first - first.min(initial=0), second - second.min(initial=0)
    n, width = len(a), int(b.max(initial=0)) + 1

    def pairs(counts: npt.NDArray[Any]) -> float:
        wide = counts.astype(float)
        return float((wide * (wide - 1) / 2).sum())

    keys = a * np.int64(width) + b
    small = n and (int(a.max()) + 1) * width <= 8 * n
    cells = np.bincount(keys) if small else np.unique(keys, return_counts=True)[1]
    together, left, right = pairs(cells), pairs(np.bincount(a)), pairs(np.bincount(b))
    expected = left * right / max(n * (n - 1) / 2, 1)
    most = (left + right) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)

"""Exact nearest neighbours by cosine, the same at every run, and the weighted graph of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from typing import Any

import numpy as np
import numpy.typing as npt

from toolkit.values import Floats, Ints, Vectors

BLOCK_SIMILARITIES = 1 << 22
"""Number of similarities that a thread has in memory at once (16 MB); fixed, so that blocks do not depend on the
machine."""
MOST_DENSE_ROWS = 200
"""Up to this number of rows, the graph is computed as a full matrix."""
DIGITS = 6
"""Decimals of similarities, so that the last bits of a matrix product never decide a result."""


@dataclass(frozen=True)
class Neighbours:
    """The nearest rows of each row, without itself: rows (n, k), nearest first; similarity (n, k) cosines."""

    rows: Ints
    similarity: Vectors

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.rows)

    @property
    def k(self) -> int:
        """The number of neighbours of each row."""
        return int(self.rows.shape[1])


@dataclass(frozen=True)
class Edges:
    """An undirected weighted graph over n nodes: source < target (m,), weight (m,) positive."""

    n: int
    source: Ints
    target: Ints
    weight: Floats


def nearest(vectors: Vectors, k: int) -> Neighbours:
    """The k nearest rows of each unit row of (n, d) float32 by cosine, exactly; k is at most n - 1.

    A pool of threads processes blocks of a fixed size; of a tie, the lower row comes first. Time n^2 d, memory n k.
    """
    n = len(vectors)
    k = max(0, min(k, n - 1))
    rows, similarity = np.zeros((n, k), np.int32), np.zeros((n, k), np.float32)
    step = max(16, BLOCK_SIMILARITIES // max(n, 1))

    def fill(start: int) -> None:
        block = vectors[start : start + step] @ vectors.T
        diagonal = np.arange(len(block))
        block[diagonal, start + diagonal] = -np.inf
        rows[start : start + step], similarity[start : start + step] = top(block, k)

    if k:
        with ThreadPoolExecutor(min(8, cpu_count() or 1)) as pool:
            list(pool.map(fill, range(0, n, step)))
    return Neighbours(rows, similarity)


def top(similarities: Vectors, k: int) -> tuple[Ints, Vectors]:
    """The columns (n, k) of the k largest entries of each row, largest first, and these entries, rounded.

    Of equal entries the lower column comes first, also if only some of them are among the k largest.
    """
    rounded = np.round(similarities, DIGITS)
    columns = rounded.shape[1]
    picked = _largest(rounded, k) if k < columns else np.tile(np.arange(columns), (len(rounded), 1))
    picked = np.sort(picked, axis=1)
    values = np.take_along_axis(rounded, picked, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(picked, order, axis=1).astype(np.int32), np.take_along_axis(values, order, axis=1)


def _largest(rounded: Vectors, k: int) -> npt.NDArray[np.int64]:
    """(n, k) columns of the k largest entries of each row, in any order; of equal entries, the lower columns."""
    picked = np.argpartition(-rounded, k - 1, axis=1)[:, :k]
    last = np.take_along_axis(rounded, picked, axis=1).min(1, keepdims=True, initial=np.inf)
    tied = np.flatnonzero((rounded >= last).sum(1) > k)  # rows in which more entries equal the last one taken
    if len(tied):
        above, level = rounded[tied] > last[tied], rounded[tied] == last[tied]
        spare = k - above.sum(1, keepdims=True)
        picked[tied] = np.nonzero(above | (level & (level.cumsum(1) <= spare)))[1].reshape(-1, k)
    return picked


def across(queries: Vectors, vectors: Vectors, k: int) -> Neighbours:
    """The k nearest of `vectors` for each row of `queries` (another set of rows), by cosine, exactly."""
    k = max(0, min(k, len(vectors)))
    rows, similarity = np.zeros((len(queries), k), np.int32), np.zeros((len(queries), k), np.float32)
    step = max(16, BLOCK_SIMILARITIES // max(len(vectors), 1))
    for start in range(0, len(queries) if k else 0, step):
        block = queries[start : start + step] @ vectors.T
        rows[start : start + step], similarity[start : start + step] = top(block, k)
    return Neighbours(rows, similarity)


def among(neighbours: Neighbours, chosen: Ints, k: int) -> Neighbours:
    """The neighbours of a subset of rows within the subset, at most k each, in the numbering of the subset.

    Rows with fewer than k known neighbours in the subset repeat their last one with similarity 0 (no tie).
    """
    place = np.full(neighbours.n, -1, np.int32)
    place[chosen] = np.arange(len(chosen), dtype=np.int32)
    rows = place[neighbours.rows[chosen]]
    absent = rows < 0
    order = np.argsort(absent, axis=1, kind="stable")[:, :k]
    rows = np.take_along_axis(rows, order, axis=1)
    similarity = np.where(rows < 0, 0, np.take_along_axis(neighbours.similarity[chosen], order, axis=1))
    return Neighbours(np.maximum(rows, 0), similarity.astype(np.float32))


def joined(first: Edges, second: Edges, weight: float) -> Edges:
    """One graph from two over the same nodes: the weight of a tie is (1 - weight) of the first plus weight of the
    second."""
    from scipy.sparse import csr_matrix

    shape = (first.n, first.n)
    weighed_first = csr_matrix((first.weight * (1 - weight), (first.source, first.target)), shape)
    weighed_second = csr_matrix((second.weight * weight, (second.source, second.target)), shape)
    both: Any = (weighed_first + weighed_second).tocsr()
    both.sort_indices()
    both = both.tocoo()
    return Edges(first.n, both.row.astype(np.int32), both.col.astype(np.int32), np.asarray(both.data))


def fuzzy(neighbours: Neighbours, k: int, least: float = 0.0, faint: float = 1e-9) -> Edges:
    """UMAP's graph of the k nearest rows (McInnes, Healy & Melville 2018, eq. 1-3).

    The ties of each row decrease on a scale of that row and the nearest has weight 1, so that dense and sparse regions
    have similar weights. A tie exists if either row has it. Ties of cosine `least` or less, and ties of a weight below
    `faint`, are left out.
    """
    n, k = neighbours.n, min(k, neighbours.k)
    near = neighbours.similarity[:, :k].astype(float)
    tied = near > least
    distance = np.where(tied, np.maximum(1 - near, 0), np.inf)
    beyond = distance - (np.where(tied[:, :1], distance[:, :1], 0) if k else 0)
    weights = np.exp(-beyond / _scale(beyond)[:, None])
    columns = neighbours.rows[:, :k].flatten()  # a copy: scipy sorts it in place
    source, target, weight = (_either_dense if n <= MOST_DENSE_ROWS else _either)(columns, weights.ravel(), n, k)
    weight = np.round(weight.astype(float), DIGITS + 3)
    kept = weight >= faint
    return Edges(n, source[kept].astype(np.int32), target[kept].astype(np.int32), weight[kept])


def _either(columns: Ints, weights: Floats, n: int, k: int) -> tuple[Any, Any, Any]:
    """Row, column and weight a + b - ab of ties that either row has, those above the diagonal, in order."""
    from scipy.sparse import csr_matrix, triu

    ties = csr_matrix((weights, columns, np.arange(n + 1) * k), (n, n))
    ties.sum_duplicates()
    ties.setdiag(0)
    upper: Any = triu(ties + ties.T - ties.multiply(ties.T), k=1, format="csr")
    upper.sort_indices()
    upper = upper.tocoo()
    return upper.row, upper.col, upper.data


def _either_dense(columns: Ints, weights: Floats, n: int, k: int) -> tuple[Any, Any, Any]:
    """The same as `_either` for few rows, for which a full matrix takes a tenth of the time."""
    ties = np.zeros((n, n))
    np.add.at(ties, (np.repeat(np.arange(n), k), columns), weights)
    np.fill_diagonal(ties, 0)
    upper = np.triu(ties + ties.T - ties * ties.T, k=1)
    source, target = np.nonzero(upper)
    return source, target, upper[source, target]


def _scale(beyond: Floats) -> Floats:
    """(n,) for each row, the scale at which the weights of its ties sum to log2(k + 1), by bisection."""
    n, k = beyond.shape
    low, high = np.full(n, 1e-6), np.full(n, 10.0)
    for _ in range(24):
        middle = np.sqrt(low * high)
        over = np.exp(-beyond / middle[:, None]).sum(1) > np.log2(k + 1)
        high, low = np.where(over, middle, high), np.where(over, low, middle)
    return np.asarray(np.sqrt(low * high))

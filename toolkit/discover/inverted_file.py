"""Nearest neighbours of very many rows: each row is compared with the cells around it only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toolkit.discover.neighbours import Neighbours, across, nearest, top
from toolkit.values import Ints, Vectors

MOST_EXACT_ROWS = 60_000
"""Up to this number of rows, neighbours are exact."""
CELL_ROWS = 1_000
"""Approximate number of rows in a cell."""
CELLS_SEARCHED = 12
"""Number of cells searched for each row, including the cell of the row."""
KMEANS_ROUNDS = 8


def nearest_of_many(vectors: Vectors, k: int, exact: int = MOST_EXACT_ROWS, cell_size: int = CELL_ROWS) -> Neighbours:
    """The k nearest rows of each row by cosine; above `exact` rows, only those in the twelve cells around it.

    An inverted file (Jegou, Douze & Schmid 2011, section 4) without compression. Cells are made by spherical k-means
    from evenly spaced rows of the canonical order, without random numbers. Time grows with n * cell_size *
    CELLS_SEARCHED, memory with n. On 20,000 titles, 95 % of the 30 nearest neighbours are correct.
    """
    if len(vectors) <= exact:
        return nearest(vectors, k)
    cells = Cells.of(vectors, cell_size)
    return cells.nearest(vectors, cells.cell, k, themselves=np.arange(len(vectors), dtype=np.int32))


def across_many(
    queries: Vectors, vectors: Vectors, k: int, exact: int = MOST_EXACT_ROWS, cell_size: int = CELL_ROWS
) -> Neighbours:
    """The k nearest of `vectors` for each row of `queries`; above `exact` vectors, only those in cells around it."""
    if len(vectors) <= exact:
        return across(queries, vectors, k)
    cells = Cells.of(vectors, cell_size)
    return cells.nearest(queries, _cell_of(queries, cells.centres), k)


@dataclass(frozen=True)
class Cells:
    """Rows sorted into cells: `cell` (n,) of each row, `order` (n,) the rows by cell, and `bounds` of the cells."""

    vectors: Vectors
    centres: Vectors
    cell: Ints
    order: Ints
    bounds: Ints
    size: int

    @classmethod
    def of(cls, vectors: Vectors, size: int) -> Cells:
        """Cells of about `size` rows each."""
        centres = _centres(vectors, -(-len(vectors) // size))
        cell = _cell_of(vectors, centres)
        order = np.argsort(cell, kind="stable")
        bounds = np.searchsorted(cell[order], np.arange(len(centres) + 1))
        return cls(vectors, centres, cell, order.astype(np.int32), bounds.astype(np.int32), size)

    def nearest(self, queries: Vectors, cell: Ints, k: int, themselves: Ints | None = None) -> Neighbours:
        """The k nearest rows of each query (m, d) in the cells around the query's `cell` (m,).

        `themselves` (m,) are the rows of the queries if they are among the rows: no query is its own neighbour.
        """
        around, _ = top(np.asarray(self.centres @ self.centres.T, np.float32), min(CELLS_SEARCHED, len(self.centres)))
        rows, similarity = np.zeros((len(queries), k), np.int32), np.full((len(queries), k), -2.0, np.float32)
        sorted_queries = np.argsort(cell, kind="stable")
        bounds = np.searchsorted(cell[sorted_queries], np.arange(len(self.centres) + 1))
        for at, near in enumerate(around):
            members = sorted_queries[bounds[at] : bounds[at + 1]]
            if not len(members):
                continue
            others = np.sort(np.concatenate([self.order[self.bounds[c] : self.bounds[c + 1]] for c in near]))
            candidates = self.vectors[others]
            for start in range(0, len(members), self.size):
                part = members[start : start + self.size]
                block = queries[part] @ candidates.T
                if themselves is not None:
                    block[np.arange(len(part)), np.searchsorted(others, themselves[part])] = -2.0
                columns, values = top(block, k)
                rows[part, : columns.shape[1]], similarity[part, : columns.shape[1]] = others[columns], values
        return Neighbours(rows, similarity)


def _centres(vectors: Vectors, cells: int) -> Vectors:
    """(cells, d) unit centres by spherical k-means on a sample of evenly spaced rows."""
    sample = vectors[np.linspace(0, len(vectors) - 1, min(len(vectors), 64 * cells)).astype(int)]
    centres = sample[np.linspace(0, len(sample) - 1, cells).astype(int)]
    for _ in range(KMEANS_ROUNDS):
        cell = _cell_of(sample, centres)
        sums = np.zeros(centres.shape)
        np.add.at(sums, cell, sample)
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(length > 1e-9, sums / np.maximum(length, 1e-9), centres).astype(np.float32)
    return np.asarray(centres, np.float32)


def _cell_of(vectors: Vectors, centres: Vectors) -> Ints:
    """(n,) the nearest centre of each row."""
    cell = np.zeros(len(vectors), np.int32)
    for start in range(0, len(vectors), 8192):
        cell[start : start + 8192] = (vectors[start : start + 8192] @ centres.T).argmax(1)
    return cell

"""Evidence for merging two themes or splitting one: how often refits put their paragraphs together."""

from __future__ import annotations

from warnings import catch_warnings, simplefilter

import numpy as np
import pyarrow as pa

from toolkit.discover.clusterer import centroids
from toolkit.discover.kmeans import fill_empty
from toolkit.schemas import HALVES, THEME_PAIRS
from toolkit.values import NOISE, Discovery, Floats, Ints, Vectors, seed_for

FEWEST_DIVIDED = 4
"""Smallest number of paragraphs in a theme that is split."""
MOST_ROWS_FITTED = 5_000
"""Largest number of paragraphs that a split is fitted to; the others join the nearest part."""
KMEANS_STARTS, KMEANS_ROUNDS = 10, 30
"""Number of starts of a split, of which the best is used, and number of rounds of each."""
DECIMALS = 9


def theme_pairs(discovery: Discovery, vectors: Vectors) -> pa.Table:
    """THEME_PAIRS of every two themes of n unique paragraphs with unit rows `vectors` (n, d), by theme and other.

    `together` is the mean over refits of the share of pairs of paragraphs, one of each theme, both seen by the refit,
    that are in one of its groups (the consensus of two themes; Monti et al. 2003, Machine Learning 52, eq. 3).
    """
    together, refits = consensus(discovery.assignment, discovery.refits)
    first, second = np.triu_indices(discovery.themes, 1)
    means = centroids(vectors, discovery.assignment).astype(float)
    cosine = np.round((means[first] * means[second]).sum(1), DECIMALS)
    columns = [first, second, together[first, second], cosine, refits[first, second]]
    return pa.table([_column(values, of) for values, of in zip(columns, THEME_PAIRS, strict=True)], schema=THEME_PAIRS)


def halves(discovery: Discovery, vectors: Vectors, seed: int) -> pa.Table:
    """HALVES of every theme of at least four paragraphs: one row per paragraph, by theme and row.

    It contains the two halves of each theme, and how reliably refits separate them.
    """
    parts = []
    for theme in range(discovery.themes):
        rows = np.flatnonzero(discovery.assignment == theme)
        if len(rows) < FEWEST_DIVIDED:
            continue
        half = divided(vectors[rows], 2, seed)
        together, refits = consensus(half, discovery.refits[:, rows])
        same = [np.full(len(rows), value) for value in (theme, 1 - together[0, 1], refits[0, 1])]
        columns = [same[0], rows, half, same[1], same[2]]
        parts.append([_column(values, of) for values, of in zip(columns, HALVES, strict=True)])
    return pa.concat_tables([pa.table(part, schema=HALVES) for part in parts] or [HALVES.empty_table()])


def consensus(groups: Ints, refits: Ints) -> tuple[Floats, Ints]:
    """(k, k), (k, k): for every two of the groups (n,), the mean share of pairs of rows that refits (R, n) put
    together, and the number of refits that saw a row of each.

    A pair consists of one row of each group. The share is NaN if no refit saw both groups. Rows without a group in a
    refit (-1) are together with no other; rows that a refit did not see (-2) do not count.
    """
    k = int(groups.max(initial=NOISE)) + 1
    total, counted = np.zeros((k, k)), np.zeros((k, k), np.int32)
    inside = groups != NOISE
    for labels in refits:
        seen = inside & (labels >= NOISE)
        group, label = groups[seen], labels[seen] + 1
        width = int(label.max(initial=0)) + 1
        table = np.bincount(group * np.int64(width) + label, minlength=k * width).reshape(k, width).astype(float)
        size = table.sum(1)
        shared = table[:, 1:] @ table[:, 1:].T
        pairs = np.outer(size, size)
        total += np.divide(shared, pairs, out=np.zeros((k, k)), where=pairs > 0)
        counted += pairs > 0
    return np.divide(total, counted, out=np.full((k, k), np.nan), where=counted > 0), counted


def divided(rows: Vectors, parts: int, seed: int) -> Ints:
    """(n,) the part of each of n unit rows (n, d) by spherical k-means; part 0 is the largest, none is empty.

    The result depends on content and seed only: rows are sorted by their bytes, and parts of equal size are numbered by
    the first row in that order. Dhillon & Modha (2001).
    """
    from threadpoolctl import threadpool_limits

    order = np.array(sorted(range(len(rows)), key=lambda row: rows[row].tobytes()), np.int64)
    ordered = np.ascontiguousarray(rows[order], np.float64)
    step = -(-len(rows) // MOST_ROWS_FITTED)
    with threadpool_limits(1):
        labels = fill_empty(_k_means(ordered[::step], parts, seed_for(seed, "split")), parts)
        if step > 1:
            means = centroids(ordered[::step].astype(np.float32), labels)
            labels = fill_empty((ordered @ means.T).argmax(1).astype(np.int32), parts)
    _, first, size = np.unique(labels, return_index=True, return_counts=True)
    rank = np.empty(len(size), np.int32)
    rank[np.lexsort((first, -size))] = np.arange(len(size))
    result = np.empty(len(rows), np.int32)
    result[order] = rank[labels]
    return result


def _k_means(rows: Floats, parts: int, seed: int) -> Ints:
    """(n,) labels of the start with the smallest sum of squared distances.

    Equal rows share a label if there are too few different ones.
    """
    from scipy.cluster.vq import kmeans2

    unlike, same = np.unique(rows, axis=0, return_inverse=True)
    if len(unlike) <= parts:
        return np.asarray(same.reshape(-1), np.int32)
    random, best, least = np.random.default_rng(seed), np.zeros(len(rows), np.int32), np.inf
    for _ in range(KMEANS_STARTS):
        with catch_warnings():
            simplefilter("ignore", UserWarning)  # an empty part is filled, or another start is better
            means, labels = kmeans2(rows, parts, iter=KMEANS_ROUNDS, minit="++", seed=random)
        loss = round(float(((rows - means[labels]) ** 2).sum()), DECIMALS)
        if loss < least:
            best, least = labels.astype(np.int32), loss
    return best


def _column(values: Floats | Ints, of: pa.Field) -> pa.Array:
    return pa.array(values, of.type, from_pandas=True)

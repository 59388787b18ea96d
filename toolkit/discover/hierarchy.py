"""Broader themes above the themes: two or three levels, each theme with its parent."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from toolkit.schemas import LEVELS
from toolkit.values import NOISE, Ints, Row, Table, Vectors

FIRST_BROADER_ID = 1000
"""Smallest number of a broader theme."""
FEWEST_THEMES = 4
"""Smallest number of themes with a level above them."""
LARGEST_SHARE = 2 / 3
"""Largest share of the texts in one broader theme, if another cut makes this possible."""


def hierarchy(means: Vectors, sizes: Ints, levels: int) -> Table:
    """LEVELS of k themes from their unit means (k, d) and sizes (k,), by average linkage with cosine similarity.

    The mean of all texts is subtracted first, because the content that the whole corpus shares would chain the themes.
    A level has between a quarter and a half of the number of themes below it (at least 2). Within that range, the cut
    is before the merge with the largest step in height, excluding cuts that put more than two thirds of the texts into
    one theme. Broader themes are numbered from 1000, largest first, level by level.
    """
    rows: list[Row] = [{"theme": t, "level": 0, "parent": None} for t in range(len(means))]
    means = _centred(means, sizes)
    below = list(range(len(means)))
    members = [[t] for t in below]
    next_id = FIRST_BROADER_ID
    for level in range(1, levels):
        if len(below) < FEWEST_THEMES:
            break
        texts = np.array([sizes[m].sum() for m in members])
        groups = _cut(np.array([_mean(means, sizes, m) for m in members]), texts)
        joined = [sorted(theme for i in group for theme in members[i]) for group in groups]
        order = sorted(range(len(groups)), key=lambda g: (-int(sizes[joined[g]].sum()), joined[g][0]))
        ids = {g: next_id + rank for rank, g in enumerate(order)}
        parent = {below[i]: ids[g] for g, group in enumerate(groups) for i in group}
        rows = [row | {"parent": parent[row["theme"]]} if row["level"] == level - 1 else row for row in rows]
        rows += [{"theme": ids[g], "level": level, "parent": None} for g in order]
        below, members = [ids[g] for g in order], [joined[g] for g in order]
        next_id += len(order)
    return pa.Table.from_pylist(rows, schema=LEVELS)


def renaming(before: Ints, after: Ints, themes: int) -> tuple[Ints, Ints]:
    """Two numberings of the same partition: the old number of each new theme, and the new number of each old one."""
    old = np.zeros(themes, np.int32)
    placed = before != NOISE
    old[after[placed]] = before[placed]
    new = np.empty_like(old)
    new[old] = np.arange(themes, dtype=np.int32)
    return old, new


def renamed(levels: Table, new: Ints) -> Table:
    """LEVELS with the themes of level 0 renumbered: `new` (k,) is the new number of each."""
    rows = [row | {"theme": int(new[row["theme"]])} if row["level"] == 0 else row for row in levels.to_pylist()]
    rows.sort(key=lambda row: (row["level"], row["theme"]))
    return pa.Table.from_pylist(rows, schema=levels.schema)


def _centred(means: Vectors, sizes: Ints) -> Vectors:
    """(k, d) unit means with the mean of all texts subtracted; unchanged if nothing is left."""
    if not len(means) or not sizes.sum():
        return means
    apart = means - np.average(means, axis=0, weights=sizes)
    length = np.linalg.norm(apart, axis=1, keepdims=True)
    return np.asarray(np.where(length > 1e-6, apart / np.maximum(length, 1e-6), means), np.float32)


def _mean(means: Vectors, sizes: Ints, members: list[int]) -> Vectors:
    total = (means[members] * sizes[members][:, None]).sum(0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12), np.float32)


def _cut(means: Vectors, sizes: Ints) -> list[list[int]]:
    """Groups of rows by average linkage, cut at the largest step that gives a quarter to a half as many groups.

    No group has more than two thirds of the texts, if another cut makes this possible.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    k = len(means)
    distance = np.round(np.maximum(1 - means.astype(float) @ means.astype(float).T, 0), 9)
    distance = (distance + distance.T) / 2
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    cuts = {groups: fcluster(tree, groups, "maxclust") for groups in range(max(2, k // 4), max(2, k // 2) + 1)}
    steps = {groups: round(float(tree[k - groups, 2] - tree[k - groups - 1, 2]), 9) for groups in cuts}
    even = [groups for groups, cut in cuts.items() if np.bincount(cut, sizes).max() <= LARGEST_SHARE * sizes.sum()]
    labels = cuts[max(even or cuts, key=lambda groups: (steps[groups], -groups))]
    return [[int(i) for i in np.flatnonzero(labels == label)] for label in np.unique(labels)]

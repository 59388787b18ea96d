"""Separation of themes in the space of the vectors: silhouette by cosine, and density-based validity."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from toolkit.values import NOISE, Floats, Ints, Vectors

BLOCK_TEXTS = 2_000
"""Number of texts whose distances to all themes are in memory at once."""


def silhouettes(vectors: Vectors, assignment: Ints) -> Floats:
    """(n,) the silhouette of every text with a theme, NaN for the others (Rousseeuw 1987, cosine distance).

    Exact at any size: on unit vectors, the mean cosine distance to a theme is 1 minus the product with the sum of its
    vectors divided by its size, so n x k products replace n x n distances. A theme of one text has 0, as in
    scikit-learn.
    """
    result = np.full(len(assignment), np.nan)
    members = np.flatnonzero(assignment != NOISE)
    themes, place, sizes = np.unique(assignment[members], return_inverse=True, return_counts=True)
    if len(themes) < 2:
        return result
    sums = np.zeros((len(themes), vectors.shape[1]))
    for theme in range(len(themes)):
        sums[theme] = _unit(vectors[members[place == theme]]).sum(axis=0)
    for first in range(0, len(members), BLOCK_TEXTS):
        part = slice(first, first + BLOCK_TEXTS)
        result[members[part]] = _silhouettes(_unit(vectors[members[part]]), place[part], sums, sizes)
    return result


def _unit(vectors: Vectors) -> Floats:
    rows = vectors.astype(np.float64)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = rows / np.where(norms > 0, norms, 1.0)
    return unit


def _silhouettes(unit: Floats, place: npt.NDArray[np.int64], sums: Floats, sizes: npt.NDArray[np.int64]) -> Floats:
    """Silhouettes of some texts: their unit vectors and themes, the sums and sizes of all themes."""
    products = unit @ sums.T
    distance = 1.0 - products / sizes
    rows = np.arange(len(place))
    to_theme, size = products[rows, place], sizes[place]
    itself = (unit * unit).sum(axis=1)
    inside = ((size - to_theme) - (1.0 - itself)) / np.maximum(size - 1, 1)
    distance[rows, place] = np.inf
    outside = distance.min(axis=1)
    larger = np.maximum(inside, outside)
    score: Floats = np.where((size > 1) & (larger > 0), (outside - inside) / np.where(larger > 0, larger, 1.0), 0.0)
    return score


def density_validity(distances: Floats, assignment: Ints, dimensions: int) -> float | None:
    """Density-based cluster validity in [-1, 1] (DBCV: Moulavi et al. 2014, eq. 3.1 to 3.7); None for fewer than two
    themes.

    distances (n, n) symmetric. The measure compares the sparsest region inside each theme with the densest region
    between two themes; noise counts in the denominator. The core distance is computed in logarithms to avoid overflow
    in hundreds of dimensions. Themes of one text count as 0.
    """
    themes = [theme for theme in np.unique(assignment).tolist() if theme != NOISE]
    if len(themes) < 2:
        return None
    members = [np.flatnonzero(assignment == theme) for theme in themes]
    core = np.zeros(len(assignment))
    for rows in members:
        core[rows] = core_distances(distances[np.ix_(rows, rows)], dimensions)
    trees = [_sparseness(distances[np.ix_(rows, rows)], core[rows]) for rows in members]
    inner = [rows[tree[1]] for rows, tree in zip(members, trees, strict=True)]
    apart = np.full((len(themes), len(themes)), np.inf)
    for i in range(len(themes)):
        for j in range(i + 1, len(themes)):
            apart[i, j] = apart[j, i] = _reach(distances, core, inner[i], inner[j]).min()
    score = 0.0
    for i, rows in enumerate(members):
        sparse, passage = trees[i][0], float(apart[i].min())
        larger = max(sparse, passage)
        score += len(rows) / len(assignment) * ((passage - sparse) / larger if len(rows) > 1 and larger > 0 else 0.0)
    return score


def core_distances(distances: Floats, dimensions: int) -> Floats:
    """(m,) all-points core distance: ((1 / (m - 1)) * sum over others of d^-D) ^ (-1 / D)."""
    if len(distances) < 2:
        return np.zeros(len(distances))
    with np.errstate(divide="ignore"):
        power = -dimensions * np.log(distances)
    np.fill_diagonal(power, -np.inf)
    power[distances == 0] = -np.inf  # copies do not count, as in the authors' code
    highest = power.max(axis=1)
    safe = np.where(np.isfinite(highest), highest, 0.0)
    total = np.log(np.maximum(np.exp(power - safe[:, None]).sum(axis=1), 1e-300)) + safe
    core: Floats = np.exp(-(total - np.log(len(distances) - 1)) / dimensions)
    return np.where(np.isfinite(highest), core, 0.0)


def _reach(
    distances: Floats, core: Floats, rows: npt.NDArray[np.int64], others: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Mutual reachability between two sets of rows."""
    return np.maximum(np.maximum(distances[np.ix_(rows, others)], core[rows][:, None]), core[others][None, :])


def _sparseness(distances: Floats, core: Floats) -> tuple[float, npt.NDArray[np.int64]]:
    """The longest inner edge of the theme's minimum spanning tree, and its inner nodes (those of a degree above 1)."""
    from scipy.sparse.csgraph import minimum_spanning_tree

    everyone = np.arange(len(core))
    if len(core) < 2:
        return 0.0, everyone
    reach = np.maximum(np.maximum(distances, core[:, None]), core[None, :])
    if not reach.any():  # all texts have one vector, and a graph without weights has no tree
        return 0.0, everyone
    tree = minimum_spanning_tree(reach).tocoo()
    degree = np.bincount(np.concatenate([tree.row, tree.col]), minlength=len(core))
    inner = np.flatnonzero(degree > 1)
    if not len(inner):
        inner = everyone[:1]
    between = (degree[tree.row] > 1) & (degree[tree.col] > 1)
    edges = tree.data[between] if between.any() else tree.data
    return float(edges.max()), inner

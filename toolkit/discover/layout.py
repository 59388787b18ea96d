"""A map of the rows in two dimensions, for reading, never for clustering."""

from __future__ import annotations

import numpy as np

from toolkit.discover.neighbours import Neighbours, across, fuzzy, nearest
from toolkit.values import Floats, Vectors, seed_for

CURVE_A, CURVE_B = 1.577, 0.895
"""The curve 1 / (1 + a d^2b) for a minimum distance of 0.1 (McInnes, Healy & Melville 2018, section 3)."""
NEIGHBOURS = 15
FEWEST_MAPPED = 3
"""Smallest number of rows with a map; fewer rows are placed side by side."""
EPOCHS = 250
LONGEST_STEP = 1.0
"""Largest movement of a point along one axis in one epoch; without it, isolated points drift away."""
REPULSIONS_PER_ROW = 5
MOST_LANDMARKS = 5_000
"""Above this number of rows, a sample of this size is laid out and the others are placed among their neighbours."""


def layout(vectors: Vectors, seed: int) -> Floats:
    """(n, 2) centred coordinates that place similar rows near each other, by UMAP's objective (McInnes et al. 2018, eq.
    1-17).

    Gradient descent runs over all ties at once in numpy (no compilation, the same at every run) and starts from the
    first two principal components. Above `MOST_LANDMARKS` rows, a seeded sample is laid out and every other row is
    placed at the mean of its five nearest sampled rows, weighted by cosine. Distances on the map are not a finding.
    """
    n = len(vectors)
    if n < FEWEST_MAPPED:
        return np.array([[float(i), 0.0] for i in range(n)]).reshape(n, 2)
    if n <= MOST_LANDMARKS:
        return _descend(_components(vectors), nearest(vectors, NEIGHBOURS), seed)
    chosen = np.sort(np.random.default_rng(seed_for(seed, "landmarks")).permutation(n)[:MOST_LANDMARKS])
    sample = vectors[chosen]
    placed = _descend(_components(sample), nearest(sample, NEIGHBOURS), seed)
    near = across(vectors, sample, 5)
    weights = np.maximum(near.similarity.astype(float), 1e-6) ** 4
    spread: Floats = (placed[near.rows] * weights[:, :, None]).sum(1) / weights.sum(1)[:, None]
    spread[chosen] = placed
    return spread


def _components(vectors: Vectors) -> Floats:
    """(n, 2) scores on the first two principal components, scaled to a standard deviation of 1, with fixed signs."""
    centred = vectors.astype(float) - vectors.mean(0, dtype=float)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :2]
    axes = axes * np.where(axes[np.abs(axes).argmax(0), range(axes.shape[1])] < 0, -1.0, 1.0)
    points = centred @ axes
    if points.shape[1] < 2:
        points = np.hstack([points, np.zeros((len(points), 2 - points.shape[1]))])
    scale = float(points.std())
    return np.asarray(points / scale if scale > 1e-9 else points)


def _descend(points: Floats, neighbours: Neighbours, seed: int) -> Floats:
    """(n, 2) points after gradient descent on the cross-entropy of fuzzy ties; random pairs from the seed repel."""
    n = len(points)
    ties = fuzzy(neighbours, neighbours.k, least=-2.0)
    source, target, weight = ties.source, ties.target, ties.weight
    random = np.random.default_rng(seed_for(seed, "layout"))
    points = points * 5 + random.normal(scale=1e-3, size=points.shape)
    degree = np.bincount(source, weight, n) + np.bincount(target, weight, n)
    point = np.repeat(np.arange(n), REPULSIONS_PER_ROW)
    for epoch in range(EPOCHS):
        gap = points[source] - points[target]
        squared = (gap**2).sum(1) + 1e-12
        pull = (
            np.clip(
                (-2 * CURVE_A * CURVE_B * squared ** (CURVE_B - 1) / (1 + CURVE_A * squared**CURVE_B))[:, None] * gap,
                -4,
                4,
            )
            * weight[:, None]
        )
        other = random.integers(0, n, len(point))
        gap = points[point] - points[other]
        squared = (gap**2).sum(1)
        push = np.clip((2 * CURVE_B / ((0.001 + squared) * (1 + CURVE_A * squared**CURVE_B)))[:, None] * gap, -4, 4)
        push *= degree[point][:, None]
        step = np.empty_like(points)
        for axis in (0, 1):
            step[:, axis] = np.bincount(source, pull[:, axis], n) - np.bincount(target, pull[:, axis], n)
            step[:, axis] += np.bincount(point, push[:, axis], n)
        points = points + (1 - epoch / EPOCHS) * np.clip(step / 2, -LONGEST_STEP, LONGEST_STEP)
    return np.asarray(points - points.mean(0))

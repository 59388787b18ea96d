"""A map of the rows in two dimensions, for reading, never for clustering."""

from __future__ import annotations

import numpy as np

from toolkit.discover.neighbours import Neighbours, across, fuzzy, nearest
from toolkit.values import Floats, Vectors, seed_for

A, B = 1.577, 0.895
"""The curve 1 / (1 + a d^2b) for a least distance of 0.1 (McInnes, Healy & Melville 2018, section 3)."""
TIES = 15
MAPPABLE = 3
"""Fewer rows than this are set side by side."""
EPOCHS = 250
STEP = 1.0
"""The farthest that a point moves along one axis in one epoch; without it lone points fly off."""
NEGATIVES = 5
LANDMARKS = 5_000
"""Beyond so many rows a sample of this size is laid out and the others are placed among their neighbours."""


def layout(vectors: Vectors, seed: int) -> Floats:
    """(n, 2) coordinates, centred, in which near rows stand near: UMAP's objective (McInnes et al. 2018, eq. 1-17).

    The objective is descended over all ties at once in numpy (no compilation, the same at every run), from the first
    two principal components. Above `LANDMARKS` rows, a seeded sample is laid out and every other row
    stands at the mean of its five nearest sampled rows, weighted by cosine. Distances on the map are not a finding.
    """
    n = len(vectors)
    if n < MAPPABLE:
        return np.array([[float(i), 0.0] for i in range(n)]).reshape(n, 2)
    if n <= LANDMARKS:
        return _descend(_components(vectors), nearest(vectors, TIES), seed)
    chosen = np.sort(np.random.default_rng(seed_for(seed, "landmarks")).permutation(n)[:LANDMARKS])
    sample = vectors[chosen]
    placed = _descend(_components(sample), nearest(sample, TIES), seed)
    near = across(vectors, sample, 5)
    weights = np.maximum(near.similarity.astype(float), 1e-6) ** 4
    spread: Floats = (placed[near.rows] * weights[:, :, None]).sum(1) / weights.sum(1)[:, None]
    spread[chosen] = placed
    return spread


def _components(vectors: Vectors) -> Floats:
    """The first two principal components, scaled to a deviation of 1; signs fixed."""
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
    """Descends the cross-entropy of fuzzy ties from given points; repulsion by seeded random pairs."""
    n = len(points)
    ties = fuzzy(neighbours, neighbours.k, least=-2.0)
    source, target, weight = ties.source, ties.target, ties.weight
    random = np.random.default_rng(seed_for(seed, "layout"))
    points = points * 5 + random.normal(scale=1e-3, size=points.shape)
    degree = np.bincount(source, weight, n) + np.bincount(target, weight, n)
    point = np.repeat(np.arange(n), NEGATIVES)
    for epoch in range(EPOCHS):
        gap = points[source] - points[target]
        squared = (gap**2).sum(1) + 1e-12
        pull = np.clip((-2 * A * B * squared ** (B - 1) / (1 + A * squared**B))[:, None] * gap, -4, 4) * weight[:, None]
        other = random.integers(0, n, len(point))
        gap = points[point] - points[other]
        squared = (gap**2).sum(1)
        push = np.clip((2 * B / ((0.001 + squared) * (1 + A * squared**B)))[:, None] * gap, -4, 4)
        push *= degree[point][:, None]
        step = np.empty_like(points)
        for axis in (0, 1):
            step[:, axis] = np.bincount(source, pull[:, axis], n) - np.bincount(target, pull[:, axis], n)
            step[:, axis] += np.bincount(point, push[:, axis], n)
        points = points + (1 - epoch / EPOCHS) * np.clip(step / 2, -STEP, STEP)
    return np.asarray(points - points.mean(0))

"""The map: UMAP's objective descended point by point, landmarks for large corpora."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit

from toolkit.discover import layout as module
from toolkit.discover.layout import layout
from toolkit.discover.neighbours import across, fuzzy, nearest
from toolkit.values import seed_for


def blobs(sizes, spread=0.4, d=6, seed=0):
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(d)[groups] + spread / d**0.5 * random.normal(size=(len(groups), d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), groups


def curve():
    """The a and b of 1 / (1 + a d^2b) that fit a least distance of 0.1 and a spread of 1, as UMAP fits them."""
    distance = np.linspace(0, 3, 300)
    wanted = np.where(distance < 0.1, 1.0, np.exp(-(distance - 0.1)))
    (a, b), _ = curve_fit(lambda x, a, b: 1 / (1 + a * x ** (2 * b)), distance, wanted)
    return round(a, 3), round(b, 3)


def start(vectors):
    """The first two principal components by SVD, the entry that weighs most in each positive, scaled to one."""
    centred = vectors.astype(float) - vectors.mean(0, dtype=float)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    axes *= np.sign(axes[range(len(axes)), np.abs(axes).argmax(1)])[:, None]
    points = centred @ axes.T
    points = np.hstack([points, np.zeros((len(points), 2 - points.shape[1]))])
    return points / points.std()


def descended(vectors, seed, epochs=250):
    """UMAP's gradient (McInnes et al. 2018, section 3.2), tie by tie, with five seeded repulsions a point and epoch."""
    a, b = curve()
    n, ties = len(vectors), fuzzy(nearest(vectors, 15), 15, least=-2.0)
    pairs = list(zip(ties.source.tolist(), ties.target.tolist(), ties.weight.tolist(), strict=True))
    degree = np.zeros(n)
    for one, other, weight in pairs:
        degree[one] += weight
        degree[other] += weight
    random = np.random.default_rng(seed_for(seed, "layout"))
    points = start(vectors) * 5 + random.normal(scale=1e-3, size=(n, 2))
    for epoch in range(epochs):
        move = np.zeros((n, 2))
        for one, other, weight in pairs:
            gap = points[one] - points[other]
            square = gap @ gap + 1e-12
            pull = np.clip(-2 * a * b * square ** (b - 1) / (1 + a * square**b) * gap, -4, 4) * weight
            move[one] += pull
            move[other] -= pull
        chance = random.integers(0, n, 5 * n)
        for at, other in enumerate(chance.tolist()):
            one = at // 5
            gap = points[one] - points[other]
            square = gap @ gap
            move[one] += np.clip(2 * b / ((0.001 + square) * (1 + a * square**b)) * gap, -4, 4) * degree[one]
        points = points + (1 - epoch / epochs) * np.clip(move / 2, -1, 1)
    return points - points.mean(0)


@pytest.mark.parametrize(("sizes", "spread", "seed"), [((4, 3), 1.0, 1), ((20, 4), 1.5, 5), ((6, 6, 6), 0.2, 2)])
def test_the_map_descends_umaps_objective(sizes, spread, seed, monkeypatch):
    monkeypatch.setattr(module, "EPOCHS", 10)  # rounding grows from epoch to epoch
    vectors, _ = blobs(sizes, spread=spread)
    assert np.allclose(layout(vectors, seed), descended(vectors, seed, epochs=10), atol=1e-6)


def test_the_map_is_descended_for_250_epochs():
    vectors, _ = blobs((3,), spread=1.0)
    assert np.allclose(layout(vectors, 2), descended(vectors, 2), atol=1e-3)


def test_the_map_is_centred_and_near_texts_stand_near():
    vectors, groups = blobs((20, 20, 20))
    points = layout(vectors, 1)
    assert points.shape == (60, 2) and np.allclose(points.mean(0), 0, atol=1e-9)
    gaps = np.linalg.norm(points[:, None] - points[None], axis=2)
    same = groups[:, None] == groups[None]
    assert gaps[same].max() < gaps[~same].min()
    assert np.array_equal(points, layout(vectors, 1)) and not np.array_equal(points, layout(vectors, 2))


def test_one_or_two_points_and_equal_ones_have_a_place():
    assert layout(np.zeros((0, 3), np.float32), 1).shape == (0, 2)
    assert layout(np.eye(3, dtype=np.float32)[:1], 1).tolist() == [[0, 0]]
    assert layout(np.eye(3, dtype=np.float32)[:2], 1).tolist() == [[0, 0], [1, 0]]
    same = layout(np.tile(np.eye(3, dtype=np.float32)[0], (6, 1)), 1)
    assert np.isfinite(same).all() and same.shape == (6, 2)
    line = np.array([[1.0], [-1.0], [1.0], [-1.0]], np.float32)
    assert layout(line, 1).shape == (4, 2)


def test_beyond_the_landmarks_a_sample_is_laid_out_and_the_others_stand_among_their_five_nearest_in_it(monkeypatch):
    vectors, _ = blobs((20, 15), spread=0.8)
    monkeypatch.setattr(module, "MOST_LANDMARKS", 12)
    points = layout(vectors, 4)
    chosen = np.sort(np.random.default_rng(seed_for(4, "landmarks")).permutation(35)[:12])
    monkeypatch.setattr(module, "MOST_LANDMARKS", 35)
    alone = layout(vectors[chosen], 4)
    assert np.allclose(points[chosen], alone)
    near = across(vectors, vectors[chosen], 5)
    for row in set(range(35)) - set(chosen.tolist()):
        weights = np.maximum(near.similarity[row].astype(float), 1e-6) ** 4
        assert points[row] == pytest.approx((alone[near.rows[row]] * weights[:, None]).sum(0) / weights.sum())
    whole = layout(vectors, 4)  # as many as landmarks: laid out itself
    monkeypatch.setattr(module, "MOST_LANDMARKS", 36)
    assert np.array_equal(whole, layout(vectors, 4))

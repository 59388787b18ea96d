"""Measures taken of many refits at once are, bit for bit, those of one at a time."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from toolkit.discover.stability import UNSEEN, rand_index, rand_indices
from toolkit.discover.wording import Part
from toolkit.values import NOISE


def test_many_rand_indices_have_the_bits_of_one() -> None:
    random = np.random.default_rng(3)
    for classes in (1, 2, 9, 60):
        first = random.integers(NOISE, classes, (7, 80)).astype(np.int32)
        second = random.integers(0, classes + 1, (5, 80)).astype(np.int32)
        first[random.random(first.shape) < 0.2] = UNSEEN
        second[random.random(second.shape) < 0.2] = UNSEEN
        pairs = [(i, j) for i in range(7) for j in range(5)]
        both = [(first[i] != UNSEEN) & (second[j] != UNSEEN) for i, j in pairs]
        alone = [rand_index(first[i][k], second[j][k]) for (i, j), k in zip(pairs, both, strict=True)]
        assert rand_indices(first, second, pairs) == alone
        assert rand_indices(first, first, [(0, 0)]) == [1.0]


def one_theme_at_a_time(members: np.ndarray, labels: np.ndarray) -> float | None:
    """Coherence by its definition: ten words of the largest p(w|t) log(p(w|t) / p(w)), all their pairs by NPMI."""
    scores, weights, n = [], [], len(members)
    for theme in range(labels.max() + 1):
        inside = members[labels == theme]
        if len(inside) < 3:
            continue
        share, overall = inside.mean(0), members.mean(0)
        apart = np.round(share * np.log(np.maximum(share, 1e-12) / np.maximum(overall, 1e-12)), 9)
        words = [word for word in np.argsort(-apart, kind="stable")[:10] if apart[word] > 0]
        values = []
        for i, one in enumerate(words):
            for other in words[i + 1 :]:
                both = (members[:, one] * members[:, other]).sum() / n
                alone = members[:, one].mean() * members[:, other].mean()
                values.append(-1.0 if both == 0 else 0.0 if both == 1 else np.log(both / alone) / -np.log(both))
        if values:
            scores.append(np.mean(values))
            weights.append(len(inside))
    return float(np.average(scores, weights=weights)) if scores else None


def test_the_coherence_of_a_partition_is_that_of_its_themes_dense_or_sparse() -> None:
    random = np.random.default_rng(5)
    for words in (0, 3, 40):
        members = (random.random((60, words)) < 0.25).astype(float)
        labels = random.integers(NOISE, 6, 60).astype(np.int32)
        labels[:2], overall = 7, members.mean(0)
        some = csr_matrix(members)
        dense, sparse = Part(members, members, overall), Part(some, some.tocsc(), overall)
        expected = one_theme_at_a_time(members, labels)
        assert dense.coherence(labels) == sparse.coherence(labels)
        if expected is None:
            assert dense.coherence(labels) is None
        else:
            np.testing.assert_allclose(dense.coherence(labels), expected, rtol=1e-12)
        assert dense.coherence(np.full(60, NOISE, np.int32)) is None

"""Broader themes return, or do not, in the hierarchies of the refits: known cases, and the definition by hand."""

from __future__ import annotations

import numpy as np
import pytest

from toolkit.discover.broader import with_stability
from toolkit.discover.clusterer import centroids
from toolkit.discover.hierarchy import hierarchy


def nested(spread=0.05, each=12, seed=0):
    """Unit rows of six themes in two groups of three, far apart, and the theme of each."""
    random = np.random.default_rng(seed)
    themes = np.repeat(np.arange(6), each).astype(np.int32)
    group = themes // 3
    means = 2 * np.eye(12)[group] + np.eye(12)[4 + themes]
    rows = means + spread * random.normal(size=means.shape)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), themes


def levels_of(vectors, themes):
    sizes = np.bincount(themes[themes >= 0]).astype(np.int32)
    return hierarchy(centroids(vectors, themes), sizes, 2)


def measured(vectors, themes, refits, floor=0.6):
    table = with_stability(levels_of(vectors, themes), themes, vectors, refits, 2, floor)
    return {row["theme"]: row for row in table.to_pylist()}


def draws(themes, relabelled, many=8, seed=1):
    random = np.random.default_rng(seed)
    rows = [np.sort(random.permutation(len(themes))[: int(0.8 * len(themes))]) for _ in range(many)]
    return [(item, relabelled(themes[item], random).astype(np.int32)) for item in rows]


def test_a_broader_theme_that_every_refit_joins_again_is_stable_whatever_its_themes_are_called():
    vectors, themes = nested()
    evidence = measured(vectors, themes, draws(themes, lambda item, random: random.permutation(6)[item]))
    for theme in (1000, 1001):
        row = evidence[theme]
        assert (row["stability"], row["stability_low"], row["stability_high"]) == (1.0, 1.0, 1.0)
        assert (row["fragile"], row["refits"]) == (False, 8)
    assert all(evidence[theme]["refits"] == 8 for theme in range(6))


def test_one_that_refits_cut_otherwise_is_fragile_though_it_is_half_of_the_corpus():
    """Refits at random: the best match of a half of the texts in their trees is about what chance gives."""
    vectors, themes = nested()
    evidence = measured(vectors, themes, draws(themes, lambda item, random: random.permutation(item)))
    assert all(0.2 < evidence[theme]["stability"] < 0.6 and evidence[theme]["fragile"] for theme in (1000, 1001))


def test_its_stability_is_the_mean_best_jaccard_over_all_groups_of_each_refits_tree():
    vectors, themes = nested(spread=0.6)
    themes[::9] = -1
    refits = draws(
        themes,
        lambda members, random: np.where(
            random.random(len(members)) < 0.3, random.integers(6, size=len(members)), members
        ),
    )
    evidence = measured(vectors, themes, refits)
    whole = levels_of(vectors, themes).to_pylist()
    for broad in (1000, 1001):
        mine = {row["theme"] for row in whole if row["parent"] == broad}
        best = []
        for rows, labels in refits:
            tree = levels_of(vectors[rows], labels).to_pylist()
            parent = {row["theme"]: row["parent"] for row in tree if row["level"] == 0}
            groups = [{t} for t in parent] + [{t for t in parent if parent[t] == up} for up in set(parent.values())]
            members = {int(row) for row, theme in zip(rows, themes[rows], strict=True) if theme in mine}
            sets = [{int(row) for row, label in zip(rows, labels, strict=True) if label in group} for group in groups]
            best.append(max(len(members & other) / len(members | other) for other in sets))
        assert evidence[broad]["stability"] == pytest.approx(np.mean(best))
        assert evidence[broad]["stability_low"] == pytest.approx(np.quantile(best, 0.025))


def test_without_refits_nothing_is_measured_and_a_refit_without_clusters_counts_as_no_return():
    vectors, themes = nested()
    alone = measured(vectors, themes, [])
    assert alone[1000]["stability"] is None and alone[1000]["fragile"] is None and alone[1000]["refits"] is None
    rows = np.arange(len(themes))
    evidence = measured(vectors, themes, [(rows, themes), (rows, np.full(len(themes), -1, np.int32))])
    assert evidence[1000]["stability"] == 0.5 and evidence[1000]["fragile"] and evidence[1000]["refits"] == 2


def test_only_refits_that_saw_a_theme_are_its_denominator():
    vectors, themes = nested()
    without = np.flatnonzero(themes != 2).astype(np.int32)
    evidence = measured(vectors, themes, [(np.arange(len(themes)), themes), (without, themes[without])])
    assert [evidence[theme]["refits"] for theme in range(6)] == [2, 2, 1, 2, 2, 2]

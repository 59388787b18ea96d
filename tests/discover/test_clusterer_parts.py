"""What clusterers share: joining themes, numbers tried, silhouettes; and the methods against scipy and scikit-learn."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from toolkit.discover import Agglomerative, Consensus, Density, KMeans, NoReduction, Pca, Umap, agglomerative
from toolkit.discover.clusterer import (
    best_number,
    candidate_table,
    centroids,
    count,
    largest_share,
    merged_down,
    numbers_to_try,
    silhouettes,
    too_many,
)
from toolkit.discover.kmeans import fill_empty
from toolkit.discover.leiden import Graph as Leiden
from toolkit.discover.leiden import workers_for
from toolkit.discover.neighbours import Edges
from toolkit.errors import ToolkitError


def points_of(n=30, d=4, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def blobs(sizes, spread=0.3, d=8, seed=0):
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(d)[groups] + spread / d**0.5 * random.normal(size=(len(groups), d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), groups


def partition(names):
    order = {}
    return [order.setdefault(name, len(order)) for name in names]


def labelled(*names):
    return np.array(names, np.int32)


def test_counts_and_shares_leave_noise_out():
    assert count(labelled(-1, 0, 0, 5)) == 2 and count(labelled(-1, -1)) == 0
    assert largest_share(labelled(-1, 0, 0, 5)) == pytest.approx(2 / 3) and largest_share(labelled(-1)) == 1
    assert largest_share(labelled()) == 1


def test_centroids_are_unit_mean_vectors():
    vectors, labels = points_of(12), labelled(0, 1, 2, -1, 0, 1, 0, -1, 2, 2, 1, 0)
    means = np.array([vectors[labels == theme].mean(0) for theme in range(3)])
    assert np.allclose(centroids(vectors, labels), means / np.linalg.norm(means, axis=1, keepdims=True), atol=1e-6)
    opposite = centroids(np.array([[1, 0], [-1, 0]], np.float32), labelled(0, 0))
    assert opposite.tolist() == [[0, 0]] and centroids(vectors, np.full(12, -1, np.int32)).shape == (0, 4)


def wards_way(vectors, labels, themes):
    """Of all pairs of themes those are joined whose joining adds least to the squares within, until few are left."""
    groups = [set(np.flatnonzero(labels == name).tolist()) for name in sorted(set(labels.tolist()) - {-1})]
    within = lambda rows: ((vectors[list(rows)] - vectors[list(rows)].mean(0)) ** 2).sum()  # noqa: E731
    while len(groups) > themes:
        one, other = min(combinations(range(len(groups)), 2), key=lambda pair: within(groups[pair[0]] | groups[pair[1]])
                         - within(groups[pair[0]]) - within(groups[pair[1]]))  # fmt: skip
        groups[one] |= groups.pop(other)
    return {frozenset(group) for group in groups}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("themes", [1, 2, 4, 7])
def test_themes_too_many_are_joined_by_wards_criterion(seed, themes):
    vectors = points_of(50, seed=seed).astype(float)
    labels = np.random.default_rng(seed).integers(-1, 8, 50).astype(np.int32) * 3
    labels[labels < 0] = -1
    merged = merged_down(vectors.astype(np.float32), labels, themes)
    assert {frozenset(np.flatnonzero(merged == name).tolist()) for name in set(merged.tolist()) - {-1}} == wards_way(
        vectors, labels, themes
    )
    assert np.array_equal(merged == -1, labels == -1)


def test_joining_leaves_at_least_one_theme_and_what_is_few_enough_as_it_is():
    vectors, labels = points_of(6), labelled(4, 4, 9, 9, -1, 4)
    assert set(merged_down(vectors, labels, 0).tolist()) == {0, -1}
    assert merged_down(vectors, labels, 2).tolist() == [0, 0, 1, 1, -1, 0]
    full = labelled(0, 1, 2, 0, 1, 2)
    assert merged_down(vectors, full, 3).tolist() == full.tolist() and merged_down(vectors, full, 1).tolist() == [0] * 6


def test_equal_joins_go_to_the_first_pair():
    corners = np.array([[0, 0], [0, 1], [5, 0], [5, 1]], np.float32)
    assert merged_down(corners, labelled(0, 1, 2, 3), 3).tolist() == [0, 0, 2, 3]


def test_the_numbers_of_themes_that_are_tried():
    assert numbers_to_try((7, 7), 100) == [7]
    assert numbers_to_try((2, 5), 100) == [2, 3, 4, 5] and numbers_to_try((1, 2), 50) == [1, 2]
    assert numbers_to_try((10, 300), 200)[-1] == 200 and numbers_to_try((3, 9), 1) == [1]
    for n, high in ((1, 1), (2, 2), (4, 4), (25, 10), (100, 20), (900, 60), (1000, 60), (10**6, 60)):
        tried = numbers_to_try(None, n)
        assert (tried[0], tried[-1]) == (min(2, n), high)
    wanted = {round(value) for value in np.geomspace(2, 60, 12)}
    assert numbers_to_try(None, 10**4) == sorted(wanted)


def test_the_simplified_silhouette_by_plain_loops():
    points = points_of(24)
    tried = {k: (np.arange(24) * 7 % k).astype(np.int32) for k in (1, 2, 3, 5, 24)}
    scores = silhouettes(points, tried)
    assert scores[1] == 0 and list(scores) == [1, 2, 3, 5, 24]
    for k in (2, 3, 5, 24):
        means = [points[tried[k] == theme].astype(float).mean(0) for theme in range(k)]
        values = []
        for row, theme in zip(points.astype(float), tried[k], strict=True):
            gaps = [np.linalg.norm(row - mean) for mean in means]
            expected, other = gaps[theme], min(gap for at, gap in enumerate(gaps) if at != theme)
            values.append((other - expected) / max(expected, other))
        assert scores[k] == pytest.approx(np.mean(values), abs=1e-5)
    assert silhouettes(np.zeros((4, 2), np.float32), {2: labelled(0, 1, 0, 1)}) == {2: 0}


def test_the_number_of_the_best_score_is_taken_and_of_equal_ones_the_fewer():
    tried = {k: (np.arange(12) % k).astype(np.int32) for k in (2, 3, 4)}
    chosen, table = best_number(tried, {2: 0.1, 3: 0.4, 4: 0.4 + 1e-12})
    rows = table.to_pylist()
    assert chosen == 3 and [row["chosen"] for row in rows] == [False, True, False]
    assert [row["value"] for row in rows] == [2, 3, 4] == [row["themes"] for row in rows]
    assert [row["largest_share"] for row in rows] == pytest.approx([1 / 2, 1 / 3, 1 / 4])
    assert rows[1]["score"] == 0.4 and rows[0]["agreement"] is None
    assert best_number(tried, {2: 0.1, 3: 0.4, 4: 0.4 + 1e-8})[0] == 4
    assert candidate_table([]).num_rows == 0


def test_bounds_are_the_number_or_range_asked_for():
    assert (
        Consensus().bounds is None
        and Consensus(themes=4).bounds == (4, 4)
        and Consensus(themes=(2, 5)).bounds == (2, 5)
    )
    assert Consensus(themes=(3, 3)).bounds == (3, 3)
    with pytest.raises(ValueError, match=r"give \[3, 9\]"):
        Consensus(themes=(9, 3))
    Consensus(themes=5).refuse(5)
    Consensus().refuse(1)
    with pytest.raises(ToolkitError, match="6 themes were asked for and the corpus has 5 different paragraphs"):
        Consensus(themes=6).refuse(5)


def test_the_limits_of_settings():
    for wrong in ({"levels": 0}, {"levels": 4}, {"fit_on": 99}, {"refits": 1}, {"trials": 1}, {"trials": 101},
                  {"neighbours": 1}, {"neighbours": 201}, {"lexical": 1.1}, {"lexical": -0.1}, {"resolution": 0},
                  {"refits": 1001}):  # fmt: skip
        with pytest.raises(ValueError):
            Consensus(**wrong)
    for right in ({"levels": 1}, {"levels": 3}, {"fit_on": 100}, {"refits": 2}, {"trials": 2}, {"trials": 100},
                  {"neighbours": 2}, {"neighbours": 200}, {"lexical": 1}, {"lexical": 0}):  # fmt: skip
        Consensus(**right)
    standard = Consensus()
    assert (standard.levels, standard.refits, standard.lexical, standard.reassign_noise) == (3, None, 0.0, False)
    assert [standard.refits_of(n) for n in (50, 300, 400, 750, 20_000)] == [100, 100, 75, 40, 40]
    assert Consensus(refits=7).refits_of(50) == 7 and KMeans().refits_of(50) == KMeans(refits=None).refits_of(50) == 20


def test_the_fault_of_too_many_themes_says_what_to_ask_for():
    assert str(too_many(3, 1)).endswith("1 different paragraph; ask for auto")
    assert "ask for at most 2, or for auto" in str(too_many(3, 2))
    assert "ask for at most 5, or for auto, or use consensus" in str(too_many(7, 11, 5))
    assert str(too_many(7, 11, 1)).split("; ")[1].startswith("ask for auto")


def test_empty_themes_are_filled_from_the_largest():
    assert fill_empty(labelled(0, 0, 0, 2, 2), 4).tolist() == [0, 3, 1, 2, 2]
    assert fill_empty(labelled(0, 1), 2).tolist() == [0, 1]
    given = labelled(0, 0)
    fill_empty(given, 2)
    assert given.tolist() == [0, 0]


def test_kmeans_gives_the_number_asked_for_and_finds_what_was_planted():
    vectors, groups = blobs((20, 15, 10))
    texts = [""] * 45
    fit = KMeans(starts=3).fit(texts, vectors, 1)
    assert fit.parameters == {"themes": 3} and partition(fit.labels.tolist()) == groups.tolist()
    assert "the best of 3 starts" in fit.method and "best mean silhouette" in fit.method
    rows = fit.candidates.to_pylist()
    assert [row["value"] for row in rows] == numbers_to_try(None, 45)
    assert max(rows, key=lambda row: row["score"])["chosen"]
    asked = KMeans(starts=2, themes=5).fit(texts, vectors, 1)
    assert count(asked.labels) == 5 and "silhouette" not in asked.method
    part = np.arange(0, 45, 3, dtype=np.int32)
    assert partition(fit.refit(vectors, part, 2).tolist()) == groups[part].tolist()
    assert count(asked.refit(vectors, part[:3], 2)) == 3  # never more themes than texts


@pytest.mark.parametrize("linkage", ["ward", "average"])
def test_agglomerative_is_the_cut_of_scipys_tree(linkage):
    from scipy.cluster.hierarchy import cut_tree
    from scipy.cluster.hierarchy import linkage as tree_of

    vectors, groups = blobs((12, 10, 8), spread=1.5)
    tree = tree_of(vectors.astype(float), linkage)
    for k in (1, 2, 4, 9, 30):
        fit = Agglomerative(linkage=linkage, themes=k).fit([""] * 30, vectors, 1)
        assert partition(fit.labels.tolist()) == partition(cut_tree(tree, k).ravel().tolist())
        assert fit.parameters == {"themes": k} and linkage in fit.method and "silhouette" not in fit.method
    easy, groups = blobs((12, 10, 8))
    fit = Agglomerative(linkage=linkage).fit([""] * 30, easy, 1)
    assert partition(fit.labels.tolist()) == groups.tolist() and "silhouette" in fit.method
    part = np.arange(0, 30, 2, dtype=np.int32)
    assert partition(fit.refit(easy, part, 1).tolist()) == groups[part].tolist()
    assert fit.refit(easy, part[:2], 1).tolist() == [0, 1] and fit.refit(easy, part[:1], 1).tolist() == [0]


def test_agglomerative_refuses_pairs_too_many_to_hold():
    Agglomerative().refuse(agglomerative.MOST_ROWS)
    with pytest.raises(ToolkitError, match="at most 15,000 different paragraphs, the corpus has 15,001"):
        Agglomerative().refuse(15_001)
    with pytest.raises(ToolkitError, match="3 themes were asked for"):
        Agglomerative(themes=3).refuse(2)


def hdbscan_labels(points, size, samples=None, selection="eom"):
    from hdbscan import HDBSCAN

    model = HDBSCAN(min_cluster_size=size, min_samples=samples or size, cluster_selection_method=selection)
    return model.fit(points.astype(float)).labels_.tolist()


def test_density_is_hdbscan_with_a_hundredth_of_the_texts_and_at_least_five():
    vectors, _ = blobs((40, 30, 20), spread=0.8)
    texts = [""] * 90
    plain = Density(reducer=NoReduction())
    fit = plain.fit(texts, vectors, 1)
    assert fit.parameters == {"min_cluster_size": 5} and fit.labels.tolist() == hdbscan_labels(vectors, 5)
    (row,) = fit.candidates.to_pylist()
    assert row["value"] == 5 and row["chosen"] and row["themes"] == count(fit.labels)
    assert row["largest_share"] == largest_share(fit.labels) and "at least 5 paragraphs" in fit.method
    leaf = Density(reducer=NoReduction(), min_cluster_size=8, min_samples=3, selection="leaf").fit(texts, vectors, 1)
    assert leaf.labels.tolist() == hdbscan_labels(vectors, 8, 3, "leaf")
    many, _ = blobs((400, 300), spread=0.8)
    assert plain.fit([""] * 700, many, 1).parameters == {"min_cluster_size": 7}
    part = np.arange(0, 90, 2, dtype=np.int32)
    wide = Density(reducer=NoReduction(), min_cluster_size=12).fit(texts, vectors, 1)
    assert wide.refit(vectors, part, 1).tolist() == hdbscan_labels(vectors[part], 6)  # in proportion
    assert wide.refit(vectors, part[:2], 1).tolist() == [-1, -1]


def test_density_reaches_a_number_by_smaller_clusters_and_then_by_joining():
    vectors, groups = blobs((20, 20, 6, 6), spread=0.5)
    plain = Density(reducer=NoReduction(), min_cluster_size=15)
    fit = plain.model_copy(update={"themes": 4}).fit([""] * 52, vectors, 1)
    sizes = [int(row["value"]) for row in fit.candidates.to_pylist()]
    assert sizes == [15, 10, 7, 4][: len(sizes)] and count(fit.labels) == 4 and len(sizes) > 1
    assert fit.parameters["min_cluster_size"] == sizes[-1]
    assert [row["chosen"] for row in fit.candidates.to_pylist()] == [False] * (len(sizes) - 1) + [True]
    kept = fit.labels >= 0
    assert len(set(zip(groups[kept], fit.labels[kept], strict=True))) == 4
    fewer = Density(reducer=NoReduction(), min_cluster_size=4, themes=2).fit([""] * 52, vectors, 1)
    assert count(fewer.labels) == 2
    with pytest.raises(ToolkitError, match=r"density found \d+ themes at its finest, 26 were asked for"):
        plain.model_copy(update={"themes": 26}).fit([""] * 52, vectors, 1)
    plain.model_copy(update={"themes": 26}).refuse(52)
    with pytest.raises(ToolkitError, match=r"27 themes were asked for .* ask for at most 26"):
        plain.model_copy(update={"themes": 27}).refuse(52)
    with pytest.raises(ToolkitError):
        plain.model_copy(update={"themes": 3}).refuse(2)
    assert Density(reducer=NoReduction(), min_cluster_size=9).fit([""] * 9, vectors[:9], 1).labels.tolist() == [-1] * 9
    assert Density(reducer=NoReduction(), min_cluster_size=2).fit([""] * 2, vectors[:2], 1).labels.tolist() == [-1] * 2


def test_principal_components_are_those_of_scikit_learn():
    vectors = points_of(20, 6)
    for components, kept in ((3, 3), (6, 6), (50, 6)):
        points = Pca(components=components).reduce(vectors, 1)
        assert points.dtype == np.float32
        assert np.allclose(points, PCA(kept, svd_solver="full").fit_transform(vectors.astype(float)), atol=1e-5)
    assert Pca(components=9).reduce(vectors[:4], 1).shape == (4, 4)
    assert NoReduction().reduce(vectors, 1) is vectors
    few = Umap(components=3).reduce(vectors[:4], 1)
    assert np.array_equal(few, Pca(components=3).reduce(vectors[:4], 1))
    reduced, groups = blobs((10, 8))
    assert partition(KMeans(themes=2, reducer=Pca(components=2)).fit([""] * 18, reduced, 1).labels) == groups.tolist()


def modularity(edges, labels, resolution):
    """Weighted modularity at a resolution, tie by tie (Reichardt & Bornholdt 2006, eq. 15)."""
    total = edges.weight.sum()
    strength = np.bincount(edges.source, edges.weight, edges.n) + np.bincount(edges.target, edges.weight, edges.n)
    inside = edges.weight[labels[edges.source] == labels[edges.target]].sum() / total
    return inside - resolution * sum(
        (strength[labels == name].sum() / (2 * total)) ** 2 for name in set(labels.tolist())
    )


def partitions_of(n):
    """All partitions of n rows."""
    if n == 1:
        yield [0]
        return
    for head in partitions_of(n - 1):
        for name in range(max(head) + 2):
            yield [*head, name]


@pytest.mark.parametrize("resolution", [0.3, 1.0, 2.0])
def test_leiden_finds_the_partition_of_the_highest_weighted_modularity(resolution):
    random = np.random.default_rng(4)
    source, target = (side.astype(np.int32) for side in np.triu_indices(7, 1))
    edges = Edges(7, source, target, np.where((source < 4) == (target < 4), 1.0, 0.2) * random.uniform(0.5, 1, 21))
    best = max(modularity(edges, np.array(labels), resolution) for labels in partitions_of(7))
    result = Leiden(edges).partition(resolution, 1, -1)
    assert modularity(edges, result, resolution) == pytest.approx(best)


def test_partitions_at_many_resolutions_are_in_their_order_and_each_sets_out_from_the_next_finer():
    vectors, _ = blobs((8,) * 6, spread=1.5)
    from toolkit.discover.neighbours import fuzzy, nearest

    graph = Leiden(fuzzy(nearest(vectors, 6), 6))
    labels = graph.partitions((0.2, 1.0, 5.0), (1, 2, 3))
    assert count(labels[0]) < count(labels[1]) < count(labels[2])
    assert np.array_equal(labels[2], graph.partition(5.0, 3))
    assert np.array_equal(labels[1], graph.partition(1.0, 2, start=labels[2]))
    assert np.array_equal(labels[0], graph.partition(0.2, 1, start=labels[1]))
    with pytest.raises(ValueError):
        graph.partitions((0.2, 1.0), (1,))


def test_leiden_leaves_pythons_random_numbers_alone():
    import random

    graph = Leiden(Edges(3, labelled(0, 1), labelled(1, 2), np.ones(2)))
    random.seed(5)
    before = random.getstate()
    graph.partition(1.0, 9)
    assert random.getstate() == before


def test_work_is_shared_out_from_four_thousand_rows():
    assert workers_for(3999) == 1 and workers_for(4000) is None and workers_for(4001) is None

"""Nearest neighbours are those of brute force, ties in a stated order; the graph of them is UMAP's, tie by tie."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from toolkit.discover import neighbours as module
from toolkit.discover.inverted_file import across_many, nearest_of_many
from toolkit.discover.neighbours import Edges, Neighbours, across, among, fuzzy, joined, nearest, top
from toolkit.discover.resample import Views, known, neighbours_for, refitted, sampled, trials_for, views
from toolkit.discover.wording import Wording


def units(n, d=6, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(n, d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def brute(queries, vectors, k, item=True):
    """The k nearest by plain sorting: by similarity rounded to six decimals, then by row; itself left out if `own`."""
    rows, values = [], []
    for at, query in enumerate(queries):
        similarity = np.round((vectors @ query).astype(np.float32), 6)
        ranked = sorted((row for row in range(len(vectors)) if not (item and row == at)),
                        key=lambda row: (-similarity[row], row))[:k]  # fmt: skip
        rows.append(ranked)
        values.append(similarity[ranked])
    return np.array(rows), np.array(values)


@pytest.mark.parametrize(("n", "k"), [(2, 1), (9, 3), (40, 39), (40, 60), (70, 5)])
def test_nearest_neighbours_are_those_of_brute_force(n, k):
    vectors = units(n)
    neighbours, (rows, values) = nearest(vectors, k), brute(vectors, vectors, min(k, n - 1))
    assert np.array_equal(neighbours.rows, rows) and np.allclose(neighbours.similarity, values, atol=2e-6)
    assert (neighbours.n, neighbours.k) == (n, min(k, n - 1))
    assert neighbours.rows.dtype == np.int32 and neighbours.similarity.dtype == np.float32


def test_equally_near_rows_go_to_the_lower_row():
    vectors = np.repeat(np.eye(3, dtype=np.float32), 4, axis=0)
    neighbours = nearest(vectors, 5)
    assert np.array_equal(neighbours.rows, brute(vectors, vectors, 5)[0])
    assert neighbours.rows[5].tolist() == [4, 6, 7, 0, 1]
    assert top(np.array([[0.5, 0.5000001, 0.4, 0.5]], np.float32), 3)[0].tolist() == [
        [0, 1, 3]
    ]  # the last bits decide nothing
    assert top(np.array([[0.5, 0.500002, 0.4, 0.5]], np.float32), 3)[0].tolist() == [[1, 0, 3]]
    assert top(np.array([[0.1234567]], np.float32), 1)[1][0, 0] == np.float32(0.123457)


def test_no_rows_and_no_neighbours_are_no_fault():
    assert nearest(units(1), 3).rows.shape == (1, 0) and nearest(np.zeros((0, 3), np.float32), 3).rows.shape == (0, 0)
    assert nearest(units(5), 0).rows.shape == (5, 0) and nearest(units(5), -2).rows.shape == (5, 0)
    assert across(units(3), units(0), 2).rows.shape == (3, 0) and across(units(0), units(3), 2).rows.shape == (0, 2)


def test_blocks_change_no_neighbour(monkeypatch):
    monkeypatch.setattr(module, "BLOCK_SIMILARITIES", 1)  # blocks of sixteen rows
    vectors = units(70)
    assert np.array_equal(nearest(vectors, 4).rows, brute(vectors, vectors, 4)[0])
    assert np.array_equal(across(vectors[:50], vectors, 4).rows, brute(vectors[:50], vectors, 4, item=False)[0])


@pytest.mark.parametrize("k", [1, 4, 12, 30])
def test_the_nearest_of_other_rows_are_those_of_brute_force(k):
    queries, vectors = units(7, seed=3), units(12)
    neighbours, (rows, values) = across(queries, vectors, k), brute(queries, vectors, min(k, 12), item=False)
    assert np.array_equal(neighbours.rows, rows) and np.allclose(neighbours.similarity, values, atol=2e-6)


def test_neighbours_within_a_sample_are_those_known_that_are_in_it_in_its_own_numbering():
    vectors = units(30)
    members, chosen = nearest(vectors, 12), np.arange(0, 30, 2, dtype=np.int32)
    neighbours = among(members, chosen, 4)
    for at, row in enumerate(chosen):
        inside = [(near, value) for near, value in zip(members.rows[row], members.similarity[row], strict=True)
                  if near % 2 == 0][:4]  # fmt: skip
        assert neighbours.rows[at, : len(inside)].tolist() == [near // 2 for near, _ in inside]
        assert neighbours.similarity[at, : len(inside)] == pytest.approx([value for _, value in inside])
        assert (neighbours.similarity[at, len(inside) :] == 0).all() and (neighbours.rows[at] >= 0).all()
    few = among(nearest(vectors, 3), np.array([0, 1], np.int32), 3)
    assert few.rows.shape == (2, 3)


def dense(edges):
    square = np.zeros((edges.n, edges.n))
    square[edges.source, edges.target] = edges.weight
    return square


def umap_weights(near, k, least=0.0):
    """UMAP's fuzzy ties one by one (McInnes et al. 2018): scales by root finding, the union of both directions."""
    n = near.n
    directed = np.zeros((n, n))
    for row in range(n):
        ties = [(int(other), 1 - float(value)) for other, value in zip(near.rows[row, :k], near.similarity[row, :k],
                strict=True) if value > least]  # fmt: skip
        if not ties:
            continue
        closest = ties[0][1]
        beyond = np.array([max(0.0, distance - closest) for _, distance in ties])
        total = lambda scale, gaps=beyond: np.exp(-gaps / scale).sum() - np.log2(min(k, near.k) + 1)  # noqa: E731
        if total(1e-6) > 0:
            scale = 1e-6
        elif total(10.0) < 0:
            scale = 10.0
        else:
            scale = brentq(total, 1e-6, 10.0, xtol=1e-13)
        for (other, _), gap in zip(ties, beyond, strict=True):
            directed[row, other] += np.exp(-gap / scale)
    np.fill_diagonal(directed, 0)
    return np.triu(directed + directed.T - directed * directed.T, 1)


@pytest.mark.parametrize("k", [3, 6, 11])
def test_the_ties_are_those_of_umap(k):
    near = nearest(units(40, d=4), 11)
    edges = fuzzy(near, k)
    assert (edges.source < edges.target).all() and edges.weight.max() <= 1 and edges.n == 40
    assert np.allclose(dense(edges), umap_weights(near, k), atol=2e-5)
    assert (np.abs(edges.weight * 1e9 - np.round(edges.weight * 1e9)) < 1e-3).all()  # nine decimals
    nearest_ties = {tuple(sorted((row, int(near.rows[row, 0])))) for row in range(40)}
    assert all(dense(edges)[pair] == pytest.approx(1) for pair in nearest_ties)


def test_ties_of_no_cosine_and_faint_ones_are_left_out():
    near = nearest(units(40, d=3), 39)
    every, some = fuzzy(near, 39, least=-2.0), fuzzy(near, 39)
    assert np.allclose(dense(every), umap_weights(near, 39, -2.0), atol=2e-5)
    assert np.allclose(dense(some), umap_weights(near, 39), atol=2e-5)
    half = fuzzy(near, 39, least=0.5)
    assert np.allclose(dense(half), umap_weights(near, 39, 0.5), atol=2e-5)
    assert np.array_equal(dense(fuzzy(near, 39, faint=0.3)), np.where(dense(some) >= 0.3, dense(some), 0))
    exact = Neighbours(np.array([[1], [0], [0]], np.int32), np.array([[0.5], [0.5], [0.0]], np.float32))
    assert dense(fuzzy(exact, 1)).tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert dense(fuzzy(exact, 1, faint=1.0))[0, 1] == 1


def test_making_the_graph_leaves_the_neighbours_as_they_were():
    near = nearest(units(20), 19)
    rows, similarity = near.rows.copy(), near.similarity.copy()
    first, again = fuzzy(near, 19), fuzzy(near, 19)
    assert np.array_equal(near.rows, rows) and np.array_equal(near.similarity, similarity)
    assert np.array_equal(dense(first), dense(again))


def test_rows_alone_have_no_ties():
    assert len(fuzzy(nearest(units(1), 3), 3).weight) == 0
    same = fuzzy(nearest(np.tile(units(1), (5, 1)), 4), 4)
    assert np.allclose(dense(same), np.triu(np.ones((5, 5)), 1))


def test_a_graph_of_meaning_and_wording_weighs_both():
    first = Edges(4, np.array([0, 1]), np.array([1, 2]), np.array([1.0, 0.5]))
    second = Edges(4, np.array([0, 2]), np.array([1, 3]), np.array([0.4, 0.8]))
    both = joined(first, second, 0.25)
    assert both.source.tolist() == [0, 1, 2] and both.target.tolist() == [1, 2, 3]
    assert both.weight == pytest.approx([0.75 + 0.1, 0.375, 0.2])


def test_neighbours_and_trials_by_the_size_of_the_corpus():
    assert [neighbours_for(n) for n in (1, 40, 44, 49, 100, 400, 860, 900, 10_000)] == [
        10,
        10,
        10,
        10,
        15,
        30,
        44,
        45,
        45,
    ]
    assert [neighbours_for(n) for n in (50, 54, 841)] == [11, 11, 44]
    assert [trials_for(n) for n in (0, 60, 10_000, 10_001, 12_500, 20_000, 10**6)] == [20, 20, 20, 19, 16, 10, 10]


def test_what_all_texts_share_is_taken_out_before_neighbours_are_sought():
    common = np.full(6, 5.0)
    vectors = (units(30) + common).astype(np.float32)
    neighbours = known(vectors, 5)
    centred = vectors.astype(float) - vectors.mean(0, dtype=float)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    rows, values = brute(centred, centred, 8)  # 1.6 times as many, so that a sample still has enough
    assert (
        neighbours.k == 8
        and np.mean(neighbours.rows == rows) > 0.99
        and np.allclose(neighbours.similarity, values, atol=1e-4)
    )
    assert [known(vectors, k).k for k in (1, 3, 10)] == [2, 5, 16]
    assert (known(np.tile(units(1), (6, 1)), 3).similarity == 1).all()  # equal rows are as near as can be


def test_a_sample_has_the_same_texts_at_every_resolution_and_refits_are_those_of_it():
    vectors = units(40)
    near = Views(6, known(vectors, 6))
    ticks = []
    made = list(sampled(near, (0.5, 1.0, 4.0), range(2, 5), 7, lambda at, of: ticks.append((at, of))))
    assert ticks == [(1, 3), (2, 3), (3, 3)] and [len(refits) for refits in made] == [3, 3, 3]
    for refits in made:
        assert len({rows.tobytes() for rows, _ in refits}) == 1 and len(refits[0][0]) == 32
        assert [len(labels) for _, labels in refits] == [32] * 3
        assert len(set(refits[0][1])) <= len(set(refits[1][1])) < len(set(refits[2][1]))
    assert len({refits[0][0].tobytes() for refits in made}) == 3
    again = refitted(near, 4.0, range(3, 4), 7)
    assert np.array_equal(again[0][0], made[1][0][0])
    other = refitted(near, 4.0, range(3, 4), 8)
    assert not np.array_equal(again[0][0], other[0][0])


def test_ties_of_a_sample_are_those_within_it_and_faint_ones_are_left_out():
    vectors, rows = units(40), np.arange(0, 40, 2, dtype=np.int32)
    meaning = known(vectors, 6)
    near = Views(6, meaning)
    assert near.n == 40 and near.ties().weight.min() >= 0.05
    assert np.array_equal(dense(near.ties()), dense(fuzzy(meaning, 6, faint=0.05)))
    assert np.array_equal(dense(near.ties(rows)), dense(fuzzy(among(meaning, rows, 6), 6, faint=0.05)))
    assert near.ties(rows).n == 20 and "6 nearest" in near.sentence and "wording" not in near.sentence
    assert "39 nearest" in Views(60, meaning).sentence


def test_wording_is_joined_with_its_weight_where_asked_for():
    texts = [f"{('river bank', 'wheel road', 'bread oven')[at % 3]} item{at % 5}" for at in range(40)]
    wording, vectors = Wording.of(texts), units(40)
    plain, both = views(wording, vectors, 6, 0.0), views(wording, vectors, 6, 0.3)
    assert plain.wording is None and both.wording is not None and both.weight == 0.3
    lexical = fuzzy(known(wording.vectors(), 6), 6, faint=0.05)
    assert np.allclose(dense(both.ties()), 0.7 * dense(plain.ties()) + 0.3 * dense(lexical))
    assert "with weight 0.3 by that of their wording" in both.sentence


def ring(groups, size, spread=0.02, seed=0):
    """Rows in groups evenly around a circle, unmixed."""
    angle = np.repeat(np.arange(groups) * 2 * np.pi / groups, size)
    angle = angle + np.random.default_rng(seed).uniform(-spread, spread, groups * size)
    return np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32)


def test_up_to_twelve_cells_all_are_looked_into_and_neighbours_are_exact():
    vectors = units(240)
    for size, cells in ((20, 12), (24, 10), (240, 1), (100, 3)):
        assert -(-240 // size) == cells
        neighbours = nearest_of_many(vectors, 7, exact=239, cell_size=size)
        rows, values = brute(vectors, vectors, 7)
        assert np.array_equal(neighbours.rows, rows) and np.allclose(neighbours.similarity, values, atol=2e-6)
        other = across_many(units(9, seed=5), vectors, 7, exact=239, cell_size=size)
        assert np.array_equal(other.rows, brute(units(9, seed=5), vectors, 7, item=False)[0])


def test_beyond_that_the_twelve_cells_around_a_row_are_looked_into():
    vectors = ring(24, 10)
    neighbours = nearest_of_many(vectors, 9, exact=100, cell_size=10)
    values = np.repeat(np.arange(24), 10)
    assert [sorted([at, *rows]) for at, rows in enumerate(neighbours.rows.tolist())] == [
        list(range(group * 10, group * 10 + 10)) for group in values
    ]
    far = nearest_of_many(vectors, 200, exact=100, cell_size=10)
    counted = (far.similarity > -1.5).sum(1)
    assert counted.tolist() == [119] * 240  # twelve groups of ten less itself
    across_cells = across_many(ring(24, 1, spread=0.001), vectors, 200, exact=100, cell_size=10)
    assert ((across_cells.similarity > -1.5).sum(1) == 120).all()


def test_neighbours_are_exact_up_to_the_stated_size():
    vectors = ring(24, 10)
    exact = nearest_of_many(vectors, 200, exact=240, cell_size=10)
    assert (exact.similarity > -1.5).all() and np.array_equal(exact.rows, nearest(vectors, 200).rows)
    assert (across_many(vectors[:3], vectors, 200, exact=240, cell_size=10).similarity > -1.5).all()
    assert (across_many(vectors[:3], vectors, 200, exact=239, cell_size=10).similarity < -1.5).any()

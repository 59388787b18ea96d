"""What another seed changes: counterparts, moves and returns recomputed by hand, and the fits that they rest on."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from toolkit.discover import Consensus, KMeans, discover
from toolkit.discover.clusterer import Fit
from toolkit.discover.granularity import Candidate
from toolkit.discover.neighbours import Edges
from toolkit.discover.redraw import Drawn, pool_of
from toolkit.discover.seeds import (
    FEWEST_SEEDS,
    MOST_REDRAWN_SEEDS,
    MOST_ROWS_REFITTED_WITHOUT_REDRAW,
    MOST_SEEDS,
    REDRAW_BUDGET_ROWS,
    counterparts,
    moved_by_seed,
    moves,
    other_seeds,
    returns,
    seeds_for,
)
from toolkit.values import renumbered, seed_for


def overlap(one, other):
    return len(one & other) / len(one | other) if one | other else 0.0


def groups(labels):
    return [set(np.flatnonzero(labels == name).tolist()) for name in range(labels.max() + 1)]


def best_total(themes, labels):
    """The greatest sum of Jaccard similarities of any pairing one to one."""
    few, many = sorted((groups(themes), groups(labels)), key=len)
    return max(
        sum(overlap(a, many[b]) for a, b in zip(few, order, strict=True))
        for order in permutations(range(len(many)), len(few))
    )


@pytest.fixture(scope="module")
def planted_discovery():
    random = np.random.default_rng(0)
    vectors = random.normal(size=(60, 8)) + 2.5 * np.eye(8)[random.integers(0, 4, 60)]
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    texts = [f"text {row:02d}" for row in range(60)]
    return texts, vectors, discover(KMeans(themes=5, starts=1, seeds=4, refits=2), texts, vectors, 7)


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_paired_one_to_one_for_the_greatest_sum_of_similarities(seed):
    random = np.random.default_rng(seed)
    themes, labels = (random.integers(-1, k, 30).astype(np.int32) for k in (4, 6))
    partner = counterparts(themes, labels)
    pairs = [(theme, group) for group, theme in enumerate(partner[:-1]) if theme >= 0]
    total = sum(overlap(groups(themes)[theme], groups(labels)[group]) for theme, group in pairs)
    assert total == pytest.approx(best_total(themes, labels))
    assert len({theme for theme, _ in pairs}) == len(pairs) and partner[-1] == -1
    assert (partner[:-1] == -2).sum() == 6 - len(pairs)


def test_a_theme_that_splits_moves_its_smaller_half_and_other_numbers_move_nothing():
    themes = np.array([0, 0, 0, 0, 0, 1, 1, 1, -1], np.int32)
    renamed = np.array([1, 1, 1, 1, 1, 0, 0, 0, -1], np.int32)
    split = np.array([0, 0, 0, 2, 2, 1, 1, 1, -1], np.int32)
    assert (counterparts(themes, renamed)[renamed] == themes).all()
    assert np.flatnonzero(counterparts(themes, split)[split] != themes).tolist() == [3, 4]


def test_a_run_holds_the_whole_fit_with_other_seeds_and_says_who_moves(planted_discovery):
    texts, vectors, run = planted_discovery
    settings = KMeans(themes=5, starts=1)  # the texts are in canonical order already
    others = [settings.partition(texts, vectors, seed_for(7, f"another seed {at}")) for at in range(4)]
    assert run.seeds.tolist() == [renumbered(labels).tolist() for labels in others]
    left = np.array([counterparts(run.assignment, labels)[labels] != run.assignment for labels in run.seeds])
    assert 0 < left.mean() < 1
    assert (
        moves(run).tolist() == left.mean(axis=0).tolist() and moved_by_seed(run).tolist() == left.mean(axis=1).tolist()
    )
    best = [[max(overlap(a, b) for b in groups(labels)) for a in groups(run.assignment)] for labels in run.seeds]
    assert returns(run) == pytest.approx(np.column_stack([np.mean(best, 0), np.min(best, 0), np.max(best, 0)]))
    assert run.parameters["seeds"] == 4 and "repeated with 4 other seeds" in run.method


def test_who_moves_does_not_depend_on_the_order_of_the_texts(planted_discovery):
    texts, vectors, run = planted_discovery
    turn = np.random.default_rng(1).permutation(len(texts))
    settings = KMeans(themes=5, starts=1, seeds=4, refits=2)
    turned = discover(settings, [texts[row] for row in turn], vectors[turn], 7)
    assert moves(turned).tolist() == moves(run)[turn].tolist()


def test_texts_that_cannot_be_read_are_in_no_theme_with_any_seed(planted_discovery):
    texts, vectors, _ = planted_discovery
    read = np.arange(60) != 3
    run = discover(KMeans(themes=5, starts=1, seeds=2, refits=0), texts, vectors, 7, read=read)
    assert run.seeds.shape == (2, 60) and (run.seeds[:, 3] == -1).all() and not read[3]


def test_a_fit_on_a_sample_knows_nothing_of_the_paragraphs_that_it_did_not_see():
    random = np.random.default_rng(2)
    vectors = random.normal(size=(130, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    settings = KMeans(themes=3, starts=1, seeds=2, refits=0, fit_on=100)
    run = discover(settings, [f"t{row}" for row in range(130)], vectors, 1)
    assert run.fitted.sum() == 100 and np.array_equal(np.isnan(moves(run)), ~run.fitted)


def test_other_seeds_are_fewer_for_larger_corpora_and_refused_with_a_reason_beyond_a_size():
    assert [seeds_for(n) for n in (12, 100, 120, 402, 600)] == [MOST_SEEDS, MOST_SEEDS, 3, FEWEST_SEEDS, FEWEST_SEEDS]
    assert [seeds_for(n, REDRAW_BUDGET_ROWS, MOST_REDRAWN_SEEDS) for n in (402, 4_000, 50_000)] == [
        MOST_REDRAWN_SEEDS,
        5,
        FEWEST_SEEDS,
    ]
    n = MOST_ROWS_REFITTED_WITHOUT_REDRAW + 1
    fit = Fit(np.zeros(n, np.int32), "")
    none = other_seeds(KMeans(), fit, [""] * n, np.ones((n, 2), np.float32), 1, lambda labels, _: labels)
    assert none.labels.shape == (0, n) and "2,000 paragraphs" in none.reason
    off = other_seeds(KMeans(seeds=0), fit, [""] * n, np.ones((n, 2), np.float32), 1, lambda labels, _: labels)
    assert off.reason == "discover.seeds is 0"


def candidate(value, score, labels, refits=10, spread=0.0):
    rows = np.arange(len(labels), dtype=np.int32)
    members = score + spread * np.resize([-1.0, 1.0], refits)
    return Candidate(value, ((rows, labels),) * refits, len(labels), score, members, np.full(refits, np.nan))


def test_refits_drawn_again_choose_as_the_race_does():
    two, three = np.repeat([0, 1], 6).astype(np.int32), np.repeat([0, 1, 2], 4).astype(np.int32)
    ties = np.array([(a, b) for a in range(12) for b in range(a + 1, 12)], np.int32).T
    edges = Edges(12, ties[0], ties[1], np.ones(ties.shape[1], np.float32))

    def drawn(*pool):
        return Drawn(edges, pool, 10, lambda labels: labels)

    clear = drawn(candidate(1.0, 0.5, two), candidate(1.4, 0.9, three))
    assert {clear.choice(np.random.default_rng(seed)) for seed in range(20)} == {1}
    level = drawn(candidate(1.0, 0.9, two), candidate(1.4, 0.9, three))
    assert {level.choice(np.random.default_rng(seed)) for seed in range(20)} == {0}  # the coarsest of equals
    open_ = drawn(candidate(1.0, 0.80, two, spread=0.001), candidate(1.4, 0.88, three, spread=0.1))
    assert {open_.choice(np.random.default_rng(seed)) for seed in range(60)} == {0, 1}
    assert len(set(clear(3).tolist())) == 3 and clear(3).tolist() == clear(3).tolist()
    far, taken = candidate(2.0, 0.7, three, refits=5), candidate(1.4, 0.9, three)
    assert [one.value for one in pool_of([candidate(1.0, 0.5, two), taken, far], [0, 1, 2], taken)] == [1.0, 1.4]
    assert pool_of([candidate(1.0, 0.5, two)], [0], taken) == [taken]


def test_the_consensus_can_draw_its_refits_again_for_larger_corpora(planted_discovery):
    texts, vectors, _ = planted_discovery
    fit = Consensus(refits=6, trials=3).fit(texts, vectors, 2)
    assert fit.redraw is not None
    again = fit.redraw(5)
    assert again.shape == (60,) and again.tolist() == fit.redraw(5).tolist()
    plain = Consensus(refits=6, trials=3).partition(texts, vectors, 2)
    assert plain.tolist() == fit.labels.tolist()

"""How surely themes return: samples, Jaccard, strength, agreement, against formulas written out here or in sklearn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from toolkit.discover.stability import agreement, draw, fragile, jaccards, rand_index, stability, strength


def labelled(n, k, seed, noise=True):
    return np.random.default_rng(seed).integers(-1 if noise else 0, k, n).astype(np.int32)


def overlap(one, other):
    """Jaccard similarity of two sets."""
    return len(one & other) / len(one | other) if one | other else 0.0


def test_a_refit_sees_four_fifths_of_the_texts_once_each_in_ascending_order():
    for n, size in ((1, 1), (2, 2), (5, 4), (10, 8), (101, 81)):
        rows = draw(n, 3)
        assert len(rows) == size == len(set(rows.tolist())) and (np.diff(rows) > 0).all()
        assert rows.min() >= 0 and rows.max() < n and np.array_equal(rows, draw(n, 3))
    assert not np.array_equal(draw(50, 1), draw(50, 2))
    assert {row for seed in range(40) for row in draw(5, seed).tolist()} == set(range(5))


@pytest.mark.parametrize("seed", range(4))
def test_jaccard_of_every_theme_with_every_cluster(seed):
    themes, labels = labelled(40, 4, seed), labelled(40, 6, seed + 50)
    sets = [
        [set(np.flatnonzero(members == name).tolist()) for name in range(members.max() + 1)]
        for members in (themes, labels)
    ]
    assert jaccards(themes, labels) == pytest.approx(np.array([[overlap(a, b) for b in sets[1]] for a in sets[0]]))


def test_jaccard_where_there_is_only_noise_or_a_number_is_not_used():
    none, some = np.full(3, -1, np.int32), np.array([2, 2, 0], np.int32)
    assert jaccards(none, some).shape == (0, 3) and jaccards(some, none).shape == (3, 0)
    assert jaccards(some, some).tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 1]]


def refits_of(n, count, k, seed=0):
    random = np.random.default_rng(seed)
    return [(rows := np.sort(random.permutation(n)[: n * 4 // 5]).astype(np.int32), random.integers(-1, k, len(rows))
             .astype(np.int32)) for _ in range(count)]  # fmt: skip


def test_stability_is_the_mean_best_jaccard_with_the_range_of_95_percent_of_refits():
    themes, refits = labelled(60, 3, 1), refits_of(60, 9, 4)
    best = [[] for _ in range(3)]
    for rows, labels in refits:
        for theme in range(3):
            members = {row for row in rows.tolist() if themes[row] == theme}
            best[theme].append(max(overlap(members, set(rows[labels == c].tolist())) for c in range(4)))
    wanted = [[np.mean(values), *np.quantile(values, (0.025, 0.975))] for values in best]
    assert stability(themes, refits) == pytest.approx(np.array(wanted))


def test_refits_that_saw_nothing_of_a_theme_do_not_count_and_those_that_found_nothing_count_zero():
    themes = np.array([0, 0, 0, 1, 1, 2], np.int32)
    unseen = (np.array([0, 1, 2], np.int32), np.zeros(3, np.int32))  # of themes 1 and 2
    middle = (np.array([0, 1, 5], np.int32), np.array([0, 0, 1], np.int32))  # not of theme 1
    empty = (np.array([0, 3, 4], np.int32), np.full(3, -1, np.int32))
    measured = stability(themes, [unseen, middle, empty])
    assert measured[:, 0] == pytest.approx([2 / 3, 0.0, 1.0])
    assert measured[2].tolist() == [1, 1, 1] and measured[1].tolist() == [0, 0, 0]
    assert np.isnan(stability(themes, [])).all() and stability(themes, []).shape == (3, 3)
    assert np.isnan(stability(themes, [unseen])[1:]).all() and stability(np.full(4, -1, np.int32), []).shape == (0, 3)


def test_strength_is_the_share_of_refits_that_put_a_row_into_the_best_match_of_its_theme():
    themes = np.array([0, 0, 0, 1, 1, -1, 1, 0], np.int32)
    refits = [
        (np.array([0, 1, 2, 3, 4, 5], np.int32), np.array([1, 1, 0, 0, 0, 1], np.int32)),
        (np.array([0, 1, 3, 4, 5], np.int32), np.array([0, -1, 1, -1, 0], np.int32)),
        (np.array([0, 3], np.int32), np.array([-1, -1], np.int32)),  # nothing found
    ]
    strengths = strength(themes, refits)
    assert strengths[:5] == pytest.approx([2 / 3, 1 / 2, 0, 2 / 3, 1 / 2])
    assert np.isnan(strengths[5:]).all()  # noise, and rows no refit saw


def test_a_theme_is_fragile_below_three_fifths_and_never_if_not_measured():
    measured = np.array([[0.6, 0, 1], [0.599, 0, 1], [0.601, 0, 1], [np.nan] * 3])
    assert fragile(measured).tolist() == [False, True, False, False]
    assert fragile(measured, 0.7).tolist() == [True, True, True, False]
    assert fragile(measured, np.inf).tolist() == [True, True, True, False]


def test_agreement_compares_each_refit_with_the_three_before_it_on_the_rows_both_saw():
    refits = [(rows, np.maximum(labels, 0)) for rows, labels in refits_of(40, 6, 3, seed=4)]
    results = []
    for i in range(6):
        for j in range(i):
            if i - j <= 3:
                both = np.intersect1d(refits[i][0], refits[j][0])
                one, other = (labels[np.isin(rows, both)] for rows, labels in (refits[i], refits[j]))
                results.append(adjusted_rand_score(one, other))
    assert agreement(refits, 40) == pytest.approx(np.mean(results))


def test_refits_that_found_no_two_themes_agree_with_nothing_and_one_alone_fully():
    rows = np.arange(6, dtype=np.int32)
    halves, whole = (rows, (rows // 3).astype(np.int32)), (rows, np.zeros(6, np.int32))
    lone = (rows, np.array([-1, -1, -1, 0, 0, 0], np.int32))
    assert agreement([halves], 6) == agreement([], 6) == 1
    assert agreement([halves, halves], 6) == 1
    assert agreement([whole, whole], 6) == agreement([lone, lone], 6) == 0
    assert agreement([halves, halves, whole], 6) == pytest.approx(1 / 3)
    assert agreement([whole, halves], 6) == agreement([halves, whole], 6) == 0


@pytest.mark.parametrize(("n", "k"), [(30, 3), (30, 30), (400, 5), (60, 59), (2, 2), (3, 2), (12, 4)])
@pytest.mark.parametrize("noise", [True, False])
def test_the_rand_index_is_that_of_scikit_learn(n, k, noise):
    for seed in range(4):
        one, other = labelled(n, k, seed, noise), labelled(n, max(2, k // 2), seed + 9, noise)
        for first, second in ((one, other), (one, np.where(one == 1, 0, one)), (one * 1000, other * 70)):
            first, second = first.astype(np.int32), second.astype(np.int32)
            assert rand_index(first, second) == pytest.approx(adjusted_rand_score(first, second))


def test_the_rand_index_of_few_or_equal_labellings():
    none, whole, each = np.zeros(0, np.int32), np.zeros(5, np.int32), np.arange(5, dtype=np.int32)
    assert rand_index(none, none) == rand_index(whole, whole) == rand_index(each, each) == 1
    assert rand_index(whole, each) == 0
    # by hand: one pair in common, three and two pairs apart, of six: expected 1, most 5/2
    assert rand_index(np.array([0, 0, 0, 1], np.int32), np.array([0, 0, 1, 1], np.int32)) == pytest.approx(0)
    assert rand_index(np.array([0, 0, 1, 2], np.int32), np.array([0, 0, 1, 1], np.int32)) == pytest.approx(4 / 7)

"""What speaks for joining two themes and for dividing one: shares of pairs that refits put together."""

from __future__ import annotations

import numpy as np
import pytest
from kit.decisions import Case, sets

from toolkit.discover.pairs import divided, halves, theme_pairs

THEMES = np.repeat([0, 1, 2, -1], [8, 6, 4, 2])
REFITS = np.array(
    [
        [*[0] * 8, *[0] * 3, *[1] * 3, *[1] * 4, -1, 0],
        [*[0] * 4, *[-2] * 4, *[-1] * 6, *[1] * 3, -1, -1, -1],
        [*[2] * 8, *[1] * 6, *[-2] * 4, -2, -2],
    ]
)


def test_together_is_the_mean_share_of_pairs_in_one_group():
    case = Case(THEMES, refits=REFITS)
    rows = {(row["theme"], row["other"]): row for row in theme_pairs(case.discovery, case.vectors).to_pylist()}
    assert list(rows) == [(0, 1), (0, 2), (1, 2)]
    for (one, other), row in rows.items():
        shares = []
        for labels in REFITS:
            pairs = [
                (labels[i], labels[j])
                for i in np.flatnonzero(one == THEMES)
                for j in np.flatnonzero(other == THEMES)
                if labels[i] > -2 and labels[j] > -2
            ]
            if pairs:
                shares.append(np.mean([a == b and a != -1 for a, b in pairs]))
        assert row["together"] == pytest.approx(np.mean(shares)) and row["refits"] == len(shares)
        means = [case.vectors[theme == THEMES].mean(0) for theme in (one, other)]
        cosine = means[0] @ means[1] / np.linalg.norm(means[0]) / np.linalg.norm(means[1])
        assert row["cosine"] == pytest.approx(cosine, abs=1e-6)
    assert rows[0, 1]["together"] == pytest.approx((0.5 + 0 + 0) / 3)


def test_without_refits_together_and_apart_are_null():
    case = Case(THEMES)
    assert set(theme_pairs(case.discovery, case.vectors)["together"].to_pylist()) == {None}
    assert set(halves(case.discovery, case.vectors, 3)["apart"].to_pylist()) == {None}


def test_halves_are_what_a_split_into_two_gives():
    case = Case(np.repeat([0, 1], [11, 7]), refits=[np.repeat([0, 1], [11, 7])])
    table = halves(case.discovery, case.vectors, 3).to_pylist()
    assert [row["row"] for row in table] == list(range(18))
    shown = {frozenset(row["row"] for row in table if (row["theme"], row["half"]) == (0, half)) for half in (0, 1)}
    assert shown == {frozenset(range(0, 11, 2)), frozenset(range(1, 11, 2))}
    case.add("split", theme=case.keys[0], into=2)
    assert shown <= sets(case.decide(seed=3).discovery.assignment)


def test_apart_is_the_share_of_pairs_that_refits_put_into_different_groups():
    even = np.arange(12) % 2
    case = Case(np.zeros(12, int), refits=[even, np.zeros(12, int), even])
    table = halves(case.discovery, case.vectors, 3)
    assert table["apart"].to_pylist() == pytest.approx([2 / 3] * 12) and set(table["refits"].to_pylist()) == {3}


def test_a_theme_of_three_is_not_halved():
    case = Case(np.repeat([0, 1], [4, 3]))
    assert set(halves(case.discovery, case.vectors, 3)["theme"].to_pylist()) == {0}


def test_a_division_follows_content_and_not_the_order_of_rows():
    vectors = Case(np.zeros(30, int)).vectors
    order = np.random.default_rng(1).permutation(30)
    np.testing.assert_array_equal(divided(vectors[order], 3, 7), divided(vectors, 3, 7)[order])
    sizes = np.bincount(divided(vectors, 3, 7))
    assert (np.diff(sizes) <= 0).all() and sizes.sum() == 30


def test_equal_paragraphs_are_divided_into_as_many_parts_as_asked_for():
    assert sorted(np.bincount(divided(np.ones((5, 3), np.float32), 3, 7))) == [1, 1, 3]

"""Scores spread over neighbours: by a plain formula, only where neighbours agree, and for further paragraphs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toolkit.coding.background import Background, Near, Pull
from toolkit.coding.spreading import centred, halves_agree, neighbours, reordered, spread, spread_further

RNG = np.random.default_rng(7)


def clouds(n: int, groups: int, noise: float) -> tuple[Any, Any]:
    """(n, 12) rows around `groups` centres, and (n,) the group of each."""
    expected = np.arange(n) % groups
    centres = np.random.default_rng(3).normal(size=(groups, 12))
    rows = centres[expected] + 0.3 * RNG.normal(size=(n, 12))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), expected


def precision(odds: Any, marks: Any) -> float:
    hits = marks[np.argsort(-odds, kind="stable")]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())


def test_neighbours_correct_noisy_scores_and_their_distribution_stays() -> None:
    rows, groups = clouds(400, 4, 0.3)
    odds = np.column_stack([2.0 * (groups == code) + RNG.normal(0, 1.5, 400) for code in range(4)])
    scores, near, about = spread(odds, rows)
    assert about.used and about.agreement > 0.5 and near is not None
    assert np.sort(scores, axis=0) == pytest.approx(np.sort(odds, axis=0))
    for code in range(4):
        assert precision(scores[:, code], groups == code) > precision(odds[:, code], groups == code) + 0.1


def test_nothing_is_spread_where_neighbours_say_nothing_of_each_other() -> None:
    odds = RNG.normal(size=(400, 3))
    scores, near, about = spread(odds, RNG.normal(size=(400, 12)))
    assert not about.used and near is None and scores is odds and about.agreement < 0.3


def test_the_nearest_are_those_of_greatest_cosine_and_nobody_is_its_own() -> None:
    rows, _ = centred(RNG.normal(size=(60, 5)))
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -2)
    nearest_rows = neighbours(rows, rows, 7, of=np.arange(60, dtype=np.int32))
    assert nearest_rows.tolist() == np.argsort(-cosines, axis=1, kind="stable")[:, :7].tolist()
    some = np.arange(0, 60, 3, dtype=np.int32)
    among = neighbours(rows, rows[some], 4, of=some)
    assert not (some[among] == np.arange(60)[:, None]).any()


def test_log_odds_are_given_out_again_in_the_order_of_the_spread_ones() -> None:
    odds, by = np.array([[3.0], [1.0], [2.0]]), np.array([[0.0], [5.0], [9.0]])
    assert reordered(odds, by).tolist() == [[1.0], [2.0], [3.0]]


def test_halves_that_say_the_same_agree_and_opposite_ones_disagree() -> None:
    odds = np.arange(8.0)[:, None]
    same = np.array([[row, row] for row in range(8)], np.int32)
    against = np.array([[row, 7 - row] for row in range(8)], np.int32)
    assert halves_agree(odds, same) == pytest.approx(1) and halves_agree(odds, against) == pytest.approx(-1)


def test_further_paragraphs_take_the_scores_of_the_corpus_they_are_like() -> None:
    rows, groups = clouds(600, 4, 0.3)
    odds = np.column_stack([2.0 * (groups == code) + RNG.normal(0, 1.5, 600) for code in range(4)])
    _, near, _ = spread(odds[:500], rows[:500])
    assert near is not None
    scores = spread_further(odds[500:], rows[500:], near)
    for code in range(4):
        assert (
            precision(scores[:, code], groups[500:] == code) > precision(odds[500:, code], groups[500:] == code) + 0.1
        )
    assert scores.min() >= odds.min() and scores.max() <= odds.max()


def test_what_further_paragraphs_need_comes_back_from_its_arrays() -> None:
    pulls = Pull(np.ones(2), np.ones(1), np.ones((1, 2))), Pull(np.ones(1), np.ones(1), np.ones((1, 1)))
    level = np.zeros(1), np.ones(1)
    near = Near(np.ones(2), np.ones((3, 2), np.float16), np.ones((3, 1)), np.ones((2, 1)), 2 * np.ones((2, 1)))
    kept = Background(3, ("a",), np.array([1], np.int32), level, level, pulls, np.zeros(1), near)
    back = Background.of(kept.arrays()).near
    assert back is not None
    for name, value in vars(near).items():
        assert getattr(back, name).tolist() == value.tolist()

"""How many paragraphs a code gets, and which: shares, the bound of greatest expected F1, the field."""

from __future__ import annotations

import numpy as np
import pytest
from kit.coding import evidence

from toolkit.coding.deciding import (
    best_bound,
    best_favoured,
    decided,
    decisions,
    everything_covered,
    offsets,
    outside_lowered,
    share_measures,
    shares,
)
from toolkit.coding.scoring import logistic, weights

RNG = np.random.default_rng(18)


def test_a_code_is_given_where_the_expected_f1_is_greatest() -> None:
    """By brute force over every number of paragraphs; rare and broad codes alike."""
    for share in (0.05, 0.3, 0.7):
        probability = RNG.beta(4 * share, 4 * (1 - share), (40, 1))
        ordered = np.sort(probability[:, 0])[::-1]
        f1 = [2 * ordered[:k].sum() / (k + ordered.sum()) for k in range(1, 41)]
        assert best_bound(probability)[0] == pytest.approx(max(f1) / 2)
        assert abs((probability >= max(f1) / 2).sum() - (int(np.argmax(f1)) + 1)) <= 1


def test_log_odds_are_shifted_to_the_share_and_no_code_is_given_below_the_floor() -> None:
    odds = RNG.normal(-2, 2, (200, 3))
    within = np.ones(200, bool)
    share = np.array([0.02, 0.2, 0.6])
    offset = offsets(odds, share, within)
    for code in range(3):
        shift = min(
            np.linspace(-10, 10, 20_001), key=lambda one: abs(logistic(odds[:, code] + one).mean() - share[code])
        )
        shift = min(max(shift, -2.0), 1.0) * 200 / 210
        probability = logistic(odds[:, [code]] + shift)
        bound = max(best_bound(probability)[0], 0.3)
        assert offset[code] == pytest.approx(min(shift - np.log(bound / (1 - bound)), np.log(4)), abs=0.02)
    given = (odds + offset >= 0).mean(axis=0)
    assert given[0] < given[1] < given[2]
    assert offsets(np.full((5, 1), -3.0), np.array([0.9]), np.ones(5, bool))[0] < 3.0  # .05 before the shift: never


def test_a_paragraph_outside_the_field_gets_no_code_and_the_order_of_a_codes_paragraphs_stays() -> None:
    odds = np.array([[9.0, -1.0], [4.0, 2.0], [0.5, -3.0], [7.0, 0.0]])
    within = np.array([False, False, True, True])
    lowered = outside_lowered(odds, within)
    assert (lowered[:2] < 0).all() and lowered[2:].tolist() == odds[2:].tolist()
    assert lowered[0, 0] > lowered[1, 0] and lowered[0, 1] == -1.0


def test_the_best_code_needs_half_a_log_odd_less_and_the_others_a_quarter_more() -> None:
    odds = np.array([[0.1, -0.2, -0.4, -3.0], [1.0, 1.0, 0.0, 0.0]])
    assert best_favoured(odds) == pytest.approx(np.array([[0.6, -0.45, -0.65, -3.25], [1.5, 1.5, -0.25, -0.25]]))
    assert everything_covered(odds) == pytest.approx(np.array([[1.6, -0.2, -0.4, -3.0], [2.5, 2.5, 0.0, 0.0]]))


def test_with_fewer_than_four_codes_no_code_is_favoured() -> None:
    odds = np.array([[0.1, -0.2, -0.4]])
    assert best_favoured(odds).tolist() == everything_covered(odds).tolist() == odds.tolist()
    for empty in (best_favoured(np.zeros((0, 4))), everything_covered(np.zeros((0, 4)))):
        assert empty.shape == (0, 4)


def test_a_codebook_that_covers_everything_knows_no_field() -> None:
    odds, offset, nowhere = np.array([[1.0, 0.0, -1.0, -2.0]]), np.zeros(4), np.zeros(1, bool)
    assert decided(odds, offset, nowhere, "everything").tolist() == [[3.0, -0.25, -1.25, -2.25]]
    assert (decided(odds, offset, nowhere, "field") < 0).all()


def test_the_share_of_a_code_is_the_regression_written_out() -> None:
    odds = RNG.normal(-1, 2, (30, 4))
    made = evidence(RNG.uniform(0, 8, (30, 4)), crowding=np.array([0.1, 0.5, 0.0, 2.0]))
    within = RNG.random(30) < 0.8
    measures = share_measures(odds, made, within)
    near = odds[within]
    assert measures["mean"] == pytest.approx(np.log(logistic(near).mean(axis=0)))
    best = np.array([(near.argmax(axis=1) == code).sum() for code in range(4)])
    assert measures["best"] == pytest.approx(np.log((best + 1) / (within.sum() + 4)))
    assert measures["words"] == pytest.approx(np.log((made.words[within] > 3).mean(axis=0) + 0.01))
    by = weights()["both"]["share"]
    total = by["intercept"] + sum(by[name] * values for name, values in measures.items())
    assert shares(odds, made, within) == pytest.approx(1 / (1 + np.exp(-total)))
    assert shares(odds, made, np.zeros(30, bool)).tolist() == [0, 0, 0, 0]


def test_broad_codes_are_given_broadly_and_rare_codes_rarely() -> None:
    """Codes whose scores lie two log-odds higher in the whole corpus get several times as many paragraphs."""
    odds = RNG.normal(-3, 1.5, (300, 5)) + np.array([3.0, 0.0, 0.0, 0.0, -1.5])
    made = evidence(RNG.uniform(0, 6, (300, 5)), crowding=np.zeros(5))
    result, offset = decisions(odds, made, np.ones(300, bool), "field")
    given = (result >= 0).mean(axis=0)
    assert given[0] > 3 * given[1] and given[4] < given[1] and offset.shape == (5,)

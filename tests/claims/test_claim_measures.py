"""The numbers of claims, computed anew: errors that leave out a document, limits, p-values, slopes and lifts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import beta, t

from toolkit.claims.measures import FEWEST, Share, corrected, difference, level, lift, share, slope, summed
from toolkit.estimate.intervals import limits

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")

HITS, TOTAL = np.array([3, 0, 5, 1, 2, 4]), np.array([6, 4, 9, 5, 8, 4])


def left_out(values: list[float]) -> float:
    """The jackknife's error from the values without each cluster."""
    g, mean = len(values), sum(values) / len(values)
    return float(np.sqrt((g - 1) / g * sum((value - mean) ** 2 for value in values)))


def test_the_error_of_a_share_leaves_out_one_document_at_a_time() -> None:
    measure = share(np.column_stack([HITS, TOTAL]).astype(float))
    without = [(15 - hits) / (36 - total) for hits, total in zip(HITS, TOTAL, strict=True)]
    assert (measure.estimate, measure.n, measure.documents) == (15 / 36, 36, 6)
    assert measure.clusters == pytest.approx(36**2 / (36 + 16 + 81 + 25 + 64 + 16))  # as good as 5.4 of one size
    assert measure.error == pytest.approx(left_out(without))


def test_documents_of_one_size_give_the_textbook_error_of_a_mean() -> None:
    hits = np.array([1.0, 4, 2, 0, 3])
    measure = share(np.column_stack([hits, np.full(5, 4.0)]))
    assert measure.error == pytest.approx(np.std(hits / 4, ddof=1) / np.sqrt(5))


def test_p_against_a_value_is_the_level_at_which_the_limits_reach_it() -> None:
    measure = level(Share(0.3, 0.05, 20, 100, 20, 20), 0.2)
    exact = brentq(lambda p: Share(0.3, 0.05, 20, 100, 20, 20).at(1 - p)[0] - 0.2, 1e-9, 1 - 1e-9, xtol=1e-14)
    assert measure.p == pytest.approx(exact, abs=1e-9) and (measure.first, measure.second) == (0.3, 0.2)
    logit = np.log(0.3 / 0.7) - np.log(0.2 / 0.8)
    assert measure.p == pytest.approx(2 * t.sf(logit / (0.05 / 0.21), 19))


def test_a_code_that_no_document_has_is_below_a_value_by_the_exact_bound() -> None:
    measure = level(Share(0.0, 0.0, 30, 300, 30, 30), 0.2)
    assert measure.high == pytest.approx(beta.ppf(0.975, 1, 30))
    assert measure.p == pytest.approx(2 * 0.8**30, rel=1e-3)


@pytest.mark.parametrize(("share", "value"), [(0.0, 0.0001), (1.0, 0.9999)])
def test_none_or_all_of_a_few_documents_tell_nothing_against_a_value_just_beside(share: float, value: float) -> None:
    measure = level(Share(share, 0.0, 30, 300, 30, 30), value)
    assert measure.p == 1.0 and measure.low <= value <= measure.high


def test_a_difference_has_limits_from_those_of_both_shares() -> None:
    a, b = Share(0.5, 0.08, 12, 60, 12, 12), Share(0.2, 0.04, 20, 90, 20, 20)
    (low_a, high_a), (low_b, high_b) = a.limits, b.limits
    measure = difference(a, b)
    assert measure.estimate == pytest.approx(0.3) and (measure.n, measure.n_second) == (60, 90)
    assert measure.low == pytest.approx(0.3 - np.hypot(0.5 - low_a, high_b - 0.2))
    assert measure.high == pytest.approx(0.3 + np.hypot(high_a - 0.5, 0.2 - low_b))
    assert difference(b, a).p == pytest.approx(measure.p)


def test_a_slope_is_the_least_squares_line_over_all_units_and_leaves_out_documents() -> None:
    rng = np.random.default_rng(3)
    cluster = np.repeat(np.arange(9), [1, 5, 3, 8, 2, 6, 1, 4, 7])
    time, hits = (2020 + rng.uniform(0, 3, 9))[cluster], rng.random(37) < 0.4
    measure = slope(hits, time, cluster)
    assert measure.estimate == pytest.approx(np.polyfit(time, hits, 1)[0])
    error = left_out([np.polyfit(time[cluster != unit], hits[cluster != unit], 1)[0] for unit in range(9)])
    freedom = 37**2 / sum(size**2 for size in (1, 5, 3, 8, 2, 6, 1, 4, 7)) - 2
    assert measure.high - measure.estimate == pytest.approx(t.ppf(0.975, freedom) * error)
    assert measure.p == pytest.approx(2 * t.sf(abs(measure.estimate) / error, freedom))
    assert (measure.n, measure.documents) == (37, 9)


def test_a_lift_is_observed_over_expected_with_limits_on_the_log_scale() -> None:
    rng = np.random.default_rng(5)
    cluster = np.repeat(np.arange(8), 10)
    a, b = rng.random(80) < 0.4, rng.random(80) < 0.3
    columns = summed([a & b, a, b, np.ones(80)], cluster)
    measure = lift(columns)
    assert measure.first == (a & b).sum() and measure.second == pytest.approx(a.sum() * b.sum() / 80)
    assert measure.estimate == pytest.approx(measure.first / measure.second)
    logs, excess = [], []
    for unit in range(8):
        kept = cluster != unit
        both, one, two = (a & b)[kept].mean(), a[kept].mean(), b[kept].mean()
        logs.append(np.log(both / one / two))
        excess.append(both - one * two)
    assert np.log(measure.high / measure.estimate) == pytest.approx(t.ppf(0.975, 7) * left_out(logs))
    whole = (a & b).mean() - a.mean() * b.mean()
    assert measure.p == pytest.approx(2 * t.sf(abs(whole) / left_out(excess), 7))


def test_too_few_documents_no_date_apart_and_codes_that_none_has_are_reasons_and_no_p() -> None:
    few = Share(0.5, 0.1, FEWEST - 1, 20, FEWEST - 1, FEWEST - 1)
    for measure, reason in (
        (level(few, 0.2), f"{FEWEST - 1} documents"),
        (difference(few, Share(0.2, 0.1, 9, 40, 9, 9)), f"{FEWEST - 1} documents"),
        (difference(Share(0.0, 0.0, 9, 40, 9, 9), Share(0.0, 0.0, 9, 40, 9, 9)), "no unit"),
        (slope(np.array([True, False] * 4), np.full(8, 2020.5), np.arange(8)), "the same date"),
        (slope(np.zeros(8, bool), np.arange(8.0), np.arange(8)), "no unit"),
        (lift(np.array([[0, 0, 3, 9]] * 6, float)), "one of the two codes"),
        (lift(np.array([[2, 2, 2, 9]] + [[0, 1, 1, 9]] * 6, float)), "in one document"),
    ):
        assert np.isnan(measure.p) and reason in measure.reason


def test_a_share_of_one_document_and_a_few_lines_has_no_limits_and_says_so() -> None:
    measure = level(share(np.array([[30, 100], [0, 1], [1, 1], [0, 1]], float)), 0.2)
    assert np.isnan(measure.p) and np.isnan(measure.low) and "in one document" in measure.reason


def test_a_share_corrected_with_a_sample_is_the_people_plus_what_the_machine_adds() -> None:
    rng = np.random.default_rng(8)
    cluster = np.repeat(np.arange(20), 10)
    people = rng.random(200) < 0.3
    machine = np.where(people, rng.random(200) < 0.7, rng.random(200) < 0.1)
    weights = (rng.random(200) < 0.3).astype(float)
    coded = weights > 0
    cov = np.cov(machine[coded], people[coded], bias=True)
    weight = cov[0, 1] / cov[0, 0]

    def value(kept: np.ndarray) -> float:
        sample = coded & kept
        return float(people[sample].mean() + weight * (machine[kept].mean() - machine[sample].mean()))

    measure = corrected(machine, people, weights, cluster)
    assert measure.estimate == pytest.approx(value(np.ones(200, bool)))
    assert measure.error == pytest.approx(left_out([value(cluster != unit) for unit in range(20)]))
    each = np.bincount(cluster[coded])
    sampled = each.sum() ** 2 / (each**2).sum()
    low, high = limits(np.array([measure.estimate]), np.array([measure.error]), np.array([sampled]))
    assert measure.limits == pytest.approx((low[0], high[0])) and measure.n == 200

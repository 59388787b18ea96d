"""Limits against their formulas and against Clopper and Pearson, the variance of few clusters, bootstrap draws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, t

from toolkit.estimate.intervals import BLOCK_WEIGHTS, bootstrap_sums, limits, ratios

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
HITS, TOTALS = np.array([0], np.int32), np.array([1], np.int32)


@pytest.mark.parametrize(("p", "error", "clusters", "level"), [(0.3, 0.05, 10, 0.95), (0.8, 0.1, 2, 0.9)])
def test_limits_are_formed_on_the_logit_scale_with_students_t(
    p: float, error: float, clusters: int, level: float
) -> None:
    reach = t.ppf(1 - (1 - level) / 2, clusters - 1) * error / (p * (1 - p))
    odds = p / (1 - p)
    low, high = limits(np.array([p]), np.array([error]), np.array([clusters], np.int32), level)
    assert low[0] == pytest.approx(odds * np.exp(-reach) / (1 + odds * np.exp(-reach)))
    assert high[0] == pytest.approx(odds * np.exp(reach) / (1 + odds * np.exp(reach)))


def test_limits_are_at_95_percent_unless_told_otherwise() -> None:
    given = (np.array([0.4, 0.0]), np.array([0.1, 0.0]), np.array([12, 12], np.int32))
    assert np.array_equal(limits(*given), limits(*given, 0.95))
    assert limits(*given, 0.9)[1][0] < limits(*given)[1][0]


@pytest.mark.parametrize(("p", "error", "clusters"), [(0.0, 0.1, 9), (1.0, 0.1, 9), (0.5, 0.0, 10), (0.25, 0.0, 2 * 4)])
def test_shares_of_nothing_or_all_and_of_like_documents_get_the_limits_of_clopper_and_pearson(
    p: float, error: float, clusters: int
) -> None:
    low, high = limits(np.array([p]), np.array([error]), np.array([clusters], np.int32))
    expected = binomtest(round(p * clusters), clusters).proportion_ci(method="exact")
    assert (low[0], high[0]) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_fewer_than_two_clusters_or_no_share_have_no_limits() -> None:
    low, high = limits(np.array([0.5, 0.0, np.nan, 0.5]), np.array([0.1, 0.0, 0.1, 0.1]), np.array([1, 1, 9, 2]))
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, True, True, False]


def test_the_variance_of_few_clusters_is_multiplied_by_g_over_g_minus_one() -> None:
    # three clusters drawn twice: shares 0.5 and 0.8, whose variance is 0.045; times 3 / 2
    columns = np.array([[1.0, 2], [2, 4], [3, 4]])
    shares = ratios(columns, HITS, TOTALS, np.array([[2.0, 4], [4, 5]]))
    assert shares.estimate[0] == pytest.approx(0.6)
    assert shares.error[0] == pytest.approx(np.sqrt(0.045 * 3 / 2))
    assert shares.clusters.tolist() == [3]
    two = ratios(columns[:2], HITS, TOTALS, np.array([[2.0, 4], [4, 5]]))
    assert two.error[0] == pytest.approx(np.sqrt(0.045 * 2 / 1))


def test_the_standard_error_of_equal_clusters_is_that_of_a_mean() -> None:
    rng = np.random.default_rng(8)
    hits = rng.integers(0, 6, 5).astype(float)
    columns = np.column_stack([hits, np.full(5, 5.0)])
    error = ratios(columns, HITS, TOTALS, bootstrap_sums(columns, 20_000, 1, "x")).error[0]
    assert error == pytest.approx(np.std(hits / 5, ddof=1) / np.sqrt(5), rel=0.02)


def test_clusters_without_anything_to_count_do_not_count_and_draws_without_a_share_are_left_out() -> None:
    columns = np.array([[1.0, 2, 1], [0, 3, 0], [0, 0, 2]])
    sums = np.array([[1.0, 2, 1], [3, 4, 0], [0, 0, 0], [1, 4, 1]])
    shares = ratios(columns, np.array([0, 0], np.int32), np.array([1, 2], np.int32), sums)
    assert shares.clusters.tolist() == [2, 2]
    assert shares.error[0] == pytest.approx(np.std([0.5, 0.75, 0.25], ddof=1) * np.sqrt(2))


def test_one_cluster_has_a_share_without_error_and_none_has_neither() -> None:
    shares = ratios(np.array([[1.0, 4, 0]]), np.array([0, 0], np.int32), np.array([1, 2], np.int32), np.ones((3, 3)))
    assert shares.estimate[0] == 0.25 and not np.isfinite(shares.estimate[1])
    assert np.isnan(shares.error).all() and shares.clusters.tolist() == [1, 0]


def test_every_draw_takes_as_many_clusters_as_there_are_with_replacement() -> None:
    draws = bootstrap_sums(np.eye(4), 500, 3, "x")
    assert draws.shape == (500, 4) and (draws.sum(axis=1) == 4).all()
    assert draws.mean(axis=0) == pytest.approx(np.ones(4), abs=0.15)
    assert draws.var(axis=0) == pytest.approx(np.full(4, 3 / 4), abs=0.15)  # binomial: 4 x 1/4 x 3/4
    assert np.array_equal(draws, bootstrap_sums(np.eye(4), 500, 3, "x"))
    assert not np.array_equal(draws, bootstrap_sums(np.eye(4), 500, 3, "y"))


def test_draws_made_in_parts_to_bound_memory_are_all_there_and_all_different() -> None:
    clusters = BLOCK_WEIGHTS // 3
    columns = np.column_stack([np.ones(clusters), np.arange(clusters)])
    draws = bootstrap_sums(columns, 7, 1, "x")
    assert (draws[:, 0] == clusters).all() and len(np.unique(draws[:, 1])) == 7

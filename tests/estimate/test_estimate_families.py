"""One family a table: exchanges of labels, tests of slopes and of pairs of codes, and what may be called what."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from test_estimate_groups import documents, paragraphs

from toolkit.estimate import Coded, EstimateSettings, estimate
from toolkit.estimate.exchange import drawn, exchange_of, family_p, p_of
from toolkit.estimate.together import together
from toolkit.estimate.trends import slope_test
from toolkit.estimate.verdicts import CANNOT, is_certain, verdict

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def test_labels_of_documents_stay_whole_and_each_document_gets_anothers() -> None:
    unit = np.array([0, 0, 0, 1, 2, 2])
    exchange = exchange_of(unit)
    rng = np.random.default_rng(1)
    for _ in range(50):
        rows = exchange.draw(rng)
        given = [set(unit[rows[unit == item]].tolist()) for item in range(3)]
        assert all(len(one) == 1 for one in given) and set.union(*given) == {0, 1, 2}


def test_runs_of_labels_in_documents_of_one_length_stay_runs() -> None:
    unit, labels = np.repeat([0, 1], 6), np.array([0, 1, 1, 1, 0, 0] * 2)
    rng, exchange = np.random.default_rng(2), exchange_of(unit)
    for _ in range(50):
        expected = labels[exchange.draw(rng)][:6]
        assert expected.sum() == 3 and np.abs(np.diff(np.r_[expected, expected[0]])).sum() == 2  # one run, turned


def test_draws_are_the_same_bytes_for_any_number_of_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for workers in (1, 3):
        monkeypatch.setattr("toolkit.estimate.exchange.worker_count", lambda many=workers: many)
        made.append(np.array(drawn(exchange_of(np.arange(9)), lambda rows: rows * 1.0, 50, 7, "x")))
    assert made[0].shape == (50, 9) and (made[0] == made[1]).all()


def test_p_values_of_draws_are_never_zero_and_ties_count() -> None:
    made = np.array([[1.0, 2.0], [3.0, 2.0], [0.0, 9.0]])
    assert p_of(np.array([3.0, 2.0]), made).tolist() == [0.5, 1.0]
    assert p_of(np.array([5.0, np.nan]), made)[0] == 0.25 and np.isnan(p_of(np.array([5.0, np.nan]), made)[1])
    # the greatest of each draw: 2, 3, 9
    assert family_p(np.array([3.0, 10.0]), made).tolist() == [0.75, 0.25]


def test_a_verdict_needs_the_adjusted_p_and_the_interval() -> None:
    words = ("rising", "falling")
    assert verdict(0.04, 0.1, 0.2, words) == "rising" and verdict(0.04, -0.2, -0.1, words) == "falling"
    assert verdict(0.04, -0.1, 0.2, words) == verdict(0.06, 0.1, 0.2, words) == CANNOT
    assert verdict(None, 0.1, 0.2, words) == verdict(0.01, None, None, words) == CANNOT
    assert not is_certain(None) and not is_certain(float("nan")) and not is_certain(0.05) and is_certain(0.049)


def test_p_of_a_slope_is_that_of_all_orders_of_the_dates() -> None:
    hits, totals = np.array([0.0, 1, 1, 3, 4, 4]), np.array([4.0, 4, 5, 4, 4, 5])
    time = np.array([0.0, 1, 2, 3, 4, 5])
    rest = hits - totals * hits.sum() / totals.sum()

    def statistic(order: tuple[float, ...]) -> float:
        score = (np.array(order) - np.average(order, weights=totals)) * rest
        return float(abs(score.sum()) / np.sqrt((score**2).sum()))

    expected = statistic(tuple(time))
    exact = np.mean([statistic(order) >= expected - 1e-9 for order in permutations(time)])
    test = slope_test(hits[:, None], totals[:, None], time, np.arange(6), 1, 999)
    assert test.p[0] == pytest.approx(exact, abs=0.02) and test.p_adjusted[0] == test.p[0]
    both = slope_test(np.c_[hits, np.ones(6)], np.c_[totals, totals], time, np.arange(6), 1, 999)
    assert both.p_adjusted[0] >= both.p[0] == test.p[0]


def test_a_share_that_is_the_same_in_every_document_has_no_test_of_its_slope() -> None:
    test = slope_test(np.full((5, 1), 2.0), np.full((5, 1), 2.0), np.arange(5.0), np.arange(5), 1, 99)
    assert np.isnan(test.p[0]) and np.isnan(test.p_adjusted[0])


def test_a_planted_slope_rises_and_single_intervals_alone_give_no_verdict() -> None:
    rng = np.random.default_rng(6)
    owner = [i // 5 for i in range(200)]
    dates: list[str | None] = [f"{2021 + i // 10}-{i % 10 + 1:02d}" for i in range(40)]
    marks = {"planted": np.array([rng.random() < 0.05 + 0.2 * (item // 10) for item in owner])}
    marks |= {f"none{i:02d}": rng.random(200) < 0.3 for i in range(14)}
    settings, listed = EstimateSettings(bootstrap=100, period="year"), documents(40, date=dates)
    estimates = estimate(settings, listed, paragraphs(owner, [0] * 200), Coded(marks), 1)
    slopes = [row for row in estimates.trends.to_pylist() if row["p"] is not None]
    planted = [row for row in slopes if row["id"] == "planted" and row["unit"] == "paragraph"]
    assert [row["verdict"] for row in planted] == ["rising"] and planted[0]["p_adjusted"] < 0.05
    others = [row for row in slopes if row["id"] != "planted"]
    assert all(row["verdict"] == CANNOT and row["reason"] for row in others)
    assert any(row["low"] > 0 or row["high"] < 0 for row in others)  # a single interval would call it a trend
    assert {row["tested"] for row in slopes} == {len(slopes)} and "slopes" in estimates.method
    periods = [row for row in estimates.trends.to_pylist() if row["period"] == "2021"]
    assert periods and all(row["p"] is None and row["verdict"] is None for row in periods)


def test_all_contrasts_of_the_table_are_one_family() -> None:
    source: list[str | None] = (["a"] * 5 + ["b"] * 5 + ["c"] * 5) * 2
    owner = [i // 3 for i in range(90)]
    rng = np.random.default_rng(6)
    marks = {f"c{i}": rng.random(90) < 0.3 for i in range(3)}
    settings, listed = EstimateSettings(bootstrap=100), documents(30, source=source)
    estimates = estimate(settings, listed, paragraphs(owner, [0] * 90), Coded(marks), 1)
    rows = [row for row in estimates.contrasts.to_pylist() if row["p"] is not None]
    p, m = sorted(row["p"] for row in rows), len(rows)
    smallest = min(rows, key=lambda row: row["p"])
    assert smallest["p_adjusted"] == pytest.approx(min(1.0, m * p[0])) and smallest["tested"] == m
    by_hand, worst = {}, 0.0
    for rank, value in enumerate(p):
        worst = max(worst, min(1.0, (m - rank) * value))
        by_hand.setdefault(value, worst)
    assert all(row["p_adjusted"] >= by_hand[row["p"]] - 1e-12 for row in rows)
    assert f"{m} contrasts" in estimates.method and "by Holm" in estimates.method


def clustered(seed: int, units: int = 40, each: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Marks of two codes, of a third that goes with the first, and the documents."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), each)
    marks = rng.random((len(unit), 3)) < rng.beta(0.5, 1.5, (units, 3))[unit]
    marks[:, 2] = np.where(rng.random(len(unit)) < 0.7, marks[:, 0], marks[:, 2])
    return marks, unit


def test_codes_that_go_together_are_more_together_and_others_cannot_be_said() -> None:
    marks, unit = clustered(1)
    test = together(marks, [(0, 1), (0, 2), (1, 2)], unit, 3, most=499)
    assert test.both[1] == (marks[:, 0] & marks[:, 2]).sum()
    assert test.expected[1] == pytest.approx(marks[:, 0].sum() * marks[:, 2].sum() / len(unit))
    assert test.verdict(1) == ("more", None) and 1 < test.low[1] < test.lift[1] < test.high[1]
    notes, why = test.verdict(0)
    assert notes == CANNOT and why and test.tested == 3
    assert (test.p_adjusted >= test.p - 1e-12).all()


def test_one_pair_of_one_document_or_without_a_code_cannot_be_said() -> None:
    marks, unit = clustered(2)
    alone = together(marks[:5], [(0, 2)], unit[:5], 3)
    assert np.isnan(alone.p[0]) and alone.verdict(0)[0] == CANNOT and alone.verdict(0)[1]
    marks[:, 1] = False
    none = together(marks, [(0, 1)], unit, 3, most=99)
    assert np.isnan([none.p[0], none.lift[0], none.low[0]]).all()
    assert none.verdict(0) == (CANNOT, "no paragraph has one of the codes")


def test_codes_never_together_have_a_finite_upper_limit() -> None:
    rng = np.random.default_rng(9)
    unit = np.repeat(np.arange(50), 4)
    first = rng.random(200) < 0.3
    second = (rng.random(200) < 0.4) & ~first
    test = together(np.c_[first, second], [(0, 1)], unit, 1, most=499)
    assert test.lift[0] == 0.0 == test.low[0] and 0 < test.high[0] < 1
    assert test.verdict(0) == ("less", None)


def test_codes_that_documents_have_throughout_are_not_together_by_that_alone() -> None:
    """Codes of whole documents: paragraphs as units would call two chance matches certain; documents do not."""
    unit = np.repeat(np.arange(12), 20)
    first, second = unit < 3, np.isin(unit, [0, 1, 5])
    test = together(np.c_[first, second], [(0, 1)], unit, 1, most=499)
    assert test.both[0] == 40 and test.lift[0] == pytest.approx(40 / (60 * 60 / 240))
    assert test.p[0] > 0.05 and test.verdict(0)[0] == CANNOT  # 2 of 3 documents, by chance .127

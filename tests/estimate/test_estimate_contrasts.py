"""Contrasts: limits of differences, p-values and effect sizes computed anew; which groups are compared with which."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import brentq
from scipy.stats import binomtest, false_discovery_control

from toolkit.estimate import Coded, EstimateSettings, estimate
from toolkit.estimate.contrasts import adjusted, cohens_h, difference_limits, p_values
from toolkit.estimate.grouping import Grouping
from toolkit.estimate.intervals import Ratios, limits
from toolkit.estimate.prevalence import GroupShares

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def shares(estimate: list[float], error: list[float], clusters: list[int]) -> GroupShares:
    shares = Ratios(np.array(estimate), np.array(error), np.array(clusters, np.int32))
    low, high = limits(shares.estimate, shares.error, shares.clusters)
    return GroupShares(Grouping("source", "a", np.ones(1, bool)), shares, low, high, shares.clusters)


def test_cohens_h_is_the_difference_of_the_angles() -> None:
    assert float(cohens_h(np.array(0.75), np.array(0.25))) == pytest.approx(2 * np.pi / 3 - np.pi / 3)
    assert float(cohens_h(np.array(0.0), np.array(1.0))) == pytest.approx(-np.pi)


def test_limits_of_a_difference_join_those_of_both_shares() -> None:
    a, b = binomtest(5, 10).proportion_ci(method="exact"), binomtest(2, 8).proportion_ci(method="exact")
    low, high = difference_limits(shares([0.5], [0.0], [10]), shares([0.25], [0.0], [8]))
    assert low[0] == pytest.approx(0.25 - np.sqrt((0.5 - a.low) ** 2 + (b.high - 0.25) ** 2))
    assert high[0] == pytest.approx(0.25 + np.sqrt((a.high - 0.5) ** 2 + (0.25 - b.low) ** 2))


@pytest.mark.parametrize(
    ("p", "q", "n"), [(0.5, 0.3, 12), (0.3, 0.5, 12), (0.6, 0.5, 9), (0.2, 0.05, 30), (0.4, 0.35, 40), (0.7, 0.2, 20)]
)
def test_p_is_the_level_at_which_the_limits_of_the_difference_reach_zero(p: float, q: float, n: int) -> None:
    a, b = shares([p], [0.08], [n]), shares([q], [0.06], [n + 3])
    side = 0 if p > q else 1
    exact = brentq(lambda level: difference_limits(a, b, 1 - level)[side][0], 1e-9, 1 - 1e-9, xtol=1e-13)
    result = p_values(a, b)[0]
    assert 0 < result < 1 and abs(result - exact) <= 2**-30


def test_equal_shares_have_p_one_and_unknown_ones_none() -> None:
    p = p_values(shares([0.4, 0.4, np.nan], [0.1, 0.1, 0.1], [9, 1, 9]), shares([0.4] * 3, [0.1] * 3, [9] * 3))
    assert p[0] == 1.0 and np.isnan(p[1:]).all()


def test_adjustment_of_no_or_of_unknown_p_values_gives_no_fault() -> None:
    for how in ("holm", "bh"):
        assert adjusted(np.array([]), how).tolist() == []
        assert np.isnan(adjusted(np.array([np.nan, np.nan]), how)).all()
        assert adjusted(np.array([0.9, 0.8]), how).max() <= 1.0
        assert adjusted(np.array([0.02]), how).tolist() == [0.02]
    assert adjusted(np.array([0.01, 0.02, 0.5]), "holm").tolist() == pytest.approx([0.03, 0.04, 0.5])
    assert adjusted(np.array([0.9, 0.8, 0.4]), "holm").tolist() == [1.0, 1.0, 1.0]


def made(source: list[str | None], marks: list[int], adjust: str = "holm", dates: Any = None) -> list[dict[str, Any]]:
    """Contrasts of a code over documents of two paragraphs each; `marks` are the paragraphs' codes."""
    n = len(source)
    documents = pa.table(
        {
            "document_id": [f"d{i:02d}" for i in range(n)],
            "duplicate_of": pa.array([None] * n, pa.string()),
            "source": pa.array(source, pa.string()),
            "date": pa.array(dates or [None] * n, pa.string()),
        }
    )
    paragraphs = pa.table(
        {
            "paragraph_id": [f"p{i}" for i in range(2 * n)],
            "document_id": [f"d{i // 2:02d}" for i in range(2 * n)],
            "words": pa.array([5] * 2 * n, pa.int32()),
            "duplicate_of": pa.array([None] * 2 * n, pa.string()),
            "theme": pa.array([i % 2 for i in range(2 * n)], pa.int32()),
        }
    )
    settings = EstimateSettings(bootstrap=100, adjust=adjust)
    codes = Coded({"c": np.array(marks, bool), "d": np.arange(2 * n) % 3 == 0})
    rows: list[dict[str, Any]] = estimate(settings, documents, paragraphs, codes, 1).contrasts.to_pylist()
    return rows


def of_code(rows: list[dict[str, Any]], unit: str = "paragraph") -> list[dict[str, Any]]:
    return [row for row in rows if (row["id"], row["unit"]) == ("c", unit)]


TWO = [1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0]


def test_two_groups_are_compared_once_with_each_other() -> None:
    row, *more = of_code(made(["a", "a", "a", "b", "b", "b"], TWO))
    assert not more
    assert (row["group"], row["versus"], row["group_by"]) == ("a", "b", "source")
    assert row["difference"] == pytest.approx(4 / 6 - 1 / 6)
    assert row["effect_size"] == pytest.approx(2 * np.arcsin(np.sqrt(4 / 6)) - 2 * np.arcsin(np.sqrt(1 / 6)))
    assert (row["n"], row["n_versus"]) == (6, 6)
    assert row["low"] < row["difference"] < row["high"] and 0 < row["p"] <= row["p_adjusted"]
    assert row["method"].startswith("limits of both shares")


def test_of_three_groups_each_is_compared_with_the_others_and_documents_without_group_take_no_part() -> None:
    rows = of_code(made(["a", "a", "b", "b", "c", "c", None, None], [1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1]))
    assert [(row["group"], row["versus"], row["n"], row["n_versus"]) for row in rows] == [
        ("a", "all others", 4, 8), ("b", "all others", 4, 8), ("c", "all others", 4, 8)
    ]  # fmt: skip
    assert [row["difference"] for row in rows] == pytest.approx([3 / 4 - 1 / 8, 1 / 4 - 3 / 8, 0 - 4 / 8])


def test_one_group_and_periods_are_not_contrasted() -> None:
    assert made(["a"] * 4, [1, 0] * 4) == []
    dated = made(["a", "a", "b", "b"], [1, 0] * 4, dates=["2020-01", "2020-02", "2020-03", "2020-04"])
    assert {row["group_by"] for row in dated} == {"source"}


@pytest.mark.parametrize("adjust", ["holm", "bh"])
def test_p_values_are_adjusted_for_all_rows_of_the_table(adjust: str) -> None:
    source = ["a", "a", "a", "b", "b", "b", "c", "c", "c"]
    rows = made(source, [1, 1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0], adjust)
    members = [row for row in rows if row["p"] is not None]
    given = np.array([row["p"] for row in members])
    if adjust == "bh":
        expected = false_discovery_control(given, method="bh")
    else:
        expected = np.array([
            max(min(1.0, (len(given) - (given < other).sum()) * other) for other in given if other <= value)
            for value in given
        ])  # fmt: skip
    assert [row["p_adjusted"] for row in members] == pytest.approx(list(expected))
    assert len(members) >= 12 and {row["tested"] for row in rows} == {len(members)}
    assert {(row["kind"], row["unit"]) for row in members} >= {("code", "paragraph"), ("code", "document")}


@pytest.mark.parametrize("alone", ["a", "b"])
def test_a_group_of_one_document_has_a_difference_without_limits_and_says_why(alone: str) -> None:
    source = ["a", "b", "b", "b"] if alone == "a" else ["a", "a", "a", "b"]
    row = of_code(made(source, [1, 0, 1, 0, 0, 0, 1, 0]))[0]
    assert row["difference"] is not None and row["low"] is None and row["p"] is None and row["p_adjusted"] is None
    assert row["method"] == "none: one document in the group"


def test_what_cannot_be_said_of_a_difference_has_its_reason() -> None:
    alone = made(["a"] + ["b"] * 6, [1, 0] * 7)
    assert alone and all((row["verdict"], row["p"]) == ("cannot be said", None) for row in alone)
    assert {row["reason"] for row in alone} == {"one document in the group"}
    alike = made(["a"] * 6 + ["b"] * 6, [1, 0] * 12)
    assert {row["reason"] for row in alike if row["unit"] == "paragraph"} == {"the 95 % interval contains 0"}
    apart = made(["a"] * 6 + ["b"] * 6, [1, 1] * 6 + [0, 0] * 6)
    assert all(row["reason"] is None for row in apart if row["verdict"] != "cannot be said") and "more" in {
        row["verdict"] for row in apart
    }

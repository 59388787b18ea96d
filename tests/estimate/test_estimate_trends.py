"""Slopes over time by least squares, how codes meet themes and each other, all computed anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import t
from test_estimate_groups import documents, paragraphs

from toolkit.estimate import Coded, EstimateSettings, estimate
from toolkit.estimate.crossing import code_theme_matrix
from toolkit.estimate.grouping import years
from toolkit.estimate.intervals import bootstrap_sums, limits

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
DATES: list[str | None] = ["2020-01", "2020-07", "2021-01", "2022-01", "2022-07", None]
OWNER = [0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 5]
MARKS = np.array([0, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1], bool)


def made(dates: list[str | None] = DATES, codes: Any = None, **settings: Any) -> Any:
    owned = paragraphs(OWNER, [0] * len(OWNER))
    given = Coded({"c": MARKS, "all": np.ones(11, bool)} if codes is None else codes)
    return estimate(EstimateSettings(**{"bootstrap": 100, **settings}), documents(6, date=dates), owned, given, 3)


def trend(result: Any, period: str, id_: str = "c", unit: str = "paragraph") -> dict[str, Any]:
    members = [
        row for row in result.trends.to_pylist() if (row["id"], row["period"], row["unit"]) == (id_, period, unit)
    ]
    assert len(members) == 1
    only: dict[str, Any] = members[0]
    return only


SLOPE = "slope per year"


def test_the_slope_is_that_of_least_squares_over_dated_paragraphs() -> None:
    time = np.array([years(DATES[owner]) or np.nan for owner in OWNER])
    known = ~np.isnan(time)
    trend_row = trend(made(), SLOPE)
    assert trend_row["estimate"] == pytest.approx(np.polyfit(time[known], MARKS[known], 1)[0])
    assert trend_row["n"] == 10


def test_limits_of_a_slope_are_students_t_of_the_documents_less_two_times_the_bootstraps_error() -> None:
    time = np.array([years(date) for date in DATES[:5]], float)
    size, hits = np.bincount(OWNER)[:5], np.bincount(OWNER, MARKS)[:5]
    weights, slopes = bootstrap_sums(np.eye(5), 100, 3, "estimate:slope"), []
    for drawn in weights:
        n = drawn * size
        middle = (n * time).sum() / n.sum()
        spread = (n * (time - middle) ** 2).sum()
        if spread > 1e-9:
            slopes.append((drawn * hits * (time - middle)).sum() / spread)
    trend_row = trend(made(), SLOPE)
    reach = t.ppf(0.975, 3) * np.std(slopes, ddof=1) * np.sqrt(5 / 4)
    assert trend_row["low"] == pytest.approx(trend_row["estimate"] - reach) and trend_row["high"] == pytest.approx(
        trend_row["estimate"] + reach
    )


def test_the_slope_of_documents_counts_each_document_once() -> None:
    time = np.array([years(date) for date in DATES[:5]], float)
    assert trend(made(), SLOPE, unit="document")["estimate"] == pytest.approx(np.polyfit(time, [0, 1, 1, 1, 1], 1)[0])


def test_where_all_documents_are_alike_the_slope_is_nothing_and_has_no_limits() -> None:
    trend_row = trend(made(), SLOPE, "all")
    assert trend_row["estimate"] == pytest.approx(0.0, abs=1e-12)
    assert trend_row["low"] is None and trend_row["high"] is None


@pytest.mark.parametrize(
    ("dates", "there"),
    [
        (["2020-01", "2020-02", "2020-03", "2020-04", None, None], True),
        (["2020-01", "2020-02", "2020-03", None, None, None], False),
        (["2020-01", "2020-01", "2020-01", "2020-01", "2020-01", "2020-01"], False),
        (["2020-01", "2020-01", "2020-01", "2020-02", None, None], True),
    ],
)
def test_a_slope_needs_four_dated_documents_on_two_dates(dates: list[str | None], there: bool) -> None:
    estimates = made(dates)
    trend_row = trend(estimates, SLOPE)
    assert (trend_row["estimate"] is not None) == there
    assert any("Slopes over time need 4 dated documents" in note for note in estimates.notes) != there
    if not there:
        assert trend_row["n"] == 0 and trend_row["low"] is None


def test_every_period_has_the_share_of_its_group_and_unique_counting_alone() -> None:
    estimates = made()
    rows = [row for row in estimates.trends.to_pylist() if row["id"] == "c" and row["unit"] == "document"]
    assert [row["period"] for row in rows] == [
        "2020-Q1", "2020-Q3", "2021-Q1", "2022-Q1", "2022-Q3", SLOPE
    ]  # fmt: skip
    trend_row = trend(estimates, "2020-Q3")
    assert (trend_row["estimate"], trend_row["n"]) == (pytest.approx(1 / 3), 3)
    years_ = made(period="year")
    group = next(row for row in years_.prevalence.to_pylist() if row["group"] == "2022" and row["id"] == "c"
                 and (row["unit"], row["counting"]) == ("paragraph", "unique"))  # fmt: skip
    trend_row = trend(years_, "2022")
    assert (trend_row["estimate"], trend_row["low"], trend_row["high"], trend_row["n"]) == (
        group["estimate"], group["low"], group["high"], group["n"]
    )  # fmt: skip


def test_without_dates_there_are_no_trends_and_no_note() -> None:
    estimates = made([None] * 6)
    assert estimates.trends.num_rows == 0 and not any("Slopes" in note for note in estimates.notes)


def test_codes_and_themes_are_crossed_over_unique_paragraphs() -> None:
    owned = paragraphs([0] * 8, [0, 0, 0, 1, 1, -1, 0, 1], copy=[None] * 6 + ["p0", None])
    assigned = {"c": np.array([1, 1, 0, 1, 0, 0, 1, 0], bool), "never": np.zeros(8, bool)}
    rows = {(row["code"], row["theme"]): row for row in code_theme_matrix(owned, assigned).to_pylist()}
    assert set(rows) == {(code, theme) for code in ("c", "never") for theme in (-1, 0, 1)}
    expected = rows["c", 0]  # 7 unique: 3 coded, 3 in theme 0, 2 both
    assert (
        expected["paragraphs"] == 2
        and expected["expected"] == pytest.approx(9 / 7)
        and expected["lift"] == pytest.approx(14 / 9)
    )
    assert expected["share_of_code"] == pytest.approx(2 / 3) and expected["share_of_theme"] == pytest.approx(2 / 3)
    other = rows["c", 1]
    assert (other["paragraphs"], other["share_of_code"], other["share_of_theme"]) == (1, 1 / 3, 1 / 3)
    assert rows["c", -1]["lift"] == 0.0 and rows["c", -1]["share_of_theme"] == 0.0
    assert rows["never", 0]["share_of_code"] is None and rows["never", 0]["lift"] is None
    assert rows["never", 0]["share_of_theme"] == 0.0 and rows["never", 0]["expected"] == 0.0


def test_themes_without_unique_paragraphs_have_null_ratios() -> None:
    owned = paragraphs([0, 0], [0, 1], copy=[None, "p0"])
    rows = code_theme_matrix(owned, {"c": np.array([1, 1], bool)}).to_pylist()
    assert rows[2]["share_of_theme"] is None and rows[2]["lift"] is None and rows[2]["paragraphs"] == 0
    empty = code_theme_matrix(owned.slice(0, 0), {"c": np.zeros(0, bool)}).to_pylist()
    assert [(row["theme"], row["expected"]) for row in empty] == [(-1, 0.0)]


def crossed(assigned: dict[str, Any], copy: Any = None, **more: Any) -> list[dict[str, Any]]:
    owned = paragraphs(OWNER, [0] * 11, copy=copy)
    given = documents(6, **more)
    rows: list[dict[str, Any]] = estimate(
        EstimateSettings(bootstrap=100), given, owned, Coded(assigned), 3
    ).cooccurrence.to_pylist()
    return rows


A = np.array([1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 1], bool)
B = np.array([1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1], bool)


def test_codes_that_share_paragraphs_have_their_jaccard_index_and_limits_by_document() -> None:
    none = np.zeros(11, bool)
    first, second, third = crossed({"a": A, "b": B, "none": none})
    assert (first["code_a"], first["code_b"], second["code_b"], third["code_a"]) == ("a", "b", "none", "b")
    assert (first["paragraphs"], first["n"], first["jaccard"]) == (4, 7, pytest.approx(4 / 7))
    both, either = np.bincount(OWNER, A & B), np.bincount(OWNER, A | B)
    with_b = np.bincount(OWNER, B)
    kept = (both + either + np.bincount(OWNER, A) + with_b) > 0
    weights = bootstrap_sums(np.eye(int(kept.sum())), 100, 3, "estimate:cooccurrence")
    drawn = (weights @ both[kept]) / (weights @ either[kept])
    g = int((either > 0).sum())
    error = np.std(drawn[np.isfinite(drawn)], ddof=1) * np.sqrt(g / (g - 1))
    low, high = limits(np.array([4 / 7]), np.array([error]), np.array([g]))
    assert (first["low"], first["high"]) == (pytest.approx(low[0]), pytest.approx(high[0]))
    assert (second["paragraphs"], second["jaccard"], second["n"], third["n"]) == (0, 0.0, 6, 5)


def test_copies_do_not_make_codes_meet_more_often() -> None:
    copied = crossed({"a": A, "b": B}, [None] * 8 + ["p0", "p0", None], duplicate_of=[None] * 4 + ["d000", None])
    assert (copied[0]["paragraphs"], copied[0]["n"]) == (3, 5)


def test_codes_that_nobody_has_meet_nowhere_and_have_no_index() -> None:
    none = np.zeros(11, bool)
    (row,) = crossed({"a": none, "b": none})
    assert (row["paragraphs"], row["jaccard"], row["low"], row["n"]) == (0, None, None, 0)
    assert crossed({"a": A}) == []
    assert pa.Table.from_pylist(crossed({"a": none, "b": none, "c": A})).num_rows == 3

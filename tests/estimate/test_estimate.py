"""Shares with intervals that respect documents: coverage, zero hits, copies, contrasts, trends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.errors import ConfigError
from toolkit.estimate import Coded, EstimateSettings, document_theme, estimate, limits
from toolkit.estimate.contrasts import adjusted, cohens_h
from toolkit.estimate.intervals import bootstrap_sums, ratios
from toolkit.values import Estimates


def tables(owner: list[int], theme: list[int] | None = None, **more: Any) -> tuple[pa.Table, pa.Table]:
    documents = max(owner) + 1
    n = len(owner)
    d = {
        "document_id": [f"d{i:02d}" for i in range(documents)],
        "duplicate_of": pa.array(more.get("document_copy", [None] * documents), pa.string()),
        "source": pa.array(more.get("source", ["x"] * documents), pa.string()),
        "date": pa.array(more.get("date", [None] * documents), pa.string()),
    }
    p = {
        "paragraph_id": [f"p{i}" for i in range(n)],
        "document_id": [f"d{i:02d}" for i in owner],
        "words": pa.array([10] * n, pa.int32()),
        "duplicate_of": pa.array(more.get("copy", [None] * n), pa.string()),
        "theme": pa.array(theme or [0] * n, pa.int32()),
    }
    return pa.table(d), pa.table(p)


def rows(estimates: Estimates, **where: Any) -> list[dict[str, Any]]:
    keys = where.items()
    return [row for row in estimates.prevalence.to_pylist() if all(row[key] == value for key, value in keys)]


@pytest.mark.parametrize(
    ("documents", "share", "alike"),
    [
        (15, 0.2, 0.2),
        pytest.param(30, 0.3, 0.4, marks=pytest.mark.slow),
        pytest.param(60, 0.1, 0.3, marks=pytest.mark.slow),
    ],
)
def test_intervals_cover_the_truth_where_paragraphs_cluster_and_binomial_ones_do_not(
    documents: int, share: float, alike: float
) -> None:
    rng = np.random.default_rng(documents)
    a, b = share * (1 - alike) / alike, (1 - share) * (1 - alike) / alike
    runs, covered, naive = 1000, 0, 0
    for run in range(runs):
        length = rng.poisson(8, documents) + 1
        hits = rng.binomial(length, rng.beta(a, b, documents))
        columns = np.column_stack([hits, length]).astype(float)
        sums = bootstrap_sums(columns, 200, run, "test")
        shares = ratios(columns, np.array([0], np.int32), np.array([1], np.int32), sums)
        low, high = limits(shares.estimate, shares.error, shares.clusters)
        covered += bool(low[0] <= share <= high[0])
        p, n = hits.sum() / length.sum(), length.sum()
        naive += abs(p - share) <= 1.96 * np.sqrt(p * (1 - p) / n)
    assert 0.93 <= covered / runs <= 0.975
    assert naive / runs < 0.87


def test_a_code_without_a_hit_is_reported_with_an_upper_limit() -> None:
    documents, paragraphs = tables([i // 3 for i in range(30)])
    estimates = estimate(EstimateSettings(), documents, paragraphs, Coded({"never": np.zeros(30, bool)}), 1)
    row = rows(estimates, kind="code", id="never", group_by=None, unit="paragraph", counting="unique")[0]
    assert (row["estimate"], row["low"], row["n"]) == (0.0, 0.0, 30)
    assert row["high"] == pytest.approx(1 - 0.025 ** (1 / 10))
    assert rows(estimates, kind="theme", id="-1", group_by=None)


def test_one_document_has_a_share_and_no_interval_and_says_why() -> None:
    documents, paragraphs = tables([0, 0, 0, 1], source=["a", "b"])
    estimates = estimate(EstimateSettings(), documents, paragraphs, Coded({"c": np.array([1, 0, 1, 0], bool)}), 1)
    row = rows(estimates, kind="code", group="a", unit="paragraph", counting="unique")[0]
    assert row["estimate"] == pytest.approx(2 / 3)
    assert row["low"] is None and row["high"] is None
    assert row["method"] == "none: one document in the group"


def test_copies_count_once_in_unique_and_each_time_in_published_and_are_drawn_together() -> None:
    documents, paragraphs = tables(
        [0, 0, 1, 1, 2], copy=[None, None, "p0", "p1", None], document_copy=[None, "d00", None]
    )
    estimates = estimate(EstimateSettings(), documents, paragraphs, Coded({"c": np.array([1, 0, 1, 0, 0], bool)}), 1)
    share = {
        (row["unit"], row["counting"]): (row["estimate"], row["n"])
        for row in rows(estimates, kind="code", group_by=None)
    }
    assert share[("paragraph", "unique")] == (pytest.approx(1 / 3), 3)
    assert share[("paragraph", "published")] == (pytest.approx(2 / 5), 5)
    assert share[("document", "unique")] == (pytest.approx(1 / 2), 2)
    assert share[("document", "published")] == (pytest.approx(2 / 3), 3)
    assert "for 2 units" in estimates.method


def test_a_child_code_implies_its_parent_in_prevalence() -> None:
    documents, paragraphs = tables([0, 1, 2, 3])
    marks = {"child": np.array([1, 1, 0, 0], bool), "parent": np.array([0, 0, 1, 0], bool)}
    estimates = estimate(
        EstimateSettings(), documents, paragraphs, Coded(marks, {"child": "parent", "parent": None}), 1
    )
    row = rows(estimates, id="parent", group_by=None, unit="paragraph", counting="unique")[0]
    assert row["estimate"] == 0.75
    both = estimates.cooccurrence.to_pylist()[0]
    assert both["paragraphs"] == 0  # implied nowhere else


def test_a_documents_theme_has_most_of_its_words_ties_to_the_lower_number() -> None:
    ids = ["a", "b", "c", "d"]
    owners = ["a", "a", "a", "b", "b", "c"]
    assert document_theme(ids, owners, [1, 0, -1, 2, 1, -1], [5, 4, 90, 3, 3, 9]).tolist() == [1, 1, -1, -1]


def test_nothing_depends_on_the_order_of_draws_between_groups_and_the_seed_decides() -> None:
    documents, paragraphs = tables([i // 4 for i in range(40)], source=[f"s{i % 3}" for i in range(10)])
    marks = {"c": np.random.default_rng(0).random(40) < 0.4}
    both = estimate(EstimateSettings(group_by=("source",)), documents, paragraphs, Coded(marks), 5)
    alone = estimate(EstimateSettings(group_by=()), documents, paragraphs, Coded(marks), 5)
    assert rows(both, group_by=None) == rows(alone, group_by=None)
    assert (
        estimate(EstimateSettings(group_by=()), documents, paragraphs, Coded(marks), 6).prevalence != alone.prevalence
    )


def test_contrasts_find_a_planted_difference_and_adjust_for_their_number() -> None:
    owner = [i // 5 for i in range(200)]
    source = ["a" if i < 20 else "b" if i < 30 else "c" for i in range(40)]
    rng = np.random.default_rng(2)
    marks = {"planted": np.array([rng.random() < (0.7 if source[o] == "a" else 0.1) for o in owner])}
    marks |= {f"none{i}": rng.random(200) < 0.3 for i in range(4)}
    documents, paragraphs = tables(owner, source=source)
    rows = estimate(EstimateSettings(), documents, paragraphs, Coded(marks), 1).contrasts.to_pylist()
    a = next(row for row in rows if row["id"] == "planted" and row["group"] == "a" and row["unit"] == "paragraph")
    assert 0.4 < a["difference"] < 0.8 and a["low"] > 0.3 and a["p_adjusted"] < 0.001
    assert a["effect_size"] > 0.8
    assert float(cohens_h(np.array(0.5), np.array(0.2))) == pytest.approx(0.6435, abs=1e-4)
    assert all(row["p_adjusted"] >= row["p"] for row in rows if row["p"] is not None)
    assert not any(row["p_adjusted"] < 0.05 for row in rows if row["id"].startswith("none"))


def test_adjusted_p_values_are_those_of_holm_and_benjamini_hochberg() -> None:
    p = np.array([0.01, 0.04, np.nan, 0.03])
    assert adjusted(p, "holm")[[0, 1, 3]] == pytest.approx([0.03, 0.06, 0.06])
    assert adjusted(p, "bh")[[0, 1, 3]] == pytest.approx([0.03, 0.04, 0.04])
    assert np.isnan(adjusted(p, "holm")[2])


def test_a_planted_trend_is_found_and_periods_are_in_order() -> None:
    owner = [i // 6 for i in range(240)]
    date = [f"{2021 + i // 10}-{i % 10 + 1:02d}-05" for i in range(40)]
    rng = np.random.default_rng(4)
    marks = {"rising": np.array([rng.random() < 0.1 + 0.15 * (o / 10) for o in owner])}
    documents, paragraphs = tables(owner, date=date)
    estimates = estimate(EstimateSettings(period="year"), documents, paragraphs, Coded(marks), 1)
    rising = [row for row in estimates.trends.to_pylist() if row["id"] == "rising" and row["unit"] == "paragraph"]
    assert [row["period"] for row in rising] == ["2021", "2022", "2023", "2024", "slope per year"]
    slope = rising[-1]
    assert 0.08 < slope["estimate"] < 0.22 and 0 < slope["low"] < slope["estimate"] < slope["high"]


def test_dates_as_precise_as_given_choose_the_period_and_the_rest_is_said() -> None:
    owner = list(range(6))
    documents, paragraphs = tables(owner, date=["2024", "2024", "2023", "2022", None, "2021-05"])
    estimates = estimate(EstimateSettings(), documents, paragraphs, Coded({}), 1)
    assert {row["group_by"] for row in estimates.prevalence.to_pylist()} == {None, "source", "year"}
    assert any("1 of 6 documents have no year" in note for note in estimates.notes)


def test_an_unknown_column_is_a_fault_that_names_the_nearest() -> None:
    documents, paragraphs = tables([0, 1])
    with pytest.raises(ConfigError, match=r"estimate\.group_by: no column 'sorce' in documents .did you mean 'source'"):
        estimate(EstimateSettings(group_by=("sorce",)), documents, paragraphs, Coded({}), 1)
    with pytest.raises(ConfigError, match=r"estimate\.resample"):
        estimate(EstimateSettings(resample="outlet"), documents, paragraphs, Coded({}), 1)


def test_resampling_sources_widens_intervals_where_sources_differ() -> None:
    owner = [i // 3 for i in range(180)]
    source = [f"s{i % 6}" for i in range(60)]
    marks = {"c": np.array([source[o] in ("s0", "s1") for o in owner])}
    documents, paragraphs = tables(owner, source=source)
    width = {}
    for drawn in ("document", "source"):
        estimates = estimate(EstimateSettings(resample=drawn), documents, paragraphs, Coded(marks), 1)
        row = rows(estimates, kind="code", group_by=None, unit="paragraph", counting="unique")[0]
        width[drawn] = row["high"] - row["low"]
        assert row["method"] == f"bootstrap of {'documents' if drawn == 'document' else 'groups of source'}, logit t"
    assert width["source"] > 1.5 * width["document"]
    alone = rows(estimates, kind="code", group_by="source", group="s0", unit="paragraph", counting="unique")[0]
    assert alone["low"] is None and alone["method"].startswith("none: the documents of the group are all drawn")


@pytest.mark.parametrize("period", ["month", "quarter", "year"])
def test_shares_are_given_by_the_period_asked_for(period: str) -> None:
    owner = [i // 2 for i in range(48)]
    date = [f"{2023 + i // 12}-{i % 12 + 1:02d}-15" for i in range(24)]
    documents, paragraphs = tables(owner, date=date)
    estimates = estimate(EstimateSettings(period=period), documents, paragraphs, Coded({"c": np.ones(48, bool)}), 1)
    groups = {row["group"] for row in rows(estimates, kind="code", group_by=period, unit="document", counting="unique")}
    assert len(groups) == {"month": 24, "quarter": 8, "year": 2}[period]


@pytest.mark.parametrize("owner", [[0], [0, 0, 0, 0, 0]])
def test_the_smallest_corpora_work(owner: list[int]) -> None:
    documents, paragraphs = tables(owner, theme=[-1] * len(owner))
    estimates = estimate(EstimateSettings(), documents, paragraphs, Coded({"c": np.ones(len(owner), bool)}), 1)
    assert rows(estimates, kind="code", group_by=None)[0]["estimate"] == 1.0
    assert rows(estimates, kind="theme", id="-1", group_by=None)[0]["estimate"] == 1.0


@pytest.mark.parametrize("seed", range(5))
def test_adjusted_p_values_are_those_of_scipy_and_of_holms_own_steps_with_ties_and_gaps(seed: int) -> None:
    from scipy.stats import false_discovery_control

    rng = np.random.default_rng(seed)
    p = np.round(rng.random(40) ** 3, 2)
    p[rng.permutation(40)[:6]] = np.nan
    known = ~np.isnan(p)
    assert adjusted(p, "bh")[known] == pytest.approx(false_discovery_control(p[known], method="bh"))
    order, largest, holm = np.argsort(p[known]), 0.0, np.zeros(known.sum())
    for step, place in enumerate(order):
        largest = max(largest, min(1.0, (known.sum() - step) * p[known][place]))
        holm[place] = largest
    assert adjusted(p, "holm")[known] == pytest.approx(holm)
    assert np.isnan(adjusted(p, "holm")[~known]).all() and np.isnan(adjusted(p, "bh")[~known]).all()

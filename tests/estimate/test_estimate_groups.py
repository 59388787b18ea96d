"""What is counted, and for whom: tallies, groups, periods, and shares with their limits computed anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pydantic import ValidationError

from toolkit.estimate import Coded, EstimateSettings, Themes, document_theme, estimate
from toolkit.estimate.grouping import MOST_GROUPS, groupings, in_period, years
from toolkit.estimate.intervals import bootstrap_sums, limits
from toolkit.estimate.main_theme import main_rows
from toolkit.estimate.reseeded import Spreads
from toolkit.estimate.tally import Tally, ancestors, clusters_of, implied, make_tally

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def documents(n: int, **columns: list[str | None]) -> Any:
    given: dict[str, Any] = {"document_id": [f"d{i:03d}" for i in range(n)]}
    given |= {name: pa.array(columns.get(name, [None] * n), pa.string()) for name in ("duplicate_of", "source", "date")}
    return pa.table(given)


def paragraphs(owner: list[int], theme: list[int], words: Any = None, copy: Any = None) -> Any:
    n = len(owner)
    return pa.table(
        {
            "paragraph_id": [f"p{i}" for i in range(n)],
            "document_id": [f"d{i:03d}" for i in owner],
            "words": pa.array(words or [5] * n, pa.int32()),
            "duplicate_of": pa.array(copy or [None] * n, pa.string()),
            "theme": pa.array(theme, pa.int32()),
        }
    )


@pytest.mark.parametrize(
    ("date", "month", "quarter", "year"),
    [
        ("2024-01-31", "2024-01", "2024-Q1", "2024"),
        ("2024-03", "2024-03", "2024-Q1", "2024"),
        ("2024-04-01", "2024-04", "2024-Q2", "2024"),
        ("2024-06-30", "2024-06", "2024-Q2", "2024"),
        ("2024-09", "2024-09", "2024-Q3", "2024"),
        ("2024-10-01", "2024-10", "2024-Q4", "2024"),
        ("2024-12-31", "2024-12", "2024-Q4", "2024"),
        ("2024", None, None, "2024"),
        ("undated", None, None, None),
        (None, None, None, None),
    ],
)
def test_a_date_belongs_to_its_period_and_to_none_finer_than_itself(
    date: str | None, month: str | None, quarter: str | None, year: str | None
) -> None:
    assert [in_period(date, period) for period in ("month", "quarter", "year")] == [month, quarter, year]


def test_a_date_in_years_is_the_middle_of_what_it_leaves_open() -> None:
    assert years("2024") == 2024.5
    assert years("2024-01") == pytest.approx(2024 + 0.5 / 12)
    assert years("2024-12") == pytest.approx(2024 + 11.5 / 12)
    assert years("2024-03-01") == pytest.approx(2024 + (2 + 0.5 / 31) / 12)
    assert years("2024-03-31") == pytest.approx(2024 + (2 + 30.5 / 31) / 12)
    assert years("no date") is None and years(None) is None


def grouped(given: Any, columns: tuple[str, ...] = (), period: str | None = None) -> tuple[list[Any], list[str]]:
    n = len(given)
    return groupings(given, Tally(tuple(given["document_id"].to_pylist()), np.ones((n, 1)), (), np.arange(n)), columns,
                     period)  # fmt: skip


@pytest.mark.parametrize(
    ("dates", "period"),
    [
        (["2020-01", "2021-07"], "month"),  # a year and a half to the day
        (["2020-01", "2021-08"], "quarter"),
        (["2015-01", "2021-01"], "quarter"),  # six years to the day
        (["2015-01", "2021-02"], "year"),
        (["2020-01", "2020-02", "2020", "2020"], "month"),  # half have a month
        (["2020-01", "2020", "2020"], "year"),
        (["2020-05-01"], "month"),
        (["2020-01", None, None, None, "2020-02"], "month"),
    ],
)
def test_the_period_is_chosen_by_the_span_and_precision_of_the_dates(dates: list[str | None], period: str) -> None:
    groups, _ = grouped(documents(len(dates), date=dates))
    assert {group.group_by for group in groups} == {None, period}


def test_groups_are_the_whole_then_each_value_by_name_then_periods_in_order() -> None:
    given = documents(4, source=["b", "a", None, "b"], date=["2021-02", "2020-01", "2021-02", None])
    groups, notes = grouped(given, ("source",), "month")
    assert [(group.group_by, group.group, group.rows.tolist()) for group in groups] == [
        (None, None, [True] * 4),
        ("source", "a", [False, True, False, False]),
        ("source", "b", [True, False, False, True]),
        ("month", "2020-01", [False, True, False, False]),
        ("month", "2021-02", [True, False, True, False]),
    ]
    assert any(note.startswith("1 of 4 documents have no source") for note in notes)
    assert any(note.startswith("1 of 4 documents have no month") for note in notes)


def test_a_column_without_values_is_silent_and_a_period_without_dates_is_not() -> None:
    groups, notes = grouped(documents(3), ("source",), "month")
    assert len(groups) == 1 and notes == ["No document has a date: shares by month are not given."]
    assert grouped(documents(2, source=["a", "a"]), ("source",))[1] == []


def test_a_column_of_more_than_two_hundred_values_groups_nothing() -> None:
    for count, expected in ((MOST_GROUPS, MOST_GROUPS), (MOST_GROUPS + 1, 0)):
        groups, notes = grouped(documents(count, source=[f"s{i}" for i in range(count)]), ("source",))
        assert len(groups) == 1 + expected
        assert any("201 values, more than 200" in note for note in notes) == (expected == 0)


def test_a_documents_theme_is_that_of_most_words_even_where_no_word_is_counted() -> None:
    assert document_theme(["a", "b"], ["a", "a", "b"], [1, 0, 2], [5, 6, 0]).tolist() == [0, 2]
    assert document_theme(["a"], ["a", "a", "a"], [2, 0, 0], [7, 3, 4]).tolist() == [0]
    assert document_theme(["a"], ["a", "a"], [-1, 3], [100, 1]).tolist() == [3]
    assert document_theme(["a", "b"], ["a"], [-1], [3]).tolist() == [-1, -1]


def test_a_code_implies_all_above_it_and_a_circle_ends() -> None:
    above = {"c": "b", "b": "a", "a": None, "x": "y", "y": "x"}
    assert ancestors("c", above) == ("b", "a") and ancestors("a", above) == ()
    assert ancestors("x", above) == ("y",)
    given = {"a": np.array([0, 0, 0, 1], bool), "b": np.array([0, 1, 0, 0], bool), "c": np.array([1, 0, 0, 0], bool)}
    codes = implied(given, above)
    assert codes["a"].tolist() == [True, True, False, True] and codes["b"].tolist() == [True, True, False, False]
    assert codes["c"].tolist() == [True, False, False, False] and given["a"].tolist() == [False, False, False, True]


def test_copies_are_drawn_with_their_original_and_a_column_names_what_is_drawn() -> None:
    given = documents(4, duplicate_of=[None, "d000", None, None], source=["x", None, "x", "y"])
    assert clusters_of(given, "document")[0].tolist() == [0, 0, 1, 2]
    cluster, notes = clusters_of(given, "source")
    assert cluster[0] == cluster[2] and len(set(cluster.tolist())) == 3
    assert notes == ("1 documents have no 'source'; the bootstrap draws each of them by itself.",)
    assert clusters_of(documents(2, source=["x", "y"]), "source")[1] == ()


def tally(themes: int = 0) -> Tally:
    """Document 1 is a copy of document 0; document 3 has no paragraph."""
    given = documents(4, duplicate_of=[None, "d000", None, None])
    owned = paragraphs([0, 0, 1, 1, 2], [0, 1, 0, 1, -1], [9, 5, 9, 5, 5], [None, None, "p0", "p1", None])
    return make_tally(given, owned, {"c": np.array([1, 0, 1, 0, 0], bool)}, {}, "document", themes)


@pytest.mark.parametrize(
    ("id_", "unit", "counting", "hits", "total"),
    [
        ("0", "paragraph", "unique", [1, 0, 0, 0], [2, 0, 1, 0]),
        ("0", "paragraph", "published", [1, 1, 0, 0], [2, 2, 1, 0]),
        ("1", "document", "published", [1, 1, 0, 0], [1, 1, 1, 0]),  # at least one paragraph, as with codes
        ("0", "document", "unique", [1, 0, 0, 0], [1, 0, 1, 0]),
        ("-1", "document", "unique", [0, 0, 1, 0], [1, 0, 1, 0]),
        ("-1", "paragraph", "unique", [0, 0, 1, 0], [2, 0, 1, 0]),
        ("c", "paragraph", "published", [1, 1, 0, 0], [2, 2, 1, 0]),
        ("c", "document", "unique", [1, 0, 0, 0], [1, 0, 1, 0]),
        ("c", "document", "published", [1, 1, 0, 0], [1, 1, 1, 0]),
    ],
)
def test_hits_and_totals_of_each_document(
    id_: str, unit: str, counting: str, hits: list[int], total: list[int]
) -> None:
    made = tally()
    series = next(one for one in made.series if (one.id, one.unit, one.counting) == (id_, unit, counting))
    assert made.values[:, series.hits].tolist() == hits and made.values[:, series.total].tolist() == total


def test_documents_by_main_theme_have_rows_of_their_own() -> None:
    """Documents 0 and its copy 1 have 9 words of theme 0 and 5 of theme 1; document 2 has no theme; 3 no paragraph."""
    given = documents(4, duplicate_of=[None, "d000", None, None])
    owned = paragraphs([0, 0, 1, 1, 2], [0, 1, 0, 1, -1], [9, 5, 9, 5, 5], [None, None, "p0", "p1", None])
    made = tally()
    rows = main_rows(given, owned, made, groupings(given, made, (), None)[0], 100, 1, Spreads())
    by_name = {
        (row["id"], row["counting"]): (row["unit"], row["hits"], row["n"]) for row in rows if not row["group_by"]
    }
    assert by_name == {
        ("-1", "unique"): ("document_main", 1, 2), ("0", "unique"): ("document_main", 1, 2),
        ("1", "unique"): ("document_main", 0, 2), ("-1", "published"): ("document_main", 1, 3),
        ("0", "published"): ("document_main", 2, 3), ("1", "published"): ("document_main", 0, 3),
    }  # fmt: skip


def test_themes_that_no_paragraph_has_are_counted_when_named() -> None:
    ids = {one.id for one in tally(4).series if one.kind == "theme"}
    assert ids == {"-1", "0", "1", "2", "3"} and {one.id for one in tally().series} == {"-1", "0", "1", "c"}


def test_clusters_are_summed_and_empty_ones_are_left_out() -> None:
    made = tally()
    assert made.clusters_total == 2
    everyone = np.ones(4, bool)
    sums = made.by_cluster(everyone, np.array([[1.0], [2], [4], [0]]))
    assert sums.tolist() == [[3], [4]]
    assert made.by_cluster(np.array([False, True, True, False]), np.array([[1.0], [2], [4], [0]])).tolist() == [
        [2],
        [4],
    ]


def row(result: Any, **where: Any) -> dict[str, Any]:
    members = [one for one in result.prevalence.to_pylist() if all(one[key] == value for key, value in where.items())]
    assert len(members) == 1
    only: dict[str, Any] = members[0]
    return only


OWNER, MARKS = [0, 0, 1, 1, 1, 2, 3, 3, 4, 5], [1, 0, 1, 1, 0, 0, 0, 1, 0, 0]


def shares(**settings: Any) -> Any:
    given = documents(6, source=["a", "a", "a", "b", "b", "b"])
    owned = paragraphs(OWNER, [0, 0, 1, 1, 1, 0, 0, 0, 0, 1])
    codes = Coded({"c": np.array(MARKS, bool), "all": np.ones(10, bool)})
    broader = {"0": np.array(MARKS, bool)}
    return estimate(EstimateSettings(bootstrap=100, **settings), given, owned, codes, 7, Themes(broader, 3))


def test_a_share_rests_on_draws_of_documents_alone() -> None:
    """The draws of a group are those of its stream; weights are had by drawing unit columns."""
    result, hits, totals = shares(), np.zeros(6), np.zeros(6)
    np.add.at(hits, OWNER, MARKS)
    np.add.at(totals, OWNER, 1)
    for group, rows, stream in ((None, slice(0, 6), "estimate:None:None"), ("b", slice(3, 6), "estimate:source:b")):
        weights = bootstrap_sums(np.eye(len(hits[rows])), 100, 7, stream)
        drawn = (weights @ hits[rows]) / (weights @ totals[rows])
        g = len(hits[rows])
        p = hits[rows].sum() / totals[rows].sum()
        low, high = limits(np.array([p]), np.array([np.std(drawn, ddof=1) * np.sqrt(g / (g - 1))]), np.array([g]))
        share_row = row(result, id="c", group=group, unit="paragraph", counting="unique")
        assert (share_row["estimate"], share_row["n"]) == (pytest.approx(p), totals[rows].sum())
        assert (share_row["low"], share_row["high"]) == (pytest.approx(low[0]), pytest.approx(high[0]))
        assert share_row["method"] == "bootstrap of documents, logit t"


def test_a_share_of_all_has_exact_limits_and_says_so() -> None:
    share_row = row(shares(), id="all", group=None, unit="paragraph", counting="unique")
    assert share_row["low"] == pytest.approx(0.025 ** (1 / 6)) and share_row["high"] == 1.0
    assert share_row["method"] == "exact binomial, documents as trials"
    none = row(shares(), kind="theme", id="2", group=None, unit="paragraph", counting="unique")
    assert (none["estimate"], none["low"]) == (0.0, 0.0) and none["high"] == pytest.approx(1 - 0.025 ** (1 / 6))


def test_a_share_that_no_document_differs_from_has_exact_limits_at_the_documents() -> None:
    given, owned = documents(4), paragraphs([0, 0, 1, 1, 2, 2, 3, 3], [0] * 8)
    estimates = estimate(EstimateSettings(bootstrap=100), given, owned, Coded({"c": np.array([1, 0] * 4, bool)}), 1)
    share_row = row(estimates, id="c", group=None, unit="paragraph", counting="unique")
    assert (
        share_row["method"] == "exact binomial, documents as trials"
        and 0.05 < share_row["low"] < 0.5 < share_row["high"] < 0.95
    )


def test_a_group_without_paragraphs_has_no_share_and_says_so() -> None:
    given = documents(3, source=["a", "a", "b"])
    estimates = estimate(EstimateSettings(bootstrap=100), given, paragraphs([0, 1], [0, 0]), Coded({}), 1)
    share_row = row(estimates, id="0", group="b", unit="paragraph", counting="unique")
    assert (share_row["estimate"], share_row["low"], share_row["n"]) == (None, None, 0)
    assert share_row["method"] == "none: nothing to count in the group"


def test_copies_alone_in_a_group_are_nothing_unique() -> None:
    given = documents(3, source=["a", "a", "b"], duplicate_of=[None, None, "d000"])
    owned = paragraphs([0, 1, 2], [0, 0, 0], copy=[None, None, "p0"])
    estimates = estimate(EstimateSettings(bootstrap=100), given, owned, Coded({}), 1)
    assert row(estimates, id="0", group="b", unit="paragraph", counting="unique")["method"].startswith("none: nothing")
    once = row(estimates, id="0", group="b", unit="paragraph", counting="published")
    assert (once["n"], once["method"]) == (1, "none: one document in the group")


def test_broader_themes_have_shares_of_paragraphs_of_the_whole_corpus_alone() -> None:
    result = shares()
    members = [one for one in result.prevalence.to_pylist() if one["kind"] == "theme" and one["id"] == "0"
           and one["group"] is None and one["unit"] == "paragraph"]  # fmt: skip
    assert sorted((one["estimate"], one["counting"]) for one in members) == [
        (0.4, "published"), (0.4, "unique"), (0.6, "published"), (0.6, "unique")
    ]  # fmt: skip
    broader = [one for one in members if one["estimate"] == 0.4]
    code = row(result, id="c", group=None, unit="paragraph", counting="unique")
    assert all((one["low"], one["high"]) == (code["low"], code["high"]) for one in broader)


def test_the_method_names_draws_units_and_the_adjustment() -> None:
    assert "100 bootstrap draws of documents" in shares().method and "for 6 units" in shares().method
    assert "contrasts by Holm" in shares().method and "Benjamini-Hochberg" in shares(adjust="bh").method
    assert "whole groups of 'source'" in shares(resample="source").method


def test_two_documents_are_enough_for_an_interval() -> None:
    given, owned = documents(2), paragraphs([0, 0, 1, 1], [0] * 4)
    estimates = estimate(EstimateSettings(bootstrap=100), given, owned, Coded({"c": np.array([1, 0, 1, 1], bool)}), 1)
    share_row = row(estimates, id="c", group=None, unit="paragraph", counting="unique")
    assert share_row["method"] == "bootstrap of documents, logit t" and share_row["low"] < 0.75 < share_row["high"]


def test_where_no_paragraph_has_a_theme_there_is_none_to_count() -> None:
    given, owned = documents(2), paragraphs([0, 1], [-1, -1])
    estimates = estimate(EstimateSettings(bootstrap=100), given, owned, Coded({}), 1)
    assert {one["id"] for one in estimates.prevalence.to_pylist()} == {"-1"}
    assert {one.id for one in make_tally(given, owned, {}, {}, "document").series} == {"-1"}


@pytest.mark.parametrize(("draws", "taken"), [(99, False), (100, True), (100_000, True), (100_001, False)])
def test_between_a_hundred_and_a_hundred_thousand_draws_may_be_asked_for(draws: int, taken: bool) -> None:
    if taken:
        assert EstimateSettings(bootstrap=draws).bootstrap == draws
    else:
        with pytest.raises(ValidationError):
            EstimateSettings(bootstrap=draws)


def test_a_thousand_draws_of_documents_are_made_unless_told_otherwise() -> None:
    estimates = estimate(EstimateSettings(), documents(2), paragraphs([0, 1], [0, 0]), Coded({}), 1)
    assert "1,000 bootstrap draws of documents" in estimates.method
    assert {one["group_by"] for one in estimates.prevalence.to_pylist()} == {None}  # no document has a source

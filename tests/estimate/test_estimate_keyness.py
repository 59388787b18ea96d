"""Words that set a side apart: which are tested and kept, their G2, ratio, limits and p, all computed anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import chi2_contingency, t
from test_estimate_groups import documents

from toolkit.estimate import EstimateSettings
from toolkit.estimate.contrasts import adjusted
from toolkit.estimate.intervals import bootstrap_sums
from toolkit.estimate.keyness import FEWEST, GROUPS, ONLY_HERE, TOP, Counted, Side, g2, keyness, log_ratio, sides
from toolkit.estimate.wording import keyword_lists, members, wording
from toolkit.schemas import THEME_WORDS

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def counted(table: Any, cluster: Any = None) -> Counted:
    """Terms `w0`, `w1` ... counted in texts: one row a text, one column a term."""
    given = np.array(table)
    rows, columns = np.nonzero(given)
    names = [f"w{i:02d}" for i in range(given.shape[1])]
    owner = np.arange(len(given)) if cluster is None else np.array(cluster)
    return Counted(names, rows.astype(np.int32), columns.astype(np.int32), given[rows, columns], owner.astype(np.int32))


def side(inside: Any) -> Side:
    return Side("theme", "0", None, np.array(inside, bool))


def found(table: Any, inside: Any, cluster: Any = None, how: str = "holm", draws: int = 100) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = keyness(counted(table, cluster), [side(inside)], how, draws, 1).to_pylist()
    return rows


@pytest.mark.parametrize(("count", "versus"), [(30, 5), (1, 90), (0, 7), (12, 0)])
def test_g2_is_the_log_likelihood_ratio_of_the_two_by_two_table(count: int, versus: int) -> None:
    cells = [[count, versus], [400 - count, 900 - versus]]
    expected = chi2_contingency(cells, correction=False, lambda_="log-likelihood").statistic
    assert g2(np.array([float(count)]), np.array([float(versus)]), 400.0, 900.0)[0] == pytest.approx(expected)


def test_g2_is_nothing_for_equal_shares_and_bounded_by_the_split_of_all_words() -> None:
    assert g2(np.array([10.0]), np.array([20.0]), 100.0, 200.0)[0] == pytest.approx(0.0, abs=1e-9)
    # all words of one side are one term, all of the other side another one: 2 n log 2 for equal sides
    assert g2(np.array([50.0]), np.array([0.0]), 50.0, 50.0)[0] == pytest.approx(2 * 100 * np.log(2))


def test_the_log_ratio_adds_half_an_occurrence_on_each_side() -> None:
    words = np.float64(100.0)
    assert log_ratio(np.array([0.0]), np.array([0.0]), words, words * 4)[0] == pytest.approx(2.0)
    assert log_ratio(np.array([3.5]), np.array([0.5]), words, words)[0] == pytest.approx(2.0)
    assert log_ratio(np.array([0.5]), np.array([3.5]), words, words)[0] == pytest.approx(-2.0)


# 8 texts: w00 in 0-3 mostly, w01 evenly, w02 in text 0 alone, w03 twice in 0-3, w04 elsewhere, w05 in 0-3 alone
TEXTS = [
    [3, 1, 5, 1, 0, 2], [2, 1, 0, 1, 0, 1], [2, 2, 0, 0, 1, 0], [1, 1, 0, 0, 0, 0],
    [1, 1, 0, 0, 2, 0], [0, 1, 0, 0, 3, 0], [1, 2, 0, 0, 2, 0], [0, 2, 0, 0, 2, 0],
]  # fmt: skip
INSIDE = [1, 1, 1, 1, 0, 0, 0, 0]


def test_terms_need_three_occurrences_in_two_documents_and_a_greater_share_here() -> None:
    rows = found(TEXTS, INSIDE)
    assert [row["term"] for row in rows] == ["w05", "w00"]
    assert sum(text[5] for text in TEXTS) == FEWEST  # w05 is at the least there may be, w03 one below
    first, second = rows
    assert (second["count"], second["count_versus"], second["documents"]) == (8, 2, 4)
    assert (second["words"], second["words_versus"]) == (24, 17)
    assert (first["count"], first["count_versus"], first["documents"]) == (3, 0, 2)
    assert [row["rank"] for row in rows] == [1, 2]
    assert second["g2"] == pytest.approx(
        chi2_contingency([[8, 2], [16, 15]], correction=False, lambda_="log-likelihood").statistic
    )
    assert second["log_ratio"] == pytest.approx(np.log2(8.5 / 24) - np.log2(2.5 / 17))
    assert second["tested"] == 5  # all but w03, which stands twice


def test_documents_are_counted_once_however_many_of_their_texts_hold_a_term() -> None:
    assert [row["term"] for row in found(TEXTS, INSIDE, [0, 0, 1, 2, 3, 4, 5, 6])] == ["w00"]  # w05: one document
    assert found(TEXTS, INSIDE, [0, 0, 1, 2, 3, 4, 5, 6])[0]["documents"] == 3


@pytest.mark.parametrize(("how", "asked", "made"), [("holm", 250, 250), ("bh", 100, 200)])
def test_limits_and_p_of_a_log_ratio_come_from_at_least_200_draws_of_documents(how: str, asked: int, made: int) -> None:
    cluster = [0, 1, 2, 2, 3, 4, 5, 5]
    rows = found(TEXTS, INSIDE, cluster, how, asked)
    row = next(one for one in rows if one["term"] == "w00")
    given, inside = np.array(TEXTS, float), np.array(INSIDE, float)
    weights = bootstrap_sums(np.eye(6), made, 1, "keyness")

    def summed(values: Any) -> Any:
        return weights @ np.bincount(cluster, values, 6)

    here, there = summed(given[:, 0] * inside), summed(given[:, 0] * (1 - inside))
    words, others = summed(given.sum(1) * inside), summed(given.sum(1) * (1 - inside))
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = np.log2((here + 0.5) / words) - np.log2((there + 0.5) / others)
    drawn = drawn[np.isfinite(drawn)]
    error = np.std(drawn, ddof=1) * np.sqrt(3 / 2)  # three documents on this side
    reach = t.ppf(0.975, 2) * error
    assert row["low"] == pytest.approx(row["log_ratio"] - reach)
    assert row["high"] == pytest.approx(row["log_ratio"] + reach) and row["reason"] is None
    assert row["p"] == pytest.approx(2 * t.sf(row["log_ratio"] / error, 2))
    family = np.array([one["p"] for one in rows] + [1.0] * (row["tested"] - len(rows)))
    assert [one["p_adjusted"] for one in rows] == pytest.approx(list(adjusted(family, how)[: len(rows)]))


def test_a_term_of_this_side_alone_has_a_ratio_without_limits_and_says_why() -> None:
    row = next(one for one in found(TEXTS, INSIDE) if one["term"] == "w05")
    assert (row["low"], row["high"], row["reason"]) == (None, None, ONLY_HERE) and row["p"] is not None


@pytest.mark.parametrize("cluster", [[0, 1, 1, 1, 0, 0, 0, 0], [0, 1, 0, 1, 1, 0, 1, 0]])
def test_fewer_than_three_documents_have_no_limits_and_say_so(cluster: list[int]) -> None:
    rows = found(TEXTS, INSIDE, cluster)
    own = next(row for row in rows if row["term"] == "w00")
    assert (own["low"], own["p"], own["p_adjusted"]) == (None, None, None)
    assert "too few documents" in own["reason"]


def test_three_documents_with_two_on_a_side_have_limits() -> None:
    rows = found(TEXTS, INSIDE, [0, 0, 1, 1, 2, 2, 1, 2], draws=300)
    assert next(row for row in rows if row["term"] == "w00")["low"] is not None


def test_a_side_of_one_document_or_with_all_words_or_none_sets_nothing_apart() -> None:
    assert found(TEXTS, [1, 0, 0, 0, 0, 0, 0, 0]) == []
    assert found(TEXTS, [1] * 8) == [] and found(TEXTS, [0] * 8) == []


def test_texts_that_are_all_alike_have_nothing_to_tell_apart() -> None:
    assert found([[2, 2]] * 6, [1, 1, 1, 0, 0, 0]) == []


def test_where_no_draw_differs_there_is_no_interval_and_it_is_said() -> None:
    # the same counts in each document of a side, the same number of documents of a side in each draw's ratio
    alike = found([[3, 1]] * 2 + [[1, 3]] * 2, [1, 1, 0, 0], [0, 1, 0, 1])
    assert all(row["low"] is None and row["reason"] for row in alike)


def test_twelve_terms_are_kept_strongest_first_and_ties_by_name() -> None:
    here = [[3] * 14 + [9, 1]] * 3
    there = [[1] * 14 + [1, 40]] * 3
    rows = found(here + there, [1, 1, 1, 0, 0, 0])
    assert len(rows) == TOP == 12
    assert [row["term"] for row in rows] == ["w14", *(f"w{i:02d}" for i in range(11))]
    assert rows[0]["tested"] == 16


def test_sides_are_the_themes_the_codes_and_the_groups_of_each_column() -> None:
    theme = np.array([1, 0, -1])
    made, notes = sides(theme, {"c": np.array([1, 0, 1], bool)}, {"source": ["b", None, "a"]})
    assert [(one.kind, one.id, one.group_by, one.inside.tolist()) for one in made] == [
        ("theme", "0", None, [False, True, False]),
        ("theme", "1", None, [True, False, False]),
        ("code", "c", None, [True, False, True]),
        ("group", "a", "source", [False, False, True]),
        ("group", "b", "source", [True, False, False]),
    ]
    assert notes == [] and sides(np.array([-1]), {}, {})[0] == []


def test_of_many_groups_the_forty_largest_are_compared_and_the_rest_is_said() -> None:
    names = [f"g{i:02d}" for i in range(GROUPS + 1)]
    values = [*names, *names[1:]]  # g00 is the smallest
    made, notes = sides(np.full(len(values), -1), {}, {"source": values})
    assert [one.id for one in made] == names[1:]
    assert notes == ["Words were compared for the 40 largest of 41 groups by source."]
    fewer, none = sides(np.full(GROUPS, -1), {}, {"source": names[:GROUPS]})
    assert len(fewer) == GROUPS and none == []


def told(keywords: Any, assigned: Any = None, resample: str = "document", adjust: Any = "holm") -> Any:
    given = documents(8, source=["n", "n", "s", "s", "n", "s", None, "n"])
    owned = pa.table(
        {
            "paragraph_id": [f"p{i}" for i in range(8)],
            "document_id": [f"d{i:03d}" for i in range(8)],
            "start": pa.array([0] * 8, pa.int64()),
            "text": ["wind w00 w05"] * 4 + ["w04 plain"] * 4,
        }
    )
    theme = np.array([0, 0, 0, 0, 1, 1, 1, -1], np.int32)
    settings = EstimateSettings(bootstrap=100, resample=resample, adjust=adjust)
    return wording(settings, given, owned, counted(TEXTS), theme, assigned or {}, keywords, 1)


def test_keywords_are_looked_up_and_where_there_are_none_the_telling_words() -> None:
    lines = told({("theme", "0"): [], ("theme", "1"): ["plain"], ("theme", "9"): ["wind"]}).kwic.to_pylist()
    looked = {(line["id"], line["keyword"]) for line in lines}
    assert looked == {("0", "w05"), ("0", "w00"), ("1", "plain")}


def test_groups_of_documents_are_told_apart_by_the_values_of_their_documents() -> None:
    rows = told({}).keyness.to_pylist()
    first = next(row for row in rows if row["group_by"] == "source" and row["id"] == "n")
    assert first["words"] == int(np.array(TEXTS)[[0, 1, 4, 7]].sum())
    assert {row["kind"] for row in rows} >= {"theme", "group"}


def test_members_are_the_paragraphs_of_each_theme_and_code() -> None:
    found_ = members(np.array([0, -1, 0]), {"c": np.array([1, 1, 0], bool)})
    assert {key: marks.tolist() for key, marks in found_.items()} == {
        ("theme", "-1"): [False, True, False], ("theme", "0"): [True, False, True], ("code", "c"): [True, True, False]
    }  # fmt: skip


def test_keywords_of_themes_and_codes_are_listed_but_none_of_noise() -> None:
    words = pa.Table.from_pylist(
        [{"theme": t, "label": "x", "keywords": [f"k{t}"], "weights": [1.0]} for t in (-1, 0)], schema=THEME_WORDS
    )
    assert keyword_lists(words, []) == {("theme", "0"): ["k0"]}


def test_the_method_names_what_is_drawn_and_how_p_values_are_adjusted() -> None:
    assert "bootstrap of documents" in told({}).method and "by Holm." in told({}).method
    assert "whole groups of 'source'" in told({}, resample="source").method
    assert "by Benjamini-Hochberg." in told({}, adjust="bh").method

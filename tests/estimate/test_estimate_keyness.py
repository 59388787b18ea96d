"""Words that set a side apart: which are tested and kept, their G2, ratio, limits and p, all computed anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.sparse import csr_matrix
from scipy.stats import chi2_contingency, gamma
from test_estimate_groups import documents

from toolkit.estimate import EstimateSettings
from toolkit.estimate.keyness import (
    MOST_GROUPS,
    MOST_TERMS,
    NO_TEST,
    Counted,
    KeynessTest,
    Side,
    g2,
    keyness,
    sides,
    weigh,
)
from toolkit.estimate.rates import log_ratio, ratio_limits
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


def keyness_rows(table: Any, inside: Any, cluster: Any = None, most: int = 199) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = keyness(counted(table, cluster), [side(inside)], 1, most).to_pylist()
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


# 8 texts: w00 in 0-3 mostly, w01 evenly, w02 in text 0 alone, w03 twice, w04 elsewhere, w05 in two texts of 0-3
TEXTS = [
    [3, 1, 5, 1, 0, 2], [2, 1, 0, 1, 0, 1], [2, 2, 0, 0, 1, 0], [1, 1, 0, 0, 0, 0],
    [1, 1, 0, 0, 2, 0], [0, 1, 0, 0, 3, 0], [1, 2, 0, 0, 2, 0], [0, 2, 0, 0, 2, 0],
]  # fmt: skip
INSIDE = [1, 1, 1, 1, 0, 0, 0, 0]


def test_terms_need_three_occurrences_in_three_documents_and_a_greater_share_here() -> None:
    (row,) = keyness_rows(TEXTS, INSIDE)
    assert row["term"] == "w00"  # w05 is in two documents, w03 occurs twice, w02 is in one
    assert (row["count"], row["count_versus"], row["documents"], row["documents_versus"]) == (8, 2, 4, 2)
    assert (row["words"], row["words_versus"], row["rank"]) == (24, 17, 1)
    plain = chi2_contingency([[8, 2], [16, 15]], correction=False, lambda_="log-likelihood").statistic
    assert row["g2"] == pytest.approx(plain)
    assert row["log_ratio"] == pytest.approx(np.log2(8.5 / 24) - np.log2(2.5 / 17))
    assert row["tested"] == 3  # w00, w01, w04 on one side


def test_g2_by_documents_is_dunnings_on_roots_of_occurrences() -> None:
    # documents of equal length: chance gives each side its part of the words
    texts = [[4, 6], [1, 9], [1, 9], [0, 10], [0, 10], [1, 9], [0, 10], [0, 10]]
    (row,) = keyness_rows(texts, INSIDE)
    roots, total = 2.0 + 1 + 1 + 1, 7.0
    documents, here = roots**2 / total, (2.0 + 1 + 1) * roots / total
    observed, other = np.array([here, documents - here]), documents / 2
    assert row["term"] == "w00" and row["g2_documents"] == pytest.approx(
        2 * (observed * np.log(observed / other)).sum()
    )


def test_three_of_three_is_not_certain_and_eight_of_eight_documents_are() -> None:
    rng = np.random.default_rng(4)
    texts = np.zeros((60, 300), int)
    texts[[0, 1, 2], 0], texts[:8, 1], texts[:, 2] = 1, 1, 50
    for word in range(3, 300):
        texts[rng.permutation(60)[:3], word] = 1
    rows = {row["term"]: row for row in keyness_rows(texts, np.arange(60) < 10, most=499)}
    # by chance 10/60 x 9/59 x 8/58 = .0035, about one of 300 such words
    assert rows["w00"]["count_versus"] == 0 and rows["w00"]["p"] < 0.02
    assert rows["w00"]["p_adjusted"] > 0.05 and rows["w00"]["verdict"] == "cannot be said" and rows["w00"]["reason"]
    assert rows["w01"]["p_adjusted"] < 0.05 and rows["w01"]["verdict"] == "more" and rows["w01"]["reason"] is None


def test_many_occurrences_in_one_document_are_one_witness() -> None:
    rng = np.random.default_rng(5)
    texts = rng.poisson(1.0, (40, 30))
    texts[:, 0] = 0
    texts[0, 0], texts[20, 0], texts[30, 0] = 40, 1, 1  # 40 of 42 in one document of the side
    row = next((row for row in keyness_rows(texts, np.arange(40) < 10) if row["term"] == "w00"), None)
    assert row is None or row["verdict"] == "cannot be said"


def test_a_zero_elsewhere_has_finite_limits_that_shrink_with_documents() -> None:
    limits = []
    for many in (3, 8):
        texts = np.full((40, 2), [0, 10])
        texts[:many, 0] = 1
        low, high = ratio_limits(csr_matrix(texts.astype(float)), texts.sum(axis=1), np.arange(40), np.arange(40) < 10)
        assert np.isfinite([low[0], high[0]]).all()
        limits.append(low[0])
    assert 0 < limits[0] < limits[1]


def test_limits_of_poisson_counts_are_those_of_two_gammas() -> None:
    rng = np.random.default_rng(0)
    texts = np.zeros((200, 2))
    texts[:, 1] = 100
    texts[:30, 0], texts[100:110, 0] = 1, 1  # 30 against 10, no document with two
    low, high = ratio_limits(csr_matrix(texts), texts.sum(axis=1), np.arange(200), np.arange(200) < 100)
    drawn = [gamma.rvs(30.5, size=400_000, random_state=rng), gamma.rvs(10.5, size=400_000, random_state=rng)]
    words = texts.sum(axis=1)
    ratios = np.log2(drawn[0] / words[:100].sum()) - np.log2(drawn[1] / words[100:].sum())
    assert [low[0], high[0]] == pytest.approx(np.quantile(ratios, [0.025, 0.975]), abs=0.02)


def test_limits_of_bursty_counts_are_wider() -> None:
    even, burst = np.zeros((2, 60, 2))
    even[:, 1] = burst[:, 1] = 20
    even[:20, 0], burst[:4, 0] = 1, 5
    even[30:40, 0], burst[30:32, 0] = 1, 5
    widths = []
    for texts in (even, burst):
        low, high = ratio_limits(csr_matrix(texts), texts.sum(axis=1), np.arange(60), np.arange(60) < 30)
        widths.append(high[0] - low[0])
    assert widths[1] > 1.8 * widths[0]


@pytest.mark.parametrize("kind", ["documents", "paragraphs"])
def test_where_labels_have_nothing_to_do_with_words_p_is_below_a_twentieth_no_more_often_than_that(kind: str) -> None:
    rng = np.random.default_rng(8)
    below = tests = tables = 0
    for _ in range(40):
        unit = np.repeat(np.arange(30), rng.integers(1, 7, 30))
        texts = rng.poisson(0.25 * rng.gamma(0.5, 2, (30, 40))[unit])  # bursty: each document has its own inclination
        label = rng.random(30)[unit] < 0.3 if kind == "documents" else rng.random(len(unit)) < rng.random(30)[unit]
        rows = keyness_rows(texts, label, unit, most=99)
        tables += any(row["verdict"] == "more" for row in rows)
        below += sum(row["p"] < 0.05 for row in rows)
        tests += rows[0]["tested"] if rows else 0
    assert tests > 1000 and below / tests <= 0.05
    assert tables <= 6  # 2 expected of 40; more than 6 has a chance of .003


def test_fewer_than_three_documents_are_not_tested() -> None:
    assert keyness_rows([[3, 1]] * 2 + [[1, 3]] * 2, [1, 1, 0, 0], [0, 1, 0, 1]) == []
    assert NO_TEST.startswith("fewer than three documents")


def test_the_order_of_texts_and_the_numbers_of_documents_decide_nothing() -> None:
    rng = np.random.default_rng(3)
    unit = np.repeat(np.arange(12), 3)
    texts, inside, order = rng.poisson(0.8, (36, 10)), rng.random(36) < 0.4, rng.permutation(36)
    made = []
    for rows in (np.arange(36), order):
        plain = counted(texts[rows], unit[rows])
        placed = Counted(plain.names, plain.rows, plain.columns, plain.counts, plain.cluster, rows)
        made.append(keyness(placed, [side(inside[rows])], 1, 99).select(["term", "p", "p_adjusted"]))
    assert made[0].num_rows and made[0].equals(made[1])


def test_long_documents_are_given_less_by_chance_than_their_words_if_a_term_is_bursty() -> None:
    words, unit = np.array([10.0, 10, 180]), np.arange(3)
    weighed = weigh(csr_matrix(np.c_[[1.0, 1, 1], [2.0, 2, 36], words - [3, 3, 37]]), unit, 3)
    single, burst, _ = weighed.chances[weighed.level]
    assert single == pytest.approx(words / 200)  # one occurrence a document: chance is by words
    assert burst.sum() == pytest.approx(1.0) and 0.5 < burst[2] < 0.8  # roots 1.4, 1.4, 6: 6 / 8.8 is .68
    assert KeynessTest(weighed, np.eye(3)).strengths(np.eye(3), 3.0).max() == 0.0  # no side has three documents


def test_a_side_of_one_document_or_with_all_words_or_none_sets_nothing_apart() -> None:
    assert keyness_rows(TEXTS, [1, 0, 0, 0, 0, 0, 0, 0]) == []
    assert keyness_rows(TEXTS, [1] * 8) == [] and keyness_rows(TEXTS, [0] * 8) == []


def test_texts_that_are_all_alike_have_nothing_to_tell_apart() -> None:
    assert keyness_rows([[2, 2]] * 6, [1, 1, 1, 0, 0, 0]) == []


def test_twelve_terms_are_kept_strongest_first_and_ties_by_name() -> None:
    here = [[3] * 14 + [9, 1]] * 3
    there = [[1] * 14 + [1, 40]] * 3
    rows = keyness_rows(here + there, [1, 1, 1, 0, 0, 0])
    assert len(rows) == MOST_TERMS == 12
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
    names = [f"g{i:02d}" for i in range(MOST_GROUPS + 1)]
    values = [*names, *names[1:]]  # g00 is the smallest
    made, notes = sides(np.full(len(values), -1), {}, {"source": values})
    assert [one.id for one in made] == names[1:]
    assert notes == ["Words were compared for the 40 largest of 41 groups by source."]
    fewer, none = sides(np.full(MOST_GROUPS, -1), {}, {"source": names[:MOST_GROUPS]})
    assert len(fewer) == MOST_GROUPS and none == []


def wording_of(keywords: Any, assigned: Any = None, resample: str = "document", adjust: Any = "holm") -> Any:
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
    lines = wording_of({("theme", "0"): [], ("theme", "1"): ["plain"], ("theme", "9"): ["wind"]}).kwic.to_pylist()
    looked = {(line["id"], line["keyword"]) for line in lines}
    assert looked == {("0", "w00"), ("1", "plain")}


def test_groups_of_documents_are_told_apart_by_the_values_of_their_documents() -> None:
    rows = wording_of({}).keyness.to_pylist()
    first = next(row for row in rows if row["group_by"] == "source" and row["id"] == "s")
    assert first["words"] == int(np.array(TEXTS)[[2, 3, 5]].sum())
    assert {row["kind"] for row in rows} >= {"theme", "group"}


def test_members_are_the_paragraphs_of_each_theme_and_code() -> None:
    by_key = members(np.array([0, -1, 0]), {"c": np.array([1, 1, 0], bool)})
    assert {key: marks.tolist() for key, marks in by_key.items()} == {
        ("theme", "-1"): [False, True, False], ("theme", "0"): [True, False, True], ("code", "c"): [True, True, False]
    }  # fmt: skip


def test_keywords_of_themes_and_codes_are_listed_but_none_of_noise() -> None:
    words = pa.Table.from_pylist(
        [{"theme": t, "label": "x", "keywords": [f"k{t}"], "weights": [1.0]} for t in (-1, 0)], schema=THEME_WORDS
    )
    assert keyword_lists(words, []) == {("theme", "0"): ["k0"]}


def test_the_method_names_what_is_exchanged_and_the_family() -> None:
    rows = wording_of({}).keyness
    tested = rows["tested"][0].as_py()
    method = wording_of({}).method
    assert f"all {tested} tests of the table" in method and "exchanges of labels between documents" in method
    assert "whole groups of 'source'" in wording_of({}, resample="source").method

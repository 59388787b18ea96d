"""Agreement of themes with labels: against scikit-learn, by hand, and at the edges."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    completeness_score,
    homogeneity_score,
    v_measure_score,
)

from toolkit.validate.external import contingency, expected_information, scores
from toolkit.validate.labels import BASELINE_DRAWS, FEWEST_DOCUMENTS, MEASURES, label_scores
from toolkit.validate.measure import labelled

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def agreement(labels: Any, themes: Any) -> dict[str, float]:
    table = contingency(np.array(labels), np.array(themes), np.ones(len(labels)))
    return scores(table, expected_information(table))


@pytest.mark.parametrize("seed", range(4))
def test_pairs_information_and_v_are_those_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, 40)
    themes = np.where(rng.random(40) < 0.5, labels, rng.integers(0, 5, 40))
    result = agreement(labels, themes)
    assert result["ari"] == pytest.approx(adjusted_rand_score(labels, themes))
    assert result["ami"] == pytest.approx(adjusted_mutual_info_score(labels, themes))
    assert result["v_measure"] == pytest.approx(v_measure_score(labels, themes))


@pytest.mark.parametrize(
    ("labels", "themes"),
    [([0, 0, 0], [0, 0, 0]), ([0, 1, 2], [0, 1, 2]), ([0, 0, 1, 1], [0, 0, 0, 0]), ([0, 0, 0, 0], [0, 1, 1, 2])],
)
def test_themes_and_labels_without_spread_agree_as_scikit_learn_has_it(labels: list[int], themes: list[int]) -> None:
    result = agreement(labels, themes)
    assert result["ari"] == pytest.approx(adjusted_rand_score(labels, themes))
    assert result["ami"] == pytest.approx(adjusted_mutual_info_score(labels, themes))
    assert result["v_measure"] == pytest.approx(v_measure_score(labels, themes))


def test_the_contingency_table_counts_texts_by_label_and_theme_with_their_weights() -> None:
    table = contingency(np.array([0, 1, 1, 2]), np.array([1, 0, 1, 1]), np.array([1.0, 2.0, 0.5, 3.0]))
    assert table.tolist() == [[0, 1], [2, 0.5], [0, 3]]


def test_a_text_drawn_twice_counts_as_two_texts() -> None:
    labels, themes, times = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 0]), np.array([2, 1, 0, 3, 1])
    score_rows = scores(contingency(labels, themes, times.astype(float)), 0.0)
    assert score_rows["ari"] == pytest.approx(adjusted_rand_score(labels.repeat(times), themes.repeat(times)))
    assert score_rows["v_measure"] == pytest.approx(v_measure_score(labels.repeat(times), themes.repeat(times)))


def test_expected_information_leaves_out_labels_and_themes_without_texts() -> None:
    table = np.array([[3.0, 0, 1], [0, 0, 0], [1, 0, 2]])
    assert expected_information(table) == pytest.approx(expected_information(np.array([[3.0, 1], [1, 2]])))


def test_texts_without_a_label_are_left_out_and_noise_is_a_theme_of_its_own() -> None:
    result = labelled(["b", None, "a", "b", None], np.array([2, 0, -1, 2, 1]))
    assert result.rows.tolist() == [0, 2, 3]
    assert result.labels.tolist() == [1, 0, 1] and result.themes.tolist() == [1, 0, 1]
    assert result.scores(np.ones(5))["external.ari"] == pytest.approx(1.0)
    assert set(result.scores(np.ones(5))) == {"external.ari", "external.ami", "external.v_measure"}
    weighted = result.scores(np.array([1.0, 9, 1, 1, 9]))
    assert weighted == result.scores(np.ones(5))


# 3 labels x 3 themes (-1, 0, 1): a: 4 in theme 0, 1 in theme 1; b: 3 in theme 1, 1 in theme 0; c: 5 in none
LABELS = ["a"] * 5 + ["b"] * 4 + ["c"] * 5
THEMES = np.array([0, 0, 0, 0, 1, 1, 1, 1, 0, -1, -1, -1, -1, -1])
SEPARATE_DOCUMENTS = [f"d{i}" for i in range(14)]


def test_matched_f1_pairs_each_label_with_one_theme_and_noise_with_none() -> None:
    result = label_scores(LABELS, THEMES, SEPARATE_DOCUMENTS, 40, 1)
    a, b = 2 * 4 / (5 + 5), 2 * 3 / (4 + 4)
    assert result["matched_f1.a"].value == pytest.approx(a)
    assert result["matched_f1.b"].value == pytest.approx(b)
    assert result["matched_f1.c"].value == 0.0
    assert result["matched_f1"].value == pytest.approx((a + b) / 3)
    of_labels = [result[f"matched_f1.{name}"] for name in "abc"]
    assert [(one.hits, one.n) for one in of_labels] == [(8, 10), (6, 8), (0, 5)]  # texts of the label and of its theme
    assert all(one.value == pytest.approx(one.hits / one.n) for one in of_labels)
    assert (result["matched_f1"].n, result["matched_f1"].of) == (3, "labels")
    assert (result["ari"].n, result["ari"].of) == (14, "labelled texts")
    assert (result["ari.baseline"].n, result["ari.baseline"].of) == (20, "random assignments")


def test_the_matching_has_the_greatest_total_and_gives_a_theme_to_one_label_alone() -> None:
    # both labels overlap most with theme 0; b leaves it to a, for which it is worth more
    labels = ["a"] * 6 + ["b"] * 5
    themes = np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    result = label_scores(labels, themes, [str(i) for i in range(11)], 20, 1)
    assert result["matched_f1.a"].value == pytest.approx(12 / 15)
    assert result["matched_f1.b"].value == pytest.approx(4 / 7)


def test_label_scores_are_those_of_scikit_learn() -> None:
    result = label_scores(LABELS, THEMES, SEPARATE_DOCUMENTS, 20, 1)
    for key, score in (
        ("ari", adjusted_rand_score),
        ("ami", adjusted_mutual_info_score),
        ("v_measure", v_measure_score),
        ("homogeneity", homogeneity_score),
        ("completeness", completeness_score),
    ):
        assert result[key].value == pytest.approx(score(LABELS, THEMES)), key
    assert {key for key in result if "." not in key} == set(MEASURES)


def test_two_labels_of_unequal_size_are_scored_as_scikit_learn_has_it() -> None:
    labels, themes = ["a"] * 9 + ["b"] * 3, np.array([0] * 7 + [1] * 5)
    result = label_scores(labels, themes, [str(i) for i in range(12)], 20, 1)
    assert result["homogeneity"].value == pytest.approx(homogeneity_score(labels, themes))
    assert result["completeness"].value == pytest.approx(completeness_score(labels, themes))


def test_one_theme_for_all_is_complete_and_says_nothing_of_labels() -> None:
    result = label_scores(LABELS, np.zeros(14, int), SEPARATE_DOCUMENTS, 20, 1)
    assert result["completeness"].value == 1.0 and result["homogeneity"].value == pytest.approx(0.0)
    assert result["completeness"].low is None and "same in all draws" in str(result["completeness"].reason)


@pytest.mark.parametrize(("labels", "least"), [(["a"], 1), (["a", "a", "a"], 1), ([], 0)])
def test_fewer_than_two_labels_have_no_score_and_say_so(labels: list[str], least: int) -> None:
    result = label_scores(labels, np.zeros(len(labels), int), [str(i) for i in range(len(labels))], 20, 1)
    assert set(result) == set(MEASURES) and all(metric.value is None for metric in result.values())
    assert f"{len(labels)} labelled with {least} different" in str(result["ari"].reason)
    assert label_scores(["a", "b"], np.array([0, 1]), ["x", "y"], 20, 1)["ari"].value == 1.0


def test_intervals_need_five_documents_of_all_and_of_a_label() -> None:
    few = label_scores(LABELS, THEMES, [f"d{i % (FEWEST_DOCUMENTS - 1)}" for i in range(14)], 40, 1)
    assert all(few[key].low is None and "fewer than 5 documents" in str(few[key].reason) for key in MEASURES)
    enough = label_scores(LABELS, THEMES, [f"d{i % FEWEST_DOCUMENTS}" for i in range(14)], 40, 1)
    assert enough["ari"].low < enough["ari"].value < enough["ari"].high and enough["ari"].reason is None
    assert enough["matched_f1.a"].low is not None  # five documents hold it
    assert enough["matched_f1.b"].low is None and "fewer than 5" in str(enough["matched_f1.b"].reason)


def test_intervals_draw_documents_and_their_median_lies_on_the_value() -> None:
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 3, 60)
    themes = np.where(rng.random(60) < 0.7, labels, rng.integers(0, 3, 60))
    documents = [f"d{i // 3:02d}" for i in range(60)]
    result = label_scores([f"l{i}" for i in labels], themes, documents, 60, 5)
    stream, drawn = np.random.default_rng(5), []
    for _ in range(60):
        times = np.bincount(stream.integers(0, 20, 20), minlength=20)[np.arange(60) // 3]
        drawn.append(adjusted_rand_score(labels.repeat(times), themes.repeat(times)))
    low, middle, high = np.percentile(drawn, [2.5, 50, 97.5])
    value = adjusted_rand_score(labels, themes)
    assert result["ari"].low == pytest.approx(value + low - middle)
    assert result["ari"].high == pytest.approx(value + high - middle)


def test_limits_stay_within_minus_one_and_one_and_need_twenty_draws() -> None:
    nearly = np.array([2, *[1, 2, 0] * 7, 1, 2])  # the first of 24 is in a wrong theme
    result = label_scores(["a", "b", "c"] * 8, nearly, [str(i) for i in range(24)], 40, 2)
    assert result["ari"].high == 1.0 and 0.5 < result["ari"].low < result["ari"].value < 0.9
    assert label_scores(LABELS, THEMES, SEPARATE_DOCUMENTS, 19, 1)["ari"].low is None
    assert label_scores(LABELS, THEMES, SEPARATE_DOCUMENTS, 20, 1)["ari"].low is not None


def test_a_baseline_is_the_mean_of_twenty_random_assignments_of_the_same_sizes() -> None:
    result = label_scores(LABELS, THEMES, SEPARATE_DOCUMENTS, 20, 7)
    stream = np.random.default_rng(8)
    drawn = [adjusted_rand_score(LABELS, THEMES[stream.permutation(14)]) for _ in range(BASELINE_DRAWS)]
    assert result["ari.baseline"].value == pytest.approx(np.mean(drawn))
    assert result["ari.baseline"].low == pytest.approx(np.percentile(drawn, 2.5))
    assert result["ari.baseline"].high == pytest.approx(np.percentile(drawn, 97.5))
    assert "20 random assignments" in str(result["ari.baseline"].reason)
    assert "matched_f1.a.baseline" not in result and "matched_f1.baseline" in result

"""Coherence by hand on four texts, words found in texts, random top words, and how intervals and baselines are made."""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np
import pytest

from toolkit.validate.coherence import c_v, mean_npmi, npmi, npmi_matrices, pairs_of
from toolkit.validate.measure import (
    Measured,
    diversity,
    labelled,
    per_theme,
    random_coherence,
    random_separation,
    random_words,
    shared_texts,
    words_of,
)
from toolkit.validate.occurrences import occurrences, tokens

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
TEXTS = ["sun rain", "sun rain wind", "sun", "wind fog", "rain", "fog", "fog wind", "none"]
# sun: 0 1 2; rain: 0 1 4; wind: 1 3 6; fog: 3 5 6


def formula(both: float, one: float, other: float, n: float) -> float:
    return log(both / n / (one / n * other / n)) / -log(both / n)


def test_npmi_of_every_pair_is_that_of_the_formula() -> None:
    result = words_of([["sun", "rain", "wind"], ["fog", "wind"]], TEXTS)
    matrices = npmi_matrices(result.pairs, np.ones(8))
    first, second, third = formula(2, 3, 3, 8), formula(1, 3, 3, 8), formula(1, 3, 3, 8)
    assert matrices[0, 0, 1] == matrices[0, 1, 0] == pytest.approx(first)
    assert matrices[0, 0, 2] == matrices[0, 2, 0] == pytest.approx(second)
    assert matrices[1, 0, 1] == pytest.approx(formula(2, 3, 3, 8))
    assert matrices[0, 0, 0] == pytest.approx(1.0)  # a word with itself
    assert np.isnan(matrices[1, 2]).all() and np.isnan(matrices[1, :, 2]).all()
    assert mean_npmi(matrices) == pytest.approx([(first + second + third) / 3, formula(2, 3, 3, 8)])


def test_npmi_counts_texts_by_their_weights() -> None:
    result = words_of([["sun", "rain"]], TEXTS)
    weights = np.array([2.0, 0, 1, 1, 3, 0, 0, 1])
    matrix = npmi_matrices(result.pairs, weights)[0]
    assert matrix[0, 1] == pytest.approx(formula(2, 3, 5, 8))
    assert npmi_matrices(result.pairs, np.array([0.0, 0, 1, 1, 1, 1, 1, 1]))[0, 0, 1] == -1.0


def test_npmi_is_minus_one_where_words_never_meet_and_nothing_where_both_are_everywhere() -> None:
    one, two, three = (np.array([value]) for value in (0.0, 4.0, 3.0))
    assert npmi(one, two, three, 8.0).tolist() == [-1.0]
    assert npmi(two, two, two, 4.0).tolist() == [0.0]
    assert np.isnan(npmi(np.array([np.nan]), two, two, 8.0)).all()
    assert npmi(two, two, two, 8.0) == pytest.approx([1.0])
    # two halves that meet as often as chance has it
    assert npmi(np.array([2.0]), two, two, 8.0) == pytest.approx([0.0])


def test_c_v_is_the_mean_cosine_of_each_word_with_the_sum_of_its_theme() -> None:
    a, b, c = 0.5, 0.2, -0.4  # sun-rain, sun-wind, rain-wind: below 0 counts as 0
    matrix = np.array([[[1, a, b], [a, 1, c], [b, c, 1.0]]])
    rows = [np.array([1, a, b]), np.array([a, 1, 0]), np.array([b, 0, 1])]
    total = sum(rows)
    expected = np.mean([row @ total / sqrt(row @ row * (total @ total)) for row in rows])
    assert c_v(matrix) == pytest.approx([expected])


def test_a_word_confirms_itself_even_where_no_text_holds_it() -> None:
    matrix = np.array([[[-1.0, -1.0], [-1.0, -1.0]]])
    assert c_v(matrix) == pytest.approx([1 / sqrt(2)])


def test_themes_of_one_word_have_no_coherence_and_do_not_enter_that_of_others() -> None:
    result = words_of([["sun"], ["sun", "rain"], []], TEXTS)
    matrices = npmi_matrices(result.pairs, np.ones(8))
    assert np.isnan(mean_npmi(matrices)[[0, 2]]).all() and not np.isnan(mean_npmi(matrices)[1])
    assert np.isnan(c_v(matrices)[[0, 2]]).all() and not np.isnan(c_v(matrices)[1])
    assert mean_npmi(npmi_matrices(words_of([], TEXTS).pairs, np.ones(8))).tolist() == []
    pair = npmi_matrices(words_of([["sun", "rain"]], TEXTS).pairs, np.ones(8))
    assert c_v(matrices)[1] == pytest.approx(c_v(pair)[0])


def test_pairs_hold_the_texts_of_both_words() -> None:
    where = occurrences(["fog", "rain", "sun"], TEXTS)
    result = pairs_of([[1, 2], [0]], where)
    triples = list(zip(result.theme.tolist(), result.first.tolist(), result.second.tolist(), strict=True))
    assert triples == [(0, 0, 0), (0, 0, 1), (0, 1, 1), (1, 0, 0)]
    members = [result.texts[result.starts[i] : result.starts[i + 1]].tolist() for i in range(4)]
    assert members == [[0, 1, 4], [0, 1], [0, 1, 2], [3, 5, 6]]
    assert (result.themes, result.words) == (2, 2)


def test_words_are_found_whole_in_any_case_and_phrases_in_a_row() -> None:
    assert tokens("State-owned, Größe_x 国企 2nd") == ["state", "owned", "grösse", "x", "国", "企", "2nd"]
    where = occurrences(["rain", "heavy rain", "...", "rain coat"], ["Heavy RAIN.", "rain, heavy", "a raincoat", "x"])
    assert [where.of(i).tolist() for i in range(4)] == [[0, 1], [0], [], []]
    assert where.n == 4 and where.starts.tolist() == [0, 2, 3, 3, 3]


def test_phrases_that_begin_with_the_same_word_are_looked_up_one_and_all() -> None:
    where = occurrences(["rain hat", "rain coat", "rain"], ["a rain coat", "rain hats"])
    assert [where.of(i).tolist() for i in range(3)] == [[], [0], [0, 1]]


def test_a_text_that_repeats_a_word_counts_once() -> None:
    assert occurrences(["a", "a b"], ["a a a b a b", "b a"]).of(0).tolist() == [0, 1]
    assert occurrences(["a", "a b"], ["a a a b a b", "b a"]).of(1).tolist() == [0]
    assert shared_texts(occurrences(["a", "b"], ["a b", "a", "b a"])).tolist() == [[3, 2], [2, 2]]


def test_diversity_is_the_share_of_different_words() -> None:
    assert diversity([[0, 1], [1, 2]]) == 0.75
    assert diversity([]) is None and diversity([[]]) is None
    assert words_of([["sun", "rain", "sun"], ["rain"]], TEXTS).diversity == pytest.approx(2 / 3)  # repeated: once


def test_the_mean_over_themes_leaves_out_those_without_a_value() -> None:
    assert per_theme("x", np.array([0.2, np.nan, 0.6])) == {
        "x": pytest.approx(0.4), "x.theme.0": 0.2, "x.theme.2": 0.6
    }  # fmt: skip
    assert per_theme("x", np.array([np.nan])) == {}


def test_random_top_words_are_the_own_keywords_ranked_by_class_tf_idf() -> None:
    words = words_of([["sun", "rain"], ["wind", "fog"]], TEXTS)
    assert words.keywords == ("fog", "rain", "sun", "wind")
    dealt = np.array([0, 1, 0, 1, -1, 1, 0, -1])
    # theme 0 (texts 0, 2, 6): sun 2, rain 1, fog 1, wind 1; theme 1 (1, 3, 5): wind 2, fog 2, sun 1, rain 1.
    # All words stand in 3 texts, so the rank is that of counts, ties by place; text 4 and 7 are of no theme.
    counted = np.array([3.0, 3, 3, 3])
    assert random_words(words, dealt, counted, 2) == ((2, 0), (0, 3))
    # a rarer word gains: log(1 + A / f), A = all counts over themes
    rare = np.array([30.0, 3, 30, 3])
    scored = np.array([[1, 1, 2, 1], [2, 1, 1, 2]]) / np.array([[5.0], [6.0]]) * np.log1p(66 / 2 / rare)
    expected = tuple(tuple(np.argsort(-row, kind="stable")[:3].tolist()) for row in scored)
    assert random_words(words, dealt, rare, 3) == expected
    assert expected[0][0] != 2  # the rare ones come before the frequent `sun`


def test_coherence_of_random_words_is_that_of_the_same_words_counted_text_by_text() -> None:
    words = words_of([["sun", "rain", "wind"], ["fog", "wind"]], TEXTS)
    joint = shared_texts(words.where)
    result = random_coherence(words, words.themes, joint)
    matrices = npmi_matrices(words.pairs, np.ones(8))
    assert result["coherence.npmi"] == pytest.approx(mean_npmi(matrices).mean())
    assert result["coherence.npmi.theme.1"] == pytest.approx(mean_npmi(matrices)[1])
    assert result["coherence.cv"] == pytest.approx(c_v(matrices).mean())
    assert result["diversity"] == pytest.approx(4 / 5)
    assert not any(key.startswith("coherence.cv.theme") for key in result)
    assert random_coherence(words, [], joint) == {}


def test_separation_of_random_themes_is_the_mean_silhouette_of_texts_with_a_theme() -> None:
    from sklearn.metrics import silhouette_score

    vectors = np.random.default_rng(1).normal(size=(12, 4)).astype(np.float32)
    theme = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, -1, 0, 1])
    kept = theme >= 0
    expected = silhouette_score(vectors[kept], theme[kept], metric="cosine")
    assert random_separation(vectors, theme)["separation.silhouette"] == pytest.approx(expected, abs=1e-6)
    assert random_separation(vectors, np.zeros(12, int)) == {}


def measured(silhouette: list[float], theme: list[int], labels: Any = None) -> Measured:
    given = np.array(theme)
    return Measured(None, np.array(silhouette), given, labelled(labels, given) if labels else None)


def test_measures_under_weights_are_weighted_means() -> None:
    what = measured([0.2, 0.6, np.nan, -0.4], [0, 0, -1, 1])
    plain = what.under(np.ones(4))
    assert plain["separation.silhouette"] == pytest.approx(0.4 / 3) and plain["coverage"] == 0.75
    assert plain["separation.silhouette.theme.0"] == pytest.approx(0.4)
    assert plain["separation.silhouette.theme.1"] == pytest.approx(-0.4)
    heavy = what.under(np.array([3.0, 1, 4, 0]))
    assert heavy["separation.silhouette"] == pytest.approx(1.2 / 4) and heavy["coverage"] == 0.5
    assert "separation.silhouette.theme.1" not in heavy
    assert what.under(np.array([0.0, 0, 5, 0])) == {"coverage": 0.0}
    assert what.under(np.zeros(4)) == {}


def test_agreement_with_labels_needs_two_labelled_texts_in_the_draw() -> None:
    what = measured([0.1, 0.1, 0.1, 0.1], [0, 1, 0, 1], ["a", "b", None, "b"])
    assert what.under(np.ones(4))["external.ari"] == pytest.approx(1.0)
    assert "external.ari" not in what.under(np.array([1.0, 0, 7, 0]))
    assert "external.ari" in what.under(np.array([1.0, 1, 0, 0]))

"""Metrics of a run: values, intervals and baselines computed anew with the same draws, denominators and reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pydantic import ValidationError
from sklearn.metrics import adjusted_rand_score, silhouette_samples

from toolkit.schemas import THEME_WORDS
from toolkit.validate import ValidateSettings, validate
from toolkit.validate.checks import keywords_by_theme
from toolkit.validate.coherence import mean_npmi, npmi_matrices
from toolkit.validate.measure import words_of
from toolkit.validate.separation import density_validity
from toolkit.values import Metric, seed_for

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
WORDS = [["sun", "rain", "cloud"], ["loan", "bank", "rate"]]
N = 24


def table(keywords: list[list[str]]) -> Any:
    rows = [
        {"theme": t, "label": "x", "keywords": words, "weights": [1.0] * len(words)} for t, words in enumerate(keywords)
    ]
    return pa.Table.from_pylist(rows, schema=THEME_WORDS)


def study(noise: int = 4) -> tuple[list[str], Any, Any]:
    """24 texts of two themes, the last of them of none; some words of the other theme; vectors to match."""
    rng = np.random.default_rng(2)
    theme = (np.arange(N) % 2).astype(np.int32)
    texts = [" ".join(rng.choice(WORDS[t], 2)) + " " + str(rng.choice(WORDS[1 - t])) for t in theme]
    vectors = rng.normal(scale=0.4, size=(N, 4)).astype(np.float32)
    vectors[np.arange(N), theme] += 1
    if noise:
        theme[-noise:] = -1
    return texts, theme, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def check(documents: Any = None, labels: Any = None, noise: int = 4, words: Any = None, **settings: Any) -> Any:
    texts, theme, vectors = study(noise)
    given = ValidateSettings(**{"draws": 30, "baseline_draws": 6, **settings})
    return validate(given, texts, theme, vectors, table(WORDS if words is None else words), labels, 3, documents)


def silhouette(theme: Any) -> Any:
    kept, vectors = theme >= 0, study()[2]
    return silhouette_samples(vectors[kept], theme[kept], metric="cosine")


def test_values_have_their_denominators() -> None:
    result = check(labels=["a" if i < 9 else "b" if i < 20 else None for i in range(N)])
    coverage = result["coverage"]
    assert coverage.value == pytest.approx(20 / 24) and (coverage.hits, coverage.n) == (20, 24)
    assert result["separation.silhouette"].n == 20
    assert result["separation.silhouette.theme.0"].n == 10 == result["separation.silhouette.theme.1"].n
    assert result["separation.density"].n == 24
    assert (result["coherence.npmi"].n, result["coherence.npmi"].of) == (2, "themes, counted in 24 paragraphs")
    assert result["coherence.npmi"].value == pytest.approx(
        np.mean([result[f"coherence.npmi.theme.{theme}"].value for theme in (0, 1)])
    )
    of_theme = result["coherence.npmi.theme.1"]
    assert (of_theme.n, of_theme.of) == (3, "pairs of keywords, counted in 24 paragraphs")
    assert result["external.ari"].n == 20 and (result["diversity"].hits, result["diversity"].n) == (6, 6)
    assert result["diversity"].value == 1.0
    assert (result["external.ari.baseline"].n, result["external.ari.baseline"].of) == (6, "random assignments")


def test_coherence_has_no_interval_for_draws_of_documents_lie_below_it() -> None:
    """Rare pairs are lost in most draws, so that 95 of 100 draws hold less than the value: no interval is right."""
    result, texts = check(), study()[0]
    words = words_of(WORDS, texts)
    stream = np.random.default_rng(0)
    values = [
        float(np.mean(mean_npmi(npmi_matrices(words.pairs, np.bincount(stream.integers(0, N, N), minlength=N) * 1.0))))
        for _ in range(200)
    ]
    assert np.mean(values) < result["coherence.npmi"].value
    for key in ("coherence.npmi", "coherence.cv", "coherence.npmi.theme.0"):
        assert result[key].low is None and "a draw of documents that misses a rare pair" in result[key].reason


def test_a_statistic_that_its_own_draws_leave_out_has_no_interval() -> None:
    crossed = check(labels=["a", "a", "b", "b"] * 6)["external.ari"]  # copies in a draw agree with themselves
    assert crossed.value < 0 and crossed.low is None and "leave out the value" in crossed.reason


def test_a_theme_of_its_own_size_is_the_denominator_of_its_silhouette() -> None:
    texts, theme, vectors = study()
    theme[:5] = 0  # 12 and 8 of them now
    result = validate(ValidateSettings(draws=20, baseline_draws=5), texts, theme, vectors, table(WORDS), None, 3)
    assert result["separation.silhouette.theme.0"].n == int((theme == 0).sum()) == 12
    assert result["separation.silhouette.theme.1"].n == 8


def test_intervals_are_the_middle_of_draws_of_documents_moved_to_the_value() -> None:
    documents = [f"d{i // 3}" for i in range(N)]
    result, theme = check(documents), study()[1]
    stream, expected = np.random.default_rng(seed_for(3, "bootstrap")), np.arange(N) // 3
    coverage, separation, values = [], [], silhouette(theme)
    for _ in range(30):
        times = np.bincount(stream.integers(0, 8, 8), minlength=8)[expected]
        coverage.append(times[theme >= 0].sum() / times.sum())
        separation.append(np.average(values, weights=times[theme >= 0]))
    for key, drawn, value in (
        ("coverage", coverage, 20 / 24), ("separation.silhouette", separation, values.mean())
    ):  # fmt: skip
        low, middle, high = np.percentile(drawn, [2.5, 50, 97.5])
        assert result[key].low == pytest.approx(value + low - middle, abs=1e-6), key
        assert result[key].high == pytest.approx(min(value + high - middle, 1.0), abs=1e-6), key
    assert result["coverage"].high <= 1.0


def test_fewer_than_five_documents_give_no_interval_and_five_do() -> None:
    for count, few in ((1, "1 document"), (4, "4 documents")):
        made = check([f"d{i % count}" for i in range(N)])["coverage"]
        assert made.low is None and made.reason == f"no interval: it rests on {few}, and resampling needs 5"
    five = check([f"d{i % 5}" for i in range(N)], labels=["ab"[i % 2] for i in range(N)])
    assert five["external.ari"].low is not None and five["coverage"].low is not None


def test_without_documents_texts_are_drawn_and_named() -> None:
    texts, theme, vectors = study()
    result = validate(ValidateSettings(draws=20, baseline_draws=5), texts[:1], theme[:1], vectors[:1], table(WORDS[:1]),
                     None, 3)  # fmt: skip
    assert result["coverage"].value == 1.0
    assert result["coverage"].reason == "no interval: it rests on 1 text, and resampling needs 5"


def test_what_is_the_same_in_all_draws_has_no_interval_and_says_so() -> None:
    result = check(noise=0)
    assert (result["coverage"].value, result["coverage"].low, result["coverage"].high) == (1.0, None, None)
    assert result["coverage"].reason == "no interval: the same in all draws of texts"
    assert check()["coverage"].reason is None


def test_limits_of_shares_stay_between_nothing_and_one_and_of_coefficients_above_minus_one() -> None:
    assert check(noise=1)["coverage"].high == 1.0
    texts, theme, vectors = study(0)
    theme[:] = -1
    theme[:2] = [0, 1]
    rare = validate(ValidateSettings(draws=40, baseline_draws=5), texts, theme, vectors, table(WORDS), None, 3)
    assert 0.0 <= rare["coverage"].low < rare["coverage"].value == pytest.approx(2 / 24)
    mixed = check(labels=["ab"[i % 3 == 0] for i in range(N)])
    assert mixed["separation.silhouette"].low > -1  # below 0 is possible, below -1 is not


def test_a_baseline_deals_the_same_themes_out_at_random() -> None:
    labels = ["ab"[i % 3 == 0] for i in range(N)]
    result, theme = check(labels=labels), study()[1]
    stream, separation, agreement = np.random.default_rng(seed_for(3, "baseline")), [], []
    for _ in range(6):
        dealt = theme[stream.permutation(N)]
        separation.append(silhouette(dealt).mean())
        agreement.append(adjusted_rand_score(labels, theme[stream.permutation(N)]))
    for key, drawn in (("separation.silhouette.baseline", separation), ("external.ari.baseline", agreement)):
        assert result[key].value == pytest.approx(np.mean(drawn), abs=1e-6), key
        assert result[key].low == pytest.approx(np.percentile(drawn, 2.5), abs=1e-6), key
        assert result[key].high == pytest.approx(np.percentile(drawn, 97.5), abs=1e-6), key
        assert result[key].direction is None and "of 6 random assignments" in str(result[key].reason)
    assert result["separation.density.baseline"].reason.startswith("mean and middle 95 % of 5 random")
    assert result["coherence.npmi.theme.0.baseline"].value < result["coherence.npmi.theme.0"].value + 1
    assert "separation.silhouette.theme.0.baseline" not in result


def test_coverage_has_no_baseline_since_random_themes_cover_as_much() -> None:
    result = check()
    assert (
        result["coverage.baseline"].value is None and "same in every assignment" in result["coverage.baseline"].reason
    )


def test_density_looks_at_the_distances_between_texts() -> None:
    result, (_, theme, vectors) = check(), study()
    distances = np.linalg.norm(vectors[:, None].astype(float) - vectors[None], axis=2)
    assert result["separation.density"].value == pytest.approx(density_validity(distances, theme, 4), abs=1e-5)
    assert (
        result["separation.density"].reason == "no interval: resampling makes copies, which density takes for clusters"
    )


def test_density_of_many_texts_rests_on_a_sample_and_says_how_many() -> None:
    rng = np.random.default_rng(5)
    theme = (np.arange(60) % 2).astype(np.int32)
    vectors = np.eye(3, dtype=np.float32)[theme] + rng.normal(scale=0.2, size=(60, 3)).astype(np.float32)
    settings = ValidateSettings(draws=20, baseline_draws=5, density_sample=50)
    result = validate(settings, ["x"] * 60, theme, vectors, table(WORDS), None, 3)["separation.density"]
    rows = np.sort(np.random.default_rng(seed_for(3, "density")).choice(60, 50, replace=False))
    part = vectors[rows].astype(float)
    distances = np.linalg.norm(part[:, None] - part[None], axis=2)
    assert result.value == pytest.approx(density_validity(distances, theme[rows], 3), abs=1e-5)
    assert result.n == 50 and result.reason.endswith("; on 50 of 60 texts")
    whole = validate(settings, ["x"] * 50, theme[:50], vectors[:50], table(WORDS), None, 3)["separation.density"]
    assert whole.n == 50 and "texts" not in whole.reason


def test_every_metric_of_a_run_is_there_in_order_whether_defined_or_not() -> None:
    result = check()
    assert list(result) == sorted(result)
    for key in ("coherence.npmi", "coherence.cv", "diversity", "coverage", "separation.silhouette",
                "separation.density", "external.ari", "external.ami", "external.v_measure"):  # fmt: skip
        assert {key, f"{key}.baseline"} <= set(result), key
    for number in (0, 1):
        assert {f"coherence.npmi.theme.{number}", f"separation.silhouette.theme.{number}"} <= set(result)
    assert not any(key.endswith("theme.2") for key in result)


def reason(result: dict[str, Metric], key: str) -> str:
    assert result[key].value is None, key
    return str(result[key].reason)


def test_what_is_undefined_says_why() -> None:
    assert reason(check(), "external.ari") == "the corpus has no labels"
    assert reason(check(labels=["a"] + [None] * (N - 1)), "external.ari") == "the corpus has no labels"
    assert check(labels=["a", "b"] + [None] * (N - 2))["external.ari"].n == 2
    short = check(words=[["sun", "rain"], ["loan"]])
    assert reason(short, "coherence.npmi.theme.1") == "the theme has fewer than two keywords"
    assert short["coherence.npmi.theme.0"].value == short["coherence.npmi"].value
    single = check(words=[["sun"], ["loan"]])
    assert reason(single, "coherence.npmi") == reason(single, "coherence.cv") == "no theme has two keywords"
    none = check(noise=N)
    assert reason(none, "separation.silhouette") == reason(none, "coherence.npmi") == "there are no themes"
    assert none["coverage"].value == 0.0 and none["coverage"].low is None
    texts, _, vectors = study()
    settings = ValidateSettings(draws=20, baseline_draws=5)
    one = validate(settings, texts, np.zeros(N, np.int32), vectors, table(WORDS[:1]), None, 3)
    assert reason(one, "separation.silhouette") == "separation needs at least two themes"
    assert reason(one, "separation.density") == reason(one, "separation.silhouette.theme.0")
    assert "every random assignment of the same sizes is the same" in reason(one, "coherence.npmi.baseline")
    empty = validate(settings, [], np.zeros(0, np.int32), vectors[:0], table([]), None, 3)
    assert {metric.reason for metric in empty.values() if metric.value is None} >= {"there are no texts"}
    assert all(metric.value is None for metric in empty.values())


def test_keywords_beyond_the_top_and_of_other_themes_are_left_out() -> None:
    rows = table([["a", "b", "c"], [], ["d"]])
    assert keywords_by_theme(rows, 2, 2) == [["a", "b"], []]
    assert keywords_by_theme(rows, 4, 3) == [["a", "b", "c"], [], ["d"], []]
    assert check(top=2)["diversity"].n == 4


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("top", 2, 50), ("draws", 20, 10_000), ("baseline_draws", 5, 1000), ("density_sample", 50, 10_000)],
)
def test_settings_are_taken_within_their_bounds_and_refused_beyond(name: str, least: int, most: int) -> None:
    for value in (least, most):
        assert getattr(ValidateSettings(**{name: value}), name) == value
    for value in (least - 1, most + 1):
        with pytest.raises(ValidationError):
            ValidateSettings(**{name: value})


def test_twenty_draws_are_enough_for_an_interval() -> None:
    assert check(draws=20)["coverage"].low is not None


def test_twenty_random_assignments_are_made_unless_told_otherwise() -> None:
    texts, theme, vectors = study()
    result = validate(ValidateSettings(), texts, theme, vectors, table(WORDS), None, 3)
    assert "of 20 random assignments" in str(result["coherence.npmi.baseline"].reason)
    stream = np.random.default_rng(seed_for(3, "bootstrap"))
    drawn = [np.bincount(stream.integers(0, N, N), minlength=N)[theme >= 0].sum() / N for _ in range(200)]
    low, middle, _ = np.percentile(drawn, [2.5, 50, 97.5])
    assert result["coverage"].low == pytest.approx(20 / 24 + low - middle)

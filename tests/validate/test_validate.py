"""Checks of a run: right numbers, each with interval, denominator and baseline, or the reason why there is none."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from toolkit.schemas import THEME_WORDS
from toolkit.validate import ValidateSettings, validate
from toolkit.validate.coherence import mean_npmi, npmi_matrices
from toolkit.validate.measure import words_of
from toolkit.validate.occurrences import occurrences
from toolkit.validate.separation import density_validity, silhouettes

POOLS = (
    ("hydrogen", "electrolyser", "pipeline", "truck", "ammonia", "steel"),
    ("pension", "retirement", "contribution", "payroll", "annuity", "elderly"),
    ("ballot", "turnout", "parliament", "coalition", "mandate", "district"),
)


def planted(n=240, seed=5):
    """Texts of three themes, most words from the theme's own pool, some from all; vectors to match."""
    random = np.random.default_rng(seed)
    themes = np.sort(np.arange(n) % 3).astype(np.int32)
    every = [word for pool in POOLS for word in pool]
    texts = [" ".join([*random.choice(POOLS[t], 4), *random.choice(every, 2)]) for t in themes]
    vectors = random.normal(scale=0.25, size=(n, 12))
    vectors[np.arange(n), themes] += 1
    return texts, themes, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def words_table(keywords):
    rows = [{"theme": t, "label": "x", "keywords": list(w), "weights": [1.0] * len(w)} for t, w in enumerate(keywords)]
    return pa.Table.from_pylist(rows, schema=THEME_WORDS)


def checked(labels=None, documents=None, **settings):
    texts, themes, vectors = planted()
    given = ValidateSettings(**{"draws": 60, "baseline_draws": 8} | settings)
    return validate(given, texts, themes, vectors, words_table(POOLS), labels, 0, documents)


def test_real_themes_beat_random_ones_of_the_same_sizes_by_more_than_the_interval():
    result = checked(labels=[f"label {i // 90}" for i in range(240)])
    keys = [
        "coherence.npmi",
        "coherence.cv",
        "separation.silhouette",
        "external.ari",
        "external.ami",
        "external.v_measure",
    ]
    for key in keys:
        real, baseline = result[key], result[f"{key}.baseline"]
        if key.startswith("coherence"):  # its draws of documents lie below the value: no interval
            assert real.low is real.high is None and real.value > baseline.high, key
        else:
            assert real.low <= real.value <= real.high and real.low > baseline.high, key
        assert baseline.low <= baseline.value <= baseline.high, key
    assert result["separation.density"].value > result["separation.density.baseline"].high
    assert result["diversity"].value == 1.0 > result["diversity.baseline"].high


def test_every_metric_says_its_direction_and_denominator_or_why_it_has_none():
    for key, metric in checked().items():
        if metric.value is None:
            assert metric.reason, key
        else:
            assert metric.n, key
            assert metric.direction == (None if key.endswith("baseline") else "higher"), key
            assert metric.low is not None or metric.reason, key


def test_npmi_is_that_of_the_formula():
    texts = ["a b", "a b", "a c", "d d", "b d"]
    where = words_of([["a", "b"], ["c", "b"]], texts)
    result = mean_npmi(npmi_matrices(where.pairs, np.ones(5)))
    assert result[0] == pytest.approx(math.log((2 / 5) / (3 / 5 * 3 / 5)) / -math.log(2 / 5))
    assert result[1] == -1.0  # c and b never meet


def test_a_phrase_counts_where_its_words_stand_in_a_row():
    texts = [
        "State-owned enterprises borrow.",
        "state owned, and enterprises",
        "Enterprises: state-owned",
        "国有企业改革",
    ]
    where = occurrences(["state-owned enterprises", "enterprises", "国有企业"], texts)
    assert where.of(0).tolist() == [0] and where.of(1).tolist() == [0, 1, 2] and where.of(2).tolist() == [3]


def test_silhouettes_are_those_of_scikit_learn():
    from sklearn.metrics import silhouette_samples

    _, themes, vectors = planted(90)
    odd = themes.copy()
    odd[0] = 3  # a theme of one text
    assert silhouettes(vectors, odd) == pytest.approx(silhouette_samples(vectors, odd, metric="cosine"), abs=1e-6)
    with_noise = odd.copy()
    with_noise[5:9] = -1
    kept = with_noise != -1
    expected = silhouette_samples(vectors[kept], with_noise[kept], metric="cosine")
    assert silhouettes(vectors, with_noise)[kept] == pytest.approx(expected, abs=1e-6)
    assert np.isnan(silhouettes(vectors, with_noise)[~kept]).all()


def test_density_validity_is_that_of_hdbscan_in_few_dimensions():
    from hdbscan.validity import validity_index

    random = np.random.default_rng(2)
    points = np.concatenate([random.normal(loc, 0.3, (40, 3)) for loc in (0.0, 2.0, 4.0)])
    labels = np.repeat(np.arange(3), 40)
    distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(-1))
    assert density_validity(distances, labels, 3) == pytest.approx(validity_index(points, labels), abs=1e-6)
    labels[:4] = -1
    assert density_validity(distances, labels, 3) == pytest.approx(validity_index(points, labels), abs=1e-6)


def test_agreement_with_labels_is_that_of_scikit_learn():
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score

    _, themes, _ = planted()
    labels = [f"label {i // 70}" if i % 5 else None for i in range(240)]
    result = checked(labels=labels)
    kept = [i for i, label in enumerate(labels) if label is not None]
    truth, given = [labels[i] for i in kept], themes[kept]
    assert result["external.ari"].value == pytest.approx(adjusted_rand_score(truth, given))
    assert result["external.ami"].value == pytest.approx(adjusted_mutual_info_score(truth, given))
    assert result["external.v_measure"].value == pytest.approx(v_measure_score(truth, given))
    assert result["external.ari"].n == len(kept)


def test_intervals_over_documents_are_wider_when_paragraphs_of_a_document_are_alike():
    by_text = checked()
    by_document = checked(documents=[f"d{i // 20}" for i in range(240)])
    key = "coverage"
    assert by_text[key].value == by_document[key].value
    wide = by_document["separation.silhouette"].high - by_document["separation.silhouette"].low
    assert wide > 0
    texts, themes, vectors = planted()
    noisy = themes.copy()
    noisy[:20] = -1  # all of one document
    settings = ValidateSettings(draws=60, baseline_draws=5)
    one = validate(settings, texts, noisy, vectors, words_table(POOLS), None, 0)[key]
    other = validate(settings, texts, noisy, vectors, words_table(POOLS), None, 0, [f"d{i // 20}" for i in range(240)])[
        key
    ]
    assert other.high - other.low > 1.5 * (one.high - one.low)


def test_the_same_seed_gives_the_same_numbers_and_another_one_other_intervals():
    texts, themes, vectors = planted()
    settings = ValidateSettings(draws=20, baseline_draws=5)
    runs = [validate(settings, texts, themes, vectors, words_table(POOLS), None, seed) for seed in (0, 0, 1)]
    assert runs[0] == runs[1] != runs[2]
    assert runs[0]["coherence.npmi"].value == runs[2]["coherence.npmi"].value


@pytest.mark.parametrize(
    ("texts", "themes", "keywords", "undefined"),
    [
        ([], [], [], ["coherence.npmi", "coverage", "separation.silhouette", "diversity"]),
        (["one text"], [0], [["text"]], ["coherence.npmi", "separation.silhouette", "separation.density"]),
        (["a b", "b c"], [-1, -1], [], ["coherence.npmi", "diversity", "separation.silhouette"]),
        (["a b", "b c", "c"], [0, 0, 0], [["a", "b"]], ["separation.silhouette", "separation.density"]),
        (["a b", "b c"], [0, 1], [[], []], ["coherence.npmi", "coherence.cv", "diversity"]),
    ],
)
def test_what_is_undefined_is_null_with_its_reason_and_never_zero(texts, themes, keywords, undefined):
    vectors = np.eye(max(len(texts), 1), 4, dtype=np.float32)[: len(texts)]
    settings = ValidateSettings(draws=20, baseline_draws=5)
    result = validate(settings, texts, np.array(themes, np.int32), vectors, words_table(keywords), None, 0)
    for key in [*undefined, "external.ari", "external.ami", "external.v_measure"]:
        assert result[key].value is None and result[key].reason, key
    assert all(metric.value is None or math.isfinite(metric.value) for metric in result.values())

"""The verdict on the themes as numbers and words: what discovery measured is what metrics and report say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from toolkit.discover import KMeans, discover
from toolkit.report.evidence_part import evidence_of
from toolkit.study.evidence import evidence_metrics
from toolkit.study.metrics import _stability_metrics


def corpus(groups, spread, n=30, d=8):
    random = np.random.default_rng(4)
    vectors = np.eye(d)[np.arange(n) % groups] + spread / d**0.5 * random.normal(size=(n, d))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [f"text {at:02d}" for at in range(n)], vectors.astype(np.float32)


def evidence_words(spread):
    """The discovery of two groups by k-means, its metrics and what the report says of them."""
    discovery = discover(KMeans(themes=2, refits=4, starts=1), *corpus(2, spread), 1)
    made = evidence_metrics(discovery)
    return discovery, made, evidence_of(SimpleNamespace(metrics={name: one.plain() for name, one in made.items()}))


def test_vectors_with_nothing_to_find_are_no_evidence_in_metrics_and_words():
    discovery, made, words = evidence_words(spread=30.0)
    gap, p = made["discover.gap"], made["discover.gap_p"]
    assert made["discover.evidence"].value == 0 and discovery.fragile.all()
    assert gap.value == pytest.approx(made["discover.agreement"].value - made["discover.chance_agreement"].value)
    assert gap.low < gap.value < gap.high and gap.n == p.n == discovery.parameters["shuffles"] >= 20
    assert made["discover.agreement"].n == 4
    assert made["discover.chance_stability"].value is None and "all themes are fragile" in (
        made["discover.chance_stability"].reason
    )
    assert _stability_metrics(discovery)["discover.fragile_below"].reason == "all: there is no evidence of themes"
    assert words.startswith("No evidence of themes: refits agree to ") and f"{gap.n} shuffles" in words
    assert f"{gap.value:.2f} beyond chance".replace("-", "−") in words


def test_where_nothing_was_shuffled_the_gap_is_null_with_the_reason():
    _, made, words = evidence_words(spread=0.5)
    assert (made["discover.evidence"].value, made["discover.agreement"].value) == (2, 1)
    for name in ("gap", "gap_p", "chance_agreement", "chance_stability"):
        assert made[f"discover.{name}"].value is None and "not measured" in made[f"discover.{name}"].reason
    assert words.startswith("Clear evidence of themes: refits agree to 1.00") and "not measured" in words
    assert evidence_of(SimpleNamespace(metrics={})) == ""

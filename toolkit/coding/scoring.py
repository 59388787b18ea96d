"""Combines all evidence into one score for each code, without human codes.

There are two steps. The first weighs meaning, words and phrases: each as it is, above the paragraph's mean over the
codes, below that of its best code, and above the code's level in the corpus. It also weighs what counts against a code:
a rule of exclusion or a counter-example that is closer than what the code covers. The second step finds what the
paragraphs with the highest scores of the first have in common, in meaning and in words, and how similar each other
paragraph is to them (Rocchio 1971, "Relevance feedback in information retrieval", with the scores of the first step in
place of a reader's judgement; a paragraph never counts for itself). The weights are logistic regressions fitted to
several codebooks on several corpora, none of them the user's. experiments/benchmarks/coding.py fits them, and scores
each codebook with weights that were fitted without it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from toolkit.coding.background import Background, Pull
from toolkit.coding.evidence import Evidence
from toolkit.values import Bools, Floats

FIELD = {"both": 1.5, "wording": 1.5}
"""Paragraphs less far towards the codebook's field get no code: some 85 in 100 unrelated texts lie below."""
EDGE, EDGE_COST = 4.0, 1.5
"""Paragraphs at the field's edge, below 4, need more evidence: 1.5 log-odds for each spread that they lack."""
SPEAKS = 2.2
"""How far a paragraph must lie in the field to speak for a code in the second step."""
DECIDED = -0.75
"""The log-odds from which a code is given: where macro-F1 was best on the development codebooks on average."""
BEST, OTHERS, FEWEST_CODES = 0.5, 0.25, 4
"""A paragraph's best code is given from .5 log-odds less, the others from .25 more, where there are at least four."""
COVERED = 1.5
"""Where the codebook covers everything, how many log-odds less still a paragraph's best code needs."""
SURE = -1.0
"""Log-odds of the first step from which a paragraph speaks for a code in the second."""


@cache
def weights() -> dict[str, dict[str, dict[str, float]]]:
    """Weights of the measures: by evidence ("both", "wording"), step ("first", "second") and measure."""
    text = files("toolkit.coding").joinpath("weights.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, dict[str, float]]] = json.loads(text)
    return found


def first_measures(evidence: Evidence) -> dict[str, Floats]:
    """(n, c) measures of the first step by name."""
    found = {"meaning": evidence.meaning, "words": evidence.words, "phrases": evidence.phrases}
    levels = {"meaning": evidence.meaning_level, "words": evidence.words_level}
    for name in ("meaning", "words"):
        found |= _relative(name, found[name])
        level, spread = levels[name]
        found[f"{name}_above_level"] = np.clip((found[name] - level) / spread, -3.0, 8.0)
    if evidence.kind == "both" and evidence.asked is not None:
        found["asked_meaning"] = found["meaning_above_level"] * evidence.asked  # a stance counts more than its topic
    found |= evidence.stance
    return found | {"against": evidence.refusal.against, "refused": evidence.refusal.refused}


def second_measures(
    evidence: Evidence, vectors: Any, first: Floats, known: tuple[Pull, Pull] | None = None
) -> dict[str, Floats]:
    """(n, c) measures of the second step by name: likeness to the surest paragraphs, added to those of the first.

    `known`: the surest paragraphs of another corpus, in place of these.
    """
    weights = surest(evidence, first)
    found = first_measures(evidence)
    spaces = (("like_meaning", np.asarray(vectors, float)), ("like_words", evidence.word_vectors))
    for at, (name, rows) in enumerate(spaces):
        if known is None:
            near = likeness(rows, weights, pull(rows, weights))
        else:
            near = likeness(rows, np.zeros_like(weights), known[at].widened(rows.shape[1]))
        found |= {name: near} | _relative(name, near)
    return found


def surest(evidence: Evidence, first: Floats) -> Floats:
    """(n, c) how much each paragraph speaks for each code in the second step; 0 for most."""
    weights = 1 / (1 + np.exp(SURE - first))
    return np.asarray(np.where((weights > 0.5) & (evidence.field >= SPEAKS)[:, None], weights, 0.0))


def background_of(evidence: Evidence, vectors: Any) -> Background:
    """What further paragraphs are to be measured by: the levels, words and surest paragraphs of this corpus."""
    weights_of = surest(evidence, weigh(first_measures(evidence), weights()[evidence.kind]["first"]))
    pulls = pull(np.asarray(vectors, float), weights_of), pull(evidence.word_vectors, weights_of)
    return Background(
        len(evidence.words),
        tuple(evidence.holders),
        np.array(list(evidence.holders.values()), np.int32),
        evidence.meaning_level,
        evidence.words_level,
        pulls,
    )


def _relative(name: str, values: Floats) -> dict[str, Floats]:
    return {
        f"{name}_above_mean": values - values.mean(axis=1, keepdims=True),
        f"{name}_below_best": values - values.max(axis=1, keepdims=True),
    }


def pull(rows: Any, weights: Floats) -> Pull:
    """Where the rows that speak for each code lie: (n, d) rows, dense or sparse, and (n, c) weights."""
    mean = np.asarray(rows.mean(axis=0)).ravel() if rows.shape[0] else np.zeros(rows.shape[1])
    return Pull(mean, weights.sum(axis=0), np.asarray((rows.T @ weights).T))


def likeness(rows: Any, weights: Floats, towards: Pull) -> Floats:
    """(n, c) cosine of each row with the weighted sum of the others that speak for a code, all less their mean.

    `weights` (n, c) are the rows' own parts of that sum. 0 where the others' weights add up to less than .8: nobody
    else speaks for that code.
    """
    mean, total = towards.mean, towards.total
    sums = towards.sums - total[:, None] * mean  # (c, d) of centred rows
    square = np.asarray((rows.multiply(rows) if hasattr(rows, "multiply") else rows * rows).sum(axis=1)).ravel()
    norms = np.maximum(square - 2 * np.asarray(rows @ mean).ravel() + mean @ mean, 1e-12)  # squared, centred
    dots = np.asarray(rows @ sums.T) - (sums @ mean)[None, :]
    others = dots - weights * norms[:, None]
    length = (sums**2).sum(axis=1)[None, :] - 2 * weights * dots + weights**2 * norms[:, None]
    cosine = others / np.sqrt(np.maximum(length, 1e-12) * norms[:, None])
    return np.asarray(np.where(total - weights > 0.8, np.clip(cosine, -1.0, 1.0), 0.0))


def inside(evidence: Evidence) -> Bools:
    """(n,) whether a paragraph lies in the codebook's field at all."""
    return np.asarray(evidence.field >= FIELD[evidence.kind])


def weigh(measures: dict[str, Floats], by: dict[str, float]) -> Floats:
    """(n, c) log-odds: the weighted sum of measures and an intercept."""
    total = np.full(measures["words"].shape, by.get("intercept", 0.0))
    for name, values in measures.items():
        total = total + by.get(name, 0.0) * values
    return total


def log_odds(evidence: Evidence, vectors: Any, known: Background | None = None) -> Floats:
    """(n, c) log-odds of each code less the level at which it is given: a code is given from 0 up."""
    by = weights()[evidence.kind]
    first = weigh(first_measures(evidence), by["first"])
    second = second_measures(evidence, vectors, first, known.pulls if known else None)
    return best_favoured(weigh(second, by["second"]) - DECIDED)


def best_favoured(odds: Floats) -> Floats:
    """Log-odds with each paragraph's best code raised and the others lowered; their order stays."""
    if odds.shape[1] < FEWEST_CODES or not len(odds):
        return odds
    return np.asarray(np.where(odds >= odds.max(axis=1, keepdims=True), odds + BEST, odds - OTHERS))


def everything_covered(odds: Floats) -> Floats:
    """Log-odds with each paragraph's best code raised: hardly any is left without a code. Their order stays."""
    if odds.shape[1] < FEWEST_CODES or not len(odds):
        return odds
    return np.asarray(np.where(odds >= odds.max(axis=1, keepdims=True), odds + COVERED, odds))


def covered(odds: Floats, evidence: Evidence, covers: str) -> Floats:
    """Log-odds as the codebook's `covers` has them: bounded by its field, or a code for nearly every paragraph."""
    return outside_lowered(odds, evidence) if covers == "field" else everything_covered(odds)


def outside_lowered(odds: Floats, evidence: Evidence) -> Floats:
    """Log-odds lowered at the edge of the field, and below 0 outside it; the order of a paragraph's codes is kept."""
    edge = odds - EDGE_COST * np.maximum(EDGE - evidence.field, 0.0)[:, None]
    short = np.maximum(FIELD[evidence.kind] - evidence.field, 0.0)[:, None]
    return np.asarray(np.where(short > 0, edge - np.maximum(edge.max(axis=1, keepdims=True), 0.0) - 0.01, edge))


def logistic(odds: Floats) -> Floats:
    """Log-odds as a number in (0, 1)."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -500, 500))))

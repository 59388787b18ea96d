"""Combines all evidence into one score for each code, without human codes.

The first step weighs meaning and wording, each above the code's level in the corpus and below that of the paragraph's
best code, the stance that a code asks for, and what counts against a code: a rule of exclusion or a counter-example
that is closer than what the code covers. What the corpus itself adds depends on its size:

- below `MANY` paragraphs, the paragraphs with the highest scores of the first step are taken, and likeness to them in
  meaning and in words is weighed, too (Rocchio 1971, "Relevance feedback in information retrieval", with the scores of
  the first step in place of a reader's judgement; a paragraph never counts for itself);
- from `MANY` on, scores are spread over nearest neighbours instead (spreading.py).

The weights are logistic regressions fitted to several codebooks on several corpora, none of them the user's.
experiments/benchmarks/coding.py fits them, and scores each codebook with weights that were fitted without it.
`deciding.py` turns scores into decisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from toolkit.coding.background import Background, Near, Pull
from toolkit.coding.by_meaning import wide
from toolkit.coding.evidence import Evidence
from toolkit.coding.spreading import FEWEST_PARAGRAPHS, Spread, spread, spread_further
from toolkit.files.tuned import tuned
from toolkit.values import Bools, Floats, Vectors

TUNED = tuned("toolkit.coding")

FIELD_BOUND = TUNED.by_name("field_bound")
"""Least value of `Evidence.field` for a paragraph to get a code, by kind of evidence."""
GLOSS_ALLOWANCE = TUNED.number("gloss_allowance")
"""Subtracted from the bound for paragraphs that were read word by word, because glosses are poor sentences."""
EXAMPLE_FIELD = TUNED.number("example_field")
"""Least value of `Evidence.field` for an example paragraph of the second step."""
EXAMPLE_LOG_ODDS = TUNED.number("example_log_odds")
"""Least log-odds of the first step for an example paragraph of the second."""
LARGEST_PEAK = TUNED.number("largest_peak")
"""Upper limit of a paragraph's greatest likeness to a code less its mean likeness."""
STANCE_SHARE = TUNED.number("stance_share")
"""A codebook with at least this mean has no field, because stances can be about any topic."""


@dataclass(frozen=True)
class Scores:
    """(n, c) log-odds of each code, and the values with which new paragraphs are scored in the same way: the pulls of
    the example paragraphs or, in large corpora, the paragraphs among which neighbours are sought, and the spreading.
    """

    odds: Floats
    pulls: tuple[Pull, Pull]
    near: Near | None = None
    spread: Spread | None = None


@cache
def weights() -> dict[str, dict[str, Any]]:
    """Weights of the measures by evidence ("both", "wording") and step ("first", "second"), and those of shares."""
    fitted: dict[str, dict[str, Any]] = TUNED.fitted("weights")
    return fitted


def first_measures(evidence: Evidence) -> dict[str, Floats]:
    """(n, c) measures of the first step by name."""
    measures = {"phrases": evidence.phrases}
    levels = {"meaning": evidence.meaning_level, "words": evidence.words_level}
    for name, values in (("meaning", evidence.meaning), ("words", evidence.words)):
        level, spread_of = levels[name]
        measures[f"{name}_above_level"] = np.clip((values - level) / spread_of, -3.0, 8.0)
        measures[f"{name}_below_best"] = below_best(values)
    if evidence.kind == "both" and evidence.asked is not None:
        measures["asked_meaning"] = (
            measures["meaning_above_level"] * evidence.asked
        )  # a stance has more weight than its topic
    measures |= evidence.stance
    return measures | {"against": evidence.refusal.against, "refused": evidence.refusal.refused}


def second_measures(
    evidence: Evidence, vectors: Vectors, surest_ones: Floats, known: tuple[Pull, Pull] | None = None
) -> dict[str, Floats]:
    """(n, c) measures of the second step by name: those of the first, and likeness to the example paragraphs.

    `..._peak` is the same for all codes: a paragraph's greatest likeness to a code less its mean likeness.

    `known`: the example paragraphs of another corpus, used instead of these.
    """
    measures = first_measures(evidence)
    spaces = (("like_meaning", vectors), ("like_words", evidence.word_vectors))
    for at, (name, rows) in enumerate(spaces):
        if known is None:
            near = likeness(rows, surest_ones, pull(rows, surest_ones))
        else:
            near = likeness(rows, np.zeros_like(surest_ones), known[at].widened(rows.shape[1]))
        mean = near.mean(axis=1, keepdims=True)
        measures[f"{name}_above_mean"] = near - mean
        measures[f"{name}_peak"] = np.broadcast_to(
            np.minimum(near.max(axis=1, keepdims=True) - mean, LARGEST_PEAK), near.shape
        )
    return measures


def surest(evidence: Evidence, first: Floats, bounded: bool) -> Floats:
    """(n, c) weight of each paragraph as an example of each code in the second step; 0 for most."""
    sure = 1 / (1 + np.exp(EXAMPLE_LOG_ODDS - first))
    speaks = evidence.field >= EXAMPLE_FIELD if bounded else np.ones(len(first), bool)
    return np.asarray(np.where((sure > 0.5) & speaks[:, None], sure, 0.0))


def below_best(values: Floats) -> Floats:
    """(n, c) values less the value of the paragraph's best code."""
    return np.asarray(values - values.max(axis=1, keepdims=True)) if values.size else values


def pull(rows: Any, weights_of: Floats) -> Pull:
    """The weighted sums of each code's example rows, from (n, d) rows, dense or sparse, and (n, c) weights."""
    if hasattr(rows, "multiply"):
        mean = np.asarray(rows.mean(axis=0)).ravel() if rows.shape[0] else np.zeros(rows.shape[1])
        return Pull(mean, weights_of.sum(axis=0), np.asarray((rows.T @ weights_of).T))
    total, sums, start = np.zeros(rows.shape[1]), np.zeros((weights_of.shape[1], rows.shape[1])), 0
    for block in wide(rows):
        total += block.sum(axis=0)
        sums += weights_of[start : start + len(block)].T @ block
        start += len(block)
    return Pull(total / max(len(rows), 1), weights_of.sum(axis=0), sums)


def likeness(rows: Any, weights_of: Floats, towards: Pull) -> Floats:
    """(n, c) cosine of each row with the weighted sum of the other examples of a code, all less their mean.

    `weights_of` (n, c) are the rows' own weights in that sum. The value is 0 if the other weights add up to less than
    .8: the code has no other example.
    """
    if hasattr(rows, "multiply"):
        return _likeness(rows, weights_of, towards)
    parts, start = [], 0
    for block in wide(rows):
        parts.append(_likeness(block, weights_of[start : start + len(block)], towards))
        start += len(block)
    return np.concatenate(parts)


def _likeness(rows: Any, weights_of: Floats, towards: Pull) -> Floats:
    mean, total = towards.mean, towards.total
    sums = towards.sums - total[:, None] * mean  # (c, d) of centred rows
    square = np.asarray((rows.multiply(rows) if hasattr(rows, "multiply") else rows * rows).sum(axis=1)).ravel()
    norms = np.maximum(square - 2 * np.asarray(rows @ mean).ravel() + mean @ mean, 1e-12)  # squared, centred
    dots = np.asarray(rows @ sums.T) - (sums @ mean)[None, :]
    others = dots - weights_of * norms[:, None]
    length = (sums**2).sum(axis=1)[None, :] - 2 * weights_of * dots + weights_of**2 * norms[:, None]
    cosine = others / np.sqrt(np.maximum(length, 1e-12) * norms[:, None])
    return np.asarray(np.where(total - weights_of > 0.8, np.clip(cosine, -1.0, 1.0), 0.0))


def is_bounded(evidence: Evidence, covers: str) -> bool:
    """Whether the codebook has a field, outside which no paragraph gets a code.

    It has none if `covers` is everything, or if it requires stances more than topics.
    """
    asked = 0.0 if evidence.asked is None else float(np.mean(evidence.asked))
    return covers == "field" and asked < STANCE_SHARE


def inside(evidence: Evidence, bounded: bool = True, glossed: Bools | None = None) -> Bools:
    """(n,) whether each paragraph is in the codebook's field; all are if it has none.

    `glossed` (n,): which paragraphs were read word by word in another language.
    """
    if not bounded:
        return np.ones(len(evidence.field), bool)
    nearer = GLOSS_ALLOWANCE * glossed if glossed is not None else 0.0
    return np.asarray(evidence.field >= FIELD_BOUND[evidence.kind] - nearer)


def weigh(measures: dict[str, Floats], by: dict[str, float]) -> Floats:
    """(n, c) log-odds: the weighted sum of the measures plus an intercept."""
    total = np.full(measures["phrases"].shape, by.get("intercept", 0.0))
    for name, values in measures.items():
        total = total + by.get(name, 0.0) * values
    return total


def score(evidence: Evidence, vectors: Vectors, bounded: bool, by: dict[str, Any] | None = None) -> Scores:
    """The log-odds of each code in each paragraph; `by` replaces the weights of the package."""
    by = weights()[evidence.kind] if by is None else by
    first = weigh(first_measures(evidence), by["first"])
    sure = surest(evidence, first, bounded)
    pulls = pull(vectors, sure), pull(evidence.word_vectors, sure)
    if len(first) >= FEWEST_PARAGRAPHS:
        made, near, about = spread(first, vectors)
        if about.used:
            return Scores(made, pulls, near, about)
        return Scores(weigh(second_measures(evidence, vectors, sure), by["second"]), pulls, None, about)
    return Scores(weigh(second_measures(evidence, vectors, sure), by["second"]), pulls)


def score_further(evidence: Evidence, vectors: Vectors, known: Background) -> Floats:
    """(n, c) log-odds of new paragraphs, by the background of another corpus."""
    by = weights()[evidence.kind]
    first = weigh(first_measures(evidence), by["first"])
    if known.near is not None:
        return spread_further(first, vectors, known.near)
    return weigh(second_measures(evidence, vectors, np.zeros_like(first), known.pulls), by["second"])


def background_of(evidence: Evidence, scores: Scores, offset: Floats) -> Background:
    """The background for new paragraphs: the levels, words, example paragraphs and offsets of this corpus."""
    return Background(
        len(evidence.words),
        tuple(evidence.holders),
        np.array(list(evidence.holders.values()), np.int32),
        evidence.meaning_level,
        evidence.words_level,
        scores.pulls,
        offset,
        scores.near,
    )


def logistic(odds: Floats) -> Floats:
    """The probability with these log-odds, in (0, 1)."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -500, 500))))

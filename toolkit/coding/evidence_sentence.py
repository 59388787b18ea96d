"""The evidence sentence: the sentence of a paragraph that supports a code most, and how well it does so alone.

Each sentence is scored as a paragraph is: by its own wording and meaning, against the codebook's other codes and
against what the code leaves out. The weights of `quote_weights.json` are a logistic regression fitted to sentences of
the shipped study that were judged with the code's definition alone beside them (experiments/benchmarks/quotes.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from toolkit.coding.by_meaning import Encode
from toolkit.coding.code_terms import Wanted
from toolkit.coding.evidence import Evidence
from toolkit.coding.exclusions import refusal_by_meaning
from toolkit.coding.sentences import Passages
from toolkit.files.tuned import tuned
from toolkit.values import Bools, Floats, Ints

TUNED = tuned("toolkit.coding")

MOST_PARAGRAPHS = 15
"""Most probable paragraphs of a code whose sentences are embedded; a report shows four quotes of a code."""
MOST_SENTENCES = 12
"""Sentences of a paragraph that are embedded for a code: those with the most wording."""
FULL_LENGTH_WORDS = TUNED.whole("full_length_words")
"""Longer sentences get no more points: a sentence of this length can be understood alone."""
LEAST_LEAD = TUNED.number("least_lead")
"""Lower limit of a code's log-odds less those of the paragraph's best code."""
LEAST_USUAL_NATS = TUNED.number("least_usual_nats")
"""Lower limit of a code's usual wording, because in few words of general English a code's wording is rare."""


@dataclass(frozen=True)
class Carriers:
    """The sentence of each paragraph that supports each code most.

    `rows` (n, c): rows of `Passages`. `score` (n, c): how well that sentence supports the code alone, in (0, 1);
    NaN if no sentence was scored for the code. `embedded`: number of sentences that were embedded for it.
    """

    rows: Ints
    score: Floats
    embedded: int


@cache
def weights() -> dict[str, dict[str, float]]:
    """Weights of the measures: by evidence ("both", "wording") and measure."""
    fitted: dict[str, dict[str, float]] = TUNED.fitted("quote_weights")
    return fitted


def carriers(
    evidence: Evidence,
    passages: Passages,
    all_wanted: Sequence[Wanted],
    odds: Floats,
    surety: Floats,
    assigned: Bools,
    encode: Encode | None,
) -> Carriers:
    """The sentence of every paragraph for every code.

    Args:
        odds: (n, c) log-odds of the codes in the paragraphs, by the scoring.
        surety: (n, c) rank values of a code's paragraphs, the first greatest; -inf for paragraphs without evidence.
        assigned: (n, c) which paragraphs carry which code.
        encode: the model; if None, wording alone decides.

    The sentences of the first paragraphs with a code are scored. In all other paragraphs the first sentence with the
    most wording is taken, and its score is NaN.
    """
    n, c = len(passages.paragraphs), evidence.sentence_words.shape[1]
    strength, known = np.array(evidence.sentence_words), np.zeros(evidence.sentence_words.shape, bool)
    pairs = _candidates(evidence, passages, surety, assigned)
    sentences = np.array(sorted({row for rows in pairs.values() for row in rows}), int)
    embedded = 0
    if len(sentences):
        measures = sentence_measures(evidence, passages, all_wanted, sentences, encode)
        embedded = len({passages.read[row] for row in sentences}) if "below_best" in measures else 0
        measures["paragraph_lead"] = paragraph_lead(odds)[passages.owner[sentences]]
        carried = log_odds(measures)
        place = {row: index for index, row in enumerate(sentences.tolist())}
        for (owner, code), rows in pairs.items():
            strength[_all_rows(passages, owner), code] = -np.inf
            strength[rows, code] = carried[[place[row] for row in rows], code]
            known[rows, code] = evidence.sentence_words[:, code].any()  # a code without any wording is not judged
    best = _first_best(strength, passages)
    column = np.arange(c)
    score = np.full((n, c), np.nan) if not n else np.where(known[best, column], strength[best, column], np.nan)
    return Carriers(best, np.asarray(1 / (1 + np.exp(-np.clip(score, -500, 500)))), embedded)


def paragraph_lead(odds: Floats) -> Floats:
    """(n, c) log-odds of a code in a paragraph less those of its best code, in [-6, 0]."""
    return np.asarray(np.clip(odds - odds.max(axis=1, keepdims=True), LEAST_LEAD, 0.0))


def surety(odds: Floats, probability: Floats | None, coded: tuple[Ints, Bools] | None) -> Floats:
    """(n, c) rank values of a code's paragraphs as evidence: confirmed ones first, then by probability or log-odds.

    Args:
        coded: (m,) rows of the coded paragraphs and (m, c) their codes; paragraphs coded without it have -inf.
    """
    sure = np.array(odds if probability is None else probability, float)
    if coded is not None:
        rows, marks = coded
        top = np.abs(sure).max(initial=0.0) + 1
        sure[rows] = np.where(marks, 2 * top + sure[rows], -np.inf)
    return sure


def sentence_measures(
    evidence: Evidence, passages: Passages, all_wanted: Sequence[Wanted], rows: Ints, encode: Encode | None
) -> dict[str, Floats]:
    """(r, c) measures by name of the sentences in `rows`; without a model those of wording alone.

    `words`: square root of the nats of a code's words over the usual nats of the code in this corpus (level plus
    spread); `paragraph_words`: the same of the whole paragraph; `length`: words, 16 at most; `open`: whether a colon
    ends it, as in a heading or an address; `asked`: how much the code requires a stance, which its words do not show.
    `below_best`: meaning less that of the sentence's best code, in standard deviations above the background;
    `against`, `refused`: how much nearer the sentence is to the code's exclusions and counter-examples.
    """
    owner = passages.owner[rows]
    words = np.maximum(evidence.sentence_words[rows] - evidence.sentence_phrases[rows], 0.0)
    usual = np.maximum(sum(evidence.words_level), LEAST_USUAL_NATS)
    length = np.array([min(len(passages.stems[row]), FULL_LENGTH_WORDS) for row in rows], float)
    measures = {
        "words": np.sqrt(words / usual),
        "paragraph_words": np.sqrt(evidence.words[owner] / usual),
        "length": np.broadcast_to(length[:, None], words.shape),
        "open": np.broadcast_to([[passages.read[row].rstrip().endswith((":", "："))] for row in rows], words.shape),
    }
    if evidence.asked is not None:
        measures["asked"] = np.broadcast_to(evidence.asked, words.shape)
    if encode is None or evidence.facets is None:
        return measures
    texts = sorted({passages.read[row] for row in rows})
    place = {text: index for index, text in enumerate(texts)}
    vectors = np.asarray(encode(texts), float)[[place[passages.read[row]] for row in rows]]
    meaning = evidence.facets.nearest(vectors)
    refusal = refusal_by_meaning(all_wanted, evidence.facets, vectors, encode)
    best = meaning.max(axis=1, keepdims=True)
    return measures | {
        "meaning": meaning,
        "below_best": meaning - best,
        "against": refusal.against,
        "refused": refusal.refused,
    }


def log_odds(measures: Mapping[str, Floats]) -> Floats:
    """(r, c) log-odds that a sentence supports a code alone."""
    by = weights()["both" if "below_best" in measures else "wording"]
    total = np.full(measures["words"].shape, by["intercept"])
    for name, values in measures.items():
        total = total + by.get(name, 0.0) * values
    return total


def _candidates(
    evidence: Evidence, passages: Passages, surety: Floats, assigned: Bools
) -> dict[tuple[int, int], list[int]]:
    """(paragraph, code) -> the sentences to score, of each code's first paragraphs; ties by position."""
    chosen: dict[tuple[int, int], list[int]] = {}
    for code in range(assigned.shape[1]):
        rows = np.flatnonzero(assigned[:, code] & (surety[:, code] > -np.inf))
        for owner in rows[np.argsort(-surety[rows, code], kind="stable")][:MOST_PARAGRAPHS].tolist():
            inside = _all_rows(passages, owner)
            order = np.argsort(-evidence.sentence_words[inside, code], kind="stable")[:MOST_SENTENCES]
            chosen[owner, code] = (inside[0] + np.sort(order)).tolist()
    return chosen


def _all_rows(passages: Passages, owner: int) -> Ints:
    """Rows of the sentences of a paragraph."""
    first, last = np.searchsorted(passages.owner, [owner, owner + 1])
    return np.arange(first, last)


def _first_best(strength: Floats, passages: Passages) -> Ints:
    """(n, c) row of the first of each paragraph's strongest sentences."""
    n, c = len(passages.paragraphs), strength.shape[1]
    best = np.full((n, c), -1, np.int32)
    top = np.full((n, c), -np.inf)
    for row, owner in enumerate(passages.owner):
        better = (strength[row] > top[owner] + 1e-9) | (best[owner] < 0)
        best[owner] = np.where(better, row, best[owner])
        top[owner] = np.where(better, strength[row], top[owner])
    return best

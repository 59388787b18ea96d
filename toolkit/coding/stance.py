"""How much each paragraph takes the stance that a code requires: doubt, criticism, conflict, a question and others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from toolkit.coding.by_meaning import Encode, background, wide
from toolkit.coding.code_terms import Wanted
from toolkit.coding.sentences import Passages
from toolkit.coding.stance_classes import classes
from toolkit.coding.tokens import general_rate
from toolkit.values import Floats, Sparse, Vectors

_PRONOUN = re.compile(r"(?<![\w.])I(?![\w.])")
_SINGLE_CUE_RATES = {"?": 0.004, "i": 0.01}
"""Rates per running word of general English of the question mark and of the pronoun I."""
PAIR_CUE_RATE = 1e-5
"""Rate of a cue of two words per running word of general English."""


def stance_of_codes(all_wanted: Sequence[Wanted]) -> Floats:
    """(c, k) how much each code requires each class of stance; the absolute values of a row add up to at most 1."""
    asks = np.array([wanted.stance for wanted in all_wanted], float).reshape(len(all_wanted), -1)
    return np.asarray(asks / np.maximum(np.abs(asks).sum(axis=1, keepdims=True), 1.0))


def asks_for_stance(all_wanted: Sequence[Wanted]) -> Floats:
    """(c,) how much each code requires any stance, in [0, 1]; 0 for a code that is about a topic alone."""
    return np.asarray(np.maximum(stance_of_codes(all_wanted), 0.0).sum(axis=1))


def stance_measures(
    all_wanted: Sequence[Wanted],
    passages: Passages,
    vectors: Vectors | None = None,
    encode: Encode | None = None,
    neutral: Floats | None = None,
) -> dict[str, Floats]:
    """(n, c) measures by name: `stance_words`, and `stance_meaning` if there is a model; 0 if no stance is required.

    Args:
        vectors: (n, d) unit rows of the paragraphs by the model that `encode` embeds texts with.
        neutral: the fixed background's rows by that model; computed if not given.
    """
    measures = {"stance_words": stance_by_words(all_wanted, passages)}
    if vectors is not None and encode is not None:
        measures["stance_meaning"] = stance_by_meaning(all_wanted, vectors, encode, neutral)
    return measures


def stance_by_words(all_wanted: Sequence[Wanted], passages: Passages) -> Floats:
    """(n, c) cues of the required stance above their number in general English; 0 for codes that require none.

    A class with x cues in a paragraph where general English has m counts 2 (sqrt(x + 3/8) - sqrt(m + 3/8)), whose
    variance is 1 (Anscombe 1948, "The transformation of Poisson, binomial and negative-binomial data").
    """
    asks = stance_of_codes(all_wanted)
    if not asks.any():
        return np.zeros((len(passages.paragraphs), len(all_wanted)))
    rows, length = _cue_counts(passages)
    members, rates = _members()
    return np.asarray((2 * (np.sqrt(rows @ members + 0.375) - np.sqrt(np.outer(length, rates) + 0.375))) @ asks.T)


def stance_by_meaning(
    all_wanted: Sequence[Wanted], vectors: Vectors, encode: Encode, neutral: Floats | None = None
) -> Floats:
    """(n, c) nearness of each paragraph to sentences that take the required stance; 0 if none is required.

    The cosine with the mean of a class's sentences, in standard deviations above the fixed background, by the
    model of `encode` and of the (n, d) `vectors`.
    """
    asks = stance_of_codes(all_wanted)
    nearness = np.zeros((len(vectors), asks.shape[1]))
    numbers = np.flatnonzero(asks.any(axis=0))
    if not len(numbers):
        return np.zeros((len(vectors), len(all_wanted)))
    general_rows = np.asarray(encode(background()), float) if neutral is None else neutral
    for number in numbers:
        towards = np.asarray(encode(classes()[number].says), float).mean(axis=0)
        general = general_rows @ towards
        cosine = np.concatenate([block @ towards for block in wide(vectors)])
        nearness[:, number] = (cosine - general.mean()) / max(general.std(), 1e-3)
    return np.asarray(nearness @ asks.T)


@cache
def _cues() -> dict[tuple[str, ...], int]:
    """cue -> its column."""
    return {cue: column for column, cue in enumerate(sorted({cue for stance in classes() for cue in stance.cues}))}


@cache
def _members() -> tuple[Floats, Floats]:
    """(cues, k) 1 where a cue belongs to a class, and (k,) the cues of a class per running word of general English."""
    members = np.array([[cue in stance.cues for stance in classes()] for cue in _cues()], float)
    return members, np.array([_rate(cue) for cue in _cues()]) @ members


def _rate(cue: tuple[str, ...]) -> float:
    return PAIR_CUE_RATE if len(cue) > 1 else _SINGLE_CUE_RATES.get(cue[0], general_rate(cue[0]))


def _cue_counts(passages: Passages) -> tuple[Sparse, Floats]:
    """(n, cues) sparse counts of the cues in each paragraph, and (n,) its number of English words."""
    from scipy.sparse import csr_matrix

    single = {cue[0]: column for cue, column in _cues().items() if len(cue) == 1}
    pairs = {cue: column for cue, column in _cues().items() if len(cue) == 2}
    leads = {cue[0] for cue in pairs}
    owner: list[int] = []
    columns: list[int] = []
    length = np.zeros(len(passages.paragraphs))
    for row, text, stems in zip(passages.owner.tolist(), passages.read, passages.stems, strict=True):
        cues = [single[word] for word in stems if word in single]
        if not leads.isdisjoint(stems):
            cues += [pairs[pair] for pair in pairwise(stems) if pair in pairs]
        cues += [single["?"]] * text.count("?")
        cues += [single["i"]] * len(_PRONOUN.findall(text)) if "I" in text else []
        owner += [row] * len(cues)
        columns += cues
        length[row] += len(stems) if text.isascii() else sum(word.isascii() for word in stems)
    shape = (len(passages.paragraphs), len(_cues()))
    return csr_matrix((np.ones(len(columns)), (owner, columns)), shape=shape), length

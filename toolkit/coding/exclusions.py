"""How much closer a paragraph is to a code's exclusions and counter-examples than to what the code covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.coding.by_meaning import Encode, Facets, wide
from toolkit.coding.by_wording import incidence
from toolkit.coding.code_terms import Wanted, content
from toolkit.coding.tokens import tokens
from toolkit.values import Floats, Vectors

LIKENESS_FLOOR = 0.5
"""Least likeness to a counter-example (cosine, or share of its words) that counts."""
WORDS_SCALE = 6.0
"""Factor from a share of a rule's words to spreads above the background, if there is no model."""
FEWEST_FACET_WORDS = 4
"""Least number of content words of a text whose shared words measure its likeness to a paragraph."""
LEAST_RULE_SHARE = 0.3
"""Least share of a rule's words that counts."""


@dataclass(frozen=True)
class Refusal:
    """How much nearer each paragraph is to what a code excludes than to what it covers: (n, c) each, 0 for most.

    `against`: how much nearer a rule of exclusion is than anything that the code covers, in standard deviations of the
    background. `refused`: how much more a paragraph is like a counter-example than like anything that the code
    covers, as a difference of cosines (or of shares of words).
    """

    against: Floats
    refused: Floats


def refusal_by_meaning(all_wanted: Sequence[Wanted], facets: Facets, vectors: Vectors, encode: Encode) -> Refusal:
    """The refusal measured by the run's model."""
    n, c = len(vectors), len(all_wanted)
    against, refused = np.zeros((n, c)), np.zeros((n, c))
    texts = sorted({text for wanted in all_wanted for text in (*wanted.against, *wanted.refused)})
    if not texts:
        return Refusal(against, refused)
    unit = np.asarray(encode(texts), float)
    neutral = facets.background @ unit.T
    cosine = np.concatenate([block @ unit.T for block in wide(vectors)])
    above = (cosine - neutral.mean(axis=0)) / np.maximum(neutral.std(axis=0), 1e-3)
    covered, covered_cosine = facets.nearest(vectors), facets.cosine(vectors)
    place = {text: column for column, text in enumerate(texts)}
    for code, wanted in enumerate(all_wanted):
        if wanted.against:
            nearest = above[:, [place[text] for text in wanted.against]].max(axis=1)
            against[:, code] = np.maximum(nearest - covered[:, code], 0.0)
        if wanted.refused:
            nearest = cosine[:, [place[text] for text in wanted.refused]].max(axis=1)
            refused[:, code] = np.maximum(nearest - np.maximum(covered_cosine[:, code], LIKENESS_FLOOR), 0.0)
    return Refusal(against, refused)


def refusal_by_words(
    all_wanted: Sequence[Wanted], stems: Sequence[Sequence[str]], rare: Mapping[str, float]
) -> Refusal:
    """The refusal measured by shared words alone, if there is no model."""
    n, c = len(stems), len(all_wanted)
    against, refused = np.zeros((n, c)), np.zeros((n, c))
    for code, wanted in enumerate(all_wanted):
        long = [
            text for text in wanted.facets if len(set(content(tokens(text)))) >= FEWEST_FACET_WORDS
        ]  # one word is contained or not
        covered = _word_shares(long, stems, rare).max(axis=1, initial=0.0)
        if wanted.against:
            nearest = _word_shares(wanted.against, stems, rare).max(axis=1)
            against[:, code] = WORDS_SCALE * np.maximum(nearest - np.maximum(covered, LEAST_RULE_SHARE), 0.0)
        if wanted.refused:
            nearest = _word_shares(wanted.refused, stems, rare).max(axis=1)
            refused[:, code] = np.maximum(nearest - np.maximum(covered, LIKENESS_FLOOR), 0.0)
    return Refusal(against, refused)


def _word_shares(texts: Sequence[str], stems: Sequence[Sequence[str]], rare: Mapping[str, float]) -> Floats:
    """(n, texts) share of each text's content words, weighted by rarity, that each paragraph contains."""
    shares = np.zeros((len(stems), len(texts)))
    for column, text in enumerate(texts):
        words = sorted(set(content(tokens(text))))
        weights = np.array([rare.get(word, 8.0) for word in words])
        if len(words):
            place = {word: row for row, word in enumerate(words)}
            shares[:, column] = np.asarray(incidence(place, stems) @ weights) / weights.sum()
    return shares

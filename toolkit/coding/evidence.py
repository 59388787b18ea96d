"""The evidence for each code in each paragraph, by meaning and by wording, and its usual level in the corpus."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.coding.background import Background
from toolkit.coding.by_meaning import Encode, Facets, background, embed_facets
from toolkit.coding.by_wording import lookup, phrases, word_vectors
from toolkit.coding.code_terms import Wanted
from toolkit.coding.exclusions import Refusal, refusal_by_meaning, refusal_by_words
from toolkit.coding.sentences import Passages
from toolkit.coding.stance import asks_for_stance, stance_measures
from toolkit.coding.tokens import tokens
from toolkit.files.tuned import tuned
from toolkit.values import Floats, Sparse, Vectors

TUNED = tuned("toolkit.coding")

BACKGROUND_PARAGRAPHS = TUNED.whole("background_paragraphs")
"""Weight of the fixed background, in paragraphs of the corpus, in the level of a code."""
CROWDING_SLOPE = TUNED.number("crowding_slope")
"""Slope of the exponential weight of a neighbouring code."""
NEAR_CODE_COSINE = TUNED.number("near_code_cosine")
"""Cosine at which a neighbouring code has the weight 1."""
NEAREST_CODES = TUNED.whole("nearest_codes")
"""Number of nearest codes whose mean cosine measures how near a paragraph is to the codebook's field."""


@dataclass(frozen=True)
class Evidence:
    """(n, c) evidence of each paragraph for each code.

    `meaning`: cosine with the nearest of the code's facets, in standard deviations above the fixed background (zeros
    without a model). `words`, `phrases`: nats of rarity. `..._level`: (c,) level and (c,) spread of each code's
    background in this corpus, the fixed background counted in. `field` (n,): nearness of the whole
    paragraph to the codebook's field, in spreads above the fixed background. `refusal`: nearness to what the codes
    exclude. `stance`: measures of the stance that a code requires, by name; `asked` (c,): how much it requires one.
    `crowding` (c,): how crowded the codebook is around each code.
    """

    meaning: Floats
    words: Floats
    phrases: Floats
    meaning_level: tuple[Floats, Floats]
    words_level: tuple[Floats, Floats]
    field: Floats
    kind: str  # both, or wording if there is no model
    word_vectors: Sparse  # (n, v) sparse unit rows
    holders: Mapping[str, int]  # stem -> paragraphs with it, in the order of the columns of word_vectors
    sentence_words: Floats  # (s, c) words and phrases of each sentence
    sentence_phrases: Floats  # (s, c) phrases alone
    facets: Facets | None
    refusal: Refusal
    stance: Mapping[str, Floats] = dataclasses.field(default_factory=dict)
    asked: Floats | None = None
    crowding: Floats = dataclasses.field(default_factory=lambda: np.zeros(0))


def gather(
    all_wanted: Sequence[Wanted],
    shared: dict[str, float],
    passages: Passages,
    vectors: Vectors,
    encode: Encode | None,
    known: Background | None = None,
) -> Evidence:
    """The evidence of every paragraph for every code; without `encode`, that of wording alone.

    `known`: the background of another corpus, used instead of that of these paragraphs.
    """
    stems = passages.paragraph_stems()
    general = [tokens(sentence) for sentence in background()]
    table = lookup(all_wanted, shared, stems, known.holders if known else None)
    neutral = lookup(all_wanted, shared, general, None)
    sentence_phrases = phrases(all_wanted, passages.stems, table.rare)
    n, c = len(stems), len(all_wanted)
    meaning, neutral_meaning = np.zeros((n, c)), np.zeros((len(general), c))
    nearness = _nearness_by_words(table.words(stems), stems), _nearness_by_words(neutral.words(general), general)
    facets = embed_facets(all_wanted, encode) if encode is not None else None
    if facets is not None:
        meaning, neutral_meaning = facets.nearest(vectors), facets.nearest(facets.background)
        nearness = facets.cosine(vectors), facets.cosine(facets.background)
    words = table.words(stems)
    refusal = refusal_by_words(all_wanted, stems, table.rare)
    if facets is not None and encode is not None:
        refusal = refusal_by_meaning(all_wanted, facets, vectors, encode)
    columns = known.words if known else tuple(sorted(table.rare))
    return Evidence(
        meaning=meaning,
        words=words,
        phrases=most(sentence_phrases, passages),
        meaning_level=known.meaning_level if known else _level(meaning, neutral_meaning),
        words_level=known.words_level if known else _level(words, neutral.words(general)),
        field=_field(*nearness),
        kind="both" if facets is not None else "wording",
        word_vectors=word_vectors(stems, table.rare, columns),
        holders={word: table.holder_counts.get(word, 0) for word in columns},
        sentence_words=table.words(passages.stems) + sentence_phrases,
        sentence_phrases=sentence_phrases,
        facets=facets,
        refusal=refusal,
        stance=stance_measures(all_wanted, passages, vectors, encode, facets.background if facets else None),
        asked=asks_for_stance(all_wanted),
        crowding=_crowding(all_wanted, facets),
    )


def _crowding(all_wanted: Sequence[Wanted], facets: Facets | None) -> Floats:
    """(c,) log of 1 + the weighted number of other codes near each code.

    The weight is exp(8 (cosine - .4)): the cosine of names with definitions less the background's mean or, without a
    model, of the codes' words.
    """
    if facets is not None:
        rows = facets.first() - facets.background.mean(axis=0)
    else:
        place = {
            word: column for column, word in enumerate(sorted({word for wanted in all_wanted for word in wanted.words}))
        }
        rows = np.zeros((len(all_wanted), len(place)))
        for row, wanted in enumerate(all_wanted):
            rows[row, [place[word] for word in wanted.words]] = list(wanted.words.values())
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    near = np.exp(CROWDING_SLOPE * (rows @ rows.T - NEAR_CODE_COSINE))
    np.fill_diagonal(near, 0.0)
    return np.asarray(np.log1p(near.sum(axis=1)))


def _nearness_by_words(words: Floats, texts: Sequence[Sequence[str]]) -> Floats:
    """(n, c) worth of words for the length of each text: nearness to the codes if there is no model."""
    length = np.array([max(len(stems), 5) for stems in texts], dtype=float)
    return np.asarray(words / np.sqrt(length)[:, None])


def _level(corpus: Floats, neutral: Floats) -> tuple[Floats, Floats]:
    """(c,) background level and spread of each code in the corpus; the fixed background counts as 30 paragraphs."""
    n = len(corpus)
    if not n:
        corpus = neutral
    share = n / (n + BACKGROUND_PARAGRAPHS)
    level = share * np.median(corpus, axis=0) + (1 - share) * np.median(neutral, axis=0)
    spread = share * _spread(corpus) + (1 - share) * _spread(neutral)
    return level, np.maximum(spread, 0.5 * np.median(spread)) + 1e-6


def _spread(values: Floats) -> Floats:
    """(c,) interquartile range / 1.349 (the standard deviation of a normal), or the standard deviation if it is 0."""
    low, high = np.quantile(values, [0.25, 0.75], axis=0)
    robust = (high - low) / 1.349
    return np.asarray(np.where(robust > 0, robust, values.std(axis=0)))


def _field(corpus: Floats, neutral: Floats) -> Floats:
    """(n,) mean nearness to the three nearest codes above the background's median, in its lower spread."""
    paragraphs, general = _near(corpus), _near(neutral)
    low, middle = np.quantile(general, [0.16, 0.5])
    return np.asarray((paragraphs - middle) / max(middle - low, 1e-3))


def _near(nearness: Floats) -> Floats:
    return np.asarray(np.sort(nearness, axis=1)[:, ::-1][:, :NEAREST_CODES].mean(axis=1))


def most(sentences: Floats, passages: Passages) -> Floats:
    """(n, c) the greatest value among each paragraph's sentences."""
    greatest = np.full((len(passages.paragraphs), sentences.shape[1]), -np.inf)
    np.maximum.at(greatest, passages.owner, sentences)
    return greatest

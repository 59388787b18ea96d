"""All evidence for each code in each paragraph: by meaning and by wording, whole and sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from toolkit.codebook.meaning import Encode, Facets, Nearness, embed_facets, nearness
from toolkit.codebook.mining import Wanted
from toolkit.codebook.passages import Passages
from toolkit.codebook.wording import Wording, wording
from toolkit.values import Bools, Floats, Ints, Tick, Vectors

NO_MEANING = 0.0


@dataclass(frozen=True)
class Evidence:
    """(n, c) measures of each paragraph for each code; `carrier` (n, c) is the row of its most telling sentence.

    Nearness is in standard deviations above a fixed background of general sentences; words and phrases in nats of
    rarity.
    """

    definition: Floats  # paragraph with name and definition
    rule: Floats  # paragraph with the nearest rule, keyword list or example
    against: Floats  # nearest exclusion or counter-example, minus the nearest rule
    sentence_definition: Floats  # best sentence with name and definition
    sentence_rule: Floats  # best sentence with the nearest rule, keyword list or example
    words: Floats  # the code's words in the paragraph
    sentence_words: Floats  # the code's words in its best sentence
    phrases: Floats  # the code's phrases in its best sentence
    unwanted: Floats  # words that stand only in `exclude`, in the paragraph
    carrier: Ints

    def measures(self) -> dict[str, Floats]:
        """The measures by name, in order."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "carrier"}


def gather(
    all_wanted: Sequence[Wanted],
    shared: dict[str, float],
    passages: Passages,
    vectors: Vectors,
    encode: Encode | None,
    tick: Tick,
) -> Evidence:
    """Evidence of every paragraph for every code.

    Sentences are embedded only where they can matter: see `candidates`. Without `encode` only wording speaks.
    """
    by_words = wording(all_wanted, shared, passages)
    n, c = by_words.paragraph_words.shape
    nothing = np.full((n, c), NO_MEANING)
    if encode is None:
        whole = Nearness(nothing, nothing, nothing)
        sentences = Nearness(*(np.zeros(by_words.words.shape) for _ in range(3)))
    else:
        facets = embed_facets(all_wanted, encode)
        whole = nearness(facets, vectors, c)
        chosen = candidates(whole, by_words, passages)
        sentences = _sentence_nearness(facets, whole, chosen, passages, encode, c)
    tick(1, 1)
    strength = by_words.words / 4 + by_words.phrases / 4 + np.maximum(sentences.rule, sentences.definition)
    return Evidence(
        definition=whole.definition,
        rule=whole.rule,
        against=np.maximum(whole.against - whole.rule, -5.0),
        sentence_definition=_top(sentences.definition, passages, n),
        sentence_rule=_top(sentences.rule, passages, n),
        words=by_words.paragraph_words,
        sentence_words=_top(by_words.words, passages, n),
        phrases=by_words.paragraph_phrases,
        unwanted=_top(by_words.unwanted, passages, n),
        carrier=carriers(strength, passages),
    )


def candidates(whole: Nearness, by_words: Wording, passages: Passages) -> Bools:
    """(s,) sentences worth embedding. All of them for now."""
    return np.ones(len(passages.sentences), bool)


def _sentence_nearness(
    facets: Facets, whole: Nearness, chosen: Bools, passages: Passages, encode: Encode, codes: int
) -> Nearness:
    """Nearness of every sentence: its own where embedded, its paragraph's elsewhere."""
    found = [np.array(getattr(whole, name)[passages.owner]) for name in ("definition", "rule", "against")]
    rows = np.flatnonzero(chosen)
    if len(rows):
        texts = [passages.sentences[row] for row in rows]
        unique = sorted(set(texts))
        place = {text: row for row, text in enumerate(unique)}
        vectors = np.asarray(encode(unique))[[place[text] for text in texts]]
        own = nearness(facets, vectors, codes)
        for target, values in zip(found, (own.definition, own.rule, own.against), strict=True):
            target[rows] = values
    return Nearness(*found)


def _top(values: Floats, passages: Passages, n: int) -> Floats:
    found = np.full((n, values.shape[1]), -np.inf)
    np.maximum.at(found, passages.owner, values)
    return found


def carriers(strength: Floats, passages: Passages) -> Ints:
    """(n, c) the row of each paragraph's sentence with the greatest strength for each code, the first of equals."""
    n = len(passages.paragraphs)
    best = np.full((n, strength.shape[1]), -1, np.int32)
    top = np.full((n, strength.shape[1]), -np.inf)
    for row, owner in enumerate(passages.owner):
        better = strength[row] > top[owner] + 1e-12
        best[owner] = np.where(better, row, best[owner])
        top[owner] = np.where(better, strength[row], top[owner])
    return best

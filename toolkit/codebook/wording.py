"""How far the words of each sentence are the words of each code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.codebook.mining import Wanted
from toolkit.codebook.passages import Passages
from toolkit.codebook.words import empty_stems, rarity
from toolkit.values import Floats


@dataclass(frozen=True)
class Wording:
    """Evidence by words, in nats of rarity: (s, c) a sentence, (n, c) a paragraph.

    `words` adds the rarity of the code's words that occur (each once), `phrases` that of its whole phrases, `unwanted`
    that of words that stand only in the code's `exclude`.
    """

    words: Floats
    phrases: Floats
    unwanted: Floats
    paragraph_words: Floats
    paragraph_phrases: Floats


def wording(all_wanted: Sequence[Wanted], shared: dict[str, float], passages: Passages) -> Wording:
    """Wording evidence of every sentence and paragraph for every code.

    A word counts its rarity (mean of its rarity in general English and in the corpus at hand) times its weight in the
    code times 1 / sqrt(codes that want it); a phrase counts where its stems stand together in their order.
    """
    vocabulary = sorted({word for one in all_wanted for source in (one.words, one.unwanted) for word in source})
    rare = rarity(_all_stems(all_wanted) | set(vocabulary), passages.paragraph_stems())
    place = {word: row for row, word in enumerate(vocabulary)}
    held = _incidence(place, passages.stems)
    of_paragraph = _incidence(place, passages.paragraph_stems())
    weights = _weights(place, [one.words for one in all_wanted], rare, shared)
    against = _weights(place, [one.unwanted for one in all_wanted], rare, {})
    phrases = _phrases(all_wanted, passages, rare)
    return Wording(
        words=np.asarray(held @ weights),
        phrases=phrases,
        unwanted=np.asarray(held @ against),
        paragraph_words=np.asarray(of_paragraph @ weights),
        paragraph_phrases=_most(phrases, passages),
    )


def _all_stems(all_wanted: Sequence[Wanted]) -> set[str]:
    return {word for one in all_wanted for phrase in one.phrases for word in phrase}


def _incidence(place: dict[str, int], texts: Sequence[Sequence[str]]) -> Any:
    """(texts, words) sparse 0/1: which of the words each text holds."""
    from scipy.sparse import csr_matrix

    indices, pointers = [], [0]
    for stems in texts:
        indices += sorted({place[word] for word in stems if word in place})
        pointers.append(len(indices))
    return csr_matrix((np.ones(len(indices)), indices, pointers), shape=(len(texts), len(place)))


def _weights(
    place: dict[str, int], wanted_words: Sequence[dict[str, float]], rare: dict[str, float], shared: dict[str, float]
) -> Floats:
    weights = np.zeros((len(place), len(wanted_words)))
    for code, words in enumerate(wanted_words):
        for word, weight in words.items():
            weights[place[word], code] = weight * rare[word] * shared.get(word, 1.0)
    return weights


def _phrases(all_wanted: Sequence[Wanted], passages: Passages, rare: dict[str, float]) -> Floats:
    """(s, c) the summed rarity of the distinct phrases that stand in each sentence."""
    found = np.zeros((len(passages.sentences), len(all_wanted)))
    lines = [f" {' '.join(stems)} " for stems in passages.stems]
    empty = empty_stems()
    for code, one in enumerate(all_wanted):
        for phrase, weight in one.phrases.items():
            needle = f" {' '.join(phrase)} "
            value = weight * sum(rare[word] for word in phrase if word not in empty)
            for row, line in enumerate(lines):
                if needle in line:
                    found[row, code] += value
    return found


def _most(sentences: Floats, passages: Passages) -> Floats:
    """(n, c) the greatest value among each paragraph's sentences."""
    found = np.zeros((len(passages.paragraphs), sentences.shape[1]))
    np.maximum.at(found, passages.owner, sentences)
    return found

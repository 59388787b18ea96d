"""How much of each code's wording a text contains: the same words, their inflections or related words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from toolkit.coding.code_terms import Wanted, content
from toolkit.coding.related_words import relatedness
from toolkit.coding.tokens import PARAGRAPH_WORDS, empty_stems, holders, rarity
from toolkit.values import Floats, Sparse

Stems = Sequence[Sequence[str]]
ADJACENT_NATS = log(PARAGRAPH_WORDS)


@dataclass(frozen=True)
class Lookup:
    """The worth of each word of some texts to each code: (words, codes), in nats of rarity."""

    place: dict[str, int]
    worth: Floats
    rare: dict[str, float]
    holder_counts: Mapping[str, int]

    def words(self, texts: Stems) -> Floats:
        """(m, c) sum of the worth of the distinct words of each text."""
        return np.asarray(incidence(self.place, texts) @ self.worth)


def lookup(
    all_wanted: Sequence[Wanted], shared: dict[str, float], texts: Stems, known: tuple[Mapping[str, int], int] | None
) -> Lookup:
    """The worth of every content word of `texts`. `known`: other texts' words, as `holders`, and their number.

    The product of: the relatedness of the word to the nearest of a code's words; the weight of that word in the code;
    1 / sqrt(number of codes with that word); the square root of the code's share of the worth over all codes; and the
    rarity of the word, which is the mean of its rarity in general English and in `texts`.
    """
    vocabulary = sorted({word for stems in texts for word in content(list(stems))})
    wanted_stems = {word for wanted in all_wanted for phrase in wanted.phrases for word in phrase}
    holder_counts, n = known or (holders(texts), len(texts))
    rare = rarity(wanted_stems | set(vocabulary), holder_counts, n)
    worth = np.zeros((len(vocabulary), len(all_wanted)))
    for code, wanted in enumerate(all_wanted):
        stems_of_code = sorted(wanted.words)
        if stems_of_code and vocabulary:
            weights = np.array([wanted.words[term] * shared.get(term, 1.0) for term in stems_of_code])
            worth[:, code] = (relatedness(vocabulary, stems_of_code) * weights).max(axis=1)
    part = worth / np.maximum(worth.sum(axis=1, keepdims=True), 1e-12)
    worth *= np.sqrt(part) * np.array([rare[word] for word in vocabulary])[:, None]
    return Lookup({word: row for row, word in enumerate(vocabulary)}, worth, rare, holder_counts)


def incidence(place: dict[str, int], texts: Stems) -> Sparse:
    """(texts, words) sparse 0/1: the words that each text contains."""
    from scipy.sparse import csr_matrix

    indices: list[int] = []
    pointers = [0]
    for stems in texts:
        indices += sorted({place[word] for word in stems if word in place})
        pointers.append(len(indices))
    return csr_matrix((np.ones(len(indices)), indices, pointers), shape=(len(texts), len(place)))


def phrases(all_wanted: Sequence[Wanted], texts: Stems, rare: dict[str, float]) -> Floats:
    """(m, c) sum of the rarities of a code's distinct phrases whose stems are adjacent and in order in each text.

    Adjacent words are rarer than words of the same text: by ln 80 nats for each word, if they were independent.
    """
    worth = np.zeros((len(texts), len(all_wanted)))
    lines = [f" {' '.join(stems)} " for stems in texts]
    holders: dict[str, list[int]] = {}
    for row, stems in enumerate(texts):
        for word in set(stems):
            holders.setdefault(word, []).append(row)
    empty = empty_stems()
    for code, wanted in enumerate(all_wanted):
        for phrase, weight in sorted(wanted.phrases.items()):
            needle = f" {' '.join(phrase)} "
            telling = [rare.get(word, 0.0) for word in phrase if word not in empty]
            value = weight * (sum(telling) + (len(telling) - 1) * ADJACENT_NATS)
            fewest = min((holders.get(word, []) for word in phrase), key=len)
            for row in fewest:
                if needle in lines[row]:
                    worth[row, code] += value
    return worth


def word_vectors(texts: Stems, rare: dict[str, float], words: Sequence[str]) -> Sparse:
    """(m, v) sparse unit rows of the content words of each text: log counts times rarity.

    The columns are `words`, then those of the texts that are not among them.
    """
    from collections import Counter

    from scipy.sparse import csr_matrix

    counts = [Counter(content(list(stems))) for stems in texts]
    new = sorted({word for count in counts for word in count}.difference(words))
    vocabulary = {word: column for column, word in enumerate([*words, *new])}
    data: list[float] = []
    indices: list[int] = []
    pointers = [0]
    for count in counts:
        row = {vocabulary[word]: float(np.log1p(times)) * rare.get(word, 1.0) for word, times in count.items()}
        norm = float(np.sqrt(sum(value**2 for value in row.values()))) or 1.0
        indices += sorted(row)
        data += [row[column] / norm for column in sorted(row)]
        pointers.append(len(indices))
    return csr_matrix((data, indices, pointers), shape=(len(texts), len(vocabulary)))

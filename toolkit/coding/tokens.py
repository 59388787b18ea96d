"""The words of texts and codebooks: tokens, stems, and the rarity of each stem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import exp, log

from toolkit.coding.stems import stem

_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3400-\u9fff\u3040-\u30ff]+")
PARAGRAPH_WORDS = 80
"""Length, in words, of the text to which a word's general rarity refers."""
COMMONEST_WORDS = 120
"""Number of the commonest English words, which carry no content and match nothing alone."""
_TALK = """
paragraph paragraphs text texts sentence mention mentioned mentions mentioning passing name named names
describe described describes description discuss discussed discusses discussion demand assess code coded codes
theme themes include includes including included exclude example examples list lists treated treat themselves
itself concern concerns concerning regarding relating related relate respect type types kind kinds various
general generally specific particular issue issues matter matters topic topics subject subjects idea ideas say
says said thing things aspect aspects use used using whatever wherever whoever merely however without within
point
"""
_SHORT = {
    "US": "america", "U.S.": "america", "USA": "america", "U.S.A.": "america", "UK": "britain", "U.K.": "britain",
    "EU": "europe", "PRC": "china", "CCP": "communist party", "CPC": "communist party", "SOE": "state-owned enterprise",
    "SOEs": "state-owned enterprises", "R&D": "research development", "VC": "venture capital", "GDP": "gdp economy",
}  # fmt: skip
"""Short forms that would be another word, or none, in lower case -> the words that are read instead."""
_SHORT_FORM = re.compile(
    r"(?<![\w.])(?:" + "|".join(re.escape(form) for form in sorted(_SHORT, key=len, reverse=True)) + r")(?![\w&])"
)
CODEBOOK_TALK = frozenset(stem(word) for word in _TALK.split())
"""Stems of words with which codebooks describe coding; they are no evidence, like `the`."""


def tokens(text: str) -> list[str]:
    """Stems of the words of a text, in order; runs of Chinese or Japanese become overlapping pairs of characters."""
    stems: list[str] = []
    if not text.isupper():
        text = _SHORT_FORM.sub(lambda form: _SHORT[form.group()], text)
    for match in _WORD.finditer(text.lower().replace("’", "'")):
        word = match.group()
        if word.isascii():
            if len(word) > 1 or word.isdigit():
                stems.append(stem(word))
        elif _CJK.search(word):
            stems += [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        else:
            stems.append(word)
    return stems


@cache
def _english() -> tuple[str, ...]:
    """English words in order of frequency."""
    lines = files("toolkit.coding").joinpath("english.txt").read_text(encoding="utf-8").split("\n")
    return tuple(" ".join(line for line in lines if not line.startswith("#")).split())


def commonest(many: int) -> tuple[str, ...]:
    """The `many` commonest English words in order of frequency."""
    return _english()[:many]


@cache
def _general() -> dict[str, float]:
    """stem -> its probability per running word of general English, from ranks by Zipf's law."""
    rates: dict[str, float] = {}
    for rank, word in enumerate(_english(), 1):
        rates[stem(word)] = rates.get(stem(word), 0.0) + 0.1 / (rank + 2.7)
    return rates


@cache
def empty_stems() -> frozenset[str]:
    """Stems without content: the commonest words of English, and words with which codebooks describe coding."""
    return frozenset(stem(word) for word in commonest(COMMONEST_WORDS)) | CODEBOOK_TALK


def general_rate(stemmed: str) -> float:
    """Frequency of the stem per running word of general English; 3e-6 if it is not in the list."""
    return _general().get(stemmed, 3e-6)


def general_rarity(stemmed: str) -> float:
    """-ln of the probability that a text of 80 words of general English contains the stem; at most 8."""
    return min(8.0, -log(1.0 - exp(-PARAGRAPH_WORDS * general_rate(stemmed))))


def holders(texts: Sequence[Sequence[str]]) -> Counter[str]:
    """stem -> number of the texts (token lists) that contain it."""
    return Counter(word for text in texts for word in set(text))


def rarity(stems: Iterable[str], holder_counts: Mapping[str, int], n: int) -> dict[str, float]:
    """stem -> its rarity in nats: the mean of its rarity in general English and in n texts.

    `holder_counts` is the number of texts that contain each stem. The corpus' part is -ln of the share of texts with
    the stem, after adding one text with it and one without.
    """
    rarities: dict[str, float] = {}
    for word in stems:
        in_corpus = -log((holder_counts.get(word, 0) + 1) / (n + 2)) if n >= 20 else general_rarity(word)
        rarities[word] = 0.5 * general_rarity(word) + 0.5 * min(in_corpus, 8.0)
    return rarities

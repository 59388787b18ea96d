"""The words of texts in order: case, hyphens and acronyms are kept, clause ends marked, Chinese segmented."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from toolkit.describe.function_words import function_words, without_elisions
from toolkit.values import Bools, Ints

BREAK = -1
"""The boundary between clauses and between texts; no phrase crosses it."""
CONTENT, WEAK, LINK, STOP = 0, 1, 2, 3
"""Kinds of word: possible keyword; part of a keyword only; link of two parts ("Ministry of Industry"); never in a
keyword."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
LETTER = rf"[^\W\d_{HAN}]"
MARKS = (
    "\u0300-\u036f\u05b0-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0963\u0966-\u0df3"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3\u200c\u200d"
)
"""Vowel signs and accents, which are parts of words but no letters for `re`."""
WORD = rf"[^\W_{HAN}]"
RUN = rf"{WORD}+(?:[{MARKS}]+{WORD}*)*"
PIECE = re.compile(rf"(?:{LETTER}\.){{2,}}|{RUN}(?:[-'&]{RUN})*(?:\+\+|#)?|[{HAN}]+|[^\w\s]+|_+")
IN_HAN = re.compile(f"[{HAN}]")
NUMBER = re.compile(r"[\d\-']+(?:st|nd|rd|th|bn|m|mn|k|tn|s|km|kg|pc|pm|am)?")
SAME = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2019": "'", "\u02bc": "'", "\u00ad": None})
_CAPITALS = r"[A-ZÀ-ÖØ-ÞΑ-ΩА-ЯЁ]"
SHOUTED = re.compile(
    rf"(?<!\w){_CAPITALS}+(?:[-'&]{_CAPITALS}+)*(?:[ \t,]+{_CAPITALS}+(?:[-'&]{_CAPITALS}+)*){{2,}}(?!\w)"
)
"""Three or more consecutive words in capitals, as in a heading; these capitals are ignored."""
LONG_WORD = re.compile(rf"{_CAPITALS}{{6}}")
"""Six capitals: a word that is no abbreviation."""
SENTENCE_END = frozenset(".!?:。！？：…")
SHORT_FORM = ("n't", "'re", "'ve", "'ll", "'d", "'m")
CAPITALS_COUNT = frozenset({"US", "IT", "WHO"})
"""Words that are names in capitals and stop words in lower case."""
NOT_PLURALS = frozenset({"news", "goods", "means", "customs", "arms", "terms", "species", "series", "thanks", "yes"})
NOT_ADVERBS = frozenset({
    "ally", "anomaly", "apply", "assembly", "bully", "butterfly", "family", "holy", "italy", "july", "monopoly",
    "multiply", "oligopoly", "rally", "reply", "supply", "tally",
})  # fmt: skip
COUNTS = frozenset({
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen",
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million",
    "billion", "trillion", "dozen", "half",
})  # fmt: skip
"""Words with which no phrase starts."""
LINKS = frozenset({"of", "and"})


@dataclass(frozen=True)
class Words:
    """Words of n texts as flat arrays of one length, in order.

    word and surface (t,) index `keys` and `surfaces`, BREAK at clause ends; row (t,) is the index of the text; opens
    (t,) is true for the first word of a sentence, whose capital is ignored; kinds (keys,) is CONTENT, WEAK, LINK or
    STOP.
    """

    word: Ints
    surface: Ints
    row: Ints
    opens: Bools
    keys: tuple[str, ...]
    surfaces: tuple[str, ...]
    kinds: Ints


@cache
def word_list(name: str) -> frozenset[str]:
    """A word list of the package (`stopwords/NAME.txt`): one word per line, lower case."""
    text = resources.files("toolkit.describe").joinpath("stopwords", f"{name}.txt").read_text("utf-8")
    return frozenset(text.split())


def pieces_of(text: str) -> list[str]:
    """Words and marks of one text, in order; rjieba segments Chinese characters."""
    text = text.translate(SAME)
    pieces = PIECE.findall(text.lower() if text.isupper() else SHOUTED.sub(_lowered, text))
    if not IN_HAN.search(text):
        return pieces
    import rjieba

    return [part for piece in pieces for part in (rjieba.cut(piece) if IN_HAN.match(piece) else (piece,))]


def _lowered(shouted: re.Match[str]) -> str:
    """A sequence of words in capitals in lower case, unless all may be abbreviations."""
    return shouted.group().lower() if LONG_WORD.search(shouted.group()) else shouted.group()


def read_words(
    texts: Sequence[str], extra_stop_words: Iterable[str] = (), languages: Sequence[str | None] | None = None
) -> Words:
    """The words of `texts` with their kinds, about a million words per second; `languages`: one per text."""
    if languages is not None:
        texts = [without_elisions(text, language) for text, language in zip(texts, languages, strict=True)]
    seen: defaultdict[str, int] = defaultdict()
    seen.default_factory = seen.__len__
    rows = [np.fromiter(map(seen.__getitem__, (*pieces_of(text), "\n.")), np.int32) for text in texts]
    lengths = [len(row) for row in rows]
    piece = np.concatenate(rows) if rows else np.zeros(0, np.int32)
    row = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
    pieces = list(seen)
    surfaces = sorted({_shown(name) for name in pieces if name[0].isalnum()})
    place = {name: i for i, name in enumerate(surfaces)}
    surface_of = np.array([place.get(_shown(name), BREAK) if name[0].isalnum() else BREAK for name in pieces], np.int32)
    ends = np.array([not name[0].isalnum() and not SENTENCE_END.isdisjoint(name) for name in pieces], bool)
    keys, key_of = _keys(surfaces)
    surface = surface_of[piece] if len(piece) else piece
    word = np.where(surface == BREAK, BREAK, key_of[surface]).astype(np.int32)
    before = np.concatenate([[True], ends[piece][:-1]]) if len(piece) else np.zeros(0, bool)
    kinds = _kinds(keys, extra_stop_words)
    if languages is not None and len(word):
        kinds = np.where(function_words(keys, word, row, languages), STOP, kinds)
    return Words(word, surface, row, before, tuple(keys), tuple(surfaces), kinds)


def _shown(piece: str) -> str:
    """A word without a possessive ending, as it may be shown."""
    return re.sub(r"'[sS]?$", "", piece)


def key_of(surface: str) -> str:
    """The key of a word: lower case, without the dots and the plural s of acronyms."""
    plain = surface.replace(".", "")
    if plain in CAPITALS_COUNT:
        return plain
    if len(plain) > 2 and plain[-1] == "s" and plain[:-1].isupper():
        return plain[:-1].lower()
    return plain.lower()


def singular(key: str) -> str:
    """The singular of an English noun by its ending (Harman 1991, the S-stemmer, with the usual exceptions)."""
    if len(key) < 4 or key in NOT_PLURALS or key.endswith(("ss", "us", "is", "ics", "'s")):
        return key
    if key.endswith("ies") and len(key) > 4:
        return key[:-3] + "y"
    if key.endswith(("sses", "shes", "ches", "xes", "zes")):
        return key[:-2]
    return key[:-1] if key.endswith("s") else key


def _keys(surfaces: Sequence[str]) -> tuple[list[str], npt.NDArray[np.int32]]:
    """Keys (sorted) and the key of each surface; a plural has the key of its singular if the corpus contains both."""
    plain = [key_of(name) for name in surfaces]
    known = set(plain)
    held_back = word_list("en") | word_list("en_weak")
    merged = [joined if (joined := singular(key)) in known and joined not in held_back else key for key in plain]
    keys = sorted(set(merged))
    place = {key: i for i, key in enumerate(keys)}
    return keys, np.array([place[key] for key in merged] or [BREAK], np.int32)


def _kinds(keys: Sequence[str], extra_stop_words: Iterable[str]) -> Ints:
    extra = {singular(key_of(word)) for word in extra_stop_words} | {key_of(word) for word in extra_stop_words}
    return np.array([STOP if key in extra else kind_of(key) for key in keys], np.int32)


def kind_of(key: str) -> int:
    """CONTENT, WEAK (numbers, "new", single characters of Chinese), LINK or STOP."""
    if key in LINKS:
        return LINK
    if key in word_list("en") or key in word_list("zh") or key.endswith(SHORT_FORM):
        return STOP
    if key in word_list("en_weak") or key in word_list("zh_weak") or NUMBER.fullmatch(key) or key in COUNTS:
        return WEAK
    if len(key) > 4 and key.endswith("ly") and key not in NOT_ADVERBS:
        return WEAK
    if len(key) == 1:
        return CONTENT if IN_HAN.match(key) else STOP
    return CONTENT


def one_script(first: str, second: str) -> bool:
    """Whether two phrases may be in one name: both in Chinese characters or neither, or one an abbreviation."""
    return bool(IN_HAN.search(first)) == bool(IN_HAN.search(second)) or first.isupper() or second.isupper()


def shown_forms(words: Words) -> list[str]:
    """The most frequent form of each key; forms at the start of a sentence count little, and lower case wins ties."""
    real = words.surface != BREAK
    pairs = words.word[real].astype(np.int64) * max(len(words.surfaces), 1) + words.surface[real]
    votes: list[Counter[str]] = [Counter() for _ in words.keys]
    code, place = np.unique(pairs, return_inverse=True)
    tally = np.bincount(place, weights=np.where(words.opens[real], 0.01, 1.0), minlength=len(code))
    for pair, count in zip(code, tally, strict=True):
        key, surface = divmod(int(pair), len(words.surfaces))
        votes[key][words.surfaces[surface]] += float(count)  # type: ignore[assignment]
    return [favourite(vote) if vote else key for vote, key in zip(votes, words.keys, strict=True)]


def favourite(votes: Counter[str]) -> str:
    """The form with the most votes; lower case wins ties, then the first in alphabetical order."""
    return min(votes, key=lambda form: (-votes[form], form.swapcase()))

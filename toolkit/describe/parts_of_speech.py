"""Which word sequences are noun phrases: by the words' parts of speech in their clause.

English is tagged by TextBlob's lexicon and rules (after Brill 1992), Chinese by jieba. For other languages there is no
tagger, and a sequence is allowed if its edges are no function words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

NOUN = frozenset({"NN", "NNS", "NNP", "NNPS"})
BEFORE = NOUN | {"JJ", "JJR", "VBN", "VBG", "CD", "IN", "CC"}
"""Tags allowed before the last noun of an English phrase."""
OPENS_NO_PHRASE = frozenset({"IN", "CC", "CD"})
AFTER_GERUND = frozenset({"DT", "JJ", "PRP$", "CD"})
"""Tags before a word in -ing that modifies a noun ("the computing capacity"), in contrast to a verb."""
ZH_NOUN = frozenset({"n", "ng", "nr", "ns", "nt", "nz", "vn", "an", "eng", "l", "i", "j", "nrt"})
ZH_BEFORE = ZH_NOUN | {"a", "b", "v", "t", "f", "s", "ad"}


class Grammar(Protocol):
    """A test for noun phrases in one language."""

    known: bool
    """Whether it knows parts of speech."""

    def reads(self, before: Sequence[str], words: Sequence[str], after: Sequence[str]) -> tuple[bool, bool]:
        """Whether `words` are a noun phrase in their clause, and whether the phrase continues beyond them."""
        ...

    def is_common(self, word: str) -> bool:
        """Whether a lower-case word is known as a common word."""
        ...


class English:
    """Nouns with their modifiers: adjectives, participles, other nouns, "of" and "and" inside."""

    known = True

    def __init__(self) -> None:
        from textblob.en import parser

        self._tag: Any = parser.find_tags
        self._lexicon: Any = parser.lexicon
        self._known: dict[tuple[str, ...], list[str]] = {}

    def tags(self, words: Sequence[str]) -> list[str]:
        """The tag of each word of a clause (Penn Treebank)."""
        key = tuple(words)
        if key not in self._known:
            self._known[key] = [str(tag) for _, tag, *_ in self._tag(list(words))] if words else []
        return self._known[key]

    def reads(self, before: Sequence[str], words: Sequence[str], after: Sequence[str]) -> tuple[bool, bool]:
        """Whether it ends in a noun without a verb or a linking word at an edge; whether another noun follows."""
        tags = self.tags([*before, *words, *after])
        left, inside, right = tags[: len(before)], tags[len(before) :][: len(words)], tags[len(before) + len(words) :]
        gerund = inside[-1] == "VBG" and len(inside) > 1 and inside[-2] in NOUN
        if not (inside[-1] in NOUN or gerund) or inside[0] in OPENS_NO_PHRASE or not BEFORE.issuperset(inside[:-1]):
            return False, False
        described = inside[0] != "VBG" or (bool(left) and left[-1] in AFTER_GERUND)
        return described, bool(right) and right[0] in NOUN

    def is_common(self, word: str) -> bool:
        """Whether the lexicon contains the word in lower case."""
        return word in self._lexicon


class Chinese:
    """Nouns with their modifiers, by the tags of jieba."""

    known = True

    def reads(self, before: Sequence[str], words: Sequence[str], after: Sequence[str]) -> tuple[bool, bool]:
        """Whether it ends in a noun or a verb used as one (Latin words count as nouns); False, as continuation is
        unknown."""
        tags = [self.tag(word) for word in words]
        return tags[-1] in ZH_NOUN and ZH_BEFORE.issuperset(tags[:-1]) and tags[0] != "f", False

    def tag(self, word: str) -> str:
        """The tag of a single word."""
        import rjieba

        tagged = rjieba.tag(word)
        return str(tagged[-1][1]) if tagged else "x"

    def is_common(self, word: str) -> bool:
        """False: common words are not known."""
        return False


class Unknown:
    """A language without a tagger: every sequence of words other than function words is allowed."""

    known = False

    def reads(self, before: Sequence[str], words: Sequence[str], after: Sequence[str]) -> tuple[bool, bool]:
        """True and False: always a phrase that does not continue; lists exclude function words."""
        return True, False

    def is_common(self, word: str) -> bool:
        """False: common words are not known."""
        return False


def grammar_of(language: str | None) -> Grammar:
    """The grammar of a language (ISO 639-1); English if the language is not known."""
    if language in (None, "en"):
        return _english()
    return Chinese() if language in ("zh", "zh-cn", "zh-tw") else Unknown()


@cache
def _english() -> English:
    """One English grammar for all themes, so that no clause is tagged twice."""
    return English()

"""What a name of a theme may look like: names by phrases keep these rules, names by a language model must pass them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.describe.function_words import stop_words
from toolkit.describe.words import IN_HAN, LINK, STOP, key_of, kind_of, pieces_of, singular

MOST_WORDS_ALONE, MOST_WORDS_OF_TWO = 5, 4
"""Words of a name of one phrase, and of each of two, at most."""
FEWEST_DOCUMENTS = 3
"""A name belongs to one or two documents if fewer than so many have it."""
_APART = re.compile(r"\s*[,;，；、]\s*|\s+[-–—/]\s+")


def fault_of(name: str, texts: Sequence[str] = (), documents: Sequence[str] = (), language: str | None = None) -> str:
    """Why a name will not do, in words that follow "its name"; empty if it will.

    It is one phrase of at most five words, or two of at most four, with no function word at an edge. Capitalised words
    that a theme's `texts` have (one document each in `documents`) must stand in three of its documents, or in all.
    """
    phrases = [part for part in _APART.split(name.strip()) if part]
    if not phrases:
        return "is empty"
    if len(phrases) > 2:
        return "is a list of three"
    most = MOST_WORDS_ALONE if len(phrases) == 1 else MOST_WORDS_OF_TWO
    for phrase in phrases:
        words = [piece for piece in pieces_of(phrase) if piece[0].isalnum()]
        if not words:
            return "has a phrase without words"
        if not IN_HAN.search(phrase) and len(words) > most:
            return f"is longer than {most} words"
        if any(_says_nothing(word, language) for word in (words[0], words[-1])):
            return "begins or ends with a function word"
    return "belongs to one or two documents" if _is_owned(phrases, texts, documents) else ""


def _says_nothing(word: str, language: str | None) -> bool:
    key = key_of(word)
    return kind_of(key) in (STOP, LINK) or key in stop_words(language or "en")


def _is_owned(phrases: Sequence[str], texts: Sequence[str], documents: Sequence[str]) -> bool:
    """Whether fewer than three of a theme's documents have a name in a phrase, in any number and letters.

    A word with a capital is a name; the first of a phrase only if a text has that capital inside a clause.
    """
    least = min(FEWEST_DOCUMENTS, len(set(documents)))
    first = {word for phrase in phrases for word in phrase.split()[:1] if _is_name(word)}
    named = {word for phrase in phrases for word in phrase.split()[1:] if _is_name(word)}
    for word in sorted(first | named):
        inside = re.compile(rf"(?<=[^\W_][ ,]){re.escape(word)}(?!\w)")
        if word not in named and not any(inside.search(text) for text in texts):
            continue
        place = re.compile(rf"(?<!\w){re.escape(singular(key_of(word)))}(?:e?s)?(?!\w)", re.IGNORECASE)
        having = {document for text, document in zip(texts, documents, strict=True) if place.search(text)}
        if having and len(having) < least:
            return True
    return False


def _is_name(word: str) -> bool:
    return word[:1].isupper() and not word.isupper()

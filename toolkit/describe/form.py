"""The form of names: names by phrases follow these rules, and names by a language model must satisfy them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.describe.function_words import stop_words
from toolkit.describe.words import IN_HAN, LINK, STOP, key_of, kind_of, pieces_of, singular

MOST_WORDS_ALONE, MOST_WORDS_OF_TWO = 5, 4
"""Largest number of words in a name of one phrase, and in each of two."""
FEWEST_DOCUMENTS = 3
"""Minimum number of documents that contain a proper name of a theme."""
_APART = re.compile(r"\s*[,;，；、]\s*|\s+[-–—/]\s+")


def fault_of(name: str, texts: Sequence[str] = (), documents: Sequence[str] = (), language: str | None = None) -> str:
    """Why a name is not allowed, in words that follow "its name"; empty if it is allowed.

    A name is one phrase of at most five words, or two of at most four, with no function word at an edge. Capitalised
    words of a theme's `texts` (each text's document is in `documents`) must occur in three documents of the theme, or
    in all of them.
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
    """Whether a proper name in a phrase occurs in fewer than three documents of a theme, in any number and case.

    A capitalised word is a proper name; the first word of a phrase only if a text has its capital inside a clause.
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

"""How words are counted: runs of letters and digits; in Chinese and Japanese text, words found by rjieba.

Thai, Lao, Khmer and Burmese write no blanks between words: theirs are counted by the marks above and below letters,
which are about as many.

Cleaning, which must be quick, estimates Chinese words as 0.6 of the characters; counts in tables use rjieba.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:['’.,\-][^\W_]+)*")
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u09d7\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71"
    "\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c-\u0c56\u0c81-\u0c83"
    "\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0d57\u0d81-\u0d83\u0dca-\u0ddf"
    "\u135d-\u135f\u200c\u200d"
)
"""Vowel signs and accents that are separate characters, with the joiners between them: parts of words."""
_MARKED = re.compile(f"[{_MARKS}]")
_MARKED_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*(?:['’.,\-][^\W_](?:[^\W_]|[{_MARKS}])*)*")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\U00020000-\U0002fa1f]")
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\U00020000-\U0002fa1f]+")

_TOKEN = re.compile(rf"{_HAN.pattern}|[^\W_]+")


def word_set(words: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(words.split())


def word_list(words: str) -> tuple[str, ...]:
    """The words of a text in order."""
    return tuple(words.split())


def has_han(text: str) -> bool:
    """Whether the text contains a Chinese character or Japanese kana."""
    return not text.isascii() and _HAN.search(text) is not None


def _words(text: str) -> list[str]:
    """The runs of letters, digits and the marks on them."""
    marked = not text.isascii() and _MARKED.search(text) is not None
    return (_MARKED_WORD if marked else _WORD).findall(text)


def rough_words(text: str) -> int:
    """The approximate number of words: for decisions, not for tables."""
    if not has_han(text):
        return len(text.split())
    han = len(_HAN.findall(text))
    return round(0.6 * han) + len(_HAN_RUN.sub(" ", text).split())


def count_words(text: str) -> int:
    """The number of words: runs of letters and digits, Chinese ones as segmented by rjieba."""
    if not has_han(text):
        return len(_words(text))
    import rjieba

    han = sum(len(rjieba.cut(run.group())) for run in _HAN_RUN.finditer(text))
    return han + len(_WORD.findall(_HAN_RUN.sub(" ", text)))


def word_tokens(text: str) -> list[str]:
    """Words in lower case for comparison of texts; a Chinese character counts as a word."""
    low = text.casefold()
    if not has_han(low):
        return _words(low)
    return _TOKEN.findall(_HAN.sub(r" \g<0> ", low))

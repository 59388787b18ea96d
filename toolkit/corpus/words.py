"""How words are counted: runs of letters and digits; in Chinese, Japanese and Thai text, words found by rjieba.

Cleaning, which must be quick, estimates Chinese words as 0.6 of the characters; counts in tables use rjieba.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:['’.,\-][^\W_]+)*")
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
    """Whether the text holds a Chinese character or Japanese kana."""
    return not text.isascii() and _HAN.search(text) is not None


def rough_words(text: str) -> int:
    """About how many words: for decisions, not for tables."""
    if not has_han(text):
        return len(text.split())
    han = len(_HAN.findall(text))
    return round(0.6 * han) + len(_HAN_RUN.sub(" ", text).split())


def count_words(text: str) -> int:
    """How many words: runs of letters and digits, Chinese ones as segmented by rjieba."""
    if not has_han(text):
        return len(_WORD.findall(text))
    import rjieba

    han = sum(len(rjieba.cut(run.group())) for run in _HAN_RUN.finditer(text))
    return han + len(_WORD.findall(_HAN_RUN.sub(" ", text)))


def word_tokens(text: str) -> list[str]:
    """Words in lower case for comparison of texts; a Chinese character counts as one."""
    low = text.casefold()
    if not has_han(low):
        return _WORD.findall(low)
    return _TOKEN.findall(_HAN.sub(r" \g<0> ", low))

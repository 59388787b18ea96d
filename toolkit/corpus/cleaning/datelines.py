"""Recognises date lines and bylines, and datelines and credits before or after a story."""

from __future__ import annotations

import re

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.cue_files import patterns_of, words_of
from toolkit.corpus.date_phrases import is_only_date

_CUES = patterns_of("datelines")
_PIECES = _CUES["piece"]
_HAS_DATE = _CUES["dated"]
_SMALL = words_of("datelines", "byline_words")
_BY = _CUES["by"]
ROLE_LINE = _CUES["role"]
NAME_LINE = _CUES["names"]
_NAMES = _CUES["persons"]
_WHOLE_DATE = _CUES["whole_date"]
DATELINE = _CUES["dateline"]
DATELINE_HAN = _CUES["dateline_chinese"]
_LONE_DATELINE = _CUES["lone_dateline"]
_OPENS_WITH_ISSUING = _CUES["opens_with_issuing"]
_MAY_BE_DATE = re.compile(r"^\W*(?:[^\W\d]+\W+){0,4}\d{1,2}\D{1,2}\s*(?:[^\W\d_]{1,3} )?[^\W\d_]\D*\d{4}\b|\b\d{4}\. ")
_FIGURE = re.compile(r"\d")
_CREDIT_END = _CUES["may_close"]
TAIL_CREDIT = _CUES["closing_credit"]


def is_date_line(view: str) -> bool:
    """Whether a line consists of dates, times and reading times."""
    if len(view) > tuned.DATE_LINE_MOST_CHARACTERS or not (_FIGURE.search(view) or "ago" in view or "day" in view):
        return False
    if re.search(r"[$€£%]|^\W*\d{4}\W*$", view):
        return False
    if _HAS_DATE.search(view) and not any(char.isalnum() for char in _PIECES.sub("", view)):
        return True
    return _MAY_BE_DATE.search(view) is not None and is_only_date(view)


def _named(view: str) -> bool:
    """Whether every word is capitalised, a number or one of the small words of bylines."""
    words = [word.strip(".,;:|/·•()[]–—-*_'\"@") for word in view.split()]
    return all(
        not word or not word[0].islower() or word.lower() in _SMALL or "@" in word or "." in word for word in words
    )


def is_names(view: str) -> bool:
    """Whether a line is two or more personal names, or one with an initial: "R. Thapa and M. Lindqvist"."""
    return bool(_NAMES.match(view))


def is_byline(view: str) -> bool:
    """Whether a line only names the author: "By Jane Doe and Li Wei in Beijing" ("作者：…" is a rule)."""
    match = _BY.match(view)
    if match is None or len(view) > tuned.BYLINE_MOST_CHARACTERS:
        return False
    if view.endswith((".", "?", "!")) and len(view.split()) > tuned.BYLINE_SENTENCE_MOST_WORDS:
        return False
    rest = _PIECES.sub(" ", view[match.end() :])
    return _named(rest) and (any(word[:1].isupper() for word in rest.split()) or "staff" in rest.lower())


def is_dated(view: str) -> bool:
    """Whether a line is a date with names: "Jane Doe
    Features
    May 27, 2025", "QIANLU, 22 May 2025".
    """
    if _LONE_DATELINE.match(view):
        return True
    if len(view) > tuned.DATED_MOST_CHARACTERS or not _WHOLE_DATE.search(view):
        return False
    if len(view.split()) > tuned.DATED_MOST_WORDS:
        return False
    issued = _OPENS_WITH_ISSUING.match(view) is not None and len(view.split()) <= tuned.ISSUED_MOST_WORDS
    return _named(_PIECES.sub(" ", view)) or issued


def dateline_end(text: str) -> int:
    """Number of characters of place, date and agency before a story's first words; 0 for none."""
    match = DATELINE.match(text) or DATELINE_HAN.match(text)
    if match is None or match.end() > tuned.DATELINE_MOST_CHARACTERS or match.end() >= len(text):
        return 0
    return match.end()


def closing_credit(text: str) -> tuple[int, str]:
    """The start of the credit, 'read more' or end mark that closes a paragraph, and the ledger's reason for it.

    The reason is byline, read_more or separator; without a match the place is the paragraph's length and the reason
    empty.
    """
    none = len(text), ""
    if not _CREDIT_END.search(text[-tuned.CREDIT_GLANCE_CHARACTERS :]):
        return none
    tail = text[-tuned.CREDIT_SEEN_CHARACTERS :]
    match = TAIL_CREDIT.search(tail)
    if match is None or len(text) - len(tail) + match.start() < tuned.CREDITED_LEAST_CHARACTERS:
        return none
    return len(text) - len(tail) + match.start(), str(match.lastgroup)

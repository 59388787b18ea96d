"""Names of months that differ between Croatian and Polish or Czech: "listopad" is October, or November.

`corpus.languages` decides, then the other dates of the column, then the language of its texts; if none decides, such a
date is not read.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import cache

from toolkit.corpus.date_words import croatian_months, month_names, simplified
from toolkit.corpus.language import language_of

UNTOLD = "date not read, its month differs between Croatian and Polish or Czech"
SAMPLE_TEXTS = 5
"""Number of texts whose language is examined."""
_SOUTHERN, _WESTERN = ("hr", "bs", "sr"), ("pl", "cs")


def disputed(value: str) -> bool:
    """Whether a date has a name that is one month in Croatian and another in Polish or Czech."""
    low = value.casefold()
    return any(name in low for name in croatian_months()) and _named().search(simplified(value)) is not None


def in_english(value: str) -> str:
    """A date with its disputed name read as Croatian."""
    return _named().sub(lambda match: croatian_months()[match[0]], simplified(value))


def is_croatian(dates: Iterable[str], texts: Iterable[str], kept: Iterable[str] = ()) -> bool | None:
    """Whether the disputed names of a column of dates are Croatian; null if unknown.

    `kept` are the languages of the config, which decide if one of them is unambiguous; then the dates, then the
    language of the texts.
    """
    south, west = not {*kept}.isdisjoint(_SOUTHERN), not {*kept}.isdisjoint(_WESTERN)
    if south != west:
        return south
    words = {word for date in dates for word in re.findall(r"[^\W\d]+", simplified(date))}
    southern, western = month_names(("hr", "bs", "sr_Latn")), month_names(("pl", "cs"))
    south, west = bool(words & (southern - western)), bool(words & (western - southern))
    if south != west:
        return south
    languages = {language_of(text, _SOUTHERN) for text in itertools.islice(texts, SAMPLE_TEXTS)}
    south, west = not languages.isdisjoint(_SOUTHERN), not languages.isdisjoint(_WESTERN)
    return south if south != west else None


@cache
def _named() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(croatian_months(), key=len, reverse=True))})\b")

"""Dates with the name of a month, in any order of its parts; ranges as far as both ends agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from toolkit.corpus.date_parts import FIRST_YEAR, LAST_YEAR, NOTHING, Parsed, full_year, iso_day, iso_month
from toolkit.corpus.date_words import Token, simplified, tokens_of, words

BUDDHIST = 543
"""Years between the Buddhist and the common era, as Thailand counts."""
_SHAPES = {
    "DMY": (0, 1, 2), "MDY": (1, 0, 2), "YMD": (2, 1, 0), "YDM": (1, 2, 0), "MY": (None, 0, 1), "YM": (None, 1, 0),
}  # fmt: skip
_SHORT = {"DMY": ("DMD", "DMS"), "MDY": ("MDS",)}
"""With a year of two digits: "4 Feb 23", "Feb 4 '23"."""
_RANGES = re.compile("DDMY|MDDY|DMDMY|MDMDY|MMY|YMDMD|YMDD")
_TWO_DATES = re.compile("(DMY)DMY|(MDY)MDY|(MY)MY")
_DASH = re.compile(r"\s*[-–—~]\s*")


def phrase(text: str, anywhere: bool = False) -> Parsed:
    """The date that a simplified text without times is; `anywhere`: that its words contain, whatever is around it."""
    tokens = tokens_of(text)
    if not any(token.kind == "month" for token in tokens):
        return _year_alone(tokens)
    starts = range(len(tokens)) if anywhere else _starts(tokens, text)
    for start in starts:
        made = _at(tokens[start:], text, anywhere)
        if made.iso:
            return made
    return NOTHING


def date_within(line: str) -> str | None:
    """The first date with the name of a month in a line, whatever words are around it."""
    return phrase(simplified(line), anywhere=True).iso if any(char.isdigit() for char in line) else None


def is_only_date(line: str) -> bool:
    """Whether a line is only a day with the name of a month, in any known language."""
    text = simplified(line)
    made = phrase(text)
    return (
        made.iso is not None
        and len(made.iso) == 10
        and all(token.kind not in ("unknown", "part") for token in tokens_of(text))
    )


def _starts(tokens: Sequence[Token], text: str) -> range:
    """Positions where a date may begin: the first token, or after a label with a colon."""
    label = re.match(r"[^\d:]{1,40}:", text)
    first = next((at for at, token in enumerate(tokens) if token.start >= label.end()), 0) if label else 0
    return range(first, first + 1)


def _year_alone(tokens: Sequence[Token]) -> Parsed:
    """A year with only small words: "2023 г.", "im Jahr 2023"."""
    numbers = [token.value for token in tokens if token.kind == "number"]
    small = all(token.kind in ("number", "filler", "label") for token in tokens)
    return Parsed(str(numbers[0])) if small and len(numbers) == 1 and _is_year(numbers[0]) else NOTHING


def _is_year(number: int) -> bool:
    return FIRST_YEAR <= number <= LAST_YEAR


class _Pieces(NamedTuple):
    """The numbers and months of a date in order, with a letter for each."""

    letters: str
    values: list[int]
    tokens: list[Token]
    buddhist: bool


def _pieces(tokens: Sequence[Token], text: str) -> _Pieces:
    """Numbers and months up to the first word that belongs to no date."""
    letters, buddhist = "", False
    taken: list[Token] = []
    for token in tokens:
        if token.kind == "buddhist":
            buddhist = True
        elif token.kind in ("number", "month") and len(taken) < 6:
            if token.kind == "month" and letters.endswith("M") and taken[-1].value == token.value:
                continue  # two names of one month side by side
            letters += _letter(token, text)
            taken.append(token)
            buddhist = buddhist or (token.kind == "month" and _is_thai(text[token.start]) and _is_thai_year(tokens))
        elif token.kind not in ("weekday", "filler", "to", "label"):
            break
    return _Pieces(letters, [token.value for token in taken], taken, buddhist)


def _is_thai(letter: str) -> bool:
    return "\u0e00" <= letter <= "\u0e7f"


def _is_thai_year(tokens: Sequence[Token]) -> bool:
    """Whether a year of the 25th to 27th century is among the numbers."""
    return any(token.kind == "number" and 2400 <= token.value <= 2699 for token in tokens)


def _letter(token: Token, text: str) -> str:
    """M for a month, Y for four digits, D for one or two, S for a year of two digits, X for other numbers."""
    if token.kind == "month":
        return "M"
    digits = token.end - token.start
    if digits > 2:
        return "Y" if digits == 4 else "X"
    return "S" if text[token.start - 1 : token.start] == "'" or token.value > 31 else "D"


def _at(tokens: Sequence[Token], text: str, anywhere: bool) -> Parsed:
    """The date that begins with the first token."""
    pieces = _pieces(tokens, text)
    if pieces.letters.startswith("MDMY"):  # "mar. 4 févr. 2023": a weekday with the name of a month
        return _at(tokens[1:], text, anywhere)
    if match := _RANGES.match(pieces.letters):
        return _range(match[0], pieces.values)
    if (match := _TWO_DATES.match(pieces.letters)) and _joined(pieces, len(match[0]) // 2, text):
        return _range(match[0], pieces.values)
    for shape, (day, month, year) in _SHAPES.items():
        short = not anywhere and pieces.letters in (_SHORT.get(shape) or ())
        if short and any(_is_thai(text[token.start]) for token in pieces.tokens):
            return NOTHING  # the last two digits of a Buddhist year
        if not (short or pieces.letters.startswith(shape)):
            continue
        if day is None and not anywhere and not _small_behind(pieces, tokens, len(shape)):
            continue
        full = full_year(pieces.values[year]) if short else pieces.values[year] - BUDDHIST * pieces.buddhist
        named = pieces.values[month]
        return Parsed(iso_month(full, named) if day is None else iso_day(full, named, pieces.values[day]), short=short)
    return NOTHING


def _joined(pieces: _Pieces, at: int, text: str) -> bool:
    """Whether a dash or a word like "to" is between two dates, the second of which begins at piece `at`."""
    between = text[pieces.tokens[at - 1].end : pieces.tokens[at].start]
    return bool(_DASH.fullmatch(between)) or not words("to").isdisjoint(between.split())


def _small_behind(pieces: _Pieces, tokens: Sequence[Token], count: int) -> bool:
    """Whether only small words follow the first pieces."""
    end = pieces.tokens[count - 1].end
    return all(token.kind in ("filler", "weekday") for token in tokens if token.start >= end)


def _range(shape: str, parts: Sequence[int]) -> Parsed:
    """A span of days or months: the month if both ends are in the same month, else the year if both are in the same
    year."""
    named = list(zip(shape, parts, strict=False))
    years = {value for letter, value in named if letter == "Y"}
    months = {value for letter, value in named if letter == "M"}
    days = [value for letter, value in named if letter == "D"]
    if len(years) > 1 or not _is_year(min(years)) or any(not 1 <= day <= 31 for day in days):
        return NOTHING
    year = years.pop()
    return Parsed(f"{year}-{months.pop():02d}" if len(months) == 1 else str(year), "range")

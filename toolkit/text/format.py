"""Formats words and numbers for readers: no control characters, cut to a width, every number with its base."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

WIDTHS = Path(__file__).parent / "widths.json"
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff]"
)
"""Characters that control a terminal, a parser or the direction of writing, or that XML forbids; all are invisible."""
MOST_DIGITS = 6
"""Digits after the point that a number next to a bound gets at most."""
SNIPPET_WORDS = 30
SNIPPET_CHARACTERS = 240


def visible(text: Any) -> str:
    """A text without characters that have no shape (controls, bidirectional overrides, lone surrogates)."""
    return "" if text is None else HIDDEN.sub("", str(text))


def one_line(text: Any) -> str:
    """The visible text on one line, with single blanks."""
    return " ".join(visible(text).split())


def name_of(text: Any, most: int = 200) -> str:
    """A title, source or label on one line, cut after 200 characters."""
    line = one_line(text)
    return line if len(line) <= most else line[:most].rstrip() + "…"


def snippet(text: str, words: int = SNIPPET_WORDS) -> str:
    """At most `words` words (and 240 characters) of a text; an ellipsis says that more follows.

    Scripts written without blanks (Chinese, Japanese, Thai) count two characters as a word.
    """
    line = one_line(text)
    taken, budget = 0, float(words)
    for match in re.finditer(r"\S+\s*", line):
        word = match.group()
        wide = sum(1 for c in word if unicodedata.east_asian_width(c) in "WF" or "\u0e00" <= c <= "\u0e7f")
        budget -= max(1.0, wide / 2)
        if budget < 0:
            if not taken:
                return line[: 2 * words] + "…"
            break
        taken = match.end()
    cut = line[: min(taken, SNIPPET_CHARACTERS)].rstrip()
    return cut if len(cut) == len(line) else cut + "…"


@cache
def _widths(bold: bool) -> dict[str, int]:
    tables: Mapping[str, dict[str, int]] = json.loads(WIDTHS.read_text(encoding="utf-8"))
    return tables["600" if bold else "400"]


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of a line in Source Sans 3 at `size` pixels; missing characters count 0.6 em, full-width ones 1 em."""
    advances = _widths(bold)
    total = 0.0
    for character in text:
        known = advances.get(character)
        if known is not None:
            total += known / 1000
        elif not unicodedata.combining(character):
            total += 1.0 if unicodedata.east_asian_width(character) in "WF" else 0.6
    return total * size


def fit(text: str, room: float, size: float, bold: bool = False) -> str:
    """A line cut to `room` pixels, with an ellipsis if text is omitted."""
    line = one_line(text)
    if width(line, size, bold) <= room:
        return line
    used = width("…", size, bold)
    kept = []
    for character in line:
        used += width(character, size, bold)
        if used > room:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def wrap(text: str, room: float, size: float, lines: int = 2, bold: bool = False) -> list[str]:
    """A text on at most `lines` lines of `room` pixels; the last line is cut if the text is longer."""
    words = list(_pieces(one_line(text), room, size, bold))
    made: list[str] = []
    while words and len(made) < lines:
        line = words.pop(0).rstrip()
        while words and width(line + " " + words[0].strip(), size, bold) <= room:
            line += " " + words.pop(0).strip()
        made.append(line)
    if words:
        made[-1] = fit(made[-1] + " " + " ".join(words), room, size, bold)
    return made or [""]


def _pieces(line: str, room: float, size: float, bold: bool) -> Iterator[str]:
    """Words, and pieces of words that are wider than the room (Chinese has no blanks)."""
    for word in line.split():
        while width(word, size, bold) > room and len(word) > 1:
            cut = next((i for i in range(1, len(word)) if width(word[:i], size, bold) > room), len(word)) - 1
            yield word[: max(cut, 1)]
            word = word[max(cut, 1) :]
        yield word


def count(number: float | int | None) -> str:
    """1234 as 1,234; a number that is missing as an en dash."""
    return "–" if number is None else f"{int(number):,}"


def percent(share: float | None, n: int | None = None) -> str:
    """A share as a percentage: whole numbers below 1,000 cases, one decimal from 1,000 on; never 0% for a positive
    share."""
    if share is None or share != share:
        return "–"
    decimals = 1 if (n or 0) >= 1000 else 0
    text = f"{100 * share:.{decimals}f}"
    smallest = "0.1" if decimals else "1"
    if share > 0 and float(text) == 0:
        return f"<{smallest}%"
    if share < 1 and float(text) == 100:
        return ">99.9%" if decimals else ">99%"
    return text + "%"


def interval(low: float | None, high: float | None, n: int | None = None) -> str:
    """12–25%, or <1% to 16% if an end is known only as beyond a bound; an empty text if there is no interval."""
    if low is None or high is None or low != low or high != high:
        return ""
    left, right = percent(low, n), percent(high, n)
    return f"{left} to {right}" if {left[0], right[0]} & set("<>") else f"{left.removesuffix('%')}–{right}"


def decimal(value: float | None, digits: int = 2) -> str:
    """0.873 as 0.87, with a real minus sign; an en dash if there is none."""
    if value is None or value != value:
        return "–"
    text = f"{value:.{digits}f}"
    text = text.lstrip("-") if float(text) == 0 else text
    return text.replace("-", "−")


def digits_beside(values: Iterable[float], bound: float, digits: int = 2) -> int:
    """Digits of a bound, at least `digits`, at which rounding it does not move it to the other side of any value."""
    numbers = [value for value in values if value == value]
    for more in range(digits, MOST_DIGITS):
        if all((value < bound) == (value < round(bound, more)) for value in numbers):
            return more
    return MOST_DIGITS


def beside(value: float | None, bound: float | None, digits: int = 2, places: int | None = None) -> str:
    """A number next to a bound, with enough digits to show on which side it is: 0.598 next to 0.60, not 0.60.

    `places` is the number of printed digits of the bound (`digits_beside`); all if not given. A number that differs
    only in the seventh digit is printed with six.
    """
    if value is None or value != value or bound is None or bound != bound:
        return decimal(value, digits)
    printed = bound if places is None else round(bound, places)
    for more in range(digits, MOST_DIGITS):
        if (round(value, more) < printed) == (value < bound):
            return decimal(value, more)
    return decimal(value, MOST_DIGITS)


def percent_beside(share: float | None, bound: float, n: int | None = None) -> str:
    """A share as a percentage that shows on which side of `bound` it is: 24.9% next to a quarter, not 25%."""
    short = percent(share, n)
    if share is None or share != share or not short[0].isdigit():
        return short
    if (float(short.removesuffix("%")) / 100 < bound) == (share < bound):
        return short
    return beside(100 * share, 100 * bound, 1) + "%"


def apart_from_zero(low: float | None, high: float | None, digits: int = 2) -> str:
    """`decimals` with enough digits to show on which side of 0 both ends are."""
    if low is None or high is None or low != low or high != high:
        return ""
    for more in range(digits, MOST_DIGITS):
        if all((round(end, more) > 0) == (end > 0) and (round(end, more) < 0) == (end < 0) for end in (low, high)):
            return decimals(low, high, more)
    return decimals(low, high, MOST_DIGITS)


def apart(value: float, other: float, digits: int = 2) -> str:
    """A number with at least `digits` digits, and enough to distinguish it from another number."""
    while digits < MOST_DIGITS and value != other and round(value, digits) == round(other, digits):
        digits += 1
    return decimal(value, digits)


def decimals(low: float | None, high: float | None, digits: int = 2) -> str:
    """0.81 to 0.97: the ends of an interval of a value that is no share; an empty text if there is none."""
    if low is None or high is None or low != low or high != high:
        return ""
    return f"{decimal(low, digits)} to {decimal(high, digits)}"


def denominator(n: int | None, of: str | None = None, hits: int | None = None) -> str:
    """`112 of 177 codes given by the machine`; `1,860 decisions` for a number that is no ratio of counts."""
    if n is None:
        return ""
    unit = f" {one_line(of)}" if of else ""
    return f"{count(n)}{unit}" if hits is None else f"{count(hits)} of {count(n)}{unit}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 paragraph`, `1,234 paragraphs`."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def listed(items: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"

"""Names of months and weekdays in every language of the product, from the Unicode CLDR; words around dates."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from toolkit.corpus.language import CANDIDATES

ENGLISH = ("en", "en_GB")
FILE = Path(__file__).with_name("date_words.toml")
Kind = Literal["month", "weekday", "filler", "part", "to", "label", "buddhist"]

_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u093c\u0640]")
_UNSEEN = re.compile("[\u200b-\u200f\u061c\u202a-\u202e\u2060\u2066-\u2069\ufeff\u0970]")
_NASAL = re.compile("[\u0928\u092e]\u094d(?=[\u0924-\u092e])")  # before its consonant written as a dot as well
_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~،、。，·•–—―]+")
_TWINS = str.maketrans({"ı": "i", "ي": "ی", "ى": "ی", "ك": "ک", "’": "'", "‘": "'", "׳": "'", "′": "'", "−": "-"})


class Token(NamedTuple):
    """A number or a word of a date: `value` is the number, or the month's number."""

    kind: Kind | Literal["number", "unknown"]
    value: int
    start: int
    end: int


@lru_cache(maxsize=65536)
def simplified(text: str) -> str:
    """A text with one form of each letter, digit and blank: lower case, no accents, ASCII digits."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    text = _MARKS.sub("", _UNSEEN.sub("", text)).translate(_TWINS)
    text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    return " ".join(unicodedata.normalize("NFC", _NASAL.sub("\u0902", text)).split())


def tokens_of(text: str) -> list[Token]:
    """The numbers and words of a simplified text in order; names of two words are one token."""
    pieces = [(match[0], match.start(), match.end()) for match in re.finditer(rf"\d+|{_WORD.pattern}", text)]
    tokens: list[Token] = []
    at = 0
    while at < len(pieces):
        word, start, end = pieces[at]
        if word.isdigit():
            tokens.append(Token("number", int(word), start, end))
            at += 1
            continue
        length, kind, value = _longest([piece[0] for piece in pieces[at : at + 3]])
        tokens.append(Token(kind, value, start, pieces[at + length - 1][2]))
        at += length
    return tokens


def _longest(words: list[str]) -> tuple[int, Kind | Literal["unknown"], int]:
    """Number of leading words that form one name, its kind, and its number; English first, which loads no other
    language."""
    bare = [word.strip("'") for word in words]
    english = _vocabulary(ENGLISH)
    hit = _first(bare, english)
    if hit is not None and all(word.isdigit() or (word,) in english for word in bare[1:2]):
        return hit
    hit = _first(bare, _vocabulary(_every_language()))
    if hit is not None:
        return hit
    attached = words[0].removeprefix("ב").removesuffix("ที่")  # "in" before a Hebrew month, "at" after a Thai weekday
    hit = _first([attached], _vocabulary(_every_language()))
    if hit is None and attached in _short_for():
        return 1, "month", _short_for()[attached]
    return hit or (1, "unknown", 0)


def _first(words: list[str], vocabulary: dict[tuple[str, ...], tuple[Kind, int]]) -> tuple[int, Kind, int] | None:
    """The longest name that the words begin with."""
    for length in range(len(words), 0, -1):
        hit = vocabulary.get(tuple(words[:length]))
        if hit is not None:
            return length, *hit
    return None


@cache
def words(name: str) -> frozenset[str]:
    """A list of words of the file, simplified."""
    return frozenset(simplified(word) for word in str(_content()[name]).split())


def is_missing(value: str) -> bool:
    """Whether a cell means that there is no date: "NaT", "n/a", "0000-00-00"."""
    return len(value) < 25 and "t".join(value.lower().split()) in words("missing")


@cache
def eras() -> dict[str, tuple[int, int]]:
    """First and last year of the eras that count years from one."""
    return {name: (int(first), int(last)) for name, (first, last) in _content()["eras"].items()}


@cache
def croatian_months() -> dict[str, str]:
    """Names of months with another meaning in Polish or Czech, with the English name of the Croatian month."""
    return {name: str(month) for name, month in _content()["croatian"].items()}


@cache
def month_names(codes: tuple[str, ...]) -> frozenset[str]:
    """One-word names of months in the given languages, simplified."""
    import babel

    locales = [babel.Locale.parse(code) for code in codes]
    return frozenset(parts[0] for locale in locales for _, parts in _names(locale, "months") if len(parts) == 1)


@cache
def line_pattern(name: str) -> re.Pattern[str]:
    """A pattern of the lines above a text."""
    return re.compile("".join(str(_content()["lines"][name]).splitlines()), re.IGNORECASE)


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def _every_language() -> tuple[str, ...]:
    """Locales whose names are known, those of the product last so that their names win."""
    return (*str(_content()["further"]).split(), *sorted(CANDIDATES), *str(_content()["regions"]).split())


@cache
def _vocabulary(codes: tuple[str, ...]) -> dict[tuple[str, ...], tuple[Kind, int]]:
    """Every known name by its words: months take precedence over weekdays, weekdays over small words."""
    import babel

    made: dict[tuple[str, ...], tuple[Kind, int]] = {}
    lists: tuple[tuple[str, Kind], ...] = (
        ("parts", "part"), ("labels", "label"), ("fillers", "filler"), ("to", "to"),
    )  # fmt: skip
    for name, kind in lists:
        made.update({tuple(_WORD.findall(word)): (kind, 0) for word in words(name)})
    made[("พ", "ศ")] = ("buddhist", 0)
    locales = [babel.Locale.parse(code) for code in codes]
    tables: tuple[tuple[Kind, str], ...] = (("weekday", "days"), ("month", "months"))
    for kind, table in tables:
        for locale in locales:
            for number, parts in _names(locale, table):
                made[parts] = (kind, number)
    made.update({(simplified(name),): ("month", number) for name, number in _content()["months"].items()})
    return made


@cache
def _short_for() -> dict[str, int]:
    """Beginnings of at least three letters that fit a single month in all languages ("janv", "fév")."""
    months: dict[str, set[int]] = {}
    for parts, (kind, number) in _vocabulary(_every_language()).items():
        if kind == "month" and len(parts) == 1 and "a" <= parts[0][0] < "\u0500":
            for end in range(3, len(parts[0])):
                months.setdefault(parts[0][:end], set()).add(number)
    return {start: numbers.pop() for start, numbers in months.items() if len(numbers) == 1}


def _names(locale: Any, table: str) -> list[tuple[int, tuple[str, ...]]]:
    """Names of a locale's months or days with their numbers, in every width except narrow; none with digits."""
    numbered = []
    for widths in getattr(locale, table).values():
        for width, names in widths.items():
            for number, name in names.items() if width != "narrow" else ():
                parts = tuple(part.strip("'") for part in _WORD.findall(simplified(name)))
                if parts and not re.search(r"\d", name) and "".join(parts) not in ("thang", "thg"):
                    numbered.append((int(number), parts))
    return numbered

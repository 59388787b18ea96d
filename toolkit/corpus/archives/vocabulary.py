"""The labels and words of archives in the languages of their interfaces, and dates inside longer lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_LABEL = re.compile(r"\s*(?P<label>[^\W\d_](?:[^:：\r\n]{0,38}[^\s:：])?)\s*[:：]\s*(?P<value>.*)", re.DOTALL)
_WORD = r"[^\W\d_]{3,12}\.?"
_YEAR = r"(?:1[6-9]|20)\d\d"
_DATE = re.compile(
    rf"(?<!\d){_YEAR}-\d\d?-\d\d?(?!\d)"
    rf"|(?<!\d){_YEAR}\s?[./]\s?\d\d?\s?[./]\s?\d\d?(?!\d)"
    rf"|{_YEAR}\s?年\s?\d\d?\s?月(?:\s?\d\d?\s?日)?|{_YEAR}\s?년\s?\d\d?\s?월\s?\d\d?\s?일"
    rf"|(?<!\d)\d\d?\.\s?\d\d?\.\s?{_YEAR}(?!\d)|(?<!\d)\d\d?/\d\d?/{_YEAR}(?!\d)"
    rf"|(?<!\d)\d\d?(?:st|nd|rd|th|er|[.ºª°])?[ \u00a0]+(?:de |of )?{_WORD},?[ \u00a0]+(?:de |del )?{_YEAR}(?!\d)"
    rf"|(?<!\w){_WORD} \d\d?(?:st|nd|rd|th)?,? {_YEAR}(?!\d)",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"(?<!\w){_WORD},? {_YEAR}(?!\d)")
_FOLDER = Path(__file__).parent


class Labelled(NamedTuple):
    """A line that begins with a known label: the label's key, and the position in the line where its value begins."""

    key: str
    value: str
    offset: int


@cache
def table(file: str) -> Mapping[str, Any]:
    """The content of a TOML file of this folder."""
    return tomllib.loads((_FOLDER / f"{file}.toml").read_text(encoding="utf-8"))


@cache
def labels(name: str) -> Mapping[str, str]:
    """Label in lower case -> key, of a table of `labels.toml`."""
    return {label.strip().casefold(): key for key, given in table("labels")[name].items() for label in given.split(";")}


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list of `labels.toml`, in lower case."""
    return frozenset(word.strip().casefold() for word in table("labels")["words"][name].split(";"))


def labelled(line: str, names: Mapping[str, str]) -> Labelled | None:
    """The line split after its label ("LENGTH: 30 words"), or null if it does not begin with one of `names`."""
    match = _LABEL.match(line)
    if match is None:
        return None
    key = names.get(" ".join(match["label"].split()).casefold())
    return None if key is None else Labelled(key, match["value"].strip(), match.start("value"))


def date_in(line: str, month: bool = False) -> str:
    """The first date in a line without weekday, time or edition; empty if there is none.

    `month`: a month with a year is sufficient.
    """
    match = _DATE.search(line) or (_MONTH.search(line) if month else None)
    return match.group() if match else ""


def is_date_line(line: str) -> bool:
    """Whether a line is a date with at most a weekday, a time and an edition."""
    date = date_in(line)
    rest = line.replace(date, " ", 1)
    return bool(date) and len(line) < 90 and len(rest.split()) <= 7 and not re.search(r"[^\W\d_]\s*[:：]", rest)


def word_count(line: str) -> bool:
    """Whether a line is a number of words: "1,234 words", "355 Wörter", "1 234 mots", "320字"."""
    match = re.fullmatch(r"(?:about )?[(（]?\d[\d.,' \u00a0\u202f]*\s?(?P<unit>[^\W\d_]+)[)）]?\.?", line.strip())
    return match is not None and match["unit"].casefold() in words("units")


def is_rights(line: str) -> bool:
    """Whether a line is of a copyright notice."""
    low = line.strip().casefold()
    return low.startswith(tuple(words("rights_open"))) or low.rstrip(".!") in words("rights")

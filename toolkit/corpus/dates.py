"""Dates as people write them, as ISO 8601: as precise as given (2024, 2024-05 or 2024-05-01), never guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_DAY, _YEAR = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?", r"(?P<year>(?:1[5-9]|20)\d\d)"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}-(?P<month>[01]?\d)-(?P<day>[0-3]?\d)(?:[T ].*)?",
        rf"{_YEAR}[/.](?P<month>[01]?\d)[/.](?P<day>[0-3]?\d)(?:[T ].*)?",
        rf"{_YEAR}年(?P<month>[01]?\d)月(?P<day>[0-3]?\d)日.*",
        rf"{_YEAR}年(?P<month>[01]?\d)月",
        rf"{_YEAR}年?",
        rf"{_YEAR}[-/](?P<month>[01]\d)",
        rf"(?P<month>[01]?\d)/{_YEAR}",
        r"(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?:T?\d{4,6}Z?)?",
        rf"{_DAY}\.? (?:of )?{_MONTH},? {_YEAR}\b.*",
        rf"{_DAY}[-/]{_MONTH}[-/]{_YEAR}\b.*",
        rf"{_MONTH} {_DAY},? {_YEAR}\b.*",
        rf"{_MONTH},? {_YEAR}",
        rf"(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.{_YEAR}\b.*",
    )
]
_SLASHED = re.compile(rf"(?P<first>\d{{1,2}})[/-](?P<second>\d{{1,2}})[/-]{_YEAR}(?:[ ,T].*)?")
_PREFIX = re.compile(
    r"(?:(?:published|updated|posted|date|last (?:updated|modified)|issued|first published|发布时间|时间|日期)"
    r"\s*(?:on|at|in)?\s*[:：]?\s*)?(?:\d{1,2}:\d\d\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4}\b)?,?\s+)?"
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?",
    re.IGNORECASE,
)


def iso_date(given: object, day_first: bool | None = None) -> str | None:
    """`given` as ISO 8601, or null where it is no date, or one that two readers would read differently.

    Understands ISO, English and Chinese dates, mail dates, Excel dates (as datetime) and Unix times in seconds or
    milliseconds. 03/04/2024 is read only if `day_first` says how, or one of the two numbers is above 12.
    """
    if isinstance(given, datetime):
        return given.date().isoformat()
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, bool) or given is None:
        return None
    text = " ".join(str(given).split())
    if re.fullmatch(r"\d{10}|\d{13}|\d{10}\.\d+", text):
        seconds = float(text) / (1000 if len(text) == 13 and "." not in text else 1)
        return datetime.fromtimestamp(seconds, tz=UTC).date().isoformat()
    prefix = _PREFIX.match(text)
    text = text[prefix.end() :] if prefix else text
    for form in _FORMS:
        found = form.fullmatch(text)
        if found:
            return _iso(found.groupdict())
    return _slashed(text, day_first)


def _iso(parts: dict[str, str | None]) -> str | None:
    """The parts put together, or null where there is no such day."""
    year, month, day = str(parts["year"]), parts.get("month"), parts.get("day")
    if month is None:
        return year
    number = int(month) if month.isdigit() else _MONTHS[month.lower()]
    try:
        whole = date(int(year), number, int(day or 1))
    except ValueError:
        return None
    return whole.isoformat() if day else f"{year}-{number:02d}"


def _slashed(text: str, day_first: bool | None) -> str | None:
    """03/04/2024 and 3-4-2024, where it can be told which is the day."""
    found = _SLASHED.fullmatch(text)
    if found is None:
        return None
    first, second = found["first"], found["second"]
    if int(first) > 12 or int(second) > 12:
        day_first = int(first) > 12
    if day_first is None:
        return None
    day, month = (first, second) if day_first else (second, first)
    return _iso({"year": found["year"], "month": month, "day": day})


def date_key(iso: str | None) -> str:
    """Sorts dates with the earliest first; a less precise date after the precise ones of its span, none last."""
    return f"{iso}~~~~~~~~~~"[:10] if iso else "~"

"""Dates as people write them, as ISO 8601: as precise as written (2024, 2024-05 or 2024-05-01), never guessed.

Nothing is completed from the clock. `toolkit.corpus.dating` sees the whole column and decides what a single value
leaves open (the order of day and month, whether 44961 is a spreadsheet's day).
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from toolkit.corpus.date_parts import (
    FIRST_YEAR,
    LAST_YEAR,
    NOTHING,
    SERIALS,
    Parsed,
    in_order,
    iso_day,
    iso_month,
    of_parts,
    possible_orders,
    span_of,
)
from toolkit.corpus.date_phrases import phrase
from toolkit.corpus.date_words import eras, simplified, tokens_of, words

FIRST_STAMP, LAST_STAMP = 0, 4_102_444_800
"""Seconds since 1970 from which and up to which a long number is a time: until 2100."""
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\d.*)?")
_TIME = re.compile(
    r"(?<![\d.])(?:t(?=\d))?\d{1,2}(?::\d{2}){1,2}(?:[.,]\d+)?(?!\d)\s*(?:[ap]\.?\s?m\b\.?)?\s*(?:z\b|(?:[a-z]{2,4}t|utc|gmt|et|pt|ct)\b)?"
    r"\s*(?:[+-]\d{2}:?\d{2}\b)?\s*"
    r"(?:\(?(?:utc|gmt)?[+-]\d{1,2}(?::?\d\d)?\)|[+-]\d{1,2}\b(?![-/.]))?\s*(?:\([a-z ]+\))?"
)
_LABEL = re.compile(r"[^\d:]{1,40}:\s*")
_YEAR = r"(?P<year>\d{4})"
_CJK = re.compile(
    r"(?:公元|西暦|西元)?(?P<era>[^\W\d]{2,4}?)?\s*(?P<year>\d{1,4}|元)\s*[年년](?!度)\s*"
    r"(?:(?P<month>\d{1,2})\s*[月월]\s*(?:(?P<day>\d{1,2})\s*[日號号일])?)?(?P<tail>.*)"
)
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_NUMBER = re.compile("[〇○零一二三四五六七八九十]+(?=[年月日號号])")
_VIET = re.compile(
    r"(?:(?:thu|chu) \w+,?\s*)?(?:\D{0,30}\bngay\s+)?(?:(?P<day>\d{1,2})\s*)?(?:thang|thg)\s*(?P<month>\d{1,2})"
    r"\s*(?:,|nam|-|/|\s)*\s*(?P<year>\d{4})(?:\D.*)?"
)
_YEAR_FIRST = re.compile(
    rf"{_YEAR}\s*(?P<mark>[-/._ ])\s*(?P<month>\d{{1,2}})\s*(?P=mark)\s*(?P<day>\d{{1,2}})\.?(?!\d)(?P<tail>.*)"
)
_YEAR_MONTH = re.compile(rf"{_YEAR}[-/](?P<month>\d\d)|(?P<month2>\d{{1,2}})[/.-](?P<year2>\d{{4}})")
_WEEK = re.compile(rf"{_YEAR}-?w(?P<week>\d\d)(?:-?(?P<day>[1-7]))?")
_ORDINAL = re.compile(rf"{_YEAR}-(?P<day>\d{{3}})")
_COMPACT = re.compile(rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?:t?\d{{4}}(?:\d\d(?:\.?\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?")
_SIX = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)")
_NUMBERS = re.compile(
    r"(?P<a>\d{1,2})(?P<mark>\s?[-/.]\s?| )(?P<b>\d{1,2})(?P=mark)(?P<c>'?\d{4}|'?\d{2})\.?(?!\d)(?P<tail>.*)"
)
_PART = re.compile(r"[1-4]?(?:st|nd|rd|th|er|e|o|\.)?[\s.-]*(?P<word>[^\W\d]+)[\s.-]*[1-4]?")
_STAMP = re.compile(r"\d{10}(?:\.\d+)?|\d{13}|\d{16}|\d{19}")
_TAIL = re.compile(r"[\s,;|()\[\]t.·-]*")


def iso_date(value: object, day_first: bool | None = None) -> str | None:
    """`value` as ISO 8601, or null if it is no date, or a date with two possible readings.

    03/04/2024 is read only if `day_first` is set, or if one of the two numbers is above 12.
    """
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return None
    made = parsed(str(value))
    if made.way != "numbers":
        return made.iso
    orders = possible_orders(made)
    if len(orders) > 1 and made.mark == ".":
        orders = ["dmy"] if "dmy" in orders else orders
    if len(orders) > 1 and day_first is not None:
        orders = [order for order in orders if order == ("dmy" if day_first else "mdy")]
    days = {in_order(made, order) for order in orders}
    return days.pop() if len(days) == 1 else None


@lru_cache(maxsize=131_072)
def parsed(value: str) -> Parsed:
    """The date in a single value."""
    match = _ISO.fullmatch(value)
    if match is not None:
        return Parsed(iso_day(int(match[1]), int(match[2]), int(match[3])))
    text = value.strip()
    if not text or len(text) > 200 or "?" in text:
        return NOTHING
    if text[0] == "{" or text.startswith("/Date("):
        return _wrapped(text)
    text = simplified(text).strip(" .;,\"'")
    if text.isdigit() or re.fullmatch(r"\d+\.\d+", text):
        return _bare_number(text)
    if not any(char.isdigit() for char in text) and not _HAN_NUMBER.search(text):
        return NOTHING
    return _in_numbers(text) or _in_words(text)


def _wrapped(text: str) -> Parsed:
    """A date as databases export it: {"$date": …} or /Date(1675500000000)/."""
    net = re.fullmatch(r"/Date\((\d{13})(?:[+-]\d{4})?\)/", text)
    if net is not None:
        return _bare_number(net[1])
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return NOTHING
    while isinstance(tree, dict) and len(tree) == 1:
        key, tree = next(iter(tree.items()))
        if key not in ("$date", "$numberLong", "date", "value", "iso"):
            return NOTHING
    return parsed(str(tree)) if isinstance(tree, (str, int)) and not isinstance(tree, bool) else NOTHING


def _bare_number(text: str) -> Parsed:
    """A number alone: a year, 20240501, 202405, a time in Unix's count, or a spreadsheet's day."""
    whole, _, fraction = text.partition(".")
    if re.fullmatch(r"(?:0[1-9]|1[0-2])\.(?:19|20)\d\d", text):
        return of_parts(fraction, whole, None)
    if _STAMP.fullmatch(text) and not (len(whole) != 10 and fraction):
        return _unix(text)
    if fraction.strip("0") == "":
        if len(whole) == 4 and FIRST_YEAR <= int(whole) < 2100:
            return Parsed(whole)
        if match := _COMPACT.fullmatch(whole):
            year = int(match["year"])
            return Parsed(iso_day(year, int(match["month"]), int(match["day"]))) if 1900 <= year < 2100 else NOTHING
        if match := _SIX.fullmatch(whole):  # 200512 could be 12 May 2020; 202405 cannot
            return Parsed(iso_month(int(match["year"]), int(match["month"]))) if int(whole[2:4]) > 12 else NOTHING
    if len(whole) == 5 and int(whole) in SERIALS:
        return Parsed(None, "serial", (int(whole), 0, 0))
    return NOTHING


def _unix(text: str) -> Parsed:
    """Seconds, or thousandths, millionths or billionths of them, since 1970."""
    whole = text.partition(".")[0]
    seconds = int(whole) / 10 ** (len(whole) - 10)
    if not FIRST_STAMP <= seconds < LAST_STAMP:
        return NOTHING
    return Parsed(datetime.fromtimestamp(seconds, tz=UTC).date().isoformat(), "unix")


def _in_numbers(text: str) -> Parsed | None:
    """Forms of numbers and the characters of East Asian dates; null if the text has none of them."""
    if _HAN_NUMBER.search(text):
        text = _HAN_NUMBER.sub(_han_number, text)
    label = _LABEL.match(text)
    bare = text[label.end() :] if label else text
    made = _east_asian(bare)
    if made is not None:
        return made
    if match := _VIET.fullmatch(bare):
        return of_parts(match["year"], match["month"], match["day"])
    if match := _WEEK.fullmatch(bare):
        return _week(int(match["year"]), int(match["week"]), match["day"])
    if match := _ORDINAL.fullmatch(bare):
        day = date(int(match["year"]), 1, 1) + timedelta(days=int(match["day"]) - 1) if match["day"] > "000" else None
        return Parsed(day.isoformat()) if day is not None and day.year == int(match["year"]) else NOTHING
    if (match := _COMPACT.fullmatch(bare)) and 1900 <= int(match["year"]) < 2100:
        return of_parts(match["year"], match["month"], match["day"])
    return _with_marks(bare)


def _with_marks(text: str) -> Parsed | None:
    """Numbers with dashes, slashes, points or blanks between them."""
    if match := re.fullmatch(r"(\d{4}-\d\d(?:-\d\d)?)(?:/| to | - | – )(\d{4}-\d\d(?:-\d\d)?)", text):
        return span_of(of_parts(*_three(match[1])).iso, of_parts(*_three(match[2])).iso)
    if (match := _YEAR_FIRST.fullmatch(text)) and _only_time(match["tail"]):
        return of_parts(match["year"], match["month"], match["day"])
    if match := _YEAR_MONTH.fullmatch(text):
        return of_parts(match["year"] or match["year2"], match["month"] or match["month2"], None)
    bare = _TIME.sub(" ", text).strip(" ,;")
    bare = _without_lead(bare)
    match = _NUMBERS.fullmatch(bare)
    if match is None or not _only_time(match["tail"]):
        return None
    year = match["c"].lstrip("'")
    numbers = (int(match["a"]), int(match["b"]), int(year))
    return Parsed(None, "numbers", numbers, match["mark"].strip() or " ", len(year) == 2, len(match["a"]) == 2)


def _three(text: str) -> tuple[str, str, str | None]:
    year, month, *day = text.split("-")
    return year, month, day[0] if day else None


def _without_lead(text: str) -> str:
    """A date in numbers without the weekday or small words before it."""
    if text[:1].isdigit() or not re.match(r"\D{1,40}\d+\s?[-/.]", text):
        return text
    for token in tokens_of(text):
        if token.kind == "number":
            return text[token.start :] if text[token.start - 1] in " ,:" else text
        if token.kind not in ("weekday", "filler", "label"):
            break
    return text


def _only_time(tail: str) -> bool:
    """Whether the text after a numeric date is a time, a zone, a weekday, or empty."""
    rest = re.sub(r"(?<!\d)\d{1,2}[.h]\d{2}(?!\d)(?:\.\d{2})?", " ", _TIME.sub(" ", tail))
    if not (left := _TAIL.sub("", rest, count=1).strip(" .)")):
        return True
    if re.fullmatch(r"\d{1,2}[.h]?\d{0,2}(?:\s?(?:uhr|h|[ap]m))?|uhr|[ap]m|z|hrs?", left):
        return True
    return all(token.kind in ("weekday", "filler", "to") for token in tokens_of(left))


def _han_number(match: re.Match[str]) -> str:
    """A Chinese number as digits: 二〇二三, 十二, 三十一, 一一二."""
    text = match[0]
    if "十" not in text:
        return text.translate(_HAN_DIGITS)
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return text
    return f"{tens.translate(_HAN_DIGITS) or '1'}{ones.translate(_HAN_DIGITS) or '0'}"


def _east_asian(text: str) -> Parsed | None:
    """2023年2月4日, 令和5年2月4日, 民國112年2月4日, 2023년 2월 4일; null for other forms."""
    match = _CJK.fullmatch(text)
    if match is None:
        return None
    first, last = eras().get(match["era"] or "", (0, 0))
    if match["era"] and not first:
        return NOTHING
    if not first and len(match["year"]) != 4:
        return NOTHING
    year = first + (1 if match["year"] == "元" else int(match["year"])) - 1 if first else int(match["year"])
    if first and not first <= year <= last:
        return NOTHING
    tail = match["tail"].strip()
    if not match["month"] and tail:
        return Parsed(str(year), "part") if any(word in tail for word in "春夏秋冬季期半분") else NOTHING
    made = of_parts(str(year), match["month"], match["day"])
    return made._replace(way="era") if first and made.iso else made


def _week(year: int, week: int, day: str | None) -> Parsed:
    """A week of ISO 8601: the common part of its first and last day, unless it names the day."""
    try:
        first, last = (date.fromisocalendar(year, week, at) for at in ((int(day),) * 2 if day else (1, 7)))
    except ValueError:
        return NOTHING
    return Parsed(first.isoformat()) if day else span_of(first.isoformat(), last.isoformat())


def _in_words(text: str) -> Parsed:
    """Dates with the name of a month, and parts of a year."""
    years = re.findall(r"(?<!\d)\d{4}(?!\d)", text)
    if len(years) == 1 and FIRST_YEAR <= int(years[0]) <= LAST_YEAR:
        match = _PART.fullmatch(text.replace(years[0], " ").strip(" .,-/'"))
        if match is not None and match["word"] in words("parts"):
            return Parsed(years[0], "part")
    return phrase(_TIME.sub(" ", text))


def date_key(iso: str | None) -> str:
    """Sort key with the earliest date first; a less precise date after the precise ones of its span, null last."""
    return f"{iso}~~~~~~~~~~"[:10] if iso else "~"

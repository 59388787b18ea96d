"""Composes dates from parts: bounds of years, the order of three numbers, the common part of a span."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Literal, NamedTuple

FIRST_YEAR, LAST_YEAR = 1500, 2199
"""Years outside are of another calendar (Persian, Islamic, Hebrew, Buddhist) or no years."""
PIVOT_YEAR = 69
"""Two digits from here on are 19xx, below 20xx (POSIX)."""
SERIALS = range(20_000, 60_001)
"""Days of a spreadsheet from 1954-10-03 to 2064-04-08, counted from 1899-12-30."""
Way = Literal["", "part", "range", "numbers", "serial", "era", "unix"]
Order = Literal["dmy", "mdy", "ymd"]
ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd")


class Parsed(NamedTuple):
    """The date in one value. `iso` is null if it is no date, or if the column must decide (`numbers`, `serial`)."""

    iso: str | None
    way: Way = ""
    numbers: tuple[int, int, int] = (0, 0, 0)  # as written, for the ways `numbers` and `serial`
    mark: str = ""  # the separators of the numbers
    short: bool = False  # the year has two digits
    padded: bool = True  # the first number has two digits


NOTHING = Parsed(None)


def serial_day(number: int) -> str:
    """The day that a spreadsheet counts so, in the system of 1900."""
    return (date(1899, 12, 30) + timedelta(days=number)).isoformat()


def of_parts(year: str, month: str | None, day: str | None) -> Parsed:
    """A year, month or day from its digits."""
    if month is None:
        return Parsed(year) if FIRST_YEAR <= int(year) <= LAST_YEAR else NOTHING
    return Parsed(iso_day(int(year), int(month), int(day)) if day else iso_month(int(year), int(month)))


def iso_day(year: int, month: int, day: int) -> str | None:
    """A day, or null if it does not exist or is out of bounds."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def iso_month(year: int, month: int) -> str | None:
    """A month, or null if it does not exist or is out of bounds."""
    return f"{year}-{month:02d}" if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 else None


def span_of(first: str | None, last: str | None) -> Parsed:
    """The common part of the ends of a span of time: the month, or the year, or empty."""
    if first is None or last is None or first > last:
        return NOTHING
    pairs = zip(first.split("-"), last.split("-"), strict=False)
    shared = [part for part, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)]
    return Parsed("-".join(shared), "range") if shared else NOTHING


def full_year(two: int) -> int:
    """The year that two digits mean."""
    return 1900 + two if two >= PIVOT_YEAR else 2000 + two


def possible_orders(made: Parsed) -> list[Order]:
    """The orders in which three numbers are a date."""
    return [order for order in ORDERS if in_order(made, order) is not None]


def in_order(made: Parsed, order: Order) -> str | None:
    """Three numbers as a date in an order, or null if there is no such day."""
    a, b, c = made.numbers
    if order == "ymd":
        return iso_day(full_year(a), b, c) if made.short and made.padded else None
    year = full_year(c) if made.short else c
    return iso_day(year, b, a) if order == "dmy" else iso_day(year, a, b)

"""Reads the dates of a corpus column by column: the other values of a column decide what one value leaves open.

A column is that of a table, or the dates of the files of one folder and format, or of the documents of one file.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from toolkit.corpus.croatian_months import UNTOLD, disputed, in_english, is_croatian
from toolkit.corpus.date_parts import ORDERS, SERIALS, Order, Parsed, in_order, possible_orders, serial_day
from toolkit.corpus.date_words import is_missing
from toolkit.corpus.dates import parsed
from toolkit.corpus.file_dates import date_of_file
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Source
from toolkit.text.notes import note

COLUMN, CREATED = "@date column", "@created"
"""Keys of `Source.meta` while documents are read: the column of the date; the file's time of creation."""
ALARM_SHARE = 0.02
"""From this share of unread dates on, a series over time is warned of."""
MAX_EXAMPLES = 3
KEY = "corpus.day_first"


@dataclass(frozen=True)
class Column:
    """The decision on a column: the order of day and month, or why there is none, and the separators that it covers."""

    slashed: Order | Literal["", "both"]
    dotted: Order | Literal["", "both"]
    serials: bool
    decided: str = ""  # in words, for the notes of the corpus
    unread: str = ""  # why ambiguous dates are not read


def dated(sources: Sequence[Source], settings: CorpusSettings) -> tuple[list[Source], list[str]]:
    """The documents with their dates as ISO 8601, or with a note why not; and the notes on each column."""
    columns: dict[str, list[int]] = defaultdict(list)
    for at, source in enumerate(sources):
        if source.meta.get("date") and not is_missing(source.meta["date"]):
            columns[_name(source)].append(at)
    made, notes = list(sources), []
    for name in sorted(columns):
        rows = columns[name]
        counts = Counter(sources[at].meta["date"] for at in rows)
        column = _decided(counts, settings.day_first)
        named = {value for value in counts if disputed(value)}
        kept = settings.languages or ()
        croatian = is_croatian(counts, (sources[at].text for at in rows), kept) if named else None
        read = {value: _read(value, column) for value in counts if value not in named}
        read |= {value: _named_month(value, column, croatian) for value in sorted(named)}
        for at in rows:
            made[at] = _with_date(sources[at], *read[sources[at].meta["date"]])
        notes += _column_notes(name, counts, {value: iso for value, (iso, _) in read.items()}, column)
    for at, source in enumerate(sources):
        if "date" not in source.meta:
            made[at] = _by_file(source, settings)
        elif is_missing(source.meta["date"]):
            made[at] = _by_file(_with_date(source, None, ""), settings)
    return made, notes


def _name(source: Source) -> str:
    """The column that a document's date is from, in words."""
    column = source.meta.get(COLUMN)
    if column is not None:
        return column
    if "#" in source.document_id.removeprefix(source.path):
        return f"dates of {source.path}"
    folder = source.path.rpartition("/")[0]
    return f"dates of {folder + '/' if folder else ''}*.{source.format}"


def _with_date(source: Source, iso: str | None, message: str) -> Source:
    """The document with its date, or without one; `message` is its note, if any."""
    if iso == source.meta["date"] and not message:
        return source
    meta = {key: value for key, value in source.meta.items() if key != "date"}
    notes = (*source.notes, message) if message else source.notes
    return replace(source, meta={**meta, "date": iso} if iso else meta, notes=notes)


def _by_file(source: Source, settings: CorpusSettings) -> Source:
    """A document without a date, dated by its file if the config allows it and the file contains only this document."""
    if source.fault or source.document_id != source.path:
        return source
    day, message = date_of_file(source.path, source.meta.get(CREATED), settings.file_dates)
    return replace(source, meta={**source.meta, "date": day}, notes=(*source.notes, message)) if day else source


def _decided(counts: Counter[str], day_first: bool | None) -> Column:
    """The decision of the whole column on the order of day and month, and on numbers that may be a serial date."""
    every = {value: parsed(value) for value in counts}
    numbers = {value: made for value, made in every.items() if made.way == "numbers"}
    slashed = {value: made for value, made in numbers.items() if made.mark != "."}
    dotted = {value: made for value, made in numbers.items() if made.mark == "."}
    order, decided, unread = _order(slashed, counts, day_first)
    dots, dots_decided, dots_unread = _order(dotted, counts, True, firm=False)
    small = [value for value in counts if re.fullmatch(r"\d{1,6}(?:\.\d+)?", value.strip())]
    serials = bool(small) and all(every[value].way == "serial" or every[value].iso for value in small)
    decided = "; ".join(filter(None, (decided, dots_decided if dots != "dmy" else "")))
    return Column(order, dots, serials, decided, "; ".join(filter(None, (unread, dots_unread))))


def _order(
    numbers: dict[str, Parsed], counts: Counter[str], day_first: bool | None, firm: bool = True
) -> tuple[Order | Literal["", "both"], str, str]:
    """The order that all dates of the column share, with its reason; or why there is none.

    `firm`: `day_first` is set in the config and decides; otherwise it is the usual order, and the column decides.
    """
    if not numbers:
        return "", "", ""
    given: Order | None = None if day_first is None else "dmy" if day_first else "mdy"
    possible = {value: possible_orders(made) for value, made in numbers.items()}
    possible = {value: orders for value, orders in possible.items() if orders}
    if not possible:
        return "", "", ""
    if firm and given:
        return given, "", ""
    open_orders: list[Order] = [order for order in ORDERS if all(order in orders for orders in possible.values())]
    if not open_orders:
        return "both", "", _contradiction(numbers, possible)
    if len(open_orders) > 1 and "ymd" in open_orders and _year_last(numbers, dotted=given is not None):
        open_orders.remove("ymd")
        possible = {value: [order for order in orders if order != "ymd"] for value, orders in possible.items()}
    if len(open_orders) > 1 and given in open_orders and "ymd" not in open_orders:
        open_orders = [given]
    if len(open_orders) > 1:
        return "", "", _undecided(open_orders)
    (order,) = open_orders
    return order, _evidence(order, numbers, possible, counts), ""


def _year_last(numbers: dict[str, Parsed], dotted: bool) -> bool:
    """Whether two-digit years are surely at the end: years differ less often than days and months do."""
    first, second, last = (len({made.numbers[at] for made in numbers.values()}) for at in range(3))
    return len(numbers) == 1 or (last <= first and (dotted or last < max(first, second)))


def _undecided(orders: Sequence[str]) -> str:
    """The reason why no order is chosen, and the key that decides."""
    if "ymd" in orders:
        return f"nothing tells whether two-digit years are first or last; {KEY} or four-digit years decide"
    return f"nothing tells whether the day or the month is first; {KEY}: true or false decides"


def _evidence(order: str, numbers: dict[str, Parsed], possible: dict[str, list[Order]], counts: Counter[str]) -> str:
    """The decision in a sentence: an example and the number of dates of the column that prove it."""
    ambiguous = [value for value, orders in possible.items() if len({in_order(numbers[value], o) for o in orders}) > 1]
    if not ambiguous:
        return ""
    proofs = sum(counts[value] for value in possible if value not in set(ambiguous))
    total = sum(counts[value] for value in possible)
    which = {"dmy": "a day above 12 before the month", "mdy": "a day above 12 after the month", "ymd": "the year first"}
    shown = f"{ambiguous[0]} read as {in_order(numbers[ambiguous[0]], order)}"  # type: ignore[arg-type]
    if order == "ymd":
        return f"{shown}: the dates have the year first ({KEY} decides otherwise)"
    if not proofs:
        return f"{shown}: the day is first in dates with points" if numbers[ambiguous[0]].mark == "." else shown
    return f"{shown}: {proofs:,} of {total:,} dates of the column have {which[order]} ({KEY} decides otherwise)"


def _contradiction(numbers: dict[str, Parsed], possible: dict[str, list[Order]]) -> str:
    """Both orders occur: an example of each."""
    shown = [next((value for value, orders in possible.items() if orders == [order]), "") for order in ("dmy", "mdy")]
    shown += [next((value for value, orders in possible.items() if orders == ["ymd"]), "")]
    named = [value for value in shown if value]
    if len(named) < 2:
        named = list(possible)[:MAX_EXAMPLES]
    return (
        f"the column contradicts itself on the order of day and month ({' but '.join(named)}), so dates that could be "
        f"read both ways are not read; {KEY}: true or false decides"
    )


def _read(value: str, column: Column) -> tuple[str | None, str]:
    """A value as ISO 8601 by its column's decision, and the document's note on it."""
    made = parsed(value)
    if made.way == "numbers":
        return _in_column(value, made, column.dotted if made.mark == "." else column.slashed)
    if made.way == "serial":
        day = made.numbers[0]
        if not column.serials or day not in SERIALS:
            return None, note("date not understood", repr(value[:60]))
        message = note("date read from a spreadsheet's day number, counted from 1900", f"{value} as {serial_day(day)}")
        return serial_day(day), message
    if made.iso is None:
        return None, note("date not understood", repr(value[:60]))
    return made.iso, _how(value, made)


def _named_month(value: str, column: Column, croatian: bool | None) -> tuple[str | None, str]:
    """A date whose month has another name in Croatian than in Polish and Czech, and the document's note on it."""
    if croatian is None:
        return None, note(UNTOLD, repr(value[:60]), "corpus.languages")
    if not croatian:
        return _read(value, column)
    iso, message = _read(in_english(value), column)
    return iso, message or note("month read by its Croatian name", f"{value[:40]} as {iso}")


def _how(value: str, made: Parsed) -> str:
    """The note on a date that was read in a way that needs a word."""
    shown = f"{value[:40]} as {made.iso}"
    if made.short:
        return note("two-digit year read as 2000 to 2068 or 1969 to 1999", shown)
    if made.way in ("part", "range"):
        return note("date of a span of time, read as far as it is one month or year", shown)
    return note("date read from its year count", shown) if made.way == "era" else ""


def _in_column(value: str, made: Parsed, order: Order | Literal["", "both"]) -> tuple[str | None, str]:
    """Three numbers as a date: in the order of the column, or in the only order that is a day."""
    possible = possible_orders(made)
    if not possible:
        return None, note("date not understood", repr(value[:60]))
    day = in_order(made, order) if order and order != "both" else None
    if day is None and order in ("dmy", "mdy"):
        day = in_order(made, possible[0])
        return day, note("date read otherwise than the config says, since it is no day so", f"{value} as {day}", KEY)
    if day is None:
        days = {in_order(made, at) for at in possible}
        if len(days) > 1:
            return None, note("date not read, its day and month could be either", repr(value[:60]), KEY)
        (day,) = days
    return day, _how(value, made._replace(iso=day))


def _column_notes(name: str, counts: Counter[str], read: dict[str, str | None], column: Column) -> list[str]:
    """The notes on a column: how it was read, and a warning if it was read in part."""
    total, missed = sum(counts.values()), [value for value, iso in read.items() if not iso]
    lost = sum(counts[value] for value in missed)
    notes = [f"{name}: {column.decided}"] if column.decided else []
    if not lost:
        return notes
    shown = ", ".join(repr(value[:40]) for value in missed[:MAX_EXAMPLES]) + (
        ", …" if len(missed) > MAX_EXAMPLES else ""
    )
    text = f"{name}: {total - lost:,} of {total:,} values read; not read: {shown}"
    text += f"; {column.unread}" if column.unread else ""
    if lost >= ALARM_SHARE * total and lost < total:
        text += "; a series over time would show false seasons"
    return [*notes, text]

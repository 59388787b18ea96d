"""Distinguishing words of themes, codes and groups, and keywords in context: `keyness` and `kwic` for a reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from typing import Any

from toolkit.figures import RunTables
from toolkit.report.coders_say import coders_say
from toolkit.report.places import Place, Reader
from toolkit.report.verdicts import rule, verdict_of
from toolkit.text.format import beside, count, decimal, name_of, one_line, plural, snippet

TERMS = 5
KEYWORDS = 3
"""Keywords of each theme and code that a line is shown for; the table has up to three lines of six."""


@dataclass(frozen=True)
class Apart:
    """A theme, code or group, and the words that it uses more than all others, with how many times more."""

    name: str
    kind: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One place of a keyword: `before`, `match` and `after` together are the words of the text, except for blanks."""

    name: str
    keyword: str
    before: str
    match: str
    after: str
    place: Place


@dataclass(frozen=True)
class WordsPart:
    """The report's values on words."""

    apart: tuple[Apart, ...]
    nothing: int  # themes, codes and groups with words to test of which none sets them apart after adjustment
    lines: tuple[Line, ...]
    rule: str = ""  # how the tests of the table were adjusted
    kept: int = 0  # keyword lines of the run, of which `lines` are some


def words_part(tables: RunTables, reader: Reader) -> WordsPart:
    """Both tables as the page shows them; empty for a run folder that has neither."""
    apart = tuple(_apart(tables))
    return WordsPart(
        tuple(subject for subject in apart if subject.words),
        sum(not subject.words for subject in apart),
        tuple(_lines(tables, reader)),
        rule(tables.rows("keyness"), "tests of words", {}),
        len(tables.rows("kwic")),
    )


def _name(tables: RunTables, row: dict[str, Any]) -> str:
    if row["kind"] == "theme":
        return tables.labels.get(int(row["id"]), str(row["id"]))
    return tables.code_names.get(row["id"], row["id"]) if row["kind"] == "code" else name_of(row["id"])


def _apart(tables: RunTables) -> Iterator[Apart]:
    sides: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in tables.rows("keyness"):
        sides.setdefault((row["kind"], row["group_by"] or "", row["id"]), []).append(row)
    for (kind, column, _), rows in sides.items():
        holding = [row for row in rows if _holds(row)]
        yield Apart(_name(tables, rows[0]), one_line(column) or kind, tuple(_times(row) for row in holding[:TERMS]))


def _holds(row: dict[str, Any]) -> bool:
    """Whether the word has a verdict; of a run of format 1 also one without limits, whose p-value alone decides."""
    return bool(verdict_of(row)) or (
        row.get("verdict") is None and row["low"] is None and (row["p_adjusted"] or 1) < 0.05
    )


def _times(row: dict[str, Any]) -> str:
    """quantum (12 times, 5 to 30; in 4 of 6 documents); quantum (only here, found 14 times in 5 documents)."""
    known, term = row.get("documents") is not None, one_line(row["term"])
    if row["count_versus"] == 0:
        places = f" in {plural(row['documents'], 'document')}" if known else ""
        least = f"; at least {_number(2.0 ** row['low'])} times as often" if row["low"] is not None else ""
        return f"{term} (only here, found {plural(row['count'], 'time')}{places}{least})"
    value, low, high = (2.0 ** row[name] for name in ("log_ratio", "low", "high"))
    digits = 0 if low >= 10 else 1
    ends = f"{beside(low, 1.0, digits)} to {decimal(high, digits)}"
    places = ""
    if known and row.get("documents_versus") is not None:
        places = f"; in {plural(row['documents'], 'document')}, {count(row['documents_versus'])} elsewhere"
    return f"{term} ({decimal(value, digits)} times, {ends}{places})"


def _number(value: float) -> str:
    """A bound with two digits at most, rounded down."""
    return decimal(floor(value) if value >= 10 else floor(10 * value) / 10, 0 if value >= 10 else 1)


def _lines(tables: RunTables, reader: Reader) -> Iterator[Line]:
    """The first line of the first keywords of each theme and code."""
    if reader.mode == "none":
        return
    seen: dict[tuple[str, str], set[str]] = {}
    say = coders_say(tables)
    for row in tables.rows("kwic"):
        if row["kind"] == "code" and say.refused(row["paragraph_id"], row["id"]):
            continue
        keywords = seen.setdefault((row["kind"], row["id"]), set())
        if row["keyword"] in keywords or len(keywords) >= KEYWORDS or not row["window"]:
            continue
        keywords.add(row["keyword"])
        at, end = row["start"] - row["window_start"], row["end"] - row["window_start"]
        before, after = row["window"][:at], row["window"][end:]
        gaps = [" " * bool(before[-1:].isspace()), " " * bool(after[:1].isspace())]
        before, after = one_line(before), one_line(after)
        if reader.mode == "snippet":
            before, after = " ".join(before.split()[-12:]), snippet(after, 12)
        before, after = before + gaps[0], gaps[1] + after
        place = reader.place(reader.rows[row["paragraph_id"]], row["start"], row["end"])
        yield Line(_name(tables, row), one_line(row["keyword"]), before, one_line(row["match"]), after, place)

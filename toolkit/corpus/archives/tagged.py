"""Records of reference managers and databases: RIS, PubMed, Web of Science, EndNote, RefWorks, NoteExpress."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from toolkit.corpus.archives.article import Article, Span, article_of
from toolkit.corpus.archives.vocabulary import table
from toolkit.corpus.cleaning.lines import Line, lines_of
from toolkit.corpus.dates import iso_date

_START = re.compile(
    r"^\ufeff?[ \t]*(?:TY  ?-|PMID ?-|FN |PT [A-Z]\r?$|%0[ \t]|RT [A-Z]|\{Reference Type\})", re.MULTILINE
)
_HINTS = ("TY  -", "TY -", "PMID", "FN ", "PT ", "%0", "RT ", "{Reference Type}")
_LISTS = ("author",)


@dataclass(frozen=True)
class Form:
    """The way in which a program writes records."""

    name: str
    guard: re.Pattern[str]
    line: re.Pattern[str]
    begin: str
    end: str
    keys: Mapping[str, tuple[str, int]]  # tag -> key, and its rank: the first tag wins
    indent: bool  # lines that go on with a value are indented


@dataclass
class _Value:
    """The value of one tag in a record."""

    tag: str
    text: str
    start: int
    end: int


@cache
def forms() -> tuple[Form, ...]:
    """The forms of `tags.toml`."""
    made = []
    for form in table("tags")["form"]:
        keys = {
            tag.strip(): (key, rank)
            for key, tags in form["tags"].items()
            for rank, tag in enumerate(tags.split("|") if form["name"] == "NoteExpress" else tags.split())
        }
        made.append(
            Form(
                form["name"], re.compile(form["guard"], re.MULTILINE), re.compile(form["line"], re.DOTALL),
                form["begin"], form["end"], keys, form.get("indent", False),
            )
        )  # fmt: skip
    return tuple(made)


def recognised(text: str) -> bool:
    """Whether a line near the begin of a text opens a record."""
    return any(hint in text for hint in _HINTS) and _START.search(text, 0, 20_000) is not None


def name_of(text: str) -> str:
    """The name of the first form that fits a text."""
    return next((form.name for form in forms() if form.guard.search(text, 0, 20_000)), "a reference manager")


def articles(text: str) -> list[Article]:
    """The records of a text in the first form that fits it; empty if no form does."""
    for form in forms():
        if form.guard.search(text, 0, 20_000):
            records = _records(lines_of(text), form, text)
            if records:
                return [_article(text, form, span, values) for span, values in records]
    return []


def _records(lines: Sequence[Line], form: Form, text: str) -> list[tuple[Span, list[_Value]]]:
    """Place and values of each record; text before the first and after the last belongs to these."""
    records: list[list[_Value]] = []
    begins: list[int] = []
    opened = False
    for line in lines:
        match = form.line.fullmatch(line.text)
        if match is not None and form.indent and line.indent > 1:
            match = None
        tag = match["tag"] if match else ""
        if tag == form.begin:
            records.append([])
            begins.append(line.start)
            opened = True
        if not opened:
            continue
        values = records[-1]
        if match is not None:
            value = match["value"] or ""
            start = line.start + (match.start("value") if value else len(line.text))
            values.append(_Value(tag, value.strip(), start, line.end))
            opened = not form.end or tag != form.end
        elif values:
            apart = "; " if form.indent and form.keys.get(values[-1].tag, ("",))[0] in _LISTS else " "
            values[-1].text = f"{values[-1].text}{apart}{line.text}".strip()
            values[-1].end = line.end
    if not records or not any(value.tag in form.keys and value.text for values in records for value in values):
        return []
    starts = [0, *begins[1:]]
    spans = [Span(start, stop) for start, stop in zip(starts, [*begins[1:], len(text)], strict=True)]
    return list(zip(spans, records, strict=True))


def _article(text: str, form: Form, span: Span, values: Sequence[_Value]) -> Article:
    """One record: the abstract is its text."""
    known: dict[str, str] = {}
    ranks: dict[str, int] = {}
    dates: list[str] = []
    title: list[Span] = []
    body: list[Span] = []
    for value in values:
        key, rank = form.keys.get(value.tag, ("", 0))
        if not key or not value.text:
            continue
        dates += [value.text] if key == "date" else []
        if key in known and key in _LISTS and rank == ranks[key]:
            known[key] = f"{known[key]}; {value.text}"
        elif key not in known or rank < ranks[key]:
            known[key], ranks[key] = value.text, rank
            title = [Span(value.start, value.end)] if key == "title" else title
            body = [Span(value.start, value.end)] if key == "body" else body
        elif key == "body" and value.text != known["body"]:
            body.append(Span(value.start, value.end))
    known.pop("body", None)
    known["date"] = date_of(known.get("date", ""), dates)
    return article_of(text, span, title, body, known)


def date_of(value: str, dates: Sequence[str]) -> str:
    """The date of a record: the value of its first date tag, with the year from another date tag if needed."""
    return _date(_with_year(value, dates))


def _with_year(value: str, dates: Sequence[str]) -> str:
    """A day or month without a year ("February 4", "FEB 4") with the year of another tag."""
    year = next((date.strip() for date in dates if re.fullmatch(r"\s*\d{4}\s*", date)), "")
    if not year or re.search(r"\d{4}", value):
        return value
    joined = f"{value.strip()} {year}"
    return joined if iso_date(joined) else year


def _date(value: str) -> str:
    """A date without the suffixes of RIS and PubMed: 2023/02/04/, 2023///, 2023 Feb 4, 2023 Jan-Feb."""
    parts = [part for part in value.strip().split("/") if part.strip()]
    if len(parts) >= 1 and re.fullmatch(r"\d{4}", parts[0]):
        numbers = [part for part in parts[:3] if part.strip().isdigit()]
        return "-".join(part.strip().zfill(2) for part in numbers)
    match = re.fullmatch(
        r"(?P<year>\d{4})(?: (?P<month>[A-Za-z]{3,9})(?:-\w+)?)?(?: (?P<day>\d{1,2})(?:-.*)?)?", value.strip()
    )
    if match and match["month"] and not re.fullmatch(r"(?i)spring|summer|autumn|fall|winter", match["month"]):
        return " ".join(part for part in (match["day"], match["month"], match["year"]) if part)
    return match["year"] if match else value

"""Takes date, source and author from the lines that cleaning removes above a text, if nothing else names them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from toolkit.corpus.croatian_months import UNTOLD, disputed, in_english, is_croatian
from toolkit.corpus.date_phrases import date_within
from toolkit.corpus.date_words import line_pattern
from toolkit.corpus.dates import iso_date, parsed
from toolkit.corpus.file_dates import made_by_program
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Part, Source
from toolkit.corpus.words import has_han
from toolkit.text.notes import note

FAR_DAYS = 366
"""Days between a date line and the metadata from which on a note names both."""
_LINE_CHARACTERS = 200
TITLE_MOST_WORDS = 15
_AGENCY = re.compile(r"\((?P<name>[A-Z][\w .&'’-]{1,40})\)\W*$")
_PIECES = re.compile(r"\s*[|•·;\n]\s*")


def described(source: Source, parts: Sequence[Part], settings: CorpusSettings) -> Source:
    """The document with the date, source and author in the lines above its first paragraph."""
    if source.meta.get("date") and source.meta.get("source") and source.meta.get("author"):
        return source
    head = [
        (part.reason, source.text[part.start : part.end].strip())
        for part in itertools.takewhile(lambda part: part.reason or _is_short(source.text, part), parts)
        if part.reason in _READ and part.end - part.start <= _LINE_CHARACTERS
    ]
    opening = next((part for part in parts if part.reason == "dateline"), None)
    if opening is not None and ("dateline", source.text[opening.start : opening.end].strip()) not in head:
        head.append(("dateline", source.text[opening.start : opening.end].strip()))
    if not any(reason in _DATED for reason, _ in head):
        source = _dated_below(source, parts, settings)
    if not head:
        return source
    source = _with_date(source, head, settings)
    lines = [(reason, piece) for reason, text in head for piece in _BEFORE_LABEL.split(text)]
    for role, reasons in (("source", ("dateline", "syndication", *_LABELLED)), ("author", ("byline", *_LABELLED))):
        name = "" if source.meta.get(role) else _name(lines, reasons, role)
        if name:
            source = _with(source, role, name, f"{role} taken from a line above the text", name)
    return source


def _is_short(text: str, part: Part) -> bool:
    """Whether a kept part is as short as a title, so that lines above the text may still follow."""
    return part.end - part.start <= _LINE_CHARACTERS and len(text[part.start : part.end].split()) <= TITLE_MOST_WORDS


_READ = ("date_line", "dateline", "byline", "syndication", "masthead")
_DATED = ("date_line", "dateline", "byline")
_LABELLED = ("masthead", "date_line")
"""Reasons of lines that name a source or an author only behind a label."""
_BEFORE_LABEL = re.compile(r"\s+(?=(?:来源|來源|出典|作者|记者|編輯|编辑|责任编辑)\s*[:：])")
_PERSON = re.compile(r"(?:[^\W\d_a-z][\w.'’-]+\s?){2,4}")


def _with(source: Source, role: str, value: str, text: str, example: str) -> Source:
    reason = {"date": "date_line", "source": "dateline", "author": "byline"}[role]
    message = note(text, example, f"corpus.clean.{reason}")
    return replace(source, meta={**source.meta, role: value}, notes=(*source.notes, message))


def _with_date(source: Source, head: Sequence[tuple[str, str]], settings: CorpusSettings) -> Source:
    """The document dated by its first date line, or with a note if that is far from the date that it has."""
    lines = [text for reason, text in head if reason in _DATED]
    settled = {line: _settled(line, source.text, settings.languages or ()) for line in lines}
    days = ((_day(read, settings.day_first), line) for line, read in settled.items() if read)
    day, line = next(((day, line) for day, line in days if day), ("", ""))
    known = source.meta.get("date")
    if not day:
        either = next((line for line in lines if parsed(line).way == "numbers"), None)
        unnamed = next((line for line, read in settled.items() if not read), None)
        if known or (either is None and unnamed is None):
            return source
        if either is None:
            message = note(UNTOLD, repr(unnamed), "corpus.languages")
            return replace(source, notes=(*source.notes, message))
        message = note("date line not read, its day and month could be either", repr(either), "corpus.day_first")
        return replace(source, notes=(*source.notes, message))
    if known:
        if len(known) < 4 or abs(int(known[:4]) - int(day[:4])) <= FAR_DAYS // 365:
            return source
        message = note("date line differs from the metadata by more than a year", f"{day} but {known}")
        return replace(source, notes=(*source.notes, message))
    unread = any(message.startswith("date not ") for message in source.notes)
    if unread or (source.document_id == source.path and made_by_program(source.path)):
        return source
    return _with(source, "date", day, "date taken from a line above the text", f"{line[:40]!r} as {day}")


def _dated_below(source: Source, parts: Sequence[Part], settings: CorpusSettings) -> Source:
    """The document dated by the single date line below its last paragraph, if it has no other date."""
    below = itertools.takewhile(lambda part: part.reason, reversed(parts))
    lines = [source.text[part.start : part.end].strip() for part in below if part.reason == "date_line"]
    unread = any(line.startswith("date not ") for line in source.notes)
    if len(lines) != 1 or source.meta.get("date") or unread or len(parts) < 2:
        return source
    read = _settled(lines[0], source.text, settings.languages or ())
    day = _day(read, settings.day_first) if read and len(lines[0]) <= _LINE_CHARACTERS else None
    if day is None or (source.document_id == source.path and made_by_program(source.path)):
        return source
    return _with(source, "date", day, "date taken from a line below the text", f"{lines[0][:40]!r} as {day}")


def _settled(line: str, text: str, kept: Sequence[str]) -> str:
    """A line, with a month named in English if its name is Croatian; empty if its month could be either."""
    if not disputed(line):
        return line
    croatian = is_croatian((), (text,), kept)
    return "" if croatian is None else in_english(line) if croatian else line


def _day(line: str, day_first: bool | None) -> str | None:
    """The day or month in a line, except the date of a change or of a visit."""
    line = line_pattern("number_of_issue").sub(" ", line)
    changed = line_pattern("changed").search(line)
    for piece in _PIECES.split(line[: changed.start()] if changed else line):
        day = iso_date(piece, day_first) or date_within(piece)
        if day is not None and len(day) >= 7:
            return day
    return None


def _name(head: Sequence[tuple[str, str]], reasons: tuple[str, ...], label: str) -> str:
    """The name on the first line of those reasons: after a label, or the agency in brackets of a dateline."""
    for reason, text in head:
        if reason not in reasons:
            continue
        chosen = _AGENCY if reason == "dateline" else line_pattern(label)
        match = chosen.search(text.rstrip(" -–—")) if chosen is _AGENCY else chosen.match(text)
        if match is not None:
            name = next(group for group in match.groups() if group)
            if reason in _LABELLED and label == "author" and not (has_han(name) or _PERSON.fullmatch(name)):
                continue
            return " ".join(_PIECES.split(name)[0].split()).strip(" .,:*_")
    return ""

"""Rows of a table to documents: the text column is the text, the others are metadata."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby
from typing import NamedTuple

from toolkit.corpus.columns import (
    SAMPLE_CHARACTERS,
    SAMPLE_ROWS,
    Profile,
    closed_columns,
    profiles_of,
    rounded_ids,
    text_choice,
    unfit_roles,
)
from toolkit.corpus.date_columns import date_column
from toolkit.corpus.dating import COLUMN
from toolkit.corpus.decode import repaired
from toolkit.corpus.files import CorpusFile, unreadable
from toolkit.corpus.metadata import normalised, role_columns
from toolkit.corpus.readers import TableReader
from toolkit.corpus.readers.cells import cell_of, cell_text, has_cell, long_text, paths_of
from toolkit.corpus.readers.html import page_source
from toolkit.corpus.respondents import answer_parts
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Row, Source, Unreadable
from toolkit.text.notes import note

OVERFLOWS = "cells beyond the last column read as part of the text (its delimiter stands there without quotes)"
ROUNDED = "ids were rounded by a spreadsheet, so rows are known by their number"
MAPPED_ROUNDED = "ids were rounded by a spreadsheet, so one may stand for several"
NO_TEXT = "no column of text (corpus.columns.text)"
_HTML_CELL = re.compile(r"</(?:p|div|h[1-6]|li|span|a|strong|em)>|<br\s*/?>", re.IGNORECASE)


def documents_of_table(
    file: CorpusFile, reader: TableReader, settings: CorpusSettings, several: bool
) -> Iterator[Source]:
    """One document per row; rows with the same id are not distinguished yet."""
    seen = 0
    try:
        for sheet, rows in groupby(reader.rows(file.absolute, settings), key=lambda row: row.sheet):
            for source in _Table(file, reader.format, settings, several, sheet).documents(rows):
                seen += 1
                yield source
    except Unreadable as fault:
        yield unreadable(file, reader.format, str(fault))
        return
    if not seen:
        yield unreadable(file, reader.format, "no rows")


class _Roles(NamedTuple):
    """The roles of a table's columns: those of the text in order, one for each other role, those that are groups."""

    texts: tuple[str, ...]
    others: dict[str, str]
    closed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class _Table:
    """A table of a file: its first rows decide the roles of its columns, the others are read one at a time."""

    def __init__(self, file: CorpusFile, kind: str, settings: CorpusSettings, several: bool, sheet: str) -> None:
        self.file, self.kind, self.settings, self.several, self.sheet = file, kind, settings, several, sheet
        self.of_json = kind in ("jsonl", "json")

    def documents(self, rows: Iterator[Row]) -> Iterator[Source]:
        """The documents of the rows; a row that is no document leaves a note on the previous one, else on the next."""
        before: Source | None = None
        waiting: tuple[str, ...] = ()
        for made in self._made(rows):
            if isinstance(made, Source):
                if before is not None:
                    yield before
                before = replace(made, notes=(*made.notes, *waiting)) if waiting else made
                waiting = ()
            elif before is not None:
                before = replace(before, notes=(*before.notes, made))
            else:
                waiting = (*waiting, made)
        if before is not None:
            yield before

    def _made(self, rows: Iterator[Row]) -> Iterator[Source | str]:
        head = self._head(rows)
        sound = [row for row in head if not row.aside and not row.fault]
        profiles = profiles_of(sound)
        roles, fault = self._roles(profiles, sound)
        if fault and sound and not (self.of_json and len(head) >= SAMPLE_ROWS):
            yield replace(self._without_text(fault), notes=sound[0].notes)
            yield from (self._bad_row(row) for row in head if row.fault)
            return
        for row in chain(head, rows):
            if row.aside:
                yield note(row.aside, str(row.cells.get("", "")), "corpus.skip_rows")
            elif row.fault:
                yield self._bad_row(row)
            else:
                yield self._row(row, roles)

    def _head(self, rows: Iterator[Row]) -> list[Row]:
        """The rows that decide the roles of columns: the first ones, or all rows of a survey."""
        if self.settings.kind == "survey":
            return list(rows)
        head: list[Row] = []
        size = 0
        for row in rows:
            head.append(row)
            size += sum(len(cell) for cell in row.cells.values() if isinstance(cell, str))
            if len(head) == SAMPLE_ROWS or size > SAMPLE_CHARACTERS:
                break
        return head

    def _roles(self, profiles: Sequence[Profile], rows: Sequence[Row]) -> tuple[_Roles, str]:
        """The roles of the columns, and the reason if there is no text."""
        top = list(dict.fromkeys(str(name) for row in rows for name in row.cells if name is not None))
        names = list(dict.fromkeys((*top, *(profile.name for profile in profiles))))
        choice = text_choice(profiles, self.settings.kind == "survey")
        notes, texts = list(choice.notes), choice.columns
        configured = self.settings.columns.get("text")
        if configured is not None and rows:
            wanted = [configured] if isinstance(configured, str) else list(configured)
            texts = tuple(self._text_column(names, name) for name in wanted)
            notes = []
        others = self._others(top, names, texts)
        for role in unfit_roles(others, profiles):
            if not self.settings.columns.get(role):
                others.pop(role)
        rounded = rounded_ids(others["id"], rows) if "id" in others else ""
        if rounded:
            mapped = self.settings.columns.get("id")
            notes.append(note(MAPPED_ROUNDED if mapped else ROUNDED, rounded, "corpus.columns.id"))
            others |= {} if mapped else {"id": ""}
        if texts and "date" not in others and "date" not in self.settings.columns:
            dates, date_note = date_column(
                profiles, rows, {*texts, *others.values(), *self.settings.columns.get("keep", ())}
            )
            others |= {"date": dates} if dates else {}
            notes += [date_note] if date_note else []
        known = [*texts, *(others[role] for role in ("id", "title", "date", "url") if role in others)]
        closed = closed_columns(profiles, known) if self.settings.kind == "survey" else ()
        return _Roles(texts, others, closed, tuple(notes)), "" if texts else choice.fault or NO_TEXT

    def _text_column(self, names: Sequence[str], name: str) -> str:
        """The column of a text that the config names; a step of * is every member of a list."""
        hit = role_columns(names, {"text": name.replace(".*.", ".0.")}, self.file.relative)["text"]
        return name if ".*." in name else hit

    def _others(self, top: Sequence[str], names: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
        """Roles other than the text: columns by name, and fields nested at the same level as the text."""
        configured = {role: name for role, name in self.settings.columns.items() if role not in ("keep", "text")}
        if self.of_json:  # a row of JSON may lack a field
            configured = {role: name for role, name in configured.items() if name is None or name in names}
        mapped = {role: name for role, name in configured.items() if name is not None}
        roles = role_columns(top, dict.fromkeys(configured), self.file.relative)
        parent = texts[0].rpartition(".")[0] if texts and texts[0] not in top else ""
        beside = {name[len(parent) + 1 :]: name for name in names if parent and name.startswith(f"{parent}.")}
        nested = role_columns(beside, dict.fromkeys(configured), self.file.relative)
        roles |= {role: beside[name] for role, name in nested.items()}
        roles |= {role: inner for role, name in roles.items() if (inner := _inside(name, names)) and role not in mapped}
        for role, name in mapped.items():
            roles[role] = role_columns(names, {role: name}, self.file.relative)[role]
        return {role: name for role, name in roles.items() if role != "text" and (name not in texts or role in mapped)}

    def _without_text(self, why: str) -> Source:
        sheet = f"#{self.sheet}" if self.sheet else ""
        return replace(unreadable(self.file, self.kind, why), document_id=f"{self.file.relative}{sheet}")

    def _bad_row(self, row: Row) -> Source:
        """An unreadable row as a document, with its raw text if there is any."""
        sheet = f"#{self.sheet}" if self.sheet else ""
        name = f"{self.file.relative}{sheet}#row-{row.number:06d}"
        text = repaired(str(row.cells.get("", ""))).text
        where = f"{self.file.relative} row {row.number}"
        why = f"{self.file.relative}:{row.number}: {row.fault}"
        return Source(name, text, self.file.relative, self.file.sha256, self.kind, fault=why, where=where)

    def _row(self, row: Row, roles: _Roles) -> Source:
        """A row as a document; a JSON row may name its text differently from the rows before it."""
        texts = roles.texts
        if (
            self.of_json
            and "text" not in self.settings.columns
            and not any(has_cell(row.cells, name) for name in texts)
        ):
            names = list(dict.fromkeys((*map(str, row.cells), *paths_of(row.cells))))
            hit = role_columns(names, {}, self.file.relative).get("text")
            if hit is None and not texts:
                return self._bad_row(Row(row.number, {"": ""}, fault=f"{NO_TEXT}; it has {', '.join(names)}"))
            texts = texts if hit is None else (hit,)
        text = _text_of(row, texts)
        if len(text.text) > self.settings.limits.max_row_chars:
            most = f"{self.settings.limits.max_row_chars:,} characters (corpus.limits.max_row_chars)"
            why = f"{self.file.relative}:{row.number}: longer than {most}"
            text = _Text("", (), (), False, why)
        return self._document(row, roles, text)

    def _document(self, row: Row, roles: _Roles, text: _Text) -> Source:
        """A row as a document: its text, and its other columns as metadata."""
        settings, notes = self.settings, [*row.notes, *roles.notes, *text.notes]
        meta = {
            role: " ".join(cell_text(cell_of(row.cells, column)).split())
            for role, column in roles.others.items()
            if role != "id"
        }
        meta = normalised(meta)
        if "date" in meta:
            sheet = f"#{self.sheet}" if self.sheet else ""
            meta[COLUMN] = f"date column {roles.others['date']!r} of {self.file.relative}{sheet}"
        meta |= {f"+{name}": cell_text(cell_of(row.cells, name)) for name in settings.columns.get("keep", ())}
        fields = {name: " ".join(cell_text(cell_of(row.cells, name)).split()) for name in roles.closed}
        if "<" in text.text and _HTML_CELL.search(text.text):
            page = page_source(text.text, tuple(notes))
            text = _Text(page.text, (), (), True, text.fault)
            blocks, parts, notes = page.blocks, None, list(page.notes)
        else:
            blocks, parts = None, answer_parts(text.text, text.spans, settings)
        return Source(
            self._name(row, roles.others), text.text, self.file.relative,
            hashlib.sha256(text.text.encode("utf-8")).hexdigest(), self.kind, meta, blocks, 0, tuple(notes),
            text.extracted, text.fault, f"{self.file.relative} row {row.number}", fields, parts,
        )  # fmt: skip

    def _name(self, row: Row, others: Mapping[str, str]) -> str:
        """The id of a row's document: that of its column of ids, else its number."""
        sheet = f"#{self.sheet}" if self.sheet else ""
        identifier = cell_text(cell_of(row.cells, others["id"])).strip() if others.get("id") else ""
        if not identifier:
            return f"{self.file.relative}{sheet}#row-{row.number:06d}"
        return f"{self.file.relative}{sheet}#{identifier}" if self.several or sheet else identifier


def _inside(name: str, names: Sequence[str]) -> str:
    """The field that names an object: of {"source": {"id": 1, "name": "Post"}} its name."""
    steps = ("name", "rendered", "main", "title", "text", "value", "original", "display_name", "username", "#text")
    return next((f"{name}.{step}" for step in steps if f"{name}.{step}" in names), "")


class _Text(NamedTuple):
    """The text of a row: joined from its columns, each of them a span of it."""

    text: str
    spans: tuple[tuple[int, int], ...]
    notes: tuple[str, ...]
    extracted: bool
    fault: str = ""


def _text_of(row: Row, columns: Sequence[str]) -> _Text:
    """The text columns of a row, joined by blank lines."""
    cells = [cell_of(row.cells, name) for name in columns]
    raw = [long_text(cell) for cell in cells]
    overflows = bool(row.extra) and len(columns) == 1 and list(row.cells)[-2:-1] == [columns[0]]
    mended = [repaired(text + row.extra if overflows else text) for text in raw]
    notes = [*([OVERFLOWS] if overflows else ()), *(note for part in mended for note in part.notes)]
    if len(columns) == 1:
        text, plain = mended[0].text, mended[0].plain and not isinstance(cells[0], (list, dict))
        return _Text(text, ((0, len(text)),), tuple(notes), not plain)
    spans, joined = [], ""
    for part in mended:
        if part.text.strip():
            joined += "\n\n" if joined else ""
            spans.append((len(joined), len(joined) + len(part.text)))
            joined += part.text
    return _Text(joined, tuple(spans), tuple(dict.fromkeys(notes)), True)

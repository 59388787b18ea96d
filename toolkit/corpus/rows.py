"""Rows of a table to documents: the text column is the text, the others are metadata."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from toolkit.corpus.decode import repaired
from toolkit.corpus.files import CorpusFile, unreadable
from toolkit.corpus.metadata import normalised, role_columns
from toolkit.corpus.readers import TableReader
from toolkit.corpus.readers.html import page_source
from toolkit.corpus.readers.tables import cell_text
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Row, Source, Unreadable

OVERFLOWS = "cells beyond the last column read as part of the text (its delimiter stands there without quotes)"
_HTML_CELL = re.compile(r"</(?:p|div|h[1-6]|li|span|a|strong|em)>|<br\s*/?>", re.IGNORECASE)


def documents_of_table(
    file: CorpusFile, reader: TableReader, settings: CorpusSettings, several: bool
) -> Iterator[Source]:
    """One document a row."""
    roles: dict[str, str] | None = None
    header: tuple[str, ...] = ()
    seen = 0
    try:
        for row in reader.rows(file.absolute, settings):
            seen += 1
            if row.fault:
                yield _bad_row(file, row, reader.format)
                continue
            names = tuple(str(name) for name in row.cells if name is not None)
            if roles is None or (reader.format == "jsonl" and not set(names) <= set(header)) or row.number == 1:
                header = tuple(dict.fromkeys((*header, *names))) if row.number != 1 else names
                roles = _roles(header, settings, file.relative, reader.format)
            if "text" not in roles:
                if reader.format == "jsonl":
                    yield _bad_row(file, Row(row.number, {"": ""}, fault=_no_text(names)), reader.format)
                    continue
                if row.sheet and row.number == 1:
                    yield replace(
                        unreadable(file, reader.format, _no_text(names)), document_id=f"{file.relative}#{row.sheet}"
                    )
                if row.sheet:
                    continue  # the next sheet may hold texts
                yield unreadable(file, reader.format, _no_text(names))
                return
            yield _row_document(file, row, _own_roles(row, roles, settings, file), settings, several, reader.format)
    except Unreadable as fault:
        yield unreadable(file, reader.format, str(fault))
        return
    if not seen:
        yield unreadable(file, reader.format, "no rows")


def _roles(header: tuple[str, ...], settings: CorpusSettings, where: str, kind: str) -> dict[str, str]:
    """Roles of the columns; a row of JSON may lack a mapped one."""
    columns = settings.columns
    if kind == "jsonl":
        columns = {role: name for role, name in columns.items() if role != "keep" and name in header}
    return role_columns(header, columns, where)


def _own_roles(row: Row, roles: dict[str, str], settings: CorpusSettings, file: CorpusFile) -> dict[str, str]:
    """The roles for one row: a row of JSON may name its text otherwise than the rows before it."""
    if "text" in settings.columns or row.sheet or roles["text"] in row.cells:
        return roles
    own = _roles(tuple(str(name) for name in row.cells if name is not None), settings, file.relative, "jsonl")
    return own if "text" in own else roles


def _no_text(names: tuple[str, ...]) -> str:
    shown = ", ".join(name if len(name) <= 40 else f"{name[:40]}…" for name in names[:12])
    return f"no column of text (corpus.columns.text); the first row, which names the columns, has: {shown}"


def _bad_row(file: CorpusFile, row: Row, kind: str) -> Source:
    """A row that could not be read keeps its place, and its raw text where there is any."""
    name = f"{file.relative}#row-{row.number:06d}"
    text = repaired(str(row.cells.get("", ""))).text
    fault = f"{file.relative}:{row.number}: {row.fault}"
    return Source(name, text, file.relative, file.sha256, kind, fault=fault, where=f"{file.relative} row {row.number}")


def _row_document(
    file: CorpusFile, row: Row, roles: Mapping[str, str], settings: CorpusSettings, several: bool, kind: str
) -> Source:
    """A row as a document: its text column is the text, the others are metadata."""
    raw = cell_text(row.cells.get(roles["text"]))
    overflows = bool(row.extra) and list(row.cells)[-2:-1] == [roles["text"]]
    found = repaired(raw + row.extra if overflows else raw)
    sheet = f"#{row.sheet}" if row.sheet else ""
    given = cell_text(row.cells.get(roles["id"])).strip() if "id" in roles else ""
    name = f"{file.relative}{sheet}#row-{row.number:06d}"
    if given:
        name = f"{file.relative}{sheet}#{given}" if several or sheet else given
    notes = [*row.notes, *([OVERFLOWS] if overflows else ()), *found.notes]
    meta: dict[str, str] = {}
    for role, column in roles.items():
        if role not in ("text", "id"):
            meta[role] = " ".join(cell_text(row.cells.get(column)).split())
    meta = normalised(meta, settings.day_first, notes)
    meta |= {f"+{column}": cell_text(row.cells.get(column)) for column in settings.columns.get("keep", ())}
    where = f"{file.relative} row {row.number}"
    sha = hashlib.sha256(found.text.encode("utf-8")).hexdigest()
    if len(found.text) > settings.limits.max_row_chars:
        most = f"{settings.limits.max_row_chars:,} characters (corpus.limits.max_row_chars)"
        why = f"{file.relative}:{row.number}: longer than {most}"
        return Source(name, "", file.relative, sha, kind, meta, notes=tuple(notes), fault=why, where=where)
    if "<" in found.text and _HTML_CELL.search(found.text):
        page = page_source(found.text, tuple(notes))
        return Source(name, page.text, file.relative, sha, kind, meta, page.blocks, 0, page.notes, True, where=where)
    return Source(name, found.text, file.relative, sha, kind, meta, None, 0, tuple(notes), not found.plain, where=where)

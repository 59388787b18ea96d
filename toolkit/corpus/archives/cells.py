"""Web of Science as a tab-delimited file: a header of two-letter tags and a record in each line."""

from __future__ import annotations

import re

from toolkit.corpus.archives.article import NO_TEXT, Article, parted
from toolkit.corpus.archives.tagged import date_of, forms
from toolkit.corpus.extract import Extract
from toolkit.corpus.source import Kind

NAME = "Web of Science"
_HEADER = re.compile(r"\ufeff?PT\t(?:[A-Z][A-Z0-9]\t){5,}[A-Z0-9\t]*[ \t]*\r?\n")


def recognised(text: str) -> bool:
    """Whether a text begins with a header of Web of Science's tags."""
    return text.startswith(("PT\t", "\ufeffPT\t")) and _HEADER.match(text) is not None


def articles(text: str) -> list[Article]:
    """A record for each line; its cells are metadata, but for the title and the abstract."""
    rows = [row for row in re.split(r"\r\n|\n|\r", text.lstrip("\ufeff")) if row.strip()]
    header = [name.strip() for name in rows[0].split("\t")]
    keys = next(form for form in forms() if form.name == NAME).keys
    return [_record(header, row.split("\t"), {tag: key for tag, (key, _) in keys.items()}) for row in rows[1:]]


def _record(header: list[str], cells: list[str], keys: dict[str, str]) -> Article:
    out = Extract()
    known: dict[str, str] = {}
    dates: list[str] = []
    for at, cell in enumerate(cells):
        value = cell.strip()
        value = value[1:-1].replace('""', '"') if len(value) > 1 and value[0] == value[-1] == '"' else value
        key = keys.get(header[at] if at < len(header) else "", "")
        kind: Kind = "heading" if key == "title" else "text" if key == "body" else "metadata"
        out.add(value, kind, close=kind == "metadata" and bool(out.blocks) and out.blocks[-1].kind == "metadata")
        dates += [value] if key == "date" and value else []
        if key and key != "body" and value:
            known.setdefault(key, value)
    known["date"] = date_of(known.get("date", ""), dates)
    meta, fields = parted(known)
    notes = () if any(block.kind == "text" for block in out.blocks) else (NO_TEXT,)
    return Article(out.text, tuple(out.blocks), meta, fields, (*out.notes, *notes))

"""The place of a quote, and how much text of the corpus a report may show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlsplit

import pyarrow.compute as pc

from toolkit.figures import RunTables
from toolkit.text.format import name_of, one_line, snippet, visible

Mode = Literal["full", "snippet", "none"]


@dataclass(frozen=True)
class Place:
    """A paragraph's place: its document, its position in it, its offsets; `row` is its row in `paragraphs`."""

    row: int
    paragraph_id: str
    document_id: str
    title: str
    source: str
    date: str
    position: int
    of: int
    start: int
    end: int
    url: str

    @property
    def anchor(self) -> str:
        """The paragraph's anchor in the page."""
        return f"p{self.row}"

    @property
    def words(self) -> str:
        """Source, date and position in words."""
        parts = [self.source or "no source", self.date or "undated", f"paragraph {self.position} of {self.of}"]
        return ", ".join(parts)


@dataclass(frozen=True)
class Quote:
    """Words of the corpus with their place; `text` is empty if the report shows none."""

    text: str
    place: Place
    note: str = ""


class Reader:
    """The corpus of a run as a report may show it: full paragraphs, 30 words of each, or none."""

    def __init__(self, tables: RunTables, mode: Mode) -> None:
        self.tables = tables
        self.mode = mode
        self.table = tables.table("paragraphs")

    @cached_property
    def rows(self) -> dict[str, int]:
        """paragraph_id -> row of the paragraphs table."""
        return {name: row for row, name in enumerate(self.table["paragraph_id"].to_pylist())}

    @cached_property
    def document_ids(self) -> list[str]:
        """The document of each row."""
        names: list[str] = self.table["document_id"].to_pylist()
        return names

    @cached_property
    def themes(self) -> list[int]:
        """The theme of each row."""
        numbers: list[int] = self.table["theme"].to_pylist()
        return numbers

    @cached_property
    def positions(self) -> list[int]:
        """The position of each row in its document, from 1."""
        numbers: list[int] = self.table["position"].to_pylist()
        return numbers

    @cached_property
    def lengths(self) -> Counter[str]:
        """Kept paragraphs of each document."""
        return Counter(self.document_ids)

    @cached_property
    def unique_ids(self) -> Any:
        """The paragraph_ids of unique paragraphs, as an arrow array."""
        return self.table.filter(pc.is_null(self.table["duplicate_of"]))["paragraph_id"].combine_chunks()

    def place(self, row: int, start: int | None = None, end: int | None = None) -> Place:
        """The place of a row, or of a span inside it."""
        document = self.tables.documents[self.document_ids[row]]
        name = self.document_ids[row]
        return Place(
            row=row,
            paragraph_id=str(self.table["paragraph_id"][row].as_py()),
            document_id=name,
            title=self.title(document),
            source=name_of(document["source"]),
            date=one_line(document["date"]),
            position=int(self.positions[row]),
            of=self.lengths[name],
            start=int(self.table["start"][row].as_py() if start is None else start),
            end=int(self.table["end"][row].as_py() if end is None else end),
            url="" if self.mode == "none" else web_address(document["url"]),  # addresses often contain the title
        )

    def title(self, document: Any) -> str:
        """A document's title; its id where titles, being words of the corpus, are not shown."""
        title = name_of(document["title"]) if self.mode != "none" else ""
        return title or name_of(document["document_id"])

    def quote(self, paragraph_id: str, words: str | None, start: Any, end: Any, note: str = "") -> Quote:
        """A span of a paragraph as a quote, cut to what may be shown."""
        return Quote(self.cut(words or ""), self.place(self.rows[paragraph_id], start, end), note)

    def text(self, row: int) -> str:
        """A paragraph's words, cut to what may be shown."""
        return self.cut(self.table["text"][row].as_py())

    def heading(self, row: int) -> str:
        """The heading over a paragraph, cut to what may be shown."""
        return name_of(self.cut(self.table["heading"][row].as_py() or ""))

    def cut(self, words: str) -> str:
        """Words of the corpus, cut to what may be shown."""
        if self.mode == "none":
            return ""
        return snippet(words) if self.mode == "snippet" else visible(words).strip()

    def around(self, rows: Iterable[int], reach: int = 1) -> list[int]:
        """Rows and their neighbours in the same document, in order."""
        kept: set[int] = set()
        for row in rows:
            near = range(max(0, row - reach), min(len(self.document_ids), row + reach + 1))
            kept.update(other for other in near if self.document_ids[other] == self.document_ids[row])
        return sorted(kept)


def web_address(address: Any) -> str:
    """An http or https address; anything else (javascript:, data:, a file) is no address to follow."""
    text = visible(address).strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    fine = parts.scheme.lower() in {"http", "https"} and bool(parts.netloc) and not any(c.isspace() for c in text)
    return text if fine and len(text) <= 2000 else ""

"""The documents as a reader meets them: what was kept and left out of each, in order.

Small corpora are in the page in full; of larger ones, what the report quotes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from toolkit.figures import RunTables
from toolkit.report.code_part import CodePart, coded_paragraphs
from toolkit.report.places import Place, Reader, web_address
from toolkit.report.theme_part import ThemePart
from toolkit.text.format import decimal, name_of, one_line
from toolkit.text.notes import reason_kind
from toolkit.values import NOISE, Table

MOST_DOCUMENTS = 500
"""Of up to this many documents each has a part of its own; of more, those that are quoted."""
MOST_ROWS = 5_000
"""Documents that the index of a larger corpus lists."""
IN_PAGE = 400_000
"""Characters of a corpus up to which the page has all of its paragraphs; else those quoted, and their neighbours."""
MOST_PASSAGES = 5_000
"""The same, by paragraphs; and by what was left out."""
MANY_QUOTED = 150
"""Beyond this many quoted paragraphs the page shows them without their neighbours."""
MOST_GROUPS = 200
"""A column with more values than this is not offered as a filter."""
HEADING = "heading"
ABOUT_TEXT = frozenset({"metadata", "date_line", "dateline", "byline", "masthead", "imprint"})
"""Reasons in the ledger for text about the document itself (bylines, dates), unlike text that is foreign to it."""


@dataclass(frozen=True)
class Citation:
    """A place of the report that quotes a paragraph: its kind, its name (one of them may be empty), its anchor."""

    kind: str
    name: str
    anchor: str


@dataclass(frozen=True)
class Kept:
    """A paragraph; `theme` is None in a run without themes, `codes` are places in the codebook.

    `text` is cut to what the report may show. `copy_of` is the place of the paragraph whose words it repeats, and
    `copy_in_page` whether that one is in the page, too.
    """

    place: Place
    heading: str
    text: str
    theme: int | None
    strength: str
    codes: tuple[int, ...]
    cited: tuple[Citation, ...]
    copy_of: Place | None = None
    copy_in_page: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A passage that the corpus stage left out, and its reason in the ledger; `text` is cut to what may be shown."""

    start: int
    end: int
    reason: str
    text: str


@dataclass(frozen=True)
class NotShown:
    """How many paragraphs are not in the page at this point of a document."""

    paragraphs: int


Passage = Kept | LeftOut | NotShown


@dataclass(frozen=True)
class Mark:
    """Characters of a document: a paragraph's theme and codes, or the reason why they were left out."""

    start: int
    end: int
    position: int  # of a paragraph, from 1; 0 if left out
    theme: int | None = None
    codes: tuple[int, ...] = ()
    reason: str = ""
    copy: bool = False


@dataclass(frozen=True)
class DocumentRow:
    """A document in the index: `row` is its row in `documents`, `theme` the one that most of its words carry.

    `groups` are its values of the grouping columns, empty text if it has none; `themes` all that its paragraphs have.
    """

    row: int
    document_id: str
    title: str
    source: str
    date: str
    paragraphs: int
    theme: int | None
    themes: tuple[int, ...]
    groups: tuple[str, ...]
    in_page: bool

    @property
    def anchor(self) -> str:
        """Its anchor in the page."""
        return f"doc-{self.row}"


@dataclass(frozen=True)
class DocumentPart:
    """A document with all that is in it, in order: `marks` of everything, `passages` of what the page shows.

    `length` is in characters up to the end of the last mark; `copy_of` is the document whose words it repeats.
    """

    head: DocumentRow
    url: str
    path: str
    copy_of: DocumentRow | None
    length: int
    marks: tuple[Mark, ...]
    passages: tuple[Passage, ...]

    @property
    def left_out(self) -> Counter[str]:
        """Passages left out by reason."""
        return Counter(mark.reason for mark in self.marks if not mark.position)

    @property
    def left_out_share(self) -> float:
        """The share of the characters in `marks` that was left out; 0 if there are none."""
        gone = sum(mark.end - mark.start for mark in self.marks if not mark.position)
        return gone / (sum(mark.end - mark.start for mark in self.marks) or 1)


@dataclass(frozen=True)
class DocumentsPart:
    """All documents of a run, and how many of their passages are in the page.

    `index` is of all documents, at most `MOST_ROWS`; `documents` are those with a part of their own; `groups` are the
    names of the grouping columns. `whole`: every paragraph is in the page; `ledger`: so is all that was left out.
    """

    index: tuple[DocumentRow, ...]
    documents: tuple[DocumentPart, ...]
    groups: tuple[str, ...]
    total: int
    whole: bool
    ledger: bool
    rows: tuple[int, ...]  # of the paragraphs in the page

    @property
    def each(self) -> bool:
        """Whether each document has a part of its own."""
        return self.total <= MOST_DOCUMENTS


def citations(
    themes: Iterable[ThemePart], codes: Iterable[CodePart], others: Mapping[str, tuple[str, Iterable[Place]]]
) -> dict[int, tuple[Citation, ...]]:
    """Row of a paragraph -> where the report quotes it; `others` are kinds with their anchor and places."""
    made: dict[int, dict[Citation, None]] = {}
    for theme in themes:
        for quote in theme.quotes:
            made.setdefault(quote.place.row, {})[_of_theme(theme)] = None
    for code in codes:
        for quote in code.evidence:
            made.setdefault(quote.place.row, {})[Citation("code", code.name, code.anchor)] = None
    for kind, (anchor, places) in others.items():
        for place in places:
            made.setdefault(place.row, {})[Citation(kind, "", anchor)] = None
    return {row: tuple(places_of_row) for row, places_of_row in made.items()}


def _of_theme(theme: ThemePart) -> Citation:
    return Citation("theme" if theme.theme != NOISE else "", theme.label, theme.anchor)


def documents_part(tables: RunTables, reader: Reader, cited: Mapping[int, tuple[Citation, ...]]) -> DocumentsPart:
    """The documents of a run; paragraphs in `cited` are always in the page."""
    rows, whole = rows_in_page(reader, cited)
    ledger = tables.table("ledger")
    characters = 0 if reader.mode == "none" else int(pc.sum(pc.utf8_length(ledger["text"])).as_py() or 0)
    listed = whole and ledger.num_rows <= MOST_PASSAGES and characters <= IN_PAGE
    return _Documents(tables, reader, cited, rows, listed).part(whole)


def rows_in_page(reader: Reader, cited: Iterable[int]) -> tuple[list[int], bool]:
    """Rows of the paragraphs in the page, and whether these are all of them."""
    total, few = reader.table.num_rows, len(reader.tables.documents) <= MOST_DOCUMENTS
    characters = 0 if reader.mode == "none" else int(pc.sum(pc.utf8_length(reader.table["text"])).as_py() or 0)
    if few and characters <= IN_PAGE and total <= MOST_PASSAGES:
        return list(range(total)), True
    quoted = sorted(cited)
    return reader.around(quoted, len(quoted) <= MANY_QUOTED), False


class _Documents:
    """The tables of a run by document, read once."""

    def __init__(
        self,
        tables: RunTables,
        reader: Reader,
        cited: Mapping[int, tuple[Citation, ...]],
        rows: list[int],
        listed: bool,
    ) -> None:
        self.tables, self.reader, self.cited, self.listed = tables, reader, cited, listed
        self.rows = rows
        self.shown = frozenset(rows)
        self.codes = coded_paragraphs(tables)
        self.ids, self.starts, self.ends, self.strengths, self.copies = (
            _column(reader.table, name) for name in ("paragraph_id", "start", "end", "strength", "duplicate_of")
        )
        self.of: dict[str, list[int]] = {}
        for row, name in enumerate(reader.document_ids):
            self.of.setdefault(name, []).append(row)
        self.groups = _groups(tables)

    def part(self, whole: bool) -> DocumentsPart:
        each = len(self.tables.documents) <= MOST_DOCUMENTS
        quoted = {self.reader.document_ids[row] for row in self.rows}
        heads = {
            name: self._head(row, name, document, each or name in quoted)
            for row, (name, document) in enumerate(self.tables.documents.items())
        }
        parted = [name for name, head in heads.items() if head.in_page]
        ledger = self._ledger(frozenset(parted))
        return DocumentsPart(
            index=tuple(heads.values())[:MOST_ROWS],
            documents=tuple(self._document(heads, name, ledger.get(name, [])) for name in parted),
            groups=self.groups,
            total=len(heads),
            whole=whole,
            ledger=self.listed,
            rows=tuple(self.rows),
        )

    def _head(self, row: int, name: str, document: dict[str, Any], in_page: bool) -> DocumentRow:
        rows = self.of.get(name, [])
        themed = bool(self.tables.themes)
        return DocumentRow(
            row=row,
            document_id=name_of(name),
            title=self.reader.title(document),
            source=name_of(document["source"]),
            date=one_line(document["date"]),
            paragraphs=len(rows),
            theme=document.get("theme") if themed and rows else None,
            themes=tuple(sorted({self.reader.themes[at] for at in rows})) if themed else (),
            groups=tuple(name_of(document.get(column), 80) for column in self.groups),
            in_page=in_page,
        )

    def _ledger(self, names: frozenset[str]) -> dict[str, list[dict[str, Any]]]:
        """The ledger of these documents, each in the order of its text."""
        table = self.tables.table("ledger")
        table = table if self.listed else table.select(["document_id", "start", "end", "reason"])
        made: dict[str, list[dict[str, Any]]] = {}
        for row in table.to_pylist():
            if row["document_id"] in names:
                made.setdefault(row["document_id"], []).append(row)
        return {name: sorted(rows, key=lambda row: (row["start"], row["end"])) for name, rows in made.items()}

    def _document(self, heads: Mapping[str, DocumentRow], name: str, ledger: list[dict[str, Any]]) -> DocumentPart:
        document = self.tables.documents[name]
        marks = [self._mark(row) for row in self.of.get(name, [])]
        marks += [Mark(row["start"], row["end"], 0, reason=reason_kind(str(row["reason"]))) for row in ledger]
        marks.sort(key=lambda mark: (mark.start, mark.end, mark.position))
        return DocumentPart(
            head=heads[name],
            url="" if self.reader.mode == "none" else web_address(document["url"]),
            path="" if self.reader.mode == "none" else one_line(document["path"]),
            copy_of=heads.get(str(document["duplicate_of"])) if document["duplicate_of"] else None,
            length=max((mark.end for mark in marks), default=0),
            marks=tuple(marks),
            passages=tuple(self._passages(name, ledger)),
        )

    def _mark(self, row: int) -> Mark:
        theme = self.reader.themes[row] if self.tables.themes else None
        codes = tuple(sorted(self.codes.get(self.ids[row], ())))
        copy = self.copies[row] is not None
        return Mark(self.starts[row], self.ends[row], self.reader.positions[row], theme, codes, copy=copy)

    def _passages(self, name: str, ledger: list[dict[str, Any]]) -> Iterator[Passage]:
        """What the page shows of a document, in the order of its text, and how many paragraphs it does not show."""
        rows = [(self.starts[row], self.ends[row], row) for row in self.of.get(name, [])]
        left = [(row["start"], row["end"], row) for row in ledger] if self.listed else []
        missing = 0
        for _, _, entry in sorted([*rows, *left], key=lambda entry: entry[:2]):
            if isinstance(entry, dict):
                yield self._left_out(entry)
            elif entry in self.shown:
                if missing:
                    yield NotShown(missing)
                missing = 0
                yield self._kept(entry)
            else:
                missing += 1
        if missing:
            yield NotShown(missing)

    def _kept(self, row: int) -> Kept:
        reader, original = self.reader, self.reader.rows.get(self.copies[row])
        mark, strength = self._mark(row), self.strengths[row]
        return Kept(
            place=reader.place(row),
            heading=reader.heading(row),
            text=reader.text(row),
            theme=mark.theme,
            strength=decimal(strength) if strength is not None and mark.theme not in (None, NOISE) else "",
            codes=mark.codes,
            cited=self.cited.get(row, ()),
            copy_of=None if original is None else reader.place(original),
            copy_in_page=original in self.shown,
        )

    def _left_out(self, row: dict[str, Any]) -> LeftOut:
        return LeftOut(row["start"], row["end"], reason_kind(str(row["reason"])), self.reader.cut(row["text"] or ""))


def _column(table: Table, name: str) -> list[Any]:
    """The values of a column; all None if the table lacks it, as a run of an older toolkit may."""
    values: list[Any] = table[name].to_pylist() if name in table.column_names else [None] * table.num_rows
    return values


def _groups(tables: RunTables) -> tuple[str, ...]:
    """The columns of the documents by which the study compares groups, without source, date and theme."""
    columns_asked = (tables.config.get("estimate") or {}).get("group_by") or ()
    columns = tables.table("documents").column_names
    return tuple(
        str(name)
        for name in ([columns_asked] if isinstance(columns_asked, str) else columns_asked)
        if name in columns and name not in ("source", "date", "theme")
    )

"""Values between reading, cleaning and splitting: a document with its text and its blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["text", "heading", "list", "quote", "table", "pre", "caption", "furniture", "metadata"]


class Block(NamedTuple):
    """A run of lines that belong together: `source.text[start:end]`, no blanks at either end."""

    start: int
    end: int
    kind: Kind = "text"
    gap: bool = True  # a blank line (or a markup boundary) is before it
    links: float = 0.0  # share of its characters inside links
    zone: str = ""  # the reason that its markup suggests: navigation, related, byline, ...; "strong": all of it is bold


@dataclass(frozen=True, slots=True)
class Source:
    """A document after reading. `text` is the text to which all offsets refer.

    `blocks` is null if they follow from the text's lines. `body` is the start of the text after front matter. `fault`
    is the reason why nothing could be read: then the text is empty, or the raw row. `extracted`: `text` is not simply
    the file's bytes decoded as UTF-8. `fields` become columns of the documents table; of `meta` only the columns of
    `DOCUMENTS` and those of `corpus.columns.keep` do. A reader of a file with several documents gives each of them a
    `document_id` that is unique in the file; the file's path comes before it ("export.txt#0002"). `parts` contains the
    kept parts and their speakers if the form of the text shows them (a transcript): the cleaning rules are then not
    applied.
    """

    document_id: str
    text: str
    path: str
    sha256: str
    format: str
    meta: Mapping[str, str] = field(default_factory=dict)
    blocks: tuple[Block, ...] | None = None
    body: int = 0
    notes: tuple[str, ...] = ()
    extracted: bool = False
    fault: str = ""
    where: str = ""  # file and row, for messages
    fields: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] | None = None  # parts from the reader: no cleaning rule applies


class Row(NamedTuple):
    """One row of a table: its number (1 for the first below the header), its cells, and notes on the row itself.

    `fault` is the reason why the row could not be read; `cells` then contains the raw row under "". `aside` is the
    reason why a row is no document (a total, a repeated header); `cells` then contains its text under "".
    """

    number: int
    cells: Mapping[str, object]
    notes: tuple[str, ...] = ()
    fault: str = ""
    sheet: str = ""
    extra: str = ""  # raw cells after the last column
    aside: str = ""


class Part(NamedTuple):
    """A piece of a document after cleaning: kept if `reason` is empty, else a row of the ledger."""

    start: int
    end: int
    reason: str
    kind: Kind = "text"
    speaker: str = ""
    time: str = ""  # the start of its turn, as in the transcript


class Unreadable(Exception):  # noqa: N818 - a verdict on one file, never shown as an error
    """A file that cannot be read; its text is the reason in the ledger."""

"""Documents as blocks of the page: a line for each, and what is in it from the first character to the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from toolkit.report.inlines import Inlines
from toolkit.report.strip import Strip


@dataclass(frozen=True)
class Facet:
    """A property by which a reader filters documents, and its values in order; `key` names the control."""

    key: str
    label: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class DocumentLine:
    """A document in one line, and by what it is sorted and filtered.

    `link` is the anchor of its part of the page, empty if it has none. `facets` are, for each facet, the numbers of
    the options that apply to the document. `left_out` is in percent of its characters.
    """

    title: str
    detail: Inlines
    link: str
    source: str
    date: str
    paragraphs: int
    left_out: int
    theme: int | None
    theme_label: str
    facets: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Lane:
    """A theme or code along a document: its name, where it is, and in how many paragraphs."""

    name: Inlines
    strip: Strip
    number: str


@dataclass(frozen=True)
class Passage:
    """A paragraph, a heading, a passage that was left out, or a gap if the page leaves something out.

    `foot` is the line below its words.
    """

    kind: Literal["kept", "heading", "left", "gap"]
    foot: Inlines
    number: str = ""
    anchor: str = ""
    heading: str = ""
    text: str = ""


@dataclass(frozen=True)
class DocumentText:
    """A document: its line, its themes along its length, codes below them, and its passages in order.

    `stops` are the paragraphs in the page by where they are in the strip: `p12-0-37.5 p13-37.6-52`.
    """

    line: DocumentLine
    strip: Strip
    stops: str
    about: tuple[Inlines, ...]
    lanes: tuple[Lane, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class LegendLook:
    """What a class of the strips means."""

    look: str
    words: str


@dataclass(frozen=True)
class Documents:
    """The documents of a corpus, folded. `index` is empty if each document has a part of its own."""

    summary: str
    documents: tuple[DocumentText, ...]
    index: tuple[DocumentLine, ...]
    facets: tuple[Facet, ...]
    periods: tuple[str, ...]
    legend: tuple[LegendLook, ...]

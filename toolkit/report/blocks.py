"""The blocks of a report: one tree, built by `sections` and written by the page, Markdown, Word and PDF writers.

All writers use the same tree; what only some of them show is marked (`Only`, `OnlyIn`, `media`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from toolkit.figures import Figure as Drawing
from toolkit.report.document_blocks import Documents as Documents
from toolkit.report.inlines import EVERYWHERE, Inlines, Medium, Ranges, Strong, Tag

Tone = Literal["", "lead", "small", "note", "note small", "keywords"]


@dataclass(frozen=True)
class Heading:
    """A heading inside a section, of level 3 or 4."""

    parts: Inlines
    level: int = 3
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; its tone is its purpose and decides its letters."""

    parts: Inlines
    tone: Tone = ""


@dataclass(frozen=True)
class Fact:
    """A name and a value; `long` values take a line of their own."""

    name: str
    parts: Inlines
    long: bool = False


@dataclass(frozen=True)
class Facts:
    """Names with values."""

    items: tuple[Fact, ...]


@dataclass(frozen=True)
class Column:
    """A column: its head, the content of its cells, and its width in the PDF relative to other columns of words.

    In a narrow page a stacked cell is preceded by `name` and followed by `unit`.
    """

    head: str
    holds: Literal["words", "long words", "short words", "number", "share", "trend"] = "words"
    name: str = ""
    unit: str = ""
    width: int = 3


@dataclass(frozen=True)
class Row:
    """A row of a table; `muted` rows are in paler letters, the `chosen` one is marked."""

    cells: tuple[Inlines, ...]
    mark: Literal["", "muted", "chosen"] = ""

    @property
    def spelled(self) -> Row:
        """The same row with a last cell that is `chosen` for the chosen row."""
        return replace(self, cells=(*self.cells, ("chosen" if self.mark == "chosen" else "",)))


@dataclass(frozen=True)
class RowGroup:
    """Rows under a name; without a name, just rows."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Table:
    """A table; `label` names it to a screen reader.

    In a narrow page a table that `stacks` has a line for each cell. A `tall` one scrolls in a box.
    """

    label: str
    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]
    caption: Inlines = ()
    stacks: bool = False
    tall: bool = False
    row_heads: bool = True

    @property
    def spelled(self) -> Table:
        """The same table with a last column that marks the chosen row, for media that do not colour it."""
        rows = [row for group in self.groups for row in group.rows]
        if not any(row.mark == "chosen" for row in rows):
            return self
        groups = tuple(RowGroup(group.name, tuple(row.spelled for row in group.rows)) for group in self.groups)
        return replace(self, columns=(*self.columns, Column("chosen", width=0)), groups=groups)


@dataclass(frozen=True)
class Figure:
    """A figure with its caption and, in the page, the numbers behind it."""

    drawing: Drawing
    caption: Inlines
    numbers: Fold | None = None


@dataclass(frozen=True)
class Finding:
    """A finding: a sentence, its number, its interval in small letters, how far to trust it, links to its evidence."""

    sentence: Inlines
    number: Inlines
    interval: Inlines
    mark: Tag
    link: Inlines

    @property
    def spelled(self) -> Inlines:
        """Its sentence and number, then mark and interval in brackets, for media that do not set it."""
        number: Inlines = (" ", Strong(self.number)) if any(self.number) else ()
        small: Inlines = (": ", *self.interval) if any(_is_said(part) for part in self.interval) else ()
        return (*self.sentence, *number, " (", self.mark.text, *small, ")")


def _is_said(part: object) -> bool:
    return bool(part.text if isinstance(part, Ranges) else part)


@dataclass(frozen=True)
class Findings:
    """What a report opens with: a headline, a few findings, the chart beside them, and what limits all of them."""

    headline: Inlines
    items: tuple[Finding, ...]
    chart: Figure | None
    note: Inlines = ()


@dataclass(frozen=True)
class Quotation:
    """Words of the corpus and their place; `missing` is the sentence shown instead if the words may not be shown."""

    words: str
    missing: str
    source: Inlines


@dataclass(frozen=True)
class Quotes:
    """Quotations; the page folds all after the `first` ones. `tone` is the colour of their theme."""

    items: tuple[Quotation, ...]
    first: int
    tone: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list, numbered or not; `anchors` are those of its items in the page, if links lead to them."""

    items: tuple[Inlines, ...]
    tone: Literal["limits", "limits small", "small", "refs"] = "small"
    numbered: bool = False
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A step of a flow: how many, of what, and what left before it."""

    number: str
    words: str
    left: str = ""


@dataclass(frozen=True)
class Flow:
    """How many are left after each step, from all documents to the paragraphs in a theme."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Files:
    """The files of the run folder that contain the numbers or words above."""

    names: tuple[str, ...]
    lead: str = "Data"


@dataclass(frozen=True)
class Listing:
    """Lines for a machine: commands, a config."""

    label: str
    text: str
    language: str = ""


@dataclass(frozen=True)
class Fold:
    """Blocks that the page opens on demand; on paper only the full form has them (see `forms.py`), under `summary`."""

    summary: Inlines
    blocks: Blocks
    level: int = 4


@dataclass(frozen=True)
class Card:
    """What belongs together: a theme, a code, a pair. With a heading it has an anchor.

    The page shows heading, `summary` and `blocks`, and opens `folded` on demand, under the word `more`; on paper only
    the full form has what is folded (see `forms.py`).
    """

    blocks: Blocks
    heading: Inlines = ()
    anchor: str = ""
    summary: Inlines = ()
    folded: Blocks = ()
    more: str = "Details"


@dataclass(frozen=True)
class OnlyIn:
    """Blocks that only some media have."""

    media: frozenset[Medium]
    blocks: Blocks


@dataclass(frozen=True)
class LegendEntry:
    """A theme beside the map: its number, its label, its unique paragraphs."""

    theme: int
    label: str
    paragraphs: str


@dataclass(frozen=True)
class Explorer:
    """The map that a reader of the page filters and searches; its controls are the page's own."""

    drawing: Drawing
    caption: Inlines
    legend: tuple[LegendEntry, ...]
    codes: tuple[tuple[int, str], ...]
    sources: tuple[str, ...]
    years: tuple[str, ...]
    ways: tuple[tuple[str, str], ...] = ()  # key and title of further ways to colour
    words: bool = True  # whether words of the corpus are shown


Block = (
    Heading
    | Paragraph
    | Facts
    | Table
    | Figure
    | Findings
    | Quotes
    | Bullets
    | Flow
    | Files
    | Listing
    | Fold
    | Card
    | OnlyIn
    | Explorer
    | Documents
)
Blocks = tuple[Block, ...]


@dataclass(frozen=True)
class Section:
    """A part of the report under a heading; `short` is its name in the contents."""

    anchor: str
    short: str
    heading: str
    blocks: Blocks
    media: frozenset[Medium] = EVERYWHERE


@dataclass(frozen=True)
class Report:
    """A whole report. `data` is the JSON that the page's own program reads; empty without a map.

    `about` is what the study declares of its corpus and its coders, in one line; `kicker` is the kind of page, if it is
    no report.
    """

    title: str
    author: str
    version: str
    question: str
    meta: Inlines
    sections: tuple[Section, ...]
    data: str = ""
    about: Inlines = ()
    kicker: str = ""

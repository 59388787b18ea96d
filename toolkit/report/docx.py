"""The report as a Word document (.docx): real headings, captions, tables whose heads repeat, pictures with alt texts.

It shows what the PDF shows. `docx_writing.py` makes the parts.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import assert_never

from toolkit.figures.raster import can_render
from toolkit.figures.style import WIDE
from toolkit.files.packed import fix_times
from toolkit.report import blocks as block_types
from toolkit.report.blocks import Block, Report, Table
from toolkit.report.docx_writing import Writing
from toolkit.report.inlines import Code, Inlines, Medium, Strong
from toolkit.text.format import one_line

WITHOUT = (
    "Figures are left out, since typst is not installed (pip install 'thematic-toolkit[pdf]'); they are in figures/ of "
    "the run folder."
)
MEDIUM: Medium = "pdf"
"""Of what only some media have, a Word document has what is on paper."""
SMALL = ("small", "note small", "keywords")
"""Tones of paragraphs that are set in small letters."""


def write_docx(report: Report, place: Path, figures: bool | None = None) -> None:
    """Write the report to `place` (new); with figures if typst is installed, else with a line at its head instead.

    Raises OSError if `place` exists or cannot be written.
    """
    drawn = can_render() if figures is None else figures
    document = _Document(report, drawn)
    stream = io.BytesIO()
    document.writing.save(stream)
    fix_times(stream, place, one_line(report.title), one_line(report.author), one_line(report.question))


class _Document:
    """Writes blocks one after the other; each method writes one type of block."""

    def __init__(self, report: Report, figures: bool) -> None:
        self.writing = Writing(one_line(report.title))
        self.figures = figures
        self.head(report)
        for section in report.sections:
            if MEDIUM in section.media:
                self.writing.heading((section.heading,), 1)
                self.blocks(section.blocks)

    def head(self, report: Report) -> None:
        writing = self.writing
        writing.paragraph((report.title,), "Title")
        if report.question:
            writing.paragraph((report.question,), "Subtitle")
        for line in (report.about, report.meta):
            if line:
                writing.paragraph(line, "Small")
        if not self.figures:
            writing.paragraph((WITHOUT,), "Small")

    def blocks(self, items: Iterable[Block]) -> None:
        for item in items:
            self.block(item)

    def block(self, item: Block) -> None:
        """One block; nothing if a Word document does not show it."""
        writing = self.writing
        match item:
            case block_types.Heading():
                writing.heading(item.parts, item.level - 1)
            case block_types.Paragraph():
                writing.paragraph(item.parts, "Small" if item.tone in SMALL else "Body Text")
            case block_types.Facts():
                for fact in item.items:
                    writing.paragraph((Strong((f"{fact.name}: ",)), *fact.parts), "Small")
            case Table():
                writing.table(item.spelled)
            case block_types.Figure():
                self.figure(item)
            case block_types.Findings():
                self.findings(item)
            case block_types.Quotes():
                self.quotes(item)
            case block_types.Bullets():
                writing.items(item.items, item.numbered)
            case block_types.Flow():
                self.flow(item)
            case block_types.Files():
                names = [part for name in item.names for part in (", ", Code(name))][1:]
                writing.paragraph((f"{item.lead}: ", *names), "Small")
            case block_types.Listing():
                writing.listing(item.text)
            case block_types.Card():
                if item.heading:
                    writing.heading(item.heading, 2)
                if item.summary:
                    writing.paragraph(item.summary, "Small")
                self.blocks((*item.blocks, *item.folded))
            case block_types.OnlyIn():
                self.blocks(item.blocks if MEDIUM in item.media else ())
            case block_types.Fold() | block_types.Explorer() | block_types.Documents():
                pass
            case _:
                assert_never(item)

    def findings(self, item: block_types.Findings) -> None:
        """The headline, a list of the findings with their marks, the limits and the chart."""
        self.writing.paragraph((Strong(item.headline),), "Body Text")
        self.writing.items([finding.spelled for finding in item.items], False)
        if item.note:
            self.writing.paragraph(item.note, "Small")
        if item.chart is not None:
            self.figure(item.chart)

    def figure(self, item: block_types.Figure) -> None:
        if self.figures:
            drawing = item.drawing
            share = min(drawing.width / WIDE, 1.0)
            self.writing.picture(drawing.rendered("png"), share, one_line(drawing.title), one_line(drawing.alt))
        self.writing.caption("Figure", item.caption)

    def quotes(self, item: block_types.Quotes) -> None:
        for quotation in item.items[: item.first]:
            self.quotation(quotation)

    def quotation(self, item: block_types.Quotation) -> None:
        self.writing.paragraph((one_line(item.words or item.missing),), "Quote")
        self.writing.paragraph(item.source, "Source")

    def flow(self, item: block_types.Flow) -> None:
        steps: list[Inlines] = []
        for step in item.steps:
            left = f" ({step.left})" if step.left else ""
            steps.append((Strong((step.number,)), f" {step.words}{left}"))
        self.writing.items(steps, numbered=True)

"""The parts of a Word document: styles, paragraphs with marks, lists, tables, pictures and captions, by python-docx."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import IO, Any, assert_never

from toolkit.report import inlines as inline_types
from toolkit.report.blocks import Column, Row, Table
from toolkit.report.docx_styles import FIXED, TEXT_WIDTH, set_page, set_styles
from toolkit.report.inlines import Inline, Inlines
from toolkit.text.format import one_line, visible

WIDE = 7
"""Tables of more columns are set in smaller letters."""
NARROW, LETTER = 1.3, 0.19
"""Of a column of numbers, and of each letter of its head; columns of words are 3 or so."""
NARROWER = {"share": 2.0, "trend": 1.8}
LEVELS = 6


class Writing:
    """A document that grows at its end. Every text in it is plain text: nothing in a corpus becomes a field or link."""

    def __init__(self, title: str) -> None:
        import docx

        self.document: Any = docx.Document()
        self.counts: dict[str, int] = {}
        set_page(self.document, title)
        set_styles(self.document)
        self.styles = {style.name: style.style_id for style in self.document.styles}

    def save(self, stream: IO[bytes]) -> None:
        """Write the document as it is now."""
        self.document.save(stream)

    def heading(self, parts: Inlines, level: int) -> None:
        """A heading of level 1 to 6, which Word lists in its navigation."""
        self.paragraph(parts, f"Heading {max(1, min(level, LEVELS))}")

    def paragraph(self, parts: Inlines, style: str) -> Any:
        """A paragraph of a style."""
        made = self._paragraph(style)
        self.inline(made, parts)
        return made

    def _paragraph(self, style: str) -> Any:
        """An empty one; python-docx looks styles up by name for as long as a table takes to write."""
        made = self.document.add_paragraph()
        made._p.style = self.styles[style]
        return made

    def items(self, items: Iterable[Inlines], numbered: bool) -> None:
        """A list; a numbered one begins at 1."""
        number = self._restarted() if numbered else None
        for parts in items:
            made = self.paragraph(parts, "List Number" if numbered else "List Bullet")
            if number is not None:
                properties = made._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = number

    def _restarted(self) -> int:
        """A numbering of its own for one list, from 1."""
        style = self.document.styles["List Number"]
        known = style.element.pPr.numPr.numId.val
        numbering = self.document.part.numbering_part.element
        abstract = next(num.abstractNumId.val for num in numbering.num_lst if num.numId == known)
        made = numbering.add_num(abstract)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)

    def listing(self, text: str) -> None:
        """Lines in letters of one width, as one paragraph."""
        made = self._paragraph("Listing")
        made.add_run("\n".join(visible(line).rstrip() for line in text.rstrip().split("\n")))

    def caption(self, kind: str, parts: Inlines) -> None:
        """Figure 1. …; Word counts it, so that a list of figures or tables can be made."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        made = self._paragraph("Caption")
        if kind == "Table":
            made.paragraph_format.keep_with_next = True
        made.add_run(f"{kind} ").bold = True
        self.counts[kind] = number = self.counts.get(kind, 0) + 1
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), f" SEQ {kind} \\* ARABIC ")
        run = made.add_run(str(number))
        run.bold = True
        field.append(run._r)
        made._p.append(field)
        made.add_run(". ").bold = True
        self.inline(made, parts)

    def picture(self, png: bytes, share: float, title: str, alt: str) -> None:
        """A picture of a share of the line's width, with its words for those who cannot see it."""
        from docx.shared import Cm

        made = self._paragraph("Picture")
        inline = made.add_run().add_picture(io.BytesIO(png), width=Cm(TEXT_WIDTH * share))._inline
        inline.docPr.set("descr", visible(alt))
        inline.docPr.set("title", visible(title))
        inline.docPr.set("name", f"Figure {self.counts.get('Figure', 0) + 1}")

    def table(self, table: Table) -> None:
        """A table below its caption; Word repeats its head on each page."""
        self.caption("Table", table.caption or (table.label,))
        _TableWriting(self, table).write()
        self._paragraph("After Table")

    def inline(self, paragraph: Any, parts: Inlines, bold: bool = False, italic: bool = False) -> None:
        """Add the parts of a line to a paragraph."""
        for part in parts:
            self._part(paragraph, part, bold, italic)

    def _part(self, paragraph: Any, part: Inline, bold: bool, italic: bool) -> None:
        match part:
            case str():
                _run(paragraph, part, bold, italic)
            case inline_types.Ranges():
                _run(paragraph, part.text, bold, italic)
            case inline_types.Words():
                self.inline(paragraph, part.parts, bold, italic)
            case inline_types.Strong():
                self.inline(paragraph, part.parts, True, italic)
            case inline_types.Emphasis():
                self.inline(paragraph, part.parts, bold, True)
            case inline_types.Code():
                _run(paragraph, one_line(part.text), bold, italic, FIXED)
            case inline_types.File():
                _run(paragraph, one_line(part.name), bold, italic, FIXED)
            case inline_types.Link():
                self._link(paragraph, part, bold, italic)
            case inline_types.Detail():
                self.inline(paragraph, (" (", *part.parts, ")"), bold, italic)
            case inline_types.Tag():
                _run(paragraph, f"({part.text})", bold, italic)
            case inline_types.TrendLine():
                _run(paragraph, part.trend.way, bold, italic)
            case inline_types.Only():
                self.inline(paragraph, part.parts if "pdf" in part.media else (), bold, italic)
            case inline_types.Key() | inline_types.Bar():
                pass
            case _:
                assert_never(part)

    def _link(self, paragraph: Any, link: inline_types.Link, bold: bool, italic: bool) -> None:
        """A link to the web; to a place of the page just its words."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        if link.to.startswith("#"):
            self.inline(paragraph, link.parts, bold, italic)
            return
        before = len(paragraph._p)
        self.inline(paragraph, link.parts, bold, italic)
        made = OxmlElement("w:hyperlink")
        made.set(qn("r:id"), self.document.part.relate_to(link.to, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        for run in list(paragraph._p)[before:]:
            made.append(run)
        paragraph._p.append(made)


class _TableWriting:
    """Writes one table. Rows are made as XML: python-docx takes time by the square of their number."""

    def __init__(self, writing: Writing, table: Table) -> None:
        self.writing, self.table = writing, table
        self.style, self.head = ("Cell Small", "Head Small") if len(table.columns) > WIDE else ("Cell", "Cell Head")
        weights = [_weight(column) for column in table.columns]
        self.widths = [TEXT_WIDTH * weight / sum(weights) for weight in weights]
        self.right = [column.holds == "number" for column in table.columns]

    def write(self) -> None:
        """Add it to the end of the document."""
        from docx.shared import Cm

        made = self.writing.document.add_table(0, len(self.table.columns))
        made.style, made.autofit = "Report Table", False
        for column, width in zip(made.columns, self.widths, strict=True):
            column.width = Cm(width)
        _described(made, one_line(self.table.label))
        self.made = made
        self.row([(column.head,) for column in self.table.columns], head=True)
        for group in self.table.groups:
            if group.name:
                self.row([(group.name,)], bold=True)
            for row in group.rows:
                self.row(row.cells, pale=_is_muted(row))

    def row(self, cells: Sequence[Inlines], head: bool = False, bold: bool = False, pale: bool = False) -> None:
        """A row; one cell alone spans all columns."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.text.paragraph import Paragraph

        line = OxmlElement("w:tr")
        properties = OxmlElement("w:trPr")
        properties.append(OxmlElement("w:cantSplit"))
        if head:
            properties.append(OxmlElement("w:tblHeader"))
        line.append(properties)
        alone = len(cells) == 1 and len(self.widths) > 1
        for at, parts in enumerate(cells):
            cell = OxmlElement("w:tc")
            cell.append(
                _cell_properties(sum(self.widths) if alone else self.widths[at], len(self.widths) * alone, head)
            )
            element: Any = OxmlElement("w:p")
            cell.append(element)
            paragraph = Paragraph(element, self.made._parent)
            style = self.head if head else "Cell Pale" if pale else self.style
            element.style = self.writing.styles[style]
            if self.right[at] and not alone:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            self.writing.inline(paragraph, _stripped(parts), bold=bold)
            line.append(cell)
        self.made._tbl.append(line)


def _weight(column: Column) -> float:
    """How wide a column is beside the others: one of numbers is as wide as the longest word of its head."""
    if column.holds == "number" or not column.width:
        return max(NARROW, LETTER * max(map(len, column.head.split()), default=0))
    return min(column.width, NARROWER.get(column.holds, float(column.width)))


def _is_muted(row: Row) -> bool:
    return row.mark == "muted"


def _stripped(parts: Inlines) -> Inlines:
    """Parts without those that are drawn in the page alone."""
    return tuple(part for part in parts if not isinstance(part, (inline_types.Key, inline_types.Bar)))


def _run(paragraph: Any, text: str, bold: bool, italic: bool, letters: str = "") -> None:
    shown = re.sub(r"\s+", " ", visible(text))
    if not shown:
        return
    run = paragraph.add_run(shown)
    run.bold, run.italic = bold or None, italic or None
    if letters:
        run.font.name = letters


def _cell_properties(width: float, span: int, head: bool) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement("w:tcPr")
    size = OxmlElement("w:tcW")
    size.set(qn("w:w"), str(round(width * 567)))
    size.set(qn("w:type"), "dxa")
    made.append(size)
    if span:
        merged = OxmlElement("w:gridSpan")
        merged.set(qn("w:val"), str(span))
        made.append(merged)
    if head:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", "E8F0F2")):
            shade.set(qn(f"w:{name}"), value)
        made.append(shade)
    return made


def _described(table: Any, label: str) -> None:
    """The words by which a screen reader calls a table."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement("w:tblCaption")
    made.set(qn("w:val"), label)
    table._tbl.tblPr.append(made)

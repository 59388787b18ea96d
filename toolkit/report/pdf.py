"""report.pdf through typst: tagged, with bookmarks and page numbers, figures as vectors."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any, assert_never

from toolkit.errors import MissingExtraError
from toolkit.figures.style import FAMILY
from toolkit.figures.style import FONTS as FILES
from toolkit.report import blocks as block_types
from toolkit.report import inlines as inline_types
from toolkit.report.blocks import Block, Report, Table
from toolkit.report.inlines import Inline, Inlines
from toolkit.report.page import TEMPLATES
from toolkit.text.format import one_line, visible

FONTS = ("Libertinus Serif",)
EASTERN = ("Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "SimSun", "Songti SC")
_LETTERS = ",".join(f'"{name}"' for name in ("Source Sans 3", *EASTERN))
"""The letters of figures: typst reads no fonts out of an SVG, and any other sans-serif of a machine may be too wide."""
LONGEST_WORD = 60
"""Longer words get places where a line may break."""
WIDE = 7
"""Tables of more columns are set in smaller letters, with their heads in two lines if they can be."""
SMALL = ("small", "note small", "keywords")
"""Tones of paragraphs that are set in small letters."""
Item = dict[str, Any]


def pdf(report: Report) -> bytes:
    """The whole report as a PDF, with a bookmark for every heading.

    Latin, Greek and Cyrillic are set in a font that typst brings. Chinese, Japanese and Korean need a font of this
    machine: if there is none, a line at the head of the report states it.

    Raises:
        MissingExtraError: typst is not installed.
    """
    try:
        import typst
    except ImportError:
        raise MissingExtraError(
            "report.formats: pdf needs typst, which is not installed: pip install 'thematic-toolkit[pdf]'"
        ) from None
    tree = document(report)
    eastern = _eastern(json.dumps(tree, ensure_ascii=False))
    if eastern and not set(EASTERN) & set(typst.Fonts().families()):
        tree["warning"] = (
            f"Chinese, Japanese and Korean characters are missing here: install one of {', '.join(EASTERN)}."
        )
    data = json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    compiled = typst.compile(
        (TEMPLATES / "report.typ").read_bytes(),
        format="pdf",
        sys_inputs={"content": data},
        font_paths=typst.Fonts(include_system_fonts=eastern, font_paths=[FILES]),
        ignore_system_fonts=not eastern,
        timestamp=0,
        pdf_tags=True,
    )
    return bytes(compiled)


def _eastern(text: str) -> bool:
    return any(unicodedata.east_asian_width(character) == "W" for character in text)


def document(report: Report) -> Item:
    """The report as plain data for the template, which sets every text as it is."""
    items: list[Item] = []
    for section in report.sections:
        if "pdf" in section.media:
            items += [_heading((section.heading,), 2), *blocks(section.blocks)]
    return {
        "title": _text(report.title),
        "author": report.author,
        "question": _text(report.question),
        "meta": inline(report.meta),
        "about": inline(report.about),
        "fonts": [*FONTS, *EASTERN],
        "warning": "",
        "items": items,
    }


def blocks(items: Iterable[Block]) -> list[Item]:
    """Blocks as items of the template, one after the other."""
    return [data for item in items for data in block(item)]


def block(item: Block) -> list[Item]:
    """One block as items; none if the PDF does not show it."""
    match item:
        case block_types.Heading():
            return [_heading(item.parts, item.level)]
        case block_types.Paragraph():
            return [{"kind": "small" if item.tone in SMALL else "text", "parts": inline(item.parts)}]
        case block_types.Facts():
            return [{"kind": "facts", "items": [[_text(fact.name), inline(fact.parts)] for fact in item.items]}]
        case Table():
            return [_table(item.spelled)]
        case block_types.Figure():
            return [_figure(item)]
        case block_types.Findings():
            return _findings(item)
        case block_types.Quotes():
            return list(map(_quotation, item.items))
        case block_types.Bullets():
            return [{"kind": "numbered" if item.numbered else "list", "items": [inline(parts) for parts in item.items]}]
        case block_types.Flow():
            steps = [
                (inline_types.Strong((step.number,)), f" {step.words}" + f" ({step.left})" * bool(step.left))
                for step in item.steps
            ]
            return [{"kind": "list", "items": [inline(parts) for parts in steps]}]
        case block_types.Files():
            return [{"kind": "file", "lead": item.lead, "names": list(item.names)}]
        case block_types.Listing():
            return [{"kind": "code", "text": _text(item.text)}]
        case block_types.Fold():
            return [_heading(item.summary, item.level), *blocks(item.blocks)]
        case block_types.Card():
            return _card(item)
        case block_types.OnlyIn():
            return blocks(item.blocks) if "pdf" in item.media else []
        case block_types.Explorer() | block_types.Documents():
            return []
        case _:
            assert_never(item)


def _heading(parts: Inlines, level: int) -> Item:
    """A heading; sections, of level 2 beside the page's title, are the PDF's first level."""
    return {"kind": "heading", "level": level - 1, "parts": inline(parts)}


def inline(parts: Inlines) -> list[Any]:
    """Parts of a line as data: texts, and what is set off with its kind."""
    return [data for part in parts for data in _part(part)]


def _part(part: Inline) -> list[Any]:
    match part:
        case str():
            return [_text(part)]
        case inline_types.Ranges():
            return [_text(part.text)]
        case inline_types.Words():
            return inline(part.parts)
        case inline_types.Strong():
            return [{"kind": "strong", "parts": inline(part.parts)}]
        case inline_types.Emphasis():
            return [{"kind": "emphasis", "parts": inline(part.parts)}]
        case inline_types.Code():
            return [{"kind": "code", "text": _text(part.text)}]
        case inline_types.File():
            return [{"kind": "code", "text": _text(part.name)}]
        case inline_types.Link():
            there = inline(part.parts)
            return there if part.to.startswith("#") else [{"kind": "link", "parts": there, "to": part.to}]
        case inline_types.Detail():
            return [" (", *inline(part.parts), ")"]
        case inline_types.Tag():
            return [f"({part.text})"]
        case inline_types.TrendLine():
            return [part.trend.way]
        case inline_types.Only():
            return inline(part.parts) if "pdf" in part.media else []
        case inline_types.Key() | inline_types.Bar():
            return []
        case _:
            assert_never(part)


def _text(text: str) -> str:
    """A text with long words cut by zero-width spaces."""
    return " ".join(_breakable(word) for word in visible(text).split(" "))


def _breakable(word: str) -> str:
    return "\u200b".join(word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))


def _table(table: Table) -> Item:
    """A table; a column of width 0 is as wide as it needs, with its cells to the right."""
    wide = len(table.columns) > WIDE
    heads = [column.head.replace(" by ", " by\n") if wide else column.head for column in table.columns]
    return {
        "kind": "table",
        "caption": inline(table.caption),
        "heads": [_text(head) for head in heads],
        "widths": [0 if column.holds == "number" else column.width for column in table.columns],
        "wide": wide,
        "groups": [
            {"name": _text(group.name), "rows": [[inline(cell) for cell in row.cells] for row in group.rows]}
            for group in table.groups
        ],
    }


def _card(card: block_types.Card) -> list[Item]:
    heading = [_heading(card.heading, 3)] if card.heading else []
    brief = [{"kind": "brief", "parts": inline(card.summary)}] if card.summary else []
    return [*heading, *brief, *blocks((*card.blocks, *card.folded))]


def _figure(item: block_types.Figure) -> Item:
    drawing = item.drawing
    return {
        "kind": "figure",
        "caption": inline(item.caption),
        "alt": drawing.alt,
        "width": drawing.width,
        "svg": drawing.svg.replace(FAMILY, _LETTERS),
    }


def _findings(item: block_types.Findings) -> list[Item]:
    """The headline, a list of the findings with their marks, the limits and the chart."""
    listed = [{"kind": "list", "items": [inline(finding.spelled) for finding in item.items]}] if item.items else []
    note = [{"kind": "small", "parts": inline(item.note)}] if item.note else []
    chart = block(item.chart) if item.chart else []
    return [{"kind": "headline", "parts": inline(item.headline)}, *listed, *note, *chart]


def _quotation(item: block_types.Quotation) -> Item:
    return {"kind": "quote", "text": _text(one_line(item.words or item.missing)), "source": inline(item.source)}

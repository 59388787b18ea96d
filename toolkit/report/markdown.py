"""report.md: the report for places that render Markdown; corpus words can neither format nor execute there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import assert_never

from toolkit.report import blocks as block_types
from toolkit.report import inlines as inline_types
from toolkit.report.blocks import Block, Report, Table
from toolkit.report.inlines import Inline, Inlines
from toolkit.text.format import one_line, visible

_MARKS = re.compile(r"([\\`*_\[\]|~#$@!])")
_ADDRESS = re.compile(r"\b(https?|ftp|javascript|data|vbscript|mailto)(?=:(?:\S|$))|\bwww(?=\.)", re.IGNORECASE)
_OPENING = re.compile(r"^(\d*)([-+=]|(?<=\d)[.)])")
"""What makes a list or a heading of a line that it opens."""


def plain(text: object) -> str:
    """Text that stays text in Markdown: marks escaped, HTML escaped, addresses not linked, one line."""
    return _opened(_escaped(one_line(text)))


def _escaped(text: str) -> str:
    """A text inside a line: nothing in it formats, links or runs."""
    shown = _MARKS.sub(r"\\\1", escape(text, quote=False))
    return _ADDRESS.sub(lambda match: match.group() + "&#8203;", shown)


def _opened(line: str) -> str:
    return _OPENING.sub(r"\1\\\2", line)


def markdown(report: Report) -> str:
    """The whole report as Markdown."""
    question = f"*{plain(report.question)}*" if report.question else ""
    head = [f"# {plain(report.title)}", question, line(report.about), line(report.meta)]
    sections = (section for section in report.sections if "markdown" in section.media)
    return "\n\n".join(filter(None, [*head, *(_section(section) for section in sections)])) + "\n"


def _section(section: block_types.Section) -> str:
    return f"## {plain(section.heading)}\n\n{blocks(section.blocks)}".rstrip()


def blocks(items: Iterable[Block]) -> str:
    """Blocks with an empty line between them."""
    return "\n\n".join(filter(None, map(block, items)))


def block(item: Block) -> str:
    """One block; an empty text if Markdown does not show it."""
    match item:
        case block_types.Heading():
            return f"{'#' * item.level} {line(item.parts)}"
        case block_types.Paragraph():
            return line(item.parts)
        case block_types.Facts():
            return "\n".join(f"- {plain(fact.name)}: {inline(fact.parts)}" for fact in item.items)
        case Table():
            return _table(item.spelled)
        case block_types.Figure():
            picture = f"![{plain(item.drawing.alt)}](figures/{item.drawing.name}.svg)"
            return f"{picture}\n\n*{_emphatic(item.caption)}*"
        case block_types.Findings():
            return _findings(item)
        case block_types.Quotes():
            return "\n\n".join(map(_quotation, item.items))
        case block_types.Bullets():
            marks = (f"{at}." if item.numbered else "-" for at, _ in enumerate(item.items, 1))
            return "\n".join(f"{mark} {line(parts)}" for mark, parts in zip(marks, item.items, strict=True))
        case block_types.Flow():
            return _flow(item)
        case block_types.Files():
            return f"{item.lead}: " + ", ".join(_code(name) for name in item.names)
        case block_types.Listing():
            return _listing(item)
        case block_types.Fold():
            return f"{'#' * item.level} {line(item.summary)}\n\n{blocks(item.blocks)}"
        case block_types.Card():
            return _card(item)
        case block_types.OnlyIn():
            return blocks(item.blocks) if "markdown" in item.media else ""
        case block_types.Explorer() | block_types.Documents():
            return ""
        case _:
            assert_never(item)


def line(parts: Inlines) -> str:
    """Parts as a line of their own, which begins no list."""
    return _opened(inline(parts).strip())


def inline(parts: Inlines) -> str:
    """Parts within a line."""
    return "".join(map(_part, parts))


def _part(part: Inline) -> str:
    match part:
        case str():
            return _text(part)
        case inline_types.Ranges():
            return _text(part.text)
        case inline_types.Words():
            return inline(part.parts)
        case inline_types.Strong():
            return f"**{inline(part.parts)}**"
        case inline_types.Emphasis():
            return f"*{inline(part.parts)}*"
        case inline_types.Code():
            return _code(part.text)
        case inline_types.File():
            return _code(part.name)
        case inline_types.Link():
            return inline(part.parts) if part.to.startswith("#") else f"[{inline(part.parts)}](<{_address(part.to)}>)"
        case inline_types.Detail():
            return f" ({inline(part.parts)})"
        case inline_types.Tag():
            return f"({_text(part.text)})"
        case inline_types.TrendLine():
            return _text(part.trend.way)
        case inline_types.Only():
            return inline(part.parts) if "markdown" in part.media else ""
        case inline_types.Key() | inline_types.Bar():
            return ""
        case _:
            assert_never(part)


def _text(text: str) -> str:
    """A text inside a line, with the blanks at its ends."""
    return _escaped(re.sub(r"\s+", " ", visible(text)))


def _address(to: str) -> str:
    return to.replace("<", "%3C").replace(">", "%3E")


def _code(text: str) -> str:
    """Code between backticks; a backtick and a bar, which would end the code or a cell, become similar characters."""
    return f"`{one_line(text).replace('`', 'ˋ').replace('|', '¦')}`"


def _emphatic(parts: Inlines) -> str:
    """A line that is set off as a whole: what is strong in it is so no more."""
    return inline(
        tuple(inner for part in parts for inner in (part.parts if isinstance(part, inline_types.Strong) else (part,)))
    )


def _table(table: Table) -> str:
    heads = [plain(column.head) for column in table.columns]
    rule = ["---:" if column.holds == "number" else "---" for column in table.columns]
    rows = [_row(heads), "|" + "|".join(rule) + "|"]
    for group in table.groups:
        rows += [_row([f"**{plain(group.name)}**", *[""] * (len(heads) - 1)])] if group.name else []
        rows += [_row([inline(cell).strip() for cell in row.cells]) for row in group.rows]
    caption = f"*{_emphatic(table.caption)}*\n\n" if table.caption else ""
    return caption + "\n".join(rows)


def _card(card: block_types.Card) -> str:
    head = [f"### {line(card.heading)}" if card.heading else "", line(card.summary)]
    return "\n\n".join(filter(None, [*head, blocks(card.blocks), blocks(card.folded)]))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _findings(item: block_types.Findings) -> str:
    """The headline, a list of the findings with their marks, the limits and the chart."""
    listed = "\n".join(f"- {line(finding.spelled)}" for finding in item.items)
    parts = [f"**{line(item.headline)}**", listed, line(item.note), block(item.chart) if item.chart else ""]
    return "\n\n".join(filter(None, parts))


def _quotation(item: block_types.Quotation) -> str:
    shown = plain(item.words or item.missing)
    return f"> {shown}\n>\n> {line(item.source)}"


def _flow(flow: block_types.Flow) -> str:
    steps = (
        f"{at}. **{plain(step.number)}** {plain(step.words)}" + (f" ({plain(step.left)})" if step.left else "")
        for at, step in enumerate(flow.steps, 1)
    )
    return "\n".join(steps)


def _listing(listing: block_types.Listing) -> str:
    """Lines between a fence longer than any in them."""
    longest = max((len(run) for run in re.findall(r"~+", listing.text)), default=0)
    fence = "~" * max(4, longest + 1)
    return f"{fence}{listing.language}\n{visible(listing.text).rstrip()}\n{fence}"

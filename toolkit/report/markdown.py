"""report.md: the report for places that render Markdown; corpus words can neither format nor execute there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import assert_never

from toolkit.report.blocks import (
    Block,
    Bullets,
    Card,
    Counts,
    Documents,
    Explorer,
    Facts,
    Figure,
    Files,
    Findings,
    Flow,
    Fold,
    Heading,
    Listing,
    OnlyIn,
    Paragraph,
    Quotation,
    Quotes,
    Report,
    Section,
    Table,
)
from toolkit.report.inlines import (
    Bar,
    Code,
    Detail,
    Emphasis,
    File,
    Inline,
    Inlines,
    Key,
    Link,
    Only,
    Ranges,
    Strong,
    Tag,
    TrendLine,
    Words,
)
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


def _section(section: Section) -> str:
    return f"## {plain(section.heading)}\n\n{blocks(section.blocks)}".rstrip()


def blocks(items: Iterable[Block]) -> str:
    """Blocks with an empty line between them."""
    return "\n\n".join(filter(None, map(block, items)))


def block(item: Block) -> str:
    """One block; an empty text if Markdown does not show it."""
    match item:
        case Heading():
            return f"{'#' * item.level} {line(item.parts)}"
        case Paragraph():
            return line(item.parts)
        case Facts():
            return "\n".join(f"- {plain(fact.name)}: {inline(fact.parts)}" for fact in item.items)
        case Table():
            return _table(item.spelled)
        case Figure():
            picture = f"![{plain(item.drawing.alt)}](figures/{item.drawing.name}.svg)"
            return f"{picture}\n\n*{_emphatic(item.caption)}*"
        case Findings():
            return _findings(item)
        case Quotes():
            return "\n\n".join(map(_quotation, item.items))
        case Bullets():
            marks = (f"{at}." if item.numbered else "-" for at, _ in enumerate(item.items, 1))
            return "\n".join(f"{mark} {line(parts)}" for mark, parts in zip(marks, item.items, strict=True))
        case Flow():
            return _flow(item)
        case Files():
            return f"{item.lead}: " + ", ".join(_code(name) for name in item.names)
        case Listing():
            return _listing(item)
        case Fold():
            return f"{'#' * item.level} {line(item.summary)}\n\n{blocks(item.blocks)}"
        case Card():
            return _card(item)
        case OnlyIn():
            return blocks(item.blocks) if "markdown" in item.media else ""
        case Counts() | Explorer() | Documents():
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
        case Ranges():
            return _text(part.text)
        case Words():
            return inline(part.parts)
        case Strong():
            return f"**{inline(part.parts)}**"
        case Emphasis():
            return f"*{inline(part.parts)}*"
        case Code():
            return _code(part.text)
        case File():
            return _code(part.name)
        case Link():
            return inline(part.parts) if part.to.startswith("#") else f"[{inline(part.parts)}](<{_address(part.to)}>)"
        case Detail():
            return f" ({inline(part.parts)})"
        case Tag():
            return f"({_text(part.text)})"
        case TrendLine():
            return _text(part.trend.way)
        case Only():
            return inline(part.parts) if "markdown" in part.media else ""
        case Key() | Bar():
            return ""
        case _:
            assert_never(part)


def _text(text: str) -> str:
    """A text inside a line, with the blanks at its ends."""
    return _escaped(re.sub(r"\s+", " ", visible(text)))


def _address(to: str) -> str:
    return to.replace("<", "%3C").replace(">", "%3E")


def _code(text: str) -> str:
    """Code between as many backticks as it needs; a cell of a table cannot hold its bar."""
    return f"`{one_line(text).replace('`', 'ˋ').replace('|', '¦')}`"


def _emphatic(parts: Inlines) -> str:
    """A line that is set off as a whole: what is strong in it is so no more."""
    return inline(tuple(inner for part in parts for inner in (part.parts if isinstance(part, Strong) else (part,))))


def _table(table: Table) -> str:
    heads = [plain(column.head) for column in table.columns]
    rule = ["---:" if column.holds == "number" else "---" for column in table.columns]
    rows = [_row(heads), "|" + "|".join(rule) + "|"]
    for group in table.groups:
        rows += [_row([f"**{plain(group.name)}**", *[""] * (len(heads) - 1)])] if group.name else []
        rows += [_row([inline(cell).strip() for cell in row.cells]) for row in group.rows]
    caption = f"*{_emphatic(table.caption)}*\n\n" if table.caption else ""
    return caption + "\n".join(rows)


def _card(card: Card) -> str:
    head = [f"### {line(card.heading)}" if card.heading else "", line(card.summary)]
    return "\n\n".join(filter(None, [*head, blocks(card.blocks), blocks(card.folded)]))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _findings(item: Findings) -> str:
    """The headline, a list of the findings with their marks, the limits and the chart."""
    listed = "\n".join(f"- {line(finding.spelled)}" for finding in item.items)
    parts = [f"**{line(item.headline)}**", listed, line(item.note), block(item.chart) if item.chart else ""]
    return "\n\n".join(filter(None, parts))


def _quotation(item: Quotation) -> str:
    shown = plain(item.words or item.missing)
    return f"> {shown}\n>\n> {line(item.source)}"


def _flow(flow: Flow) -> str:
    steps = (
        f"{at}. **{plain(step.number)}** {plain(step.words)}" + (f" ({plain(step.left)})" if step.left else "")
        for at, step in enumerate(flow.steps, 1)
    )
    return "\n".join(steps)


def _listing(listing: Listing) -> str:
    """Lines between a fence longer than any in them."""
    longest = max((len(run) for run in re.findall(r"~+", listing.text)), default=0)
    fence = "~" * max(4, longest + 1)
    return f"{fence}{listing.language}\n{visible(listing.text).rstrip()}\n{fence}"

"""Lines of plain text and Markdown put together into blocks: paragraphs, list items, quotes, tables, headings."""

from __future__ import annotations

import re

from toolkit.corpus.cleaning.lines import MOST_LINE_COLUMNS, PARTED, TERMINAL, Line, lines_of, wrap_width
from toolkit.corpus.source import Block, Kind

_ATX = re.compile(r" {0,3}#{1,6}(?:[ \t]+|(?=[^#\s]))\S")
_SETEXT = re.compile(r" {0,3}(?:=+|-+)[ \t]*\Z")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_ITEM = re.compile(r"[ \t\u3000]*(?:[-*+•·‣▪◦●○■□►➢–—][ \t\u3000]+|\(?\d{1,3}[.)][ \t\u3000]+|\(?[a-z][.)][ \t]+)\S")
_QUOTE = re.compile(r" {0,3}>")
_TABLE = re.compile(r"[ \t]*\|.*\|[ \t]*\Z|[^|]+\|[^|]+\|")
_COLUMNS = re.compile(r"\S(?:\t+| {3,})\S.*\S(?:\t+| {3,})\S|\S\t+\S")
_WIDE_BLANK = re.compile(r" {3,}")
_BOLD = re.compile(r"(\*\*|__)(?=\S)[^*_.!?;,]{2,80}[:?]?(?<=\S)\1:?")


def blocks_of(text: str, begin: int = 0, markdown: bool = False) -> tuple[Block, ...]:
    """The blocks of a plain text or Markdown from `begin` on; together they contain every non-blank character."""
    lines = lines_of(text, begin)
    if len(lines) == 1:
        only = lines[0]
        return (Block(only.start, only.end, _kind(only.text, markdown)),)
    wrap = wrap_width(lines)
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        kind, stop = _run(lines, at, markdown, wrap)
        blocks.append(Block(lines[at].start, lines[stop - 1].end, kind, lines[at].gap))
        at = stop
    return tuple(blocks)


def _kind(line: str, markdown: bool) -> Kind:
    """The kind of a single line."""
    if markdown and _ATX.match(line):
        return "heading"
    if markdown and _QUOTE.match(line):
        return "quote"
    return "list" if _ITEM.match(line) else "text"


def _run(lines: list[Line], at: int, markdown: bool, wrap: int | None) -> tuple[Kind, int]:
    """The kind of the block that begins at line `at`, and the line after its last."""
    line = lines[at]
    after = lines[at + 1] if at + 1 < len(lines) else None
    if markdown and _FENCE.match(line.text):
        return "pre", _fenced(lines, at)
    if markdown and _ATX.match(line.text):
        return "heading", at + 1
    if markdown and after and not after.gap and _SETEXT.match(after.text) and len(line.text) < 160:
        ruled = "|" not in line.text and len(after.text) > 1
        if ruled:
            return "heading", at + 2
    if markdown and line.gap and (after is None or after.gap) and _BOLD.fullmatch(line.text):
        return "heading", at + 1
    if markdown and _QUOTE.match(line.text):
        return "quote", _while(lines, at, lambda next_line: bool(_QUOTE.match(next_line.text)))
    table = _TABLE if markdown else _COLUMNS
    if table.match(line.text) and after and not after.gap and table.match(after.text) and _aligned(line, after):
        return "table", _while(lines, at, lambda next_line: bool(table.match(next_line.text)))
    if _ITEM.match(line.text):
        return "list", _wrapped(lines, at, markdown, wrap, line.indent + 2)
    return "text", _wrapped(lines, at, markdown, wrap, line.indent)


def _while(lines: list[Line], at: int, holds: object) -> int:
    """The first line after `at` that follows a blank line or for which `holds` is false."""
    stop = at + 1
    while stop < len(lines) and not lines[stop].gap and holds(lines[stop]):  # type: ignore[operator]
        stop += 1
    return stop


def _aligned(line: Line, after: Line) -> bool:
    """Whether two lines with wide blanks are rows: their columns are aligned; those of justified lines are not."""
    if any("\t" in row.text or "|" in row.text for row in (line, after)):
        return True
    places = [
        {
            place
            for gap in _WIDE_BLANK.finditer(row.text)
            for place in (row.indent + gap.end(), -row.indent - gap.start())
        }
        for row in (line, after)
    ]
    return bool(places[0] & places[1])


def _fenced(lines: list[Line], at: int) -> int:
    """The line after the closing fence, or the end of the block at the next blank line if no fence closes it."""
    for stop in range(at + 1, len(lines)):
        if _FENCE.match(lines[stop].text):
            return stop + 1
    return _while(lines, at, lambda next_line: True)


def _wrapped(lines: list[Line], at: int, markdown: bool, wrap: int | None, indent: int) -> int:
    """The line after the paragraph that begins at `at`: following lines that only continue it belong to it."""
    stop = at + 1
    while stop < len(lines) and not lines[stop].gap:
        second = stop == at + 1
        if not _continues(lines[stop - 1], lines[stop], markdown, wrap, indent if second else lines[stop - 1].indent):
            break
        stop += 1
    return stop


def _continues(before: Line, line: Line, markdown: bool, wrap: int | None, indent: int) -> bool:
    """Whether a line continues the sentence of the previous line."""
    if _ITEM.match(line.text) or (markdown and (_ATX.match(line.text) or _QUOTE.match(line.text))):
        return False
    if markdown and (_FENCE.match(line.text) or _TABLE.match(line.text) or line.text.startswith("[^")):
        return False
    mid = not TERMINAL.search(before.text)
    if mid and (line.text[0].islower() or (PARTED.search(before.text) and line.text[0].isalpha())):
        return True
    if wrap is None:
        return markdown and mid and 36 <= before.width <= MOST_LINE_COLUMNS and line.text[0].isalnum()
    if line.indent > indent + 1 and line.indent > before.indent:
        return False  # an indented first line
    if before.width > MOST_LINE_COLUMNS or (not mid and line.width > MOST_LINE_COLUMNS and " " in line.text):
        return False  # a paragraph on one line
    first_word = len(line.text.split(maxsplit=1)[0]) if line.text.isascii() else 2
    return before.width + min(first_word, 30) + 1 > wrap - 12 if not mid else before.width > 0.6 * wrap

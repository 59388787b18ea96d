"""Lines of plain text and Markdown put together into blocks: paragraphs, list items, quotes, tables, headings."""

from __future__ import annotations

import re
import statistics
import unicodedata
from itertools import pairwise
from typing import NamedTuple

from toolkit.corpus.source import Block, Kind

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_WIDE = re.compile("[\u1100-\u115f\u231a-\U0010ffff]")  # no character outside takes two columns
_ATX = re.compile(r" {0,3}#{1,6}(?:[ \t]+|(?=[^#\s]))\S")
_SETEXT = re.compile(r" {0,3}(?:=+|-+)[ \t]*\Z")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_ITEM = re.compile(r"[ \t\u3000]*(?:[-*+•·‣▪◦●○■□►➢–—][ \t\u3000]+|\(?\d{1,3}[.)][ \t\u3000]+|\(?[a-z][.)][ \t]+)\S")
_QUOTE = re.compile(r" {0,3}>")
_TABLE = re.compile(r"[ \t]*\|.*\|[ \t]*\Z|[^|]+\|[^|]+\|")
_COLUMNS = re.compile(r"\S(?:\t+| {3,})\S.*\S(?:\t+| {3,})\S|\S\t+\S")
_BOLD = re.compile(r"(\*\*|__)(?=\S)[^*_.!?;,]{2,80}[:?]?(?<=\S)\1:?")
_TERMINAL = re.compile(r"[.!?。！？…:：;；]['\"”’)\]»」』）]*\Z")


class Line(NamedTuple):
    """One line without its break and the blanks around it. `gap`: a blank line, or the text's start, before it."""

    start: int
    end: int
    text: str
    gap: bool
    indent: int
    width: int


def lines_of(text: str, begin: int = 0) -> list[Line]:
    """The non-blank lines of a text from `begin` on."""
    found: list[Line] = []
    last = begin
    for match in _LINE.finditer(text, begin):
        raw = match.group()
        bare = raw.strip()
        if not bare:
            continue
        indent = len(raw) - len(raw.lstrip())
        start = match.start() + indent
        between = text[last:start]
        gap = not found or (between != "\n" and between != "\r\n" and len(_BREAK.findall(between)) > 1)
        width = len(raw)
        if not raw.isascii() and _WIDE.search(raw):
            width += sum(unicodedata.east_asian_width(char) in "WF" for char in raw)
        found.append(Line(start, start + len(bare), bare, gap, indent, width))
        last = start + len(bare)
    return found


def blocks_of(text: str, begin: int = 0, markdown: bool = False) -> tuple[Block, ...]:
    """The blocks of a plain text or Markdown from `begin` on; together they hold every non-blank character."""
    lines = lines_of(text, begin)
    if len(lines) == 1:
        only = lines[0]
        return (Block(only.start, only.end, _kind(only.text, markdown)),)
    wrap = _wrap_width(lines)
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        kind, stop = _run(lines, at, markdown, wrap)
        blocks.append(Block(lines[at].start, lines[stop - 1].end, kind, lines[at].gap))
        at = stop
    return tuple(blocks)


def _kind(line: str, markdown: bool) -> Kind:
    """The kind of a line on its own."""
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
    if table.match(line.text) and after and not after.gap and table.match(after.text):
        return "table", _while(lines, at, lambda next_line: bool(table.match(next_line.text)))
    if _ITEM.match(line.text):
        return "list", _wrapped(lines, at, markdown, wrap, line.indent + 2)
    return "text", _wrapped(lines, at, markdown, wrap, line.indent)


def _while(lines: list[Line], at: int, holds: object) -> int:
    """The first line after `at` that stands apart or for which `holds` is not so."""
    stop = at + 1
    while stop < len(lines) and not lines[stop].gap and holds(lines[stop]):  # type: ignore[operator]
        stop += 1
    return stop


def _fenced(lines: list[Line], at: int) -> int:
    """The line after the closing fence, or the end of the block at the next blank line if none closes."""
    for stop in range(at + 1, len(lines)):
        if _FENCE.match(lines[stop].text):
            return stop + 1
    return _while(lines, at, lambda next_line: True)


def _wrap_width(lines: list[Line]) -> int | None:
    """The width at which a text is hard-wrapped, or null where each line stands for itself.

    Wrapped text has many lines of nearly the same width that stop in mid-sentence.
    """
    inner = [one for one, other in pairwise(lines) if not other.gap]
    if not inner:
        return None
    open_ended = [line for line in inner if not _TERMINAL.search(line.text)]
    long = [line.width for line in open_ended if line.width >= 36]
    if len(long) < max(1, 0.5 * len(inner)) or max(line.width for line in inner) > 140:
        return None
    width = int(statistics.quantiles(long, n=10)[-1]) if len(long) > 2 else max(long)
    near = sum(one > 0.75 * width for one in long)
    return width if near >= 0.6 * len(long) else None


def _wrapped(lines: list[Line], at: int, markdown: bool, wrap: int | None, indent: int) -> int:
    """The line after the paragraph that begins at `at`: following lines that only continue it belong to it."""
    stop = at + 1
    while (
        stop < len(lines) and not lines[stop].gap and _continues(lines[stop - 1], lines[stop], markdown, wrap, indent)
    ):
        stop += 1
    return stop


def _continues(before: Line, line: Line, markdown: bool, wrap: int | None, indent: int) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    if _ITEM.match(line.text) or (markdown and (_ATX.match(line.text) or _QUOTE.match(line.text))):
        return False
    if markdown and (_FENCE.match(line.text) or _TABLE.match(line.text)):
        return False
    mid = not _TERMINAL.search(before.text)
    if mid and line.text[0].islower():
        return True
    if wrap is None:
        return markdown and mid and 36 <= before.width <= 140 and line.text[0].isalnum()
    if line.indent > indent + 1 and line.indent > before.indent:
        return False  # an indented first line
    first_word = len(line.text.split(maxsplit=1)[0]) if line.text.isascii() else 2
    return before.width + first_word + 1 > wrap - 12 if not mid else before.width > 0.6 * wrap

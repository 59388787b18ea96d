"""Lines of a text: their breaks, their width, and the blank lines that separate paragraphs."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from toolkit.text.sentences import SENTENCE_MARKS

BREAK = re.compile(r"\r\r\n|\r\n|\n\r(?!\n)|[\r\n\x0b\x0c\x85\u2028\u2029]")
"""One line break in any notation."""
TERMINAL = re.compile(rf"[.!?…:：;；{SENTENCE_MARKS}]['\"”’)\]»」』）]*\Z")
PARTED = re.compile(r"[^\W\d_]{2}[-\u2010¬]\Z")
_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_WIDE = re.compile("[\u1100-\u115f\u231a-\U0010ffff]")  # no character outside takes two columns
MOST_LINE_COLUMNS = 140
"""A longer line is a paragraph, an address or a row of a table, not a line that a margin broke."""
LEAST_COLUMNS = 36
LEAST_COLUMNS_PARTED = 20
"""Narrower lines count as broken by a margin if words are parted at their ends."""
USUAL_PER_WIDE_LINE = 4
"""Minimum number of lines of usual width per longer line: with fewer, each line of the text is a paragraph."""
DOUBLE_SPACED_LINES = 6
DOUBLE_SPACED_GAP_SHARE = 0.9
DOUBLE_SPACED_MID_SHARE = 0.1
DOUBLE_SPACED_OPEN_SHARE = 0.6
DOUBLE_SPACED_FULL_WIDTH, DOUBLE_SPACED_FULL_SHARE = 0.85, 0.7
"""Blank lines between lines carry no meaning if the lines stop in mid-sentence and continue in small letters or are
full."""


class Line(NamedTuple):
    """One line without its break and surrounding blanks. `gap`: a blank line, or the text's start, is before it."""

    start: int
    end: int
    text: str
    gap: bool
    indent: int
    width: int
    breaks: int = 1  # line breaks between it and the line before


def lines_of(text: str, begin: int = 0) -> list[Line]:
    """The non-blank lines of a text from `begin` on."""
    lines: list[Line] = []
    last = begin
    for match in _LINE.finditer(text, begin):
        raw = match.group()
        bare = raw.strip()
        if not bare:
            continue
        indent = len(raw) - len(raw.lstrip())
        start = match.start() + indent
        between = text[last:start]
        breaks = 1 if between in ("\n", "\r\n") else len(BREAK.findall(between)) + between.count("\u2029")
        width = len(raw.rstrip())
        if not raw.isascii() and _WIDE.search(raw):
            width += sum(unicodedata.east_asian_width(char) in "WF" for char in raw)
        lines.append(Line(start, start + len(bare), bare, not lines or breaks > 1, indent, width, breaks))
        last = start + len(bare)
    return _single_spaced(lines) if _double_spaced(lines) else lines


def _double_spaced(lines: Sequence[Line]) -> bool:
    """Whether a blank line follows each printed line, so that blank lines do not separate paragraphs."""
    if len(lines) < DOUBLE_SPACED_LINES or sum(line.gap for line in lines) < DOUBLE_SPACED_GAP_SHARE * len(lines):
        return False
    if max(line.width for line in lines) > MOST_LINE_COLUMNS:
        return False
    mid = sum(continues_by_case(line, following) for line, following in pairwise(lines))
    open_ended = sum(not TERMINAL.search(line.text) for line in lines)
    if not DOUBLE_SPACED_OPEN_SHARE * len(lines) <= open_ended < len(lines):  # a list of phrases has no full stop
        return False
    width = wrap_width(_single_spaced(lines))
    if width is None:
        return False
    full = sum(line.width > DOUBLE_SPACED_FULL_WIDTH * width for line in lines)
    return mid >= DOUBLE_SPACED_MID_SHARE * len(lines) or full >= DOUBLE_SPACED_FULL_SHARE * len(lines)


def _single_spaced(lines: Sequence[Line]) -> list[Line]:
    usual = statistics.median_low([line.breaks for line in lines[1:]])
    return [line._replace(gap=at == 0 or line.breaks > usual) for at, line in enumerate(lines)]


def continues_by_case(before: Line, line: Line) -> bool:
    """Whether a line continues a sentence: a small letter after a line without a full stop."""
    return line.text[0].islower() and not TERMINAL.search(before.text)


def wrap_width(lines: Sequence[Line]) -> int | None:
    """The width at which a text is hard-wrapped, or null if each line is a paragraph of its own.

    Wrapped text has many lines of nearly the same width that stop in mid-sentence; a few longer ones (an address, a
    row of a table) do not count.
    """
    inner = [line for line, other in pairwise(lines) if not other.gap]
    usual = [line for line in inner if line.width <= MOST_LINE_COLUMNS]
    if not usual or (len(inner) > len(usual) and len(usual) < USUAL_PER_WIDE_LINE * (len(inner) - len(usual))):
        return None
    open_ended = [line for line in usual if not TERMINAL.search(line.text)]
    parted = sum(bool(PARTED.search(line.text)) for line in open_ended) > 1
    least = LEAST_COLUMNS_PARTED if parted else LEAST_COLUMNS
    long = [line.width for line in open_ended if line.width >= least]
    if len(long) < max(1, 0.5 * len(usual)):
        return None
    width = int(statistics.quantiles(long, n=10)[-1]) if len(long) > 2 else max(long)
    near = sum(columns > 0.75 * width for columns in long)
    return width if near >= 0.6 * len(long) else None

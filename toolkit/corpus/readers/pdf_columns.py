"""Pages set in columns put into reading order: column by column between the lines that run across the page.

A recursive XY-cut (Nagy and Seth 1984), cut at gutters alone: the widest blank strip that hardly a line crosses.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from toolkit.corpus.readers.pdf_pages import PdfLine

_LEAST_COLUMN_LINES = 4  # lines in each of two columns
_LEAST_LINE_WORDS = 2.5  # words a line on average: the cells of a table have fewer
_MOST_ACROSS_SHARE = 0.4  # share of lines that may run across the page
_MOST_LEVELS = 3


def in_reading_order(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """The lines of one page, column by column. A page without columns keeps the order of the file."""
    if any(not line.right for line in lines):
        return list(lines)
    pieces = [piece for line in lines for piece in _apart(line)]
    ordered = _cut(pieces, 0, 1)
    return list(lines) if ordered is None else ordered


def _apart(line: PdfLine) -> list[PdfLine]:
    """A line as the pieces between its wide blanks."""
    if not line.pieces:
        return [line]
    return [line._replace(text=text, left=left, right=right, pieces=()) for text, left, right in line.pieces if text]


def _cut(lines: list[PdfLine], depth: int, first: int) -> list[PdfLine] | None:
    """Lines in the order of their columns, numbered from `first`, or null if there are no columns."""
    gutter = _gutter(lines) if depth < _MOST_LEVELS else None
    if gutter is None:
        return None
    ordered: list[PdfLine] = []
    band: list[PdfLine] = []
    for line in sorted(lines, key=lambda item: (-item.bottom, item.left)):
        if line.left < gutter < line.right:
            ordered += _band(band, gutter, depth, first)
            ordered.append(line)
            band = []
        else:
            band.append(line)
    return ordered + _band(band, gutter, depth, first)


def _band(lines: list[PdfLine], gutter: float, depth: int, first: int) -> list[PdfLine]:
    """The columns between two lines across the page, in order, each from top to bottom."""
    done: list[PdfLine] = []
    for number, side in enumerate(
        ([line for line in lines if line.right <= gutter], [line for line in lines if line.left >= gutter])
    ):
        inner = _cut(side, depth + 1, first + 2 * number)
        done += inner if inner is not None else [line._replace(column=first + number) for line in side]
    return done


def _gutter(lines: Sequence[PdfLine]) -> float | None:
    """The position of a gutter with enough lines at the same height on both sides and few lines across it."""
    if len(lines) < 2 * _LEAST_COLUMN_LINES:
        return None
    begin, end = min(line.left for line in lines), max(line.right for line in lines)
    best: tuple[int, float] | None = None
    unit = statistics.median(line.size for line in lines) / 10 or 1.0  # a point, where type is 10 points high
    for edge in sorted({round(line.left / unit) for line in lines}):
        place = (edge - 2) * unit
        if not begin + 0.2 * (end - begin) < place < end - 0.2 * (end - begin):
            continue
        crossing = sum(line.left < place < line.right for line in lines)
        if (best is None or crossing < best[0]) and _parts(lines, place, crossing):
            best = (crossing, place)
    return None if best is None else best[1]


def _parts(lines: Sequence[PdfLine], place: float, crossing: int) -> bool:
    """Whether a strip at `place` parts two columns of text."""
    left = [line for line in lines if line.right <= place]
    right = [line for line in lines if line.left >= place]
    if min(len(left), len(right)) < _LEAST_COLUMN_LINES or crossing > _MOST_ACROSS_SHARE * len(lines):
        return False
    if min(_words(left), _words(right)) < _LEAST_LINE_WORDS:
        return False
    shared = min(max(line.top for line in left), max(line.top for line in right)) - max(
        min(line.bottom for line in left), min(line.bottom for line in right)
    )
    shorter = min(_height(left), _height(right))
    return shared > 0.5 * shorter


def _words(lines: Sequence[PdfLine]) -> float:
    return sum(len(line.text) / 2 if not line.text.isascii() else len(line.text.split()) for line in lines) / len(lines)


def _height(lines: Sequence[PdfLine]) -> float:
    return max(line.top for line in lines) - min(line.bottom for line in lines)

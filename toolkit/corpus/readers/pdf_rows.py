"""Joins parts of one printed line that superscripts and initials separate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from toolkit.corpus.readers.pdf_pages import PdfLine

_INITIAL_SIZE_RATIO = 1.8
"""An initial is at least this many times as large as the text that it begins."""


def whole_lines(lines: Sequence[PdfLine], words: Counter[str]) -> list[PdfLine]:
    """The lines with their parts joined; `words` counts the document's words in lower case."""
    joined: list[PdfLine] = []
    for line in lines:
        if joined and _side_by_side(joined[-1], line):
            joined[-1] = _with_part(joined[-1], line)
        else:
            joined.append(line)
    return _with_initials(joined, words)


def _side_by_side(last: PdfLine, line: PdfLine) -> bool:
    """Whether a part of a line follows another part, slightly raised or lowered."""
    if (last.page, last.turn) != (line.page, line.turn) or not last.right or not line.right:
        return False
    size = max(last.size, line.size)
    if min(last.size, line.size) < size / _INITIAL_SIZE_RATIO:  # an initial, or an ornament
        return False
    shared = min(last.top, line.top) - max(last.bottom, line.bottom)
    lower = min(last.top - last.bottom, line.top - line.bottom)
    return shared > 0.5 * lower and -0.3 * size < line.left - last.right < size


def _with_part(last: PdfLine, line: PdfLine) -> PdfLine:
    """Two parts of a line as one; a raised part follows without a blank."""
    size = max(last.size, line.size)
    between = " " if line.left - last.right > 0.15 * size else ""
    left, right = last.pieces or (_piece(last),), line.pieces or (_piece(line),)
    middle = (f"{left[-1][0]}{between}{right[0][0]}", left[-1][1], right[0][2])
    pieces = (*left[:-1], middle, *right[1:]) if last.pieces or line.pieces else ()
    longer = last if len(last.text) >= len(line.text) else line
    return longer._replace(
        text=f"{last.text}{between}{line.text}", left=last.left, right=line.right, bottom=longer.bottom, pieces=pieces
    )


def _piece(line: PdfLine) -> tuple[str, float, float]:
    return line.text, line.left, line.right


def _with_initials(lines: list[PdfLine], words: Counter[str]) -> list[PdfLine]:
    """The lines with large initials put before the line that they begin."""
    gone: set[int] = set()
    made = list(lines)
    for at, line in enumerate(lines):
        if sum(char.isalpha() for char in line.text) != 1 or len(line.text) > 3 or not line.right:
            continue
        beside = [other for other in range(len(lines)) if other not in gone and _begins(line, lines[other])]
        if beside:
            first = max(beside, key=lambda other: lines[other].top)
            made[first] = _with_initial(line, made[first], words)
            gone.add(at)
    return [line for at, line in enumerate(made) if at not in gone]


def _begins(initial: PdfLine, line: PdfLine) -> bool:
    """Whether an initial is at the left of a line."""
    if initial.page != line.page or initial.turn != line.turn or initial.size < _INITIAL_SIZE_RATIO * line.size:
        return False
    middle = (line.top + line.bottom) / 2
    beside = -0.5 * line.size < line.left - initial.right < 2 * line.size
    return beside and initial.bottom < middle < initial.top


def _with_initial(initial: PdfLine, line: PdfLine, words: Counter[str]) -> PdfLine:
    """The line with its initial; a letter that is a word has a blank after it if the document indicates it."""
    first = line.text.split()[0].strip(".,;:!?").lower()
    whole = f"{initial.text}{first}".strip("\"'“„«‘").lower()
    between = " " if initial.text[-1:] in "AIOÀYEU" and words[first] - 1 > words[whole] else ""
    pieces = line.pieces
    if pieces:
        pieces = ((f"{initial.text}{between}{pieces[0][0]}", initial.left, pieces[0][2]), *pieces[1:])
    return line._replace(text=f"{initial.text}{between}{line.text}", left=initial.left, pieces=pieces)

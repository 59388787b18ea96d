"""The lines of a PDF's pages as pdfium draws them. As a script it is the worker process of `pdf_worker`.

It imports nothing of the toolkit, so that a worker starts at once. A request is a line of JSON ({"bytes": n, "pages":
most}) and n bytes of PDF; a response is a line of JSON.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

_PART = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_BLANKS = re.compile(r"\s+")
_WIDE_BLANK_RATIO = 1.2
"""A blank this many times as wide as the type is high may part two columns."""
_LEVEL_DEGREES = 15
"""Degrees by which a line may slope and count as level."""


class PdfLine(NamedTuple):
    """One line of a page in reading order: its box (origin at the lower left) and the size of its type, both in points.

    `pieces` are (text, left, right) if the line contains wide blanks, as between columns; else it is empty.
    """

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    size: float
    height: float  # of the page
    pieces: tuple[tuple[str, float, float], ...] = ()
    column: int = 0  # 0 across the page, 1 for the leftmost column
    least: float = 0.0  # the commonest size of its type; `size` is the largest that is common in it
    turn: int = 0  # degrees clockwise until it is upright; 0 for most text of a page


def lines_of_pdf(data: bytes, most: int) -> dict[str, Any]:
    """`lines` of the first `most` pages, `pages` (their total number) and `meta`; or `fault`, the reason why there are
    none."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as fault:
        encrypted = "password" in str(fault).lower() or b"/Encrypt" in data
        return {"fault": "encrypted PDF" if encrypted else f"damaged PDF: {fault}"}
    try:
        read = min(len(document), most)
        lines = [line for number in range(read) for line in _page_lines(document, number)]
        return {"lines": lines, "pages": len(document), "meta": document.get_metadata_dict(skip_empty=True)}
    except pdfium.PdfiumError as fault:
        return {"fault": f"damaged PDF: {fault}"}
    finally:
        document.close()


def _page_lines(document: Any, number: int) -> list[PdfLine]:
    """The lines of one page in the order of the file: those in the direction of most of its text, then rotated text,
    turned upright, as in a margin."""
    page = document[number]
    rotation = page.get_rotation()
    opened: list[_Frame] = []

    def framed(turn: int) -> _Frame:
        """The page turned clockwise by these degrees; its text must be read again."""
        page.set_rotation((rotation + turn) % 360)
        opened.append(_Frame(page))
        return opened[-1]

    try:
        frame = framed(0)
        upright = _most_common_turn(frame)
        frame = framed(upright) if upright else frame
        lines = _lines(frame, number)
        if not any(line.turn for line in lines):
            return _from_the_right(lines, page.get_width())
        turns = sorted({degrees for degrees in frame.turns() if degrees})
        lines = _lines(frame.only(0), number)
        for turn in turns:
            right = turn % 90 == 0
            other = framed(upright + turn) if right else framed(upright)
            lines += [line._replace(turn=turn) for line in _lines(other.only(0 if right else turn), number)]
        return lines
    finally:
        for frame in opened:
            frame.text_page.close()
        page.close()


def _from_the_right(lines: list[PdfLine], width: float) -> list[PdfLine]:
    """The lines of a page whose text runs downwards (Chinese and Japanese), rotated: the rightmost line is the topmost.
    Level lines on such a page are rotated lines. Other pages are unchanged."""
    down = [line.top - line.bottom > 3 * (line.right - line.left) and len(line.text) > 3 for line in lines]
    if sum(len(line.text) for line, runs in zip(lines, down, strict=True) if runs) * 2 <= sum(
        len(line.text) for line in lines
    ):
        return lines
    laid = [
        line._replace(
            left=line.height - line.top, right=line.height - line.bottom, bottom=line.left, top=line.right,
            height=width, pieces=(), turn=0 if runs else 90,
        )
        for line, runs in zip(lines, down, strict=True)
    ]  # fmt: skip
    return sorted(laid, key=lambda line: (line.turn, -line.bottom, line.left))


def _lines(frame: _Frame, number: int) -> list[PdfLine]:
    """The lines of the page's text."""
    parts = _PART.finditer(frame.text)  # a hyphen at a line's end joins it to whatever is drawn next
    return [line for part in parts if part.group().strip() for line in _line(frame, part.group(), part.start(), number)]


class _Frame:
    """One page as displayed: rotated as the file specifies, only the visible part, the origin at its lower left."""

    def __init__(self, page: Any) -> None:
        self.text_page = page.get_textpage()
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        self.turned = page.get_rotation()
        self.height = page.get_height()
        self.text, self.places = _text(self.text_page)

    def box(self, at: int) -> tuple[float, float, float, float] | None:
        """Left, bottom, right and top of a character of `text`; null if it is not drawn."""
        try:
            x0, y0, x1, y1 = self.text_page.get_charbox(self.places[at], loose=True)
        except Exception:  # a generated character has no box
            return None
        if self.turned == 0:
            return x0 - self.left, y0 - self.bottom, x1 - self.left, y1 - self.bottom
        if self.turned == 90:
            return y0 - self.bottom, self.right - x1, y1 - self.bottom, self.right - x0
        if self.turned == 180:
            return self.right - x1, self.top - y1, self.right - x0, self.top - y0
        return self.top - y1, x0 - self.left, self.top - y0, x1 - self.left

    def type_of(self, at: int) -> tuple[float, int] | None:
        """Size of a character of `text`, and the clockwise degrees by which its page must turn until it is upright.

        The size is that of its font times the height of its matrix, which includes the page's and the form's.
        """
        import pypdfium2.raw as raw

        matrix = raw.FS_MATRIX()
        if not raw.FPDFText_GetMatrix(self.text_page.raw, self.places[at], matrix):
            return None
        font_size = raw.FPDFText_GetFontSize(self.text_page.raw, self.places[at])
        wide = math.hypot(matrix.a, matrix.b)
        if not wide or not font_size:
            return None
        size = abs(font_size * (matrix.a * matrix.d - matrix.b * matrix.c)) / wide
        across, up = math.copysign(matrix.a, matrix.a * font_size), math.copysign(matrix.b, matrix.b * font_size)
        angle = (math.degrees(math.atan2(up, across)) - self.turned) % 360  # counter-clockwise, as seen
        step = 90 if abs((angle + 45) % 90 - 45) <= _LEVEL_DEGREES else 45
        return size, round(angle / step) * step % 360

    def turns(self) -> list[int | None]:
        """For each character of `text` the degrees by which its page must turn; null if it is not drawn."""
        types = (None if char.isspace() else self.type_of(at) for at, char in enumerate(self.text))
        return [None if kind is None else kind[1] for kind in types]

    def only(self, turn: int) -> _Frame:
        """This page with only the text of that rotation; a line ends where other text is."""
        text, places = [], []
        for at, its_turn in enumerate(self.turns()):
            if its_turn in (turn, None):
                text.append(self.text[at])
            elif text and text[-1] != "\n":
                text.append("\n")
            else:
                continue
            places.append(self.places[at])
        self.text, self.places = "".join(text), places
        return self


def _text(text_page: Any) -> tuple[str, Sequence[int]]:
    """The text of a page and the place of each of its characters in the page's list of characters."""
    import pypdfium2.raw as raw

    count = text_page.count_chars()
    text = text_page.get_text_range() if count else ""
    if len(text) == count:
        return text, range(count)
    codes = [(raw.FPDFText_GetUnicode(text_page.raw, at), at) for at in range(count)]  # some stand for no text
    kept = [(chr(code), at) for code, at in codes if 0 < code < 0x110000]
    return "".join(char for char, _ in kept), [at for _, at in kept]


def _most_common_turn(frame: _Frame) -> int:
    """Clockwise degrees by which the page must turn until most of its text is upright."""
    seen = [at for at, char in enumerate(frame.text) if not char.isspace()]
    types = (frame.type_of(at) for at in _sample(seen, 60))
    turns = Counter(kind[1] for kind in types if kind is not None)
    return max(turns, key=lambda turn: (turns[turn], -turn)) if turns else 0


def _sample(places: list[int], most: int) -> list[int]:
    """At most that many of the places, evenly spread."""
    step = max(1.0, len(places) / most)
    return [places[int(number * step)] for number in range(min(len(places), most))]


def _line(frame: _Frame, part: str, place: int, number: int) -> list[PdfLine]:
    """The box and type size of one line, from its first and last visible characters and those around its blanks."""
    seen = [place + at for at, char in enumerate(part) if not char.isspace() and char not in "\x02\ufffe"]
    if not seen:
        return []
    letters = [char for char in part if char.isalpha()]
    capitals = sum(char.isupper() for char in letters) > 0.7 * len(letters)
    sampled = seen if capitals else _sample(seen, 16)
    types = [kind for at in sampled if (kind := frame.type_of(at)) is not None]
    least, size = _sizes([size for size, _ in types], capitals)
    turn = Counter(turn for _, turn in types).most_common(1)[0][0] if types else 0
    boxes = [box for at in _sample(seen, 5) + seen[-1:] if (box := frame.box(at)) is not None]
    if not boxes:
        return [PdfLine(part.strip(), number, 0, 0, 0, 0, size, frame.height, least=least, turn=turn)]
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    pieces = () if turn else _pieces(frame, part, place, size, left, right)
    return [PdfLine(part.strip(), number, left, right, bottom, top, size, frame.height, pieces, 0, least, turn)]


def _sizes(sizes: list[float], capitals: bool) -> tuple[float, float]:
    """The commonest and the largest type size of a line, without initials and single large letters.

    Small capitals and a word in another typeface give a line two sizes.
    """
    if not sizes:
        return 0.0, 0.0
    counts = Counter(float(f"{size:.3g}") for size in sizes)
    usual = max(counts, key=lambda size: (counts[size], size))
    least = 1 if capitals else max(2, 0.1 * len(sizes))
    return usual, max((size for size in counts if counts[size] >= least and size < 1.5 * usual), default=usual)


def _pieces(
    frame: _Frame, part: str, place: int, size: float, left: float, right: float
) -> tuple[tuple[str, float, float], ...]:
    """The line split at its wide blanks, or empty if it has none."""
    pieces: list[tuple[str, float, float]] = []
    start, edge = 0, left
    for blank in _BLANKS.finditer(part.rstrip("\x02\ufffe \t")):
        if blank.start() == 0:
            continue
        before, after = frame.box(place + blank.start() - 1), frame.box(place + blank.end())
        if before is not None and after is not None and after[0] - before[2] > _WIDE_BLANK_RATIO * size:
            pieces.append((part[start : blank.start()].strip(), edge, before[2]))
            start, edge = blank.end(), after[0]
    return (*pieces, (part[start:].strip(), edge, right)) if pieces else ()


def _serve(megabytes: int) -> None:
    """Answer requests until there are no more."""
    try:
        import resource

        most = megabytes * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ImportError, OSError, ValueError):  # no such limits on this system
        pass
    while header := sys.stdin.buffer.readline():
        request = json.loads(header)
        data = sys.stdin.buffer.read(request["bytes"])
        try:
            answer = lines_of_pdf(data, request["pages"])
        except MemoryError:
            answer = {"fault": f"PDF that needs more than {megabytes:,} MB to read (corpus.limits.max_pdf_mb)"}
        sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))

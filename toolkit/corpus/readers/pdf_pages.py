"""The lines of a PDF's pages as pdfium draws them. Run as a script it is the worker that `pdf_worker` talks to.

It imports nothing of the toolkit, so that a worker starts at once. One request is a line of JSON ({"bytes": n, "pages":
most}) and n bytes of PDF; one answer is a line of JSON.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any, NamedTuple

_PART = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_BLANKS = re.compile(r"\s+")
_WIDE = 1.2
"""A blank this many times as wide as the type is high may part two columns."""


class PdfLine(NamedTuple):
    """One line of a page: its box (points, origin at the lower left) and the size of its type.

    `pieces` are (text, left, right) where wide blanks stand in the line, as between columns; else there are none.
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


def lines_of_pdf(data: bytes, most: int) -> dict[str, Any]:
    """`lines` of the first `most` pages, `pages` (how many there are) and `meta`; or `fault`, why there are none."""
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
    """The lines of one page in the order in which the file draws them."""
    page = document[number]
    text_page = page.get_textpage()
    try:
        height = page.get_height()
        text = text_page.get_text_range() if text_page.count_chars() else ""
        found: list[PdfLine] = []
        for part in _PART.finditer(text):  # a hyphen at a line's end joins it to whatever is drawn next
            if part.group().strip():
                found += _line(text_page, part.group(), part.start(), number, height)
        return found
    finally:
        text_page.close()
        page.close()


def _line(text_page: Any, part: str, place: int, number: int, height: float) -> list[PdfLine]:
    """The box and type size of one line, from its first and last visible characters and those around its blanks."""
    import pypdfium2.raw as raw

    seen = [at for at, char in enumerate(part) if not char.isspace() and char not in "\x02\ufffe"]
    if not seen:
        return []
    size = raw.FPDFText_GetFontSize(text_page.raw, place + seen[len(seen) // 2])
    found = (_box(text_page, place + at) for at in sorted({seen[0], seen[len(seen) // 2], seen[-1]}))
    boxes = [box for box in found if box is not None]
    if not boxes:
        return [PdfLine(part.strip(), number, 0, 0, 0, 0, size, height)]
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    pieces = _pieces(text_page, part, place, size, left, right)
    return [PdfLine(part.strip(), number, left, right, bottom, top, size, height, pieces)]


def _box(text_page: Any, place: int) -> tuple[float, float, float, float] | None:
    try:
        box: tuple[float, float, float, float] = text_page.get_charbox(place, loose=True)
    except Exception:  # a generated character has no box
        return None
    return box


def _pieces(
    text_page: Any, part: str, place: int, size: float, left: float, right: float
) -> tuple[tuple[str, float, float], ...]:
    """The line parted at its wide blanks, or nothing where it has none."""
    found: list[tuple[str, float, float]] = []
    start, edge = 0, left
    for blank in _BLANKS.finditer(part.rstrip("\x02\ufffe \t")):
        if blank.start() == 0:
            continue
        before, after = _box(text_page, place + blank.start() - 1), _box(text_page, place + blank.end())
        if before is not None and after is not None and after[0] - before[2] > _WIDE * size:
            found.append((part[start : blank.start()].strip(), edge, before[2]))
            start, edge = blank.end(), after[0]
    return (*found, (part[start:].strip(), edge, right)) if found else ()


def _serve(megabytes: int) -> None:
    """Answers requests until there are no more."""
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

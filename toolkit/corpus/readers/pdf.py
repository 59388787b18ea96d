"""PDF files: lines put back together into paragraphs, page furniture set apart, headings by the size of their type.

The extracted text is in reading order as the file stores it, with running headers, footers and page numbers moved to
its end, so that a paragraph that crosses a page is one span.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from itertools import pairwise
from typing import Any, NamedTuple

from toolkit.corpus.extract import Extract
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Kind, Source, Unreadable

_TERMINAL = re.compile(r"[.!?。！？…:：;；]['\"”’)\]»」』）]*\Z")
_ITEM = re.compile(
    r"(?:[-*+•·‣▪◦●○■□►–—]\s+|\(?\d{1,3}[.)]\s+|\(?[a-z][.)]\s+|[（(][一二三四五六七八九十\d]{1,3}[)）])\S"
)


_PART = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")


class PdfLine(NamedTuple):
    """One line of a page: its box (points, origin at the lower left) and the size of its type."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    size: float
    height: float  # of the page


def read_pdf(data: bytes, settings: CorpusSettings) -> Source:
    """A .pdf file: its extracted text, one block a paragraph; title, author and date from its properties."""
    import pypdfium2 as pdfium

    if not data:
        raise Unreadable("empty file")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as fault:
        encrypted = "password" in str(fault).lower() or b"/Encrypt" in data
        raise Unreadable("encrypted PDF" if encrypted else f"damaged PDF: {fault}") from None
    try:
        pages = min(len(document), settings.limits.max_pages)
        lines = [line for number in range(pages) for line in _page_lines(document, number)]
        meta = _properties(document)
        cut = len(document) > pages
        total = len(document)
    except pdfium.PdfiumError as fault:
        raise Unreadable(f"damaged PDF: {fault}") from None
    finally:
        document.close()
    if not lines:
        raise Unreadable("PDF without text (scanned pages?); run a text recognition tool on it")
    out = Extract()
    _compose(lines, pages, out)
    notes = (f"only the first {pages} of {total} pages read",) if cut else ()
    return Source("", out.text, "", "", "pdf", meta, tuple(out.blocks), 0, (*notes, *out.notes), True)


def _properties(document: Any) -> dict[str, str]:
    """Title, author and date of creation."""
    given = document.get_metadata_dict(skip_empty=True)
    found = {"title": given.get("Title", ""), "author": given.get("Author", "")}
    stamp = re.match(r"D:(\d{4})(\d\d)(\d\d)", given.get("CreationDate", ""))
    if stamp:
        found["created"] = "-".join(stamp.groups())
    return {key: value.strip() for key, value in found.items() if value.strip()}


def _page_lines(document: Any, number: int) -> list[PdfLine]:
    """The lines of one page in the order in which the file draws them."""
    import pypdfium2.raw as raw

    page = document[number]
    text_page = page.get_textpage()
    try:
        height = page.get_height()
        text = text_page.get_text_range() if text_page.count_chars() else ""
        found: list[PdfLine] = []
        for part in _PART.finditer(text):  # a hyphen at a line's end joins it to whatever is drawn next
            if part.group().strip():
                found += _line(text_page, raw, part.group(), part.start(), number, height)
        return found
    finally:
        text_page.close()
        page.close()


def _line(text_page: Any, raw: Any, part: str, place: int, number: int, height: float) -> list[PdfLine]:
    """The box and type size of one line, from its first and last visible characters."""
    seen = [at for at, char in enumerate(part) if not char.isspace() and char not in "\x02\ufffe"]
    if not seen:
        return []
    boxes = []
    for at in {seen[0], seen[len(seen) // 2], seen[-1]}:
        try:
            boxes.append(text_page.get_charbox(place + at, loose=True))
        except Exception:  # a generated character has no box
            continue
    size = raw.FPDFText_GetFontSize(text_page.raw, place + seen[len(seen) // 2])
    if not boxes:
        return [PdfLine(part.strip(), number, 0, 0, 0, 0, size, height)]
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return [PdfLine(part.strip(), number, left, right, bottom, top, size, height)]


def _furniture(lines: list[PdfLine], pages: int) -> set[int]:
    """Indices of running headers, footers and page numbers: at a page's edge, and repeated or a bare number."""
    edges: list[int] = []
    for page in range(pages):
        here = [at for at, line in enumerate(lines) if line.page == page]
        ordered = sorted(here, key=lambda at: -lines[at].top)
        edges += set(ordered[:2] + ordered[-2:])
    form = {at: re.sub(r"\d+", "0", lines[at].text.lower()) for at in edges}
    seen = Counter(form[at] for at in edges)
    found: set[int] = set()
    for at in edges:
        line = lines[at]
        margin = line.bottom > 0.9 * line.height or line.top < 0.1 * line.height
        number = re.fullmatch(
            r"\W*(?:page|p\.|第)?\s*\d{1,4}\s*(?:页|(?:of|/)\s*\d{1,4})?\W*", line.text, re.IGNORECASE
        )
        repeated = pages > 1 and seen[form[at]] >= max(2, 0.5 * pages) and len(line.text.split()) <= 15
        if (number and (margin or repeated)) or (repeated and margin):
            found.add(at)
    return found


def _compose(lines: list[PdfLine], pages: int, out: Extract) -> None:
    """Lines joined into paragraphs and added in order, furniture last."""
    apart = _furniture(lines, pages)
    body = [line for at, line in enumerate(lines) if at not in apart]
    words = Counter(word for line in lines for word in re.findall(r"[A-Za-z][A-Za-z\-]+", line.text.lower()))
    size = statistics.median([line.size for line in body for _ in range(len(line.text) // 10 + 1)]) if body else 0
    gaps = [gap for one, two in pairwise(body) if 0 < (gap := one.bottom - two.bottom) < 4 * size]
    usual = statistics.median(gaps) if gaps else 1.2 * size
    right = _right_edge(body)
    held: list[PdfLine] = []
    for line in body:
        if held and _breaks(held, line, size, usual, right):
            _emit(held, size, words, out)
            held = []
        held.append(line)
    if held:
        _emit(held, size, words, out)
    for at in sorted(apart):
        out.add(lines[at].text, "furniture", close=bool(out.blocks) and out.blocks[-1].kind == "furniture")


def _right_edge(body: list[PdfLine]) -> float:
    """Where full lines end."""
    rights = sorted(line.right for line in body)
    return rights[int(0.8 * (len(rights) - 1))] if rights else 0.0


def _breaks(held: list[PdfLine], line: PdfLine, size: float, usual: float, right: float) -> bool:
    """Whether a new paragraph begins with this line."""
    last = held[-1]
    if abs(last.size - line.size) > 0.6 or _ITEM.match(line.text):
        return True
    done = bool(_TERMINAL.search(last.text))
    if last.page != line.page:
        return done or not line.text[0].islower()
    gap = last.bottom - line.bottom
    if last.size > 1.12 * size:  # a heading on two lines
        return not 0 < gap < 1.6 * last.size
    if gap > 1.35 * usual or gap < -0.5 * usual:
        return done or gap > 2.2 * usual or not line.text[0].islower()
    indented = line.left > last.left + 8 and len(held) > 1 and line.left > min(one.left for one in held) + 8
    short = last.right < right - 0.15 * max(1.0, right - min(one.left for one in held))
    return (indented and done) or (short and done) or (short and len(held) == 1 and not line.text[0].islower())


def _emit(held: list[PdfLine], size: float, words: Counter[str], out: Extract) -> None:
    """One paragraph: its lines joined, words put together again where a hyphen parted them."""
    text = held[0].text
    for line in held[1:]:
        text = _joined(text, line.text, words)
    text = text.replace("\x02", "").replace("\ufffe", "")
    short = len(text.split()) <= 25 and len(held) <= 3 and not re.search(r"[.。;；,，]\Z", text)
    kind: Kind = "heading" if short and held[0].size > 1.12 * size else "list" if _ITEM.match(text) else "text"
    out.add(text, kind)


def _joined(text: str, line: str, words: Counter[str]) -> str:
    """Two lines as one; a hyphen at the break stays if the document knows the word with it."""
    if text.endswith(("\x02", "\ufffe", "\u00ad")):
        return text[:-1] + line
    parted = re.search(r"([A-Za-z]+)-\Z", text)
    rest = re.match(r"[a-z]+", line)
    if parted and rest:
        whole, hyphened = (parted[1] + rest[0]).lower(), f"{parted[1]}-{rest[0]}".lower()
        keep = words[hyphened] >= words[whole] and (words[hyphened] > 0 or len(parted[1]) > 4)
        return text + line if keep else text[:-1] + line
    han = "\u3000" <= text[-1:] <= "\u9fff" or "\uff00" <= text[-1:] <= "\uffef"
    return text + line if han else f"{text} {line}"

"""Reads PDF files: joins lines into paragraphs, separates page furniture, finds headings by the size of their type.

The extracted text is in reading order (as the file draws it; column by column on pages with columns), with running
headers, footers, page numbers and stamps moved to its end, so that a paragraph that crosses a page is one span;
footnotes and rotated text follow the paragraph next to them.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Mapping
from itertools import groupby, pairwise, takewhile

from toolkit.corpus.extract import Extract
from toolkit.corpus.readers.pdf_columns import in_reading_order
from toolkit.corpus.readers.pdf_pages import PdfLine
from toolkit.corpus.readers.pdf_rows import whole_lines
from toolkit.corpus.readers.pdf_worker import pdf_lines
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Kind, Source, Unreadable
from toolkit.text.sentences import SENTENCE_MARKS

_TERMINAL = re.compile(rf"[.!?…:：;；{SENTENCE_MARKS}]['\"”’)\]»」』）]*\Z")
_LIGATURES = str.maketrans(
    {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|-)+")
_SAME_SIZE_RATIO = 1.065
"""Type sizes that differ by less than this factor are equal: converters round them differently."""
_NOTE = re.compile(r"[(\[]?(?:\d{1,3}(?!\d)|[*†‡§¶¹²³⁴-⁹])")
_STAMP_CHARACTERS = 130
"""Maximum number of characters of a stamp; a character of a script without blanks counts as three."""
_ITEM = re.compile(
    r"(?:[-*+•·‣▪◦●○■□►–—]\s+|\(?\d{1,3}[.)]\s+|\(?[a-z][.)]\s+|[（(][一二三四五六七八九十\d]{1,3}[)）])\S"
)
_OF_PROGRAM = re.compile(r"^microsoft (?:office )?(?:word|powerpoint|excel) - ", re.IGNORECASE)
_COMMON_GAP_SHARE = 0.3
"""Share of the gaps between lines that are about as wide as the leading."""
_PRINTED = re.compile(
    r"(?:https?|file)://\S+\s+\d+/\d+|\d{1,4}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d\d(?: [AP]M)?(?: .*)?"
)
"""Text that browsers print at the edges of a page: its address, and the time with its title."""
_FILE_NAME = re.compile(
    r"\.(?:docx?|odt|rtf|txt|pages|html?|pdf|indd|qxd|qxp|tex|dvi|ps|pptx?|xlsx?|pmd|p65)$", re.IGNORECASE
)
_NO_TITLE = re.compile(
    r"\(?(?:untitled|anonymous|unspecified|no title|none|title|unknown)(?:[ -]?(?:document|\d+))?\)?"
    r"|document ?\d*|layout ?\d+|slide ?\d+|(?:powerpoint|microsoft word) (?:presentation|document)|\W*\d*\W*"
    r"|(?:file|https?):\S*|about:blank",
    re.IGNORECASE,
)
"""Titles that a program gives to a document without a title."""
_NOBODY = re.compile(
    r"\(?(?:anonymous|unspecified|unknown|none|author|admin(?:istrator)?|root|owner"
    r"|(?:windows |microsoft office |office )?user)\)?",
    re.IGNORECASE,
)


def read_pdf(data: bytes, settings: CorpusSettings) -> Source:
    """A .pdf file: its extracted text, one block per paragraph; title, author and date from its properties."""
    if not data:
        raise Unreadable("empty file")
    read = pdf_lines(data, settings.limits)
    lines = [PdfLine(*line) for line in read["lines"]]
    lines = [line._replace(text=line.text.translate(_LIGATURES)) for line in lines]
    if not lines:
        raise Unreadable("PDF without text (scanned pages?); run a text recognition tool on it")
    total = read["pages"]
    pages = min(total, settings.limits.max_pages)
    out = Extract()
    _compose(lines, pages, out)
    notes = (f"only the first {pages} of {total} pages read",) if total > pages else ()
    meta = _properties(read["meta"])
    return Source("", out.text, "", "", "pdf", meta, tuple(out.blocks), 0, (*notes, *out.notes), True)


def _properties(raw: Mapping[str, str]) -> dict[str, str]:
    """Title, author and date of creation, except defaults of programs."""
    title = _OF_PROGRAM.sub("", raw.get("Title", "").strip())
    named = _FILE_NAME.sub("", title)
    if _NO_TITLE.fullmatch(title) or (named != title and " " not in named):
        named = ""
    author = raw.get("Author", "").strip()
    properties = {"title": named, "author": "" if _NOBODY.fullmatch(author) else author}
    stamp = re.match(r"D:(\d{4})(\d\d)(\d\d)", raw.get("CreationDate", ""))
    if stamp:
        properties["created"] = "-".join(stamp.groups())
    return {key: value.strip() for key, value in properties.items() if value.strip()}


def _furniture(lines: list[PdfLine], pages: int) -> set[int]:
    """Indices of running headers, footers and page numbers: at a page's edge, and repeated or a bare number."""
    indices = _stamps(lines)
    edges: list[int] = []
    for _, here in groupby(range(len(lines)), key=lambda at: lines[at].page):
        ordered = sorted((at for at in here if not lines[at].turn), key=lambda at: -lines[at].top)
        edges += set(ordered[:2] + ordered[-2:])
    form = {at: re.sub(r"\d+", "0", lines[at].text.lower()) for at in edges}
    seen = Counter(form[at] for at in edges)
    for at in edges:
        line = lines[at]
        margin = line.bottom > 0.9 * line.height or line.top < 0.1 * line.height
        number = re.fullmatch(
            r"\W*(?:page|p\.|第)?\s*\d{1,4}\s*(?:页|(?:of|/)\s*\d{1,4})?\W*", line.text, re.IGNORECASE
        )
        repeated = pages > 1 and seen[form[at]] >= max(2, 0.5 * pages) and len(line.text.split()) <= 15
        if (number and (margin or repeated)) or (margin and (repeated or _PRINTED.fullmatch(line.text))):
            indices.add(at)
    return indices


def _stamps(lines: list[PdfLine]) -> set[int]:
    """Indices of short text set sideways or slantwise: a library's stamp in the margin, a watermark."""
    indices: set[int] = set()
    turned = (at for at, line in enumerate(lines) if line.turn)
    for _, run in groupby(turned, key=lambda at: (lines[at].page, lines[at].turn)):
        here = list(run)
        if sum(_length(lines[at].text) for at in here) <= _STAMP_CHARACTERS:
            indices.update(here)
    return indices


def _length(text: str) -> int:
    return sum(3 if "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" else 1 for char in text)


def _compose(lines: list[PdfLine], pages: int, out: Extract) -> None:
    """Join lines into paragraphs in order, furniture last; footnotes and rotated text wait until the paragraph next to
    them is complete."""
    words = Counter(word for line in lines for word in _WORD.findall(line.text.lower()))
    lines = whole_lines(lines, words)
    apart = _furniture(lines, pages)
    loose = (line for at, line in enumerate(lines) if at not in apart)
    ordered = [line for _, page in groupby(loose, key=lambda line: line.page) for line in _in_order(list(page))]
    level = [line for line in ordered if not line.turn]
    size = statistics.median([line.size for line in level for _ in range(len(line.text) // 10 + 1)]) if level else 0
    beside = _beside(ordered, size)
    body = [line for at, line in enumerate(ordered) if at not in beside]
    usual = _leading(body, size)
    columns = {line.column for line in body}
    rights = {column: _right_edge([line for line in body if line.column == column]) for column in columns}
    pending: list[PdfLine] = []
    waiting: list[PdfLine] = []
    for at, line in enumerate(ordered):
        if at in beside:
            waiting.append(line)
            continue
        if pending and _breaks(pending, line, size, usual, rights[pending[-1].column]):
            _emit(pending, size, words, out)
            _emit_beside(waiting, words, out)
            pending, waiting = [], []
        pending.append(line)
    if pending:
        _emit(pending, size, words, out)
    _emit_beside(waiting, words, out)
    for at in sorted(apart):
        out.add(lines[at].text, "furniture", close=bool(out.blocks) and out.blocks[-1].kind == "furniture")


def _leading(body: list[PdfLine], size: float) -> float:
    """The distance of the lines of a paragraph: the least that is common, since short paragraphs have as many gaps."""
    pairs = [(line, gap) for line, below in pairwise(body) if 0 < (gap := line.bottom - below.bottom) < 4 * size]
    if not pairs:
        return 1.2 * size
    usual = statistics.median(gap for _, gap in pairs)
    same = sorted(
        gap for line, gap in pairs if size < line.size * _SAME_SIZE_RATIO and line.size < size * _SAME_SIZE_RATIO
    )
    for gap in same:
        near = sum(gap <= other <= 1.08 * gap for other in same)
        if gap >= 0.9 * size and near >= max(2, _COMMON_GAP_SHARE * len(same)):
            return min(gap * 1.04, usual)
    return usual


def _in_order(page: list[PdfLine]) -> list[PdfLine]:
    """The lines of a page in reading order, those set sideways last."""
    return in_reading_order([line for line in page if not line.turn]) + [line for line in page if line.turn]


def _beside(lines: list[PdfLine], size: float) -> set[int]:
    """Indices of lines outside the running text: rotated text, or footnotes in small type at the end of a column."""
    indices = {at for at, line in enumerate(lines) if line.turn}
    for _, run in groupby(range(len(lines)), key=lambda at: (lines[at].page, lines[at].column, lines[at].turn)):
        column = list(run)
        notes = list(takewhile(lambda at: lines[at].size * _SAME_SIZE_RATIO < size, reversed(column)))
        if notes and len(notes) < len(column) and _NOTE.match(lines[notes[-1]].text):
            indices.update(notes)
    return indices


def _emit_beside(lines: list[PdfLine], words: Counter[str], out: Extract) -> None:
    """Add lines outside the running text: a paragraph for each footnote and each run of rotated text."""
    pending: list[PdfLine] = []
    for line in lines:
        if pending:
            last = pending[-1]
            away = (last.page, last.turn) != (line.page, line.turn) or not 0 < last.bottom - line.bottom < 2 * line.size
            if away or (not line.turn and _NOTE.match(line.text)):
                _emit(pending, last.size, words, out, _zone(pending))
                pending = []
        pending.append(line)
    if pending:
        _emit(pending, pending[-1].size, words, out, _zone(pending))


def _zone(lines: list[PdfLine]) -> str:
    return "footnote" if not lines[0].turn and _NOTE.match(lines[0].text) else ""


def _right_edge(body: list[PdfLine]) -> float:
    """The right edge of full lines."""
    rights = sorted(line.right for line in body)
    return rights[int(0.8 * (len(rights) - 1))] if rights else 0.0


def _breaks(lines: list[PdfLine], line: PdfLine, size: float, usual: float, right: float) -> bool:
    """Whether a new paragraph begins with this line."""
    last = lines[-1]
    if _ITEM.match(line.text) or not _same_size(last, line):
        return True
    done = bool(_TERMINAL.search(last.text))
    if last.page != line.page:
        return done or not line.text[0].islower()
    gap = last.bottom - line.bottom
    if last.size > 1.12 * size:  # a heading on two lines
        return not 0 < gap < 1.6 * last.size
    if gap > 1.35 * usual or gap < -0.5 * usual:
        return done or gap > 2.2 * usual or not line.text[0].islower()
    if line.column != last.column:
        return done
    indent = 0.7 * size
    indented = (
        line.left > last.left + indent
        and len(lines) > 1
        and line.left > min(earlier.left for earlier in lines) + indent
    )
    short = last.right < right - 0.15 * max(1.0, right - min(earlier.left for earlier in lines))
    return (indented and done) or (short and done) or (short and len(lines) == 1 and not line.text[0].islower())


def _same_size(last: PdfLine, line: PdfLine) -> bool:
    """Whether two lines share a type size; a line may have two (`PdfLine.least`)."""
    return line.least < last.size * _SAME_SIZE_RATIO and last.least < line.size * _SAME_SIZE_RATIO


def _emit(lines: list[PdfLine], size: float, words: Counter[str], out: Extract, zone: str = "") -> None:
    """Add a paragraph: its lines joined, with words rejoined at hyphens."""
    text = lines[0].text
    for line in lines[1:]:
        text = _joined(text, line.text, words)
    text = text.replace("\x02", "").replace("\ufffe", "")
    short = len(text.split()) <= 25 and len(lines) <= 3 and not re.search(r"[.。;；,，]\Z", text)
    kind: Kind = "heading" if short and lines[0].size > 1.12 * size else "list" if _ITEM.match(text) else "text"
    out.add(text, kind, zone=zone)


def _joined(text: str, line: str, words: Counter[str]) -> str:
    """Two lines as one; a hyphen at the break is kept if the document contains the word with it."""
    if text.endswith(("\x02", "\ufffe", "\u00ad")):
        return text[:-1] + line
    parted = re.search(r"([^\W\d_]+)[-\u2010]\Z", text)
    rest = re.match(r"[^\W\d_]+", line)
    if parted and rest and rest[0].islower():
        whole, hyphened = (parted[1] + rest[0]).lower(), f"{parted[1]}-{rest[0]}".lower()
        keep = words[hyphened] >= words[whole] and (words[hyphened] > 0 or len(parted[1]) > 4)
        return text + line if keep else text[:-1] + line
    han = "\u3000" <= text[-1:] <= "\u9fff" or "\uff00" <= text[-1:] <= "\uffef"
    return text + line if han else f"{text} {line}"

"""Text files of printed pages: separates running heads and page numbers, so that a paragraph continues across pages."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from typing import NamedTuple

from toolkit.corpus.cleaning.blocks import blocks_of
from toolkit.corpus.cleaning.lines import BREAK, TERMINAL, Line, lines_of
from toolkit.corpus.extract import Extract
from toolkit.corpus.source import Block

LEAST_PAGES = 2
EDGE_LINES = 2
"""Lines at the top and the bottom of a page that may be its running head and foot."""
REPEATED_SHARE = 0.4
"""A line that differs only in its digits is a running head if it is on at least this share of the pages (left and right
pages may have different heads)."""
HEAD_MOST_WORDS = 12
_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.|pag\.|seite|s\.|página|pagina|стр\.|с\.|str\.|sid\.?|side|第)\s*)?"
    r"(?:\d{1,4}|[ivxlc]{1,7})\s*(?:页|頁|(?:of|von|de|di|из|/)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)


class Pages(NamedTuple):
    """The text with running heads and page numbers moved to its end, its blocks, and an example of such a line."""

    text: str
    blocks: tuple[Block, ...]
    example: str


def pages_joined(text: str, begin: int = 0) -> Pages | None:
    """The text from `begin` on, its pages joined; null without form feeds, or without heads and page numbers."""
    if "\f" not in text:
        return None
    pages = [page for page in text[begin:].split("\f") if page.strip()]
    if len(pages) < LEAST_PAGES:
        return None
    lines = [lines_of(page) for page in pages]
    apart = _furniture(lines)
    if not any(apart):
        return None
    body = _joined(pages, lines, apart)
    out = Extract()
    for block in blocks_of(body):
        out.add(body[block.start : block.end], block.kind, close=not block.gap)
    furniture = [page[at].text for page, numbers in zip(lines, apart, strict=True) for at in sorted(numbers)]
    for line in furniture:
        out.add(line, "furniture", close=bool(out.blocks) and out.blocks[-1].kind == "furniture")
    return Pages(out.text, tuple(out.blocks), furniture[0])


def _furniture(pages: list[list[Line]]) -> list[set[int]]:
    """For each page the lines that are its running head, its foot or its number."""
    edges = [_edges(page) for page in pages]
    forms = [{at: _form(page[at].text) for at in edge} for page, edge in zip(pages, edges, strict=True)]
    seen = Counter(chain.from_iterable(set(form.values()) for form in forms))
    least = max(2, REPEATED_SHARE * len(pages))
    numbered = sum(
        any(_NUMBER.fullmatch(page[at].text) for at in edge) for page, edge in zip(pages, edges, strict=True)
    )
    apart: list[set[int]] = []
    for page, form in zip(pages, forms, strict=True):
        apart.append(
            {
                at
                for at, view in form.items()
                if (_NUMBER.fullmatch(page[at].text) and numbered >= least)
                or (view and seen[view] >= least and len(page[at].text.split()) <= HEAD_MOST_WORDS)
            }
        )
    return apart


def _edges(page: list[Line]) -> set[int]:
    count = len(page)
    return {*range(min(EDGE_LINES, count)), *range(max(0, count - EDGE_LINES), count)} if count > 1 else {0}


def _form(line: str) -> str:
    """A line without the parts that change from page to page: digits, and the blanks between words."""
    return " ".join(re.sub(r"[\d\W]+", " ", line.casefold()).split())


def _joined(pages: list[str], lines: list[list[Line]], apart: list[set[int]]) -> str:
    """The bodies of the pages, on the next line if a sentence continues, else after a blank line."""
    joined = ""
    before: Line | None = None
    for page, rows, out in zip(pages, lines, apart, strict=True):
        kept = [at for at in range(len(rows)) if at not in out]
        if not kept:
            continue
        first = rows[kept[0]]
        body = page[first.start - first.indent : rows[kept[-1]].end]
        inner = [at for at in out if kept[0] < at < kept[-1]]
        for at in sorted(inner, reverse=True):
            offset = rows[kept[0]].start - rows[kept[0]].indent
            body = body[: rows[at].start - offset] + body[rows[at].end - offset :]
        if before is not None:
            goes_on = first.text[0].islower() or not TERMINAL.search(before.text)
            goes_on = goes_on and not (first.indent > before.indent + 1)
            joined += "\n" if goes_on or _full(before, rows, first) else "\n\n"
        joined += body
        before = rows[kept[-1]]
    return joined


def _full(before: Line, rows: list[Line], first: Line) -> bool:
    """Whether a page's last line ends in a full stop at the margin, so that its paragraph may continue."""
    widest = max(row.width for row in rows)
    return before.width > 0.9 * widest and first.indent == before.indent and not first.text[0].isdigit()


def line_ids(text: str, begin: int = 0) -> tuple[Block, ...] | None:
    """The blocks of lines that each begin with a machine's id and a tab: ids as furniture; null for other texts."""
    if "\t" not in text:
        return None
    lines = [line for line in BREAK.split(text[begin:]) if line.strip()]
    ids = [match[0] for line in lines if (match := _LINE_ID.match(line))]
    sentences = sum(len(line.split()) > 4 for line in lines)
    if len(ids) < max(2, 0.9 * len(lines)) or len(set(ids)) < len(ids) or sentences < 0.5 * len(lines):
        return None
    blocks: list[Block] = []
    for line in lines_of(text, begin):
        match = _LINE_ID.match(line.text)
        if match is None:
            blocks.append(Block(line.start, line.end))
            continue
        end = line.start + len(match[0].rstrip("\t"))
        blocks.append(Block(line.start, end, "furniture"))
        start = line.start + len(match[0])
        blocks.append(Block(start + len(text[start : line.end]) - len(text[start : line.end].lstrip()), line.end))
    return tuple(block for block in blocks if block.end > block.start)


_LINE_ID = re.compile(r"(?!\W?\d{1,2}:\d\d)(?=\S*\d)[\w.:/#-]{2,80}\t+(?=[^\t]*\S)(?![^\t]*\t)")
"""An id with a digit, a tab, and one cell of text."""

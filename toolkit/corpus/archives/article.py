"""One article of an export: a slice of the file's text with its title, its body and the surrounding lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from toolkit.corpus.cleaning.blocks import blocks_of
from toolkit.corpus.cleaning.lines import Line, lines_of
from toolkit.corpus.source import Block, Kind

ROLES = ("title", "source", "date", "url", "author", "label")
"""Keys that go into `Article.meta`; all others are fields. The author is both."""
NO_TEXT = "record without abstract or full text"
_PAGES = re.compile(
    r"[;,]?\s*\b(?:Pg|Pgs|pp|p|S|Seite|page|pág|pag|página|blz|стр|с)\b\.?\s*(?P<pages>[A-Z]{0,3}\d[\w.,-]*(?:\s?[-–,]\s?\d+)*)\s*\Z",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?P<name>.*\S)\s*[(（](?P<place>[^()（）]{2,60})[)）]\s*\Z", re.DOTALL)


class Span(NamedTuple):
    """A piece of a text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True)
class Article:
    """The text of one article with its blocks: kinds `metadata` for surrounding lines, `heading` for its title."""

    text: str
    blocks: tuple[Block, ...]
    meta: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def article_of(
    text: str, whole: Span, title: Iterable[Span], body: Sequence[Span], known: Mapping[str, str]
) -> Article:
    """The article in `text[whole]`: everything except title and body is metadata, line by line.

    `known` maps keys to values as printed: those of `ROLES` become metadata, the others fields.
    """
    blocks: list[Block] = []
    at = whole.start
    spans: list[tuple[int, int, Kind]] = [(*span, "heading") for span in united(text, title)]
    spans += [(*span, "text") for span in body]
    for start, end, kind in sorted(spans):
        start, end = _stripped(text, max(start, at), end)
        if start >= end:
            continue
        blocks += _frame(text, at, start)
        blocks += [Block(start, end, "heading")] if kind == "heading" else _body(text, start, end)
        at = end
    blocks += _frame(text, at, whole.end)
    moved = tuple(block._replace(start=block.start - whole.start, end=block.end - whole.start) for block in blocks)
    meta, fields = parted(known)
    notes = () if any(block.kind not in ("metadata", "heading") for block in moved) else (NO_TEXT,)
    return Article(text[whole.start : whole.end], moved, meta, fields, notes)


def parted(known: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Values as metadata and as fields: single blanks, pages separated from the section, the place from the source."""
    values = {key: " ".join(value.split()) for key, value in known.items()}
    values = {key: value.strip(" ;,") for key, value in values.items() if value and value not in ("-", "None")}
    if "section" in values and (pages := _PAGES.search(values["section"])):
        values.setdefault("pages", pages["pages"])
        values["section"] = values["section"][: pages.start()].strip(" ;,")
    if "author" in values:
        values["author"] = re.sub(r"(?i)^(?:by|par)\s+(?=\S)", "", values["author"])
    if "source" in values and (place := _PLACE.match(values["source"])):
        values["source"] = place["name"]
        values.setdefault("place", place["place"])
    meta = {key: values[key] for key in ROLES if values.get(key)}
    fields = {key: value for key, value in values.items() if value and (key not in ROLES or key == "author")}
    return meta, fields


def paragraphs_of_lines(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines between blank lines together; each line alone if a text has almost no blank lines."""
    gaps = sum(line.gap for line in lines[1:])
    if len(lines) > 3 and gaps < 0.1 * len(lines):
        return [[line] for line in lines]
    groups: list[list[Line]] = []
    for line in lines:
        if line.gap or not groups:
            groups.append([])
        groups[-1].append(line)
    return groups


def span_of(groups: Sequence[Sequence[Line]]) -> list[Span]:
    """The span of groups of lines; empty for no groups."""
    return [Span(groups[0][0].start, groups[-1][-1].end)] if groups else []


def joined(lines: Iterable[Line]) -> str:
    """The text of lines as one line."""
    return " ".join(line.text for line in lines)


def united(text: str, spans: Iterable[Span]) -> list[Span]:
    """Spans merged if only blanks separate them."""
    merged: list[Span] = []
    for span in spans:
        if span.start >= span.end:
            continue
        if merged and not text[merged[-1].end : span.start].strip():
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _frame(text: str, start: int, end: int) -> list[Block]:
    """The lines between two places as metadata."""
    return [Block(start + line.start, start + line.end, "metadata", line.gap) for line in lines_of(text[start:end])]


def _body(text: str, start: int, end: int) -> list[Block]:
    """The blocks of running text."""
    return [block._replace(start=block.start + start, end=block.end + start) for block in blocks_of(text[start:end])]

"""Reads Markdown as displayed: blocks without marks, inline marks removed by markdown-it, footnotes separate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from toolkit.corpus.cleaning.blocks import blocks_of
from toolkit.corpus.extract import Extract
from toolkit.corpus.source import Block, Kind

_INLINE = re.compile(r"[*_`\[\]<&\\~!]|[ \t]{2}(?=\r|\n)")
_ITEM_MARK = re.compile(r"[ \t]*(?:[-*+•·‣▪◦●○■□►➢–—]|\(?\d{1,3}[.)])[ \t\u3000]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_QUOTE_MARK = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE)
_ATX_MARK = re.compile(r"[ \t]{0,3}#{1,6}[ \t]*")
_ATX_END = re.compile(r"[ \t]+#+[ \t]*\Z|[ \t]*\{#[\w-]+\}[ \t]*\Z")
_UNDERLINE = re.compile(r"(?:\r\n|\r|\n)[ \t]{0,3}(?:=+|-+)[ \t]*\Z")
_FENCE = re.compile(r"^[ \t]{0,3}(?:```|~~~)[^\r\n]*(?:\r\n|\r|\n|\Z)", re.MULTILINE)
_RULED_ROW = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*\Z")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,60}\]:?[ \t]*")
_REFERENCE = re.compile(r"[ \t]?\[\^[^\[\]\s]{1,60}\]")
MOST_BRACKETS = 500
"""A block with more brackets than this is no prose: its marks stay."""
_DEFINITION = re.compile(
    r"^[ \t]{0,3}\[(?!\^)([^\[\]\r\n]{1,200})\]:[ \t]*<?(\S+?)>?(?:[ \t]+[\"'(][^\r\n]*)?[ \t]*$", re.MULTILINE
)
_DEFINITIONS = re.compile(rf"(?:{_DEFINITION.pattern}\s*)+", re.MULTILINE)
_INDENT = re.compile(r"[\r\n](?: {4}|\t)[ \t]*\Z")
_WIKI = re.compile(r"\[\[(?:[^\[\]|\r\n]{1,200}\|)?([^\[\]|\r\n]{1,200})\]\]")
_PICTURE = re.compile(r"(?:\[?!\[[^\]]{0,500}\](?:\([^)]*\)|\[[^\]]*\])(?:\]\([^)]*\))?\s*)+")
_HEADING_LINE = re.compile(r"^#{1,6} \S", re.MULTILINE)
_SIGNS = (
    re.compile(r"(?<![\w*])\*\*(?=\S)[^*\r\n]{1,200}(?<=\S)\*\*(?![\w*])"),
    re.compile(r"\[[^\[\]\r\n]{1,200}\]\((?:https?://|/|#)[^()\s]*\)"),
    re.compile(r"^\[\^[^\[\]\s]{1,60}\]:", re.MULTILINE),
    re.compile(r"^(?:```|~~~)", re.MULTILINE),
    re.compile(r"^[-*+] \S", re.MULTILINE),
    re.compile(r"^\|(?:[^|\r\n]*\|){2,}[ \t]*$", re.MULTILINE),
)


def looks_like_markdown(text: str) -> bool:
    """Whether a plain text is plainly Markdown: headings with # and another sign, or two signs no other text has."""
    if not any(sign in text for sign in ("# ", "**", "](", "[^")):
        return False
    sample = text[:200_000]
    signs = [bool(sign.search(sample)) for sign in _SIGNS]
    return (bool(_HEADING_LINE.search(sample)) and any(signs)) or sum(signs[:4]) > 1 or signs[2]


def markdown_text(text: str, begin: int = 0) -> tuple[str, tuple[Block, ...]] | None:
    """The text before `begin` unchanged and after it without marks, and its blocks; null if there are no marks.

    A block that consists of marks is kept as a separator. Footnotes have the zone `footnote`.
    """
    references = {_label(name): {"href": target, "title": ""} for name, target in _DEFINITION.findall(text[begin:])}
    out = Extract()
    changed = noted = False
    for block in blocks_of(text, begin, markdown=True):
        raw = text[block.start : block.end]
        if noted and _INDENT.search(text, max(0, block.start - 12), block.start):
            out.add(_plain(raw, references), zone="footnote")  # another paragraph of a footnote
            continue
        noted = _FOOTNOTE.match(raw) is not None
        pieces = list(_pieces(raw, block.kind, references))
        changed = changed or not pieces
        for piece, kind, zone in pieces:
            out.add(piece, kind, zone=zone, links=_links(raw), close=not block.gap)
            changed = changed or (kind != "heading" and piece != raw) or kind != block.kind or bool(zone)
    if not changed:
        return None
    head = text[:begin].rstrip()
    shift = len(head) + 2 if head else 0
    blocks = tuple(block._replace(start=block.start + shift, end=block.end + shift) for block in out.blocks)
    return f"{head}\n\n{out.text}" if head else out.text, blocks


def _pieces(raw: str, kind: Kind, references: Mapping[str, Any]) -> Iterator[tuple[str, Kind, str]]:
    """Text, kind and zone of the pieces of a Markdown block; empty for definitions of links."""
    note = _FOOTNOTE.match(raw)
    if note and note[0].rstrip().endswith(":"):
        for part in re.split(r"(?:\r\n|\r|\n)[ \t]*(?=\[\^[^\[\]\s]{1,60}\]:)", raw):
            yield _plain(_FOOTNOTE.sub("", part, count=1), references), "text", "footnote"
    elif _DEFINITIONS.fullmatch(raw):
        return
    elif _PICTURE.fullmatch(raw):
        yield raw, "caption", ""
    else:
        bare = _unmarked(raw, kind, references)
        if any(char.isalnum() for char in bare):
            yield bare, kind, ""
        elif not raw.startswith("<"):  # a comment is not seen
            yield raw, kind, ""


def _unmarked(raw: str, kind: Kind, references: Mapping[str, Any]) -> str:
    """A block without the marks of its kind and those inside its lines."""
    if kind == "pre":
        return _FENCE.sub("", raw) if _FENCE.match(raw) else raw
    if kind == "table":
        rows = (row for row in re.split(r"\r\n|\r|\n", raw) if not _RULED_ROW.match(row))
        cells = (re.split(r"(?<!\\)\|", row.strip().strip("|")) for row in rows)
        return "\n".join("\t".join(_plain(cell.strip(), references) for cell in row) for row in cells)
    if kind == "heading":
        raw = _UNDERLINE.sub("", _ATX_END.sub("", _ATX_MARK.sub("", raw, count=1)))
    elif kind == "quote":
        raw = _QUOTE_MARK.sub("", raw)
        raw = _ITEM_MARK.sub("", raw, count=1) if _ITEM_MARK.match(raw) else raw
    elif kind == "list" and (mark := _ITEM_MARK.match(raw)):
        raw = raw[mark.end() :]
    return _plain(raw, references)


def _plain(raw: str, references: Mapping[str, Any]) -> str:
    """A run of text without emphasis, targets of links, images, code marks, escapes and footnote marks."""
    if not _INLINE.search(raw):
        return raw
    if raw.count("[") > MOST_BRACKETS:
        return raw
    raw = _REFERENCE.sub("", raw) if "[^" in raw else raw
    raw = _WIKI.sub(r"\1", raw) if "[[" in raw else raw
    pieces: list[str] = []
    for token in _parser().parseInline(raw, {"references": dict(references)})[0].children or ():
        if token.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
        elif token.type in ("text", "text_special", "code_inline"):
            pieces.append(token.content)
        elif token.type == "html_inline" and token.content[:3].lower() == "<br":
            pieces.append("\n")
    return "".join(pieces).strip()


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("strikethrough")


def _label(name: str) -> str:
    from markdown_it.common.utils import normalizeReference

    return str(normalizeReference(name))


def _links(raw: str) -> float:
    """The share of a block's characters that are links."""
    if "](" not in raw:
        return 0.0
    linked = sum(len(link[0]) for link in re.finditer(r"\[[^\[\]]*\]\((?:[^()\s]|\([^()]*\))*[^()]*\)", raw))
    return min(1.0, linked / len(raw))

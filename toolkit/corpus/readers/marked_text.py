"""Reads text files that contain RTF, HTML or XML by their actual format, because markup is never text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from toolkit.corpus.extract import Extract
from toolkit.corpus.readers.html import page_source
from toolkit.corpus.readers.rtf import is_rtf, read_rtf
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Kind, Source
from toolkit.corpus.words import word_set
from toolkit.text.notes import note

_TAG = re.compile(
    r"<(/?)([A-Za-z][\w:.-]{0,60})(\s[^<>]{0,2000})?(/?)>|<\?xml\b[^<>]*\?>|<!--|<!doctype\b", re.IGNORECASE
)
_DROPPED = re.compile(r"<!--.*?-->|<[?!][^<>]*>|</?[A-Za-z][\w:.-]{0,60}(?:\s[^<>]{0,2000})?/?>", re.DOTALL)
_PAGE = re.compile(r"\s*(?:<\?xml\b[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_BLANK_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)")
_BLOCK_TAGS = word_set("html head body p div br h1 h2 h3 h4 h5 h6 ul ol li table tr td th blockquote hr article")
_HEADS = word_set("teiheader head header meta metadata docinfo front docno docid")
_NUMBERS = word_set("docno docid")
_NOTES = ("note", "fn", "footnote")
_TITLES = word_set("title head headline heading")
SCANNED_CHARACTERS = 200_000
LEAST_TAGS = 2
CHARACTERS_A_TAG = 600
"""A text that does not begin with a tag is markup if it has at least one tag per this number of characters."""
BLOCK_SHARE = 0.3
"""A text is a page if at least this share of its tags break lines; else its own line breaks count."""

KNOWN_SHARE = 0.9
"""A page has at least this share of its tags from HTML."""


def marked_bytes(data: bytes, settings: CorpusSettings) -> Source | None:
    """The document of a text file that is RTF, or null if it is not."""
    if not is_rtf(data):
        return None
    return _noted(read_rtf(data, settings), "RTF")


def marked_page(text: str, notes: tuple[str, ...] = ()) -> Source | None:
    """The document of a text that is a whole page of HTML, or null if it is not."""
    return _noted(page_source(text, notes), "HTML") if "<" in text and _PAGE.match(text) else None


def marked_text(text: str, notes: tuple[str, ...] = ()) -> Source | None:
    """The document of a text that is a page, XML or text with tags in it, or null if `text` has no markup."""
    if "<" not in text or not _is_marked(text[:SCANNED_CHARACTERS]):
        return None
    if _PAGE.match(text) or _breaks_by_tags(text[:SCANNED_CHARACTERS]):
        return _noted(page_source(text, notes), "HTML")
    blocks = _elements(text)
    if blocks is not None:
        return _noted(_of_elements(blocks, notes), "XML")
    bare = html.unescape(_DROPPED.sub("", text))
    return _noted(Source("", bare, "", "", "txt", {}, None, 0, notes, True), "HTML or XML tags")


def _noted(source: Source, kind: str) -> Source:
    return replace(source, notes=(note(f"{kind} in a text file; its marks are no text"), *source.notes))


def _is_marked(text: str) -> bool:
    """Whether tags are the form of a text and not signs that it mentions or uses for speakers."""
    opening = text.lstrip()
    if not opening.startswith("<") and text.count("<") < LEAST_TAGS:
        return False
    if _PAGE.match(opening) or opening[:5].lower() == "<?xml":
        return True
    tags = list(_TAG.finditer(text))
    closing = sum(bool(tag[1]) for tag in tags)
    telling = closing or any(_tells(tag) for tag in tags)
    if not telling:
        return False
    opens = bool(tags) and tags[0].start() == len(text) - len(opening)
    if opens and closing and opening.rstrip().endswith(">"):
        return True
    return len(tags) >= LEAST_TAGS and (opens or len(tags) * CHARACTERS_A_TAG >= len(text))


def _tells(tag: re.Match[str]) -> bool:
    """Whether a tag has an attribute or a name of HTML that breaks lines: "<Anna Lind>" has neither."""
    name = tag[2] or ""
    return bool(tag[3] and "=" in tag[3]) or (len(name) > 1 and name.lower() in _BLOCK_TAGS)


def _breaks_by_tags(text: str) -> bool:
    names = [tag[2].lower() for tag in _TAG.finditer(text) if tag[2]]
    if not names or text.lstrip()[:5].lower() == "<?xml":
        return False
    from lxml.html import defs

    breaking, known = (sum(name in tags for name in names) for tags in (_BLOCK_TAGS, defs.tags))
    return breaking >= BLOCK_SHARE * len(names) and known >= KNOWN_SHARE * len(names)


def _elements(text: str) -> list[tuple[str, Kind, str]] | None:
    """Text, kind and zone of each XML element with text; null if the tags do not form a tree."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    whole = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text)
    for xml in (whole, f"<all>{whole}</all>"):
        try:
            root = etree.fromstring(xml.encode("utf-8", "replace"), parser)
        except (etree.XMLSyntaxError, ValueError):
            continue
        outside = xml is not whole and ((root.text or "").strip() or any((part.tail or "").strip() for part in root))
        return None if outside else list(_texts(root))
    return None


def _texts(root: Any) -> Iterator[tuple[str, Kind, str]]:
    """The innermost elements with sentences; elements with single words are joined."""
    for footnote in _footnotes(root):
        yield footnote, "text", "footnote"
    waiting = [(root, "")]
    while waiting:
        element, zone = waiting.pop()
        if not isinstance(element.tag, str):
            continue  # a comment or an instruction
        name = element.tag.rpartition("}")[2].lower()
        children = [child for child in element if isinstance(child.tag, str)]
        mixed = (element.text or "").strip() or any((child.tail or "").strip() for child in element)
        words = len(children) > 2 and all(
            len(child) == 0 and " " not in (child.text or " ").strip() for child in children
        )
        zone = zone or ("masthead" if name in _HEADS and (children or name in _NUMBERS) else "")
        if mixed or words:
            whole = (" " if words else "").join(piece.strip() if words else piece for piece in element.itertext())
            for paragraph in _BLANK_LINE.split(whole):
                yield " ".join(paragraph.split()), "heading" if name in _TITLES else "text", zone
        else:
            waiting += [(child, zone) for child in reversed(children)]


def _footnotes(root: Any) -> Iterator[str]:
    """The notes inside a sentence, removed from it; the words after them continue."""
    for element in list(root.iter(*(f"{{*}}{name}" for name in _NOTES))):
        parent, before = element.getparent(), element.getprevious()
        if parent is None or not ((parent.text or "").strip() or (element.tail or "").strip()):
            continue
        words, tail = " ".join("".join(element.itertext()).split()), element.tail or ""
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
        parent.remove(element)
        if words:
            yield words


def _of_elements(blocks: list[tuple[str, Kind, str]], notes: tuple[str, ...]) -> Source:
    out = Extract()
    for text, kind, zone in blocks:
        out.add(text, kind, zone=zone)
    return Source("", out.text, "", "", "xml", {}, tuple(out.blocks), 0, (*notes, *out.notes), True)

"""Wikitext (MediaWiki) in a text file: headings, links and emphasis without their marks, references as footnotes."""

from __future__ import annotations

import html
import re

from toolkit.corpus.cleaning.blocks import blocks_of
from toolkit.corpus.extract import Extract
from toolkit.corpus.source import Source
from toolkit.text.notes import note

_HEADING = re.compile(r"^(={2,5})[ \t]*([^=\r\n][^\r\n]*?)[ \t]*\1[ \t]*$", re.MULTILINE)
_BOLD = re.compile(r"'''[^'\r\n]")
_LINK = re.compile(r"\[\[(?:[^\[\]|\r\n]{0,200}\|)?([^\[\]|\r\n]{1,300})\]\]")
_REFERENCE = re.compile(r"<ref\b[^<>/]{0,200}/>|<ref\b[^<>]{0,200}>(.{0,3000}?)</ref>", re.DOTALL | re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{[^{}]{0,5000}\}\}|\{\|[^{}]{0,20000}\|\}")
_MEDIA = re.compile(
    r"\[\[(?:File|Image|Category|Datei|Kategorie|Fichier|Catégorie|Archivo|Categoría|Файл|Категория):[^\[\]]{0,500}\]\]"
)
_OUTER_LINK = re.compile(r"\[(?:https?:)?//[^\s\[\]]+(?:[ \t]+([^\[\]\r\n]{1,300}))?\]")
_ITEM = re.compile(r"^[*#:;]+[ \t]*", re.MULTILINE)
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]{0,300}>", re.DOTALL)
NESTED_TEMPLATES = 6


def wiki_source(text: str, notes: tuple[str, ...] = ()) -> Source | None:
    """The document of a text in wikitext; null for other text."""
    signs = (bool(_HEADING.search(text)), "'''" in text and bool(_BOLD.search(text)), bool(_LINK.search(text)))
    if not ("[[" in text or "'''" in text or "<ref" in text) or sum(signs) + 2 * ("<ref" in text) < 2:
        return None
    references = [match[1] for match in _REFERENCE.finditer(text) if match[1]]
    body = _ITEM.sub("- ", _REFERENCE.sub("", _without_templates(text)))
    out = Extract()
    at = 0
    for heading in _HEADING.finditer(body):
        _add_blocks(body[at : heading.start()], out)
        out.add(_bare(heading[2]), "heading")
        at = heading.end()
    _add_blocks(body[at:], out)
    for reference in references:
        out.add(" ".join(_bare(_without_templates(reference)).split()), zone="footnote")
    message = note("wiki markup in a text file; its marks are no text")
    return Source("", out.text, "", "", "wiki", {}, tuple(out.blocks), 0, (message, *notes, *out.notes), True)


def _add_blocks(part: str, out: Extract) -> None:
    """The paragraphs and items between two headings."""
    for block in blocks_of(part):
        raw = part[block.start : block.end].removeprefix("- ")
        out.add(_bare(raw), block.kind, close=not block.gap)


def _without_templates(text: str) -> str:
    """A text without templates and tables, which may be nested."""
    for _ in range(NESTED_TEMPLATES):
        text, count = _TEMPLATE.subn("", text)
        if not count:
            break
    return text


def _bare(text: str) -> str:
    text = _LINK.sub(r"\1", _MEDIA.sub("", text))
    text = _OUTER_LINK.sub(lambda link: link[1] or "", text)
    return html.unescape(_TAG.sub("", re.sub(r"'{2,5}", "", text))).strip()

"""Reads plain text and Markdown: the file's text, with front matter as metadata."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from toolkit.corpus.archives.documents import is_export, with_frame_noticed
from toolkit.corpus.decode import Decoded, decode
from toolkit.corpus.readers.markdown import looks_like_markdown, markdown_text
from toolkit.corpus.readers.marked_text import marked_bytes, marked_page, marked_text
from toolkit.corpus.readers.typed_pages import line_ids, pages_joined
from toolkit.corpus.readers.wiki import wiki_source
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Source
from toolkit.corpus.transcripts.captions import is_captions
from toolkit.text.notes import note

MAX_FRONT_MATTER = 20_000
_FENCE = re.compile(
    r"\s*---[ \t]*(?:\r\n|\n|\r)(?P<inner>.*?)^(?:---|\.\.\.)[ \t]*(?=\r|\n|\Z)", re.DOTALL | re.MULTILINE
)
_LABELS = (
    "title|headline|source|outlet|publication|publisher|date|published|publication date|pubdate|author|authors|byline|"
    "url|link|section|language|lang|id|doi|country|region|type|category|issued|issued by|document number|document no|"
    "标题|题目|来源|日期|发布时间|时间|作者|链接|网址|发布机构|文号|索引号"
)
_LABELLED = re.compile(rf"[ \t]*(?P<key>{_LABELS})[ \t]*[:：][ \t]*(?P<value>[^\r\n]*)(?:\r\n|\n|\r|\Z)", re.IGNORECASE)


def read_text(data: bytes, settings: CorpusSettings) -> Source:
    """A .txt file: its text as decoded; labelled lines at its head ("Title: …", "Date: …") are metadata."""
    marked = marked_bytes(data, settings)
    if marked is not None:
        return marked
    decoded = decode(data, encoding=settings.file_encoding)
    marked = None if is_captions(decoded.text) else _marked(decoded)
    if marked is not None and marked.blocks is not None:
        return marked if settings.split_documents is False else with_frame_noticed(marked, decoded.text)
    if marked is not None:
        decoded = replace(decoded, text=marked.text, plain=False, notes=marked.notes)
    meta, body = labelled_head(decoded.text)
    notes = decoded.notes + _line_end_notes(decoded.text)
    if not meta:
        meta, body, more = front_matter(decoded.text)
        notes += more
    if is_export(decoded.text, settings):
        return Source("", decoded.text, "", "", "txt", meta, None, body, notes, not decoded.plain)
    pages = pages_joined(decoded.text, body)
    if pages is not None:
        message = note("running heads and page numbers moved to the end", repr(pages.example), "corpus.clean.furniture")
        return Source("", pages.text, "", "", "txt", meta, pages.blocks, 0, (*notes, message), True)
    if looks_like_markdown(decoded.text):
        notes += (note("Markdown in a text file; its marks are no text"),)
        return without_marks(Source("", decoded.text, "", "", "md", meta, None, body, notes, not decoded.plain))
    blocks = line_ids(decoded.text, body)
    if blocks is not None:
        example = repr(decoded.text[blocks[0].start : blocks[0].end])
        notes += (note("ids at the beginning of lines are no words of the text", example, "corpus.clean.furniture"),)
    return Source("", decoded.text, "", "", "txt", meta, blocks, body, notes, not decoded.plain)


def _marked(decoded: Decoded) -> Source | None:
    """The document of a text that is markup of another kind; null for plain text."""
    return wiki_source(decoded.text, decoded.notes) or marked_text(decoded.text, decoded.notes)


def _line_end_notes(text: str) -> tuple[str, ...]:
    """A note if line ends are written in a way that other programs read as two."""
    return ("line ends are CR CR LF; each is read as one line break",) if "\r\r\n" in text else ()


def read_markdown(data: bytes, settings: CorpusSettings) -> Source:
    """A .md file: its text without Markdown's marks, as extracted text if it has any; front matter is metadata."""
    marked = marked_bytes(data, settings)
    if marked is not None:
        return marked
    decoded = decode(data, encoding=settings.file_encoding)
    page = marked_page(decoded.text, decoded.notes)
    if page is not None:
        return page
    meta, body, notes = front_matter(decoded.text)
    plain = Source("", decoded.text, "", "", "md", meta, None, body, decoded.notes + notes, not decoded.plain)
    return without_marks(plain)


def without_marks(source: Source) -> Source:
    """A document in Markdown with a text without marks; the same document if it has none."""
    read = markdown_text(source.text, source.body)
    if read is None:
        return source
    text, blocks = read
    body = blocks[0].start if blocks and source.body else 0
    return replace(source, text=text, blocks=blocks, body=body, extracted=True)


def read_captions(kind: str) -> Callable[[bytes, CorpusSettings], Source]:
    """The reader of .vtt or .srt files: their text as decoded, which `toolkit.corpus.transcripts` splits."""

    def read(data: bytes, settings: CorpusSettings) -> Source:
        decoded = decode(data)
        return Source("", decoded.text, "", "", kind, {}, None, 0, decoded.notes, not decoded.plain)

    return read


def front_matter(text: str) -> tuple[dict[str, str], int, tuple[str, ...]]:
    """The fields between two lines of ---, the start of the text after them, and notes."""
    if not text.lstrip("\r\n ").startswith("---"):
        return {}, 0, ()
    fence = _FENCE.match(text[:MAX_FRONT_MATTER])
    if fence is None or not re.search(r"^[^\s#:][^\r\n:]*:", fence["inner"], re.MULTILINE):
        return {}, 0, ()
    meta = _yaml(fence["inner"])
    if meta is not None:
        return meta, fence.end(), ()
    plain = {
        line["key"].strip().lower(): line["value"].strip().strip("\"'")
        for line in re.finditer(r"^(?P<key>[^\s#:][^\r\n:]*):[ \t]*(?P<value>[^\r\n]+)", fence["inner"], re.MULTILINE)
    }
    return plain, fence.end(), ("front matter is no valid YAML; read line by line",)


def _yaml(inner: str) -> dict[str, str] | None:
    """Scalars and flat lists of a YAML mapping as text, or null if it is none."""
    from toolkit.errors import ConfigError
    from toolkit.files.yaml12 import parse

    try:
        tree = parse(inner, "front matter").value
    except (ConfigError, RecursionError, ValueError):
        return None
    if not isinstance(tree, dict):
        return None
    meta: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, (str, int, float)) and str(value).strip():
            meta[str(key).strip().lower()] = str(value).strip()
        elif isinstance(value, list) and all(isinstance(item, (str, int, float)) for item in value):
            meta[str(key).strip().lower()] = "; ".join(str(item) for item in value)
    return meta


def labelled_head(text: str) -> tuple[dict[str, str], int]:
    """Two or more labelled lines in a row at the head of a text, and the start of the text after them."""
    meta: dict[str, str] = {}
    place = len(text) - len(text.lstrip())
    end = place
    while match := _LABELLED.match(text, place):
        meta.setdefault(match["key"].strip().lower(), match["value"].strip())
        place = end = match.end()
        blank = re.compile(r"[ \t]*(?:\r\n|\n|\r)").match(text, place)
        if blank and _LABELLED.match(text, blank.end()):
            place = blank.end()
    return (meta, end) if len(meta) >= 2 else ({}, 0)

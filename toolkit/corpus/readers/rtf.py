"""RTF files: paragraphs, headings, lists and tables in order; footnotes, then page headers and footers, come last."""

from __future__ import annotations

from itertools import groupby

from toolkit.corpus.cleaning.blocks import blocks_of
from toolkit.corpus.decode import repaired
from toolkit.corpus.extract import Extract
from toolkit.corpus.readers.rtf_paragraphs import RtfContent, is_rtf, rtf_content
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Source, Unreadable

__all__ = ["is_rtf", "read_rtf", "rtf_text"]


def read_rtf(data: bytes, settings: CorpusSettings) -> Source:
    """An .rtf file: its extracted text, one block per paragraph or table; metadata from its properties."""
    content = rtf_content(data)
    if not any(paragraph.text.strip() for paragraph in content.body):
        raise Unreadable("RTF without text" + (f" ({content.notes[0]})" if content.notes else ""))
    out = _marked(content) if _has_marks(content) else _plain(content)
    for text in content.footnotes:
        out.add(" ".join(text.split()), zone="footnote")
    for text in dict.fromkeys(content.furniture):
        out.add(text, "furniture")
    notes = (*content.notes, *out.notes)
    return Source("", out.text, "", "", "rtf", content.meta, tuple(out.blocks), 0, notes, True)


def rtf_text(data: bytes) -> str:
    """The text of an RTF file, a line for each paragraph and table row, without footnotes and page headers.

    Raises:
        Unreadable: the bytes are no RTF.
    """
    return "\n".join(paragraph.text for paragraph in rtf_content(data).body)


def _has_marks(content: RtfContent) -> bool:
    """Whether the file marks its paragraphs: as headings, lists or tables."""
    return any(paragraph.kind != "text" or paragraph.zone for paragraph in content.body)


def _marked(content: RtfContent) -> Extract:
    """One block per paragraph or table; items of a list follow each other without blank lines."""
    out = Extract()
    for kind, group in groupby(content.body, key=lambda paragraph: paragraph.kind):
        if kind == "table":
            out.add("\n".join(row.text for row in group), "table")
            continue
        for paragraph in group:
            close = kind == "list" and bool(out.blocks) and out.blocks[-1].kind == "list"
            out.add(paragraph.text, kind, zone=paragraph.zone, close=close)
    return out


def _plain(content: RtfContent) -> Extract:
    """Blocks as in plain text, because some programs end every printed line with a paragraph mark."""
    text = repaired("\n".join(paragraph.text for paragraph in content.body)).text
    out = Extract()
    for block in blocks_of(text):
        out.add(text[block.start : block.end], block.kind, close=not block.gap)
    return out

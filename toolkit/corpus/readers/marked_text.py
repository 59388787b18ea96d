"""Text files that hold RTF: markup is never text."""

from __future__ import annotations

from dataclasses import replace

from toolkit.corpus.readers.rtf import is_rtf, read_rtf
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Source
from toolkit.text.notes import note


def marked_bytes(data: bytes, settings: CorpusSettings) -> Source | None:
    """The document of a text file that is RTF, or null where it is none."""
    if not is_rtf(data):
        return None
    return _noted(read_rtf(data, settings), "RTF")


def _noted(source: Source, kind: str) -> Source:
    return replace(source, notes=(note(f"{kind} in a text file; its marks are no text"), *source.notes))

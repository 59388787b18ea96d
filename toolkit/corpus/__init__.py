"""Reads raw files, cleans them and splits them into paragraphs; every character is accounted for.

Start with `build.py`, which calls the readers, the cleaning, the splitting and the search for duplicates in turn. They
are imported when a corpus is first read; a corpus from the store needs none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.corpus.card import CorpusCard, corpus_card
from toolkit.corpus.files import CorpusFile, CorpusFiles, corpus_files
from toolkit.corpus.settings import CleanSettings, CorpusSettings, DuplicateSettings, LimitSettings, SplitSettings

if TYPE_CHECKING:
    from toolkit.corpus.build import build_corpus as build_corpus

__all__ = [
    "CleanSettings",
    "CorpusCard",
    "CorpusFile",
    "CorpusFiles",
    "CorpusSettings",
    "DuplicateSettings",
    "LimitSettings",
    "SplitSettings",
    "build_corpus",
    "corpus_card",
    "corpus_files",
]


def __getattr__(name: str) -> Any:
    if name == "build_corpus":
        from toolkit.corpus.build import build_corpus

        return build_corpus
    raise AttributeError(f"module 'toolkit.corpus' has no attribute {name!r}")

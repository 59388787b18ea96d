"""Reads raw files, cleans them and splits them into paragraphs; every character is accounted for.

Start with `build.py`, which calls the readers, the cleaning, the splitting and the search for duplicates in turn.
"""

from toolkit.corpus.build import build_corpus
from toolkit.corpus.card import CorpusCard, corpus_card
from toolkit.corpus.files import CorpusFile, CorpusFiles, corpus_files
from toolkit.corpus.settings import CleanSettings, CorpusSettings, DuplicateSettings, LimitSettings, SplitSettings

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

"""Raw files read, cleaned and split into paragraphs, every character accounted for."""

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

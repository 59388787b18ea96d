"""How themes get their words, labels and exemplars: the block `describe` of a config."""

from __future__ import annotations

from pydantic import Field

from toolkit.describe.labellers import Labeller, PhraseLabeller
from toolkit.describe.weights import Weighting
from toolkit.settings import Settings


class DescribeSettings(Settings):
    """How themes get their words, labels and exemplars."""

    weighting: Weighting = Field("ctfidf_bm25", description="How typical a term is of a theme: the formula.")
    together: float = Field(
        1.0, ge=0, le=5, description="Pull towards words that stand in the same paragraphs; 0: weights alone."
    )
    keywords: int = Field(10, ge=1, le=50, description="Keywords a theme.")
    exemplars: int = Field(5, ge=0, le=50, description="Quotes a theme.")
    quote_words: int = Field(60, ge=10, le=1000, description="Longest quote; a longer paragraph gives its best part.")
    phrase_words: int = Field(4, ge=1, le=5, description="Longest phrase that may be a keyword, in words.")
    min_paragraphs: int = Field(2, ge=1, le=1000, description="Paragraphs of a theme that must hold a keyword of it.")
    label_words: int = Field(3, ge=1, le=6, description="Words and phrases in a label of keywords.")
    label_characters: int = Field(60, ge=20, le=200, description="Longest label.")
    stop_words: tuple[str, ...] = Field((), description="Further words that are never keywords.")
    labeller: Labeller = PhraseLabeller()

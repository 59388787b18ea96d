"""Labellers: which of a theme's candidate terms become its keywords and its label. One small class each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from toolkit.describe.llm import LlmLabeller
from toolkit.describe.material import Encode, LabellerSettings, Material
from toolkit.errors import ConfigError

if TYPE_CHECKING:
    from toolkit.describe.keywords import Candidate


class PhraseLabeller(LabellerSettings):
    """Names of one or two noun phrases of the theme; keywords by weight. The default."""

    libraries: ClassVar[tuple[str, ...]] = ("textblob",)
    named: ClassVar[bool] = True
    method: Literal["phrases"] = "phrases"

    def rank(self, themes: Sequence[Sequence[Candidate]], material: Material) -> list[list[Candidate]]:
        """The candidates of each theme in order of weight."""
        return [list(ranked) for ranked in themes]


class KeywordLabeller(LabellerSettings):
    """The heaviest words and phrases of the theme; no model is required."""

    method: Literal["keywords"] = "keywords"

    def rank(self, themes: Sequence[Sequence[Candidate]], material: Material) -> list[list[Candidate]]:
        """The candidates of each theme in order of weight."""
        return [list(ranked) for ranked in themes]


class KeyBertLabeller(LabellerSettings):
    """Terms nearest in meaning to the theme's central paragraphs (bertopic's KeyBERTInspired)."""

    libraries: ClassVar[tuple[str, ...]] = ("bertopic",)
    works: ClassVar[tuple[str, ...]] = ("keybert2020",)
    by_meaning: ClassVar[bool] = True
    ranking: ClassVar[str] = ", ranked by meaning (KeyBERT-inspired)"
    method: Literal["keybert"] = "keybert"
    candidates: int = Field(60, ge=10, le=1000, description="Heaviest terms of a theme that are compared by meaning.")

    def rank(self, themes: Sequence[Sequence[Candidate]], material: Material) -> list[list[Candidate]]:
        """Candidates of each theme by cosine with the mean of its central paragraphs."""
        from toolkit.describe.bertopic_adapter import keybert

        return keybert([list(ranked[: self.candidates]) for ranked in themes], material.central, needed(material, self))


class MmrLabeller(LabellerSettings):
    """Terms near the theme and different from each other in meaning (bertopic's MaximalMarginalRelevance)."""

    libraries: ClassVar[tuple[str, ...]] = ("bertopic",)
    works: ClassVar[tuple[str, ...]] = ("mmr1998",)
    by_meaning: ClassVar[bool] = True
    ranking: ClassVar[str] = ", thinned by MMR"
    method: Literal["mmr"] = "mmr"
    diversity: float = Field(0.3, ge=0, le=1, description="0: nearest terms; 1: terms as unlike as can be.")
    candidates: int = Field(30, ge=10, le=1000, description="Heaviest terms of a theme that are chosen from.")

    def rank(self, themes: Sequence[Sequence[Candidate]], material: Material) -> list[list[Candidate]]:
        """The diverse half of the candidates of each theme, in order of weight."""
        from toolkit.describe.bertopic_adapter import relevant

        heaviest = [list(ranked[: self.candidates]) for ranked in themes]
        return relevant(heaviest, self.diversity, self.candidates // 2, needed(material, self))


def needed(material: Material, labeller: KeyBertLabeller | MmrLabeller) -> Encode:
    """The embedding model.

    Raises: ConfigError if the run has none.
    """
    if material.encode is None:
        raise ConfigError(
            [
                f"describe.labeller.method: {labeller.method!r} compares words by meaning and needs an embedding "
                "model, which given vectors (embed.vectors) do not have; use 'keywords'"
            ]
        )
    return material.encode


Labeller = Annotated[
    PhraseLabeller | KeywordLabeller | KeyBertLabeller | MmrLabeller | LlmLabeller, Field(discriminator="method")
]

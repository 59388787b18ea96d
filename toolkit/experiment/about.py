"""The `about` block of a config: what the corpus is and who coded, which only the researcher knows."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from toolkit.schemas import MACHINE
from toolkit.settings import Settings


class AboutCorpus(Settings):
    """What the corpus is, where it comes from, and whether it is made up; null if the study does not declare it."""

    description: str | None = Field(None, description="What the corpus is, in one sentence.")
    provenance: str | None = Field(None, description="Where it comes from: the archive, the query, who collected it.")
    period: str | None = Field(None, description="The period that it covers.")
    selection: str | None = Field(None, description="How its documents were selected, and what is missing.")
    made_up: bool | None = Field(
        None, description="true: written for the study or generated; false: documents of the world; null: not stated."
    )


class AboutCoder(Settings):
    """One coder of the files in codebook.codes."""

    id: str = Field(min_length=1, description="The name in the column `coder`; `coder` if the files name no coder.")
    kind: Literal["person", "machine"] = Field(
        description="A person, or a machine such as a language model, whose codes never count as people's."
    )
    who: str | None = Field(None, description="Who or what the coder is.")
    training: str | None = Field(None, description="How the coder was trained or instructed.")

    @field_validator("kind", mode="before")
    @classmethod
    def _older(cls, kind: Any) -> Any:
        """`program` was once the word for a machine; configs that have it stay readable."""
        return MACHINE if kind == "program" else kind


class About(Settings):
    """What a study declares of its corpus and its coders. It is printed on the report; only the kind of a coder, person
    or machine, changes results.
    """

    corpus: AboutCorpus = Field(AboutCorpus(), description="What the corpus is and where it comes from.")
    coders: tuple[AboutCoder, ...] = Field((), description="Who coded: an entry for each coder of codebook.codes.")
    independence: str | None = Field(None, description="How independent the coders are of each other and of this tool.")

    @field_validator("coders")
    @classmethod
    def _once(cls, coders: tuple[AboutCoder, ...]) -> tuple[AboutCoder, ...]:
        names = [coder.id for coder in coders]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"{twice!r} is declared {names.count(twice)} times; give each coder one entry")
        return coders

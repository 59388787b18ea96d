"""The settings of coding."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from toolkit.settings import Settings


class CodebookSettings(Settings):
    """The researcher's codebook, codes given by people, and how paragraphs are coded."""

    path: str = Field(description="The codebook: a YAML file with a list `themes`.")
    codes: str | None = Field(
        None, description="Codes that people gave: CSV or JSONL with paragraph_id or text, code, coder."
    )
    evidence: Literal["both", "meaning", "wording"] = Field(
        "both", description="What counts as evidence: nearness in meaning, shared wording, or both."
    )
    threshold: float | None = Field(
        None, gt=0, lt=1, description="Score from which a code is given; the stated rule decides if not given."
    )

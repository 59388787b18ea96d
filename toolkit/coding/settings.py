"""The `codebook` block of a config: the codebook, human codes, and how paragraphs are coded."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from toolkit.settings import Settings


class CodebookSettings(Settings):
    """The researcher's codebook, codes given by coders, and how paragraphs are coded."""

    path: str = Field(
        description="The codebook: a YAML file with a list `themes`, or a table (.xlsx, .csv, .tsv) with a row a code."
    )
    codes: str | tuple[str, ...] | None = Field(
        None,
        description="Codes that coders gave: a CSV or JSONL file with paragraph_id or text, code, coder, kind (person "
        "or machine); a folder or a glob of such files; or a list of these.",
    )
    machines: tuple[str, ...] = Field(
        (),
        description="Names of coders in `codes` that are machines, such as language models or keyword lists, if no "
        "column kind says so. They are compared with people by the same measures and never counted as people.",
    )
    evidence: Literal["both", "wording"] = Field(
        "both", description="What counts: nearness in meaning and shared wording, or shared wording alone."
    )
    beside: Literal["use", "none"] = Field(
        "use",
        description="A second encoder for codes alone: a paragraph's nearness in meaning to a code is then the mean of "
        "its cosines by this encoder and by that of `embed`. It reads beside minilm, sentence_transformers and static "
        "if evidence is both and at least nine in ten documents of a known language are in a language that it reads. "
        "none: codes rest on the vectors of `embed` alone, as they do with every other embedder.",
    )
    threshold: float = Field(
        0.5, gt=0, lt=1, description="Score from which a code is given. With coders' codes the threshold is learned."
    )
    covers: Literal["field", "everything"] = Field(
        "field",
        description="field: paragraphs far from what the codebook is about get no code. everything: the codebook is "
        "meant to cover whatever the corpus talks about, so no paragraph is held to be outside and hardly any is left "
        "without its best code.",
    )
    learn: bool = Field(
        True,
        description="Learn weights, threshold and probabilities from coders' codes where there are enough of them.",
    )
    bootstrap: int = Field(
        1000,
        ge=100,
        le=20_000,
        description="Bootstrap draws of documents behind the intervals of scores and agreement.",
    )

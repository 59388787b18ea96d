"""What every embedder's block of the config holds, whatever its method."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from toolkit.settings import Settings, speed_field

LongText = Literal["mean", "split", "truncate"]


class EmbedderSettings(Settings):
    """Fields of `embed` that all methods share."""

    works: ClassVar[tuple[str, ...]] = ()
    """Keys of the works that the method rests on (report.references)."""

    long_text: LongText = Field(
        "mean",
        description="Texts beyond the model's limit: every token read in windows and averaged (mean), cut into more "
        "paragraphs by the corpus stage (split), or the rest left unread (truncate).",
    )
    vectors: str | None = Field(None, description="Given embeddings (.npy), one row a unit, in corpus order.")
    fail_above: float | None = Field(
        None, ge=0, le=1, description="Fail if a larger share of texts than this is longer than the model's limit."
    )
    batch: int = speed_field(32, ge=1, description="Most texts a call on a GPU; a CPU takes one.")
    device: Literal["auto", "cpu", "cuda"] = speed_field("cpu", description="Where torch models run.")
    workers: int | None = speed_field(None, ge=1, description="Threads that embed; all cores if not given.")

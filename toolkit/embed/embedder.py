"""What every embedder's block of the config holds, whatever its method."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from toolkit.embed.unread import UNREAD_ABOVE
from toolkit.settings import Settings, speed_field

LongText = Literal["mean", "split", "truncate"]


class EmbedderSettings(Settings):
    """Fields of `embed` that all methods share."""

    start_seconds: ClassVar[float] = 10.0
    """Until the first text is read, on 2 cores; for `toolkit check`."""
    of_corpus: ClassVar[bool] = False
    """Whether the corpus makes the model, so that a vector depends on other texts than its own."""
    one_worker: ClassVar[bool] = False
    """Whether one worker does all the reading, however many there are."""
    languages: ClassVar[frozenset[str] | None] = None
    """ISO 639-1 codes of the languages that the model reads; None: any, or not known."""

    long_text: LongText = Field(
        "mean",
        description="Texts beyond the model's limit: every token read in windows and averaged (mean), cut into more "
        "paragraphs by the corpus stage (split), or the rest left unread (truncate).",
    )
    vectors: str | None = Field(None, description="Given embeddings (.npy), one row a unit, in corpus order.")
    fail_above: float | None = Field(
        None, ge=0, le=1, description="Fail if a larger share of texts than this is longer than the model's limit."
    )
    unread_above: float = Field(
        UNREAD_ABOVE,
        ge=0,
        le=1,
        description="Texts of which a larger share than this is unknown to the model's vocabulary cannot be read: they "
        "get no theme and no codes. 1: every text is taken as read.",
    )
    batch: int = speed_field(32, ge=1, description="Most texts a call on a GPU; a CPU takes one.")
    device: Literal["auto", "cpu", "cuda"] = speed_field("cpu", description="Where torch models run.")
    workers: int | None = speed_field(None, ge=1, description="Threads that embed; all cores if not given.")

    @property
    def reads(self) -> frozenset[str] | None:
        """The ISO 639-1 codes of the languages that are read; None: any, or not known."""
        return self.languages

    @property
    def tokens_per_second(self) -> float:
        """Tokens that one core reads in a second, about; for `toolkit check`."""
        return 2500.0

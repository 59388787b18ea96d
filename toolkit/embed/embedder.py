"""The interface of embedding models, and the settings that all embedders share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, Protocol

from pydantic import Field

from toolkit.embed.unread import UNREAD_SHARE
from toolkit.settings import Settings, speed_field
from toolkit.values import Ints, ModelRecord, Tick, Vectors, no_tick

LongText = Literal["mean", "split", "truncate"]


class Encoder(Protocol):
    """An embedding model that is ready for use, as an embedder's `fit(texts)` returns it."""

    @property
    def record(self) -> ModelRecord:
        """The identity of the model."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> Ints:
        """(n,) number of tokens of each text by the model's tokenizer, without special tokens."""
        ...

    def encode(self, texts: Sequence[str], tick: Tick = no_tick) -> Vectors:
        """(n, d) float32 unit rows; a row depends on its text only, never on the other texts of a batch."""
        ...


class EmbedderSettings(Settings):
    """Settings of `embed` that all methods share."""

    start_seconds: ClassVar[float] = 10.0
    """Seconds before the first text is read, on 2 cores; for `toolkit check`."""
    of_corpus: ClassVar[bool] = False
    """Whether the model is fitted to the corpus, so that a vector also depends on other texts."""
    one_worker: ClassVar[bool] = False
    """Whether the model uses a single worker, whatever `workers` says."""
    languages: ClassVar[frozenset[str] | None] = None
    """ISO 639-1 codes of the languages that the model reads; None: any, or unknown."""

    long_text: LongText = Field(
        "mean",
        description="Texts beyond the model's limit: all tokens read in windows and averaged (mean), split into more "
        "paragraphs by the corpus stage (split), or cut at the limit (truncate).",
    )
    vectors: str | None = Field(None, description="Precomputed embeddings (.npy), one row per unit, in corpus order.")
    fail_above: float | None = Field(
        None, ge=0, le=1, description="Fail if more than this share of the texts exceeds the model's limit."
    )
    unread_above: float = Field(
        UNREAD_SHARE,
        ge=0,
        le=1,
        description="A text is unreadable if more than this share of it is outside the model's vocabulary: it gets no "
        "theme and no codes. 1: every text counts as readable.",
    )
    batch: int = speed_field(32, ge=1, description="Maximum number of texts per call on a GPU; on a CPU always one.")
    device: Literal["auto", "cpu", "cuda"] = speed_field("cpu", description="Device of torch models.")
    workers: int | None = speed_field(None, ge=1, description="Number of embedding threads; default: all cores.")

    @property
    def reads(self) -> frozenset[str] | None:
        """The ISO 639-1 codes of the languages that the model reads; None: any, or unknown."""
        return self.languages

    @property
    def tokens_per_second(self) -> float:
        """Approximate number of tokens per core and second; for `toolkit check`."""
        return 2500.0

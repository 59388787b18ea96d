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
        description="Texts beyond the model's limit: every token read in windows and averaged (mean), cut into more "
        "paragraphs by the corpus stage (split), or the rest left unread (truncate).",
    )
    vectors: str | None = Field(None, description="Given embeddings (.npy), one row a unit, in corpus order.")
    fail_above: float | None = Field(
        None, ge=0, le=1, description="Fail if a larger share of texts than this is longer than the model's limit."
    )
    unread_above: float = Field(
        UNREAD_SHARE,
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
        """The ISO 639-1 codes of the languages that the model reads; None: any, or unknown."""
        return self.languages

    @property
    def tokens_per_second(self) -> float:
        """Approximate number of tokens per core and second; for `toolkit check`."""
        return 2500.0

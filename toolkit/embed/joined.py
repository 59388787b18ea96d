"""Joins several encoders: the weighted rows of each encoder, side by side in one row.

Each encoder keeps its own stored vectors, so joining is free, and an additional encoder reads only texts that are new
to it. The columns of an encoder that cannot read a text are zero in its row if another encoder can.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from toolkit.embed.embedder import EmbedderSettings
from toolkit.embed.identity import Identity
from toolkit.embed.joining import joined_rows
from toolkit.embed.minilm import MiniLM
from toolkit.embed.pretrained import Encoded, Pretrained
from toolkit.embed.static import Static
from toolkit.embed.transformer import SentenceTransformer
from toolkit.embed.unread import unread
from toolkit.embed.use import Use
from toolkit.settings import canonical, digest_of
from toolkit.store.vectors import VectorStore
from toolkit.values import Floats, Ints, ModelRecord, Tick, Vectors, View, no_tick

Single = Annotated[MiniLM | Use | SentenceTransformer | Static, Field(discriminator="method")]
REFUSED = {
    "joined": "joined encoders cannot be joined again; list all of them in one block",
    "lsa": "lsa cannot be joined: its vectors depend on the corpus, so they cannot be stored by text and new texts "
    "would move them; choose it alone",
    "auto": "auto names no encoder; name each",
}


class Joined(EmbedderSettings):
    """Several encoders side by side as one embedding, each at unit length times its weight."""

    method: Literal["joined"] = "joined"
    encoders: tuple[Single, ...] = Field(
        (MiniLM(), Use()), min_length=2, description="The encoders, each with its `method`; each once."
    )
    weights: tuple[Annotated[float, Field(gt=0)], ...] | None = Field(
        None, description="A factor for each encoder's unit rows; equal if not given."
    )

    @field_validator("encoders", mode="before")
    @classmethod
    def _single(cls, blocks: Any) -> Any:
        """The blocks as a tuple. Raises ValueError with the reason for an encoder that cannot be joined."""
        for block in blocks if isinstance(blocks, (list, tuple)) else ():
            method = block.get("method") if isinstance(block, dict) else None
            if method in REFUSED:
                raise ValueError(REFUSED[method])
            if str((isinstance(block, dict) and block.get("model")) or "").startswith((".", "/", "~")):
                raise ValueError(f"{block['model']}: a folder cannot be joined; give a model by its hub id")
        return tuple(blocks) if isinstance(blocks, list) else blocks

    @model_validator(mode="after")
    def _agree(self) -> Joined:
        """Check that each encoder occurs once and has a weight, and that shared settings are set only beside
        `encoders`."""
        if len(set(self.names)) < len(self.names):
            raise ValueError(f"encoders: each is given once, got {', '.join(self.names)}")
        if self.weights is not None and len(self.weights) != len(self.encoders):
            raise ValueError(f"weights: {len(self.weights)} for {len(self.encoders)} encoders; give one for each")
        for name, field in EmbedderSettings.model_fields.items():
            if any(getattr(encoder, name) not in (getattr(self, name), field.default) for encoder in self.encoders):
                raise ValueError(f"encoders: {name}: give it beside `encoders`, for all of them")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the encoders' columns: the method, with the model if the method has one."""
        models = (getattr(encoder, "model", None) for encoder in self.encoders)
        return tuple(f"{encoder.method}:{model}" if model else encoder.method
                     for encoder, model in zip(self.encoders, models, strict=True))  # fmt: skip

    @property
    def parts(self) -> tuple[MiniLM | Use | SentenceTransformer | Static, ...]:
        """The encoders with the settings that all share."""
        shared = {name: getattr(self, name) for name in EmbedderSettings.model_fields}
        return tuple(encoder.model_copy(update=shared) for encoder in self.encoders)

    @property
    def factors(self) -> tuple[float, ...]:
        """The weight of each encoder."""
        return self.weights or (1.0,) * len(self.encoders)

    @property
    def reads(self) -> frozenset[str] | None:
        """The languages that any of the encoders reads; None if unknown for an encoder."""
        known = [encoder.reads for encoder in self.encoders]
        return None if None in known else frozenset().union(*(codes for codes in known if codes is not None))

    @property
    def tokens_per_second(self) -> float:
        """Every encoder reads every text."""
        return 1 / sum(1 / encoder.tokens_per_second for encoder in self.encoders)

    def identity(self) -> Identity:
        """The identity of each encoder, and the weights; each encoder's vectors are stored under its own identity."""
        whole: Identity = {"model": "joined", "weights": digest_of(list(self.factors))}
        for name, part in zip(self.names, self.parts, strict=True):
            whole |= {f"{name}/{key}": value for key, value in part.identity().items()}
        return whole

    def fit(self, texts: Sequence[str] = ()) -> JoinedEncoder:
        """The encoders; each model is loaded when it first has to read a text."""
        encoders = tuple(part.fit([]) for part in self.parts)
        return JoinedEncoder(encoders, self.names, self.factors, self.unread_above, canonical(self))


@dataclass(frozen=True)
class JoinedEncoder:
    """The `embedder.Encoder` of several encoders; a text is unread if no encoder can read it."""

    encoders: tuple[Pretrained, ...]
    names: tuple[str, ...]
    weights: tuple[float, ...]
    unread_above: float
    settings: dict[str, Any]

    @property
    def record(self) -> ModelRecord:
        """The identity of the models; the sha256 is that of their digests and the weights."""
        records = [model.record for model in self.encoders]
        limits = [model.max_tokens for model in records if model.max_tokens is not None]
        digest = digest_of([[model.sha256 for model in records], self.weights])
        return ModelRecord(
            " + ".join(model.id for model in records), None, digest,
            sum(model.dimension for model in records), limits[0] if limits else None, "joined",
        )  # fmt: skip

    @property
    def views(self) -> tuple[View, ...]:
        """The columns of each encoder in the joined rows."""
        ends = accumulate((encoder.record.dimension for encoder in self.encoders), initial=0)
        parts = zip(self.names, pairwise(ends), self.weights, self.encoders, strict=True)
        return tuple(View(name, start, stop, weight, encoder.record) for name, (start, stop), weight, encoder in parts)

    @property
    def limit(self) -> int | None:
        """That of the encoder which counts tokens."""
        return self.counter.limit

    @property
    def counter(self) -> Pretrained:
        """The first encoder that has a limit, else the first: its tokens are those counted."""
        return self.encoders[first_limited([encoder.record.max_tokens for encoder in self.encoders])]

    def count_tokens(self, texts: Sequence[str]) -> Ints:
        """(n,) tokens of each text by the encoder that has a limit."""
        return self.counter.count_tokens(texts)

    def unknown(self, texts: Sequence[str]) -> Floats:
        """(n,) the minimum unknown share of each text over the encoders; NaN if an encoder cannot tell."""
        return least_unknown([encoder.unknown(texts) for encoder in self.encoders])

    def encode(self, texts: Sequence[str], tick: Tick = no_tick) -> Vectors:
        """(n, d) float32 unit rows; a row depends only on its text."""
        return self.joined_by(
            texts, lambda number, encoder: encoder.encode(texts, part_tick(tick, number, len(self.names)))
        )

    def encode_counted(
        self, texts: Sequence[str], tokens: Ints | None = None, workers: int | None = None, tick: Tick = no_tick
    ) -> Encoded:
        """Unit rows and token counts."""
        counts = self.count_tokens(texts) if tokens is None else tokens
        rows = self.joined_by(texts, lambda _, encoder: encoder.encode_counted(texts, workers=workers).vectors)
        tick(len(texts), len(texts))
        return Encoded(rows, counts)

    def joined_by(self, texts: Sequence[str], read: Callable[[int, Pretrained], Vectors]) -> Vectors:
        """Joined rows from the rows that `read` returns for each encoder."""
        rows = [read(number, encoder) for number, encoder in enumerate(self.encoders)]
        cannot = [unread(encoder.unknown(texts), self.unread_above) for encoder in self.encoders]
        return joined_rows(rows, cannot, self.weights)

    def save(self, folder: Path) -> None:
        """Write the settings and digests from which `load_encoder` restores the same models."""
        folder.mkdir(parents=True, exist_ok=True)
        plain = {"kind": "joined", "settings": self.settings, "record": vars(self.record)}
        (folder / "encoder.json").write_text(json.dumps(plain, indent=1, sort_keys=True) + "\n", encoding="utf-8")


class JoinedStore:
    """The vector stores of several encoders, in their order."""

    def __init__(self, parts: tuple[VectorStore, ...]) -> None:
        self.parts = parts

    @property
    def say(self) -> Callable[[str], None]:
        """The callback for warnings about a store."""
        return self.parts[0].say

    @say.setter
    def say(self, report: Callable[[str], None]) -> None:
        for part in self.parts:
            part.say = report


def least_unknown(shares: Sequence[Floats]) -> Floats:
    """(n,) the minimum of the unknown shares of several encoders; NaN if an encoder cannot tell, because it may read
    all texts."""
    return np.asarray(np.minimum.reduce(shares))


def first_limited(limits: Sequence[int | None]) -> int:
    """The place of the first encoder with a limit, else 0."""
    return next((number for number, most in enumerate(limits) if most is not None), 0)


def part_tick(tick: Tick, number: int, parts: int) -> Tick:
    """Progress of one encoder among several, as part of the total."""
    return lambda done, total: tick(number * total + done, parts * total)

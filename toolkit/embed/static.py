"""Static word vectors: each token has one vector and a text is their mean (model2vec; van Dongen and Tulkens 2024)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from toolkit.embed.embedder import EmbedderSettings
from toolkit.embed.hub import model_folder, model_name, revision_of
from toolkit.embed.identity import Identity, library_versions, reading_sha256, weights_sha256
from toolkit.embed.pretrained import Pretrained, unit
from toolkit.embed.reading import RULE_VERSION, Reader
from toolkit.errors import ToolkitError
from toolkit.settings import canonical
from toolkit.values import ModelRecord, Vectors


class Static(EmbedderSettings):
    """A model2vec model by hub id or folder: a hundred times faster, clearly worse. Reads any length."""

    works: ClassVar[tuple[str, ...]] = ("model2vec2024",)
    start_seconds: ClassVar[float] = 2.0
    method: Literal["static"] = "static"
    model: str = Field(min_length=1, description="Hub id (org/name) or the path of a model2vec folder.")
    revision: str | None = Field(None, description="Commit, tag or branch of a hub id; give a commit to be exact.")
    allow_download: bool = Field(False, description="Whether a model that is not here may be fetched from the hub.")

    @property
    def tokens_per_second(self) -> float:
        """As words are counted, no network is run."""
        return 400_000.0

    def identity(self) -> Identity:
        """Weights, tokenizer and versions: everything that decides a vector besides its text."""
        folder = model_folder(self.model, self.revision, self.allow_download)
        model: Identity = {"model": "model2vec", "weights": weights_sha256(folder), "reading": reading_sha256(folder)}
        return (
            model
            | {"windows": RULE_VERSION, "engine": "model2vec"}
            | library_versions("model2vec", "numpy", "tokenizers")
        )

    def fit(self, texts: Sequence[str] = ()) -> Pretrained:
        """The encoder, with its model loaded, because its dimension is recorded nowhere else."""
        folder = model_folder(self.model, self.revision, self.allow_download)
        dimension, name = open_static(folder).dimension, model_name(self.model)
        revision = self.revision or revision_of(folder)
        record = ModelRecord(name, revision, weights_sha256(folder), dimension, None, "model2vec")
        return Pretrained(record, partial(open_static, folder), canonical(self) | {"model": name}, "mean", self.workers)


class StaticWords:
    """A model2vec folder, loaded on first use. A text without any known token gets the first axis."""

    threads = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        """Travels to another process as its recipe."""
        return open_static, (self.folder,)

    @cached_property
    def model(self) -> Any:
        """The model2vec model, from its folder alone."""
        from model2vec import StaticModel

        try:
            return StaticModel.from_pretrained(str(self.folder), max_length=None, force_download=False)
        except (OSError, ValueError, KeyError) as fault:
            first = (str(fault).splitlines() or [type(fault).__name__])[0]
            raise ToolkitError(f"{self.folder}: model2vec cannot load this model ({first})") from fault

    @property
    def dimension(self) -> int:
        """The length of the vectors."""
        return int(self.model.dim)

    @cached_property
    def reader(self) -> Reader:
        """Its tokenizer, without a limit."""
        import copy

        return Reader(copy.deepcopy(self.model.tokenizer), None)

    def rows(self, windows: Sequence[str]) -> Vectors:
        """(n, d) float32 unit rows."""
        rows: Vectors = np.empty((len(windows), self.dimension), np.float32)
        if len(windows):
            encoded = self.model.encode(list(windows), max_length=None, use_multiprocessing=False)
            for number, row in enumerate(encoded):
                rows[number] = unit(row)
        return rows

    def rest(self) -> None:
        """Keep the table: reading needs all of it."""


@lru_cache(maxsize=2)
def open_static(folder: Path) -> StaticWords:
    """The model of a folder, loaded once per process."""
    return StaticWords(folder)

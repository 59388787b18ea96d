"""Any sentence-transformers model, by hub id or folder (Reimers and Gurevych 2019, Sentence-BERT)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from toolkit.embed import onnx_model, torch_model
from toolkit.embed.embedder import EmbedderSettings
from toolkit.embed.hub import model_folder, model_name, revision_of
from toolkit.embed.identity import Identity, reading_sha256, weights_sha256
from toolkit.embed.model_folder import dimension_of, limit_of
from toolkit.embed.onnx_model import open_onnx
from toolkit.embed.pretrained import Model, Pretrained
from toolkit.embed.reading import RULE_VERSION
from toolkit.embed.torch_model import open_torch
from toolkit.settings import canonical
from toolkit.values import ModelRecord

Engine = Literal["torch", "onnx", "onnx-int8"]
TOKENS_PER_SECOND: dict[str, float] = {"onnx": 3600.0, "onnx-int8": 6000.0, "torch": 2500.0}
"""Tokens per second and core; `onnx` from 20,000 titles (250 texts of 14 tokens) and articles (27 of 134), processor
time."""
PRECISION: dict[str, onnx_model.Precision] = {"onnx": "fp32", "onnx-int8": "int8"}


class SentenceTransformer(EmbedderSettings):
    """A sentence-transformers model of your choice; offline unless `allow_download` is set."""

    works: ClassVar[tuple[str, ...]] = ("sbert2019",)
    method: Literal["sentence_transformers"] = "sentence_transformers"
    model: str = Field(min_length=1, description="Hub id (org/name) or the path of a model's folder.")
    revision: str | None = Field(None, description="Commit, tag or branch of a hub id; give a commit to be exact.")
    prompt: str = Field("", description="Put before every text, for models trained with prompts ('passage: ').")
    engine: Engine = Field(
        "torch",
        description="torch reads any model; onnx and onnx-int8, which are faster, read models of the families BERT, "
        "RoBERTa, XLM-RoBERTa, MPNet and DistilBERT.",
    )
    allow_download: bool = Field(False, description="Whether a model that is not here may be fetched from the hub.")

    @property
    def tokens_per_second(self) -> float:
        """As the engine reads."""
        return TOKENS_PER_SECOND[self.engine]

    def folder(self) -> Path:
        """The folder of the model on this machine."""
        return model_folder(self.model, self.revision, self.allow_download)

    def identity(self) -> Identity:
        """Weights, prompt, engine, versions and reading rule: everything that decides a vector besides its text."""
        folder = self.folder()
        model: Identity = {"model": "sentence-transformers", "weights": weights_sha256(folder), "prompt": self.prompt}
        return model | reading_identity(folder, self.long_text) | engine_identity(self.engine, self.device)

    def fit(self, texts: Sequence[str] = ()) -> Pretrained:
        """The encoder; its model is loaded when a text first has to be read."""
        folder, name = self.folder(), model_name(self.model)
        record = record_of(folder, name, self.revision or revision_of(folder), self._engine_name())
        opener = opener_of(folder, self.engine, self, self.prompt)
        return Pretrained(record, opener, canonical(self) | {"model": name}, self.long_text, self.workers)

    def _engine_name(self) -> str:
        return str(engine_identity(self.engine, self.device)["engine"])


def reading_identity(folder: Path, long_text: str) -> Identity:
    """Tokenizer and rule for long texts."""
    rule: Identity = {"windows": RULE_VERSION, "long_text": "truncate" if long_text == "truncate" else "mean"}
    return {"reading": reading_sha256(folder), **rule}


def engine_identity(engine: Engine, device: torch_model.Device) -> Identity:
    """The engine's part of an identity."""
    if engine == "torch":
        return torch_model.engine_identity(device)
    return onnx_model.engine_identity(PRECISION[engine])


def opener_of(folder: Path, engine: Engine, settings: EmbedderSettings, prompt: str = "") -> Callable[[], Model]:
    """The function that loads the model on first use."""
    if engine == "torch":
        return partial(open_torch, folder, settings.device, settings.batch, prompt)
    return partial(open_onnx, folder, PRECISION[engine], prompt)


def record_of(folder: Path, name: str, revision: str | None, engine: str) -> ModelRecord:
    """The record of a model's folder, read from its configs without loading it."""
    return ModelRecord(name, revision, weights_sha256(folder), dimension_of(folder), limit_of(folder), engine)

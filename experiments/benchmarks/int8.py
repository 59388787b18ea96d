"""What 8-bit engines keep of MiniLM's vectors, and how fast they are on this CPU.

    python experiments/benchmarks/int8.py --data FOLDER [--posts 250] [--subjects 1200] [--variants built chosen ...]

Accuracy is that of a CPU with VNNI on any CPU: the graph computes with whole numbers in floats, so products equal those
of the integer kernels and nothing saturates. Speed is that of the real kernels on this CPU, texts per CPU second on one
thread, with the bits of a weight that it allows. A variant is a number of outlier channels with or without smoothing;
`nbits` has the feed-forward output in blocks of 64 (MatMulNBits, 8 bits, accuracy level 4), `float` in float32.
Prints one line a variant: cosine and share of the ten nearest neighbours kept against fp32, on newsgroup posts of 100
words and on subject lines.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from embed_engines import neighbours, texts_of

from toolkit.embed import onnx_int8
from toolkit.embed.minilm import packaged_folder
from toolkit.embed.onnx_graph import FUSED, Encoder, read_safetensors
from toolkit.embed.onnx_int8 import Int8Encoder, rounded
from toolkit.embed.onnx_model import OnnxModel, weight_bits
from toolkit.embed.onnx_session import open_session
from toolkit.embed.pretrained import unit

VARIANTS: dict[str, tuple[float, int, str]] = {
    "built": (0.0, 0, "int8"),
    "smooth": (0.7, 0, "int8"),
    "outliers 64": (0.0, 64, "int8"),
    **{f"smooth, outliers {count}": (0.7, count, "int8") for count in (8, 16, 32, 64)},
    "smooth, nbits": (0.7, 0, "nbits"),
    "smooth, float": (0.7, 0, "float"),
}
"""Name -> smoothing, outlier channels, kind of the feed-forward output layer."""


class Variant(Int8Encoder):
    """An int8 encoder of one kind, with the real kernels or with whole numbers in floats."""

    emulated, narrow_kind = True, "int8"

    def product(self, name: str, row: str, columns: np.ndarray, bias: str | None = None) -> str:
        """Weights times a row in integers."""
        if name.endswith(self.family.narrow) and "attention" not in name and self.narrow_kind != "int8":
            return self.apart(name, row, columns, bias)
        if not self.emulated:
            return super().product(name, row, columns, bias)
        from onnx import helper

        whole, scale = rounded(columns, self.bits)
        names = [f"{name}.{part}" for part in ("whole", "step", "shift")]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [row], names))
        parts = [self.node("Cast", [part], f"{part}.float", to=1) for part in (names[0], names[2])]
        centred = self.node("Sub", parts, f"{name}.centred")
        summed = self.node(
            "MatMul", [centred, self.constant(f"{name}.rounded", whole.astype(np.float32))], f"{name}.sum"
        )
        steps = self.node("Mul", [names[1], self.constant(f"{name}.scale", scale)], f"{name}.steps")
        product = self.node("Mul", [summed, steps], f"{name}.product")
        return self.node("Add", [product, bias], f"{name}.biased") if bias else product

    def apart(self, name: str, row: str, columns: np.ndarray, bias: str | None) -> str:
        """The feed-forward output layer in floats, or in blocks of 64 with a scale each."""
        blocks = np.ascontiguousarray(columns.T).reshape(columns.shape[1], -1, 64)
        scale = np.abs(blocks).max(axis=2, keepdims=True) / 127
        whole = np.rint(blocks / scale)
        if self.narrow_kind == "nbits" and not self.emulated:
            inputs = [row, self.constant(f"{name}.w", (whole + 128).astype(np.uint8))]
            inputs.append(self.constant(f"{name}.s", scale[..., 0].astype(np.float32)))
            sizes = {"K": len(columns), "N": columns.shape[1], "bits": 8, "block_size": 64, "accuracy_level": 4}
            product = self.node("MatMulNBits", inputs, name, FUSED, **sizes)
        else:
            if self.narrow_kind == "nbits":
                columns = (whole * scale).reshape(columns.shape[1], -1).T.astype(np.float32)
                row = self.in_blocks(name, row, len(columns))
            product = self.node("MatMul", [row, self.constant(f"{name}.w", columns)], name)
        return self.node("Add", [product, bias], f"{name}.biased") if bias else product

    def in_blocks(self, name: str, row: str, size: int) -> str:
        """A row rounded to 8 bits in blocks of 64."""
        shape = self.constant(f"{name}.blocks", np.array([0, 0, size // 64, 64], np.int64))
        blocks = self.node("Reshape", [row, shape], f"{name}.in blocks")
        axes = self.constant(f"{name}.axes", np.array([3], np.int64))
        largest = self.node("ReduceMax", [self.node("Abs", [blocks], f"{name}.abs"), axes], f"{name}.max", keepdims=1)
        step = self.node("Div", [largest, self.constant(f"{name}.127", np.float32(127))], f"{name}.step")
        step = self.node("Max", [step, self.constant(f"{name}.least", np.float32(1e-20))], f"{name}.some")
        whole = self.node("Round", [self.node("Div", [blocks, step], f"{name}.steps")], f"{name}.whole")
        flat = self.constant(f"{name}.flat", np.array([0, 0, size], np.int64))
        return self.node("Reshape", [self.node("Mul", [whole, step], f"{name}.near"), flat], f"{name}.rows")


def variant(model: OnnxModel, name: str, emulated: bool) -> Any:
    """The session of a variant."""
    alpha, channels, kind = VARIANTS[name]
    weights = read_safetensors(model.folder / "model.safetensors")
    magnitudes = model.magnitudes(weights)
    onnx_int8.OUTLIER_CHANNELS = channels
    plain = onnx_int8.smoothing
    if not alpha:
        onnx_int8.smoothing = lambda largest, layers: np.ones(len(largest), np.float32)
    try:
        drawing = Variant(weights, model.config, magnitudes, 8 if emulated else weight_bits())
        drawing.emulated, drawing.narrow_kind = emulated, kind
        drawn = drawing.drawn()
    finally:
        onnx_int8.smoothing = plain
    return Session(drawn)


class Session:
    """A session and the arrays it reads."""

    def __init__(self, drawn: Any) -> None:
        self.drawn, self.session = drawn, open_session(drawn)

    def rows(self, ids: list[list[int]]) -> np.ndarray:
        """(n, d) float32 unit rows, one text a call."""
        calls = (self.session.run(None, {"input_ids": np.array([one])})[0][0] for one in ids)
        return np.stack([unit(tokens.mean(axis=0)) for tokens in calls])


def kept(rows: np.ndarray, reference: np.ndarray) -> str:
    """Cosine and neighbours against the reference."""
    cosine = (rows.astype(float) * reference).sum(axis=1)
    near = [len(set(a) & set(b)) / 10 for a, b in zip(neighbours(rows), neighbours(reference), strict=True)]
    return f"{cosine.mean():.5f} ({cosine.min():.4f}) | {np.mean(near):.3f}"


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled corpora")
    parser.add_argument("--posts", type=int, default=250)
    parser.add_argument("--subjects", type=int, default=1200)
    parser.add_argument("--variants", nargs="+", default=list(VARIANTS), choices=VARIANTS)
    given = parser.parse_args()
    model = OnnxModel(packaged_folder(), "int8")
    sets = [
        [text for text in texts_of(given.data / "20newsgroups.jsonl.gz", 100, 18_000) if len(text.split()) == 100],
        texts_of(given.data / "20newsgroups_subjects.jsonl.gz", 100, given.subjects),
    ]
    sets[0] = sets[0][:: max(1, len(sets[0]) // given.posts)][: given.posts]
    limit = model.reader.limit
    ids = [[[*one.ids[:limit], 102] for one in model.reader.tokenizer.encode_batch(texts)] for texts in sets]
    ids = [[one[:-1] if one[-2] == 102 else one for one in some] for some in ids]
    full = Session(Encoder(read_safetensors(model.folder / "model.safetensors"), model.config).drawn())
    wanted = [full.rows(some) for some in ids]
    print(json.dumps({"posts": len(ids[0]), "subjects": len(ids[1]), "bits here": weight_bits()}))
    print("| variant | posts: cosine (min) | 10-nn | subjects: cosine (min) | 10-nn | posts, subjects a CPU second |")
    print("|---|---|---|---|---|---|")
    few = [ids[0][:30], ids[1][:200]]
    for name in given.variants:
        notes = " | ".join(kept(variant(model, name, True).rows(a), b) for a, b in zip(ids, wanted, strict=True))
        real, speeds = variant(model, name, False), []
        for some in few:
            began = time.process_time()
            real.rows(some)
            speeds.append(len(some) / (time.process_time() - began))
        print(f"| {name} | {notes} | {speeds[0]:.1f}, {speeds[1]:.0f} |", flush=True)


if __name__ == "__main__":
    main()

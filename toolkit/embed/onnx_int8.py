"""Builds a sentence encoder in 8-bit integers whose vectors keep their neighbours.

Each linear layer has weights of 8 bits, symmetric, with one scale per column, and scales its input by its range in the
call, that is in a single text (Jacob et al. 2018). A few channels decide this range, and thus how coarsely all others
are rounded. There are two remedies, by the largest magnitude of each channel on fixed texts (`onnx_calibration.py`):
inputs after a normalisation are divided by a scale per channel, by which the weights are multiplied (SmoothQuant, Xiao
et al. 2023, equation 4), and the channels of the feed-forward part that are largest after GELU remain in float32 (as
outlier features in Dettmers et al. 2022, LLM.int8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from toolkit.embed.onnx_graph import ATTENDING, FUSED, NARROWING, WIDENING, Encoder, Weights
from toolkit.files.tuned import tuned
from toolkit.values import Vectors

Magnitudes = Mapping[str, npt.NDArray[np.float32]]
"""Name of the measured input with its layer -> (channels,) largest magnitudes."""
TUNED = tuned("toolkit.embed")
SMOOTHING_ALPHA = TUNED.number("smoothing_alpha")
"""Share of a channel's range that moves from its inputs to its weights: alpha of SmoothQuant (Xiao et al. 2023)."""
OUTLIER_CHANNELS = TUNED.whole("outlier_channels")
"""Number of channels of a feed-forward part that remain in float32."""
LEAST_MAGNITUDE = 1e-5


class Int8Encoder(Encoder):
    """An encoder whose linear layers multiply integers of `bits` (8, or 7) bits."""

    def __init__(self, weights: Weights, config: Mapping[str, Any], magnitudes: Magnitudes, bits: int) -> None:
        super().__init__(weights, config)
        self.magnitudes, self.bits = magnitudes, bits

    def projections(self, name: str, parts: Sequence[str], row: str) -> list[str]:
        """Queries, keys and values of a smoothed row."""
        scale = smoothing(self.magnitudes[f"{name}.{ATTENDING}"], [self.columns(part) for part in parts])
        smooth = self.smoothed(f"{name}.{ATTENDING}", row, scale)
        return [self.product(part, smooth, self.columns(part) * scale[:, None]) for part in parts]

    def forward(self, name: str, row: str) -> str:
        """The feed-forward part: most channels in integers, those with the largest magnitudes in floats."""
        first, second = f"{name}.{self.family.wide}", f"{name}.{self.family.narrow}"
        before, after, bias = self.columns(first), self.columns(second), self.weights[f"{first}.bias"]
        few = outliers(self.magnitudes[f"{name}.{NARROWING}"])
        many = np.setdiff1d(np.arange(len(after)), few)
        scale = smoothing(self.magnitudes[f"{name}.{WIDENING}"], [before[:, many]])
        smooth = self.smoothed(f"{name}.{WIDENING}", row, scale)
        inner = self.product(
            first, smooth, before[:, many] * scale[:, None], self.constant(f"{first}.bias", bias[many])
        )
        inner = self.node("Gelu", [inner], f"{first}.gelu", FUSED)
        inner = self.product(second, inner, after[many], self.weight(f"{second}.bias"))
        outer = super().product(f"{first}.outliers", row, before[:, few])
        outer = self.node("Add", [outer, self.constant(f"{first}.outlying", bias[few])], f"{first}.outlier")
        outer = self.node("Gelu", [outer], f"{first}.outlier.gelu", FUSED)
        return self.node("Add", [inner, super().product(f"{second}.outliers", outer, after[few])], f"{second}.both")

    def smoothed(self, name: str, row: str, scale: npt.NDArray[np.float32]) -> str:
        """A row with each channel divided by its scale."""
        return self.node("Mul", [row, self.constant(f"{name}.scale", 1 / scale)], f"{name}.smoothed")

    def linear(self, name: str, row: str) -> str:
        """A linear layer in integers, its bias included."""
        return self.product(name, row, self.columns(name), self.weight(f"{name}.bias"))

    def product(self, name: str, row: str, columns: npt.NDArray[np.float32], bias: str | None = None) -> str:
        """Weights times a row in integers, plus the bias if there is one."""
        whole, scale = rounded(columns, self.bits)
        inputs = [
            row,
            self.constant(f"{name}.rounded", whole),
            self.constant(f"{name}.scale", scale),
            self.constant(f"{name}.zero", np.zeros(len(scale), np.int8)),
        ]
        return self.node("DynamicQuantizeMatMul", [*inputs, *([bias] if bias else [])], name, FUSED)


def rounded(columns: npt.NDArray[np.float32], bits: int) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Weights (inputs, outputs) as integers of `bits` bits, and the scale of each output."""
    most = 2 ** (bits - 1) - 1
    scale = np.abs(columns).max(axis=0) / np.float32(most)
    scale[scale == 0] = 1
    return np.rint(columns / scale).astype(np.int8), scale.astype(np.float32)


def smoothing(magnitudes: Vectors, layers: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    """(channels,) divisors of an input's channels, which multiply its weights; geometric mean 1.

    magnitudes ** alpha / (largest weight of the channel) ** (1 - alpha), with alpha = SMOOTHING_ALPHA (Xiao et al.
    2023, equation 4). `layers` are the weights (channels, outputs) of all layers that read the input.
    """
    largest = np.max([np.abs(columns).max(axis=1) for columns in layers], axis=0).astype(np.float64)
    inputs = np.maximum(np.asarray(magnitudes, np.float64), LEAST_MAGNITUDE)
    logs = SMOOTHING_ALPHA * np.log(inputs) - (1 - SMOOTHING_ALPHA) * np.log(np.maximum(largest, LEAST_MAGNITUDE))
    scale: Vectors = np.exp(logs - logs.mean()).astype(np.float32)
    return scale


def outliers(magnitudes: Vectors) -> npt.NDArray[np.int64]:
    """Which channels have the largest magnitudes, in order of channel; at most a quarter of all."""
    order = np.argsort(-np.asarray(magnitudes), kind="stable")
    return np.sort(order[: min(OUTLIER_CHANNELS, len(order) // 4)])

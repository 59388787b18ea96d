"""Families of encoders that the ONNX engine supports: names of tensors and numbering of positions.

All have layers as in Devlin et al. 2019 (attention, then feed-forward, each added to its input and normalised). RoBERTa
and XLM-RoBERTa (Liu et al. 2019, Conneau et al. 2020) count positions from the padding token's id plus one and skip
padding tokens; so does MPNet (Song et al. 2020), which adds a bias by relative position to its attention; DistilBERT
(Sanh et al. 2019) has no token types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from toolkit.values import Vectors

PREFIXES = ("bert.", "roberta.", "mpnet.", "distilbert.")
"""Prefixes of tensor names in files of models with a head."""


@dataclass(frozen=True)
class Family:
    """Names of tensors within a layer, keys of the config, and differences from BERT."""

    layers: str = "encoder.layer"
    query: str = "attention.self.query"
    key: str = "attention.self.key"
    value: str = "attention.self.value"
    attended: str = "attention.output.dense"
    attended_norm: str = "attention.output.LayerNorm"
    wide: str = "intermediate.dense"
    narrow: str = "output.dense"
    norm: str = "output.LayerNorm"
    depth_key: str = "num_hidden_layers"
    heads_key: str = "num_attention_heads"
    size_key: str = "hidden_size"
    activation_key: str = "hidden_act"
    types: bool = True
    """Whether the first token type is added to every token."""
    padded: bool = False
    """Whether positions begin after the id of the padding token."""
    relative: bool = False
    """Whether attention has a bias by relative position."""
    epsilon: float | None = None
    """The epsilon of the normalisation if the config does not set it."""
    must: Mapping[str, Any] = field(default_factory=dict)
    """Config keys for which only one value is supported; that value is also the default."""


BERT = Family(must={"position_embedding_type": "absolute"})
ROBERTA = Family(padded=True, must={"position_embedding_type": "absolute"})
FAMILIES: dict[str, Family] = {
    "bert": BERT,
    "distilbert": Family(
        layers="transformer.layer", query="attention.q_lin", key="attention.k_lin", value="attention.v_lin",
        attended="attention.out_lin", attended_norm="sa_layer_norm", wide="ffn.lin1", narrow="ffn.lin2",
        norm="output_layer_norm", depth_key="n_layers", heads_key="n_heads", size_key="dim",
        activation_key="activation", types=False, epsilon=1e-12,
    ),
    "mpnet": Family(
        query="attention.attn.q", key="attention.attn.k", value="attention.attn.v", attended="attention.attn.o",
        attended_norm="attention.LayerNorm", types=False, padded=True, relative=True,
        must={"relative_attention_num_buckets": 32},
    ),
    "roberta": ROBERTA,
    "xlm-roberta": ROBERTA,
}  # fmt: skip
"""`model_type` of a config.json -> its family."""


def graph_fault(config: Mapping[str, Any]) -> str | None:
    """The reason why a model with this config.json is not supported, in one line; None if it is supported."""
    family = FAMILIES.get(str(config.get("model_type")))
    if family is None:
        return f"its model_type is {config.get('model_type')!r}, not one of {', '.join(FAMILIES)}"
    for key, value in {family.activation_key: "gelu", **family.must}.items():
        actual = config.get(key, value)
        if actual != value:
            return f"its {key} is {actual!r}, not {value!r}"
    return None


def first_position(config: Mapping[str, Any]) -> int:
    """The position of a text's first token in the table of positions."""
    family = FAMILIES.get(str(config.get("model_type")), BERT)
    return padding(config) + 1 if family.padded else 0


def padding(config: Mapping[str, Any]) -> int:
    """The id of the padding token; always 1 for MPNet."""
    return 1 if config.get("model_type") == "mpnet" else int(config.get("pad_token_id", 1))


def relative_buckets(most: int, buckets: int = 32, farthest: int = 128) -> Any:
    """(2 * most - 1,) the bucket of each distance from -(most - 1) to most - 1 (Raffel et al. 2020, section 2.1).

    Half of the buckets are for tokens after; of each half, half are for single distances and half grow by logarithm up
    to `farthest`. Single precision as in the models' training, since distances at a bound depend on it.
    """
    distances = np.arange(-(most - 1), most)
    half, exact = buckets // 2, buckets // 4
    near = np.abs(distances)
    ratio = np.maximum(near, 1).astype(np.float32) / np.float32(exact)
    steps = np.log(ratio) / np.float32(np.log(farthest / exact)) * np.float32(half - exact)
    far = np.minimum(exact + steps.astype(np.int64), half - 1)
    return np.where(distances > 0, half, 0) + np.where(near < exact, near, far)


def relative_bias(table: Vectors) -> Any:
    """(heads, 2 * most - 1) float32 bias of each distance, from the model's table (buckets, heads), for 512 tokens."""
    return np.ascontiguousarray(table[relative_buckets(MOST_TOKENS)].T)


MOST_TOKENS = 512
"""Tokens that any of these families reads at most."""

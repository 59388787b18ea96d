"""Reads the configs in a sentence-transformers model's folder without loading the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from toolkit.embed.onnx_families import first_position
from toolkit.errors import ToolkitError


def limit_of(folder: Path) -> int | None:
    """The maximum number of tokens per call, special tokens included; None if the configs name none."""
    config = read_json(folder / "config.json")
    named = []
    if (folder / "sentence_bert_config.json").exists():
        named.append(read_json(folder / "sentence_bert_config.json").get("max_seq_length"))
    if not any(named):
        places = config.get("max_position_embeddings")
        named.append(places and places - first_position(config))
        if (folder / "tokenizer_config.json").exists():
            named.append(read_json(folder / "tokenizer_config.json").get("model_max_length"))
    return min((int(most) for most in named if most), default=None)


def dimension_of(folder: Path) -> int:
    """The dimension of the model's vectors: that of its last dense layer if it has one, else its hidden size."""
    dense = sorted(folder.glob("*_Dense/config.json"))
    if dense:
        return int(read_json(dense[-1])["out_features"])
    config = read_json(folder / "config.json")
    return int(config.get("hidden_size") or config.get("d_model") or config.get("dim") or 0)


def modules_fault(folder: Path) -> str | None:
    """The module of the model other than transformer, pooling and normalisation, in one line; None if there is no
    other."""
    if not (folder / "modules.json").exists():
        return None
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        kinds = [str(module["type"]).rpartition(".")[2] for module in modules]
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise ToolkitError(f"{folder / 'modules.json'}: not a readable list of modules ({fault})") from fault
    other = [kind for kind in kinds if kind not in {"Transformer", "Pooling", "Normalize"}]
    return f"its modules.json has a module {other[0]}" if other else None


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a model's folder. Raises ToolkitError if it is missing or broken."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise ToolkitError(f"{path}: not a readable part of a sentence-transformers model ({fault})") from fault
    if not isinstance(content, dict):
        raise ToolkitError(f"{path}: expected a JSON object, found {type(content).__name__}")
    return content

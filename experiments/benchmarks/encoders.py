"""The embedders that benchmarks compare, by a short name, and their vectors kept on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from toolkit.embed import Embedder
from toolkit.embed.stage import embed

ENCODERS: dict[str, dict[str, Any]] = {
    "minilm": {"method": "minilm", "engine": "onnx"},
    "minilm-int8": {"method": "minilm", "engine": "onnx-int8"},
    "use": {"method": "use"},
    "joined": {"method": "joined", "encoders": [{"method": "minilm", "engine": "onnx"}, {"method": "use"}]},
}


def vectors_of(encoder: str, texts: list[str], place: Path) -> np.ndarray:
    """(n, d) unit rows of the texts, cut at the model's limit; made once and kept as `place`-ENCODER.npy."""
    kept = place.with_name(f"{place.name}-{encoder}.npy")
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        settings = TypeAdapter[Any](Embedder).validate_python({**ENCODERS[encoder], "long_text": "truncate"})
        np.save(kept, embed(settings, texts).vectors)
    return np.asarray(np.load(kept))

"""The embedders, and encoders restored from a run folder. To add an embedder, write its class and add its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError

from toolkit.embed.auto import Auto
from toolkit.embed.joined import Joined, JoinedEncoder
from toolkit.embed.lsa import Lsa, LsaEncoder
from toolkit.embed.minilm import MiniLM
from toolkit.embed.pretrained import Pretrained
from toolkit.embed.static import Static
from toolkit.embed.transformer import SentenceTransformer
from toolkit.embed.use import Use
from toolkit.errors import ToolkitError

TextEncoder = Pretrained | LsaEncoder | JoinedEncoder


def load_encoder(folder: Path | str, place: str | None = None) -> TextEncoder:
    """The encoder that `save` wrote: the same model, so that new texts get comparable vectors. Nothing is downloaded.

    Args:
        folder: a run's `model/`.
        place: the folder of the model if the model is a folder; it is in the manifest's `inputs`, because `model/`
        contains no paths.

    Raises ToolkitError if the folder contains no encoder, or if the model on this machine has other weights than the
    run's.
    """
    path = Path(folder) / "encoder.json"
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        placed = {"model": place} if place is not None else {}
        settings = TypeAdapter[Any](Embedder).validate_python(plain["settings"] | placed)
        if plain["kind"] == "lsa":
            return _lsa(Path(folder), plain)
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as fault:
        first = (str(fault).splitlines() or [type(fault).__name__])[0]
        raise ToolkitError(f"{path}: no readable encoder of a run ({first})") from fault
    settings = _offline(settings)
    encoder: TextEncoder = settings.fit([])
    wanted, here = plain["record"]["sha256"], encoder.record.sha256
    if wanted != here:
        raise ToolkitError(
            f"{plain['record']['id']}: the run was made with weights sha256 {str(wanted)[:12]}…, this machine has "
            f"{str(here)[:12]}…; install the model that the run's manifest names"
        )
    return encoder


def _offline(settings: Any) -> Any:
    """The settings, and those of joined encoders, without leave to download: a reader of a run fetches nothing."""
    if isinstance(settings, Joined):
        return settings.model_copy(update={"encoders": tuple(_offline(encoder) for encoder in settings.encoders)})
    return settings.model_copy(update={"allow_download": False}) if hasattr(settings, "allow_download") else settings


def _lsa(folder: Path, plain: dict[str, Any]) -> LsaEncoder:
    idf, axes = (np.load(folder / f"{name}.npy", allow_pickle=False) for name in ("idf", "axes"))
    terms = tuple(str(term) for term in plain["terms"])
    if idf.shape != (len(terms),) or axes.ndim != 2 or len(axes) != len(terms):
        raise ValueError(f"{len(terms)} terms, idf {idf.shape}, axes {axes.shape}")
    return LsaEncoder(terms, idf, axes, plain["settings"], plain["record"]["engine"])


Named = MiniLM | Use | SentenceTransformer | Static | Lsa | Joined
Embedder = Annotated[Named, Field(discriminator="method")]
AnyEmbedder = Annotated[Auto | Named, Field(discriminator="method")]
"""An embedder in a config, or `auto`, which chooses by the languages of the corpus."""

"""Embeddings that the user brings (`embed.vectors`)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from toolkit.errors import ToolkitError
from toolkit.values import Embeddings, ModelRecord

MAGIC = b"\x93NUMPY"
"""How an .npy file begins."""


def given_vectors(path: Path | str, n: int) -> Embeddings:
    """The rows of a .npy file at unit length, one row per unit in corpus order. Token counts are unknown and set to 0.

    Raises ToolkitError if the file is missing or is not a numeric (n, d) array, if its number of rows differs from the
    number of units, or if a row is not finite or all zero.
    """
    path = Path(path)
    array = _loaded(path)
    if array.ndim != 2 or array.dtype.kind not in "fiu" or array.shape[1] < 1:
        raise ToolkitError(
            f"embed.vectors: {path} holds {array.dtype} of shape {array.shape}; expected numbers of shape ({n}, d)"
        )
    if len(array) != n:
        raise ToolkitError(
            f"embed.vectors: {path} has {len(array):,} rows and the corpus {n:,} units; it needs one row a unit, in "
            "corpus order (documents by id, then position, as in paragraphs.parquet)"
        )
    wide = np.asarray(array, np.float64)
    lengths = np.sqrt((wide * wide).sum(axis=1))
    for what, bad in (("not finite", ~np.isfinite(lengths)), ("all zero", lengths == 0)):
        if bad.any():
            raise ToolkitError(
                f"embed.vectors: {path} has {int(bad.sum()):,} of {n:,} rows that are {what}, the first is row "
                f"{int(bad.argmax())} (counted from 0)"
            )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Embeddings(
        vectors=(wide / lengths[:, None]).astype(np.float32),
        tokens=np.zeros(n, np.int32),
        truncated=np.zeros(n, np.bool_),
        model=ModelRecord("given", None, digest, array.shape[1], None, "given"),
        notes=(
            "Embeddings were given, not made: which model made them, and whether it read every word, is not known.",
        ),
    )


def _loaded(path: Path) -> npt.NDArray[Any]:
    what = "is no .npy file"
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) == MAGIC:
                what = "is damaged, or holds more than numbers"
                loaded: npt.NDArray[Any] = np.load(path, allow_pickle=False)
                return loaded
    except FileNotFoundError as fault:
        raise ToolkitError(f"embed.vectors: no file {path}") from fault
    except OSError as fault:
        raise ToolkitError(f"embed.vectors: {path} cannot be read: {fault.strerror}") from fault
    except (ValueError, EOFError):
        pass  # reported below, without mention of pickles
    raise ToolkitError(f"embed.vectors: {path} {what}; save one array of numbers with numpy.save")

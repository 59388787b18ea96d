"""The identity of stored vectors: the model and the code that make a vector. Imports none of the modules listed."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from toolkit.errors import ToolkitError
from toolkit.runtime.provenance import environment_record, version

Identity = dict[str, str | int | None]
HOME = Path(__file__).resolve().parent
ASIDE = {
    "__init__", "auto", "embedder", "given", "hub", "identity", "joined", "joining", "language", "lsa", "methods",
    "stage", "tfidf",
}  # fmt: skip
"""Modules of this package that do not affect stored vectors; LSA's vectors belong to one corpus and are not stored."""
WORKING = tuple(sorted(path.stem for path in HOME.glob("*.py") if path.stem not in ASIDE))
"""All others, a new embedder's too."""
NOT_READ = {"README.md", ".gitattributes", "data_config.json", "train_script.py"}


def weights_sha256(folder: Path) -> str:
    """The sha256 (hex) of a model folder's weights: of its single .safetensors file, or of the names and digests of
    several.

    Raises ToolkitError if there is none: weights in pickle files (.bin, .pt) are never read.
    """
    files = sorted(folder.rglob("*.safetensors"))
    if not files:
        raise ToolkitError(
            f"{folder}: holds no .safetensors weights (pickled weights such as pytorch_model.bin are never read); "
            "give a folder or revision that has model.safetensors"
        )
    if len(files) == 1:
        return file_sha256(files[0])
    return joined_sha256(folder, files)


def reading_sha256(folder: Path) -> str:
    """The sha256 (hex) of the tokenizer and settings, which decide how a model reads text; weights are excluded."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in {".json", ".txt", ".model"}]
    return joined_sha256(folder, [path for path in files if path.name not in NOT_READ])


def joined_sha256(folder: Path, files: Sequence[Path]) -> str:
    """A single sha256 (hex) over contents and names relative to the folder."""
    lines = [f"{path.relative_to(folder).as_posix()} {file_sha256(path)}\n" for path in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """The sha256 (hex) of a file's bytes; read once a process as long as its size and time stay."""
    state = path.stat()
    return _file_sha256(path.resolve(), state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=256)
def _file_sha256(path: Path, size: int, changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def library_versions(*packages: str) -> Identity:
    """`lib:NAME` -> installed version of each library involved, and `code`: the digest of this package's modules
    involved."""
    return {"code": code_sha256(), **{f"lib:{name}": version(name) for name in packages}}


@lru_cache(maxsize=1)
def code_sha256() -> str:
    """The sha256 (hex) of the modules that turn a text into a vector; an edit invalidates stored vectors."""
    return joined_sha256(HOME, [HOME / f"{name}.py" for name in WORKING])


@lru_cache(maxsize=1)
def machine() -> str:
    """The processor's family and the features that numeric kernels choose by."""
    return " ".join([platform.machine(), *environment_record()["cpu_features"]])

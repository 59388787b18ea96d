"""The starter study that `toolkit init` writes: a commented config, a codebook and two texts, ready to run."""

from __future__ import annotations

import shutil
from pathlib import Path

from toolkit.errors import StoreError


def write_starter(folder: Path) -> list[Path]:
    """Write the starter study into a new or empty folder; the files written, in order.

    Raises:
        StoreError: the folder holds something already, or cannot be written. Nothing is overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder}: is not an empty folder; toolkit init writes into a new one")
    template = Path(__file__).parent / "starter_study"
    try:
        shutil.copytree(template, folder, dirs_exist_ok=True)
    except OSError as fault:
        raise StoreError(f"{folder}: cannot be written: {fault.strerror or fault}") from None
    return sorted(path for path in folder.rglob("*") if path.is_file())

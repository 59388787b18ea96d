"""What `toolkit init` writes: a small study that is ready to run, with a commented config, a codebook and two texts."""

from __future__ import annotations

import os
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
    aside = folder.absolute().parent / f".{folder.name}.writing-{os.getpid()}"
    try:
        shutil.copytree(template, aside)
        if folder.exists():
            folder.rmdir()
        aside.rename(folder)
    except OSError as fault:
        reason = fault.strerror or "the disk refused to write"
        raise StoreError(f"{folder}: cannot be written: {reason}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return sorted(path for path in folder.rglob("*") if path.is_file())

"""What `toolkit init` writes: a small study that is ready to run, with a commented config, a codebook and texts."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from toolkit.errors import StoreError
from toolkit.experiment.starter import FILES, STARTER


def write_starter(folder: Path) -> list[Path]:
    """Write the starter study into a new or empty folder; the files written, in order.

    Raises:
        StoreError: the folder is not empty, or cannot be written. Nothing is overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder}: is not an empty folder; toolkit init writes into a new one")
    aside = folder.absolute().parent / f".{folder.name}.writing-{os.getpid()}"
    try:
        shutil.copytree(STARTER, aside)
        if folder.exists():
            folder.rmdir()
        aside.rename(folder)
    except OSError as fault:
        reason = fault.strerror or "the disk refused to write"
        raise StoreError(f"{folder}: cannot be written: {reason}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def written_lines(folder: Path) -> Iterator[str]:
    """What `write_starter` wrote into a folder, each file with a word on what it is."""
    width = max(len(str(folder / name)) for name in FILES) + 1
    for name, what in FILES.items():
        place = folder / name
        inside = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
        shown = f"{place}{os.sep}" if inside else str(place)
        yield f"{shown:<{width}}  {f'{len(inside)} files: ' if inside else ''}{what}"
        yield from (f"  {path}" for path in inside)


def next_lines(folder: Path) -> Iterator[str]:
    """The next two commands."""
    config = shlex.quote(str(folder / "study.yaml"))
    yield f"toolkit check {config}    # what would be read and run; runs nothing"
    yield f"toolkit run {config}      # writes the report, and last its folder"

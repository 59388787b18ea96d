"""Writes a run folder beside its place and moves it there in one step, so that a kill leaves the old or the new folder.

The step exchanges two names (Linux: renameat2, macOS: renamex_np). If the system has no such call, the old folder is
renamed away and the new one is renamed into place; a kill between the two leaves no folder there until the next command
that writes to this place restores the old one.
"""

from __future__ import annotations

import ctypes
import os
import platform
import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from toolkit.errors import StoreError
from toolkit.run_folder.identity import Identity, described
from toolkit.run_folder.manifest import MANIFEST, read_manifest, seal

AT_FDCWD, RENAME_EXCHANGE = -100, 2
"""Of Linux: paths are relative to the working directory; the two names change places."""
RENAME_SWAP = 2
"""Of macOS: the two names change places."""


def check_place(out: Path, identity: Identity, replace: bool = False) -> str | None:
    """The description of the content that a run will replace, or None. Refuses a place with anything but the same run.

    With `replace`, another finished run may be replaced; other content never is.

    Raises:
        StoreError: a file, a folder with other content, another finished run, or a place that cannot be written.
    """
    replaced = None
    if out.exists() and not out.is_dir():
        raise StoreError(f"{out}: is a file, not a folder for a run; choose another --out")
    if out.is_dir() and any(out.iterdir()):
        if not (out / MANIFEST).is_file():
            raise StoreError(f"{out}: holds files that are no run; choose an empty or new folder with --out")
        manifest = read_manifest(out)
        differences = list(identity.differences(manifest))
        if differences:
            replaced = described(manifest)
            if not replace:
                why = f"{replaced}, and {differences[0]}"
                raise StoreError(
                    f"{out}: holds {why}; give --replace (in Python replace=True) "
                    "to replace it, or another --out to keep both"
                )
    parent = next(folder for folder in (out, *out.parents) if folder.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise StoreError(f"{out}: {parent} cannot be written; choose another --out")
    return replaced


class Staging:
    """A folder beside `out` in which a run is written; `finish` moves it into place, leaving the block removes it."""

    def __init__(self, out: Path) -> None:
        self.out = out.resolve() if out.is_symlink() else out.absolute()
        self.folder = self._beside("writing")

    def _beside(self, mark: str) -> Path:
        return self.out.parent / f".{self.out.name}.{mark}-{secrets.token_hex(4)}-{os.getpid()}"

    def __enter__(self) -> Staging:
        try:
            self._sweep()
            self.folder.mkdir(parents=True)
        except OSError as fault:
            raise StoreError(f"{self.out}: cannot be written: {fault.strerror or fault}") from None
        return self

    def finish(self, manifest: Mapping[str, Any]) -> Path:
        """Seal the folder and rename it to `out`, which is returned; files there that no earlier run wrote are kept."""
        seal(self.folder, manifest)
        if self.out.is_dir():
            self._keep_foreign()
        return self.place()

    def place(self) -> Path:
        """Move the sealed folder into its place as it is; earlier content is removed afterwards."""
        if not self.out.is_dir():
            self.folder.rename(self.out)
        elif exchange(self.folder, self.out):
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            old = self._beside("old")
            self.out.rename(old)
            try:
                self.folder.rename(self.out)
            except OSError:
                old.rename(self.out)
                raise
            shutil.rmtree(old, ignore_errors=True)
        return self.out

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if isinstance(fault, OSError):
            raise StoreError(f"{self.out}: cannot be written: {fault.strerror or fault}") from None

    def _keep_foreign(self) -> None:
        if not (self.out / MANIFEST).is_file():
            return
        ours = set(read_manifest(self.out)["files"]) | {MANIFEST}
        for path in _files(self.out):
            name = path.relative_to(self.out).as_posix()
            target = self.folder / name
            if name not in ours and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, target)

    def _sweep(self) -> None:
        """Remove the remains of killed runs beside the place; a complete run that was being replaced is restored."""
        if not self.out.parent.is_dir():
            return
        for old in sorted(self.out.parent.glob(f".{self.out.name}.old-*")):
            if not self.out.exists() and (old / MANIFEST).is_file() and not _alive(old.name.rpartition("-")[2]):
                old.rename(self.out)
        for mark in ("writing", "old"):
            for left in self.out.parent.glob(f".{self.out.name}.{mark}-*"):
                if not _alive(left.name.rpartition("-")[2]):
                    shutil.rmtree(left, ignore_errors=True)


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _alive(pid: str) -> bool:
    if not pid.isdigit():
        return False
    if os.name == "nt":  # there, signal 0 is Ctrl+C: what a killed run left stays
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def exchange(folder: Path, other: Path) -> bool:
    """Exchange two folders of one file system in one step; False if the system cannot."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        names = os.fsencode(folder), os.fsencode(other)
        if platform.system() == "Linux":
            return bool(library.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0)
        return bool(library.renamex_np(*names, RENAME_SWAP) == 0)
    except (OSError, AttributeError, TypeError):  # Windows, an old C library
        return False

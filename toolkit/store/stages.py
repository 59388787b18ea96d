"""Stores the results of finished stages under keys made of everything that determines them.

An entry is a folder of plain files and `entry.json`, which lists their SHA-256 digests. It is written beside its place
and renamed as a whole, so a run that is killed or started twice leaves a finished entry or none. A damaged entry is
detected when it is read, reported, and computed again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from toolkit.errors import StoreError
from toolkit.files.digest import file_sha256
from toolkit.files.value import read_value, write_value
from toolkit.settings import digest_of

T = TypeVar("T")
MARKER = "entry.json"
ASIDE, STALE_SECONDS = ".writing-", 24 * 3600.0
"""How folders that are being written begin; those of killed runs are removed after a day."""
SHELVES = ("stages", "vectors")
"""The folders of a store under its root."""
DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """A value and the digest (sha256, hex) of its content, which is an input of later stages."""

    value: T
    digest: str
    from_store: bool


def default_root() -> Path:
    """The default folder of the store: TOOLKIT_STORE, else a folder in the user's cache folder."""
    named = os.environ.get("TOOLKIT_STORE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "thematic-toolkit"


def stage_key(stage: str, code: str, settings: Any, inputs: Any, libraries: Any) -> str:
    """The address of a stage's result: everything that can change it, and nothing else."""
    parts = {"stage": stage, "code": code, "settings": settings, "inputs": inputs, "libraries": libraries}
    return digest_of(parts)


WITHOUT = "going on without it"
"""The end of a message that nothing can be stored."""


class Store:
    """The stage store under `root`; `fresh` ignores its entries (and still adds to it)."""

    def __init__(self, root: Path, fresh: bool = False, say: Callable[[str], None] = lambda text: None) -> None:
        self.root, self.fresh, self.say = root, fresh, say
        self._refused = False  # whether the fault was reported already

    def get(self, stage: str, key: str, kind: type[T]) -> Entry[T] | None:
        """The finished value under a key, its bytes checked; None if there is none or it is damaged."""
        folder = self._folder(stage, key)
        if self.fresh or not (folder / MARKER).exists():
            return None
        try:
            marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
            if _hashes(folder) != marker["files"] or digest_of(marker["files"]) != marker["digest"]:
                raise ValueError("its bytes are not those that were written")
            return Entry(read_value(kind, folder), str(marker["digest"]), from_store=True)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            self.say(f"{stage}: the stored result {key[:8]} is damaged ({fault}) and will be made again")
            shutil.rmtree(folder, ignore_errors=True)
            return None

    def put(self, stage: str, key: str, value: T) -> Entry[T]:
        """Store a finished value. If the store is not writable, a warning follows and the run continues without it."""
        try:
            shelf = self.root / "stages" / stage
            shelf.mkdir(parents=True, exist_ok=True)
            sweep(shelf)
            aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=shelf))
        except OSError as fault:
            return self._without_store(value, fault)
        try:
            write_value(value, aside)
            files = _hashes(aside)
            marker = {"stage": stage, "key": key, "files": files, "digest": digest_of(files)}
            (aside / MARKER).write_text(json.dumps(marker, sort_keys=True, indent=1) + "\n", encoding="utf-8")
            self._place(aside, self._folder(stage, key))
            return Entry(value, digest_of(files), from_store=False)
        except OSError as fault:
            return self._without_store(value, fault)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def tell(self, text: str) -> None:
        """Report a fault of the store; the fault that nothing can be stored is reported once, not by every stage."""
        refused = text.endswith(WITHOUT)
        if not (refused and self._refused):
            self.say(text)
        self._refused = self._refused or refused

    def sizes(self) -> Iterator[tuple[str, int, int]]:
        """(stage, entries, bytes) of each stage, by name; `vectors` counts the shards of stored embeddings.

        Raises StoreError if `root` is no store: its `stages` or `vectors` contain foreign files.
        """
        self._require_own()
        stages = self.root / "stages"
        shelves = sorted(path for path in stages.iterdir() if path.is_dir()) if stages.is_dir() else []
        for shelf in [*shelves, self.root / "vectors"]:
            if shelf.is_dir():
                files = [path for path in shelf.rglob("*") if path.is_file()]
                shards = shelf.name == "vectors"
                entries = sum(path.suffix == ".npy" if shards else path.name == MARKER for path in files)
                yield shelf.name, entries, sum(path.stat().st_size for path in files)

    def prune(self) -> int:
        """Remove all finished stages and stored vectors, and nothing else; returns the freed bytes.

        Raises StoreError if `root` is no store, or cannot be emptied.
        """
        freed = sum(size for _, _, size in self.sizes())
        try:
            for shelf in SHELVES:
                if (self.root / shelf).is_dir():
                    shutil.rmtree(self.root / shelf)
        except OSError as fault:
            raise StoreError(f"{self.root}: cannot be pruned: {fault.strerror}") from None
        return freed

    def _require_own(self) -> None:
        """Raise StoreError for a folder whose `stages` or `vectors` are not those of a store."""
        strange = next(_strange(self.root), None)
        if strange is not None:
            raise StoreError(
                f"{self.root}: is no store of this toolkit, since {strange.relative_to(self.root)} is none of its "
                "entries; name the store's own folder with --store, or take that out of it"
            )

    def _folder(self, stage: str, key: str) -> Path:
        return self.root / "stages" / stage / key

    def _place(self, aside: Path, folder: Path) -> None:
        whole = (folder / MARKER).exists()
        if whole and not self.fresh:
            return  # a concurrent run was first, with the same bytes
        if folder.exists():
            gone = Path(tempfile.mkdtemp(prefix=ASIDE, dir=folder.parent))
            folder.rename(gone / folder.name)
            shutil.rmtree(gone, ignore_errors=True)
        try:
            aside.rename(folder)
        except OSError:
            if not (folder / MARKER).exists():
                raise

    def _without_store(self, value: T, fault: OSError) -> Entry[T]:
        """The value, not stored."""
        self.tell(f"the store at {self.root} cannot be written ({fault.strerror}); {WITHOUT}")
        return self._unstored(value)

    @staticmethod
    def _unstored(value: T) -> Entry[T]:
        with tempfile.TemporaryDirectory() as folder:
            write_value(value, Path(folder))
            return Entry(value, digest_of(_hashes(Path(folder))), from_store=False)


def _strange(root: Path) -> Iterator[Path]:
    """Paths in a folder's `stages` and `vectors` that no store wrote, except system files such as .DS_Store."""
    for place in sorted((root / "stages").glob("*")):
        entries = sorted(place.glob("*")) if place.is_dir() else [place]
        yield from (entry for entry in entries if not (_hidden(entry) or _is_entry(entry)))
    for model in sorted((root / "vectors").glob("*")):
        if not (_hidden(model) or _is_model(model)):
            yield model


def _hidden(path: Path) -> bool:
    return path.name.startswith(".") and (path.is_file() or path.name.startswith(ASIDE))


def _is_entry(folder: Path) -> bool:
    """Whether a folder is a finished stage: its marker names it, or its marker alone is damaged."""
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        return bool(marker["stage"] == folder.parent.name and marker["key"] == folder.name)
    except (OSError, ValueError, KeyError, TypeError):
        return folder.is_dir() and DIGEST.fullmatch(folder.name) is not None


def _is_model(folder: Path) -> bool:
    """Whether a folder contains vectors of one model: shards named by digests, and `identity.json`."""
    if not folder.is_dir():
        return False
    names = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    return all(name == "identity.json" or DIGEST.fullmatch(name.removesuffix(".npy")) for name in names)


def sweep(shelf: Path) -> None:
    """Remove half-written entries of runs that were killed more than a day ago."""
    for left in shelf.glob(f"{ASIDE}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: file_sha256(path) for path in sorted(folder.iterdir()) if path.name != MARKER}

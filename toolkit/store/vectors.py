"""Stores one vector for each text, so that an edit embeds only the changed texts and a killed run resumes.

A store is a folder of shards, one for each call of `put`. A shard is one .npy file of records (SHA-256 of the text,
number of its tokens, its vector), named by the SHA-256 of its own bytes. It is written beside its place, synced and
renamed, so after a kill, a full disk or a second run every shard is complete. A shard whose bytes no longer match its
name is reported and ignored, and its texts are embedded again. Shards never change, and nothing is unpickled.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from toolkit.errors import StoreError
from toolkit.settings import digest_of
from toolkit.values import Bools, Ints, Vectors

FOLDER = "vectors"
"""The store's folder of vectors, with one folder per model."""
PART = ".part"


@dataclass(frozen=True)
class StoredVectors:
    """The stored part of n texts: present (n,), vectors (n, d) and tokens (n,), the latter two zero if not present."""

    present: Bools
    vectors: Vectors
    tokens: Ints


def text_key(text: str) -> bytes:
    """The 32 bytes that a text is stored under."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class VectorStore:
    """Vectors of one model under `root`, by text.

    `identity` contains everything that decides a vector besides its text (weights, engine, versions, rule for long
    texts); its digest names the folder. `say` receives faults of the store as whole sentences.
    """

    def __init__(
        self, root: Path | str, identity: Mapping[str, Any], say: Callable[[str], None] = lambda text: None
    ) -> None:
        self.identity = dict(identity)
        self.key = digest_of(self.identity)[:32]
        self.folder = Path(root) / FOLDER / self.key
        self.say = say
        self._known: dict[str, npt.NDArray[Any]] = {}
        self._keys: npt.NDArray[np.bytes_] = np.empty(0, "S32")
        self._order: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._shard: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._row: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._bad: set[str] = set()
        self._indexed = False

    def get(self, texts: Sequence[str]) -> StoredVectors:
        """Stored vectors of texts, including those of shards that other runs have written since."""
        self._refresh()
        n = len(texts)
        if not len(self._keys) or not n:
            return StoredVectors(
                np.zeros(n, np.bool_), np.zeros((n, self._dimension()), np.float32), np.zeros(n, np.int32)
            )
        wanted = np.array([text_key(text) for text in texts], dtype="S32")
        place = np.minimum(np.searchsorted(self._keys, wanted, sorter=self._order), len(self._order) - 1)
        at = self._order[place]
        present = self._keys[at] == wanted
        vectors = np.zeros((n, self._dimension()), np.float32)
        tokens = np.zeros(n, np.int32)
        for number, records in enumerate(self._known.values()):
            here = np.flatnonzero(present & (self._shard[at] == number))
            if len(here):
                taken = records[self._row[at[here]]]
                vectors[here], tokens[here] = taken["vector"], taken["tokens"]
        return StoredVectors(present, vectors, tokens)

    def put(self, texts: Sequence[str], vectors: Vectors, tokens: Ints) -> None:
        """Store the vectors of these texts, on disk when this returns.

        Raises StoreError if the disk refuses; earlier vectors are unchanged.
        """
        if not len(texts):
            return
        if len(texts) != len(vectors) or len(texts) != len(tokens):
            raise ValueError(f"{len(texts)} texts, {len(vectors)} vectors, {len(tokens)} token counts")
        records = np.zeros(len(texts), record_type(vectors.shape[1]))
        records["key"] = [text_key(text) for text in texts]
        records["tokens"], records["vector"] = tokens, vectors
        buffer = io.BytesIO()
        np.save(buffer, records, allow_pickle=False)
        content = buffer.getvalue()
        name = hashlib.sha256(content).hexdigest() + ".npy"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / "identity.json").exists():
                write_whole(self.folder / "identity.json", json.dumps(self.identity, sort_keys=True).encode())
            write_whole(self.folder / name, content)
        except OSError as fault:
            raise StoreError(
                f"{self.folder}: vectors cannot be stored: {fault.strerror or fault}; "
                "free some space, or name another folder under `store`"
            ) from fault
        self._add(name, records)
        self._indexed = False

    def _dimension(self) -> int:
        for records in self._known.values():
            return int(records.dtype["vector"].shape[0])
        return 0

    def _refresh(self) -> None:
        new = [name for name in shard_names(self.folder) if name not in self._known and name not in self._bad]
        for name in new:
            records = self._read(name)
            if records is not None:
                self._add(name, records)
        if new or not self._indexed:
            self._index()

    def _read(self, name: str) -> npt.NDArray[Any] | None:
        """The records of a shard; None, with a warning, if its bytes do not match its name."""
        path = self.folder / name
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest + ".npy" == name:
                records: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
                if records.dtype.names == ("key", "tokens", "vector"):
                    return records
        except FileNotFoundError:
            return None  # pruned by another process just now
        except (OSError, ValueError) as fault:
            self.say(f"stored vectors {path} cannot be read ({fault}); their texts are embedded again")
            self._bad.add(name)
            return None
        self.say(f"stored vectors {path} are damaged; their texts are embedded again")
        self._bad.add(name)
        return None

    def _add(self, name: str, records: npt.NDArray[Any]) -> None:
        width = self._dimension()
        if width and records.dtype["vector"].shape[0] != width:
            self.say(f"stored vectors {self.folder / name} have another dimension than {width}; left aside")
            self._bad.add(name)
            return
        self._known[name] = records

    def _index(self) -> None:
        parts = list(self._known.values())
        if not parts:
            return
        self._keys = np.concatenate([part["key"] for part in parts])
        self._shard = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        self._row = np.concatenate([np.arange(len(part)) for part in parts])
        self._order = np.argsort(self._keys, kind="stable")
        self._indexed = True


def record_type(dimension: int) -> np.dtype[Any]:
    """The type of a stored text: sha256 of the text, its tokens, its vector."""
    return np.dtype([("key", "S32"), ("tokens", "<i4"), ("vector", "<f4", (dimension,))])


def shard_names(folder: Path) -> list[str]:
    """File names of the shards in a folder, sorted; empty if there is no folder."""
    try:
        return sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(".npy"))
    except FileNotFoundError:
        return []
    except OSError as fault:
        raise StoreError(f"{folder}: the vector store cannot be read: {fault.strerror or fault}") from fault


def write_whole(path: Path, content: bytes) -> None:
    """Write a file completely or not at all: beside its place, synced, renamed. Raises OSError."""
    aside = path.with_name(f".{uuid.uuid4().hex}{PART}")
    try:
        with aside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    if os.name == "posix":
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""The manifest of a run folder, written last: the hashes of every other file and a digest of its own content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from toolkit.errors import StoreError
from toolkit.files.csv import write_csv
from toolkit.files.digest import file_sha256
from toolkit.files.json import write_json
from toolkit.files.value import write_table
from toolkit.settings import digest_of

FORMAT = 1
MANIFEST = "manifest.json"
LONGEST_NAME = 200


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """The manifest of a finished run folder.

    Raises:
        StoreError: no such folder, no manifest (the run did not finish), or another format of run folder.
    """
    if not folder.is_dir():
        raise StoreError(f"{folder}: no such run folder")
    if not (folder / MANIFEST).is_file():
        inside = f"; {folder / 'run'} is one" if (folder / "run" / MANIFEST).is_file() else ""
        raise StoreError(f"{folder}: no {MANIFEST}, so this is no finished run folder{inside}")
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        found = manifest["format"]
    except (ValueError, KeyError, TypeError, OSError) as fault:
        raise StoreError(f"{folder}: {MANIFEST} cannot be read: {fault}") from None
    if found != FORMAT:
        raise StoreError(f"{folder}: run folder format {found}; this toolkit reads format {FORMAT}")
    missing = [key for key in ("experiment", "corpus", "files") if not manifest.get(key)]
    if missing or not {"name", "sha256"} <= set(manifest["experiment"]):
        raise StoreError(f"{folder}: {MANIFEST} is not whole: {', '.join(missing) or 'experiment'} missing")
    return manifest


ASSIGNED = "assign"
"""`kind` in the manifest of a folder of documents that `toolkit assign` gave the themes of a run."""


def write_tables(folder: Path, tables: Mapping[str, Any]) -> None:
    """Each table as Parquet and as CSV under `tables/`."""
    (folder / "tables").mkdir(exist_ok=True)
    for name, table in tables.items():
        write_table(table, folder / "tables" / f"{name}.parquet")
        write_csv(table, folder / "tables" / f"{name}.csv")


def folder_files(folder: Path) -> dict[str, str]:
    """Relative path -> sha256 of every file of a run folder but the manifest."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in paths}


def seal(folder: Path, manifest: Mapping[str, Any], files: Mapping[str, str] | None = None) -> None:
    """Write the manifest, last: the hashes of every other file (or `files`) and the digest of its own content."""
    tree = {**manifest, "format": FORMAT, "files": dict(folder_files(folder) if files is None else files)}
    write_json({**tree, "seal": manifest_digest(tree)}, folder / MANIFEST)


def manifest_digest(manifest: Mapping[str, Any]) -> str:
    """The sha256 (hex) of a manifest's content, its own `seal` aside: an edit to the manifest shows."""
    return digest_of({key: value for key, value in manifest.items() if key != "seal"})


def source_place(document_id: str, path: str) -> str:
    """Where in `sources/` the text of a document lies: beside its file's path, or in a folder of a table's rows."""
    if document_id == path:
        return f"{path}.txt"
    row = document_id.removeprefix(f"{path}#")
    name = quote(row, safe=" ")
    if len(name) > LONGEST_NAME:
        name = f"{name[:LONGEST_NAME]}-{hashlib.sha256(row.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return f"{path}.rows/{name}.txt"

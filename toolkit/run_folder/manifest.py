"""The manifest of a run folder, written last: the hashes of all other files and a digest of its own content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NotRequired, Required, TypedDict, cast
from urllib.parse import quote

from toolkit.errors import StoreError
from toolkit.files.csv import write_csv
from toolkit.files.digest import file_sha256
from toolkit.files.json import write_json
from toolkit.files.value import write_table
from toolkit.run_folder.no_run import no_run
from toolkit.settings import digest_of

FORMAT = 2
"""The format of run folders that is written here."""
READ_FORMATS = (1, FORMAT)
"""Readable formats; `upgrade.py` converts the tables of older formats."""
MANIFEST = "manifest.json"
TEXTS = "sources/texts.jsonl"
"""The corpus in a run folder, if it came as texts from Python and has no file of its own."""
MOST_NAME_CHARACTERS = 200
CODING = "coding"
"""`purpose` of the second encoder among the models of a manifest."""


ASSIGNED = "assign"
"""`kind` in the manifest of a folder of documents that `toolkit assign` gave the themes of a run."""


class ToolkitRecord(TypedDict):
    """The code of the run: version, sha256 of its files (not in format 1), and commit and dirty of a git checkout."""

    version: str
    code: NotRequired[str]
    commit: str | None
    dirty: bool | None


class ExperimentRecord(TypedDict):
    """An experiment: its name, and the sha256 of its resolved config, codebook included.

    `left_out`: keys of the config that were omitted because they concern other documents, if there are any.
    """

    name: str
    sha256: str
    left_out: NotRequired[list[str]]


class CorpusRecord(TypedDict):
    """The documents: the sha256 of their files, and their number."""

    sha256: str
    documents: int
    paragraphs: int


class StageRecord(TypedDict):
    """One stage: its key in the store, its duration in seconds, and whether it came from the store."""

    name: str
    key: str
    seconds: float
    from_cache: bool


class ModelRecord(TypedDict):
    """An embedding model: its name and weights; `purpose` is coding if it read for codes alone, else it lacks."""

    id: str
    revision: str | None
    sha256: str | None
    dimension: int
    max_tokens: int | None
    engine: str
    purpose: NotRequired[str]


class ParentRecord(ExperimentRecord):
    """The run that documents were assigned to, with the seal of its manifest."""

    seal: str | None


class RewriteRecord(TypedDict):
    """A rewritten report: its formats, the amount of text that it shows, and whether the print version is full; None if
    not."""

    formats: list[str]
    text: str
    full: NotRequired[bool]


class ExportRecord(TypedDict):
    """A copy with cut texts: the amount of text that remains, and the files (path -> sha256) of the original run."""

    text: str
    files: dict[str, str]


class Record(TypedDict):
    """The parts of a manifest that reading a corpus determines."""

    toolkit: ToolkitRecord
    corpus: CorpusRecord
    seed: int
    stages: list[StageRecord]
    environment: dict[str, Any]
    models: list[ModelRecord]


class RunDraft(Record):
    """The manifest of a run but for times, inputs and hashes."""

    experiment: ExperimentRecord
    speed: dict[str, Any]


class AssignmentDraft(Record):
    """The manifest of an assignment but for times, inputs and hashes; `parent` is the run that it started from."""

    experiment: ExperimentRecord
    kind: str
    parent: ParentRecord


class Manifest(TypedDict, total=False):
    """`manifest.json`. A finished run has the required keys (`read_manifest` checks); others may be absent in a foreign
    file.

    `files` maps every other file to its sha256; times are ISO 8601 in UTC; `inputs` are the places of the inputs.
    """

    format: Required[int]
    experiment: Required[ExperimentRecord]
    corpus: Required[CorpusRecord]
    files: Required[dict[str, str]]
    seal: str
    toolkit: ToolkitRecord
    seed: int
    stages: list[StageRecord]
    environment: dict[str, Any]
    models: list[ModelRecord]
    started: str
    finished: str
    took: dict[str, Any]
    inputs: dict[str, Any]
    speed: dict[str, Any]
    kind: str
    parent: ParentRecord
    rewrites: list[RewriteRecord]
    exported: ExportRecord


def read_draft(folder: Path) -> Manifest:
    """The manifest of a folder as far as it is written, unchecked."""
    return cast(Manifest, json.loads((folder / MANIFEST).read_text(encoding="utf-8")))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a finished run folder.

    Raises:
        StoreError: no such folder, no manifest (the run did not finish), or another format of run folder.
    """
    if not (folder / MANIFEST).is_file():
        raise StoreError(no_run(folder))
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version = manifest["format"]
    except (ValueError, KeyError, TypeError, OSError) as fault:
        raise StoreError(f"{folder}: {MANIFEST} cannot be read: {fault}") from None
    if version not in READ_FORMATS:
        formats = " and ".join(map(str, READ_FORMATS))
        raise StoreError(f"{folder}: run folder format {version}; this toolkit reads formats {formats}")
    missing = [key for key in ("experiment", "corpus", "files") if not manifest.get(key)]
    if missing or not {"name", "sha256"} <= set(manifest["experiment"]):
        raise StoreError(f"{folder}: {MANIFEST} is not whole: {', '.join(missing) or 'experiment'} missing")
    return cast(Manifest, manifest)


def text_left(manifest: Manifest) -> str:
    """The amount of text in a run folder: "full", or what remains after an export that cut texts."""
    return manifest["exported"]["text"] if manifest.get("exported") else "full"


def original_files(manifest: Manifest) -> dict[str, str]:
    """Path -> sha256 of the files as the run wrote them, even if an export cut texts."""
    return dict(manifest["exported"]["files"] if manifest.get("exported") else manifest["files"])


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
    """Write the manifest, last: the hashes of every other file (or `files`) and the digest of its own content.

    A manifest that names its format keeps it: rewriting a report leaves the tables unchanged.
    """
    tree = {"format": FORMAT, **manifest, "files": dict(folder_files(folder) if files is None else files)}
    write_json({**tree, "seal": manifest_digest(tree)}, folder / MANIFEST)


def manifest_digest(manifest: Mapping[str, Any]) -> str:
    """The sha256 (hex) of a manifest's content without `seal`; it reveals an edit of the manifest."""
    return digest_of({key: value for key, value in manifest.items() if key != "seal"})


def source_place(document_id: str, path: str) -> str:
    """The path in `sources/` of a document's text: beside its file's path, or in a folder for a table's rows."""
    if document_id == path:
        return f"{path}.txt"
    row = document_id.removeprefix(f"{path}#")
    name = quote(row, safe=" ")
    if len(name) > MOST_NAME_CHARACTERS:
        name = f"{name[:MOST_NAME_CHARACTERS]}-{hashlib.sha256(row.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return f"{path}.rows/{name}.txt"

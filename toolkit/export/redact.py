"""Copies a run folder and shows only as much of its texts as is permitted: all, 30 words of each quote, or none."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from toolkit.experiment.experiment import report_settings
from toolkit.report import write_report
from toolkit.run_folder.manifest import MANIFEST, original_files, seal, text_left, write_tables
from toolkit.run_folder.reader import RunTables
from toolkit.runs import Run
from toolkit.schemas import DOCUMENTS
from toolkit.text.format import snippet
from toolkit.values import Table

TextRights = Literal["full", "snippet", "none"]
WORDS = {
    "paragraphs": ("text", "heading"),
    "ledger": ("text",),
    "exemplars": ("quote",),
    "asked": ("prompt",),
    "codes": ("quote",),
    "disagreements": ("text",),
    "kwic": ("match", "window"),
}
"""Columns with words of the corpus; titles and kept columns of `documents` are added to these."""


ORDER: tuple[TextRights, ...] = ("none", "snippet", "full")


def stricter(*rights: str) -> TextRights:
    """The right that shows the least text."""
    return min((right for right in ORDER if right in rights), key=ORDER.index)


class ShownTables(RunTables):
    """The tables of a run folder with only as much of its texts as is permitted; `text` is what they still have."""

    def __init__(self, folder: Path, text: TextRights) -> None:
        super().__init__(folder)
        self.text = stricter(text, text_left(self.manifest))

    def table(self, name: str) -> Table:
        """A table as a pyarrow Table, its words of the corpus cut."""
        cut = name not in self._tables and self.text != "full"
        table = super().table(name)
        if cut:
            self._tables[name] = _cut(table, _columns_of_words(name, table), self.text)
        return self._tables.get(name, table)


def _columns_of_words(name: str, table: Table) -> tuple[str, ...]:
    """The columns of a table that contain words of the corpus: of `documents` titles and what was kept of the files."""
    if name != "documents":
        return WORDS.get(name, ())
    known = {*DOCUMENTS.names, "theme"}
    return tuple(column for column in table.column_names if column not in known or column == "title")


def _last_names(paths: Any) -> Any:
    if isinstance(paths, list):
        return [Path(path).name for path in paths]
    return Path(paths).name if paths else paths


def copy_run(run: Run, folder: Path, text: TextRights) -> Path:
    """The run's own files copied into `folder` (new), its texts cut to what may be shown, its manifest sealed anew.

    If texts were cut the manifest keeps the hashes of the files as the run wrote them under `exported`, so that a
    replay can still be graded. Of the machine's paths only the last names stay.
    """
    for name in sorted(run.manifest["files"]):
        source, place = run.path / name, folder / name
        if source.is_file() and not (text != "full" and name.startswith("sources/")):
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)
    inputs = run.manifest.get("inputs") or {}
    manifest = {**run.manifest, "inputs": {key: _last_names(path) for key, path in inputs.items()}}
    manifest.pop("seal", None)
    if text == "full":
        seal(folder, manifest, run.manifest["files"])
        return folder
    shutil.copyfile(run.path / MANIFEST, folder / MANIFEST)
    _report(folder, text)
    _cut_tables(Run(folder), text)
    original = original_files(run.manifest)
    seal(folder, {**manifest, "exported": {"text": text, "files": original}})
    return folder


def _report(folder: Path, text: TextRights) -> None:
    """Write the folder's reports again with less text (while its tables still have all of it)."""
    formats = [kind for kind in ("html", "md", "pdf") if (folder / f"report.{kind}").is_file()]
    settings = report_settings(folder, {"formats": formats, "text": text}, "toolkit export")
    write_report(folder, settings)


def _cut_tables(run: Run, text: TextRights) -> None:
    present = {path.stem for path in (run.path / "tables").glob("*.parquet")}  # an older run has no keyword lines
    cut = {name: _cut(run.table(name), columns, text) for name, columns in WORDS.items() if name in present}
    documents = run.table("documents")
    cut["documents"] = _cut(documents, _columns_of_words("documents", documents), text)
    write_tables(run.path, cut)


def _cut(table: Table, columns: tuple[str, ...], text: TextRights) -> Table:
    for name in columns:
        if name not in table.column_names:
            continue
        kind = table.schema.field(name).type
        values = table[name].to_pylist()
        is_words = pa.types.is_string(kind) or pa.types.is_large_string(kind)
        short = [snippet(value) if value and text == "snippet" and is_words else None for value in values]
        if text == "none" or is_words:
            table = table.set_column(table.schema.get_field_index(name), name, pa.array(short, kind))
    return table

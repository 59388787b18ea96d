"""Real runs for tests of figures, reports and exports: each study is run once a session, and tests get copies of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from filelock import FileLock
from kit.press import Press, write_press

import toolkit
from toolkit.files.value import read_table
from toolkit.run_folder.manifest import write_tables
from toolkit.run_folder.reader import RunTables
from toolkit.runtime.progress import Progress

RUNS = "TOOLKIT_TEST_RUNS"
"""Environment variable: the folder of the session's runs, the same for all of its workers."""
IDS = ("paragraph_id", "document_id", "duplicate_of")

Rows = list[dict[str, Any]]


def press_run(folder: Path, **options: Any) -> Path:
    """Write a finished run of the press study (see `Press` for the options) into a folder (new) and give its path."""
    made = _once(Press(**options))
    return Path(copytree(made, folder))


def _once(press: Press) -> Path:
    """The run of a study, made by the first test that needs it."""
    home = Path(os.environ[RUNS])
    home.mkdir(parents=True, exist_ok=True)
    place = home / press.name / "run"
    with FileLock(home / f"{press.name}.lock"):
        if not place.is_dir():
            rmtree(home / press.name, ignore_errors=True)  # what a run that failed has left
            toolkit.run(write_press(home / press.name / "study", press), out=place, progress=Progress(quiet=True))
    return place


def altered(folder: Path, name: str, change: Callable[[Rows], Rows]) -> None:
    """Give a table of a copied run other rows, for a value that no small run has; columns of new rows are added."""
    table = read_table(folder / "tables" / f"{name}.parquet")
    rows = change(table.to_pylist())
    names = dict.fromkeys(key for row in rows for key in row if key not in table.column_names)
    columns = {name: pa.array([row.get(name) for row in rows]).type for name in names}
    write_tables(folder, {name: pa.Table.from_pylist(rows, schema=pa.schema([*table.schema, *columns.items()]))})


def badged(folder: Path, badges: pa.Table) -> None:
    """Give the codes of a copied run these badges, a row for each code (`toolkit.codebook.badges.badges`)."""
    by_code = {row["code"]: row for row in badges.to_pylist()}
    altered(folder, "thresholds", lambda rows: [row | by_code[row["code"]] for row in rows])


def repeated(folder: Path, copies: int) -> Path:
    """Make a run `copies` times as long: all documents again, with ids of their own; shares stay, counts grow.

    A run of 100,000 paragraphs takes minutes, so tests of what a page does with many repeat a small one.
    """
    tables = RunTables(folder)
    for name in ("paragraphs", "documents", "codes", "ledger"):
        if (folder / "tables" / f"{name}.parquet").is_file():
            write_tables(folder, {name: _copied(tables.table(name), copies)})
    altered(folder, "themes", lambda rows: [{**row, "paragraphs": row["paragraphs"] * copies,
            "documents": row["documents"] * copies} for row in rows])  # fmt: skip
    return folder


def _copied(table: pa.Table, copies: int) -> pa.Table:
    """A table so many times; the ids of every copy but the first begin with its number."""
    made = [table]
    for copy in range(1, copies):
        more = table
        for name in IDS:
            if name in table.column_names:
                ids = pc.binary_join_element_wise(f"{copy:04d}-", table[name], "")
                more = more.set_column(more.column_names.index(name), name, ids)
        made.append(more)
    return pa.concat_tables(made).combine_chunks()

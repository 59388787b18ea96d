"""The log of a finished run, and what further decisions call its themes: read from the run folder alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.decisions.log import Log, ThemeReference, named, new_log
from toolkit.decisions.reading import read_log
from toolkit.decisions.references import references
from toolkit.errors import StoreError
from toolkit.run_folder.manifest import ASSIGNED, read_draft, text_left
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import name_of, one_line
from toolkit.values import NOISE, Vectors

LOG = "decisions.yaml"
"""The log that a run was made with, in its folder."""


@dataclass(frozen=True)
class RunLog:
    """A log to go on with: that of the run, or one without decisions, with a reference for each theme of the run.

    `keys` is what a decision at the end of the log calls each theme, `labels` what the run calls it.
    """

    log: Log
    keys: Mapping[int, str]
    labels: Mapping[int, str]


def run_log(folder: Path) -> RunLog:
    """The log of a run folder.

    Raises: StoreError if the folder has another run's themes, or texts were cut out of this copy.
    """
    manifest = read_draft(folder)
    if manifest.get("kind") == ASSIGNED:
        of = manifest["parent"]["name"]
        raise StoreError(f"{folder}: contains documents assigned to the run {of!r}; decide on the themes of that run")
    if text_left(manifest) != "full":
        raise StoreError(f"{folder}: texts were cut out of this copy on export; decide on the themes of the run itself")
    tables = RunTables(folder)
    experiment, corpus = str(manifest["experiment"]["sha256"]), str(manifest["corpus"]["sha256"])
    references_of_run = themes_meant(tables)
    labels = {int(row["theme"]): str(row["label"] or "") for row in tables.themes}
    if not (folder / LOG).is_file():
        log = new_log(
            one_line(manifest["experiment"]["name"]),
            experiment,
            corpus,
            {reference.key: reference for reference in references_of_run.values()},
        )
        return RunLog(log, {theme: reference.key for theme, reference in references_of_run.items()}, labels)
    return _continued(
        named(read_log(folder / LOG)), references_of_run, tables, f"{experiment[:8]}-{corpus[:8]}", labels
    )


def _continued(
    log: Log, references_of_run: Mapping[int, ThemeReference], tables: RunTables, run: str, labels: Mapping[int, str]
) -> RunLog:
    """A log that has decisions, with references for the themes of this run that it does not mean yet."""
    known = {*log.themes, *(name for decision in log.decisions for name in decision.names)}
    keys = {int(row["theme"]): row["key"] for row in tables.themes if row.get("key") in known}
    fresh = {theme: replace(reference, run=run) for theme, reference in references_of_run.items() if theme not in keys}
    keys |= {theme: reference.key for theme, reference in fresh.items()}
    themes = {
        **log.themes,
        **{reference.key: reference for reference in fresh.values() if reference.key not in log.themes},
    }
    return RunLog(replace(log, themes=themes), keys, labels)


def themes_meant(tables: RunTables) -> dict[int, ThemeReference]:
    """Theme -> reference of each theme of a run, as its folder has them."""
    rows = analysed(tables)
    table = tables.table("paragraphs").take(rows)
    assignment = table["theme"].to_numpy().astype(np.int32)
    strength = table["strength"].to_numpy(zero_copy_only=False).astype(float)
    labels = {int(row["theme"]): name_of(row["label"]) for row in tables.themes}
    vectors = embeddings(tables)[rows]
    made = references(table["text"].to_pylist(), assignment, strength, vectors, labels)
    themes = sorted(set(assignment.tolist()) - {NOISE})
    return dict(zip(themes, made.values(), strict=True))


def analysed(tables: RunTables) -> Any:
    """(n,) rows of the paragraphs table that count once: no copies."""
    return np.flatnonzero(tables.table("paragraphs")["duplicate_of"].is_null().to_numpy())


def embeddings(tables: RunTables) -> Vectors:
    """(paragraphs, d) float32 unit rows, mapped from disk."""
    vectors: Vectors = np.load(tables.folder / "embeddings.npy", mmap_mode="r", allow_pickle=False)
    return vectors

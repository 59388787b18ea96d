"""Logs of decisions about the themes of a finished run, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.decisions import Log, add, new_log, references, write_log
from toolkit.runs import Run
from toolkit.values import NOISE

WHEN = "2026-11-30T12:00:00Z"


def log_of(run: Run) -> Log:
    """A log without decisions about the themes of a run."""
    rows = run.paragraphs[run.paragraphs["duplicate_of"].isna()]
    vectors = np.array(run.embeddings)[rows.index.to_numpy()]
    labels = {int(row.theme): row.label for row in run.themes.itertuples() if row.level == 0 and row.theme != NOISE}
    themes = references(
        rows["text"].tolist(), rows["theme"].to_numpy(np.int32), rows["strength"].to_numpy(float), vectors, labels
    )
    return new_log(run.manifest["experiment"]["name"], run.manifest["experiment"]["sha256"],
                   run.manifest["corpus"]["sha256"], themes)  # fmt: skip


def key_of(run: Run, theme: int) -> str:
    """What a log calls a theme of a run."""
    return str(run.themes.set_index("theme").loc[theme, "key"])


def write(place: Path, log: Log, *decisions: Mapping[str, Any]) -> Path:
    """A log with these decisions more, by Wei, in a file."""
    for decision in decisions:
        log = add(log, {"who": "Wei", "when": WHEN, "why": "they are one to a reader", **decision})
    place.write_text(write_log(log), encoding="utf-8")
    return place

"""A finished run of five themes whose refits are set: two themes together in half of them, a third always in halves.

No corpus gives refits that differ in just this way, and the suggestions of curating rest on how they differ. All
that is made of them, pairs, halves and keys, is made by the code that a run uses.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.discover.pairs import halves, theme_pairs
from toolkit.files.yaml12 import dump
from toolkit.run_folder.manifest import seal, write_tables
from toolkit.schemas import LEVELS
from toolkit.values import Discovery

LABELS = ("Ports and quays", "Schools", "Wind farms", "Hospitals", "Ferries")
KEYWORDS = (
    ["harbour", "quay", "dredge"],
    ["pupils", "exam"],
    ["turbine", "grid"],
    ["nurse", "ward"],
    ["ferry", "quay"],
)
SIZES = (12, 10, 8, 6, 5)
HALVED = 1
"""The theme whose halves refits tell apart."""


@dataclass(frozen=True)
class Made:
    """The run folder, and what discovery would have given it."""

    folder: Path
    discovery: Discovery
    texts: list[str]
    vectors: Any


def curated_run(
    folder: Path, extra: Sequence[str] = (), labels: Sequence[str] = LABELS, tables: bool = True, refits: int = 4
) -> Made:
    """A run whose refits put themes 0 and 4 together half of the time and divide theme 1 always.

    `extra` texts go to theme 0; without `tables` it is a folder of before there was evidence,
    and there are at most 4 `refits`.
    """
    rng = np.random.default_rng(5)
    sizes = (SIZES[0] + len(extra), *SIZES[1:])
    assignment = np.repeat(np.arange(5, dtype=np.int32), sizes)
    texts = [
        f"The {KEYWORDS[theme][row % 2]} of item {row} was inspected twice." for row, theme in enumerate(assignment)
    ]
    texts[: len(extra)] = list(extra)
    texts += [f"Rain fell on market day {row}." for row in range(3)]
    second = np.zeros(len(assignment), bool)
    second[np.flatnonzero(assignment == HALVED)[6:]] = True
    vectors = np.eye(8)[assignment] * 4 + rng.normal(0, 0.2, (len(assignment), 8))
    vectors[assignment == 4] += np.eye(8)[0] * 2
    vectors[second] += np.eye(8)[6] * 5
    vectors = np.concatenate([vectors, rng.normal(0, 1, (3, 8))])
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    groups = np.tile(np.where(second, 9, assignment), (4, 1))
    groups[:2][:, assignment == 4] = 0
    groups = np.concatenate([groups, np.full((4, 3), -1)], 1).astype(np.int32)[:refits]
    assignment = np.concatenate([assignment, np.full(3, -1, np.int32)])
    discovery = _discovery(assignment, groups)
    _write(folder, discovery, texts, vectors, labels, tables)
    return Made(folder, discovery, texts, vectors)


def _discovery(assignment: Any, refits: Any) -> Discovery:
    n, none = len(assignment), pa.table({"row": pa.array([], pa.int32())})
    levels = pa.table([list(range(5)), [0] * 5, [None] * 5], schema=LEVELS)
    return Discovery(
        assignment, np.linspace(0.5, 0.99, n), np.full((5, 3), 0.8), np.zeros((n, 2)), levels, none, none,
        np.zeros(n, bool), np.zeros(5, bool), "Made by hand.", refits=refits,
    )  # fmt: skip


def _write(
    folder: Path, discovery: Discovery, texts: list[str], vectors: Any, labels: Sequence[str], tables: bool
) -> None:
    from toolkit.decisions import references

    folder.mkdir(parents=True)
    n, themes = len(texts), discovery.assignment
    ids = [f"page{row % 4}.txt:{row}" for row in range(n)]
    named = dict(enumerate(labels))
    keys = list(references(texts, themes, discovery.strength, vectors, named))
    made: dict[str, Any] = {
        "paragraphs": pa.table({
            "paragraph_id": ids, "document_id": [f"page{row % 4}.txt" for row in range(n)], "text": texts,
            "duplicate_of": pa.nulls(n, pa.string()), "theme": themes, "strength": discovery.strength,
        }),
        "documents": pa.table({
            "document_id": [f"page{page}.txt" for page in range(4)], "title": [f"Page {page}" for page in range(4)],
            "source": ["Coast Gazette"] * 4, "date": ["2024-05-01"] * 4, "language": ["en"] * 4,
        }),
        "themes": pa.Table.from_pylist([
            {"theme": theme, "level": 0, "label": named.get(theme, "No theme"), "keywords": KEYWORDS[theme],
             "share": 0.2, "share_low": 0.1, "share_high": 0.3, "stability": 0.8, "stability_low": 0.7,
             "stability_high": 0.9, "fragile": theme == 3, "key": keys[theme] if theme >= 0 else None}
            for theme in (*range(5), -1)
        ]),
        "exemplars": pa.Table.from_pylist([
            {"theme": int(theme), "rank": rank, "paragraph_id": ids[row], "quote": texts[row]}
            for theme in (*range(5), -1) for rank, row in enumerate(np.flatnonzero(themes == theme)[:5], 1)
        ]),
    }  # fmt: skip
    if tables:
        parts = halves(discovery, vectors, 1).to_pylist()
        made["theme_pairs"] = theme_pairs(discovery, vectors)
        made["halves"] = pa.Table.from_pylist([{**row, "paragraph_id": ids[row["row"]]} for row in parts])
    write_tables(folder, made)
    np.save(folder / "embeddings.npy", vectors)
    (folder / "metrics.json").write_text("{}", encoding="utf-8")
    (folder / "config.yaml").write_text(
        dump({"name": "coast", "corpus": {"path": "texts"}, "seed": 1}), encoding="utf-8"
    )
    manifest = {
        "format": 2, "toolkit": {"version": "0.2.0"}, "experiment": {"name": "coast", "sha256": "a3f1" * 16},
        "corpus": {"sha256": "c0de" * 16, "documents": 4, "paragraphs": n}, "seed": 1, "models": [], "stages": [],
        "environment": {"packages": {}}, "files": {},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    seal(folder, manifest)

"""The partitions whose themes are named: a study and three samples of labelled sets, each run once."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
STUDY = "study"
LENGTHS = {"20newsgroups": (20, 300)}
"""Least and most words of a document that may be drawn."""
DRAWN = {"bbc_news": 400, "20newsgroups": 800, "stackoverflow_titles": 1500}
SETS = (STUDY, *DRAWN)
CENTRAL = 5
SHOWN = 10


def by_hash(items: Sequence[str], key: str) -> list[int]:
    """Places of the items in the order of a hash of key and item: the same draw on every machine."""
    return sorted(range(len(items)), key=lambda at: hashlib.sha256(f"{key} {items[at]}".encode()).digest())


def draw(shared: Path, name: str, out: Path) -> Path:
    """The drawn documents of a labelled set as JSON lines of id and text, without its labels."""
    with gzip.open(shared / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows = list({row["text"]: row for row in reversed(rows)}.values())
    least, most = LENGTHS.get(name, (1, 10**9))
    rows = [row for row in rows if least <= len(row["text"].split()) <= most]
    ids = [str(row["id"]) for row in rows]
    chosen = sorted(by_hash(ids, name)[: DRAWN[name]], key=lambda at: ids[at])
    out.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps({"id": ids[at], "text": rows[at]["text"]}, ensure_ascii=False) + "\n" for at in chosen)
    out.write_text(text, encoding="utf-8", newline="\n")
    return out


def run_all(shared: Path, runs: Path, store: Path, labeller: str | None = None, only: Sequence[str] = SETS) -> None:
    """Run every set into `runs`/NAME; with another labeller the themes stay the same, since discovery does."""
    from toolkit.pipeline import run

    for name in only:
        given: dict[str, Any] = {"store": str(store)}
        if labeller:
            given["describe.labeller.method"] = labeller
        if name == STUDY:
            config = ROOT / "configs" / "future_industries.yaml"
        else:
            config = HERE / f"{name}.yaml"
            given["corpus.path"] = str(draw(shared, name, runs / "corpora" / f"{name}.jsonl"))
        made = run(config, set=given, out=runs / name, replace=True)
        print(f"{name}: {len(made.themes)} rows of themes in {runs / name}", flush=True)


@dataclass(frozen=True)
class Partition:
    """The unique paragraphs of a run and their themes; all arrays in the order of the paragraphs table."""

    name: str
    texts: tuple[str, ...]
    documents: tuple[str, ...]
    ids: tuple[str, ...]
    theme: np.ndarray
    vectors: np.ndarray
    labels: dict[int, str]
    keywords: dict[int, tuple[str, ...]]

    @cached_property
    def themes(self) -> list[int]:
        """Numbers of the themes, -1 left out."""
        return sorted(self.labels)

    def rows(self, theme: int) -> np.ndarray:
        """Places of the theme's paragraphs."""
        return np.flatnonzero(self.theme == theme)

    def central(self, theme: int) -> list[int]:
        """Places of the theme's paragraphs, nearest to its mean vector first."""
        rows = self.rows(theme)
        nearness = self.vectors[rows] @ self.vectors[rows].mean(axis=0)
        return [int(rows[at]) for at in np.lexsort((rows, -np.round(nearness, 6)))]

    def shown(self, theme: int) -> list[int]:
        """Places of ten paragraphs: the five most central, then five of the others by hash."""
        order = self.central(theme)
        first, others = order[:CENTRAL], sorted(order[CENTRAL:])
        drawn = by_hash([self.ids[at] for at in others], f"{self.name} {theme}")
        return first + [others[at] for at in drawn[: SHOWN - len(first)]]


def load(runs: Path, name: str) -> Partition:
    """The partition of a run folder `runs`/NAME; paragraphs without a theme have -1."""
    folder = runs / name
    from toolkit.run_folder.reader import RunTables

    tables = RunTables(folder)
    table = tables.table("paragraphs")
    unique = np.array([one is None for one in table["duplicate_of"].to_pylist()])
    kept = np.flatnonzero(unique)
    rows = {column: table[column].to_pylist() for column in ("text", "document_id", "paragraph_id", "theme")}
    return Partition(
        name,
        tuple(" ".join(rows["text"][at].split()) for at in kept),
        tuple(rows["document_id"][at] for at in kept),
        tuple(rows["paragraph_id"][at] for at in kept),
        np.array([rows["theme"][at] for at in kept]),
        np.load(folder / "embeddings.npy")[kept],
        {int(row["theme"]): row["label"] for row in tables.themes},
        {int(row["theme"]): tuple(row["keywords"]) for row in tables.themes},
    )

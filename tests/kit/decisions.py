"""Small discoveries and logs about them, made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.decisions import Log, add, digest, new_log, references
from toolkit.decisions.deciding import Decided, decide
from toolkit.discover.clusterer import candidate_table, centroids
from toolkit.discover.hierarchy import hierarchy
from toolkit.discover.small import NEIGHBOURS
from toolkit.values import Discovery

PERSON = {"who": "Wei", "when": "2026-11-30T12:00:00Z"}
WORDS = ("harbour", "school", "grid", "clinic", "orchard", "court", "theatre", "glacier")


def rows_of(groups: np.ndarray, spread: float = 0.15, seed: int = 1) -> np.ndarray:
    """Unit rows around one axis for each group; each group has two halves that differ along another axis."""
    random = np.random.default_rng(seed)
    means = np.eye(20)[np.maximum(groups, 0)] + 0.4 * np.eye(20)[10 + np.arange(len(groups)) % 2]
    rows = means + spread * random.normal(size=means.shape) / 4
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


class Case:
    """A discovery of paragraphs with given themes, and a log about it that grows line by line."""

    def __init__(self, themes: Any, refits: Any = (), texts: list[str] | None = None, **more: Any) -> None:
        themes = np.asarray(themes, np.int32)
        self.texts = texts or [f"{WORDS[theme]} paragraph {row}" for row, theme in enumerate(themes)]
        self.vectors = rows_of(themes)
        k = int(themes.max(initial=-1)) + 1
        sizes = np.bincount(themes[themes >= 0], minlength=k).astype(np.int32)
        given: dict[str, Any] = {
            "assignment": themes,
            "strength": np.where(themes < 0, np.nan, 0.5),
            "stability": np.tile([0.9, 0.8, 1.0], (k, 1)),
            "layout": np.zeros((len(themes), 2)),
            "levels": hierarchy(centroids(self.vectors, themes), sizes, 2),
            "candidates": candidate_table([]),
            "neighbours": NEIGHBOURS.empty_table(),
            "reassigned": np.zeros(len(themes), bool),
            "fragile": np.zeros(k, bool),
            "method": "Found.",
            "parameters": {"fragile_below": 0.6},
            "notes": ("Found a note.",),
            "refits": np.asarray(refits, np.int32).reshape(len(refits), len(themes)),
        }
        self.discovery = Discovery(**{**given, **more})
        labels = {theme: WORDS[theme].title() for theme in range(k)}
        named = references(self.texts, self.discovery.assignment, self.discovery.strength, self.vectors, labels)
        self.keys = list(named)
        self.log = new_log("case", "e" * 64, "c" * 64, named)

    def add(self, do: str, **fields: Any) -> Case:
        self.log = add(self.log, {"do": do, **fields, **PERSON})
        return self

    def digests(self, *rows: int) -> list[str]:
        return [digest(self.texts[row]) for row in rows]

    def decide(self, log: Log | None = None, discovery: Discovery | None = None, seed: int = 3) -> Decided:
        return decide(self.log if log is None else log, discovery or self.discovery, self.texts, self.vectors, seed)


def outcomes(decided: Decided) -> list[str]:
    return decided.outcomes["outcome"].to_pylist()


def row(decided: Decided, line: int) -> dict[str, Any]:
    return decided.outcomes.to_pylist()[line - 1]


def sets(assignment: np.ndarray) -> set[frozenset[int]]:
    """Themes as sets of rows, whatever their numbers."""
    return {frozenset(np.flatnonzero(assignment == theme).tolist()) for theme in set(assignment.tolist()) - {-1}}

"""What speaks for joining two themes, and for dividing one: from the tables `theme_pairs` and `halves` of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.run_folder.reader import RunTables
from toolkit.values import Ints, Vectors

TOGETHER = 0.2
"""Least share of pairs of paragraphs, one of each theme, that refits put together, for a merge to be suggested."""
APART = 0.5
"""Least share of pairs of paragraphs, one of each half, that refits keep apart, for a split to be suggested."""
MOST = 12
"""Suggestions of each kind, at most."""
WORDS = 5
"""Words of a half, at most."""
QUOTES = 3
PARTS = 20
"""Paragraphs of each half whose digests say which part is which."""
OLDER = "Suggestions need a newer run: this run folder has no table of near themes and halves. All else works without."


@dataclass(frozen=True)
class Halves:
    """What a split of a theme in two does.

    `rows` are the rows of the paragraphs table in each half, the most typical first. `words` are keywords of the theme
    with the number of paragraphs that contain them in this half and in the other one, where their share is greater
    here. `apart` in [0, 1] is how often refits put a paragraph of each half into different groups; None without refits.
    """

    rows: tuple[Ints, Ints]
    words: tuple[list[tuple[str, int, int]], list[tuple[str, int, int]]]
    apart: float | None


def pairs(tables: RunTables, keys: Mapping[int, str]) -> list[tuple[str, str, float | None, float | None]]:
    """Key, key, `together`, cosine of every two themes; empty if the run has no such table."""
    return [
        (keys[row["theme"]], keys[row["other"]], _rounded(row["together"]), _rounded(row["cosine"]))
        for row in tables.rows("theme_pairs")
    ]


def refits(tables: RunTables) -> int:
    """How many refits the evidence rests on, at most."""
    return max((int(row["refits"] or 0) for row in tables.rows("theme_pairs")), default=0)


def missing(tables: RunTables) -> str | None:
    """Why there is no evidence: one sentence, or None if there is."""
    names = [set(tables.table(name).column_names) for name in ("theme_pairs", "halves")]
    return None if "together" in names[0] and "half" in names[1] else OLDER


def halves(tables: RunTables, vectors: Vectors, keywords: Mapping[int, Sequence[str]]) -> dict[int, Halves]:
    """Theme -> its halves, of each theme that has some."""
    row_of = {name: row for row, name in enumerate(tables.table("paragraphs")["paragraph_id"].to_pylist())}
    texts = tables.table("paragraphs")["text"]
    parts: dict[int, tuple[list[int], list[int]]] = {}
    apart: dict[int, float | None] = {}
    for line in tables.rows("halves"):
        parts.setdefault(line["theme"], ([], []))[line["half"]].append(row_of[line["paragraph_id"]])
        apart[line["theme"]] = _rounded(line["apart"])
    made = {}
    for theme, rows in parts.items():
        both = (_typical(np.array(rows[0]), vectors), _typical(np.array(rows[1]), vectors))
        read = [[str(texts[int(row)]).casefold() for row in half] for half in both]
        made[theme] = Halves(both, _words(keywords.get(theme, ()), read), apart[theme])
    return made


def _typical(rows: Ints, vectors: Vectors) -> Ints:
    """Rows by cosine with their centroid, the nearest first."""
    own = np.asarray(vectors[rows], float)
    cosine = np.round(own @ own.mean(0), 6)
    return np.asarray(rows[np.lexsort((rows, -cosine))])


def _words(keywords: Sequence[str], read: Sequence[Sequence[str]]) -> Any:
    counted = [(word, *(sum(word.casefold() in text for text in half) for half in read)) for word in keywords]
    sizes = [max(len(half), 1) for half in read]
    sides: tuple[list[tuple[str, int, int]], list[tuple[str, int, int]]] = ([], [])
    for word, first, second in counted:
        lead = first / sizes[0] - second / sizes[1]
        if lead:
            sides[lead < 0].append((word, first, second) if lead > 0 else (word, second, first))
    for half, side in enumerate(sides):
        side.sort(key=lambda one: one[2] / sizes[1 - half] - one[1] / sizes[half])
    return tuple(side[:WORDS] for side in sides)


def _rounded(value: float | None) -> float | None:
    return None if value is None or value != value else round(float(value), 4)

"""The evidence for merging two themes and for splitting one, from the tables `theme_pairs` and `halves` of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from toolkit.run_folder.reader import RunTables
from toolkit.values import Ints, Vectors

LEAST_TOGETHER = 0.1
"""Least share of pairs of paragraphs, one of each theme, that refits put into one group, for a suggested merge."""
LEAST_APART = 0.5
"""Least share of pairs of paragraphs, one of each half, that refits keep apart, for a suggested split."""
MOST_SUGGESTIONS = 12
"""Suggestions of each kind, at most."""
MOST_WORDS = 6
"""Words of a half, at most."""
MOST_QUOTES = 3
PARAGRAPHS_OF_HALF = 20
"""Paragraphs of each half whose digests identify the part."""
OLDER = "Suggestions need a newer run: this run folder has no table of near themes and halves. All else works without."

NO_REFITS = "This run made no refits, so nothing is suggested; the nearest themes are those of the greatest cosine."


@dataclass(frozen=True)
class Halves:
    """What a split of a theme in two does.

    `rows` are the rows of the paragraphs table in each half, the most typical first. `words` are keywords of each half
    set against the other one. `apart` in [0, 1] is how often refits put a paragraph of each half into different groups;
    None without refits.
    """

    rows: tuple[Ints, Ints]
    words: tuple[list[str], list[str]]
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
    """Why nothing can be suggested: one sentence, or None if something can."""
    if not all((tables.folder / "tables" / f"{name}.parquet").is_file() for name in ("theme_pairs", "halves")):
        return OLDER
    return NO_REFITS if tables.table("theme_pairs").num_rows and not refits(tables) else None


def halves(tables: RunTables, vectors: Vectors) -> dict[int, Halves]:
    """Theme -> its halves, of each theme that has some."""
    paragraphs = tables.table("paragraphs")
    row_of = {name: row for row, name in enumerate(paragraphs["paragraph_id"].to_pylist())}
    parts: dict[int, tuple[list[int], list[int]]] = {}
    apart: dict[int, float | None] = {}
    for line in tables.rows("halves"):
        parts.setdefault(line["theme"], ([], []))[line["half"]].append(row_of[line["paragraph_id"]])
        apart[line["theme"]] = _rounded(line["apart"])
    made = {}
    for theme, rows in parts.items():
        both = (_typical(np.array(rows[0]), vectors), _typical(np.array(rows[1]), vectors))
        made[theme] = Halves(both, _words(tables, both), apart[theme])
    return made


def _typical(rows: Ints, vectors: Vectors) -> Ints:
    """Rows by cosine with their centroid, the nearest first."""
    points = np.asarray(vectors[rows], float)
    cosine = np.round(points @ points.mean(0), 6)
    return np.asarray(rows[np.lexsort((rows, -cosine))])


def _words(tables: RunTables, rows: tuple[Ints, Ints]) -> tuple[list[str], list[str]]:
    """Keywords of each half, set against the other."""
    from toolkit.describe.describing import plain_keywords
    from toolkit.describe.passages import terms_of
    from toolkit.describe.settings import DescribeSettings

    table = tables.table("paragraphs").take(np.concatenate(rows))
    languages = [tables.documents[name]["language"] for name in table["document_id"].to_pylist()]
    settings = DescribeSettings(keywords=MOST_WORDS)
    halves = np.repeat(np.arange(2, dtype=np.int32), [len(half) for half in rows])
    words = plain_keywords(settings, terms_of(settings, table["text"].to_pylist(), languages), halves)
    return words[0], words[1]


def _rounded(value: float | None) -> float | None:
    return None if value is None or value != value else round(float(value), 4)

"""How reliably broader themes recur: each is searched in the hierarchies of the refits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from toolkit.discover.clusterer import centroids
from toolkit.discover.hierarchy import hierarchy
from toolkit.discover.stability import Repeat
from toolkit.schemas import LEVELS
from toolkit.values import NOISE, Bools, Floats, Ints, Row, Table, Vectors

EVIDENCE = pa.schema(
    [
        *LEVELS,
        ("stability", pa.float64()),
        ("stability_low", pa.float64()),
        ("stability_high", pa.float64()),
        ("fragile", pa.bool_()),
        ("refits", pa.int32()),  # those that saw any of its texts: the denominator of the mean
    ]
)
"""LEVELS with the stability of each theme; null if not measured. For level 0, only `refits` is filled here."""


MOST_REFITS_COMPARED = 40
"""Largest number of refits for which a hierarchy is made."""


def with_stability(
    levels: Table, themes: Ints, vectors: Vectors, refits: Sequence[Repeat], depth: int, floor: float
) -> Table:
    """EVIDENCE of themes (n,) and their LEVELS, from refits (rows, labels) of the unit rows `vectors` (n, d).

    Each refit gets its own hierarchy of at most `depth` levels, made in the same way as that of the run. The best match
    of a broader theme is the group of any level, single themes included, with the greatest Jaccard similarity over the
    texts that the refit saw (Hennig 2007, section 3, for groups of a tree). A group counts at any level of the tree, as
    clades do in Felsenstein (1985, Evolution 39). At most 40 refits are compared. The stability of a theme is the mean
    over the refits that saw any of its texts, with the range that contains 95 % of them. A theme below `floor`, the
    bound of the themes, is fragile.
    """
    rows = levels.to_pylist()
    broad, refits = _members(rows, themes), refits[:MOST_REFITS_COMPARED]
    best = np.array([_best(broad, vectors, refit, depth) for refit in refits]).reshape(len(refits), len(broad))
    measured = dict(zip(broad, best.T, strict=True))
    seen = _seen(themes, refits)
    filled = [{**row, **_evidence(row, measured, seen, floor, bool(refits))} for row in rows]
    return pa.Table.from_pylist(filled, schema=EVIDENCE)


def _evidence(row: Row, measured: Mapping[int, Floats], seen: Ints, floor: float, refitted: bool) -> Row:
    if row["level"] == 0:
        return {"refits": int(seen[row["theme"]]) if refitted else None}
    values = measured[row["theme"]]
    values = values[~np.isnan(values)]
    if not len(values):
        return {"refits": 0 if refitted else None}
    low, high = np.quantile(values, (0.025, 0.975))
    mean = float(values.mean())
    return {
        "stability": mean, "stability_low": float(low), "stability_high": float(high), "fragile": mean < floor,
        "refits": len(values),
    }  # fmt: skip


def _members(levels: Sequence[Row], themes: Ints) -> dict[int, Bools]:
    """For each broader theme, a mask (n,) of its texts."""
    parents = {row["theme"]: row["parent"] for row in levels}
    members: dict[int, list[int]] = {row["theme"]: [] for row in levels if row["level"] > 0}
    for theme in (row["theme"] for row in levels if row["level"] == 0):
        above = parents[theme]
        while above is not None:
            members[above].append(theme)
            above = parents[above]
    return {theme: np.isin(themes, children) for theme, children in members.items()}


def _best(broad: Mapping[int, Bools], vectors: Vectors, refit: Repeat, depth: int) -> list[float]:
    """The greatest Jaccard similarity of each broader theme with a group of the tree of one refit.

    NaN if the refit saw no text of the theme.
    """
    rows, labels = refit
    masks = [members[rows] for members in broad.values()]
    sizes = np.bincount(labels[labels != NOISE], minlength=int(labels.max(initial=NOISE)) + 1).astype(np.int32)
    if not len(sizes):
        return [0.0 if mask.any() else float("nan") for mask in masks]
    tree = hierarchy(centroids(vectors[rows], labels), sizes, depth).to_pylist()
    groups = {row["theme"]: labels == row["theme"] for row in tree if row["level"] == 0} | _members(tree, labels)
    candidates = np.array(list(groups.values()))
    return [_jaccard(mask, candidates) if mask.any() else float("nan") for mask in masks]


def _jaccard(mask: Bools, candidates: Bools) -> float:
    both = (candidates & mask).sum(axis=1)
    return float((both / np.maximum(mask.sum() + candidates.sum(axis=1) - both, 1)).max())


def _seen(themes: Ints, refits: Sequence[Repeat]) -> Ints:
    """(k,) number of refits that saw any text of each theme."""
    k = int(themes.max(initial=NOISE)) + 1
    seen = np.zeros(k, np.int32)
    for rows, _ in refits:
        sampled = themes[rows]
        seen += np.bincount(sampled[sampled != NOISE], minlength=k) > 0
    return seen

"""Themes of a corpus with texts that the model cannot read: these are not fitted and have no theme."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from toolkit.discover.clusterer import candidate_table
from toolkit.discover.divisions import NO_THEMES
from toolkit.discover.small import NEIGHBOURS
from toolkit.discover.stability import UNSEEN
from toolkit.errors import ToolkitError
from toolkit.schemas import LEVELS
from toolkit.values import NOISE, Bools, Discovery, Vectors

NONE_READ = "No theme was looked for: the model can read none of the paragraphs"


def of_read(
    texts: Sequence[str], vectors: Vectors, read: Bools, find: Callable[[Sequence[str], Vectors], Discovery]
) -> Discovery:
    """The discovery of n texts; `find` makes it from those that the model can read, a mask `read` (n,)."""
    if not read.any():
        return nothing_read(len(texts))
    rows = np.flatnonzero(read)
    discovery = find([texts[row] for row in rows.tolist()], vectors[rows])
    note = f"Themes were looked for among the {len(rows):,} of {len(texts):,} different paragraphs that the model can "
    return spread(replace(discovery, notes=(*discovery.notes, f"{note}read; the counts above are of these.")), read)


def spread(discovery: Discovery, read: Bools) -> Discovery:
    """The discovery of readable rows as one of all n rows: the other rows have no theme, strength or coordinates."""
    rows, n = np.flatnonzero(read), len(read)
    assignment, strength, layout = np.full(n, NOISE, np.int32), np.full(n, np.nan), np.full((n, 2), np.nan)
    reassigned, fitted = np.zeros(n, bool), np.zeros(n, bool)
    assignment[rows], strength[rows], layout[rows] = discovery.assignment, discovery.strength, discovery.layout
    reassigned[rows], fitted[rows] = discovery.reassigned, discovery.fitted
    seeds = np.full((len(discovery.seeds), n), NOISE, np.int32)
    seeds[:, rows] = discovery.seeds
    refits = np.full((len(discovery.refits), n), UNSEEN, np.int32)
    refits[:, rows] = discovery.refits
    divisions = np.full((len(discovery.division_labels), n), NOISE, np.int32)
    divisions[:, rows] = discovery.division_labels
    near = discovery.neighbours
    places = [rows[near[name].to_numpy()].astype(np.int32) for name in ("row", "neighbour")]
    neighbours = pa.table([*(pa.array(place) for place in places), near["similarity"]], schema=NEIGHBOURS)
    return replace(
        discovery, assignment=assignment, strength=strength, layout=layout, reassigned=reassigned, fitted=fitted,
        neighbours=neighbours, seeds=seeds, refits=refits, division_labels=divisions,
    )  # fmt: skip


def nothing_read(n: int) -> Discovery:
    """The discovery of n texts if the model can read none of them."""
    return Discovery(
        assignment=np.full(n, NOISE, np.int32),
        strength=np.full(n, np.nan),
        stability=np.zeros((0, 3)),
        layout=np.full((n, 2), np.nan),
        levels=LEVELS.empty_table(),
        candidates=candidate_table([]),
        neighbours=NEIGHBOURS.empty_table(),
        reassigned=np.zeros(n, bool),
        fragile=np.zeros(0, bool),
        method=f"{NONE_READ}.",
        parameters={"refits": 0, "divisions_reason": NO_THEMES},
        notes=(f"{NONE_READ}. Another one may: embed.method decides, see docs/guides/other-languages.md.",),
        fitted=np.zeros(n, bool),
    )


def refuse_unread(bounds: tuple[int, int] | None, unread: int, n: int) -> None:
    """Raise ToolkitError if the model reads fewer of n different paragraphs than the requested number of themes."""
    if bounds and unread and n - unread < bounds[0] <= n:
        raise ToolkitError(
            f"discover.themes: {bounds[0]} themes were asked for, and the model can read {n - unread:,} of {n:,} "
            "different paragraphs; choose a model that reads them (embed.method, docs/guides/other-languages.md), or "
            "ask for fewer themes"
        )

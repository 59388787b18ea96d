"""What refits show where there is nothing to find: the same numbers, each dimension shuffled by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from toolkit.discover.stability import FRAGILE, Repeat, agreement, stability
from toolkit.values import NOISE, Ints, Vectors, seed_for

Clustered = Callable[[Vectors, int], tuple[Ints, Sequence[Repeat]]]
"""`clustered(vectors, seed)`: labels of other vectors, found as those of the corpus were, and refits on samples."""

CLEAR = 0.8
"""From this agreement of refits on, nobody need ask what chance gives."""
WORKS = ("ari1985", "buja1992")
"""What asking chance rests on."""
BEYOND = 0.1
"""Refits that agree by no more than this beyond chance are no evidence of themes."""
LEAST = 3
"""Shuffled themes of fewer rows, and a single one, say nothing of chance: they cannot but return."""
ROWS = 2_000
"""Rows shuffled at most (fewer rows agree more by chance, so this errs to the safe side)."""


@dataclass(frozen=True)
class Chance:
    """Of shuffled vectors: mean adjusted Rand index between refits, and the stability that 95 % of themes are below."""

    agreement: float
    stability: float


def by_chance(vectors: Vectors, clustered: Clustered, seed: int) -> Chance:
    """What refits of unit rows (n, d) come to when each dimension is shuffled over the rows.

    Shuffling keeps what every dimension looks like by itself and breaks what they say together, as Buja & Eyuboglu
    (1992, Remarks on parallel analysis) have it for factors.
    """
    rows = np.linspace(0, len(vectors) - 1, min(len(vectors), ROWS)).astype(int)
    random = np.random.default_rng(seed_for(seed, "chance"))
    mixed = np.column_stack([random.permutation(column) for column in vectors[rows].T])
    mixed = mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-12)
    labels, refits = clustered(np.ascontiguousarray(mixed, np.float32), seed)
    measured = stability(labels, refits)[:, 0]
    sizes = np.bincount(labels[labels != NOISE], minlength=len(measured))
    known = measured[~np.isnan(measured) & (sizes >= LEAST)]
    bound = float(np.quantile(known, 0.95)) if len(known) > 1 else 0.0
    return Chance(agreement(refits, len(rows)), bound)


def against_chance(
    agreement: float, vectors: Vectors, clustered: Clustered, seed: int
) -> tuple[float, tuple[str, ...]]:
    """The stability below which a theme is fragile, and what the reader must know of chance.

    `agreement` is that of refits on samples. Where it is high nothing is shuffled; where it is no more than shuffled
    vectors give, every theme is fragile; else the themes that return no more surely than those of shuffled vectors.
    """
    if agreement >= CLEAR:
        return FRAGILE, ()
    chance = by_chance(vectors, clustered, seed)
    floor = max(FRAGILE, chance.stability) if agreement - chance.agreement > BEYOND else inf
    return floor, (said(agreement, chance, floor),)


def said(agreement: float, chance: Chance, floor: float) -> str:
    """A sentence for the run's notes."""
    if agreement - chance.agreement <= BEYOND:
        return (
            f"No evidence of themes: refits agree to {agreement:.2f} (adjusted Rand index), and to "
            f"{chance.agreement:.2f} on vectors shuffled by column, where there is nothing to find. All themes are "
            "marked fragile."
        )
    shuffled = f"on vectors shuffled by column to {chance.agreement:.2f}"
    known = f"Refits agree to {agreement:.2f} (adjusted Rand index), {shuffled}"
    if floor <= FRAGILE:
        return f"{known}: there is structure, though no one granularity stands out."
    return (
        f"{known}; themes of shuffled vectors return with a stability of up to {chance.stability:.2f} (19 of 20), so "
        f"themes below {floor:.2f} are marked fragile."
    )

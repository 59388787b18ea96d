"""Spreads scores over nearest neighbours: in large corpora, paragraphs that are alike correct each other's scores.

Each paragraph's log-odds become half its own and half the mean of its nearest neighbours', in three rounds (Zhou et
al. 2004, "Learning with local and global consistency"). The spread scores only reorder the paragraphs of a code: its
log-odds are assigned again in the new order, so that their distribution, from which decisions follow, remains that of
the direct scores. Spreading is used only if it agrees with itself: scores spread from one half of the neighbours
must order the paragraphs of a code much as those from the other half do. Self-training and a mixture model on top of it
were tried and gained nothing (experiments/LOG.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toolkit.coding.background import Near
from toolkit.files.tuned import tuned
from toolkit.values import Floats, Ints, Vectors

TUNED = tuned("toolkit.coding")

FEWEST_PARAGRAPHS = TUNED.whole("fewest_paragraphs")
"""Least number of unique paragraphs for spreading; with fewer, the second step is better."""
NEIGHBOURS = TUNED.whole("neighbours")
"""Number of neighbours of a paragraph."""
DIRECT_WEIGHT = TUNED.number("direct_weight")
"""Weight of a paragraph's direct score in its spread score."""
ROUNDS = TUNED.whole("rounds")
"""Rounds of spreading."""
LEAST_AGREEMENT = TUNED.number("least_agreement")
"""Least rank correlation between the scores of two halves of the neighbours; if lower, nothing is spread."""
MOST_PARAGRAPHS_KEPT = 10_000
"""Largest number of paragraphs among which neighbours are sought; they are kept for new paragraphs."""
BLOCK_ROWS = 1024


@dataclass(frozen=True)
class Spread:
    """Whether scores were spread; how far two halves of the neighbours agree (rank correlation, mean over codes)."""

    used: bool
    agreement: float


def spread(odds: Floats, vectors: Vectors) -> tuple[Floats, Near | None, Spread]:
    """(n, c) log-odds in the order of the spread ones, the values for new paragraphs, and whether spreading was used.

    In corpora of more than 10,000 paragraphs, neighbours are taken among 10,000 of them at even distances.
    """
    rows, mean = centred(vectors)
    kept = np.arange(0, len(rows), -(-len(rows) // MOST_PARAGRAPHS_KEPT), dtype=np.int32)
    nearest = np.asarray(kept[neighbours(rows, rows[kept], NEIGHBOURS, of=kept)], np.int32)
    agreement = halves_agree(odds, nearest)
    if agreement < LEAST_AGREEMENT:
        return odds, None, Spread(False, agreement)
    wide = odds
    for _ in range(ROUNDS):
        wide = DIRECT_WEIGHT * odds + (1 - DIRECT_WEIGHT) * wide[nearest].mean(axis=1)
    ordered = np.sort(wide, axis=0)[kept], np.sort(odds, axis=0)[kept]
    return (
        reordered(odds, wide),
        Near(mean, rows[kept].astype(np.float16), wide[kept], *ordered),
        Spread(True, agreement),
    )


def spread_further(odds: Floats, vectors: Vectors, near: Near) -> Floats:
    """(m, c) log-odds of new paragraphs, spread from the kept ones, with the distribution of the direct scores."""
    rows, _ = centred(vectors, near.mean)
    nearest = neighbours(rows, near.rows.astype(np.float32), NEIGHBOURS)
    wide = DIRECT_WEIGHT * odds + (1 - DIRECT_WEIGHT) * near.wide[nearest].mean(axis=1)
    return np.column_stack(
        [
            np.interp(wide[:, code], near.sorted_wide[:, code], near.sorted_odds[:, code])
            for code in range(odds.shape[1])
        ]
    )


def reordered(odds: Floats, by: Floats) -> Floats:
    """(n, c) each code's log-odds in the order of `by`: the greatest log-odds go to the greatest value."""
    made = np.empty_like(odds)
    order = np.argsort(by, axis=0, kind="stable")
    np.put_along_axis(made, order, np.sort(odds, axis=0), axis=0)
    return made


def halves_agree(odds: Floats, nearest: Ints) -> float:
    """Mean over codes of the rank correlation between the means of one half of the neighbours and of the other.

    Neighbours are divided alternately, so that both halves are equally near.
    """
    first, second = odds[nearest[:, 0::2]].mean(axis=1), odds[nearest[:, 1::2]].mean(axis=1)
    ranks = [np.argsort(np.argsort(half, axis=0, kind="stable"), axis=0, kind="stable") for half in (first, second)]
    centred_ranks = [rank - rank.mean(axis=0) for rank in ranks]
    above = (centred_ranks[0] * centred_ranks[1]).sum(axis=0)
    below = np.sqrt((centred_ranks[0] ** 2).sum(axis=0) * (centred_ranks[1] ** 2).sum(axis=0))
    return float((above / np.maximum(below, 1e-12)).mean())


def centred(vectors: Vectors, mean: Floats | None = None) -> tuple[Vectors, Floats]:
    """(n, d) float32 unit rows less their mean, and that mean."""
    wide = np.asarray(vectors, np.float32)
    middle = wide.mean(axis=0, dtype=np.float64) if mean is None else mean
    rows = wide - middle.astype(np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), middle


def neighbours(rows: Vectors, among: Vectors, k: int, of: Ints | None = None) -> Ints:
    """(n, k) places of the nearest of `among` by cosine, nearest first; `of` are their own places in `rows`, if any:
    no row is its own neighbour.
    """
    places = np.empty((len(rows), k), np.int32)
    for start in range(0, len(rows), BLOCK_ROWS):
        cosines = rows[start : start + BLOCK_ROWS] @ among.T
        if of is not None:
            here = np.flatnonzero((of >= start) & (of < start + len(cosines)))
            cosines[of[here] - start, here] = -2.0
        top = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(cosines, top, axis=1), axis=1, kind="stable")
        places[start : start + BLOCK_ROWS] = np.take_along_axis(top, order, axis=1)
    return places

"""The kNN graph by meaning, and by wording if requested, and Leiden on samples of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.discover.inverted_file import MOST_EXACT_ROWS, nearest_of_many
from toolkit.discover.leiden import Graph, workers_for
from toolkit.discover.neighbours import Edges, Neighbours, among, fuzzy, joined
from toolkit.discover.stability import Repeat, draw
from toolkit.discover.wording import Wording
from toolkit.files.tuned import tuned
from toolkit.runtime.parallel import each
from toolkit.values import Ints, Tick, Vectors, no_tick, seed_for

TUNED = tuned("toolkit.discover")

FAINT_WEIGHT = TUNED.number("faint_weight")
"""Ties of a smaller weight are left out of the graph: they change little and cost time."""
SPARE_NEIGHBOURS = 1.6
"""Known neighbours as a multiple of k, so that rows of a sample have k neighbours within the sample."""


@dataclass(frozen=True)
class Views:
    """The nearest rows of each row by meaning, and by wording if that has a weight; each row has `k` ties."""

    k: int
    meaning: Neighbours
    wording: Neighbours | None = None
    weight: float = 0.0

    @property
    def n(self) -> int:
        """The number of rows."""
        return self.meaning.n

    @property
    def works(self) -> tuple[str, ...]:
        """Keys of works to cite for the graph."""
        cells = ("jegou2011", "skmeans2001") if self.n > MOST_EXACT_ROWS else ()
        return ("umap2018", "hara2015", *cells, *(("lsa1990", "halko2011") if self.wording else ()))

    @property
    def sentence(self) -> str:
        """How rows are joined, as a clause for the report."""
        k, also = min(self.k, self.n - 1), f", and with weight {self.weight:g} by that of their wording"
        return (
            f"Paragraphs were joined to their {k} nearest neighbours by the cosine of centred vectors "
            f"(weighed by UMAP's fuzzy ties{also if self.wording else ''})"
        )

    def ties(self, rows: Ints | None = None) -> Edges:
        """The weighted graph of all rows, or of some rows in their own numbering."""

        def of(near: Neighbours) -> Edges:
            return fuzzy(near if rows is None else among(near, rows, self.k), self.k, faint=FAINT_WEIGHT)

        if self.wording is None:
            return of(self.meaning)
        return joined(of(self.meaning), of(self.wording), self.weight)


def views(wording: Wording, vectors: Vectors, k: int, lexical: float) -> Views:
    """The nearest rows of each row; `lexical`, from 0 (meaning only) to 1, is the weight of the wording."""
    near = known(vectors, k)
    return Views(k, near, known(wording.vectors(), k), lexical) if lexical else Views(k, near)


def neighbours_for(n: int) -> int:
    """Number of ties of a row if the config names none: 1.5 times the square root of n, 10 to 45."""
    return int(np.clip(round(1.5 * n**0.5), 10, 45))


def refits_for(n: int) -> int:
    """Number of voting refits if the config names none: 100 for small corpora, 40 for large ones.

    Small corpora need more, because chance has a larger effect there, and each refit takes milliseconds.
    """
    return int(np.clip(30_000 // max(n, 1), 40, 100))


def trials_for(n: int) -> int:
    """Number of refits at every resolution if the config names none: 20 for small corpora, 10 for large ones."""
    return int(np.clip(200_000 // max(n, 1), 10, 20))


def compared_for(n: int) -> int:
    """Number of refits for the comparison with shuffled vectors: 100 for small corpora, 10 for large ones."""
    return int(np.clip(12_000 // max(n, 1), trials_for(n), 100))


def known(vectors: Vectors, k: int) -> Neighbours:
    """The 1.6 k nearest neighbours by cosine, with the common mean of the vectors subtracted.

    Content that all texts of a corpus share says nothing about themes and makes hubs (Hara et al. 2015). Rows equal to
    the mean, as in a corpus of one repeated text, are nearest to one another and far from all others.
    """
    centred = vectors - vectors.mean(0, dtype=float).astype(np.float32)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    units = np.where(length > 1e-5, centred / np.maximum(length, 1e-5), 0)
    central = length[:, 0] <= 1e-5
    if central.any():
        units = np.column_stack([units, central])
    return nearest_of_many(np.ascontiguousarray(units, np.float32), int(np.ceil(k * SPARE_NEIGHBOURS)))


def sampled(
    near: Views, resolutions: Sequence[float], samples: range, seed: int, tick: Tick = no_tick
) -> Iterator[list[Repeat]]:
    """Leiden on 80 % samples: for each number in `samples`, its refits (rows, labels), one per resolution, ascending.

    Sample i has the same rows at every resolution, and a kNN graph of these rows. Rows and random numbers depend on the
    seed and on i only, so that the number of processes does not matter.
    """
    work = [(tuple(resolutions), at, seed) for at in samples]
    for at, made in enumerate(each(_one, work, shared=near, workers=workers_for(near.n)), start=1):
        tick(at, len(samples))
        yield made


def refitted(near: Views, resolution: float, samples: range, seed: int, tick: Tick = no_tick) -> tuple[Repeat, ...]:
    """The refits of `sampled` at one resolution."""
    return tuple(made for (made,) in sampled(near, (resolution,), samples, seed, tick))


def refits_apart(
    near: Views, resolutions: Sequence[float], samples: range, seed: int, tick: Tick = no_tick
) -> Iterator[list[Repeat]]:
    """The refits of `refitted` at each of several resolutions, for each number in `samples`: the graph is made once."""
    work = [(tuple(resolutions), at, seed) for at in samples]
    for at, made in enumerate(each(_apart, work, shared=near, workers=workers_for(near.n)), start=1):
        tick(at, len(samples))
        yield made


def _apart(near: Views, resolutions: tuple[float, ...], at: int, seed: int) -> list[Repeat]:
    rows = draw(near.n, seed_for(seed, f"rows {at}"))
    graph = Graph(near.ties(rows))
    return [(rows, graph.partition(value, seed_for(seed, f"refit {at} {value}"))) for value in resolutions]


def _one(near: Views, resolutions: tuple[float, ...], at: int, seed: int) -> list[Repeat]:
    rows = draw(near.n, seed_for(seed, f"rows {at}"))
    seeds = [seed_for(seed, f"refit {at} {value}") for value in resolutions]
    return [(rows, labels) for labels in Graph(near.ties(rows)).partitions(resolutions, seeds)]

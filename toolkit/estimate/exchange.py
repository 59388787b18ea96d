"""Exchanges labels between documents: the randomisation behind the tests of words, trends and codes.

Under the null hypothesis it does not matter which document has which labels: documents are exchangeable. A draw gives
each document (or cluster of documents) all labels of another one: they are scaled to its length and rotated by a random
part of it. So labels that fill whole documents still do, labels that come in runs still do, and the words of a document
remain together. If all rows of a document have one label (groups of documents), this is the permutation test of
document labels (Ernst 2004,
"Permutation methods: a basis for exact inference"), exact for exchangeable documents. For labels of paragraphs
`experiments/benchmarks/simulations.py keyness` shows the error.

p-values are (1 + draws at least as extreme) / (1 + draws), which is never 0 (Phipson & Smyth 2010). Those of a table
are adjusted by the greatest statistic of each draw (Westfall & Young 1993, single-step maxT): the chance that a table
without any true difference has a row below .05 is at most 5 %.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from toolkit.runtime.parallel import each, worker_count
from toolkit.values import Floats, Ints, seed_for

STREAMS = 8
"""Number of random streams, each used by one worker, so that the draws are the same for any number of workers."""
TIE_DISTANCE = 1e-9
"""Statistics of draws that differ by less than this are ties, and count as extreme."""


@dataclass(frozen=True)
class Exchange:
    """Rows in units whose labels are exchanged: `unit` (n,) of each row, numbered from 0; `position` (n,) in it."""

    unit: Ints
    position: Ints

    @property
    def units(self) -> int:
        """Number of units."""
        return int(self.unit.max(initial=-1)) + 1

    @cached_property
    def order(self) -> Ints:
        """(n,) rows unit by unit, in order of their position."""
        return np.asarray(np.lexsort((self.position, self.unit)), np.int32)

    @cached_property
    def size(self) -> Ints:
        """(units,) rows of each unit."""
        return np.asarray(np.bincount(self.unit, minlength=self.units), np.int32)

    @cached_property
    def place(self) -> Floats:
        """(n,) relative position of each row of `order` in its unit, in (0, 1)."""
        at = np.arange(len(self.unit)) - np.repeat(self._starts, self.size)
        return np.asarray((at + 0.5) / np.repeat(self.size, self.size))

    @cached_property
    def _starts(self) -> Ints:
        return np.asarray(np.cumsum(self.size) - self.size, np.int32)

    def draw(self, rng: np.random.Generator) -> Ints:
        """(n,) the row whose labels each row gets in one draw."""
        other, turn = rng.permutation(self.units), rng.random(self.units)
        source = np.repeat(other, self.size)
        along = (self.place + np.repeat(turn, self.size)) % 1.0
        at = np.minimum((along * self.size[source]).astype(int), self.size[source] - 1)
        rows = np.empty(len(self.unit), np.int32)
        rows[self.order] = self.order[self._starts[source] + at]
        return rows


def exchange_of(unit: Ints, position: Ints | None = None) -> Exchange:
    """The exchange of rows whose units have any numbers; without `position` the rows remain in the order given."""
    numbered = np.unique(unit, return_inverse=True)[1].astype(np.int32)
    return Exchange(numbered, np.arange(len(numbered), dtype=np.int32) if position is None else np.asarray(position))


def drawn(exchange: Exchange, statistic: Callable[[Ints], Floats], draws: int, seed: int, stream: str) -> list[Floats]:
    """The value of `statistic` for the rows of each draw, in order; the same for any number of workers."""
    step = -(-draws // STREAMS)
    parts = [
        (seed_for(seed, stream), part, min(step, draws - part * step)) for part in range(STREAMS) if part * step < draws
    ]
    made = each(_part, parts, shared=(exchange, statistic), kind="threads", workers=min(worker_count(), 4))
    return [value for part in made for value in part]


def _part(tested: tuple[Exchange, Callable[[Ints], Floats]], seed: int, part: int, draws: int) -> list[Floats]:
    exchange, statistic = tested
    rng = np.random.Generator(np.random.PCG64(seed).jumped(part))
    return [statistic(exchange.draw(rng)) for _ in range(draws)]


def p_of(observed: Floats, made: Floats) -> Floats:
    """(k,) p-values of statistics (k,), large ones extreme, from those of draws (draws, k); NaN where undefined."""
    extreme = (made >= np.asarray(observed) - TIE_DISTANCE).sum(axis=0)
    return np.where(np.isnan(observed), np.nan, (1.0 + extreme) / (1.0 + len(made)))


def family_p(observed: Floats, made: Floats) -> Floats:
    """(k,) p-values adjusted for all k statistics together, by the greatest of each draw (Westfall & Young 1993)."""
    if not made.size:
        return np.full(len(observed), np.nan)
    greatest = np.where(np.isnan(made), -np.inf, made).max(axis=1)
    return against_greatest(observed, greatest)


def against_greatest(observed: Floats, greatest: Floats) -> Floats:
    """(k,) adjusted p-values from the greatest statistic of each draw (draws,)."""
    ordered = np.sort(greatest)
    extreme = len(ordered) - np.searchsorted(ordered, np.asarray(observed) - TIE_DISTANCE, side="left")
    return np.where(np.isnan(observed), np.nan, (1.0 + extreme) / (1.0 + len(ordered)))


def draws_for(work: float, most: int, fewest: int, budget: float) -> int:
    """The number of draws that cost at most `budget` units of work, `work` each, between `fewest` and `most`."""
    return int(min(most, max(fewest, budget // max(work, 1.0))))

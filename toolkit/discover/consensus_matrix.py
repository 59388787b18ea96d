"""From many refits to one partition: votes of the refits on each tie, and the clusters of the graph of votes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from toolkit.discover.course import SHUFFLE_WORK
from toolkit.discover.granularity import Candidate, compared, observed
from toolkit.discover.leiden import Graph, workers_for
from toolkit.discover.neighbours import Edges
from toolkit.discover.null_model import FEWEST_SHUFFLES, MOST_ROWS_SHUFFLED, Agreeing, Clustered, NullModel, Observed
from toolkit.discover.resample import Views, known, neighbours_for, refitted, sampled
from toolkit.discover.stability import Repeat, agreement, rand_indices
from toolkit.runtime.parallel import each
from toolkit.values import Floats, Ints, Vectors, seed_for

PARTITIONS = 12
"""Number of partitions of the graph of votes, of which the most typical one is used."""
CHANCE_REFITS = 20
"""Number of refits of shuffled vectors for a consensus partition of them."""
REFITS_PER_SHUFFLE = (4, 8)
"""Number of refits per shuffle: for large corpora, and for small ones, in which chance varies most."""


def votes(edges: Edges, repeats: Sequence[Repeat]) -> Floats:
    """(m,) for each tie, the share of refits that put both ends together, among those that saw both."""
    seen, together = np.zeros(len(edges.source)), np.zeros(len(edges.source))
    for rows, labels in repeats:
        whole = np.full(edges.n, -1, np.int32)
        whole[rows] = labels
        left, right = whole[edges.source], whole[edges.target]
        both = (left >= 0) & (right >= 0)
        seen += both
        together += both & (left == right)
    return np.asarray(together / np.maximum(seen, 1))


def agreed(edges: Edges, repeats: Sequence[Repeat], resolution: float, seed: int, many: int = PARTITIONS) -> Ints:
    """The consensus partition (n,): the graph weighted by votes is clustered with `many` seeds.

    The most typical of these partitions is returned, which is the one with the highest mean adjusted Rand index with
    the others.
    """
    weight = votes(edges, repeats)
    kept = weight > 0
    graph = Edges(edges.n, edges.source[kept], edges.target[kept], weight[kept])
    seeds = [seed_for(seed, f"consensus {at}") for at in range(many)]
    work = [(resolution, seeds[at : at + many // 2]) for at in range(0, many, many // 2)]
    tries = [labels for some in each(_tries, work, shared=graph, workers=workers_for(edges.n)) for labels in some]
    table = np.array(tries)
    pairs = [(i, j) for i in range(len(tries)) for j in range(len(tries))]
    typical = [np.mean(row) for row in np.reshape(rand_indices(table, table, pairs), (len(tries), -1))]
    return tries[int(np.argmax(np.round(typical, 9)))]


def agreeing(neighbours: int | None, resolutions: Sequence[float]) -> Agreeing:
    """A function that returns the mean agreement of a few refits of other vectors over `resolutions`.

    `neighbours` as in `voted`.
    """

    def measured(vectors: Vectors, seed: int) -> float:
        k, n = neighbours or neighbours_for(len(vectors)), len(vectors)
        made = list(
            sampled(Views(k, known(vectors, k)), resolutions, range(int(np.clip(600 // n, *REFITS_PER_SHUFFLE))), seed)
        )
        return float(np.mean([agreement([refit[at] for refit in made], n) for at in range(len(resolutions))]))

    return measured


def voted(neighbours: int | None, resolution: float) -> Clustered:
    """A function that clusters other vectors by consensus at a resolution, for the null model.

    `neighbours` is the requested number; None: a number that depends on the number of rows.
    """

    def clustered(vectors: Vectors, seed: int) -> tuple[Ints, Sequence[Repeat]]:
        k = neighbours or neighbours_for(len(vectors))
        near = Views(k, known(vectors, k))
        refits = refitted(near, resolution, range(CHANCE_REFITS), seed_for(seed, "chance refits"))
        return agreed(near.ties(), refits, resolution, seed), refits

    return clustered


def agreement_in(near: Views, candidates: Sequence[Candidate], least: int, seed: int) -> Observed:
    """The mean agreement of refits of the graph `near` over resolutions, of at least `least` refits at each.

    `candidates` are those tried, coarsest first.
    """
    return observed(candidates, least, lambda values, numbers: sampled(near, values, numbers, seed))


def null_model(near: Views, candidates: Sequence[Candidate], resolution: float, neighbours: int | None) -> NullModel:
    """The null model of a consensus partition of the graph `near` at a resolution.

    `candidates` are those tried, coarsest first; `neighbours` as in `voted`.
    """
    values = [candidate.value for candidate in candidates]
    again = agreeing(neighbours, [values[at] for at in compared(values)])
    return NullModel(again, voted(neighbours, resolution), few=near.n < MOST_ROWS_SHUFFLED)


def chance_work(n: int) -> float:
    """Number of rows that the refits of shuffles of n rows process."""
    return SHUFFLE_WORK * FEWEST_SHUFFLES * min(n, MOST_ROWS_SHUFFLED)


def _tries(edges: Edges, resolution: float, seeds: Sequence[int]) -> list[Ints]:
    graph = Graph(edges)
    return [graph.partition(resolution, seed, -1) for seed in seeds]

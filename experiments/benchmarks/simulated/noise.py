"""Rows outside every theme: are planted ones left out and those of themes kept?

    python experiments/benchmarks/simulations.py noise --themes 8 --size 40 --apart 0.6 --common 0.4 --share 0.1

Rows of themes are a common part, a part of their theme and one of their own; planted rows have the common part and the
spread of the corpus in every dimension, and no neighbours but by chance. `naive`: the tenth of each theme farthest from
its centroid. Both are given the same labels: each planted row those of the theme that is nearest.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from simulated.coverage import print_coverage
from toolkit.discover.clusterer import centroids
from toolkit.discover.outside import CHANCE_SHARE, chance_bound, is_far, left_out
from toolkit.values import Bools, Ints, Vectors, renumbered


def add(kinds: Any) -> None:
    """The command `noise` of simulations.py."""
    noise = kinds.add_parser("noise", help="rows outside every theme")
    noise.add_argument("--themes", type=int, default=8)
    noise.add_argument("--size", type=int, default=40, help="rows of a theme")
    noise.add_argument("--apart", type=float, default=0.6, help="length of a theme's part of a row")
    noise.add_argument("--common", type=float, default=0.4, help="length of what all rows share")
    noise.add_argument("--dimension", type=int, default=384)
    noise.add_argument("--share", type=float, default=0.1, help="planted rows among all")
    noise.add_argument("--runs", type=int, default=100)
    noise.set_defaults(function=simulate)


def themed(given: argparse.Namespace, random: np.random.Generator) -> tuple[Vectors, Ints]:
    """Rows of themes (n, d), not yet of unit length, and their themes."""
    d, k = given.dimension, given.themes
    rest = max(1 - given.apart**2 - given.common**2, 0) ** 0.5
    directions = random.normal(size=(k + 1, d))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    themes = np.repeat(np.arange(k), given.size).astype(np.int32)
    scatter = random.normal(size=(len(themes), d)) / d**0.5
    return given.common * directions[k] + given.apart * directions[themes] + rest * scatter, themes


def planted(given: argparse.Namespace, random: np.random.Generator) -> tuple[Vectors, Ints, Bools]:
    """Unit rows, labels and which rows were planted."""
    rows, themes = themed(given, random)
    m = round(given.share / (1 - given.share) * len(rows))
    extra = np.column_stack([random.choice(column, m) for column in rows.T])
    both = np.vstack([rows, extra])
    vectors = (both / np.linalg.norm(both, axis=1, keepdims=True)).astype(np.float32)
    nearest = (vectors[len(rows) :] @ centroids(vectors[: len(rows)], themes).T).argmax(1)
    return vectors, np.concatenate([themes, nearest]).astype(np.int32), np.arange(len(both)) >= len(rows)


def vectors_of_style(given: argparse.Namespace, random: np.random.Generator) -> Vectors:
    """Unit rows of one group that lack the common part and share a weaker one (half as long) of their own."""
    direction = random.normal(size=given.dimension)
    rows = 0.5 * given.common * direction / np.linalg.norm(direction)
    rows = rows + random.normal(size=(given.size, given.dimension)) / given.dimension**0.5
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def farthest(vectors: Vectors, labels: Ints) -> Bools:
    """The tenth of each theme that is farthest from its centroid: the naive rule."""
    near = (vectors * centroids(vectors, labels)[labels]).sum(1)
    bounds = np.array([np.quantile(near[labels == theme], 0.1) for theme in range(labels.max() + 1)])
    return np.asarray(near <= bounds[labels])


def simulate(given: argparse.Namespace) -> None:
    """Shares over all simulated corpora."""
    counts: dict[str, list[int]] = {}

    def add_up(name: str, members: Bools) -> None:
        before = counts.get(name, [0, 0])
        counts[name] = [before[0] + int(members.sum()), before[1] + len(members)]

    for run in range(given.runs):
        random = np.random.default_rng(run)
        vectors, labels, foreign = planted(given, random)
        for name, out in (("rule", left_out(vectors, labels, run).rows), ("naive", farthest(vectors, labels))):
            add_up(f"{name}: planted rows left out", out[foreign])
            add_up(f"{name}: rows of themes kept", ~out[~foreign])
        shuffled = np.column_stack([random.permutation(column) for column in vectors.T])
        shuffled = (shuffled / np.linalg.norm(shuffled, axis=1, keepdims=True)).astype(np.float32)
        add_up(f"no themes at all: rows that are far ({CHANCE_SHARE:g} meant)",
               is_far(shuffled, shuffled, chance_bound(shuffled, run), themselves=True))  # fmt: skip
        weak = vectors_of_style(given, random)
        labels = np.concatenate([labels, np.full(len(weak), given.themes)]).astype(np.int32)
        loose = left_out(np.vstack([vectors, weak]), renumbered(labels), run).loose
        add_up("group without the common part: dissolved", np.array([loose[len(vectors) :].all()]))
        add_up("themes beside it: none dissolved", np.array([not loose[: len(vectors)].any()]))
    for name, (share, of) in counts.items():
        if of:
            print_coverage(name, share, of, "is")

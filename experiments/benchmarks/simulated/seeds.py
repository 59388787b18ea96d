"""Other seeds: do planted themes return and noise not, and do intervals that count the seed cover the true shares?"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import pyarrow as pa

from simulated.coverage import print_coverage
from toolkit.discover.consensus import Consensus
from toolkit.discover.kmeans import KMeans
from toolkit.discover.method import Method
from toolkit.discover.seeds import likenesses, matches, moves, returns
from toolkit.estimate.grouping import Grouping
from toolkit.estimate.intervals import limits
from toolkit.estimate.prevalence import group_shares
from toolkit.estimate.reseeded import Reseeded, Spreads
from toolkit.estimate.tally import make_tally
from toolkit.schemas import LEVELS
from toolkit.values import NOISE, Discovery, renumbered, seed_for

SHARES = np.array([0.3, 0.25, 0.2, 0.15, 0.1])
"""Of the planted themes, noise left out."""
SAME = 0.5
"""A theme whose Jaccard similarity with planted ones is greater is these (Hennig 2008: not dissolved)."""


def drawn(rng: Any, means: Any, kinds: Any, blur: float) -> Any:
    """(n, d) unit vectors around the means of their kinds; kind -1 is anywhere."""
    scattered = rng.normal(size=(len(kinds), means.shape[1])) / means.shape[1] ** 0.5
    rows = np.where((kinds >= 0)[:, None], means[np.maximum(kinds, 0)] + blur * scattered, scattered)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def kinds_of(rng: Any, documents: int, paragraphs: int, alike: float, noise: float) -> Any:
    """(documents, paragraphs) planted theme of each paragraph, -1 for noise; documents have preferences."""
    lean = rng.dirichlet(SHARES * (1 - alike) / alike, documents)
    kinds = np.array([rng.choice(len(SHARES), paragraphs, p=one) for one in lean])
    return np.where(rng.random(kinds.shape) < noise, NOISE, kinds)


def nearest(vectors: Any, means: Any) -> Any:
    """(n,) the planted theme that each paragraph is nearest to: what a share is the share of."""
    return (vectors @ means.T.astype(np.float32)).argmax(axis=1).astype(np.int32)


def fitted(settings: Method, vectors: Any, seeds: int, seed: int) -> Discovery:
    """The partition of a fit and those of other seeds, as `discover` makes them, without map, words and chance."""
    texts = [""] * len(vectors)
    labels = [settings.partition(texts, vectors, seed_for(seed, f"another seed {at}")) for at in range(-1, seeds)]
    themes, *others = (renumbered(one) for one in labels)
    k, n = int(themes.max(initial=NOISE)) + 1, len(themes)
    levels = LEVELS.empty_table()
    return Discovery(themes, np.ones(n), np.ones((k, 3)), np.zeros((n, 2)), levels, levels, levels, np.zeros(n, bool),
                     np.zeros(k, bool), "", seeds=np.array(others))  # fmt: skip


def intervals(discovery: Discovery, documents: int, draws: int, seed: int) -> tuple[Any, Any, Any]:
    """Three (k, 2) intervals of the share of each theme's paragraphs: by the seeds with which it returns (NaN where
    these are few), by its best match with any seed, and without other seeds.
    """
    n = len(discovery.assignment)
    ids = [f"d{row:05d}" for row in range(documents)]
    home = np.repeat(np.arange(documents), n // documents)
    table = pa.table({"document_id": ids, "duplicate_of": pa.array([None] * documents, pa.string())})
    rows = pa.table({"document_id": [ids[row] for row in home], "duplicate_of": pa.array([None] * n, pa.string()),
                     "theme": discovery.assignment, "words": np.ones(n)})  # fmt: skip
    tally, whole = make_tally(table, rows, {}, {}, "document"), Grouping(None, None, np.ones(documents, bool))
    ours, any_match = (
        group_shares(tally, whole, draws, seed, Spreads.of(one, table, rows).of_themes(tally, whole))
        for alike in (likenesses(discovery), np.ones((len(discovery.seeds), discovery.themes)))
        for one in [Reseeded(discovery.seeds, matches(discovery), discovery.fitted, alike)]
    )
    places = [at for at, one in enumerate(tally.series) if (one.unit, one.counting) == ("paragraph", "unique")][1:]
    plain = limits(ours.ratios.estimate, ours.ratios.error, ours.ratios.clusters)
    made = [(ours.low, ours.high), (any_match.low, any_match.high), plain]
    one, two, three = (np.column_stack(ends)[places] for ends in made)
    return one, two, three


def planted(result: Any, ideal: Any) -> Any:
    """(k, p) which planted themes each theme holds the greater part of: a theme may be two planted ones in one."""
    values = np.zeros((int(result.max()) + 1, len(SHARES)))
    np.add.at(values, (result[result >= 0], ideal[result >= 0]), 1)
    return values > np.bincount(ideal, minlength=len(SHARES)) / 2


def seeds(given: argparse.Namespace) -> None:
    settings: Method = Consensus(refits=given.refits, trials=given.trials)
    if given.method == "kmeans":
        settings = KMeans(themes=given.themes, starts=1)
    stay: dict[str, list[float]] = {"planted": [], "noise": []}
    back: dict[str, list[float]] = {"planted": [], "in a corpus of noise": []}
    covered = {
        "bootstrap and the seeds with which the theme returns (ours)": 0,
        "bootstrap and its best match with every seed": 0,
        "bootstrap of documents, this partition as given": 0,
    }
    themes, checked, width = 0, 0, []
    for run in range(given.runs):
        rng = np.random.default_rng([given.seed, run])
        common = rng.normal(size=given.dimensions)
        means = given.common * common + rng.normal(size=(len(SHARES), given.dimensions))
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        kinds = kinds_of(rng, given.documents, given.paragraphs, given.alike, given.noise).ravel()
        vectors = drawn(rng, means, kinds, given.blur)
        discovery = fitted(settings, vectors, given.others, run)
        many = kinds_of(rng, 4000, given.paragraphs, given.alike, given.noise).ravel()
        truth = np.bincount(nearest(drawn(rng, means, many, given.blur), means), minlength=len(SHARES)) / len(many)
        ideal = nearest(vectors, means)
        union, moved, returned = planted(discovery.assignment, ideal), moves(discovery), returns(discovery)
        inside = [
            (discovery.assignment == theme, np.isin(ideal, np.flatnonzero(row))) for theme, row in enumerate(union)
        ]
        alike = np.array([(one & other).sum() / max((one | other).sum(), 1) for one, other in inside])
        stay["planted"].append(float(moved[kinds >= 0].mean()))
        stay["noise"].append(float(moved[kinds < 0].mean()) if (kinds < 0).any() else np.nan)
        ours, *others = intervals(discovery, given.documents, given.draws, run)
        plain = others[-1]
        for theme in np.flatnonzero(alike > SAME):
            share = truth[union[theme]].sum()
            back["planted"].append(float(returned[theme, 0]))
            themes += 1
            if np.isnan(ours[theme, 0]):
                continue
            for name, one in zip(covered, (ours, *others), strict=True):
                covered[name] += bool(one[theme, 0] <= share <= one[theme, 1])
            checked += 1
            width.append((ours[theme, 1] - ours[theme, 0]) / (plain[theme, 1] - plain[theme, 0]))
        if run % 4 == 0:
            nothing = drawn(rng, means, np.full(len(kinds), NOISE), given.blur)
            back["in a corpus of noise"] += returns(fitted(settings, nothing, given.others, run))[:, 0].tolist()
    for name, values in stay.items():
        print(f"share of other seeds that move paragraphs, {name}: {np.nanmean(values):.3f}")
    less = np.mean(np.array(stay["noise"]) > np.array(stay["planted"]))
    print(f"corpora in which noise moves more than planted paragraphs: {less:.3f} of {given.runs}")
    for name, values in back.items():
        ends = np.quantile(values, (0.05, 0.95))
        span = f"5-95 %: {ends[0]:.2f}-{ends[1]:.2f}"
        print(f"themes' return with other seeds, {name}: {np.mean(values):.3f} ({span}) of {len(values)}")
    print(f"themes that are planted ones: {themes / given.runs:.2f} a corpus, {len(SHARES)} planted")
    print(f"of them without an interval, since they return with no more than half of the seeds: {themes - checked}")
    print(f"intervals wider by a factor of {np.median(width):.3f} (median)")
    for name, number in covered.items():
        print_coverage(name, number, checked)


def add(kinds: Any) -> None:
    """The command of this module."""
    one = kinds.add_parser("seeds")
    one.set_defaults(function=seeds)
    one.add_argument("--documents", type=int, default=30)
    one.add_argument("--paragraphs", type=int, default=5, help="in each document")
    one.add_argument("--dimensions", type=int, default=16)
    one.add_argument("--common", type=float, default=0.5, help="what the planted themes have in common: overlap")
    one.add_argument("--blur", type=float, default=1.2, help="how far paragraphs scatter around their theme")
    one.add_argument("--noise", type=float, default=0.1, help="share of paragraphs about nothing")
    one.add_argument("--alike", type=float, default=0.2, help="intraclass correlation")
    one.add_argument("--others", type=int, default=5, help="other seeds")
    one.add_argument("--method", choices=("consensus", "kmeans"), default="consensus", help="kmeans: of one start")
    one.add_argument("--themes", type=int, default=5, help="of kmeans")
    one.add_argument("--refits", type=int, default=8)
    one.add_argument("--trials", type=int, default=4)
    one.add_argument("--runs", type=int, default=400, help="simulated corpora")
    one.add_argument("--draws", type=int, default=200, help="bootstrap draws a corpus")
    one.add_argument("--seed", type=int, default=1)

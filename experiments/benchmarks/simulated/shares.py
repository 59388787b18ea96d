"""Intervals of shares: of clustered paragraphs, of clustered documents, corrected for a machine's errors."""

from __future__ import annotations

import argparse
from math import sqrt
from typing import Any

import numpy as np

from simulated.coverage import print_coverage
from toolkit.estimate import correct_share, limits
from toolkit.estimate.intervals import bootstrap_sums, ratios


def inclinations(rng: Any, share: float, alike: float, n: int) -> Any:
    """(n,) beta-distributed chances with mean `share` and intraclass correlation `alike`."""
    return rng.beta(share * (1 - alike) / alike, (1 - share) * (1 - alike) / alike, n)


def covers(columns: Any, share: float, draws: int, run: int) -> bool:
    sums = bootstrap_sums(columns, draws, run, "simulation")
    shares = ratios(columns, np.array([0], np.int32), np.array([1], np.int32), sums)
    low, high = limits(shares.estimate, shares.error, shares.clusters)
    return bool(low[0] <= share <= high[0])


def naive(hits: float, n: float, share: float) -> bool:
    p = hits / n
    return abs(p - share) <= 1.96 * sqrt(p * (1 - p) / n)


def prevalence(given: argparse.Namespace) -> None:
    rng = np.random.default_rng(given.seed)
    ours = binomial = 0
    for run in range(given.runs):
        length = rng.poisson(given.paragraphs - 1, given.documents) + 1
        hits = rng.binomial(length, inclinations(rng, given.share, given.alike, given.documents))
        ours += covers(np.column_stack([hits, length]).astype(float), given.share, given.draws, run)
        binomial += naive(hits.sum(), length.sum(), given.share)
    print_coverage("bootstrap of documents, logit t (ours)", ours, given.runs)
    print_coverage("binomial, paragraphs as if independent", binomial, given.runs)


def sources(given: argparse.Namespace) -> None:
    rng = np.random.default_rng(given.seed)
    ours = by_document = binomial = 0
    each = max(given.documents // given.sources, 1)
    for run in range(given.runs):
        means = np.clip(inclinations(rng, given.share, given.alike, given.sources), 1e-3, 1 - 1e-3).repeat(each)
        chance = rng.beta(means * 9, (1 - means) * 9)
        length = rng.poisson(given.paragraphs - 1, len(means)) + 1
        columns = np.column_stack([rng.binomial(length, chance), length]).astype(float)
        ours += covers(columns.reshape(given.sources, each, 2).sum(axis=1), given.share, given.draws, run)
        by_document += covers(columns, given.share, given.draws, run)
        binomial += naive(columns[:, 0].sum(), columns[:, 1].sum(), given.share)
    print_coverage("bootstrap of sources (estimate.resample: source)", ours, given.runs)
    print_coverage("bootstrap of documents", by_document, given.runs)
    print_coverage("binomial, paragraphs as if independent", binomial, given.runs)


def correction(given: argparse.Namespace) -> None:
    rng = np.random.default_rng(given.seed)
    by_name = {"both, corrected (ours)": 0, "people alone": 0, "machine alone, uncorrected": 0}
    estimates: dict[str, list[float]] = {name: [] for name in by_name}
    n = given.documents * given.paragraphs
    names = [f"d{row // given.paragraphs:05d}" for row in range(n)]
    for run in range(given.runs):
        chance = inclinations(rng, given.share, given.alike, given.documents).repeat(given.paragraphs)
        truth = rng.random(n) < chance
        machine = np.where(truth, rng.random(n) > given.missed, rng.random(n) < given.false)
        coded = np.zeros(n, bool)
        coded[rng.permutation(n)[: given.coded]] = True
        share = correct_share(machine, truth & coded, coded, names, given.draws, run)
        for name, (value, low, high) in zip(by_name, (share.corrected, share.people, share.machine), strict=True):
            by_name[name] += low <= given.share <= high
            estimates[name].append(value)
    for name, covered in by_name.items():
        print_coverage(f"{name}, mean estimate {np.mean(estimates[name]):.3f} of {given.share}", covered, given.runs)


def add(kinds: Any) -> None:
    """The commands of this module."""
    for function, runs, draws in ((prevalence, 1000, 200), (sources, 1000, 200), (correction, 300, 200)):
        one = kinds.add_parser(function.__name__)
        one.set_defaults(function=function)
        one.add_argument("--documents", type=int, default=60)
        one.add_argument("--paragraphs", type=int, default=10, help="in a document, on average")
        one.add_argument("--share", type=float, default=0.2, help="the truth")
        one.add_argument("--alike", type=float, default=0.2, help="intraclass correlation")
        one.add_argument("--runs", type=int, default=runs, help="simulated corpora")
        one.add_argument("--draws", type=int, default=draws, help="bootstrap draws a corpus")
        one.add_argument("--seed", type=int, default=1)
    kinds.choices["sources"].add_argument("--sources", type=int, default=12)
    kinds.choices["correction"].add_argument("--missed", type=float, default=0.3, help="of paragraphs with the code")
    kinds.choices["correction"].add_argument("--false", type=float, default=0.1, help="of paragraphs without it")
    kinds.choices["correction"].add_argument("--coded", type=int, default=150, help="paragraphs that people code")

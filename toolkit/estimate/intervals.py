"""Intervals for shares of clustered units (paragraphs in documents)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toolkit.runtime.parallel import each, worker_count
from toolkit.values import Floats, Ints, seed_for

BLOCK_WEIGHTS = 2_000_000
"""Bootstrap weights in memory at a time (draws x clusters)."""


@dataclass(frozen=True)
class Ratios:
    """(k,) ratios of sums over clusters, bootstrap standard errors, and numbers of clusters with a denominator."""

    estimate: Floats  # NaN if the denominator is 0
    error: Floats  # NaN if fewer than two clusters contribute to the denominator
    clusters: Ints


def bootstrap_sums(columns: Floats, draws: int, seed: int, stream: str) -> Floats:
    """(draws, c) sums of the columns of `columns` (clusters, c) over clusters drawn with replacement."""
    clusters = len(columns)
    step = max(1, BLOCK_WEIGHTS // max(clusters, 1))
    parts = [(seed_for(seed, stream), at, min(step, draws - first)) for at, first in enumerate(range(0, draws, step))]
    few = min(worker_count(), 4)  # to bound memory
    return np.vstack(list(each(_sums, parts, shared=columns, kind="threads", workers=few)))


def _sums(columns: Floats, seed: int, part: int, draws: int) -> Floats:
    """(draws, c) one part of the bootstrap sums; each part has a random stream of its own."""
    rng, clusters = np.random.Generator(np.random.PCG64(seed).jumped(part)), len(columns)
    picks = rng.integers(0, clusters, size=(draws, clusters))
    flat = (picks + clusters * np.arange(draws)[:, None]).ravel()
    weights = np.bincount(flat, minlength=draws * clusters).reshape(draws, clusters)
    return np.asarray(weights.astype(float) @ columns)


def ratios(columns: Floats, hits: Ints, totals: Ints, sums: Floats) -> Ratios:
    """Ratios columns[hits] / columns[totals] with standard errors from bootstrap `sums` of the same columns.

    The bootstrap's variance is multiplied by g / (g - 1) for g clusters (Rao & Wu 1988, eq. 2.6: without it the
    plain bootstrap of few clusters is too narrow).
    """
    whole = columns.sum(axis=0)
    clusters = (columns > 0).sum(axis=0)[totals]
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = whole[hits] / whole[totals]
        drawn = sums[:, hits] / sums[:, totals]
        error = np.sqrt(_variance(drawn) * clusters / (clusters - 1.0))
    error = np.where(clusters > 1, error, np.nan)
    return Ratios(estimate, error, clusters.astype(np.int32))


def _variance(drawn: Floats) -> Floats:
    """Variance of each column over the draws in which it is defined."""
    defined = np.isfinite(drawn)
    count = defined.sum(axis=0)
    values = np.where(defined, drawn, 0.0)
    mean = values.sum(axis=0) / count
    spread = np.where(defined, values - mean, 0.0)
    return np.asarray((spread**2).sum(axis=0) / (count - 1))


def widened(shares: Ratios, spread: Floats, seeds: Ints | int) -> tuple[Floats, Floats]:
    """Limits of shares that differ between seeds, with the standard deviation `spread` (k,) over the seeds.

    The variance of the bootstrap and that over the seeds, this one and `seeds` (k,) others, are added, because
    sampling and division are two sources of error. Degrees of freedom: Satterthwaite (1946), from clusters - 1 and
    `seeds`. No limit is narrower than without other seeds; a share of 0 or 1 is widened by t times the deviation.
    """
    from scipy.stats import t

    low, high, spread = *limits(shares.estimate, shares.error, shares.clusters), np.nan_to_num(spread)
    sampled, total = shares.error**2, shares.error**2 + spread**2
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = total**2 / (sampled**2 / (shares.clusters - 1.0) + spread**4 / np.maximum(seeds, 1))
    freedom = np.maximum(np.where(np.isfinite(freedom), freedom, shares.clusters - 1.0), 1.0)
    wide_low, wide_high = limits(shares.estimate, np.sqrt(total), freedom + 1)
    edge = (shares.estimate <= 0) | (shares.estimate >= 1)
    reach = t.ppf(0.975, freedom) * np.sqrt(total)
    wide_low = np.where(edge, np.maximum(shares.estimate - reach, 0), wide_low)
    wide_high = np.where(edge, np.minimum(shares.estimate + reach, 1), wide_high)
    moved = (spread > 0) & ~np.isnan(low)
    return np.where(moved, np.minimum(low, wide_low), low), np.where(moved, np.maximum(high, wide_high), high)


def limits(
    estimate: Floats, error: Floats, clusters: Ints | Floats, level: float | Floats = 0.95
) -> tuple[Floats, Floats]:
    """Lower and upper limits of shares in [0, 1] from their standard errors over `clusters` clusters.

    logit(p) -+ t(clusters - 1) * error / (p (1 - p)), transformed back: of the simulated intervals only this one had
    93-97 % coverage from 8 to 200 documents and shares from .05 to .5 (percentile bootstrap 86-94 %). If p is
    0 or 1, or all documents are alike, the exact binomial limits (Clopper & Pearson 1934) with the clusters
    as trials. NaN for fewer than two clusters.
    """
    from scipy.special import expit, logit
    from scipy.stats import beta, t

    p, se = np.asarray(estimate, float), np.asarray(error, float)
    g, tail = np.asarray(clusters, float), (1 - np.asarray(level, float)) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = t.ppf(1 - tail, np.maximum(g - 1, 1)) * se / (p * (1 - p))
        low, high = expit(logit(p) - reach), expit(logit(p) + reach)
        exact = (p <= 0) | (p >= 1) | (se <= 0)
        low = np.where(exact, np.where(p <= 0, 0.0, beta.ppf(tail, p * g, g - p * g + 1)), low)
        high = np.where(exact, np.where(p >= 1, 1.0, beta.ppf(1 - tail, p * g + 1, g - p * g)), high)
    unknown = (g < 2) | np.isnan(p)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)

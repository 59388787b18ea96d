"""Whether two codes are together in a paragraph more or less often than by chance, documents as units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.estimate.contrasts import adjusted
from toolkit.estimate.exchange import drawn, draws_for, exchange_of, family_p, p_of
from toolkit.estimate.verdicts import CANNOT, LESS, MORE, Adjust, verdict
from toolkit.values import Bools, Floats, Ints

MOST_DRAWS, FEWEST_DRAWS, MOST_PRODUCTS = 999, 499, 2.0e9
"""Largest and least number of exchanges of codes, and the limit of all multiplications."""
FEWEST_DOCUMENTS = 3
"""Least number of documents for a test."""
POISSON_ROOT_SD = 0.5
"""Standard deviation of the root of a Poisson count: the least standard deviation of a statistic."""
NO_CODE = "no paragraph has one of the codes"
NO_TEST = "fewer than three documents: nothing to exchange"
CHANCE = "chance gives as much if codes are exchanged between documents"
INTERVAL_CONTAINS_ONE = "the 95 % interval of lift contains 1"


@dataclass(frozen=True)
class Together:
    """The test of k pairs of codes, (k,) each: paragraphs with both, expected if independent, lift = both / expected.

    `low`, `high`: 95 % limits of lift. `p`: two-sided, by exchange of documents; `p_adjusted`: for all k pairs. NaN
    if undefined: no paragraph has one of the codes, or there are fewer than three documents.
    """

    both: Floats
    expected: Floats
    lift: Floats
    low: Floats
    high: Floats
    p: Floats
    p_adjusted: Floats

    @property
    def tested(self) -> int:
        """Number of pairs with a p-value: the family."""
        return int(np.isfinite(self.p).sum())

    def verdict(self, pair: int) -> tuple[str, str | None]:
        """ "more", "less" or "cannot be said" for one pair, and the reason for the last."""
        low, high, family = (
            None if np.isnan(values[pair]) else float(values[pair]) for values in (self.low, self.high, self.p_adjusted)
        )
        word = verdict(family, low, high, (MORE, LESS), 1.0)
        if word != CANNOT:
            return word, None
        if low is None or high is None:
            return word, NO_CODE
        return word, NO_TEST if family is None else INTERVAL_CONTAINS_ONE if low <= 1 <= high else CHANCE


def together(
    marks: Bools,
    pairs: Sequence[tuple[int, int]],
    unit: Ints,
    seed: int,
    position: Ints | None = None,
    how: Adjust = "holm",
    most: int = MOST_DRAWS,
) -> Together:
    """The test of each pair of columns of `marks` (n, codes): paragraphs with both against those expected by chance.

    Args:
        pairs: (k) pairs of columns; one pair for the test of one claim.
        unit: (n,) document of each paragraph; position: (n,) its place there, by default in the order given.
        how: "holm": adjusted for all pairs by maxT; "bh": Benjamini & Hochberg.

    The null hypothesis: it does not matter which document has the second code's pattern. The statistic is the
    difference of the roots of both and expected (Anscombe 1948), over its standard deviation in all draws.
    """
    carried = np.asarray(marks, float)
    exchange = exchange_of(unit, position)
    first, second = (np.array([pair[at] for pair in pairs], int) for at in (0, 1))
    statistic = _Roots(carried, first, second)
    both, expected = statistic.counts(carried)
    low, high = _lift_limits(carried, first, second, exchange.unit)
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.where(expected > 0, both / expected, np.nan)
    nothing = np.full(len(pairs), np.nan)
    if exchange.units < FEWEST_DOCUMENTS or not len(pairs):
        return Together(both, expected, lift, low, high, nothing, nothing)
    draws = draws_for(carried.size * carried.shape[1], most, min(most, FEWEST_DRAWS), MOST_PRODUCTS)
    unchanged = statistic(np.arange(len(carried), dtype=np.int32))
    made = np.array([unchanged, *drawn(exchange, statistic, draws, seed, "estimate:together")])
    scaled = np.abs(made - made.mean(axis=0)) / np.maximum(made.std(axis=0, ddof=1), POISSON_ROOT_SD)
    observed = np.where(expected > 0, scaled[0], np.nan)
    p = p_of(observed, scaled[1:])
    family = family_p(observed, np.where(expected > 0, scaled[1:], np.nan)) if how == "holm" else adjusted(p, how)
    return Together(both, expected, lift, low, high, p, family)


class _Roots:
    """Root of paragraphs with both less root of those expected, with second codes from other rows."""

    def __init__(self, marks: Floats, first: Ints, second: Ints) -> None:
        self.marks, self.first, self.second = marks, first, second
        self.sums = marks.sum(axis=0)

    def counts(self, other: Floats) -> tuple[Floats, Floats]:
        """(k,) paragraphs with both, and expected."""
        both = (self.marks.T @ other)[self.first, self.second]
        return both, self.sums[self.first] * other.sum(axis=0)[self.second] / max(len(other), 1)

    def __call__(self, rows: Ints) -> Floats:
        both, expected = self.counts(self.marks[rows])
        return np.asarray(np.sqrt(both + 0.375) - np.sqrt(expected + 0.375))


def _lift_limits(marks: Floats, first: Ints, second: Ints, unit: Ints) -> tuple[Floats, Floats]:
    """95 % limits (k,) of lift: those of the count of both, and of the expected, combined (MOVER).

    The count has the posterior Gamma(both / d + 1/2) x d of Jeffreys' prior, d its dispersion over documents (at least
    1; below three occurrences at least that of the steadier code); the logarithm of the expected has its linearised
    variance over documents.
    """
    from scipy.stats import gamma, t

    units = int(unit.max(initial=-1)) + 1
    size = np.bincount(unit, minlength=units).astype(float)
    per = _by_unit(list(marks.T), unit, units)
    sums, n = marks.sum(axis=0), float(len(marks))
    if units < 2 or not len(first):
        return np.full(len(first), np.nan), np.full(len(first), np.nan)
    both = _by_unit([marks[:, a] * marks[:, b] for a, b in zip(first, second, strict=True)], unit, units)
    count = both.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_pairs, codes = _dispersion(both, size), _dispersion(per, size)
        rare = np.where(count < 3, np.minimum(codes[first], codes[second]), 1.0)
        spread = np.maximum(np.maximum(of_pairs, rare), 1.0)
        expected = sums[first] * sums[second] / n
        parts = per[:, first] / sums[first] + per[:, second] / sums[second] - (size / n)[:, None]
        error = np.sqrt(((parts - parts.mean(axis=0)) ** 2).sum(axis=0) * units / (units - 1))
        centre = np.log((count + 0.5) / expected)
        ends = [np.log(gamma.ppf(tail, count / spread + 0.5) * spread / expected) for tail in (0.025, 0.975)]
        reach = t.ppf(0.975, units - 1) * error
        low = np.exp(centre - np.hypot(centre - ends[0], reach))
        high = np.exp(centre + np.hypot(ends[1] - centre, reach))
    undefined = ~(expected > 0)
    return np.where(undefined, np.nan, np.where(count > 0, low, 0.0)), np.where(undefined, np.nan, high)


def _by_unit(columns: list[Floats], unit: Ints, units: int) -> Floats:
    """(units, k) sums of columns (n,) over each unit."""
    return np.array([np.bincount(unit, column, units) for column in columns], float).reshape(-1, units).T


def _dispersion(counts: Floats, size: Floats) -> Floats:
    """(k,) sum of squared deviations from the expected over the sum expected: 1 for Poisson counts; NaN for none."""
    expected = size[:, None] * counts.sum(axis=0) / size.sum()
    many = len(size)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = ((counts - expected) ** 2).sum(axis=0) / expected.sum(axis=0)
    return np.asarray(np.nan_to_num(spread, nan=1.0) * many / (many - 1))

"""Intervals of the shares of codes that nobody checked: the coding error measured elsewhere joins the sampling error.

Let G be the share that the coding gives in the population, g that in the sample, T the true share, and of a share x

    o(x) = ln((x + c) / (1 - x + c)), c = SHARE_OFFSET

its log-odds, which shares of 0 and 1 have, too. e = o(T) - o(G) is the coding error, of which `CodingError` has the
2.5 % and 97.5 % quantiles (a, b) over codes whose true shares are known. Then o(T) = o(G) + e is a sum of two
independent unknowns. The first is estimated by o(g) with limits o(l) and o(h), where (l, h) is the sampling interval;
the second is put at 0 with limits a < 0 < b. By the method of variance estimates recovery (Zou & Donner 2008) the
distances of the sum's limits from its estimate are the roots of the sums of the squared distances:

    o(low)  = o(g) - sqrt((o(g) - o(l))² + a²)
    o(high) = o(g) + sqrt((o(h) - o(g))² + b²)

and the shares with these log-odds, cut to [0, 1], are the limits. Without sampling error this is the interval of T
given G. At a level other than 95 % a and b are multiplied by the ratio of normal quantiles. On the log-odds scale, and
not on that of logarithms, so that the interval of a broad code ends before 1.

The error is known for shares of paragraphs. A share of documents with at least one such paragraph, d, is taken to be
1 - (1 - g)^k, where k is the number of paragraphs of a document that vary independently; k is ln(1 - d) / ln(1 - g), at
most the mean number of paragraphs of a document, and this mean if d or g is 0 or 1. The coding limits of g in place
of g give those of d.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import pyarrow as pa

from toolkit.schemas import BY_CODING, PREVALENCE
from toolkit.values import Row, Table

SHARE_OFFSET = 0.005
"""Added to a share and to its rest before their ratio is calculated, so that shares of 0 and 1 have log-odds."""
METHOD = "{how}; widened by the coding error of development codebooks"
WORKS = ("mover2008",)


@dataclass(frozen=True)
class CodingError:
    """The error of shares that were coded without labels, measured on codebooks left out of the fit.

    codes, codebooks: their numbers in the measurement; each codebook has the same weight.
    mean_absolute_error: mean of |given - true share|; slope: of given on true share.
    within_1_5_of_broad: share of the codes with a true share above `broad_above` whose given share is within a factor
        of 1.5 of it; broad: the number of such codes, None if not recorded.
    log_odds_sd, log_odds_low, log_odds_high: standard deviation and 2.5 % and 97.5 % quantiles of the log-odds of the
        true share less those of the given one.
    measured_on: a phrase for the codebooks.

    Raises ValueError if the quantiles are not on both sides of 0, since a share must be in its interval.
    """

    codes: int
    codebooks: int
    mean_absolute_error: float
    slope: float
    within_1_5_of_broad: float
    broad_above: float
    log_odds_sd: float
    log_odds_low: float
    log_odds_high: float
    measured_on: str
    broad: int | None = None

    def __post_init__(self) -> None:
        if not self.log_odds_low <= 0 <= self.log_odds_high:
            raise ValueError(
                f"differences of log-odds from {self.log_odds_low} to {self.log_odds_high} do not contain 0"
            )

    def limits(self, share: float, level: float = 0.95) -> tuple[float, float]:
        """Limits of the true share of paragraphs whose given share has no sampling error."""
        times = NormalDist().inv_cdf((1 + level) / 2) / NormalDist().inv_cdf(0.975)
        low, high = (share_of(log_odds(share) + times * more) for more in (self.log_odds_low, self.log_odds_high))
        return low, high

    @property
    def words(self) -> str:
        """A sentence on how the error was measured and how large it is."""
        return (
            f"On the {self.codes} codes of {self.codebooks} {self.measured_on}, each left out of the fit that coded "
            f"it, shares given without labels differ from the true ones by {100 * self.mean_absolute_error:.1f} "
            f"percentage points on average, the slope of given on true share is {self.slope:.2f}, and the given share "
            f"of {self.within_1_5_of_broad:.0%} of the codes truly above {self.broad_above:.0%} is within a factor of "
            f"1.5; the odds of 95 % of the true shares are between {math.exp(self.log_odds_low):.2f} and "
            f"{math.exp(self.log_odds_high):.2f} times those of the given ones ({SHARE_OFFSET} added to shares and "
            "rests)."
        )


@dataclass(frozen=True)
class CodedShare:
    """A share with a coding error: of paragraphs, or of documents with at least one such paragraph.

    For documents, `paragraphs` is the share of paragraphs and `size` the mean number of paragraphs of a document.
    """

    error: CodingError
    share: float
    paragraphs: float | None = None
    size: float = 1.0

    def coding_limits(self, level: float = 0.95) -> tuple[float, float]:
        """Limits of the true share if only the coding is uncertain."""
        if self.paragraphs is None:
            return self.error.limits(self.share, level)
        inside = 0 < self.paragraphs < 1 and 0 < self.share < 1
        fitting = math.log1p(-self.share) / math.log1p(-self.paragraphs) if inside else self.size
        low, high = (1 - (1 - end) ** min(fitting, self.size) for end in self.error.limits(self.paragraphs, level))
        return min(low, self.share), max(high, self.share)

    def widened(self, low: float, high: float, level: float = 0.95) -> tuple[float, float]:
        """Limits of the true share from the sampling limits of the given one; NaN remains NaN."""
        if math.isnan(low) or math.isnan(high):
            return low, high
        below, above = self.coding_limits(level)
        centre = log_odds(self.share)
        down = math.hypot(centre - log_odds(low), centre - log_odds(below))
        up = math.hypot(log_odds(high) - centre, log_odds(above) - centre)
        return min(share_of(centre - down), low), max(share_of(centre + up), high)


def log_odds(share: float) -> float:
    """The log-odds of a share, `SHARE_OFFSET` added to it and to its rest."""
    return math.log((share + SHARE_OFFSET) / (1 - share + SHARE_OFFSET))


def share_of(odds: float) -> float:
    """The share with these log-odds, cut to [0, 1]."""
    return min(max((1 + 2 * SHARE_OFFSET) / (1 + math.exp(-odds)) - SHARE_OFFSET, 0.0), 1.0)


def with_coding_error(table: Table, unchecked: Collection[str], error: CodingError) -> Table:
    """PREVALENCE with the intervals of the `unchecked` codes widened; the sampling limits remain in other columns."""
    rows = table.to_pylist()
    paragraphs = {_place(row): row for row in rows if row["kind"] == "code" and row["unit"] == "paragraph"}
    for row in rows:
        if row["kind"] == "code" and row["id"] in unchecked and row["low"] is not None:
            share = _coded_share(row, paragraphs[_place(row)], error)
            row["low"], row["high"] = share.widened(row["low"], row["high"])
            row["interval_of"], row["method"] = BY_CODING, METHOD.format(how=row["method"])
    return pa.Table.from_pylist(rows, schema=PREVALENCE)


def _place(row: Row) -> tuple[Any, ...]:
    return row["id"], row["group_by"], row["group"], row["counting"]


def _coded_share(row: Row, of: Row, error: CodingError) -> CodedShare:
    """The share of a row; `of` is the row of the same paragraphs' share."""
    if row["unit"] == "paragraph" or of["estimate"] is None:
        return CodedShare(error, row["estimate"])
    return CodedShare(error, row["estimate"], of["estimate"], of["n"] / row["n"])

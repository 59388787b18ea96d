"""The statistics of claims: shares, differences, slopes and lifts with errors that depend on no random draw.

Errors come from the jackknife that leaves out one document at a time (Tukey 1958), or one group of documents if the
bootstrap of the other tables draws groups. It is the same for every seed, and on average too large rather than too
small (Efron & Stein 1981, theorem 2). What claims take from `toolkit.estimate` is called in this module alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from toolkit.estimate.coding_error import CodedShare
from toolkit.estimate.contrasts import difference_limits, p_values
from toolkit.estimate.correction import sample_columns, three_shares, tuned_weight
from toolkit.estimate.grouping import Grouping
from toolkit.estimate.intervals import Ratios, limits
from toolkit.estimate.jackknife import FEWEST_DOCUMENTS as FEWEST
from toolkit.estimate.jackknife import effective, jackknife, ratio
from toolkit.estimate.prevalence import GroupShares
from toolkit.values import Bools, Floats, Ints

ONE_DOCUMENT = "nearly everything that is counted is in one document"
SMALLEST_P = 1e-12
"""p-values below this count as 0."""
NAN = float("nan")


@dataclass(frozen=True)
class Share:
    """A share of one group: estimate, jackknife error and denominator `n`.

    `documents` are the documents (or groups of them) of the denominator, `sampled` those that the share rests on: fewer
    if people coded only some. `clusters` is the `effective` number of these. `coded` is the share with its
    coding error if nobody checked the coding; its limits then contain both errors.
    """

    estimate: float
    error: float
    clusters: float
    n: int
    documents: int
    sampled: int
    coded: CodedShare | None = None

    @property
    def limits(self) -> tuple[float, float]:
        """Its 95 % limits."""
        return self.at(0.95)

    def at(self, level: float) -> tuple[float, float]:
        """Its limits at another level."""
        low, high = limits(np.array([self.estimate]), np.array([self.error]), np.array([self.clusters]), level)
        ends = float(low[0]), float(high[0])
        return ends if self.coded is None else self.coded.widened(*ends, level)


@dataclass(frozen=True)
class Measure:
    """A number with its 95 % limits and its two-sided p; `null` is what it is if the claim is no more than chance.

    `reason` is why there is no p. `first` and `second` are what the number is made of, `n` and `n_second` their
    denominators, `documents` and `documents_second` the documents (or groups of them) behind each.
    """

    null: float
    estimate: float = NAN
    low: float = NAN
    high: float = NAN
    p: float = NAN
    first: float = NAN
    second: float = NAN
    n: int = 0
    n_second: int | None = None
    documents: int = 0
    documents_second: int | None = None
    reason: str = ""


def share(columns: Floats) -> Share:
    """The share of (clusters, 2) hits and totals; clusters without a total are left out."""
    counted = columns[columns[:, 1] > 0]
    whole = counted.sum(axis=0)[None]
    error = jackknife(counted, ratio) if len(counted) > 1 else NAN
    clusters = effective(counted[:, 1])
    return Share(float(ratio(whole)[0]), error, clusters, int(whole[0, 1]), len(counted), len(counted))


def level(share: Share, value: float) -> Measure:
    """A share against a value; p is the level at which its limits just reach the value."""
    low, high = share.limits
    plain = Measure(value, share.estimate, low, high, NAN, share.estimate, value, share.n, documents=share.documents)
    if share.sampled < FEWEST:
        return replace(plain, reason=_few(share.sampled))
    return replace(plain, reason=ONE_DOCUMENT) if np.isnan(low) else replace(plain, p=_reaching(share, value))


def _reaching(share: Share, value: float) -> float:
    """The p at which the interval at level 1 - p just reaches a value."""
    from scipy.optimize import brentq

    if share.estimate == value:
        return 1.0
    side = 0 if share.estimate > value else 1

    def gap(p: float) -> float:
        return abs(share.estimate - value) - abs(share.estimate - share.at(1 - p)[side])

    if gap(1 - SMALLEST_P) <= 0:  # exact limits of none and of all never close up to the share
        return 1.0
    return float(brentq(gap, SMALLEST_P, 1 - SMALLEST_P)) if gap(SMALLEST_P) < 0 else 0.0


def difference(a: Share, b: Share) -> Measure:
    """The share of one group minus that of another: limits and p as in the table of contrasts."""
    first, second = _as_group(a), _as_group(b)
    low, high = (float(ends[0]) for ends in difference_limits(first, second))
    plain = Measure(
        0.0, a.estimate - b.estimate, low, high, NAN, a.estimate, b.estimate, a.n, b.n, a.documents, b.documents
    )  # fmt: skip
    few = min(a.sampled, b.sampled)
    if few < FEWEST:
        return replace(plain, reason=_few(few))
    if np.isnan(low):
        return replace(plain, reason=ONE_DOCUMENT)
    if a.estimate == b.estimate and a.estimate in (0.0, 1.0):
        return replace(plain, reason=f"{'no' if a.estimate == 0 else 'every'} unit of either group has the code")
    return replace(plain, p=float(p_values(first, second)[0]))


def _as_group(share: Share) -> GroupShares:
    values = Ratios(np.array([share.estimate]), np.array([share.error]), np.array([share.clusters]))
    low, high = share.limits
    whole = Grouping(None, None, np.ones(1, bool))
    return GroupShares(whole, values, np.array([low]), np.array([high]), np.array([share.n], np.int32))


def slope(hits: Bools, time: Floats, cluster: Ints) -> Measure:
    """The change of a share per year: the least-squares line of hit (0 or 1) on time over all units.

    Args:
        hits: (n,) whether each dated unit has the code; time: (n,) in years; cluster: (n,) its document or group.

    A cluster is left out at a time; limits and p by Student's t with effective clusters - 2 degrees of freedom.
    """
    from scipy.stats import t

    g, n = len(np.unique(cluster)), len(hits)
    if g < FEWEST or len(np.unique(time)) < 2:
        many = _few(g, "dated ") if g < FEWEST else "all dated documents have the same date"
        return Measure(0.0, n=n, documents=g, reason=many)
    when = time - time.mean()
    sums = summed([hits, np.ones(n), hits * when, when, when**2], cluster)
    estimate, error = float(_line(sums.sum(axis=0)[None])[0]), jackknife(sums, _line)
    if hits.all() or not hits.any():
        return Measure(0.0, estimate, n=n, documents=g, reason=f"{'every' if hits.any() else 'no'} unit has the code")
    if not error > 0:
        return Measure(0.0, estimate, n=n, documents=g, reason="all of the change is in one document")
    freedom = max(effective(sums[:, 1]) - 2, 1.0)
    reach = float(t.ppf(0.975, freedom)) * error
    p = float(2 * t.sf(abs(estimate) / error, freedom))
    return Measure(0.0, estimate, estimate - reach, estimate + reach, p, n=n, documents=g)


def _line(sums: Floats) -> Floats:
    """(m,) slopes from sums of hits, totals, hits x time, totals x time, totals x time squared."""
    x, m, xt, mt, mtt = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = (xt - mt * x / m) / (mtt - mt**2 / m)
    return np.where(np.isfinite(slopes), slopes, np.nan)


def lift(columns: Floats) -> Measure:
    """Units with both codes, over the number expected if the two codes were independent.

    Args:
        columns: (clusters, 4) units with both codes, with the first, with the second, and all.

    Limits are formed on the log scale, p is that of the difference observed - expected; both by Student's t with
    effective clusters - 1 degrees of freedom. No limits and no p if the two codes never meet.
    """
    from scipy.stats import t

    counted = columns[columns[:, 3] > 0]
    both, a, b, n = counted.sum(axis=0) if len(counted) else np.zeros(4)
    g = len(counted)
    plain = Measure(1.0, first=float(both), second=float(a * b / n) if n else NAN, n=int(n), documents=g)
    if g < FEWEST:
        return replace(plain, reason=_few(g))
    if not (a and b):
        return replace(plain, reason="one of the two codes is in no unit")
    if n in (a, b):
        return replace(plain, reason="one of the two codes is in every unit")
    plain = replace(plain, estimate=float(both * n / (a * b)))
    if not both:
        return replace(plain, reason=f"no unit has both codes; {plain.second:.1f} are expected by chance")
    error, se = jackknife(counted, _log_lift), jackknife(counted, _excess)
    if not (error > 0 and se > 0):
        return replace(plain, reason="all units with both codes are in one document")
    freedom = max(effective(counted[:, 3]) - 1, 1.0)
    reach = float(np.exp(t.ppf(0.975, freedom) * error))
    p = float(2 * t.sf(abs(_excess(counted.sum(axis=0)[None])[0]) / se, freedom))
    return replace(plain, low=plain.estimate / reach, high=plain.estimate * reach, p=p)


def _excess(sums: Floats) -> Floats:
    """(m,) observed minus expected share of units with both codes."""
    both, a, b, n = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(both / n - a * b / n**2)


def _log_lift(sums: Floats) -> Floats:
    both, a, b, n = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(both) + np.log(n) - np.log(a) - np.log(b))


def _few(documents: int, which: str = "") -> str:
    units = "document" if documents == 1 else "documents"
    return f"{documents} {which}{units}, and {FEWEST} are needed"


def corrected(machine: Bools, people: Bools, weights: Floats, cluster: Ints) -> Share:
    """A share of units corrected with a coded sample (estimate.correction), its error by the jackknife.

    Args:
        machine, people: (n,) decisions; people's count only for coded units, whose `weights` (n,) are above 0: how
            many units each represents.
    """
    coded = weights > 0
    columns = sample_columns(machine, people & coded, weights, [str(number) for number in cluster])
    weight = tuned_weight(machine[coded].astype(float), people[coded].astype(float), weights[coded])

    def both(sums: Floats) -> Floats:
        return np.asarray(three_shares(sums, weight)[2])

    estimate = float(np.clip(both(columns.sum(axis=0)[None])[0], 0.0, 1.0))
    sampled = int((columns[:, 1] > 0).sum())
    clusters = effective(columns[:, 1])
    return Share(estimate, jackknife(columns, both), clusters, len(machine), len(columns), sampled)


def summed(columns: list[Any], cluster: Ints) -> Floats:
    """(clusters, k) sums of k columns (n,) over the units of each cluster."""
    names, index = np.unique(cluster, return_inverse=True)
    counts = [np.bincount(index, weights=np.asarray(column, float), minlength=len(names)) for column in columns]
    return np.column_stack(counts).astype(float)

"""Differences in share between a group and the rest, with effect sizes and adjusted p-values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from toolkit.estimate.grouping import PERIODS, Grouping
from toolkit.estimate.intervals import limits
from toolkit.estimate.prevalence import GroupShares, group_shares, how_drawn, number
from toolkit.estimate.tally import Tally
from toolkit.estimate.verdicts import CANNOT, LESS, MORE, verdict
from toolkit.values import Bools, Floats, Row, Table

CONTRASTS = pa.schema(
    [
        ("kind", pa.string()),
        ("id", pa.string()),
        ("group_by", pa.string()),
        ("group", pa.string()),
        ("versus", pa.string()),
        ("unit", pa.string()),
        ("difference", pa.float64()),  # share in the group minus share in `versus`
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("effect_size", pa.float64()),  # Cohen's h
        ("p", pa.float64()),
        ("p_adjusted", pa.float64()),  # for all rows of the table
        ("tested", pa.int64()),  # rows with a p-value: the family
        ("verdict", pa.string()),  # more or less in the group than in `versus`, or "cannot be said"
        ("reason", pa.string()),  # why it cannot be said
        ("n", pa.int64()),
        ("n_versus", pa.int64()),
        ("method", pa.string()),
    ]
)
WORKS = ("mover2008",)
"""Keys of the works behind contrasts (report.references)."""
METHOD = "limits of both shares, combined (MOVER)"
INTERVAL_CONTAINS_ZERO = "the 95 % interval contains 0"
P_NOT_BELOW_FAMILY = "p adjusted for all tests of the table is not below 0.05"


def cohens_h(first: Floats, second: Floats) -> Floats:
    """Effect size of a difference of shares: 2 asin(sqrt p1) - 2 asin(sqrt p2) (Cohen 1988, eq. 6.2.1)."""
    return np.asarray(2 * np.arcsin(np.sqrt(first)) - 2 * np.arcsin(np.sqrt(second)))


def difference_limits(a: GroupShares, b: GroupShares, level: float | Floats = 0.95) -> tuple[Floats, Floats]:
    """Limits of a difference of two shares from the limits of each (MOVER; Zou & Donner 2008, eq. 3; Newcombe 1998)."""
    p, q = a.ratios.estimate, b.ratios.estimate
    low_a, high_a = limits(p, a.ratios.error, a.ratios.clusters, level)
    low_b, high_b = limits(q, b.ratios.error, b.ratios.clusters, level)
    low = p - q - np.sqrt((p - low_a) ** 2 + (high_b - q) ** 2)
    high = p - q + np.sqrt((high_a - p) ** 2 + (q - low_b) ** 2)
    return low, high


def p_values(a: GroupShares, b: GroupShares) -> Floats:
    """(k,) levels at which the interval of the difference just reaches 0, by bisection (2^-30)."""
    p = np.zeros(len(a.n))
    step = 0.5
    for _ in range(30):
        low, high = difference_limits(a, b, 1 - (p + step))
        p = np.where((low <= 0) & (high >= 0), p + step, p)  # still covers 0 at the smaller level: p is larger
        step /= 2
    unknown = np.isnan(sum(difference_limits(a, b)))
    return np.where(unknown, np.nan, np.where(a.ratios.estimate == b.ratios.estimate, 1.0, p))


def adjusted(p: Floats, how: str) -> Floats:
    """p-values adjusted for their number by Holm (1979) or Benjamini & Hochberg (1995); NaN are not counted."""
    out = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    m = len(known)
    order = known[np.argsort(p[known], kind="stable")]
    rank = np.arange(m)
    if how == "holm":
        values = np.maximum.accumulate(p[order] * (m - rank)) if m else p[order]
    else:
        values = np.minimum.accumulate((p[order] * m / (rank + 1))[::-1])[::-1]
    out[order] = np.minimum(values, 1.0)
    return out


def contrasts(tally: Tally, shares: list[GroupShares], how: str, draws: int, seed: int) -> Table:
    """The table of each group against the other groups of its column, unique counting; one row for two groups.

    p-values are adjusted for all rows of the table: every column, kind, unit and group. Periods are in the trends.
    """
    rows: list[Row] = []
    columns = dict.fromkeys(share.grouping.group_by for share in shares)
    for column in columns:
        groups = [share for share in shares if share.grouping.group_by == column]
        if column is None or column in PERIODS or len(groups) < 2:
            continue
        rows += [row for group in _sided(tally, groups, draws, seed) for row in _rows(tally, *group)]
    return pa.Table.from_pylist(_with_adjusted(rows, how), schema=CONTRASTS)


def _sided(
    tally: Tally, groups: list[GroupShares], draws: int, seed: int
) -> list[tuple[GroupShares, GroupShares, str]]:
    """Each group, the group with which it is compared, and the name of that group."""
    if len(groups) == 2:
        return [(groups[0], groups[1], str(groups[1].grouping.group))]
    everyone = np.any([group.grouping.rows for group in groups], axis=0)
    sided = []
    for group in groups:
        rest = _rest(groups, group, everyone)
        sided.append((group, group_shares(tally, rest, draws, seed), "all others"))
    return sided


def _rest(groups: list[GroupShares], group: GroupShares, everyone: Bools) -> Grouping:
    """All other groups of a column as one; groups of paragraphs are summed, since documents may be in several."""
    column, name = group.grouping.group_by, f"not {group.grouping.group}"
    if group.grouping.values is None:
        return Grouping(column, name, everyone & ~group.grouping.rows)
    others = [other.grouping.values for other in groups if other is not group]
    values = np.sum([counts for counts in others if counts is not None], axis=0)
    return Grouping(column, name, values.any(axis=1), values)


def _rows(tally: Tally, a: GroupShares, b: GroupShares, versus: str) -> list[Row]:
    low, high = difference_limits(a, b)
    p, size = p_values(a, b), cohens_h(a.ratios.estimate, b.ratios.estimate)
    rows = []
    for row, series in enumerate(tally.series):
        if series.counting != "unique":
            continue
        first, second = how_drawn(a, row, tally.drawn), how_drawn(b, row, tally.drawn)
        why = first if first.startswith("none") else second
        rows.append(
            {
                "kind": series.kind,
                "id": series.id,
                "group_by": a.grouping.group_by,
                "group": a.grouping.group,
                "versus": versus,
                "unit": series.unit,
                "difference": number(a.ratios.estimate[row] - b.ratios.estimate[row]),
                "low": number(low[row]),
                "high": number(high[row]),
                "effect_size": number(size[row]),
                "p": number(p[row]),
                "p_adjusted": None,
                "n": int(a.n[row]),
                "n_versus": int(b.n[row]),
                "method": why if why.startswith("none") else METHOD,
            }
        )
    return rows


def _with_adjusted(rows: list[Row], how: str) -> list[Row]:
    """The rows with `p_adjusted`, `tested` and `verdict`; all rows are one family."""
    p = np.array([np.nan if row["p"] is None else row["p"] for row in rows])
    family = int(np.isfinite(p).sum())
    for row, value in zip(rows, adjusted(p, how), strict=True):
        row["p_adjusted"], row["tested"] = number(value), family
        row["verdict"] = verdict(row["p_adjusted"], row["low"], row["high"], (MORE, LESS))
        row["reason"] = _reason(row) if row["verdict"] == CANNOT else None
    return rows


def _reason(row: Row) -> str:
    """The reason why a row has no verdict."""
    if row["p"] is None:
        return row["method"].removeprefix("none: ") if row["method"] != METHOD else "a share has no interval"
    return INTERVAL_CONTAINS_ZERO if row["low"] <= 0 <= row["high"] else P_NOT_BELOW_FAMILY

"""Shares of paragraphs and documents, with the interval that their clustering in documents allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from toolkit.estimate.grouping import Grouping
from toolkit.estimate.intervals import Ratios, bootstrap_sums, limits, ratios, widened
from toolkit.estimate.reseeded import Spread
from toolkit.estimate.tally import Tally
from toolkit.schemas import BY_SAMPLING, BY_SEEDS, PREVALENCE
from toolkit.values import Floats, Ints, Row, Table

INTERVAL = "bootstrap of {drawn}, logit t"
EXACT = "exact binomial, {drawn} as trials"
ONE_DOCUMENT = "none: one document in the group"
ONE_CLUSTER = "none: the documents of the group are all drawn together"
EMPTY = "none: nothing to count in the group"
SEEDS = "{how}; widened by {seeds} other seeds"
SOME_SEEDS = "{how}; widened by the {returned} of {seeds} other seeds with which the theme returns"
GONE = "none: the theme returns with only {returned} of {seeds} other seeds"


@dataclass(frozen=True)
class GroupShares:
    """Every series of one group: its share, error and limits, (k,) each, and the denominators.

    Limits are widened by other seeds if `spread`, the difference of each share over them, is known, and NaN for themes
    that do not return with most of them; `ratios.error` is without other seeds.
    """

    grouping: Grouping
    ratios: Ratios
    low: Floats
    high: Floats
    n: Ints
    spread: Spread | None = None


def group_shares(tally: Tally, grouping: Grouping, draws: int, seed: int, spread: Spread | None = None) -> GroupShares:
    """The shares of every series in one group of documents or paragraphs; `spread` over other seeds widens limits."""
    columns = tally.by_cluster(grouping.rows, grouping.values)
    hits = np.array([series.hits for series in tally.series], np.int32)
    totals = np.array([series.total for series in tally.series], np.int32)
    if len(columns):
        shares = ratios(columns, hits, totals, bootstrap_sums(columns, draws, seed, grouping.stream))
    else:
        nothing = np.full(len(hits), np.nan)
        shares = Ratios(nothing, nothing, np.zeros(len(hits), np.int32))
    n = columns.sum(axis=0)[totals].astype(np.int64)
    if spread is None:
        return GroupShares(grouping, shares, *limits(shares.estimate, shares.error, shares.clusters), n)
    low, high = (np.where(spread.gone, np.nan, ends) for ends in widened(shares, spread.deviation, spread.returned))
    return GroupShares(grouping, shares, low, high, n, spread)


def how(shares: GroupShares, row: int, drawn: str = "documents") -> str:
    """The method of the interval of one series, or the reason why there is none."""
    plain, spread = how_drawn(shares, row, drawn), shares.spread
    if plain.startswith("none") or spread is None or np.isnan(spread.deviation[row]):
        return plain
    returned, seeds = int(spread.returned[row]), spread.seeds
    pattern = GONE if spread.gone[row] else SEEDS if returned == seeds else SOME_SEEDS
    return pattern.format(how=plain, returned=returned, seeds=seeds)


def how_drawn(shares: GroupShares, row: int, drawn: str = "documents") -> str:
    """The method of the interval without other seeds."""
    if shares.n[row] == 0:
        return EMPTY
    if shares.ratios.clusters[row] < 2:
        return ONE_DOCUMENT if drawn == "documents" else ONE_CLUSTER
    exact = shares.ratios.estimate[row] in (0.0, 1.0) or shares.ratios.error[row] == 0
    return (EXACT if exact else INTERVAL).format(drawn=drawn)


def number(value: float) -> float | None:
    """A float for a table; None if undefined."""
    return None if np.isnan(value) else float(value)


def prevalence_table(tally: Tally, shares: list[GroupShares], broader: list[Row]) -> Table:
    """The table `tables/prevalence`: groups in order, then series in order, then the broader themes."""
    return pa.Table.from_pylist([*share_rows(tally, shares), *broader], schema=PREVALENCE)


def share_rows(tally: Tally, shares: list[GroupShares]) -> list[Row]:
    """One row for each group and series."""
    rows: list[Row] = []
    for group in shares:
        plain = limits(group.ratios.estimate, group.ratios.error, group.ratios.clusters)
        for row, series in enumerate(tally.series):
            known = not np.isnan(group.low[row])
            rows.append(
                {
                    "kind": series.kind,
                    "id": series.id,
                    "group_by": group.grouping.group_by,
                    "group": group.grouping.group,
                    "unit": series.unit,
                    "counting": series.counting,
                    "estimate": number(group.ratios.estimate[row]),
                    "low": number(group.low[row]),
                    "high": number(group.high[row]),
                    "hits": round(float(np.nan_to_num(group.ratios.estimate[row])) * int(group.n[row])),
                    "n": int(group.n[row]),
                    "method": how(group, row, tally.drawn),
                    "interval_of": _interval_of(group, row) if known else None,
                    "sampling_low": number(plain[0][row]) if known else None,
                    "sampling_high": number(plain[1][row]) if known else None,
                }
            )
    return rows


def _interval_of(shares: GroupShares, row: int) -> str:
    """What the interval of one series contains."""
    spread = shares.spread
    return BY_SAMPLING if spread is None or np.isnan(spread.deviation[row]) else BY_SEEDS

"""Shares over time: one row a period, and the straight line through them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.estimate.grouping import PERIODS, years
from toolkit.estimate.intervals import bootstrap_sums
from toolkit.estimate.prevalence import GroupShares, number
from toolkit.estimate.tally import Tally
from toolkit.values import Floats

SLOPE = "slope per year"
TRENDS = pa.schema(
    [
        ("kind", pa.string()),
        ("id", pa.string()),
        ("period", pa.string()),  # 2024-05, 2024-Q2, 2024, or "slope per year"
        ("unit", pa.string()),
        ("estimate", pa.float64()),  # a share; for the slope its change per year
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("n", pa.int64()),
    ]
)
FEWEST_DOCUMENTS = 4
"""A slope needs at least this many dated units, on at least two dates."""


def trends(
    tally: Tally, documents: Any, shares: list[GroupShares], draws: int, seed: int
) -> tuple[Any, tuple[str, ...]]:
    """Unique shares of every period, then one slope a series where dates allow; and why not where they do not."""
    rows: list[dict[str, Any]] = []
    dated = [share for share in shares if share.grouping.group_by in PERIODS]
    for group in dated:
        for row, series in enumerate(tally.series):
            if series.counting == "unique":
                low, high = number(group.low[row]), number(group.high[row])
                estimate = number(group.found.estimate[row])
                rows.append(_row(series, str(group.grouping.group), estimate, low, high, int(group.n[row])))
    if not dated:
        return pa.Table.from_pylist(rows, schema=TRENDS), ()
    found, notes = _slopes(tally, documents, draws, seed)
    return pa.Table.from_pylist(rows + found, schema=TRENDS), notes


def _row(series: Any, period: str, estimate: Any, low: Any, high: Any, n: int) -> dict[str, Any]:
    return {
        "kind": series.kind,
        "id": series.id,
        "period": period,
        "unit": series.unit,
        "estimate": estimate,
        "low": low,
        "high": high,
        "n": n,
    }


def _slopes(tally: Tally, documents: Any, draws: int, seed: int) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    when = [years(date) for date in documents.column("date").to_pylist()]
    known = np.array([time is not None for time in when], dtype=bool)
    time = np.array([0.0 if moment is None else moment for moment in when])
    chosen = [(row, series) for row, series in enumerate(tally.series) if series.counting == "unique"]
    units = len(np.unique(tally.cluster[known & (tally.values.sum(axis=1) > 0)]))
    if units < FEWEST_DOCUMENTS or len(np.unique(time[known])) < 2:
        rows = [_row(series, SLOPE, None, None, None, 0) for _, series in chosen]
        return rows, (f"Slopes over time need {FEWEST_DOCUMENTS} dated documents on two dates; there are {units}.",)
    time = np.where(known, time - time[known].mean(), 0.0)
    moments = _moments(tally, time)
    summed = tally.by_cluster(known, moments)
    width = tally.values.shape[1]
    whole = _slope(summed.sum(axis=0)[None], width, chosen)[0]
    drawn = _slope(bootstrap_sums(summed, draws, seed, "estimate:slope"), width, chosen)
    rows = []
    for place, (_, series) in enumerate(chosen):
        defined = drawn[np.isfinite(drawn[:, place]), place]
        low, high = _reach(whole[place], defined, len(summed))
        n = int(summed.sum(axis=0)[series.total])
        rows.append(_row(series, SLOPE, number(whole[place]), low, high, n))
    return rows, ()


def _moments(tally: Tally, time: Floats) -> Floats:
    """Columns whose sums give every least-squares line: counts, counts x time, counts x time squared."""
    return np.hstack([tally.values, tally.values * time[:, None], tally.values * (time**2)[:, None]])


def _slope(sums: Floats, width: int, chosen: list[tuple[int, Any]]) -> Floats:
    """(draws, series) slope of hit (0 or 1) on time by least squares over all paragraphs (or documents)."""
    hits = np.array([series.hits for _, series in chosen])
    totals = np.array([series.total for _, series in chosen])
    m, mt, mtt = sums[:, totals], sums[:, width + totals], sums[:, 2 * width + totals]
    x, xt = sums[:, hits], sums[:, width + hits]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (xt - mt * x / m) / (mtt - mt**2 / m)
    return np.where(np.isfinite(slope), slope, np.nan)


def _reach(slope: float, drawn: Floats, clusters: int) -> tuple[float | None, float | None]:
    """Limits at t(g - 2) bootstrap standard errors; null where every document is alike."""
    from scipy.stats import t

    if len(drawn) < 2 or np.isnan(slope) or clusters < 3 or np.ptp(drawn) == 0:
        return None, None
    reach = t.ppf(0.975, clusters - 2) * float(np.std(drawn, ddof=1)) * np.sqrt(clusters / (clusters - 1))
    return float(slope - reach), float(slope + reach)

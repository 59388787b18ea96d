"""Shares over time: one row for each period, and the straight line through them, with its test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from toolkit.estimate.contrasts import adjusted
from toolkit.estimate.exchange import drawn, draws_for, exchange_of, family_p, p_of
from toolkit.estimate.grouping import PERIODS, years
from toolkit.estimate.intervals import bootstrap_sums
from toolkit.estimate.prevalence import GroupShares, number
from toolkit.estimate.tally import Series, Tally
from toolkit.estimate.verdicts import CANNOT, FALLING, RISING, Adjust, verdict
from toolkit.values import Bools, Floats, Ints, Row, Table

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
        ("p", pa.float64()),  # of a slope, from exchanging dates between documents
        ("p_adjusted", pa.float64()),  # for all slopes of the table
        ("tested", pa.int64()),  # slopes with a p-value: the family
        ("verdict", pa.string()),  # rising, falling or "cannot be said"
        ("reason", pa.string()),  # why it cannot be said
    ]
)
FEWEST_DOCUMENTS = 4
"""Least number of dated units, on at least two dates, for a slope."""
MOST_DRAWS, FEWEST_DRAWS, MOST_PRODUCTS = 999, 499, 4.0e8
"""Largest and least number of exchanges of dates, and largest product documents x series x exchanges."""
TOO_FEW = "too few dated documents, or all on one date"
ALIKE = "every document is alike"
NO_TREND = "chance gives as much if dates are exchanged between documents"
INTERVAL_CONTAINS_ZERO = "the 95 % interval contains 0"


@dataclass(frozen=True)
class SlopeTest:
    """Slopes (k,) of shares per year: p (two-sided) and p adjusted for all k by maxT; NaN if nothing varies."""

    p: Floats
    p_adjusted: Floats


def slope_test(hits: Floats, totals: Floats, time: Floats, unit: Ints, seed: int, most: int = MOST_DRAWS) -> SlopeTest:
    """The test whether shares change with time, by exchanging dates between documents.

    Args:
        hits, totals: (d, k) counts of k series in d dated documents.
        time: (d,) dates in years; unit: (d,) documents that are drawn together (each alone: its own number).

    The statistic is the score of the slope over its cluster-robust standard error: sum of (time - mean time of the
    counted) x (hits - share x totals) over documents, and the root of the sum of its squares over units.
    """
    score = _Score(hits, totals, time, exchange_of(unit).unit)
    exchange = exchange_of(unit)
    draws = draws_for(hits.size, most, min(most, FEWEST_DRAWS), MOST_PRODUCTS)
    observed = score(np.arange(len(time), dtype=np.int32))
    made = np.array(drawn(exchange, score, draws, seed, "estimate:trend test"))
    varies = score.varies
    observed = np.where(varies, observed, np.nan)
    made = np.where(varies, made, np.nan)
    return SlopeTest(p_of(observed, np.nan_to_num(made)), family_p(observed, made))


class _Score:
    """Studentised score of the slope of each series, with dates from other rows."""

    def __init__(self, hits: Floats, totals: Floats, time: Floats, unit: Ints) -> None:
        from scipy.sparse import csr_matrix

        whole = totals.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            self.rest = np.nan_to_num(hits - totals * (hits.sum(axis=0) / whole))
            self.part = np.nan_to_num(totals / whole)
        self.varies = np.abs(self.rest).max(axis=0, initial=0.0) > ROUNDING_ERROR
        self.time = time - time.mean()
        rows = np.arange(len(unit))
        self.member = csr_matrix((np.ones(len(unit)), (unit, rows)), (int(unit.max(initial=-1)) + 1, len(unit)))

    def __call__(self, rows: Ints) -> Floats:
        time = self.time[rows]
        score = (time[:, None] - time @ self.part) * self.rest
        summed = score if self.member.shape[0] == len(rows) else self.member @ score
        spread = np.sqrt((summed**2).sum(axis=0))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(spread > ROUNDING_ERROR, np.abs(score.sum(axis=0)) / spread, 0.0)


ROUNDING_ERROR = 1e-9
"""Residuals and spreads below this are rounding, not variation."""


def trends(
    tally: Tally, documents: Table, shares: list[GroupShares], draws: int, seed: int, how: Adjust = "holm"
) -> tuple[Table, tuple[str, ...]]:
    """The table of unique shares of every period and the slope of each series; and notes if dates allow no slope.

    `how`: "holm" adjusts the p-values of all slopes together by maxT, "bh" by Benjamini & Hochberg.
    """
    rows: list[Row] = []
    dated = [share for share in shares if share.grouping.group_by in PERIODS]
    for group in dated:
        for row, series in enumerate(tally.series):
            if series.counting == "unique":
                low, high = number(group.low[row]), number(group.high[row])
                estimate = number(group.ratios.estimate[row])
                rows.append(_row(series, str(group.grouping.group), estimate, low, high, int(group.n[row])))
    if not dated:
        return pa.Table.from_pylist(rows, schema=TRENDS), ()
    slopes, notes = _slopes(tally, documents, draws, seed, how)
    return pa.Table.from_pylist(rows + slopes, schema=TRENDS), notes


def _row(series: Series, period: str, estimate: float | None, low: float | None, high: float | None, n: int) -> Row:
    return {
        "kind": series.kind,
        "id": series.id,
        "period": period,
        "unit": series.unit,
        "estimate": estimate,
        "low": low,
        "high": high,
        "n": n,
        **dict.fromkeys(("p", "p_adjusted", "tested", "verdict", "reason")),
    }


def _slopes(tally: Tally, documents: Table, draws: int, seed: int, how: Adjust) -> tuple[list[Row], tuple[str, ...]]:
    when = [years(date) for date in documents.column("date").to_pylist()]
    known = np.array([time is not None for time in when], dtype=bool)
    time = np.array([0.0 if moment is None else moment for moment in when])
    chosen = [(row, series) for row, series in enumerate(tally.series) if series.counting == "unique"]
    units = len(np.unique(tally.cluster[known & (tally.values.sum(axis=1) > 0)]))
    if units < FEWEST_DOCUMENTS or len(np.unique(time[known])) < 2:
        nothing = {"tested": 0, "verdict": CANNOT, "reason": TOO_FEW}
        rows = [_row(series, SLOPE, None, None, None, 0) | nothing for _, series in chosen]
        return rows, (f"Slopes over time need {FEWEST_DOCUMENTS} dated documents on two dates; there are {units}.",)
    test = _tested(tally, chosen, known, time, seed, how)
    time = np.where(known, time - time[known].mean(), 0.0)
    moments = _moments(tally, time)
    summed = tally.by_cluster(known, moments)
    width = tally.values.shape[1]
    whole = _slope(summed.sum(axis=0)[None], width, chosen)[0]
    drawn_ = _slope(bootstrap_sums(summed, draws, seed, "estimate:slope"), width, chosen)
    rows = []
    family = int(np.isfinite(test.p).sum())
    for place, (_, series) in enumerate(chosen):
        defined = drawn_[np.isfinite(drawn_[:, place]), place]
        low, high = _reach(whole[place], defined, len(summed))
        n = int(summed.sum(axis=0)[series.total])
        row = _row(series, SLOPE, number(whole[place]), low, high, n)
        rows.append(row | _verdict(low, high, number(test.p[place]), number(test.p_adjusted[place]), family))
    return rows, ()


def _tested(
    tally: Tally, chosen: list[tuple[int, Series]], known: Bools, time: Floats, seed: int, how: Adjust
) -> SlopeTest:
    totals = tally.values[:, [series.total for _, series in chosen]]
    kept = known & totals.any(axis=1)
    hits = tally.values[kept][:, [series.hits for _, series in chosen]]
    test = slope_test(hits, totals[kept], time[kept], tally.cluster[kept], seed)
    return test if how == "holm" else SlopeTest(test.p, adjusted(test.p, how))


def _verdict(low: float | None, high: float | None, p: float | None, family_p: float | None, tested: int) -> Row:
    """The columns of a slope's test: its p-values, its verdict and the reason if there is none."""
    word = verdict(family_p, low, high, (RISING, FALLING))
    if word != CANNOT:
        reason = None
    elif low is None or high is None or p is None:
        reason = ALIKE
    else:
        reason = INTERVAL_CONTAINS_ZERO if low <= 0 <= high else NO_TREND
    return {"p": p, "p_adjusted": family_p, "tested": tested, "verdict": word, "reason": reason}


def _moments(tally: Tally, time: Floats) -> Floats:
    """Columns whose sums give every least-squares line: counts, counts x time, counts x time squared."""
    return np.hstack([tally.values, tally.values * time[:, None], tally.values * (time**2)[:, None]])


def _slope(sums: Floats, width: int, chosen: list[tuple[int, Series]]) -> Floats:
    """(draws, series) slope of hit (0 or 1) on time by least squares over all paragraphs (or documents)."""
    hits = np.array([series.hits for _, series in chosen])
    totals = np.array([series.total for _, series in chosen])
    m, mt, mtt = sums[:, totals], sums[:, width + totals], sums[:, 2 * width + totals]
    x, xt = sums[:, hits], sums[:, width + hits]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (xt - mt * x / m) / (mtt - mt**2 / m)
    return np.where(np.isfinite(slope), slope, np.nan)


def _reach(slope: float, drawn: Floats, clusters: int) -> tuple[float | None, float | None]:
    """Limits at t(g - 2) bootstrap standard errors; null if all documents are alike."""
    from scipy.stats import t

    if len(drawn) < 2 or np.isnan(slope) or clusters < 3 or np.ptp(drawn) == 0:
        return None, None
    reach = t.ppf(0.975, clusters - 2) * float(np.std(drawn, ddof=1)) * np.sqrt(clusters / (clusters - 1))
    return float(slope - reach), float(slope + reach)

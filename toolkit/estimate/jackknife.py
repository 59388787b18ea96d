"""The jackknife over documents: standard errors of sums over clusters that depend on no random draw (Tukey 1958)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from toolkit.files.tuned import tuned
from toolkit.values import Floats

TUNED = tuned("toolkit.estimate")

FEWEST_DOCUMENTS = TUNED.whole("fewest_documents")
"""Least number of documents for a verdict on a group."""


def jackknife(columns: Floats, statistic: Callable[[Floats], Floats]) -> float:
    """The jackknife's standard error of a statistic of sums over clusters; NaN if it is undefined without one of them.

    Args:
        columns: (clusters, k) counts.
        statistic: (m, k) sums -> (m,) values.
    """
    g = len(columns)
    if g < 2:
        return float("nan")
    without = statistic(columns.sum(axis=0)[None] - columns)
    if not np.isfinite(without).all():
        return float("nan")
    return float(np.sqrt((g - 1) / g * np.sum((without - without.mean()) ** 2)))


def effective(sizes: Floats) -> float:
    """The number of equal clusters that are worth as much as clusters of these sizes (Kish 1965, sec. 8.2): sum² / sum
    of squares.

    With one long document and many short ones, Student's t with the number of all of them gives intervals that are too
    narrow; with the effective number they are wide enough (experiments/LOG.md).
    """
    return float(sizes.sum() ** 2 / (sizes**2).sum()) if sizes.any() else 0.0


def ratio(sums: Floats) -> Floats:
    """First column over second; NaN if the second is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums[:, 1] > 0, sums[:, 0] / sums[:, 1], np.nan)

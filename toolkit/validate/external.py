"""Agreement of themes with the labels of a corpus."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from toolkit.values import Floats


def contingency(labels: npt.NDArray[np.int64], themes: npt.NDArray[np.int64], weights: Floats) -> Floats:
    """(labels, themes) weighted counts of texts."""
    width = int(themes.max()) + 1
    cells = np.bincount(labels * width + themes, weights=weights, minlength=(int(labels.max()) + 1) * width)
    table: Floats = cells.astype(np.float64).reshape(-1, width)
    return table


def scores(table: Floats, expected: float) -> dict[str, float]:
    """ARI, AMI and V of a contingency table; `expected` is the mutual information expected by chance.

    ARI: Hubert and Arabie 1985; AMI: Vinh, Epps and Bailey 2010, arithmetic mean; V: Rosenberg and Hirschberg 2007.
    """
    n = table.sum()
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    mutual, of_rows, of_columns = _information(table / n), _entropy(rows / n), _entropy(columns / n)
    mean = (of_rows + of_columns) / 2
    return {
        "ari": _adjusted_rand(table),
        "ami": _adjusted(mutual, expected, mean),
        "v_measure": mutual / mean if mean > 0 else 1.0,
    }


def _adjusted_rand(table: Floats) -> float:
    def within(counts: Floats) -> float:
        return float((counts * (counts - 1) / 2).sum())

    together, rows, columns = within(table), within(table.sum(axis=1)), within(table.sum(axis=0))
    n = float(table.sum())
    expected = rows * columns / (n * (n - 1) / 2) if n > 1 else 0.0
    highest = (rows + columns) / 2
    return (together - expected) / (highest - expected) if highest != expected else 1.0


def expected_information(table: Floats) -> float:
    """Expected mutual information of a random assignment with the margins of `table` (whole numbers)."""
    from sklearn.metrics.cluster import expected_mutual_information

    whole = np.round(table).astype(np.int64)
    whole = whole[whole.sum(axis=1) > 0][:, whole.sum(axis=0) > 0]
    return float(expected_mutual_information(whole, int(whole.sum())))


def _adjusted(mutual: float, expected: float, mean: float) -> float:
    if mean == 0.0:
        return 1.0  # one label and one theme agree
    return (mutual - expected) / (mean - expected) if abs(mean - expected) > 1e-12 else 1.0


def _entropy(shares: Floats) -> float:
    known = shares[shares > 0]
    return float(-(known * np.log(known)).sum())


def _information(shares: Floats) -> float:
    outer = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    known = shares > 0
    return float((shares[known] * np.log(shares[known] / outer[known])).sum())

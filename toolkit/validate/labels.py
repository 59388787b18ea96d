"""Themes compared with labels by people: pairs, information and matched F1, each with interval and baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from toolkit.validate.external import contingency, expected_information, scores
from toolkit.values import NOISE, Floats, Ints, Metric

MEASURES = ("ari", "ami", "v_measure", "homogeneity", "completeness", "matched_f1")
BASELINE_DRAWS = 20
FEWEST_DOCUMENTS = 5
"""Smallest number of documents that are resampled."""
LEAST_ENTROPY = 1e-9
"""Entropy at or below which there is a single class, as shares add up to 1 up to rounding."""
TOO_FEW = f"no interval: fewer than {FEWEST_DOCUMENTS} documents to resample"
BROKEN = "no interval: draws of documents leave out the value that they vary"
NO_WIDTH = "no interval: the same in all draws of documents"
Whole = npt.NDArray[np.int64]
Measures = Callable[[Floats], dict[str, float]]
"""`measures(table)`: every measure of a contingency table (labels, themes)."""


def label_scores(
    labels: Sequence[str], themes: Ints, documents: Sequence[str], draws: int, seed: int
) -> dict[str, Metric]:
    """Agreement of n labels with n themes by dotted key; -1 counts as a theme.

    ari (Hubert and Arabie 1985), ami (Vinh, Epps and Bailey 2010), v_measure, homogeneity, completeness (Rosenberg and
    Hirschberg 2007), matched_f1, matched_f1.LABEL for each label, and KEY.baseline: the same themes assigned at random.
    matched_f1 is the mean over labels of F1 with the theme of the one-to-one matching of greatest total F1 (0 for a
    label without a theme; -1 is never matched). Intervals are 95 % from a bootstrap of `documents`, moved so that their
    median equals the value; the matching is not repeated.
    """
    names = sorted(set(labels))
    if len(labels) < 2 or len(names) < 2:
        why = f"{len(labels)} labelled with {len(names)} different labels; two of each are needed"
        return {name: Metric(None, reason=why) for name in MEASURES}
    place = {name: row for row, name in enumerate(names)}
    rows = np.array([place[label] for label in labels], np.int64)
    themes_present, columns = np.unique(np.asarray(themes), return_inverse=True)
    columns = columns.astype(np.int64)
    table = contingency(rows, columns, np.ones(len(rows)))
    partner = _matching(table, [int(theme) for theme in themes_present])
    expected = expected_information(table)
    measures = partial(_measures, expected=expected, partner=partner, names=names)
    values = measures(table)
    drawn = _resampled(rows, columns, documents, measures, draws, seed)
    random = _dealt(rows, columns, [int(theme) for theme in themes_present], names, seed)
    metrics: dict[str, Metric] = {}
    for key, value in values.items():
        label = key.partition(".")[2]
        n, of, hits = _base(table, partner, place[label] if label else None, key)
        few = label and len({documents[int(row)] for row in np.flatnonzero(rows == place[label])}) < FEWEST_DOCUMENTS
        low, high = (None, None) if few else _limits(value, drawn.get(key, []))
        reason = None if low is not None else BROKEN if len(drawn.get(key, [])) and not few else TOO_FEW
        if low is not None and low == high:
            low, high, reason = None, None, NO_WIDTH
        metrics[key] = Metric(value, low, high, "higher", n, reason, of, hits)
        if key in MEASURES:
            how = f"mean and middle 95 % of {BASELINE_DRAWS} random assignments of the same sizes"
            ends = np.percentile(random[key], [2.5, 97.5])
            metrics[f"{key}.baseline"] = Metric(
                float(np.mean(random[key])),
                float(ends[0]),
                float(ends[1]),
                None,
                BASELINE_DRAWS,
                how,
                "random assignments",
            )
    return metrics


def _base(table: Floats, partner: Sequence[int | None], row: int | None, key: str) -> tuple[int, str, int | None]:
    """The denominator of a score, the unit counted, and the numerator of a ratio; `row` is that of a label."""
    if row is None:
        return (len(table), "labels", None) if key == "matched_f1" else (int(table.sum()), "labelled texts", None)
    column = partner[row]
    theme = table[:, column].sum() if column is not None else 0.0
    hits = 2 * table[row, column] if column is not None else 0.0
    return int(table[row].sum() + theme), "texts of the label and texts of its theme", int(hits)


def _matching(table: Floats, themes: Sequence[int]) -> list[int | None]:
    """For each label, the column of its theme in the matching of greatest total F1; None without one."""
    from scipy.optimize import linear_sum_assignment

    f1 = _f1(table)
    f1[:, [column for column, theme in enumerate(themes) if theme == NOISE]] = 0.0
    partner: list[int | None] = [None] * len(table)
    for row, column in zip(*linear_sum_assignment(-np.round(f1, 12)), strict=True):
        if f1[row, column] > 0:
            partner[int(row)] = int(column)
    return partner


def _f1(table: Floats) -> Floats:
    sums = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True)
    return np.asarray(2 * table / np.maximum(sums, 1e-12))


def _measures(table: Floats, expected: float, partner: Sequence[int | None], names: Sequence[str]) -> dict[str, float]:
    measures = scores(table, expected)
    shares = table / table.sum()
    of_labels, of_themes = _entropy(shares.sum(axis=1)), _entropy(shares.sum(axis=0))
    mutual = of_labels + of_themes - _entropy(shares.ravel())
    measures["homogeneity"] = mutual / of_labels if of_labels > LEAST_ENTROPY else 1.0
    measures["completeness"] = mutual / of_themes if of_themes > LEAST_ENTROPY else 1.0
    f1 = _f1(table)
    each = {
        name: float(f1[row, column]) if (column := partner[row]) is not None else 0.0
        for row, name in enumerate(names)
        if table[row].sum() > 0
    }
    measures["matched_f1"] = float(np.mean(list(each.values())))
    return measures | {f"matched_f1.{name}": value for name, value in each.items()}


def _entropy(shares: Floats) -> float:
    known = shares[shares > 0]
    return float(-(known * np.log(known)).sum())


def _resampled(
    rows: Whole, columns: Whole, documents: Sequence[str], measures: Measures, draws: int, seed: int
) -> dict[str, list[float]]:
    """The draws of each measure of contingency tables on bootstrap samples of documents."""
    units = np.unique(np.array(documents, dtype=object).astype(str), return_inverse=True)[1]
    count = int(units.max()) + 1
    drawn: dict[str, list[float]] = {}
    if count < FEWEST_DOCUMENTS:
        return drawn
    stream = np.random.default_rng(seed)
    for _ in range(draws):
        weights = np.bincount(stream.integers(0, count, count), minlength=count).astype(float)[units]
        if weights.sum() < 2:
            continue
        for key, value in measures(contingency(rows, columns, weights)).items():
            drawn.setdefault(key, []).append(value)
    return drawn


def _dealt(
    rows: Whole, columns: Whole, themes: Sequence[int], names: Sequence[str], seed: int
) -> dict[str, list[float]]:
    stream = np.random.default_rng(seed + 1)
    drawn: dict[str, list[float]] = {}
    for _ in range(BASELINE_DRAWS):
        table = contingency(rows, columns[stream.permutation(len(columns))], np.ones(len(rows)))
        for key, value in _measures(table, expected_information(table), _matching(table, themes), names).items():
            drawn.setdefault(key, []).append(value)
    return drawn


def _limits(value: float, draws: Sequence[float]) -> tuple[float | None, float | None]:
    if len(draws) < 20:
        return None, None
    low, middle, high = np.percentile(np.array(draws), [2.5, 50.0, 97.5])
    if not low <= value <= high:  # resampling does not suit the statistic
        return None, None
    return float(np.clip(value + low - middle, -1, 1)), float(np.clip(value + high - middle, -1, 1))

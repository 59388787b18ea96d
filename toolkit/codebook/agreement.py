"""Agreement among coders: Krippendorff's alpha and Cohen's kappa, from sums that a bootstrap can resample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from toolkit.values import Bools, Floats

Marks = Mapping[str, Mapping[str, frozenset[str]]]
"""coder -> paragraph -> codes that the coder gave."""


def binary(marks: Marks, paragraphs: Sequence[str], codes: Sequence[str]) -> Floats:
    """(coders, paragraphs, codes) 1 if given, 0 if not, NaN if the coder did not code the paragraph."""
    table = np.full((len(marks), len(paragraphs), len(codes)), np.nan)
    for row, coder in enumerate(sorted(marks)):
        for column, paragraph in enumerate(paragraphs):
            codes_given = marks[coder].get(paragraph)
            if codes_given is not None:
                table[row, column] = [code in codes_given for code in codes]
    return table


def alpha_sums(values: Floats) -> Floats:
    """(paragraphs, codes, 3) summands of alpha: disagreement, zeros and ones of units that two or more coded."""
    coders = (~np.isnan(values)).sum(axis=0)
    ones = np.nansum(values, axis=0)
    zeros = coders - ones
    paired = coders >= 2
    disagreement = np.where(paired, zeros * ones / np.maximum(coders - 1, 1), 0.0)
    return np.stack([disagreement, np.where(paired, zeros, 0.0), np.where(paired, ones, 0.0)], axis=-1)


def alpha(sums: Floats) -> Floats:
    """Krippendorff's alpha of binary nominal data: 1 - (n - 1) * disagreement / (zeros * ones), over the last axis.

    (Krippendorff 2011, "Computing Krippendorff's alpha-reliability", binary data with missing values.) NaN if all
    values are the same, because agreement cannot be distinguished from habit.
    """
    disagreement, zeros, ones = np.moveaxis(np.asarray(sums, float), -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(zeros * ones > 0, 1 - (zeros + ones - 1) * disagreement / (zeros * ones), np.nan))


def kappa_sums(first: Floats, second: Floats) -> Floats:
    """(paragraphs, codes, 4) both, first only, second only, neither, of units that both coded (NaN: not coded)."""
    known = ~np.isnan(first) & ~np.isnan(second)
    a, b = np.nan_to_num(first) > 0, np.nan_to_num(second) > 0
    return np.stack([known & a & b, known & a & ~b, known & ~a & b, known & ~a & ~b], axis=-1).astype(float)


def kappa(sums: Floats) -> Floats:
    """Cohen's kappa (1960) from both, first only, second only, neither, over the last axis; NaN if undefined."""
    both, first, second, neither = np.moveaxis(np.asarray(sums, float), -1, 0)
    n = both + first + second + neither
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = (both + neither) / n
        chance = ((both + first) * (both + second) + (neither + first) * (neither + second)) / n**2
        return np.asarray(np.where(chance < 1, (observed - chance) / (1 - chance), np.nan))


def f1_sums(assigned: Bools, marks: Bools) -> Floats:
    """(paragraphs, codes, 3) hits, false alarms and misses of each decision."""
    return np.stack([assigned & marks, assigned & ~marks, ~assigned & marks], axis=-1).astype(float)


def by_document(sums: Floats, documents: Sequence[str]) -> Floats:
    """(documents, ...) sums over each document's paragraphs, in order of document names."""
    names, index = np.unique(np.array(documents, dtype=object).astype(str), return_inverse=True)
    summed = np.zeros((len(names), *sums.shape[1:]))
    np.add.at(summed, index, sums)
    return summed

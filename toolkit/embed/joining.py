"""Rows of several encoders, side by side in one row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from toolkit.values import Bools, Vectors


def joined_rows(rows: Sequence[Vectors], cannot: Sequence[Bools], weights: Sequence[float]) -> Vectors:
    """(n, d) float32 unit rows from each encoder's (n, d_i) unit rows times its weight.

    `cannot` contains for each encoder (n,) true for texts that it cannot read: its columns are zero there, unless no
    encoder can read them.
    """
    none = np.logical_and.reduce(cannot)
    kept = [np.where(unreadable & ~none, 0.0, weight) for unreadable, weight in zip(cannot, weights, strict=True)]
    lengths = np.sqrt(np.sum(np.square(kept), axis=0))
    wide: Vectors = np.empty((len(none), sum(part.shape[1] for part in rows)), np.float32)
    start = 0
    for part, by in zip(rows, kept, strict=True):
        stop = start + part.shape[1]
        wide[:, start:stop] = np.asarray(part, np.float64) * by[:, None] / lengths[:, None]
        start = stop
    return wide

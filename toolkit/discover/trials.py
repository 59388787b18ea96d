"""Refits at several resolutions on the same samples: their agreement and the coherence of their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from toolkit.discover.stability import REFITS_COMPARED, UNSEEN, Repeat, rand_indices
from toolkit.discover.wording import Wording
from toolkit.values import Floats, Ints


class Trials:
    """Refits number 0, 1, 2, ... at each of several resolutions; refits are added, and no agreement is computed twice.

    `repeats[r]` are the refits at resolution r; `coherences[r]` are the coherences of their words, NaN if no words
    could be read or no wording is given.
    """

    def __init__(self, n: int, resolutions: int, wording: Wording | None = None) -> None:
        self.n = n
        self.repeats: list[list[Repeat]] = [[] for _ in range(resolutions)]
        self.coherences: list[list[float]] = [[] for _ in range(resolutions)]
        self._placed: list[list[Ints]] = [[] for _ in range(resolutions)]
        self._wording = wording
        self._sums: dict[tuple[int, int], tuple[Floats, Floats]] = {}

    def add(self, places: Sequence[int], made: Iterable[Sequence[Repeat]]) -> None:
        """Add the next refits at some resolutions: for each new sample, one at each of `places`."""
        for sample in made:
            part = self._wording.among(sample[0][0]) if self._wording else None
            for at, (rows, labels) in zip(places, sample, strict=True):
                coherence = part.coherence(labels) if part else None
                self.repeats[at].append((rows, labels))
                self.coherences[at].append(np.nan if coherence is None else coherence)
                whole = np.full(self.n, UNSEEN, np.int32)
                whole[rows] = labels
                self._placed[at].append(whole)

    def agreement(self, first: int, second: int) -> Floats:
        """(refits,) the mean adjusted Rand index of each refit at one resolution with refits at another.

        Only refits on different samples, at most three numbers apart, are compared, over the rows that both saw. The
        length is the smaller number of refits of the two resolutions. A single refit has 1.
        """
        many = min(len(self.repeats[first]), len(self.repeats[second]))
        total, counted = self._sums.get((first, second), (np.zeros(0), np.zeros(0)))
        done = len(total)
        total, counted = (np.append(part, np.zeros(many - done)) for part in (total, counted))
        pairs = [(i, j) for i in range(done, many) for j in range(max(0, i - REFITS_COMPARED), i)]
        if first != second:
            pairs = [turned for i, j in pairs for turned in ((i, j), (j, i))]
        if pairs:
            placed = np.array(self._placed[first]), np.array(self._placed[second])
            for (i, j), value in zip(pairs, rand_indices(*placed, pairs), strict=True):
                total[i] += value
                total[j] += value
                counted[i] += 1
                counted[j] += 1
        self._sums[first, second] = total, counted
        return np.where(counted > 0, total / np.maximum(counted, 1), 1.0)

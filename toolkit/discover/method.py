"""What `discover` requires of a clusterer, for every method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from toolkit.discover.clusterer import Fit
from toolkit.discover.sample_fit import FitOn
from toolkit.values import Ints, Tick, Vectors, no_tick


class Method(Protocol):
    """What `discover` requires of a clusterer; every member of the union `Clusterer` satisfies it."""

    @property
    def method(self) -> str:
        """The name of the clusterer."""
        ...

    @property
    def works(self) -> tuple[str, ...]:
        """Keys of works to cite."""
        ...

    @property
    def levels(self) -> int:
        """Largest number of levels of the hierarchy."""
        ...

    @property
    def shuffles(self) -> int:
        """Smallest number of shuffled corpora in the null model."""
        ...

    @property
    def brings_refits(self) -> bool:
        """Whether the result of `fit` contains refits and their verdict."""
        ...

    @property
    def redraws(self) -> bool:
        """Whether other seeds resample the refits of larger corpora."""
        ...

    def fit_work(self, n: int) -> float:
        """Number of rows that a fit processes, for the progress."""
        ...

    def refits_of(self, n: int) -> int:
        """Number of refits on samples of n rows."""
        ...

    @property
    def fit_on(self) -> FitOn:
        """The size of the sample to fit."""
        ...

    @property
    def reassign_noise(self) -> bool:
        """Whether noise is given the nearest theme."""
        ...

    @property
    def leave_out(self) -> str:
        """Whether off-topic paragraphs are left out: always, never, or by method and size of the corpus (auto)."""
        ...

    @property
    def leaving_out(self) -> bool:
        """Whether paragraphs without a theme are left out."""
        ...

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The smallest and the largest allowed number of themes; None for auto."""
        ...

    @property
    def seeds(self) -> int | None:
        """Number of other seeds for a fit; None: depends on the size of the corpus."""
        ...

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """Labels of rows in canonical order."""
        ...

    def partition(self, texts: Sequence[str], vectors: Vectors, seed: int) -> Ints:
        """The labels of `fit` alone."""
        ...

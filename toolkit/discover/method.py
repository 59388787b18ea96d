"""What a discovery needs of a clusterer, whatever its method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from toolkit.discover.clusterer import Fit
from toolkit.discover.sample_fit import FitOn
from toolkit.values import Ints, Tick, Vectors, no_tick


class Method(Protocol):
    """What `discover` needs of a clusterer; every member of the union `Clusterer` is one."""

    @property
    def method(self) -> str:
        """The clusterer's name."""
        ...

    @property
    def works(self) -> tuple[str, ...]:
        """Keys of the works that it rests on."""
        ...

    @property
    def levels(self) -> int:
        """Levels of the hierarchy at most."""
        ...

    @property
    def shuffles(self) -> int:
        """Shuffled corpora that a division is compared with, at least."""
        ...

    @property
    def brings_refits(self) -> bool:
        """Whether `fit` brings its refits and their verdict against chance."""
        ...

    @property
    def redraws(self) -> bool:
        """Whether other seeds draw the refits of larger corpora again."""
        ...

    def fit_work(self, n: int) -> float:
        """Rows that a fit goes through, for the progress."""
        ...

    def refits_of(self, n: int) -> int:
        """Refits on samples of n rows."""
        ...

    @property
    def fit_on(self) -> FitOn:
        """The size of the sample that is fitted to."""
        ...

    @property
    def reassign_noise(self) -> bool:
        """Whether noise is given the nearest theme."""
        ...

    @property
    def leave_out(self) -> str:
        """Whether they are left out always, never, or by method and size of the corpus (auto)."""
        ...

    @property
    def leaving_out(self) -> bool:
        """Whether paragraphs that no theme holds are left out."""
        ...

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The least and the largest number of themes allowed."""
        ...

    @property
    def seeds(self) -> int | None:
        """Other seeds that it is fitted with; None: by size."""
        ...

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """Labels of rows in canonical order."""
        ...

    def partition(self, texts: Sequence[str], vectors: Vectors, seed: int) -> Ints:
        """The labels of `fit` alone."""
        ...

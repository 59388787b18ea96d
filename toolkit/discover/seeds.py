"""The effect of another seed: the corpus is fitted again with other seeds, and themes and paragraphs are compared.

A seed decides samples, votes and through them the number of themes, so small corpora are fitted again as a whole. In
larger ones the refits behind the themes are resampled (`Fit.redraw`), or nothing is measured and the notes say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from toolkit.discover.clusterer import Fit
from toolkit.discover.course import REDRAW_WORK as REDRAWS
from toolkit.discover.stability import jaccards
from toolkit.errors import ToolkitError
from toolkit.files.tuned import tuned
from toolkit.values import NOISE, Bools, Discovery, Floats, Ints, Tick, Vectors, no_tick, renumbered, seed_for

TUNED = tuned("toolkit.discover")

MOST_ROWS_REFITTED = TUNED.whole("most_rows_refitted")
"""Largest number of different paragraphs with which a corpus is fitted again as a whole with other seeds."""
MOST_ROWS_REFITTED_WITHOUT_REDRAW = 2_000
"""The same for methods that cannot resample their refits."""
REFIT_BUDGET_ROWS = 400
"""Number of rows fitted again, over all seeds."""
REDRAW_BUDGET_ROWS = 20_000
"""Number of rows whose refits are resampled, over all seeds."""
FEWEST_SEEDS, MOST_SEEDS, MOST_REDRAWN_SEEDS = 3, 4, 10
"""Numbers of other seeds: smallest, largest for fits, largest for resampled refits, which are cheaper."""
UNMATCHED = -2
"""The number of a group that corresponds to no theme."""


class Fits(Protocol):
    """What `other_seeds` requires of a clusterer; every member of the union `Clusterer` satisfies it."""

    @property
    def seeds(self) -> int | None:
        """Number of other seeds; None: depends on the size of the corpus."""
        ...

    def partition(self, texts: Sequence[str], vectors: Vectors, seed: int) -> Ints:
        """The labels of `fit` alone."""
        ...


class Planned(Fits, Protocol):
    """What `seeds_work` requires of a clusterer."""

    @property
    def redraws(self) -> bool:
        """Whether refits of larger corpora are resampled."""
        ...

    def fit_work(self, n: int) -> float:
        """Number of rows that a fit processes."""
        ...


@dataclass(frozen=True)
class OtherSeeds:
    """labels (S, n): the groups of the same rows with S other seeds, -1 for none; S = 0 if not measured.

    `method` says how they were computed, for the methods section; `reason` says why there are none. `whole` is true if
    the corpus was fitted again as a whole.
    """

    labels: Ints
    method: str = ""
    reason: str = ""
    whole: bool = True

    @property
    def parameters(self) -> dict[str, bool | int | str]:
        """The parameters for metrics and report, as plain values."""
        return {"seeds": len(self.labels), "seeds_whole": self.whole, "seeds_reason": self.reason}


def other_seeds(
    settings: Fits,
    fit: Fit,
    texts: Sequence[str],
    vectors: Vectors,
    seed: int,
    finish: Callable[[Ints, int], Ints],
    tick: Tick = no_tick,
) -> OtherSeeds:
    """Groups of n rows in canonical order with other seeds; `finish(labels, seed)` does what the run does after a fit.

    Seed number i is `seed_for(seed, f"another seed {i}")`. If the method fails with a seed (it finds fewer themes than
    requested), every row has no theme with that seed.
    """
    n = len(texts)
    if not (fit.labels != NOISE).any():
        return _none(n, "this run has no theme")
    wanted = settings.seeds
    if wanted == 0:
        return _none(n, "discover.seeds is 0")
    whole = n <= (MOST_ROWS_REFITTED if fit.redraw else MOST_ROWS_REFITTED_WITHOUT_REDRAW) or wanted is not None
    if not whole and fit.redraw is None:
        limit = f"{MOST_ROWS_REFITTED_WITHOUT_REDRAW:,} paragraphs"
        return _none(n, f"this method is not fitted again to more than {limit} unless discover.seeds asks for it")
    number = wanted or (seeds_for(n) if whole else seeds_for(n, REDRAW_BUDGET_ROWS, MOST_REDRAWN_SEEDS))
    rows = np.empty((number, n), np.int32)
    for at in range(number):
        other = seed_for(seed, f"another seed {at}")
        labels = _refitted(settings, texts, vectors, other) if whole or fit.redraw is None else fit.redraw(other)
        rows[at] = finish(renumbered(labels), other)
        tick(at + 1, number)
    return OtherSeeds(rows, _method(number, whole), whole=whole)


def seeds_for(n: int, rows: int = REFIT_BUDGET_ROWS, most: int = MOST_SEEDS) -> int:
    """Number of other seeds for n rows if the config names none: between 3 and `most`, `rows` rows in total."""
    return int(np.clip(rows // max(n, 1), FEWEST_SEEDS, most))


def seeds_work(settings: Planned, n: int) -> float:
    """Number of rows that the fits with other seeds process, for the progress only."""
    whole = (
        n <= (MOST_ROWS_REFITTED if settings.redraws else MOST_ROWS_REFITTED_WITHOUT_REDRAW)
        or settings.seeds is not None
    )
    if whole:
        return settings.fit_work(n) * (seeds_for(n) if settings.seeds is None else settings.seeds)
    return REDRAWS * n * seeds_for(n, REDRAW_BUDGET_ROWS, MOST_REDRAWN_SEEDS) if settings.redraws else 0.0


def _none(n: int, reason: str) -> OtherSeeds:
    return OtherSeeds(np.empty((0, n), np.int32), reason=reason)


def _refitted(settings: Fits, texts: Sequence[str], vectors: Vectors, seed: int) -> Ints:
    try:
        return settings.partition(texts, vectors, seed)
    except ToolkitError:  # fewer themes than requested with this seed
        return np.full(len(texts), NOISE, np.int32)


def _method(number: int, whole: bool) -> str:
    if whole:
        return (
            f"The whole fit, the number of themes included, was repeated with {number} other seeds; a paragraph moves "
            "if its theme there is not the counterpart of its theme here (themes paired one to one for the greatest "
            "sum of Jaccard similarities)."
        )
    return (
        f"What another seed changes was estimated by drawing the refits again {number} times with replacement, the "
        "choice between resolutions included; a paragraph moves if its theme there is not the counterpart of its theme "
        "here (themes paired one to one for the greatest sum of Jaccard similarities)."
    )


def counterparts(themes: Ints, labels: Ints) -> Ints:
    """(c + 1,) the theme that corresponds to each group 0 .. c - 1 of another labelling; the last entry is -1 for -1.

    Themes and groups are paired one to one for the greatest sum of Jaccard similarities (Kuhn 1955); a group without a
    partner, or with no row in common with it, is `UNMATCHED`.
    """
    from scipy.optimize import linear_sum_assignment

    table = jaccards(themes, labels)
    partner = np.full(table.shape[1] + 1, UNMATCHED, np.int32)
    rows, columns = linear_sum_assignment(-table)
    shared = table[rows, columns] > 0
    partner[columns[shared]] = rows[shared]
    partner[-1] = NOISE
    return partner


def moves(discovery: Discovery) -> Floats:
    """(n,) the share of other seeds with which each paragraph leaves its theme.

    A paragraph stays if its group corresponds to its theme, or if it has no theme either time. NaN without another
    seed, and for paragraphs that the fit did not see.
    """
    moved = np.full(len(discovery.assignment), np.nan)
    if len(discovery.seeds):
        moved[discovery.fitted] = moved_with(discovery).mean(axis=0)
    return moved


def moved_by_seed(discovery: Discovery) -> Floats:
    """(S,) the share of the paragraphs that the fit saw which leave their theme with each other seed."""
    return moved_with(discovery).mean(axis=1) if len(discovery.seeds) else np.zeros(0)


def moved_with(discovery: Discovery) -> Bools:
    """(S, m) whether each of the m rows that the fit saw leaves its theme with each other seed.

    A stored discovery contains it, because importing SciPy's solver takes longer than reading a stored run.
    """
    if len(discovery.moved) == len(discovery.seeds):
        return discovery.moved
    themes, seeds = _fitted(discovery)
    return np.array([counterparts(themes, labels)[labels] != themes for labels in seeds])


def returns(discovery: Discovery) -> Floats:
    """(k, 3) mean, minimum and maximum best-match Jaccard of each theme over other seeds; NaN without another seed.

    Hennig (2007), section 3, with other seeds instead of samples of the rows.
    """
    best = likenesses(discovery)
    if not len(best):
        return np.full((discovery.themes, 3), np.nan)
    return np.column_stack([best.mean(axis=0), best.min(axis=0), best.max(axis=0)])


def likenesses(discovery: Discovery) -> Floats:
    """(S, k) Jaccard similarity of each theme with the most similar group of each other seed."""
    themes, seeds = _fitted(discovery)
    best = [jaccards(themes, labels).max(axis=1, initial=0.0) for labels in seeds]
    return np.array(best, float).reshape(len(seeds), discovery.themes)


def matches(discovery: Discovery) -> Ints:
    """(S, k) the most similar group of each other seed for each theme by Jaccard, -1 if none shares a row with it."""
    themes, seeds = _fitted(discovery)
    best = np.full((len(seeds), discovery.themes), NOISE, np.int32)
    for at, labels in enumerate(seeds):
        table = jaccards(themes, labels)
        if table.size:
            best[at] = np.where(table.max(axis=1) > 0, table.argmax(axis=1), NOISE)
    return best


def _fitted(discovery: Discovery) -> tuple[Ints, Ints]:
    """Themes (m,) and the groups of other seeds (S, m) of the paragraphs that the fit saw."""
    return discovery.assignment[discovery.fitted], discovery.seeds[:, discovery.fitted]

"""How fine the themes are: candidates, the rule that picks one, and the notice of a cliff."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from toolkit.discover.clusterer import candidate_table, count, largest_share
from toolkit.discover.null_model import Observed
from toolkit.discover.stability import Repeat, agreements, rand_index
from toolkit.discover.trials import Trials
from toolkit.files.tuned import tuned
from toolkit.values import Floats

TUNED = tuned("toolkit.discover")

RESOLUTIONS = tuple(float(np.round(0.1 * 2 ** (step / 2), 3)) for step in range(12))
"""Resolutions tried: 0.1 to 4.5, each 1.41 times the one before."""
LARGEST_SHARE = 0.5
"""No theme may hold a larger share of the texts."""
FEWEST_TEXTS_PER_THEME = 3
"""Themes have at least so many texts on average."""
COHERENCE_WEIGHT = TUNED.number("coherence_weight")
"""Weight of coherence beside persistence."""
COARSENESS_PENALTY = TUNED.number("coarseness_penalty")
"""Penalty for each halving of the resolution below 1, because coarse partitions agree more easily."""
STEADY_PERSISTENCE = TUNED.number("steady_persistence")
"""From this persistence on, a division may have a theme of more than half of the texts."""
UNSTEADY_PERSISTENCE = TUNED.number("unsteady_persistence")
"""Such a division is considered only if no division without such a theme has this persistence."""
STEADY_LARGEST_SHARE = 0.8
"""Largest share of the texts in one theme of such a division."""
CLIFF_AGREEMENT = 0.6
"""A neighbouring granularity that agrees less than this (adjusted Rand index) is called a cliff."""
FEWEST_REFITS_ADDED = 5
"""Refits added in each further round of the choice; a third of those made, if that is more."""
COMPARED_FROM_RESOLUTION = TUNED.number("compared_from_resolution")
"""From this resolution on, the corpus is compared with shuffled vectors: coarser resolutions do not divide these."""
BEHIND_STANDARD_ERRORS = 2.0
"""A candidate so many standard errors behind the best is out of the choice."""


@dataclass(frozen=True)
class Candidate:
    """One granularity: its resolution, and the labels that it gave in refits on samples of the n rows.

    `agreement` is the mean adjusted Rand index between refits on different samples. `persistences` (refits,) is the
    mean agreement of each refit with refits at the same resolution and at the two next to it; `coherences` (refits,) is
    the coherence of its words, NaN if no words could be read.
    """

    value: float
    repeats: tuple[Repeat, ...]
    n: int
    agreement: float = 1.0
    persistences: Floats = field(default_factory=lambda: np.ones(1))
    coherences: Floats = field(default_factory=lambda: np.full(1, np.nan))

    @property
    def persistence(self) -> float:
        """How surely its themes return when both the sample and the resolution change."""
        return float(self.persistences.mean())

    @property
    def coherence(self) -> float | None:
        """Mean coherence of the words that set its themes apart; None where none could be read."""
        known = self.coherences[~np.isnan(self.coherences)]
        return float(known.mean()) if len(known) else None

    @cached_property
    def themes(self) -> int:
        """The middle number of themes over refits."""
        return int(np.sort([count(labels) for _, labels in self.repeats])[len(self.repeats) // 2])

    @cached_property
    def largest(self) -> float:
        """The mean share that the largest theme holds."""
        return float(np.mean([largest_share(labels) for _, labels in self.repeats]))

    @property
    def divided(self) -> bool:
        """Whether it divides the texts into themes of three or more on average."""
        return self.themes > 1 and self.themes * FEWEST_TEXTS_PER_THEME <= self.n

    @property
    def eligible(self) -> bool:
        """Whether it divides the texts and no theme holds over half of them."""
        return self.divided and self.largest <= LARGEST_SHARE


WORKS = ("ari1985", "lambiotte2008", "npmi2009")
"""What the choice of a resolution rests on."""


def candidates(values: Sequence[float], trials: Trials) -> list[Candidate]:
    """The candidates of refits at several resolutions, coarsest first, with all that the rule looks at.

    Persistence says how surely the same themes return when both the sample and the resolution change: the mean
    agreement of refits with refits on other samples at the same resolution and at the two next to it. Granularities
    that hold over a range of resolutions score high, passing ones do not (the idea of Markov stability, Lambiotte,
    Delvenne & Barahona 2008, with resampling beside the change of scale).
    """
    measured = []
    for at, value in enumerate(values):
        agreement, many = trials.agreement(at, at), len(trials.repeats[at])
        steps = [
            trials.agreement(min(at, other), max(at, other)) for other in (at - 1, at + 1) if 0 <= other < len(values)
        ]
        persistences = np.mean([agreement, *(_filled(step, many) for step in steps)], axis=0)
        repeats, coherences = tuple(trials.repeats[at]), np.array(trials.coherences[at])
        measured.append(Candidate(value, repeats, trials.n, float(agreement.mean()), persistences, coherences))
    return measured


def _filled(values: Floats, many: int) -> Floats:
    """(many,) values, those of refits that a neighbouring resolution did not see set to the mean of the others."""
    return np.concatenate([values[:many], np.full(max(0, many - len(values)), values.mean())])


def race(
    values: Sequence[float],
    trials: Trials,
    bounds: tuple[int, int] | None,
    first: int,
    most: int,
    refits: Callable[[Sequence[float], range], Iterable[Sequence[Repeat]]],
) -> tuple[list[Candidate], list[int]]:
    """The candidates, and the places of those that refits could not tell apart, coarsest first: the first is taken.

    `first` refits try every resolution; while another candidate is less than two standard errors behind the best,
    more (five, or a third of those made) try those in question and the resolutions next to them, up to `most`.
    `refits(values, numbers)` makes
    refits of those numbers, each at some resolutions. Standard errors are of the mean over refits of the difference to
    the best; agreement between pairs counts each refit twice (Hoeffding 1948, the variance of a U-statistic). That the
    simplest of those which cannot be told apart is taken is the rule of Breiman et al. (1984, section 3.4.3).
    """
    open_, done = list(range(len(values))), 0
    while True:
        until = min(most, done + (max(FEWEST_REFITS_ADDED, done // 3) if done else first))
        trials.add(open_, refits([values[at] for at in open_], range(done, until)))
        measured, done = candidates(values, trials), until
        chosen = choose(measured, bounds, done)
        rivals = contenders(measured, chosen, bounds)
        near = {at + step for at in rivals for step in (-1, 0, 1)}
        open_ = [at for at in sorted(near) if 0 <= at < len(values) and len(measured[at].repeats) == done]
        if done >= most or len(rivals) == 1 or not open_:
            return measured, sorted(rivals)


def compared(values: Sequence[float]) -> list[int]:
    """The places of the resolutions at which the corpus is compared with shuffled vectors: all if none is so fine."""
    return [at for at, value in enumerate(values) if value >= COMPARED_FROM_RESOLUTION] or list(range(len(values)))


def observed(
    measured: Sequence[Candidate], least: int, refits: Callable[[Sequence[float], range], Iterable[Sequence[Repeat]]]
) -> Observed:
    """How well refits agree on average over the resolutions of `compared`, whichever of them is chosen.

    At least `least` refits at each of them count; `refits` makes those that the choice did without. The error is that
    of a mean over pairs of refits (Hoeffding 1948): each refit counts twice.
    """
    places = compared([candidate.value for candidate in measured])
    made = [list(measured[at].repeats) for at in places]
    done = min(len(repeats) for repeats in made)
    more = list(refits([measured[at].value for at in places], range(done, least)))
    by_place = [repeats[:done] + [sample[at] for sample in more] for at, repeats in enumerate(made)]
    by_refit = np.mean([agreements(repeats, measured[0].n) for repeats in by_place], axis=0)
    error = 2 * float(by_refit.std(ddof=1)) / len(by_refit) ** 0.5 if len(by_refit) > 1 else 0.0
    return Observed(float(by_refit.mean()), error, len(by_refit))


def contenders(measured: Sequence[Candidate], chosen: int, bounds: tuple[int, int] | None) -> list[int]:
    """The candidates that the choice is between: the chosen one, and those less than two standard errors behind it."""
    best, kept = measured[chosen], [chosen]
    pool = [at for at in in_choice(measured, bounds) if len(measured[at].repeats) == len(best.repeats)]
    rated = scores(measured)
    for at in pool:
        words = np.nan_to_num(best.coherences) - np.nan_to_num(measured[at].coherences)
        gap = 2 * (best.persistences - measured[at].persistences) + COHERENCE_WEIGHT * words
        error = float(gap.std(ddof=1)) / len(gap) ** 0.5 if len(gap) > 1 else 0.0
        if at != chosen and rated[chosen] - rated[at] < BEHIND_STANDARD_ERRORS * error:
            kept.append(at)
    return kept


def scores(measured: Sequence[Candidate]) -> list[float]:
    """What the rule looks at: persistence + 0.3 coherence - 0.03 for each halving of the resolution below 1.

    The two constants lie in the middle of a range (0.2 to 0.5, 0.02 to 0.04) in which the choice on the
    development sets, whole corpora and parts of them, hardly changes (experiments/LOG.md).
    """
    penalties = [COARSENESS_PENALTY * max(0.0, -float(np.log2(candidate.value))) for candidate in measured]
    return [
        candidate.persistence + COHERENCE_WEIGHT * (candidate.coherence or 0.0) - penalty
        for candidate, penalty in zip(measured, penalties, strict=True)
    ]


def choose(measured: Sequence[Candidate], bounds: tuple[int, int] | None, refits: int = 0) -> int:
    """The candidate of the best score among those that divide the texts with no theme over half of them.

    If none of these persists to 0.8 and others, with no theme over four fifths, persist to 0.95, the best of
    the others is taken: two themes may be all there is. With bounds: the one of best score among those whose number
    of themes lies within them; else the coarsest that has enough themes. Ties go to the coarser. Where some of these
    have as many as `refits`, those left behind with fewer are out. No labels are looked at.
    """
    rated = [round(score, 6) for score in scores(measured)]
    pool = in_choice(measured, bounds)
    still = [at for at in pool if len(measured[at].repeats) >= refits] or pool
    return max(still, key=lambda at: (rated[at], -at))


def in_choice(measured: Sequence[Candidate], bounds: tuple[int, int] | None) -> list[int]:
    """The candidates that the choice is made among, at least one."""
    if bounds is not None:
        within = [at for at, candidate in enumerate(measured) if bounds[0] <= candidate.themes <= bounds[1]]
        return within or [
            next((at for at, candidate in enumerate(measured) if candidate.themes >= bounds[0]), len(measured) - 1)
        ]
    divided = [at for at, candidate in enumerate(measured) if candidate.divided]
    eligible = [at for at in divided if measured[at].eligible]
    steady = [
        at
        for at in divided
        if measured[at].persistence >= STEADY_PERSISTENCE and measured[at].largest <= STEADY_LARGEST_SHARE
    ]
    if steady and max((measured[at].persistence for at in eligible), default=0.0) < UNSTEADY_PERSISTENCE:
        return steady
    return eligible or [min(divided, default=0)]


def open_choice(measured: Sequence[Candidate], rivals: Sequence[int]) -> tuple[str, ...]:
    """A sentence where refits could not tell some candidates apart."""
    if len(rivals) < 2:
        return ()
    first, *others = (measured[at] for at in rivals)
    listed = ", ".join(f"{candidate.value:g} ({candidate.themes} themes)" for candidate in others)
    return (
        f"{len(first.repeats)} refits cannot tell resolution {first.value:g} ({first.themes} themes) from {listed}: "
        "their scores lie within two standard errors, and the coarsest was taken.",
    )


def table(measured: Sequence[Candidate], chosen: int) -> Any:
    """The candidates as a pa.Table (clusterer.CANDIDATES)."""
    rated = scores(measured)
    rows = []
    for at, candidate in enumerate(measured):
        after = measured[at + 1] if at + 1 < len(measured) else None
        rows.append(
            {
                "parameter": "resolution",
                "value": candidate.value,
                "themes": candidate.themes,
                "largest_share": candidate.largest,
                "agreement": candidate.agreement,
                "coherence": candidate.coherence,
                "score": rated[at],
                "next_agreement": None if after is None else between(candidate, after),
                "chosen": at == chosen,
            }
        )
    return candidate_table(rows)


def between(first: Candidate, second: Candidate) -> float:
    """Mean adjusted Rand index between two granularities on the same samples."""
    pairs = zip(first.repeats, second.repeats, strict=False)
    return float(np.mean([rand_index(a[1], b[1]) for a, b in pairs]))


def cliff(measured: Sequence[Candidate], chosen: int) -> tuple[str, ...]:
    """A sentence for each neighbouring granularity that would give quite another answer."""
    notes = []
    here = measured[chosen]
    for other in (measured[i] for i in (chosen - 1, chosen + 1) if 0 <= i < len(measured)):
        agreement = between(here, other)
        if agreement < CLIFF_AGREEMENT:
            notes.append(
                f"Cliff: at resolution {other.value:g} instead of {here.value:g} there would be {other.themes} theme"
                f"{'' if other.themes == 1 else 's'} instead of {here.themes}, and the two agree only to "
                f"{agreement:.2f} (adjusted Rand index)."
            )
    return tuple(notes)


def edge(measured: Sequence[Candidate], chosen: int) -> tuple[str, ...]:
    """A sentence where the finest resolution that was tried is the best: still finer ones may be better."""
    if len(measured) == 1 or chosen < len(measured) - 1:
        return ()
    return (
        f"The finest resolution tried, {measured[chosen].value:g}, is the best of {len(measured)}: still finer themes "
        "may hold as well; discover.themes asks for a number.",
    )

"""The number of themes: candidate resolutions, the rule that chooses one, and notes on unstable choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from toolkit.discover.clusterer import candidate_table, count, largest_share
from toolkit.discover.null_model import Observed
from toolkit.discover.stability import Repeat, agreements, rand_index
from toolkit.discover.trials import Trials
from toolkit.files.tuned import tuned
from toolkit.values import Floats, Table

TUNED = tuned("toolkit.discover")

RESOLUTIONS = tuple(float(np.round(0.1 * 2 ** (step / 2), 3)) for step in range(12))
"""Resolutions tried: 0.1 to 4.5, each 1.41 times the previous one."""
LARGEST_SHARE = 0.5
"""Largest share of the texts in one theme."""
FEWEST_TEXTS_PER_THEME = 3
"""Smallest mean number of texts per theme."""
COHERENCE_WEIGHT = TUNED.number("coherence_weight")
"""Weight of coherence relative to persistence."""
COARSENESS_PENALTY = TUNED.number("coarseness_penalty")
"""Penalty for each halving of the resolution below 1, because coarse partitions agree more easily."""
STEADY_PERSISTENCE = TUNED.number("steady_persistence")
"""Minimum persistence of a division with a theme of more than half of the texts."""
UNSTEADY_PERSISTENCE = TUNED.number("unsteady_persistence")
"""Such a division is considered only if no division without such a theme has this persistence."""
STEADY_LARGEST_SHARE = 0.8
"""Largest share of the texts in one theme of such a division."""
CLIFF_AGREEMENT = 0.6
"""Neighbouring granularities with an adjusted Rand index below this value are reported as a cliff."""
FEWEST_REFITS_ADDED = 5
"""Refits added in each further round of the choice; a third of those made, if that is more."""
COMPARED_FROM_RESOLUTION = TUNED.number("compared_from_resolution")
"""Smallest resolution of the comparison with shuffled vectors; coarser resolutions do not divide these."""
BEHIND_STANDARD_ERRORS = 2.0
"""A candidate at least this many standard errors behind the best is not chosen."""


@dataclass(frozen=True)
class Candidate:
    """One granularity: its resolution, and the labels of refits on samples of the n rows.

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
        """How reliably its themes recur if both the sample and the resolution change, at most 1."""
        return float(self.persistences.mean())

    @property
    def coherence(self) -> float | None:
        """Mean coherence of the words that distinguish its themes; None if no words could be read."""
        known = self.coherences[~np.isnan(self.coherences)]
        return float(known.mean()) if len(known) else None

    @cached_property
    def themes(self) -> int:
        """The median number of themes over refits."""
        return int(np.sort([count(labels) for _, labels in self.repeats])[len(self.repeats) // 2])

    @cached_property
    def largest(self) -> float:
        """The mean share of the texts in the largest theme."""
        return float(np.mean([largest_share(labels) for _, labels in self.repeats]))

    @property
    def divided(self) -> bool:
        """Whether it divides the texts into themes of three or more texts on average."""
        return self.themes > 1 and self.themes * FEWEST_TEXTS_PER_THEME <= self.n

    @property
    def eligible(self) -> bool:
        """Whether it divides the texts and no theme has more than half of them."""
        return self.divided and self.largest <= LARGEST_SHARE


WORKS = ("ari1985", "lambiotte2008", "npmi2009")
"""Works to cite for the choice of a resolution."""


def candidates(values: Sequence[float], trials: Trials) -> list[Candidate]:
    """The candidates from refits at several resolutions, coarsest first, with all values that the rule uses.

    Persistence is the mean agreement of refits with refits on other samples at the same resolution and at the two next
    to it. Granularities that persist over a range of resolutions score high, transient ones do not. The idea is that of
    Markov stability (Lambiotte, Delvenne & Barahona 2008), with resampling added to the change of scale.
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
    """(many,) values; refits that a neighbouring resolution did not see get the mean of the others."""
    return np.concatenate([values[:many], np.full(max(0, many - len(values)), values.mean())])


def race(
    values: Sequence[float],
    trials: Trials,
    bounds: tuple[int, int] | None,
    first: int,
    most: int,
    refits: Callable[[Sequence[float], range], Iterable[Sequence[Repeat]]],
) -> tuple[list[Candidate], list[int]]:
    """The candidates, and the places of those that refits cannot distinguish, coarsest first; the first one is chosen.

    At first, `first` refits try every resolution. As long as another candidate is less than two standard errors behind
    the best, more refits (five, or a third of those made) try these candidates and the resolutions next to them, up to
    `most` refits. `refits(values, numbers)` makes the refits with those numbers, each at several resolutions. Standard
    errors are those of the mean over refits of the difference to the best; agreement between pairs counts each refit
    twice (Hoeffding 1948, the variance of a U-statistic). The simplest of the candidates that cannot be distinguished
    is chosen, which is the rule of Breiman et al. (1984, section 3.4.3).
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
    """The places of the resolutions for the comparison with shuffled vectors; all places if none is so fine."""
    return [at for at, value in enumerate(values) if value >= COMPARED_FROM_RESOLUTION] or list(range(len(values)))


def observed(
    measured: Sequence[Candidate], least: int, refits: Callable[[Sequence[float], range], Iterable[Sequence[Repeat]]]
) -> Observed:
    """The mean agreement of refits over the resolutions of `compared`, independent of the choice.

    At each of them, at least `least` refits count; `refits` makes those that the choice did not need. The standard
    error is that of a mean over pairs of refits (Hoeffding 1948), in which each refit counts twice.
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
    """The places of the chosen candidate and of those less than two standard errors behind it."""
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
    """The score of each candidate: persistence + 0.3 coherence - 0.03 for each halving of the resolution below 1.

    Between 0.2 and 0.5, and between 0.02 and 0.04, the choice on the development sets, whole corpora and parts of them,
    hardly changes (experiments/LOG.md); both constants are near the middle.
    """
    penalties = [COARSENESS_PENALTY * max(0.0, -float(np.log2(candidate.value))) for candidate in measured]
    return [
        candidate.persistence + COHERENCE_WEIGHT * (candidate.coherence or 0.0) - penalty
        for candidate, penalty in zip(measured, penalties, strict=True)
    ]


def choose(measured: Sequence[Candidate], bounds: tuple[int, int] | None, refits: int = 0) -> int:
    """The place of the best-scoring candidate that divides the texts with no theme above half of them.

    If none of these has a persistence of 0.8, and other candidates without a theme above four fifths have 0.95, the
    best of those is chosen, because a corpus may have two themes only. With bounds, the choice is the best-scoring
    candidate whose number of themes is within them, otherwise the coarsest with enough themes. Of a tie, the coarser
    one is chosen. If some of the candidates have `refits` refits, those with fewer are excluded. No labels are used.
    """
    rated = [round(score, 6) for score in scores(measured)]
    pool = in_choice(measured, bounds)
    still = [at for at in pool if len(measured[at].repeats) >= refits] or pool
    return max(still, key=lambda at: (rated[at], -at))


def in_choice(measured: Sequence[Candidate], bounds: tuple[int, int] | None) -> list[int]:
    """The places of the candidates to choose from, at least one."""
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
    """A note if refits cannot distinguish some candidates; otherwise empty."""
    if len(rivals) < 2:
        return ()
    first, *others = (measured[at] for at in rivals)
    listed = ", ".join(f"{candidate.value:g} ({candidate.themes} themes)" for candidate in others)
    return (
        f"{len(first.repeats)} refits cannot tell resolution {first.value:g} ({first.themes} themes) from {listed}: "
        "their scores lie within two standard errors, and the coarsest was taken.",
    )


def table(measured: Sequence[Candidate], chosen: int) -> Table:
    """The candidates as a table (clusterer.CANDIDATES)."""
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
    """A note for each neighbouring granularity that gives a very different division."""
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
    """A note if the finest resolution tried is the best, because finer ones may be better."""
    if len(measured) == 1 or chosen < len(measured) - 1:
        return ()
    return (
        f"The finest resolution tried, {measured[chosen].value:g}, is the best of {len(measured)}: still finer themes "
        "may hold as well; discover.themes asks for a number.",
    )

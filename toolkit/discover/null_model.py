"""The null model: agreement of refits on vectors with shuffled dimensions, and the graded verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np

from toolkit.discover.stability import FRAGILE, Repeat, stability
from toolkit.files.tuned import tuned
from toolkit.text.evidence import evidence_words
from toolkit.values import NOISE, Floats, Ints, Tick, Vectors, no_tick, seed_for

TUNED = tuned("toolkit.discover")

Agreeing = Callable[[Vectors, int], float]
"""`agreeing(vectors, seed)`: the agreement of refits of other vectors, measured as for those of the corpus."""
Clustered = Callable[[Vectors, int], tuple[Ints, Sequence[Repeat]]]
"""`clustered(vectors, seed)`: labels of other vectors, clustered as those of the corpus were, and refits on samples."""

WORKS = ("ari1985", "buja1992")
"""Works to cite for the comparison with shuffled vectors."""
CLEAR_AGREEMENT = TUNED.number("clear_agreement")
"""The null model is skipped at or above this refit agreement, and the evidence is clear."""
CLEAR_AGREEMENT_IF_SMALL = TUNED.number("clear_agreement_if_small")
"""The same for fewer than 500 rows, because refits of shuffled vectors can agree to 0.8, too."""
MOST_ROWS_SHUFFLED = 500
"""Largest number of rows that are shuffled; fewer rows agree more by chance, so this is conservative."""
FEWEST_SHUFFLES = 20
"""Smallest number of shuffles; up to twice as many until the standard error of their mean is small."""
SMALL_STANDARD_ERROR = 0.0075
"""Standard error of the mean of shuffles at which no more are made: about a tenth of the width of a grade."""
STABILITY_SHUFFLES = 5
"""Number of shuffled corpora that are clustered, for the stability by chance."""
FEWEST_TEXTS_PER_THEME = 3
"""Shuffled themes of fewer rows, and a single theme, are not counted: they recur in any case."""
LARGEST_P = 0.05
"""A p-value above this is no evidence."""
GRADE_BOUNDS = TUNED.numbers("grade_bounds")
"""Agreement beyond chance from which the evidence is weak, and from which it is clear.

The agreement of one development sample (0.139) is close to the second bound; its grade may change with the seed.
"""
GRADES = tuple(zip(GRADE_BOUNDS, ("weak", "clear"), strict=True))
"""Minimum agreement beyond chance and its grade; below the first bound the grade is none."""
JUDGED_GRADES = ("clear",)
"""The grades at which single themes are judged; at any other grade all themes are fragile."""


@dataclass(frozen=True)
class Observed:
    """Agreement of refits of the corpus (mean adjusted Rand index), its standard error, and the number of refits."""

    agreement: float
    error: float = 0.0
    refits: int = 0


@dataclass(frozen=True)
class NullModel:
    """How shuffled vectors are fitted: the agreement of their refits, their themes, and the number of shuffles.

    `few`: the corpus has few rows, and the agreement at which nothing is shuffled is higher, because refits of shuffled
    vectors can agree as well.
    """

    agreeing: Agreeing
    clustered: Clustered
    shuffles: int = FEWEST_SHUFFLES
    few: bool = False


@dataclass(frozen=True)
class Evidence:
    """The verdict on a division: agreement of refits beyond that of shuffled vectors.

    `grade` is none, weak or clear. `agreement` is that of refits of the corpus and `chance` that of shuffled vectors,
    both mean adjusted Rand indices; `low` and `high` are 95 % limits of their difference over seeds. `p` is the
    probability that shuffled vectors agree as well as the corpus; `refits` and `shuffles` are their numbers.
    `chance_stability` is the 95 % quantile of the stability of themes of shuffled vectors. Values are NaN with a
    `reason` if nothing was shuffled.
    """

    grade: str
    agreement: float
    chance: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    p: float = float("nan")
    refits: int = 0
    shuffles: int = 0
    chance_stability: float = float("nan")
    reason: str = ""

    @property
    def gap(self) -> float:
        """Agreement beyond chance."""
        return self.agreement - self.chance

    @property
    def floor(self) -> float:
        """The stability below which a theme is fragile; infinite if the evidence is too weak to judge single themes.

        `chance_stability` is not used: a bound within the range of the themes would mark different themes from seed to
        seed.
        """
        return FRAGILE if self.grade in JUDGED_GRADES else inf

    @property
    def notes(self) -> tuple[str, ...]:
        """The verdict as sentences of the run's notes."""
        return (verdict_sentence(self),) if self.shuffles else ()

    @property
    def works(self) -> tuple[str, ...]:
        """Keys of works to cite."""
        return WORKS if self.shuffles else ()


def shuffled(vectors: Vectors, seed: int, at: int = 0) -> Vectors:
    """Shuffle number `at` of at most 500 of the unit rows (n, d): each dimension is permuted over the rows.

    Shuffling keeps the distribution of each dimension and removes the relations between dimensions (Buja & Eyuboglu
    1992, Remarks on parallel analysis, for factors). Rows are scaled to length 1 again.
    """
    rows = np.linspace(0, len(vectors) - 1, min(len(vectors), MOST_ROWS_SHUFFLED)).astype(int)
    random = np.random.default_rng(seed_for(seed, f"shuffle {at}"))
    mixed = random.permuted(vectors[rows], axis=0)
    mixed = mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-12)
    return np.ascontiguousarray(mixed, np.float32)


def by_chance(
    vectors: Vectors, agreeing: Agreeing, seed: int, shuffles: int = FEWEST_SHUFFLES, tick: Tick = no_tick
) -> Floats:
    """(s,) agreements of refits of shuffled vectors, one per shuffle: `shuffles`, and more while their mean is
    uncertain."""
    values: list[float] = []
    while len(values) < shuffles or (len(values) < 2 * shuffles and standard_error(values) > SMALL_STANDARD_ERROR):
        at = len(values)
        values.append(agreeing(shuffled(vectors, seed, at), seed_for(seed, f"shuffled refits {at}")))
        tick(len(values), max(shuffles, len(values)))
    return np.array(values)


def standard_error(values: Sequence[float] | Floats) -> float:
    """The standard error of the mean; infinite for a single value."""
    return float(np.std(values, ddof=1) / len(values) ** 0.5) if len(values) > 1 else inf


def chance_stability(vectors: Vectors, clustered: Clustered, seed: int, shuffles: int = STABILITY_SHUFFLES) -> float:
    """The 95 % quantile of the stability of themes of shuffled vectors; 0 if no such theme counts."""
    known = []
    for at in range(shuffles):
        labels, refits = clustered(shuffled(vectors, seed, at), seed_for(seed, f"bound {at}"))
        measured = stability(labels, refits)[:, 0]
        sizes = np.bincount(labels[labels != NOISE], minlength=len(measured))
        telling = measured[~np.isnan(measured) & (sizes >= FEWEST_TEXTS_PER_THEME)]
        if len(telling) > 1:
            known.append(telling)
    return float(np.quantile(np.concatenate(known), 0.95)) if known else 0.0


def evidence(
    observed: Observed, chosen: float, vectors: Vectors, null: NullModel, seed: int, tick: Tick = no_tick
) -> Evidence:
    """The verdict on a division of unit rows (n, d).

    `observed` is compared with the agreement of refits of shuffled vectors; `chosen` is the agreement of refits at the
    chosen granularity. If that is high, nothing is shuffled and the verdict is clear. p is that of Student's t for one
    more shuffle, from the mean and the standard deviation of the shuffles under a normal distribution; it varies less
    from seed to seed than a rank among few shuffles.
    """
    least = CLEAR_AGREEMENT_IF_SMALL if null.few else CLEAR_AGREEMENT
    if chosen >= least:
        why = f"not measured: refits agree to {chosen:.2f}, at least {least:g}, so nothing was shuffled"
        return Evidence("clear", observed.agreement, refits=observed.refits, reason=why)
    agreements = by_chance(vectors, null.agreeing, seed, null.shuffles, tick)
    chance, error = float(agreements.mean()), float(np.hypot(observed.error, standard_error(agreements)))
    gap, p = observed.agreement - chance, one_more(observed.agreement, agreements)
    grade = graded(gap, p)
    low, high = gap - 1.96 * error, gap + 1.96 * error
    bound = nan
    if grade in JUDGED_GRADES:
        bound = chance_stability(vectors, null.clustered, seed, min(STABILITY_SHUFFLES, null.shuffles))
    return Evidence(grade, observed.agreement, chance, low, high, p, observed.refits, len(agreements), bound)


def one_more(value: float, null: Floats) -> float:
    """The probability that one more normal value like `null` (at least two) is at least `value` (Student's t)."""
    from scipy.stats import t

    spread = float(null.std(ddof=1)) * (1 + 1 / len(null)) ** 0.5
    return float(t.sf((value - null.mean()) / max(spread, 1e-9), len(null) - 1))


def graded(gap: float, p: float) -> str:
    """The grade of an agreement beyond chance with its p-value."""
    return "none" if p > LARGEST_P else next((name for least, name in reversed(GRADES) if gap >= least), "none")


def verdict_sentence(evidence: Evidence) -> str:
    """The verdict as a sentence of the run's notes."""
    ends = evidence.low, evidence.high
    verdict = evidence_words(evidence.grade, evidence.agreement, evidence.chance, ends, evidence.shuffles, evidence.p)
    return verdict if evidence.grade in JUDGED_GRADES else f"{verdict} All themes are marked fragile."


def no_surer(evidence: Evidence | None, measured: Floats) -> tuple[str, ...]:
    """A note if themes of stability `measured` (k,) recur no more reliably than those of shuffled vectors."""
    below = 0 if evidence is None else int((measured < evidence.chance_stability).sum())
    if evidence is None or not below:
        return ()
    verb = "returns" if below == 1 else "return"
    return (
        f"{below} of {len(measured)} themes {verb} no more surely than themes of shuffled vectors may, 19 of 20 of "
        f"which stay below a stability of {evidence.chance_stability:.2f}: the evidence is for the division as a "
        "whole, not for each of them.",
    )

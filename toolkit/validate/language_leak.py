"""Whether themes depend on the language of their paragraphs beyond chance, with documents as units.

Under the null hypothesis, the language of a document does not matter. A draw permutes the languages of documents, and
paragraphs of a document stay together (Ernst 2004, "Permutation methods: a basis for exact inference"). The statistic
is the sum over themes and languages of the fourth power of the difference between observed and expected paragraphs, in
standard deviations of the draws: a few themes that differ much count like many that differ little. The p-value is (1 +
draws at least as large) / (1 + draws) (Phipson and Smyth 2010). Single themes are compared with the greatest difference
of each draw (Westfall and Young 1993).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.files.tuned import tuned
from toolkit.values import NOISE, Bools, Floats, Ints, Metric, seed_for

TUNED = tuned("toolkit.validate")

DRAWS = 999
FEWEST_DOCUMENTS = 5
"""Minimum number of documents in a language that is compared."""
LEAK_P = 0.05
"""Below this p-value, themes and languages count as dependent."""
LEAK_POWER = TUNED.whole("leak_power")
"""Power of the standardised differences in the sum: a few themes that differ much count like many that differ little.
"""
TIE_DISTANCE = 1e-9
KEY = "language.leak"
NO_INTERVAL = "no interval: resampled documents differ by chance as well, so the value by chance is beside it"


@dataclass(frozen=True)
class Leak:
    """The result of the test for m paragraphs of k themes in l languages.

    `points`: mean over paragraphs of half the sum of |share of a language in the theme - share of it in all|, in [0,
    1]. `chance` (draws,): the same after permutations. `counts` (k, l): paragraphs. `z` (k, l): differences in standard
    deviations of the draws; `p_themes` (k,): p of the largest of each theme, adjusted for all themes and languages.
    """

    languages: tuple[str, ...]
    counts: Floats
    points: float
    chance: Floats
    p: float
    z: Floats
    p_themes: Floats


def leak_of(theme: Ints, language: Ints, unit: Ints, seed: int, draws: int = DRAWS) -> Leak:
    """The test for paragraphs with themes and languages numbered from 0; each document `unit` has one language.

    Raises: ValueError if a document has two languages.
    """
    documents = np.unique(unit, return_inverse=True)[1]
    d, k, many = int(documents.max()) + 1, int(theme.max()) + 1, int(language.max()) + 1
    of_document = np.zeros(d, int)
    of_document[documents] = language
    if (of_document[documents] != language).any():
        raise ValueError("a document has paragraphs of two languages")
    paragraphs = np.zeros((d, k))
    np.add.at(paragraphs, (documents, theme), 1.0)
    rng = np.random.default_rng(seed_for(seed, KEY))
    orders = np.stack([np.arange(d), *(rng.permutation(d) for _ in range(draws))])
    marks = np.eye(many)[of_document]
    counts = np.stack([paragraphs.T @ marks[order] for order in orders])  # (1 + draws, k, l)
    differences = counts - counts.sum(2, keepdims=True) * counts.sum(1, keepdims=True) / len(theme)
    z = differences / np.maximum(differences.std(axis=0, ddof=1), TIE_DISTANCE)
    total, greatest = (z**LEAK_POWER).sum(axis=(1, 2)), np.abs(z).max(axis=(1, 2))
    points = np.abs(differences).sum(axis=(1, 2)) / 2 / len(theme)
    largest = np.abs(z[0]).max(axis=1)
    return Leak(
        (), counts[0], float(points[0]), points[1:], _p(total[0], total[1:]), z[0],
        np.array([_p(value, greatest[1:]) for value in largest]),
    )  # fmt: skip


def _p(value: float, draws: Floats) -> float:
    return float((1 + (draws >= value - TIE_DISTANCE).sum()) / (1 + len(draws)))


def language_metrics(
    assignment: Ints, languages: Sequence[str | None], documents: Sequence[str], seed: int
) -> dict[str, Metric]:
    """Metrics of n paragraphs: language.leak, its .baseline and _p, and language.leak.theme.T of each theme.

    The value of a theme is the share of its most overrepresented language minus the share of that language in all other
    themes; its reason names the language. Null with a reason if fewer than two languages have enough documents.
    """
    theme = np.asarray(assignment)  # -1 counts as a theme, so that a language without themes is detected
    names, rows = _compared(languages, documents)
    kept = np.unique(theme[rows])
    if len(names) < 2 or len(kept) < 2:
        why = _why_not(theme, languages, names)
        return {key: Metric(None, reason=why) for key in (KEY, f"{KEY}.baseline", f"{KEY}_p")}
    place = {name: at for at, name in enumerate(names)}
    language = np.array([place[str(languages[row])] for row in np.flatnonzero(rows).tolist()], np.int32)
    unit = np.unique(np.array(documents)[rows], return_inverse=True)[1].astype(np.int32)
    leak = leak_of(np.searchsorted(kept, theme[rows]).astype(np.int32), language, unit, seed)
    n = int(rows.sum())
    of = f"paragraphs, of {len(np.unique(unit)):,} documents in {', '.join(names)}"
    low, high = np.percentile(leak.chance, [2.5, 97.5])
    how = f"mean and middle 95 % of {len(leak.chance)} exchanges of languages between documents"
    drawn = f"by {len(leak.chance)} exchanges of languages between documents"
    return {
        KEY: Metric(leak.points, None, None, "lower", n, NO_INTERVAL, of),
        f"{KEY}.baseline": Metric(float(leak.chance.mean()), float(low), float(high), None, len(leak.chance), how,
                                  "exchanges"),
        f"{KEY}_p": Metric(leak.p, None, None, None, n, drawn, of),
        **_of_themes(leak, kept, names),
    }  # fmt: skip


def _of_themes(leak: Leak, kept: Ints, names: Sequence[str]) -> dict[str, Metric]:
    """The overrepresented language of each theme: the difference, its name in words, and its p-value."""
    made = {}
    for row, theme in enumerate(kept.tolist()):
        counts, others = leak.counts[row], leak.counts.sum(axis=0) - leak.counts[row]
        apart = counts / counts.sum() - others / others.sum()
        most, n = int(leak.z[row].argmax()), int(counts.sum())
        tied = "tied to" if leak.p < LEAK_P and leak.p_themes[row] < LEAK_P else "as by chance"
        reason = f"{tied} {names[most]}: {int(counts[most])} of {n} paragraphs, elsewhere {int(others[most])} of "
        reason += f"{int(others.sum())}; p adjusted {leak.p_themes[row]:.3f}"
        made[f"{KEY}.theme.{theme}"] = Metric(
            float(apart[most]), None, None, None, n, reason,
            "paragraphs of the theme in the languages compared",
        )  # fmt: skip
    return made


def _compared(languages: Sequence[str | None], documents: Sequence[str]) -> tuple[tuple[str, ...], Bools]:
    """The languages with enough documents, by name, and a mask (n,) of paragraphs in one of them."""
    known = np.array([language is not None for language in languages], bool)
    documents_in: dict[str, set[str]] = {}
    for row in np.flatnonzero(known).tolist():
        documents_in.setdefault(str(languages[row]), set()).add(documents[row])
    names = tuple(sorted(name for name, of in documents_in.items() if len(of) >= FEWEST_DOCUMENTS))
    return names, known & np.array([language in names for language in languages], bool)


def _why_not(theme: Ints, languages: Sequence[str | None], names: tuple[str, ...]) -> str:
    there = sorted({language for language in languages if language is not None})
    if len(np.unique(theme)) < 2 or (theme == NOISE).all():
        return "there are no two themes to compare languages by"
    if len(there) < 2:
        return f"all documents whose language is known are in one language ({there[0] if there else 'none is known'})"
    if len(names) < 2:
        return f"fewer than two of {len(there)} languages have {FEWEST_DOCUMENTS} documents"
    return "there are no two themes to compare languages by"

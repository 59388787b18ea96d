"""Themes tied to the language of their documents: how often is that flagged, and how often without cause?

Documents of 1 to 20 paragraphs in two languages; a document has few themes (a Dirichlet inclination). `clean`:
documents get their languages without regard to themes. A leak of g points: the share of the rarer language in the first
theme is g points above its share in all paragraphs, by swaps with paragraphs of other themes. Beside the rule,
chi-squared of the table of themes and languages, which takes paragraphs as independent.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from simulated.coverage import print_coverage
from toolkit.validate.language_leak import LEAK_P, leak_of


def corpus(rng: Any, given: argparse.Namespace) -> tuple[Any, Any, Any]:
    """Themes, languages (1 the rarer) and documents of paragraphs; languages do not depend on themes."""
    size = np.minimum(rng.geometric(1 / given.length, given.documents), 20)
    unit = np.repeat(np.arange(given.documents), size)
    inclined = rng.dirichlet(np.full(given.themes, given.alike), given.documents)
    theme = (rng.random(len(unit))[:, None] > inclined[unit].cumsum(axis=1)).sum(axis=1)
    language = np.zeros(given.documents, int)
    language[rng.permutation(given.documents)[: round(given.other * given.documents)]] = 1
    return np.minimum(theme, given.themes - 1), language[unit], unit


def leak(rng: Any, theme: Any, language: Any, points: float) -> Any:
    """The themes with the rarer language's share in theme 0 brought to `points` above its share in all paragraphs."""
    theme = theme.copy()
    inside = np.flatnonzero((theme == 0) & (language == 0))
    outside = np.flatnonzero((theme != 0) & (language == 1))
    wanted = round((language.mean() + points) * (theme == 0).sum()) - int(((theme == 0) & (language == 1)).sum())
    swaps = max(min(wanted, len(inside), len(outside)), 0) if points else 0
    ours, theirs = rng.permutation(inside)[:swaps], rng.permutation(outside)[:swaps]
    theme[ours], theme[theirs] = theme[theirs].copy(), 0
    return theme


def chi_squared(theme: Any, language: Any) -> float:
    """p of the table of themes and languages, paragraphs taken as independent."""
    from scipy.stats import chi2_contingency

    table = np.zeros((theme.max() + 1, 2))
    np.add.at(table, (theme, language), 1)
    return float(chi2_contingency(table[table.sum(axis=1) > 0]).pvalue)


def simulate(given: argparse.Namespace) -> None:
    """Shares of corpora flagged: without a leak, with leaks of 20 and of 40 points."""
    for points in (0.0, 0.2, 0.4):
        flagged, naive, named, size = 0, 0, 0, 0
        for run in range(given.runs):
            rng = np.random.default_rng(run)
            theme, language, unit = corpus(rng, given)
            theme = np.unique(leak(rng, theme, language, points), return_inverse=True)[1]
            size += len(theme)
            result = leak_of(theme.astype(np.int32), language.astype(np.int32), unit, run, given.draws)
            flagged += result.p < LEAK_P
            named += bool(result.p_themes[0] < LEAK_P)
            naive += chi_squared(theme, language) < LEAK_P
        name = f"leak of {100 * points:.0f} points" if points else "clean"
        print(f"{name}: {given.documents} documents, {size / given.runs:.0f} paragraphs, {given.other:.0%} other")
        print_coverage("  by exchange of documents (ours)", flagged, given.runs, "flagged in")
        print_coverage("  the theme itself, adjusted", named, given.runs, "flagged in")
        print_coverage("  chi-squared of paragraphs", naive, given.runs, "flagged in")


def add(kinds: Any) -> None:
    """The command of this module."""
    one = kinds.add_parser("languages")
    one.set_defaults(function=simulate)
    one.add_argument("--documents", type=int, default=300)
    one.add_argument("--length", type=float, default=5, help="mean paragraphs of a document")
    one.add_argument("--themes", type=int, default=6)
    one.add_argument("--alike", type=float, default=0.5, help="Dirichlet parameter; small: a document has one theme")
    one.add_argument("--other", type=float, default=0.5, help="share of documents in the rarer language")
    one.add_argument("--runs", type=int, default=300)
    one.add_argument("--draws", type=int, default=199, help="exchanges a corpus")

"""The weight of a term in a theme, from counts; one function per formula.

Every formula takes the same five numbers for each cell (a theme and a term that occurs in it) and returns a float:

    cell    occurrences of the term in the theme          theme   occurrences of all terms in the theme
    term    occurrences of the term in all themes         total   occurrences of all terms in all themes
    themes  number of themes compared

No array of size themes x terms is made. Higher values are more typical of the theme; 0 and below are not typical.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from toolkit.values import Floats

Weighting = Literal["ctfidf", "ctfidf_bm25", "ctfidf_specific", "fighting_words", "log_likelihood", "npmi"]
Formula = Callable[[Floats, Floats, Floats, float, int], Floats]


def ctfidf(cell: Floats, theme: Floats, term: Floats, total: float, themes: int) -> Floats:
    """Class-based TF-IDF as in BERTopic: tf / |theme| * log(1 + A / f), A the mean theme size (Grootendorst 2022)."""
    return cell / theme * np.log1p(total / themes / term)


def ctfidf_bm25(cell: Floats, theme: Floats, term: Floats, total: float, themes: int) -> Floats:
    """BERTopic's two options: sqrt(tf / |theme|) * log(1 + (A - f + .5) / (f + .5)), which lowers frequent words."""
    mean = total / themes
    return np.sqrt(cell / theme) * np.log1p(np.maximum((mean - term + 0.5) / (term + 0.5), -0.999))


def ctfidf_specific(cell: Floats, theme: Floats, term: Floats, total: float, themes: int) -> Floats:
    """c-TF-IDF times the share of the term's occurrences within the theme, which lowers words of several themes."""
    return ctfidf(cell, theme, term, total, themes) * (cell / term)


def fighting_words(cell: Floats, theme: Floats, term: Floats, total: float, themes: int) -> Floats:
    """z of the log odds against all other themes, the corpus as prior (Monroe, Colaresi and Quinn 2008, eq. 22)."""
    scale = np.sqrt(total)  # total of the prior in words: enough to stabilise rare terms, too few to hide differences
    prior = term / total * scale
    rest, rest_theme = term - cell, total - theme
    inside = np.log((cell + prior) / (theme + scale - cell - prior))
    outside = np.log((rest + prior) / (rest_theme + scale - rest - prior))
    z: Floats = (inside - outside) / np.sqrt(1 / (cell + prior) + 1 / (rest + prior))
    return z


def log_likelihood(cell: Floats, theme: Floats, term: Floats, total: float, themes: int) -> Floats:
    """Signed G2 of the term inside the theme and outside it (Dunning 1993), the keyness of corpus linguistics."""

    def part(seen: Floats, expected: Floats) -> Floats:
        return np.where(seen > 0, seen * np.log(np.maximum(seen, 1e-12) / expected), 0.0)

    rest, rest_theme = term - cell, np.maximum(total - theme, 1e-12)
    inside = theme * term / total
    table = part(cell, inside) + part(rest, np.maximum(term - inside, 1e-12))
    table = table + part(theme - cell, np.maximum(theme - inside, 1e-12))
    table = table + part(rest_theme - rest, np.maximum(rest_theme - (term - inside), 1e-12))
    return 2 * table * np.sign(cell / theme - term / total)


def npmi(cell: Floats, theme: Floats, term: Floats, total: float, themes: int) -> Floats:
    """Normalised pointwise mutual information of term and theme (Bouma 2009), times log(1 + tf) to lower rare terms."""
    share = cell / total
    mutual = np.log(share / (theme / total * term / total)) / np.maximum(-np.log(share), 1e-12)
    return mutual * np.log1p(cell)


WORKS: dict[str, tuple[str, ...]] = {
    "ctfidf": ("bertopic2022",),
    "ctfidf_bm25": ("bertopic2022",),
    "ctfidf_specific": ("bertopic2022",),
    "fighting_words": ("monroe2008",),
    "log_likelihood": ("dunning1993",),
    "npmi": ("npmi2009",),
}
"""Keys of works to cite for each formula (report.references)."""

FORMULAS: dict[str, Formula] = {
    "ctfidf": ctfidf,
    "ctfidf_bm25": ctfidf_bm25,
    "ctfidf_specific": ctfidf_specific,
    "fighting_words": fighting_words,
    "log_likelihood": log_likelihood,
    "npmi": npmi,
}

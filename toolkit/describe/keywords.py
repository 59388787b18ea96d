"""Keywords of themes: the heaviest terms, none a fragment or an inflection of another, each typical of its theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from toolkit.describe.phrases import Terms
from toolkit.describe.weights import FORMULAS, Weighting
from toolkit.values import Floats, Ints


@dataclass(frozen=True)
class Candidate:
    """A term that may describe a theme: its form, its parts, its weight and the number of the theme's texts with it."""

    name: str
    parts: tuple[str, ...]
    weight: float
    texts: int
    term: int = -1  # index among the terms of the corpus; -1 for none


@dataclass(frozen=True)
class Cells:
    """Themes x terms, only for terms that occur: theme and term (c,), and texts (c,) of the theme with the term."""

    theme: Ints
    term: Ints
    texts: Ints


def cells_of(terms: Terms, groups: Ints, themes: int) -> Cells:
    """The number of texts of each theme that contain each term; groups (n,) in [0, themes), others are left out."""
    inside = (groups[terms.rows] >= 0) & (groups[terms.rows] < themes)
    code = groups[terms.rows[inside]].astype(np.int64) * max(len(terms.names), 1) + terms.columns[inside]
    cell, texts = np.unique(code, return_counts=True)
    theme, term = np.divmod(cell, max(len(terms.names), 1))
    return Cells(theme.astype(np.int32), term.astype(np.int32), texts.astype(np.int32))


def weigh(cells: Cells, terms: int, themes: int, weighting: Weighting) -> Floats:
    """(c,) the weight of each cell by one of `weights.FORMULAS`, from counts of texts (a term counts once per text)."""
    count = cells.texts.astype(float)
    of_theme: Floats = np.bincount(cells.theme, weights=count, minlength=themes).astype(float)
    of_term: Floats = np.bincount(cells.term, weights=count, minlength=terms).astype(float)
    total = float(count.sum())
    return FORMULAS[weighting](count, of_theme[cells.theme], of_term[cells.term], total, max(themes, 1))


def candidates(
    terms: Terms, groups: Ints, themes: int, weighting: Weighting, limit: int, min_texts: int
) -> list[list[Candidate]]:
    """For each theme at most `limit` candidates, heaviest first; ties are in alphabetical order.

    A candidate occurs in at least `min_texts` texts of its theme. A theme with fewer than three such terms also gets
    terms that it shares with other themes, and then terms of a single text of the corpus.
    """
    cells = cells_of(terms, groups, themes)
    weight = np.round(weigh(cells, len(terms.names), themes, weighting), 9)
    everywhere = np.bincount(cells.term, weights=cells.texts, minlength=len(terms.names))
    edges = np.searchsorted(cells.theme, np.arange(themes + 1))
    by_theme = []
    for theme in range(themes):
        part = slice(edges[theme], edges[theme + 1])
        positive = weight[part] > 0
        ladder = (cells.texts[part] >= min_texts, everywhere[cells.term[part]] >= 2, positive)
        usable = next((step & positive for step in ladder if (step & positive).sum() >= 3), positive)
        rows = np.flatnonzero(usable) + edges[theme]
        rows = _heaviest(rows, weight, limit)
        ranked = [
            Candidate(
                terms.names[term],
                terms.parts[term],
                float(weight[row]),
                int(cells.texts[row]),
                int(term),
            )
            for row, term in zip(rows.tolist(), cells.term[rows].tolist(), strict=True)
        ]
        by_theme.append(sorted(ranked, key=lambda candidate: (-candidate.weight, candidate.name))[:limit])
    return by_theme


def _heaviest(rows: npt.NDArray[np.int64], weight: Floats, limit: int) -> npt.NDArray[np.int64]:
    """The rows whose weight is at least that of the limit-th heaviest; ties are kept, and sorted later."""
    if len(rows) <= limit:
        return rows
    bound = np.partition(weight[rows], len(rows) - limit)[len(rows) - limit]
    kept: npt.NDArray[np.int64] = rows[weight[rows] >= bound]
    return kept


def distinct(ranked: Sequence[Candidate], limit: int) -> list[Candidate]:
    """The heaviest `limit` candidates, none a fragment of another and no two inflections of one word.

    Of a term and a longer one that contains it ("enterprises", "state-owned enterprises"), the longer one is kept if it
    is in at least half as many texts of the theme, otherwise the one of greater weight.
    """
    chosen: list[Candidate] = []
    for candidate in ranked:
        rivals = [other for other in chosen if overlaps(candidate, other)]
        if not rivals and len(chosen) < limit:
            chosen.append(candidate)
        elif (
            len(rivals) == 1 and len(candidate.parts) > len(rivals[0].parts) and candidate.texts * 2 >= rivals[0].texts
        ):
            chosen[chosen.index(rivals[0])] = candidate
    return chosen


def overlaps(first: Candidate, second: Candidate) -> bool:
    """Whether one term is the other, an inflection of it, or a sequence of words within it."""
    short, long = sorted((stems(first), stems(second)), key=len)
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def abbreviates(short: Candidate, long: Candidate) -> bool:
    """Whether one term consists of the initials of the other: "AI" of "artificial intelligence", "US" of "United
    States"."""
    words = [word for part in long.parts for word in part.split("-") if word]
    return len(short.parts) == 1 and len(words) > 1 and short.parts[0].lower() == "".join(word[0] for word in words)


def stems(candidate: Candidate) -> tuple[str, ...]:
    """The words of a term without English endings; hyphenated words are split."""
    return tuple(stem(word) for part in candidate.parts for word in part.replace("'", "-").split("-") if word)


@lru_cache(1 << 17)
def stem(word: str) -> str:
    """A word without its common English ending, to detect inflections; too coarse to be shown or counted."""
    for ending in ("isations", "izations", "isation", "ization", "ements", "ement", "ations", "ation", "ings", "ing"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    for ending in ("ised", "ized", "ises", "izes", "ise", "ize", "ies", "ied", "es", "ed", "ly", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def broader_groups(assignment: Ints, parent: Mapping[int, int]) -> tuple[Ints, list[int]]:
    """Groups (n,) from 0: the parent of each text's theme, -1 if it has none; and the ids of the parents in order."""
    ids = sorted(set(parent.values()))
    place = {theme: ids.index(above) for theme, above in parent.items()}
    return np.array([place.get(int(theme), -1) for theme in assignment], np.int32), ids

"""Which theme of a run each reference of a log means: the same paragraphs, or the greatest overlap of cores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from toolkit.decisions.log import ThemeReference
from toolkit.decisions.references import Rows, members
from toolkit.values import NOISE, Ints

LEAST_OVERLAP = 0.5
"""A theme is meant by a reference if the overlap is above this: then no other theme is, and by no other reference."""
FEWEST_CORE = 3
"""Core paragraphs in the corpus by which a theme is matched, at least; all of a smaller core."""


@dataclass(frozen=True)
class Match:
    """The theme that a reference means; None if in conflict; `reason` is then the sentence why.

    `overlap` is the Jaccard similarity by which it was matched; None if the theme has the same paragraphs.
    """

    theme: int | None
    overlap: float | None = None
    reason: str = ""


class Matching:
    """References looked for in one partition of n paragraphs: digests `names` (n,), themes `assignment` (n,), -1 none.

    Two themes are the same if all their paragraphs are. Otherwise the overlap of reference i and theme j is
    |core_i & j| / |core_i | (all cores & j)| over the core paragraphs that this corpus contains (Jaccard 1912): those
    of no core cannot lower it, so that a corpus may grow.
    """

    def __init__(self, themes: Mapping[str, ThemeReference], names: Sequence[str], assignment: Ints) -> None:
        self.themes, self.names, self.assignment = themes, names, assignment
        place = places(names)
        self.rows = {key: rows_of(theme.core, place) for key, theme in themes.items()}

    def of(self, key: str) -> Match:
        """The match of one reference."""
        return self.of_union([key])

    def of_union(self, keys: Sequence[str]) -> Match:
        """The theme that several references mean as one: matched by all their core paragraphs together."""
        if len(keys) == 1 and self.themes[keys[0]].members in self._same:
            return Match(self._same[self.themes[keys[0]].members])
        rows = np.unique(np.concatenate([self.rows[key] for key in keys]))
        size = sum(len(self.themes[key].core) for key in keys)
        if len(rows) < min(FEWEST_CORE, size):
            return Match(None, 0.0, self._too_few(keys, len(rows), size))
        shared = self._counts(rows)
        every = self._of_run(self.themes[keys[0]].run)
        overlaps = shared / np.maximum(len(rows) + every - shared, 1)
        best = int(overlaps.argmax()) if len(overlaps) else NOISE
        overlap = float(overlaps[best]) if len(overlaps) else 0.0
        if overlap <= LEAST_OVERLAP:
            return Match(None, overlap, self._conflict(keys, rows, shared, best, overlap))
        what = f"{int(shared[best])} of the {_core(len(rows), size)} of {self.shown(keys)} are in one theme"
        others = int(every[best] - shared[best])
        return Match(best, overlap, f"{what}, with {others} of other themes (overlap {overlap:.2f}).")

    @cached_property
    def _same(self) -> dict[str, int]:
        """Digest of all paragraphs of a theme -> the theme."""
        contained: dict[int, list[str]] = {}
        for name, theme in zip(self.names, self.assignment.tolist(), strict=True):
            contained.setdefault(theme, []).append(name)
        return {members(names): theme for theme, names in contained.items() if theme != NOISE}

    def _counts(self, rows: Rows) -> Rows:
        """(k,) how many of the rows each theme contains."""
        themes = self.assignment[rows]
        return np.bincount(themes[themes != NOISE], minlength=int(self.assignment.max(initial=NOISE)) + 1)

    def _of_run(self, run: str) -> Rows:
        """(k,) core paragraphs of all themes of one run in each theme."""
        cores = [self.rows[key] for key, theme in self.themes.items() if theme.run == run]
        return self._counts(np.unique(np.concatenate(cores)))

    def inside(self, keys: Iterable[str], theme: int) -> bool:
        """Whether a theme contains most core paragraphs of each of several references, and enough of them."""
        cores = [(self.rows[key], min(FEWEST_CORE, len(self.themes[key].core))) for key in keys]
        return all(len(rows) >= least and 2 * self._counts(rows)[theme] > len(rows) for rows, least in cores)

    def shown(self, keys: Iterable[str]) -> str:
        """References as messages name them."""
        return " and ".join(shown(key, self.themes) for key in keys)

    def _too_few(self, keys: Sequence[str], present: int, size: int) -> str:
        if not present:
            return f"None of the {size} core paragraphs of {self.shown(keys)} is in this corpus."
        which = f"Only {present} of the {size} core paragraphs of {self.shown(keys)} {'is' if present == 1 else 'are'}"
        least = min(FEWEST_CORE, size)
        return f"{which} in this corpus, too few to recognise which theme is meant (at least {least} are needed)."

    def _conflict(self, keys: Sequence[str], rows: Rows, shared: Rows, best: int, overlap: float) -> str:
        """Why no theme is meant by the rows: the run has joined it with another, or divided it, or left it out."""
        bound = f"(overlap {overlap:.2f}, more than {LEAST_OVERLAP:.2f} is needed)"
        core = f"{_core(len(rows), sum(len(self.themes[key].core) for key in keys))} of {self.shown(keys)}"
        if best != NOISE and 2 * shared[best] > len(rows):
            other = self._other(keys, best)
            return (
                f"The theme that contains {int(shared[best])} of the {core} contains core paragraphs of "
                f"{self.shown([other]) if other else 'other themes'} too: this run has one theme for them {bound}."
            )
        parts = ", ".join(map(str, sorted((int(count) for count in shared if count), reverse=True)))
        outside = len(rows) - int(shared.sum())
        if not parts:
            return f"The {core} are in no theme of this run."
        nowhere = f", and {outside} in none" if outside else ""
        return f"The {core} are in {int((shared > 0).sum())} themes of this run ({parts}){nowhere} {bound}."

    def _other(self, keys: Sequence[str], theme: int) -> str | None:
        """The other reference of the run with most core paragraphs in a theme."""
        run = self.themes[keys[0]].run
        counts = {
            key: int(self._counts(self.rows[key])[theme])
            for key, other in self.themes.items()
            if other.run == run and key not in keys
        }
        return max(counts, key=lambda key: (counts[key], key)) if any(counts.values()) else None


def places(names: Sequence[str]) -> dict[str, list[int]]:
    """The rows of each digest: more than one if a corpus keeps equal texts."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, []).append(row)
    return rows


def rows_of(names: Iterable[str], place: Mapping[str, Sequence[int]]) -> Rows:
    """The rows of those of the digests that a corpus contains."""
    return np.array([row for name in names for row in place.get(name, ())], np.int64)


def _core(present: int, size: int) -> str:
    return f"{size} core paragraphs" if present == size else f"{present} core paragraphs in this corpus (of {size})"


def shown(key: str, themes: Mapping[str, ThemeReference]) -> str:
    """A key as messages name it: with the label of its theme if it has one."""
    label = themes[key].label if key in themes else ""
    return f"“{label}” ({key})" if label else key

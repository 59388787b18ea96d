"""How much the share of each theme differs with another seed: the part of its interval due to the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from toolkit.estimate.grouping import Grouping
from toolkit.estimate.tally import Counting, Tally, Unit, document_theme
from toolkit.values import NOISE, Bools, Floats, Ints, Table

WORKS = ("satterthwaite1946", "dissolution2008")
"""Keys of the works behind intervals widened by other seeds (report.references)."""
DISSOLVED_JACCARD = 0.5
"""Jaccard similarity of its best match at or below which a theme is dissolved (Hennig 2008, section 3.2)."""


@dataclass(frozen=True)
class Reseeded:
    """The groups of all n paragraphs with S other seeds; copies are in the group of their original.

    labels (S, n), -1 for none; match (S, k) the group of each seed that is most like each theme, -1 if none has a
    paragraph in common with it; known (n,) the paragraphs in the fits; likeness (S, k) the Jaccard similarity of
    each theme and its match.
    """

    labels: Ints
    match: Ints
    known: Bools
    likeness: Floats

    @property
    def returned(self) -> Bools:
        """(S, k) whether each theme returns with each other seed: its best match is more like it than unlike."""
        return self.likeness > DISSOLVED_JACCARD

    @property
    def number(self) -> int:
        """The number S of other seeds."""
        return len(self.labels)


@dataclass(frozen=True)
class Themes:
    """Properties of themes beside the theme of each paragraph.

    broader: broader theme -> (n,) mask of paragraphs; only shares of paragraphs of the whole corpus are estimated.
    number: least number of themes, since no paragraph may have the last ones.
    other: the groups with other seeds, by which intervals widen; None or no seeds: intervals do not widen.
    """

    broader: Mapping[str, Bools] = field(default_factory=dict)
    number: int = 0
    other: Reseeded | None = None


@dataclass(frozen=True)
class Placed:
    """The groups of units, one entry for each unit and group, -1 for none; `n` is the number of units."""

    groups: Ints
    n: int

    def shares(self, match: Ints) -> Floats:
        """(k + 1,) shares of -1 and of the group matched with each theme; NaN without a match."""
        if not self.n:
            return np.full(len(match) + 1, np.nan)
        counts = np.bincount(self.groups + 1, minlength=int(match.max(initial=NOISE)) + 2)
        hits = np.append(counts[0], np.where(match == NOISE, np.nan, counts[match + 1]))
        return np.asarray(hits / self.n)


@dataclass(frozen=True)
class Counted:
    """The counted units, prepared once: theme (n,), home (n,) row of each paragraph's document, words (n,).

    `once` are the masks of paragraphs (n,) and documents (d,) that are no copies.
    """

    documents: Sequence[str]
    home: Ints
    theme: Ints
    words: Floats
    once: Mapping[str, Bools]

    @classmethod
    def of(cls, documents: Table, paragraphs: Table) -> Counted:
        """The units of the tables of documents and of all paragraphs with their themes."""
        ids = documents["document_id"].to_pylist()
        place = {document: row for row, document in enumerate(ids)}
        home = np.array([place[document] for document in paragraphs["document_id"].to_pylist()], np.int32)
        once = {
            unit: np.array([copy is None for copy in table["duplicate_of"].to_pylist()], bool)
            for unit, table in (("paragraph", paragraphs), ("document", documents))
        }
        theme, words = np.asarray(paragraphs["theme"].to_pylist(), np.int32), np.asarray(paragraphs["words"], float)
        return cls(ids, home, theme, words, once)

    def counts(self, labels: Ints, unit: Unit, counting: Counting, paragraphs: Bools, documents: Bools) -> Placed:
        """The units of the chosen paragraphs (n,) and documents (d,) in each group of `labels` (n,).

        A document counts for every group of its paragraphs, or once for its main one (`document_main`).
        """
        base = "paragraph" if unit == "paragraph" else "document"
        once = self.once[base] if counting == "unique" else np.ones(len(self.once[base]), bool)
        if unit == "paragraph":
            return Placed(labels[paragraphs & once], int((paragraphs & once).sum()))
        kept = paragraphs & (documents & once)[self.home]
        homes = self.home[kept]
        present = np.unique(homes)
        if unit == "document_main":
            names = [self.documents[row] for row in homes.tolist()]
            return Placed(document_theme(self.documents, names, labels[kept], self.words[kept])[present], len(present))
        pairs = np.unique(np.column_stack([homes, labels[kept]]), axis=0)
        return Placed(pairs[:, 1], len(present))


@dataclass(frozen=True)
class Spread:
    """How much (series,) shares differ over the seeds with which a theme returns, and the number of these seeds.

    `deviation` is a standard deviation over this seed and those; NaN if seeds do not matter to the series (codes).
    """

    deviation: Floats
    returned: Ints
    seeds: int

    @property
    def gone(self) -> Bools:
        """(series,) themes that do not return with most of the other seeds, so that their share has no interval."""
        return self.returned * 2 <= self.seeds


@dataclass(frozen=True)
class Spreads:
    """How much shares differ over other seeds; None and 0 seeds if none was tried."""

    other: Reseeded | None = None
    counted: Counted | None = None

    @classmethod
    def of(cls, other: Reseeded | None, documents: Table, paragraphs: Table) -> Spreads:
        """The spreads from the tables of documents and of all paragraphs with their themes."""
        return cls(other, Counted.of(documents, paragraphs)) if other is not None and other.number else cls()

    @property
    def seeds(self) -> int:
        """The number of other seeds."""
        return self.other.number if self.other is not None else 0

    def of_themes(self, tally: Tally, grouping: Grouping) -> Spread | None:
        """`spread` of one group."""
        if self.other is None or self.counted is None:
            return None
        deviation = spread(self.other, self.counted, tally, grouping)
        return Spread(deviation, _returned(self.other, tally), self.seeds)

    def of_broader(self, tally: Tally, broader: Mapping[str, Bools]) -> Spread | None:
        """`broader_spread` of the whole corpus."""
        if self.other is None or self.counted is None:
            return None
        deviation = broader_spread(self.other, self.counted, tally, broader)
        return Spread(deviation, np.full(len(deviation), self.seeds, np.int32), self.seeds)


def _returned(other: Reseeded, tally: Tally) -> Ints:
    """(series,) number of other seeds with which each theme returns; all seeds for -1 and for codes."""
    returned, known = other.returned.sum(axis=0), range(other.match.shape[1])
    of = [int(series.id) if series.kind == "theme" else NOISE for series in tally.series]
    return np.array([returned[theme] if theme in known else other.number for theme in of], np.int32)


def spread(other: Reseeded, counted: Counted, tally: Tally, grouping: Grouping) -> Floats:
    """(series,) standard deviation of each theme's share in one group over this seed and the others; NaN for codes.

    The share of a theme with another seed is that of the group there which is most like it. A seed in which the theme
    is dissolved is left out, since neither the share of a group twice as large nor 0 is information about the
    theme's share.
    """
    inside = other.known & (grouping.rows[counted.home] if grouping.paragraphs is None else grouping.paragraphs)
    themes = np.arange(other.match.shape[1], dtype=np.int32)
    partitions = [(counted.theme, themes)]
    partitions += zip(other.labels, np.where(other.returned, other.match, NOISE), strict=True)
    deviations = {}
    for unit, counting in {(series.unit, series.counting) for series in tally.series}:
        counts = [counted.counts(labels, unit, counting, inside, grouping.rows) for labels, _ in partitions]
        shares = [placed.shares(match) for placed, (_, match) in zip(counts, partitions, strict=True)]
        deviations[unit, counting] = _deviation(shares)
    values = np.full(len(tally.series), np.nan)
    for at, series in enumerate(tally.series):
        if series.kind == "theme" and int(series.id) < len(themes):
            values[at] = deviations[series.unit, series.counting][int(series.id) + 1]
    return values


def broader_spread(other: Reseeded, counted: Counted, tally: Tally, broader: Mapping[str, Bools]) -> Floats:
    """(series,) standard deviation of the paragraph shares of broader themes: id -> (n,) members, codes of the tally.

    With another seed a broader theme is all groups there that are most like one of its themes.
    """
    values = np.full(len(tally.series), np.nan)
    for at, series in enumerate(tally.series):
        if series.unit == "paragraph" and series.id in broader:
            rows = other.known & (counted.once["paragraph"] if series.counting == "unique" else True)
            members = np.unique(counted.theme[broader[series.id] & (counted.theme != NOISE)])
            pairs = zip(other.labels, other.match, strict=True)
            masks = [
                broader[series.id],
                *(np.isin(labels, match[members]) & (labels != NOISE) for labels, match in pairs),
            ]
            values[at] = _deviation([np.array([mask[rows].mean()]) for mask in masks])[0] if rows.any() else np.nan
    return values


def _deviation(shares: Sequence[Floats]) -> Floats:
    """Standard deviation of each column over the rows in which it is defined; 0 for fewer than two rows."""
    table = np.array(shares)
    defined = ~np.isnan(table)
    number = defined.sum(axis=0)
    gaps = np.where(defined, table - np.nansum(table, axis=0) / np.maximum(number, 1), 0.0)
    return np.asarray(np.sqrt((gaps**2).sum(axis=0) / np.maximum(number - 1, 1)))

"""The code that a theme mostly carries: the share of its paragraphs, with an interval by document.

A code is taken into account if at least a third of the theme's unique paragraphs carry it, and more than by chance: the
lower sampling limit of this share is above the code's share of all unique paragraphs. Without an interval the chance of
at least that many such paragraphs, if paragraphs were drawn one by one, must be below `LARGEST_CHANCE`. A code with a
child code that also passes is left out, since the child is more specific; implied codes do not count. Of the rest the
code with the greatest share is named, at ties the first in the codebook.

The error is the jackknife's over documents, so that no code depends on a random draw; intervals are not adjusted for
the choice of the greatest share.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from toolkit.estimate.coding_error import CodedShare, CodingError
from toolkit.estimate.intervals import limits
from toolkit.estimate.jackknife import FEWEST_DOCUMENTS, effective, jackknife, ratio
from toolkit.estimate.prevalence import number
from toolkit.estimate.tally import Tally, ancestors
from toolkit.files.tuned import tuned
from toolkit.schemas import BY_CODING, BY_SAMPLING
from toolkit.values import NOISE, Bools, Floats, Ints, Row, Table

TUNED = tuned("toolkit.estimate")

SHARE_DENOMINATOR = 3
"""A code is named only if at least one in this many paragraphs of the theme has it."""
LARGEST_CHANCE = TUNED.number("largest_chance")
"""Upper limit, for a code without an interval, of the probability that at least as many of the theme's paragraphs have
it, if paragraphs were drawn one by one. Paragraphs of one document are alike, so a larger bound names
unrelated codes."""
METHOD = (
    "The code that a theme mostly carries is the one with the greatest share of its unique paragraphs among those with "
    "at least a third of them whose sampling interval (jackknife over documents) is above the code's share of all "
    "unique paragraphs; a child code that meets this goes before its parents."
)
WORKS = ("jackknife1981",)
NO_CODES = "no codes in the run"
NO_THEME = "these paragraphs have no theme"
EMPTY = "no paragraphs"
NONE = "no code is carried by at least a third of its paragraphs"
CHANCE = "no code of at least a third of its paragraphs is more frequent there than chance would give"
FEW = "no interval: its paragraphs are in fewer than {fewest} {drawn}"
ONE = "no interval: nearly all of its paragraphs are in one of the {drawn}"

MOSTLY = pa.schema(
    [
        ("mostly", pa.string()),  # code
        ("mostly_paragraphs", pa.int64()),  # of the theme's unique paragraphs, those that carry it
        ("mostly_share", pa.float64()),
        ("mostly_low", pa.float64()),
        ("mostly_high", pa.float64()),
        ("mostly_interval_of", pa.string()),  # as in prevalence
        ("mostly_reason", pa.string()),  # why there is no code, or no interval
    ]
)


@dataclass(frozen=True)
class Marks:
    """The m unique paragraphs: cluster (m,), theme (m,), and which codes each carries, (m, codes) bool."""

    unique: Bools
    cluster: Ints
    theme: Ints
    codes: tuple[str, ...]
    carried: Bools
    drawn: str
    above: Mapping[str, frozenset[str]]  # code -> the codes above it

    @classmethod
    def of(
        cls, tally: Tally, paragraphs: Table, assigned: Mapping[str, Bools], parents: Mapping[str, str | None]
    ) -> Marks:
        """The paragraphs that count once; the arguments are as in `mostly_table`."""
        unique = np.array([copy is None for copy in paragraphs["duplicate_of"].to_pylist()], bool)
        place = {document: row for row, document in enumerate(tally.document_ids)}
        rows = np.array([place[document] for document in paragraphs["document_id"].to_pylist()], int)
        columns = [np.asarray(mask, bool)[unique] for mask in assigned.values()]
        return cls(
            unique,
            tally.cluster[rows[unique]],
            np.asarray(paragraphs["theme"].to_pylist(), np.int32)[unique],
            tuple(assigned),
            np.column_stack(columns) if columns else np.zeros((int(unique.sum()), 0), bool),
            tally.drawn,
            {code: frozenset(ancestors(code, parents)) for code in assigned},
        )


@dataclass(frozen=True)
class InTheme:
    """A code in a theme: the paragraphs with it, all `n`, and the sampling limits, NaN if there are none."""

    code: str
    hits: int
    n: int
    low: float
    high: float
    reason: str | None


def mostly_table(
    tally: Tally,
    paragraphs: Table,
    assigned: Mapping[str, Bools],
    parents: Mapping[str, str | None],
    broader: Mapping[str, Bools],
    unchecked: Collection[str] = (),
    error: CodingError | None = None,
) -> Table:
    """The table with `theme` and MOSTLY: a row for each theme, for -1, and for each broader theme.

    Args:
        paragraphs: pa.Table of ALL paragraphs: document_id, duplicate_of, theme.
        assigned: code -> (n,) bool, in the order of the codebook; parents: code -> the code above it or None.
        broader: broader theme -> (n,) bool, which paragraphs it has.
        unchecked: codes whose intervals are widened by the coding `error`, as their shares elsewhere are.
    """
    marks = Marks.of(tally, paragraphs, assigned, parents)
    rows = [{"theme": NOISE, "mostly_reason": NO_THEME if marks.codes else NO_CODES}]
    members = {theme: marks.theme == theme for theme in range(tally.themes)}
    members |= {int(theme): np.asarray(inside, bool)[marks.unique] for theme, inside in broader.items()}
    for theme, inside in members.items():
        rows.append({"theme": theme, **_row(marks, inside, unchecked, error)})
    return pa.Table.from_pylist(rows, pa.schema([("theme", pa.int32()), *MOSTLY]))


def _row(marks: Marks, inside: Bools, unchecked: Collection[str], error: CodingError | None) -> Row:
    named = mostly(marks, inside)
    if isinstance(named, str):
        return {"mostly_reason": named}
    known, low, high = not np.isnan(named.low), named.low, named.high
    widened = known and error is not None and named.code in unchecked
    if error is not None and widened:
        low, high = CodedShare(error, named.hits / named.n).widened(low, high)
    return {
        "mostly": named.code,
        "mostly_paragraphs": named.hits,
        "mostly_share": named.hits / named.n,
        "mostly_low": number(low),
        "mostly_high": number(high),
        "mostly_interval_of": (BY_CODING if widened else BY_SAMPLING) if known else None,
        "mostly_reason": named.reason,
    }


def mostly(marks: Marks, inside: Bools) -> InTheme | str:
    """The code that the paragraphs `inside` (m,) mostly carry, or the reason why there is none."""
    n, hits = int(inside.sum()), marks.carried[inside].sum(axis=0)
    if not marks.codes or not n:
        return EMPTY if marks.codes else NO_CODES
    often = np.flatnonzero(SHARE_DENOMINATOR * hits >= n)
    passed = [code for code in (_in_theme(marks, inside, int(at)) for at in often) if code is not None]
    above = frozenset[str]().union(*(marks.above[code.code] for code in passed))
    deepest = [code for code in passed if code.code not in above]
    return max(deepest, key=lambda code: code.hits) if deepest else CHANCE if len(often) else NONE


def _in_theme(marks: Marks, inside: Bools, at: int) -> InTheme | None:
    """A code in a theme; None if it is not more frequent there than by chance."""
    carried = marks.carried[:, at]
    hits, n, level = int(carried[inside].sum()), int(inside.sum()), float(carried.mean())
    low, high, reason = _limits(marks, carried, inside)
    if np.isnan(low):
        from scipy.stats import hypergeom

        surely = hypergeom.sf(hits - 1, len(carried), int(carried.sum()), n) < LARGEST_CHANCE
    else:
        surely = low > level
    return InTheme(marks.codes[at], hits, n, low, high, reason) if surely else None


def _limits(marks: Marks, carried: Bools, inside: Bools) -> tuple[float, float, str | None]:
    """Limits of the share of the paragraphs `inside` that carry a code, or NaN and the reason."""
    columns = _by_cluster(marks.cluster[inside], carried[inside])
    if len(columns) < FEWEST_DOCUMENTS:
        return np.nan, np.nan, FEW.format(fewest=FEWEST_DOCUMENTS, drawn=marks.drawn)
    share = ratio(columns.sum(axis=0)[None])
    error = np.array([jackknife(columns, ratio)])
    low, high = limits(share, error, np.array([effective(columns[:, 1])]))
    return float(low[0]), float(high[0]), ONE.format(drawn=marks.drawn) if np.isnan(low[0]) else None


def _by_cluster(cluster: Ints, carried: Bools) -> Floats:
    """(clusters, 2) paragraphs that carry a code, and all."""
    _, index = np.unique(cluster, return_inverse=True)
    return np.column_stack([np.bincount(index, carried.astype(float)), np.bincount(index)]).astype(float)

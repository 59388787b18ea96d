"""Which words set a theme, a code or a group of documents apart from the rest: how sure, and how much.

Dunning (1993), "Accurate methods for the statistics of surprise and coincidence": the log-likelihood ratio G2 ranks the
terms; Hardie (2014), "Log ratio": the binary logarithm of the ratio of relative frequencies is the effect. Words of one
document are no independent draws, so the interval and the p-value of the effect come from a bootstrap of documents and
not from G2's chi-squared (Lijffijt et al. 2016, "Significance testing of word frequencies in corpora").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.estimate.contrasts import adjusted
from toolkit.estimate.intervals import bootstrap_sums
from toolkit.values import Bools, Floats, Ints

KEYNESS = pa.schema(
    [
        ("kind", pa.string()),  # theme, code or group; always against all other unique paragraphs
        ("id", pa.string()),  # the theme's number, the code's id, the group's value
        ("group_by", pa.string()),  # the column of a group
        ("rank", pa.int32()),
        ("term", pa.string()),
        ("count", pa.int64()),
        ("count_versus", pa.int64()),
        ("words", pa.int64()),  # all counted terms on this side
        ("words_versus", pa.int64()),
        ("documents", pa.int64()),  # on this side, with the term
        ("g2", pa.float64()),
        ("log_ratio", pa.float64()),  # 1: twice as frequent here
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("p", pa.float64()),
        ("p_adjusted", pa.float64()),  # for all terms tested on this side
        ("tested", pa.int64()),
        ("reason", pa.string()),  # why there is no interval
    ]
)
ONLY_HERE = "stands nowhere else: no ratio to bound; log_ratio adds half an occurrence on each side"
NO_DRAWS = "too few documents to resample"
TOP = 12
"""Terms kept of each theme, code or group: the rows of the table stay under 12 x (themes + codes + groups)."""
GROUPS = 40
"""Groups of a column, largest first, beyond which words are not compared."""
FEWEST = 3
"""Times that a term must stand on a side to be tested there, in two documents at least."""
HELD = 8_000_000
"""Sums held at once (clusters x columns), to bound memory: so many sides are worked on together."""
DRAWN = 20_000_000
"""Draws x documents at most: a corpus of more than 20,000 documents gets fewer than 1,000 draws, never below 200."""


Bounds = tuple[Floats, Floats, Floats]
"""Lower and upper limits, and p."""


@dataclass(frozen=True)
class Counted:
    """Terms of n texts: term `columns[i]` stands `counts[i]` times in text `rows[i]`; `cluster` (n,) is drawn whole."""

    names: Sequence[str]
    rows: Ints
    columns: Ints
    counts: Ints
    cluster: Ints


@dataclass(frozen=True)
class Side:
    """A theme, code or group by name, and (n,) which texts are on its side."""

    kind: str
    id: str
    group_by: str | None
    inside: Bools


def sides(
    theme: Ints, assigned: Mapping[str, Bools], groups: Mapping[str, Sequence[str | None]]
) -> tuple[list[Side], list[str]]:
    """Themes, codes, then the largest groups of each column; and what was left out. All over the same n texts."""
    found = [Side("theme", str(number), None, theme == number) for number in range(int(theme.max(initial=-1)) + 1)]
    found += [Side("code", code, None, np.asarray(marks, bool)) for code, marks in assigned.items()]
    notes = []
    for column, values in groups.items():
        held = np.array(values, dtype=object)
        names = sorted({value for value in values if value is not None}, key=lambda name: (-(held == name).sum(), name))
        found += [Side("group", name, column, held == name) for name in sorted(names[:GROUPS])]
        if len(names) > GROUPS:
            notes.append(f"Words were compared for the {GROUPS} largest of {len(names)} groups by {column}.")
    return found, notes


def keyness(counted: Counted, against: Sequence[Side], how: str, draws: int, seed: int) -> Any:
    """The table KEYNESS: each side's most telling terms, by G2, among those more frequent there than elsewhere."""
    from scipy.sparse import csr_matrix

    shape = (len(counted.cluster), len(counted.names))
    texts = csr_matrix((counted.counts.astype(float), (counted.rows, counted.columns)), shape=shape)
    clusters, index = np.unique(counted.cluster, return_inverse=True)
    told = [one for side in against if (one := _told(texts, counted, side)) is not None]
    step = max(1, HELD // max(1, len(clusters) * 2 * (TOP + 1)))
    rows: list[dict[str, Any]] = []
    for first in range(0, len(told), step):
        block = told[first : first + step]
        for one, bounds in zip(
            block, _intervals(texts, index.astype(np.int32), len(clusters), block, draws, seed), strict=True
        ):
            rows += _rows(counted, one, bounds, how)
    return pa.Table.from_pylist(rows, schema=KEYNESS)


def g2(count: Floats, versus: Floats, words: float, words_versus: float) -> Floats:
    """Log-likelihood ratio of a term's counts on two sides, given the words of each (Dunning 1993, eq. 13)."""
    total, whole = count + versus, words + words_versus
    found = np.zeros(len(count))
    for seen, size in ((count, words), (versus, words_versus)):
        for part, expected in ((seen, total * size / whole), (size - seen, (whole - total) * size / whole)):
            with np.errstate(divide="ignore", invalid="ignore"):
                found += np.where(part > 0, part * np.log(part / expected), 0.0)
    return np.asarray(2 * found)


def log_ratio(count: Floats, versus: Floats, words: Floats, words_versus: Floats) -> Floats:
    """Binary logarithm of the ratio of relative frequencies, half an occurrence added on each side (Hardie 2014)."""
    return np.asarray(np.log2((count + 0.5) / words) - np.log2((versus + 0.5) / words_versus))


@dataclass(frozen=True)
class _Told:
    """A side's telling terms `chosen`, strongest first, with their `g2` and `ratio`, and the counts of all terms."""

    side: Side
    chosen: Ints
    g2: Floats
    ratio: Floats
    count: Floats
    versus: Floats
    documents: Ints
    tested: int


def _told(texts: Any, counted: Counted, side: Side) -> _Told | None:
    """The terms that set a side apart; None where there are none."""
    count = np.asarray(texts[np.flatnonzero(side.inside)].sum(axis=0)).ravel()
    versus = np.asarray(texts.sum(axis=0)).ravel() - count
    words, others = float(count.sum()), float(versus.sum())
    if not words or not others:
        return None
    documents = _documents(texts, counted, side)
    tested = np.flatnonzero((count + versus >= FEWEST) & (count + versus < words + others))
    likely = np.flatnonzero((count >= FEWEST) & (documents >= 2) & (count / words > versus / others))
    strength = g2(count[likely], versus[likely], words, others)
    names = [counted.names[int(column)] for column in likely]
    order = sorted(range(len(likely)), key=lambda place: (-strength[place], names[place]))[:TOP]
    chosen = likely[order].astype(np.int32)
    if not len(chosen):
        return None
    ratio = log_ratio(count[chosen], versus[chosen], np.array(words), np.array(others))
    return _Told(side, chosen, strength[order], ratio, count, versus, documents, len(tested))


def _rows(counted: Counted, told: _Told, bounds: Bounds, how: str) -> Iterator[dict[str, Any]]:
    """The rows of the table of one side."""
    low, high, p = bounds
    family = adjusted(np.concatenate([p, np.ones(max(told.tested - len(p), 0))]), how)[: len(p)]
    for rank, column in enumerate(told.chosen):
        elsewhere = bool(told.versus[column])
        yield {
            "kind": told.side.kind,
            "id": told.side.id,
            "group_by": told.side.group_by,
            "rank": rank + 1,
            "term": counted.names[column],
            "count": int(told.count[column]),
            "count_versus": int(told.versus[column]),
            "words": int(told.count.sum()),
            "words_versus": int(told.versus.sum()),
            "documents": int(told.documents[column]),
            "g2": float(told.g2[rank]),
            "log_ratio": float(told.ratio[rank]),
            "low": _known(low[rank]) if elsewhere else None,
            "high": _known(high[rank]) if elsewhere else None,
            "p": _known(p[rank]),
            "p_adjusted": _known(family[rank]),
            "tested": told.tested,
            "reason": ONLY_HERE if not elsewhere else None if np.isfinite(low[rank]) else NO_DRAWS,
        }


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _documents(texts: Any, counted: Counted, side: Side) -> Ints:
    """(terms,) in how many clusters each term stands on this side."""
    own = texts.tocoo()
    kept = side.inside[own.row]
    width = texts.shape[1]
    pairs = np.unique(counted.cluster[own.row[kept]].astype(np.int64) * width + own.col[kept])
    return np.asarray(np.bincount(pairs % width, minlength=width), np.int32)


def _intervals(texts: Any, index: Ints, g: int, told: Sequence[_Told], draws: int, seed: int) -> list[Bounds]:
    """Limits and two-sided p of each log ratio: t (documents - 1) times the bootstrap's standard error.

    `index` (n,) numbers each text's cluster, of g. All sides rest on the same draws of clusters, as one bootstrap has
    it, so it does not matter how many are worked on together.
    """
    nothing = [(np.full(len(one.chosen), np.nan),) * 3 for one in told]
    if g < 3:
        return list(nothing)
    all_words = np.asarray(texts.sum(axis=1)).ravel()
    columns = []
    for one in told:
        inside, held = one.side.inside.astype(float)[:, None], np.asarray(texts[:, one.chosen].todense(), float)
        here = np.column_stack([held, all_words]) * inside
        columns += [here, np.column_stack([held, all_words]) - here]
    fewer = max(200, min(draws, DRAWN // g))
    sums = bootstrap_sums(_summed(np.column_stack(columns), index, g), fewer, seed, "keyness")
    found, at = [], 0
    for one, none in zip(told, nothing, strict=True):
        width = len(one.chosen) + 1
        here, there = sums[:, at : at + width], sums[:, at + width : at + 2 * width]
        both = len(np.unique(index[one.side.inside]))
        found.append(_bounds(here, there, one.ratio, both) or none)
        at += 2 * width
    return found


def _summed(columns: Floats, index: Ints, g: int) -> Floats:
    """(g, c) the columns (n, c) summed over the texts of each cluster."""
    from scipy.sparse import csr_matrix

    member = csr_matrix((np.ones(len(index)), (index, np.arange(len(index)))), (g, len(index)))
    return np.asarray(member @ columns)


def _bounds(here: Floats, there: Floats, ratio: Floats, both: int) -> Bounds | None:
    """Low, high and p of the log ratios from drawn sums (draws, terms and all words) on the two sides."""
    from scipy.stats import t

    if both < 2:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = log_ratio(here[:, :-1], there[:, :-1], here[:, -1:], there[:, -1:])
    defined = drawn[np.isfinite(drawn).all(axis=1)]
    if len(defined) < 0.5 * len(drawn):
        return None
    error = defined.std(axis=0, ddof=1) * np.sqrt(both / (both - 1.0))
    reach = t.ppf(0.975, both - 1) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * t.sf(np.abs(ratio) / error, both - 1)
    return ratio - reach, ratio + reach, np.where(error > 0, p, np.nan)

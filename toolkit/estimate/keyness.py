"""Words that are more frequent in a theme, a code or a group of documents than in the rest, with tests and effects.

Words of one document are no independent draws, so neither G2 nor chi-squared has a p-value that holds (Lijffijt et al.
2016, "Significance testing of word frequencies in corpora"). Here the units are a term's documents, each with the
square root of its occurrences: `g2_documents` is Dunning's (1993) log-likelihood ratio on these instead of on words;
by Hoeffding (1963, Theorem 1) exp(-g2_documents / 2) bounds the probability of at least that many independent
documents. Its
p-value comes from exchanging labels between documents (`exchange.py`), adjusted for all terms of all themes, codes and
groups of the table at once. Hardie (2014), "Log ratio", is the effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from toolkit.estimate.exchange import against_greatest, drawn, draws_for, exchange_of, p_of
from toolkit.estimate.rates import log_ratio, ratio_limits
from toolkit.estimate.verdicts import CANNOT, MORE, is_certain
from toolkit.values import Bools, Floats, Ints, Row, Sparse, Table

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
        ("documents_versus", pa.int64()),  # elsewhere, with the term; a document may be on both sides
        ("g2", pa.float64()),  # of words, for description: it takes words as independent
        ("g2_documents", pa.float64()),  # what is tested
        ("log_ratio", pa.float64()),  # 1: twice as frequent here
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("p", pa.float64()),  # one-sided: more frequent here
        ("p_adjusted", pa.float64()),  # for all terms of all rows' sides together
        ("tested", pa.int64()),  # terms x sides: the family of the table
        ("draws", pa.int64()),  # exchanges of labels; no p-value is below 1 / (draws + 1)
        ("verdict", pa.string()),
        ("reason", pa.string()),  # why it cannot be said
    ]
)
NO_TEST = "fewer than three documents: nothing to exchange"
NOT_SURE = "chance gives as much if labels are exchanged between documents"
MOST_TERMS = 12
"""Number of terms of each theme, code or group: the table has at most 12 x (themes + codes + groups) rows."""
MOST_GROUPS = 40
"""Largest number of groups of a column of which words are compared, the largest groups first."""
FEWEST_OCCURRENCES = 3
"""A term is tested if it occurs this many times, in this many documents, and on the side in at least two."""
BURSTINESS_LEVELS = (0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 100.0)
"""Grid of the burstiness of a term: how much less than in proportion to length its weight in a document grows."""
LEAST_WEIGHT_DOCUMENTS = 2.0
"""Least weight, in documents, of a term on a side to be tested there: one document alone is no evidence."""
MOST_DRAWS, FEWEST_DRAWS, MOST_PRODUCTS = 999, 199, 7.0e8
"""Largest and least number of exchanges of labels, and the limit of all multiplications (some seconds)."""


@dataclass(frozen=True)
class Counted:
    """Terms of n texts: term `columns[i]` occurs `counts[i]` times in text `rows[i]`.

    `cluster` (n,) is the unit of a text, drawn as a whole. `position` (n,) is the order of the texts of a
    cluster; by default the order given.
    """

    names: Sequence[str]
    rows: Ints
    columns: Ints
    counts: Ints
    cluster: Ints
    position: Ints | None = None


@dataclass(frozen=True)
class Side:
    """A theme, code or group with its name, and (n,) the mask of its texts."""

    kind: str
    id: str
    group_by: str | None
    inside: Bools


def sides(
    theme: Ints, assigned: Mapping[str, Bools], groups: Mapping[str, Sequence[str | None]]
) -> tuple[list[Side], list[str]]:
    """Themes, codes, then the largest groups of each column, over the same n texts; and notes on omitted groups."""
    compared = [Side("theme", str(number), None, theme == number) for number in range(int(theme.max(initial=-1)) + 1)]
    compared += [Side("code", code, None, np.asarray(marks, bool)) for code, marks in assigned.items()]
    notes = []
    for column, values in groups.items():
        column_values = np.array(values, dtype=object)
        names = sorted(
            {value for value in values if value is not None}, key=lambda name: (-(column_values == name).sum(), name)
        )
        compared += [Side("group", name, column, column_values == name) for name in sorted(names[:MOST_GROUPS])]
        if len(names) > MOST_GROUPS:
            notes.append(f"Words were compared for the {MOST_GROUPS} largest of {len(names)} groups by {column}.")
    return compared, notes


def keyness(counted: Counted, against: Sequence[Side], seed: int, most: int = MOST_DRAWS) -> Table:
    """The table KEYNESS: each side's most over-represented terms.

    Args:
        most: largest number of exchanges of labels; a large corpus gets fewer, at least FEWEST_DRAWS.
    """
    from scipy.sparse import csr_matrix

    shape = (len(counted.cluster), len(counted.names))
    texts = csr_matrix((counted.counts.astype(float), (counted.rows, counted.columns)), shape=shape)
    exchange = exchange_of(counted.cluster, counted.position)
    words = np.asarray(texts.sum(axis=1)).ravel()
    used = [side for side in against if 0 < words[side.inside].sum() < words.sum()]
    weighed = weigh(texts, exchange.unit, exchange.units)
    if not used or not len(weighed.terms):
        return KEYNESS.empty_table()
    inside = np.column_stack([side.inside for side in used]).astype(float)
    test = KeynessTest(weighed, inside)
    shown, seen = test.strengths(inside, 0.0), test.strengths(inside)
    chosen = [_chosen(counted, texts, exchange.unit, weighed, shown[:, at], side) for at, side in enumerate(used)]
    picks = (
        np.concatenate([terms_of_side.rows for terms_of_side in chosen]),
        np.repeat(range(len(used)), [len(terms_of_side.rows) for terms_of_side in chosen]),
    )
    rare = exchange.units < FEWEST_OCCURRENCES
    draws = 0 if rare else draws_for(weighed.matrix.nnz * len(used), most, min(most, FEWEST_DRAWS), MOST_PRODUCTS)
    made = np.array(drawn(exchange, _Draw(test, picks), draws, seed, "keyness"))
    observed = seen[picks]
    p = p_of(observed, made[:, 1:]) if draws else np.full(len(observed), np.nan)
    family = against_greatest(observed, made[:, 0]) if draws else p
    size = f"{weighed.matrix.shape[0] * len(used)}"
    rows: list[Row] = []
    at = 0
    for terms_of_side in chosen:
        stretch = slice(at, at + len(terms_of_side.rows))
        common = {"tested": int(size), "draws": draws}
        rows += (
            row | common for row in _rows(counted, texts, exchange.unit, terms_of_side, p[stretch], family[stretch])
        )
        at += len(terms_of_side.rows)
    return pa.Table.from_pylist(rows, schema=KEYNESS)


def g2(count: Floats, versus: Floats, words: float, words_versus: float) -> Floats:
    """Log-likelihood ratio of a term's counts on two sides, given the words of each (Dunning 1993, eq. 13)."""
    total, whole = count + versus, words + words_versus
    ratio = np.zeros(len(count))
    for seen, size in ((count, words), (versus, words_versus)):
        for part, expected in ((seen, total * size / whole), (size - seen, (whole - total) * size / whole)):
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio += np.where(part > 0, part * np.log(part / expected), 0.0)
    return np.asarray(2 * ratio)


@dataclass(frozen=True)
class Weighed:
    """The tested terms: their columns, occurrences weighted by document (terms, n), and their weight in documents.

    `chances` (levels, n): each text's expected share under chance, for each `level` (terms,) of burstiness.
    """

    terms: Ints
    matrix: Sparse
    documents: Floats
    level: Ints
    chances: Floats


def weigh(texts: Sparse, unit: Ints, units: int) -> Weighed:
    """The tested terms with their weights: in a document, the square root of a term's occurrences there; in all,
    (sum of roots)^2 / sum of squares."""
    from scipy.sparse import csr_matrix

    cells = texts.tocoo()
    member = csr_matrix((np.ones(len(unit)), (unit, np.arange(len(unit)))), (units, len(unit)))
    per = (member @ texts).tocsr()
    documents = np.bincount(per.indices, minlength=texts.shape[1])
    total = np.asarray(texts.sum(axis=0)).ravel()
    terms = np.asarray(
        np.flatnonzero((documents >= FEWEST_OCCURRENCES) & (total >= FEWEST_OCCURRENCES) & (total < total.sum())),
        np.int32,
    )
    roots = np.asarray(per.sqrt().sum(axis=0)).ravel()
    kept = np.isin(cells.col, terms)
    rows, columns, counts = cells.row[kept], cells.col[kept], cells.data[kept]
    here = np.asarray(per[unit[rows], columns], float).ravel() if len(rows) else counts
    weights = counts / np.sqrt(here) * roots[columns] / total[columns]
    matrix = csr_matrix((weights, (np.searchsorted(terms, columns), rows)), (len(terms), len(unit)))
    level, chances = _chances(np.asarray(texts.sum(axis=1)).ravel(), unit, roots[terms] / total[terms])
    return Weighed(terms, matrix, roots[terms] ** 2 / total[terms], level, chances)


def _chances(words: Floats, unit: Ints, roots: Floats) -> tuple[Ints, Floats]:
    """The level (terms,) of burstiness of each term, and (levels, n) expected shares of the texts.

    Under chance, the weight of a document of W words is in proportion to W / sqrt(1 + b W).

    `roots` (terms,): the sum of the roots of a term's occurrences over the sum of its occurrences. Each term's b is
    that of BURSTINESS_LEVELS with which the sum of the documents' roots is nearest to this.
    """
    size = np.bincount(unit, words)
    bursts = np.array(BURSTINESS_LEVELS)[:, None] / size[size > 0].mean()
    weights = 1 / np.sqrt(1 + bursts * size)
    sums = weights @ size
    level = np.abs(np.log(roots[:, None] * words.sum() / sums)).argmin(axis=1)
    return np.asarray(level, np.int32), np.asarray(weights[:, unit] * words / sums[:, None], float)


@dataclass(frozen=True)
class KeynessTest:
    """The test of every term on every side by G2 of documents; `inside` (n, sides) is the mask of each side's texts."""

    weighed: Weighed
    inside: Floats

    def strengths(self, inside: Floats, least: float = LEAST_WEIGHT_DOCUMENTS) -> Floats:
        """(terms, sides) G2 for the texts `inside` (n, sides).

        It is 0 if a term is not more frequent there than elsewhere, or has less than the weight of `least` documents.
        """
        expected, strength = self.weighed.chances @ inside, np.zeros((len(self.weighed.terms), inside.shape[1]))
        weight = self.weighed.matrix @ inside
        places = np.flatnonzero(weight >= max(least, 1e-9))
        term, side = np.divmod(places, inside.shape[1])
        documents = self.weighed.documents[term]
        share = np.minimum(weight.ravel()[places] / documents, 1.0)
        chance = expected[self.weighed.level[term], side]
        more = share > chance + 1e-12
        strength.ravel()[places[more]] = 2 * documents[more] * divergence(share[more], chance[more])
        return strength


def divergence(share: Floats, expected: Floats) -> Floats:
    """Kullback-Leibler divergence (nats) of a share of 0 to 1 from that expected, in (0, 1)."""
    from scipy.special import xlogy

    return np.asarray(xlogy(share, share / expected) + xlogy(1 - share, (1 - share) / (1 - expected)))


@dataclass(frozen=True)
class _Draw:
    """The statistics of one exchange: the greatest G2 of the table, then that of each chosen term on its side."""

    test: KeynessTest
    picks: tuple[Ints, Ints]

    def __call__(self, rows: Ints) -> Floats:
        made = self.test.strengths(self.test.inside[rows])
        return np.asarray(np.r_[made.max(), made[self.picks]])


@dataclass(frozen=True)
class _Chosen:
    """A side's over-represented terms, strongest first: rows of the tested terms, and their G2 by documents."""

    side: Side
    rows: Ints
    terms: Ints
    strength: Floats
    documents: Ints
    versus: Ints


def _chosen(counted: Counted, texts: Sparse, unit: Ints, weighed: Weighed, strength: Floats, side: Side) -> _Chosen:
    """The 12 terms that are most over-represented on a side, each at least three times and in two documents there."""
    count = np.asarray(texts[np.flatnonzero(side.inside)].sum(axis=0)).ravel()[weighed.terms]
    here = _documents(texts, unit, side.inside)[weighed.terms]
    likely = np.flatnonzero((strength > 0) & (count >= FEWEST_OCCURRENCES) & (here >= 2))
    names = {int(row): counted.names[int(weighed.terms[row])] for row in likely}
    order = np.array(
        sorted(names, key=lambda row: (-round(float(strength[row]), 9), names[row]))[:MOST_TERMS], np.int32
    )
    elsewhere = _documents(texts, unit, ~side.inside)[weighed.terms]
    return _Chosen(side, order, weighed.terms[order], strength[order], here[order], elsewhere[order])


def _documents(texts: Sparse, unit: Ints, inside: Bools) -> Ints:
    """(terms,) number of units in which each term occurs in the texts `inside`."""
    cells, width = texts.tocoo(), texts.shape[1]
    kept = inside[cells.row]
    pairs = np.unique(unit[cells.row[kept]].astype(np.int64) * width + cells.col[kept])
    return np.asarray(np.bincount(pairs % width, minlength=width), np.int32)


def _rows(counted: Counted, texts: Sparse, unit: Ints, chosen: _Chosen, p: Floats, family: Floats) -> Iterator[Row]:
    """The rows of the table of one side."""
    inside = chosen.side.inside
    chosen_counts = texts[:, chosen.terms]
    words = np.asarray(texts.sum(axis=1)).ravel()
    count, versus = (np.asarray(chosen_counts[np.flatnonzero(rows)].sum(axis=0)).ravel() for rows in (inside, ~inside))
    all_here, all_there = float(words[inside].sum()), float(words[~inside].sum())
    low, high = ratio_limits(chosen_counts, words, unit, inside)
    plain, ratio = g2(count, versus, all_here, all_there), log_ratio(count, versus, all_here, all_there)
    for at, term in enumerate(chosen.terms):
        certain = is_certain(family[at]) and bool(low[at] > 0)
        yield {
            "kind": chosen.side.kind,
            "id": chosen.side.id,
            "group_by": chosen.side.group_by,
            "rank": at + 1,
            "term": counted.names[int(term)],
            "count": int(count[at]),
            "count_versus": int(versus[at]),
            "words": int(all_here),
            "words_versus": int(all_there),
            "documents": int(chosen.documents[at]),
            "documents_versus": int(chosen.versus[at]),
            "g2": float(plain[at]),
            "g2_documents": float(chosen.strength[at]),
            "log_ratio": float(ratio[at]),
            "low": _known(low[at]),
            "high": _known(high[at]),
            "p": _known(p[at]),
            "p_adjusted": _known(family[at]),
            "verdict": MORE if certain else CANNOT,
            "reason": None if certain else NO_TEST if np.isnan(p[at]) else NOT_SURE,
        }


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

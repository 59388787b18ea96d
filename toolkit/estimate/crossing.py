"""How codes coincide with themes, and codes with other codes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pyarrow as pa

from toolkit.estimate.intervals import bootstrap_sums, limits, ratios
from toolkit.estimate.prevalence import number
from toolkit.estimate.tally import Tally
from toolkit.estimate.together import Together, together
from toolkit.estimate.verdicts import Adjust
from toolkit.values import NOISE, Bools, Floats, Row, Table

MATRIX = pa.schema(
    [
        ("code", pa.string()),
        ("theme", pa.int32()),
        ("paragraphs", pa.int64()),
        ("expected", pa.float64()),  # if codes and themes were independent
        ("share_of_code", pa.float64()),
        ("share_of_theme", pa.float64()),
        ("lift", pa.float64()),  # paragraphs / expected
    ]
)
COOCCURRENCE = pa.schema(
    [
        ("code_a", pa.string()),
        ("code_b", pa.string()),
        ("paragraphs", pa.int64()),  # with both
        ("jaccard", pa.float64()),  # with both / with either
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("n", pa.int64()),  # with either
        ("expected", pa.float64()),  # with both, if the codes were independent
        ("lift", pa.float64()),  # paragraphs / expected
        ("lift_low", pa.float64()),
        ("lift_high", pa.float64()),
        ("p", pa.float64()),  # two-sided, by exchanging codes between documents
        ("p_adjusted", pa.float64()),  # for all pairs of the table
        ("tested", pa.int64()),  # pairs with a p-value: the family
        ("verdict", pa.string()),  # more or less together than by chance, or "cannot be said"
        ("reason", pa.string()),  # why it cannot be said
    ]
)


def _unique(paragraphs: Table) -> Bools:
    return np.array([copy is None for copy in paragraphs.column("duplicate_of").to_pylist()], dtype=bool)


def code_theme_matrix(paragraphs: Table, assigned: Mapping[str, Bools]) -> Table:
    """The table of every code x every theme (-1 included) over unique paragraphs; ratios are null for divisors of 0."""
    unique = _unique(paragraphs)
    theme = np.asarray(paragraphs.column("theme").to_pylist(), int)
    rows: list[Row] = []
    for code, marks in assigned.items():
        coded = np.asarray(marks, bool) & unique
        for number_ in [NOISE, *range(int(theme.max(initial=-1)) + 1)]:
            inside = (theme == number_) & unique
            both, of_code, of_theme = int((coded & inside).sum()), int(coded.sum()), int(inside.sum())
            expected = of_code * of_theme / max(int(unique.sum()), 1)
            rows.append(
                {
                    "code": code,
                    "theme": number_,
                    "paragraphs": both,
                    "expected": expected,
                    "share_of_code": both / of_code if of_code else None,
                    "share_of_theme": both / of_theme if of_theme else None,
                    "lift": both / expected if expected else None,
                }
            )
    return pa.Table.from_pylist(rows, schema=MATRIX)


def cooccurrence(
    tally: Tally, paragraphs: Table, assigned: Mapping[str, Bools], draws: int, seed: int, how: Adjust = "holm"
) -> Table:
    """The table of all pairs of codes: unique paragraphs with both, the Jaccard index, and a test against chance."""
    pairs = list(combinations(assigned, 2))
    if not pairs:
        return COOCCURRENCE.empty_table()
    tested = _tested(tally, paragraphs, assigned, pairs, seed, how)
    rows = [
        {"code_a": a, "code_b": b, **index, **_test(tested, pair)}
        for pair, ((a, b), index) in enumerate(
            zip(pairs, _indices(tally, paragraphs, assigned, pairs, draws, seed), strict=True)
        )
    ]
    return pa.Table.from_pylist(rows, schema=COOCCURRENCE)


def _indices(
    tally: Tally, paragraphs: Table, assigned: Mapping[str, Bools], pairs: list[tuple[str, str]], draws: int, seed: int
) -> list[Row]:
    """The Jaccard index of each pair with its interval by document."""
    columns = _pair_columns(tally, paragraphs, assigned, pairs)
    summed = tally.by_cluster(np.ones(len(tally.document_ids), bool), columns)
    if not len(summed):
        return [{"paragraphs": 0, "jaccard": None, "low": None, "high": None, "n": 0} for _ in pairs]
    hits = np.arange(len(pairs), dtype=np.int32) * 2
    jaccard = ratios(summed, hits, hits + np.int32(1), bootstrap_sums(summed, draws, seed, "estimate:cooccurrence"))
    low, high = limits(jaccard.estimate, jaccard.error, jaccard.clusters)
    whole = summed.sum(axis=0).astype(int)
    return [
        {
            "paragraphs": int(whole[2 * pair]),
            "jaccard": number(jaccard.estimate[pair]),
            "low": number(low[pair]),
            "high": number(high[pair]),
            "n": int(whole[2 * pair + 1]),
        }
        for pair in range(len(pairs))
    ]


def _tested(
    tally: Tally, paragraphs: Table, assigned: Mapping[str, Bools], pairs: list[tuple[str, str]], seed: int, how: Adjust
) -> Together:
    place = {document: row for row, document in enumerate(tally.document_ids)}
    unique = _unique(paragraphs)
    rows = np.array([place[document] for document in paragraphs.column("document_id").to_pylist()], dtype=int)
    codes = {code: at for at, code in enumerate(assigned)}
    marks = np.column_stack([np.asarray(mask, bool)[unique] for mask in assigned.values()])
    return together(marks, [(codes[a], codes[b]) for a, b in pairs], tally.cluster[rows[unique]], seed, how=how)


def _test(tested: Together, pair: int) -> Row:
    """The columns of a pair's test."""
    verdict, reason = tested.verdict(pair)
    return {
        "expected": number(tested.expected[pair]),
        "lift": number(tested.lift[pair]),
        "lift_low": number(tested.low[pair]),
        "lift_high": number(tested.high[pair]),
        "p": number(tested.p[pair]),
        "p_adjusted": number(tested.p_adjusted[pair]),
        "tested": tested.tested,
        "verdict": verdict,
        "reason": reason,
    }


def _pair_columns(
    tally: Tally, paragraphs: Table, assigned: Mapping[str, Bools], pairs: list[tuple[str, str]]
) -> Floats:
    """(documents, 2 pairs): paragraphs with both codes, and with either, for each pair."""
    place = {document: row for row, document in enumerate(tally.document_ids)}
    rows = np.array([place[document] for document in paragraphs.column("document_id").to_pylist()], dtype=int)
    unique, documents = _unique(paragraphs), len(tally.document_ids)
    columns: list[Floats] = []
    for a, b in pairs:
        first, second = np.asarray(assigned[a], bool) & unique, np.asarray(assigned[b], bool) & unique
        columns += [
            np.asarray(np.bincount(rows, weights=marks.astype(float), minlength=documents), float)
            for marks in (first & second, first | second)
        ]
    return np.column_stack(columns) if columns else np.zeros((documents, 0))

"""Shares corrected for coding error with a human-coded sample: prediction-powered inference.

Angelopoulos, Bates, Fannjiang, Jordan & Zrnic (2023), "Prediction-powered inference", Science 382, for a mean, with a
tuned weight as in Angelopoulos, Duchi & Zrnic (2023), "PPI++". Standard errors resample documents (or groups of them,
as for other shares), since paragraphs of one document are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from toolkit.estimate.intervals import bootstrap_sums, limits
from toolkit.estimate.tally import Coded, Tally, ancestors, implied
from toolkit.values import Bools, Floats, Row, Table

ONE_UNIT = "no interval: all coded paragraphs are in one unit of the bootstrap"
NOTHING = (float("nan"), float("nan"), float("nan"))
FEWEST_CODED = 20
"""Least number of coded paragraphs for a corrected share."""

CORRECTED = pa.schema(
    [
        ("code", pa.string()),
        ("by", pa.string()),  # coders, machine or both
        ("estimate", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("weight", pa.float64()),  # of the machine's codes in `both`
        ("hits", pa.int64()),  # estimate = hits / n if it is a ratio of counts
        ("n", pa.int64()),  # the denominator of the estimate
        ("of", pa.string()),  # what n counts
        ("reason", pa.string()),
        ("coders_kind", pa.string()),  # of the coders: person or machine
    ]
)


@dataclass(frozen=True)
class Corrected:
    """A share by people alone, by the machine alone and by both, each with 95 % limits (NaN where undefined)."""

    people: tuple[float, float, float]
    machine: tuple[float, float, float]
    corrected: tuple[float, float, float]
    weight: float  # of the machine's codes: 0 ignores them, 1 is plain prediction-powered inference
    n: int  # human-coded paragraphs
    reason: str | None = None


def correct_share(
    machine: Bools,
    people: Bools,
    coded: Bools,
    documents: Sequence[str],
    draws: int,
    seed: int,
    weights: Floats | None = None,
) -> Corrected:
    """The share of paragraphs with a code, corrected for the machine's errors.

    Args:
        machine: (n,) the machine's decisions; for coded paragraphs by a model that did not learn from them.
        people: (n,) the human codes, read only for `coded` (n,) paragraphs.
        documents: (n,) document of each paragraph, or its group: the unit of the bootstrap.
        weights: (n,) number of paragraphs that each coded one represents; 1 each for a random sample.

    The estimate is mean(people) + w * (mean of machine over all paragraphs - mean of machine over coded ones); w is the
    slope of people on machine in the coded sample, cut to [0, 1]. Means over the coded sample are weighted (Hájek).
    """
    standing = coded.astype(float) if weights is None else np.where(coded, weights, 0.0)
    columns = sample_columns(machine, people, standing, documents)
    n = int(coded.sum())
    if n < FEWEST_CODED or len(columns) < 2:
        return Corrected(NOTHING, NOTHING, NOTHING, 0.0, n, f"{n} coded paragraphs; {FEWEST_CODED} are needed")
    weight = tuned_weight(machine[coded].astype(float), people[coded].astype(float), standing[coded])
    whole = three_shares(columns.sum(axis=0)[None], weight)[:, 0]
    drawn = three_shares(bootstrap_sums(columns, draws, seed, "estimate:correction"), weight)
    clusters = np.array([np.sum(columns[:, 1] > 0), len(columns), np.sum(columns[:, 1] > 0)], np.int32)
    error = np.nanstd(drawn, axis=1, ddof=1) * np.sqrt(clusters / np.maximum(clusters - 1, 1))
    inside = np.clip(whole, 0.0, 1.0)
    low, high = limits(inside, error, clusters)
    rows = [(float(a), float(b), float(c)) for a, b, c in zip(inside, low, high, strict=True)]
    return Corrected(rows[0], rows[1], rows[2], weight, n)


def sample_columns(machine: Bools, people: Bools, standing: Floats, documents: Sequence[str]) -> Floats:
    """(documents, 5): human hits, coded, machine hits among coded (all three weighted), machine hits, paragraphs."""
    _, index = np.unique(np.array(documents, dtype=object).astype(str), return_inverse=True)
    each = np.column_stack([people * standing, standing, machine * standing, machine, np.ones(len(machine))])
    sums = np.zeros((index.max() + 1, 5))
    np.add.at(sums, index, each)
    return sums


def tuned_weight(machine: Floats, people: Floats, standing: Floats) -> float:
    """The slope of people on machine in the coded sample, cut to [0, 1]; all (n coded,)."""
    mean = np.average(machine, weights=standing)
    spread = float(np.average((machine - mean) ** 2, weights=standing))
    slope = float(np.average((machine - mean) * people, weights=standing)) / spread if spread > 0 else 0.0
    return min(max(slope, 0.0), 1.0)


def three_shares(sums: Floats, weight: float) -> Floats:
    """(3, draws) shares by people, by the machine, and corrected."""
    hits, coded, among, machine, n = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        people, everywhere, sample = hits / coded, machine / n, among / coded
    return np.stack([people, everywhere, people + weight * (everywhere - sample)])


def corrected_shares(
    paragraphs: Table,
    codes: Coded,
    tally: Tally,
    draws: int,
    seed: int,
) -> Table:
    """The table CORRECTED: each code's share of unique paragraphs by people, by the machine, and by both.

    Args:
        paragraphs: pa.Table of all paragraphs: paragraph_id, document_id, duplicate_of.
        codes: the machine's decisions, and the `human` marks (null code: none). A code counts as given if half of a
            paragraph's coders gave it. Without `sampling` the coded paragraphs count as a random sample, an assumption
            that the caller must state (`values.ASSUMPTION`). A child code counts for its parent, as in prevalence.
        tally: the counts, with the unit with which each document is drawn: itself, or its group.
    """
    above, sampling = codes.parents, codes.sampling
    unit = dict(zip(tally.document_ids, map(str, tally.cluster.tolist()), strict=True))
    rows = np.flatnonzero([copy is None for copy in paragraphs.column("duplicate_of").to_pylist()])
    ids = [paragraphs.column("paragraph_id")[int(row)].as_py() for row in rows]
    drawn = [unit[paragraphs.column("document_id")[int(row)].as_py()] for row in rows]
    coders: dict[str, set[str]] = {}
    coders_of: dict[tuple[str, str], set[str]] = {}
    for mark in codes.human.to_pylist() if codes.human is not None else ():
        coders.setdefault(mark["paragraph_id"], set()).add(mark["coder"])
        for code in (mark["code"], *ancestors(mark["code"], above)):
            coders_of.setdefault((mark["paragraph_id"], code), set()).add(mark["coder"])
    weights = np.array([1.0 if sampling is None else sampling.weights.get(paragraph, 0.0) for paragraph in ids])
    coded = np.array([machine_marks in coders for machine_marks in ids], dtype=bool) & (weights > 0)
    table: list[Row] = []
    kind = {"coders_kind": codes.kind}
    for code, machine in implied(codes.assigned, above).items():
        people = np.array(
            [
                2 * len(coders_of.get((machine_marks, code), ())) >= len(coders.get(machine_marks, "x"))
                for machine_marks in ids
            ],
            dtype=bool,
        )
        machine_marks = np.asarray(machine, bool)[rows]
        share = (
            Corrected(NOTHING, NOTHING, NOTHING, 0.0, len(coders), sampling.refused)
            if sampling is not None and sampling.refused
            else correct_share(machine_marks, people & coded, coded, drawn, draws, seed, weights)
        )
        for by, numbers in (("coders", share.people), ("machine", share.machine), ("both", share.corrected)):
            values = [None if np.isnan(value) else value for value in numbers]
            row = dict(zip(("estimate", "low", "high"), values, strict=True))
            weight = share.weight if by == "both" and share.reason is None else None
            unbounded = ONE_UNIT if row["estimate"] is not None and row["low"] is None else None
            reason = share.reason or unbounded
            base = _base(by, machine_marks, people & coded, share, weights[coded])
            table.append({"code": code, "by": by, **row, "weight": weight, **base, "reason": reason, **kind})
    return pa.Table.from_pylist(table, schema=CORRECTED)


def _base(by: str, machine: Bools, people: Bools, share: Corrected, weights: Floats) -> Row:
    """The denominator of a share and its unit, and the numerator if the share is a ratio of counts."""
    if by == "machine":
        hits = int(machine.sum()) if share.reason is None else None
        return {"hits": hits, "n": len(machine), "of": "unique paragraphs"}
    if by == "both":
        return {"hits": None, "n": share.n, "of": f"coded paragraphs, beside the machine's codes of {len(machine):,}"}
    alike = len(weights) > 0 and bool((weights == weights[0]).all())
    hits = int(people.sum()) if alike and share.reason is None else None
    return {"hits": hits, "n": share.n, "of": "coded paragraphs" + ("" if alike else ", weighted as they were drawn")}

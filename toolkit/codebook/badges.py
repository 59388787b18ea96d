"""A badge for each code: whether its coding was checked against people, and the result of the check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from toolkit.files.tuned import tuned
from toolkit.schemas import MACHINE
from toolkit.values import Row, Table

TUNED = tuned("toolkit.codebook")

BADGES = ("unchecked", "weak", "uncertain", "checked")
UNCHECKED, WEAK, UNCERTAIN, CHECKED = BADGES
AGREED = "agreed"
"""The verdict against machines that corresponds to `checked` against people."""
ONLY_MACHINES = "only machines coded it"
F1_BOUND = 0.5
"""F1 below which there are more than two disputed paragraphs for each paragraph with agreement."""
KAPPA_BOUND = 0.4
"""Kappa below which agreement is at most fair (Landis & Koch 1977; poor in Fleiss 1981)."""
FEWEST_PARAGRAPHS = 10
"""Least number of paragraphs with the code by machine or coders. From ten on, the exact binomial intervals of none
and of all in agreement are on different sides of the bound: F1 of 0 to 0.47, and of 0.82 to 1."""
FEWEST_DOCUMENTS = 2
"""Least number of documents, because one document has no variation between documents."""
KAPPA = "kappa machine / coders"
F1_OVER_SPLITS, KAPPA_OVER_SPLITS = "f1 over splits", "kappa machine / coders over splits"
"""Measures of codes that were learned: counts pooled over several divisions of the documents into folds."""
STANCE_F1 = TUNED.number("stance_f1")
"""Mean F1 without labels of codes that ask for a stance."""
TOPIC_F1 = TUNED.number("topic_f1")
"""Mean F1 without labels of the other codes."""
STANCE = (
    "the code asks for a stance, such as doubt or conflict, not for a topic: without labels such codes had a mean F1 "
    f"of {STANCE_F1:.2f} on development codebooks, others {TOPIC_F1:.2f}"
)
COLUMNS = pa.schema(
    [
        ("code", pa.string()),
        ("badge", pa.string()),  # unchecked, weak, uncertain or checked
        ("why", pa.string()),
        ("f1", pa.float64()),
        ("f1_low", pa.float64()),
        ("f1_high", pa.float64()),
        ("f1_n", pa.int64()),  # coded paragraphs to which machine or coders gave the code
        ("kappa", pa.float64()),
        ("kappa_low", pa.float64()),
        ("kappa_high", pa.float64()),
        ("kappa_n", pa.int64()),  # coded paragraphs
        ("coders_kind", pa.string()),  # of those who coded: person or machine; null if nobody did
        ("against_machines", pa.string()),  # weak, uncertain or agreed by the same rule, if only machines coded
    ]
)
RULE = (
    f"weak: the whole 95% interval of F1 is below {F1_BOUND:.2f}, or that of kappa below {KAPPA_BOUND:.2f}; checked: "
    "neither interval reaches below its bound; uncertain: the interval has values on both sides, or fewer than "
    f"{FEWEST_PARAGRAPHS} coded paragraphs have the code by machine or coders; unchecked: no person coded, or nothing "
    "to check it against. "
    "If the coding was learned, both are pooled over several ways to hold documents out, so that no single one decides"
)
"""The rule in words. Limits of intervals are compared as printed, at two decimals."""


def badges(
    scored: Iterable[Mapping[str, Any]], codes: Sequence[str], documents: int, stance: Collection[str] = ()
) -> Table:
    """The table COLUMNS, one row for each code in the order of `codes`.

    Args:
        scored: the rows of the table SCORED; none without codes by coders.
        documents: number of documents with coded paragraphs.
        stance: the codes that require a stance; if they are unchecked, `why` gives the F1 of such codes.
    """
    rows: dict[str, dict[str, Mapping[str, Any]]] = {code: {} for code in codes}
    for row in scored:
        if row["code"] in rows:
            rows[row["code"]][row["measure"]] = row
    made = [_row(code, measures, documents) for code, measures in rows.items()]
    for row in made:
        if row["badge"] == UNCHECKED and row["code"] in stance:
            row["why"] += f"; {STANCE}"
    return pa.Table.from_pylist(made, schema=COLUMNS)


def _row(code: str, measures: Mapping[str, Mapping[str, Any]], documents: int) -> Row:
    f1 = _ended(measures.get(F1_OVER_SPLITS) or _of_paragraphs(measures.get("f1", {})))
    kappa = measures.get(KAPPA_OVER_SPLITS) or measures.get(KAPPA, {})
    badge, why = _badge(f1, kappa, documents)
    kind, verdict = f1.get("coders_kind"), None
    if kind == MACHINE and badge != UNCHECKED:
        verdict = AGREED if badge == CHECKED else badge
        why = f"{verdict} against them: {why.replace('machine or coders', 'this run or they')}"
    if kind == MACHINE:
        badge, why = UNCHECKED, f"{ONLY_MACHINES}; {why}"
    scores = {
        f"{name}{end}": row.get(end.removeprefix("_") or "value")
        for name, row in (("f1", f1), ("kappa", kappa))
        for end in ("", "_low", "_high", "_n")
    }
    return {"code": code, "badge": badge, "why": why, **scores, "coders_kind": kind, "against_machines": verdict}


def _of_paragraphs(f1: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row of F1 with `n` in paragraphs; F1's denominator counts a paragraph twice if both gave it the code."""
    return {**f1, "n": f1["n"] - (f1.get("hits") or 0) // 2} if f1 else f1


def _ended(f1: Mapping[str, Any]) -> Mapping[str, Any]:
    """F1 of none or of all in agreement with its exact binomial interval: resampling draws the same value each time.

    With J of the n paragraphs in agreement, F1 is 2J / (J + n); J has the interval of Clopper and Pearson (1934).
    """
    if f1.get("value") not in (0.0, 1.0) or f1.get("low") is not None or not f1.get("n"):
        return f1
    from scipy.stats import binomtest

    ends = binomtest(int(f1["value"]) * f1["n"], f1["n"]).proportion_ci(0.95, "exact")
    return {**f1, "low": 2 * ends.low / (1 + ends.low), "high": 2 * ends.high / (1 + ends.high)}


def _badge(f1: Mapping[str, Any], kappa: Mapping[str, Any], documents: int) -> tuple[str, str]:
    """The badge of a code from its rows of SCORED, and the reason."""
    if not f1:
        return UNCHECKED, "no codes by coders"
    if f1["value"] is None:
        return UNCHECKED, str(f1["reason"] or "undefined")
    if f1["n"] < FEWEST_PARAGRAPHS:
        return (
            UNCERTAIN,
            f"machine or coders gave it to {f1['n']} coded paragraph{'s' * (f1['n'] != 1)}, fewer than "
            f"{FEWEST_PARAGRAPHS}",
        )
    if documents < FEWEST_DOCUMENTS or f1["low"] is None:
        return UNCERTAIN, "F1 has no interval"
    low, high = round(f1["low"], 2), round(f1["high"], 2)
    known = kappa.get("low") is not None
    kappa_low, kappa_high = (round(kappa["low"], 2), round(kappa["high"], 2)) if known else (KAPPA_BOUND, 1.0)
    if high < F1_BOUND:
        return WEAK, f"F1 is at most {high:.2f}, below {F1_BOUND:.2f}"
    if kappa_high < KAPPA_BOUND:
        return WEAK, f"kappa is at most {kappa_high:.2f}, below {KAPPA_BOUND:.2f}"
    if low >= F1_BOUND and kappa_low >= KAPPA_BOUND:
        return CHECKED, f"F1 is at least {low:.2f}" + (f", kappa at least {kappa_low:.2f}" if known else "")
    name, *ends, bound = (
        ("F1", low, high, F1_BOUND) if low < F1_BOUND else ("kappa", kappa_low, kappa_high, KAPPA_BOUND)
    )
    return UNCERTAIN, f"the 95 % interval of {name}, {ends[0]:.2f} to {ends[1]:.2f}, contains {bound:.2f}"

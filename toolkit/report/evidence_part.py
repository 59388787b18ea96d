"""The verdict on the themes as a whole, from a run folder."""

from __future__ import annotations

from toolkit.figures import RunTables
from toolkit.text.evidence import GRADES, evidence_words, graded_words
from toolkit.text.format import decimal, one_line


def evidence_of(tables: RunTables) -> str:
    """The verdict with the numbers behind it; empty for a run of an older toolkit and for one without themes."""
    metric = tables.metrics.get("discover.evidence")
    if metric is None:
        return ""
    grade = GRADES[int(metric["value"])]
    agreement, chance, gap, p = (
        tables.metrics[f"discover.{name}"] for name in ("agreement", "chance_agreement", "gap", "gap_p")
    )
    if gap["value"] is None:
        agree = f"refits agree to {decimal(agreement['value'])} (adjusted Rand index)"
        return f"{graded_words(grade)}: {agree}. Agreement beyond chance: {one_line(gap['reason'])}."
    ends = gap["low"], gap["high"]
    return evidence_words(grade, agreement["value"], chance["value"], ends, gap["n"], p["value"])

"""The verdict on the themes as a whole, in words: how far refits agree beyond chance."""

from __future__ import annotations

from toolkit.figures import RunTables
from toolkit.text.format import count, decimal, one_line

GRADES = ("No evidence", "Weak evidence", "Clear evidence")


def evidence_words(tables: RunTables) -> str:
    """The verdict with the numbers behind it; empty for a run of an older toolkit and for one without themes."""
    grade = tables.metrics.get("discover.evidence")
    if grade is None:
        return ""
    word = f"{GRADES[int(grade['value'])]} of themes"
    agreement, chance, gap, p = (
        tables.metrics[f"discover.{name}"] for name in ("agreement", "chance_agreement", "gap", "gap_p")
    )
    agree = f"refits agree to {decimal(agreement['value'])}"
    if gap["value"] is None:
        return f"{word}: {agree} (adjusted Rand index). Agreement beyond chance: {one_line(gap['reason'])}."
    said = "p < 0.001" if p["value"] < 0.001 else f"p = {decimal(p['value'], 3)}"
    return (
        f"{word}: {agree} (adjusted Rand index), on vectors shuffled by column to {decimal(chance['value'])}; that is "
        f"{decimal(gap['value'])} beyond chance (95% interval over seeds {decimal(gap['low'])} to "
        f"{decimal(gap['high'])}; {count(gap['n'])} shuffles, {said})."
    )

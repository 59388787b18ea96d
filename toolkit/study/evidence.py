"""The verdict against chance as metrics: its grade, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.text.evidence import GRADES
from toolkit.values import Discovery, Metric

ALIKE = "mean adjusted Rand index"


def evidence_metrics(discovery: Discovery) -> dict[str, Metric]:
    """discover.evidence (0 none, 1 weak, 2 clear), agreement, chance_agreement, gap and gap_p.

    The denominators are refits (agreement) and shuffles (all others). Null with the reason if nothing was shuffled;
    no key at all if a run has no themes to judge.
    """
    from toolkit.discover.null_model import STABILITY_SHUFFLES

    chosen = discovery.parameters
    grade = chosen.get("evidence")
    if grade is None:
        return {}
    refits, shuffles, of = chosen["compared_refits"], chosen["shuffles"], "refits compared"
    grounds = "shuffles of the vectors" if shuffles else of
    grade_in_words = f"{'no' if grade == 'none' else grade} evidence, of none (0), weak (1), clear (2)"
    why = chosen["evidence_reason"]
    judged = Metric(GRADES.index(grade), direction="higher", n=shuffles or refits, reason=grade_in_words, of=grounds)
    return {
        "discover.evidence": judged,
        "discover.agreement": Metric(
            chosen["agreement"], direction="higher", n=refits, reason=f"{ALIKE} of refits", of=of
        ),
        "discover.chance_agreement": _of(chosen, "chance_agreement", shuffles, why, f"{ALIKE}, columns shuffled"),
        "discover.gap": _of(chosen, "gap", shuffles, why, "agreement beyond chance; the interval is over seeds"),
        "discover.chance_stability": _of(
            chosen,
            "chance_stability",
            min(shuffles, STABILITY_SHUFFLES),
            why or "not measured: all themes are fragile",
            "what 19 of 20 themes of shuffled vectors stay below (the first five shuffles)",
        ),
        "discover.gap_p": _of(chosen, "gap_p", shuffles, why, "Student's t for one more shuffle; no interval"),
    }


def _of(chosen: Mapping[str, Any], name: str, shuffles: int, why: str, reason: str) -> Metric:
    value = chosen[name]
    if value is None:
        return Metric(None, reason=why or "not defined")
    low, high = (chosen[f"{name}_{end}"] if name == "gap" else None for end in ("low", "high"))
    better = {"gap": "higher", "gap_p": "lower"}.get(name)
    return Metric(value, low, high, better, shuffles, reason, "shuffles of the vectors")

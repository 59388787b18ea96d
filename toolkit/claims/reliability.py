"""How far the machine's codes were checked against those of coders, in the words of a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.codebook.badges import AGREED, CHECKED, UNCERTAIN, UNCHECKED, WEAK, badges
from toolkit.text.format import decimal

WORST_FIRST = (UNCHECKED, WEAK, UNCERTAIN, CHECKED)
WORST_AGAINST_MACHINES = (None, WEAK, UNCERTAIN, AGREED)
KINDS = {WEAK: "weak machine codes", UNCERTAIN: "machine codes of uncertain quality", CHECKED: "machine codes"}


@dataclass(frozen=True)
class Reliability:
    """The badge of a code (or the worst of several), how it was checked, in words, and whether it is weak by machine
    coders alone.
    """

    badge: str
    words: str
    weak_by_machines: bool = False


def reliability(codes: Sequence[str], scored: Iterable[Mapping[str, Any]], documents: int) -> Reliability:
    """The reliability of the least reliable of several codes, by their badges.

    Args:
        scored: the rows of `tables/scored`; none without codes by coders.
        documents: how many documents the coded paragraphs are of.
    """
    rows = badges(scored, codes, documents).to_pylist()
    worst = min(rows, key=lambda row: (WORST_FIRST.index(row["badge"]),
                                       WORST_AGAINST_MACHINES.index(row["against_machines"])))  # fmt: skip
    only_machines = worst["against_machines"] is not None
    if worst["f1"] is None or (worst["badge"] == UNCHECKED and not only_machines):
        return Reliability(worst["badge"], "by machine codes without a check")
    ends = f" ({decimal(worst['f1_low'])}–{decimal(worst['f1_high'])})" if worst["f1_low"] is not None else ""
    what = f"{worst['code']} has an F1 of" if len(rows) > 1 else "their F1 is"
    kind = "machine codes that no person checked" if only_machines else KINDS[worst["badge"]]
    against = "other machines" if only_machines else "the coders"
    return Reliability(worst["badge"], f"by {kind}: {what} {decimal(worst['f1'])}{ends} against {against}",
                       worst["against_machines"] == WEAK)  # fmt: skip

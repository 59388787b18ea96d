"""The claims of a study as a reader meets them: sentence, verdict, number, what it rests on, evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.codebook.badges import UNCHECKED
from toolkit.figures import RunTables
from toolkit.text.format import decimal, one_line

FIGURES = {"rose": "over_time", "fell": "over_time", "changed": "over_time", "together": "cooccurrence"}
"""Figures that show what claims of some kinds are about."""


@dataclass(frozen=True)
class ClaimPart:
    """One claim, answered; `codes` are its codes' anchors and names, `figure` is the file of a figure or empty."""

    number: int
    text: str
    verdict: str
    reason: str
    basis: str
    numbers: str
    adjusted: str  # p adjusted for all claims; empty if there is none
    codes: tuple[tuple[str, str], ...]
    figure: str
    interval_of: str = ""  # what the interval contains, if nobody checked the code


def claim_parts(tables: RunTables) -> tuple[ClaimPart, ...]:
    """Every claim of the run in its order; none if the config has none."""
    places = {str(entry["id"]): index for index, entry in enumerate(tables.codebook)}
    made = []
    for row in tables.rows("claims"):
        codes = [code for code in (row["code"], row["other"]) if code in places]
        figure = FIGURES.get(row["kind"], "")
        made.append(
            ClaimPart(
                number=int(row["claim"]),
                text=one_line(row["text"]),
                verdict=one_line(row["verdict"]),
                reason=one_line(row["reason"]),
                basis=_named(one_line(row["basis"]), codes, tables),
                numbers=one_line(row["numbers"]),
                adjusted=_p(row["p_adjusted"]),
                codes=tuple((f"code-{places[code]}", tables.code_names[code]) for code in codes),
                figure=f"figures/{figure}.svg" if figure else "",
                interval_of=_contains(row),
            )
        )
    return tuple(made)


def _contains(row: Mapping[str, Any]) -> str:
    """What an interval by unchecked codes contains; one corrected with the coders' codes contains their error."""
    return (row.get("interval_of") or "") if row["badge"] == UNCHECKED and row.get("machine") is None else ""


def _named(basis: str, codes: Sequence[str], tables: RunTables) -> str:
    """What a claim rests on, with the name of a code for its id."""
    for code in codes:
        basis = basis.replace(f": {code} has an F1", f": “{tables.code_names[code]}” has an F1")
    return basis


def _p(value: float | None) -> str:
    if value is None:
        return ""
    return "below 0.001" if value < 0.001 else decimal(value, 3)

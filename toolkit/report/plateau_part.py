"""Coarser and finer divisions beside the chosen one: their scores, and how their themes correspond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toolkit.figures import RunTables
from toolkit.text.format import count, decimal, name_of

Z = 1.96
"""Standard errors on each side of a 95 % interval."""
BEHIND = 2.0
"""Standard errors by which two scores must differ for the rule of choice to distinguish them."""
SHOWN = 0.2
"""A theme of another division is shown beside a theme of this run if it has at least this share of its paragraphs."""


@dataclass(frozen=True)
class DivisionRow:
    """One division in words; `outside` counts the paragraphs in no theme, out of all unique ones."""

    themes: int
    chosen: bool
    score: str
    resolutions: str
    agreement: str
    outside: str
    line: str


@dataclass(frozen=True)
class Overlap:
    """A theme of another division, and how many paragraphs of one theme of this run it has."""

    label: str
    shared: str
    paragraphs: str


@dataclass(frozen=True)
class SplitRow:
    """A theme of this run (None for no theme), and where its paragraphs are in each of the other divisions."""

    theme: int | None
    label: str
    paragraphs: str
    others: tuple[tuple[Overlap, ...], ...]


@dataclass(frozen=True)
class PlateauPart:
    """The divisions, coarsest first, `splits` by those not chosen; `finer` gives the reason why the coarser was taken.

    `alike`: some neighbouring resolutions divide alike; `by_model`: a language model named the themes of the run alone.
    `reason` is why there are no divisions; empty in a run of an older toolkit.
    """

    divisions: tuple[DivisionRow, ...] = ()
    splits: tuple[SplitRow, ...] = ()
    finer: tuple[str, ...] = ()
    alike: bool = False
    by_model: bool = False
    reason: str = ""


def plateau_part(tables: RunTables) -> PlateauPart:
    """From the table `plateaus` and the reason in the metrics."""
    rows = tables.rows("plateaus")
    if not rows:
        return PlateauPart(reason=str((tables.metrics.get("discover.plateaus") or {}).get("reason") or ""))
    divisions: dict[float, list[dict[str, Any]]] = {}
    for row in rows:
        divisions.setdefault(row["resolution"], []).append(row)
    chosen = next(themes for themes in divisions.values() if themes[0]["chosen"])
    others = [themes for themes in divisions.values() if themes is not chosen]
    return PlateauPart(
        divisions=tuple(_division(themes) for themes in divisions.values()),
        splits=tuple(_split(theme, others) for theme in chosen),
        finer=tuple(
            _why(themes[0], chosen[0]) for themes in others
            if themes[0]["themes"] > chosen[0]["themes"] and themes[0]["gap"] > -BEHIND * themes[0]["gap_error"]
        ),
        alike=any(row["resolution_low"] < row["resolution_high"] for row in rows),
        by_model=tables.config.get("describe", {}).get("labeller", {}).get("method") == "llm",
    )  # fmt: skip


def _division(themes: list[dict[str, Any]]) -> DivisionRow:
    first = themes[0]
    low, high = first["resolution_low"], first["resolution_high"]
    return DivisionRow(
        themes=first["themes"],
        chosen=first["chosen"],
        score=_with_error(first["score"], first["score_error"]),
        resolutions=f"{low:g} to {high:g}" if low < high else f"{low:g}",
        agreement=decimal(first["agreement"]),
        outside=f"{count(sum(row['paragraphs'] for row in themes if row['theme'] < 0))} of "
        f"{count(sum(row['paragraphs'] for row in themes))}",
        line=first["line"],
    )


def _with_error(value: float, error: float) -> str:
    return f"{decimal(value, 3)} ± {decimal(Z * error, 3)}"


def _split(theme: dict[str, Any], others: list[list[dict[str, Any]]]) -> SplitRow:
    return SplitRow(
        theme=None if theme["theme"] < 0 else theme["theme"],
        label=name_of(theme["label"]),
        paragraphs=count(theme["paragraphs"]),
        others=tuple(_overlaps(theme, division) for division in others),
    )


def _overlaps(theme: dict[str, Any], division: list[dict[str, Any]]) -> tuple[Overlap, ...]:
    """The themes of a division that have many of a theme's paragraphs, or theirs mostly from it; most first."""
    shown = []
    for other in division:
        shared = dict(zip(other["from_themes"], other["from_paragraphs"], strict=True)).get(theme["theme"], 0)
        mostly = bool(shared) and other["from_themes"][0] == theme["theme"]
        if mostly or shared >= SHOWN * theme["paragraphs"]:
            shown.append((shared, other))
    shown.sort(key=lambda entry: (-entry[0], entry[1]["theme"] < 0, entry[1]["theme"]))
    return tuple(
        Overlap(name_of(other["label"]), f"{count(shared)} of {count(theme['paragraphs'])}", count(other["paragraphs"]))
        for shared, other in shown
    )


def _why(finer: dict[str, Any], chosen: dict[str, Any]) -> str:
    """Why a division was taken although a finer one scores better, or as well within error."""
    scores = (
        f"The {count(finer['themes'])} themes score {decimal(finer['score'], 3)}, the {count(chosen['themes'])} taken "
        f"{decimal(chosen['score'], 3)}, a difference of {_with_error(finer['gap'], finer['gap_error'])}"
    )
    if finer["gap"] < BEHIND * finer["gap_error"]:
        return f"{scores}: refits cannot tell them apart, so the rule takes the coarser, the simpler description."
    if finer["refits"] < chosen["refits"]:
        return (
            f"{scores}: it left the choice after {count(finer['refits'])} refits, when it was more than two standard "
            "errors behind the best."
        )
    return f"{scores}: the rule takes the coarsest of all divisions less than two standard errors behind the best one."

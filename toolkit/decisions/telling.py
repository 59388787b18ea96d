"""The method, parameters and notes of a discovery after decisions were applied to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from toolkit.decisions.applying import APPLIED, CONFLICT, OVERLAPPING, Outcome
from toolkit.decisions.log import Log
from toolkit.decisions.matching import LEAST_OVERLAP
from toolkit.values import NOISE, Discovery

MOST_PEOPLE = 6
"""People that the method names."""


def annotated(log: Log, outcomes: Sequence[Outcome], before: Discovery, after: Discovery) -> Discovery:
    """The discovery `after` the decisions of a log with a sentence on its method, counts and notes on them."""
    counts = {kind: sum(outcome.outcome == kind for outcome in outcomes) for kind in (APPLIED, OVERLAPPING, CONFLICT)}
    divided = any(
        decision.into and outcome.outcome != CONFLICT for decision, outcome in zip(log.decisions, outcomes, strict=True)
    )
    differs = not np.array_equal(before.assignment, after.assignment)
    works = ("skmeans2001",) if divided and "skmeans2001" not in after.works else ()
    return replace(
        after,
        method=f"{after.method} {_method(log, counts)}{_evidence(after) if differs else ''}",
        parameters={
            **after.parameters,
            "decisions": len(outcomes),
            "decisions_applied": counts[APPLIED],
            "decisions_overlapping": counts[OVERLAPPING],
            "decisions_in_conflict": counts[CONFLICT],
            "machine_themes": before.themes,
        },
        notes=(*_before(after.notes, differs), *_conflicts(log, outcomes), *(_now(before, after) if differs else ())),
        works=(*after.works, *works),
    )


def _method(log: Log, counts: dict[str, int]) -> str:
    """Who decided what when, and how many of the decisions were applied."""
    people = list(dict.fromkeys(decision.who for decision in log.decisions))
    named = ", ".join(people[:MOST_PEOPLE]) + (
        f" and {len(people) - MOST_PEOPLE} more" if len(people) > MOST_PEOPLE else ""
    )
    days = sorted({datetime.fromisoformat(decision.when).date().isoformat() for decision in log.decisions})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    done = len(log.decisions) - counts[CONFLICT]
    matched = ""
    if counts[OVERLAPPING]:
        matched = (
            f", {counts[OVERLAPPING]} of them to what has the greatest part of the paragraphs meant then (overlap of "
            f"core paragraphs above {LEAST_OVERLAP:g})"
        )
    conflict = f"; {counts[CONFLICT]} could not be applied" if counts[CONFLICT] else ""
    whole = "1 decision" if len(log.decisions) == 1 else f"{len(log.decisions)} decisions"
    return f"Of {whole} of people about themes (by {named}; {when}), {done} were applied{matched}{conflict}."


def _evidence(discovery: Discovery) -> str:
    """How edited themes are measured."""
    other = (
        " With other seeds the same decisions were applied to the themes found with them."
        if len(discovery.seeds)
        else ""
    )
    if not len(discovery.refits):
        return f" The stability of edited themes is not measured: the method was fitted once.{other}"
    return (
        f" The stability of edited themes is the mean Jaccard similarity, over {len(discovery.refits)} refits, of "
        f"their paragraphs with the groups that are most like the parts that they were joined from.{other}"
    )


def _before(notes: Sequence[str], differs: bool) -> tuple[str, ...]:
    """The notes of the discovery, which are about the themes before the decisions if these changed them."""
    return tuple(f"Before the decisions of people: {note}" for note in notes) if differs else tuple(notes)


def _conflicts(log: Log, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """A sentence for each decision that was not applied."""
    return tuple(
        f"Decision {line} ({decision.do}, by {decision.who}) was not applied: {outcome.reason}"
        for line, (decision, outcome) in enumerate(zip(log.decisions, outcomes, strict=True), 1)
        if outcome.outcome == CONFLICT
    )


def _now(before: Discovery, after: Discovery) -> tuple[str, ...]:
    """The result of the decisions: themes, paragraphs in none, fragile themes, and what is still the machine's."""
    n, noise = len(after.assignment), int((after.assignment == NOISE).sum())
    weak = int(after.fragile.sum())
    left = f"{noise} of {n} paragraphs ({noise / n:.0%}) are in no theme" if noise else "every paragraph is in a theme"
    whole = "is 1 theme" if after.themes == 1 else f"are {after.themes} themes"
    frail = f", and {weak} of them {'is' if weak == 1 else 'are'} fragile" if weak else ""
    return (
        f"After the decisions of people there {whole} ({before.themes} before them); {left}{frail}. "
        "The candidates for the number of themes and the comparison with chance are those of the themes before.",
    )

"""Applies a log to a discovery: edited themes, and what became of each decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from toolkit.decisions.applying import Outcome, apply
from toolkit.decisions.editing import edited
from toolkit.decisions.log import NONE, Decision, Log, line_numbers
from toolkit.decisions.references import digests
from toolkit.decisions.telling import annotated
from toolkit.schemas import OUTCOMES
from toolkit.values import Discovery, Ints, Vectors, renumbered

__all__ = ["OUTCOMES", "Decided", "decide"]


@dataclass(frozen=True)
class Decided:
    """A discovery after the decisions of people.

    `machine` (n,) is the assignment before them. `names` and `notes` are those that people gave, by theme (after),
    `named_by` who gave the name; `keys` what a further decision calls each theme. `outcomes` has a row for
    each decision, OUTCOMES.
    """

    discovery: Discovery
    machine: Ints
    names: Mapping[int, str]
    named_by: Mapping[int, str]
    notes: Mapping[int, tuple[str, ...]]
    keys: Mapping[int, str]
    outcomes: pa.Table


def decide(log: Log, before: Discovery, texts: Sequence[str], vectors: Vectors, seed: int) -> Decided:
    """The discovery with the decisions of a log applied in their order, and what became of each.

    `texts` and `vectors` (n, d) are of the n unique paragraphs of the discovery, in its order. Themes are numbered by
    size again. A log without decisions gives the discovery as it was. Inputs are never written to.

    Raises: ToolkitError if two paragraphs have the same digest.
    """
    names = digests(texts)
    applied = apply(log, names, before.assignment, vectors, seed)
    after = renumbered(applied.groups)
    number = dict(zip(applied.groups.tolist(), after.tolist(), strict=True))
    changed = not np.array_equal(after, before.assignment)
    discovery = edited(before, applied, log, names, texts, vectors, seed) if changed else before
    if log.decisions:
        discovery = annotated(log, applied.outcomes, before, discovery)
    return Decided(
        discovery=discovery,
        machine=before.assignment,
        names={number[group]: name for group, (name, _) in applied.names.items() if group in number},
        named_by={
            number[group]: log.decisions[line - 1].who for group, (_, line) in applied.names.items() if group in number
        },
        notes={number[group]: notes for group, notes in applied.notes.items() if group in number},
        keys={number[group]: key for group, key in applied.keys.items()},
        outcomes=_table(log, applied.outcomes, number),
    )


def _table(log: Log, outcomes: Sequence[Outcome], number: Mapping[int, int]) -> pa.Table:
    rows = [
        {
            "line": line, "do": decision.do, "theme": _about(decision, log), "who": decision.who,
            "when": decision.when, "why": decision.why, "outcome": outcome.outcome, "overlap": outcome.overlap,
            "reason": outcome.reason, "paragraphs": outcome.paragraphs, "line_number": place,
            "themes": sorted({number[group] for group in outcome.themes if group in number}),
            "name_or_note": decision.text if decision.do == "note" else None if decision.do == "move" else decision.to,
        }
        for line, (decision, outcome, place) in enumerate(
            zip(log.decisions, outcomes, line_numbers(log), strict=True), 1
        )
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=OUTCOMES)


def _about(decision: Decision, log: Log) -> str:
    """The themes that a decision is about, by label or by the line that made them; for no theme the word of `move`."""
    made = {name: _made(line, other, name) for line, other in enumerate(log.decisions, 1) for name in other.names}
    labels = [(log.themes[key].label or key) if key in log.themes else made.get(key, key) for key in decision.meant]
    return " + ".join(labels) or NONE


def _made(line: int, decision: Decision, name: str) -> str:
    """A theme that a line made, as readers know it."""
    if len(decision.names) == 1:
        return f"the theme of line {line}"
    return f"part {decision.names.index(name) + 1} of line {line}"

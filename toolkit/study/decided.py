"""What people decided about themes, for tables and metrics: names, keys, changed paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.decisions import ThemeReference, digest
from toolkit.decisions.deciding import Decided
from toolkit.decisions.references import members
from toolkit.run_folder.decided import CONFLICT
from toolkit.values import NOISE, Description, Ints, Metric

COLUMNS = (
    ("key", pa.string()),
    ("machine_label", pa.string()),
    ("named_by", pa.string()),
    ("changed_paragraphs", pa.int32()),
    ("note", pa.string()),
)
"""Columns of `themes` on what is a person's in each theme."""


def renamed(description: Description, decided: Decided | None) -> Description:
    """The description with the names that people gave as labels; the machine's labels are in `machine_label`.

    A name stays as it was given. If another theme has the same label, that one gets a number: labels stay unique.
    """
    table = description.themes
    machine = table["label"].to_pylist()
    if decided is not None and decided.names:
        labels = unique_labels(table["theme"].to_pylist(), machine, decided.names)
        at = table.column_names.index("label")
        table = table.set_column(at, "label", pa.array(labels, pa.string()))
    return replace(description, themes=table.append_column("machine_label", pa.array(machine, pa.string())))


def unique_labels(themes: Sequence[int], labels: Sequence[str], names: Mapping[int, str]) -> list[str]:
    """The label of each theme: the name that a person gave it, else the machine's.

    A name is as it was given; a label of the machine's that is the same as one, whatever its case, gets a number.
    """
    names_given = {name.casefold() for name in names.values()}
    taken = names_given | {label.casefold() for label in labels}
    made = []
    for theme, label in zip(themes, labels, strict=True):
        name = names.get(theme)
        if name is None and label.casefold() in names_given:
            name = next(numbered for number in count(2) if (numbered := f"{label} ({number})").casefold() not in taken)
            taken.add(name.casefold())
        made.append(label if name is None else name)
    return made


def changed(now: Ints, machine: Ints) -> dict[int, int]:
    """Theme -> its paragraphs that a person put there: those that are not of the machine's theme that it continues.

    `now` and `machine` (u,) are themes of the unique paragraphs after and before decisions. A theme continues the
    machine's theme that gives most of it; of several parts of one theme only that with most of it does, and the others
    are a person's as a whole. Ties go to the lower number. Of -1 all count that had a theme.
    """
    before = int(machine.max(initial=NOISE)) + 1
    counts = {
        theme: np.bincount(machine[(now == theme) & (machine != NOISE)], minlength=before)
        for theme in range(int(now.max(initial=NOISE)) + 1)
    }
    continued: dict[int, int] = {}
    for theme, sizes in counts.items():
        if not sizes.any():
            continue
        home = int(sizes.argmax())
        if home not in continued or sizes[home] > counts[continued[home]][home]:
            continued[home] = theme
    kept = {theme: int(counts[theme][home]) for home, theme in continued.items()}
    made = {theme: int((now == theme).sum()) - kept.get(theme, 0) for theme in counts}
    return {NOISE: int(((now == NOISE) & (machine != NOISE)).sum()), **made}


def keys_of(decided: Decided | None, assignment: Ints, texts: Sequence[str]) -> dict[int, str]:
    """Theme -> the key by which a log of decisions means it.

    `assignment` (u,) and `texts` are of the unique paragraphs. After decisions a theme that no line means has none.
    """
    if decided is not None:
        return dict(decided.keys)
    contained: dict[int, list[str]] = {}
    for theme, text in zip(assignment.tolist(), texts, strict=True):
        contained.setdefault(theme, []).append(digest(text))
    contained.pop(NOISE, None)
    return {theme: ThemeReference("", len(names), members(names), ()).key for theme, names in contained.items()}


def theme_columns(
    decided: Decided | None, changes: Mapping[int, int], keys: Mapping[int, str]
) -> Callable[[int, str | None], dict[str, Any]]:
    """What gives the values of `COLUMNS` of a theme, by its number and the machine's label."""
    givers, notes = (decided.named_by, decided.notes) if decided else ({}, {})
    return lambda theme, label: {
        "key": keys.get(theme),
        "machine_label": label,
        "named_by": givers.get(theme),
        "changed_paragraphs": changes.get(theme),
        "note": "\n".join(notes.get(theme, ())) or None,
    }


def decision_metrics(decided: Decided | None, changes: Mapping[int, int], unique: int) -> dict[str, Metric]:
    """How many decisions are in conflict, and how many paragraphs a person put elsewhere; none without a log."""
    if decided is None:
        return {}
    outcomes = decided.outcomes["outcome"].to_pylist()
    conflicts, moved, counted = outcomes.count(CONFLICT), sum(changes.values()), "a count, not an estimate: no interval"
    lines = Metric(conflicts, direction="lower", n=len(outcomes), reason=counted, of="decisions")
    share = Metric(moved / unique if unique else None, n=unique, reason=counted, of="unique paragraphs", hits=moved)
    return {"decisions.conflicts": lines, "decisions.changed": share}

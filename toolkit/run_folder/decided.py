"""The table `decisions` of a run folder: what became of each line of a log of decisions, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.text.format import name_of

CONFLICT = "in conflict"
"""The outcome of a decision that could not be applied."""
MOST_NAMED = 5
"""Decisions in conflict that one line names; the others are counted."""
NAME = 40
"""Characters of a theme's name in that line."""


def conflict_line(outcomes: Sequence[Mapping[str, Any]]) -> str:
    """`2 of 7 decisions are in conflict: 3 (merge “Ports”) …`; empty if none is.

    `outcomes` are rows of the table `decisions`.
    """
    lost = [row for row in outcomes if row["outcome"] == CONFLICT]
    if not lost:
        return ""
    named = [f"{row['line']} ({row['do']} “{name_of(row['theme'], NAME)}”)" for row in lost[:MOST_NAMED]]
    more = f" and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else ""
    verb = "is" if len(lost) == 1 else "are"
    of = f"{len(lost)} of {len(outcomes)} decisions {verb} in conflict"
    return f"{of}: {', '.join(named)}{more}; see tables/decisions.csv"

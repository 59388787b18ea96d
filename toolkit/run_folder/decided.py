"""The table `decisions` of a run folder in words: the outcome of each line of a log of decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.text.format import name_of, one_line

CONFLICT = "in conflict"
"""The outcome of a decision that could not be applied."""
MOST_NAMED = 5
"""Number of conflicting decisions that a line names; the others are counted."""
NOWHERE = "none"
"""The value for no theme as the target of a move."""
NAME_CHARACTERS = 40
"""Characters of a theme's name in that line."""


def conflict_line(outcomes: Sequence[Mapping[str, Any]]) -> str:
    """`2 of 7 decisions are in conflict: 3 (merge “Ports”) …`; empty if none is.

    `outcomes` are rows of the table `decisions`.
    """
    lost = [row for row in outcomes if row["outcome"] == CONFLICT]
    if not lost:
        return ""
    named = [f"{row['line']} ({in_words({**row, 'name_or_note': None}, NAME_CHARACTERS)})" for row in lost[:MOST_NAMED]]
    more = f" and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else ""
    verb = "is" if len(lost) == 1 else "are"
    of = f"{len(lost)} of {len(outcomes)} decisions {verb} in conflict"
    return f"{of}: {', '.join(named)}{more}; see tables/decisions.csv"


def in_words(row: Mapping[str, Any], most: int) -> str:
    """A decision in words: `rename “Ports” to “Quays”`, `move paragraphs to no theme`, `note on “Ports”: Two wires.`

    `row` is a row of the table `decisions`; names are cut after `most` characters.
    """
    theme, words = f"“{name_of(row['theme'], most)}”", one_line(row.get("name_or_note"))
    if row["do"] == "move":
        return f"move paragraphs to {'no theme' if to_no_theme(row) else theme}"
    if row["do"] == "note":
        return f"note on {theme}" + (f": {words}" if words else "")
    between = {"rename": "to", "split": "with the part"}.get(row["do"], "as")
    return f"{row['do']} {theme}" + (f" {between} “{words}”" if words else "")


def to_no_theme(row: Mapping[str, Any]) -> bool:
    """Whether a row of the table `decisions` moves paragraphs out of every theme."""
    return row["do"] == "move" and row["theme"] == NOWHERE and not row["themes"]

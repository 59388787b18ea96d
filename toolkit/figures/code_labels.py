"""What figures call a code: its name and, in one word, a badge that warns."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.run_folder.reader import WARNING_BADGES, RunTables
from toolkit.text.format import listed, one_line


def code_label(tables: RunTables, code: str) -> str:
    """A code's name, with a badge that warns: `Party committees (weak)`; `badge_note` explains the word."""
    name, badge = tables.code_names.get(code) or one_line(code), _badge(tables, code)
    return f"{name} ({badge})" if badge else name


def badge_note(tables: RunTables, codes: Iterable[str]) -> str:
    """What the words in brackets behind these codes mean; empty without any."""
    shown = list(codes)
    words = [badge for badge in WARNING_BADGES if any(_badge(tables, code) == badge for code in shown)]
    if not words:
        return ""
    machines = any(tables.badges.get(code, {}).get("against_machines") in WARNING_BADGES for code in shown)
    whom = "machines" if machines else "people"
    return f" {listed(words, 'or').capitalize()}: the badge of a code checked against {whom}."


def _badge(tables: RunTables, code: str) -> str:
    """`weak` or `uncertain`; empty for a code that passes, and for one that nobody checked."""
    row = tables.badges.get(code, {})
    return next((row[key] for key in ("against_machines", "badge") if row.get(key) in WARNING_BADGES), "")

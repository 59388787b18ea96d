"""The mark beside a code: how far its coding can be trusted."""

from __future__ import annotations

from toolkit.codebook.badges import AGREED, UNCERTAIN, WEAK
from toolkit.report.code_part import CodePart
from toolkit.report.inlines import Inlines, Tag

BADGES = {
    "unchecked": Tag("unchecked", "missing"),
    "weak": Tag("weak", "fragile"),
    "uncertain": Tag("uncertain", "missing"),
    "checked": Tag("checked", "checked"),
}
MACHINES = {AGREED: "machines agree", UNCERTAIN: "machines leave it open", WEAK: "weak against machines"}
"""Verdict of machine coders on a code that only machines coded -> its words."""


def badge_mark(code: CodePart) -> Inlines:
    """The badge of a code after a blank; nothing in a run of an older toolkit."""
    if code.badge is None:
        return ()
    by = code.badge.by_machines
    return (" ", Tag(f"unchecked; {MACHINES[by]}", "fragile" if by == WEAK else "missing") if by else
            BADGES[code.badge.name])  # fmt: skip


def is_weak(code: CodePart) -> bool:
    """Whether those who coded disagree with the run on the code."""
    return code.badge is not None and (code.badge.by_machines or code.badge.name) == WEAK

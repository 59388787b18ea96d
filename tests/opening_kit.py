"""What a report says in its opening, whatever its writers leave out of a short form."""

from __future__ import annotations

from toolkit.report.blocks import Findings, Fold, Report
from toolkit.report.inlines import Inlines
from toolkit.report.markdown import blocks, inline


def findings_of(told: Report) -> Findings:
    """The findings that a report opens with."""
    section = told.sections[0]
    assert section.anchor == "findings"
    (made,) = (block for block in section.blocks if isinstance(block, Findings))
    return made


def plain(parts: Inlines) -> str:
    """A line as a reader of the Markdown sees it, without the marks of bold letters."""
    return inline(parts).replace("**", "").replace("&lt;", "<")


def numbers_of(told: Report) -> str:
    """The run in numbers, which the page folds."""
    return folded(told, 0, "The run in numbers")


def folded(told: Report, section: int, summary: str) -> str:
    """What is folded under a summary in a section."""
    folds = [block for block in told.sections[section].blocks if isinstance(block, Fold)]
    (fold,) = (fold for fold in folds if inline(fold.summary) == summary)
    return blocks(fold.blocks)

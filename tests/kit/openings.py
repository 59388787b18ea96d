"""What a report says in its opening, whatever its writers leave out of a short form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from toolkit.figures import FIGURES, RunTables
from toolkit.report.blocks import Findings, Fold, Report
from toolkit.report.claim_part import claim_parts
from toolkit.report.content import Content, build
from toolkit.report.findings_part import findings_part
from toolkit.report.inlines import Inlines
from toolkit.report.markdown import blocks, inline
from toolkit.report.sections import report
from toolkit.report.sections.findings import findings
from toolkit.settings import ReportSettings


def findings_of(tree: Report) -> Findings:
    """The findings that a report opens with."""
    section = tree.sections[0]
    assert section.anchor == "findings"
    (made,) = (block for block in section.blocks if isinstance(block, Findings))
    return made


def plain(parts: Inlines) -> str:
    """A line as a reader of the Markdown sees it, without the marks of bold letters."""
    return inline(parts).replace("**", "").replace("&lt;", "<")


def numbers_of(tree: Report) -> str:
    """The run in numbers, which the page folds."""
    return folded(tree, 0, "The run in numbers")


def folded(tree: Report, section: int, summary: str) -> str:
    """What is folded under a summary in a section."""
    folds = [block for block in tree.sections[section].blocks if isinstance(block, Fold)]
    (fold,) = (fold for fold in folds if inline(fold.summary) == summary)
    return blocks(fold.blocks)


def told_of(folder: Path, **settings: Any) -> Report:
    """The report of a run as a tree."""
    return report(build(RunTables(folder), ReportSettings(**settings)))


def reopened(content: Content, folder: Path) -> Findings:
    """The opening of a run of which `content` is known and the claims are others now, without all that follows it."""
    tables = RunTables(folder)
    part = findings_part(tables, content.themes, content.codes)
    figures = {**content.figures, "answer": FIGURES["answer"](tables)}
    section = findings(replace(content, findings=part, claims=claim_parts(tables), figures=figures))
    (made,) = (block for block in section.blocks if isinstance(block, Findings))
    return made


def lines_of(opening: Findings | Report) -> list[str]:
    """The findings as a reader of the Markdown sees them, a line each."""
    made = opening if isinstance(opening, Findings) else findings_of(opening)
    return [plain(finding.spelled) for finding in made.items]

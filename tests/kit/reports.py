"""The words of a run's report, with all that the page folds."""

from __future__ import annotations

from pathlib import Path

from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.forms import full
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.settings import ReportSettings


def full_markdown(folder: Path) -> str:
    """The report of the run in `folder` as Markdown in its full form."""
    return markdown(full(report(build(RunTables(folder), ReportSettings()))))

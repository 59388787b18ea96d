"""The report says how many paragraphs are in no theme, by which rule, and what the rule is blind to."""

from __future__ import annotations

import re

from kit.press_runs import altered, press_run

from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.settings import ReportSettings

NOTE = "Left out of the themes: 2 of 40 paragraphs (5%). Of these 2 are no nearer to others than chance has it."
BLIND = "off-topic material that many paragraphs share is a theme"


def test_the_report_says_how_many_were_left_out_of_the_themes_and_by_which_rule(tmp_path):
    folder = press_run(tmp_path / "run")
    tables = RunTables(folder)
    unique = [row for row in tables.rows("paragraphs") if row["duplicate_of"] is None]
    out = sum(row["theme"] == -1 for row in unique)
    _noted(folder, "")
    before = markdown(report(build(RunTables(folder), ReportSettings())))
    assert out and BLIND not in before
    assert re.search(rf"{out} of {len(unique)} unique paragraphs \(\d+%\) are in no theme\.", before)
    _noted(folder, NOTE)
    after = markdown(report(build(RunTables(folder), ReportSettings())))
    assert f"are in no theme. {NOTE}" in after and BLIND in after


def _noted(folder, note):
    """Gives the run this note on what was left out, or none, in place of its own."""
    altered(folder, "notes", lambda rows: [{"stage": "discover", "text": note}] * bool(note)
            + [row for row in rows if "Left out of the themes" not in row["text"]])  # fmt: skip

"""The claims of a study in the report: counted by verdict, in order, with links to their evidence."""

from __future__ import annotations

from pathlib import Path

from run_fixture import build_run

from toolkit.figures import RunTables
from toolkit.report.blocks import Table
from toolkit.report.content import build
from toolkit.report.inlines import Detail, Link, Only
from toolkit.report.markdown import markdown
from toolkit.report.page import page
from toolkit.report.sections import report
from toolkit.settings import ReportSettings


def test_claims_follow_the_summary_with_verdicts_counted(tmp_path: Path) -> None:
    told = report(build(RunTables(build_run(tmp_path / "run", documents=6)), ReportSettings()))
    section = told.sections[1]
    assert (section.anchor, section.heading) == ("claims", "What the study wanted to know")
    text = markdown(told)
    assert "Of 3 claims 1 holds by unchecked codes, 1 does not hold and 1 cannot be told." in text
    shown = "**Does not hold**: the share is below the value, adjusted p below 0.001 (by corrected codes) | 20.0% of 60"
    assert shown in text
    assert "**Cannot be told**: no document has a date" in text
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    links = [
        part.to
        for row in table.groups[0].rows
        for only in row.cells[0]
        if isinstance(only, Only)
        for detail in only.parts
        if isinstance(detail, Detail)
        for part in detail.parts
        if isinstance(part, Link)
    ]
    assert links == ["#code-0", "#code-0", "#code-1", "#code-1"]
    shown = page(told)
    assert all(f'id="{link[1:]}"' in shown for link in links)


def test_words_of_a_claim_can_neither_run_nor_format(tmp_path: Path) -> None:
    folder = build_run(tmp_path / "run", documents=6, hostile=True)
    told = report(build(RunTables(folder), ReportSettings()))
    row = RunTables(folder).rows("claims")[0]
    assert row["text"] not in page(told) and "<script>" in row["text"]

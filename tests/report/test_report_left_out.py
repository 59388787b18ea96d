"""The report says how many paragraphs are in no theme, by which rule, and what the rule is blind to."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.parquet as pq
from kit.runs import build_run

from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.settings import ReportSettings

NOTE = "Left out of the themes: 2 of 40 paragraphs (5%). Of these 2 are no nearer to others than chance has it."
BLIND = "off-topic material that many paragraphs share is a theme"


def test_the_report_says_how_many_were_left_out_of_the_themes_and_by_which_rule(tmp_path):
    folder = build_run(tmp_path / "run", documents=6)
    tables = RunTables(folder)
    unique = [row for row in tables.rows("paragraphs") if row["duplicate_of"] is None]
    out = sum(row["theme"] == -1 for row in unique)
    before = markdown(report(build(tables, ReportSettings())))
    assert out and BLIND not in before
    assert re.search(rf"{out} of {len(unique)} unique paragraphs \(\d+%\) are in no theme\.", before)
    notes = pq.read_table(folder / "tables" / "notes.parquet")
    added = pa.Table.from_pylist([{"stage": "discover", "text": NOTE}], schema=notes.schema)
    pq.write_table(pa.concat_tables([notes, added]), folder / "tables" / "notes.parquet")
    after = markdown(report(build(RunTables(folder), ReportSettings())))
    assert f"are in no theme. {NOTE}" in after and BLIND in after

"""Shares of respondents are those of rows: an article beside the table is none, and then no such share is given."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from kit.press_runs import press_run

from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.settings import ReportSettings


def survey(folder: Path, formats: list[str]) -> str:
    """The report of a run of a survey whose documents have these formats."""
    run = press_run(folder)
    path = run / "config.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    config["corpus"]["kind"] = "survey"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    table = pq.read_table(run / "tables" / "documents.parquet")
    at = table.schema.get_field_index("format")
    pq.write_table(table.set_column(at, "format", pa.array(formats)), run / "tables" / "documents.parquet")
    return markdown(report(build(RunTables(run), ReportSettings(author="A. Person"))))


def test_rows_are_respondents(tmp_path: Path) -> None:
    assert "of all 12 respondents" in survey(tmp_path / "run", ["csv"] * 12)


def test_an_article_in_a_survey_is_no_respondent(tmp_path: Path) -> None:
    text = survey(tmp_path / "run", ["csv"] * 11 + ["txt"])
    assert "of all" not in text.partition("## Map")[0]
    assert "Of respondents" not in text

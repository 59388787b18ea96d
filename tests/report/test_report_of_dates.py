"""The report never says that all documents are dated when some are not, and names dates that were not read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kit.press_runs import press_run

from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.settings import ReportSettings


def test_the_abstract_says_how_many_documents_are_dated(tmp_path: Path) -> None:
    content = build(RunTables(press_run(tmp_path / "run")), ReportSettings(author="A. Person"))
    corpus = content.corpus
    assert (corpus.documents, corpus.undated) == (12, 1)
    text = markdown(report(content))
    assert f"12 documents, 11 of them dated {corpus.first} to {corpus.last}, contain" in text
    assert "1 of 12 documents undated" in text
    every = markdown(report(replace(content, corpus=replace(corpus, undated=0))))
    assert f"12 documents dated {corpus.first} to {corpus.last} contain" in every


def test_dates_that_were_not_read_are_a_limitation(tmp_path: Path) -> None:
    content = build(RunTables(press_run(tmp_path / "run")), ReportSettings(author="A. Person"))
    assert content.corpus.unread_dates == 0 and "was not understood" not in markdown(report(content))
    partial = replace(content, corpus=replace(content.corpus, unread_dates=3))
    assert "3 of 12 documents give a date that was not understood" in markdown(report(partial))

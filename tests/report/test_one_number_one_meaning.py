"""A quantity that is twice in a report is the same both times, or says what each is; a lack of interval says why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kit.press_runs import altered, press_run

from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.settings import ReportSettings

GONE = "the theme returns with only 2 of 5 other seeds"


def report_text(folder: Path) -> str:
    return " ".join(markdown(report(build(RunTables(folder), ReportSettings()))).split())


def edit(folder: Path, name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    altered(folder, name, lambda rows: [row | change(row) for row in rows])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return press_run(tmp_path / "run")


def test_a_theme_that_seldom_returns_has_no_interval_but_the_reason(folder: Path) -> None:
    assert "no interval can be given for the share" not in report_text(folder)
    edit(folder, "prevalence", lambda row: {"low": None, "high": None, "method": f"none: {GONE}"}
         if (row["kind"], row["id"]) == ("theme", "1") else {})  # fmt: skip
    edit(folder, "themes", lambda row: {"share_low": None, "share_high": None} if row["theme"] == 1 else {})
    text, label = report_text(folder), RunTables(folder).labels[1]
    assert text.count(f"(no interval: {GONE}), ") == 1
    assert "1 theme that does not return with most of the seeds has none." in text
    known = len(RunTables(folder).themes)
    assert (
        f"1 of {known} themes does not return with most other seeds, so that no interval can be given for the share: "
        f"“{label}”." in text
    )


def test_a_baseline_of_fewer_random_assignments_than_the_note_says_has_a_note_of_its_own(folder: Path) -> None:
    place = folder / "metrics.json"
    metrics = json.loads(place.read_text(encoding="utf-8"))
    sentence = "mean and middle 95 % of {} random assignments of the same sizes"
    for key, draws in (("separation.density", 5), ("separation.silhouette", 20), ("diversity", 20)):
        metrics[key] = {"value": 0.3, "low": None, "high": None, "n": 60, "of": "paragraphs", "reason": "no interval"}
        metrics[f"{key}.baseline"] = {
            "value": 0.1,
            "low": 0.0,
            "high": 0.2,
            "n": draws,
            "reason": sentence.format(draws),
        }
    place.write_text(json.dumps(metrics), encoding="utf-8")
    text = report_text(folder)
    assert f"By chance: {sentence.format(20).replace(' %', '%')}." in text
    assert text.count(f"no interval; by chance: {sentence.format(5).replace(' %', '%')}") == 1


def test_two_values_of_f1_each_say_of_what_they_are(folder: Path) -> None:
    names = list(RunTables(folder).code_names)
    of = "coded paragraphs with the code by machine or coders, mean of 20 divisions"
    pooled = [
        {"code": code, "measure": "f1 over splits", "value": 0.31, "low": 0.2, "high": 0.4, "n": 30, "of": of}
        for code in (None, *names)
    ]
    altered(folder, "scored", lambda rows: [row for row in rows if row["measure"] != "f1 over splits"] + pooled)
    edit_thresholds(folder)
    text = report_text(folder)
    assert "the coding has an F1 of 0.31 (0.20–0.40)" in text
    assert text.count("; F1 0.31 (0.20–0.40)") == len(names)
    assert text.count("The F1 beside each badge is pooled over 20 divisions into folds.") == 1  # the same for all
    assert text.count("), of one division into folds; given by them ") == len(names) - 1, "of all codes that were given"
    assert "badges depend on those of 20 divisions pooled." in text


def edit_thresholds(folder: Path) -> None:
    """Badges as a run with learned codes has them."""
    values = {"badge": "weak", "why": "F1 is at most 0.40, below 0.50", "f1": 0.31, "f1_low": 0.2, "f1_high": 0.4}
    edit(folder, "thresholds", lambda row: values)


def test_a_share_in_a_tenth_of_probability_without_an_interval_has_the_reason_below(folder: Path) -> None:
    why = "no interval: undefined in most draws of documents, or the same in all of them"
    row = {"measure": "observed share at probability 0.8-0.9", "value": 1.0, "n": 17, "reason": why}
    altered(folder, "scored", lambda rows: [one for one in rows if "at probability" not in one["measure"]] + [row])
    table, below = report_text(folder).split("### Are the probabilities right?")[1].split("Data:")[0].rsplit("|", 1)
    assert "| 0.8–0.9 | 100% (no interval) |" in table and below.strip() == f"{why[:1].upper()}{why[1:]}."

"""A report says what intervals of shares of unchecked codes contain, how it was measured, and what is without it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kit.openings import numbers_of
from kit.press_runs import altered, press_run

from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.schemas import BY_CODING, BY_SAMPLING
from toolkit.settings import ReportSettings

FIGURES = {
    "mean": (0.031, 146, "codes of 9 development codebooks"),
    "slope": (0.6, 146, "codes of 9 development codebooks"),
    "within": (0.68, 41, "codes with a true share above 10%, of 9 development codebooks"),
}
MEASURED = (
    "on 146 codes of 9 development codebooks, shares estimated without labels differed from the true shares by 3.1 "
    "percentage points on average; the slope of estimated on true share was 0.60 (broad codes are assigned too "
    "seldom), and 68% of the 41 codes with a true share above 10% had an estimate within a factor of 1.5."
)
ALONE = "of these codes have intervals of sampling error alone"


def report_text(folder: Path, widened: set[str] | None) -> str:
    """The report of a run folder whose `widened` codes (None: all) have an interval with coding error."""

    def widen(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for row in rows:
            by_coding = row["kind"] == "code" and (widened is None or row["id"] in widened)
            row |= {"interval_of": BY_CODING if by_coding else BY_SAMPLING}
            row |= {"sampling_low": row["low"], "sampling_high": row["high"]}
        return rows

    altered(folder, "prevalence", widen)
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    for name, (value, n, of) in FIGURES.items():
        metrics[f"share_error.{name}"] = {
            "value": value,
            "low": None,
            "high": None,
            "direction": None,
            "n": n,
            "of": of,
        }
    (folder / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    return markdown(report(build(RunTables(folder), ReportSettings())))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return press_run(tmp_path / "run")


def test_the_abstract_the_codebook_and_the_limitations_say_how_the_error_was_measured(run: Path) -> None:
    text = report_text(run, None)
    sentence = f"The intervals of these shares contain sampling error and the error of coding: {MEASURED}"
    assert sentence in numbers_of(report(build(RunTables(run), ReportSettings())))
    codes = text.split("## The codebook")[1].split("\n## ")[0]
    assert "these shares contain sampling error and the error of coding." in codes.split("### ")[0]
    assert sentence in codes and ALONE in codes
    limits = text.split("### Limitations")[1]
    assert f"The intervals of the shares of codes contain sampling error and the error of coding: {MEASURED}" in limits
    assert "Interval of sampling alone" in text
    assert "of unchecked codes with coding error" in text  # caption of the figure


def test_it_names_how_many_codes_if_others_were_checked_and_nothing_if_all_were(run: Path, tmp_path: Path) -> None:
    some = report_text(run, set(list(RunTables(run).code_names)[:2]))
    assert (
        f"The intervals of the shares of 2 unchecked codes contain sampling error and the error of coding: {MEASURED}"
        in some
    )
    none = report_text(press_run(tmp_path / "checked"), set())
    assert "error of coding" not in none and "Interval of sampling alone" not in none

"""The report shows coarser and finer divisions, says why a coarser one was taken, or why none is offered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from kit.press_runs import press_run

from toolkit.figures import RunTables
from toolkit.files.value import write_table
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.schemas import PLATEAUS
from toolkit.settings import ReportSettings

FINER = {"score": 0.56, "gap": 0.03, "gap_error": 0.02, "refits": 40}
"""A finer division that scores better by .03, with a standard error of .02."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return press_run(tmp_path_factory.mktemp("divisions") / "run")


def division(themes: int, **given: Any) -> dict[str, Any]:
    resolution = themes / 5
    row = {"themes": themes, "resolution": resolution, "resolution_low": resolution, "resolution_high": resolution}
    row |= {"agreement": 0.6, "score": 0.53, "score_error": 0.01, "gap": 0.0, "gap_error": 0.0, "refits": 40}
    return row | {"chosen": False, "line": f"discover.resolution: {resolution:g}"} | given


def theme(number: int, label: str, origins: dict[int, int]) -> dict[str, Any]:
    counts = {"paragraphs": sum(origins.values()), "documents": 2}
    return {
        "theme": number,
        "label": label,
        **counts,
        "from_themes": [*origins],
        "from_paragraphs": [*origins.values()],
    }


def report_text(folder: Path, finer: dict[str, Any] | None, reason: str = "") -> str:
    """The report's Markdown, beside a division of 2 themes with a finer one; without any if `finer` is None."""
    rows = []
    if finer is not None:
        chosen = division(2, chosen=True, line="discover.themes: auto")
        rows = [{**chosen, **theme(0, "Quays", {0: 30})}, {**chosen, **theme(1, "Schools", {1: 20})}]
        other = division(3, **finer)
        rows += [{**other, **theme(0, "Berths", {0: 18})}, {**other, **theme(1, "Pupils", {1: 20, 0: 2})}]
        rows += [{**other, **theme(2, "Ferries", {0: 10})}]
    write_table(pa.Table.from_pylist(rows, schema=PLATEAUS), folder / "tables" / "plateaus.parquet")
    place = folder / "metrics.json"
    metrics = json.loads(place.read_text(encoding="utf-8"))
    offered = {"value": None, "reason": reason} if finer is None else {"value": 1}
    place.write_text(json.dumps(metrics | {"discover.plateaus": offered}), encoding="utf-8")
    return " ".join(markdown(report(build(RunTables(folder), ReportSettings()))).split())


def test_a_reader_sees_each_division_with_its_line_its_score_and_what_splits_into_what(folder: Path) -> None:
    text = report_text(folder, FINER)
    assert "Coarser and finer: 2 and 3 themes" in text
    assert "| 2 themes | 0.530 ± 0.020 | 0.4 | 0.60 | 0 of 50 | `discover.themes: auto` | chosen |" in text
    assert "| 3 themes | 0.560 ± 0.020 | 0.6 | 0.60 | 0 of 50 | `discover.resolution: 0.6` | |" in text
    split = "Quays (30) | **18 of 30** in Berths (18); **10 of 30** in Ferries (10) |"
    assert split in text and "Schools (20) | **20 of 20** in Pupils (22) |" in text
    assert "discover.plateaus" not in text


def test_where_a_finer_division_scores_better_within_error_the_report_says_why_the_coarser_was_taken(
    folder: Path,
) -> None:
    assert (
        "The 3 themes score 0.560, the 2 taken 0.530, a difference of 0.030 ± 0.039: refits cannot tell them apart, so "
        "the rule takes the coarser, the simpler description."
    ) in report_text(folder, FINER)
    beyond = report_text(folder, FINER | {"gap_error": 0.01})
    assert "cannot tell" not in beyond and "the coarsest of all divisions less than two standard errors" in beyond
    assert "it left the choice after 20 refits" in report_text(folder, FINER | {"gap_error": 0.01, "refits": 20})
    worse = report_text(folder, FINER | {"score": 0.43, "gap": -0.1})
    assert "the 2 taken" not in worse and "3 themes | 0.430" in worse


def test_a_range_of_resolutions_is_shown_and_its_absence_is_said(folder: Path) -> None:
    degree = "no number of themes is better supported than its neighbours"
    assert degree in report_text(folder, FINER)
    wide = report_text(folder, FINER | {"resolution_high": 0.9})
    assert degree not in wide and "| 0.6 to 0.9 |" in wide


def test_without_another_division_the_reason_is_said(folder: Path) -> None:
    text = report_text(folder, None, "themes were fitted to a sample of the paragraphs")
    assert "No coarser or finer division is offered: themes were fitted to a sample of the paragraphs." in text

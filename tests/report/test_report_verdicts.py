"""What the report calls rising, falling, more or less: by the verdicts of the tables, with the rule beside each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from kit.press_runs import altered, press_run

from toolkit.estimate.crossing import COOCCURRENCE
from toolkit.estimate.trends import TRENDS
from toolkit.figures import FIGURES, RunTables
from toolkit.files.value import write_table
from toolkit.report.pairs_part import pairs_together
from toolkit.report.spread import trends
from toolkit.report.validity_part import clear_contrasts
from toolkit.report.verdicts import rule, verdict_of


def slope(estimate: float, low: float, high: float, **more: Any) -> dict[str, Any]:
    row = {"kind": "theme", "id": "0", "period": "slope per year", "unit": "paragraph", "n": 60, "tested": 8}
    return row | {"estimate": estimate, "low": low, "high": high} | more


def report_part(folder: Path, *slopes: dict[str, Any]) -> Any:
    periods = [
        {"kind": "theme", "id": "0", "period": year, "unit": "paragraph", "estimate": share, "n": 30}
        for year, share in (("2024", 0.1), ("2025", 0.3))
    ]
    write_table(pa.Table.from_pylist([*periods, *slopes], schema=TRENDS), folder / "tables" / "trends.parquet")
    return trends(RunTables(folder), "theme")["0"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return press_run(tmp_path / "run")


def test_a_slope_whose_interval_leaves_out_0_is_no_trend_without_the_adjusted_p(folder: Path) -> None:
    test = {"p": 0.02, "p_adjusted": 0.3, "verdict": "cannot be said"}
    trend = report_part(folder, slope(0.2, 0.05, 0.35, **test))
    assert trend.way == "no clear trend"
    assert trend.words.endswith("no clear trend: 20.0 percentage points a year (5.0 to 35.0; adjusted p 0.300)")
    sure = report_part(folder, slope(0.2, 0.05, 0.35, p=0.001, p_adjusted=0.004, verdict="rising"))
    assert sure.way == "rising" and "rising: 20.0 percentage points a year" in sure.words


def test_a_slope_of_a_run_without_tests_has_no_verdict(folder: Path) -> None:
    trend = report_part(folder, slope(0.2, 0.05, 0.35, tested=None))
    assert trend.way == "" and "slope, not tested: 20.0 percentage points a year" in trend.words
    assert "rising" not in trend.words


def test_a_clear_trend_of_documents_alone_is_named_in_the_table_too(folder: Path) -> None:
    none = {"p": 0.6, "p_adjusted": 0.9, "verdict": "cannot be said"}
    rising = {"unit": "document", "p": 0.001, "p_adjusted": 0.01, "verdict": "rising"}
    trend = report_part(folder, slope(0.02, -0.1, 0.15, **none), slope(0.2, 0.05, 0.35, **rising))
    assert trend.way == "no clear trend (documents: rising)"
    verdict = {"p": 0.001, "p_adjusted": 0.01, "verdict": "rising"}
    assert report_part(folder, slope(0.2, 0.05, 0.35, **verdict), slope(0.2, 0.05, 0.35, **rising)).way == "rising"


def test_shares_of_documents_that_disagree_in_verdict_or_sign_are_said_to(folder: Path) -> None:
    rising = {"p": 0.001, "p_adjusted": 0.01, "verdict": "rising"}
    none = {"unit": "document", "p": 0.6, "p_adjusted": 0.9, "verdict": "cannot be said"}
    words = report_part(folder, slope(0.2, 0.05, 0.35, **rising), slope(0.05, -0.1, 0.2, **none)).words
    assert words.endswith("shares of documents disagree: no clear trend (5.0 percentage points a year)")
    other = {**none, "unit": "paragraph"}
    words = report_part(folder, slope(0.02, -0.1, 0.15, **other), slope(-0.05, -0.1, 0.2, **none)).words
    assert words.endswith(
        "shares of documents slope the other way (−5.0 percentage points a year), no clear trend either"
    )
    same = report_part(folder, slope(0.02, -0.1, 0.15, **other), slope(0.05, -0.1, 0.2, **none)).words
    assert "documents" not in same


def test_a_verdict_of_an_older_run_is_that_of_its_adjusted_p_and_its_interval() -> None:
    row = {"p_adjusted": 0.01, "low": 0.1, "high": 0.3}
    assert verdict_of(row) == "more" and verdict_of(row | {"low": -0.3, "high": -0.1}) == "less"
    assert verdict_of(row | {"low": -0.1}) == verdict_of(row | {"p_adjusted": 0.05}) == verdict_of({}) == ""
    assert verdict_of(row | {"verdict": "cannot be said"}) == "" and verdict_of(row | {"verdict": "less"}) == "less"


def test_the_rule_beside_a_table_says_how_many_tests_were_adjusted_together() -> None:
    rows = [{"tested": None}, {"tested": 46}]
    assert rule(rows, "slopes", {}).startswith("All 46 slopes were adjusted together: the chance that any of")
    assert "Benjamini-Hochberg" in rule(rows, "slopes", {"estimate": {"adjust": "bh"}})
    assert rule([{}], "slopes", {}) == ""


def test_contrasts_without_a_verdict_are_not_shown(folder: Path) -> None:
    assert {row["verdict"] for row in RunTables(folder).rows("contrasts")} == {"cannot be said"}
    assert clear_contrasts(RunTables(folder)) == ()
    altered(folder, "contrasts", lambda rows: [rows[0] | {"verdict": "more", "p_adjusted": 0.004}, *rows[1:]])
    assert len(clear_contrasts(RunTables(folder))) == 1


def test_pairs_of_codes_are_marked_and_listed_only_with_a_verdict(folder: Path) -> None:
    codes = list(RunTables(folder).code_names)[:3]
    pair = {"code_a": codes[0], "jaccard": 0.4, "low": 0.2, "high": 0.6, "n": 30, "expected": 4.0, "lift": 3.0}
    pair |= {"lift_low": 1.5, "lift_high": 6.0, "tested": 3, "paragraphs": 12}
    rows = [
        pair | {"code_b": codes[1], "p_adjusted": 0.004, "verdict": "more"},
        pair | {"code_b": codes[2], "p_adjusted": 0.2, "verdict": "cannot be said"},
    ]
    write_table(pa.Table.from_pylist(rows, schema=COOCCURRENCE), folder / "tables" / "cooccurrence.parquet")
    tables = RunTables(folder)
    (listed,) = pairs_together(tables)
    assert (listed.verdict, listed.paragraphs, listed.adjusted) == ("more", "12, 4.0 expected", "0.004")
    assert listed.lift.startswith("3.0 (1.5")
    figure = FIGURES["cooccurrence"](tables)
    assert figure.body.count(".40 +") == 1 and figure.body.count(">.40<") == 1
    assert "all 3 pairs tested together: 1 pair." in figure.caption and "Strongest" not in figure.alt

"""What another seed changes is said with its denominator and basis, in the abstract, with the themes and for each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kit.runs import build_run

from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.settings import ReportSettings

SENTENCE = "With another seed, 12% of 60 unique paragraphs change theme"


def report_text(folder: Path) -> str:
    return " ".join(markdown(report(build(RunTables(folder), ReportSettings()))).split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_run(tmp_path_factory.mktemp("seeds") / "run", documents=6)


def changed(folder: Path, **metrics: object) -> str:
    place = folder / "metrics.json"
    before = place.read_text(encoding="utf-8")
    kept = {key: value for key, value in json.loads(before).items() if not key.startswith("discover.seed")}
    place.write_text(json.dumps(kept | {key.replace("_", ".", 1): value for key, value in metrics.items()}))
    try:
        return report_text(folder)
    finally:
        place.write_text(before, encoding="utf-8")


def test_the_report_says_how_many_paragraphs_change_theme_and_what_that_rests_on(folder: Path) -> None:
    text = report_text(folder)
    assert text.count(f"{SENTENCE}.") == 2  # with the findings, and among the limitations from a tenth on
    assert f"{SENTENCE} (mean over 5 other seeds, the whole fit repeated; from 0.100 to 0.150" in text
    assert "The intervals of the shares below count this." in text
    assert "Return with another seed (Jaccard): 0.90 (from 0.80 to 0.95 over 5 other seeds)" in text


def test_one_other_seed_has_no_mean_and_no_range(folder: Path) -> None:
    one = {"value": 0.05, "n": 60, "reason": "one other seed, the whole fit repeated; one trial gives no range"}
    text = changed(folder, discover_seeds={"value": 1, "n": 60, "reason": "counted"}, discover_seed_moves=one)
    assert "Return with another seed (Jaccard): 0.90 (one other seed)" in text and "1 other seeds" not in text


def test_few_paragraphs_that_move_are_no_limitation(folder: Path) -> None:
    few = {"value": 0.05, "n": 60, "reason": "mean over 5 other seeds"}
    text = changed(folder, discover_seeds={"value": 5, "n": 60, "reason": "counted"}, discover_seed_moves=few)
    assert text.count("With another seed, 5.0% of 60") + text.count("With another seed, 5% of 60") == 3  # nor are they


def test_a_run_that_did_not_measure_it_gives_the_reason_and_an_older_one_says_nothing(folder: Path) -> None:
    none = {"value": None, "reason": "discover.seeds is 0"}
    text = changed(folder, discover_seeds=none, discover_seed_moves=none)
    assert "What another seed changes was not measured: discover.seeds is 0." in text
    assert "Intervals of shares are of these themes as they are." in text and "Return with another" not in text
    assert "another seed" not in changed(folder)

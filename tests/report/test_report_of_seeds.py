"""What another seed changes is said with its denominator and basis, in the abstract, with the themes and for each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kit.press_runs import press_run

from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.settings import ReportSettings

SENTENCE = "With another seed, 2% of 57 unique paragraphs change theme"


def report_text(folder: Path) -> str:
    return " ".join(markdown(report(build(RunTables(folder), ReportSettings()))).split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return press_run(tmp_path_factory.mktemp("seeds") / "run")


def changed(folder: Path, **metrics: object) -> str:
    place = folder / "metrics.json"
    before = place.read_text(encoding="utf-8")
    kept = {key: value for key, value in json.loads(before).items() if not key.startswith("discover.seed")}
    place.write_text(json.dumps(kept | {key.replace("_", ".", 1): value for key, value in metrics.items()}))
    try:
        return report_text(folder)
    finally:
        place.write_text(before, encoding="utf-8")


def many(value: float) -> dict[str, object]:
    """The entry of the metrics for this share of paragraphs that change theme."""
    return {"value": value, "n": 57, "reason": "mean over 4 other seeds, the whole fit repeated"}


COUNTED = {"value": 4, "n": 57, "reason": "counted"}


def test_the_report_says_how_many_paragraphs_change_theme_and_what_that_rests_on(folder: Path) -> None:
    text = report_text(folder)
    moves = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))["discover.seed_moves"]
    assert f"{SENTENCE} (mean over 4 other seeds, the whole fit repeated; from 0.0% to 3.5%" in text
    assert round(100 * moves["value"]) == 2 and moves["n"] == RunTables(folder).unique == 57
    assert "The intervals of the shares below count this." in text
    theme = RunTables(folder).themes[0]
    seeds = tuple(f"{theme[name]:.2f}" for name in ("seed_stability", "seed_low", "seed_high"))
    expected = "Return with another seed (Jaccard): {} (from {} to {} over 4 other seeds)".format(*seeds)
    assert expected in text


def test_one_other_seed_has_no_mean_and_no_range(folder: Path) -> None:
    one = {"value": 0.05, "n": 57, "reason": "one other seed, the whole fit repeated; one trial gives no range"}
    text = changed(folder, discover_seeds={"value": 1, "n": 57, "reason": "counted"}, discover_seed_moves=one)
    share = f"{RunTables(folder).themes[0]['seed_stability']:.2f}"
    assert f"Return with another seed (Jaccard): {share} (one other seed)" in text and "1 other seeds" not in text


def test_many_paragraphs_that_move_are_a_limitation_and_few_are_none(folder: Path) -> None:
    text = changed(folder, discover_seeds=COUNTED, discover_seed_moves=many(0.05))
    limits = text.split("### Limitations")[1]
    assert "With another seed, 5% of 57 unique paragraphs change theme." not in limits and "seed, 5% of 57" in text
    limits = changed(folder, discover_seeds=COUNTED, discover_seed_moves=many(0.125)).split("### Limitations")[1]
    assert "With another seed, 12% of 57 unique paragraphs change theme." in limits


def test_a_run_that_did_not_measure_it_gives_the_reason_and_an_older_one_says_nothing(folder: Path) -> None:
    none = {"value": None, "reason": "discover.seeds is 0"}
    text = changed(folder, discover_seeds=none, discover_seed_moves=none)
    assert "What another seed changes was not measured: discover.seeds is 0." in text
    assert "Intervals of shares are of these themes as they are." in text and "Return with another" not in text
    assert SENTENCE.split(" 2%")[0] not in changed(folder)

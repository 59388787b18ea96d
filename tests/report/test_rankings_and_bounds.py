"""What the report says of a run whose numbers tie, or lie next to a bound: written from tables edited to do so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kit.press_runs import altered, press_run

from toolkit.report import write_report
from toolkit.run_folder.reader import RunTables


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield press_run(tmp_path / "run")


def edit(folder: Path, name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    altered(folder, name, lambda rows: [row | change(row) for row in rows])


def written(folder: Path) -> str:
    from toolkit.settings import ReportSettings

    write_report(folder, ReportSettings(formats=("md",), full=True))
    return (folder / "report.md").read_text(encoding="utf-8")


def shares(folder: Path, values: dict[int, float]) -> None:
    ends = {theme: (value - 0.05, value + 0.05) for theme, value in values.items()}

    def change(row: dict[str, Any]) -> dict[str, Any]:
        low, high = ends.get(row["theme"], (row["share_low"], row["share_high"]))
        return {"share": values.get(row["theme"], row["share"]), "share_low": low, "share_high": high}

    edit(folder, "themes", change)


def test_themes_whose_shares_print_the_same_are_named_together_and_none_is_left_out(folder: Path) -> None:
    shares(folder, {0: 0.3, 1: 0.2, 2: 0.2, 3: 0.2})
    words = written(folder)
    labels = [RunTables(folder).labels[theme] for theme in range(4)]
    assert (
        f"the largest are “{labels[0]}” with 30% (25–35%), then “{labels[1]}”, “{labels[2]}” and “{labels[3]}”" in words
    )
    assert "each with 20% (15–25%, 15–25% and 15–25%) of unique paragraphs" in words


def test_two_that_tie_are_both_said_to(folder: Path) -> None:
    shares(folder, {0: 0.3, 1: 0.3, 2: 0.2, 3: 0.1})
    assert "”, both with 30% (25–35% and 25–35%), then “" in written(folder)


def test_a_stability_next_to_the_bound_shows_on_which_side_it_lies(folder: Path) -> None:
    given = {0: 0.598, 1: 0.602, 2: 0.9, 3: 0.5}
    no_range = {"stability_low": None, "stability_high": None}

    def change(row: dict[str, Any]) -> dict[str, Any]:
        return {"stability": given.get(row["theme"]), "fragile": given.get(row["theme"], 1) < 0.6, **no_range}

    edit(folder, "themes", change)
    metrics = json.loads((folder / "metrics.json").read_text())
    metrics["discover.fragile_below"] = {"value": 0.6, "low": None, "high": None, "direction": None, "n": 20}
    (folder / "metrics.json").write_text(json.dumps(metrics))
    words = written(folder)
    assert "Stability under resampling is 0.50 to 0.90" in words and "2 of 4 are marked fragile (below 0.60)" in words
    assert "- Stability: 0.598; fragile" in words and "- Stability: 0.60\n" in words
    assert "0.60; fragile" not in words


def test_a_broader_theme_is_shown_with_its_stability_beside_its_share(folder: Path) -> None:
    edit(folder, "themes", lambda row: {"stability": 0.41, "stability_low": 0.3, "stability_high": 0.5, "fragile": True}
         if row["level"] else {})  # fmt: skip
    parent = next(line for line in written(folder).splitlines() if line.startswith("- Part of: "))
    assert parent.endswith(", stability 0.41 (0.30–0.50), fragile")


def test_one_code_of_several_was_found(folder: Path) -> None:
    edit(folder, "codes", lambda row: {"assigned": row["assigned"] and row["code"] == "chips"})
    edit(folder, "prevalence", lambda row: {} if row["id"] == "chips" else {"estimate": 0.0, "hits": 0})
    assert "Of 5 codes in the codebook 1 was found, most often" in written(folder)


def test_a_score_is_a_rank_even_next_to_its_threshold(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run", coders=False)
    unique = {row["paragraph_id"] for row in RunTables(folder).rows("paragraphs") if row["duplicate_of"] is None}
    edit(folder, "codes", lambda row: {"score": 0.4984 if row["paragraph_id"] in unique else 0.3, "assigned": False}
         if row["code"] == "fisheries" else {})  # fmt: skip
    words = written(folder)
    assert "assigned at a score of at least 0.50" in words.lower() and "Rank 1 of 57 paragraphs by score" in words
    assert "0.498" not in words


def test_a_share_that_is_not_all_is_not_printed_as_one(folder: Path) -> None:
    metrics = json.loads((folder / "metrics.json").read_text())
    metrics["coverage"] = {"value": 19999 / 20000, "low": None, "high": None, "direction": "higher", "n": 20000,
                           "hits": 19999, "of": "paragraphs", "reason": "counted"}  # fmt: skip
    (folder / "metrics.json").write_text(json.dumps(metrics))
    line = next(line for line in written(folder).splitlines() if "(coverage)" in line)
    assert "| 0.99995 |" in line and "| 19,999 of 20,000 paragraphs |" in line

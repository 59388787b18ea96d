"""Which quotes a report shows as evidence for a code, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kit.press_runs import altered, press_run

from toolkit.figures import RunTables
from toolkit.report.code_part import CodePart
from toolkit.report.code_quotes import CARRIES, EVEN_ODDS, NONE_CARRIES
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.settings import ReportSettings


def rewrite(folder: Path, name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    altered(folder, name, lambda rows: [change(row) for row in rows])


def chips(folder: Path) -> CodePart:
    return next(code for code in build(RunTables(folder), ReportSettings()).codes if code.code == "chips")


def quoted(folder: Path) -> list[str]:
    return [quote.place.paragraph_id for quote in chips(folder).evidence]


def scored(folder: Path, scores: dict[str, float], rest: float | None) -> None:
    """Gives the quotes of chips scores by paragraph."""
    rewrite(folder, "codes", lambda row: row | {"quote_score": scores.get(row["paragraph_id"], rest)
            if row["assigned"] and row["code"] == "chips" else None})  # fmt: skip


def given(folder: Path) -> list[str]:
    """Unique paragraphs with the code chips, each of another document."""
    tables = RunTables(folder)
    documents = {row["paragraph_id"]: row["document_id"] for row in tables.rows("paragraphs")
                 if row["duplicate_of"] is None}  # fmt: skip
    rows = [row["paragraph_id"] for row in tables.rows("codes") if row["assigned"] and row["code"] == "chips"]
    return list({documents[name]: name for name in rows if name in documents}.values())


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return press_run(tmp_path / "plain", coders=False)


def test_quotes_come_by_how_well_the_sentence_carries_the_code_and_not_by_the_paragraphs_score(plain: Path) -> None:
    names = given(plain)[:3]
    by_score = {row["paragraph_id"]: row["score"] for row in RunTables(plain).rows("codes") if row["code"] == "chips"}
    names = sorted(names, key=lambda name: by_score[name])  # least sure paragraph first
    scored(plain, dict(zip(names, (0.95, 0.9, 0.8), strict=True)), 0.1)
    assert quoted(plain) == names


def test_a_sentence_below_the_bound_is_not_evidence(plain: Path) -> None:
    first, second, *_ = given(plain)
    scored(plain, {first: CARRIES, second: CARRIES - 0.01}, 0.2)
    assert quoted(plain) == [first]
    assert chips(plain).carried.startswith("1 of ")
    assert "A sentence that carries it alone" in markdown(report(build(RunTables(plain), ReportSettings())))


def test_if_no_sentence_carries_the_code_the_nearest_alone_is_shown_and_called_so(plain: Path) -> None:
    first, second, *_ = given(plain)
    scored(plain, {first: 0.3, second: 0.4}, 0.1)
    (only,) = chips(plain).evidence
    assert only.place.paragraph_id == second and only.note.startswith(NONE_CARRIES)
    assert chips(plain).carried.startswith("0 of ")


def test_a_sentence_that_was_not_scored_gives_way_to_those_that_were(plain: Path) -> None:
    first, *_ = given(plain)
    scored(plain, {first: 0.9}, None)
    assert quoted(plain) == [first]


def test_a_run_without_scores_of_quotes_shows_the_surest_paragraphs_as_before(plain: Path) -> None:
    scored(plain, {}, None)
    notes = [quote.note for quote in chips(plain).evidence]
    assert len(notes) == 4 and all(note.startswith("rank ") for note in notes) and chips(plain).carried == ""


def test_the_coders_refusal_wins_over_the_best_sentence_and_what_they_confirmed_comes_first(tmp_path: Path) -> None:
    run = press_run(tmp_path / "run")
    coded = {row["paragraph_id"] for row in RunTables(run).rows("human")}
    unique = {row["paragraph_id"] for row in RunTables(run).rows("paragraphs") if row["duplicate_of"] is None}
    rows = [row for row in RunTables(run).rows("codes") if row["assigned"] and row["code"] == "chips"]
    mine = [row["paragraph_id"] for row in rows if row["paragraph_id"] in unique]
    refused, confirmed, free = [name for name in mine if name in coded][:3]
    altered(run, "human", lambda rows: [row for row in rows if row["paragraph_id"] != free])
    marks = {refused: None, confirmed: "chips"}
    rewrite(run, "human", lambda row: row | {"code": marks.get(row["paragraph_id"], row["code"])})
    scored(run, {refused: 0.99, free: 0.95, confirmed: EVEN_ODDS}, 0.1)
    assert quoted(run) == [confirmed, free]
    scored(run, {refused: 0.99}, 0.1)
    assert refused not in quoted(run) and len(quoted(run)) == 1
    assert chips(run).evidence[0].note.startswith(f"{NONE_CARRIES}; confirmed by the")

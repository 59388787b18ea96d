"""What a report shows of codes that only machines coded: warned of where people's verdict would warn, never checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from kit.openings import findings_of, numbers_of, plain
from kit.press_runs import altered, badged, press_run

from toolkit.codebook.badges import badges
from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.settings import ReportSettings


def by_machines(folder: Path, f1: tuple[float, float, float], machines: tuple[str, ...] = ("A", "B")) -> str:
    """The report of a run folder as if `machines` were those of its coders A and B, with the same F1 for each code."""
    altered(folder, "human", lambda rows: [
        {**row, "kind": "machine" if row["coder"] in machines else "person"} for row in rows])  # fmt: skip
    kind = "machine" if set(machines) == {"A", "B"} else "person"
    rows: list[dict[str, Any]] = [
        {"code": code, "measure": "f1", "value": f1[0], "low": f1[1], "high": f1[2], "n": 30, "coders_kind": kind}
        for code in RunTables(folder).code_names
    ]
    badged(folder, badges(rows, list(RunTables(folder).code_names), 6))
    return markdown(report(build(RunTables(folder), ReportSettings())))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return press_run(tmp_path / "run")


def test_a_code_weak_against_machines_is_warned_of_wherever_a_weak_one_is(run: Path) -> None:
    text = by_machines(run, (0.23, 0.05, 0.47))
    tree = report(build(RunTables(run), ReportSettings()))
    assert numbers_of(tree).count("(weak against machines: F1 0.23, 0.05–0.47)") == 3  # each of those that it names
    limits = plain(findings_of(tree).note)
    assert "No code was checked against people. Compared with machine coders, of 5 codes 5 are weak." in limits
    assert "State-owned enterprises (unchecked; weak against machines)" in text
    assert "Badge: weak against the machine coders: F1 is at most 0.47, below 0.50" in text
    assert text.count("Every code is unchecked: only machines coded it.") == 1
    assert "are weak against the machine coders" in text.split("### Limitations")[1]
    assert RunTables(run).code_label("future") == "Future industries (weak against machines)"  # of figures


def test_no_agreement_of_machines_makes_a_code_checked(run: Path) -> None:
    text = by_machines(run, (0.9, 0.8, 0.95))
    assert "Compared with machine coders, of 5 codes 5 agree." in text and "(unchecked; machines agree)" in text
    assert "(checked)" not in text and "5 are checked" not in text


def test_beside_a_person_the_machine_counts_for_nothing(run: Path) -> None:
    human = RunTables(run).rows("human")
    text = by_machines(run, (0.9, 0.8, 0.95), machines=("B",))
    coded = len({row["paragraph_id"] for row in human if row["coder"] == "A"})
    unique = RunTables(run).unique
    assert f"{coded} of {unique} unique paragraphs" in text and "were also coded by 1 coder. 1 machine coder" in text
    assert "Reference codes were made by 1 coder; 1 machine coder is compared with them" in text.split("## ")[0]
    notes = [quote.note for code in build(RunTables(run), ReportSettings()).codes for quote in code.evidence]
    assert any(note.startswith("confirmed by the coders") for note in notes)
    assert not any("B" in note.split() for note in notes)
    assert "State-owned enterprises (checked)" in text

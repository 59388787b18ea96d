"""The claims of a study in the report: counted by verdict, in order, with links to their evidence."""

from __future__ import annotations

from pathlib import Path

from kit.openings import folded
from kit.press_runs import press_run

from toolkit.figures import RunTables
from toolkit.report.blocks import Bullets, Fold, Table
from toolkit.report.content import build
from toolkit.report.inlines import Link, Only
from toolkit.report.markdown import inline, markdown
from toolkit.report.page import page
from toolkit.report.sections import report
from toolkit.settings import ReportSettings


def test_claims_follow_the_findings_with_verdicts_counted(tmp_path: Path) -> None:
    tables = RunTables(press_run(tmp_path / "run"))
    tree, claims = report(build(tables, ReportSettings())), tables.rows("claims")
    section = tree.sections[1]
    assert (section.anchor, section.heading) == ("claims", "What the study wanted to know")
    text = markdown(tree)
    counted = "1 of 3 claims holds; for 1 the contrary is shown; 1 cannot be told."
    assert text.count(counted) == 1 and "Of 3 claims" not in text, "the headline counts them, and nothing else"
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    cells = [[inline(cell) for cell in row.cells] for row in table.groups[0].rows]
    assert cells[0][1:] == ["**Does not hold**", claims[0]["numbers"]]
    assert claims[0]["numbers"].startswith("24.6% of 57 paragraphs in 12 documents (")
    assert cells[2][1] == "**Cannot be told**" and claims[2]["numbers"].startswith(cells[2][2])
    basis = folded(tree, 1, "What each verdict rests on")
    assert "**Does not hold: the share is below the value, adjusted p 0.001.** 24.6% of 57 paragraphs" in basis
    assert "**Cannot be told: the interval includes 0, no difference: neither shown nor excluded (p 0.717" in basis
    assert "By codes corrected with 34 coded paragraphs in 8 documents" in basis
    (fold,) = (block for block in section.blocks if isinstance(block, Fold))
    (bullets,) = (block for block in fold.blocks if isinstance(block, Bullets))
    links = [
        part.to for item in bullets.items for only in item if isinstance(only, Only)
        for part in only.parts if isinstance(part, Link)
    ]  # fmt: skip
    assert links == ["#code-0", "#code-1", "#code-1"]
    shown = page(tree)
    assert all(f'id="{link[1:]}"' in shown for link in links)


def test_words_of_a_claim_can_neither_run_nor_format(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run", hostile=True)
    tree = report(build(RunTables(folder), ReportSettings()))
    row = RunTables(folder).rows("claims")[0]
    assert row["text"] not in page(tree) and "<script>" in row["text"]

"""Decisions about five articles, applied again after three more came: no line is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from kit.logs import key_of, log_of, write

import toolkit
from toolkit.decisions import digest, read_log
from toolkit.runs import Run
from toolkit.runtime.progress import QUIET

MORE = (
    "brief_2024-09-12_third-plenum-science.md",
    "brief_2026-03-19_two-chokepoints.md",
    "column_2024-06-04_big-fund.txt",
)


@pytest.mark.slow
@pytest.mark.shared
def test_decisions_about_five_articles_hold_or_say_why_after_three_more_came(
    shared: Path, root: Path, tmp_path: Path
) -> None:
    corpus = Path(shutil.copytree(shared / "corpora" / "future_industries", tmp_path / "corpus"))
    config = {"name": "five", "seed": 1, "corpus": {"path": str(corpus)}, "discover": {"themes": 5},
              "store": str(tmp_path / "store"), "report": {"formats": ["md"]}}  # fmt: skip
    five = toolkit.run(config, out=tmp_path / "five", progress=QUIET)
    keys = [key_of(five, theme) for theme in range(5)]
    log = write(
        tmp_path / "decisions.yaml", log_of(five),
        {"do": "rename", "theme": keys[0], "to": "Zero"}, {"do": "rename", "theme": keys[1], "to": "One"},
        {"do": "merge", "themes": [keys[2], keys[3]], "to": "Two and three"}, {"do": "drop", "theme": keys[4]},
    )  # fmt: skip
    decided = toolkit.run(config, out=tmp_path / "decided", set={"decisions": str(log)}, progress=QUIET)
    assert decided.frame("decisions")["outcome"].tolist() == ["applied"] * 4
    for name in MORE:
        shutil.copy(root / "experiments" / "future_industries" / "corpus" / name, corpus)
    grown = toolkit.run(
        config, out=tmp_path / "grown", set={"decisions": str(log), "discover.themes": 8}, progress=QUIET
    )
    rows = grown.frame("decisions")
    assert rows["line"].tolist() == [1, 2, 3, 4] and rows["reason"].str.len().gt(0).all()
    assert set(rows["outcome"]) <= {"applied", "applied with overlap", "in conflict"}
    assert (rows["outcome"] != "in conflict").any()
    for row in rows[(rows["do"] == "rename") & (rows["outcome"] != "in conflict")].itertuples():
        assert contained(grown, log, keys[row.line - 1], ("Zero", "One")[row.line - 1]) > 0.5
    applied = int((rows["outcome"] != "in conflict").sum())
    report = (grown.path / "report.md").read_text(encoding="utf-8")
    assert f"{applied} of 4 decisions by Wei" in report
    assert applied == 4 or f"{4 - applied} of 4 decisions" in report


def contained(run: Run, log: Path, key: str, name: str) -> float:
    """The share of a theme's core paragraphs that are in the theme of that name."""
    core = set(read_log(log).themes[key].core)
    theme = run.themes.set_index("label").loc[name, "theme"]
    rows = run.paragraphs[run.paragraphs["duplicate_of"].isna()]
    here = rows[[digest(text) in core for text in rows["text"]]]
    return float((here["theme"] == theme).mean())

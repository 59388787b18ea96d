"""One story that forty outlets print is one story to the themes, and forty to what was published."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from kit.studies import write_study

import toolkit

STORY = (
    "The harbour board plans to deepen the eastern quay before coastal freighters return, and the port master wants "
    "two new cranes at the container berth so that longer vessels can moor there in winter as well, a spokeswoman said."
)
EDITS = (
    ("plans", "intends"),
    ("two", "three"),
    ("winter", "autumn"),
    ("spokeswoman", "speaker"),
    ("return", "are back"),
)


def printed(outlet: int) -> str:
    """The story as one outlet prints it: one word changed, the outlet's own closing words."""
    return STORY.replace(*EDITS[outlet % len(EDITS)]) if outlet else STORY


def ran(folder: Path, outlets: int) -> toolkit.Run:
    """The small study with the story in so many outlets, themes by the default method."""
    config = write_study(folder, discover={"method": "consensus"}, validate={"baseline_draws": 5})
    with (folder / "corpus" / "outlets.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "text", "outlet", "date"])
        table.writerows([f"o{n:02d}", printed(n), f"Outlet {n}", f"2024-05-{1 + n % 28:02d}"] for n in range(outlets))
    return toolkit.run(config, out=folder / "run")


def counted(run: toolkit.Run) -> dict[str, int]:
    """Paragraphs in the denominators of the themes' overall shares, as unique and as published."""
    shares = run.prevalence
    overall = shares[(shares.kind == "theme") & (shares.unit == "paragraph") & shares.group_by.isna()]
    return {str(counting): int(rows.n.max()) for counting, rows in overall.groupby("counting")}


@pytest.mark.slow
def test_forty_outlets_move_unique_by_one_story_and_published_by_forty(tmp_path: Path) -> None:
    none, forty = ran(tmp_path / "none", 0), ran(tmp_path / "forty", 40)
    assert counted(forty)["unique"] == counted(none)["unique"] + 1
    assert counted(forty)["published"] == counted(none)["published"] + 40
    themes = [set(run.paragraphs.theme) - {-1} for run in (none, forty)]
    assert len(themes[0]) == len(themes[1])
    story = forty.paragraphs[forty.paragraphs.document_id.str.contains("o[0-9]{2}$")]
    assert len(story) == 40 and story.theme.nunique() == 1 and story.duplicate_of.isna().sum() == 1

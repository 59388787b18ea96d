"""The log of experiments: a reader finds each idea, its date and its verdict from the contents."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import NamedTuple

LOG = (Path(__file__).resolve().parents[2] / "experiments/LOG.md").read_text(encoding="utf-8")
VERDICTS = {"kept", "kept, goal missed", "not kept", "missed", "open", "measured"}
ROW = re.compile(r"\| \[(?P<title>.+?)\]\(#(?P<anchor>[^)]+)\) \| (?P<day>[\d-]+) \| (?P<verdict>[a-z, ]+) \|")


class Entry(NamedTuple):
    """The heading of an entry and the first words below it."""

    chapter: str
    title: str
    day: str
    verdict: str


def anchor(title: str) -> str:
    """The anchor that a renderer of Markdown gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def entries() -> list[Entry]:
    """All entries in their order; an entry without date or verdict has empty ones."""
    chapter, result = "", []
    headings = re.finditer(r"^(##|###) (.+)\n+(?:\*(\d{4}-\d\d-\d\d) · ([a-z, ]+)\.\*)?", LOG, re.MULTILINE)
    for mark, title, day, verdict in (heading.groups(default="") for heading in headings):
        if mark == "##":
            chapter = title
        else:
            result.append(Entry(chapter, title, day, verdict))
    return result


def test_every_entry_has_a_date_and_a_verdict() -> None:
    assert len(entries()) > 50
    assert {entry.verdict for entry in entries()} <= VERDICTS
    assert all(date.fromisoformat(entry.day) for entry in entries())


def test_the_contents_name_every_entry_with_its_date_and_verdict() -> None:
    rows = [row.groupdict() for row in ROW.finditer(LOG)]
    assert [(row["title"], row["day"], row["verdict"]) for row in rows] == [entry[1:] for entry in entries()]
    assert [row["anchor"] for row in rows] == [anchor(entry.title) for entry in entries()]


def test_no_two_headings_share_an_anchor() -> None:
    anchors = Counter(anchor(title) for title in re.findall(r"^#+ (.+)$", LOG, re.MULTILINE))
    assert [name for name, count in anchors.items() if count > 1] == []


def test_entries_of_a_chapter_are_newest_first() -> None:
    for chapter in {entry.chapter for entry in entries()}:
        days = [entry.day for entry in entries() if entry.chapter == chapter]
        assert days == sorted(days, reverse=True), chapter

# ruff: noqa: E501 - sample lines as they come
"""Paragraphs of two lines each are paragraphs, and what a browser prints at the edges of a page is no text."""

from __future__ import annotations

from pathlib import Path

from kit.corpora import built, kept, pdf, reasons

PARAGRAPHS = [
    ("Fares on the island ferry will rise by nine percent in April, the", "operator said on Friday, because fuel has cost more than planned."),
    ("Commuters called the increase unfair, since sailings in winter had", "been cut twice and the last boat leaves before the shops do close."),
    ("The council of the island wants the operator to publish accounts", "for the last five years, so that those who pay can see the costs."),
    ("The ferry board meets again in June, when the budget is due, and", "until then the boats run on the winter timetable, as it was said."),
]  # fmt: skip

ALONE = [
    ("The mayor abstained from the vote and left before the count began.",),
    ("Fishermen had gathered outside the hall and asked for a meeting.",),
    ("A study had found that the old quays need repairs without delay.",),
]
READ = [" ".join(lines) for lines in [*PARAGRAPHS, *ALONE]]


def _page(first: int, leading: int, between: int, *edges: tuple[int, int, int, str]) -> list[tuple[int, int, int, str]]:
    lines, low = list(edges), first
    for paragraph in [*PARAGRAPHS, *ALONE]:
        for line in paragraph:
            lines.append((40, low, 10, line))
            low -= leading
        low -= between - leading
    return lines


def test_paragraphs_of_two_full_lines_are_not_run_together(tmp_path: Path) -> None:
    assert kept(built(tmp_path, {"a.pdf": pdf([_page(540, 12, 22)])})) == READ


def test_the_address_and_the_time_that_a_browser_prints_are_furniture(tmp_path: Path) -> None:
    edges = ((20, 585, 8, "11/29/24, 11:24 PM"), (20, 12, 8, "https://port.example/fees/2024 1/1"))
    corpus = built(tmp_path, {"a.pdf": pdf([_page(540, 12, 22, *edges)])})
    assert kept(corpus) == READ
    assert set(reasons(corpus).values()) == {"furniture"}

# ruff: noqa: E501 - sample lines as they come
"""A story that many outlets carry counts once: copies point at the earliest, whatever the small edits."""

from __future__ import annotations

import difflib
import json
import random
from pathlib import Path

from kit.corpora import built, column

from toolkit.values import Corpus

STORY = [
    "The harbour board agreed on Tuesday to dredge the northern channel to a depth of nine metres before the winter storms arrive, its chairman said.",
    "Fishermen had asked for the work since spring, when two boats ran aground within sight of the lighthouse and a third lost its rudder on the bar.",
    "“We have waited long enough,” said Marta Lind, who speaks for the owners of the smaller vessels and has fished the bank for thirty years.",
    "The contract is worth 4.2 million and will be paid from harbour dues, which rise by six percent in January for every vessel above ten metres.",
    "Work begins on 3 November and is to end before Christmas, weather permitting, with two dredgers working in shifts around the clock.",
]
OTHER = [
    "A new school for marine engineering opened in the old customs house, with forty pupils in its first class and places for twice as many.",
    "Its workshop holds an engine from a ferry that was broken up last year, which the pupils will take apart and put together again by summer.",
    "The county pays for the teachers, and three shipping companies have promised to take every graduate who passes the examination.",
]


def edited(chance: random.Random, number: int) -> list[str]:
    """The story as an outlet prints it: a few words changed, sometimes a paragraph less, its own dateline and closing line."""
    swaps = [
        ("agreed", "decided"),
        ("Tuesday", "this week"),
        ("said", "told reporters"),
        ("before", "ahead of"),
        ("lost", "damaged"),
    ]
    lines = [line.replace(*chance.choice(swaps)) for line in STORY]
    if chance.random() < 0.3:
        del lines[chance.randrange(1, len(lines))]
    lead = f"PORTSIDE, Oct 3 (Outlet {number}) - " if chance.random() < 0.5 else ""
    return [lead + lines[0], *lines[1:], f"Read more at outlet{number}.example"]


def planted(folder: Path, outlets: int) -> Corpus:
    chance = random.Random(3)
    rows = [{"id": "first", "date": "2024-10-02", "text": "\n\n".join(STORY)}]
    rows += [{"id": "school", "date": "2024-10-02", "text": "\n\n".join(OTHER)}]
    rows += [
        {"id": f"copy{n:02d}", "date": f"2024-10-{3 + n % 20:02d}", "text": "\n\n".join(edited(chance, n))}
        for n in range(outlets)
    ]
    return built(folder, {"t.jsonl": "\n".join(json.dumps(row) for row in rows)})


def test_forty_outlets_are_one_story(tmp_path: Path) -> None:
    corpus = planted(tmp_path, 40)
    for row in corpus.documents.to_pylist():
        assert row["duplicate_of"] == ("first" if row["document_id"].startswith("copy") else None)
    unique = [row["paragraph_id"] for row in corpus.paragraphs.to_pylist() if row["duplicate_of"] is None]
    assert unique == [f"first:{n}" for n in range(1, 6)] + [f"school:{n}" for n in range(1, 4)]
    assert {row["duplicate_of"].split(":")[0] for row in corpus.paragraphs.to_pylist() if row["duplicate_of"]} == {
        "first"
    }


def test_each_copied_paragraph_points_at_the_one_it_came_from(tmp_path: Path) -> None:
    corpus = planted(tmp_path, 10)
    text = dict(zip(column(corpus.paragraphs, "paragraph_id"), column(corpus.paragraphs, "text"), strict=True))
    for row in corpus.paragraphs.to_pylist():
        if row["duplicate_of"]:
            assert difflib.SequenceMatcher(None, row["text"], text[row["duplicate_of"]]).ratio() > 0.7


def test_a_figure_that_differs_is_another_fact(tmp_path: Path) -> None:
    text = "Exports of the province rose by {} percent in {} from a year earlier, the customs office said on Monday morning."
    rows = [
        {"id": n, "text": text.format(figure, month)} for n, figure, month in (("a", 5.3, "May"), ("b", 6.1, "June"))
    ]
    corpus = built(tmp_path, {"t.jsonl": "\n".join(json.dumps(row) for row in rows)})
    assert column(corpus.paragraphs, "duplicate_of") == [None, None]


def test_case_blanks_and_punctuation_make_no_difference_even_in_short_texts(tmp_path: Path) -> None:
    rows = [
        {"id": "b", "date": "2024-01-02", "text": "No comment was given."},
        {"id": "a", "date": "2024-01-03", "text": "no comment  was given"},
    ]
    corpus = built(tmp_path, {"t.jsonl": "\n".join(json.dumps(row) for row in rows)})
    assert column(corpus.paragraphs, "duplicate_of") == ["b:1", None]


def test_the_earliest_is_canonical_and_files_in_any_order_give_the_same(tmp_path: Path) -> None:
    one = {"z.txt": f"Date: 2024-01-01\nSource: A\n\n{STORY[0]}", "a.txt": f"Date: 2024-01-02\nSource: B\n\n{STORY[0]}"}
    corpus = built(tmp_path / "one", dict(one))
    assert dict(zip(column(corpus.documents, "document_id"), column(corpus.documents, "duplicate_of"), strict=True)) == {
        "a.txt": "z.txt", "z.txt": None,
    }  # fmt: skip
    again = built(tmp_path / "two", dict(reversed(one.items())))
    assert again.paragraphs.equals(corpus.paragraphs)


def test_duplicates_can_be_switched_off(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": STORY[0], "b.txt": STORY[0]}, duplicates={"enabled": False})
    assert column(corpus.paragraphs, "duplicate_of") == [None, None]

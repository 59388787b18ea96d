# ruff: noqa: E501 - sample lines
"""Prose that speaks of copyright, cookies, newsletters and the like stays; notices of many wordings go.

`data/corpus_lines/body.txt` and `boilerplate.txt` hold one line each; every line is put before, into and after the text
of an article of its own language. Both were written after the rules, the rules were then mended with them: they
guard against a step back and are no measure of unseen text (that is `test_corpus_marks`).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.corpora import built

LINES = Path(__file__).parents[1] / "data" / "corpus_lines"
ENGLISH = (
    "Board agrees to dredge the channel",
    "The harbour board agreed on Tuesday to dredge the northern channel before the winter storms, its chairman said.",
    "Fishermen had asked for the work since spring, when two boats ran aground near the lighthouse. A third lost its rudder.",
    "Work begins in November and is to end before Christmas, weather permitting, with two dredgers. Nobody objected.",
)
CHINESE = (
    "港口将疏浚北部航道",
    "港务委员会周二决定在冬季风暴到来之前疏浚北部航道，委员会主席在会后表示，工程预算已经获得批准。",
    "渔民从春天起就要求开展这项工程，当时两艘渔船在灯塔附近搁浅，第三艘损坏了船舵。委员会为此召开了三次听证会。",
    "工程将于十一月开工，预计在年底前完成，两艘挖泥船将昼夜轮班作业。没有人提出反对意见，当地居民普遍表示支持。",
)
PLACES = {"before": 1, "inside": 3, "after": 4}


def kept_lines(folder: Path, lines: list[str], place: str) -> dict[str, bool]:
    """For each line whether it is still there when it stands at that place of an article."""
    pages: dict[str, str | bytes] = {}
    for number, line in enumerate(lines):
        page = list(CHINESE if any("\u4e00" <= char <= "\u9fff" for char in line) else ENGLISH)
        page.insert(PLACES[place], line)
        pages[f"{number:03d}.txt"] = "\n\n".join(page) + "\n"
    corpus = built(folder, pages, duplicates={"enabled": False}, clean={"repeated": False})
    texts: dict[str, str] = {}
    for row in corpus.paragraphs.to_pylist():
        name = str(row["document_id"])
        texts[name] = texts.get(name, "") + " ".join(row["text"].split()) + "\n"
    return {line: line in texts.get(f"{number:03d}.txt", "") for number, line in enumerate(lines)}


@pytest.mark.parametrize("place", PLACES)
def test_prose_that_speaks_of_notices_stays(tmp_path: Path, place: str) -> None:
    lines = (LINES / "body.txt").read_text("utf-8").splitlines()
    assert len(lines) > 150
    assert [line for line, stays in kept_lines(tmp_path, lines, place).items() if not stays] == []


@pytest.mark.parametrize("place", PLACES)
def test_notices_in_many_wordings_go(tmp_path: Path, place: str) -> None:
    lines = (LINES / "boilerplate.txt").read_text("utf-8").splitlines()
    assert len(lines) > 110
    left = [line for line, stays in kept_lines(tmp_path, lines, place).items() if stays]
    # who somebody is, is boilerplate at the end of an article only
    assert left == (
        [] if place == "after" else ["Priya Natarajan is a senior fellow at the Institute for Coastal Policy."]
    )

"""Body kept, boilerplate out, headings right: measured against line marks made by hand on documents of many styles.

`data/corpus_marks/tune.jsonl` was looked at while the rules were written; `held.jsonl` was not. Marks: B body
paragraph, H heading, X boilerplate, d either. Run as a script for the figures: ``python tests/test_corpus_marks.py``.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from toolkit.corpus import CorpusSettings, build_corpus, corpus_files

MARKS = Path(__file__).parent / "data" / "corpus_marks"


def flat(text: str) -> str:
    return " ".join(re.sub(r"[*_#`>|]|\[|\]\([^)]*\)|\]", " ", text).split())


def faults_of(half: str) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """(right, all) for each measure, and a line for each fault."""
    documents = [json.loads(line) for line in (MARKS / f"{half}.jsonl").read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        for document in documents:
            Path(folder, f"{document['id']}.{document['format']}").write_text(document["text"], "utf-8")
        settings = CorpusSettings(path=folder)
        corpus = build_corpus(settings, corpus_files(settings))
    kept = rows_by_document(corpus.paragraphs)
    left = rows_by_document(corpus.ledger)
    counts = {"body kept": [0, 0], "boilerplate out": [0, 0], "headings found": [0, 0], "paragraph headings": [0, 0]}
    faults: list[str] = []
    for document in documents:
        name = f"{document['id']}.{document['format']}"
        for measure, right, what in judged(document["marks"], kept.get(name, []), left.get(name, [])):
            counts[measure][0] += right
            counts[measure][1] += 1
            if not right:
                faults.append(f"{measure}: {name}: {what}")
    return {measure: (right, total) for measure, (right, total) in counts.items()}, faults


def rows_by_document(table: Any) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        found.setdefault(row["document_id"], []).append(row)
    return found


def judged(
    marks: list[list[str]], kept: list[dict[str, Any]], left: list[dict[str, Any]]
) -> Iterator[tuple[str, bool, str]]:
    """(measure, right or not, what) for every mark of one document."""
    body = [(flat(row["text"]), flat(row["heading"] or "")) for row in kept]
    whole = " ".join(text for text, _ in body)
    out = [flat(row["text"]) for row in left]
    headings = {flat(row["text"]) for row in left if row["reason"] == "heading"}
    above = either = ""  # the heading above by the marks; a line that may be taken for one
    for mark, raw in marks:
        text = flat(raw)
        if mark == "H":
            above = either = text
            yield "headings found", text in headings, text
        elif mark == "d":
            either = text
        elif mark == "B":
            yield "body kept", text in whole, text
            under = next((heading for content, heading in body if text in content), None)
            if under is not None:
                yield "paragraph headings", under in (above, either), f"{text[:60]!r} under {under!r}, not {above!r}"
        elif mark == "X":
            yield "boilerplate out", any(text in row for row in out) and not (len(text) > 20 and text in whole), text


@pytest.mark.parametrize("half", ["tune", "held"])
def test_body_stays_boilerplate_goes_and_headings_are_found(half: str) -> None:
    counts, faults = faults_of(half)
    share = {measure: right / total for measure, (right, total) in counts.items()}
    assert share["body kept"] >= 0.99, faults
    assert share["boilerplate out"] >= 0.90, faults
    assert share["headings found"] >= 0.95, faults
    assert share["paragraph headings"] >= 0.95, faults


if __name__ == "__main__":
    import sys

    for half in sys.argv[1:] or ["tune", "held"]:
        counts, faults = faults_of(half)
        for measure, (right, total) in counts.items():
            print(f"{half:5} {measure:20} {right:4} of {total:4} = {right / total:.1%}")
        if half == "tune" or "--show" in sys.argv:
            print("\n".join(f"    {fault}" for fault in faults))

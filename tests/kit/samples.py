"""A small finished run to draw from, and a person who answers a sheet as the text tells."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kit.studies import write_study

import toolkit
from toolkit.runs import Run
from toolkit.runtime.progress import Progress

CODE_OF = {"harbour": "ports", "schools": "learning"}


def small_run(folder: Path, **blocks: Any) -> Run:
    """The small study run once, in `folder`."""
    given = {"codebook": {"path": "codebook.yaml", "covers": "everything"}} | blocks
    config = write_study(folder / "study", **given)
    return toolkit.run(config, out=folder / "run", progress=Progress(quiet=True))


def again(run: Run, folder: Path, codes: Any) -> Run:
    """The same study with human codes, in `folder`."""
    config = run.path.parent / "study" / "study.yaml"
    given = {"codebook.codes": [str(code) for code in codes] if isinstance(codes, (list, tuple)) else str(codes)}
    return toolkit.run(config, set=given, out=folder, progress=Progress(quiet=True))


def code_by_topic(text: str) -> str:
    """What a careful coder gives."""
    return next((code for word, code in CODE_OF.items() if f"file on {word}" in text), "")


def write_answers(
    sheet: Path,
    coder: str,
    answer: Callable[[str], str] = code_by_topic,
    rows: slice = slice(None),
    beside: bool = True,
) -> Path:
    """Answers to a sheet.csv as the page saves them; the path of the file."""
    with sheet.open(encoding="utf-8", newline="") as stream:
        given = list(csv.DictReader(stream))[rows]
    place = (sheet.parent if beside else sheet.parent.parent) / f"answers-{coder}.csv"
    with place.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["paragraph_id", "code", "coder", "unsure", "memo", "sheet", "text"])
        for row in given:
            table.writerow([row["paragraph_id"], answer(row["text"]), coder, "", "", row["sheet"], row["text"]])
    return place


def design(folder: Path) -> dict[str, Any]:
    """design.json of a folder."""
    tree: dict[str, Any] = json.loads((folder / "design.json").read_text(encoding="utf-8"))
    return tree


def ids(folder: Path) -> Sequence[str]:
    """The drawn paragraphs in the order of showing."""
    return [row["paragraph_id"] for row in design(folder)["paragraphs"]]

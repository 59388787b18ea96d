"""The records of decisions have one form: status, context, decision, cost, what was not taken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs/adr"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
PARTS = ["Context", "Decision", "Cost", "Not taken"]
STATUS = re.compile(r"^Status: accepted, \d{4}-\d\d-\d\d[.;]", re.MULTILINE)


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem[:4])
def test_a_record_has_a_dated_status_and_the_four_parts(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    assert STATUS.search(text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS


def test_records_are_numbered_without_gap_and_the_index_names_each_by_its_title() -> None:
    index = re.findall(r"^\| \[(\d+)\]\((.+?)\) \| (.+?) \| ", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    titles = [path.read_text(encoding="utf-8").partition("\n")[0] for path in RECORDS]
    assert [f"# {number}. {title}" for number, _, title in index] == titles
    assert [name for _, name, _ in index] == [path.name for path in RECORDS]
    assert [int(number) for number, _, _ in index] == list(range(1, len(RECORDS) + 1))

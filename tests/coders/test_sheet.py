"""The files of a sheet: self-contained, harmless in a browser, a spreadsheet and a reader, and complete."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from pathlib import Path

import pytest
from kit.press import HOSTILE

from toolkit.coders import Choice, Item, Sheet, write_sheet
from toolkit.files.cells import runs

CODES = (
    Choice("a;1", "Ports", "Quays.", None, ("quays",), ("airports",), ("quay",), ("A quay.",), ("A runway.",)),
    Choice("=b", HOSTILE[0], HOSTILE[1], "a;1"),
)


def sheet(kind: str = "codes") -> Sheet:
    items = tuple(Item(f"=d{row}:1", text, () if kind == "codes" else (text, "b")) for row, text in enumerate(HOSTILE))
    return Sheet("r-1", kind, HOSTILE[0], HOSTILE[3], items, CODES if kind == "codes" else ())  # type: ignore[arg-type]


def test_the_page_allows_nothing_but_its_own_style_and_script(tmp_path: Path) -> None:
    write_sheet(sheet(), tmp_path, "About.")
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    allowed = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert allowed and allowed[1].replace("&#39;", "'").startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        body = re.search(f"<{tag}>(.*?)</{tag}>", page, re.S)
        assert body and base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode() in allowed[1]
    assert not re.findall(r"(?:src|href)=[\"']?(?:https?:|//)", page) and page.count("<script") == 2


def test_no_text_can_end_the_block_of_data_and_every_text_is_in_it(tmp_path: Path) -> None:
    write_sheet(sheet(), tmp_path, "About.")
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    assert data["items"][0]["text"] == HOSTILE[0]
    assert data["choices"][0] == {
        "id": "a;1", "name": "Ports", "definition": "Quays.", "parent": None, "include": ["quays"],
        "exclude": ["airports"], "keywords": ["quay"], "examples": ["A quay."], "counterexamples": ["A runway."],
    }  # fmt: skip
    assert "\u202e" not in page


@pytest.mark.parametrize("kind", ["codes", "words"])
def test_the_table_holds_the_same_and_no_cell_is_a_formula(tmp_path: Path, kind: str) -> None:
    write_sheet(sheet(kind), tmp_path, "About.")
    with (tmp_path / "sheet.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(HOSTILE) and {row["code" if kind == "codes" else "chosen"] for row in rows} == {"?"}
    assert not [cell for row in rows for cell in row.values() if runs(cell)]


def test_the_codebook_and_the_readme_say_what_is_needed(tmp_path: Path) -> None:
    write_sheet(sheet(), tmp_path, "Drawn at random.")
    book, readme = ((tmp_path / name).read_text(encoding="utf-8") for name in ("codebook.md", "README.md"))
    for words in ("Quays.", "quays", "airports", "A quay.", "A runway.", "Part of `a;1`"):
        assert words in book
    assert "Drawn at random." in readme and "codebook:\n  path: codebook.yaml\n  codes:" in readme
    write_sheet(sheet("words"), tmp_path / "words", "About.")
    assert "key.json" in (tmp_path / "words" / "README.md").read_text(encoding="utf-8")
    assert not (tmp_path / "words" / "codebook.md").exists()

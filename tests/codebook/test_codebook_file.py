"""The codebook file: what is read, and every fault with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.codebook import load_codebook
from toolkit.errors import ConfigError

GOOD = """\
themes:
  - id: water
    name: Water supply
    definition: Getting clean water to people.
    include: wells, pipes and reservoirs; drought
    keywords: [aqueduct, 6G]
  - id: floods
    name: Floods
    definition: Too much water.
    parent: water
"""
BAD = """\
themes:
  - id: water
    name: Water supply
    defintion: Getting clean water to people.
  - id: water
    name: ""
    definition: Again.
    parent: watr
  - id: a
    name: A
    definition: A.
    parent: b
  - id: b
    name: B
    definition: B.
    parent: a
colour: blue
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "codebook.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_codebook_is_read_in_the_order_of_its_file(tmp_path: Path) -> None:
    book = load_codebook(write(tmp_path, GOOD))
    assert book.ids == ("water", "floods")
    assert book.parents == {"water": None, "floods": "water"}
    assert book.themes[0].keywords == ("aqueduct", "6G")
    assert book.themes[0].include == ("wells, pipes and reservoirs; drought",)


def test_the_hash_follows_the_content_and_not_the_layout(tmp_path: Path) -> None:
    book = load_codebook(write(tmp_path, GOOD))
    assert load_codebook(write(tmp_path, "# a comment\n" + GOOD + "\n\n")).sha256 == book.sha256
    assert load_codebook(write(tmp_path, GOOD.replace("clean water", "safe water"))).sha256 != book.sha256


def test_every_fault_comes_at_once_with_file_line_column_and_key(tmp_path: Path) -> None:
    path = write(tmp_path, BAD)
    with pytest.raises(ConfigError) as caught:
        load_codebook(path)
    faults = caught.value.faults
    text = "\n".join(faults)
    assert f"{path}:4:5: themes.0.defintion: unknown key (did you mean 'definition'?)" in text
    assert f"{path}:2:5: themes.0: definition is missing" in text
    assert f"{path}:5:5: themes.1.id: 'water' is given twice (first at {path}:2:5)" in text
    assert "themes.1.name: must be a text that is not empty" in text
    assert "themes.1.parent: no code has the id 'watr' (did you mean 'water'?)" in text
    assert "themes.2.parent: is its own ancestor: a → b → a" in text
    assert "colour: unknown key" in text
    lines = [int(fault.split(":")[1]) for fault in faults]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("themes: []\n", "the list is empty"),
        ("title: x\n", "the key 'themes' is missing"),
        ("- a\n", "a codebook is a mapping"),
        ("", "a codebook is a mapping"),
        ("themes: [a]\n", "themes.0: must be a mapping"),
        ("themes:\n  - {id: 'a;b', name: n, definition: d}\n", "no semicolon"),
        ("themes:\n  - {id: a, name: n, definition: d, keywords: [[x]]}\n", "themes.0.keywords.0: must be a text"),
    ],
)
def test_a_codebook_that_holds_no_usable_codes_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message.replace("(", r"\(")):
        load_codebook(write(tmp_path, text))


def test_numbers_serve_as_ids_and_norway_stays_norway(tmp_path: Path) -> None:
    text = "themes:\n  - {id: 1, name: One, definition: d}\n  - {id: NO, name: Norway, definition: d}\n"
    assert load_codebook(write(tmp_path, text)).ids == ("1", "NO")

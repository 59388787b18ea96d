"""Every promise of SECURITY.md names tests, and each of these tests exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"


def promises() -> dict[str, list[str]]:
    """The tests of each promise: row n of the table has the names of item n in the list below it."""
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (\*\*.+) \|$", page, re.MULTILINE)
    items = re.findall(r"^(\d+)\. ((?:`test_\w+`,?\s+)+)", page, re.MULTILINE)
    assert [number for number, _ in rows] == [number for number, _ in items]
    return {promise: re.findall(r"`(test_\w+)`", tests) for (_, promise), (_, tests) in zip(rows, items, strict=True)}


def existing_tests() -> set[str]:
    names: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return names


def test_every_promise_about_hostile_files_names_tests_that_exist() -> None:
    assert len(promises()) >= 10
    assert [promise for promise, tests in promises().items() if not tests] == []
    named = {name for tests in promises().values() for name in tests}
    assert sorted(named - existing_tests()) == []

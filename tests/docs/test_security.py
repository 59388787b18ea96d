"""Every promise of SECURITY.md names tests, and each of these tests exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"


def promises() -> dict[str, list[str]]:
    """The rows of the table of promises: what is promised, and the tests that it names."""
    rows = re.findall(r"^\| (\*\*.+?) \| (.+) \|$", (ROOT / "SECURITY.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {promise: re.findall(r"`(test_\w+)`", tests) for promise, tests in rows}


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

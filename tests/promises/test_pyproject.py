"""pyproject.toml names no module that the code does not import."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import toolkit

HOME = Path(toolkit.__file__).parent


def imported() -> set[str]:
    """The outermost names of all modules that the toolkit imports."""
    names: set[str] = set()
    for path in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    return names


def test_the_modules_that_mypy_is_told_to_skip_are_modules_that_are_imported() -> None:
    place = HOME.parent / "pyproject.toml"
    if not place.is_file():
        pytest.skip("installed without its sources")
    overrides = tomllib.loads(place.read_text(encoding="utf-8"))["tool"]["mypy"]["overrides"]
    skipped = {name.removesuffix(".*") for block in overrides for name in block["module"]}
    assert skipped and skipped - imported() == set()

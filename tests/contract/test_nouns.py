"""Names are nouns for values: a reader of `masks` or `rows` knows what it is, a reader of `found` does not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import toolkit

ROOT = Path(toolkit.__file__).parent.parent
ROOMS = ("toolkit", "docs", "experiments", "tests")
NO_NOUNS = frozenset({"found", "own", "held", "said", "told", "kin"})


def bindings(code: str) -> Iterator[tuple[int, str]]:
    """(line, name) of everything that code binds: variables, parameters, attributes, functions, classes and imports."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.alias(name=name, asname=other):
                yield node.lineno, other or name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield node.lineno, name


@pytest.mark.parametrize("room", ROOMS)
def test_no_name_is_a_participle_or_an_adjective_without_its_noun(room: str) -> None:
    folder = ROOT / room
    if not folder.is_dir():
        pytest.skip("installed without it")
    faults = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in sorted(folder.rglob("*.py"))
        for line, name in bindings(path.read_text(encoding="utf-8"))
        if name.lower().strip("_") in NO_NOUNS
    ]
    assert not faults, f"{len(faults)} names without a noun: {'; '.join(faults[:20])}"


@pytest.mark.parametrize(
    "code",
    ["found = 1", "def f(held): ...", "class Found: ...", "self.told = 2", "from a import b as said", "def _own(): ...",
     "for own in []: ...", "lambda kin: 1", "try: ...\nexcept OSError as told: ...", "with a as held: ..."],
)  # fmt: skip
def test_every_way_to_bind_a_name_is_seen(code: str) -> None:
    assert any(name.lower().strip("_") in NO_NOUNS for _, name in bindings(code))

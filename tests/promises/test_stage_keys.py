"""A stored result is never older than the code that claims it: what a stage runs is part of its key."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import toolkit
from toolkit.embed.identity import ASIDE, WORKING
from toolkit.store.stage import SHARED
from toolkit.study import study

HOME = Path(toolkit.__file__).parent
STAGES = {stage.name: stage for stage in study.STAGES}
CANNOT_MOVE_A_VALUE = {
    "errors": "says what is wrong and ends the stage, so that there is no value",
    "files": "the face of a package: a docstring",
    "files.digest": "names bytes by their sha256",
    "files.nearest_file": "words a fault: which name is nearest to a file that is missing",
    "files.yaml_advice": "words a fault: what to type instead in a file that is not YAML",
    "runtime": "the face of a package: a docstring",
    "runtime.memory": "gives freed memory back",
    "runtime.parallel": "says where work is done; results are the same bytes wherever (a test looks)",
    "runtime.provenance": "names versions and the machine; what a value depends on of them goes into keys by itself",
    "store": "the face of a package: a docstring",
    "text": "the face of a package: a docstring",
    "version": "the name of this release",
}
HANDS_ON = {"store.stage", "study.beside", "study.edits", "study.reading", "study.study", "study.unique"}
"""Their bytes are in every key; what they import is the stages themselves and what hands values to them."""


@cache
def modules() -> dict[str, Path]:
    """Dotted name below `toolkit` -> file; a package goes by its own name."""
    named = {}
    for path in HOME.rglob("*.py"):
        parts = path.relative_to(HOME).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes that can run: those for type checkers alone are left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from statements(node)


@cache
def imports(module: str) -> frozenset[str]:
    """Modules of the toolkit that a module imports, inside functions too, with the packages they lie in."""
    names: set[str] = set()
    for node in statements(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} has a relative import, which this test does not follow"
            names |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    below = {name.removeprefix("toolkit.") for name in names if name.startswith("toolkit.")}
    packages = {name.rpartition(".")[0] for name in below}
    return frozenset((below | packages) & set(modules())) - {""}


def closure(start: set[str]) -> set[str]:
    """The modules that these reach by imports, themselves included."""
    reached, todo = set(start), list(start)
    while todo:
        new = imports(todo.pop()) - reached
        reached |= new
        todo += new
    return reached


@pytest.mark.parametrize("name", STAGES)
def test_a_stages_key_holds_every_module_that_its_code_reaches(name: str) -> None:
    keyed = {path.resolve() for path in STAGES[name].files()}
    start = {module for module, path in modules().items() if path.resolve() in keyed} - HANDS_ON
    assert start
    missing = {module for module in closure(start) if modules()[module].resolve() not in keyed}
    assert sorted(missing - set(CANNOT_MOVE_A_VALUE)) == []


@pytest.mark.parametrize("name", STAGES)
def test_a_stages_key_holds_the_tuned_numbers_that_its_code_reads(name: str) -> None:
    keyed = {path.resolve() for path in STAGES[name].files()}
    modules_read = [path.read_text(encoding="utf-8") for path in keyed if path.suffix == ".py"]
    packages = {package for text in modules_read for package in re.findall(r'\btuned\("toolkit\.([a-z_.]+)"\)', text)}
    files = {(HOME / package.replace(".", "/") / "tuned.toml").resolve() for package in packages}
    assert files <= keyed and all(path.is_file() for path in files)
    if "discover" in STAGES[name].sources:
        assert "discover" in packages


def test_the_list_of_what_cannot_move_a_value_names_nothing_that_is_reached_no_more() -> None:
    reached = set()
    for stage in STAGES.values():
        keyed = {path.resolve() for path in stage.files()}
        reached |= closure({module for module, path in modules().items() if path.resolve() in keyed} - HANDS_ON)
    assert set(CANNOT_MOVE_A_VALUE) <= reached


def test_the_code_that_stored_vectors_are_known_by_is_all_that_turns_a_text_into_a_vector() -> None:
    """Left out are settings, and what says which model it is: its weights and how it reads are in the identity."""
    which = {"embed", "embed.embedder", "embed.hub", "embed.identity", "values", "settings"}
    reached = {f"embed.{name}" for name in WORKING}
    for name in list(reached):
        reached |= imports(name)
    assert sorted(reached - {f"embed.{name}" for name in WORKING} - which - set(CANNOT_MOVE_A_VALUE)) == []
    assert {name.rpartition(".")[2] for name in modules() if name.startswith("embed.")} == {*WORKING, *ASIDE} - {
        "__init__"
    }


SCRIPT = """
import json, sys
from dataclasses import replace
from pathlib import Path

import toolkit
from toolkit.runtime.progress import QUIET
from toolkit.store.stage import SHARED, Stages
from toolkit.store.stages import Store
from toolkit.study.study import STAGES
from toolkit.values import Checks

home, made = Path(toolkit.__file__).parent, {}
runs = Stages(Store(Path(sys.argv[1])), QUIET)
for stage in STAGES:
    plain = {"settings": lambda of: None, "inputs": lambda of: {}, "make": lambda of, tick: Checks({})}
    stage = replace(stage, kind=Checks, check=lambda of, value: None, **plain)
    run = lambda: runs.run(stage, None).from_store
    taken = [run(), run()]
    for source in (*stage.sources, *SHARED):
        place = home / source
        edited = sorted(place.rglob("*.py"))[-1] if place.is_dir() else place
        edited.write_text(edited.read_text() + "# edited" + chr(10))
        taken.append(run())
    made[stage.name] = [*taken, run()]
print(json.dumps([str(home), made]))
"""


def test_after_an_edit_to_a_stages_code_it_is_made_again(tmp_path: Path) -> None:
    copy = tmp_path / "code" / "toolkit"
    shutil.copytree(HOME, copy, ignore=shutil.ignore_patterns("__pycache__", "*.woff2", "*.ttf", "*.otf"))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "store")],
        capture_output=True, text=True, check=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(copy.parent), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    home, from_store = json.loads(done.stdout)
    assert home == str(copy) and set(from_store) == set(STAGES)
    for name, taken in from_store.items():
        edits = len(STAGES[name].sources) + len(SHARED)
        assert taken == [False, True, *[False] * edits, True], name

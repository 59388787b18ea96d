"""Numbers that were tuned on data: each says its unit, its data and its command, and code reads each of them."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

import toolkit
from toolkit.files.tuned import FIELDS, FILE, Tuned, tuned

HOME = Path(toolkit.__file__).parent
ROOT = HOME.parent
FILES = sorted(HOME.rglob(FILE))
ENTRIES = [
    (path, name, entry) for path in FILES for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
]
READERS = {"number", "whole", "numbers", "by_name", "fitted"}
"""Methods of Tuned that read an entry."""


@cache
def calls(path: Path) -> list[tuple[str, str]]:
    """Object and first argument of each call in a module that reads a tuned number."""
    return [
        (ast.unparse(node.func.value), str(node.args[0].value))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in READERS
        and isinstance(node.args[0], ast.Constant)
    ]


def names_read(package: Path) -> set[str]:
    """The entries of a package that code reads by name.

    Its own code reads them as `TUNED.number("name")`, code elsewhere as `tuned("toolkit.package").number("name")`.
    """
    elsewhere = f"tuned('toolkit.{'.'.join(package.relative_to(HOME).parts)}')"
    names = set()
    for path in HOME.rglob("*.py"):
        readers = {elsewhere, "TUNED"} if path.is_relative_to(package) else {elsewhere}
        names |= {name for value, name in calls(path) if value in readers}
    return names


@pytest.mark.parametrize("path,name,entry", ENTRIES, ids=[f"{path.parent.name}-{name}" for path, name, _ in ENTRIES])
def test_a_tuned_number_says_its_unit_its_data_and_the_command_that_measures_it(
    path: Path, name: str, entry: dict[str, object]
) -> None:
    texts = [entry.get(field) for field in FIELDS]
    assert all(isinstance(text, str) and text.strip() for text in texts), (name, entry)
    assert set(entry) == {*FIELDS, "file" if "file" in entry else "value"}
    if "file" in entry:
        assert (path.parent / str(entry["file"])).is_file()
    script = re.search(r"(?:python (?:-m pytest )?|toolkit run )(\S+\.(?:py|yaml))", str(entry["command"]))
    if not (ROOT / "experiments").is_dir():
        pytest.skip("installed without its experiments")
    assert script and (ROOT / script[1]).is_file(), entry["command"]


@pytest.mark.parametrize("path", FILES, ids=[path.parent.name for path in FILES])
def test_code_of_the_package_reads_every_tuned_number_and_no_other(path: Path) -> None:
    assert names_read(path.parent) == set(tomllib.loads(path.read_text(encoding="utf-8")))


def test_every_reader_refuses_a_value_of_another_kind() -> None:
    numbers = Tuned("toolkit.x", {"share": {"value": 0.5}, "all": {"value": [1, 2]}, "named": {"value": {"a": 1}}})
    assert numbers.number("share") == 0.5
    assert numbers.numbers("all") == (1.0, 2.0)
    assert numbers.by_name("named") == {"a": 1.0}
    for read, name in ((numbers.whole, "share"), (numbers.number, "all"), (numbers.numbers, "named"),
                       (numbers.by_name, "share"), (numbers.fitted, "share"), (numbers.number, "other")):  # fmt: skip
        with pytest.raises(ValueError, match=rf"toolkit\.x/tuned\.toml: \[{name}\]"):
            read(name)


def test_a_package_without_tuned_numbers_has_no_file() -> None:
    with pytest.raises(FileNotFoundError):
        tuned("toolkit.text")
    assert not files("toolkit.text").joinpath(FILE).is_file()

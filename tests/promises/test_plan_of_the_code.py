"""The tree in README and the floors in ADR 1 are those of the code and of its import contract."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

PAGE = "README.md"
TREE = re.compile(r"^```text\n(configs/ .*?)^```$", re.DOTALL | re.MULTILINE)
LINE = re.compile(r"(?P<indent> *)(?P<names>\w+(?:/|\.py)(?:  \w+(?:/|\.py))*) {2,}(?P<what>\S.*)")
HOME = Path(__file__).resolve().parents[2] / "toolkit"
ROOMS = sorted(path.parent.relative_to(HOME).as_posix() for path in HOME.glob("*/**/__init__.py"))


def tree(page: Path) -> list[str]:
    """Paths in the annotated tree of a page, from the root of the repository; folders end with a slash."""
    (block,) = TREE.findall(page.read_text(encoding="utf-8"))
    paths: list[str] = []
    above: list[str] = []
    for line in block.splitlines():
        match = LINE.fullmatch(line)
        assert match, f"{page.name}: not a line of the form 'name/  what is done there': {line!r}"
        above = above[: len(match["indent"]) // 2]
        names = match["names"].split()
        paths += ["".join([*above, name]) for name in names]
        above.append(names[-1])
    return paths


def test_the_tree_shows_every_room_and_every_loose_module_and_nothing_else(root: Path) -> None:
    rooms = [f"toolkit/{room}/" for room in ROOMS]
    loose = [f"toolkit/{path.name}" for path in (root / "toolkit").glob("[!_]*.py")]
    shown = tree(root / PAGE)
    assert sorted(path for path in shown if path.startswith("toolkit/") and path != "toolkit/") == sorted(rooms + loose)


def test_the_tree_shows_every_folder_of_the_repository(root: Path) -> None:
    shown = {path.rstrip("/") for path in tree(root / PAGE) if path.count("/") == 1 and path.endswith("/")}
    assert [name for name in sorted(shown) if not (root / name).is_dir()] == []
    if (root / ".git").exists():
        files = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout
        assert {line.partition("/")[0] for line in files.splitlines() if re.match(r"[^.\"][^/]*/", line)} == shown


def layers(root: Path) -> list[set[str]]:
    """The layers of the import contract, highest first."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (declared,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return [{name.strip() for name in re.split(r"[|:]", layer)} for layer in declared]


def test_the_floors_of_adr_1_are_the_layers_of_the_import_contract(root: Path) -> None:
    page = (root / "docs/adr/0001-the-house.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \| [^|]+ \|$", page, re.MULTILINE)
    floors = [set(re.findall(r"`(\w+)`", modules)) for _, modules in rows]
    assert floors == layers(root)
    assert [int(number) for number, _ in rows] == list(range(len(rows), 0, -1))


def test_the_tree_goes_down_the_floors(root: Path) -> None:
    floor = {name: number for number, layer in enumerate(layers(root)) for name in layer}
    shown = [path.split("/")[1].removesuffix(".py") for path in tree(root / PAGE) if re.match(r"toolkit/\w", path)]
    numbers = [floor[name] for name in shown]
    assert numbers == sorted(numbers)


def test_contributing_stays_short_enough_to_be_read(root: Path) -> None:
    assert len((root / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) < 175


@pytest.mark.parametrize("room", ROOMS)
def test_the_face_of_a_room_names_what_to_read_first(room: str) -> None:
    docstring = ast.get_docstring(ast.parse((HOME / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    named = re.findall(r"`(\w+(?:\.py|/))`", docstring)
    assert named and [name for name in named if not (HOME / room / name).exists()] == []

"""Notebooks run top to bottom as in a fresh clone, show their results within bounds, and are kept without outputs."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
MOST_SHOWN = 400_000
"""Characters of one output: a figure with its fonts fits, a corpus does not."""
PLAYER = """
import ast, json, sys
cells, shared = json.loads(sys.argv[1]), {"__name__": "__main__"}
for number, code in enumerate(cells):
    tree = ast.parse(code, f"cell {number}")
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, f"cell {number}", "exec"), shared)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), shared)
        shown = value._repr_html_() if hasattr(value, "_repr_html_") else ""
        print(json.dumps({"cell": number, "html": len(shown or "")}))
"""


def code_cells(notebook: Path) -> list[dict[str, Any]]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def clone(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders that notebooks reach for, as in a fresh clone."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("configs", "experiments", "notebooks"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("benchmarks", "report.html"))
    return folder


def test_there_is_a_notebook_for_each_step() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "01-first-look",
        "02-codebook",
        "03-compare",
        "04-write-up",
        "05-repair",
    ]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(notebook: Path) -> None:
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code_cells(notebook))


def within_bounds(printed: str) -> None:
    """Some cell showed a result, and none showed too much."""
    shown = [json.loads(line) for line in printed.splitlines() if line.startswith('{"cell"')]
    assert any(entry["html"] for entry in shown)
    assert [entry for entry in shown if entry["html"] > MOST_SHOWN] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["01-first-look", "04-write-up"])
def test_the_first_and_the_last_notebook_run_top_to_bottom_one_after_the_other(
    clone: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = ["".join(cell["source"]) for cell in code_cells(clone / "notebooks" / f"{name}.ipynb")]
    monkeypatch.setattr(sys, "argv", ["player", json.dumps(cells)])
    with contextlib.chdir(clone / "notebooks"), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(PLAYER, "player", "exec"), {"__name__": "__main__"})
    within_bounds(printed.getvalue())


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_top_to_bottom_and_shows_its_results_within_bounds(clone: Path, notebook: Path) -> None:
    cells = ["".join(cell["source"]) for cell in code_cells(clone / "notebooks" / notebook.name)]
    command = [sys.executable, "-c", PLAYER, json.dumps(cells)]
    done = subprocess.run(command, cwd=clone / "notebooks", capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    within_bounds(done.stdout)

"""CI is what it says: what a machine cannot test is skipped with a reason, and fails where it is required."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

INSIDE = """
import pytest

@pytest.mark.browser
def test_of_a_page():
    pytest.skip("no chromium here")

@pytest.mark.dask
def test_of_a_cluster():
    pytest.importorskip("a_package_that_nobody_has", reason="no scheduler here")

def test_of_something_else():
    pytest.skip("not today")
"""


def pytest_in(folder: Path, root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a folder with the conftest and settings of this project."""
    (folder / "conftest.py").write_bytes((root / "tests" / "conftest.py").read_bytes())
    (folder / "test_inside.py").write_text(INSIDE)
    given = ["-q", "-p", "no:cacheprovider", "-c", str(root / "pyproject.toml"), "--rootdir", str(folder), *words]
    environment = {name: value for name, value in os.environ.items() if name != "TOOLKIT_TESTS_REQUIRE"}
    line = [sys.executable, "-m", "pytest", *given, str(folder)]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.slow
def test_a_test_that_cannot_run_here_is_skipped_and_fails_only_where_it_is_required(root: Path, tmp_path: Path) -> None:
    skipped = pytest_in(tmp_path, root)
    assert skipped.returncode == 0 and "3 skipped" in skipped.stdout, skipped.stdout
    assert "no chromium here" in skipped.stdout and "no scheduler here" in skipped.stdout
    required = pytest_in(tmp_path, root, "--require", "browser,dask")
    assert required.returncode == 1 and "2 failed, 1 skipped" in required.stdout, required.stdout
    assert "browser required, but skipped: Skipped: no chromium here" in required.stdout
    assert "dask required, but skipped: Skipped: no scheduler here" in required.stdout


def test_a_requirement_that_does_not_exist_is_refused(root: Path, tmp_path: Path) -> None:
    done = pytest_in(tmp_path, root, "--require", "brwser")
    assert done.returncode == 4 and "--require brwser" in done.stderr

"""What tests share: where the shared corpora are, what may not be skipped, and no network for models."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # processes that share the cores wait for each other's threads

ROOT = Path(__file__).resolve().parent.parent
REQUIRABLE = ("browser", "dask", "shared")
"""Markers of tests that are skipped on a machine without what they need, unless that is required."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shared", default=None, help="folder with corpora/ and data/ (or TOOLKIT_SHARED)")
    parser.addoption("--store", default=None, help="folder of a store to use and keep; a new one by default")
    what = f"comma-separated markers whose tests may not be skipped, of {', '.join(REQUIRABLE)}"
    parser.addoption("--require", default=None, help=f"{what} (or TOOLKIT_TESTS_REQUIRE)")


def required(config: pytest.Config) -> set[str]:
    """Markers whose tests may not be skipped: --require or TOOLKIT_TESTS_REQUIRE."""
    given = config.getoption("--require") or os.environ.get("TOOLKIT_TESTS_REQUIRE") or ""
    names = {name.strip() for name in given.split(",") if name.strip()}
    if not names <= set(REQUIRABLE):
        raise pytest.UsageError(f"--require {given}: not all of these are among {', '.join(REQUIRABLE)}")
    return names


def pytest_configure(config: pytest.Config) -> None:
    required(config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that may not be skipped fails where it is."""
    report = yield
    needs = sorted(name for name in required(item.config) if item.get_closest_marker(name))
    if report.skipped and needs and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{', '.join(needs)} required, but skipped: {reason}"
    return report


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> Path:
    """The folder of shared corpora: --shared, TOOLKIT_SHARED, or ../shared beside the project."""
    given = pytestconfig.getoption("--shared") or os.environ.get("TOOLKIT_SHARED") or ROOT.parent / "shared"
    folder = Path(given)
    if not (folder / "corpora").is_dir():
        pytest.skip(f"no shared corpora at {folder} (give --shared PATH or set TOOLKIT_SHARED)")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session", autouse=True)
def session_store(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """A store of the session's own, which its processes share: tests see nothing of the user's store; or --store."""
    given = pytestconfig.getoption("--store")
    of_all = tmp_path_factory.getbasetemp().parent if hasattr(pytestconfig, "workerinput") else None
    folder = Path(given) if given else of_all / "store" if of_all else tmp_path_factory.mktemp("store")
    os.environ["TOOLKIT_STORE"] = str(folder)
    os.environ["TOOLKIT_TEST_RUNS"] = str((of_all or tmp_path_factory.getbasetemp()) / "runs")
    return folder

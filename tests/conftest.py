"""What tests share: where the shared corpora lie, and no network for models."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shared", default=None, help="folder with corpora/ and data/ (or TOOLKIT_SHARED)")
    parser.addoption("--store", default=None, help="folder of a store to use and keep; a new one by default")


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
    """A store of the session's own, so that tests see nothing of the user's and share what they make; or --store."""
    given = pytestconfig.getoption("--store")
    folder = Path(given) if given else tmp_path_factory.mktemp("store")
    os.environ["TOOLKIT_STORE"] = str(folder)
    return folder

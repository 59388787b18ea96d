"""The checkers of pages in `docs/`, which are scripts and no package, for tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def docs_module(name: str) -> ModuleType:
    """The module `docs/NAME.py`, loaded from its file."""
    place = Path(__file__).resolve().parents[2] / "docs" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def stated_module() -> ModuleType:
    """`docs/stated.py`, which writes the figures of the shipped study into pages."""
    return docs_module("stated")

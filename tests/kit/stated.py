"""`docs/stated.py`, which writes the figures of the shipped study into pages, for tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def stated_module() -> ModuleType:
    """The module, loaded from its file."""
    place = Path(__file__).resolve().parents[2] / "docs" / "stated.py"
    spec = importlib.util.spec_from_file_location("stated", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["stated"] = module
    spec.loader.exec_module(module)
    return module

"""JSON as all files of a run folder are written: equal values have equal bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_json(tree: Any, path: Path) -> None:
    """Write JSON with sorted keys, UTF-8 and a final newline: equal trees give equal bytes."""
    path.write_text(json_text(tree), encoding="utf-8", newline="\n")


def json_text(tree: Any) -> str:
    """The JSON text of a tree in the spelling that run folders use."""
    return json.dumps(tree, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

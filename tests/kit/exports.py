"""A finished run for tests of exports, made by hand in no time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kit.press_runs import press_run

from toolkit.run_folder.manifest import MANIFEST, seal


def finished(folder: Path, **options: Any) -> Path:
    """A run folder (new) that `load_run` opens."""
    press_run(folder, **options)
    seal(folder, json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    return folder

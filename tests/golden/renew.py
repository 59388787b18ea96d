"""Run the golden studies, say in words what changed since the last renewal, and keep the new outputs.

    make golden            or    python tests/golden/renew.py [--check]

`--check` keeps nothing and ends with 1 if something changed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def renew(check: bool) -> int:
    """Print the changes of each study; keep the new outputs unless `check`. The exit code."""
    from golden_outputs import differences, keep, outputs, read_kept
    from golden_studies import STUDIES

    changed = False
    for name, study in STUDIES.items():
        with tempfile.TemporaryDirectory() as folder:
            os.environ["TOOLKIT_STORE"] = str(Path(folder) / "store")
            made = outputs(study(Path(folder)))
        changes = differences(read_kept(name), made)
        changed |= bool(changes)
        print(f"{name}: " + ("nothing changed" if not changes else f"{len(changes)} changes"))
        print("".join(f"  {change}\n" for change in changes), end="")
        if not check:
            keep(name, made)
    return int(check and changed)


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    sys.path[:0] = [str(HERE), str(HERE.parent)]
    sys.exit(renew("--check" in sys.argv[1:]))

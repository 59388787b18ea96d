"""The white list of the checker of dead code names only what the code still has, each group under a reason."""

from __future__ import annotations

import re
from pathlib import Path

FOLDERS = ("toolkit", "docs", "experiments")


def test_every_name_of_the_white_list_is_in_the_code_and_has_a_reason(root: Path) -> None:
    content = (root / "tests" / "contract" / "white_list.py").read_text(encoding="utf-8").split('"""')[2]
    groups = [group.splitlines() for group in content.strip().split("\n\n")]
    assert [group[:1] for group in groups if not group[0].startswith("# ")] == []
    names = [line.partition("#")[0].strip() for group in groups for line in group if not line.startswith("#")]
    words = {
        word
        for folder in FOLDERS
        for path in (root / folder).rglob("*.py")
        for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    }
    assert len(names) > 50 and [name for name in names if name not in words] == []

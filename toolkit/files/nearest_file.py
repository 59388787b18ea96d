"""The nearest name beside a path that does not exist."""

from __future__ import annotations

import os
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path


def nearest_file(path: Path) -> str:
    """`` (did you mean 'may.txt'?)`` for the closest path that exists, or which folder is missing; else nothing."""
    missing, above = path, path.parent
    while not above.is_dir() and above != above.parent:
        missing, above = above, above.parent
    is_last = missing == path
    try:
        with os.scandir(above) as entries:
            names = sorted(entry.name for entry in entries if entry.name[0] != "." and (is_last or entry.is_dir()))
    except OSError:
        return ""
    close = _closest(missing.name, names)
    if close is None:
        return "" if is_last else f" (there is no folder {str(missing)!r})"
    return f" (did you mean {str(above / close / path.relative_to(missing))!r}?)"


def _closest(name: str, names: list[str]) -> str | None:
    """The name with the nearest stem; among equal stems the nearest whole name. Case does not count."""
    stems: dict[str, list[str]] = {}
    for other in names:
        stems.setdefault(Path(other.lower()).stem, []).append(other)
    close = get_close_matches(Path(name.lower()).stem, stems, n=1, cutoff=0.6)
    if not close:
        return None
    return max(
        stems[close[0]],
        key=lambda other: (SequenceMatcher(None, name.lower(), other.lower()).ratio(), other.endswith(".yaml")),
    )

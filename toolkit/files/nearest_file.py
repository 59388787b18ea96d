"""The nearest name beside a path that does not exist."""

from __future__ import annotations

import os
from difflib import SequenceMatcher
from pathlib import Path

from toolkit.errors import nearest


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
    """The name with the same stem, else the nearest one, upper and lower case alike."""
    stem = Path(name.lower()).stem
    alike = [other for other in names if Path(other.lower()).stem == stem]
    if alike:
        return max(alike, key=lambda other: (SequenceMatcher(None, name, other).ratio(), other.endswith(".yaml")))
    lower = {other.lower(): other for other in names}
    hint = nearest(name.lower(), lower)
    return next((other for low, other in lower.items() if hint == f" (did you mean {low!r}?)"), None)

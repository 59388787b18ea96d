"""Names of themes as CSV (set, theme, namer, name), and the digest of the partition that they are names of."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from naming.partitions import HERE, Partition

COLUMNS = ("set", "theme", "namer", "name")
KEPT = HERE / "names.csv"
DIGESTS = HERE / "partitions.json"
Names = dict[tuple[str, str], dict[int, str]]
"""Set and namer to the name of each theme."""


def read(paths: Iterable[Path]) -> Names:
    """The names of CSV files; of a theme named twice by one namer the last."""
    made: Names = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                made.setdefault((row["set"], row["namer"]), {})[int(row["theme"])] = row["name"]
    return made


def write(path: Path, names: Names) -> None:
    """Write names sorted by set, namer and theme."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for (name, namer), item in sorted(names.items()):
            writer.writerows((name, theme, namer, item[theme]) for theme in sorted(item))


def digest(part: Partition) -> str:
    """Digest of which paragraphs are in which theme."""
    pairs = sorted(zip(part.ids, part.theme.tolist(), strict=True))
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()[:16]


def check(part: Partition, digests: Mapping[str, str]) -> None:
    """ValueError if a run's themes are not those that the kept names are names of."""
    wanted = digests.get(part.name)
    if wanted is not None and wanted != digest(part):
        raise ValueError(
            f"{part.name}: the run has other themes (digest {digest(part)}) than those that were named ({wanted}); "
            "run the set with the config and models used when they were named, or name its themes again"
        )


def complete(part: Partition, namer: str, names: Mapping[int, str]) -> Mapping[int, str]:
    """The names; ValueError if a theme has none."""
    missing = [theme for theme in part.themes if theme not in names]
    if missing:
        raise ValueError(f"{part.name}: {namer} has no name for themes {missing}")
    return names

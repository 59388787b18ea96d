"""What the Tab key offers for the words of a command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

MOST = 200
DEPTH = 2
"""Folders below the one that is typed in which configs and runs are looked for."""


def config_files(typed: str) -> list[str]:
    """YAML files that begin with what is typed; codebooks and logs of decisions left out."""
    others = ("codebook", "decisions")
    return [
        name
        for name in _below(typed)
        if name.endswith((".yaml", ".yml")) and not Path(name).name.startswith(others) and Path(name).is_file()
    ]


def run_folders(typed: str) -> list[str]:
    """Finished runs that begin with what is typed."""
    return [name for name in _below(typed) if (Path(name) / "manifest.json").is_file()]


def kinds(typed: str) -> list[str]:
    """What `toolkit list` lists."""
    from toolkit.commands.listing import KINDS

    return _beginning(typed, KINDS)


def figures(typed: str) -> list[str]:
    """Figures of a report."""
    from toolkit.figures import FIGURES

    return _beginning(typed, FIGURES)


def report_formats(typed: str) -> list[str]:
    """Formats of a report, also after a comma."""
    from toolkit.settings import ReportSettings

    return _listed(typed, get_args(get_args(ReportSettings.model_fields["formats"].annotation)[0]))


def export_formats(typed: str) -> list[str]:
    """Formats of an export, also after a comma."""
    from toolkit.export.export import FORMATS

    return _listed(typed, FORMATS)


def _beginning(typed: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(typed)]


def _listed(typed: str, names: Iterable[str]) -> list[str]:
    """The list typed so far with each name that may end it."""
    before, comma, last = typed.rpartition(",")
    typed_names = before.split(",")
    return [f"{before}{comma}{name}" for name in names if name.startswith(last) and name not in typed_names]


def _below(typed: str) -> list[str]:
    """At most 200 paths that begin with what is typed, in folders that are not hidden."""
    folder = Path(typed.rpartition("/")[0] + "/") if "/" in typed else Path()
    paths: list[str] = []
    for path in _walk(folder, DEPTH):
        if str(path).startswith(typed):
            paths.append(str(path))
            if len(paths) == MOST:
                break
    return paths


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    """Everything in a folder and those in it; of a run only its folder."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return
    for path in inside:
        if not path.name.startswith("."):
            yield path
            if depth and path.is_dir() and not (path / "manifest.json").is_file():
                yield from _walk(path, depth - 1)

"""The message for a path that is not a run folder."""

from __future__ import annotations

from pathlib import Path

from toolkit.errors import nearest

RUNS = Path("runs")
"""The default folder of runs."""
MANIFEST = "manifest.json"
MOST_NAMED = 3


def no_run(path: Path) -> str:
    """The reason why a path is no finished run folder, with the run folders nearby."""
    if path.is_dir():
        inside = [*_runs_in(path), *_runs_in(path / "runs")]
        more = f"; there {_are(inside)}" if inside else "; toolkit run CONFIG makes one and prints its path"
        return f"{path}: no {MANIFEST}, so this is no finished run folder{more}"
    if path.is_file() and (path.parent / MANIFEST).is_file():
        return f"{path}: is a file of a run; give the run folder, {path.parent}"
    if path.is_file():
        config = path.suffix.lower() in (".yaml", ".yml")
        what = "is a config; toolkit run" if config else "is a file; toolkit run CONFIG"
        return f"{path}: {what}{f' {path}' * config} makes a run folder and prints its path"
    runs = list(dict.fromkeys([*_runs_in(path.parent), *_runs_in(RUNS)]))
    names = {**{run.name: run for run in runs}, **{str(run): run for run in runs}}
    near = nearest(str(path), names) or nearest(path.name, names)
    listed = f"; there {_are(runs)}" if runs else "; toolkit run CONFIG makes one and prints its path"
    return f"{path}: no such run folder{near}{listed}"


def _runs_in(folder: Path) -> list[Path]:
    """The finished runs directly in a folder, by name."""
    try:
        return sorted(place for place in folder.iterdir() if (place / MANIFEST).is_file())
    except OSError:
        return []


def _are(runs: list[Path]) -> str:
    named = ", ".join(map(str, runs[:MOST_NAMED]))
    more = len(runs) - MOST_NAMED
    return f"{'is' if len(runs) == 1 else 'are'} {named}" + (f" and {more} more" if more > 0 else "")

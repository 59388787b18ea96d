"""What `toolkit report` does: the report, or one figure, again from a finished run folder alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from toolkit.config import fit, tree_node
from toolkit.errors import StoreError
from toolkit.report import write_report
from toolkit.runs import Run, folder_files, load_run, require_own_themes, seal
from toolkit.settings import ReportSettings
from toolkit.yaml12 import read

REPORTS = ("report.html", "report.md", "report.pdf", "references.bib")


def rewrite_report(folder: Path, formats: Sequence[str] | None = None, text: str | None = None) -> Path:
    """Write a run's report again and bring its manifest's hashes up to date; the path of the first format written.

    Raises:
        StoreError: no finished run there, or it cannot be written. ConfigError: an unknown format.
    """
    run = load_run(folder)
    require_own_themes(run, "its report.md is written by toolkit assign")
    tree = dict((read(folder / "config.yaml").value or {}).get("report") or {})
    tree |= {"formats": list(formats)} if formats else {}
    tree |= {"text": text} if text else {}
    settings = fit(ReportSettings, tree_node(tree, "toolkit report", folder))
    try:
        write_report(folder, settings)
        seal(folder, _rewritten(run, settings), _hashes(run))
    except OSError as fault:
        raise StoreError(f"{folder}: cannot be written: {fault.strerror or fault}") from None
    return folder / f"report.{settings.formats[0]}"


def _rewritten(run: Run, settings: ReportSettings) -> dict[str, Any]:
    """The run's manifest with what was written anew, in order, so that a replay can write the same."""
    step = {"formats": list(settings.formats), "text": settings.text}
    steps = [done for done in run.manifest.get("rewrites", []) if done != step]
    return {**run.manifest, "rewrites": [*steps, step]}


def _hashes(run: Run) -> dict[str, str]:
    """The hashes as they were, but for reports and figures: an edit to any other file still shows afterwards."""
    before: dict[str, str] = dict(run.manifest["files"])
    now = folder_files(run.path)
    return before | {name: sha for name, sha in now.items() if name in REPORTS or name.startswith("figures/")}


def write_figure(folder: Path, name: str, out: Path) -> Path:
    """Write one figure of a run as SVG, with the table behind it as CSV beside. Raises ConfigError, StoreError."""
    return load_run(folder).figure(name).save(out)

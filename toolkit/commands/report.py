"""What `toolkit report` does: it writes the report, or one figure, again from a finished run folder alone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from toolkit.errors import ConfigError, nearest
from toolkit.experiment.experiment import report_settings
from toolkit.report import write_report
from toolkit.run_folder.manifest import MANIFEST, folder_files, seal
from toolkit.run_folder.staging import Staging
from toolkit.runs import Run, load_run, require_own_themes
from toolkit.settings import ReportSettings

PAGE_MM, COLUMN_MM = 170, 85
"""The widths that figures are drawn for."""
REPORTS = ("report.html", "report.md", "report.pdf", "references.bib")


def rewrite_report(
    folder: Path, formats: Sequence[str] | None = None, text: str | None = None, full: bool | None = None
) -> Path:
    """Write a run's report again and bring its manifest's hashes up to date; the path of the first format written.

    The run is copied beside its place (what a report never changes by hard links), and the copy takes its place in one
    step: a kill at any moment leaves the run as it was or as it is to be. What is None is as the run's config has it.

    Raises:
        StoreError: no finished run there, or it cannot be written. ConfigError: an unknown format, or `full` without a
            format that has a full form.
    """
    run = load_run(folder)
    _require_formats(formats)
    require_own_themes(run, "its report is written by toolkit assign")
    changes: dict[str, Any] = {"formats": list(formats)} if formats else {}
    changes |= {"text": text} if text else {}
    changes |= {} if full is None else {"full": full}
    settings = report_settings(folder, changes, "toolkit report")
    if full and not _on_paper(settings):
        fault = "--full is for report.md and report.pdf (report.html has everything, folded): add --format md or pdf"
        raise ConfigError([fault])
    with Staging(folder) as staging:
        _copy(folder, staging.folder)
        write_report(staging.folder, settings)
        seal(staging.folder, _rewritten(run, settings), _hashes(run, staging.folder))
        staging.place()
    return folder / f"report.{settings.formats[0]}"


def _require_formats(formats: Sequence[str] | None) -> None:
    """Raise ConfigError if any of them is no format of a report, or none is named."""
    allowed = get_args(get_args(ReportSettings.model_fields["formats"].annotation)[0])
    if formats is not None and not formats:
        raise ConfigError([f"--format: name at least one of {', '.join(allowed)}"])
    faults = [
        f"--format {name}: no such format{nearest(name, allowed)}; there are {', '.join(allowed)}{_word(name)}"
        for name in formats or ()
        if name not in allowed
    ]
    if faults:
        raise ConfigError(faults)


def _word(name: str) -> str:
    """Where the report for a word processor is to be had, if that was meant."""
    from toolkit.export.export import FORMATS

    if name.lower() not in ("doc", "docx", "word", "odt"):
        return ""
    return "; toolkit export RUN --to docx writes it for Word" if "docx" in FORMATS else "; Word opens report.html"


def _copy(folder: Path, aside: Path) -> None:
    """Copy a run: its reports, figures and manifest as files of their own, all else by hard links if possible."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            (aside / name).mkdir(exist_ok=True)
        elif _renewed(name) or name == MANIFEST:
            shutil.copy2(path, aside / name)
        else:
            try:
                os.link(path, aside / name)
            except OSError:
                shutil.copy2(path, aside / name)


def _renewed(name: str) -> bool:
    """Whether writing a report can change a file of a run folder."""
    return name in REPORTS or name.startswith("figures/")


def _rewritten(run: Run, settings: ReportSettings) -> dict[str, Any]:
    """The run's manifest with what was written anew, in order, so that a replay can write the same."""
    full = settings.full and _on_paper(settings)
    step = {"formats": list(settings.formats), "text": settings.text, "full": full}
    steps = [done for done in run.manifest.get("rewrites", []) if done != step]
    return {**run.manifest, "rewrites": [*steps, step]}


def _on_paper(settings: ReportSettings) -> bool:
    """Whether a report is written that has a short and a full form."""
    return bool({"md", "pdf"} & set(settings.formats))


def _hashes(run: Run, aside: Path) -> dict[str, str]:
    """The hashes as they were, but for reports and figures: an edit to any other file still shows afterwards."""
    before: dict[str, str] = dict(run.manifest["files"])
    return before | {name: sha for name, sha in folder_files(aside).items() if _renewed(name)}


def write_figure(folder: Path, name: str, out: Path, width: int = PAGE_MM) -> Path:
    """Write one figure of a run as .svg, .png or .pdf, with the table behind it as CSV beside.

    `width` is what it is drawn for: 170 millimetres (a page) or 85 (a column, or
    narrower if the figure is drawn once). Raises ConfigError, StoreError,
    MissingExtraError.
    """
    figure = load_run(folder).figure(name)
    if width == COLUMN_MM:
        figure = figure.narrow or figure
    return figure.save(out)

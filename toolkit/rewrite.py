"""What `toolkit report` does: the report, or one figure, again from a finished run folder alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from toolkit.config import fit, tree_node
from toolkit.errors import ConfigError, StoreError, nearest
from toolkit.report import write_report
from toolkit.runs import load_run, seal
from toolkit.settings import ReportSettings
from toolkit.yaml12 import read


def rewrite_report(folder: Path, formats: Sequence[str] | None = None, text: str | None = None) -> Path:
    """Write a run's report again and bring its manifest's hashes up to date; the path of the first format written.

    Raises:
        StoreError: no finished run there, or it cannot be written. ConfigError: an unknown format.
    """
    run = load_run(folder)
    tree = dict((read(folder / "config.yaml").value or {}).get("report") or {})
    tree |= {"formats": list(formats)} if formats else {}
    tree |= {"text": text} if text else {}
    settings = fit(ReportSettings, tree_node(tree, "toolkit report", folder))
    try:
        write_report(folder, settings)
        manifest = {key: value for key, value in run.manifest.items() if key not in ("files", "format")}
        seal(folder, manifest)
    except OSError as fault:
        raise StoreError(f"{folder}: cannot be written: {fault.strerror or fault}") from None
    return folder / f"report.{settings.formats[0]}"


def write_figure(folder: Path, name: str, out: Path) -> Path:
    """Write one figure of a run as SVG, with the table behind it as CSV beside. Raises ConfigError, StoreError."""
    from toolkit.figures import FIGURES, RunTables
    from toolkit.runs import write_csv

    load_run(folder)
    if name not in FIGURES:
        raise ConfigError([f"--figure {name}: no such figure{nearest(name, FIGURES)}; there are {', '.join(FIGURES)}"])
    figure = FIGURES[name](RunTables(folder))
    try:
        out.write_text(figure.svg, encoding="utf-8", newline="\n")
        write_csv(figure.table, out.with_suffix(".csv"))
    except OSError as fault:
        raise StoreError(f"{out}: cannot be written: {fault.strerror or fault}") from None
    return out



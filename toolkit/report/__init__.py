"""Writes the report of a run from its folder alone.

Start with `content.py` (the values), then `sections/` (every sentence) and `page.py` (one of the three writers).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from toolkit.figures import Figure, RunTables
from toolkit.files.csv import write_csv
from toolkit.report.content import build
from toolkit.report.forms import full, short
from toolkit.report.sections import report
from toolkit.settings import ReportSettings

__all__ = ["write_report"]


def write_report(folder: Path, settings: ReportSettings, formats: Iterable[str] | None = None) -> None:
    """Write the report of the run in `folder`: report.html, report.md, report.pdf as asked, and figures/.

    A pure function of the folder's tables, metrics, config, codebook and manifest: the same folder gives the same
    bytes, wherever and whenever. Times, machine and paths are never read.

    Args:
        folder: a run folder (its manifest may still be a draft).
        settings: title, author, how much text of the corpus to show, whether report.md and report.pdf have an appendix
            with all that the page folds.
        formats: `html`, `md`, `pdf`; those of `settings` if not given.

    Raises:
        StoreError: `folder` has no tables.
        MissingExtraError: a PDF was asked for and typst is not installed.
    """
    wanted = tuple(dict.fromkeys(settings.formats if formats is None else formats))
    content = build(RunTables(folder), settings)
    tree = report(content)
    paper = full(tree) if settings.full else short(tree)
    for figure in content.figures.values():
        write_figure(figure, folder / "figures")
    _write(folder / "references.bib", content.bibliography)
    if "html" in wanted:
        from toolkit.report.page import page

        _write(folder / "report.html", page(tree))
    if "md" in wanted:
        from toolkit.report.markdown import markdown

        _write(folder / "report.md", markdown(paper))
    if "pdf" in wanted:
        from toolkit.report.pdf import pdf

        (folder / "report.pdf").write_bytes(pdf(paper))


def write_figure(figure: Figure, folder: Path) -> None:
    """A figure as NAME.svg and the data behind it as NAME.csv."""
    folder.mkdir(exist_ok=True)
    _write(folder / f"{figure.name}.svg", figure.svg)
    write_csv(figure.table, folder / f"{figure.name}.csv")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")

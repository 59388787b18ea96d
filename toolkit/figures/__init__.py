"""Draws figures as SVG, each with the table behind it, from the tables of a run folder alone.

Start with `prevalence.py`, a short one; `figure.py` and `style.py` contain what all of them share.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from toolkit.errors import ConfigError, nearest
from toolkit.figures.answer import answer
from toolkit.figures.by_group import codes_by_group
from toolkit.figures.by_source import by_source
from toolkit.figures.codes_themes import codes_themes
from toolkit.figures.contrast import contrast
from toolkit.figures.cooccurrence import cooccurrence
from toolkit.figures.document import document, document_of
from toolkit.figures.figure import Figure
from toolkit.figures.hierarchy import hierarchy
from toolkit.figures.over_time import codes_over_time, over_time
from toolkit.figures.prevalence import prevalence
from toolkit.figures.stability import stability
from toolkit.figures.theme_map import theme_map
from toolkit.run_folder.reader import RunTables

FIGURES: dict[str, Callable[[RunTables], Figure]] = {
    "answer": answer,
    "map": theme_map,
    "prevalence": prevalence,
    "themes_by_source": by_source,
    "over_time": over_time,
    "hierarchy": hierarchy,
    "stability": stability,
    "codes_themes": codes_themes,
    "cooccurrence": cooccurrence,
    "codes_over_time": codes_over_time,
    "codes_by_group": codes_by_group,
    "contrast": contrast,
    "document": document,
}

__all__ = ["FIGURES", "Figure", "RunTables", "draw_figure"]


def draw_figure(folder: Path, name: str) -> Figure:
    """A figure of the run in `folder`; `document:ID` is that of one document.

    Raises ConfigError for a name that is none, or a document that the run has not; StoreError if there is no run.
    """
    kind, _, document_id = name.partition(":")
    if kind == "document" and document_id:
        return document_of(RunTables(folder), document_id)
    if name not in FIGURES:
        raise ConfigError([f"figure {name}: no such figure{nearest(name, FIGURES)}; there are {', '.join(FIGURES)}"])
    return FIGURES[name](RunTables(folder))

"""The map of the page: its drawing, the data that its program reads, and the paragraphs that the page contains."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from toolkit.figures import Figure, RunTables
from toolkit.figures.theme_map import draw, points_of
from toolkit.report.map_data import map_data
from toolkit.report.places import Reader

FRAME = (880, 560)
MOST_LIVE = 250_000
"""Paragraphs that the map of the page can show; its still picture shows at most 5,000."""


@dataclass(frozen=True)
class Explorer:
    """The map as a figure, and the page's data as JSON."""

    figure: Figure
    data: str
    ways: tuple[tuple[str, str], ...]  # what else than theme and code the map can be coloured by: key and title
    shown: int
    total: int


def explorer(tables: RunTables, reader: Reader, quoted: Iterable[int], in_page: Iterable[int]) -> Explorer:
    """The map of a run; quoted paragraphs are always on it. `in_page` are the rows whose words the page has already."""
    ids = reader.table["paragraph_id"]
    always = frozenset(str(ids[row].as_py()) for row in sorted(quoted))
    points = points_of(tables, always=always, frame=FRAME)
    live = points_of(tables, MOST_LIVE, always=always, frame=FRAME)
    shown = set(in_page) if reader.mode != "none" else set()
    data = map_data(tables, reader, live, [int(row) for row in points.index], shown)
    return Explorer(
        figure=draw(tables, points),
        data=script_json(data),
        ways=tuple((way[0], way[1]) for way in data["ways"]),
        shown=len(points.index),
        total=points.total,
    )


def script_json(tree: Any) -> str:
    """JSON that is safe in a script element: without <, >, & and line separators."""
    text = json.dumps(tree, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

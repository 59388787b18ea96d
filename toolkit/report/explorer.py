"""The map of the page: its drawing, the data that its program reads, and the paragraphs that the page contains."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from toolkit.figures import Figure, RunTables
from toolkit.figures.theme_map import draw, points_of
from toolkit.report.map_data import map_data
from toolkit.report.places import Place, Reader
from toolkit.text.format import one_line

FRAME = (880, 560)
IN_PAGE = 400_000
"""Corpora of up to this many characters stand in the page in full; of larger ones, quoted paragraphs and neighbours."""

MOST_LIVE = 250_000
"""Paragraphs that the map of the page can show; its still picture shows at most 5,000."""
MANY_QUOTED = 150
"""Beyond this many quoted paragraphs the page shows them without their neighbours."""


@dataclass(frozen=True)
class ContextDocument:
    """A document's paragraphs in the page: (place, heading, words, theme, shown), gaps marked."""

    document_id: str
    title: str
    source: str
    date: str
    url: str
    path: str
    paragraphs: tuple[tuple[Place, str, str, int, bool], ...]  # last: paragraphs are left out before this one


@dataclass(frozen=True)
class Explorer:
    """The map as a figure, the page's data as JSON, and the paragraphs that stand in the page."""

    figure: Figure
    data: str
    ways: tuple[tuple[str, str], ...]  # what else than theme and code the map can be coloured by: key and title
    shown: int
    total: int
    context: tuple[ContextDocument, ...]
    whole: bool


def explorer(tables: RunTables, reader: Reader, quoted: set[int]) -> Explorer:
    """The map and the context of a run; quoted paragraphs are always among what is shown."""
    ids = reader.table["paragraph_id"]
    always = frozenset(str(ids[row].as_py()) for row in sorted(quoted))
    points = points_of(tables, always=always, frame=FRAME)
    live = points_of(tables, MOST_LIVE, always=always, frame=FRAME)
    characters = int(pc.sum(pc.utf8_length(reader.table["text"])).as_py() or 0)
    whole = characters <= IN_PAGE and reader.mode != "none"
    rows = list(range(reader.table.num_rows)) if whole else reader.around(quoted, len(quoted) <= MANY_QUOTED)
    data = map_data(tables, reader, live, [int(row) for row in points.index], set(rows))
    return Explorer(
        figure=draw(tables, points),
        data=script_json(data),
        ways=tuple((way[0], way[1]) for way in data["ways"]),
        shown=len(points.index),
        total=points.total,
        context=_context(reader, rows),
        whole=whole,
    )


def _context(reader: Reader, rows: list[int]) -> tuple[ContextDocument, ...]:
    made: list[ContextDocument] = []
    held: dict[str, list[tuple[Place, str, str, int, bool]]] = {}
    last: dict[str, int] = {}
    for row in rows:
        name = reader.document_ids[row]
        gap = reader.positions[row] > last.get(name, 0) + 1
        last[name] = reader.positions[row]
        entry = (reader.place(row), reader.heading(row), reader.text(row), reader.themes[row], gap)
        held.setdefault(name, []).append(entry)
    for name, paragraphs in held.items():
        document = reader.tables.documents[name]
        first = paragraphs[0][0]
        path = one_line(document["path"])
        made.append(ContextDocument(name, first.title, first.source, first.date, first.url, path, tuple(paragraphs)))
    return tuple(made)


def script_json(tree: Any) -> str:
    """JSON that may stand in a script element: no <, no >, no &, no line separators."""
    text = json.dumps(tree, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

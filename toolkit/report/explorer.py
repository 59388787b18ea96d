"""What the page's own small program needs: points, documents, codes and words, as compact JSON."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from toolkit.figures import Figure, RunTables
from toolkit.figures.theme_map import Points, draw, points_of
from toolkit.report.code_part import coded_paragraphs
from toolkit.report.mostly_part import mostly_of
from toolkit.report.places import Reader
from toolkit.text.format import name_of, one_line

FRAME = (880, 560)


@dataclass(frozen=True)
class Explorer:
    """The map as a figure, and the page's data as JSON."""

    figure: Figure
    data: str
    shown: int
    total: int


def explorer(tables: RunTables, reader: Reader, quoted: Iterable[int], in_page: Iterable[int]) -> Explorer:
    """The map of a run; quoted paragraphs are always on it. `in_page` are the rows whose words the page has already."""
    ids = reader.table["paragraph_id"]
    always = frozenset(str(ids[row].as_py()) for row in sorted(quoted))
    points = points_of(tables, always=always, frame=FRAME)
    return Explorer(
        figure=draw(tables, points),
        data=_data(tables, reader, points, set(in_page) if reader.mode != "none" else set()),
        shown=len(points.index),
        total=points.total,
    )


def _data(tables: RunTables, reader: Reader, points: Points, in_page: set[int]) -> str:
    """JSON for the page: points in the order of the drawing, and words that stand nowhere else in the page.

    Words are deflated (RFC 1950) and written in base 64 when there are any, since they outweigh all the rest.
    """
    order = [int(i) for theme in _order(points) for i in points.index[points.themes == theme]]
    coded = coded_paragraphs(tables)
    ids = reader.table["paragraph_id"].take(pa.array(order, pa.int64())).to_pylist()
    names = list(dict.fromkeys(sorted(reader.document_ids[row] for row in order)))
    at = {name: index for index, name in enumerate(names)}
    words = [None if row in in_page or reader.mode == "none" else reader.text(row) for row in order]
    tree: dict[str, Any] = {
        "themes": {str(theme): tables.labels.get(theme, str(theme)) for theme in _order(points)},
        "mostly": {str(row["theme"]): one.phrase for row in tables.themes if (one := mostly_of(row, tables))},
        "codes": list(tables.code_names.values()),
        "documents": [_document(reader, name) for name in names],
        "rows": order,
        "document": [at[reader.document_ids[row]] for row in order],
        "position": [reader.positions[row] for row in order],
        "theme": [reader.themes[row] for row in order],
        "code": [coded.get(name, []) for name in ids],
    }
    if any(text is not None for text in words):
        packed = zlib.compress(json.dumps(words, ensure_ascii=False).encode("utf-8", "replace"), 9)
        tree["words"] = base64.b64encode(packed).decode("ascii")
    return script_json(tree)


def _order(points: Points) -> list[int]:
    return sorted({int(theme) for theme in points.themes}, key=lambda theme: (theme >= 0, theme))


def _document(reader: Reader, name: str) -> list[str]:
    document = reader.tables.documents[name]
    return [reader.title(document), name_of(document["source"]), one_line(document["date"])]


def script_json(tree: Any) -> str:
    """JSON that may stand in a script element: no <, no >, no &, no line separators."""
    text = json.dumps(tree, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

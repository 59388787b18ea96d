"""The map's data for the page: each paragraph on it in packed columns, and the words that are nowhere else in it.

A column is a row of whole numbers below 2^32, written as four planes of bytes, lowest byte first; all columns together
are deflated (RFC 1950) and written in base 64, so that 100,000 paragraphs take less than a megabyte.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.figures.style import HUES, SHAPES, shape_of
from toolkit.figures.theme_map import Points
from toolkit.report.mostly_part import mostly_of
from toolkit.report.places import Reader
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import name_of, one_line

TENTHS = 10
"""Places are counted in tenths of a pixel of the frame."""
MOST_PERIODS = 12
"""Finer periods are not used as colours if there would be more of them than this."""
FEWEST_BROAD = 9
"""From this many themes on, broader themes are named first."""
MOST_BROAD = 9
"""The finest level with at most this many broader themes is named when the whole map is shown."""
UNDATED = "Undated"


@dataclass(frozen=True)
class Colouring:
    """One way to colour the map: its key, what it is called, its values in order, and (n,) each paragraph's value.

    0 is "no value"; value i + 1 is `names[i]`. `ordered` values are coloured by a sequential scale.
    """

    key: str
    title: str
    names: tuple[str, ...]
    none: str
    values: Any
    ordered: bool = False


def packed(columns: Iterable[tuple[str, Any]]) -> tuple[list[list[Any]], str]:
    """The names and lengths of columns, and their bytes as text; always the same text for the same numbers."""
    arrays = [(name, np.asarray(values, dtype="<u4")) for name, values in columns]
    planes = b"".join(values.view(np.uint8).reshape(-1, 4).T.tobytes() for _, values in arrays)
    return [[name, len(values)] for name, values in arrays], _deflated(planes)


def _deflated(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def map_data(tables: RunTables, reader: Reader, points: Points, worded: Iterable[int], in_page: set[int]) -> Any:
    """The tree that the page's program reads; `worded` are rows whose words it may carry besides those in the page."""
    rows = [int(row) for row in points.index]
    at = {row: place for place, row in enumerate(rows)}
    documents = list(dict.fromkeys(reader.document_ids[row] for row in rows))
    number = {name: place for place, name in enumerate(documents)}
    words = [] if reader.mode == "none" else sorted(at[row] for row in worded if row in at and row not in in_page)
    codes = _codes(tables, rows, reader)
    themes = sorted({int(theme) for theme in points.themes}, key=lambda theme: (theme < 0, theme))
    ways = colourings(tables, reader, rows)
    sizes, columns = packed(
        [
            ("x", np.rint(points.places[:, 0] * TENTHS)),
            ("y", np.rint(points.places[:, 1] * TENTHS)),
            ("row", np.diff(points.index, prepend=0)),
            ("theme", _places(themes, points)),
            ("document", [number[reader.document_ids[row]] for row in rows]),
            ("position", [reader.positions[row] for row in rows]),
            ("codes", [len(some) for some in codes]),
            ("code", [code for some in codes for code in some]),
            *((way.key, way.values) for way in ways),
        ]
    )
    text = {
        "documents": [_document(reader, name) for name in documents],
        "worded": words,
        "words": [reader.text(rows[place]) for place in words],
    }
    return {
        "frame": [side * TENTHS for side in points.frame],
        "total": points.total,
        "mode": reader.mode,
        "hues": HUES,
        "shapes": [shape_of(value) for value in range(HUES * SHAPES)],
        "themes": [[theme, tables.labels.get(theme, str(theme))] for theme in themes],
        "broad": broader_names(tables),
        "mostly": {str(row["theme"]): mostly.phrase for row in tables.themes if (mostly := mostly_of(row, tables))},
        "codes": list(tables.code_names.values()),
        "ways": [[way.key, way.title, list(way.names), way.none, way.ordered] for way in ways],
        "sizes": sizes,
        "columns": columns,
        "text": _deflated(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")),
    }


def _places(themes: list[int], points: Points) -> Any:
    """(n,) where each paragraph's theme is in the list."""
    order = np.argsort(themes)
    return order[np.searchsorted(np.asarray(themes)[order], points.themes)] if len(themes) else order


def _document(reader: Reader, name: str) -> list[str]:
    document = reader.tables.documents[name]
    return [reader.title(document), name_of(document["source"]), one_line(document["date"])]


def _codes(tables: RunTables, rows: Sequence[int], reader: Reader) -> list[list[int]]:
    """The codes of each paragraph, as places in the codebook, the most probable first."""
    table = tables.table("codes")
    order = {str(entry["id"]): index for index, entry in enumerate(tables.codebook)}
    carried: dict[str, list[tuple[float, int]]] = {}
    if table.num_rows:
        kept = table.filter(pc.and_(table["assigned"], pc.is_in(table["code"], value_set=pa.array(list(order)))))
        likely = pc.fill_null(pc.coalesce(kept["probability"], kept["score"]), 0.0)
        for name, code, value in zip(
            *(part.to_pylist() for part in (kept["paragraph_id"], kept["code"], likely)), strict=True
        ):
            carried.setdefault(name, []).append((-float(value), order[code]))
    ids = reader.table["paragraph_id"].take(pa.array(rows, pa.int64())).to_pylist()
    return [[code for _, code in sorted(carried.get(name, []))] for name in ids]


def colourings(tables: RunTables, reader: Reader, rows: Sequence[int]) -> list[Colouring]:
    """What the map can be coloured by besides theme and code: source, each column of `estimate.group_by`, date."""
    made = [_group("source", "Source", "No source", _of_documents(reader, "source", rows))]
    for at, name in enumerate(_columns(tables)):
        title = name[:1].upper() + name[1:].replace("_", " ")
        made.append(_group(f"group{at}", title, f"No {name.replace('_', ' ')}", _of(reader, name, rows)))
    dates = [one_line(date) for date in _of_documents(reader, "date", rows)]
    names, values = periods(dates)
    if len(names) > 1:
        made.append(Colouring("period", "Date", names, UNDATED, values, ordered=True))
    return [way for way in made if len(way.names) > 1]


def _columns(tables: RunTables) -> list[str]:
    """The columns of `estimate.group_by` that either table has, source left out, since it is always there."""
    asked = (tables.config.get("estimate") or {}).get("group_by") or []
    has = {*tables.table("documents").column_names, *tables.table("paragraphs").column_names}
    return [str(name) for name in dict.fromkeys(asked) if name in has and name != "source"]


def _of(reader: Reader, name: str, rows: Sequence[int]) -> list[Any]:
    if name in reader.tables.table("documents").column_names:
        return _of_documents(reader, name, rows)
    values: list[Any] = reader.table[name].take(pa.array(rows, pa.int64())).to_pylist()
    return values


def _of_documents(reader: Reader, name: str, rows: Sequence[int]) -> list[Any]:
    return [reader.tables.documents[reader.document_ids[row]].get(name) for row in rows]


def _group(key: str, title: str, none: str, values: Sequence[Any]) -> Colouring:
    """Values by how often they occur, then by their spelling."""
    spelled = ["" if value is None else name_of(str(value)) for value in values]
    names, counts = np.unique(np.array(spelled, dtype=object).astype(str), return_counts=True)
    order = sorted((-int(n), str(name)) for name, n in zip(names, counts, strict=True) if name)
    at = {name: place + 1 for place, (_, name) in enumerate(order)}
    return Colouring(key, title, tuple(name for _, name in order), none, [at.get(name, 0) for name in spelled])


def periods(dates: Sequence[str]) -> tuple[tuple[str, ...], list[int]]:
    """Months, quarters or years: the finest of them that every date contains and that makes at most 12 periods.

    Gives the periods from the first to the last, those without a date among them included, and for each date 1 + the
    place of its period, 0 for none. More than 12 years are put together, in spans of equal length.
    """
    dated = [date for date in dates if date[:4].isdigit()]
    if not dated:
        return (), [0] * len(dates)
    by_month = all(len(date) >= 7 and date[5:7].isdigit() for date in dated)
    for months in (1, 3, 12) if by_month else (12,):
        count = _spell(max(dated), months) - _spell(min(dated), months) + 1
        if count <= MOST_PERIODS or months == 12:
            break
    while count > MOST_PERIODS:
        months += 12
        count = _spell(max(dated), months) - _spell(min(dated), months) + 1
    first = min(_spell(date, months) for date in dated)
    names = tuple(_period_name(first + i, months) for i in range(count))
    return names, [_spell(date, months) - first + 1 if date[:4].isdigit() else 0 for date in dates]


def _spell(date: str, months: int) -> int:
    month = int(date[5:7]) - 1 if months < 12 else 0
    return (12 * int(date[:4]) + month) // months


def _period_name(number: int, months: int) -> str:
    year, month = divmod(number * months, 12)
    if months == 1:
        return f"{year:04d}-{month + 1:02d}"
    if months == 3:
        return f"{year:04d} Q{month // 3 + 1}"
    return f"{year:04d}" if months == 12 else f"{year:04d}–{year + months // 12 - 1:04d}"


def broader_names(tables: RunTables) -> list[list[Any]]:
    """The names for the whole map, [label, themes]: broader themes, and themes that belong to none; empty if few."""
    themes = [int(row["theme"]) for row in tables.themes]
    if len(themes) < FEWEST_BROAD or not tables.broad:
        return []
    rows = {int(row["theme"]): row for row in tables.rows("themes")}
    kept = {int(row["theme"]) for row in tables.broad}
    for level in sorted({int(row["level"]) for row in tables.broad}):
        above = {theme: _above(theme, rows, kept, level) for theme in themes}
        if len(set(above.values())) <= MOST_BROAD:
            break
    groups: dict[int, list[int]] = {}
    for theme in themes:
        groups.setdefault(above[theme], []).append(theme)
    return [[tables.labels.get(top, str(top)), some] for top, some in groups.items()]


def _above(theme: int, rows: dict[int, Any], kept: set[int], level: int) -> int:
    """The broadest theme up to a level that a theme belongs to; itself if there is none."""
    top, at = theme, rows[theme]["parent"]
    while at is not None and int(at) in rows and int(rows[int(at)]["level"]) <= level:
        top = int(at) if int(at) in kept else top
        at = rows[int(at)]["parent"]
    return top

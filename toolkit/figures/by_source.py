"""Which source writes about what: the share of each theme within each source."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from toolkit.figures.figure import Figure, at_both_widths, nothing
from toolkit.figures.headlines import by_group
from toolkit.figures.heat import Cell, grid
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, one_line, percent, plural
from toolkit.values import NOISE

MOST_SOURCES = 12
MEASURE = "percent of paragraphs"
COLUMNS = ("theme", "label", "source", "estimate", "low", "high", "n")


def draw(tables: RunTables, room: int) -> Figure:
    """Themes (rows) by source (columns, largest first); a column adds up to 100 % with -1.

    If the run gives no shares by source, the first other column that it groups by takes its place.
    """
    column = column_of(tables)
    rows = [row | {"theme": int(row["id"]), "source": row["group"]} for row in tables.shares("theme", column)]
    lowest = NOISE if tables.has_noise else 0
    named = [row | {"label": tables.labels.get(row["theme"], "")} for row in rows if lowest <= row["theme"] < 1000]
    named.sort(key=lambda row: (row["theme"] < 0, row["theme"], -row["n"], row["source"]))
    table = pa.table({name: [row[name] for row in named] for name in COLUMNS})
    title, source = f"Themes by {one_line(column)}", "tables/prevalence.parquet"
    sizes = {row["source"]: int(row["n"]) for row in named}
    if len(sizes) < 2:
        why = (
            f"All documents are of one {column}: nothing to compare."
            if sizes
            else f"The run gives no shares by {column}."
        )
        return nothing("themes_by_source", title, why, table, source)
    order = sorted(sizes, key=lambda name: (-sizes[name], name))
    body, height = _grid(named, order[:MOST_SOURCES], sizes, room)
    caption = f"Share of each {column}'s unique paragraphs, in per cent; n is the number of its paragraphs."
    caption += " Intervals are in the table."
    missing = tables.unique - sum(sizes.values())
    if column == "source" and missing > 0:
        caption += f" {count(missing)} of {plural(tables.unique, 'paragraph')} have no source and are not here."
    if len(order) > MOST_SOURCES:
        caption += f" The {MOST_SOURCES} largest of {count(len(order))}; the table has all."
    alt = f"{caption} {plural(len({row['theme'] for row in named}), 'row')}, {plural(len(order), 'column')}."
    headline = by_group(tables, "theme", column)
    return Figure(
        "themes_by_source", title, caption, alt, body, room, height, table, source, headline=headline, measure=MEASURE
    )


by_source = at_both_widths(draw)


def column_of(tables: RunTables) -> str:
    """The column whose groups figures compare: the first that the study asked for, else the source."""
    table = tables.table("prevalence")
    columns = pc.unique(table["group_by"]).to_pylist() if table.num_rows else []
    others = [name for name in columns if name and name not in {"source", "month", "quarter", "year"}]
    return str(others[0]) if others and "source" not in columns else "source"


def _grid(rows: list[dict[str, Any]], order: list[str], sizes: dict[str, int], room: int) -> tuple[str, int]:
    themes = list(dict.fromkeys((row["theme"], row["label"]) for row in rows))
    row_of = {(row["theme"], row["source"]): row for row in rows}
    top = max((row["estimate"] or 0.0 for row in rows), default=1.0) or 1.0

    def cell(i: int, j: int) -> Cell | None:
        row = row_of.get((themes[i][0], order[j]))
        if row is None or row["estimate"] is None:
            return None
        return Cell(percent(row["estimate"]).removesuffix("%"), row["estimate"] / top)

    under = [f"n {count(sizes[name])}" for name in order]
    return grid([label for _, label in themes], order, cell, under=under, room=room, key="Groups")

"""Broad themes and the themes inside them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from toolkit.figures import svg
from toolkit.figures.figure import Figure, nothing
from toolkit.figures.intervals import nice_top
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import interval, percent, plural

WIDTH, ROW, INDENT = 520, 26, 20
COLUMNS = (
    "theme",
    "level",
    "parent",
    "label",
    "paragraphs",
    "share",
    "share_low",
    "share_high",
    "stability",
)


def hierarchy(tables: RunTables) -> Figure:
    """The themes as an indented tree, broadest first, each with the share of unique paragraphs under it."""
    title, source = "Broad and fine themes", "tables/themes.parquet"
    rows = [
        row
        | {
            "share": _share(row, tables.unique),
            "label": tables.labels[row["theme"]],
            "parent": tables.parent(row["theme"]),
        }
        for row in [*tables.themes, *tables.broad]
    ]
    order = _walk(rows)
    table = pa.table({name: [row.get(name) for row, _ in order] for name in COLUMNS})
    if not any(row["level"] > 0 for row in rows):
        return nothing("hierarchy", title, "No broader theme holds several of these.", table, source)
    top = nice_top([row["share"] or 0.0 for row in rows])
    made = [_row(row, depth, index, top) for index, (row, depth) in enumerate(order)]
    broad = sum(row["level"] > 0 for row in rows)
    caption = (
        f"Bars show the share of {plural(tables.unique, 'unique paragraph')}, with 95% intervals in brackets; a broad "
        "theme holds the themes below it."
    )
    if any(row["level"] and row.get("fragile") for row in rows):
        caption += " Fragile: it returns too seldom in the trees of the refits."
    alt = f"{caption} {plural(broad, 'broad theme')} over {plural(len(rows) - broad, 'theme')}."
    return Figure("hierarchy", title, caption, alt, "".join(made), WIDTH, ROW * len(order) + 8, table, source)


def _share(row: dict[str, Any], unique: int) -> float:
    """A theme's share; for broader levels, which need no estimate of their own, its paragraphs over all."""
    return float(row["share"] if row["share"] is not None else row["paragraphs"] / max(unique, 1))


def _walk(rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], int]]:
    """Rows with their depth, parents before children, large before small."""
    known = {row["theme"] for row in rows}
    children: dict[Any, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (-(row["share"] or 0.0), row["theme"])):
        children.setdefault(row["parent"] if row["parent"] in known else None, []).append(row)
    order: list[tuple[dict[str, Any], int]] = []

    def visit(parent: Any, depth: int) -> None:
        for row in children.get(parent, []):
            order.append((row, depth))
            visit(row["theme"], depth + 1)

    visit(None, 0)
    return order


def _row(row: dict[str, Any], depth: int, index: int, top: float) -> str:
    left, bars = 6 + INDENT * depth, 330
    y = ROW * index + ROW / 2 + 4
    weight = "bold" if row["level"] > 0 else ""
    name = row["label"] + (" (fragile)" if row["level"] and row.get("fragile") else "")
    label = svg.lines(left, y + 4, name, bars - left - 12, weight, rows=1)
    tie = svg.line(left - 12, y, left - 5, y, "axis") if depth else ""
    share = row["share"] or 0.0
    room = WIDTH - bars - 96
    ends = interval(row.get("share_low"), row.get("share_high"))
    said = percent(share) + (f" ({ends})" if ends else "")
    bar = svg.rect(bars, y - 5, max(1.0, room * share / top), 10, "mark" if row["level"] == 0 else "cell")
    return label + tie + bar + svg.text(WIDTH, y + 4, said, "small soft end")

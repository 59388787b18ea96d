"""Broad themes and the themes inside them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from toolkit.figures import svg
from toolkit.figures.figure import Figure, at_both_widths, nothing
from toolkit.figures.intervals import nice_top
from toolkit.figures.style import TEXT
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, interval, percent, plural, width, wrap

ROW, INDENT = 26, 20
LINES = 3
"""Most lines of a name."""
MEASURE = "share of paragraphs, with 95% intervals"
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


def draw(tables: RunTables, room: int) -> Figure:
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
        return nothing("hierarchy", title, "No broader theme contains several of these.", table, source)
    top = nice_top([row["share"] or 0.0 for row in rows])
    body, y = _tree(order, top, room)
    broad = sum(row["level"] > 0 for row in rows)
    caption = (
        f"Bars show the share of {plural(tables.unique, 'unique paragraph')}, with 95% intervals in brackets; a broad "
        "theme contains the themes below it."
    )
    if any(row["level"] and row.get("fragile") for row in rows):
        caption += " Fragile: it returns too seldom in the trees of the refits."
    alt = f"{caption} {plural(broad, 'broad theme')} over {plural(len(rows) - broad, 'theme')}."
    headline, height = _headline(rows), round(y) + 4
    return Figure(
        "hierarchy", title, caption, alt, body, room, height, table, source, headline=headline, measure=MEASURE
    )


hierarchy = at_both_widths(draw)


def _headline(rows: list[dict[str, Any]]) -> str:
    """How many of the themes are in how many broadest ones."""
    known = {row["theme"] for row in rows}
    fine = [row for row in rows if row["level"] == 0]
    inside = sum(row["parent"] in known for row in fine)
    tops = sum(row["level"] > 0 and row["parent"] not in known for row in rows)
    which = f"All {count(inside)}" if inside == len(fine) else f"{count(inside)} of {count(len(fine))}"
    return f"{which} themes are in {plural(tops, 'broad theme')}"


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


def _tree(order: list[tuple[dict[str, Any], int]], top: float, room: int) -> tuple[str, float]:
    """The rows one below the other, and where they end."""
    words = [_words(row) for row, _ in order]
    right = room - max(width(text, TEXT) for text in words) - 14
    bars = min(0.46 * room, max(width(_name(row), TEXT, True) + INDENT * depth for row, depth in order) + 24)
    made, y = [], 0.0
    for (row, depth), text in zip(order, words, strict=True):
        left = 6 + INDENT * depth
        high = ROW + svg.LINE * (len(wrap(_name(row), bars - left - 14, TEXT, LINES, row["level"] > 0)) - 1)
        middle = y + high / 2
        made.append(svg.beside(left, middle, _name(row), bars - left - 14, "bold" if row["level"] > 0 else "", LINES))
        made.append(svg.line(left - 12, middle, left - 5, middle, "axis") if depth else "")
        wide = max(1.0, (right - bars) * (row["share"] or 0.0) / top)
        made.append(svg.rect(bars, middle - 5, wide, 10, "mark" if row["level"] == 0 else "cell"))
        made.append(svg.text(room, middle + 5, text, "label soft end"))
        y += high
    return "".join(made), y


def _name(row: dict[str, Any]) -> str:
    return str(row["label"]) + (" (fragile)" if row["level"] and row.get("fragile") else "")


def _words(row: dict[str, Any]) -> str:
    ends = interval(row.get("share_low"), row.get("share_high"))
    return percent(row["share"] or 0.0) + (f" ({ends})" if ends else "")

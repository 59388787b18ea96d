"""The share of each code in each group that the study compares, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from toolkit.figures import headlines, svg
from toolkit.figures.by_source import column_of
from toolkit.figures.code_labels import badge_note, code_label
from toolkit.figures.figure import Figure, at_both_widths, nothing
from toolkit.figures.over_time import Panel, percent_mark, scaled
from toolkit.figures.style import TEXT, WIDE
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, name_of, one_line, plural, width, wrap

ROW, GAP, LINES = 21, 18, 3
MOST_CODES, MOST_GROUPS = 12, 12
MEASURE = "share of paragraphs, with 95% intervals"
COLUMNS = ("code", "name", "group_by", "group", "estimate", "low", "high", "n", "verdict")


@dataclass(frozen=True)
class Layout:
    """Where the panels of one row begin, how wide each is, and how high a group's row, in pixels."""

    names: float
    panel: float
    across: int
    row: float


def draw(tables: RunTables, room: int) -> Figure:
    """Small panels, one a code: its share in each group (largest group first) with 95 % intervals."""
    column, source = column_of(tables), "tables/prevalence.parquet"
    title = f"Codes by {one_line(column)}"
    shares = {str(row["id"]): row["estimate"] or 0.0 for row in tables.shares("code")}
    order = sorted(shares, key=lambda code: (-shares[code], code))
    rows = _rows(tables, column, order)
    table = pa.table({name: [row[name] for row in rows] for name in COLUMNS})
    groups = list(dict.fromkeys((row["group"], int(row["n"])) for row in rows))
    if len(groups) < 2:
        why = "The run had no codebook." if not order else f"The run gives no shares of codes for groups of {column}."
        return nothing("codes_by_group", title, why, table, source)
    groups = groups[:MOST_GROUPS]
    kept = {group for group, _ in groups}
    rows_by_code = [
        (code_label(tables, code), [row for row in rows if row["code"] == code and row["group"] in kept])
        for code in order[:MOST_CODES]
    ]
    panels, scale = scaled(rows_by_code)
    body, height = _panels(panels, groups, room)
    clear = sum(map(_is_clear, rows))
    caption = (
        f"Share of each {one_line(column)}'s unique paragraphs (their number in brackets); lines are 95% intervals, "
        f"cut at the edge of a panel; {scale}. "
    )
    caption += (
        f"Filled: apart from all others after adjustment ({plural(clear, 'share')}); hollow: not."
        if clear
        else "After adjustment for the number of comparisons no share is apart from that of all others."
    )
    if not clear and headlines.is_claimed(tables, column):
        caption += " The claim that holds was tested among the claims alone."
    caption += badge_note(tables, order) + _left_out(len(order), len(set(table["group"].to_pylist())))
    alt = f"{caption} {plural(len(rows_by_code), 'panel')} of {plural(len(groups), 'group')}."
    headline = headlines.by_group(tables, "code", column)
    return Figure(
        "codes_by_group", title, caption, alt, body, room, height, table, source, headline=headline, measure=MEASURE
    )


codes_by_group = at_both_widths(draw)


def _rows(tables: RunTables, column: str, order: Sequence[str]) -> list[dict[str, Any]]:
    """Code x group rows of `prevalence`, codes by their share, groups by their size, with the verdict of each."""
    verdicts = {
        (row["id"], row["group"]): headlines.verdict_of(row)
        for row in tables.rows("contrasts")
        if row["kind"] == "code" and row["group_by"] == column and row["unit"] == "paragraph"
    }
    rows = [
        row
        | {
            "code": str(row["id"]),
            "name": tables.code_names.get(row["id"]) or one_line(row["id"]),
            "verdict": verdicts.get((row["id"], row["group"])),
        }
        for row in tables.shares("code", column)
        if row["id"] in order
    ]
    return sorted(rows, key=lambda row: (order.index(row["code"]), -row["n"], row["group"]))


def _left_out(codes: int, groups: int) -> str:
    parts = [f"{most} of {count(n)} {noun}" for n, most, noun in
             ((codes, MOST_CODES, "codes"), (groups, MOST_GROUPS, "groups")) if n > most]  # fmt: skip
    return f" The largest {' and '.join(parts)}; the table has all." if parts else ""


def _panels(panels: Sequence[Panel], groups: list[tuple[str, int]], room: int) -> tuple[str, int]:
    """The panels in rows, the names of the groups at the left of each row, and where they end."""
    names = [f"{name_of(group, 120)} ({count(n)})" for group, n in groups]
    left = min(max(width(name, TEXT) for name in names) + 10, 0.3 * room if room >= WIDE else 0.45 * room)
    across = 4 if room >= WIDE else 2
    tall = max(len(wrap(name, left - 10, TEXT, LINES)) for name in names)
    layout = Layout(left, (room - left) / across - GAP, across, ROW + svg.LINE * (tall - 1) + 4 * (tall > 1))
    any_clear = any(_is_clear(row) for panel in panels for row in panel.rows)
    made, y = [], 0.0
    for first in range(0, len(panels), across):
        line = panels[first : first + across]
        lines = max(len(wrap(panel.label, layout.panel, TEXT, 4, bold=True)) for panel in line)
        above = y + svg.LINE * lines + 8
        for i, (group, name) in enumerate(zip(groups, names, strict=True)):
            middle = above + layout.row * (i + 0.5)
            made.append(svg.beside(0, middle, name, left - 10, rows=LINES))
            made.append(svg.line(left, middle, room, middle, "grid") if group else "")
        for j, panel in enumerate(line):
            x = left + (layout.panel + GAP) * j
            made.append(_panel(panel, groups, layout, (x, above), any_clear))
        y = above + layout.row * len(groups) + 40
    return "".join(made), round(y - 12)


def _is_clear(row: dict[str, Any]) -> bool:
    return row["verdict"] in headlines.CLEAR


def _panel(
    panel: Panel, groups: list[tuple[str, int]], layout: Layout, corner: tuple[float, float], any_clear: bool
) -> str:
    """One panel; `corner` is the upper left corner of its rows, in pixels. Hollow dots only beside clear ones."""
    x, above = corner
    rows = {row["group"]: row for row in panel.rows}
    heading = wrap(panel.label, layout.panel, TEXT, 4, bold=True)
    first = above - 8 - svg.LINE * len(heading) + 12
    made = [svg.text(x, first + svg.LINE * i, words, "label bold") for i, words in enumerate(heading)]
    below = above + layout.row * len(groups)
    made += [svg.line(x, above, x, below, "axis"), svg.line(x + layout.panel, above, x + layout.panel, below, "grid")]
    made.append(svg.text(x, below + 17, "0", "label soft mid"))
    made.append(svg.text(x + layout.panel, below + 17, percent_mark(panel.top), "label soft end"))

    def at(value: float) -> float:
        return x + layout.panel * min(value, panel.top) / panel.top

    for i, (group, _) in enumerate(groups):
        row, middle = rows.get(group), above + layout.row * (i + 0.5)
        if row is None or row["estimate"] is None:
            continue
        if row["low"] is not None and row["high"] is not None:
            made.append(svg.line(at(row["low"]), middle, at(row["high"]), middle, "stroke"))
        made.append(
            svg.circle(at(row["estimate"]), middle, 4, "hollow" if any_clear and not _is_clear(row) else "mark")
        )
    return "".join(made)

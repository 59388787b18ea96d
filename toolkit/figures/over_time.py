"""How the share of each theme, and of each code, moves over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import pyarrow as pa

from toolkit.figures import headlines, svg
from toolkit.figures.code_labels import badge_note, code_label
from toolkit.figures.figure import Figure, at_both_widths, nothing
from toolkit.figures.intervals import nice_top
from toolkit.figures.style import TEXT, WIDE
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, plural, wrap
from toolkit.values import Table

GAP, HEIGHT, MARGIN = 24, 84, 38
"""Pixels between panels, of a panel's height, and for the words at its axis."""
MOST = 12
MEASURE = "share of paragraphs, with 95% intervals"
DOMINATED = 2.0
"""Ratio of the largest share to the median panel's largest above which each panel gets its own scale."""
COLUMNS = ("theme", "label", "period", "estimate", "low", "high", "n")
CODE_COLUMNS = ("code", *COLUMNS[1:])


@dataclass(frozen=True)
class Panel:
    """The shares of one theme or code by period, under its name, on a scale from 0 to `top`."""

    label: str
    rows: list[dict[str, Any]]
    top: float


def draw(tables: RunTables, room: int) -> Figure:
    """Small panels, one a theme: shares by period with 95 % intervals."""
    rows = periods(tables)
    table = pa.table({name: [row[name] for row in rows] for name in COLUMNS})
    themes = [(row["theme"], tables.labels[row["theme"]]) for row in tables.themes]
    rows_by_theme = [(label, [row for row in rows if row["theme"] == theme]) for theme, label in themes]
    return _figure("over_time", "Themes over time", "theme", rows_by_theme, table, tables, room)


def draw_codes(tables: RunTables, room: int) -> Figure:
    """Small panels, one a code: shares by period with 95 % intervals, the most common codes first."""
    by_period = _periods(tables, "code")
    names = {row["id"]: row["estimate"] or 0.0 for row in tables.shares("code")}
    order = sorted(names, key=lambda code: (-names[code], code))
    rows = [row | {"code": row["id"], "label": tables.code_names.get(row["id"]) or row["id"]} for row in by_period]
    rows.sort(key=lambda row: (order.index(row["code"]) if row["code"] in names else len(order), row["code"]))
    table = pa.table({name: [row[name] for row in rows] for name in CODE_COLUMNS})
    rows_by_code = [(code_label(tables, code), [row for row in rows if row["code"] == code]) for code in order]
    return _figure("codes_over_time", "Codes over time", "code", rows_by_code, table, tables, room)


over_time, codes_over_time = at_both_widths(draw), at_both_widths(draw_codes)


def _figure(
    name: str,
    title: str,
    kind: str,
    series: list[tuple[str, list[dict[str, Any]]]],
    table: Table,
    tables: RunTables,
    room: int,
) -> Figure:
    source = "tables/trends.parquet"
    dates = sorted(set(table["period"].to_pylist()))
    if len(dates) < 2:
        why = "The documents are all of one period: no change can be shown." if dates else "No dates to order by."
        return nothing(name, title, why, table, source)
    shown = series[:MOST]
    panels, scale = scaled(shown)
    body, height = _panels(panels, dates, room)
    cut = any((row["high"] or 0.0) > panel.top for panel in panels for row in panel.rows)
    caption = f"Share of the period's unique paragraphs, by {unit_of(dates[0])}; bands are 95% intervals"
    caption += f", cut at the top of a panel; {scale}." if cut else f"; {scale}."
    caption += badge_note(tables, table["code"].to_pylist()) if kind == "code" else ""
    caption += _verdicts(tables, kind)
    if len(series) > MOST:
        caption += f" The {MOST} largest of {count(len(series))} {kind}s; the table has all."
    alt = f"{caption} {plural(len(panels), 'panel')} from {dates[0]} to {dates[-1]}."
    headline = headlines.over_time(tables, kind)
    return Figure(name, title, caption, alt, body, room, height, table, source, headline=headline, measure=MEASURE)


def scaled(series: Sequence[tuple[str, list[dict[str, Any]]]]) -> tuple[list[Panel], str]:
    """Panels on one scale, or each on its own if one of them would dwarf the others; and which of both."""
    largest = [max((row["estimate"] or 0.0 for row in rows), default=0.0) for _, rows in series]
    separate = max(largest, default=0.0) > DOMINATED * (median(largest) if largest else 0.0)
    tops = [nice_top([1.3 * value]) if separate else nice_top([1.3 * max(largest)]) for value in largest]
    panels = [Panel(label, rows, top) for (label, rows), top in zip(series, tops, strict=True)]
    return panels, "each panel has its own scale" if separate else "one scale for all"


def periods(tables: RunTables) -> list[dict[str, Any]]:
    """Theme x period rows of `trends`, themes in order, periods in order; rows that are no period are left out."""
    made = []
    for row in _periods(tables, "theme"):
        theme = int(row["id"])
        if theme < 1000:
            made.append(
                {name: row.get(name) for name in COLUMNS} | {"theme": theme, "label": tables.labels.get(theme, "")}
            )
    return sorted(made, key=lambda row: (row["theme"] < 0, row["theme"], row["period"]))


def _periods(tables: RunTables, kind: str) -> list[dict[str, Any]]:
    rows = [row for row in tables.rows("trends") if row["kind"] == kind and row["unit"] == "paragraph"]
    return sorted((row for row in rows if str(row["period"] or "")[:4].isdigit()), key=lambda row: str(row["period"]))


def _verdicts(tables: RunTables, kind: str) -> str:
    """How many shares rise or fall after adjustment for all slopes; empty where slopes were not tested."""
    slopes = [row for row in tables.rows("trends") if row.get("tested")]
    tested_here = [row for row in slopes if row["kind"] == kind and row["unit"] == "paragraph" and row["id"] != "-1"]
    if not tested_here:
        return ""
    clear = [row for row in tested_here if row["verdict"] in ("rising", "falling")]
    named = "; ".join(f"{headlines.name_of_row(row, tables)}: {row['verdict']}" for row in clear)
    tested = f" after adjustment for all {count(slopes[0]['tested'])} slopes"
    return f" Clear trends{tested}: {named}." if clear else f" No share of paragraphs rises or falls clearly{tested}."


def unit_of(period: str) -> str:
    """2024 is a year, 2024-Q2 a quarter, 2024-05 a month."""
    return "year" if len(period) == 4 else "quarter" if "Q" in period else "month"


def _panels(panels: Sequence[Panel], dates: list[str], room: int) -> tuple[str, int]:
    """The panels in rows, each row as high as its longest heading needs, and where they end."""
    across = 4 if room >= WIDE else 2
    wide = (room - GAP * (across - 1)) / across
    made, y = [], 0.0
    for first in range(0, len(panels), across):
        row = panels[first : first + across]
        lines = max(len(wrap(panel.label, wide, TEXT, 2, bold=True)) for panel in row)
        made += [_panel(panel, dates, (wide + GAP) * i, y, wide, lines) for i, panel in enumerate(row)]
        y += svg.LINE * lines + HEIGHT + 48
    return "".join(made), round(y - 12)


def _panel(panel: Panel, dates: list[str], x0: float, y0: float, wide: float, lines: int) -> str:
    left, above = x0 + MARGIN, y0 + svg.LINE * lines + 10
    room = wide - MARGIN - 4
    at_x = {date: left + room * i / (len(dates) - 1) for i, date in enumerate(dates)}

    def at_y(value: float) -> float:
        return above + HEIGHT * (1 - min(value, panel.top) / panel.top)

    heading = wrap(panel.label, wide, TEXT, 2, bold=True)
    begin = y0 + 14 + svg.LINE * (lines - len(heading))
    made = [svg.text(x0, begin + svg.LINE * i, words, "label bold") for i, words in enumerate(heading)]
    for value, words in (
        (0.0, "0"),
        (panel.top / 2, percent_mark(panel.top / 2)),
        (panel.top, percent_mark(panel.top)),
    ):
        made.append(svg.line(left, at_y(value), left + room, at_y(value), "grid" if value else "axis"))
        made.append(svg.text(left - 6, at_y(value) + 5, words, "label soft end"))
    known = [row for row in panel.rows if row["estimate"] is not None]
    banded = [row for row in known if row["low"] is not None and row["high"] is not None]
    if len(banded) > 1:
        upper = [f"{svg.number(at_x[r['period']])},{svg.number(at_y(r['high']))}" for r in banded]
        lower = [f"{svg.number(at_x[r['period']])},{svg.number(at_y(r['low']))}" for r in reversed(banded)]
        made.append(svg.element("polygon", points=" ".join(upper + lower), class_="band"))
    path = " ".join(f"{svg.number(at_x[r['period']])},{svg.number(at_y(r['estimate']))}" for r in known)
    made.append(svg.element("polyline", points=path, class_="stroke"))
    if len(dates) <= 16:
        made += [svg.circle(at_x[r["period"]], at_y(r["estimate"]), 2.6, "mark") for r in known]
    base = at_y(0) + 19
    made.append(svg.text(left, base, dates[0], "label soft"))
    made.append(svg.text(left + room, base, dates[-1], "label soft end"))
    return "".join(made)


def percent_mark(value: float) -> str:
    """2.5% for 0.025."""
    return f"{100 * value:g}%"

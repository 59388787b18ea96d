"""How the share of each theme moves over time."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from toolkit.figures import svg
from toolkit.figures.figure import Figure, nothing
from toolkit.figures.intervals import nice_top, ticks
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, percent, plural, wrap

WIDTH, PANEL, GAP, HEIGHT = 520, 158, 23, 96
MOST_THEMES = 12
COLUMNS = ("theme", "label", "period", "estimate", "low", "high", "n")


def over_time(tables: RunTables) -> Figure:
    """Small panels, one a theme, on one scale: shares by period with 95 % intervals."""
    rows = periods(tables)
    table = pa.table({name: [row[name] for row in rows] for name in COLUMNS})
    title, source = "Themes over time", "tables/trends.parquet"
    dates = sorted({row["period"] for row in rows})
    if len(dates) < 2:
        why = "The documents are all of one period: no change can be shown." if dates else "No dates to order by."
        return nothing("over_time", title, why, table, source)
    themes = [row["theme"] for row in tables.themes][:MOST_THEMES]
    shown = [row for row in rows if row["theme"] in themes]
    top = nice_top([1.3 * (row["estimate"] or 0.0) for row in shown])
    made = []
    for index, theme in enumerate(themes):
        own = [row for row in rows if row["theme"] == theme]
        x, y = (PANEL + GAP) * (index % 3), (HEIGHT + 56) * (index // 3)
        made.append(_panel(tables.labels[theme], own, dates, top, x, y))
    caption = f"Share of the period's unique paragraphs, by {unit_of(dates[0])}, with 95% intervals; one scale for all."
    if any((row["high"] or 0.0) > top for row in shown):
        caption += f" Intervals that reach above {percent(top)} are cut there."
    caption += _verdicts(tables)
    if len(tables.themes) > MOST_THEMES:
        caption += f" The {MOST_THEMES} largest of {count(len(tables.themes))} themes; the table holds all."
    alt = f"{caption} {plural(len(themes), 'panel')} from {dates[0]} to {dates[-1]}."
    height = (HEIGHT + 56) * ((len(themes) + 2) // 3)
    return Figure("over_time", title, caption, alt, "".join(made), WIDTH, height, table, source)


def periods(tables: RunTables) -> list[dict[str, Any]]:
    """Theme x period rows of `trends`, themes in order, periods in order; rows that are no period are left out."""
    made = []
    for row in tables.rows("trends"):
        period = str(row["period"] or "")
        if row["kind"] != "theme" or row["unit"] != "paragraph" or not period[:4].isdigit():
            continue
        theme = int(row["id"])
        if theme < 1000:
            made.append(
                {name: row.get(name) for name in COLUMNS} | {"theme": theme, "label": tables.labels.get(theme, "")}
            )
    return sorted(made, key=lambda row: (row["theme"] < 0, row["theme"], row["period"]))


def _verdicts(tables: RunTables) -> str:
    """How many themes rise or fall after adjustment for all slopes; empty where slopes were not tested."""
    slopes = [row for row in tables.rows("trends") if row.get("tested")]
    own = [row for row in slopes if row["kind"] == "theme" and row["unit"] == "paragraph" and int(row["id"]) >= 0]
    if not own:
        return ""
    clear = [row for row in own if row["verdict"] in ("rising", "falling")]
    named = "; ".join(f"{tables.labels.get(int(row['id']), row['id'])}: {row['verdict']}" for row in clear)
    tested = f" after adjustment for all {count(slopes[0]['tested'])} slopes"
    return f" Clear trends{tested}: {named}." if clear else f" No share of paragraphs rises or falls clearly{tested}."


def unit_of(period: str) -> str:
    """2024 is a year, 2024-Q2 a quarter, 2024-05 a month."""
    return "year" if len(period) == 4 else "quarter" if "Q" in period else "month"


def _panel(label: str, rows: list[dict[str, Any]], dates: list[str], top: float, x0: float, y0: float) -> str:
    left, above = x0 + 30, y0 + 38
    room = PANEL - 36
    at_x = {date: left + room * i / (len(dates) - 1) for i, date in enumerate(dates)}

    def at_y(value: float) -> float:
        return above + HEIGHT * 0.72 * (1 - min(value, top) / top)

    heading = wrap(label, PANEL, 12.5, 2, bold=True)
    made = [svg.text(x0, y0 + 14 + 15 * i, words, "small bold") for i, words in enumerate(heading)]
    for value, words in ticks(top, True)[:: max(1, (len(ticks(top, True)) - 1) // 2)]:
        made.append(svg.line(left, at_y(value), left + room, at_y(value), "grid"))
        made.append(svg.text(left - 5, at_y(value) + 4, words, "small soft end"))
    known = [row for row in rows if row["estimate"] is not None]
    banded = [row for row in known if row["low"] is not None and row["high"] is not None]
    if len(banded) > 1:
        upper = [f"{svg.number(at_x[r['period']])},{svg.number(at_y(r['high']))}" for r in banded]
        lower = [f"{svg.number(at_x[r['period']])},{svg.number(at_y(r['low']))}" for r in reversed(banded)]
        made.append(svg.element("polygon", points=" ".join(upper + lower), class_="band"))
    path = " ".join(f"{svg.number(at_x[r['period']])},{svg.number(at_y(r['estimate']))}" for r in known)
    made.append(svg.element("polyline", points=path, class_="stroke"))
    if len(dates) <= 16:
        made += [svg.circle(at_x[r["period"]], at_y(r["estimate"]), 2.6, "mark") for r in known]
    base = at_y(0) + 16
    made.append(svg.text(left, base, dates[0], "small soft"))
    made.append(svg.text(left + room, base, dates[-1], "small soft end"))
    return "".join(made)

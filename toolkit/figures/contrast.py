"""One contrast: the share of a theme or code in every group, of which one is set against the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from toolkit.figures import headlines
from toolkit.figures.by_source import column_of
from toolkit.figures.figure import Figure, at_both_widths, nothing
from toolkit.figures.intervals import Estimate, legend, nice_top, panel
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import apart_from_zero, beside, count, interval, one_line, percent

MOST_GROUPS = 15
COLUMNS = ("kind", "id", "name", "group_by", "group", "role", "estimate", "low", "high", "n")
BY_CLAIM = ("larger", "smaller")


@dataclass(frozen=True)
class Chosen:
    """A contrast: its theme or code, its two groups, its headline, and the number behind the headline."""

    kind: str
    id: str
    column: str
    group: str
    versus: str
    unit: str
    headline: str
    why: str


def draw(tables: RunTables, room: int) -> Figure:
    """The contrast of the first claim about groups that holds; else the clearest of the run, or the nearest to it."""
    title, source = "One contrast between groups", "tables/prevalence.parquet"
    chosen = _of_claims(tables) or _of_contrasts(tables)
    rows = _rows(chosen, tables) if chosen else []
    table = pa.table({name: [row[name] for row in rows] for name in COLUMNS})
    if chosen is None or not rows:
        return nothing("contrast", title, "The run compares no groups.", table, source)
    title = f"{rows[0]['name']} by {one_line(chosen.column)}, share of {chosen.unit}s"
    shown = rows[:MOST_GROUPS]
    top = nice_top([row["high"] or row["estimate"] or 0.0 for row in shown])
    drawn, y = panel([_estimate(row) for row in shown], top, 26, "", room=room)
    caption = f"{chosen.why} Lines are 95% intervals of each share alone; n is the number of its {chosen.unit}s."
    if len(rows) > MOST_GROUPS:
        caption += f" {MOST_GROUPS} of {count(len(rows))} groups; the table has all."
    alt = f"{caption} {chosen.headline}."
    body = legend(10, "share, with its 95% interval") + drawn
    return Figure("contrast", title, caption, alt, body, room, round(y), table, source, headline=chosen.headline)


contrast = at_both_widths(draw)


def _of_claims(tables: RunTables) -> Chosen | None:
    """The first claim about groups that holds; None if there is none."""
    for row in tables.rows("claims"):
        if row["kind"] in BY_CLAIM and str(row["verdict"]).startswith("holds") and row["group_by"]:
            warned = next((badge for badge in ("weak", "unchecked", "uncertain") if badge in row["verdict"]), "")
            headline = one_line(row["text"]).rstrip(" .") + (f" ({warned} code)" if warned else "")
            versus = "all others" if row["than"] == "rest" else str(row["than"])
            points = _words(row["estimate"], row["low"], row["high"])
            why = f"{points} against {one_line(versus)}, adjusted for the number of claims."
            return Chosen("code", row["code"], row["group_by"], row["group"], versus, row["unit"], headline, why)
    return None


def _of_contrasts(tables: RunTables) -> Chosen | None:
    """The clearest contrast of paragraphs of the column that the figures compare; without a clear one the nearest."""
    column = column_of(tables)
    rows = [row for row in tables.rows("contrasts") if row["unit"] == "paragraph" and row["group_by"] == column]
    rows = [row for row in rows if row["p"] is not None and (row["kind"] == "code" or int(row["id"]) >= 0)]
    if not rows:
        return None
    row = min(
        rows,
        key=lambda row: (not headlines.verdict_of(row), row["p"], row["kind"], row["id"], row["group"]),
    )
    name, group, versus = headlines.name_of_row(row, tables), one_line(row["group"]), one_line(row["versus"])
    clear = bool(headlines.verdict_of(row))
    headline = (
        headlines.difference(row, tables)
        if clear
        else f"{headlines.quoted(name)} does not clearly differ between {group} and {versus}"
    )
    choice = "the clearest" if clear else "the nearest to a clear one"
    points = _words(row["difference"], row["low"], row["high"])
    why = f"{points} against {versus}, {choice} of {count(len(rows))} for {one_line(column)}."
    return Chosen(row["kind"], row["id"], column, row["group"], row["versus"], "paragraph", headline, why)


def _words(difference: float | None, low: float | None, high: float | None) -> str:
    """`+25.6 points (13.2 to 39.6)`."""
    if difference is None:
        return "No difference"
    ends = apart_from_zero(100 * low, 100 * high, 1) if low is not None and high is not None else "no interval"
    return f"{'+' * (difference > 0)}{beside(100 * difference, 0.0, 1)} points ({ends})"


def _rows(chosen: Chosen, tables: RunTables) -> list[dict[str, Any]]:
    """Every group's share, the chosen group and what it is compared with first in importance, all by their share."""
    rows = [row for row in tables.shares(chosen.kind, chosen.column, chosen.unit) if row["id"] == chosen.id]
    roles = {chosen.group: "chosen", chosen.versus: "compared"}
    name = headlines.name_of_row({"kind": chosen.kind, "id": chosen.id}, tables)
    made = [row | {"name": name, "role": roles.get(row["group"], "")} for row in rows if row["estimate"] is not None]
    kept = sorted(made, key=lambda row: (not row["role"], -row["n"], row["group"]))
    shown = sorted(kept[:MOST_GROUPS], key=lambda row: (-row["estimate"], row["group"]))
    return shown + kept[MOST_GROUPS:]


def _estimate(row: Mapping[str, Any]) -> Estimate:
    ends = interval(row["low"], row["high"], row["n"]) or "no interval"
    words = f"{percent(row['estimate'], row['n'])} ({ends}), n {count(row['n'])}"
    plain = not row["role"]
    return Estimate(
        one_line(row["group"]), row["estimate"], row["low"], row["high"], words, muted=plain, strong=not plain
    )

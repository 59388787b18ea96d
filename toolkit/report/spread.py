"""Who writes about a theme or code, and when: sources and periods in words."""

from __future__ import annotations

from typing import Any

from toolkit.figures import RunTables
from toolkit.figures.words import count, decimal, decimals, name_of, one_line, percent

TOP_SOURCES = 3
Sources = tuple[tuple[str, str, str], ...]  # source, share within it, base


def top_sources(tables: RunTables, kind: str) -> dict[str, Sources]:
    """Id of a theme or code -> the sources that most of its unique paragraphs come from."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in tables.shares(kind, "source"):
        if row["estimate"]:
            found.setdefault(str(row["id"]), []).append(row)
    made = {}
    for name, rows in found.items():
        rows.sort(key=lambda row: (-row["estimate"] * row["n"], row["group"]))
        made[name] = tuple(
            (
                name_of(row["group"]),
                percent(row["estimate"], row["n"]),
                f"{count(round(row['estimate'] * row['n']))} of {count(row['n'])}",
            )
            for row in rows[:TOP_SOURCES]
        )
    return made


def trends(tables: RunTables, kind: str) -> dict[str, str]:
    """Id of a theme or code -> its first and last period, and its slope where the run gives one."""
    slopes: dict[str, dict[str, Any]] = {}
    periods: dict[str, list[dict[str, Any]]] = {}
    for row in tables.rows("trends"):
        if row["kind"] != kind or row["unit"] != "paragraph" or row["estimate"] is None:
            continue
        if str(row["period"])[:4].isdigit():
            periods.setdefault(str(row["id"]), []).append(row)
        else:
            slopes[str(row["id"])] = row
    made = {}
    for name, rows in periods.items():
        rows.sort(key=lambda row: str(row["period"]))
        if len(rows) > 1:
            made[name] = f"{_period(rows[0])}, {_period(rows[-1])}{_slope(slopes.get(name))}"
    return made


def _period(row: dict[str, Any]) -> str:
    return f"{percent(row['estimate'], row['n'])} of {count(row['n'])} in {one_line(row['period'])}"


def _slope(row: dict[str, Any] | None) -> str:
    if row is None or row["low"] is None or row["high"] is None:
        return ""
    low, high = row["low"], row["high"]
    digits = 2 if min(abs(low), abs(high)) < 0.0005 else 1  # an end near 0 must show on which side it lies
    ends = decimals(100 * low, 100 * high, digits)
    points = f"{decimal(100 * row['estimate'], 1)} percentage points a year ({ends})"
    clear = "rising" if low > 0 else "falling" if high < 0 else "no clear trend"
    return f"; {clear}: {points}"

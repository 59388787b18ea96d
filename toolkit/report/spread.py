"""Who writes about a theme or code, and when: sources and periods in words and as a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toolkit.figures import RunTables
from toolkit.text.format import apart_from_zero, count, decimal, name_of, one_line, percent, plural
from toolkit.text.ties import leading

TOP_SOURCES = 3
NO_SOURCE = "no source"
Sources = tuple[tuple[str, str, str], ...]  # source, its part of the theme or code, the part of the source that this is


@dataclass(frozen=True)
class Trend:
    """A share over time: its periods with their shares, which way it goes, and both in words."""

    points: tuple[tuple[str, float, int], ...] = ()  # period, share, unique paragraphs of the period
    way: str = ""  # rising, falling, no clear trend; empty where the run gives no slope
    words: str = ""

    @property
    def ends(self) -> str:
        """0% of 30 in 2024-Q1, 9% of 33 in 2026-Q2."""
        return ", ".join(_period(*point) for point in (self.points[0], self.points[-1])) if self.points else ""


def top_sources(tables: RunTables, kind: str) -> dict[str, Sources]:
    """Id of a theme or code -> where most of its unique paragraphs come from, those without a source among them."""
    groups = [row for row in tables.shares(kind, "source") if row["estimate"] is not None]
    sizes = {row["group"]: int(row["n"]) for row in groups}
    if not sizes or sum(sizes.values()) < sum(tables.sources.values()):
        return {}
    nameless = tables.unique - sum(sizes.values())
    found: dict[str, list[tuple[str, int, int]]] = {}
    for row in groups:
        hits = round(row["estimate"] * row["n"])
        found.setdefault(str(row["id"]), []).append((row["group"], hits, int(row["n"])))
    made = {}
    for row in tables.shares(kind):
        own, name = found.get(str(row["id"]), []), str(row["id"])
        total = round((row["estimate"] or 0.0) * row["n"])
        rest = total - sum(hits for _, hits, _ in own)
        ranked = sorted([*own, ("", rest, nameless)], key=lambda one: (-one[1], one[0]))
        named, more = leading([one for one in ranked if one[1] > 0], lambda one: one[1], TOP_SOURCES)
        top = [one for group in named for one in group]
        made[name] = tuple(
            (
                name_of(source) or NO_SOURCE,
                f"{count(hits)} of {count(total)}",
                f"{percent(hits / size, size)} of its {plural(size, 'paragraph')}" if source else "",
            )
            for source, hits, size in top
        )
        if more:  # a tie too long to name is counted, not cut
            said = f"{count(len(more))} {'further ' * bool(top)}sources"
            made[name] += ((said, f"{count(more[0][1])} of {count(total)} each", ""),)
    return made


def trends(tables: RunTables, kind: str) -> dict[str, Trend]:
    """Id of a theme or code -> its shares by period, and its slope where the run gives one."""
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
            points = tuple((one_line(row["period"]), float(row["estimate"]), int(row["n"])) for row in rows)
            way, slope = _slope(slopes.get(name))
            made[name] = Trend(points, way, Trend(points).ends + (f"; {way}: {slope}" if way else ""))
    return made


def _period(period: str, share: float, n: int) -> str:
    return f"{percent(share, n)} of {count(n)} in {period}"


def _slope(row: dict[str, Any] | None) -> tuple[str, str]:
    if row is None or row["low"] is None or row["high"] is None:
        return "", ""
    low, high = row["low"], row["high"]
    ends = apart_from_zero(100 * low, 100 * high, 1)
    points = f"{decimal(100 * row['estimate'], 1)} percentage points a year ({ends})"
    return "rising" if low > 0 else "falling" if high < 0 else "no clear trend", points

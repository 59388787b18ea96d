"""Who writes about a theme or code, and when: sources and periods in words and as a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toolkit.figures import RunTables
from toolkit.report.verdicts import p_words, verdict_of
from toolkit.text.format import apart_from_zero, count, decimal, name_of, one_line, percent, plural
from toolkit.text.ties import leading

TOP_SOURCES = 3
NO_SOURCE = "no source"
NO_TREND = "no clear trend"
Sources = tuple[tuple[str, str, str], ...]  # source, its part of the theme or code, the part of the source that this is


@dataclass(frozen=True)
class Trend:
    """A share over time: its periods with their shares, its direction, and both in words."""

    points: tuple[tuple[str, float, int], ...] = ()  # period, share, unique paragraphs of the period
    way: str = ""  # rising, falling, no clear trend, and of documents if these disagree; empty if no slope was tested
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
    by_id: dict[str, list[tuple[str, int, int]]] = {}
    for row in groups:
        hits = round(row["estimate"] * row["n"])
        by_id.setdefault(str(row["id"]), []).append((row["group"], hits, int(row["n"])))
    made = {}
    for row in tables.shares(kind):
        of_row, name = by_id.get(str(row["id"]), []), str(row["id"])
        total = round((row["estimate"] or 0.0) * row["n"])
        rest = total - sum(hits for _, hits, _ in of_row)
        ranked = sorted([*of_row, ("", rest, nameless)], key=lambda entry: (-entry[1], entry[0]))
        named, more = leading([entry for entry in ranked if entry[1] > 0], lambda entry: entry[1], TOP_SOURCES)
        top = [entry for group in named for entry in group]
        made[name] = tuple(
            (
                name_of(source) or NO_SOURCE,
                f"{count(hits)} of {count(total)}",
                f"{percent(hits / size, size)} of its {plural(size, 'paragraph')}" if source else "",
            )
            for source, hits, size in top
        )
        if more:  # a tie too long to name is counted, not cut
            others = f"{count(len(more))} {'further ' * bool(top)}sources"
            made[name] += ((others, f"{count(more[0][1])} of {count(total)} each", ""),)
    return made


def trends(tables: RunTables, kind: str) -> dict[str, Trend]:
    """Id of a theme or code -> its shares by period, and its slope if the run gives one."""
    slopes: dict[tuple[str, str], dict[str, Any]] = {}
    periods: dict[str, list[dict[str, Any]]] = {}
    for row in tables.rows("trends"):
        if row["kind"] != kind or row["estimate"] is None:
            continue
        if not str(row["period"])[:4].isdigit():
            slopes[str(row["id"]), row["unit"]] = row
        elif row["unit"] == "paragraph":
            periods.setdefault(str(row["id"]), []).append(row)
    made = {}
    for name, rows in periods.items():
        rows.sort(key=lambda row: str(row["period"]))
        if len(rows) > 1:
            points = tuple((one_line(row["period"]), float(row["estimate"]), int(row["n"])) for row in rows)
            of_paragraphs, of_documents = (slopes.get((name, unit)) for unit in ("paragraph", "document"))
            in_words = [words for words in (_slope(of_paragraphs), _documents(of_paragraphs, of_documents)) if words]
            made[name] = Trend(points, _ways(of_paragraphs, of_documents), "; ".join([Trend(points).ends, *in_words]))
    return made


def _period(period: str, share: float, n: int) -> str:
    return f"{percent(share, n)} of {count(n)} in {period}"


def _way(row: dict[str, Any] | None) -> str:
    """rising, falling or no clear trend; empty for a slope that was not tested."""
    if row is None or row.get("p_adjusted") is None:
        return ""
    return verdict_of(row) or NO_TREND


def _ways(of_paragraphs: dict[str, Any] | None, of_documents: dict[str, Any] | None) -> str:
    """The way of a share of paragraphs, and that of documents with such a paragraph if it is clear and another."""
    way, documents = _way(of_paragraphs), verdict_of(of_documents) if of_documents is not None else ""
    return f"{way} (documents: {documents})" if way and documents and documents != way else way


def _slope(row: dict[str, Any] | None) -> str:
    """The slope with its verdict; one that was not tested has none."""
    if row is None or row["low"] is None or row["high"] is None:
        return ""
    low, high = row["low"], row["high"]
    ends = apart_from_zero(100 * low, 100 * high, 1)
    p = row.get("p_adjusted")
    tested = "" if p is None else f"; adjusted p {p_words(p)}"
    verdict = _way(row) or "slope, not tested"
    return f"{verdict}: {decimal(100 * row['estimate'], 1)} percentage points a year ({ends}{tested})"


def _documents(of_paragraphs: dict[str, Any] | None, of_documents: dict[str, Any] | None) -> str:
    """The trend of shares of documents, if its verdict or the sign of its slope differs; empty if they agree."""
    if of_paragraphs is None or of_documents is None or not (_way(of_paragraphs) and _way(of_documents)):
        return ""
    opposite = of_paragraphs["estimate"] * of_documents["estimate"] < 0
    if _way(of_paragraphs) == _way(of_documents) and not opposite:
        return ""
    points = f"{decimal(100 * of_documents['estimate'], 1)} percentage points a year"
    if _way(of_paragraphs) == _way(of_documents):
        return f"shares of documents slope the other way ({points}), {_way(of_documents)} either"
    return f"shares of documents disagree: {_way(of_documents)} ({points})"

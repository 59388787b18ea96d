"""How common each theme and code is, with its interval."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from toolkit.figures.code_labels import badge_note, code_label
from toolkit.figures.figure import Figure, at_both_widths, nothing
from toolkit.figures.headlines import most_common
from toolkit.figures.intervals import Columns, Estimate, legend, nice_top, panel
from toolkit.run_folder.reader import RunTables
from toolkit.schemas import BY_CODING
from toolkit.text.format import count, interval, listed, one_line, percent
from toolkit.text.ties import leading, quantified

KINDS = {"theme": "Themes found", "code": "Codes of the codebook"}
MOST_ROWS = 30
MEASURE = "share of paragraphs"
COLUMNS = ("kind", "id", "name", "estimate", "low", "high", "n")


def draw(tables: RunTables, room: int) -> Figure:
    """Shares of unique paragraphs that carry each theme and each code, largest first, with 95 % intervals."""
    rows = overall(tables)
    table = pa.table({name: [row[name] for row in rows] for name in COLUMNS})
    title = "How common each theme and code is"
    if not rows:
        return nothing("prevalence", title, "The run has no shares.", table, "tables/prevalence.parquet")
    shown = [row for kind in KINDS for row in _shown(rows, kind)]
    top = nice_top([row["high"] or row["estimate"] or 0.0 for row in shown])
    columns = Columns.of([_row(row, tables) for row in shown], room)
    coded = any(row.get("interval_of") == BY_CODING for row in rows)
    body, y = legend(10, "share, with its 95% interval" + ", of unchecked codes with coding error" * coded), 20.0
    for kind, heading in KINDS.items():
        estimates = [_row(row, tables) for row in _shown(rows, kind)]
        if estimates:
            drawn, y = panel(estimates, top, y + 16, heading, room=room, columns=columns)
            body += drawn
    n = max(int(row["n"]) for row in rows)
    codes = [row["id"] for row in shown if row["kind"] == "code"]
    lines = "95% intervals" + ", of unchecked codes with coding error" * coded
    caption = f"Share of the {count(n)} unique paragraphs; dots are estimates, lines {lines}."
    caption += badge_note(tables, codes) + _without(rows) + _left_out(rows)
    alt = f"{caption} {_largest(rows)}".rstrip()
    source = "tables/prevalence.parquet"
    headline, height = _headline(rows), round(y + 4)
    return Figure(
        "prevalence", title, caption, alt, body, room, height, table, source, headline=headline, measure=MEASURE
    )


prevalence = at_both_widths(draw)


def _shown(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    of_kind = [row for row in rows if row["kind"] == kind]
    return of_kind[:MOST_ROWS] + [row for row in of_kind[MOST_ROWS:] if row["id"] == "-1"]


def _without(rows: list[dict[str, Any]]) -> str:
    """Why rows have no interval, each reason once."""
    why: dict[str, list[str]] = {}
    for row in rows:
        if row["low"] is None and str(row.get("method") or "").startswith("none: "):
            why.setdefault(one_line(str(row["method"]).removeprefix("none: ")), []).append(row["name"])
    return "".join(f" No interval for {_some(names)}: {reason}." for reason, names in why.items())


def _some(names: list[str], most: int = 3) -> str:
    return listed(names) if len(names) <= most else f"{listed(names[:most], 'and')} and {count(len(names) - most)} more"


def _left_out(rows: list[dict[str, Any]]) -> str:
    sizes = [sum(row["kind"] == kind and row["id"] != "-1" for row in rows) for kind in KINDS]
    most = max(sizes)
    return f" The {MOST_ROWS} largest of each; the table has all {count(most)}." if most > MOST_ROWS else ""


def _headline(rows: list[dict[str, Any]]) -> str:
    """The most common themes, then the most common codes, if intervals distinguish them from all others."""
    by_kind = {kind: [row for row in rows if row["kind"] == kind and row["id"] != "-1"] for kind in KINDS}
    by_kind = {kind: items for kind, items in by_kind.items() if len(items) > 1}
    sentences = [words for kind, items in by_kind.items() if (words := most_common(items, kind))]
    if sentences:
        return "; ".join(sentences)
    return f"No {' or '.join(by_kind)} is clearly the most common" if by_kind else ""


def _largest(rows: list[dict[str, Any]]) -> str:
    """The largest themes, or codes if there are none, ties together."""
    kind = rows[0]["kind"]
    ranked = [row for row in rows if row["kind"] == kind and row["id"] != "-1"]
    groups, more = leading(ranked, _printed)
    named = [f"{listed([row['name'] for row in group])} {quantified(group)}{_printed(group[0])}" for group in groups]
    named += [f"{count(len(more))} with {_printed(more[0])} each"] if more else []
    return f"Largest: {'; '.join(named)}." if named else ""


def _printed(row: dict[str, Any]) -> str:
    return percent(row["estimate"], row["n"])


def overall(tables: RunTables) -> list[dict[str, Any]]:
    """Themes by size, then -1, then codes by size: the rows of the whole corpus with names."""
    themes = [row | {"name": tables.labels.get(int(row["id"]), row["id"])} for row in tables.shares("theme")]
    ids = {str(row["theme"]) for row in tables.themes} | ({"-1"} if tables.has_noise else set())
    themes = [row for row in themes if row["id"] in ids]
    codes = [row | {"name": tables.code_names.get(row["id"], one_line(row["id"]))} for row in tables.shares("code")]
    themes.sort(key=lambda row: (row["id"] == "-1", -(row["estimate"] or 0), int(row["id"])))
    codes.sort(key=lambda row: (-(row["estimate"] or 0), row["name"]))
    return themes + codes


def _row(row: dict[str, Any], tables: RunTables) -> Estimate:
    words = _printed(row)
    words += f" ({interval(row['low'], row['high'], row['n']) or 'no interval'})"
    muted = row["kind"] == "theme" and row["id"] == "-1"
    name = code_label(tables, row["id"]) if row["kind"] == "code" else row["name"]
    return Estimate(name, row["estimate"], row["low"], row["high"], words, muted=muted)

"""How common each theme and code is, with its interval."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from toolkit.figures.figure import Figure, nothing
from toolkit.figures.intervals import WIDTH, Estimate, nice_top, panel
from toolkit.run_folder.reader import RunTables
from toolkit.schemas import BY_CODING
from toolkit.text.format import count, interval, listed, one_line, percent
from toolkit.text.ties import leading, quantified

COLUMNS = ("kind", "id", "name", "estimate", "low", "high", "n")


def prevalence(tables: RunTables) -> Figure:
    """Shares of unique paragraphs that carry each theme and each code, largest first, with 95 % intervals."""
    rows = overall(tables)
    table = pa.table({name: [row[name] for row in rows] for name in COLUMNS})
    title = "How common each theme and code is"
    if not rows:
        return nothing("prevalence", title, "The run holds no prevalence.", table, "tables/prevalence.parquet")
    top = nice_top([row["high"] or row["estimate"] or 0.0 for row in rows])
    body, y = "", 0.0
    for kind, heading in (("theme", "Themes found"), ("code", "Codes of the codebook")):
        own = [_row(row, tables) for row in rows if row["kind"] == kind]
        if own:
            drawn, y = panel(own, top, y + (14 if y else 0), heading)
            body += drawn
    n = max(int(row["n"]) for row in rows)
    coded = any(row.get("interval_of") == BY_CODING for row in rows)
    lines = "95% intervals" + ", of unchecked codes with coding error" * coded
    caption = f"Share of the {count(n)} unique paragraphs; dots are estimates, lines {lines}."
    alt = f"{caption} {_largest(rows)}".rstrip()
    return Figure("prevalence", title, caption, alt, body, WIDTH, round(y + 4), table, "tables/prevalence.parquet")


def _largest(rows: list[dict[str, Any]]) -> str:
    """The largest themes, or codes where there are none, ties together."""
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
    own = {str(row["theme"]) for row in tables.themes} | ({"-1"} if tables.has_noise else set())
    themes = [row for row in themes if row["id"] in own]
    codes = [row | {"name": tables.code_names.get(row["id"], one_line(row["id"]))} for row in tables.shares("code")]
    themes.sort(key=lambda row: (row["id"] == "-1", -(row["estimate"] or 0), int(row["id"])))
    codes.sort(key=lambda row: (-(row["estimate"] or 0), row["name"]))
    return themes + codes


def _row(row: dict[str, Any], tables: RunTables) -> Estimate:
    words = _printed(row)
    if ends := interval(row["low"], row["high"], row["n"]):
        words += f" ({ends})"
    muted = row["kind"] == "theme" and row["id"] == "-1"
    name = tables.code_label(row["id"]) if row["kind"] == "code" else row["name"]
    return Estimate(name, row["estimate"], row["low"], row["high"], words, hollow=muted, muted=muted)

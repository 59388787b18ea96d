"""How reliably each theme returns when the corpus is resampled."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from toolkit.figures import svg
from toolkit.figures.figure import Figure, at_both_widths, nothing
from toolkit.figures.fragile import FragileBound
from toolkit.figures.intervals import Estimate, legend, panel
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, listed, plural

MEASURE = "mean Jaccard index with its counterpart in refits (1: always whole)"


def draw(tables: RunTables, room: int) -> Figure:
    """Mean best-match Jaccard of each theme over refits on resampled texts; fragile themes are hollow."""
    title, source = "How reliably each theme returns", "tables/themes.parquet"
    names = ("theme", "label", "stability", "stability_low", "stability_high", "fragile")
    rows = [row | {"fragile": bool(row["fragile"]), "label": tables.labels[row["theme"]]} for row in tables.themes]
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    if not rows:
        return nothing("stability", title, "No themes were claimed, so none has a stability.", table, source)
    if all(row["stability"] is None for row in rows):
        why = tables.metrics.get("stability", {}).get("reason")
        return nothing("stability", title, why or "Stability was not measured in this run.", table, source)
    bound = FragileBound.of(tables)
    drawn = [_row(row, bound) for row in sorted(rows, key=lambda row: (-(row["stability"] or 0.0), row["theme"]))]
    body, y = panel(drawn, 1.0, 26, "", percent=False, room=room)
    hollow = any(row["fragile"] for row in rows)
    key = svg.circle(238, 10, 4.5, "hollow") + svg.text(248, 15, "fragile", "label soft") if hollow else ""
    body = legend(10, "mean, with 95% of the refits") + key + body
    fragile = [f"{row['label']}" for row in rows if row["fragile"]]
    caption = (
        "Mean best-match Jaccard between the theme and its counterpart in refits on resampled texts "
        "(1: it always returns whole); lines span 95% of the refits. Hollow: fragile."
    )
    alt = f"{caption} Fragile: {listed(fragile)}." if fragile else f"{caption} No theme is fragile."
    headline, height = _headline(rows, bound), round(y + 4)
    return Figure(
        "stability", title, caption, alt, body, room, height, table, source, headline=headline, measure=MEASURE
    )


stability = at_both_widths(draw)


def _headline(rows: list[dict[str, Any]], bound: FragileBound) -> str:
    """How many themes are below the bound of the run; empty for a run without one."""
    if bound.value is None:
        return ""
    fragile = sum(row["fragile"] for row in rows)
    if not fragile:
        return f"No theme is fragile: none returns below {bound.words}"
    are = "is" if fragile == 1 else "are"
    return f"{count(fragile)} of {plural(len(rows), 'theme')} {are} fragile, below {bound.words}"


def _row(row: dict[str, Any], bound: FragileBound) -> Estimate:
    value, low, high = (row[f"stability{end}"] for end in ("", "_low", "_high"))
    words = "not measured" if value is None else bound.stability(value, low, high)
    return Estimate(str(row["label"]), value, low, high, words, hollow=bool(row["fragile"]))

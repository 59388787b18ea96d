"""Where the researcher's codes and the discovered themes meet."""

from __future__ import annotations

import pyarrow as pa

from toolkit.figures.code_labels import badge_note, code_label
from toolkit.figures.figure import Figure, at_both_widths, nothing
from toolkit.figures.headlines import quoted
from toolkit.figures.heat import Cell, grid
from toolkit.figures.style import WIDE
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, interval, percent, plural
from toolkit.values import NOISE

MOST = 30
"""Codes and themes that a grid shows at most."""
MEASURE = "number of paragraphs"


def draw(tables: RunTables, room: int) -> Figure:
    """Paragraphs that carry the code (rows) and belong to the theme (columns); the tint is the share of the code."""
    title, source = "Codes and themes", "tables/matrix.parquet"
    matrix = tables.table("matrix")
    rows = [row | {"label": tables.labels.get(int(row["theme"]), "")} for row in tables.rows("matrix")]
    names = ("code", "theme", "label", "paragraphs", "expected", "share_of_code", "share_of_theme", "lift")
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    if not rows:
        why = "The run had no codebook." if not tables.codebook else "No themes were claimed to set beside the codes."
        return nothing("codes_themes", title, why, table, source)
    codes = [code for code in tables.code_names if code in set(matrix["code"].to_pylist())]
    codes += sorted(set(matrix["code"].to_pylist()) - set(codes))
    lowest = NOISE if tables.has_noise else 0
    themes = sorted({int(row["theme"]) for row in rows if row["theme"] >= lowest}, key=lambda theme: (theme < 0, theme))
    row_of = {(row["code"], int(row["theme"])): row for row in rows}

    def cell(i: int, j: int) -> Cell | None:
        row = row_of.get((codes[i], themes[j]))
        return Cell(count(row["paragraphs"]), row["share_of_code"] or 0.0) if row else None

    heads = [tables.labels.get(theme, str(theme)) for theme in themes]
    most = MOST if room >= WIDE else MOST // 2
    codes, themes, left_out = codes[:most], themes[:most], max(len(codes), len(themes)) > most
    shown, heads = [code_label(tables, code) for code in codes], heads[:most]
    body, height = grid(shown, heads, cell, room=room, key="Themes")
    caption = (
        f"Number of the {count(tables.unique)} unique paragraphs that carry the code and belong to the theme; "
        "the stronger the tint, the larger the part of the code's paragraphs that is in the theme."
    )
    caption += badge_note(tables, codes)
    caption += f" The first {most} of each; the table has all." if left_out else ""
    alt = f"{caption} {len(codes)} codes by {len(themes)} themes."
    headline = _headline(tables)
    return Figure(
        "codes_themes", title, caption, alt, body, room, height, table, source, headline=headline, measure=MEASURE
    )


codes_themes = at_both_widths(draw)


def _headline(tables: RunTables) -> str:
    """The themes more than half of which carry one code, by the lower limits of their shares."""
    clear = [row for row in tables.themes if row.get("mostly") and (row.get("mostly_low") or 0.0) > 0.5]
    if not any(row.get("mostly_low") is not None for row in tables.themes):
        return ""
    if not clear:
        return "No theme clearly carries one code in most of its paragraphs"
    clear.sort(key=lambda row: (-row["mostly_low"], row["theme"]))
    if len(clear) > 1:
        return (
            f"{count(len(clear))} of {plural(len(tables.themes), 'theme')} carry one code in most of their paragraphs"
        )
    code = tables.code_names.get(clear[0]["mostly"]) or clear[0]["mostly"]
    label, n = tables.labels[int(clear[0]["theme"])], int(clear[0]["paragraphs"])
    share = f"{percent(clear[0]['mostly_share'], n)} ({interval(clear[0]['mostly_low'], clear[0]['mostly_high'], n)})"
    return f"{quoted(label)} carries {quoted(code)} in {share} of its paragraphs"

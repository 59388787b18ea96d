"""Where the researcher's codes and the discovered themes meet."""

from __future__ import annotations

import pyarrow as pa

from toolkit.figures.figure import Figure, nothing
from toolkit.figures.heat import Cell, grid
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count
from toolkit.values import NOISE


def codes_themes(tables: RunTables) -> Figure:
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
    found = {(row["code"], int(row["theme"])): row for row in rows}

    def cell(i: int, j: int) -> Cell | None:
        row = found.get((codes[i], themes[j]))
        return Cell(count(row["paragraphs"]), row["share_of_code"] or 0.0) if row else None

    heads = [tables.labels.get(theme, str(theme)) for theme in themes]
    body, width, height = grid([tables.code_label(code) for code in codes], heads, cell)
    caption = (
        f"Number of the {count(tables.unique)} unique paragraphs that carry the code and belong to the theme; "
        "the darker, the larger the part of the code that lies in the theme."
    )
    alt = f"{caption} {len(codes)} codes by {len(themes)} themes."
    return Figure("codes_themes", title, caption, alt, body, width, height, table, source)

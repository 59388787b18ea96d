"""Which codes stand together in a paragraph."""

from __future__ import annotations

import pyarrow as pa

from toolkit.figures.figure import Figure, nothing
from toolkit.figures.heat import Cell, grid
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import decimal


def cooccurrence(tables: RunTables) -> Figure:
    """Jaccard of each pair of codes over unique paragraphs, as the lower triangle of a grid."""
    title, source = "Codes that stand together", "tables/cooccurrence.parquet"
    rows = tables.rows("cooccurrence")
    names = ("code_a", "code_b", "paragraphs", "jaccard", "low", "high", "n")
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    if not rows:
        why = "The run had no codebook." if not tables.codebook else "The codebook has too few codes for a pair."
        return nothing("cooccurrence", title, why, table, source)
    given = {row["code_a"] for row in rows} | {row["code_b"] for row in rows}
    codes = [code for code in tables.code_names if code in given]
    codes += sorted(given - set(codes))
    found = {frozenset((row["code_a"], row["code_b"])): row for row in rows}
    top = max((row["jaccard"] or 0.0 for row in rows), default=0.0) or 1.0

    def cell(i: int, j: int) -> Cell | None:
        if j > i:
            return None
        row = found.get(frozenset((codes[i + 1], codes[j])))
        if row is None:
            return None
        value = row["jaccard"]
        return Cell("–" if value is None else "0" if value == 0 else decimal(value), (value or 0.0) / top)

    shown = [tables.code_label(code) for code in codes]
    body, width, height = grid(shown[1:], shown[:-1], cell)
    caption = (
        "Jaccard: of the paragraphs that carry either code, the share that carry both; "
        "– where no paragraph carries either. Intervals and counts stand in the table."
    )
    best = max(rows, key=lambda row: (row["jaccard"] or 0.0, row["code_a"], row["code_b"]))
    alt = f"{caption} Strongest pair: {best['code_a']} and {best['code_b']}, {decimal(best['jaccard'])}."
    return Figure("cooccurrence", title, caption, alt, body, width, height, table, source)

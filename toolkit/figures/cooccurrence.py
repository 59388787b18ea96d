"""Which codes stand together in a paragraph."""

from __future__ import annotations

import pyarrow as pa

from toolkit.figures.figure import Figure, nothing
from toolkit.figures.heat import Cell, grid
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, decimal, plural

MARKS = {"more": " +", "less": " −"}
"""What marks a pair that is together more or less often than by chance."""


def cooccurrence(tables: RunTables) -> Figure:
    """Jaccard of each pair of codes over unique paragraphs, as the lower triangle of a grid."""
    title, source = "Codes that stand together", "tables/cooccurrence.parquet"
    rows = tables.rows("cooccurrence")
    names = ("code_a", "code_b", "paragraphs", "jaccard", "low", "high", "n", "lift", "p_adjusted", "verdict")
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
        said = "–" if value is None else "0" if value == 0 else decimal(value)
        return Cell(said + MARKS.get(row.get("verdict") or "", ""), (value or 0.0) / top)

    shown = [tables.code_label(code) for code in codes]
    body, width, height = grid(shown[1:], shown[:-1], cell)
    caption = (
        "Jaccard: of the paragraphs that carry either code, the share that carry both; "
        "– where no paragraph carries either. Intervals and counts stand in the table."
    )
    marked = sum((row.get("verdict") or "") in MARKS for row in rows)
    if any(row.get("tested") for row in rows):
        caption += f" + more, − less often than by chance, all {count(rows[0]['tested'])} pairs tested together: "
        caption += f"{plural(marked, 'pair')}." if marked else "none."
    return Figure("cooccurrence", title, caption, caption, body, width, height, table, source)

"""Which codes occur together in a paragraph."""

from __future__ import annotations

import pyarrow as pa

from toolkit.figures.code_labels import badge_note, code_label
from toolkit.figures.figure import Figure, at_both_widths, nothing
from toolkit.figures.headlines import quoted
from toolkit.figures.heat import Cell, grid
from toolkit.figures.style import WIDE
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, decimal, plural

MOST = 30
"""Codes that the grid shows at most."""
MEASURE = "of the paragraphs with either code, the share with both"
MARKS = {"more": " +", "less": " −"}
"""What marks a pair that is together more or less often than by chance."""


def draw(tables: RunTables, room: int) -> Figure:
    """Jaccard of each pair of codes over unique paragraphs, as the lower triangle of a grid."""
    title, source = "Codes that occur together", "tables/cooccurrence.parquet"
    rows = tables.rows("cooccurrence")
    names = ("code_a", "code_b", "paragraphs", "jaccard", "low", "high", "n", "lift", "p_adjusted", "verdict")
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    if not rows:
        why = "The run had no codebook." if not tables.codebook else "The codebook has too few codes for a pair."
        return nothing("cooccurrence", title, why, table, source)
    in_pairs = {row["code_a"] for row in rows} | {row["code_b"] for row in rows}
    codes = [code for code in tables.code_names if code in in_pairs]
    codes += sorted(in_pairs - set(codes))
    most, known = MOST if room >= WIDE else MOST // 3, len(codes)
    codes = codes[:most]
    row_of = {frozenset((row["code_a"], row["code_b"])): row for row in rows}
    top = max((row["jaccard"] or 0.0 for row in rows), default=0.0) or 1.0

    def cell(i: int, j: int) -> Cell | None:
        if j >= i:
            return None
        row = row_of.get(frozenset((codes[i], codes[j])))
        if row is None:
            return None
        value = row["jaccard"]
        words = "–" if value is None else "0" if value == 0 else decimal(value).removeprefix("0")
        return Cell(words + MARKS.get(row.get("verdict") or "", ""), (value or 0.0) / top)

    shown = [code_label(tables, code) for code in codes]
    body, height = grid(shown, shown[:-1], cell, room=room, same=True)
    caption = (
        "Jaccard: of the paragraphs that carry either code, the share that carry both; "
        "– if no paragraph carries either. Intervals and counts are in the table."
    )
    caption += badge_note(tables, codes)
    if known > most:
        caption += f" The first {most} of {count(known)} codes; the table has all."
    marked = sum((row.get("verdict") or "") in MARKS for row in rows)
    if any(row.get("tested") for row in rows):
        caption += f" + more, − less often than by chance, all {count(rows[0]['tested'])} pairs tested together: "
        caption += f"{plural(marked, 'pair')}." if marked else "none."
    headline = _headline(tables)
    return Figure(
        "cooccurrence", title, caption, caption, body, room, height, table, source, headline=headline, measure=MEASURE
    )


cooccurrence = at_both_widths(draw)


def _headline(tables: RunTables) -> str:
    """The pair that is together more often than by chance most clearly, or that none is; empty without tests."""
    rows = [row for row in tables.rows("cooccurrence") if row.get("tested")]
    if not rows:
        return ""
    clear = [row for row in rows if row.get("verdict") in MARKS]
    if not clear:
        return "No two codes clearly occur together more or less often than by chance"
    first = min(clear, key=lambda row: (row["p_adjusted"], -abs(row["lift"] - 1), row["code_a"], row["code_b"]))
    names = [quoted(tables.code_names.get(first[end]) or first[end]) for end in ("code_a", "code_b")]
    more = f"; {plural(len(clear) - 1, 'more pair')} apart from chance" if len(clear) > 1 else ""
    return f"{names[0]} and {names[1]} occur together {first['verdict']} often than by chance{more}"

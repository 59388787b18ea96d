"""The last check before evidence is written: each quote occurs verbatim in its own paragraph, at its offsets."""

from __future__ import annotations

from toolkit.errors import QuoteError
from toolkit.values import Table


def check_evidence(codes: Table, paragraphs: Table) -> None:
    """Raise QuoteError unless every quote of the codes table is verbatim, in its own paragraph, at its offsets.

    codes: pa.Table of CODES, every paragraph x every code in the order of `paragraphs` (paragraph_id, start, text),
    copies included; a copy that does not contain the words has no quote.
    """
    ids = paragraphs["paragraph_id"].to_pylist()
    place = {name: row for row, name in enumerate(ids)}
    starts, texts = paragraphs["start"].to_pylist(), paragraphs["text"].to_pylist()
    for batch in codes.select(["paragraph_id", "code", "assigned", "start", "end", "quote"]).to_batches(10_000):
        for row in batch.to_pylist():
            where = f"evidence for code {row['code']!r} (paragraph {row['paragraph_id']!r})"
            at = place.get(row["paragraph_id"])
            if at is None:
                raise QuoteError(f"{where}: no such paragraph; the quote is not written")
            if row["quote"] is None:
                continue
            first, last = row["start"] - starts[at], row["end"] - starts[at]
            if first < 0 or not row["quote"] or texts[at][first:last] != row["quote"]:
                shown = row["quote"] if len(row["quote"]) <= 60 else row["quote"][:57] + "..."
                raise QuoteError(f"{where}: {shown!r} does not stand there; it is not written")

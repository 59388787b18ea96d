"""The quotes shown as evidence for a code: which ones, in which order, and how many sentences carry the code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow.compute as pc

from toolkit.codebook.verdicts import CONFIRMED
from toolkit.files.tuned import tuned
from toolkit.report.coders_say import ORDER, CodersSay
from toolkit.report.places import Quote, Reader
from toolkit.text.format import beside, count, plural
from toolkit.values import Table

Bound = tuple[float, int] | None
"""A threshold and the digits that it is printed with; None without one."""
EVIDENCE = 4
TUNED = tuned("toolkit.report")
CARRIES = TUNED.number("least_score_of_a_carrying_sentence")
"""Least score at which a sentence counts as carrying its code alone."""
EVEN_ODDS = 0.5
"""The same bound for a paragraph for which the coders confirmed the code."""
NONE_CARRIES = "no sentence carries the code alone, this one comes nearest"


def code_quotes(
    code: str, scored: Table, assigned: Table, reader: Reader, say: CodersSay, bound: Bound
) -> tuple[Quote, ...]:
    """Quotes for a code, one a document as long as there are others; else the nearest miss.

    Sentences that the coders confirmed come first, then those of uncoded paragraphs, then disputed ones; within each
    those that carry the code best by themselves. A sentence that does not carry the code is quoted only if none does,
    and then alone. A paragraph for which the coders refused the code is no evidence for it.
    """
    pool = assigned if assigned.num_rows else scored.filter(pc.is_valid(scored["score"]))  # unread ones have none
    rows = [row for row in pool.to_pylist() if not say.refused(row["paragraph_id"], code)]
    carrying = _carrying(rows, code, say)
    alone = assigned.num_rows == 0 or not carrying
    chosen = _ordered(carrying or rows, code, reader, say, 1 if alone else EVIDENCE)
    short = bool(assigned.num_rows) and not carrying
    return tuple(
        reader.quote(
            row["paragraph_id"],
            row["quote"],
            row["start"],
            row["end"],
            "; ".join(_notes(row, scored, say, bound, short)),
        )
        for row in chosen
    )


def carried(code: str, assigned: Table, say: CodersSay) -> str:
    """How many of the sentences scored for a code carry it by themselves; empty if none was scored."""
    rows = [row for row in assigned.to_pylist() if not say.refused(row["paragraph_id"], code)]
    scored = [row for row in rows if row["quote_score"] is not None]
    return f"{count(len(_carrying(scored, code, say)))} of {plural(len(scored), 'paragraph')} examined" * bool(scored)


def _carrying(rows: list[dict[str, Any]], code: str, say: CodersSay) -> list[dict[str, Any]]:
    """Those whose sentence carries the code by itself; all if no sentence was scored, as in runs of older toolkits."""
    if all(row["quote_score"] is None for row in rows):
        return rows
    least = {CONFIRMED: EVEN_ODDS}
    return [
        row for row in rows if (row["quote_score"] or 0.0) >= least.get(str(say.of(row["paragraph_id"], code)), CARRIES)
    ]


def _ordered(rows: list[dict[str, Any]], code: str, reader: Reader, say: CodersSay, most: int) -> list[dict[str, Any]]:
    """The first rows by verdict, then those of documents not quoted yet, then by how well the sentence carries."""
    rows = sorted(rows, key=_surest_first)
    seen: Counter[tuple[int, str]] = Counter()
    ranked: list[tuple[int, int, int]] = []
    for place, row in enumerate(rows):
        kind = ORDER[say.of(row["paragraph_id"], code)]
        document = reader.document_ids[reader.rows[row["paragraph_id"]]]
        ranked.append((kind, seen[kind, document], place))
        seen[kind, document] += 1
    chosen = sorted((kind, place) for kind, _, place in sorted(ranked)[:most])
    return [rows[place] for _, place in chosen]


def _surest_first(row: dict[str, Any]) -> tuple[Any, ...]:
    """By the sentence's own score, then by the paragraph's; what is unknown comes last."""
    values = (row["quote_score"], row["probability"], row["score"])
    return (*(-value if value is not None else float("inf") for value in values), row["paragraph_id"])


def _notes(row: dict[str, Any], scored: Table, say: CodersSay, bound: Bound, short: bool) -> Iterator[str]:
    """confirmed by the coders; probability 0.98."""
    if short:
        yield NONE_CARRIES
    yield from (text for text in (say.note(row["paragraph_id"], row["code"]), _sure(row, scored, bound)) if text)


def _sure(row: dict[str, Any], scored: Table, bound: Bound) -> str:
    """The learned probability; without one the rank by score, since a score is no probability however near to 1."""
    if row["probability"] is not None:
        threshold, places = bound or (None, None)
        sure = row["probability"] >= 0.995
        return "probability " + ("over 0.99" if sure else beside(row["probability"], threshold, 2, places))
    if row["score"] is None:
        return ""
    above = pc.sum(pc.greater(scored["score"], row["score"])).as_py() or 0
    return f"rank {count(above + 1)} of {count(len(scored) - scored['score'].null_count)} paragraphs by score"

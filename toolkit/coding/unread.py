"""Paragraphs that the model cannot read get no code, because their vectors and scores have no meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from toolkit.schemas import CODES
from toolkit.values import Bools, Coding, Table, Vectors


def code_read(paragraphs: Table, vectors: Vectors, read: Bools, code: Callable[[Table, Vectors], Coding]) -> Coding:
    """The coding of n paragraphs, by `code` for those that the model can read; `read` (n,).

    The others also have a row for each code, without score, probability and quote, and the code not assigned.
    """
    if read.all():
        return code(paragraphs, vectors)
    made = code(paragraphs.filter(pa.array(read)), vectors[read])
    codes = made.thresholds["code"].to_pylist()
    note = (
        f"{int((~read).sum()):,} of {len(read):,} different paragraphs cannot be read by the model and get no code: "
        "their scores are empty. Codes that coders gave them are not learned from and not scored against; they count "
        "in corrected shares."
    )
    table = _with_unread(made.codes, paragraphs["paragraph_id"].to_pylist(), codes, read)
    return replace(made, codes=table, notes=(*made.notes, note))


def _with_unread(table: Table, ids: list[str], codes: list[str], read: Bools) -> Table:
    """The rows of `table` and those of the unread paragraphs, in the order of the paragraphs."""
    unread = np.flatnonzero(~read)
    none = (
        pa.table(
            {
                "paragraph_id": [ids[row] for row in unread for _ in codes],
                "code": codes * len(unread),
                "assigned": np.zeros(len(unread) * len(codes), bool),
                **{
                    name: pa.nulls(len(unread) * len(codes), CODES.field(name).type)
                    for name in ("score", "probability", "start", "end", "quote", "quote_score")
                },
            }
        )
        .select(CODES.names)
        .cast(CODES)
    )
    owner = np.repeat(np.concatenate([np.flatnonzero(read), unread]), len(codes))
    return pa.concat_tables([table, none]).take(pa.array(np.argsort(owner, kind="stable")))

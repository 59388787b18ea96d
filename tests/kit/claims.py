"""A made-up corpus for tests of claims: documents with sources, dates and paragraphs whose codes are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.claims import Material


def material(
    marks: dict[str, list[list[int]]],
    source: list[str | None] | None = None,
    dates: list[str | None] | None = None,
    copies: dict[int, int] | None = None,
    **more: Any,
) -> Material:
    """Documents d00, d01 … with a paragraph for each mark; `marks` are code -> document -> 0 or 1 a paragraph.

    `copies`: document -> the document of which all its paragraphs are copies.
    """
    layout = next(iter(marks.values()))
    n, copies = len(layout), copies or {}
    documents = pa.table(
        {
            "document_id": [f"d{i:02d}" for i in range(n)],
            "duplicate_of": pa.array([f"d{copies[i]:02d}" if i in copies else None for i in range(n)], pa.string()),
            "source": pa.array(source or [None] * n, pa.string()),
            "date": pa.array(dates or [None] * n, pa.string()),
        }
    )
    places = [(i, j) for i, row in enumerate(layout) for j in range(len(row))]
    paragraphs = pa.table(
        {
            "paragraph_id": [f"d{i:02d}:{j}" for i, j in places],
            "document_id": [f"d{i:02d}" for i, _ in places],
            "duplicate_of": pa.array(
                [f"d{copies[i]:02d}:{j}" if i in copies else None for i, j in places], pa.string()
            ),
            **({"speaker": pa.array(more.pop("speaker"), pa.string())} if "speaker" in more else {}),
        }
    )
    assigned = {code: np.array([mark for row in lists for mark in row], bool) for code, lists in marks.items()}
    parents = more.pop("parents", dict.fromkeys(assigned))
    names = {code: code.upper() for code in assigned}
    return Material(documents, paragraphs, assigned, parents, names, **more)


def human(marks: dict[str, list[str]], coders: tuple[str, ...] = ("A",)) -> pa.Table:
    """Human marks: paragraph_id -> codes, the same by each coder."""
    rows = [
        {"paragraph_id": name, "code": code, "coder": coder}
        for name, codes in marks.items()
        for coder in coders
        for code in (codes or [None])
    ]
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in ("paragraph_id", "code", "coder")]))

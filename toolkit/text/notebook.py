"""HTML of results in a notebook: short tables that count omitted rows, with all text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from toolkit.text.format import interval, percent

MOST_ROWS = 20
"""Rows that a table shows at most."""
MOST_CHARACTERS = 240
"""Characters that a cell shows at most."""


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], more: str = "") -> str:
    """An HTML table of the first 20 rows; the remainder is counted and `more` names its place.

    A head that begins with # is above numbers. Texts are escaped, isolated from the surrounding direction of writing
    and cut after 240 characters.
    """
    cells = list(rows)
    sides = [' style="text-align:right"' if head.startswith("#") else ' style="text-align:left"' for head in heads]
    top = "".join(f"<th{side}>{escape(head.lstrip('#'))}</th>" for head, side in zip(heads, sides, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{side}>{_cell(cell)}</td>" for cell, side in zip(row, sides, strict=True)) + "</tr>"
        for row in cells[:MOST_ROWS]
    )
    rest = len(cells) - MOST_ROWS
    foot = f"<p>{rest:,} more{': ' + escape(more) if more else ''}</p>" if rest > 0 else ""
    title = f'<caption style="text-align:left"><b>{escape(caption)}</b></caption>' if caption else ""
    return f"<table>{title}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>{foot}"


def line(text: str) -> str:
    """A text as a paragraph."""
    return f"<p>{_cell(text)}</p>"


def share(estimate: float | None, low: float | None, high: float | None) -> str:
    """18% (12–25%); an en dash if there is none."""
    if estimate is None:
        return "–"
    ends = interval(low, high)
    return percent(estimate) + (f" ({ends})" if ends else "")


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, int):
        return f"{value:,}"
    text = " ".join(str(value).split())
    return f"<bdi>{escape(text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS].rstrip() + '…')}</bdi>"

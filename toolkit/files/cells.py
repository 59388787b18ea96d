"""CSV cells that a spreadsheet would run as formulas: escaped with an apostrophe when written, restored when read."""

from __future__ import annotations

from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
GUARDED = (*FORMULA, "'")


def guarded(text: str) -> str:
    """The text, behind an apostrophe if it begins like a formula; one that has apostrophes before it gets one more."""
    return "'" + text if text and text[0] in GUARDED and _formula(text) else text


def unguarded(cell: Any) -> Any:
    """A cell without the apostrophe that `guarded` gave it; whatever is no text stays as it is."""
    return cell[1:] if isinstance(cell, str) and cell[:1] == "'" and _formula(cell) else cell


def _formula(text: str) -> bool:
    return text.lstrip("'").startswith(FORMULA)

"""Guards CSV cells that a spreadsheet would run as formulas: writing adds an apostrophe, reading removes it.

When they open a CSV file, Excel and LibreOffice run these (docs/reference/run-folder.md, "CSV"): a cell that begins
with `=`, and in Excel also a cell that begins with `+`, `-` or `@` and calls a function (`-SUM(A1)`) or another
program by DDE (`+cmd|' /C calc'!A0`). Leading blanks make no difference, and East Asian locales treat full-width
signs alike. A number, an id and a line that begins with a dash run nothing and are written unchanged.
"""

from __future__ import annotations

import re
from typing import Any

REACHING_OUT = (
    "call", "cell", "dde", "encodeurl", "exec", "filterxml", "hyperlink", "image", "importdata", "importfeed",
    "importhtml", "importrange", "importxml", "indirect", "info", "register", "register.id", "rtd", "sql.request",
    "webservice",
)  # fmt: skip
"""Functions that read or reach outside the sheet; they count even with a blank before their bracket."""
_NAMES = "|".join(re.escape(name) for name in REACHING_OUT)
_FORMULA = re.compile(
    rf"\s*(?:[=＝]\s*\S|[-+@＋－＠].*?(?:[^\W\d][\w.]*\(|\b(?:{_NAMES})\s+\(|\|.*?!))", re.DOTALL | re.IGNORECASE
)


def runs(text: str) -> bool:
    """Whether a spreadsheet that opens a CSV file would run a cell of this text as a formula."""
    return bool(_FORMULA.match(text))


def guarded(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet would run it; a text with leading apostrophes gets one
    more."""
    return "'" + text if runs(text.lstrip("'")) else text


def unguarded(cell: Any) -> Any:
    """A cell without the apostrophe that `guarded` gave it; whatever is no text stays as it is."""
    return cell[1:] if isinstance(cell, str) and cell[:1] == "'" and runs(cell.lstrip("'")) else cell


def guarded_in_format_1(text: str) -> str:
    """The text as in run folders of format 1: behind an apostrophe if it begins with = + - @ tab or return."""
    return "'" + text if text.lstrip("'").startswith(("=", "+", "-", "@", "\t", "\r")) else text

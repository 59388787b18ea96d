"""Writes texts from Python (a list or a DataFrame) as the file of a corpus: one JSON object per line."""

from __future__ import annotations

import datetime
import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.errors import ConfigError, nearest

if TYPE_CHECKING:
    import pandas as pd

    Texts = Sequence[str] | pd.Series[str] | pd.DataFrame

TEXT = "text"
"""The column of the texts, if the config names no other (`corpus.columns.text`)."""
MOST_NAMED = 5


def is_texts(value: object) -> bool:
    """Whether a value is a list of texts, a Series or a DataFrame, rather than a path or a config."""
    plain = (str, bytes, os.PathLike, Mapping, set, frozenset)  # a set has no order, so no same bytes
    return not isinstance(value, plain) and (isinstance(value, Iterable) or hasattr(value, "columns"))


def write_texts(texts: Any, place: Path, column: str = TEXT) -> None:
    """Write texts as JSON lines (UTF-8), in their order; the same texts give the same bytes.

    Args:
        texts: a list of strings, or a pandas Series of them; or a DataFrame with a column `column`, whose other columns
            (id, title, source, date, ...) are read as those of a table are. Its index is left out, and so are empty
            cells. Dates are written by ISO 8601.
        place: the file to write.
        column: the name of the column of texts.

    Raises:
        ConfigError: no texts, something else than texts, no such column, a column name given twice, or a text missing.
    """
    rows = _frame_rows(texts, column) if hasattr(texts, "columns") else _list_rows(texts, column)
    if not rows:
        raise ConfigError(["texts: there are none; give a list of strings, or a DataFrame with a row for each text"])
    place.write_text("".join(f"{_line(row)}\n" for row in rows), encoding="utf-8", newline="\n")


def _list_rows(texts: Iterable[Any], column: str) -> list[dict[str, Any]]:
    listed = list(texts)
    _require_texts(listed)
    return [{column: text} for text in listed]


def _frame_rows(frame: Any, column: str) -> list[dict[str, Any]]:
    if not callable(getattr(frame, "to_dict", None)) or not hasattr(frame, "iloc"):
        what = type(frame).__name__
        raise ConfigError([f"texts: expected a list of strings or a pandas DataFrame, got {what}; try .to_pandas()"])
    names = [str(name) for name in frame.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigError([f"texts: the DataFrame has two columns named {twice[0]!r}; rename one"])
    if column not in names:
        hint = f"rename the column of texts to {column!r}, or name it by set={{'corpus.columns.text': NAME}}"
        raise ConfigError(
            [f"texts: no column {column!r}{nearest(column, names)}; there are {', '.join(names) or 'none'}; {hint}"]
        )
    columns = [frame.iloc[:, at].tolist() for at in range(len(names))]
    _require_texts(columns[names.index(column)], f" in column {column!r}")
    rows = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
    return [{name: cell for name, cell in row.items() if name == column or not _is_missing(cell)} for row in rows]


def _require_texts(texts: Sequence[Any], where: str = "") -> None:
    """Raise ConfigError if any of them is not a string, with the first of them and advice."""
    wrong = [at for at, text in enumerate(texts) if not isinstance(text, str)]
    if not wrong:
        return
    missing = [at for at in wrong if _is_missing(texts[at])]
    at = (missing or wrong)[0]
    few = ", ".join(map(str, (missing or wrong)[:MOST_NAMED])) + ("" if len(missing or wrong) <= MOST_NAMED else ", …")
    number = len(missing or wrong)
    counted = f"{number:,} {'row' if number == 1 else 'rows'} of {len(texts):,}{where}"
    if missing:
        what = f"{counted} {'has' if number == 1 else 'have'} no text (counted from 0: {few})"
        raise ConfigError([f"texts: {what}; leave such rows out, in pandas by frame.dropna(subset=[COLUMN])"])
    kind = type(texts[at]).__name__
    raise ConfigError([f"texts: expected strings, got {kind} in {counted} (counted from 0: {few})"])


def _line(row: Mapping[str, Any]) -> str:
    line = json.dumps(row, ensure_ascii=False, default=_plain, allow_nan=True)
    return line.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no character


def _plain(cell: Any) -> Any:
    """Values that JSON does not support: dates by ISO 8601, arrays as lists, anything else as its text."""
    if isinstance(cell, datetime.datetime):
        at_midnight = cell.tzinfo is None and cell.time() == datetime.time()
        return cell.date().isoformat() if at_midnight else cell.isoformat()
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    tolist = getattr(cell, "tolist", None)
    return tolist() if callable(tolist) else str(cell)


def _is_missing(cell: Any) -> bool:
    """Whether a cell is empty by pandas' rules: None, NaN, NaT or NA."""
    missing = type(cell).__name__ in ("NaTType", "NAType")
    return cell is None or missing or (isinstance(cell, float) and math.isnan(cell))

"""Cells of tables: as text, by the dotted path of a nested field, and by type."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import TypeGuard

NUMBER = re.compile(r"[-+−]?[$€£¥]?\s?\d[\d.,'’\s]*(?:[eE][-+]?\d+)?\s?[%€$£¥]?")
DATE = re.compile(r"\d{1,4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,4}日?(?:[T\s,].{0,30})?|\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?")
BOOLEAN = frozenset({"true", "false"})
MOST_LEVELS = 4
"""Number of levels of nested JSON whose fields are listed."""


def cell_text(value: object) -> str:
    """A cell as text: dates as ISO, whole floats without a point, lists joined, nothing for empty cells."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (datetime, date)):
        return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (list, tuple)) and all(isinstance(item, (str, int, float)) for item in value):
        return "; ".join(cell_text(item) for item in value)
    return (
        json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
        if isinstance(value, (dict, list))
        else str(value)
    )


def long_text(value: object) -> str:
    """The cell of a text column as text: a list of strings is a list of paragraphs, a list of runs their text."""
    if isinstance(value, (list, tuple)) and any(isinstance(item, dict) for item in value):
        runs = [item.get("text") if isinstance(item, dict) else item for item in value]
        if all(isinstance(run, str) for run in runs):
            return "".join(map(str, runs))
    if isinstance(value, (list, tuple)) and len(value) > 1 and all(isinstance(item, str) for item in value):
        return "\n\n".join(value)
    return cell_text(value)


def cell_of(cells: Mapping[str, object], name: str) -> object:
    """The cell of a column, or of a nested field by its dotted path ("data.text", "comments.0.text"); null if none.

    A step of * means all members of a list: "comments.*.text" is a list of texts.
    """
    if name in cells or "." not in name:
        return cells.get(name)
    before, star, after = name.partition(".*.")
    if star:
        members = cell_of(cells, before)
        inside = (
            [cell_of(member, after) for member in members if isinstance(member, Mapping)] if _is_list(members) else []
        )
        return [member for member in inside if member is not None] or None
    value: object = cells
    steps = name.split(".")
    while steps:
        if isinstance(value, Mapping):
            joined = next((n for n in range(len(steps), 0, -1) if ".".join(steps[:n]) in value), 0)
            if not joined:
                return None
            value, steps = value[".".join(steps[:joined])], steps[joined:]
        elif isinstance(value, (list, tuple)) and steps[0].isdecimal() and int(steps[0]) < len(value):
            value, steps = value[int(steps[0])], steps[1:]
        else:
            return None
    return value


def _is_list(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, (list, tuple))


def has_cell(cells: Mapping[str, object], name: str) -> bool:
    """Whether a row has the column or the nested field."""
    return name in cells or ("." in name and cell_of(cells, name) is not None)


def paths_of(cells: Mapping[str, object], depth: int = MOST_LEVELS) -> Iterator[str]:
    """Names of the columns, with the dotted paths of nested fields after their parent field."""
    for name, value in cells.items():
        inner: Iterable[str] = ()
        if isinstance(value, Mapping) and depth > 1:
            inner = paths_of(value, depth - 1)
        elif isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping) and depth > 1:
            inner = (f"0.{path}" for path in paths_of(value[0], depth - 1))
        nested = [f"{name}.{path}" for path in inner]
        if nested:
            yield from nested
        else:
            yield str(name)


def is_typed(value: object) -> bool:
    """Whether a cell is a number, a date, a time or true/false rather than words."""
    if isinstance(value, (bool, int, float, datetime, date, time)):
        return True
    if not isinstance(value, str):
        return False
    text = value.strip()
    if not text or len(text) > 60:
        return False
    return bool(NUMBER.fullmatch(text) or DATE.fullmatch(text)) or text.lower() in BOOLEAN

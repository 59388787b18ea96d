"""Reads the tables and metrics of older run folders as those of today: what they lack is null or absent.

Format 1 is that of toolkit 0.1. To add a column to a table, add it to `COLUMNS`; a table, to `TABLES`; a name that has
changed, to `RENAMED` or `METRICS`; a meaning that has changed, a function to `CHANGED`. A test compares a folder of
format 1 with one of today and prints the lines that are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from toolkit.run_folder.manifest import FORMAT

COLUMNS: dict[str, tuple[tuple[str, Any], ...]] = {}
"""Table -> columns (name, type) that format 1 did not have; read as null."""

TABLES: dict[str, Any] = {}
"""Table -> its schema, if format 1 did not have it; read as empty."""

RENAMED: dict[str, dict[str, str]] = {}
"""Table -> name of a column in format 1 -> its name today."""

CHANGED: dict[str, Callable[[Any], Any]] = {}
"""Table -> what makes its values those of today, after columns were renamed and added."""

METRICS: dict[str, str] = {}
"""Name of a metric in format 1 -> its name today."""


def upgraded(name: str, table: Any, version: int) -> Any:
    """A table of a folder of format `version` with the columns of today; null where it cannot know them."""
    if version >= FORMAT:
        return table
    names = RENAMED.get(name, {})
    table = table.rename_columns([names.get(column, column) for column in table.column_names])
    for column, kind in COLUMNS.get(name, ()):
        if column not in table.column_names:
            table = table.append_column(column, pa.nulls(table.num_rows, kind))
    return CHANGED[name](table) if name in CHANGED else table


def missing_table(name: str, version: int) -> Any | None:
    """The empty table that stands for one which format `version` did not have; None for any other."""
    return TABLES[name].empty_table() if version < FORMAT and name in TABLES else None


def upgraded_metrics(metrics: Mapping[str, Any], version: int) -> dict[str, Any]:
    """Metrics of a folder of format `version` under the names of today."""
    names = METRICS if version < FORMAT else {}
    return {names.get(key, key): metric for key, metric in metrics.items()}

"""Writes tables as CSV that a spreadsheet opens without running a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from toolkit.files.cells import guarded

if TYPE_CHECKING:
    from toolkit.values import Column, Table


def write_csv(table: Table, path: Path, guard: Callable[[str], str] = guarded, encoding: str = "utf-8") -> None:
    """A table as CSV: lists as JSON, null as nothing, text that a spreadsheet would run behind an apostrophe.

    Names of columns are guarded like cells, but for those of a folder of format 1 (`guard` is that of its cells).
    """
    with path.open("w", encoding=encoding, newline="") as stream:
        _write(table, stream, guard)


def csv_text(table: Table) -> str:
    """The output of `write_csv` as text."""
    stream = io.StringIO(newline="")
    _write(table, stream, guarded)
    return stream.getvalue()


def _write(table: Table, stream: Any, guard: Callable[[str], str]) -> None:
    writer = csv_writer(stream)
    writer.writerow([guarded(name) for name in table.column_names] if guard is guarded else table.column_names)
    for batch in table.to_batches(max_chunksize=10_000):
        writer.writerows(zip(*(_cells(column, guard) for column in batch.columns), strict=True))


def csv_writer(stream: Any) -> Any:
    """A csv.writer whose rows end with a line feed and which also quotes cells with a lone carriage return.

    Python before 3.13 quotes only cells with characters of the line end, and readers end a row at either character.
    """
    return csv.writer(SimpleNamespace(write=lambda row: stream.write(row[:-2] + "\n")), lineterminator="\r\n")


def _cells(column: Column, guard: Callable[[str], str]) -> list[Any]:
    """The values of a column as csv writes them."""
    import pyarrow as pa

    values: list[Any] = column.to_pylist()
    if pa.types.is_boolean(column.type):
        return [value if value is None else "true" if value else "false" for value in values]
    if pa.types.is_nested(column.type):
        return [value if value is None else json.dumps(value, ensure_ascii=False) for value in values]
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return [value if value is None else guard(value) for value in values]
    return values

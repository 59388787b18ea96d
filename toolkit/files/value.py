"""Saves values as plain files and reads them back: arrays as .npy, tables as .parquet, the rest as JSON; no pickle."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from toolkit.values import Arrays, Table

T = TypeVar("T")
REST = "value.json"


def write_value(value: Any, folder: Path, before: str = "") -> None:
    """Write each field of a frozen dataclass into `folder`, which must exist; file names begin with `before`.

    A field that is a dataclass of arrays and tables becomes several files, such as `discovery.strength.npy`.
    """
    hints = get_type_hints(type(value))
    rest: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        item, name = getattr(value, field.name), f"{before}{field.name}"
        if item is None:
            rest[field.name] = None
        elif isinstance(item, np.ndarray):
            np.save(folder / f"{name}.npy", item, allow_pickle=False)
        elif isinstance(item, pa.Table):
            write_table(item, folder / f"{name}.parquet")
        elif hints[field.name] == Arrays:
            rest[field.name] = sorted(item)
            for key, array in item.items():
                np.save(folder / f"{name}.{key}.npy", array, allow_pickle=False)
        elif _is_nested(item):
            write_value(item, folder, f"{name}.")
        else:
            rest[field.name] = TypeAdapter(hints[field.name]).dump_python(item, mode="json")
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, indent=1)
    (folder / f"{before}{REST}").write_text(text + "\n", encoding="utf-8", newline="\n")


def _is_nested(item: Any) -> bool:
    """Whether a value is a dataclass that contains an array or a table, which JSON cannot represent."""
    if not dataclasses.is_dataclass(item):
        return False
    return any(isinstance(getattr(item, field.name), np.ndarray | pa.Table) for field in dataclasses.fields(item))


def read_value(kind: type[T], folder: Path, before: str = "") -> T:
    """The value that `write_value` wrote. Raises OSError or ValueError if the files do not fit `kind`."""
    hints = get_type_hints(kind)
    rest = json.loads((folder / f"{before}{REST}").read_text(encoding="utf-8"))
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        name, start = field.name, f"{before}{field.name}"
        if hints[name] == Arrays:
            fields[name] = {key: read_array(folder / f"{start}.{key}.npy") for key in rest[name]}
        elif name in rest:
            stored = rest[name]
            fields[name] = None if stored is None else TypeAdapter(hints[name]).validate_python(stored)
        elif (folder / f"{start}.npy").exists():
            fields[name] = read_array(folder / f"{start}.npy")
        elif (folder / f"{start}.{REST}").exists():
            fields[name] = read_value(hints[name], folder, f"{start}.")
        else:
            fields[name] = read_table(folder / f"{start}.parquet")
    return kind(**fields)


def read_array(path: Path) -> npt.NDArray[Any]:
    """The array of an .npy file, read-only. Raises OSError or ValueError if there is none."""
    array: npt.NDArray[Any] = np.load(path, allow_pickle=False)
    array.flags.writeable = False
    return array


def write_table(table: Table, path: Path) -> None:
    """Write a table as Parquet. Equal tables give equal bytes, whether computed or read from a file."""
    plain = table.replace_schema_metadata(None).cast(_spelled(table.schema)).combine_chunks()
    pq.write_table(plain, path, compression="zstd", version="2.6")


def _spelled(schema: pa.Schema) -> pa.Schema:
    """The schema with the list item field named `element`, as Parquet does; Arrow itself uses `item`."""
    fields = []
    for column in schema:
        if pa.types.is_list(column.type):
            column = column.with_type(pa.list_(pa.field("element", column.type.value_type)))
        fields.append(column.with_metadata(None))
    return pa.schema(fields)


def read_table(path: Path) -> Table:
    """The table of a Parquet file. (`pq.read_table` imports pandas, which takes longer than most tables.)"""
    with pq.ParquetFile(path) as file:
        return file.read()

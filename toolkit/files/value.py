"""Saves a value as plain files and reads it back: arrays as .npy, tables as .parquet, the rest as JSON. No pickle."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from toolkit.values import Arrays

T = TypeVar("T")
REST = "value.json"


def write_value(value: Any, folder: Path) -> None:
    """Write each field of a frozen dataclass into `folder`, which must exist."""
    hints = get_type_hints(type(value))
    rest: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        if isinstance(item, np.ndarray):
            np.save(folder / f"{field.name}.npy", item, allow_pickle=False)
        elif isinstance(item, pa.Table):
            write_table(item, folder / f"{field.name}.parquet")
        elif hints[field.name] == Arrays:
            rest[field.name] = sorted(item)
            for name, array in item.items():
                np.save(folder / f"{field.name}.{name}.npy", array, allow_pickle=False)
        else:
            rest[field.name] = TypeAdapter(hints[field.name]).dump_python(item, mode="json")
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, indent=1)
    (folder / REST).write_text(text + "\n", encoding="utf-8", newline="\n")


def read_value(kind: type[T], folder: Path) -> T:
    """The value that `write_value` wrote. Raises OSError or ValueError when the files do not fit `kind`."""
    hints = get_type_hints(kind)
    rest = json.loads((folder / REST).read_text(encoding="utf-8"))
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        name = field.name
        if hints[name] == Arrays:
            fields[name] = {key: read_array(folder / f"{name}.{key}.npy") for key in rest[name]}
        elif name in rest:
            fields[name] = TypeAdapter(hints[name]).validate_python(rest[name])
        elif (folder / f"{name}.npy").exists():
            fields[name] = read_array(folder / f"{name}.npy")
        else:
            fields[name] = read_table(folder / f"{name}.parquet")
    return kind(**fields)


def read_array(path: Path) -> Any:
    """The array of an .npy file, read-only. Raises OSError or ValueError where there is none."""
    array = np.load(path, allow_pickle=False)
    array.flags.writeable = False
    return array


def write_table(table: Any, path: Path) -> None:
    """A pyarrow Table as Parquet: the same table gives the same bytes, whether it was made now or read from a file."""
    plain = table.replace_schema_metadata(None).cast(_spelled(table.schema)).combine_chunks()
    pq.write_table(plain, path, compression="zstd", version="2.6")


def _spelled(schema: Any) -> Any:
    """The schema with one name for what lists hold: Arrow says `item`, a table read from Parquet `element`."""
    fields = []
    for column in schema:
        if pa.types.is_list(column.type):
            column = column.with_type(pa.list_(pa.field("element", column.type.value_type)))
        fields.append(column.with_metadata(None))
    return pa.schema(fields)


def read_table(path: Path) -> Any:
    """The Table of a Parquet file. (`pq.read_table` would load pandas, which takes longer than most tables.)"""
    with pq.ParquetFile(path) as file:
        return file.read()

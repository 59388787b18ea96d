"""Builds Arrow arrays directly from buffers.

`pyarrow.array` imports pandas (0.6 s) to recognise pandas objects, which is too slow for `toolkit check`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def column(values: Sequence[Any], kind: Any) -> Any:
    """An Arrow array of `kind` (string, large_string, int32, int64, bool, list<string>); null if a value is None."""
    import pyarrow as pa

    if pa.types.is_list(kind):
        offsets = np.cumsum([0, *(len(value) for value in values)], dtype=np.int32)
        inner = column([item for value in values for item in value], kind.value_type)
        return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(offsets)], children=[inner])
    missing = [value is None for value in values]
    validity = _bits([not gone for gone in missing]) if any(missing) else None
    nulls = sum(missing)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        encoded = [b"" if value is None else value.encode("utf-8") for value in values]
        width = np.int64 if pa.types.is_large_string(kind) else np.int32
        offsets = np.cumsum([0, *(len(value) for value in encoded)], dtype=width)
        buffers = [validity, pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
        return pa.Array.from_buffers(kind, len(values), buffers, nulls)
    if pa.types.is_boolean(kind):
        return pa.Array.from_buffers(kind, len(values), [validity, _bits([bool(value) for value in values])], nulls)
    numbers = np.array([value or 0 for value in values], dtype=kind.to_pandas_dtype())
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(numbers)], nulls)


def _bits(flags: Sequence[bool]) -> Any:
    import pyarrow as pa

    return pa.py_buffer(np.packbits(np.array(flags, dtype=bool), bitorder="little").tobytes())

"""Tables that are called .txt: JSON, JSON lines, and cells between tabs, commas or semicolons below their names."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from toolkit.corpus.metadata import ALIASES

HEAD_CHARACTERS = 65_536
LEAST_ROWS = 3
"""Rows, with that of the names, that make a table."""
_BLANK = "\ufeff \t\r\n"
_TEXTS = frozenset(ALIASES["text"])


def table_in_text(path: Path) -> str:
    """The extension under which a text file is read as a table (".json", ".csv"), or empty if it is no table."""
    with path.open("rb") as stream:
        data = stream.read(HEAD_CHARACTERS)
    bare = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if bare[:1] in (b"{", b"["):
        return _json(path, bare)
    text = data.decode("utf-8", "replace")
    names = re.split(r"[\t,;]", text.strip(_BLANK).partition("\n")[0])
    if len(names) < 2 or not any(_name(cell) in _TEXTS for cell in names):
        return ""
    return _delimited(text if len(data) < HEAD_CHARACTERS else text.rpartition("\n")[0])


def _name(cell: str) -> str:
    """The name of a column as it is compared."""
    return cell.strip(_BLANK + "\"'").casefold()


def _json(path: Path, head: bytes) -> str:
    """The kind of JSON, if the file begins with an object that has values."""
    if not head.lstrip(b"[{ \t\r\n").startswith(b'"'):
        return ""
    lines = head.splitlines()
    if head[:1] == b"{" and len(lines) > 1 and _is_object(lines[0]) and lines[1].lstrip().startswith(b"{"):
        return ".jsonl"
    if len(head) < HEAD_CHARACTERS - len(_BLANK):
        return ".json" if _is_object(path.read_bytes().lstrip(b"\xef\xbb\xbf")) else ""
    return ".json" if head[:1] == b"[" and head[1:].lstrip().startswith(b"{") else ""


def _is_object(data: bytes) -> bool:
    """Whether bytes are one JSON object, or an array of them."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _delimited(text: str) -> str:
    """The kind of a table whose rows have equal numbers of cells and whose text column has a known name."""
    for mark, extension in (("\t", ".tsv"), (";", ".csv"), (",", ".csv")):
        try:
            rows = [row for row in csv.reader(text.splitlines(), delimiter=mark) if row]
        except csv.Error:
            continue
        names = [_name(cell) for cell in rows[0]] if rows else []
        named = len(names) > 1 and _TEXTS & set(names) and len(set(names)) == len(names)
        if named and len(rows) >= LEAST_ROWS and all(len(row) == len(names) for row in rows[:-1]):
            return extension
    return ""

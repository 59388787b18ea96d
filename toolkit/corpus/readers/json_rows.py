"""Reads JSON files that are not JSON lines: an array of objects, a sequence of objects, an array inside an object.

An array is read object by object, so that a large file is never completely in memory.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from toolkit.corpus.decode import decode
from toolkit.corpus.metadata import ALIASES
from toolkit.corpus.readers.json_pages import arrays, of_documents, page
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Row, Unreadable

_BLOCK_BYTES = 1 << 20
ENVELOPE_WORDS = 20
"""Maximum number of words of a field next to an array of objects: metadata of a response."""
_BETWEEN = re.compile(r"[\s,\x1e]*")
_NEXT = re.compile(r"[,\n]\s*(?=\{)")
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_KINDS: dict[type, str] = {list: "list", bool: "true or false", int: "number", float: "number", type(None): "null"}
ARRAY_INSIDE = "several arrays of objects: {names}; keep one of them in the file"


def read_json(path: Path, settings: CorpusSettings, unpacked: str | None = None) -> Iterator[Row]:
    """Rows of a .json file: an array of objects, a sequence of objects, or one object with such an array.

    `unpacked` is the file's text if the file itself is compressed.
    """
    if unpacked is None:
        encoding, notes = _encoding(path, settings.file_encoding)
    else:
        encoding, notes = "", ()
    stream: IO[str] = (
        path.open("r", encoding=encoding)
        if encoding
        else io.StringIO(
            decode(path.read_bytes(), encoding=settings.file_encoding).text if unpacked is None else unpacked
        )
    )
    with stream:
        yield from _numbered(_Values(stream, settings.limits.max_row_chars), notes)


def _encoding(path: Path, given: str | None) -> tuple[str, tuple[str, ...]]:
    """UTF-8 or UTF-16 by its mark; else the detected encoding."""
    check = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        mark = stream.read(2)
        if mark in _MARKS:
            return _MARKS[mark], ()
        stream.seek(0)
        try:
            while chunk := stream.read(_BLOCK_BYTES):
                check.decode(chunk)
        except UnicodeDecodeError:
            return "", decode(path.read_bytes(), encoding=given).notes
    return "utf-8-sig", ()


class _Values:
    """The values of a file in order: those of its outermost array, or a sequence of values."""

    def __init__(self, stream: IO[str], most: int) -> None:
        self.stream, self.most = stream, most
        self.buffer, self.at, self.line = "", 0, 1
        self.ended = self.in_array = self.is_array = False
        self.decoder = json.JSONDecoder()

    def _more(self) -> bool:
        """Whether more text was read into the buffer."""
        chunk = self.stream.read(max(_BLOCK_BYTES, len(self.buffer) - self.at))
        if not chunk:
            self.ended = True
            return False
        self.line += self.buffer.count("\n", 0, self.at)
        self.buffer, self.at = self.buffer[self.at :] + chunk, 0
        return True

    def _space(self) -> str:
        """The next character that is no blank or comma, or an empty text at the end."""
        while True:
            between = _BETWEEN.match(self.buffer, self.at)
            self.at = between.end() if between else self.at
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self._more():
                return ""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        """Each value with an empty text, or the raw text of invalid JSON with the reason."""
        if self._space() == "[":
            self.in_array = self.is_array = True
            self.at += 1
        while mark := self._space():
            if mark == "]" and self.in_array:
                self.in_array = False
                self.at += 1
                continue
            if mark == "[" and not self.in_array:
                self.in_array = True
                self.at += 1
                continue
            yield self._value()

    def _value(self) -> tuple[Any, str]:
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
            except (ValueError, RecursionError) as fault:
                if isinstance(fault, json.JSONDecodeError) and not self.ended and self._open(fault):
                    self._more()
                    continue
                return self._damaged(fault)
            if end == len(self.buffer) and not self.ended and not isinstance(value, (dict, list)):
                self._more()
                continue
            size, self.at = end - self.at, end
            if size > self.most and self.in_array:
                why = f"longer than {self.most:,} characters (corpus.limits.max_row_chars)"
                return self.buffer[end - size :][:1000], why
            return value, ""

    def _open(self, fault: json.JSONDecodeError) -> bool:
        """Whether the fault may be that the buffer ends within a value."""
        return fault.pos > len(self.buffer) - 20 or "Unterminated" in fault.msg

    def _damaged(self, fault: Exception) -> tuple[Any, str]:
        """The text up to the next line or comma with an object after it."""
        start = self.at
        line = self.line + self.buffer.count("\n", 0, getattr(fault, "pos", start))
        while not (match := _NEXT.search(self.buffer, max(start + 1, getattr(fault, "pos", start)))) and self._more():
            start = 0
        self.at = match.start() if match else len(self.buffer)
        reason = getattr(fault, "msg", type(fault).__name__)
        return self.buffer[start : self.at].strip(), f"not JSON: line {line}: {reason}"


def _numbered(values: _Values, notes: tuple[str, ...]) -> Iterator[Row]:
    """Rows of the values, numbered; a file's only object may contain the rows."""
    iterator = iter(values)
    first = next(iterator, None)
    if first is None:
        raise Unreadable("empty file")
    second = next(iterator, None)
    if second is None and not values.is_array and isinstance(first[0], dict) and not first[1]:
        rows, beside = _rows_inside(first[0])
        for number, value in enumerate(rows, start=1):
            yield json_row(number, value, (*notes, *beside))
        return
    header: list[str] | None = None
    number = 0
    for value, fault in _chained(first, second, iterator):
        if header is None and number == 0 and _is_header(value) and second is not None and isinstance(second[0], list):
            header = value
            continue
        if not fault and (answer := page(value)):
            for row in answer[0]:
                number += 1
                yield json_row(number, row, (*notes, *answer[1]))
            continue
        number += 1
        if fault:
            yield Row(number, {"": value if isinstance(value, str) else ""}, fault=fault)
        elif header is not None and isinstance(value, list):
            yield Row(number, dict(zip(header, value, strict=False)), notes)
        else:
            yield json_row(number, value, notes)


def _chained(*values: Any) -> Iterator[tuple[Any, str]]:
    first, second, rest = values
    yield first
    if second is not None:
        yield second
    yield from rest


def _is_header(value: object) -> bool:
    """Whether an array of arrays begins with the names of columns."""
    return isinstance(value, list) and len(value) > 1 and all(isinstance(name, str) and name for name in value)


def json_row(number: int, value: object, notes: tuple[str, ...] = ()) -> Row:
    """A JSON value as a row: an object, or a bare text."""
    if isinstance(value, dict):
        return Row(number, value, notes)
    shown = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        bare = len(value.split()) < 2
        return (
            Row(number, {"": value}, fault="a bare word, not an object")
            if bare
            else Row(number, {"text": value}, notes)
        )
    return Row(number, {"": shown[:1000]}, fault=f"a JSON {_KINDS.get(type(value), 'value')}, not an object")


def _rows_inside(tree: dict[str, Any]) -> tuple[list[Any], tuple[str, ...]]:
    """The rows in an object with a note on its other content, or the object itself as one row.

    Raises:
        Unreadable: it contains several arrays of objects.
    """
    columns, data = tree.get("columns"), tree.get("data")
    if isinstance(columns, list) and isinstance(data, list) and all(isinstance(row, list) for row in data):
        return [dict(zip(map(str, columns), row, strict=False)) for row in data], ()
    if _is_columnar(tree):
        keys = list(next(iter(tree.values())))
        return [{name: values[key] for name, values in tree.items()} for key in keys], ()
    if any(isinstance(value, str) and _is_document(name, value) for name, value in tree.items()):
        return [tree], ()  # a document by itself, even with lists inside
    inside, beside = of_documents(dict(arrays(tree)))
    if len(inside) == 1:
        return next(iter(inside.values())), beside
    if len(inside) > 1:
        raise Unreadable(ARRAY_INSIDE.format(names=", ".join(inside)))
    values = list(tree.values())
    if len(values) > 1 and all(isinstance(value, dict) for value in values) and _alike(values):
        return [{"key": key, **value} for key, value in tree.items()], ()
    return [tree], ()


def _is_document(name: str, value: str) -> bool:
    """Whether a field of the outermost object is a text: the object is then a document and no envelope."""
    words = len(value.split())
    return words > ENVELOPE_WORDS or (words > 3 and name.lower() in ALIASES["text"])


def _is_columnar(tree: Mapping[str, Any]) -> bool:
    """Whether an object contains columns, each as an object from row to cell (the default of pandas)."""
    values = list(tree.values())
    if not values or not all(isinstance(value, dict) and value for value in values):
        return False
    keys = list(values[0])
    return all(key.isdecimal() for key in keys) and all(list(value) == keys for value in values)


def _alike(values: list[Any]) -> bool:
    """Whether objects have most names in common."""
    names = [set(value) for value in values]
    return bool(names[0]) and sum(len(other & names[0]) >= 0.5 * len(names[0]) for other in names) >= 0.8 * len(names)

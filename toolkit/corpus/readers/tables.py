"""Reads tables row by row, whatever the size of the file. An unreadable row has a reason; the rest is read."""

from __future__ import annotations

import codecs
import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from toolkit.corpus.decode import StreamEncoding, decode, foreign_line, stream_encoding
from toolkit.corpus.readers.grid import Grid, Line, grid_rows
from toolkit.corpus.readers.json_pages import page
from toolkit.corpus.readers.json_rows import json_row, read_json
from toolkit.corpus.settings import CorpusSettings, LimitSettings
from toolkit.corpus.source import Row, Unreadable
from toolkit.text.notes import note

_SAMPLE_BYTES = 1 << 20
SAMPLE_LINES, SAMPLE_CHARACTERS = 40, 100_000
DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"[^"]*"')
_SEP = re.compile(r'"?sep=([,;\t|])"?\s*\Z', re.IGNORECASE)


def read_csv(path: Path, settings: CorpusSettings) -> Iterator[Row]:
    """Rows of a .csv file; the delimiter is the likeliest of comma, semicolon, tab and bar."""
    return _delimited(path, settings, None)


def read_tsv(path: Path, settings: CorpusSettings) -> Iterator[Row]:
    """Rows of a .tsv file."""
    return _delimited(path, settings, "\t")


def read_jsonl(path: Path, settings: CorpusSettings) -> Iterator[Row]:
    """Rows of a .jsonl file (one JSON object per line), or of one compressed with gzip."""
    limits = settings.limits
    packed = path.name.lower().endswith(".gz")
    most = int(limits.max_unzipped_mb * 1_000_000) if packed else 0
    other = cache(lambda: _encoding(_foreign_lines(path, packed), True, settings.file_encoding))
    with gzip.open(path, "rb") if packed else path.open("rb") as opened:
        lines = _limited(_raw_lines(_utf8(opened), limits.max_row_chars), most)
        head = list(islice((line for line in lines if not line or line.strip()), 2))
        if all(head) and not _are_lines(head, limits.max_row_chars):
            opened.seek(0)
            yield from read_json(path, settings, decode(opened.read(most)).text if packed else None)
            return
        number = 0
        for raw in chain(head, lines):
            if not raw:
                yield Row(
                    number + 1, {}, fault=f"unpacks to more than {limits.max_unzipped_mb:g} MB; the rest is unread"
                )
                return
            if raw.strip():
                read = _json_line(number + 1, raw, limits.max_row_chars, settings.file_encoding, other)
                for row in _answered(read):
                    number += 1
                    yield row._replace(number=number)


def _answered(row: Row) -> Sequence[Row]:
    """A line as rows: itself, or the documents of an API's response."""
    answer = None if row.fault else page(row.cells)
    return (row,) if answer is None else [json_row(0, value, (*row.notes, *answer[1])) for value in answer[0]]


def _limited(lines: Iterator[bytes], most: int) -> Iterator[bytes]:
    """The lines up to `most` bytes (0: all of them); an empty line at the end if there are more."""
    read = 0
    for line in lines:
        read += len(line)
        if most and read > most:
            yield b""
            return
        yield line


def _are_lines(head: list[bytes], most: int) -> bool:
    """Whether the first lines of a file are separate JSON values, rather than parts of an array or an object."""
    if head and len(head[0]) > most and head[0].lstrip()[:1] == b"{":
        return True
    values = [_parsed(line) for line in head]
    if values and isinstance(values[0], list):
        return not (values[0] and isinstance(values[0][0], dict))
    return any(isinstance(value, dict) for value in values) or not head or head[0].lstrip()[:1] not in (b"[", b"{")


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None


def _utf8(stream: Any) -> Any:
    """The same stream, or one of UTF-8 bytes if it is marked as UTF-16."""
    try:
        mark = stream.read(2)
        stream.seek(0)
    except (EOFError, OSError):  # damaged: reported when its lines are read
        return stream
    if mark not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return stream
    return codecs.EncodedFile(stream, "utf-8", "utf-16", "replace")


def _raw_lines(stream: Any, most: int) -> Iterator[bytes]:
    """Lines of a stream; a line longer than `most` bytes x 4 is cut and the rest of it skipped."""
    cap = 4 * most
    try:
        while line := stream.readline(cap):
            yield line
            if len(line) == cap and not line.endswith(b"\n"):
                while (rest := stream.readline(cap)) and not rest.endswith(b"\n"):
                    pass
    except (EOFError, OSError, gzip.BadGzipFile) as fault:
        raise Unreadable(f"damaged: {fault}") from None


def _foreign_lines(path: Path, packed: bool) -> bytes:
    """The first lines of a file that are no UTF-8."""
    with gzip.open(path, "rb") if packed else path.open("rb") as stream:
        foreign, size = [], 0
        for line in stream:
            if not line.isascii() and foreign_line(line):
                foreign.append(line)
                size += len(line)
            if size > 20_000:
                break
    return b"".join(foreign)


def _json_line(number: int, raw: bytes, most: int, given: str | None, other: Callable[[], StreamEncoding]) -> Row:
    """One line of JSON as a row; `other` returns the encoding of lines that are not UTF-8."""
    notes: tuple[str, ...] = ()
    try:
        text = raw.decode(given or ("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        if given is None and foreign_line(raw):
            encoding, _, notes = other()
            text = raw.decode(encoding, "replace")
        else:
            decoded = decode(raw, encoding=given)
            text, notes = decoded.text, decoded.notes
    text = text.strip()
    if len(text) > most:
        return Row(number, {"": text[:1000]}, fault=f"longer than {most:,} characters (corpus.limits.max_row_chars)")
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return Row(number, {"": text}, fault="not JSON")
    return json_row(number, tree, notes)


def _delimited(path: Path, settings: CorpusSettings, delimiter: str | None) -> Iterator[Row]:
    """Rows of a delimited file below the row that names the columns; ragged rows are read and noted."""
    limits = settings.limits
    csv.field_size_limit(limits.max_row_chars)
    with path.open("rb") as raw:
        sample = raw.read(_SAMPLE_BYTES)
    if not sample.strip():
        raise Unreadable("empty file")
    encoding, errors, notes = _encoding(
        _telling(path, sample), path.stat().st_size <= _SAMPLE_BYTES, settings.file_encoding
    )
    with path.open("r", encoding=encoding, errors=errors, newline="") as stream:
        lines = (_clear(line) for line in _text_lines(stream, limits.max_row_chars))
        top = sample.decode(encoding, "replace").lstrip("\ufeff\r\n")
        named = _SEP.match(top.split("\n", 1)[0])
        if named:  # a line that spreadsheets write above the header
            next(lines)
            delimiter = named[1]
        if delimiter is None or delimiter not in top:
            delimiter = delimiter_of(top)
        grid = Grid(path.name, delimiter=delimiter, first=2 if named else 1, notes=notes)
        yield from grid_rows(_csv_lines(lines, delimiter, limits), settings, grid)


def _telling(path: Path, sample: bytes) -> bytes:
    """The part of a file that decides its encoding: its first megabyte, and the first later one that is not UTF-8."""
    if 0 in sample or len(sample) < _SAMPLE_BYTES:
        return sample
    rest, before = codecs.getincrementaldecoder("utf-8")(), b""
    with path.open("rb") as raw:
        while chunk := raw.read(_SAMPLE_BYTES):
            try:
                rest.decode(chunk)
            except UnicodeDecodeError:
                head = b"" if sample.isascii() or not before else sample[: sample.rfind(b"\n", 0, 100_000) + 1]
                return head + before[before.rfind(b"\n") + 1 :] + chunk
            before = chunk
    return sample


def _text_lines(stream: IO[str], most: int) -> Iterator[str]:
    """Lines of a text stream; a line longer than `most` is cut, so that no line can fill memory."""
    while line := stream.readline(most + 1):
        yield line
        while len(line) > most and not line.endswith("\n"):  # its cell is too long as it is: the rest is passed over
            line = stream.readline(most + 1)


def _clear(line: str) -> str:
    return line.replace("\0", " ").lstrip("\ufeff") if "\0" in line or line.startswith("\ufeff") else line


def _csv_lines(lines: Iterator[str], delimiter: str, limits: LimitSettings) -> Iterator[Line]:
    """Rows by the csv module, or the reason why a row cannot be read."""
    taken = _Taken(lines)
    reader = csv.reader(taken, delimiter=delimiter)
    while True:
        taken.since.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            why = f"{fault}; an unclosed quote or a cell over {limits.max_row_chars:,} characters"
            yield Line((), why)
            continue
        if taken.ended and len(taken.since) > 1:  # the rows after it are read without it
            yield Line((taken.since[0],), "a quote that is never closed")
            taken = _Taken(iter(taken.since[1:]))
            reader = csv.reader(taken, delimiter=delimiter)
            continue
        yield Line(cells)


class _Taken:
    """Lines, with those read since `since` was cleared; `ended` is true after the last line."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self.since, self.ended = lines, list[str](), False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.since.append(line)
        return line


def delimiter_of(top: str) -> str:
    """The likeliest delimiter by the first lines of a file: most rows have the same number of it."""
    bare = _QUOTED.sub("", top[:SAMPLE_CHARACTERS])
    lines = [line for line in bare.split("\n", SAMPLE_LINES)[:SAMPLE_LINES] if line.strip()]
    first = lines[0] if lines else ""
    return max(DELIMITERS, key=lambda mark: (_steady(lines, mark), first.count(mark), -DELIMITERS.index(mark)))


def _steady(lines: list[str], mark: str) -> int:
    """Number of lines that share the commonest nonzero count of a mark, in tens of percent."""
    counts = Counter(line.count(mark) for line in lines)
    counts.pop(0, None)
    return round(10 * max(counts.values()) / len(lines)) if counts else 0


def _encoding(sample: bytes, whole: bool, given: str | None) -> StreamEncoding:
    """The encoding of a table, from the part of it that decides."""
    return stream_encoding(sample if whole else sample[: sample.rfind(b"\n") + 1] or sample, given)


def read_parquet(path: Path, settings: CorpusSettings) -> Iterator[Row]:
    """Rows of a .parquet file, a batch at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        number = 0
        for batch in file.iter_batches(batch_size=1000):
            for cells in batch.to_pylist():
                number += 1
                yield Row(number, cells)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise Unreadable(f"no readable Parquet: {str(fault).splitlines()[0][:120]}") from None


def read_xlsx(path: Path, settings: CorpusSettings) -> Iterator[Row]:
    """Rows of every sheet of a workbook; the first row that is not empty names the columns."""
    from toolkit.corpus.readers.packed import check_packed

    check_packed(path.read_bytes(), settings.limits)
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as fault:
        raise Unreadable(f"no readable workbook: {type(fault).__name__}") from None
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    hidden = [sheet.title for sheet in book.worksheets if sheet not in shown]
    notes = (note("a hidden sheet of the workbook is not read", ", ".join(hidden)),) if hidden else ()
    for sheet in shown:
        sheet.reset_dimensions()  # the declared range of a sheet may be millions of empty cells
        lines = (Line(cells) for cells in sheet.iter_rows(values_only=True))
        yield from grid_rows(lines, settings, Grid(path.name, sheet.title if len(shown) > 1 else "", notes=notes))
    book.close()

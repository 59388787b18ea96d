"""Tables: rows one at a time, whatever the size of the file. A row that cannot be read says why; the rest goes on."""

from __future__ import annotations

import codecs
import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from toolkit.corpus.decode import decode
from toolkit.corpus.settings import CorpusSettings, LimitSettings
from toolkit.corpus.source import Row, Unreadable

_SAMPLE = 1 << 20
_SEP = re.compile(r'"?sep=([,;\t|])"?\s*\Z', re.IGNORECASE)


def read_csv(path: Path, settings: CorpusSettings) -> Iterator[Row]:
    """Rows of a .csv file; the delimiter is the likeliest of comma, semicolon, tab and bar."""
    return _delimited(path, settings.limits, None)


def read_tsv(path: Path, settings: CorpusSettings) -> Iterator[Row]:
    """Rows of a .tsv file."""
    return _delimited(path, settings.limits, "\t")


def read_jsonl(path: Path, settings: CorpusSettings) -> Iterator[Row]:
    """Rows of a .jsonl file (one JSON object a line), or of one packed with gzip."""
    limits = settings.limits
    packed = path.name.lower().endswith(".gz")
    most = int(limits.max_unzipped_mb * 1_000_000) if packed else 0
    number = read = 0
    with gzip.open(path, "rb") if packed else path.open("rb") as opened:
        for raw in _raw_lines(_utf8(opened), limits.max_row_chars):
            read += len(raw)
            if most and read > most:
                yield Row(
                    number + 1, {}, fault=f"unpacks to more than {limits.max_unzipped_mb:g} MB; the rest is unread"
                )
                return
            if raw.strip():
                number += 1
                yield _json_row(number, raw, limits.max_row_chars)


def _utf8(stream: Any) -> Any:
    """The same stream, or one of UTF-8 bytes where it is marked as UTF-16."""
    try:
        mark = stream.read(2)
        stream.seek(0)
    except (EOFError, OSError):  # damaged: said when its lines are read
        return stream
    if mark not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return stream
    return codecs.EncodedFile(stream, "utf-8", "utf-16", "replace")


def _raw_lines(stream: Any, most: int) -> Iterator[bytes]:
    """Lines of a stream; a longer one than `most` bytes x 4 is cut there and the rest of it passed over."""
    cap = 4 * most
    try:
        while line := stream.readline(cap):
            yield line
            if len(line) == cap and not line.endswith(b"\n"):
                while (rest := stream.readline(cap)) and not rest.endswith(b"\n"):
                    pass
    except (EOFError, OSError, gzip.BadGzipFile) as fault:
        raise Unreadable(f"damaged: {fault}") from None


def _json_row(number: int, raw: bytes, most: int) -> Row:
    """One line of JSON as a row."""
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        notes: tuple[str, ...] = ()
    except UnicodeDecodeError:
        found = decode(raw)
        text, notes = found.text, found.notes
    text = text.strip()
    if len(text) > most:
        return Row(number, {"": text[:1000]}, fault=f"longer than {most:,} characters (corpus.limits.max_row_chars)")
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return Row(number, {"": text}, fault="not JSON")
    if not isinstance(tree, dict):
        return Row(number, {"": text}, fault=f"a JSON {type(tree).__name__}, not an object")
    return Row(number, tree, notes)


def _delimited(path: Path, limits: LimitSettings, delimiter: str | None) -> Iterator[Row]:
    """Rows of a delimited file: the first line names the columns; ragged rows are read and noted."""
    csv.field_size_limit(limits.max_row_chars)
    with path.open("rb") as raw:
        sample = raw.read(_SAMPLE)
    if not sample.strip():
        raise Unreadable("empty file")
    encoding, notes = _encoding(_telling(path, sample), path.stat().st_size <= _SAMPLE)
    with path.open("r", encoding=encoding, errors="replace", newline="") as stream:
        lines = (_clear(line) for line in _text_lines(stream, limits.max_row_chars))
        first = sample.decode(encoding, "replace").lstrip("\ufeff\r\n").split("\n", 1)[0]
        named = _SEP.match(first)
        if named:  # a line that spreadsheets write above the header
            next(lines)
            delimiter = named[1]
        yield from _csv_rows(lines, delimiter or _delimiter(first), notes, limits)


def _telling(path: Path, sample: bytes) -> bytes:
    """The part of a file that tells its encoding: its first megabyte, or the first that is no UTF-8 where that is
    plain ASCII."""
    if not sample.isascii() or 0 in sample:
        return sample
    rest, before = codecs.getincrementaldecoder("utf-8")(), b""
    with path.open("rb") as raw:
        while chunk := raw.read(_SAMPLE):
            try:
                rest.decode(chunk)
            except UnicodeDecodeError:
                return before[-1000:] + chunk
            before = chunk
    return sample


def _text_lines(stream: IO[str], most: int) -> Iterator[str]:
    """Lines of a text stream; one longer than `most` is cut there, so that no line can fill memory."""
    while line := stream.readline(most + 1):
        yield line
        while len(line) > most and not line.endswith("\n"):  # its cell is too long as it is: the rest is passed over
            line = stream.readline(most + 1)


def _clear(line: str) -> str:
    return line.replace("\0", " ").lstrip("\ufeff") if "\0" in line or line.startswith("\ufeff") else line


def _csv_rows(lines: Iterator[str], delimiter: str, notes: tuple[str, ...], limits: LimitSettings) -> Iterator[Row]:
    """Rows as the csv module reads them, with what is odd about each."""
    taken = _Taken(lines)
    reader = csv.reader(taken, delimiter=delimiter)
    try:
        header = _distinct(name.strip() for name in next(reader))
    except (StopIteration, csv.Error) as fault:
        raise Unreadable(f"no header line: {fault}" if str(fault) else "no header line") from None
    number = 0
    while True:
        taken.since.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            number += 1
            why = f"{fault}; an unclosed quote or a cell over {limits.max_row_chars:,} characters"
            yield Row(number, {}, fault=why)
            continue
        if not any(cell.strip() for cell in cells):
            continue
        number += 1
        if taken.ended and len(taken.since) > 1:  # the rows after it are read without it
            yield Row(number, {"": taken.since[0]}, fault="a quote that is never closed")
            taken = _Taken(iter(taken.since[1:]))
            reader = csv.reader(taken, delimiter=delimiter)
            continue
        odd = notes
        if len(cells) != len(header):
            odd = (*notes, f"{len(cells)} cells where the header has {len(header)}")
        named: dict[str, object] = dict(zip(header, cells, strict=False))
        if any("\ufffd" in cell for cell in cells):
            odd = (*odd, "holds \ufffd where bytes could not be decoded")
        extra = delimiter.join(cells[len(header) :])
        if len(cells) > len(header):
            named["extra cells"] = extra
        yield Row(number, named, odd, extra=f"{delimiter}{extra}" if len(cells) > len(header) else "")


class _Taken:
    """Lines with those that were taken since `since` was cleared; `ended` once there are no more."""

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


def _distinct(names: Iterable[str]) -> list[str]:
    """Column names, a repeated one numbered ("text", "text (2)"), so that no cell takes the place of another."""
    header: list[str] = []
    for name in names:
        header.append(f"{name} ({header.count(name) + 1})" if name in header else name)
    return header


def _delimiter(first: str) -> str:
    """The likeliest delimiter of a header line."""
    bare = re.sub(r'"[^"]*"', "", first)
    return max(",;\t|", key=lambda mark: (bare.count(mark), -",;\t|".index(mark)))


def _encoding(sample: bytes, whole: bool) -> tuple[str, tuple[str, ...]]:
    """The encoding of a table from its first megabyte."""
    if not whole:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        if sample.count(0) < len(sample) // 5:
            sample.decode("utf-8")
            return "utf-8-sig", ()
    except UnicodeDecodeError:
        pass
    found = decode(sample)
    said = " ".join(found.notes)
    if "UTF-16 without" in said:
        return "utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le", found.notes[:1]
    for words, name in (("UTF-16", "utf-16"), ("UTF-32", "utf-32"), ("GB18030", "gb18030"), ("Big5", "big5")):
        if f"read as {words}" in said:
            return name, found.notes[:1]
    return ("cp1252" if "Latin-1" in said else "utf-8"), found.notes[:1]


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
    with_names = len(book.worksheets) > 1
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a sheet claims to span may be millions of empty cells
        yield from _sheet_rows(sheet, sheet.title if with_names else "")
    book.close()


def _sheet_rows(sheet: Any, title: str) -> Iterator[Row]:
    """Rows of one sheet below its header."""
    header: list[str] | None = None
    number = 0
    for cells in sheet.iter_rows(values_only=True):
        if all(cell is None or str(cell).strip() == "" for cell in cells):
            continue
        if header is None:
            header = _distinct("" if cell is None else str(cell).strip() for cell in cells)
            continue
        number += 1
        yield Row(number, dict(zip(header, cells, strict=False)), sheet=title)


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

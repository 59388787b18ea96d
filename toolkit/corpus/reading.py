"""Reads files into documents: each file once, tables row by row; an unreadable document is kept with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from toolkit.corpus.content import named_otherwise
from toolkit.corpus.dating import COLUMN, CREATED
from toolkit.corpus.extensions import extension
from toolkit.corpus.files import CorpusFile, CorpusFiles, unreadable
from toolkit.corpus.metadata import Sidecar, normalised
from toolkit.corpus.path_pattern import path_fields, with_path_fields
from toolkit.corpus.readers import READERS, FileReader, TableReader, reader_of
from toolkit.corpus.readers.cells import cell_text
from toolkit.corpus.readers.pdf_worker import close_workers
from toolkit.corpus.readers.text_tables import table_in_text
from toolkit.corpus.rows import documents_of_table
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Source, Unreadable
from toolkit.errors import CorpusError
from toolkit.text.notes import note

EMPTY = "empty file"
_OWN_TEXT = frozenset({".txt", ".text", ".md", ".markdown", ".html", ".htm"})
"""Kinds whose empty files are empty documents, not files without their required content."""


def sidecar_of(settings: CorpusSettings, files: CorpusFiles) -> Sidecar | None:
    """The rows of `corpus.metadata` by file name, or null if there is no sidecar."""
    if files.sidecar is None:
        return None
    reader = reader_of(files.sidecar.absolute.name)
    if not isinstance(reader, TableReader):
        raise CorpusError(
            f"corpus.metadata: {files.sidecar.relative!r} is no table (.csv, .tsv, .xlsx, .json, .jsonl, .parquet)"
        )
    beside = settings.model_copy(update={"header_row": None, "skip_rows": None})
    try:
        rows = [
            {key: cell_text(value) for key, value in row.cells.items()}
            for row in reader.rows(files.sidecar.absolute, beside.for_file(files.sidecar.relative))
            if not row.fault and not row.aside
        ]
    except Unreadable as fault:
        raise CorpusError(f"corpus.metadata: {files.sidecar.relative!r}: {fault}") from None
    return Sidecar(rows, f"corpus.metadata {files.sidecar.relative}")


def documents_of(settings: CorpusSettings, files: CorpusFiles, sidecar: Sidecar | None) -> Iterator[Source]:
    """Every document of the corpus, file by file.

    Raises:
        CorpusError: a file changed or vanished since it was hashed; a column named in the config is in no table.
    """
    try:
        for source in _documents(settings, files, sidecar):
            yield source if source.fault or settings.path_pattern is None else _placed(source, settings)
    finally:
        close_workers()


def _documents(settings: CorpusSettings, files: CorpusFiles, sidecar: Sidecar | None) -> Iterator[Source]:
    readers = [_reader(file) for file in files.files]
    tables = sum(isinstance(reader, TableReader) for reader in readers)
    for file, reader in zip(files.files, readers, strict=True):
        if file.fault:
            yield unreadable(file, reader.format, file.fault)
            continue
        _unchanged(file)
        most = settings.limits.max_file_mb if isinstance(reader, FileReader) else settings.limits.max_table_mb
        if file.size > most * 1_000_000:
            name = "max_file_mb" if isinstance(reader, FileReader) else "max_table_mb"
            yield unreadable(file, reader.format, f"{file.size / 1e6:,.0f} MB, above corpus.limits.{name} ({most:g})")
        elif why := _named_otherwise(file, reader.format):
            yield unreadable(file, reader.format, why)
        elif not file.size and extension(file.absolute.name) not in _OWN_TEXT:
            yield unreadable(file, reader.format, EMPTY)
        elif isinstance(reader, FileReader):
            yield from _of_file(file, reader, settings.for_file(file.relative), sidecar)
        else:
            rows = documents_of_table(file, reader, settings.for_file(file.relative), tables > 1)
            yield from _noted(rows) if reader is not reader_of(file.absolute.name) else rows


def _reader(file: CorpusFile) -> FileReader | TableReader:
    """The reader of a file by its name, or of a table if a text file contains one."""
    by_name = reader_of(file.absolute.name)
    if by_name.format != "txt" or file.fault or not file.size:
        return by_name
    try:
        kind = table_in_text(file.absolute)
    except OSError:
        return by_name  # it vanished: the reader reports it
    return READERS[kind] if kind else by_name


def _noted(rows: Iterator[Source]) -> Iterator[Source]:
    for source in rows:
        yield replace(source, notes=(*source.notes, note("a table in a text file, read row by row", source.format)))


def _placed(source: Source, settings: CorpusSettings) -> Source:
    """The document with the metadata in its path."""
    pattern = settings.path_pattern or ""
    date = (path_fields(pattern, source.path) or {}).get("date")
    dated = normalised({"date": date} if date else {})
    return with_path_fields(source, pattern, dated, isinstance(reader_of(source.path), TableReader))


def _named_otherwise(file: CorpusFile, format: str) -> str:
    """The mismatch between a file and its extension, or empty."""
    try:
        return named_otherwise(format, file.absolute.name, file.absolute, file.size)
    except OSError as fault:
        raise CorpusError(f"{file.relative}: cannot be read any more ({fault.strerror}); run again") from None


def _unchanged(file: CorpusFile) -> None:
    """Check that the file has not changed since it was hashed."""
    try:
        status = file.absolute.stat()
    except OSError as fault:
        raise CorpusError(
            f"{file.relative}: vanished while the corpus was read ({fault.strerror}); run again"
        ) from None
    if (status.st_size, status.st_mtime_ns) != (file.size, file.changed):
        raise CorpusError(f"{file.relative}: changed while the corpus was read; run again")


def _of_file(
    file: CorpusFile, reader: FileReader, settings: CorpusSettings, sidecar: Sidecar | None
) -> Iterator[Source]:
    """The documents of one file, each with its metadata."""
    try:
        data = file.absolute.read_bytes()
    except OSError as fault:
        raise CorpusError(
            f"{file.relative}: vanished while the corpus was read ({fault.strerror}); run again"
        ) from None
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise CorpusError(f"{file.relative}: changed while the corpus was read; run again")
    try:
        read = reader.read(data, settings)
    except Unreadable as fault:
        yield unreadable(file, reader.format, str(fault))
        return
    for source in read:
        yield _document(file, source, settings, sidecar)


def _document(file: CorpusFile, read: Source, settings: CorpusSettings, sidecar: Sidecar | None) -> Source:
    """One document of a file with its metadata; metadata of the document takes precedence over that of the file."""
    fields = dict(read.meta)
    created = fields.pop("created", None)
    beside = normalised(sidecar.of(file.relative)) if sidecar else {}
    in_document = normalised(fields)
    meta = (
        beside | in_document if read.document_id else in_document | beside
    )  # an article of an export has its own date and source
    if "date" in beside and meta["date"] == beside["date"]:
        meta[COLUMN] = "dates of corpus.metadata"
    if created:
        meta[CREATED] = created
    part = f"#{read.document_id}" if read.document_id else ""
    return replace(
        read, document_id=f"{file.relative}{part}", path=file.relative, sha256=file.sha256, meta=meta,
        where=f"{file.relative}{part}",
    )  # fmt: skip

"""Reads files into documents, with one function for each format. A new format is a function, a line in `READERS` and
its extension in `toolkit/corpus/extensions.py`.

Start with `plain.py`, the shortest of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.corpus.archives.documents import documents_of
from toolkit.corpus.extensions import extension
from toolkit.corpus.readers.docx import read_docx
from toolkit.corpus.readers.exports import read_bibtex, read_pages, read_records, read_xml
from toolkit.corpus.readers.json_rows import read_json
from toolkit.corpus.readers.mail import or_mail, read_eml, read_mbox, read_mhtml
from toolkit.corpus.readers.pdf import read_pdf
from toolkit.corpus.readers.plain import read_captions, read_markdown, read_text
from toolkit.corpus.readers.rtf import read_rtf
from toolkit.corpus.readers.tables import read_csv, read_jsonl, read_parquet, read_tsv, read_xlsx
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Row, Source


def _alone(read: Callable[[bytes, CorpusSettings], Source]) -> Callable[[bytes, CorpusSettings], Sequence[Source]]:
    """A reader of a format whose files contain one document each, unless they are exports of several."""
    return lambda data, settings: documents_of(read(data, settings), settings)


@dataclass(frozen=True)
class FileReader:
    """Reads the documents of one file from its bytes: one for most formats."""

    format: str
    read: Callable[[bytes, CorpusSettings], Sequence[Source]]


@dataclass(frozen=True)
class TableReader:
    """Reads one document a row, one row at a time."""

    format: str
    rows: Callable[[Path, CorpusSettings], Iterator[Row]]


READERS: dict[str, FileReader | TableReader] = {
    ".txt": FileReader("txt", or_mail(_alone(read_text))),
    ".text": FileReader("txt", or_mail(_alone(read_text))),
    ".md": FileReader("md", _alone(read_markdown)),
    ".markdown": FileReader("md", _alone(read_markdown)),
    ".html": FileReader("html", read_pages),
    ".htm": FileReader("html", read_pages),
    ".pdf": FileReader("pdf", _alone(read_pdf)),
    ".vtt": FileReader("vtt", _alone(read_captions("vtt"))),
    ".srt": FileReader("srt", _alone(read_captions("srt"))),
    ".eml": FileReader("mail", read_eml),
    ".mbox": FileReader("mail", read_mbox),
    ".mhtml": FileReader("html", _alone(read_mhtml)),
    ".mht": FileReader("html", _alone(read_mhtml)),
    ".docx": FileReader("docx", _alone(read_docx)),
    ".rtf": FileReader("rtf", _alone(read_rtf)),
    ".ris": FileReader("ris", read_records),
    ".nbib": FileReader("nbib", read_records),
    ".enw": FileReader("enw", read_records),
    ".ciw": FileReader("ciw", read_records),
    ".bib": FileReader("bib", read_bibtex),
    ".xml": FileReader("xml", read_xml),
    ".csv": TableReader("csv", read_csv),
    ".tsv": TableReader("tsv", read_tsv),
    ".tab": TableReader("tsv", read_tsv),
    ".xlsx": TableReader("xlsx", read_xlsx),
    ".json": TableReader("json", read_json),
    ".geojson": TableReader("json", read_json),
    ".jsonl": TableReader("jsonl", read_jsonl),
    ".ndjson": TableReader("jsonl", read_jsonl),
    ".jsonl.gz": TableReader("jsonl", read_jsonl),
    ".parquet": TableReader("parquet", read_parquet),
}


def reader_of(name: str) -> FileReader | TableReader:
    """The reader for a file of that name; it has passed `extension`."""
    return READERS[extension(name) or ".txt"]

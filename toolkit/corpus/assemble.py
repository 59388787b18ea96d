"""The tables of a corpus, filled document by document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from toolkit.corpus.dates import date_key
from toolkit.corpus.duplicates import Copies, Text
from toolkit.corpus.ledger import Left
from toolkit.corpus.minhash import prepared
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Source
from toolkit.corpus.split import Unit
from toolkit.corpus.words import count_words, has_han, word_tokens
from toolkit.files.arrow import column
from toolkit.schemas import DOCUMENTS, LEDGER, PARAGRAPHS, TURNS
from toolkit.values import Corpus, Table

_FLUSH_ROWS = 20_000  # rows held as Python objects before they become Arrow


class Columns:
    """Rows of one table, moved into Arrow in batches, so that they are never all Python objects at once."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema
        self.rows: list[dict[str, Any]] = []
        self.batches: list[Any] = []

    def add(self, **row: Any) -> None:
        """One row; every column of the schema is named."""
        self.rows.append(row)
        if len(self.rows) == _FLUSH_ROWS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        arrays = [column([row[field.name] for row in self.rows], field.type) for field in self.schema]
        self.batches.append(pa.record_batch(arrays, schema=self.schema))
        self.rows = []

    def table(self) -> Table:
        """All rows as one table."""
        import pyarrow as pa

        self._flush()
        return pa.Table.from_batches(self.batches, schema=self.schema)


class Tables:
    """Collects documents, paragraphs, ledger and texts; `corpus` puts them together."""

    def __init__(self, settings: CorpusSettings, fields: Iterable[str] = ()) -> None:
        """`fields`: the names of all fields of the documents: columns in addition to `corpus.columns.keep`."""
        import pyarrow as pa

        self.documents = 0
        self._keep = tuple(dict.fromkeys((*settings.columns.get("keep", ()), *sorted(fields))))
        kept = [(name, pa.string()) for name in self._keep if name not in DOCUMENTS.names]
        self._kept = [name for name, _ in kept]
        self._documents = Columns(pa.schema([*DOCUMENTS, *kept]))
        self._paragraphs = Columns(pa.schema([*PARAGRAPHS, *TURNS]))
        self._ledger = Columns(LEDGER)
        self._texts = Columns(pa.schema([("document_id", pa.string()), ("text", pa.large_string())]))
        self._compare: list[Text] = []
        self._known: dict[str, int] = {}

    def add(self, source: Source, units: Sequence[Unit], rows: Sequence[Left], language: str | None) -> None:
        """One document with its units and ledger rows."""
        text, name, when = source.text, source.document_id, date_key(source.meta.get("date"))
        words = 0
        contents = [text[unit.start : unit.end] for unit in units]
        tokens = [word_tokens(content) for content in contents]
        ready = prepared(tokens, self._known)
        for position, (unit, content) in enumerate(zip(units, contents, strict=True), start=1):
            count = count_words(content) if has_han(content) else ready[position - 1].words
            words += count
            self._paragraphs.add(
                paragraph_id=f"{name}:{position}", document_id=name, position=position, start=unit.start, end=unit.end,
                text=content, heading=unit.heading, words=count, duplicate_of=None,
                speaker=unit.speaker or source.meta.get("speaker"), time=unit.time,
            )  # fmt: skip
            self._compare.append(Text(self.documents, content, when, ready[position - 1]))
        for row in sorted(rows):
            self._ledger.add(
                document_id=name, start=row.start, end=row.end, text=text[row.start : row.end], reason=row.reason
            )
        self._document(source, len(units), words, language)
        self._texts.add(document_id=name, text=text)
        self.documents += 1

    def _document(self, source: Source, units: int, words: int, language: str | None) -> None:
        meta = source.meta
        notes = list(source.notes) + ([f"unreadable: {source.fault}"] if source.fault else [])
        known = {role: meta.get(role) for role in ("title", "source", "date", "url", "label")}
        fields = {**{name.removeprefix("+"): value for name, value in meta.items()}, **source.fields}
        kept = {name: fields.get(name, fields.get(name.lower())) for name in self._kept}
        self._documents.add(
            document_id=source.document_id, path=source.path, sha256=source.sha256, words=words, paragraphs=units,
            duplicate_of=None, language=language, format=source.format, notes=notes, extracted=source.extracted,
            **known, **kept,
        )  # fmt: skip

    def comparable(self) -> list[Text]:
        """Paragraphs for the search of duplicates, in table order."""
        return self._compare

    def corpus(self, copies: Copies, notes: tuple[str, ...]) -> Corpus:
        """The finished corpus."""
        paragraphs = _without_empty(self._paragraphs.table(), TURNS.names)
        names = paragraphs.column("paragraph_id").to_pylist()
        paragraphs = _with(paragraphs, "duplicate_of", [names[at] if at >= 0 else None for at in copies.paragraphs])
        documents = self._documents.table()
        ids = documents.column("document_id").to_pylist()
        documents = _with(documents, "duplicate_of", [ids[at] if at >= 0 else None for at in copies.documents])
        return Corpus(documents, paragraphs, self._ledger.table(), self._texts.table(), notes)


def _without_empty(table: Table, names: Sequence[str]) -> Table:
    """The table without those of its columns `names` that are empty."""
    return table.drop_columns([name for name in names if table[name].null_count == table.num_rows])


def _with(table: Table, name: str, values: list[str | None]) -> Table:
    """The table with one column of strings replaced."""
    import pyarrow as pa

    return table.set_column(table.schema.get_field_index(name), name, column(values, pa.string()))

"""What was read and what became of it: the corpus card and the flow from documents to paragraphs analysed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pyarrow.compute as pc

from toolkit.figures import RunTables
from toolkit.report.places import Reader
from toolkit.report.spread import NO_SOURCE
from toolkit.text.format import count, name_of, one_line, percent
from toolkit.text.notes import counted, reason_kind
from toolkit.values import NOISE, Table

UNREAD = ("date not ", "date line not ")
"""How notes begin on a date that was given and not read."""
REASONS = {
    "heading": "headings, kept beside the paragraphs below them",
    "metadata": "front matter and metadata",
    "navigation": "menus and navigation",
    "related": "links to related articles",
    "share": "share buttons",
    "comments": "comment boxes",
    "read_more": "teasers and “read more” lines",
    "date_line": "lines with only a date",
    "dateline": "datelines",
    "furniture": "page furniture",
    "copyright": "copyright lines",
    "byline": "bylines",
    "newsletter": "newsletter notices",
    "cookies": "cookie notices",
    "bio": "biographies of authors",
    "separator": "separators",
    "disclaimer": "disclaimers",
    "contact": "contact lines",
    "advertisement": "advertisements",
    "syndication": "syndication notices",
    "language": "text in other languages",
    "note": "editors' notes and corrections",
    "caption": "captions and credits of pictures",
    "tags": "tags and topics",
    "promotion": "an outlet's promotion of itself",
    "masthead": "mastheads",
    "footnote": "footnotes",
    "attachment": "names of attachments",
    "imprint": "imprints",
    "appeal": "appeals for support",
    "non_answer": "answers without content (“don't know”, “n/a”)",
    "empty": "documents without a text",
    "unreadable": "files and rows that could not be read",
    "repeated": "lines repeated at the edges of a source's documents",
}
EXAMPLES = 3


@dataclass(frozen=True)
class Dropped:
    """One reason of the ledger: passages, characters, documents touched, and what it looks like."""

    reason: str
    words: str
    passages: int
    characters: int
    documents: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class SourceRow:
    """A source: documents, unique paragraphs and their share, first and last date."""

    name: str
    documents: int
    paragraphs: int
    share: str
    first: str
    last: str


@dataclass(frozen=True)
class CorpusPart:
    """All values of the report on the corpus itself."""

    documents: int
    holding: int  # documents with a paragraph to keep
    holding_unique: int  # documents with a paragraph that repeats no other
    paragraphs: int
    unique: int
    words: int
    first: str
    last: str
    undated: int
    unread_dates: int  # documents that give a date that was not understood
    sources: tuple[SourceRow, ...]
    languages: str
    formats: str
    without_theme: int | None  # unique paragraphs; None without themes
    dropped: tuple[Dropped, ...]
    kept_share: str
    truncated: int
    unread: int  # unique paragraphs that the model cannot read
    unread_examples: tuple[str, ...]
    noted: tuple[str, ...]


def corpus_part(tables: RunTables, reader: Reader) -> CorpusPart:
    """The corpus card of a run."""
    documents = list(tables.documents.values())
    dates = sorted(one_line(row["date"]) for row in documents if row["date"])
    dropped = _dropped(tables, reader)
    paragraphs = tables.table("paragraphs")
    unread = _unread(paragraphs)
    return CorpusPart(
        documents=len(documents),
        holding=_holding(paragraphs),
        holding_unique=_holding(paragraphs.filter(pc.is_null(paragraphs["duplicate_of"]))),
        paragraphs=paragraphs.num_rows,
        unique=tables.unique,
        words=int(pc.sum(paragraphs["words"]).as_py() or 0),
        first=dates[0] if dates else "",
        last=dates[-1] if dates else "",
        undated=len(documents) - len(dates),
        unread_dates=sum(any(note.startswith(UNREAD) for note in row.get("notes") or ()) for row in documents),
        sources=_sources(tables),
        languages=_counted(row.get("language") for row in documents),
        formats=_counted(row.get("format") for row in documents),
        without_theme=_without_theme(tables),
        dropped=dropped,
        kept_share=_kept(tables, dropped),
        truncated=int(pc.sum(paragraphs["truncated"]).as_py() or 0) if "truncated" in paragraphs.column_names else 0,
        unread=len(unread),
        unread_examples=tuple(name_of(reader.cut(text), 60) for text in unread[:EXAMPLES]),
        noted=_noted(documents) if reader.mode != "none" else (),
    )


def _counted(values: object) -> str:
    counts = Counter(one_line(value) or "not known" for value in values)  # type: ignore[attr-defined]
    return ", ".join(f"{name} {count(n)}" for name, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _noted(documents: list[dict[str, object]]) -> tuple[str, ...]:
    notes = counted(row.get("notes") or () for row in documents)  # type: ignore[misc]
    return tuple(one_line(str(note)) for note in notes)


def _dropped(tables: RunTables, reader: Reader) -> tuple[Dropped, ...]:
    groups: dict[str, list[dict[str, object]]] = {}
    for row in tables.rows("ledger"):
        groups.setdefault(reason_kind(str(row["reason"])), []).append(row)
    made = []
    for reason, rows in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        texts = dict.fromkeys(name_of(reader.cut(str(row["text"] or "")), 90) for row in rows[:200])
        made.append(
            Dropped(
                reason=one_line(reason),
                words=REASONS.get(reason, one_line(reason).replace("_", " ").replace("-", " ")),
                passages=len(rows),
                characters=sum(int(row["end"]) - int(row["start"]) for row in rows),  # type: ignore[call-overload]
                documents=len({row["document_id"] for row in rows}),
                examples=tuple(text for text in texts if text)[:EXAMPLES],
            )
        )
    return tuple(made)


def _kept(tables: RunTables, dropped: tuple[Dropped, ...]) -> str:
    paragraphs = tables.table("paragraphs")
    kept = int(pc.sum(pc.subtract(paragraphs["end"], paragraphs["start"])).as_py() or 0)
    gone = sum(row.characters for row in dropped)
    share = percent(kept / (kept + gone), kept + gone) if kept + gone else "–"
    return f"{share} of {count(kept + gone)} characters"


def _holding(paragraphs: Table) -> int:
    return int(pc.count_distinct(paragraphs["document_id"]).as_py()) if paragraphs.num_rows else 0


def _without_theme(tables: RunTables) -> int | None:
    """Unique paragraphs in no theme; None in a run without themes."""
    if not tables.themes:
        return None
    paragraphs = tables.table("paragraphs")
    themes = paragraphs["theme"].filter(pc.is_null(paragraphs["duplicate_of"]))
    return int(pc.sum(pc.equal(themes, NOISE)).as_py() or 0)


def _unread(paragraphs: Table) -> list[str]:
    """The unique paragraphs that the model cannot read."""
    if "unread" not in paragraphs.column_names:
        return []
    originals = paragraphs.filter(pc.is_null(paragraphs["duplicate_of"]))
    texts: list[str] = originals.filter(pc.fill_null(originals["unread"], False))["text"].to_pylist()
    return texts


def _sources(tables: RunTables) -> tuple[SourceRow, ...]:
    dates: dict[str, list[str]] = {}
    documents: Counter[str] = Counter()
    for row in tables.documents.values():
        name = row["source"] or ""
        documents[name] += 1
        dates.setdefault(name, []).extend([one_line(row["date"])] if row["date"] else [])
    total = tables.unique
    sizes = dict(tables.sources)
    sizes[""] = total - sum(sizes.values())
    made = []
    for name in sorted(documents, key=lambda name: (not name, -sizes.get(name, 0), name)):
        dated = sorted(dates[name])
        share = percent(sizes.get(name, 0) / total, total) if total else "–"
        first, last = (dated[0], dated[-1]) if dated else ("", "")
        made.append(SourceRow(name_of(name) or NO_SOURCE, documents[name], sizes.get(name, 0), share, first, last))
    return tuple(made)

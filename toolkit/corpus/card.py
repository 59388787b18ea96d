"""The corpus card: an overview of the kept and removed text of a corpus before a run."""

from __future__ import annotations

from dataclasses import dataclass, field

from toolkit.text.notes import UNREADABLE, NoteCount, counted, reason_kind
from toolkit.values import Corpus

MAX_EXAMPLES = 3
SNIPPET_CHARACTERS = 90


@dataclass(frozen=True)
class Example:
    """One place of removed text, with the kept text before and after it."""

    document_id: str
    text: str
    before: str
    after: str


@dataclass(frozen=True)
class Dropped:
    """The text removed for one reason: rows of the ledger, characters, and examples."""

    reason: str
    rows: int
    characters: int
    documents: int
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class CorpusCard:
    """Counts of a corpus. `characters` counts non-blank characters: the sum of kept and removed ones."""

    documents: int
    empty: int  # documents without a paragraph
    paragraphs: int
    unique: int
    words: int
    first: str | None
    last: str | None
    undated: int
    sources: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    formats: tuple[tuple[str, int], ...]
    duplicate_documents: int
    characters: int
    kept_characters: int
    dropped: tuple[Dropped, ...]
    noted: tuple[NoteCount, ...] = ()  # notes on documents, each once
    notes: tuple[str, ...] = field(default=())

    def lines(self, examples: bool = True) -> list[str]:
        """The card for a terminal."""
        share = self.kept_characters / self.characters if self.characters else 0.0
        dates = f"{self.first} to {self.last}" if self.first else "none"
        out = [
            f"documents   {self.documents:,}" + (f" ({self.empty:,} without a paragraph)" if self.empty else ""),
            f"paragraphs  {self.paragraphs:,} ({self.unique:,} unique); {self.duplicate_documents:,} copied documents",
            f"words       {self.words:,}",
            f"text kept   {share:.1%} of {self.characters:,} characters that are not blank",
            f"dates       {dates}" + (f"; {self.undated:,} without a date" if self.undated else ""),
            f"sources     {_counts(self.sources)}",
            f"languages   {_counts(self.languages)}",
            f"formats     {_counts(self.formats)}",
        ]
        out += ["left out    (rows, characters)"] if self.dropped else []
        for drop in self.dropped:
            out.append(f"  {drop.reason:<16} {drop.rows:>6,} {drop.characters:>9,}")
            for example in drop.examples[: 1 if examples else 0]:
                out.append(
                    f"      {example.document_id}: …{example.before[-30:]} [{example.text}] {example.after[:30]}…"
                )
        out += [f"note        {noted}" for noted in self.noted]
        return out + [f"note        {note}" for note in self.notes]


def _counts(pairs: tuple[tuple[str, int], ...], most: int = 8) -> str:
    shown = ", ".join(f"{name} {count:,}" for name, count in pairs[:most])
    return (shown or "none") + (f" and {len(pairs) - most} more" if len(pairs) > most else "")


def corpus_card(corpus: Corpus) -> CorpusCard:
    """The card of a corpus."""
    documents = corpus.documents.to_pydict()
    paragraphs = corpus.paragraphs
    dates = sorted(date for date in documents["date"] if date)
    kept = sum(_solid(text) for text in paragraphs.column("text").to_pylist())
    dropped = _dropped(corpus)
    copies = paragraphs.num_rows - paragraphs.column("duplicate_of").null_count
    return CorpusCard(
        documents=len(documents["document_id"]),
        empty=sum(count == 0 for count in documents["paragraphs"]),
        paragraphs=paragraphs.num_rows,
        unique=paragraphs.num_rows - copies,
        words=sum(documents["words"]),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        undated=sum(not date for date in documents["date"]),
        sources=_tally(documents["source"], "not named"),
        languages=_tally(documents["language"], "not told"),
        formats=_tally(documents["format"], "none"),
        duplicate_documents=sum(name is not None for name in documents["duplicate_of"]),
        characters=kept + sum(drop.characters for drop in dropped),
        kept_characters=kept,
        dropped=dropped,
        noted=counted([note for note in notes if not note.startswith(UNREADABLE)] for notes in documents["notes"]),
        notes=corpus.notes,
    )


def _solid(text: str) -> int:
    """Characters that are no blanks."""
    return len("".join(text.split()))


def _tally(values: list[str | None], missing: str) -> tuple[tuple[str, int], ...]:
    """Values and how often each occurs, the commonest first."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value or missing] = counts.get(value or missing, 0) + 1
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _dropped(corpus: Corpus) -> tuple[Dropped, ...]:
    """The text removed for each reason, the most characters first."""
    ledger = corpus.ledger.to_pydict()
    by_reason: dict[str, list[int]] = {}
    for at, reason in enumerate(ledger["reason"]):
        by_reason.setdefault(reason_kind(reason), []).append(at)
    wanted = {ledger["document_id"][at] for rows in by_reason.values() for at in rows[:MAX_EXAMPLES]}
    texts = _texts(corpus, wanted)
    drops = []
    for reason, rows in by_reason.items():
        examples = tuple(
            _example(
                ledger["document_id"][at], texts[ledger["document_id"][at]], ledger["start"][at], ledger["end"][at]
            )
            for at in rows[:MAX_EXAMPLES]
        )
        characters = sum(_solid(ledger["text"][at]) for at in rows)
        documents = len({ledger["document_id"][at] for at in rows})
        drops.append(Dropped(reason, len(rows), characters, documents, examples))
    return tuple(sorted(drops, key=lambda drop: (-drop.characters, drop.reason)))


def _texts(corpus: Corpus, wanted: set[str]) -> dict[str, str]:
    ids = corpus.texts.column("document_id").to_pylist()
    column = corpus.texts.column("text")
    return {name: column[at].as_py() for at, name in enumerate(ids) if name in wanted}


def _example(name: str, text: str, start: int, end: int) -> Example:
    """The place and some surrounding text, each on one line."""
    inside = _flat(text[start:end])
    shown = inside if len(inside) <= SNIPPET_CHARACTERS else f"{inside[:SNIPPET_CHARACTERS]}…"
    return Example(
        name,
        shown,
        _flat(text[max(0, start - SNIPPET_CHARACTERS) : start]),
        _flat(text[end : end + SNIPPET_CHARACTERS]),
    )


def _flat(text: str) -> str:
    return " ".join(text.split())

"""The corpus: what was read, what became of it, and where it comes from."""

from __future__ import annotations

from toolkit.report.blocks import Block, Blocks, Bullets, Column, Fact, Facts, Flow, Fold, OnlyIn, Row, Section, Step
from toolkit.report.content import Content
from toolkit.report.corpus_part import CorpusPart, Dropped
from toolkit.report.inlines import PAGE, Detail
from toolkit.report.sections.pieces import blocks, fact, facts, files, fold, joined, of, paragraph, small, table, words
from toolkit.text.format import count, plural

MOST_SOURCES = 30
MOST_NOTED = 60


def corpus(content: Content) -> Section:
    """The corpus card, the flow from documents to paragraphs, and the sources."""
    return Section(
        "corpus",
        "The corpus",
        "The corpus",
        blocks(
            _facts(content),
            Flow(_steps(content.corpus)),
            _dropped(content),
            _sources(content),
            _noted(content),
        ),
    )


def _facts(content: Content) -> Facts:
    read = content.corpus
    dates = f"{read.first} to {read.last}" if read.first else "none given"
    undated = f"; {count(read.undated)} of {plural(read.documents, 'document')} undated" if read.undated else ""
    return facts(
        fact("Documents", count(read.documents)),
        fact("Words in kept paragraphs", count(read.words)),
        fact("Kept", read.kept_share),
        _unread(content),
        fact("Dates", dates + undated, long=True),
        fact("Languages of documents", read.languages, long=True),
        fact("Formats of documents", read.formats, long=True),
    )


def _unread(content: Content) -> Fact | None:
    """How many paragraphs the model cannot read, with examples if the report shows text."""
    read = content.corpus
    if not read.unread:
        return None
    shown = [(words(text),) for text in read.unread_examples if text] if content.mode != "none" else []
    examples = ("; for example ", *joined(shown, " / ")) if shown else ()
    return fact("Unread by the model", f"{of(read.unread, read.unique)} unique paragraphs", *examples, long=True)


def _steps(read: CorpusPart) -> tuple[Step, ...]:
    """From documents to paragraphs in a theme: what is left at each step, and what left before it."""
    passages, alone = sum(row.passages for row in read.dropped), read.holding - read.holding_unique
    copies = plural(read.paragraphs - read.unique, "copy", "copies") + " counted once"
    if alone:
        copies += f"; {plural(alone, 'document')} contain{'s' if alone == 1 else ''} only copies"
    steps = (
        Step(count(read.documents), "document read" if read.documents == 1 else "documents read"),
        Step(
            count(read.holding),
            "documents with body text",
            plural(read.documents - read.holding, "document") + " without a paragraph to keep",
        ),
        Step(count(read.paragraphs), "paragraphs kept", plural(passages, "passage") + " left out"),
        Step(
            count(read.unique),
            f"unique paragraphs analysed, from {plural(read.holding_unique, 'document')}",
            copies,
        ),
    )
    if read.without_theme is None:
        return steps
    outside = plural(read.without_theme, "paragraph") + " in no theme"
    if read.unread:
        outside += f", {count(read.unread)} of them unread by the model"
    return (*steps, Step(count(read.unique - read.without_theme), "paragraphs in a theme", outside))


def _dropped(content: Content) -> Block | Blocks | None:
    """What was left out, and why."""
    ledger = files("tables/ledger.csv", "tables/documents.csv")
    if not content.corpus.dropped:
        return (paragraph("Nothing was left out."), ledger)
    shown = content.mode != "none"
    columns = [
        Column("Reason", width=5),
        Column("Passages", "number", unit="passages"),
        Column("Characters", "number", unit="characters"),
        Column("Documents", "number", unit="documents"),
        *([Column("For example", "long words", width=6)] if shown else []),
    ]
    rows = [_dropped_row(row, content.corpus.documents, shown) for row in content.corpus.dropped]
    passages = sum(row.passages for row in content.corpus.dropped)
    return fold(
        f"What was left out, and why: {plural(passages, 'passage')} by {plural(len(rows), 'rule')}",
        table("What was left out", columns, rows, stacks=True),
        ledger,
    )


def _dropped_row(row: Dropped, documents: int, shown: bool) -> Row:
    examples = joined([(words(text),) for text in row.examples], " / ")
    return Row(
        (
            (row.words,) if row.words == row.reason else (row.words, Detail((row.reason,))),
            (count(row.passages),),
            (count(row.characters),),
            (of(row.documents, documents),),
            *([examples] if shown else []),
        )
    )


def _sources(content: Content) -> Block | None:
    sources = content.corpus.sources
    columns = [
        Column("Source", width=5),
        Column("Documents", "number", unit="documents"),
        Column("Paragraphs", "number", unit="paragraphs"),
        Column("Share", "number"),
        Column("First", "short words", width=0),
        Column("Last", "short words", width=0),
    ]
    rows = [
        Row(
            (
                (words(row.name),),
                (count(row.documents),),
                (count(row.paragraphs),),
                (row.share,),
                (row.first,),
                (row.last,),
            )
        )
        for row in sources[:MOST_SOURCES]
    ]
    more = len(sources) - MOST_SOURCES
    return fold(
        _of_sources(content),
        table("Sources", columns, rows, (_sourced(content),), stacks=True),
        small(f"{plural(more, 'smaller source')} {'is' if more == 1 else 'are'} in the table.") if more > 0 else None,
        files("tables/documents.csv", "tables/paragraphs.csv"),
    )


def _of_sources(content: Content) -> str:
    """Sources: 31, the largest with 13% of 402 unique paragraphs."""
    sources = content.corpus.sources
    if not sources:
        return "Sources"
    largest = max(sources, key=lambda row: row.paragraphs)
    base = f"{largest.share} of {plural(content.corpus.unique, 'unique paragraph')}"
    return (
        f"Sources: {count(len(sources))}, the largest with {base}" if len(sources) > 1 else f"One source, with {base}"
    )


def _sourced(content: Content) -> str:
    unique = count(content.corpus.unique)
    return f"Sources; documents: all, copies too; paragraphs: unique ones, with shares of all {unique}"


def _noted(content: Content) -> OnlyIn | None:
    noted = content.corpus.noted
    if not noted:
        return None
    shown = Bullets(tuple((words(text),) for text in noted[:MOST_NOTED]), "limits small")
    return OnlyIn(PAGE, (Fold((f"Noted while reading ({count(len(noted))})",), (shown,)),))

"""Raw files to a corpus: read, cleaned, split, duplicates found, every character accounted for."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from toolkit.corpus.archives.frame import framed, with_frame
from toolkit.corpus.assemble import Tables
from toolkit.corpus.cleaning.blocks import blocks_of
from toolkit.corpus.cleaning.clean import cleaned
from toolkit.corpus.cleaning.heading_text import heading_text
from toolkit.corpus.cleaning.mail import footer_views, mail_parts
from toolkit.corpus.cleaning.repeated import edge_views
from toolkit.corpus.dating import dated
from toolkit.corpus.duplicates import duplicates_of
from toolkit.corpus.encodings import unmatched
from toolkit.corpus.files import CorpusFiles
from toolkit.corpus.head_lines import described
from toolkit.corpus.language import language_of
from toolkit.corpus.ledger import Left, ledger_of, uncovered, whole
from toolkit.corpus.reading import documents_of, sidecar_of
from toolkit.corpus.reading_notes import left_out_notes, reading_notes
from toolkit.corpus.repeated_ids import with_distinct_ids
from toolkit.corpus.respondents import survey_notes
from toolkit.corpus.settings import CleanSettings, CorpusSettings
from toolkit.corpus.source import Block, Part, Source
from toolkit.corpus.split import Unit, paragraphs_of, sentences_of
from toolkit.corpus.transcripts.marks import is_one_of
from toolkit.corpus.transcripts.turns import by_patterns, speaker_notes, transcribed, with_edges
from toolkit.corpus.unread import notes_on_faults, notes_on_files, without_bare_sheets
from toolkit.corpus.whole import whole_document
from toolkit.errors import CorpusError
from toolkit.text.notes import UNREADABLE, note
from toolkit.values import Corpus, Ints, Tick, no_tick

LEAST_REPEATS = 3
"""A line at the edges of at least this many documents of a source, and of a fifth of them, is no body text."""
TICK_EVERY = 200
CountTokens = Callable[[Sequence[str]], Ints]


def build_corpus(
    settings: CorpusSettings,
    files: CorpusFiles,
    tick: Tick = no_tick,
    *,
    max_tokens: int | None = None,
    count_tokens: CountTokens | None = None,
) -> Corpus:
    """The corpus in `files`: documents by id, paragraphs, ledger, texts (`toolkit.values.Corpus`).

    `max_tokens` and `count_tokens` cut paragraphs to an embedding model's limit. An unreadable document remains in
    `documents` with no paragraphs, a note and a row in the ledger; a corpus without any paragraph is returned.

    Raises:
        CorpusError: documents of two files with the same id; a column of the config that no table has; a file that
        changed while it was read; an unusable sidecar.
    """
    sidecar = sidecar_of(settings, files)
    documents = transcribed(documents_of(settings, files, sidecar), settings)
    sources = _within(documents, settings.limits.max_documents)
    sources = with_distinct_ids(sources)
    sources.sort(key=lambda source: source.document_id)
    notes = [*notes_on_files(files), *files.notes, *notes_on_faults(sources)]
    sources = without_bare_sheets(sources) if settings.kind == "survey" else sources
    if sidecar is not None and sidecar.unused():
        unused = sidecar.unused()
        notes.append(
            f"{len(unused)} rows of corpus.metadata match no file: {', '.join(unused[:5])}. Write the names of your "
            "files into the table, or delete the line metadata from the config."
        )
    sources, on_dates = dated(sources, settings)
    notes += on_dates
    notes += unmatched(settings.encoding, [file.relative for file in files.files])
    notes += survey_notes(sources, settings)
    blocks = [_blocks(source) for source in sources]
    repeated = _repeated(sources, blocks) if settings.clean.on("repeated") else {}
    fields = {name for source in sources for name in source.fields}
    tables, total, left_out = Tables(settings, fields), len(sources), Counter[str]()
    waiting = list(zip(reversed(sources), reversed(blocks), strict=True))
    del sources, blocks
    while waiting:  # a document is released once it is in the tables
        source, blocks_of_source = waiting.pop()
        lines = repeated.get(_origin(source), frozenset())
        made = _one(source, blocks_of_source, settings, lines, max_tokens, count_tokens)
        left_out.update(row.reason[10:] for row in made[2] if row.reason.startswith("left out: "))
        tables.add(*made)
        if tables.documents % TICK_EVERY == 0:
            tick(tables.documents, total)
    compared = settings.duplicates.enabled and settings.kind != "survey"  # equal answers are people, not copies
    duplicates = settings.duplicates if compared else settings.duplicates.model_copy(update={"enabled": False})
    copies = duplicates_of(tables.comparable(), tables.documents, duplicates)
    tick(tables.documents, tables.documents)
    made_corpus = tables.corpus(copies, tuple(notes))
    about_speakers = speaker_notes(made_corpus.paragraphs, left_out, settings.speakers)
    works = ("leskovec2014", "minhash1997") if compared else ()
    return replace(made_corpus, notes=(*made_corpus.notes, *about_speakers), works=works)


def _within(documents: Iterator[Source], most: int) -> list[Source]:
    """All documents. Raises CorpusError as soon as there are more than `most`, also inside a packed table."""
    sources = list(itertools.islice(documents, most + 1))
    if len(sources) > most:
        raise CorpusError(
            f"{sources[-1].where}: more than {most:,} documents (corpus.limits.max_documents); raise the limit, "
            "at about 4 kB of memory for a short row, or take a sample"
        )
    return sources


def _origin(source: Source) -> str:
    """The common origin of documents: their outlet, else their folder and format."""
    outlet = source.meta.get("source") if source.format != "mail" else ""
    return outlet or f"{source.path.rpartition('/')[0]}/*.{source.format}"


def _blocks(source: Source) -> tuple[Block, ...]:
    if source.fault or source.blocks is not None or source.parts is not None:
        return source.blocks or ()
    return blocks_of(source.text, source.body, source.format == "md")


def _repeated(sources: Sequence[Source], blocks: Sequence[Sequence[Block]]) -> dict[str, frozenset[str]]:
    """For each origin the lines at the edges of several of its documents."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for source, its_blocks in zip(sources, blocks, strict=True):
        if source.fault or source.parts is not None or len(its_blocks) < (2 if source.format == "mail" else 3):
            continue
        origin = _origin(source)
        sizes[origin] += 1
        if source.format == "mail":
            counts[origin].update(footer_views(source.text, its_blocks))
            continue
        counts[origin].update(edge_views(source.text, framed(its_blocks)[1], source.format == "md"))
    return {
        origin: frozenset(view for view, seen in lines.items() if seen >= max(LEAST_REPEATS, 0.2 * sizes[origin]))
        for origin, lines in counts.items()
    }


def _one(
    source: Source,
    blocks: Sequence[Block],
    settings: CorpusSettings,
    repeated: frozenset[str],
    max_tokens: int | None,
    count: CountTokens | None,
) -> tuple[Source, list[Unit], list[Left], str | None]:
    """One document (with its text recomposed if needed), its units, ledger rows and language."""
    text = source.text
    if source.fault:
        return source, [], whole(text, f"{UNREADABLE}{source.fault}"), None
    if not text.strip():
        return source, [], whole(text, "empty"), None
    speaker = source.meta.get("speaker", "")
    if speaker and is_one_of(speaker, settings.speakers.leave_out):
        return source, [], whole(text, f"left out: {speaker}"), None
    marked = (
        source.blocks is not None
        and source.format not in ("pdf", "md")
        and any(block.kind == "heading" for block in blocks)
    )
    frame, rest = framed(blocks)
    find, named = settings.split.headings and not (marked and not frame), source.meta.get("title") or ""
    if source.parts is not None and any(part.speaker for part in source.parts) and not source.extracted:
        lines = source.blocks or blocks_of(text, source.body, source.format == "md")
        ordinary = cleaned(text, lines, settings.clean, _kind(source), find, repeated, named)
        parts = by_patterns(text, with_edges(text, source.parts, ordinary), settings.clean)
    elif source.parts is not None:
        parts = by_patterns(text, source.parts, settings.clean)
    elif source.format == "mail":
        parts = by_patterns(text, mail_parts(text, blocks, settings.clean, repeated), settings.clean)
    else:
        kind = "txt" if frame else _kind(source)
        parts = with_frame(cleaned(text, rest, settings.clean, kind, find, repeated, named), frame)
    kept = " ".join(text[part.start : part.end] for part in parts if not part.reason)
    language = language_of(kept or text, settings.languages or ())
    if settings.languages is not None and language is not None and language not in settings.languages:
        return source, [], whole(text, f"language: {language}"), language
    source = described(_titled(_accused(source, parts), parts), parts, settings)
    source = replace(source, notes=(*source.notes, *left_out_notes(text, parts)))
    if settings.unit == "document":
        source, units, rows = whole_document(source, parts)
    else:
        units = _units(text, parts, settings, max_tokens, count)
        rows = ledger_of(text, source.body, parts)
    if settings.read_as == "plain" and (
        about_reading := reading_notes(source.text[unit.start : unit.end] for unit in units)
    ):
        source = replace(source, notes=(*source.notes, *about_reading))
    faults = uncovered(source.text, units, rows)
    if faults:
        raise AssertionError(f"{source.document_id}: characters {faults[:3]} are in no span or in two")
    return source, units, rows, language


def _accused(source: Source, parts: Sequence[Part]) -> Source:
    """The document with a note that names the cleaning rule, if rules have removed all of its text."""
    removed = [part for part in parts if part.reason not in ("heading", "empty")]
    if not removed or any(not part.reason for part in parts):
        return source
    most = max(removed, key=lambda part: part.end - part.start)
    rule = most.reason if most.reason in CleanSettings.model_fields else "patterns"
    lost = note(
        f"no paragraph: cleaning removed all of the text ({most.reason})",
        f"{source.where or source.document_id} {' '.join(source.text[most.start : most.end].split())!r}",
        f"corpus.clean.{rule}",
    )
    return replace(source, notes=(*source.notes, lost))


def _titled(source: Source, parts: Sequence[Part]) -> Source:
    """The document with the first heading above its text as title, if nothing else names a title."""
    if source.meta.get("title"):
        return source
    above = itertools.takewhile(lambda part: part.reason, parts)
    heading = next((part for part in above if part.reason == "heading"), None)
    if heading is None:
        return source
    title = heading_text(source.text[heading.start : heading.end])
    return replace(source, meta={**source.meta, "title": title})


def _kind(source: Source) -> str:
    """The format by which a text is read: a table's cell may contain a page."""
    return (
        "html"
        if source.blocks is not None and source.format not in ("pdf", "docx", "rtf", "txt", "xml", "md", "wiki")
        else source.format
    )


def _units(
    text: str, parts: Sequence[Part], settings: CorpusSettings, max_tokens: int | None, count: CountTokens | None
) -> list[Unit]:
    """Paragraphs or sentences."""
    if settings.unit == "sentence":
        return sentences_of(text, parts)
    return paragraphs_of(text, parts, settings.split, max_tokens, count)

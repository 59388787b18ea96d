"""Notes on unread files: files of other kinds, empty files, unreadable files and rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from toolkit.corpus.files import CorpusFiles
from toolkit.corpus.source import Source
from toolkit.text.notes import UNREADABLE, reason_kind
from toolkit.values import Corpus

MOST_NAMED_FILES = 10
"""Number of files that are named; the others are counted."""
MAX_EXAMPLES = 3


def notes_on_files(files: CorpusFiles) -> list[str]:
    """One note on files of other kinds, by kind and count, and on empty files."""
    parts = []
    if files.skipped:
        counts = _kinds(files.skipped)
        empty = f"; {_of(files.skipped_empty, len(files.skipped))} empty" if files.skipped_empty else ""
        named = f" ({', '.join(files.skipped)})" if len(files.skipped) <= MAX_EXAMPLES else ""
        parts.append(f"{_files(len(files.skipped))} of other kinds not read: {counts}{named}{empty}")
    empty_names = [file.relative for file in files.files if not file.size and not file.fault]
    if empty_names:
        shown = _shown(empty_names) if len(empty_names) <= MAX_EXAMPLES else _kinds(empty_names)
        parts.append(f"{_files(len(empty_names), 'empty ')}: {shown}")
    return ["; ".join(parts)] if parts else []


def _kinds(names: Iterable[str]) -> str:
    """The number of files of each kind, by their endings."""
    kinds = Counter(_ending(name) for name in names)
    return ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))


def notes_on_faults(sources: Iterable[Source]) -> list[str]:
    """A note on the files that cannot be read, one on sheets and one on rows of tables, with counts and examples."""
    faulty = [source for source in sources if source.fault not in ("", "empty file")]
    rows = [source.fault for source in faulty if source.fault.startswith(f"{source.path}:")]
    whole = [source for source in faulty if not source.fault.startswith(f"{source.path}:")]
    sheets = [f"{source.document_id} ({source.fault})" for source in whole if _is_sheet(source)]
    files = [f"{source.path} ({source.fault})" for source in whole if not _is_sheet(source)]
    notes = []
    if files:
        notes.append(f"{_files(len(files))} cannot be read: {_shown(files, '; ')}")
    if sheets:
        count = f"{len(sheets):,} sheet{'' if len(sheets) == 1 else 's'}"
        notes.append(f"{count} of workbooks without texts: {_shown(sheets, '; ')}")
    if rows:
        count = f"{len(rows):,} row{'' if len(rows) == 1 else 's'}"
        notes.append(f"{count} of tables cannot be read: {_shown(rows, '; ')}")
    return notes


def without_bare_sheets(sources: Sequence[Source]) -> list[Source]:
    """The documents of a survey without sheets that contain no answers, if other sheets of the workbook do.

    Such a sheet is no respondent; a note names it.
    """
    read = {source.path for source in sources if not source.fault}
    return [source for source in sources if not (source.fault and _is_sheet(source) and source.path in read)]


def _is_sheet(source: Source) -> bool:
    """Whether a document that cannot be read is a sheet of a workbook."""
    where = f"{source.path}#"
    return source.document_id.startswith(where) and not source.fault.startswith(f"{source.path}:")


def lines_of_empty(corpus: Corpus) -> list[str]:
    """Why a corpus has no paragraph: a line for each file, at most ten, then a count."""
    reasons: dict[str, list[str]] = {}
    for row in corpus.ledger.select(["document_id", "reason"]).to_pylist():
        reasons.setdefault(row["document_id"], []).append(row["reason"])
    documents = corpus.documents.select(["document_id", "path"]).to_pylist()
    lines = [
        f"{path}: {_why([reasons.get(row['document_id'], []) for row in rows], path)}"
        for path, rows in _by_path(documents)
    ]
    more = len(lines) - MOST_NAMED_FILES
    return lines[:MOST_NAMED_FILES] + ([f"and {_files(more, 'more ')} of which nothing is left"] if more > 0 else [])


def _by_path(documents: list[dict[str, str]]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The documents of each file."""
    for path, rows in groupby(sorted(documents, key=lambda row: row["path"]), key=lambda row: row["path"]):
        yield path, list(rows)


def _why(documents: list[list[str]], path: str) -> str:
    """The reason why nothing remains of the documents of one file."""
    if len(documents) == 1 and len(documents[0]) == 1:
        return documents[0][0].removeprefix(UNREADABLE)
    every = [reason.removeprefix(UNREADABLE) for reasons in documents for reason in reasons]
    rows = [reason for reason in every if reason.startswith(f"{path}:")]
    if rows and len(rows) == len(every):
        return f"none of its {len(rows):,} rows can be read; row {rows[0].removeprefix(f'{path}:')}"
    counts = Counter(reason_kind(reason) for reason in every)
    of = f" of {len(documents):,} documents" if len(documents) > 1 else ""
    return f"all text{of} left out: {', '.join(f'{reason} {count}' for reason, count in counts.most_common(4))}"


def _ending(name: str) -> str:
    """The ending of a file's name, as a kind."""
    stem, dot, ending = name.rpartition("/")[2].rpartition(".")
    return f".{ending.lower()}" if dot and stem else "without an ending"


def _files(count: int, what: str = "") -> str:
    return f"{count:,} {what}file{'' if count == 1 else 's'}"


def _of(part: int, whole: int) -> str:
    return "all" if part == whole else f"{part:,}"


def _shown(names: Sequence[str], between: str = ", ") -> str:
    more = f"{between}and {len(names) - MAX_EXAMPLES:,} more" if len(names) > MAX_EXAMPLES else ""
    return between.join(names[:MAX_EXAMPLES]) + more

"""Numbers rows of a table with the same id in file order, so that an id names one document.

The first row keeps its id ("int01"), the next ones get a number ("int01#0002"). Numbers depend on the order of rows and
not on their content: the turns of an interview stay in order, and rows added at the end change no id that human codes
refer to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from toolkit.corpus.respondents import TABLES
from toolkit.corpus.source import Source
from toolkit.errors import CorpusError
from toolkit.text.notes import note

KEY = "corpus.columns.id"
REPEATED = "rows with the same id are told apart by a number"


def with_distinct_ids(sources: Sequence[Source]) -> list[Source]:
    """The documents with distinct ids, in their order: that of files, and of rows in each file.

    Raises:
        CorpusError: documents of different files have the same id.
    """
    counts = Counter(source.document_id for source in sources)
    if len(counts) == len(sources):
        return list(sources)
    taken = set(counts)
    first: dict[str, Source] = {}
    seen: Counter[str] = Counter()
    made = []
    for source in sources:
        name = source.document_id
        other = first.setdefault(name, source)
        if other.path != source.path or (other is not source and source.format not in TABLES):
            raise CorpusError(
                f"two documents have the id {name!r}: {other.where} and {source.where}; "
                "ids must differ (corpus.columns.id)"
            )
        if counts[name] > 1:
            source = replace(source, notes=(*source.notes, _id_note(source)))
        seen[name] += 1
        if seen[name] > 1:
            source = replace(source, document_id=_free(name, seen, taken))
        made.append(source)
    return made


def _id_note(source: Source) -> str:
    return note(REPEATED, source.document_id.removeprefix(f"{source.path}#"), KEY)


def _free(name: str, seen: Counter[str], taken: set[str]) -> str:
    """The next numbered id that no document has."""
    while (numbered := f"{name}#{seen[name]:04d}") in taken:
        seen[name] += 1
    taken.add(numbered)
    return numbered

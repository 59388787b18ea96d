"""Notes on a document: one sentence, an example, and the config key that decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

MAX_EXAMPLES = 3
MAX_EXAMPLE_CHARACTERS = 60
UNREADABLE = "unreadable: "
"""How the ledger's reason begins for a document that cannot be read."""
_ROW = re.compile(r"unreadable: .+?:\d+: ")
_PARTS = re.compile(r"(?P<text>.*?)(?:: (?P<example>.*?))?(?: \[(?P<key>corpus[a-z_.]*)\])?", re.DOTALL)


class NoteCount(NamedTuple):
    """A note on one or more documents: their number, with at most three different examples."""

    text: str
    documents: int
    examples: tuple[str, ...] = ()
    key: str = ""

    def __str__(self) -> str:
        count = f"{self.documents:,} document{'' if self.documents == 1 else 's'}: {self.text}"
        shown = f" (for example {', '.join(self.examples)})" if self.examples else ""
        return f"{count}{shown}{f'; decided by {self.key}' if self.key else ''}"


def note(text: str, example: str = "", key: str = "") -> str:
    """A note as in `documents.notes`: "date not understood: '03/04/24' [corpus.day_first]".

    `text` is the same for all documents with the same note; `example` is from this document; `key` is the dotted config
    key that changes the decision.
    """
    shown = example if len(example) <= MAX_EXAMPLE_CHARACTERS else f"{example[:MAX_EXAMPLE_CHARACTERS]}…"
    return f"{text}{f': {shown}' if shown else ''}{f' [{key}]' if key else ''}"


def reason_kind(reason: str) -> str:
    """A reason of the ledger without the place of the row that could not be read: "unreadable row: not JSON"."""
    return _ROW.sub("unreadable row: ", reason, count=1) if reason.startswith(UNREADABLE) else reason


def counted(documents: Iterable[Iterable[str]]) -> tuple[NoteCount, ...]:
    """The notes of several documents, each once with its count and examples, the commonest first."""
    counts: dict[tuple[str, str], int] = {}
    examples: dict[tuple[str, str], list[str]] = {}
    for notes in documents:
        seen = set()
        for text in notes:
            match = _PARTS.fullmatch(text)
            assert match is not None  # every part may be empty
            kind = (match["text"], match["key"] or "")
            shown = examples.setdefault(kind, [])
            if match["example"] and match["example"] not in shown and len(shown) < MAX_EXAMPLES:
                shown.append(match["example"])
            seen.add(kind)
        for kind in seen:
            counts[kind] = counts.get(kind, 0) + 1
    order = sorted(counts, key=lambda kind: (-counts[kind], kind))
    return tuple(NoteCount(text, counts[text, key], tuple(examples[text, key]), key) for text, key in order)

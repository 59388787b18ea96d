"""Splits files by the config: `corpus.split_documents` as a regular expression."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.corpus.archives.article import Article, Span, article_of


@dataclass
class _Part:
    """One document: its whole span, its title and its text, and the named groups of the match."""

    whole: Span
    title: list[Span]
    body: Span
    known: Mapping[str, str]


def described(text: str, pattern: str) -> list[Article]:
    """The documents of a text, one per match of a pattern; empty if there is no match.

    A match begins a document, which ends at the next match; the matched text, with its named groups, is metadata. Text
    before the first match is a document of its own if the pattern has no named groups (a bare separator); otherwise it
    belongs to the first document, as metadata. A separator without text after it makes no document.
    """
    hits = [hit for hit in re.finditer(pattern, text, re.MULTILINE) if hit.end() > hit.start()]
    if not hits:
        return []
    parts: list[_Part] = []
    start = 0
    if not hits[0].re.groupindex and text[: hits[0].start()].strip():
        start = hits[0].start()
        parts.append(_Part(Span(0, start), [], Span(0, start), {}))
    for hit, after in zip(hits, [*hits[1:], None], strict=True):
        stop = after.start() if after else len(text)
        known = {key: value for key, value in hit.groupdict().items() if value}
        if not text[hit.end() : stop].strip() and not known:
            if parts:
                parts[-1].whole = Span(parts[-1].whole.start, stop)
                start = stop
            continue
        title = [Span(*hit.span("title"))] if "title" in known else []
        parts.append(_Part(Span(start, stop), title, Span(hit.end(), stop), known))
        start = stop
    return [article_of(text, part.whole, part.title, [part.body], part.known) for part in parts]

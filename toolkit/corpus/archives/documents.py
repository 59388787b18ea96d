"""Splits a file into documents as `corpus.split_documents` requires."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from toolkit.corpus.archives import cells, europresse, factiva, nexis, proquest, records, tagged
from toolkit.corpus.archives.article import Article
from toolkit.corpus.archives.described import described
from toolkit.corpus.archives.noticed import repeated_frame
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Source
from toolkit.text.notes import note

KEY = "corpus.split_documents"


class Archive(NamedTuple):
    """A family of exports: a fast check whether a text is one, and its articles (empty: it is not)."""

    name: str | Callable[[str], str]
    recognised: Callable[[str], bool]
    articles: Callable[[str], Sequence[Article]]


ARCHIVES = (
    Archive(cells.NAME, cells.recognised, cells.articles),
    Archive(tagged.name_of, tagged.recognised, tagged.articles),
    Archive(proquest.NAME, proquest.recognised, proquest.articles),
    Archive(nexis.NAME, nexis.recognised, nexis.articles),
    Archive(factiva.NAME, factiva.recognised, factiva.articles),
    Archive(europresse.NAME, europresse.recognised, europresse.articles),
    Archive(records.NAME, records.recognised, records.articles),
)
"""In this order they are tried."""


def documents_of(source: Source, settings: CorpusSettings) -> Sequence[Source]:
    """The documents of a file that was read as a whole: the file itself, unless it is an export of several articles."""
    how = settings.split_documents
    if how is False or source.fault:
        return (source,)
    if how != "auto":
        return parted(source, described(source.text, str(how))) or (
            replace(
                source, notes=(*source.notes, note("the pattern of corpus.split_documents matches nothing", "", KEY))
            ),
        )
    view = _with_line_feeds(source.text)
    for archive in ARCHIVES:
        if archive.recognised(view) and (articles := archive.articles(source.text)):
            name = archive.name if isinstance(archive.name, str) else archive.name(source.text)
            return parted(source, articles, f"split as an export of {name}")
    return (source if source.format == "md" else with_frame_noticed(source, source.text),)


def with_frame_noticed(source: Source, text: str) -> Source:
    """The document with a note if the file's text looks like several articles that no reader splits."""
    several, frame = repeated_frame(_with_line_feeds(text))
    if several < 2:
        return source
    noticed = note(f"looks like {several:,} articles in one file, read as one document", repr(frame), KEY)
    return replace(source, notes=(*source.notes, noticed))


def _with_line_feeds(text: str) -> str:
    """The text as patterns of lines see it: line ends of old Macs as line feeds."""
    return text if "\n" in text or "\r" not in text else text.replace("\r", "\n")


def is_export(text: str, settings: CorpusSettings) -> bool:
    """Whether the text of a file is to be split: its lines are left as they are until then."""
    how = settings.split_documents
    return how is not False and (
        how != "auto" or any(archive.recognised(_with_line_feeds(text)) for archive in ARCHIVES)
    )


def parted(source: Source, articles: Sequence[Article], how: str = "") -> tuple[Source, ...]:
    """Articles as documents: numbered in file order, with the file's front matter as a fallback for their metadata."""
    front = _front_matter(source)
    width = max(4, len(str(len(articles))))
    notes = (*source.notes, *((note(how, "", KEY),) if how else ()))
    return tuple(
        Source(
            f"{number:0{width}d}", article.text, "", "", source.format, {**front, **article.meta}, article.blocks,
            0, (*notes, *article.notes), True, fields=article.fields,
        )
        for number, article in enumerate(articles, start=1)
    )  # fmt: skip


def _front_matter(source: Source) -> Mapping[str, str]:
    """The metadata that a file gives for all of its documents: between lines of --- at its head, without file
    properties."""
    if source.format in ("txt", "md") and source.body and source.text.lstrip().startswith("---"):
        return source.meta
    return {}

"""Surveys: the answers of a row as parts of its text, and notes on tables that look like surveys."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from toolkit.corpus.cleaning.blocks import blocks_of
from toolkit.corpus.non_answers import REASON, is_non_answer
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Block, Part, Source
from toolkit.corpus.words import rough_words
from toolkit.schemas import ROW_FORMATS

TABLES = ROW_FORMATS
_POST = re.compile(r"(?:^|\s)(?:@\w|#\w|https?://)|\A\[ ?(?:deleted|removed)\b")
LEAST_ROWS = 10
EQUAL_SHARE, SILENT_SHARE = 0.1, 0.05
"""A table looks like a survey if this share of its texts are equal to another text, or have no content."""
ANSWER_WORDS = 40
"""Median words of the answers of a survey, at most."""


def answer_parts(text: str, spans: Sequence[tuple[int, int]], settings: CorpusSettings) -> tuple[Part, ...] | None:
    """The parts of a row's text if cleaning does not apply: in a survey, or for a text without content.

    `spans` are the answers from which the text is joined.
    """
    survey = settings.kind == "survey"
    apart = settings.clean.on(REASON)
    silent = [apart and is_non_answer(text[start:end]) for start, end in spans]
    if not survey and not any(silent):
        return None
    parts: list[Part] = []
    for (start, end), says_nothing in zip(spans, silent, strict=True):
        for block in _blocks(text, start, end):
            reason = REASON if says_nothing else _own_reason(text[block.start : block.end], settings)
            parts.append(Part(block.start, block.end, reason))
    return tuple(parts)


def _blocks(text: str, start: int, end: int) -> list[Block]:
    """The paragraphs of one answer."""
    return [Block(start + block.start, start + block.end) for block in blocks_of(text[start:end], 0, False)]


def _own_reason(text: str, settings: CorpusSettings) -> str:
    """The reason by one of the user's patterns."""
    on = settings.clean.enabled
    return next((name for name, pattern in settings.clean.patterns.items() if on and re.search(pattern, text)), "")


def survey_notes(sources: Sequence[Source], settings: CorpusSettings) -> list[str]:
    """Notes on the tables of a corpus: the unit of counting in a survey, or the tables that look like surveys."""
    rows = [source for source in sources if source.format in TABLES and not source.fault]
    if settings.kind == "survey":
        others = [source for source in sources if source.format not in TABLES]
        return [*_counting(rows), *_beside(others)]
    by_file: dict[str, list[Source]] = defaultdict(list)
    for source in rows:
        by_file[source.path].append(source)
    return [advice for path in sorted(by_file) if (advice := _advice(path, by_file[path]))]


def _beside(others: Sequence[Source]) -> list[str]:
    """The note on documents in a survey that are not rows."""
    if not others:
        return []
    count = f"{len(others):,} document{'s are' if len(others) > 1 else ' is'}"
    return [
        f"{count} no row of a table (for example {others[0].document_id}), and so no respondent: shares of respondents "
        "are not given; corpus.path without such files gives them"
    ]


def _advice(path: str, rows: Sequence[Source]) -> str:
    """The note on a table that looks like a survey, or an empty text."""
    if sum(bool(source.meta.get("url")) for source in rows) > 0.5 * len(rows):
        return ""  # posts and articles have an address, respondents have none
    if median(source.text.count(" ") for source in rows) > 3 * ANSWER_WORDS:
        return ""  # a quick look: articles
    texts = [" ".join(source.text.casefold().split()) for source in rows if source.text.strip()]
    texts = [text for text in texts if not _of_a_platform(text)]
    if len(texts) < LEAST_ROWS or median(map(rough_words, texts)) > ANSWER_WORDS:
        return ""
    equal = sum(seen - 1 for seen in Counter(texts).values())
    silent = sum(is_non_answer(text) for text in texts)
    if equal < EQUAL_SHARE * len(texts) and silent < SILENT_SHARE * len(texts):
        return ""
    return (
        f"{path} looks like a survey: of {len(texts):,} short texts {equal:,} are equal to another and {silent:,} say "
        "nothing ('don't know', 'n/a'). Equal texts count once; with corpus.kind: survey each row is a respondent"
    )


def _of_a_platform(text: str) -> bool:
    """Whether a text is a post, not an answer: with handles or links, or removed ("[deleted]")."""
    return _POST.search(text) is not None


def _counting(rows: Sequence[Source]) -> list[str]:
    """The unit of counting in a survey, and the columns that are groups."""
    if not rows:
        return []  # a note on the files gives the reason
    silent = sum(_says_nothing(source) for source in rows)
    empty = sum(not source.text.strip() for source in rows)
    notes = [
        f"Survey: {len(rows):,} rows are {len(rows):,} respondents, {silent:,} of whom gave a non-answer and {empty:,} "
        "no answer. Equal answers count each time, since they are people and not copies"
    ]
    values: dict[str, set[str]] = defaultdict(set)
    for source in rows:
        for name, value in source.fields.items():
            values[name].add(value)
    groups = ", ".join(f"{name} ({len(values[name] - {''})} values)" for name in sorted(values))
    return [*notes, f"Columns with few values are groups (estimate.group_by): {groups}"] if groups else notes


def _says_nothing(source: Source) -> bool:
    parts = source.parts
    return bool(parts) and all(part.reason == REASON for part in parts or ())

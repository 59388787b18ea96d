"""Finds the text column of a table by its name and content."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from toolkit.corpus.metadata import ALIASES
from toolkit.corpus.non_answers import is_non_answer
from toolkit.corpus.readers.cells import cell_of, cell_text, is_typed, long_text, paths_of
from toolkit.corpus.source import Row
from toolkit.corpus.words import rough_words
from toolkit.text.notes import note

KEY = "corpus.columns.text"
SAMPLE_ROWS, SAMPLE_CHARACTERS = 200, 5_000_000
"""Number of rows of a table that are examined before its columns are classified."""
SURE = (
    "text",
    "full_text",
    "fulltext",
    "full text",
    "article_text",
    "body_text",
    "maintext",
    "main_text",
    "volltext",
    "artikeltext",
    "texte",
    "texto",
    "testo",
    "tekst",
    "текст",
    "正文",
    "文本",
    "全文",
    "本文",
    "본문",
)
"""Names that mean the text for any content except numbers, dates, links or nothing."""
NO_TEXT = frozenset(
    alias for role in ("id", "title", "source", "date", "url", "label", "author") for alias in ALIASES[role]
)
LEAST_TEXT_WORDS = 4
"""Median words of a column of texts, at least."""
CATEGORY_SHARE = 0.2
"""A column is one of categories if its distinct values are at most this share of its rows."""
MOST_GROUPS = 25
"""Values of a closed question, at most."""
TEXT_COLUMN_RATIO = 3
"""A column is the text if it contains this many times as much text as any other."""
EXAMPLE_CHARACTERS = 30
_URL = re.compile(r"(?:https?://|www\.)\S+|[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")
_MARKS = re.compile(r"[.!?,;:。！？،؟।…](?:\s|$|[\"'”’»)])|[。！？।]")
_HANDLE = re.compile(r"@\w+")


class Profile(NamedTuple):
    """The content of a column in the examined rows. Shares are of the filled cells."""

    name: str
    rows: int
    filled: int
    words: float  # median
    characters: float  # mean over all rows
    values: int  # different ones
    typed: float  # share of numbers, dates, true/false, links and addresses
    sentences: float  # share with a mark of punctuation
    handles: float
    example: str

    @property
    def is_text(self) -> bool:
        """Whether it contains texts: several words or a sentence, and not a few repeated values."""
        few = self.filled > 1 and self.values < max(2, CATEGORY_SHARE * self.filled)
        long = self.words >= LEAST_TEXT_WORDS or (self.words >= 3 and self.sentences >= 0.5)
        return self.filled > 0 and self.typed < 0.5 and long and (not few or self.words >= 12)

    @property
    def may_be_text(self) -> bool:
        """Whether it may contain texts: for a column with a sure name."""
        return self.filled > 0 and self.typed < 0.9

    @property
    def is_short_answer(self) -> bool:
        """Whether it may contain short answers: words of many kinds, some answers of more than two words."""
        many = self.values >= 0.5 * self.filled or self.values > MOST_GROUPS
        return self.filled > 0 and self.typed < 0.5 and self.words >= 1.5 and many


class TextChoice(NamedTuple):
    """The columns of the text, with a note if a reader should know why; no columns with the reason."""

    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()
    fault: str = ""


def profiles_of(rows: Sequence[Row]) -> tuple[Profile, ...]:
    """A profile of each column of some rows, nested fields included, in order."""
    cells = [row.cells for row in rows if not row.fault]
    names = dict.fromkeys(name for row in cells for name in paths_of(row) if name and name != "extra cells")
    return tuple(_profile(name, [cell_of(row, name) for row in cells]) for name in names)


def _profile(name: str, values: Sequence[object]) -> Profile:
    filled = [(value, text) for value in values if (text := long_text(value).strip())]
    texts = [text for _, text in filled]
    count = len(texts) or 1
    return Profile(
        name,
        len(values),
        len(texts),
        statistics.median(map(rough_words, [text for text in texts if not is_non_answer(text)] or texts or [""])),
        sum(map(len, texts)) / (len(values) or 1),
        len(set(texts)),
        sum(is_typed(value) or isinstance(value, dict) or bool(_URL.fullmatch(text)) for value, text in filled) / count,
        sum(bool(_MARKS.search(text)) for text in texts) / count,
        sum(bool(_HANDLE.fullmatch(text)) for text in texts) / count,
        next((" ".join(text.split()) for text in texts), ""),
    )


def text_choice(profiles: Sequence[Profile], survey: bool = False) -> TextChoice:
    """The text column of a table if the config names none; for a survey also its only column of short answers."""
    ordered = sorted(profiles, key=lambda p: _in_list(p.name))
    by_name = {_last(profile.name): profile for profile in reversed(ordered)}
    named = [by_name[alias] for alias in ALIASES["text"] if alias in by_name]
    fit = [p for p in named if p.is_text or (_last(p.name) in SURE and p.may_be_text and not _in_list(p.name))]
    fit.sort(key=lambda p: _in_list(p.name))
    others = [p for p in profiles if p.is_text and p not in named and _last(p.name) not in NO_TEXT]
    if fit:
        return _known(fit, others)
    weak = [p for p in named if p.is_short_answer or (_last(p.name) in SURE and not p.filled)]
    if not others and len(weak) == 1:
        return TextChoice((weak[0].name,))
    if survey and not others:
        others = [p for p in profiles if p.is_short_answer and _last(p.name) not in NO_TEXT]
    return _unknown(others, profiles)


def _last(name: str) -> str:
    """The name of a column: the last step of a path, in lower case."""
    return name.rpartition(".")[2].strip().lower()


def _in_list(name: str) -> bool:
    """Whether a path leads into a list of objects."""
    return ".0." in name


def _all_members(name: str) -> str:
    """The path of a field in every member of a list, not in the first alone: "parts.*.text"."""
    return name.replace(".0.", ".*.")


def _known(fit: Sequence[Profile], others: Sequence[Profile]) -> TextChoice:
    """The column with a known name; of several the one with much more text, else the likeliest name."""
    longest = max(fit, key=lambda p: p.characters)
    chosen = longest if longest.characters > 1.3 * fit[0].characters else fit[0]
    name = _all_members(chosen.name)
    longer = [p for p in (*fit, *others) if p is not chosen and p.characters > TEXT_COLUMN_RATIO * chosen.characters]
    notes = []
    if longer:
        notes.append(note(f"read from column {name!r}; another holds longer text", longer[0].name, KEY))
    elif len(fit) > 1:
        rest = ", ".join(p.name for p in fit if p is not chosen)
        notes.append(note(f"read from column {name!r}; other columns may be the text", rest, KEY))
    elif "." in chosen.name:
        notes.append(note("the text is a nested field", name, KEY))
    return TextChoice((name,), tuple(notes))


def _unknown(others: Sequence[Profile], profiles: Sequence[Profile]) -> TextChoice:
    """The only column of texts, or the one with far more text than any other; else the reason against each."""
    ranked = sorted(others, key=lambda p: -p.characters)
    if ranked and (len(ranked) == 1 or ranked[0].characters > TEXT_COLUMN_RATIO * ranked[1].characters):
        name = _all_members(ranked[0].name)
        named = note("no column has a known name for the text; read from the one that holds texts", name, KEY)
        return TextChoice((name,), (named,))
    listed = columns_shown(profiles)
    if ranked:
        names = ", ".join(repr(p.name) for p in ranked)
        advice = (
            f"corpus.columns.text names one of them, or a list that is joined: [{', '.join(p.name for p in ranked)}]"
        )
        return TextChoice((), fault=f"several columns may be the text: {names} ({advice}); all columns: {listed}")
    why = f"no column of text (corpus.columns.text){_advice(profiles)}"
    return TextChoice((), fault=f"{why}; all columns, each with an example: {listed}")


def _advice(profiles: Sequence[Profile]) -> str:
    """Alternatives for a table without a text: its titles, or short answers of a survey."""
    title = next((p.name for p in profiles if p.is_text and _last(p.name) in ALIASES["title"]), "")
    if title:
        return f"; corpus.columns.text: {title} reads the titles"
    names = {*NO_TEXT, *ALIASES["speaker"]}
    answers = [p.name for p in profiles if p.is_short_answer and _last(p.name) not in names]
    return f"; corpus.kind: survey reads short answers, as in {', '.join(map(repr, answers))}" if answers else ""


def columns_shown(profiles: Iterable[Profile]) -> str:
    """All columns with an example each, for messages."""
    return ", ".join(f"{p.name or '(no name)'} ({_cut(p.example) or 'empty'})" for p in profiles)


def _cut(text: str) -> str:
    return text if len(text) <= EXAMPLE_CHARACTERS else f"{text[:EXAMPLE_CHARACTERS]}…"


def unfit_roles(roles: Mapping[str, str], profiles: Sequence[Profile]) -> Iterator[str]:
    """Roles whose column does not fit its name: a title of handles or numbers, "data" that are no dates."""
    known = {profile.name: profile for profile in profiles}
    title = known.get(roles.get("title", ""))
    if title is not None and (title.handles >= 0.5 or title.typed >= 0.9):
        yield "title"
    dates = known.get(roles.get("date", ""))
    if roles.get("date", "").lower() == "data" and (dates is None or dates.typed < 0.5):
        yield "date"


_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{2}|\d{13,}0{3}")


def rounded_ids(name: str, rows: Iterable[Row]) -> str:
    """An example of an id that a spreadsheet rounded ("1.23457E+17"), if most of a column's are; else empty."""
    ids = [text for row in rows if not row.fault and (text := cell_text(cell_of(row.cells, name)).strip())]
    rounded = [text for text in ids if _ROUNDED.fullmatch(text)]
    return rounded[0] if len(rounded) > 1 and len(rounded) >= 0.8 * len(ids) else ""


def closed_columns(profiles: Sequence[Profile], texts: Sequence[str], most: int = MOST_GROUPS) -> tuple[str, ...]:
    """Columns with few values: groups of respondents. Several values, each of them more than once on average."""
    return tuple(
        p.name
        for p in profiles
        if p.name and p.name not in texts and 2 <= p.values <= min(most, p.filled / 2) and p.words <= 12
    )

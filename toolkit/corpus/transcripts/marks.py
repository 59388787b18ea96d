"""Common parts of the forms of transcripts: labels as speakers, times, and a text as parts that are turns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import NamedTuple

from toolkit.corpus.cleaning.lines import Line
from toolkit.corpus.settings import SpeakerSettings
from toolkit.corpus.source import Part

CLOCK = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
"""A time from the start of a recording: 0:03, 00:00:03, 00:00:03.120."""
_END_STAMP = re.compile(rf"\s*[\[(#]+\s*({CLOCK})(?:-\d+)?\s*[\])#]+\s*\Z")
_BRACKETED = re.compile(r"[\[(<{*_][^\n\[\]]{1,80}[\])>}*_]\.?|[*_\-=~.·•—–\s]+")
_TIME_OF_DAY = re.compile(r"\d{1,2}[.:]\d{2}(?:\s*[ap]\.?\s?m\.?)?|\[?\d{1,2}:\d{2}(?::\d{2})?\]?", re.IGNORECASE)
_PREAMBLE_WORDS = 8
"""A line before the first turn with at least this number of words and a full stop is text, a shorter one a header."""


class Head(NamedTuple):
    """The label of a turn: its speaker, its time, and the spans (start, end, reason) of the label in the text."""

    speaker: str
    time: str
    spans: tuple[tuple[int, int, str], ...]
    end: int  # start of the words of the turn


@cache
def vocabulary() -> Mapping[str, str]:
    """The word lists and patterns of `vocabulary.toml`."""
    import tomllib

    return tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8"))


@cache
def words_of(name: str) -> frozenset[str]:
    """One of its word lists."""
    return frozenset(word.strip() for word in vocabulary()[name].replace("\n", "").split("|") if word.strip())


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One of its patterns, compiled once."""
    return re.compile(vocabulary()[name], re.IGNORECASE)


_TIME = re.compile(r"\d[:.]\d\d")


def is_one_of(speaker: str, patterns: Iterable[str]) -> bool:
    """Whether a speaker matches one of the patterns of a config; case does not count."""
    low = speaker.casefold()
    return any(fnmatchcase(low, pattern.strip().rstrip(":").casefold()) for pattern in patterns)


def seconds_of(clock: str) -> float:
    """0:03, 00:00:03.120 or 1:02:03 in seconds."""
    total = 0.0
    for piece in clock.replace(",", ".").split(":"):
        total = total * 60 + float(piece)
    return total


def clock_time(clock: str) -> str:
    """A time from the start of a recording as hh:mm:ss."""
    whole = int(seconds_of(clock))
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def is_plain_label(label: str) -> bool:
    """Whether a label is a name and a colon, without a time: it can remain at the head of its turn."""
    return label.rstrip(" \t*_").endswith((":", "：")) and _TIME.search(label) is None


def parts_of(
    text: str, lines: Sequence[Line], heads: Mapping[int, Head], asides: Mapping[int, str], settings: SpeakerSettings
) -> tuple[Part, ...]:
    """The lines of a text as parts: labels, turns and others.

    `heads` and `asides` (the reason of a line that no speaker says) are by the number of the line. Lines without a
    blank line between them are one paragraph of the turn.
    """
    parts: list[Part] = []
    speaker, time, turn, open_part = "", "", False, False
    for at, line in enumerate(lines):
        head = heads.get(at)
        start = line.start
        if head is not None:
            speaker, time, turn, open_part = head.speaker, head.time, True, False
            spans, start = head.spans, head.end
            label = spans[-1][2] == "speaker" and text[spans[-1][0] : spans[-1][1]]
            if settings.labels == "text" and start < line.end and label and is_plain_label(label):
                spans, start = spans[:-1], spans[-1][0]
            parts += [Part(begin, end, reason) for begin, end, reason in spans]
        elif at in asides:
            parts.append(Part(line.start, line.end, asides[at]))
            open_part = False
            continue
        elif not turn:
            parts.append(_before(line, not parts))
            continue
        if start >= line.end:
            continue
        reason = f"left out: {speaker}" if speaker and is_one_of(speaker, settings.leave_out) else ""
        if open_part and not line.gap:
            parts[-1] = parts[-1]._replace(end=line.end)
        else:
            parts.append(Part(start, line.end, reason, "text", speaker, time))
            open_part = True
    return tuple(piece for part in parts for piece in _stamps_apart(text, part))


def _before(line: Line, first: bool) -> Part:
    """A line before the first turn: a sentence is text, other lines are the title or fields of the transcript."""
    sentence = len(line.text.split()) >= _PREAMBLE_WORDS and line.text[-1] in ".!?。！？…"
    field = re.match(r"([^.:]{1,40}):\s", line.text)
    labelled = field is not None and (not first or field[1].strip("*_ ").casefold() in words_of("fields"))
    if sentence and not (labelled and len(line.text.split()) < 3 * _PREAMBLE_WORDS):
        return Part(line.start, line.end, "")
    return Part(line.start, line.end, "heading" if first and not labelled else "metadata")


def _stamps_apart(text: str, part: Part) -> list[Part]:
    """A turn without the time at its end ("#00:01:12-3#"), which becomes the turn's time if it has none."""
    match = None if part.reason and not part.speaker else _END_STAMP.search(text, part.start, part.end)
    if match is None:
        return [part]
    stamp = text[match.start() : match.end()]
    at = match.start() + len(stamp) - len(stamp.lstrip())
    mark = Part(at, match.end(), "timecode")
    body = part._replace(end=match.start(), time=part.time or clock_time(match[1]))
    return [body, mark] if body.end > body.start else [mark]


def asides_of(lines: Sequence[Line], heads: Mapping[int, Head]) -> dict[int, str]:
    """Lines that no speaker says: "[Interruption.]", "10.32 am", "***", "End of interview"."""
    asides: dict[int, str] = {}
    for at, line in enumerate(lines):
        if at in heads or len(line.text) > 100:
            continue
        if _TIME_OF_DAY.fullmatch(line.text):
            asides[at] = "timecode"
        elif _BRACKETED.fullmatch(line.text):
            asides[at] = "stage_direction" if any(char.isalnum() for char in line.text) else "separator"
        elif pattern("ends").fullmatch(line.text):
            asides[at] = "stage_direction"
        elif 0 < at < len(lines) - 1 and at + 1 in heads and _is_heading(lines[at - 1], line, lines[at + 1]):
            asides[at] = "heading"
    return asides


def _is_heading(before: Line, line: Line, after: Line) -> bool:
    """Whether a line between two turns is a heading: short, isolated, no sentence, after the end of one."""
    alone = line.gap and after.gap and len(line.text.split()) <= _PREAMBLE_WORDS
    return alone and before.text[-1] in ".!?。！？…" and line.text[-1].isalnum() and line.text[0].isupper()

"""Reads interviews and debates in plain text: labels with a colon, names on separate lines, names with a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from toolkit.corpus.cleaning.lines import Line
from toolkit.corpus.cleaning.notices import is_notice
from toolkit.corpus.settings import SpeakerSettings
from toolkit.corpus.transcripts.labels import Label, Verdict, is_code, is_field, is_name, is_role, label_of, speakers_in
from toolkit.corpus.transcripts.marks import CLOCK, Head, clock_time, is_one_of

LEAST_STAMPED_LINES = 2
"""Lines of a name and a time that make a text a transcript."""
_FIELD = re.compile(r"[*_]*([^\n:：*_]{1,40}?)[*_]*\s*[:：]")
_FIELD_MOST_WORDS = 10
LEAST_NAME_LINES = 4
"""Minimum number of lines that consist of a speaker's name."""
LEAST_NAME_SHARE = 0.2
"""Their share of all lines, at least."""
_NUMBERED = re.compile(r"[QA]\d{1,3}")
LEAST_FOLLOWED_SHARE = 0.5
"""Minimum share of lines with a name and a time that words follow: in a timetable none do."""
_CLOCK = re.compile(CLOCK)
_TITLE = r"(?:\*\*|__|[*_])?"
_PERSON = r"[^\W_\d][^\n\t:：<>\"“”?!;=|/\\{}\[\]]{0,60}?"
_STAMPED = re.compile(
    rf"{_TITLE}\[?(?P<name>{_PERSON})\]?{_TITLE}[ \t,|–—-]*[\[(]?\s*(?P<clock>{CLOCK})\s*[\])]?"
    rf"{_TITLE}\s*[:：]?{_TITLE}"
    rf"|{_TITLE}[\[(]?\s*(?P<clock2>{CLOCK})(?:\s*[-–—]+>?\s*{CLOCK})?\s*[\])]?[ \t,|–—-]*"
    rf"\[?(?P<name2>{_PERSON})\]?{_TITLE}"
)


class TurnHeads(NamedTuple):
    """The labels of the turns of a text by number of line; or the reason for doubt."""

    heads: dict[int, Head]
    doubt: str = ""


def heads_of(lines: Sequence[Line], settings: SpeakerSettings) -> TurnHeads:
    """The labels of the turns: names with times if there are any, else labels with a colon, else bare names."""
    stamped = _stamped(lines)
    if stamped and settings.find is not False:
        return TurnHeads(stamped)
    labelled = _labelled(lines, settings)
    if labelled.heads:
        return labelled
    return TurnHeads(_bare(lines, settings), labelled.doubt)


def _labelled(lines: Sequence[Line], settings: SpeakerSettings) -> TurnHeads:
    """Lines that begin with the label of a speaker and a colon."""
    labels = {
        at: label
        for at, line in enumerate(lines)
        if (label := label_of(line.text)) and (is_role(label.name) or not is_notice(line.text))
    }
    labels = _unnumbered(labels)
    names = [label.name for label in labels.values()]
    verdict = speakers_in(names, _paragraphs(lines, labels), settings)
    heads = {at: _head(lines[at], label, verdict) for at, label in labels.items() if label.name in verdict.speakers}
    return TurnHeads(_without_asides(lines, _without_header(lines, heads)), verdict.doubt)


def _unnumbered(labels: dict[int, Label]) -> dict[int, Label]:
    """The labels, with "Q1" and "A1" without their numbers if both occur: they number questions and not people."""
    kinds = {label.name[0] for label in labels.values() if _NUMBERED.fullmatch(label.name)}
    if kinds != {"Q", "A"}:
        return labels
    return {
        at: label._replace(name=label.name[0]) if _NUMBERED.fullmatch(label.name) else label
        for at, label in labels.items()
    }


def _without_header(lines: Sequence[Line], heads: dict[int, Head]) -> dict[int, Head]:
    """The labels but for those of a header ("Moderator: AL", "Date: 6 March") before the first turn."""
    at = 0
    while at < len(lines):
        stop = next((n for n in range(at + 1, len(lines)) if lines[n].gap), len(lines))
        block = range(at, stop)
        fields = any((match := _FIELD.match(lines[n].text)) and is_field(match[1]) for n in block)
        short = all(len(lines[n].text.split()) <= _FIELD_MOST_WORDS for n in block if n in heads)
        inside = [n for n in block if n in heads]
        if inside and not (fields and short):
            run = next((n for n in inside if not _is_field_line(lines[n], heads[n], heads)), inside[-1])
            return {n: head for n, head in heads.items() if n >= run}
        at = stop
    return heads


def _is_field_line(line: Line, head: Head, heads: dict[int, Head]) -> bool:
    """Whether a label that does not recur is followed by a word or two and no sentence."""
    words = line.text[head.end - line.start :].split()
    once = sum(other.speaker == head.speaker for other in heads.values()) == 1
    return once and 0 < len(words) <= 3 and words[-1][-1] not in ".!?。！？…"


def _without_asides(lines: Sequence[Line], heads: dict[int, Head]) -> dict[int, Head]:
    """The labels except words such as "Look: it is late" that occur once and continue in lower case."""
    counts = Counter(head.speaker for head in heads.values())
    begins = {at: lines[at].text[head.end - lines[at].start :][:1] for at, head in heads.items()}
    lower = sum(begin.islower() for begin in begins.values())
    if lower > 0.2 * len(heads) + 1:
        return heads
    return {
        at: head
        for at, head in heads.items()
        if not (begins[at].islower() and counts[head.speaker] == 1 and not is_role(head.speaker))
    }


def _paragraphs(lines: Sequence[Line], labels: dict[int, Label]) -> int:
    """Lines that begin a paragraph: after a blank line, or with a label."""
    return sum(line.gap or at in labels for at, line in enumerate(lines))


def _head(line: Line, label: Label, verdict: Verdict) -> Head:
    """The label of a turn in its line."""
    stop = line.start + len(line.text[: label.stop].rstrip())
    time = clock_time(label.clock) if label.clock else ""
    return Head(verdict.speakers[label.name], time, ((line.start, stop, "speaker"),), line.start + label.end)


def _stamped(lines: Sequence[Line]) -> dict[int, Head]:
    """Lines with a name and a time ("Anna Lind   0:03"), if there are several and the names could be people."""
    stamps: dict[int, tuple[str, str]] = {}
    for at, line in enumerate(lines):
        match = _STAMPED.fullmatch(line.text) if len(line.text) < 100 and _CLOCK.search(line.text) else None
        name = (match["name"] or match["name2"] or "").strip(" *_-–—,") if match else ""
        if match and (is_name(name) or is_role(name) or is_code(name)) and not is_field(name):
            stamps[at] = name, clock_time(match["clock"] or match["clock2"])
    times = [time for _, time in stamps.values()]
    backwards = sum(time > following for time, following in pairwise(times))
    if len(stamps) < LEAST_STAMPED_LINES or backwards > 0.1 * len(times):
        return {}
    if sum(at + 1 < len(lines) and at + 1 not in stamps for at in stamps) < LEAST_FOLLOWED_SHARE * len(stamps):
        return {}
    return {
        at: Head(name, time, ((lines[at].start, lines[at].end, "speaker"),), lines[at].end)
        for at, (name, time) in stamps.items()
    }


def _bare(lines: Sequence[Line], settings: SpeakerSettings) -> dict[int, Head]:
    """Lines that consist of a name or a role, if the names recur and alternate."""
    if settings.find is False or len(lines) < LEAST_NAME_LINES:
        return {}
    candidates = {at: name for at, line in enumerate(lines[:-1]) if (name := _bare_name(line, settings))}
    counts = Counter(candidates.values())
    chosen = {at: name for at, name in candidates.items() if counts[name] > 1 or is_role(name)}
    names = list(chosen.values())
    listed = bool(names) and all(is_one_of(name, settings.names) for name in names)
    turns = sum(name != following for name, following in pairwise(names))
    known = all(is_role(name) or len(name.split()) > 1 for name in names)
    enough = len(names) >= LEAST_NAME_LINES and len(set(names)) > 1 and turns >= 0.5 * (len(names) - 1)
    share = len(names) / len(lines)
    if not listed and not (enough and share >= (LEAST_NAME_SHARE if known else 2 * LEAST_NAME_SHARE)):
        return {}
    if any(after in chosen for after in (at + 1 for at in chosen)):  # names in a row: a list of people
        return {}
    return {
        at: Head(name, "", ((lines[at].start, lines[at].end, "speaker"),), lines[at].end) for at, name in chosen.items()
    }


def _bare_name(line: Line, settings: SpeakerSettings) -> str:
    """The name that a line consists of, or nothing."""
    name = line.text.strip("*_ ").rstrip(":")
    if not 0 < len(name) <= 40 or len(name.split()) > 4 or name[-1] in ".!?,;…" or not name[0].isalpha():
        return ""
    if not name.isascii() and not name[0].isupper() and not is_role(name):
        return ""
    return name if (is_name(name) or is_role(name)) and not is_field(name) else ""

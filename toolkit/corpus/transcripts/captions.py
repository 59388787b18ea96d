"""Reads captions: WebVTT, SubRip and similar, with their cues joined into turns of one speaker."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from toolkit.corpus.cleaning.lines import Line, lines_of
from toolkit.corpus.settings import SpeakerSettings
from toolkit.corpus.source import Part
from toolkit.corpus.transcripts.labels import Label, is_name, label_of, speakers_in
from toolkit.corpus.transcripts.marks import CLOCK, clock_time, is_one_of, is_plain_label
from toolkit.text.sentences import SENTENCE_MARKS

PASSAGE_WORDS, MOST_PASSAGE_WORDS = 60, 120
"""Number of words after which captions without speakers begin a new passage: at the end of a sentence, or anywhere."""
LEAST_CLOCKED_SHARE = 0.25
"""Minimum share of lines that begin with a time in a transcript without speakers."""
LATEST_START = "00:05:00"
"""Latest first time of a recording; later first times are times of day."""
_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_TIMES = re.compile(rf"\s*\[?(?P<clock>{_CLOCK})(?:\s*-{{1,3}}[>&]?(?:gt;|>)?\s*|,(?=\d+:)){_CLOCK}\]?(?P<rest>[^\n]*)")
_YOUTUBE = re.compile(r"\d{1,2}:\d{2}:\d{2}\.\d{3},\d{1,2}:\d{2}:\d{2}\.\d{3}\s")
_CLOCKED = re.compile(rf"[\[(]?(?P<clock>{CLOCK})[\])]?(?P<rest>(?:[ \t]+[-–—]?[ \t]*\S.*)?)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+(?P<name>[^>]*)>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:[bicuv]|font|ruby|rt|rp|lang|span|em|strong|br|s)(?:[ .\t/][^<>]*)?>|<\d{1,2}:[\d:.]+>|\{\\[^{}]*\}"
)
_SETTING = re.compile(r"(?:\s*(?:align|position|line|size|vertical|region|X[12]|Y[12]):\S+)+\s*\Z")
_DASH = re.compile(r"(?:[-–—]\s*(?=\S)|>>\s*)")
_SENTENCE = re.compile(r"[?!,:;]\Z|\w{3,}\.\Z")
_END = re.compile(rf"[.!?…{SENTENCE_MARKS}][\"'”’)\]]*\Z")


class Saying(NamedTuple):
    """A line of a cue: its speaker if the file names one, and whether another speaker begins."""

    text: str
    voice: str = ""
    label: str = ""
    change: bool = False


@dataclass
class Cue:
    """A cue: its time, its raw lines of number and times, and its spoken lines."""

    clock: str
    stamp: list[str]
    lines: list[str] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)


@dataclass
class Captions:
    """A recomposed text: times and labels before the words of each turn; its parts; doubtful labels."""

    text: str = ""
    parts: tuple[Part, ...] = ()
    speakers: tuple[str, ...] = ()
    doubt: str = ""


@dataclass
class _Writer:
    """Collects pieces of the new text, one per line."""

    pieces: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    length: int = 0

    def add(self, piece: str, reason: str, speaker: str = "", time: str = "") -> None:
        bare = piece.strip()
        if not bare:
            return
        self.pieces.append(bare)
        self.parts.append(Part(self.length, self.length + len(bare), reason, "text", speaker, time))
        self.length += len(bare) + 1


def is_captions(text: str) -> bool:
    """Whether a text is captions by its form: a header or two lines of times, whatever its file is called."""
    if "-->" not in text and "--&gt;" not in text and _YOUTUBE.match(text.lstrip("\ufeff \r\n")) is None:
        return False
    times = sum(_TIMES.match(line) is not None for line in text.splitlines())
    return times >= (1 if text.lstrip("\ufeff \r\n").startswith("WEBVTT") else 2)


def captions_of(text: str, settings: SpeakerSettings) -> Captions:
    """The captions of a text. Damaged captions are read as far as possible: text outside cues is in the ledger."""
    header, cues = _cues(lines_of(text))
    return _written(header, cues, settings)


def clocked_of(lines: Sequence[Line], settings: SpeakerSettings) -> Captions | None:
    """A transcript whose lines begin with a time and have no speakers, or null for other text."""
    matches = {at: match for at, line in enumerate(lines) if (match := _CLOCKED.fullmatch(line.text))}
    clocks = [clock_time(match["clock"]) for match in matches.values()]
    if len(matches) < 4 or len(matches) < LEAST_CLOCKED_SHARE * len(lines) or clocks != sorted(clocks):
        return None
    if all(re.match(r"\d{1,2}:\d{2}(?![\d:])", match[0]) for match in matches.values()) and clocks[0] > LATEST_START:
        return None  # times of day: a chronicle
    header, cues = [line.text for line in lines[: min(matches)]], list[Cue]()
    for at in range(min(matches), len(lines)):
        if at in matches:
            stamp = lines[at].text[: matches[at].start("rest")].strip() if matches[at]["rest"] else lines[at].text
            cues.append(Cue(matches[at]["clock"], [stamp]))
        cues[-1].lines += [matches[at]["rest"].strip()] if at in matches and matches[at]["rest"] else []
        cues[-1].lines += [lines[at].text] if at not in matches else []
    return _written(header, cues, settings)


def _cues(lines: Sequence[Line]) -> tuple[list[str], list[Cue]]:
    """Lines before the first cue, and the cues in order; notes and styles are lines of a stamp."""
    header: list[str] = []
    cues: list[Cue] = []
    at, aside = 0, False
    while at < len(lines):
        line = lines[at]
        after = _TIMES.match(lines[at + 1].text) if at + 1 < len(lines) else None
        times = _TIMES.match(line.text)
        if times:
            aside = False
            rest = times["rest"].strip()
            stamp = line.text if _SETTING.fullmatch(rest) else line.text[: len(line.text) - len(rest)].strip()
            cues.append(Cue(times["clock"], [*_number(header, cues), stamp]))
            if rest and not _SETTING.fullmatch(rest):
                cues[-1].lines.append(rest)
        elif after and not lines[at + 1].gap and _is_number(line):
            aside = False
            cues.append(Cue("", [line.text]))
        elif not cues:
            header.append(line.text)
        elif aside and not line.gap:
            cues[-1].stamp.append(line.text)
        elif line.gap and re.match(r"(?:NOTE|STYLE|REGION)\b", line.text):
            aside = True
            cues[-1].stamp.append(line.text)
        else:
            aside = False
            cues[-1].lines.append(line.text)
        at += 1
    return header, cues


def _is_number(line: Line) -> bool:
    """Whether the line before the times of a cue is its number or name and not the end of the cue before."""
    return line.text.isdigit() or (line.gap and " " not in line.text) or (line.gap and not _END.search(line.text))


def _number(header: list[str], cues: list[Cue]) -> list[str]:
    """The number that was read just before the times: it belongs to them."""
    if cues and not cues[-1].clock:
        return cues.pop().stamp
    return []


def _written(header: Sequence[str], cues: Sequence[Cue], settings: SpeakerSettings) -> Captions:
    """The cues as a text of turns."""
    names = _name_lines(cues)
    for cue in cues:
        cue.sayings = list(_sayings(cue, names))
    labels = [label.name for cue in cues for saying in cue.sayings if (label := _label(saying))]
    sayings = sum(len(cue.sayings) for cue in cues)
    verdict = speakers_in(labels, min(sayings, len(cues)), settings, captions=True)
    writer = _Writer()
    writer.add("\n".join(header), "metadata")
    speakers = _turns(cues, dict(verdict.speakers), settings, writer)
    return Captions("\n".join(writer.pieces), tuple(writer.parts), speakers, verdict.doubt)


def _label(saying: Saying) -> Label | None:
    return None if saying.voice else label_of(saying.text)


def _name_lines(cues: Sequence[Cue]) -> frozenset[str]:
    """First lines of cues that are names: a few short ones in most cues of two or more lines."""
    spoken = [cue.lines for cue in cues if cue.lines]
    firsts = [lines[0] for lines in spoken if len(lines) > 1 and is_name(lines[0]) and not _SENTENCE.search(lines[0])]
    few = len(set(firsts)) <= max(2, len(firsts) // 2)
    return frozenset(firsts) if len(firsts) > 1 and few and len(firsts) >= 0.8 * len(spoken) else frozenset()


def _sayings(cue: Cue, names: frozenset[str]) -> Iterator[Saying]:
    """The spoken lines of a cue, without marks."""
    voice, lines = "", cue.lines
    if lines and lines[0] in names:
        voice, lines = lines[0], lines[1:]
    dashes = sum(_DASH.match(_TAG.sub("", line)) is not None for line in lines)
    for raw in lines:
        pieces = _VOICE.split(raw)
        for at in range(0, len(pieces), 2):
            voice = pieces[at - 1].strip() if at else voice
            text = html.unescape(_TAG.sub("", pieces[at])).replace("\xa0", " ").strip()
            mark = _DASH.match(text)
            change = mark is not None and (dashes > 1 or mark.group().startswith(">>"))
            if text:
                yield Saying(text[mark.end() :] if mark and change else text, voice, voice, change)


def _turns(cues: Sequence[Cue], named: dict[str, str], settings: SpeakerSettings, writer: _Writer) -> tuple[str, ...]:
    """Cues joined while the same person speaks; without speakers, joined to passages of some sentences."""
    turn = _Turn(writer, settings)
    before: list[str] = []
    for cue in cues:
        turn.stamps(cue.stamp)
        rolling = [saying.text for saying in cue.sayings]
        for saying in cue.sayings:
            if saying.text in before[-2:] and not saying.label:
                turn.repeats.append(saying.text)
                continue
            label = None if saying.voice else label_of(saying.text)
            if label is not None and label.name in named:
                turn.says(named[label.name], cue.clock, saying.text[label.end :], saying.text[: label.end], True)
            else:
                turn.says(saying.voice, cue.clock, saying.text, saying.voice, saying.change)
        before = rolling or before
    turn.flush()
    return tuple(dict.fromkeys(turn.speakers))


class _Turn:
    """The turn that is being put together."""

    def __init__(self, writer: _Writer, settings: SpeakerSettings) -> None:
        self.writer, self.settings = writer, settings
        self.speaker, self.time = "", ""
        self.labels: list[str] = []
        self.marks: list[str] = []
        self.waiting: list[str] = []  # numbers and times of a cue before its words
        self.repeats: list[str] = []
        self.words: list[str] = []
        self.speakers: list[str] = []

    def stamps(self, lines: Sequence[str]) -> None:
        """The number and times of the next cue."""
        self.waiting += lines

    def says(self, speaker: str, clock: str, text: str, label: str, change: bool) -> None:
        """Add a line of a cue; a change of speaker, or a full passage without speaker, ends the turn before it."""
        same = not change and (not speaker or speaker == self.speaker)
        same = same or (bool(speaker) and speaker == self.speaker)
        count = sum(len(words.split()) for words in self.words)
        full = not self.speaker and count >= (
            PASSAGE_WORDS if self.words and _END.search(self.words[-1]) else MOST_PASSAGE_WORDS
        )
        if self.words and (not same or full):
            self.flush()
        if not self.words:
            self.speaker = speaker or ("" if change else self.speaker)
            self.time = clock_time(clock) if clock else ""
            self.speakers += [self.speaker] if self.speaker else []
        self.labels += [label] if label and (change or not self.words) else []
        self.marks += self.waiting
        self.waiting = []
        self.words.append(text.strip())

    def flush(self) -> None:
        """Add the turn to the text."""
        if not self.words:
            self.marks, self.waiting = [*self.marks, *self.waiting], []
        left_out = self.speaker and is_one_of(self.speaker, self.settings.leave_out)
        self.writer.add(" ".join(self.marks), "timecode")
        self.writer.add(" ".join(self.repeats), "repeated")
        label, text = " ".join(label.strip() for label in self.labels), " ".join(self.words)
        if self.settings.labels == "text" and self.labels and text and is_plain_label(self.labels[0]):
            label, text = "", f"{self.labels[0].strip()} {text}"
        self.writer.add(label, "speaker")
        reason = f"left out: {self.speaker}" if left_out else ""
        self.writer.add(text, reason, self.speaker, self.time)
        self.marks, self.repeats, self.words, self.labels = [], [], [], []

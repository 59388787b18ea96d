"""Reads a document as a transcript: captions, a chat, an interview or a debate; other documents are unchanged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from toolkit.corpus.cleaning.lines import Line, lines_of
from toolkit.corpus.settings import CleanSettings, CorpusSettings, SpeakerSettings
from toolkit.corpus.source import Part, Source
from toolkit.corpus.transcripts.captions import Captions, captions_of, clocked_of, is_captions
from toolkit.corpus.transcripts.chats import chat_of
from toolkit.corpus.transcripts.interviews import LEAST_NAME_LINES, heads_of
from toolkit.corpus.transcripts.labels import is_field, label_of
from toolkit.corpus.transcripts.marks import asides_of, is_one_of, parts_of
from toolkit.text.notes import note

if TYPE_CHECKING:
    from toolkit.values import Table

FORMATS = frozenset({"txt", "md", "docx", "pdf", "rtf", "vtt", "srt", "csv", "tsv", "xlsx", "jsonl", "json", "parquet"})
"""Formats whose texts may be transcripts; pages and mails never are."""
MOST_SPEAKERS = 8
CUES = "read as captions (cues joined to turns, numbers and times in the ledger)"
CHAT = "read as a chat (one message a turn)"
INTERVIEW = "read as a transcript (labels are speakers)"
DOUBT = "labels at the head of lines read as text, because it is in doubt that they are speakers"
_KEY = "corpus.speakers.find"
_MARKS = frozenset({"timecode", "stage_direction", "system_message", "placeholder"})
_BETWEEN_TURNS = frozenset(
    {"heading", "newsletter", "promotion", "copyright", "share", "read_more", "appeal", "related"}
)
_TITLES = frozenset({"The", "Mr.", "Mrs", "Ms.", "Mis", "Dr."})
_STAMP = re.compile(r"\[?\d{1,4}[./:-]\d|[^:]{1,70}\d:\d\d")


def transcribed(sources: Iterable[Source], settings: CorpusSettings) -> Iterator[Source]:
    """The documents, those that are transcripts with their turns as parts."""
    for source in sources:
        plain = source.fault or source.parts is not None or source.format not in FORMATS
        yield source if plain or not _worth_it(source) else transcript(source, settings)


def _worth_it(source: Source) -> bool:
    """A fast check: at least two lines with a possible label, or recurring short lines."""
    text = source.text
    if source.format in ("vtt", "srt") or ("\n" not in text and "\r" in text):
        return True
    if "\n" not in text:
        return False
    begins = [line[:72].strip() for line in text.splitlines() if line]
    marked = [
        line for line in begins if ":" in line or "：" in line or line[:1] in "[0123456789<QA" or line[:3] in _TITLES
    ]
    if len(marked) > 1 and sum(map(_may_begin, marked)) > 1:
        return True
    loose = [line.partition("\t")[0].partition(" - ")[0] for line in begins if _is_loose(line)]
    return len(loose) >= LEAST_NAME_LINES and len(set(loose)) < len(loose)


def _may_begin(line: str) -> bool:
    """Whether a turn may begin with a line."""
    return label_of(line) is not None or _STAMP.match(line) is not None


def _is_loose(line: str) -> bool:
    return 0 < len(line) < 42 or "\t" in line or " - " in line[:30]


def transcript(source: Source, settings: CorpusSettings) -> Source:
    """The document with its turns as parts, if it has any."""
    speakers = settings.speakers
    if source.format in ("vtt", "srt") or is_captions(source.text):
        return _captions(source, captions_of(source.text[source.body :], speakers), speakers)
    lines = lines_of(source.text, source.body)
    chat = chat_of(lines, settings.day_first) if speakers.find is not False else None
    if chat is not None:
        parts = parts_of(source.text, lines, chat.heads, chat.asides, speakers)
        meta = {"date": chat.first, **source.meta} if chat.first else dict(source.meta)
        notes = [note("day and month of messages not told apart", chat.order, "corpus.day_first")] if chat.order else []
        return _with_turns(replace(source, meta=meta), parts, [note(CHAT, _names(parts), _KEY), *notes], speakers)
    turns = heads_of(lines, speakers)
    if turns.heads:
        asides = asides_of(lines, turns.heads) | _marked(source, lines)
        parts = parts_of(source.text, lines, turns.heads, asides, speakers)
        return _with_turns(source, parts, [note(INTERVIEW, _names(parts), _KEY)], speakers)
    clocked = clocked_of(lines, speakers)
    if clocked is not None:
        return _captions(source, clocked, speakers)
    return replace(source, notes=(*source.notes, note(DOUBT, turns.doubt, _KEY))) if turns.doubt else source


def _captions(source: Source, captions: Captions, settings: SpeakerSettings) -> Source:
    """The document with the recomposed text of its captions."""
    front = source.text[: source.body].strip()
    shift = len(front) + 1 if front else 0
    parts = [Part(0, len(front), "metadata")] if front else []
    parts += [part._replace(start=part.start + shift, end=part.end + shift) for part in captions.parts]
    text = f"{front}\n{captions.text}" if front else captions.text
    notes = [note(CUES, _names(parts), _KEY)]
    notes += [note(DOUBT, captions.doubt, _KEY)] if captions.doubt else []
    anew = replace(source, text=text, extracted=True, body=0, blocks=None)
    return _with_turns(anew, parts, notes, settings)


def _with_turns(source: Source, parts: Sequence[Part], notes: Sequence[str], settings: SpeakerSettings) -> Source:
    return replace(source, parts=tuple(parts), notes=(*source.notes, *notes))


def _names(parts: Sequence[Part]) -> str:
    """The speakers of a document, the most frequent first."""
    counts = Counter(part.speaker for part in parts if part.speaker)
    return ", ".join(name for name, _ in counts.most_common(3))


def _marked(source: Source, lines: Sequence[Line]) -> dict[int, str]:
    """Lines that the markup of a document calls a heading, or a header or footer of pages."""
    reasons: dict[int, str] = {}
    if source.format == "md" and source.blocks is None:
        return {at: "heading" for at, line in enumerate(lines) if re.match(r"#{1,6}\s", line.text)}
    marked = [block for block in source.blocks or () if block.kind in ("heading", "furniture")]
    for block in marked:
        for at, line in enumerate(lines):
            if block.start <= line.start < block.end:
                reasons[at] = block.kind
    return reasons


def with_edges(text: str, parts: Sequence[Part], ordinary: Sequence[Part]) -> list[Part]:
    """The parts, judged as an article above the first turn and below the first paragraph of the last one.

    `ordinary`: the same text read as an article. Turns are not judged; headings and notices between them keep their
    reasons from the article.
    """
    turns = [at for at, part in enumerate(parts) if part.reason == "speaker" or _is_labelled(text, part)]
    if not turns:
        return list(parts)
    first, last = parts[turns[0]].start, min(turns[-1] + (parts[turns[-1]].reason == "speaker"), len(parts) - 1)
    marked = {(part.start, part.end): part for part in parts[: turns[0]]}
    above = [_stronger(text, marked.get((part.start, part.end)), part) for part in ordinary if part.start < first]
    above = [*parts[: turns[0]]] if not above or above[-1].end > first else above
    closing, notes_below = _without_end(text, parts[last], ordinary)
    below = [*notes_below, *(_as_article(part, ordinary) for part in parts[last + 1 :])]
    notices = {(part.start, part.end): part for part in ordinary if part.reason in _BETWEEN_TURNS}
    between = [
        part if at in turns or _has_label_above(parts, at) else notices.get((part.start, part.end), part)
        for at, part in enumerate(parts[turns[0] : last], start=turns[0])
    ]
    return [*above, *between, closing, *below]


def _without_end(text: str, part: Part, ordinary: Sequence[Part]) -> tuple[Part, list[Part]]:
    """The last turn without the lines at its end that are no body of an article, and these."""
    inside = [other for other in ordinary if part.start < other.start and other.end <= part.end]
    ends: list[Part] = []
    while inside and inside[-1].reason not in ("", "heading"):
        ends.insert(0, inside.pop())
    if part.reason or not ends:
        return part, []
    turn = text[part.start : ends[0].start].rstrip()
    return part._replace(end=part.start + len(turn)), ends


def _stronger(text: str, marked: Part | None, article: Part) -> Part:
    """The reading of a line above the first turn: as a mark or a field of a transcript, else as in an article."""
    fits = marked is not None and (marked.reason in _MARKS or (marked.reason and not article.reason))
    if marked is not None and marked.reason == "metadata" and article.reason == "heading":
        fits = is_field(text[marked.start : marked.end].partition(":")[0])
    return marked if marked is not None and fits else article


def _is_labelled(text: str, part: Part) -> bool:
    """Whether a turn begins here with its label in the text."""
    turn = part.speaker or part.reason.startswith("left out")
    if part.speaker and text.startswith(part.speaker, part.start):
        return True
    return bool(turn) and label_of(text[part.start : part.start + 72].split("\n")[0]) is not None


def _has_label_above(parts: Sequence[Part], at: int) -> bool:
    """Whether a part is the first words of a turn whose label is separate, on its own line or before the words."""
    return at > 0 and parts[at - 1].reason == "speaker"


def _as_article(part: Part, ordinary: Sequence[Part]) -> Part:
    """The part with the reason for which it is no body of an article, if there is one."""
    around = (other for other in ordinary if other.start <= part.start and part.end <= other.end)
    reason = next((other.reason for other in around), "")
    return part if part.reason or reason in ("", "heading") else Part(part.start, part.end, reason)


def by_patterns(text: str, parts: Sequence[Part], settings: CleanSettings) -> list[Part]:
    """The parts; those that match a pattern of the config have its name as reason."""
    if not settings.enabled or not settings.patterns:
        return list(parts)
    chosen: list[Part] = []
    for part in parts:
        words = " ".join(text[part.start : part.end].split())
        name = next((name for name, pattern in settings.patterns.items() if re.search(pattern, words)), "")
        chosen.append(part if part.reason or not name else part._replace(reason=name))
    return chosen


def speaker_notes(paragraphs: Table, left_out: Counter[str], settings: SpeakerSettings) -> tuple[str, ...]:
    """The speakers and their numbers of paragraphs for the notes of a corpus; and names of the config that do not
    occur."""
    named = "speaker" in paragraphs.column_names
    counts = Counter(name for name in paragraphs["speaker"].to_pylist() if name) if named else Counter[str]()
    if not counts and not left_out and not settings.leave_out:
        return ()
    shown = [f"{name} {count:,}" for name, count in counts.most_common(MOST_SPEAKERS)]
    more = f" and {len(counts) - MOST_SPEAKERS:,} more" if len(counts) > MOST_SPEAKERS else ""
    notes = [f"speakers (paragraphs): {', '.join(shown)}{more}; corpus.speakers.leave_out leaves out those it names"]
    if left_out:
        notes.append("speakers left out (turns): " + ", ".join(f"{name} {n:,}" for name, n in left_out.most_common()))
    names = (*counts, *left_out)
    unknown = [pattern for pattern in settings.leave_out if not any(is_one_of(name, (pattern,)) for name in names)]
    notes += [f"corpus.speakers.leave_out: no speaker is called {pattern!r}" for pattern in unknown]
    return tuple(notes if counts else notes[1:])

"""Splits the text of a mail into the writer's words, quotes from an earlier message, and the signature."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from toolkit.corpus.cleaning.blocks import blocks_of
from toolkit.corpus.cleaning.lines import Line, lines_of
from toolkit.corpus.source import Block

Zone = Literal["", "quoted", "signature", "forwarded"]
MOST_SIGNATURE_LINES = 25
_QUOTED = re.compile(r"(?:>|&gt;|\|\s)")


@cache
def _cues() -> Mapping[str, re.Pattern[str]]:
    """The lines that open a quoted or forwarded message or a signature, from `mail.toml`."""
    return {name: re.compile("|".join(forms), re.IGNORECASE) for name, forms in _data()["lines"].items()}


@cache
def _data() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads((Path(__file__).parent / "mail.toml").read_text(encoding="utf-8"))


@cache
def head_pattern() -> re.Pattern[str]:
    """The head of a message as Outlook writes it: "From: …", "Sent: …", "To: …", "Subject: …"."""
    line = {name: rf"[*_]*(?:{'|'.join(forms)})[*_]*[ \t]*:[*_]*[ \t]*" for name, forms in _data()["head"].items()}
    between = rf"(?:{line['date']}[^\r\n]+\r?\n|{line['to']}[^\r\n]*\r?\n){{1,2}}"
    between += r"(?:[\w ]{1,20}:[ \t]*[^\r\n]*\r?\n){0,4}?"
    return re.compile(rf"^{line['from']}[^\r\n]+\r?\n{between}{line['subject']}[^\r\n]*", re.IGNORECASE | re.MULTILINE)


def blocks_of_mail(text: str, blocks: Sequence[Block] | None = None) -> tuple[Block, ...]:
    """The blocks of a mail, those of a quoted message or signature with that zone.

    `blocks` are those of a page; without them they are found from the lines.
    """
    lines = (
        lines_of(text) if blocks is None else [Line(b.start, b.end, text[b.start : b.end], True, 0, 0) for b in blocks]
    )
    zones = _zones(lines)
    if not any(zone == "" for zone in zones):  # the forwarded message is the content of such a mail
        zones = _opened(lines, zones)
    if blocks is not None:
        marked = zip(blocks, zones, strict=True)
        return tuple(block._replace(zone=_name(zone)) if zone else block for block, zone in marked)
    made: list[Block] = []
    at = 0
    while at < len(lines):
        stop = at + 1
        while stop < len(lines) and zones[stop] == zones[at]:
            stop += 1
        start, end = lines[at].start, lines[stop - 1].end
        if zones[at]:
            made.append(Block(start, end, "text", True, 0.0, _name(zones[at])))
        else:
            made += [b._replace(start=b.start + start, end=b.end + start) for b in blocks_of(text[start:end])]
        at = stop
    return tuple(made)


def _opened(lines: Sequence[Line], zones: Sequence[Zone]) -> list[Zone]:
    """A forwarded message as text; the lines of its head are separate."""
    opened: list[Zone] = ["" if zone == "forwarded" else zone for zone in zones]
    at = next((place for place, zone in enumerate(zones) if zone == "forwarded"), len(zones))
    while at < len(zones) and (
        _cues()["forwarded"].fullmatch(lines[at].text) or re.match(r"[*_]*[\w -]{2,20}[*_]*\s*[:：]\s", lines[at].text)
    ):
        opened[at] = "forwarded"
        at += 1
    return opened if "" in opened else ["" if zone == "forwarded" else zone for zone in zones]


def _name(zone: Zone) -> str:
    return "quoted" if zone == "forwarded" else zone


def _zones(lines: Sequence[Line]) -> list[Zone]:
    """The kind of each line: the writer's own, quoted, forwarded or the signature."""
    zones: list[Zone] = [""] * len(lines)
    cues = _cues()
    for at, line in enumerate(lines):
        if _QUOTED.match(line.text):
            zones[at] = "quoted"
    for at, line in enumerate(lines):
        if zones[at]:
            continue
        joined = f"{line.text} {lines[at + 1].text}" if at + 1 < len(lines) and not lines[at + 1].gap else line.text
        if cues["wrote"].fullmatch(line.text) or cues["wrote"].fullmatch(joined):
            _attribution(lines, zones, at, 1 if cues["wrote"].fullmatch(line.text) else 2)
        elif at + 1 < len(lines) and zones[at + 1] == "quoted" and cues["names"].fullmatch(line.text):
            zones[at] = "quoted"
        elif cues["forwarded"].fullmatch(line.text):
            _rest(zones, at, "forwarded")
        elif cues["original"].fullmatch(line.text) or _is_head(lines, at):
            _rest(zones, at, "quoted")
        elif cues["sent_from"].fullmatch(line.text):
            zones[at] = "signature"
        elif line.text == "--" or cues["signed"].fullmatch(line.text):
            _signature(zones, at)
    return zones


def _attribution(lines: Sequence[Line], zones: list[Zone], at: int, count: int) -> None:
    """ "On … wrote:" belongs to the quoted lines after it; if there are none, to all following lines."""
    after = at + count
    for place in range(at, after):
        zones[place] = "quoted"
    if after < len(lines) and not zones[after]:
        _rest(zones, after, "quoted")


def _rest(zones: list[Zone], at: int, zone: Zone) -> None:
    for place in range(at, len(zones)):
        zones[place] = zones[place] or zone


def _signature(zones: list[Zone], at: int) -> None:
    """The lines from "-- " to the next quoted line or the end."""
    stop = next((place for place in range(at + 1, len(zones)) if zones[place]), len(zones))
    if stop - at <= MOST_SIGNATURE_LINES:
        for place in range(at, stop):
            zones[place] = "signature"


def _is_head(lines: Sequence[Line], at: int) -> bool:
    """Whether the head of an earlier message begins here: "From: …", "Sent: …", "To: …", "Subject: …"."""
    if ":" not in lines[at].text[:24]:
        return False
    return head_pattern().match("\n".join(line.text for line in lines[at : at + 6]) + "\n") is not None


def outlook_messages(text: str) -> list[str]:
    """The messages of a text that begins with such a head: one message, or several with different subjects."""
    heads = list(head_pattern().finditer(text))
    starts, subjects = [0], {_subject(heads[0].group())} if heads else set()
    for head in heads[1:]:
        before = text[: head.start()].rstrip().rpartition("\n")[2].strip()
        apart = text[: head.start()].endswith(("\n\n", "\n\r\n", "\x0c"))
        answered = _cues()["original"].fullmatch(before) or _cues()["forwarded"].fullmatch(before)
        if apart and not answered and _subject(head.group()) not in subjects:
            starts.append(head.start())
            subjects.add(_subject(head.group()))
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _subject(head: str) -> str:
    """The subject without "Re:" and its like."""
    last = head.rstrip().rpartition("\n")[2].partition(":")[2]
    return re.sub(
        r"^(?:\s*(?:re|aw|fw|fwd|wg|tr|rv|sv|vs|antw|odp|回复|答复|转发)\s*:)+", "", last, flags=re.IGNORECASE
    ).strip()


def outlook_head(text: str) -> tuple[dict[str, str], str]:
    """The fields of a head (from, date, to, subject), and the text below it."""
    match = head_pattern().search(text)
    if match is None:
        return {}, text
    fields: dict[str, str] = {}
    for line in match.group().splitlines():
        name, _, value = line.strip("*_ ").partition(":")
        role = next((role for role, names in _data()["head"].items() if name.strip("*_ \t").lower() in names), "")
        if role:
            fields.setdefault(role, value.strip(" \t*"))
    end = match.end()
    while more := re.compile(r"\r?\n[\w ]{1,20}:[ \t]+[^\r\n]+(?=\r?\n)").match(text, end):
        end = more.end()
    return fields, text[end:].lstrip("\r\n")

"""Reads chats as a phone or a meeting exports them: one message per line, with its time and sender."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from toolkit.corpus.cleaning.lines import Line
from toolkit.corpus.transcripts.labels import is_name
from toolkit.corpus.transcripts.marks import Head, pattern

LEAST_MESSAGES = 2
LEAST_MESSAGE_SHARE = 0.15
"""Share of the lines that begin a message, at least: messages may have many lines."""
_DATE = r"(?P<date>\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}\.?|\d{4}[年년]\s?\d{1,2}[月월]\s?\d{1,2}[日일])"
_HALF = r"[AaPp]\.?\s?[Mm]\.?|上午|下午|午前|午後|오전|오후|[صم]"
_MESSAGE = re.compile(
    rf"\[?{_DATE},?\s*(?:à|um|at|kl\.|las|às|o)?\s*(?P<half>{_HALF})?\s*(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})"
    rf"(?:[:.](?P<second>\d{{2}}))?\s*(?P<half2>{_HALF})?\]?,?\s*(?:[-–—]\s+)?(?P<rest>\S.*)?"
)
_DAY = r"(?:today|yesterday|heute|gestern|aujourd’hui|hier|hoy|ayer|oggi|ieri|сегодня|вчера)"
_SIGNED = re.compile(
    rf"(?P<name>[^\W\d_][^\n\t:<>\"“”?!;=|/\\{{}}\[\]]{{0,50}}?)[ \t]*(?:[,|–—-][ \t]*|[ \t]{{1,8}}|(?=\[))[\[(]?"
    rf"(?:(?:{_DATE}|(?P<day>{_DAY})),?\s*(?:at|um|à|a las|alle|в|kl\.)?\s*)?(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})"
    rf"(?:[:.](?P<second>\d{{2}}))?\s*(?P<half2>{_HALF})?[\])]?:?",
    re.IGNORECASE,
)
"""A name and a date or half of a day, the message below: "Anna Lind, [14.03.2022 09:01]", "Anna 9:01 AM"."""
_ZOOM = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})\s+(?:From|Von|De|Da|Van)\s+(?P<rest>\S.*)")
_ZOOM_NAME = re.compile(
    r"(?P<name>.{1,60}?)\s*(?:\s(?:to|To|an|An|à|a|aan)\s+(?P<to>[^:]{1,60}?)(?:\s*\([^()]*\))?)?\s*:\s?(?P<text>.*)"
)
_NAME = re.compile(r"(?P<name>[^:：\"“”„«]{1,60}?)\s?[:：](?:\s(?P<text>.*)|\Z)")
_SIGNED_ENDS = frozenset("0123456789])mM.:午前後전후صم")


class Chat(NamedTuple):
    """The labels of the messages by number of line, lines without a sender, and the first and last day."""

    heads: dict[int, Head]
    asides: dict[int, str]
    first: str = ""
    order: str = ""  # why the order of day and month is unknown


def chat_of(lines: Sequence[Line], day_first: bool | None) -> Chat | None:
    """The messages of a chat, or null if the lines are not a chat."""
    matches = {
        at: match for at, line in enumerate(lines) if line.text[:1] in "[0123456789" and (match := _match(line.text))
    } or _signed(lines)
    if len(matches) < LEAST_MESSAGES or len(matches) < LEAST_MESSAGE_SHARE * len(lines) or len(lines) == 0:
        return None
    dates = [match["date"] for match in matches.values() if match.groupdict().get("date")]
    first = _day_first(dates, any(_half(match) for match in matches.values()), day_first)
    heads: dict[int, Head] = {}
    asides: dict[int, str] = {}
    for at, match in matches.items():
        head = _head(lines[at], match, first, at + 1 < len(lines) and at + 1 not in matches)
        if head is None:
            asides[at] = "system_message"
            continue
        heads[at] = head
        content = lines[at].text[head.end - lines[at].start :].strip()
        alone = at + 1 >= len(lines) or at + 1 in matches
        if content and alone and (pattern("placeholders").fullmatch(content) or pattern("system").search(content)):
            reason = "placeholder" if pattern("placeholders").fullmatch(content) else "system_message"
            spans = (*head.spans, (lines[at].end - len(content), lines[at].end, reason))
            heads[at] = head._replace(spans=spans, end=lines[at].end)
    if not heads or len({head.speaker for head in heads.values()}) > max(20, 0.8 * len(heads)):
        return None
    begin = next((head.time[:10] for head in heads.values() if re.match(r"\d{4}-\d\d-\d\d", head.time)), "")
    return Chat(heads, asides | _after(lines, asides, matches), begin, "" if begin or not dates else dates[0])


def _match(line: str) -> re.Match[str] | None:
    return _MESSAGE.fullmatch(line) or _ZOOM.fullmatch(line)


def _signed(lines: Sequence[Line]) -> dict[int, re.Match[str]]:
    """Lines of a name with a date or half of a day, if words follow them."""
    matches: dict[int, re.Match[str]] = {}
    for at, line in enumerate(lines[:-1]):
        match = _SIGNED.fullmatch(line.text) if len(line.text) < 100 and line.text[-1] in _SIGNED_ENDS else None
        name = _signer(match) if match else ""
        if match and name and (match["date"] or match["day"] or match["half2"]) and (is_name(name) or " " not in name):
            matches[at] = match
    counts = Counter(map(_signer, matches.values()))
    recurring = sum(count for count in counts.values() if count > 1)
    dated = sum(bool(match["date"]) for match in matches.values())
    return matches if recurring >= 0.5 * len(matches) or dated == len(matches) else {}


def _signer(match: re.Match[str]) -> str:
    return match["name"].strip(" \t,|–—-")


def _after(lines: Sequence[Line], asides: dict[int, str], matches: dict[int, re.Match[str]]) -> dict[int, str]:
    """Lines that continue a line without a sender."""
    more: dict[int, str] = {}
    for at in sorted(asides):
        after = at + 1
        while after < len(lines) and after not in matches:
            more[after] = asides[at]
            after += 1
    return more


def _half(match: re.Match[str]) -> str:
    """Which half of the day, as the line says it."""
    groups = match.groupdict()
    return str(groups.get("half") or groups.get("half2") or "")


def _head(line: Line, match: re.Match[str], day_first: bool | None, above: bool) -> Head | None:
    """Time and name of a message, or null for a line of the app. `above`: lines without a time are below it."""
    if match.re is _SIGNED:
        return Head(_signer(match), _time(match, day_first), ((line.start, line.end, "speaker"),), line.end)
    rest = match["rest"] or ""
    if above and line.text[0] == "[" and is_name(rest):
        return Head(rest, _time(match, day_first), ((line.start, line.end, "speaker"),), line.end)
    named = (_ZOOM_NAME if match.re is _ZOOM else _NAME).fullmatch(rest)
    if named is None or len(named["name"].split()) > 8:
        return None
    at = line.start + match.start("rest")
    stop = at + named.start("text") if named["text"] is not None else line.end
    begins = line.end - len(named["text"].lstrip()) if named["text"] else line.end
    time = _time(match, day_first)
    mark = line.start + len(line.text[: match.start("rest")].rstrip())
    label = (at, min(begins, line.start + len(line.text[: stop - line.start].rstrip())), "speaker")
    return Head(named["name"].strip(" ~\u202f\xa0"), time, ((line.start, mark, "timecode"), label), begins)


def _time(match: re.Match[str], day_first: bool | None) -> str:
    """Day and time as ISO 8601 if the order of day and month is known, else as in the line."""
    hour, half = int(match["hour"]), "".join(_half(match).lower().replace(".", "").split())
    if half in ("pm", "下午", "午後", "오후", "م") and hour < 12:
        hour += 12
    elif half in ("am", "上午", "午前", "오전", "ص") and hour == 12:
        hour = 0
    clock = f"{hour:02d}:{match['minute']}" + (f":{match['second']}" if match["second"] else "")
    if not match.groupdict().get("date"):
        return clock
    day = _iso(match["date"], day_first)
    return f"{day}T{clock}" if day else f"{match['date']} {clock}"


def _iso(date: str, day_first: bool | None) -> str:
    """A date as ISO 8601, or empty if its order is unknown."""
    first, second, third = (int(number) for number in re.findall(r"\d+", date)[:3])
    if len(re.findall(r"\d+", date)[0]) == 4:
        year, month, day = first, second, third
    elif day_first is None:
        return ""
    else:
        day, month, year = (first, second, third) if day_first else (second, first, third)
    year += 2000 if year < 100 else 0
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _day_first(dates: Sequence[str], halves: bool, configured: bool | None) -> bool | None:
    """The order of day and month: by numbers above 12, else the config, else points between them; else null."""
    pairs = [tuple(int(number) for number in re.findall(r"\d+", date)[:2]) for date in dates]
    first, second = any(left > 12 for left, _ in pairs), any(right > 12 for _, right in pairs)
    if first != second:
        return first
    if configured is not None:
        return configured
    return True if dates and all("." in date for date in dates) and not halves else None

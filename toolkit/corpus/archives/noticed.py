"""Detects a file that seems to contain several articles although its frame belongs to no known archive."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from toolkit.corpus.archives.numbered import NUMBER, numbered
from toolkit.corpus.archives.vocabulary import date_in, is_date_line, labels, words
from toolkit.corpus.cleaning.lines import Line, lines_of
from toolkit.corpus.metadata import ALIASES

_PLAIN = r"(?P<mark>[-_=*#~+.·—–─━═])[ \t]?(?:(?P=mark)[ \t]?){4,200}"
_TITLED = r"(?P<open>[-=*#~_+])(?P=open){2,40}[ \t]?[^\s].{0,150}[^\s][ \t]?(?P=open){3,40}"
_MARKED = r"<{3,}.{0,150}>{3,}|[<\[]/?(?:article|doc|document|text|story)\b[^>\]\r\n]{0,150}[>\]]"
_WORDED = (
    r"\W{0,5}(?:end of (?:article|story|text|record|item)|ende des artikels|fin de l'article|fin del artículo)\W{0,5}"
)
_RULE = re.compile(rf"(?:{_PLAIN}|{_TITLED}|{_MARKED}|{_WORDED})", re.IGNORECASE)
_GUARD = re.compile(rf"^[ \t]*{_RULE.pattern}[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HINTS = (
    *(3 * mark for mark in "-_=*#~+.·—–─━═<"), *(f"{mark} {mark}" for mark in "-_=*#~+.·—–─━═"),
    "<art", "<doc", "<text", "<story", "<ART", "<DOC", "<TEXT", "[art", "[doc", "[text", "</", "nd of ", "nde des ",
    "ND OF ", "NDE DES ", "in de l'art", "in del art", "IN DE",
)  # fmt: skip
_BARE = re.compile(r"[\[(]?\d{1,5}[ \t]?(?:/|of|von|de|di|из)[ \t]?\d{1,5}[\])]?")
_BARE_GUARD = re.compile(rf"^[ \t]*{_BARE.pattern}[ \t]*\r?$", re.MULTILINE)
_PAIR = re.compile(r"(?P<label>[^\W\d_][^:：\r\n.!?]{0,28})[ \t]*[:：][ \t]*(?P<value>\S.*)")
_TWO = r"[ \t]*[^\W\d_][^:：\r\n.!?]{0,28}[:：].*\r?\n"
_PAIRS = re.compile(rf"^{_TWO}(?:[ \t]*\r?\n)?{_TWO}", re.MULTILINE)
_ROLES = frozenset(alias for role in ("title", "source", "date", "author", "url") for alias in ALIASES[role])
LEAST_TEXT_WORDS = 15  # words of running text between two frames
LONG_RULE_CHARACTERS = 15  # characters; a longer rule between texts is no line of asterisks between scenes


def repeated_frame(text: str) -> tuple[int, str]:
    """The apparent number of articles of a text, and the line that separates them; (0, "") for a single article."""
    ruled = any(hint in text for hint in _HINTS) and _GUARD.search(text) is not None
    paired = text.count(":") + text.count("：") >= 4 and _PAIRS.search(text) is not None
    if not ruled and not paired and not numbered(text) and _BARE_GUARD.search(text) is None:
        return 0, ""
    lines = lines_of(text)
    return max(_by_number(lines), _by_rule(lines) if ruled else (0, ""), _by_labels(lines) if paired else (0, ""))


def _by_number(lines: Sequence[Line]) -> tuple[int, str]:
    """Lines that number the documents, or bare numbers (2/6, 2 of 6) with a date directly below."""
    hits = [at for at, line in enumerate(lines) if len(line.text) < 60 and NUMBER.fullmatch(line.text)]
    hits = hits or [at for at, line in enumerate(lines) if _is_bare_number(lines, at)]
    parts = _parts(lines, hits, first=False)
    return (len(parts), lines[hits[0]].text) if len(parts) > 1 else (0, "")


def _is_bare_number(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    if len(line.text) > 20 or _BARE.fullmatch(line.text) is None:
        return False
    return any(len(below.text) < 90 and date_in(below.text) for below in lines[at + 1 : at + 3])


def _by_rule(lines: Sequence[Line]) -> tuple[int, str]:
    """The same rule between texts, most of which begin with a date or labels, or a long rule."""
    forms: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        if len(line.text) < 200 and (rule := _RULE.fullmatch(line.text)) and not _underlines(lines, at):
            forms.setdefault(_form(rule), []).append(at)
    best = (0, "")
    for form, hits in forms.items():
        parts = _parts(lines, hits, first=True)
        if len(parts) < 2:
            continue
        framed = sum(any(is_date_line(line.text) or _pair(line) for line in part[:6]) for part in parts)
        dated = sum(bool(date_in(lines[at].text)) for at in hits)
        long = form == "plain" and len(lines[hits[0]].text) >= LONG_RULE_CHARACTERS
        long = long and all(len(part[0].text.split()) <= 20 for part in parts)
        if max(framed, dated) >= 0.6 * len(parts) or long or form == "marked":
            best = max(best, (len(parts), lines[hits[0]].text[:30]))
    return best


def _form(rule: re.Match[str]) -> str:
    """The kind of a rule; plain rules of different characters are different kinds."""
    if rule["mark"]:
        return "plain" if len(rule.group()) >= LONG_RULE_CHARACTERS else f"short {rule['mark']}"
    return f"titled {rule['open']}" if rule["open"] else "marked"


def _underlines(lines: Sequence[Line], at: int) -> bool:
    """Whether a rule is the underline of a heading, or a line of a table."""
    close = at > 0 and not lines[at].gap
    return close and (abs(len(lines[at - 1].text) - len(lines[at].text)) <= 2 or "|" in lines[at - 1].text)


def _parts(lines: Sequence[Line], hits: Sequence[int], first: bool) -> list[Sequence[Line]]:
    """The lines between hits if they are long enough to be a text; `first`: those before the first hit too."""
    edges = [*([-1] if first else []), *hits, len(lines)]
    parts: list[Sequence[Line]] = []
    head = -1  # start of a few words between two rules: words above a text belong to it
    for at, stop in pairwise(edges):
        start = at + 1 if head < 0 else head
        if sum(len(line.text.split()) for line in lines[start:stop]) >= LEAST_TEXT_WORDS:
            parts.append(lines[start:stop])
            head = -1
        else:
            head = start if stop > at + 1 else -1
    return parts


def _pair(line: Line) -> str:
    """The label of a line like "Published: 4 May 2023" in lower case, or nothing."""
    match = _PAIR.fullmatch(line.text) if len(line.text) < 200 else None
    if match is None or len(match["label"].split()) > 3 or len(match["value"].split()) > 14:
        return ""
    return " ".join(match["label"].split()).casefold()


def _by_labels(lines: Sequence[Line]) -> tuple[int, str]:
    """Blocks of at least two labelled lines that come again with running text between them."""
    blocks: list[tuple[tuple[str, ...], int]] = []
    between = Counter[int]()
    at = 0
    while at < len(lines):
        names: list[str] = []
        start = at
        while at < len(lines) and (name := _pair(lines[at])):
            names.append(name)
            at += 1
        if len(names) >= 2 and _describes(names, lines[start:at]):
            blocks.append((tuple(names), start))
        elif at == start:
            between[len(blocks)] += len(lines[at].text.split())
            at += 1
    texts = sum(count >= LEAST_TEXT_WORDS for number, count in between.items() if number)
    if not blocks or texts < 2:
        return 0, ""
    common = Counter(name for names, _ in blocks for name in set(names))
    shared = [name for name, count in common.items() if count >= max(2, 0.6 * len(blocks))]
    if len(shared) < 2:
        return 0, ""
    return min(len(blocks), texts), f"{lines[blocks[0][1]].text[:30]}"


def _describes(names: Sequence[str], block: Sequence[Line]) -> bool:
    """Whether labels are those of a document's metadata, not the speakers of a talk or the rows of a form."""
    known = _ROLES | labels("nexis_head").keys() | labels("records").keys() | labels("proquest").keys()
    keys = sum(name in known for name in names)
    dated = any(date_in(line.text) for line in block)
    return keys >= 2 or (keys >= 1 and dated) or (len(names) >= 3 and dated) or bool(words("cover") & set(names))

"""Finds where sentences start and end, for every stage that needs it: in English, Chinese and other languages.

A rule-based splitter: every full stop, question mark or exclamation mark is a candidate, and a few rules decide. It
never changes the text; it returns positions. It needs no language: scripts have their marks, and the abbreviations of
all languages count together (`abbreviations.toml`).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEVER = _set_of(
    "mr mrs ms dr prof sr messrs mt vs v fig figs eq eqs vol vols ed eds pp p ch e.g i.e cf viz al gen "
    "col lt sgt capt cmdr adm rep reps sen sens gov pres hon rev st art arts sec secs para approx dept "
    "est resp no nos nr jan feb mar apr jun jul aug sept sep oct nov dec tel ext op ave blvd ph.d m.a "
    "b.a"
)
"""Abbreviations (lower case, last full stop left out) that do not end a sentence when more follows on the line."""
_MAYBE = _set_of("u.s u.k u.n e.u u.s.a d.c p.r.c inc ltd co corp plc llc bros jr etc a.m p.m s.a n.v")
"""Abbreviations that end a sentence only when the next word usually starts one."""
_STARTERS = _set_of(
    "The A An In It Its He She They We I You But And However This That These Those There At On As If "
    "When While Meanwhile For From To By Since After Before Although Though Still Yet So Officials "
    "Analysts Last Next Some Many Most Both Another Such His Her Their Our What Why How Who Where Under "
    "With Now Today"
)
_CLOSERS = "\"'”’)]»】」』）》"
SENTENCE_MARKS = "。！？｡।॥۔؟։።፧፨။។៕༎᠃෴"
"""Marks that always end a sentence: Chinese, Japanese, Indic, Arabic, Armenian, Ethiopic and others."""
_CANDIDATE = re.compile(
    rf"(?:[{SENTENCE_MARKS}]+|…{{2,}})[{re.escape(_CLOSERS)}]*"  # marks and closing signs after them
    rf"|[.!?…]+(?:[{re.escape(_CLOSERS)}“‘«]|(?<=[!?….])[ \u00a0\u202f]»(?!\w))*"
    r"|(?<=[\u0370-\u03ff\u1f00-\u1fff])[;\u037e](?=\s+[\"«(“]?[\u0386-\u03ab\u1f08-\u1fff]|\s*\Z)"  # Greek: a question
    r"|(?:\r\n|\n|\r)(?:[ \t\u3000]*(?:\r\n|\n|\r))+"  # a blank line always ends a sentence
    r"|(?:\r\n|\n|\r)(?=[ \t\u3000]*"  # so does the start of a list item
    r"(?:[-*+•·‣▪◦–—]|\d{1,2}[.)、]|[（(][一二三四五六七八九十\d]{1,3}[)）])[ \t\u3000])"
)
_WORD_BEFORE = re.compile(r"[^\s(\[\"“‘'（]*\Z")
_NEXT_WORD = re.compile(r"\s*[\"“‘'(\[«]*(\w+)")
_TOP_LEVEL = _set_of("Com Org Net Gov Edu Cn Uk Eu Ai Io Co Js Py Md Txt Pdf Html")


class Abbreviations(NamedTuple):
    """Those of all languages but English together; see `abbreviations.toml`."""

    never: frozenset[str]
    number: frozenset[str]
    maybe: frozenset[str]
    starters: frozenset[str]
    ordinal: frozenset[str]


@cache
def abbreviations() -> Abbreviations:
    """The lists of the data file, joined."""
    tables = tomllib.loads(resources.files("toolkit.text").joinpath("abbreviations.toml").read_text("utf-8")).values()
    return Abbreviations(
        *(_set_of(" ".join(table.get(name, "") for table in tables)) for name in Abbreviations._fields)
    )


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of every sentence of `text`, in order: code points, blanks around sentences left out.

    Spans do not overlap and together cover every non-blank character. English abbreviations (U.S., No. 5, e.g.),
    initials, decimals, list numbers and web addresses do not end a sentence; a full stop whose blank is missing
    ("areas.China has") does. Chinese ends at 。！？ and …… with their closing quotes. A blank line or the start of
    a list item always ends a sentence; a single line break does not. Other languages:
    abbreviations (z. B., Mme., т. е.), German ordinals (am 3. Oktober), marks of other scripts (। ۔ ؟), the Greek
    question mark, quotes that close after it.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for mark in _CANDIDATE.finditer(text):
        if mark.start() >= start and _ends(text, start, mark):
            _add(spans, text, start, mark.end())
            start = mark.end()
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Append the span without the blanks around it, unless nothing is left."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if left < right:
        spans.append((start + left, start + right))


def _ends(text: str, start: int, mark: re.Match[str]) -> bool:
    """Whether the sentence that began at `start` ends at this mark."""
    first = mark.group()[0]
    if first in SENTENCE_MARKS or first in "\r\n \t\u3000":
        return not _said_goes_on(text, mark)
    if mark.group().startswith("……") or first in ";\u037e":
        return True
    after = text[mark.end() : mark.end() + 40]
    if not after.strip():
        return True
    if not after[0].isspace():
        return _blank_missing(text, mark, after)
    word = _NEXT_WORD.match(after)
    if word is None:
        return after.lstrip()[0] not in ",;:)-–—，"
    if word.group(1)[0].islower() and not "\u10d0" <= word.group(1)[0] <= "\u10ff":  # Georgian has no capitals
        return False
    return first != "." or len(mark.group().rstrip(_CLOSERS)) > 1 or _stop_ends(text, start, mark, word.group(1))


def _said_goes_on(text: str, mark: re.Match[str]) -> bool:
    """Chinese and Japanese: “好！”他说, 「不公平だ。」と話した - the quote closes and the sentence continues."""
    if mark.group()[-1] not in "”’」』":
        return False
    after = text[mark.end() : mark.end() + 10]
    if mark.group()[-1] in "」』" and re.match(r"(?:と|って|という|など|の|、)", after):
        return True
    return mark.group()[0] in "！？" and bool(re.match(r"[^\s“‘「『。！？]{1,6}(?:说|道|问|表示|称)", after))


def _blank_missing(text: str, mark: re.Match[str], after: str) -> bool:
    """A full stop glued to a capital: "areas.China has", but not Node.js, example.Com or U.S.A."""
    if "\u4e00" <= after[0] <= "\u9fff":
        return mark.group()[0] in "!?…" or text[mark.start() - 1 : mark.start()].isalpha()
    before = text[max(0, mark.start() - 2) : mark.start()]
    word = re.match(r"[A-Z][a-z]*\b", after)
    glued = word is not None and before.isalpha() and before.islower()
    return glued and word is not None and word.group() not in _TOP_LEVEL and "." not in after[len(word.group()) :][:1]


def _stop_ends(text: str, start: int, mark: re.Match[str], following: str) -> bool:
    """A full stop, a blank, then a capital or a digit: a sentence end unless the word before is an abbreviation."""
    if len(mark.group()) > 1:  # a quote or bracket closes after it
        return True
    before = _WORD_BEFORE.search(text, max(start, mark.start() - 30), mark.start())
    token = before.group() if before else ""
    bare = token.lower()
    if token.isdigit() and not text[start : mark.start() - len(token)].strip():
        return False  # the number of a list item
    if token.isdigit() and _ordinal(text[start : mark.start() - len(token)], token, following):
        return False
    if len(token) == 1 and token.isalpha():
        return _letter_ends(text, start, mark, token, following)
    if bare in ("no", "nos", "art", "sec", "fig", "figs", "p", "pp", "vol", "ch", "para", "mar", "jun", "jan", "dec"):
        if following[0].islower() or following.lower() in abbreviations().number:
            return False
        return not (following[0].isdigit() or (token[0].isupper() and bare not in ("no", "art", "para")))
    if bare in abbreviations().number and (following[0].isdigit() or following.lower() in abbreviations().number):
        return False
    if bare in _MAYBE or bare in abbreviations().maybe:
        return following in _STARTERS or (bare in abbreviations().maybe and following in abbreviations().starters)
    if bare in _NEVER or (bare in abbreviations().never and not (token.isupper() and len(set(token)) > 1)):
        return False
    return not re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", token) or following in _STARTERS


def _ordinal(before: str, number: str, following: str) -> bool:
    """Whether a number of one or two digits with its full stop is an ordinal: "am 3. Oktober", "der 2. Weltkrieg"."""
    words = before.split()
    if len(number) > 2 or not words or following in _STARTERS or following in abbreviations().starters:
        return False
    return words[-1].lower() in abbreviations().ordinal and following[0].isalpha()


def _letter_ends(text: str, start: int, mark: re.Match[str], letter: str, following: str) -> bool:
    """A single letter with a full stop: an initial, or a part of an abbreviation (z. B., u. a., т. е.)."""
    if letter.isupper():
        parted = (
            re.search(r"(?:^|[\s(])[^\W\d_]\.\s?\Z", text[max(start, mark.start() - 6) : mark.start() - 1]) is not None
        )
        lower = parted and text[mark.start() - 3 : mark.start() - 2] == "." and text[mark.start() - 4].islower()
        if lower and following not in _STARTERS | abbreviations().starters:
            return False
        return following in _STARTERS and letter != "I"
    number = text[max(start, mark.start() - 7) : mark.start() - 1].rstrip()[-1:].isdigit()
    if letter in abbreviations().number and following[0].isdigit():
        return False
    if letter == "г":
        return number  # a year, otherwise a town
    after = text[mark.end() : mark.end() + 40].lstrip()
    if len(following) == 1 and after[1:2] == ".":
        return False  # "z. B.", "т. Е."
    if letter in abbreviations().never:
        return False
    before = text[max(start, mark.start() - 4) : mark.start() - 1]
    if re.search(r"(?:^|[\s(])[^\W\d_]\.\s?\Z", before):
        return following in _STARTERS or following in abbreviations().starters
    return letter not in ("p", "v")

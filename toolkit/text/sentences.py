"""Finds where sentences start and end in English and Chinese text, for every stage that needs it.

A rule-based splitter: every full stop, question mark or exclamation mark is a candidate, and a few rules decide. It
never changes the text; it returns positions in it.
"""

from __future__ import annotations

import re


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
_CANDIDATE = re.compile(
    rf"(?:[。！？｡]+|…{{2,}}|[.!?…]+)[{re.escape(_CLOSERS)}]*"  # marks and what closes after them
    r"|(?:\r\n|\n|\r)(?:[ \t\u3000]*(?:\r\n|\n|\r))+"  # a blank line always ends a sentence
    r"|(?:\r\n|\n|\r)(?=[ \t\u3000]*"  # so does the start of a list item
    r"(?:[-*+•·‣▪◦–—]|\d{1,2}[.)、]|[（(][一二三四五六七八九十\d]{1,3}[)）])[ \t\u3000])"
)
_WORD_BEFORE = re.compile(r"[^\s(\[\"“‘'（]*\Z")
_NEXT_WORD = re.compile(r"\s*[\"“‘'(\[«]*(\w+)")
_TOP_LEVEL = _set_of("Com Org Net Gov Edu Cn Uk Eu Ai Io Co Js Py Md Txt Pdf Html")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of every sentence of `text`, in order: code points, blanks around sentences left out.

    Spans do not overlap and together cover every non-blank character. English abbreviations (U.S., No. 5, e.g.),
    initials, decimals, list numbers and web addresses do not end a sentence; a full stop whose blank is missing
    ("areas.China has") does. Chinese ends at 。！？ and …… with their closing quotes. A blank line or the start of
    a list item always ends a sentence; a single line break does not.
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
    if first in "。！？｡\r\n \t\u3000":
        return not _said_goes_on(text, mark)
    if mark.group().startswith("……"):
        return True
    after = text[mark.end() : mark.end() + 40]
    if not after.strip():
        return True
    if not after[0].isspace():
        return _blank_missing(text, mark, after)
    word = _NEXT_WORD.match(after)
    if word is None:
        return after.lstrip()[0] not in ",;:)-–—，"
    if word.group(1)[0].islower():
        return False
    return first != "." or len(mark.group().rstrip(_CLOSERS)) > 1 or _stop_ends(text, start, mark, word.group(1))


def _said_goes_on(text: str, mark: re.Match[str]) -> bool:
    """Chinese: “好！”他说 - the quote closes and its sentence goes on without a blank."""
    closed = mark.group()[-1] in "”’」』" and mark.group()[0] in "！？"
    return closed and bool(re.match(r"[^\s“‘「『。！？]{1,6}(?:说|道|问|表示|称)", text[mark.end() : mark.end() + 10]))


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
    if len(token) == 1 and token.isalpha():
        return following in _STARTERS and token != "I" if token.isupper() else bare not in ("p", "v")
    if bare in ("no", "nos", "art", "sec", "fig", "figs", "p", "pp", "vol", "ch", "para", "mar", "jun", "jan", "dec"):
        return not (following[0].isdigit() or (token[0].isupper() and bare not in ("no", "art", "para")))
    if bare in _MAYBE:
        return following in _STARTERS
    if bare in _NEVER:
        return False
    return not re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", token) or following in _STARTERS

"""Nexis and LexisNexis: numbered documents (to 2019), and Nexis Uni and Lexis+ with "End of Document"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from toolkit.corpus.archives.article import Article, Span, article_of, joined, paragraphs_of_lines, span_of
from toolkit.corpus.archives.numbered import numbered, numbering
from toolkit.corpus.archives.vocabulary import date_in, is_date_line, is_rights, labelled, labels, words
from toolkit.corpus.cleaning.lines import Line, lines_of

NAME = "Nexis"
_FRAME = re.compile(
    r"^[ \t]*(?:LENGTH|L(?:Ä|AE)NGE|LONGUEUR|LONGITUD|LUNGHEZZA|COMPRIMENTO|LENGTE|LOAD-DATE|UPDATE|PUBLICATION-TYPE|"
    r"BYLINE|DATE-CHARGEMENT|SECTION|RUBRIK|RUBRIQUE|HEADLINE|LANGUAGE|SPRACHE|LANGUE)[ \t\u00a0]?:"
    r"|^[ \t]*Copyright .{4,80}$",
    re.MULTILINE | re.IGNORECASE,
)
_END = re.compile(
    r"^[ \t]*(?:End of Document|Ende des Dokument(?:e?s)|Fin d[ue] document|Fin del documento|"
    r"Fin[ei] (?:del )?documento|Fim do documento|"
    r"Einde van (?:het )?document|Конец документа|文档结束|ドキュメントの終わり)[ \t.]*\r?$",
    re.MULTILINE | re.IGNORECASE,
)
_HEAD_LINES = 25  # lines in which the head of an article is sought

_MOST_GROUPS_ABOVE = 5  # groups of lines above the first label
_MOST_GROUPS_BELOW = 8  # groups of labels that are not known, above the text
_LABEL_LINE = re.compile(r"[A-ZÄÖÜÀ-Þ][A-ZÄÖÜÀ-Þ -]{2,30}:")
_TITLE_WORDS = 40  # words; a longer group is no title
_STRONG = re.compile(
    r"(?:LOAD-DATE|Load-Date|PUBLICATION-TYPE|Publication-Type|JOURNAL-CODE|DATE-CHARGEMENT|UPDATE-DATUM)[ \u00a0]?:"
)
Groups = list[list[Line]]


def recognised(text: str) -> bool:
    """Whether a text has the frame of an export of Nexis."""
    ended = (not text.isascii() or "ocument" in text or "okument" in text) and _END.search(text) is not None
    return (ended or numbered(text)) and _FRAME.search(text) is not None


def articles(text: str) -> list[Article]:
    """The articles of an export of either form, in order; empty if it has neither form."""
    lines = lines_of(text)
    if any(_is_end(line.text) for line in lines) and (ends := _ends(lines)):
        return _ended(text, lines, ends)
    starts = numbering(lines, lambda at: _evidence(lines, at))
    if not starts or not any(_evidence(lines, at) for at in starts):
        return []
    stops = [lines[at].start for at in starts[1:]] + [len(text)]
    begins = [0, *stops[:-1]]
    made = []
    for begin, stop, first, after in zip(begins, stops, starts, [*starts[1:], len(lines)], strict=True):
        made.append(_article(text, Span(begin, stop), lines[first + 1 : after], titled=False))
    return made


def _evidence(lines: Sequence[Line], at: int) -> int:
    """The evidence that the lines after a number are the head of an article: 2 for a date, 1 for a label."""
    dated = any(is_date_line(line.text) for line in lines[at + 1 : at + 8])
    for line in lines[at + 1 : at + _HEAD_LINES]:
        if labelled(line.text, labels("nexis_head")):
            return 1 + 2 * dated
        if labelled(line.text, labels("nexis_tail")):
            break
    return 2 * dated


def _is_end(line: str) -> bool:
    return len(line) < 40 and line.strip(" .").casefold() in words("end_of_document")


def _ends(lines: Sequence[Line]) -> list[int]:
    """Lines that end a document: they come after its last labels, or are the last of the file."""
    marks = [at for at, line in enumerate(lines) if _is_end(line.text)]
    sure = [
        at
        for at in marks
        if any(labelled(line.text, labels("nexis_tail")) or is_rights(line.text) for line in lines[max(0, at - 4) : at])
    ]
    return sure if sure else marks


def _ended(text: str, lines: Sequence[Line], ends: Sequence[int]) -> list[Article]:
    """The articles of a file in which each of them ends with "End of Document"."""
    made: list[Article] = []
    first, begin = 0, 0
    for number, end in enumerate(ends):
        stop = lines[end].end if number + 1 < len(ends) else len(text)
        part = list(lines[first:end])
        made.append(_article(text, Span(begin, stop), part[_cover(part) if number == 0 else 0 :], titled=True))
        first, begin = end + 1, stop
    return made


def _cover(lines: Sequence[Line]) -> int:
    """Index of the first line of the first article: after the page that lists the search and the documents."""
    if not any(line.text.partition(":")[0].strip().casefold() in words("cover") for line in lines[:40]):
        return 0
    for at, line in enumerate(lines):
        near = lines[at + 1 : at + 9]
        framed = any(is_rights(line.text) or labelled(line.text, labels("nexis_head")) for line in near)
        if is_date_line(line.text) and framed and at >= 2:
            title = at - 2
            while title > 0 and not lines[title].gap:
                title -= 1
            return title
    return 0


def _article(text: str, whole: Span, lines: Sequence[Line], titled: bool) -> Article:
    """One article; `titled`: its title comes first, not its source."""
    known: dict[str, str] = {}
    dated = next((at for at, line in enumerate(lines[:_HEAD_LINES]) if is_date_line(line.text)), -1)
    dated = _month(lines) if dated < 0 and titled else dated
    above = [line for line in lines[: max(dated, 0)] if not is_rights(line.text)]
    title: Sequence[Line] = []
    after = dated + 1
    if dated >= 0:
        known["date"] = date_in(lines[dated].text, month=True)
        while after < len(lines) and (_is_edition(lines, after) or is_rights(lines[after].text)):
            after += 1
    if titled:
        title = above[:-1] if len(above) > 1 else above
        known |= {"source": above[-1].text} if len(above) > 1 else {}
    elif above:
        known["source"] = above[0].text
    groups = _groups(lines[after:])
    heads, body, tails = _zones(groups, bool(title))
    spans, headline = _head(groups[:heads], known, bool(title))
    title = title or headline
    if title:
        known["title"] = joined(title)
    _tail(groups[tails:], known)
    texts = [*spans, *span_of(groups[body:tails])]
    return article_of(text, whole, [Span(line.start, line.end) for line in title], texts, known)


def _month(lines: Sequence[Line]) -> int:
    """Index of a line with only a month and a year, directly above the rights or a label; -1 if there is none."""
    for at, (line, after) in enumerate(pairwise(lines[:7])):
        framed = is_rights(after.text) or labelled(after.text, labels("nexis_head"))
        if at and framed and date_in(line.text, month=True) == line.text.strip():
            return at
    return -1


def _groups(lines: Sequence[Line]) -> Groups:
    """Paragraphs, each of which begins with a label or the word "Body" if there is one."""
    groups: Groups = []
    for paragraph in paragraphs_of_lines(lines):
        framed = _opens(paragraph[0].text)
        apart = True
        for line in paragraph:
            hit = labelled(line.text, labels("nexis_head"))
            if apart or (framed and _opens(line.text)) or _STRONG.match(line.text):
                groups.append([])
            groups[-1].append(line)
            apart = framed and (hit.key == "length" if hit else _is_body_line(line.text))
    return groups


def _opens(line: str) -> bool:
    """Whether a line belongs to the frame around the text."""
    known = labelled(line, labels("nexis_head")) or labelled(line, labels("nexis_tail"))
    return known is not None or _is_body_line(line) or line.strip(" .:").casefold() in words("tail_line")


def _is_body_line(line: str) -> bool:
    return line.strip().casefold() in words("body_line")


def _is_edition(lines: Sequence[Line], at: int) -> bool:
    """Whether a line after the date continues it: centred below it, or an edition by its word."""
    line, before = lines[at], lines[at - 1]
    if labelled(line.text, labels("nexis_head")) or len(line.text.split()) > 8:
        return False
    named = any(word.strip(".,;:()").casefold() in words("edition") for word in line.text.split())
    return named or (not line.gap and before.indent > 10 and line.indent > 10)


def _zones(groups: Groups, titled: bool) -> tuple[int, int, int]:
    """The end of the lines above the text, the start of the text, and the start of the lines below it."""
    head = labels("nexis_head")
    at = 0 if titled else min(1, len(groups))
    for first, group in enumerate(groups[:_MOST_GROUPS_ABOVE]):
        if labelled(group[0].text, head) or _is_body_line(joined(group)):
            at = first
            break
        if sum(len(line.text.split()) for line in group) > _TITLE_WORDS and not is_rights(group[0].text):
            break
    while at < len(groups) and (labelled(groups[at][0].text, head) or is_rights(groups[at][0].text)):
        hit = labelled(groups[at][0].text, head)
        at += 1
        if hit and hit.key == "body":
            break
    at = _marked_body(groups, at)
    if at < len(groups) and _is_body_line(joined(groups[at])):
        return at + 1, at + 1, _tail_start(groups, at + 1)
    return at, at, _tail_start(groups, at)


def _marked_body(groups: Groups, at: int) -> int:
    """The start of the text after lines of unknown labels, the last of which is "BODY:"."""
    for ahead in range(at, min(len(groups), at + _MOST_GROUPS_BELOW)):
        hit = labelled(groups[ahead][0].text, labels("nexis_head"))
        if hit is not None and hit.key == "body" and not hit.value and len(groups[ahead]) == 1:
            return ahead + 1
        if hit is None and not (_LABEL_LINE.match(groups[ahead][0].text) and len(joined(groups[ahead]).split()) < 40):
            break
    return at


def _tail_start(groups: Groups, body: int) -> int:
    """Index of the first group below the text: counted from the end while groups have labels."""
    tail = labels("nexis_tail")
    stop = len(groups)
    at = stop - 1
    missed = 0
    while at >= body and missed <= 2:
        first = groups[at][0].text
        if labelled(first, tail) or is_rights(first) or first.strip(" .:").casefold() in words("tail_line"):
            stop, missed = at, 0
        else:
            missed += 1 if stop < len(groups) else 3
        at -= 1
    return stop


def _head(groups: Groups, known: dict[str, str], titled: bool) -> tuple[list[Span], list[Line]]:
    """Metadata of the lines above the text; text on the line of the label "BODY:", and the headline."""
    headline: list[Line] = []
    spans: list[Span] = []
    for number, group in enumerate(groups):
        key = ""
        for line in group:
            hit = labelled(line.text, labels("nexis_head"))
            if hit is None and not key:
                if not titled and number == 0 and not is_rights(line.text):
                    headline.append(line)
                continue
            value = hit.value if hit else line.text
            key = hit.key if hit else key
            if key == "title":
                start = line.start + (hit.offset if hit else 0)
                headline = [*(headline if hit is None else []), line._replace(start=start, text=value)]
            elif key == "body" and value:
                spans.append(Span(line.start + (hit.offset if hit else 0), line.end))
            elif key not in ("frame", "body"):
                known[key] = f"{known[key]} {value}" if hit is None and key in known else known.get(key, value)
    return spans, [line for line in headline if line.text]


def _tail(groups: Groups, known: dict[str, str]) -> None:
    """Metadata of the lines below the text."""
    for group in groups:
        for line in group:
            hit = labelled(line.text, labels("nexis_tail"))
            if hit is not None and hit.key != "frame" and hit.value:
                known.setdefault(hit.key, hit.value)

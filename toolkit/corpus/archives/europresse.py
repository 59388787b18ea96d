"""Europresse as text (RTF, Word, copied): articles that end with their number in the archive."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.corpus.archives.article import Article, Span, article_of, joined
from toolkit.corpus.archives.factiva import is_name
from toolkit.corpus.archives.vocabulary import date_in, is_rights
from toolkit.corpus.cleaning.lines import Line, lines_of

NAME = "Europresse"
_NUMBER = re.compile(r"[a-z]{2,12}[·•](?:19|20)\d{6}[·•][A-Z0-9]{1,8}[·•]\S{1,60}")
_GUARD = re.compile(rf"^[ \t]*{_NUMBER.pattern}[ \t]*\r?$", re.MULTILINE)
_ISSUE = re.compile(r",? n[o°º]\.?\s*(?P<issue>\d[\w-]*)\s*\Z")
_PAGES = re.compile(r",? pp?\.\s?(?P<pages>[\w-]+(?:[,;]\s?\d[\w-]*)*)")
_LENGTH = re.compile(r"\d{1,3}(?:[ .,\u00a0\u202f]?\d{3})*\s?(?:mots|words|palabras|Wörter)\b")
_DATE_LINES = 6
"""Lines in which the date of an article is sought."""


def recognised(text: str) -> bool:
    """Whether a line of a text is a number of the archive."""
    return ("·" in text or "•" in text) and _GUARD.search(text) is not None


def articles(text: str) -> list[Article]:
    """The articles in order; empty if the lines above them are not a head of this archive."""
    lines = lines_of(text)
    ends = [at for at, line in enumerate(lines) if _NUMBER.fullmatch(line.text)]
    made: list[Article] = []
    first, begin = 0, 0
    for number, end in enumerate(ends):
        stop = lines[end].end if number + 1 < len(ends) else len(text)
        article = _article(text, Span(begin, stop), lines[first : end + 1])
        if article is not None:
            made.append(article)
            first, begin = end + 1, stop
    return made


def _article(text: str, whole: Span, lines: Sequence[Line]) -> Article | None:
    """The source, a line with section, date and pages, the title, at most one line of the author, the text."""
    lines = [line for line in lines if not is_rights(line.text)]
    dated = next((at for at, line in enumerate(lines[1:_DATE_LINES], start=1) if date_in(line.text)), 0)
    if not dated or len(lines) < dated + 4:
        return None
    known = {"accession": lines[-1].text, **_heads(lines[0].text, lines[dated].text)}
    at = dated + 2
    while at < len(lines) - 1 and not lines[at].gap:
        at += 1
    title = lines[dated + 1 : at]
    known["title"] = joined(title)
    if at < len(lines) - 2 and len(lines[at].text.split()) <= 6 and is_name(lines[at].text):
        known["author"] = lines[at].text
        at += 1
    rest = lines[at:-1]
    body = [Span(rest[0].start, rest[-1].end)] if rest else []
    return article_of(text, whole, [Span(line.start, line.end) for line in title], body, known)


def _heads(source: str, row: str) -> dict[str, str]:
    """Metadata from the line of the source and the line of the date."""
    date = date_in(row)
    known = {"date": date, "source": _ISSUE.sub("", source)}
    if issue := _ISSUE.search(source):
        known["issue"] = issue["issue"]
    rest = row.replace(date, ";", 1)
    for key, pattern in (("pages", _PAGES), ("length", _LENGTH)):
        if match := pattern.search(rest):
            known[key] = match["pages"] if key == "pages" else match.group()
    section = re.split(r"[,;]", row)[0].strip()
    if section and not re.search(r"\d", section):
        known["section"] = section
    return known

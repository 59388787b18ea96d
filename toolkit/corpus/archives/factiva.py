"""Factiva as text (RTF, Word, copied): articles that end with their accession number, and fields with letter codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from toolkit.corpus.archives.article import Article, Span, article_of, joined, united
from toolkit.corpus.archives.vocabulary import date_in, is_date_line, is_rights, word_count, words
from toolkit.corpus.cleaning.lines import Line, lines_of

NAME = "Factiva"
ACCESSION = re.compile(
    r"(?:(?:Document|Dokument|Documento|Документ|Documentnr\.?|文件|文書|文档|ドキュメント|문서)[ \t\u00a0]+)?"
    r"(?P<id>[A-Z][A-Z0-9]{3,6}0{2,}[A-Za-z0-9]{9,22})"
)
_GUARD = re.compile(rf"^[ \t]*(?:AN[ \t|:]+)?{ACCESSION.pattern}[ \t]*\|?\r?$", re.MULTILINE)
CODES: Mapping[str, str] = {
    "HD": "title", "BY": "author", "WC": "length", "PD": "date", "SN": "source", "SE": "section", "CLM": "column",
    "SC": "source_code", "ED": "edition", "PG": "pages", "LA": "language_given", "VOL": "volume", "CR": "credit",
    "AN": "accession", "LP": "body", "TD": "body", "CY": "", "ET": "", "CT": "", "RF": "", "ART": "", "CO": "",
    "IN": "", "NS": "", "RE": "", "IPC": "", "IPD": "", "PUB": "", "IS": "issue", "DLN": "", "CX": "",
}  # fmt: skip
"""Meanings of Factiva's field codes; those without a key are omitted."""
_CODE = re.compile(
    r"(?P<code>[A-Z]{2,3})(?:[ \t]*[|\t:][ \t]*|[ \t]{2,}|[ \t]+|[ \t]*\Z)(?P<value>.*?)[ \t|]*", re.DOTALL
)
_TIME = re.compile(r"\d{1,2}[:.]\d\d(?::\d\d)?(?: ?[AP]M)?(?: \w{2,4})?", re.IGNORECASE)
LONGEST_SECTION = 40
"""Characters of a section right above a title; a line of a wrapped title is longer."""
_SUBJECTS = re.compile(r"[\w/-]{1,12} : \S|[A-Z]{2,6}/\d{2}")
_CASED = re.compile(r"[a-zA-Zα-ωΑ-Ωа-яА-Я]")
_HAN_NAME = re.compile(r"(?:本报|本報)?(?:记者|記者)?[ :：]?[^\W\d_]{1,4}(?:[ 、,，][^\W\d_]{1,4}){0,3}")
_SOURCE_CODE = re.compile(r"[A-Z][A-Z0-9]{1,8}")
_PAGE = re.compile(r"[A-Z]{0,3}\d{1,4}(?:[-,; /]+[A-Z]{0,3}\d{1,4})*|[A-Z]\d{0,3}", re.IGNORECASE)


def recognised(text: str) -> bool:
    """Whether a text has a line with one of Factiva's accession numbers."""
    return ("0002" in text or "0001" in text) and _GUARD.search(text) is not None


def articles(text: str) -> list[Article]:
    """The articles in order; empty if the lines above the accession numbers are not a frame of Factiva's."""
    lines = lines_of(text)
    coded = any(_code(line, "HD") is not None for line in lines)
    ends = [at for at, line in enumerate(lines) if _ends(lines, at, coded)]
    made: list[Article] = []
    first, begin = 0, 0
    for number, end in enumerate(ends):
        stop = lines[end].end if number + 1 < len(ends) else len(text)
        part = lines[first : end + 1]
        article = _coded(text, Span(begin, stop), part) if coded else _plain(text, Span(begin, stop), part)
        if article is None:
            continue
        made.append(article)
        first, begin = end + 1, stop
    return made


def _ends(lines: Sequence[Line], at: int, coded: bool) -> bool:
    """Whether a line is the accession number that ends an article."""
    value: str | None = lines[at].text
    if coded and not (at and lines[at - 1].text.strip(" |") == "AN"):
        value = _code(lines[at], "AN")
    return value is not None and len(value) < 60 and ACCESSION.fullmatch(value.strip(" |")) is not None


def _code(line: Line, wanted: str = "") -> str | None:
    """The value after a field code at the begin of a line, or null."""
    match = _CODE.fullmatch(line.text)
    if match is None or match["code"] not in CODES or (wanted and match["code"] != wanted):
        return None
    return match["value"]


def _coded(text: str, whole: Span, lines: Sequence[Line]) -> Article | None:
    """An article whose fields begin with codes: HD, BY, WC, PD, …, LP, TD, …, AN."""
    known: dict[str, str] = {}
    title: list[Line] = []
    body: list[Span] = []
    code, late = "", False
    for line in lines:
        match = _CODE.fullmatch(line.text)
        fresh = match is not None and (
            _opens(line.text, match["code"], code, late) or _fits(match["code"], match["value"], code, late)
        )
        if fresh and match is not None:
            code, value = match["code"], match["value"]
            start = line.start + match.start("value")
        else:
            value, start = line.text.strip(" |\t"), line.start + len(line.text) - len(line.text.lstrip(" |\t"))
        late = late or code in ("LP", "TD")
        key = CODES.get(code, "")
        if key == "title":
            title.append(line._replace(start=start, text=value))
        elif key == "body":
            body.append(Span(start, start + len(value)))
        elif key and value:
            known[key] = f"{known[key]} {value}" if key in known and not fresh else known.get(key, value)
    if not title:
        return None
    known["title"] = joined(line for line in title if line.text)
    known["date"] = date_in(known.get("date", ""), month=True) or known.get("date", "")
    known["accession"] = ACCESSION.sub(r"\g<id>", known.get("accession", ""))
    spans = [Span(line.start, line.start + len(line.text)) for line in title if line.text]
    return article_of(text, whole, spans, united(text, body), known)


def _opens(line: str, code: str, before: str, late: bool) -> bool:
    """Whether a code opens a field here: in the text only those that come after it, set off by more than a blank."""
    if code not in CODES:
        return False
    set_off = line == code or bool(re.match(rf"{code}(?:[ \t]*[|\t]|[ \t]{{2,}})", line))
    if before in ("LP", "TD"):
        return (code in ("TD", "LP") or CODES[code] in ("", "accession", "credit", "issue")) and set_off
    return set_off or (not late and before != "HD" and code not in ("IN", "CO", "RE", "NS", "IS"))


def _fits(code: str, value: str, before: str, late: bool) -> bool:
    """Whether a code with a single blank after it opens a field above or below the text: its value is of its kind."""
    if late:
        kind = _SUBJECTS.match(value) is not None or ACCESSION.fullmatch(value) is not None
        return CODES.get(code) in ("", "accession") and (kind or (code == "PUB" and before not in ("LP", "TD")))
    return before == "HD" and (
        (code == "WC" and word_count(value))
        or (code == "PD" and is_date_line(value))
        or (code in ("BY", "CR") and is_name(value))
    )


def _plain(text: str, whole: Span, lines: Sequence[Line]) -> Article | None:
    """An article without codes: headline, author, number of words, date, source, …, rights, text, accession number."""
    counted = next((at for at, line in enumerate(lines[:30]) if word_count(line.text)), -1)
    if counted < 0:
        return None
    rights = next((at for at in range(counted, min(len(lines), counted + 14)) if is_rights(lines[at].text)), -1)
    last = rights if rights >= 0 else _last_row(lines, counted)
    known = rows([line.text for line in lines[counted : last + 1]])
    above = [
        line for line in lines[:counted] if line.text.casefold() not in ("factiva", "dow jones factiva", "dow jones")
    ]
    if len(above) > 1 and is_name(above[-1].text) and not _is_titled_section(above):
        known["author"] = above[-1].text
        above = above[:-1]
    alone = len(above) > 1 and (above[1].gap or len(above[0].text) < min(LONGEST_SECTION, len(above[1].text)))
    if alone and len(above[0].text.split()) <= 3:
        known["section"] = above[0].text
        above = above[1:]
    if above:
        known["title"] = joined(above)
    known["accession"] = ACCESSION.sub(r"\g<id>", lines[-1].text)
    body = [Span(lines[last + 1].start, lines[-2].end)] if last + 1 < len(lines) - 1 else []
    return article_of(text, whole, [Span(line.start, line.end) for line in above], body, known)


def _is_titled_section(above: Sequence[Line]) -> bool:
    """Whether two lines are a section and a title in capitals ("U.S. News", "Bank Raises Rates Again"), no author."""
    first, second = (line.text.split() for line in above[:2])
    return len(above) == 2 and len(first) <= 3 and len(second) > 3 and second[0].casefold() not in words("by")


def _last_row(lines: Sequence[Line], counted: int) -> int:
    """The last of the short lines of metadata if no line of rights ends them."""
    at = counted
    while at + 1 < min(len(lines), counted + 10) and len(lines[at + 1].text.split()) <= 6:
        at += 1
    return at


def is_name(line: str) -> bool:
    """Whether a line may be the author's: short, no sentence, begins with a capital."""
    return (
        _HAN_NAME.fullmatch(line) is not None
        if not _CASED.search(line)
        else len(line.split()) <= 8
        and not re.search(r"[?!:.…]\Z", line)
        and not re.search(r"\d", line)
        and _capitals(line)
    )


def _capitals(line: str) -> bool:
    every = [word for word in re.split(r"[\s,;&/-]+", line) if word and word[0].isalpha()]
    parts = [word for word in every if len(word) > 3] or (every if len(every) > 1 else [])
    return bool(parts) and (sum(word[0].isupper() or not word[0].islower() for word in parts) >= 0.8 * len(parts))


def rows(values: Sequence[str]) -> dict[str, str]:
    """Metadata of the rows from the number of words to the rights, each recognised by its form and place."""
    known: dict[str, str] = {}
    for value in values:
        low = value.strip().casefold()
        if not low or _TIME.fullmatch(value.strip()):
            continue
        if word_count(value) and "length" not in known:
            known["length"] = value
        elif "date" not in known and is_date_line(value):
            known["date"] = date_in(value)
        elif is_rights(value):
            known["rights"] = value
        elif low in words("languages"):
            known["language_given"] = value
        elif "date" in known and "source" not in known:
            known["source"] = value
        elif "source" in known and "source_code" not in known and _SOURCE_CODE.fullmatch(value.strip()):
            known["source_code"] = value
        elif "source_code" in known and "pages" not in known and _PAGE.fullmatch(value.strip()):
            known["pages"] = value
        elif "source_code" in known and "edition" not in known:
            known["edition"] = value
    known.pop("rights", None)
    return known

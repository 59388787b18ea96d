"""References with abstracts in BibTeX, and in the XML of EndNote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.corpus.archives.article import NO_TEXT, Article, parted
from toolkit.corpus.extract import Extract
from toolkit.corpus.source import Kind, Unreadable

_ENTRY = re.compile(r"@\s*(?P<type>[A-Za-z]+)\s*[{(]\s*(?P<key>[^,\s{}\"]*)\s*,")
_NO_ENTRY = ("comment", "preamble", "string")
_MACRO = re.compile(r"@string\s*[{(]\s*(\w+)\s*=\s*[\"{]([^\"{}]*)[\"}]", re.IGNORECASE)
_FIELD = re.compile(r"\s*,?\s*(?P<name>[\w.:+/-]+)\s*=\s*")
_BIBTEX = {
    "title": "title", "abstract": "body", "journal": "source", "journaltitle": "source", "booktitle": "source",
    "date": "date", "year": "date", "author": "author", "url": "url", "language": "language_given", "volume": "volume",
    "number": "issue", "pages": "pages", "doi": "doi",
}  # fmt: skip
_ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "H": "\u030b", "u": "\u0306", "r": "\u030a", "k": "\u0328", "d": "\u0323",
}  # fmt: skip
_ACCENT = re.compile(
    r"\\(?:(?P<mark>[\"'`^~=.])|(?P<word>[cvHurkd])(?=[{ ]))\s*(?:\{\s*\\?(?P<one>[A-Za-z])\s*\}|\\?(?P<two>[A-Za-z]))"
)
_LETTERS = {
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "i": "ı",
}
_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i)(?![A-Za-z])\s*(?:\{\})?")


def bibtex_articles(text: str) -> list[Article]:
    """The entries of a BibTeX file: the abstract is the text, the title its heading."""
    made = []
    macros = {match[1].lower(): match[2] for match in _MACRO.finditer(text)}
    place = 0
    while match := _ENTRY.search(text, place):
        place = match.end()
        if match["type"].lower() in _NO_ENTRY:
            continue
        fields: dict[str, str] = {}
        for name, value, place in _fields(text, match.end(), macros):  # noqa: B007 - the place after the last field
            fields.setdefault(name.lower(), plain_latex(value))
        fields |= {"month": fields["month"].strip().title()} if fields.get("month") else {}
        made.append(_record(fields, {"record_type": match["type"].lower(), "key": match["key"]}, _BIBTEX))
    return made


def _fields(text: str, place: int, macros: Mapping[str, str]) -> Iterator[tuple[str, str, int]]:
    """Name, value and end of each field of an entry."""
    while match := _FIELD.match(text, place):
        parts = []
        place = match.end()
        while place < len(text):
            bare = text[place] not in '{"'
            value, place = _value(text, place)
            parts.append(macros.get(value.lower(), value) if bare else value)
            follows = re.compile(r"\s*#\s*").match(text, place)
            if follows is None:
                break
            place = follows.end()
        yield match["name"], "".join(parts), place


def _value(text: str, place: int) -> tuple[str, int]:
    """A value in braces or quotes, a number or a word, and its end."""
    if text[place] not in '{"':
        bare = re.compile(r"[^\s,#}]*").match(text, place)
        assert bare is not None  # it may be empty
        return bare.group(), max(bare.end(), place + (not bare.group()))
    depth, at = 0, place
    quoted = text[place] == '"'
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0 and not quoted:
                break
        elif char == '"' and quoted and depth == 0 and at > place:
            break
        at += 1
    return text[place + 1 : at], min(at + 1, len(text))


def plain_latex(value: str) -> str:
    """A value without LaTeX's marks: accents composed, braces and style commands removed."""
    if "\\" in value:
        value = _ACCENT.sub(_accented, value)
        value = _LETTER.sub(lambda match: _LETTERS[match[1]], value)
        value = re.sub(r"\\(?:em|it|bf|sc|rm|tt|par)(?![A-Za-z])\s*", "", value)
        value = re.sub(r"\\(?:emph|textit|textbf|textsc|text|mathrm|url|href)\s*(?=\{)", "", value)
        value = re.sub(r"\\([&%$#_{}])", r"\1", value)
    return re.sub(r"(?<!-)---?(?!-)", "–", value.replace("{", "").replace("}", "").replace("~", " ")).strip()


def _accented(match: re.Match[str]) -> str:
    mark = _ACCENTS[match["mark"] or match["word"]]
    return unicodedata.normalize("NFC", (match["one"] or match["two"]) + mark)


def endnote_articles(root: Any) -> list[Article]:
    """The records of EndNote's XML. Raises Unreadable if it has none."""
    records = list(root.iter("record"))
    if not records or root.tag not in ("xml", "records", "record"):
        raise Unreadable("XML that is no export of EndNote; save its text as .txt or .html")
    return [_endnote(record) for record in records]


def _endnote(record: Any) -> Article:
    places = {
        "title": "titles/title", "source": "titles/secondary-title", "body": "abstract", "year": "dates/year",
        "url": "urls/related-urls/url", "language_given": "language", "volume": "volume", "issue": "number",
        "pages": "pages", "doi": "electronic-resource-num",
    }  # fmt: skip
    fields = {name: _content(record.find(path)) for name, path in places.items()}
    fields["author"] = "; ".join(
        filter(None, (_content(author) for author in record.findall("contributors/authors/author")))
    )
    periodical = _content(record.find("periodical/full-title"))
    day = _content(record.find("dates/pub-dates/date"))
    fields["source"] = periodical or fields["source"]
    fields["date"] = (
        f"{day} {fields['year']}" if day and fields["year"] and fields["year"] not in day else day or fields["year"]
    )
    kind = record.find("ref-type")
    names = {name: name for name in (*places, "author", "date") if name != "year"}
    known = {"record_type": kind.get("name", "") if kind is not None else ""}
    return _record({name: value for name, value in fields.items() if value and name != "year"}, known, names)


def _content(element: Any) -> str:
    return "" if element is None else "".join(element.itertext()).strip()


def _record(fields: Mapping[str, str], known: dict[str, str], keys: Mapping[str, str]) -> Article:
    """A record as a document: title, abstract, and all other values as metadata below them."""
    out = Extract()
    named: dict[str, str] = dict(known)
    for wanted in ("title", "body"):
        value = next((value for name, value in fields.items() if keys.get(name) == wanted and value), "")
        kind: Kind = "heading" if wanted == "title" else "text"
        out.add(value, kind)
        named |= {"title": value} if wanted == "title" else {}
    for name, value in fields.items():
        key = keys.get(name, "")
        if key in ("title", "body") or not value:
            continue
        out.add(f"{name}: {value}", "metadata", close=bool(out.blocks) and out.blocks[-1].kind == "metadata")
        if key:
            named.setdefault(key, value)
    month = fields.get("month", "")
    if re.fullmatch(r"[A-Za-z]{3,9}", month) and re.fullmatch(r"\d{4}", named.get("date", "")):
        named["date"] = f"{month} {named['date']}"
    meta, rest = parted(named)
    notes = () if any(block.kind == "text" for block in out.blocks) else (NO_TEXT,)
    return Article(out.text, tuple(out.blocks), meta, rest, (*out.notes, *notes))

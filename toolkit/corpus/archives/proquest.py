"""ProQuest: articles between long rules or numbered lines, each a list of labelled paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from toolkit.corpus.archives.article import Article, Span, article_of, joined
from toolkit.corpus.archives.numbered import NUMBER, numbering
from toolkit.corpus.archives.vocabulary import Labelled, date_in, labelled, labels
from toolkit.corpus.cleaning.lines import Line, lines_of

NAME = "ProQuest"
_RULE = re.compile(r"_{20,}|-{40,}|={40,}|\*{40,}")
_NEEDED = re.compile(
    r"^[ \t]*(?:ProQuest[- ]?(?:document|Dokument)[- ]?ID|ProQuest ID|ID del documento de ProQuest|"
    r"(?:ID|Identifiant) d[eu] document ProQuest|ID do documento (?:do )?ProQuest|"
    r"(?:Document URL|Dokument-URL|URL d[eu] document|URL del documento|URL do documento))[ \t\u00a0]?:",
    re.MULTILINE | re.IGNORECASE,
)
_LINK = re.compile(r"(?:\w+ ){0,4}[\w-]*ProQuest\b[\w -]*", re.IGNORECASE)
_NONE = re.compile(
    r"(?:none|not|nicht|non|no|aucun\w*|keine?\w*)\b.{0,25}(?:available|verfügbar|disponib\w+|disponív\w+)?\.?",
    re.IGNORECASE,
)
_INFO = re.compile(r"(?P<source>[^;:\[]+?)\s*[;,\[]")
_INFO_PAGES = re.compile(r"(?:19|20)\d\d:\s*(?P<pages>[A-Z]{0,3}[.-]?\d[\w-]*(?:\.\d+)?)\s*\.?\Z")
_LAST = ("accession", "url", "date", "source")
_HEADS = ("title", "title_alternate", "author", "info", "abstract", "body")


def recognised(text: str) -> bool:
    """Whether a text has the labels of an export of ProQuest."""
    return "proquest" in text[:200_000].casefold() and _NEEDED.search(text) is not None


def articles(text: str) -> list[Article]:
    """The articles in order; text before the first and after the last is their metadata."""
    lines = lines_of(text)
    starts = numbering(lines, lambda at: _evidence(lines, at)) or [-1]
    rules = [at for at, line in enumerate(lines) if _RULE.fullmatch(line.text)]
    if starts == [-1] or not _needed(lines, starts):
        starts = _between_rules(lines, rules)
    if not starts:
        return []
    stops = [*starts[1:], len(lines)]
    made, begin = [], 0
    for at, stop in zip(starts, stops, strict=True):
        labels_end = max((line for line in range(at + 1, stop) if _label(lines[line]) in _LAST), default=stop)
        last = next((rule for rule in rules if labels_end < rule < stop), stop)
        end = lines[stop].start if stop < len(lines) else len(text)
        made.append(_article(text, Span(begin, end), lines[at + 1 : last]))
        begin = end
    return made


def _evidence(lines: Sequence[Line], at: int) -> int:
    """The evidence that a number begins an article: 2 below a rule, 1 above labels."""
    if at and _RULE.fullmatch(lines[at - 1].text):
        return 2
    return int(any(_label(line) for line in lines[at + 1 : at + 6]))


def _hit(line: Line) -> Labelled | None:
    """The label of a line: before a colon, or in capitals on its own line; a link to the archive is a label, too."""
    text = line.text
    if len(text) < 60 and text.isupper() and (key := labels("proquest").get(text.casefold())):
        return Labelled(key, "", len(text))
    if len(text) < 60 and _LINK.fullmatch(text):
        return Labelled("frame", "", len(text))
    return labelled(text, labels("proquest"))


def _label(line: Line) -> str:
    hit = _hit(line)
    return hit.key if hit else ""


def _needed(lines: Sequence[Line], starts: Sequence[int]) -> bool:
    """Whether most of the parts have labels."""
    stops = [*starts[1:], len(lines)]
    full = sum(sum(bool(_label(line)) for line in lines[at:stop]) >= 2 for at, stop in zip(starts, stops, strict=True))
    return full >= 0.5 * len(starts)


def _between_rules(lines: Sequence[Line], rules: Sequence[int]) -> list[int]:
    """The rules (or -1 for the begin of the text) after which an article comes."""
    edges = [-1, *rules, len(lines)]
    starts: list[int] = []
    closed = True  # a rule before the last labels of an article is one in its text
    for at, stop in pairwise(edges):
        keys = {_label(line) for line in lines[at + 1 : stop]}
        if closed and len(keys & {"source", "date", "body", "abstract", "accession", "author", "info", "url"}) < 2:
            continue
        if closed:
            starts.append(at)
        closed = bool(keys & {"accession", "url"}) or keys >= {"source", "date"}
    return starts


def _article(text: str, whole: Span, lines: Sequence[Line]) -> Article:
    """One article: its title, the labelled paragraphs, the full text (else the abstract)."""
    known: dict[str, str] = {}
    texts: dict[str, list[Span]] = {}
    title: list[Line] = []
    rest = [line for line in lines if not _RULE.fullmatch(line.text) and not NUMBER.fullmatch(line.text)]
    first = next((at for at, line in enumerate(rest) if _label(line)), len(rest))
    title = list(rest[: min(first, 3)])
    bottom = _bottom(rest)
    key = ""
    for at, line in enumerate(rest[first:], start=first):
        hit = _hit(line)
        inside = key == "body" and at < bottom
        if hit is not None and not inside:
            key = hit.key
            if key in ("body", "abstract"):
                texts.setdefault(key, []).append(Span(line.start + hit.offset, line.end))
            elif hit.value:
                known.setdefault(key, hit.value)
            if key == "title" and not title:
                title = [line._replace(start=line.start + hit.offset, text=hit.value)]
        elif key in ("body", "abstract") and key in texts:
            texts[key][-1] = Span(texts[key][-1].start, line.end)
        elif key and not line.gap and key in known:
            known[key] = f"{known[key]} {line.text}"
    return article_of(
        text, whole, [Span(line.start, line.end) for line in title], _body(text, texts), _known(known, title)
    )


def _bottom(lines: Sequence[Line]) -> int:
    """Index of the first labelled line that ends an article: the text above may quote such labels."""
    at = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        key = _label(lines[index])
        if key and key not in _HEADS[2:]:
            at = index
        elif lines[index].gap or key:
            break
    return at


def _body(text: str, texts: dict[str, list[Span]]) -> list[Span]:
    """The full text, else the abstract."""
    for key in ("body", "abstract"):
        spans = [span for span in texts.get(key, []) if span.start < span.end]
        spans = [span for span in spans if not _NONE.fullmatch(text[span.start : span.end].strip())]
        if spans:
            return spans
    return []


def _known(known: dict[str, str], title: Sequence[Line]) -> dict[str, str]:
    """Metadata with the source and the date as plain values."""
    info = known.pop("info", "")
    name = known.get("source", "") or (match["source"] if (match := _INFO.match(info)) else "")
    parts = [part.strip() for part in name.split(";", 1)]
    date = date_in(known.get("date", ""), month=True) or known.get("date", "") or date_in(info, month=True)
    fields = {key: value for key, value in known.items() if key not in ("frame", "source", "date", "title")}
    if title:
        fields["title"] = joined(title)
    if parts[0]:
        fields["source"] = parts[0]
    if len(parts) > 1 and parts[1]:
        fields.setdefault("place", parts[1])
    if date:
        fields["date"] = date
    if pages := _INFO_PAGES.search(info):
        fields.setdefault("pages", pages["pages"].replace(".", ""))
    return fields

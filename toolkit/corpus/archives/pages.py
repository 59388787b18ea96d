"""HTML exports whose markup classifies each line: Factiva and Europresse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from toolkit.corpus.archives.article import NO_TEXT, Article, parted
from toolkit.corpus.archives.factiva import ACCESSION, CODES, rows
from toolkit.corpus.archives.vocabulary import date_in, is_rights, word_count
from toolkit.corpus.extract import Extract
from toolkit.corpus.source import Kind
from toolkit.corpus.words import word_set

_FACTIVA = re.compile(
    r"class\s*=\s*[\"']?[^\"'>]*\barticle\s+\w{2,5}Article\b|class\s*=\s*[\"'][^\"'>]*\w{2}articleParagraph",
    re.IGNORECASE,
)
_EUROPRESSE = re.compile(r"\b(?:DocPublicationName|titreArticleVisu|docOcurrContainer)\b")
_BLOCKS = word_set(
    "address article aside blockquote center dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li ol p pre section "
    "small table tbody td th tr ul"
)
_PARTS = re.compile(r"DocPublicationName|DocHeader|DocTitreSousSection|titreArticle|docAuthors|\w{2}Headline")
_UNSEEN = frozenset(("script", "style", "noscript", "template", "title", "head"))
_COUNT = re.compile(r"(?<![\d:])\d{1,3}(?:[ \u00a0\u202f.,]?\d{3})*\s?(?:mots|words|palabras|Wörter)\b", re.IGNORECASE)
_PAGES = re.compile(r"\bpp?\.\s?(?P<pages>[\w-]+(?:[,;]\s?\d[\w-]*)*)")


class _Leaf(NamedTuple):
    """A run of text that no other block is inside of, with the elements around it, the nearest first."""

    text: str
    around: tuple[Any, ...]

    def inside(self, name: str) -> bool:
        """Whether it is in an element with a class or id that contains a name."""
        return any(name in f" {element.get('class', '')} {element.get('id', '')} " for element in self.around)


Pieces = list[tuple[str, Kind]]


def recognised(page: str) -> str:
    """The name of the archive whose markup a page has, or empty."""
    if _FACTIVA.search(page):
        return "Factiva"
    return "Europresse" if _EUROPRESSE.search(page) else ""


def articles(page: str) -> list[Article]:
    """The articles of a page of Factiva or Europresse, in order."""
    from lxml import etree, html

    name = recognised(page)
    try:
        root = html.document_fromstring(
            page.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8", huge_tree=True)
        )
    except (etree.ParserError, ValueError):
        return []
    read: Callable[[Sequence[_Leaf]], Article | None] = _factiva if name == "Factiva" else _europresse
    chosen = (
        _articles(root)
        if name == "Factiva"
        else [element for element in root.iter("article") if _EUROPRESSE.search(_marks(element))]
    )
    try:
        made = [read(list(_leaves(element))) for element in chosen]
    except RecursionError:  # nested without end: no export looks like that
        return []
    return [article for article in made if article is not None]


def _articles(root: Any) -> list[Any]:
    """The elements of Factiva's articles, none nested in another."""
    chosen: list[Any] = []
    for element in root.iter("div", "article", "section"):
        names = (element.get("class") or "").split()
        if "article" in names and any(re.fullmatch(r"\w{2,5}Article", name) for name in names):
            chosen.append(element)
    inner = set(chosen)
    return [element for element in chosen if not any(above in inner for above in element.iterancestors())]


def _marks(element: Any) -> str:
    return " ".join(str(part.get("class") or "") for part in element.iter() if isinstance(part.tag, str))


def _leaves(element: Any) -> Iterator[_Leaf]:
    """The runs of visible text of an element in order."""
    buffer: list[str] = []
    owner: list[tuple[Any, ...]] = [()]

    def flush() -> Iterator[_Leaf]:
        text = re.sub(r"[ \t\r\f\v]*\n[ \t\r\f\v]*", "\n", "".join(buffer)).strip()
        buffer.clear()
        if text:
            yield _Leaf(text, owner[0])

    def walk(node: Any, around: tuple[Any, ...]) -> Iterator[_Leaf]:
        if not isinstance(node.tag, str) or node.tag in _UNSEEN:
            return
        block = node.tag in _BLOCKS or (node.tag == "span" and bool(_PARTS.search(node.get("class") or "")))
        if block:
            yield from flush()
        here = (node, *around)
        if node.tag == "br":
            buffer.append("\n")
        yield from add(node.text, here, node.tag == "pre")
        for child in node:
            yield from walk(child, here)
            yield from add(child.tail, here, node.tag == "pre")
        if block:
            yield from flush()

    def add(text: str | None, around: tuple[Any, ...], kept: bool) -> Iterator[_Leaf]:
        if text:
            if not "".join(buffer).strip():
                owner[0] = around
            buffer.append(text if kept else re.sub(r"\s+", " ", text))
        yield from ()

    yield from walk(element, ())


def _article(pieces: Pieces, known: dict[str, str]) -> Article | None:
    """The pieces of an article put together."""
    out = Extract()
    for text, kind in pieces:
        out.add(text, kind, close=kind == "metadata" and bool(out.blocks) and out.blocks[-1].kind == "metadata")
    if not out.blocks:
        return None
    meta, fields = parted(known)
    body = any(block.kind not in ("metadata", "heading") for block in out.blocks)
    return Article(out.text, tuple(out.blocks), meta, fields, (*out.notes, *(() if body else (NO_TEXT,))))


def _factiva(leaves: Sequence[_Leaf]) -> Article | None:
    """An article of Factiva's: rows of metadata, or of fields with codes."""
    if any(leaf.text in CODES and leaf.around and leaf.around[0].tag in ("td", "b", "th") for leaf in leaves[:12]):
        return _factiva_coded(leaves)
    head = next((at for at, leaf in enumerate(leaves) if leaf.inside("Headline") or leaf.inside(" hd ")), -1)
    known: dict[str, str] = {}
    pieces: Pieces = []
    first = _first_paragraph(leaves)
    above: list[str] = []
    for at, leaf in enumerate(leaves):
        end = ACCESSION.fullmatch(leaf.text)
        if at == head or (at < first and (leaf.inside("Headline") or leaf.inside(" hd "))):
            known["title"] = f"{known.get('title', '')} {leaf.text}".strip()
            pieces.append((leaf.text, "heading"))
        elif at < first or end or (at > first and is_rights(leaf.text) and at > len(leaves) - 4):
            pieces.append((leaf.text, "metadata"))
            known |= {"accession": end["id"]} if end else {}
            if leaf.inside("author"):
                known["author"] = leaf.text
            elif head < at < first:
                above.append(leaf.text)
            elif at < head:
                known.setdefault("section", leaf.text)
        else:
            pieces.append((leaf.text, "text"))
    counted = next((at for at, row in enumerate(above) if word_count(row)), 0)
    if counted and "author" not in known:
        known["author"] = " ".join(above[:counted])
    return _article(pieces, {**rows(above[counted:]), **known})


def _first_paragraph(leaves: Sequence[_Leaf]) -> int:
    """Index of the first paragraph of the text: by its class, else after the line of rights."""
    for at, leaf in enumerate(leaves):
        if leaf.inside("articleParagraph") or leaf.inside("articleparagraph"):
            return at
    rights = next((at for at, leaf in enumerate(leaves) if is_rights(leaf.text)), len(leaves) - 1)
    return rights + 1


def _factiva_coded(leaves: Sequence[_Leaf]) -> Article | None:
    """An article in a table of fields: a code in the first cell, its value in the second."""
    known: dict[str, str] = {}
    pieces: Pieces = []
    code = ""
    for leaf in leaves:
        if leaf.text in CODES and leaf.text != code and not leaf.inside("articleParagraph"):
            code = leaf.text
            pieces.append((code, "metadata"))
            continue
        key = CODES.get(code, "")
        kind: Kind = "heading" if key == "title" else "text" if key == "body" else "metadata"
        pieces.append((leaf.text, kind))
        if key and key != "body":
            known[key] = f"{known[key]} {leaf.text}" if key in known else leaf.text
    known["date"] = date_in(known.get("date", ""), month=True) or known.get("date", "")
    known["accession"] = ACCESSION.sub(r"\g<id>", known.get("accession", ""))
    return _article(pieces, known)


def _europresse(leaves: Sequence[_Leaf]) -> Article | None:
    """An article of Europresse's."""
    known: dict[str, str] = {}
    pieces: Pieces = []
    for leaf in leaves:
        body = leaf.inside("docOcurrContainer") or leaf.inside("DocText")
        if body and not any(element.tag in ("footer", "header") for element in leaf.around):
            pieces.append((leaf.text, "text"))
        elif leaf.inside("titreArticle"):
            lead = any(
                "subtitle" in (element.get("class") or "").lower() or "margin" in (element.get("class") or "")
                for element in leaf.around[:1]
            )
            pieces.append((leaf.text, "heading"))
            if not lead and "title" not in known:
                known["title"] = leaf.text
        else:
            pieces.append((leaf.text, "metadata"))
            _europresse_row(leaf, known)
    return _article(pieces, known)


def _europresse_row(leaf: _Leaf, known: dict[str, str]) -> None:
    """Metadata of a line of the header or the footer."""
    if leaf.inside("DocPublicationName"):
        known.setdefault("source", re.split(r",? n[o°º]\.?\s*\d|\s{2,}|\n|;", leaf.text)[0])
    elif leaf.inside("docAuthors") or leaf.inside("bottomNews"):
        known.setdefault("author", leaf.text)
    elif leaf.inside("DocHeader") or leaf.inside("DocTitreSousSection"):
        date = date_in(leaf.text)
        known |= {"date": date} if date and "date" not in known else {}
        if count := _COUNT.search(leaf.text.replace(date, ";") if date else leaf.text):
            known.setdefault("length", count.group())
        if pages := _PAGES.search(leaf.text):
            known.setdefault("pages", pages["pages"])
        before = re.split(r"[,;]|\s-\s", leaf.text[: leaf.text.find(date)] if date else leaf.text)[0].strip()
        if before and not re.search(r"\d", before) and not re.search(r"(?:di|day|tag|days)\Z", before):
            known.setdefault("section", before)

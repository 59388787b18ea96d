"""Reads HTML pages: every visible text in order, each block with its kind by markup.

Nothing is removed here: navigation, teasers and footers become blocks whose `zone` names a reason, and cleaning
decides. Only invisible content is omitted (scripts, styles, templates, comments, hidden elements). The page is read as
a stream of tags, so depth of nesting costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from toolkit.corpus.decode import Decoded, decode
from toolkit.corpus.encodings import declared
from toolkit.corpus.extract import Extract
from toolkit.corpus.readers.html_meta import PageMeta
from toolkit.corpus.readers.html_zones import zone_named
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Kind, Source
from toolkit.corpus.words import word_set

_UNSEEN = word_set(
    "title script style noscript noembed noframes template svg math iframe object canvas select datalist "
    "audio video rt rp rtc"
)
RUBY = "readings beside Chinese characters (ruby, furigana) left out"
_BLOCK = word_set(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table "
    "tbody thead tfoot tr ul td th caption button label option title head"
)
_VOID = word_set("area base br col embed hr img input link meta param source track wbr")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")


@dataclass
class _Element:
    """An open element: its zone if any, and the states that end with it."""

    tag: str
    zone: int = -1  # index into Page.zones, -1: none
    unseen: bool = False
    link: bool = False
    strong: bool = False


@dataclass
class _Zone:
    """A marked-up region and the amount of its prose: a region with most of the page's prose is no boilerplate."""

    reason: str
    prose: int = 0


@dataclass
class _Piece:
    """A block of text as collected."""

    text: str
    kind: Kind
    links: float
    zones: tuple[int, ...]
    main: bool
    close: bool
    strong: bool = False  # all of it is bold


@dataclass
class Page:
    """Receives the tags of a page (lxml's target interface) and collects its visible blocks."""

    meta: PageMeta = field(default_factory=PageMeta)
    zones: list[_Zone] = field(default_factory=list)
    pieces: list[_Piece] = field(default_factory=list)
    stack: list[_Element] = field(default_factory=list)
    unseen: int = 0
    links: int = 0
    pre: int = 0
    mains: int = 0
    kinds: list[Kind] = field(default_factory=list)
    open_zones: list[int] = field(default_factory=list)
    buffer: list[str] = field(default_factory=list)
    linked: int = 0
    bold: int = 0  # open elements that make text bold
    strong: int = 0  # characters of the buffer inside them
    cells: int = 0  # open table rows: their cells share one block

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        self.meta.start(tag, attributes)
        if tag == "br":
            self._break()
        if tag in _BLOCK and not (self.cells and tag in ("td", "th", "p", "div")):
            self.flush(close=tag in ("li", "tr"))
        if tag in ("td", "th") and self.cells and self.buffer:
            self.buffer.append("\t")
        if tag in _VOID:
            return
        element = _Element(tag)
        element.unseen = tag in _UNSEEN or self._hidden(attributes)
        element.link = tag == "a"
        element.strong = tag in ("b", "strong")
        element.zone = self._zone(tag, attributes)
        self.stack.append(element)
        self._count(element, 1)

    def end(self, tag: str) -> None:
        """Close an element; an end tag without a start tag is ignored."""
        self.meta.end(tag)
        if tag in _VOID or not any(element.tag == tag for element in self.stack[-64:]):
            return
        while self.stack:
            element = self.stack[-1]
            if element.tag in _BLOCK and not (self.cells and element.tag in ("td", "th", "p", "div")):
                self.flush()
            self._count(self.stack.pop(), -1)
            if element.tag == tag:
                return

    def data(self, text: str) -> None:
        """Text between tags."""
        self.meta.data(text)
        if self.unseen or not text:
            return
        piece = text if self.pre else _SPACE.sub(" ", text)
        self.buffer.append(piece)
        if self.links:
            self.linked += len(piece.strip())
        if self.bold:
            self.strong += len(piece.strip())

    def comment(self, text: str) -> None:
        """Ignore a comment, which is invisible."""

    def close(self) -> Page:
        """The page is over."""
        self.flush()
        return self

    def _count(self, element: _Element, step: int) -> None:
        self.unseen += step * element.unseen
        self.links += step * element.link
        self.bold += step * element.strong
        self.pre += step * (element.tag in ("pre", "textarea"))
        self.mains += step * (element.tag in ("article", "main"))
        self.cells += step * (element.tag == "tr")
        kind = _kind(element.tag)
        if step > 0:
            self.kinds += [kind] if kind is not None else []
            self.open_zones += [element.zone] if element.zone >= 0 else []
            return
        if kind is not None and self.kinds:
            self.kinds.pop()
        if element.zone >= 0 and self.open_zones:
            self.open_zones.pop()

    @staticmethod
    def _hidden(attributes: dict[str, str]) -> bool:
        return (
            "hidden" in attributes
            or attributes.get("aria-hidden", "").lower() == "true"
            or bool(_HIDDEN.search(attributes.get("style", "")))
        )

    def _zone(self, tag: str, attributes: dict[str, str]) -> int:
        """The region that an element opens by its tag, role, class or id; -1 if none."""
        if tag in ("html", "body", "main", "article"):
            return -1
        named = f"{attributes.get('class', '')} {attributes.get('id', '')} {attributes.get('role', '')}"[:400]
        reason = zone_named(tag, named, self.mains > 0)
        if not reason:
            return -1
        self.zones.append(_Zone(reason))
        return len(self.zones) - 1

    def _break(self) -> None:
        """A <br>: one is a line break, two are a new paragraph."""
        if self.unseen:
            return
        if "".join(self.buffer).endswith("\n"):
            self.flush()
        elif self.buffer:
            self.buffer.append("\n")

    def flush(self, close: bool = False) -> None:
        """The text collected so far becomes a block."""
        raw, self.buffer = "".join(self.buffer), []
        linked, self.linked = self.linked, 0
        strong, self.strong = self.strong, 0
        text = raw.strip("\n") if self.pre else re.sub(r" *([\n\t]) *", r"\1", re.sub(" {2,}", " ", raw)).strip()
        if not text.strip():
            return
        zones = tuple(self.open_zones[-40:])
        kind: Kind = self.kinds[-1] if self.kinds else "text"
        if kind == "text" and len(text.split()) >= 15:
            for zone in zones:
                self.zones[zone].prose += len(text)
        links = min(1.0, linked / max(1, len(text)))
        self.pieces.append(_Piece(text, kind, links, zones, self.mains > 0, close, strong >= 0.9 * len(text)))


def _kind(tag: str) -> Kind | None:
    """The kind of block that an element makes of the text inside it."""
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return "heading"
    kinds: dict[str, Kind] = {
        "li": "list", "blockquote": "quote", "tr": "table", "pre": "pre", "figcaption": "caption", "caption": "caption",
        "dt": "list", "dd": "list",
    }  # fmt: skip
    return kinds.get(tag)


def decoded_page(data: bytes, settings: CorpusSettings) -> Decoded:
    """The markup of a page, decoded as the config or the page specifies."""
    return decode(data, declared(data), settings.file_encoding)


def page_source(text: str, notes: tuple[str, ...] = ()) -> Source:
    """The document of decoded markup (also of a table's cell with HTML)."""
    from lxml import etree

    page = Page()
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    except etree.XMLSyntaxError:  # an empty document
        page.close()
    if "<rt" in text.lower():
        notes = (*notes, RUBY)
    out = Extract()
    prose = sum(len(piece.text) for piece in page.pieces if piece.kind == "text" and len(piece.text.split()) >= 15)
    inside = sum(
        len(piece.text)
        for piece in page.pieces
        if piece.main and piece.kind == "text" and len(piece.text.split()) >= 15
    )
    for piece in page.pieces:
        zone = _zone_of(piece, page.zones, prose)
        if not zone and not piece.main and inside > 0.5 * prose and len(piece.text.split()) < 25:
            zone = "navigation" if piece.kind != "heading" else ""
        zone = zone or ("strong" if piece.strong and piece.kind == "text" else "")
        out.add(piece.text, piece.kind, piece.links, zone, close=piece.close)
    return Source("", out.text, "", "", "html", page.meta.fields(), tuple(out.blocks), 0, (*notes, *out.notes), True)


def _zone_of(piece: _Piece, zones: list[_Zone], prose: int) -> str:
    """The reason that the markup around a piece suggests; none in a region with a third of the page's prose."""
    for index in reversed(piece.zones):
        zone = zones[index]
        if zone.prose <= 0.34 * prose:
            return zone.reason
    return ""

"""The paragraphs of an RTF file: groups and control words are read one by one, pictures and style tables skipped.

Rich Text Format specification 1.9.1 (Microsoft, 2008). Names of destinations, charsets and special characters are those
of striprtf; unlike striprtf, this reader keeps footnotes, page headers and text boxes separate, and reports truncated
files.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from toolkit.corpus.source import Kind, Unreadable

MAX_DEPTH = 5_000
"""Maximum depth of nested groups; a deeper file is an attack, not a document."""
_TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)")
_HEADING_STYLE = re.compile(rb"\{\\s(\d+)(?![\d])[^{};]*\s(?:heading \d|title|subtitle)[^{};]{0,40};\}", re.IGNORECASE)
_FONT = re.compile(rb"\\f(\d+)(?:\\(?!fcharset)[a-z*]+-?\d* ?|[{}\s]){0,12}\\fcharset(\d+)")
_PYTHON_NAMES = {
    "mac_japanese": "shift_jis", "mac_chinesetrad": "big5", "mac_korean": "euc_kr", "mac_hebrew": "cp1255",
    "mac_chinesesimp": "gb18030", "mac_rumanian": "mac_romanian", "mac_ukrainian": "mac_cyrillic",
    "mac_thai": "cp874", "mac_ce": "mac_latin2", "cp936": "gb18030", "cp1361": "johab",
}  # fmt: skip
_NAMED_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_CHANNELS = {
    "footnote": "footnote", "shptxt": "box", "title": "title", "author": "author", "creatim": "created",
    **{f"{place}{page}": "furniture" for place in ("header", "footer") for page in ("", "l", "r", "f")},
}  # fmt: skip
_OF_INFO = ("title", "author", "created")
_MARKS = ("listtext", "pntext")
_BULLETS = frozenset("\uf0b7\uf0a7\uf0d8\uf076\uf06e\uf0fc\uf0a8")


@dataclass(slots=True)
class RtfParagraph:
    """One paragraph as RTF ends it (it may be empty), or one row of a table; `zone`: footnote, furniture, strong."""

    text: str
    kind: Kind = "text"
    zone: str = ""


@dataclass(slots=True)
class RtfContent:
    """The content of an RTF file: paragraphs of the body, footnotes, page headers and footers, properties, notes."""

    body: list[RtfParagraph] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class _State(NamedTuple):
    """The state inside a group, which ends with it."""

    channel: str = "body"
    skip: bool = False
    hidden: bool = False
    unicode_skip: int = 1
    font: int = -1
    bold: bool = False
    table: bool = False
    listed: bool = False
    style: int = 0
    outline: bool = False


def is_rtf(data: bytes) -> bool:
    """Whether a file's bytes are RTF, whatever its name."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf")


def rtf_content(data: bytes) -> RtfContent:
    """The content of an RTF file. Raises Unreadable: no RTF, or groups nested without end."""
    if not is_rtf(data):
        raise Unreadable("no RTF (it does not begin with {\\rtf); rename the file if it is of another kind")
    return _Walk(data).content()


class _Walk:
    """Processes the tokens of one file."""

    def __init__(self, data: bytes) -> None:
        self.data, self.out = data, RtfContent()
        self.state, self.stack = _State(), list[_State]()
        self.page, self.fonts, self.headings = "", dict[int, str](), set[int]()
        self.waiting = bytearray()  # bytes of text not decoded yet
        self.left = 0  # fallback characters for the preceding \u
        self.starred = self.closed = False
        self.text: dict[str, list[str]] = {}
        self.bold = 0
        self.cells: list[list[str]] = []
        self.cell: list[str] = []
        self.utf8 = _all_utf8(data)
        self.undeclared = False

    def content(self) -> RtfContent:
        """Everything."""
        from striprtf.striprtf import destinations, specialchars

        self.destinations, self.special = destinations, specialchars
        self._tables()
        at = self.data.index(b"{\\rtf")
        while not self.closed and (token := _TOKEN.search(self.data, at)):
            at = token.end()
            word, number, code, sign, brace, plain = token.groups()
            if word is not None:
                at = self._word(word.decode("ascii"), None if number is None else int(number), at)
            elif code is not None:
                self._bytes(bytes.fromhex(code.decode("ascii")), 1)
            elif plain is not None:
                self._plain(plain)
            elif brace is not None:
                self._brace(brace)
            else:
                self._sign(sign)
        self._finish()
        return self.out

    def _tables(self) -> None:
        """The charset of each font, the code page, and which styles are headings."""
        from striprtf.striprtf import charset_map

        head = self.data[:400_000]
        declared = re.search(rb"\\ansicpg(\d+)", head)
        named = re.search(rb"\\rtf\d*\s*\\(mac|pca|pc)(?![a-z])", head)
        self.page = _codec(f"cp{int(declared[1])}") if declared and int(declared[1]) else ""
        self.page = self.page or (_NAMED_PAGES[named[1].decode("ascii")] if named else "")
        for number, charset in _FONT.findall(head):
            if int(charset) > 2:
                self.fonts.setdefault(int(number), _codec(charset_map.get(int(charset), "")))
        self.headings = {int(number) for number in _HEADING_STYLE.findall(head)}

    def _brace(self, brace: bytes) -> None:
        self._decode()
        self.left, self.starred = 0, False
        if brace == b"{":
            self.stack.append(self.state)
            if len(self.stack) > MAX_DEPTH:
                raise Unreadable(f"damaged RTF: more than {MAX_DEPTH:,} groups inside one another")
            return
        before = self.state
        self.state = self.stack.pop() if self.stack else before
        if before.channel != self.state.channel and before.channel not in ("body", "created"):
            self._end(before)
        self.closed = not self.stack

    def _word(self, word: str, number: int | None, at: int) -> int:
        """Process a control word; returns the position after it (binary data is skipped)."""
        if word == "bin":
            return at + max(0, number or 0)
        state = self.state
        if word == "u" and number is not None:
            self._unicode(number)
            return at
        self._decode()
        self.left = 0
        if word in _CHANNELS and (word not in ("title", "author", "creatim") or state.channel == "info"):
            self.state = state._replace(channel=_CHANNELS[word], skip=False, hidden=False, table=False)
        elif word == "info":
            self.state = state._replace(channel="info")
        elif word in _MARKS:
            self.state = state._replace(skip=True)
            self.stack[-1] = self.stack[-1]._replace(listed=True)
        elif self.starred or word in self.destinations:
            self.state = state._replace(skip=True)
        else:
            self._format(word, number)
        self.starred = False
        return at

    def _format(self, word: str, number: int | None) -> None:
        """A control word that is neither a destination nor data."""
        state, on = self.state, number != 0
        if word in ("par", "sect", "page", "column"):
            self._end(state)
        elif word in ("cell", "nestcell"):
            self._cell()
        elif word in ("row", "nestrow"):
            self._row()
        elif word in ("yr", "mo", "dy") and state.channel == "created":
            self.text.setdefault("created", []).append(f"{number or 0:02d}")
        elif word in self.special:
            self._say(self.special[word] if word not in ("emspace", "enspace", "qmspace") else " ")
        elif word in ("v", "deleted"):
            self.state = state._replace(hidden=on)
        elif word == "pard":
            self.state = state._replace(table=False, listed=False, style=0, outline=False)
        elif word == "plain":
            self.state = state._replace(bold=False, hidden=False)
        elif word in ("uc", "f", "s", "b", "intbl", "ls", "outlinelevel"):
            self.state = _set(state, word, number)

    def _unicode(self, number: int) -> None:
        self._decode()
        value = number + 0x10000 if number < 0 else number
        self._say("•" if chr(value & 0xFFFF) in _BULLETS else chr(value) if value < 0x110000 else "\ufffd")
        self.left = self.state.unicode_skip

    def _sign(self, sign: bytes) -> None:
        """A backslash with a sign after it."""
        if sign in (b"\\", b"{", b"}"):
            self._bytes(sign, 1)
            return
        self._decode()
        if sign == b"*":
            self.starred = True
        elif sign in (b"\r", b"\n"):
            self._end(self.state)
        else:
            self._say({b"~": "\u00a0", b"_": "-"}.get(sign, ""))

    def _plain(self, text: bytes) -> None:
        if self.left:
            skipped = min(self.left, len(text))
            self.left -= skipped
            text = text[skipped:]
        if not text or self.state.skip:
            return
        if self.utf8 and not text.isascii():
            self._decode()
            self._say(text.decode("utf-8"))
        else:
            self._bytes(text, 0)

    def _bytes(self, text: bytes, characters: int) -> None:
        """Decode text in the code page of its font; a fallback character for the preceding Unicode character is
        omitted."""
        if self.left and characters:
            self.left -= 1
        elif not self.state.skip:
            self.waiting += text

    def _decode(self) -> None:
        """The bytes of a run of text, all of one font, become characters."""
        if not self.waiting:
            return
        raw, self.waiting = bytes(self.waiting), bytearray()
        page = self.fonts.get(self.state.font, "") or self.page
        self.undeclared |= not page and not raw.isascii()
        self._say(raw.decode(page or "cp1252", "replace"))

    def _say(self, text: str) -> None:
        """Characters of the channel that is open."""
        if self.state.skip or self.state.hidden or self.state.channel == "info":
            return
        self.text.setdefault(self.state.channel, []).append(text)
        if self.state.channel == "body" and self.state.bold:
            self.bold += len(text.strip())

    def _taken(self, channel: str) -> str:
        """The text collected in a channel since the last call; surrogates in two escapes become one character."""
        text = "".join(self.text.pop(channel, ()))
        if any("\ud800" <= char <= "\udfff" for char in text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text

    def _end(self, state: _State) -> None:
        """A paragraph of a channel is over."""
        channel = state.channel
        if channel == "body":
            bold, self.bold = self.bold, 0
            if state.table:
                self.cell.append(self._taken("body"))
                return
            self._row()
            text = self._taken("body")
            heading = state.style in self.headings or state.outline
            kind: Kind = "heading" if heading else "list" if state.listed else "text"
            strong = kind == "text" and bold >= 0.9 * len(text.replace(" ", "")) > 0
            self.out.body.append(RtfParagraph(text, kind, "strong" if strong else ""))
            return
        text = self._taken(channel).strip()
        if not text:
            return
        if channel == "box":
            self.out.body.append(RtfParagraph(text))
        elif channel in _OF_INFO:
            self.out.meta.setdefault(channel, text)
        else:
            (self.out.footnotes if channel == "footnote" else self.out.furniture).append(text)

    def _cell(self) -> None:
        self.bold = 0
        self.cells.append([*self.cell, self._taken("body")])
        self.cell = []

    def _row(self) -> None:
        """A row of a table; a row with a single cell is no table but the paragraphs in it."""
        if self.cell:
            self._cell()
        cells, self.cells = [[text for text in cell if text.strip()] for cell in self.cells], []
        filled = [cell for cell in cells if cell]
        if len(filled) == 1:
            self.out.body += [RtfParagraph(text) for text in filled[0]]
        elif filled:
            row = "\t".join(" ".join(part.strip() for part in cell) for cell in cells)
            self.out.body.append(RtfParagraph(row.replace("\n", " "), "table"))

    def _finish(self) -> None:
        self._decode()
        if not self.closed:
            self.out.notes.append("the RTF is cut off: its last groups are not closed")
            self.state = _State()
        self._row()
        if "".join(self.text.get("body", ())).strip():
            self._end(self.state._replace(channel="body", table=False))
        if self.undeclared:
            self.out.notes.append("the RTF names no code page; read as cp1252 [corpus.encoding]")
        dated = self.text.get("created", ())
        if len(dated) == 3:
            self.out.meta["created"] = "-".join((dated[0].zfill(4), *dated[1:]))


def _set(state: _State, word: str, number: int | None) -> _State:
    """The state after a control word with a number."""
    value = number or 0
    if word == "uc":
        return state._replace(unicode_skip=max(0, min(value, 10)))
    if word == "f":
        return state._replace(font=value)
    if word == "s":
        return state._replace(style=value)
    if word == "b":
        return state._replace(bold=number != 0)
    if word == "intbl":
        return state._replace(table=True)
    return state._replace(listed=value > 0) if word == "ls" else state._replace(outline=value < 9)


def _all_utf8(data: bytes) -> bool:
    """Whether a file contains bytes that RTF should have escaped, all of them valid UTF-8."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@cache
def _codec(name: str) -> str:
    """Python's name of a code page, or an empty text if Python does not know it."""
    known = _PYTHON_NAMES.get(name, name)
    try:
        return codecs.lookup(known).name if known else ""
    except LookupError:
        return "utf-8" if known == "cp65001" else ""

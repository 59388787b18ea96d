"""Decodes bytes to text: the encoding, the repairs, and a note unless the text is plain UTF-8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.corpus.encodings import Guess, detected, escaped
from toolkit.corpus.misread import lost_letters, misread, mostly_latin_signs
from toolkit.corpus.source import Unreadable
from toolkit.corpus.words import has_han
from toolkit.text.notes import note

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_COMMON_HAN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
)
_SCRIPTS = re.compile("[ -\u024f\u0370-\u0e7f\u1e00-\u1eff\u3040-\u30ff\uac00-\ud7a3\r\n\t，。、：；“”！？（）]")
_MOJIBAKE = re.compile(
    r"[ÃÂ][\u0080-\u00bf\u0152-\u0178\u2013-\u203a\u20ac\u2122]|â€|â\u0080|ï¿½|ï»¿|Ð[\u0080-\u00bf]Ñ|æ[\u0080-\u00bf\u0152-\u2122][\u0080-\u00bf\u0152-\u2122]"
)
_ODD = re.compile("[\0\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeffÃÂâïÐæ]")
"""Characters one of which occurs in every text that needs repair."""
_KEY = "corpus.encoding"
_WORDS = {"cp1252": "Latin-1 (cp1252)", "gb18030": "GB18030", "big5hkscs": "Big5"}
"""Encodings that notes name in other words than Python does."""
_MULTIBYTE = ("cp932", "cp949", "euc", "gb18030", "big5", "johab", "shift")
_TAG = re.compile(rb"<[^<>]{0,500}>")
_NO_MARK = "read as UTF-16 without a byte order mark"
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SOFT_END = re.compile("\u00ad(?=[ \\t]*[\r\n])")
"""A soft hyphen at a line end is visible as a hyphen; elsewhere it is invisible."""


@dataclass(frozen=True)
class Decoded:
    """The text of some bytes; `plain` is true if it is exactly those bytes decoded as UTF-8."""

    text: str
    plain: bool
    notes: tuple[str, ...] = ()


def decode(data: bytes, hint: str | None = None, encoding: str | None = None) -> Decoded:
    """The text of a file's bytes, repaired if needed.

    The order of precedence: a byte order mark, `encoding` (the config's), UTF-8 if the bytes are valid, UTF-16 without
    a mark, `hint` (declared by the file), and last the detected encoding (`encodings.detected`).

    Raises:
        Unreadable: binary data.
    """
    text, notes = _decoded(data, hint, encoding)
    fixed = repaired(text)
    text, said_of = (fixed.text, ()) if encoding else misread(fixed.text)
    notes += (*fixed.notes, *said_of, *lost_letters(text, any("replaced by" in line for line in notes)))
    return Decoded(text, not notes, notes)


def repaired(text: str) -> Decoded:
    """Text with mojibake repaired, and without NUL, lone surrogates and invisible direction and width marks."""
    if "\0" not in text if text.isascii() else not _ODD.search(text):
        return Decoded(text, True)
    notes: list[str] = []
    if "\0" in text:
        notes.append(f"{text.count(chr(0))} NUL characters replaced by blanks")
        text = text.replace("\0", " ")
    lone = len(re.findall("[\ud800-\udfff]", text))
    if lone:
        notes.append(f"{lone} broken characters replaced by \ufffd")
        text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    if _MOJIBAKE.search(text):
        text = _undone(text, notes)
    hidden = len(_INVISIBLE.findall(text))
    if hidden:
        notes.append(f"{hidden} invisible characters (zero width, direction, soft hyphens) taken out")
        text = _INVISIBLE.sub("", _SOFT_END.sub("-", text))
    return Decoded(text, not notes, tuple(notes))


def _undone(text: str, notes: list[str]) -> str:
    """Mojibake undone by ftfy, line by line, so that a line without any stays as it is."""
    import ftfy

    pieces = re.split(r"(\r\n|\n|\r)", text)
    mended = [ftfy.fix_encoding(piece) if _MOJIBAKE.search(piece) else piece for piece in pieces]
    changed = sum(old != new for old, new in zip(pieces, mended, strict=True))
    if changed:
        notes.append(f"mojibake repaired in {changed} {'line' if changed == 1 else 'lines'}")
    return "".join(mended)


def _decoded(data: bytes, hint: str | None, encoding: str | None) -> tuple[str, tuple[str, ...]]:
    """Text, and notes unless it is plain UTF-8."""
    for mark, name, words in _BOMS:
        if data.startswith(mark):
            other = (note("its byte order mark decides, not the config", encoding, _KEY),) if encoding else ()
            return data[len(mark) :].decode(name, "replace"), (f"read as {words}", *other)
    if encoding:
        return _as_given(data, encoding)
    if 0 in data[:4000] and _controls(data) > 0.02 and (wide := _without_mark(data)) is not None:
        return wide, (_NO_MARK,)
    plain = _utf8(data)
    if b"~{" in data and b"~}" in data and has_han(chinese := _strict(data, "hz") or ""):
        return chinese, (note("read as hz", key=_KEY),)
    if plain is not None and not escaped(data):
        return plain, ()
    if plain is not None:
        guess = detected(data)
        return (
            (data.decode(guess.encoding), (encoding_note(guess),))
            if guess.encoding.startswith("iso2022_")
            else (plain, ())
        )
    if 0 in data[:4000]:
        text, words = _wide(data)
        return text, (words,) if words else ()
    if hint and (by_hint := _strict(data, hint)) is not None:
        better = detected(_TAG.sub(b" ", data)) if mostly_latin_signs(by_hint) else None
        if (
            better is not None
            and better.sure
            and not mostly_latin_signs(text := data.decode(better.encoding, "replace"))
        ):
            return text, (note(f"read as {better.encoding}, although the file declares {hint}", key=_KEY),)
        return by_hint, (note(f"read as {hint}, which the file declares", key=_KEY),)
    return _legacy(data)


def _as_given(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Text in the encoding of the config, with notes on evidence against it."""
    text = _strict(data, encoding)
    if text is None:
        text = data.decode(encoding, "replace")
        fault = note(f"bytes that are no {encoding} replaced by \ufffd", f"{text.count(chr(0xFFFD))} bytes", _KEY)
        return text, (fault,)
    utf8 = codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii")
    if utf8 or data.isascii():
        return text, () if data.isascii() or utf8 else (f"read as {encoding}",)
    if _utf8(data) is not None:
        return text, (note("read as the config says, although its bytes are valid UTF-8", encoding, _KEY),)
    return text, (note(f"read as {encoding}, as the config says", key=_KEY),)


def _utf8(data: bytes) -> str | None:
    """UTF-8 text, or null for other bytes and those with many NULs."""
    return _strict(data, "utf-8") if data.count(0) < max(1, len(data) // 5) else None


def _strict(data: bytes, encoding: str) -> str | None:
    """The text if every byte is of that encoding, else null."""
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def encoding_note(guess: Guess, lines: int = 0) -> str:
    """The note on a detected encoding: how sure it is, and the key that decides; `lines` if not all was read in it."""
    named = _WORDS.get(guess.encoding, guess.encoding)
    other = f"; {_WORDS.get(guess.rival, guess.rival)} gives another text" if guess.rival else ""
    if lines:
        text = f"{lines} {'line' if lines == 1 else 'lines'} as {named}{other}"
        return note(
            "not UTF-8 in all lines" if guess.clear else "not UTF-8 in all lines, encoding not sure", text, _KEY
        )
    if guess.clear:
        return note(f"read as {named}", key=_KEY)
    return note("encoding not sure", f"read as {named}{other}", _KEY)


def _wide(data: bytes) -> tuple[str, str]:
    """UTF-16 without a byte order mark, or else binary data."""
    wide = _without_mark(data)
    if wide is not None:
        return wide, _NO_MARK
    if _controls(data) > 0.02:
        raise Unreadable("binary data, not text")
    return data.decode("utf-8", "replace"), ""


def _without_mark(data: bytes) -> str | None:
    """The text if the bytes resemble UTF-16, else null."""
    best = max((_plausible(data[:4000], name), name) for name in ("utf-16-be", "utf-16-le"))
    return data.decode(best[1], "replace") if best[0] > 0.5 else None


def _plausible(sample: bytes, encoding: str) -> float:
    """Share of characters that are letters of an alphabet, blanks or common Chinese characters and punctuation."""
    text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
    good = len(_SCRIPTS.findall(text)) + sum(char in _COMMON_HAN for char in text)
    return good / max(1, len(text))


def _legacy(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Text that is not UTF-8: damaged UTF-8, all of it in another encoding, or some of its lines."""
    if _controls(data) > 0.02:
        raise Unreadable("binary data, not text")
    mended = data.decode("utf-8", "replace")
    wrong, valid = mended.count("\ufffd"), sum(1 for char in mended[:200_000] if char > "\x7f" and char != "\ufffd")
    lines = re.split(rb"(?<=[\r\n])", data)
    foreign = b"".join(line for line in lines if foreign_line(line))
    if valid > 4 * wrong and not _in_words(foreign):
        return mended, (f"read as UTF-8; {wrong} invalid bytes replaced by \ufffd",)
    guess = detected(foreign or data)
    if valid > 4 * wrong or mixes(lines, guess):
        count = sum(map(foreign_line, lines))
        texts = [line.decode(*_by(line, guess)) for line in lines]
        lost = "".join(texts).count("\ufffd")
        damaged = (f"read as UTF-8; {lost} invalid bytes replaced by \ufffd",) if lost else ()
        return "".join(texts), (encoding_note(guess, count), *damaged)
    text = _strict(data, guess.encoding)
    if text is None and guess.encoding == "cp1252":
        return data.decode("latin-1"), (note("read as Latin-1", key=_KEY),)
    if text is None:
        text = data.decode(guess.encoding, "replace")
        return text, (encoding_note(guess), f"{text.count(chr(0xFFFD))} invalid bytes replaced by \ufffd")
    return text, (encoding_note(guess),)


def _in_words(foreign: bytes) -> bool:
    """Whether most bytes above 127 are adjacent to each other or to letters: letters of words, and not damage."""
    inside = sum(
        len(run) for run in re.findall(rb"(?<=[A-Za-z])[\x80-\xff]+|[\x80-\xff]+(?=[a-z])|[\x80-\xff]{2,}", foreign)
    )
    return 2 * inside > sum(byte > 127 for byte in foreign)


def _by(line: bytes, guess: Guess) -> tuple[str, str]:
    return (guess.encoding, "replace") if foreign_line(line) else ("utf-8", "replace")


def foreign_line(line: bytes) -> bool:
    """Whether a line is in another encoding than UTF-8: some of its bytes are invalid and none are letters of UTF-8."""
    if line.isascii():
        return False
    text = line.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return wrong > 0 and 2 * sum(char > "\x7f" and char != "\ufffd" for char in text) <= wrong


def mixes(lines: Iterable[bytes], guess: Guess) -> bool:
    """Whether some lines are UTF-8, not by chance, among lines in the detected encoding."""
    if guess.encoding.startswith(_MULTIBYTE):
        return False
    return any(not line.isascii() and _strict(line, "utf-8") is not None for line in lines)


def _controls(data: bytes) -> float:
    """Share of control bytes that do not occur in text files."""
    sample = data[:100_000]
    strange = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32), 127))
    return strange / max(1, len(sample))


class StreamEncoding(NamedTuple):
    """How a text stream is opened: encoding and error handler of `open`, and notes."""

    encoding: str
    errors: str = "replace"
    notes: tuple[str, ...] = ()


def stream_encoding(sample: bytes, encoding: str | None = None) -> StreamEncoding:
    """The encoding of a table whose first part is `sample` (`encoding`: the config's): some lines may be UTF-8."""
    marked = next((name for mark, name, _ in _BOMS if sample.startswith(mark)), None)
    notes = _decoded(sample, None, encoding)[1]
    if marked:
        return StreamEncoding({"utf-8": "utf-8-sig"}.get(marked, marked), notes=notes)
    if encoding:
        return StreamEncoding(encoding, notes=notes)
    if not notes or "UTF-16" in notes[0]:
        little = sample[1::2].count(0) >= sample[::2].count(0)
        return StreamEncoding("utf-8-sig" if not notes else "utf-16-le" if little else "utf-16-be", notes=notes)
    lines = re.split(rb"(?<=[\r\n])", sample)
    foreign = b"".join(line for line in lines if foreign_line(line))
    if notes[0].startswith("read as UTF-8"):
        return StreamEncoding("utf-8-sig", notes=notes)
    guess = detected(foreign or sample)
    if notes[0].startswith("not UTF-8 in all lines"):
        return StreamEncoding("utf-8-sig", _handler(guess.encoding), notes)
    return StreamEncoding(guess.encoding, notes=notes)


def _handler(encoding: str) -> str:
    """The name of an error handler that reads the rest of a line in `encoding` from its first byte that is no UTF-8."""

    def rest_of_line(fault: UnicodeError) -> tuple[str, int]:
        if not isinstance(fault, UnicodeDecodeError):
            raise fault
        ends = (fault.object.find(mark, fault.start) for mark in (b"\n", b"\r"))
        end = min((place for place in ends if place >= 0), default=len(fault.object))
        return fault.object[fault.start : end].decode(encoding, "replace"), end

    codecs.register_error(name := f"toolkit-{encoding}", rest_of_line)
    return name

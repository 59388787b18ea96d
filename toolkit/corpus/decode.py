"""Bytes to text: which encoding, what was repaired, and a note wherever it was not plain UTF-8."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from toolkit.corpus.source import Unreadable

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
_MOJIBAKE = re.compile(
    r"[ÃÂ][\u0080-\u00bf\u0152-\u0178\u2013-\u203a\u20ac\u2122]|â€|â\u0080|ï¿½|ï»¿|Ð[\u0080-\u00bf]Ñ|æ[\u0080-\u00bf\u0152-\u2122][\u0080-\u00bf\u0152-\u2122]"
)
_ODD = re.compile("[\0\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeffÃÂâïÐæ]")
"""Characters of which one stands in every text that needs repair."""
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SOFT_END = re.compile("\u00ad(?=[ \\t]*[\r\n])")
"""A soft hyphen at a line end is seen as a hyphen; elsewhere it is not seen."""


@dataclass(frozen=True)
class Decoded:
    """The text of some bytes; `plain` if it is nothing but those bytes decoded as UTF-8."""

    text: str
    plain: bool
    notes: tuple[str, ...] = ()


def decode(data: bytes, hint: str | None = None) -> Decoded:
    """The text of a file's bytes: UTF-8, UTF-16/32, GB18030, Big5 or Latin-1 (cp1252), repaired where needed.

    Raises:
        Unreadable: binary data.
    """
    text, note = _decoded(data, hint)
    fixed = repaired(text)
    notes = ((note,) if note else ()) + fixed.notes
    return Decoded(fixed.text, not notes, notes)


def repaired(text: str) -> Decoded:
    """Text with mojibake undone and NUL, lone surrogates and invisible direction and width marks taken out."""
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


def _decoded(data: bytes, hint: str | None) -> tuple[str, str]:
    """Text, and a note unless it is plain UTF-8."""
    for mark, name, words in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), f"read as {words}"
    try:
        if data.count(0) < max(1, len(data) // 5):
            return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    if 0 in data[:4000]:
        return _wide(data)
    if hint:
        try:
            return data.decode(hint), f"read as {hint}, which the file declares"
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    return _legacy(data)


def _wide(data: bytes) -> tuple[str, str]:
    """UTF-16 without a byte order mark, or else binary data."""
    best = max((_plausible(data[:4000], name), name) for name in ("utf-16-be", "utf-16-le"))
    if best[0] > 0.5:
        return data.decode(best[1], "replace"), "read as UTF-16 without a byte order mark"
    if _controls(data) > 0.02:
        raise Unreadable("binary data, not text")
    return data.decode("utf-8", "replace"), ""


def _plausible(sample: bytes, encoding: str) -> float:
    """Share of characters that are letters of the alphabet, blanks or common Chinese characters and punctuation."""
    text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
    good = sum(" " <= char <= "\u024f" or char in "\r\n\t，。、：；“”！？（）" or char in _COMMON_HAN for char in text)
    return good / max(1, len(text))


def _legacy(data: bytes) -> tuple[str, str]:
    """Text in an encoding that says nothing about itself: nearly UTF-8, Chinese by its pairs of bytes, or Latin."""
    mended = data.decode("utf-8", "replace")
    wrong, valid = mended.count("\ufffd"), sum(1 for char in mended[:200_000] if char > "\x7f" and char != "\ufffd")
    if wrong and valid > 4 * wrong:
        return mended, f"read as UTF-8; {wrong} invalid bytes replaced by \ufffd"
    if _controls(data) > 0.02:
        raise Unreadable("binary data, not text")
    chinese = _chinese(data)
    if chinese is not None:
        return chinese
    try:
        return data.decode("cp1252"), "read as Latin-1 (cp1252)"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "read as Latin-1"


def _controls(data: bytes) -> float:
    """Share of control bytes that text files do not hold."""
    sample = data[:100_000]
    strange = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32), 127))
    return strange / max(1, len(sample))


def _chinese(data: bytes) -> tuple[str, str] | None:
    """GB18030 or Big5 text, recognised by high bytes in pairs and by how common its characters are."""
    high = sum(1 for byte in data[:100_000] if byte > 127)
    paired = sum(len(run) for run in re.findall(rb"[\x80-\xff]{2,}", data[:100_000]))
    if high < 4 or paired < 0.6 * high:
        return None
    best: tuple[float, str, str] = (0.25, "", "")
    for name, words in (("gb18030", "GB18030"), ("big5", "Big5")):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        han = [char for char in text[:20_000] if "\u4e00" <= char <= "\u9fff"]
        share = sum(char in _COMMON_HAN for char in han) / max(1, len(han))
        if name == "big5":
            share += 0.15  # traditional forms are missing from the list of common characters
        best = max(best, (share, text, words))
    return (best[1], f"read as {best[2]}") if best[1] else None

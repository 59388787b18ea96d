"""The encoding of a file's bytes: set in the config, declared by the file, or detected by chardet.

chardet's models of byte pairs (one for each encoding and language) rank the encodings; among about equal ranks, the
encoding with the plainest decoded words is chosen: no capitals or symbols inside words, no control characters.
"""

from __future__ import annotations

import codecs
import fnmatch
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from toolkit.corpus.language import looks_english
from toolkit.corpus.words import word_list
from toolkit.errors import nearest

SAMPLE_BYTES = 8000
"""Bytes that detection looks at: whole lines with bytes above 127."""
RIVAL_CONFIDENCE = 0.9
"""A rival is considered if its confidence is at least this share of the best confidence."""
EQUAL_CONFIDENCE = 0.95
"""A rival of at least this relative confidence with equally plain words makes the encoding unsure."""
MOST_HIGH_BYTE_SHARE = 0.04
"""Maximum share of bytes above 127 in English text."""
WESTERN = ("cp1252", "mac-roman", "cp850")
"""Encodings of English text, the commonest first."""
LEAST_CONFIDENCE = 0.04
"""A confidence below this is no more than a guess."""
_KNOWN = word_list(
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 tis-620 "
    "iso8859-1 iso8859-15 iso8859-2 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-13 iso8859-16 "
    "koi8-r koi8-u mac-roman mac-cyrillic mac-greek mac-latin2 mac-turkish mac-iceland "
    "cp850 cp852 cp855 cp857 cp858 cp437 cp737 cp775 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp1125 cp720 "
    "cp932 shift_jis_2004 euc_jis_2004 iso2022_jp_2 euc_kr cp949 johab iso2022_kr gb18030 big5hkscs hz"
)
"""Encodings of the supported languages; if two give the same text, the first counts."""
_SUPERSETS = {
    "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-8": "cp1255", "tis-620": "cp874", "euc_kr": "cp949",
    "shift_jis_2004": "cp932", "cp858": "cp850", "gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252",
    "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-9": "cp1254",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "big5": "big5hkscs", "x-gbk": "gb18030", "iso-8859-8-i": "iso8859-8",
    "x-mac-cyrillic": "mac-cyrillic", "macintosh": "mac-roman", "x-mac-roman": "mac-roman", "tis620": "cp874",
    "windows-874": "cp874", "iso-8859-11": "cp874", "hz-gb-2312": "hz", "euc_jis_2004": "euc_jis_2004",
}  # fmt: skip
"""An encoding -> the encoding that reads all its texts and more; also declared names that Python does not know."""
_COMMAS_BELOW = str.maketrans("şţŞŢ", "șțȘȚ")
"""Romanian was written with cedillas before its letters with commas had code points."""
_ESCAPES = (b"\x1b$", b"\x1b(")
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
_SIGNS = "¢-§¬¯-³µ¶¸¹¼-¾×÷€-₿∀-⋿⌀-⏿◊"
_SYMBOL_INSIDE = re.compile(
    r"(?<=[^\W\d_])[¡-¿×÷ˆ-˗“-„†-…‰-⁄]+(?=[^\W\d_])"  # punctuation and signs between two letters
    rf"|[{_SIGNS}](?=[^\W\d_])|(?<=[^\W\d_])[{_SIGNS}‚„†‡ˆ˜]"  # beside one
    r"|(?=[^\x00-\x7f])[^\W\d_](?=\d)|[─-▟]"
)
_WORD = re.compile(r"\S*[^\x00-\x7f]\S*")
_LETTERS = re.compile(r"[^\W\d_]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_LATIN, _GREEK, _CYRILLIC, _ASIAN = "a-zß-öø-ɏ", "Ͱ-Ͽἀ-῾", "Ѐ-ԯ", "\u0590-\u06ef\u0e01-\u0e30\u3040-\u9fff\uac00-\ud7a3"
_TWO_ALPHABETS = re.compile(
    f"[{_LATIN}](?=[{_GREEK}{_CYRILLIC}{_ASIAN}])|[{_GREEK}](?=[{_LATIN}{_CYRILLIC}{_ASIAN}])"
    f"|[{_CYRILLIC}](?=[{_LATIN}{_GREEK}{_ASIAN}])|[{_ASIAN}](?=[{_LATIN}{_GREEK}{_CYRILLIC}])"
)
"""Neighbours of two alphabets; Latin capitals do not count, because names like NHK are written so everywhere."""
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:\-]+)|\A\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9_:\-]+)",
    re.IGNORECASE,
)


class Guess(NamedTuple):
    """A detected encoding (Python's name) and, if another fits about as well and gives another text, that encoding."""

    encoding: str
    rival: str = ""
    sure: bool = True

    @property
    def clear(self) -> bool:
        """Whether there is no rival encoding."""
        return self.sure and not self.rival


def codec_fault(name: str) -> str:
    """The reason why `name` is no text encoding of Python, with the nearest name; empty if it is one."""
    from encodings.aliases import aliases

    try:
        if codecs.lookup(name)._is_text_encoding and name.lower() not in ("undefined", "idna", "punycode"):
            return ""
    except (LookupError, ValueError):
        pass
    known = sorted({*_KNOWN, *(alias.replace("_", "-") for alias in aliases), *aliases, "utf-8", "windows-1252"})
    return f"{name!r} is no encoding that Python knows{nearest(name.lower(), known)}"


def encoding_for(given: str | Mapping[str, str] | None, path: str) -> str | None:
    """The encoding that the config names for a file: of a mapping the first glob that matches its path or name."""
    if given is None or isinstance(given, str):
        return given
    name = path.rpartition("/")[2]
    return next((encoding for glob, encoding in given.items() if _matches(glob, path, name)), None)


def unmatched(given: str | Mapping[str, str] | None, paths: Sequence[str]) -> list[str]:
    """One note for each glob of `corpus.encoding` that matches no file."""
    if given is None or isinstance(given, str):
        return []
    used = {next((glob for glob in given if _matches(glob, path, path.rpartition("/")[2])), "") for path in paths}
    return [f"corpus.encoding: {glob!r} decides for no file" for glob in given if glob not in used]


def _matches(glob: str, path: str, name: str) -> bool:
    return fnmatch.fnmatchcase(path, glob) or ("/" not in glob and fnmatch.fnmatchcase(name, glob))


def declared(data: bytes) -> str | None:
    """The encoding declared in the head of a page or an XML file, by its Python name; null if none."""
    match = _DECLARED.search(data[:4096])
    if match is None:
        return None
    return _SUPERSETS.get(named := (match[1] or match[2]).decode("ascii").lower(), named)


def escaped(data: bytes) -> bool:
    """Whether bytes below 128 may be ISO-2022 (Japanese, Korean): it switches alphabets by escape sequences."""
    return b"\x1b" in data and any(mark in data for mark in _ESCAPES)


def detected(data: bytes) -> Guess:
    """The likeliest encoding of bytes that are not UTF-8."""
    import chardet

    sample = telling(data)
    answers = chardet.detect_all(sample, include_encodings=_KNOWN, compat_names=False, max_bytes=SAMPLE_BYTES)
    texts: dict[str, tuple[str, float]] = {}  # text -> encoding, confidence
    for answer in answers:
        name = str(answer["encoding"]).lower()
        for encoding in (_SUPERSETS.get(name, name), name):
            if (text := _decoded(sample, encoding)) is not None:
                break
        if text is not None:
            confidence = float(answer["confidence"])
            before = texts.setdefault(text, (encoding, confidence))
            texts[text] = (min(before[0], encoding, key=_rank), max(before[1], confidence))
    if not texts:
        return Guess("cp1252", sure=False)
    best = max(confidence for _, confidence in texts.values())
    close = [text for text, (_, confidence) in texts.items() if confidence >= RIVAL_CONFIDENCE * best]
    few = sum(byte > 127 for byte in sample) <= max(3, MOST_HIGH_BYTE_SHARE * len(sample))
    if best < LEAST_CONFIDENCE or (few and looks_english(sample.decode("ascii", "ignore"))):
        close = _western(sample, texts, close)
    odd = {text: oddness(text) for text in close}
    chosen = min(close, key=lambda text: (odd[text], close.index(text)))
    equal = [text for text in close if texts[text][1] >= EQUAL_CONFIDENCE * texts[chosen][1]]
    rivals = [text for text in equal if text != chosen and odd[text] <= odd[chosen] + 0.01 and _differs(text, chosen)]
    sure = best >= LEAST_CONFIDENCE and odd[chosen] < 0.5
    return Guess(texts[chosen][0], texts[rivals[0]][0] if rivals else "", sure)


def _western(sample: bytes, texts: dict[str, tuple[str, float]], close: list[str]) -> list[str]:
    """The texts of the commonest encodings before the `close` ones: the few non-ASCII signs of English text are weak
    evidence."""
    first = []
    for encoding in WESTERN:
        if (text := _decoded(sample, encoding)) is not None:
            texts.setdefault(text, (encoding, 0.0))
            first.append(text)
    return list(dict.fromkeys((*first, *close)))


def _rank(encoding: str) -> int:
    return _KNOWN.index(encoding) if encoding in _KNOWN else len(_KNOWN)


def telling(data: bytes, most: int = SAMPLE_BYTES) -> bytes:
    """The lines of `data` with bytes above 127 (all of a small file), at most `most` bytes."""
    if len(data) <= most:
        return data
    lines = b"".join(line for line in re.split(rb"(?<=[\r\n])", data[: 1 << 22]) if not line.isascii()) or data
    first = _HIGH.search(lines)
    start = lines.rfind(b" ", 0, first.start()) + 1 if first is not None else 0
    return lines[start : start + most]


def oddness(text: str) -> float:
    """Oddness of words with letters beyond ASCII: faults (controls, symbols inside words, capitals after small letters,
    two alphabets in a word) per such letter."""
    words = " ".join(itertools.islice((match.group() for match in _WORD.finditer(text)), 400))[:3000]
    beyond = sum(map(len, _BEYOND.findall(words)))
    faults = 3 * len(_CONTROL.findall(words)) + len(_SYMBOL_INSIDE.findall(words)) + len(_TWO_ALPHABETS.findall(words))
    return (faults + sum(map(_mixed_case, _LETTERS.findall(words)))) / max(1, beyond)


def _mixed_case(run: str) -> bool:
    """Whether a capital follows a small letter in a word with letters beyond ASCII."""
    if run[1:] == run[1:].lower() or run == run.upper() or run.isascii():
        return False
    return any(before.islower() and char.isupper() for before, char in itertools.pairwise(run))


def _decoded(sample: bytes, encoding: str) -> str | None:
    """The text of a sample, whose last character may be cut; null if it is not in that encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample)
    except (UnicodeDecodeError, LookupError):
        return None


def _differs(text: str, other: str) -> bool:
    """Whether two texts differ in a letter: other quotes or currency signs alone are no doubt about the encoding."""
    text, other = text.translate(_COMMAS_BELOW), other.translate(_COMMAS_BELOW)
    return len(text) != len(other) or any(
        a != b and (a.isalpha() or b.isalpha()) for a, b in zip(text, other, strict=False)
    )

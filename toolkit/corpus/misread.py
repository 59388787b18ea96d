"""Restores texts that were read in a wrong encoding before they were saved, if that is sure, and reports others."""

from __future__ import annotations

import re

from toolkit.corpus.encodings import detected
from toolkit.text.notes import note

SAMPLE_CHARACTERS = 2000
"""Number of characters that are examined."""
MOST_ACCENTED_SHARE = 0.4
"""Share of accented Latin letters above which a text is of no language: French has .05, Icelandic .15."""
LEAST_ACCENTED_LETTERS = 12
"""Minimum number of accented letters for a decision."""
_SIGNS = re.compile("[\u00a1-\u00ff]")
_TAG = re.compile("<[^<>]{0,500}>")
_LETTERS = re.compile(r"[^\W\d_]")
_LOST = re.compile(r"\?(?<=[^\W\d_]\?)(?=[^\W\d_])")
_LEAST_LOST_LETTERS = 3


def mostly_latin_signs(text: str) -> bool:
    """Whether a text looks like Cyrillic, Greek, Hebrew, Arabic or Thai read as Latin-1: "Ñîâåò ïîðòà"."""
    if text.isascii():
        return False
    sample = _TAG.sub(" ", text[:SAMPLE_CHARACTERS])
    signs = len(_SIGNS.findall(sample))
    return signs >= LEAST_ACCENTED_LETTERS and signs > MOST_ACCENTED_SHARE * len(_LETTERS.findall(sample))


def misread(text: str) -> tuple[str, tuple[str, ...]]:
    """A text that was read as Latin-1 before it was saved, as it was, with a note; others as they are."""
    if not mostly_latin_signs(text):
        return text, ()
    for western in ("cp1252", "latin-1"):
        try:
            data = text.encode(western)
        except UnicodeEncodeError:
            continue
        guess = detected(data)
        restored = data.decode(guess.encoding, "replace")
        if guess.sure and "\ufffd" not in restored and not mostly_latin_signs(restored):
            example = f"read as {guess.encoding}: {text[:20]!r} as {restored[:20]!r}"
            return restored, (note("text that was saved after it was read as Latin-1", example),)
    return text, (note("letters are of no language: a text saved after it was read as Latin-1?", repr(text[:40])),)


def lost_letters(text: str, noted: bool) -> tuple[str, ...]:
    """Notes on letters that were lost before the file was written; `noted`: a note already reports \ufffd."""
    notes = []
    if not noted and "\ufffd" in text:
        at = text.index("\ufffd")
        example = f"{text.count(chr(0xFFFD))} in {text[max(0, at - 12) : at + 12]!r}"
        notes.append(note("letters were lost before the file was written (\ufffd)", example))
    if "?" in text:
        words = [word for mark in _LOST.finditer(text) if not set("/=&@.") & set(word := _word_at(text, mark.start()))]
        if len(words) >= _LEAST_LOST_LETTERS:
            example = f"{len(words)} such as {words[0]!r}"
            notes.append(note("question marks inside words: letters may have been lost", example))
    return tuple(notes)


def _word_at(text: str, at: int) -> str:
    """The text between the blanks around a place, at most 40 characters on each side."""
    before, after = text[max(0, at - 40) : at].split(), text[at : at + 40].split()
    return ((before[-1] if before else "") + (after[0] if after else "")).strip(".,;:!()\"'")

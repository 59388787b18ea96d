"""The form of a block, on which cleaning and heading detection depend: its view, words, ending and place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.corpus.source import Block
from toolkit.corpus.words import has_han, rough_words
from toolkit.text.sentences import SENTENCE_MARKS

MAX_VIEW_CHARACTERS = 1500
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "\u3000": " ", "\u202f": " "})
_MARKS = re.compile(r"^(?:\s*(?:#{1,6}|>+|[-*+](?=\s)|\d+[.)](?=\s)))+\s*")
_LINK = re.compile(r"!?\[([^\]]{0,500})\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_STRESS = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*_])")
_TRAIL = re.compile(r"\s+#+\s*$")
_TERMINAL = re.compile(rf"[.!?…{SENTENCE_MARKS}]['\")\]»」』）]*$")
_STOP = re.compile(rf"[.!?{SENTENCE_MARKS}](?:['\")\]」』）]*\s|['\")\]」』）]*$)|[{SENTENCE_MARKS}]")


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a block. `view` is its text on one line without markup, quotes straight, cut after
    MAX_VIEW_CHARACTERS."""

    block: Block
    view: str
    words: int
    han: bool
    terminal: bool  # ends as a sentence does
    links: float

    @property
    def sentences(self) -> int:
        """Number of sentence ends in the first 800 characters."""
        return len(_STOP.findall(self.view[:800]))

    @property
    def prose(self) -> bool:
        """A block that can only be body text: long enough and built of sentences."""
        return self.terminal and (self.words >= 20 or (self.sentences >= 2 and self.words >= 14))


def view_of(text: str, markdown: bool) -> str:
    """One line with single blanks and straight quotes, without Markdown's marks."""
    flat = " ".join(text[: 2 * MAX_VIEW_CHARACTERS].split())[:MAX_VIEW_CHARACTERS]
    if not flat.isascii():
        flat = flat.translate(_QUOTES)
    if not markdown:
        return flat
    flat = _TRAIL.sub("", _MARKS.sub("", flat)) if flat[:1] in "#>-*+0123456789" else flat
    if "](" in flat:
        flat = _LINK.sub(r"\1", flat) if not flat.startswith("![") or flat.count("](") > 1 else flat
    if "*" in flat or "_" in flat:
        flat = _STRESS.sub(r"\2", flat)
    return flat


def form_of(text: str, block: Block, markdown: bool) -> Form:
    """The form of one block of a document's text."""
    raw = text[block.start : block.end]
    view = view_of(raw, markdown)
    links = block.links
    if markdown and "](" in raw:
        linked = sum(len(link.group()) for link in _LINK.finditer(raw))
        links = max(links, linked / max(1, len(raw)))
    words = (
        view.count(" ") + 1 if len(raw) < MAX_VIEW_CHARACTERS and raw.isascii() and not markdown else rough_words(raw)
    )
    terminal = _TERMINAL.search(view[-8:] if len(view) < MAX_VIEW_CHARACTERS else raw[-8:]) is not None
    return Form(block, view, words, has_han(view), terminal, links)

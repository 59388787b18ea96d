"""The form of a text that models and keywords read: without links, handles and marks, with broken words joined.

Quotes remain verbatim; only text for embedding, counting and comparison has this form. A text without any such sign is
read unchanged, character for character.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from toolkit.values import Table

_BREAK = r"[ \t]*(?:\r\r\n|\r\n|\n\r|\n|\r|\x0b|\x0c|\x85|\u2028|\u2029)[ \t]*"
_LETTER = r"[^\W\d_]"
MOST_MARKS = 2000
"""A text with more marks of emphasis than this is no prose: they stay."""
_SIGN = re.compile(r"[@&*_`\[#~<¬\u00ad\u2026]|//|www\.|\w/|-\s|\u2010\s")
"""Matches every text whose reading form differs from the text."""
_PARTED = re.compile(rf"(?<![^\W_])(?P<left>{_LETTER}[^\W_]*)(?P<mark>[-\u2010\u00ad¬])(?:{_BREAK})(?P<right>[^\W_]+)")
_SPACED = re.compile(rf"(?<![^\W_])(?P<left>{_LETTER}+)- (?P<right>{_LETTER}+)")
_WORD = re.compile(rf"{_LETTER}+(?:[-\u2010]{_LETTER}+)*")
_URL_END = r"[^\s<>\"\u3000-\u9fff\uff00-\uffef]"
_LINK = re.compile(
    rf"(?:https?|ftp)(?::/{{0,2}}{_URL_END}*|…)|\bhtt?…|www\.{_URL_END}+|"
    rf"(?<![\w@./-])(?:[a-z0-9-]+\.)+[a-z]{{2,18}}/(?=[\w%?=&#~-]){_URL_END}*",
    re.IGNORECASE,
)
_AFTER_LINK = re.compile(r"[.,;:!?)\]}'’”»]+\Z")
_MAIL = re.compile(r"(?<![@\w.+-])(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_RETWEET = re.compile(r"\bRT\s+(?=[@＠])")
_HANDLE = re.compile(r"[@＠](?<![\w@＠][@＠])(?=\w*[^\W\d])\w+(?:[.-]\w+)*(?:@[\w-]+(?:\.[\w-]+)+)?:?")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&(?:amp|lt|gt|quot|nbsp)\b")
_TAG = re.compile(r"</?(?:br|p|b|i|u|a|em|strong|div|span|li|ul|ol|img|font|sup|sub)\b[^<>]{0,500}>", re.IGNORECASE)
_TAGGED_WORD = re.compile(r"(?<![\w&/#])#(?=\w*[^\W\d])")
_IMAGE = re.compile(r"!\[[^\]]{0,500}\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_POINTER = re.compile(
    r"\[([^\[\]]{1,500})\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)|\[([^\[\]]{1,500})\]\[[^\[\]]{0,80}\]"
)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,40}\]:?| ?\[\d{1,3}(?:[,–-] ?\d{1,3}){0,9}\](?!\()")
_STRESS = re.compile(r"(?<![\w*_~])(\*{1,3}|_{1,3}|~~)(?=\S)(.{1,400}?)(?<=\S)\1(?![\w*_~])", re.DOTALL)
_CODE = re.compile(r"(`{1,3})(?=\S)(.{1,400}?)(?<=\S)\1", re.DOTALL)
_SHOWN = re.compile(r"\s*\S+(?:(?<=[-\u2010¬])\s+\S+)?")
_LABEL = re.compile(r"\W{0,4}[^:：<>\r\n]{1,120}?(?:[:：][*_]{0,3}|>)\s*")
_BLANKS = re.compile(r"[ \t\u00a0]{2,}")


class Change(NamedTuple):
    """A change to a text: the kind of sign and its first occurrence."""

    kind: str
    example: str


@dataclass(frozen=True)
class ReadingForm:
    """Converts texts to the form that models and keywords read. `words`: frequency of each unbroken word."""

    words: Mapping[str, int] = field(default_factory=dict)
    verbatim: bool = False  # a text is read as it is

    @classmethod
    def of(cls, texts: Sequence[str]) -> ReadingForm:
        """The converter for a corpus, whose words distinguish broken words from compounds with a hyphen."""
        if not any(_is_parted(text) for text in texts):
            return cls()
        words: Counter[str] = Counter()
        for text in texts:
            words.update(_WORD.findall(_SPACED.sub(" ", _PARTED.sub(" ", text)).casefold()))
        return cls(words)

    def __call__(self, text: str) -> str:
        """The reading form; empty if the text consists of links, handles and marks."""
        if self.verbatim or not _SIGN.search(text):
            return text
        made = text
        for _, changed in self._steps(text):
            made = changed
        if made == text:
            return text
        made = _BLANKS.sub(" ", made).strip()
        return made if any(char.isalnum() for char in made) else ""

    def changes(self, text: str) -> Iterator[Change]:
        """The kinds of changes to the text, each with its first example."""
        if not _SIGN.search(text):
            return
        before = text
        for kind, after in self._steps(text):
            if after != before:
                yield Change(kind, _first_difference(before, after))
            before = after

    def _steps(self, text: str) -> Iterator[tuple[str, str]]:
        """Each kind of sign, and the text once it is gone."""
        if "&" in text:
            text = _unescaped(text)
            yield "entities", text
        if _is_parted(text):
            text = _PARTED.sub(self._joined, text)
            yield "words parted at line ends", text
        if "- " in text and self.words:
            text = _SPACED.sub(self._closed, text)
            yield "words parted at line ends", text
        if "[" in text or "`" in text or "*" in text or "_" in text or "~~" in text:
            text = _unmarked(text)
            yield "Markdown marks", text
        if "/" in text or "www." in text or "…" in text:
            text = _LINK.sub(_unlinked, text)
            yield "links", text
        if "@" in text or "＠" in text:
            text = _MAIL.sub("", _RETWEET.sub("", text) if "RT" in text else text)
            text = _HANDLE.sub("", text)
            yield "handles and mail addresses", text
        if "#" in text:
            text = _TAGGED_WORD.sub("", text)
            yield "signs of hashtags", text
        if "<" in text:
            text = _TAG.sub(" ", text)
            yield "tags", text

    def _joined(self, parted: re.Match[str]) -> str:
        """A word broken by a line end, as one word or with its hyphen."""
        left, mark, right = parted["left"], parted["mark"], parted["right"]
        if mark in "¬\u00ad":
            return left + right
        low, then = left.casefold(), right.casefold()
        if then in _lists()["conjunctions"]:
            return f"{left}- {right}"
        name = right[:1].isupper() and not left.isupper()
        if name or not left[-1:].isalpha() or not right[:1].isalpha() or self._compound(low, then):
            return f"{left}-{right}"
        return left + right

    def _compound(self, left: str, right: str) -> bool:
        """Whether two parts are a compound with a hyphen: as the corpus writes it elsewhere, else by its parts."""
        joined, hyphened = self.words.get(left + right, 0), self.words.get(f"{left}-{right}", 0)
        if joined or hyphened:
            return hyphened >= joined
        lists = _lists()
        return left in lists["first_parts"] and right in lists["second_parts"]

    def _closed(self, parted: re.Match[str]) -> str:
        """A word broken at a former line end: joined only if the corpus contains the whole word."""
        left, right = parted["left"].casefold(), parted["right"].casefold()
        known = self.words.get(left + right, 0) > 0 and not self.words.get(f"{left}-{right}", 0)
        return parted["left"] + parted["right"] if known and not self.words.get(left, 0) else parted[0]


def reading_forms(texts: Sequence[str]) -> list[str]:
    """The form of each of a corpus's texts that models and keywords read."""
    form = ReadingForm.of(texts)
    return [form(text) for text in texts]


def without_label(text: str, speaker: str | None) -> str:
    """A turn of a transcript without the name and the colon (or angle brackets) at its head."""
    label = _LABEL.match(text) if speaker else None
    if label is None or str(speaker).casefold() not in label[0].casefold():
        return text
    return text[label.end() :] or text


def texts_as_read(paragraphs: Table) -> list[str]:
    """The texts of a table of paragraphs as models and keywords read them: its column `read_as`, else `text`."""
    name = "read_as" if "read_as" in paragraphs.column_names else "text"
    texts: list[str] = paragraphs[name].to_pylist()
    return texts


def form_of_parts(paragraphs: Table) -> ReadingForm:
    """The form in which sentences of these paragraphs are read: that of the paragraphs."""
    texts, read = paragraphs["text"].to_pylist(), texts_as_read(paragraphs)
    return ReadingForm(verbatim=True) if texts == read else ReadingForm.of(texts)


def _is_parted(text: str) -> bool:
    """Whether a word may continue on the next line: a fast pre-check."""
    return ("-" in text or not text.isascii()) and _PARTED.search(text) is not None


def _unescaped(text: str) -> str:
    """The text with entities replaced by their characters, even if they were escaped twice."""
    for _ in range(2):
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]).replace("\u00a0", " "), text)
    return text


def _unmarked(text: str) -> str:
    text = _FOOTNOTE.sub("", _IMAGE.sub(" ", text))
    text = _POINTER.sub(lambda pointer: pointer[1] or pointer[2] or "", text)
    if sum(text.count(mark) for mark in "*_`~") > MOST_MARKS:
        return text
    text = _STRESS.sub(r"\2", _CODE.sub(r"\2", text))
    return _STRESS.sub(r"\2", text) if "*" in text or "_" in text else text


def _unlinked(link: re.Match[str]) -> str:
    """Nothing, or the punctuation that ends a sentence after a link."""
    after = _AFTER_LINK.search(link[0])
    return after[0] if after else ""


def _first_difference(before: str, after: str) -> str:
    """The word of `before` at which `after` begins to differ, with its second half if a line end breaks it."""
    at = next((i for i, (left, right) in enumerate(zip(before, after, strict=False)) if left != right), len(after))
    start = at
    while start and not before[start - 1].isspace():
        start -= 1
    word = _SHOWN.match(before, start)
    return " ".join(word[0].split()) if word else ""


@cache
def _lists() -> dict[str, frozenset[str]]:
    """Words of `compounds.txt` by section: which first and second parts keep their hyphen at a line end."""
    lists: dict[str, frozenset[str]] = {}
    text = resources.files("toolkit.text").joinpath("compounds.txt").read_text("utf-8")
    for section in text.split("[")[1:]:
        name, _, words = section.partition("]")
        lists[name] = frozenset(words.split())
    return lists


def changes_in(texts: Iterable[str], form: ReadingForm) -> dict[str, str]:
    """The kinds of sign that are read in another form in some texts, each with its first example."""
    seen: dict[str, str] = {}
    for text in texts:
        for change in form.changes(text):
            seen.setdefault(change.kind, change.example)
    return seen

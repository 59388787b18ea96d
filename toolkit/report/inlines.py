"""Parts of a line, of which the blocks of a report are made.

Every text in them is plain text. A writer escapes all of it, since it alone knows the marks of its format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from toolkit.report.spread import Trend

Medium = Literal["page", "markdown", "pdf"]
EVERYWHERE: frozenset[Medium] = frozenset({"page", "markdown", "pdf"})
PAGE: frozenset[Medium] = frozenset({"page"})
MARKDOWN: frozenset[Medium] = frozenset({"markdown"})
PAPER: frozenset[Medium] = frozenset({"markdown", "pdf"})


@dataclass(frozen=True)
class Words:
    """Words of the corpus or of the researcher, which may run in either direction."""

    parts: Inlines


@dataclass(frozen=True)
class Ranges:
    """Own words with dates or ranges of numbers, which should not break over lines."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Words in bold."""

    parts: Inlines


@dataclass(frozen=True)
class Emphasis:
    """Words in italics."""

    parts: Inlines


@dataclass(frozen=True)
class Code:
    """A name or command as a machine reads it."""

    text: str


@dataclass(frozen=True)
class Link:
    """A link to a web address, or to an anchor of the page (`#theme-0`), which is a link in the page alone.

    Raises ValueError for any other address: `javascript:` and the like reach no writer.
    """

    parts: Inlines
    to: str

    def __post_init__(self) -> None:
        if not self.to.lower().startswith(("#", "https://", "http://")):
            raise ValueError(f"no address for a report to link to: {self.to!r}")


@dataclass(frozen=True)
class File:
    """A file of the run folder, by its path in it."""

    name: str


@dataclass(frozen=True)
class Detail:
    """A detail of the words before it: on a line below them in the page, in brackets elsewhere."""

    parts: Inlines


@dataclass(frozen=True)
class Tag:
    """A mark on a theme, a code or a finding: fragile, not found, weak."""

    text: str
    kind: Literal["fragile", "missing", "checked", "sound", "weak", "unchecked", "open"]


@dataclass(frozen=True)
class Key:
    """The shape and colour of a theme, drawn in the page alone."""

    theme: int


@dataclass(frozen=True)
class Bar:
    """A share with its interval, drawn in the page alone, on a scale that ends at `top`."""

    estimate: float | None
    low: float | None
    high: float | None
    top: float


@dataclass(frozen=True)
class TrendLine:
    """A share over time: a line in the page, on a scale that ends at `top`; its direction in words elsewhere."""

    trend: Trend
    top: float


@dataclass(frozen=True)
class Only:
    """Parts that only some media have."""

    media: frozenset[Medium]
    parts: Inlines


Inline = str | Words | Ranges | Strong | Emphasis | Code | Link | File | Detail | Tag | Key | Bar | TrendLine | Only
"""A part of a line; a `str` is in the toolkit's own words."""
Inlines = tuple[Inline, ...]

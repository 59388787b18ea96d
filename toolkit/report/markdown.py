"""report.md: the same report for places that render Markdown; corpus words can neither format nor execute there."""

from __future__ import annotations

import re
from functools import cache
from html import escape

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from toolkit.figures.words import count, one_line, percent, plural
from toolkit.report.content import Content
from toolkit.report.page import TEMPLATES, _tops

_MARKS = re.compile(r"([\\`*_\[\]|~#$@!])")
_ADDRESS = re.compile(r"\b(https?|ftp|javascript|data|vbscript|mailto)(?=:(?:\S|$))|\bwww(?=\.)", re.IGNORECASE)


def plain(text: object) -> str:
    """Text that stays text in Markdown: marks escaped, HTML escaped, addresses not linked, one line."""
    return re.sub(r"^(\d*)([-+=]|(?<=\d)[.)])", r"\1\\\2", _escaped(one_line(text)))


def _escaped(text: str) -> str:
    """Text inside a line: nothing in it formats, links or runs."""
    shown = _MARKS.sub(r"\\\1", escape(text, quote=False))
    return _ADDRESS.sub(lambda match: match.group() + "&#8203;", shown)


def _inside(text: object) -> str:
    return _escaped(one_line(text))


@cache
def environment() -> Environment:
    """Jinja for Markdown: nothing escaped by itself, every value goes through `md`."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # Markdown: every value goes through `md`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["md"] = _inside
    made.filters["line"] = plain
    made.globals.update(count=count, percent=percent, plural=plural, tops=_tops)
    return made


def markdown(content: Content) -> str:
    """The whole report as Markdown."""
    text = environment().get_template("report.md.j2").render(c=content)
    return re.sub(r"\n{3,}", "\n\n", text)

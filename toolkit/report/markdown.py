"""report.md: the same report for places that render Markdown; corpus words can neither format nor execute there."""

from __future__ import annotations

import re
from functools import cache
from html import escape

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from toolkit.figures.words import count, one_line, percent, plural
from toolkit.report.content import Content
from toolkit.report.page import TEMPLATES

_MARKS = re.compile(r"([\\`*_\[\]|~#$@!])")
_ADDRESS = re.compile(r"\b(https?|ftp|javascript|data|vbscript|mailto)(?=:)|\bwww(?=\.)", re.IGNORECASE)


def plain(text: object) -> str:
    """Text that stays text in Markdown: marks escaped, HTML escaped, addresses not linked, one line."""
    shown = escape(one_line(text), quote=False)
    shown = _MARKS.sub(r"\\\1", shown)
    shown = _ADDRESS.sub(lambda match: match.group() + "&#8203;", shown)
    return re.sub(r"^(\d*)([-+=]|(?<=\d)[.)])", r"\1\\\2", shown)


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
    made.filters["md"] = plain
    made.globals.update(count=count, percent=percent, plural=plural)
    return made


def markdown(content: Content) -> str:
    """The whole report as Markdown."""
    text = environment().get_template("report.md.j2").render(c=content)
    return re.sub(r"\n{3,}", "\n\n", text)

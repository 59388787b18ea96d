"""report.html: one file that asks the network for nothing and runs nothing but its own few lines."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from toolkit.figures import Figure as Drawing
from toolkit.figures import svg
from toolkit.figures.style import DARK, LIGHT, by_theme, font_face, rules, sans, theme_class
from toolkit.files.csv import csv_text
from toolkit.report import inlines as inline_types
from toolkit.report.blocks import Block, Report
from toolkit.report.inlines import Inline, Inlines
from toolkit.report.spread import NO_TREND, Trend
from toolkit.text.format import plural, visible

TEMPLATES = Path(__file__).parent / "templates"
MACROS = ("blocks.html.j2", "findings.html.j2", "figure.html.j2", "map.html.j2", "documents.html.j2")
"""Templates with a macro for each type of block, of its name."""
STYLES = ("report.css", "opening.css", "figures.css", "map.css", "documents.css", "print.css")
"""In their order in the page; the last one overrides the others."""
SCRIPTS = (
    "report.js",
    "figures.js",
    "map_points.js",
    "map_names.js",
    "map_data.js",
    "map_view.js",
    "map_card.js",
    "map.js",
    "documents.js",
)
"""The first one contains what the others use."""
EXTRA = {
    "light": {"link": "#17586a", "focus": "#c5652d", "wash": "#f3f6f7", "warn": "#9a3b12", "good": "#1f6b45"},
    "dark": {"link": "#8fd0df", "focus": "#f8a84f", "wash": "#1d242b", "warn": "#f3a873", "good": "#7fd0a6"},
}
BAR = 128.0
MOST_TAKEN = 5_000
"""Largest table of a figure, in rows, that the page offers as CSV."""
_RANGE = re.compile(r"\(?\d[\d.,]*%?[–-][\d.,%–-]*\d%?\)?")
CLASSES = {"number": "n", "short words": "nw", "long words": "whole", "trend": "over"}
"""Content of a column -> the CSS class of its cells."""


def strict_environment(templates: Path) -> Environment:
    """Jinja over a folder of templates, with escaping on and undefined names an error."""
    return Environment(
        loader=FileSystemLoader(templates),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def environment() -> Environment:
    """The report's own templates, with what they call."""
    jinja = strict_environment(TEMPLATES)
    jinja.finalize = _finalized
    jinja.globals.update(
        blocks=blocks,
        inline=inline,
        plural=plural,
        file=inline_types.File,
        key=inline_types.Key,
        link=inline_types.Link,
        classes=CLASSES,
    )
    jinja.globals.update(bars=_bars, no_bars=_no_bars, csv=_csv, takes=_takes, only_narrow=_only_narrow)
    return jinja


@cache
def _macros() -> SimpleNamespace:
    """Every macro by its name."""
    modules = [vars(environment().get_template(name).module) for name in MACROS]
    return SimpleNamespace(**{name: macro for module in modules for name, macro in module.items() if name[0] != "_"})


def page(report: Report) -> str:
    """The whole page as text."""
    style, script = stylesheet(), _read(SCRIPTS)
    sections = [section for section in report.sections if "page" in section.media]
    template = environment().get_template("report.html.j2")
    return template.render(report=report, sections=sections, style=style, script=script, policy=policy(style, script))


def blocks(items: Iterable[Block]) -> Markup:
    """Blocks one after the other, each by the macro of its name."""
    return Markup("\n").join(getattr(_macros(), type(item).__name__)(item) for item in items)


def inline(parts: Iterable[Inline]) -> Markup:
    """Parts of a line, with every text in them escaped."""
    return Markup("").join(map(_part, parts))


def _finalized(value: object) -> object:
    """What a template writes: any text that is not markup yet, without characters that have no shape."""
    return visible(value) if type(value) is str else value


def _text(text: str) -> Markup:
    return escape(visible(text))


def _part(part: Inline) -> Markup:
    match part:
        case str():
            return _text(part)
        case inline_types.Words():
            return Markup("<bdi>{}</bdi>").format(inline(part.parts))
        case inline_types.Ranges():
            return _kept(part.text)
        case inline_types.Strong():
            return Markup("<b>{}</b>").format(inline(part.parts))
        case inline_types.Emphasis():
            return Markup("<i>{}</i>").format(inline(part.parts))
        case inline_types.Code():
            return Markup("<code>{}</code>").format(_text(part.text))
        case inline_types.Link():
            away = "" if part.to.startswith("#") else Markup(' rel="noreferrer noopener nofollow"')
            return Markup('<a href="{}"{}>{}</a>').format(part.to, away, inline(part.parts))
        case inline_types.File():
            return Markup('<a class="beside" href="{0}"><code>{0}</code></a>').format(part.name)
        case inline_types.Detail():
            return Markup('<span class="sub">{}</span>').format(inline(part.parts))
        case inline_types.Tag():
            return Markup('<span class="tag {}">{}</span>').format(part.kind, _text(part.text))
        case inline_types.Key():
            return _key(part.theme)
        case inline_types.Bar():
            return _bar(part)
        case inline_types.TrendLine():
            return _trend_line(part)
        case inline_types.Only():
            return inline(part.parts) if "page" in part.media else Markup("")
        case _:
            assert_never(part)


def _bars(parts: Inlines) -> Inlines:
    return tuple(part for part in parts if isinstance(part, inline_types.Bar))


def _no_bars(parts: Inlines) -> Inlines:
    return tuple(part for part in parts if not isinstance(part, inline_types.Bar))


def _takes(drawing: Drawing) -> tuple[str, ...]:
    """The formats in which the page offers a figure; CSV only if the page contains its numbers."""
    return ("SVG", "PNG", "CSV") if drawing.table.num_rows <= MOST_TAKEN else ("SVG", "PNG")


def _only_narrow(drawing: Drawing) -> str:
    """The sentences of the narrow figure's caption that the wide one's lacks: how much of it is shown."""
    narrow = drawing.narrow.caption if drawing.narrow else ""
    return " ".join(part for part in narrow.split(". ") if part.rstrip(".") not in drawing.caption)


def _csv(drawing: Drawing) -> Markup:
    """The numbers of a figure as CSV; a page would read a carriage return as a line feed."""
    return Markup(str(escape(csv_text(drawing.table))).replace("\r", "&#13;"))


def _read(names: Iterable[str]) -> str:
    return "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)


def policy(style: str, script: str) -> str:
    """The content security policy: nothing from anywhere but the page's own style, script, fonts and pictures."""
    return (
        f"default-src 'none'; style-src '{_sha(style)}'; script-src '{_sha(script)}'; font-src data:; "
        "img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _sha(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def stylesheet() -> str:
    """Fonts, colours of both modes, the page's rules and those of the figures in it."""
    serif = "".join(
        font_face("Source Serif 4", weight, style, f"source-serif-4-latin-{weight}-{style}.woff2")
        for weight, style in ((400, "normal"), (400, "italic"), (600, "normal"))
    )
    light = _variables(LIGHT | EXTRA["light"])
    dark = _variables(DARK | EXTRA["dark"])
    family = '"Source Sans 3","Helvetica Neue",Arial,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif'
    return (
        f"{serif}{sans()}\n:root{{{light}--sans:{family}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        f"@media print{{:root{{{light}}}}}\n{rules('svg.fig', variables=True)}\n{_read(STYLES)}{_keys()}"
    )


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


def _keys() -> str:
    """What has a theme's colour: its sign, its part of a document, an edge, and its points in a small map."""
    small = f"@media (max-width:40rem){{{by_theme('.stage .t#{stroke:@}')}}}"
    return by_theme(".key.t#{fill:@}.strip .t#{stroke:@}") + by_theme("blockquote.q#,.tb#{border-color:@}") + small


def _kept(text: str) -> Markup:
    """Text whose dates and ranges of numbers do not break over lines."""
    return Markup(_RANGE.sub(r'<span class="nw">\g<0></span>', str(_text(text))))


def _bar(bar: inline_types.Bar) -> Markup:
    """A share as a dot on a line, its interval as a thicker one; nothing for a share that is undefined."""
    if bar.estimate is None:
        return Markup("")
    ends = ""
    if bar.low is not None and bar.high is not None:
        low, high = _at(bar.low, bar.top), _at(bar.high, bar.top)
        ends = f'<line class="ends" x1="{low}" y1="8" x2="{high}" y2="8"/>'
    return Markup(
        '<svg class="bar" viewBox="0 0 136 16" aria-hidden="true" focusable="false">'
        f'<line class="base" x1="0" y1="8" x2="136" y2="8"/>{ends}'
        f'<circle class="dot" cx="{_at(bar.estimate, bar.top)}" cy="8" r="4"/></svg>'
    )  # numbers only


def _at(value: float, top: float) -> str:
    return svg.number(4 + BAR * min(value, top) / top)


def _trend_line(line: inline_types.TrendLine) -> Markup:
    """A line over time, with a word under it if it clearly rises or falls, by paragraphs or by documents."""
    if not line.trend.points:
        return Markup("")
    clear = line.trend.way not in ("", NO_TREND)
    return _spark(line.trend, line.top) + (inline((inline_types.Detail((line.trend.way,)),)) if clear else "")


def _spark(trend: Trend, top: float) -> Markup:
    """A share over time as a line 88 by 24: periods evenly apart, `top` at its upper edge, the last one marked."""
    step = 80 / max(1, len(trend.points) - 1)
    spots = [(4 + step * i, 21 - 18 * min(share, top) / top) for i, (_, share, _) in enumerate(trend.points)]
    path = " ".join(f"{svg.number(x)},{svg.number(y)}" for x, y in spots)
    x, y = spots[-1]
    drawn = svg.line(4, 21, 84, 21, "base") + svg.element("polyline", points=path) + svg.circle(x, y, 2.4)
    label = escape(f"{trend.ends}{'; ' + trend.way if trend.way else ''}")
    return Markup(f'<svg class="spark" viewBox="0 0 88 24" role="img" aria-label="{label}">{drawn}</svg>')


def _key(theme: int) -> Markup:
    drawn = svg.point(7, 7, theme, 4.6)
    return Markup(
        f'<svg class="key {theme_class(theme)}" viewBox="0 0 14 14" aria-hidden="true" focusable="false">{drawn}</svg>'
    )  # numbers only

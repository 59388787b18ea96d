"""report.html: one file that asks the network for nothing and runs nothing but its own few lines."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from toolkit.figures import svg
from toolkit.figures.intervals import nice_top
from toolkit.figures.style import DARK, LIGHT, font_face, rules, sans, theme_class
from toolkit.figures.words import count, percent, plural
from toolkit.report.code_part import CodePart
from toolkit.report.content import Content
from toolkit.report.spread import NO_SOURCE, Trend
from toolkit.report.theme_part import ThemePart

TEMPLATES = Path(__file__).parent / "templates"
EXTRA = {
    "light": {"link": "#17586a", "focus": "#c5652d", "wash": "#f3f6f7", "warn": "#9a3b12"},
    "dark": {"link": "#8fd0df", "focus": "#f8a84f", "wash": "#1d242b", "warn": "#f3a873"},
}
BAR = 128.0
_RANGE = re.compile(r"\(?\d[\d.,]*%?[–-][\d.,%–-]*\d%?\)?")
CONTENTS = (
    ("summary", "In short"),
    ("map", "Map"),
    ("themes", "Themes found"),
    ("codes", "The codebook"),
    ("crossing", "Codes and themes"),
    ("near", "Nearest paragraphs"),
    ("variation", "Source and time"),
    ("corpus", "The corpus"),
    ("validity", "Trust"),
    ("methods", "Methods"),
    ("replay", "Replay"),
    ("paragraphs", "Paragraphs"),
)


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
    made = strict_environment(TEMPLATES)
    made.globals.update(count=count, percent=percent, plural=plural, at=_at, mark=_mark, theme_class=theme_class)
    made.globals.update(spark=_spark, tops=_tops)
    made.filters["kept"] = _kept
    made.filters["linked"] = _linked
    return made


def page(content: Content) -> str:
    """The whole page as text."""
    style, script = stylesheet(), (TEMPLATES / "report.js").read_text(encoding="utf-8")
    stands = {"map": content.mapped, "themes": content.found, "codes": content.codes, "near": content.pairs}
    stands |= {"crossing": content.codes and content.found, "variation": content.varies}
    stands |= {"paragraphs": content.mode != "none"}
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            c=content,
            style=style,
            script=script,
            policy=policy(style, script),
            contents=[entry for entry in CONTENTS if stands.get(entry[0], True)],
            top=_top(content),
            sources=[row.name for row in content.corpus.sources if row.name != NO_SOURCE],
            years=_years(content),
            labels={theme.theme: theme.label for theme in content.themes},
        )
    )


def policy(style: str, script: str) -> str:
    """The content security policy: nothing from anywhere but the page's own style, script and fonts."""
    return (
        f"default-src 'none'; style-src '{_sha(style)}'; script-src '{_sha(script)}'; font-src data:; "
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
    own = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    return (
        f"{serif}{sans()}\n:root{{{light}--sans:{family}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        f"@media print{{:root{{{light}}}}}\n{rules('svg.fig', variables=True)}{_keys()}\n{own}"
    )


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


def _keys() -> str:
    return "".join(f".key.t{i}{{fill:var(--t{i})}}" for i in range(8)) + ".key.tn{fill:var(--none)}"


def _kept(text: str) -> Markup:
    """Text whose dates and ranges of numbers do not break over lines."""
    return Markup(_RANGE.sub(r'<span class="nw">\g<0></span>', str(escape(text))))


def _linked(text: Markup, content: Content) -> Markup:
    """The abstract with every theme and every code that it names leading to its card."""
    anchors = {f"“{escape(theme.label)}”": theme.anchor for theme in content.found}
    codes = {str(escape(code.name)): code.anchor for code in content.codes if code.name}
    names = "|".join(re.escape(name) for name in sorted(anchors, key=len, reverse=True))
    before = "|".join(re.escape(name) for name in sorted(codes, key=len, reverse=True))
    pattern = "|".join(filter(None, [names, rf"(?:{before})(?= in (?:\d|&lt;))" if before else ""]))
    if not pattern:
        return text

    def link(found: re.Match[str]) -> str:
        return f'<a href="#{(anchors | codes)[found.group()]}"><bdi>{found.group()}</bdi></a>'

    return Markup(re.sub(pattern, link, str(text)))


def _at(value: float, top: float) -> str:
    return svg.number(4 + BAR * min(value, top) / top)


def _spark(trend: Trend, top: float) -> Markup:
    """A share over time as a line 88 by 24: periods evenly apart, `top` at its upper edge, the last one marked."""
    step = 80 / max(1, len(trend.points) - 1)
    spots = [(4 + step * i, 21 - 18 * min(share, top) / top) for i, (_, share, _) in enumerate(trend.points)]
    path = " ".join(f"{svg.number(x)},{svg.number(y)}" for x, y in spots)
    x, y = spots[-1]
    drawn = svg.line(4, 21, 84, 21, "base") + svg.element("polyline", points=path) + svg.circle(x, y, 2.4)
    said = escape(f"{trend.ends}{'; ' + trend.way if trend.way else ''}")
    return Markup(f'<svg class="spark" viewBox="0 0 88 24" role="img" aria-label="{said}">{drawn}</svg>')


def _tops(parts: Iterable[ThemePart | CodePart]) -> float:
    """The largest share of any period of these themes or codes; 0 where none has a trend."""
    return max((share for part in parts for _, share, _ in part.trend.points), default=0.0)


def _mark(theme: int) -> Markup:
    return Markup(svg.point(7, 7, theme, 4.6))  # numbers only


def _top(content: Content) -> float:
    parts: list[Any] = [*content.themes, *content.codes]
    return nice_top([part.share.high or part.share.estimate or 0.0 for part in parts])


def _years(content: Content) -> list[str]:
    first, last = content.corpus.first[:4], content.corpus.last[:4]
    if not (first.isdigit() and last.isdigit()) or int(last) - int(first) > 200:
        return []
    return [str(year) for year in range(int(first), int(last) + 1)]

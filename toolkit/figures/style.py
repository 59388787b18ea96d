"""The look of every figure: one set of rules, written once with colours for a file and once with variables for a page.

Text stays text (searchable, readable aloud, editable). It is set in Source Sans 3, whose Latin part is embedded in
each file; characters it lacks (Chinese, say) are shown by a font of the reader's system. Widths are measured with the
same font.

The eight colours were found by maximising the smallest OKLab distance between any two under normal vision and under
simulated protanopia, deuteranopia and tritanopia (Machado et al. 2009), each at least 3:1 against white. A theme has a
shape besides, so that themes stay apart in grey.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
LIGHT = {
    "ink": "#1b2733",
    "soft": "#55626e",
    "line": "#8a949d",
    "grid": "#e3e7ea",
    "paper": "#ffffff",
    "mark": "#1f6477",
    "tint": "#207183",
    "none": "#8b949c",
    "t0": "#207183",
    "t1": "#c5652d",
    "t2": "#6743b3",
    "t3": "#288ded",
    "t4": "#6f1724",
    "t5": "#ae80aa",
    "t6": "#403463",
    "t7": "#aa2619",
}
DARK = {
    "ink": "#e6e9ec",
    "soft": "#a9b3bc",
    "line": "#6f7a84",
    "grid": "#2b343c",
    "paper": "#14181d",
    "mark": "#7cc7d8",
    "tint": "#4aa3b5",
    "none": "#7d8790",
    "t0": "#6cd4a4",
    "t1": "#f8a84f",
    "t2": "#a0b2e8",
    "t3": "#688cd7",
    "t4": "#a88098",
    "t5": "#d2e88c",
    "t6": "#b3e5fc",
    "t7": "#7b9a44",
}
COLOURS = 8
SHAPES = 4
FAMILY = '"Source Sans 3","Helvetica Neue",Arial,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif'
_RULES = (
    ("text", "font-family:{family};font-size:13px;fill:@ink"),
    (".small", "font-size:11.5px"),
    (".soft", "fill:@soft"),
    (".bold", "font-weight:600"),
    (".end", "text-anchor:end"),
    (".mid", "text-anchor:middle"),
    (".number", "display:none"),
    (".number", "font-size:15px"),
    (".halo", "stroke:@paper;stroke-width:3.5px;stroke-linejoin:round;paint-order:stroke"),
    (".grid", "stroke:@grid;stroke-width:1px"),
    (".axis", "stroke:@line;stroke-width:1px"),
    (".stroke", "stroke:@mark;stroke-width:2px;fill:none"),
    (".under", "stroke:@paper;stroke-width:3px;stroke-opacity:.75"),
    (".lead", "stroke:@soft;stroke-width:1.1px"),
    (".thin", "stroke:@line;stroke-width:1px;fill:none"),
    (".mark", "fill:@mark"),
    (".hollow", "fill:@paper;stroke:@mark;stroke-width:2px"),
    (".band", "fill:@mark;fill-opacity:.16"),
    (".cell", "fill:@tint"),
    (".frame", "fill:none;stroke:@grid;stroke-width:1px"),
    (".tn", "fill:@none"),
)


def rules(scope: str = "", variables: bool = False) -> str:
    """The style rules of figures; with `variables` each colour is a CSS custom property of the page."""
    every = [*_RULES, *((f".t{i}", f"fill:@t{i}") for i in range(COLOURS))]
    text = "".join(f"{scope} {name}{{{body}}}".lstrip() for name, body in every).replace("{family}", FAMILY)
    for name in sorted(LIGHT, key=len, reverse=True):
        text = text.replace(f"@{name}", f"var(--{name})" if variables else LIGHT[name])
    return text


@cache
def font_face(family: str, weight: int, style: str, file: str) -> str:
    """A font as a CSS rule that holds the font itself."""
    data = base64.b64encode((FONTS / file).read_bytes()).decode("ascii")
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};font-display:swap;'
        f'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
    )


def sans() -> str:
    """The two weights that figures are set in."""
    return "".join(
        font_face("Source Sans 3", weight, "normal", f"source-sans-3-latin-{weight}-normal.woff2")
        for weight in (400, 600)
    )


def theme_class(theme: int) -> str:
    """The CSS class that gives a theme its colour; -1 is grey."""
    return "tn" if theme < 0 else f"t{theme % COLOURS}"


def shape_of(theme: int) -> int:
    """The shape of a theme's points: 0 circle, 1 square, 2 triangle, 3 diamond; colour and shape repeat after 32."""
    return 0 if theme < 0 else (theme + theme // COLOURS) % SHAPES

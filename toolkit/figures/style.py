"""The look of every figure: one set of rules, written once with colours for a file and once with variables for a page.

Text stays text (searchable, readable aloud, editable). It is set in Source Sans 3, whose Latin part is embedded in
each file; characters it lacks (Chinese, say) are shown by a font of the reader's system. Widths are measured with the
same font.

The twelve hues of themes are at least 20 degrees apart in OKLCH. Their lightness and chroma were chosen by maximising
the smallest OKLab distance between any two under normal vision and under simulated protanopia, deuteranopia and
tritanopia (Machado et al. 2009), each at least 3:1 against its paper. A theme has a shape besides, so that themes stay
apart in grey, and beyond twelve.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
THEME_COLOURS = (
    ("#228496", "#83d1e2"),
    ("#6f123d", "#c3557f"),
    ("#a38d1a", "#f5db65"),
    ("#3f93f5", "#3a80d4"),
    ("#7e561a", "#f19f0d"),
    ("#88257b", "#d992cc"),
    ("#ad6562", "#c38380"),
    ("#51266f", "#8c6ca7"),
    ("#736ce1", "#918ffa"),
    ("#677d24", "#b4cd76"),
    ("#6f3515", "#e16c28"),
    ("#40a479", "#69c69a"),
)
"""Each theme's colour on light and on dark paper: the same hue in both, the most different ones first."""
LIGHT = {
    "ink": "#1b2733",
    "soft": "#55626e",
    "line": "#8a949d",
    "grid": "#e3e7ea",
    "paper": "#ffffff",
    "mark": "#1f6477",
    "tint": "#207183",
    "none": "#8b949c",
    **{f"t{hue}": light for hue, (light, _) in enumerate(THEME_COLOURS)},
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
    **{f"t{hue}": dark for hue, (_, dark) in enumerate(THEME_COLOURS)},
}
HUES = len(THEME_COLOURS)
"""How many themes have a hue of their own; from there on hues repeat with another shape."""
SHAPES = 4
HEAD, TEXT = 19.0, 14.0
"""Pixels of a headline and of all other words: 7 points if a figure is as wide as it is meant to be."""
WIDE, NARROW = 896, 448
"""Pixels of a figure for the whole width of a page (170 mm) and for a column (85 mm) or a telephone."""
FAMILY = '"Source Sans 3","Helvetica Neue",Arial,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif'
_RULES = (
    ("text", "font-family:{family};font-size:13px;fill:@ink"),
    (".small", "font-size:11.5px"),
    (".head", "font-size:{head}px;font-weight:600"),
    (".label", "font-size:{text}px"),
    (".over", "display:none"),
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
    (".pale", "fill:@none"),
    (".dim", "stroke:@none;stroke-width:2px;fill:none"),
    (".thick", "stroke-width:4px"),
    (".cell", "fill:@tint"),
    (".frame", "fill:none;stroke:@grid;stroke-width:1px"),
    (".tn", "fill:@none"),
)


def rules(scope: str = "", variables: bool = False) -> str:
    """The style rules of figures; with `variables` each colour is a CSS custom property of the page."""
    every = [*_RULES, *((f".t{i}", f"fill:@t{i}") for i in range(HUES))]
    text = "".join(f"{scope} {name}{{{body}}}".lstrip() for name, body in every).replace("{family}", FAMILY)
    text = text.replace("{head}", f"{HEAD:g}").replace("{text}", f"{TEXT:g}")
    for name in sorted(LIGHT, key=len, reverse=True):
        text = text.replace(f"@{name}", f"var(--{name})" if variables else LIGHT[name])
    return text


@cache
def font_face(family: str, weight: int, style: str, file: str) -> str:
    """A font as a CSS rule that contains the font itself."""
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


def hue_of(theme: int) -> str:
    """Which colour a theme has: `0` to `11`, and `n` (grey) for -1."""
    return "n" if theme < 0 else str(theme % HUES)


def theme_class(theme: int) -> str:
    """The CSS class that gives a theme its colour; -1 is grey."""
    return f"t{hue_of(theme)}"


def shape_of(theme: int) -> int:
    """The shape of a theme's points: 0 circle, 1 square, 2 triangle, 3 diamond; colour and shape repeat after 48."""
    return 0 if theme < 0 else (theme + theme // HUES) % SHAPES


def by_theme(rule: str) -> str:
    """A style rule once for each colour of a theme, for a page: `#` is its `hue_of`, `@` its colour."""
    hues = [hue_of(theme) for theme in range(-1, HUES)]
    return "".join(rule.replace("#", hue).replace("@", f"var(--{'none' if hue == 'n' else 't' + hue})") for hue in hues)

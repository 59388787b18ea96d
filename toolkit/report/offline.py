"""The look that offline pages for people share: the coding sheet and the page to curate themes."""

from __future__ import annotations

from pathlib import Path

from toolkit.figures.style import DARK, FAMILY, LIGHT, font_face, sans
from toolkit.report.page import EXTRA, TEMPLATES

COLOURS = ("ink", "soft", "line", "grid", "paper", "mark")
OWN = {
    "light": EXTRA["light"] | {"on": "#ffffff"},
    "dark": EXTRA["dark"] | {"wash": "#0e1216", "on": "#0e1216"},
}


def offline_style(stylesheet: Path) -> str:
    """A whole stylesheet: fonts, colours of both modes, the shared rules and those of the page in `own`."""
    serif = "".join(
        font_face("Source Serif 4", weight, style, f"source-serif-4-latin-{weight}-{style}.woff2")
        for weight, style in ((400, "normal"), (400, "italic"), (600, "normal"))
    )
    light, dark = _variables(LIGHT, OWN["light"]), _variables(DARK, OWN["dark"])
    shared = (TEMPLATES / "offline.css").read_text(encoding="utf-8")
    night = f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    rules = shared + stylesheet.read_text(encoding="utf-8")
    return f"{serif}{sans()}\n:root{{{light}--sans:{FAMILY}}}\n{night}\n{rules}"


def _variables(colours: dict[str, str], extra: dict[str, str]) -> str:
    named = {name: colours[name] for name in COLOURS} | extra
    return "".join(f"--{name}:{value};" for name, value in named.items())

"""sheet.html: one file that asks the network for nothing, shows nothing of what a machine found, and works by keys."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from toolkit.figures.style import DARK, FAMILY, LIGHT, font_face, sans
from toolkit.figures.words import one_line, visible
from toolkit.report.page import policy
from toolkit.sheet.sheet import TASKS, Sheet

TEMPLATES = Path(__file__).parent / "templates"
COLOURS = ("ink", "soft", "line", "grid", "paper", "mark")
OWN = {
    "light": {"link": "#17586a", "focus": "#c5652d", "wash": "#f3f6f7", "warn": "#9a3b12", "on": "#ffffff"},
    "dark": {"link": "#8fd0df", "focus": "#f8a84f", "wash": "#0e1216", "warn": "#f3a873", "on": "#0e1216"},
}


def page(sheet: Sheet) -> str:
    """The whole page as text. Words of the corpus stand in a block of data and reach the page as text alone."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style, script = stylesheet(), (TEMPLATES / "sheet.js").read_text(encoding="utf-8")
    return jinja.get_template("sheet.html.j2").render(
        s=sheet, task=TASKS[sheet.kind], style=style, script=script, policy=policy(style, script), data=data(sheet)
    )


def data(sheet: Sheet) -> str:
    """The sheet as JSON that can stand inside a page: no character of it can end the block it stands in."""
    tree = _shown(asdict(sheet))
    tree["items"] = [
        {"id": item.id, "text": visible(item.text), "options": _shown(item.options), "place": _shown(item.place)}
        for item in sheet.items
    ]
    text = json.dumps(tree, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _shown(value: Any) -> Any:
    """Texts without characters that have no shape; ids stay as they are."""
    if isinstance(value, dict):
        return {key: item if key in ("id", "kind") else _shown(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shown(item) for item in value]
    return one_line(value) if isinstance(value, str) else value


def stylesheet() -> str:
    """Fonts, colours of both modes and the page's rules."""
    serif = "".join(
        font_face("Source Serif 4", weight, style, f"source-serif-4-latin-{weight}-{style}.woff2")
        for weight, style in ((400, "normal"), (400, "italic"), (600, "normal"))
    )
    light, dark = _variables(LIGHT, OWN["light"]), _variables(DARK, OWN["dark"])
    own = (TEMPLATES / "sheet.css").read_text(encoding="utf-8")
    night = f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f"{serif}{sans()}\n:root{{{light}--sans:{FAMILY}}}\n{night}\n{own}"


def _variables(colours: dict[str, str], own: dict[str, str]) -> str:
    named = {name: colours[name] for name in COLOURS} | own
    return "".join(f"--{name}:{value};" for name, value in named.items())

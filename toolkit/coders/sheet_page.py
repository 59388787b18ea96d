"""The page of a sheet, sheet.html: one file without network or results of the machine, which works by keyboard."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from toolkit.coders.sheet import TASKS, Sheet
from toolkit.figures.style import DARK, FAMILY, LIGHT, font_face, sans
from toolkit.report.explorer import script_json
from toolkit.report.page import EXTRA, policy, strict_environment
from toolkit.text.format import one_line, visible

TEMPLATES = Path(__file__).parent / "templates"
COLOURS = ("ink", "soft", "line", "grid", "paper", "mark")
OWN = {
    "light": EXTRA["light"] | {"on": "#ffffff"},
    "dark": EXTRA["dark"] | {"wash": "#0e1216", "on": "#0e1216"},
}


def page(sheet: Sheet) -> str:
    """The whole page as text. Words of the corpus stand in a block of data and reach the page as text alone."""
    style, script = stylesheet(), (TEMPLATES / "sheet.js").read_text(encoding="utf-8")
    template = strict_environment(TEMPLATES).get_template("sheet.html.j2")
    return template.render(
        s=sheet, task=TASKS[sheet.kind], style=style, script=script, policy=policy(style, script), data=data(sheet)
    )


def data(sheet: Sheet) -> str:
    """The sheet as JSON that can stand inside a page: no character of it can end the block it stands in."""
    tree = _shown(asdict(sheet))
    tree["items"] = [
        {"id": item.id, "text": visible(item.text), "options": _shown(item.options), "place": _shown(item.place)}
        for item in sheet.items
    ]
    return script_json(tree)


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

"""The page of a sheet, sheet.html: one file without network or results of the machine, which works by keyboard."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from toolkit.coders.sheet import TASKS, Sheet
from toolkit.report.explorer import script_json
from toolkit.report.offline import offline_style
from toolkit.report.page import policy, strict_environment
from toolkit.text.format import one_line, visible

TEMPLATES = Path(__file__).parent / "templates"


def page(sheet: Sheet) -> str:
    """The whole page as text. Words of the corpus stand in a block of data and reach the page as text alone."""
    style, script = offline_style(TEMPLATES / "sheet.css"), (TEMPLATES / "sheet.js").read_text(encoding="utf-8")
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

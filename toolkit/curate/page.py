"""The page to curate themes, curate.html: one file without network, which works by keyboard and saves a log."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.report.explorer import script_json
from toolkit.report.offline import offline_style
from toolkit.report.page import policy, strict_environment
from toolkit.text.format import plural

TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("log.js", "parts.js", "views.js", "curate.js")


def page(name: str, question: str, tree: Mapping[str, Any]) -> str:
    """The whole page as text. Words of the corpus are in a block of data and reach the page as text alone.

    `tree` is what `Material.tree` gives.
    """
    style = offline_style(TEMPLATES / "curate.css")
    script = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in SCRIPTS)
    template = strict_environment(TEMPLATES).get_template("curate.html.j2")
    themes, left = len(tree["themes"]), tree["none"]["n"]
    counts = f"{plural(themes, 'theme')} in {plural(tree['n'], 'paragraph')}" + (
        f", {left:,} without one" if left else ""
    )
    return template.render(
        name=name, question=question, counts=counts, style=style, script=script, policy=policy(style, script),
        data=script_json(tree),
    )  # fmt: skip

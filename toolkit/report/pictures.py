"""Draws figures as PNG and PDF through typst, for media that cannot show SVG."""

from __future__ import annotations

from typing import Any, Literal

from toolkit.errors import MissingExtraError
from toolkit.figures import Figure
from toolkit.figures.style import FAMILY

LETTERS = '"Libertinus Serif","Noto Serif CJK SC","Noto Sans CJK SC","Source Han Serif SC","SimSun","Songti SC"'
"""typst reads no fonts out of an SVG: the one that it brings, and for Chinese those of this machine."""
PIXELS_PER_INCH = 220
WITHOUT = (
    "Figures are left out, since typst is not installed (pip install 'thematic-toolkit[pdf]'); they are in figures/ of "
    "the run folder."
)
_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def can_draw() -> bool:
    """Whether typst is installed."""
    from importlib.util import find_spec

    return find_spec("typst") is not None


def picture(figure: Figure, kind: Literal["png", "pdf"]) -> bytes:
    """A figure as PNG (at 220 pixels an inch) or PDF, on white. Raises MissingExtraError: typst is not installed."""
    try:
        import typst
    except ImportError:
        raise MissingExtraError(WITHOUT) from None
    options: dict[str, Any] = {"ppi": float(PIXELS_PER_INCH)} if kind == "png" else {"timestamp": 0}
    options["ignore_system_fonts"] = not any(character > "\u2e7f" for character in figure.body)
    inputs = {"svg": figure.svg.replace(FAMILY, LETTERS)}
    drawn: Any = typst.compile(_PAGE, format=kind, sys_inputs=inputs, **options)
    return bytes(drawn)

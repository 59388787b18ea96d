"""A figure as PNG or PDF, through typst, in the letters of its SVG.

typst reads no fonts out of an SVG: the same fonts are in fonts/ as .ttf.
"""

from __future__ import annotations

import unicodedata
from importlib.util import find_spec
from typing import Literal

from toolkit.errors import MissingExtraError
from toolkit.figures.style import FONTS, WIDE

Kind = Literal["png", "pdf"]
PIXELS = 2
"""Pixels of a PNG for each pixel of the figure."""
MILLIMETRES = 170 / (WIDE + 24)
"""Of paper for each pixel of a figure, so that its words are 7 points high."""
_PAGE = (
    "#set page(width: float(sys.inputs.wide) * 1mm, height: float(sys.inputs.high) * 1mm, margin: 0mm)\n"
    '#set document(date: none)\n#image(bytes(sys.inputs.svg), format: "svg", width: 100%, alt: sys.inputs.alt)'
)


def can_render() -> bool:
    """Whether typst is installed."""
    return find_spec("typst") is not None


def rendered(picture: str, size: tuple[int, int], alt: str, kind: Kind) -> bytes:
    """An SVG of a size in pixels as a file: a PNG of two pixels for each of its own, or a PDF with its words as text.

    Raises MissingExtraError if typst is not installed.
    """
    try:
        import typst
    except ImportError:
        raise MissingExtraError(
            f"figures as .{kind} need typst, which is not installed: pip install 'thematic-toolkit[pdf]'"
        ) from None
    wide, high = size
    eastern = any(unicodedata.east_asian_width(character) == "W" for character in set(picture))
    compiled = typst.compile(
        _PAGE.encode(),
        format=kind,
        ppi=PIXELS * 25.4 / MILLIMETRES,
        sys_inputs={
            "svg": picture,
            "wide": repr(wide * MILLIMETRES),
            "high": repr(high * MILLIMETRES),
            "alt": alt,
        },
        font_paths=typst.Fonts(include_system_fonts=eastern, font_paths=[FONTS]),
        ignore_system_fonts=not eastern,
        timestamp=0,
    )
    return bytes(compiled)

"""SVG written by hand: elements as text, every value escaped, every coordinate rounded the same way."""

from __future__ import annotations

from html import escape
from typing import Any

from toolkit.figures.style import TEXT, shape_of, theme_class
from toolkit.text.format import one_line, wrap

LINE = 17.0
"""Pixels from one line of words to the next."""


def number(value: float) -> str:
    """A coordinate with at most one decimal, always written in the same way."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def element(name: str, content: str = "", **attributes: Any) -> str:
    """One element; `class_` is written as class, underscores as hyphens; content must be SVG already."""
    spelled = []
    for key, value in attributes.items():
        shown = number(value) if isinstance(value, float) else str(value)
        spelled.append(f' {key.rstrip("_").replace("_", "-")}="{escape(shown)}"')
    head = f"<{name}{''.join(spelled)}"
    return f"{head}>{content}</{name}>" if content else f"{head}/>"


def text(x: float, y: float, words: Any, class_: str = "", **attributes: Any) -> str:
    """A line of text, isolated so that right-to-left words disturb nothing around them."""
    shown = escape(one_line(words), quote=False)
    return element("text", shown, x=float(x), y=float(y), **({"class_": class_} if class_ else {}), **attributes)


def lines(x: float, y: float, words: Any, room: float, class_: str = "", rows: int = 2) -> str:
    """A text about the height `y`: on one line if it fits, else smaller and on up to `rows` lines."""
    bold = "bold" in class_
    made = wrap(str(words), room, 13, 1, bold)
    if rows > 1 and made[0].endswith("…"):
        made, class_ = wrap(str(words), room, 11.5, rows, bold), f"{class_} small".strip()
    top = y - 12.5 * (len(made) - 1) / 2
    return "".join(text(x, top + i * 12.5, line, class_) for i, line in enumerate(made))


def block(x: float, y: float, words: Any, room: float, class_: str = "", rows: int = 3) -> tuple[str, float]:
    """A text wrapped into `room` pixels, all in one size, its first line at `y`; and where the next line would be."""
    made = wrap(str(words), room, TEXT, rows, "bold" in class_)
    drawn = [text(x, y + LINE * i, line, f"label {class_}".strip()) for i, line in enumerate(made)]
    return "".join(drawn), y + LINE * len(made)


def beside(x: float, y: float, words: Any, room: float, class_: str = "", rows: int = 2) -> str:
    """A text about the height `y`, wrapped into at most `rows` lines, all in one size."""
    made = wrap(str(words), room, TEXT, rows, "bold" in class_)
    top = y - LINE * (len(made) - 1) / 2 + 5
    return "".join(text(x, top + LINE * i, line, f"label {class_}".strip()) for i, line in enumerate(made))


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """A straight line."""
    return element("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), class_=class_)


def rect(x: float, y: float, w: float, h: float, class_: str, **attributes: Any) -> str:
    """A rectangle."""
    return element("rect", x=float(x), y=float(y), width=float(w), height=float(h), class_=class_, **attributes)


def circle(x: float, y: float, r: float, class_: str = "") -> str:
    """A disc."""
    return element("circle", cx=float(x), cy=float(y), r=float(r), **({"class_": class_} if class_ else {}))


def point(x: float, y: float, theme: int, r: float = 3.2) -> str:
    """The mark of one paragraph in the shape of its theme (its colour comes from the group around it)."""
    shape = shape_of(theme)
    if shape == 0:
        return circle(x, y, r)
    if shape == 1:
        side = number(2 * r * 0.89)
        return f'<path d="M{number(x - r * 0.89)} {number(y - r * 0.89)}h{side}v{side}h-{side}z"/>'
    if shape == 2:
        wide, up = r * 1.22, r * 1.25
        return f'<path d="M{number(x)} {number(y - up)}l{number(wide)} {number(2 * up - 0.8)}h-{number(2 * wide)}z"/>'
    half = number(r * 1.3)
    return f'<path d="M{number(x)} {number(y - r * 1.3)}l{half} {half}l-{half} {half}l-{half} -{half}z"/>'


def key(x: float, y: float, theme: int, r: float = 5) -> str:
    """A theme's mark for a legend."""
    return element("g", point(x, y, theme, r), class_=theme_class(theme))

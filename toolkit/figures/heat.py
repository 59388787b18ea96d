"""A grid of numbers whose cells are tinted: read by the numbers, seen by the tint, so that grey loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolkit.figures import svg
from toolkit.figures.style import TEXT
from toolkit.text.format import width, wrap

ROW, TALL = 27, 40
"""Pixels of a row whose name is on one line, and on two."""
WIDEST = 110.0
NAMES = 0.18
"""The part of the room that names of rows get at least."""
HEAD_LINES = 3


@dataclass(frozen=True)
class Cell:
    """A number in words and how strong its tint is (0 to 1)."""

    words: str
    tint: float


@dataclass(frozen=True)
class Heads:
    """The heads of a grid's columns: names if each fits on a few lines, else numbers that are explained in a list.

    `same`: the columns are the rows, so that the rows have the numbers.
    """

    names: tuple[str, ...]
    size: float
    same: bool = False

    @property
    def numbered(self) -> bool:
        """Whether the columns are numbered."""
        return self.same or not all(self._fits(name) for name in self.names)

    def _fits(self, name: str) -> bool:
        lines = wrap(name, self.size - 6, TEXT, HEAD_LINES)
        return not lines[-1].endswith("…") and all(width(word, TEXT) <= self.size - 6 for word in name.split())

    def lines(self, j: int) -> list[str]:
        """The lines of a column's head."""
        return [str(j + 1)] if self.numbered else wrap(self.names[j], self.size - 6, TEXT, HEAD_LINES)


def grid(
    rows: Sequence[str],
    columns: Sequence[str],
    cell: Callable[[int, int], Cell | None],
    under: Sequence[str] = (),
    room: int = 896,
    key: str = "",
    same: bool = False,
) -> tuple[str, int]:
    """The SVG of a grid `room` pixels wide and its height.

    `under` is written below the columns, or after their names in the list. Heads that do not fit are numbers,
        explained by a list of names below the grid under the heading `key`; with `same`, by the numbers of the rows.
    """
    cells = [[cell(i, j) for j in range(len(columns))] for i in range(len(rows))]
    widest = max((width(each.words, TEXT) for row in cells for each in row if each), default=0.0) + 8
    names = [f"{i + 1}  {name}" for i, name in enumerate(rows)] if same else list(rows)
    left, size = _columns(names, columns, widest, room, same)
    heads = Heads(tuple(columns), size, same)
    above = svg.LINE * max((len(heads.lines(j)) for j in range(len(columns))), default=0) + 6
    made, y = [_heads(heads, left, above)], above
    for name, cells_of_row in zip(names, cells, strict=True):
        high = TALL if len(wrap(name, left - 12, TEXT, 2)) > 1 else ROW
        made.append(svg.beside(0, y + high / 2, name, left - 12))
        shown = [(left + size * j, each) for j, each in enumerate(cells_of_row) if each is not None]
        frame = "".join(_outline(x, y, size, high) for x, _ in shown)
        made.append(svg.element("path", d=frame, class_="frame") if frame else "")
        made.extend(_cell(each, x, y, size, high) for x, each in shown)
        y += high
    if under and not heads.numbered:
        made += [svg.text(left + size * (j + 0.5), y + 17, words, "label soft mid") for j, words in enumerate(under)]
    y += 24 if under and not heads.numbered else 4
    if heads.numbered and not same:
        spelled = [f"{name} ({words})" for name, words in zip(columns, under, strict=True)] if under else columns
        listed, y = _key(spelled, y + 8, room, key)
        made.append(listed)
    return "".join(made), round(y + 2)


def _columns(names: Sequence[str], columns: Sequence[str], widest: float, room: int, same: bool) -> tuple[float, float]:
    """Where the names of rows end, and how wide a column is: wide enough for the words of its head, if it can be."""
    n = max(1, len(columns))
    words = max((width(word, TEXT) for name in columns for word in name.split()), default=0.0) + 8
    wanted = max((width(name, TEXT) for name in names), default=0.0) + 14
    if not same and room - n * words >= min(wanted, NAMES * room):
        left = min(wanted, room - n * words)
    else:
        left = min(wanted, max(0.3 * room, room - widest * n))
    return left, min(WIDEST, (room - left) / n)


def _heads(heads: Heads, left: float, above: float) -> str:
    made = []
    for j in range(len(heads.names)):
        lines = heads.lines(j)
        first = above - 8 - svg.LINE * (len(lines) - 1)
        middle = left + heads.size * (j + 0.5)
        made += [svg.text(middle, first + svg.LINE * i, line, "label mid") for i, line in enumerate(lines)]
    return "".join(made)


def _key(names: Sequence[str], y: float, room: int, heading: str) -> tuple[str, float]:
    """Numbered names in columns below the grid, read downwards."""
    made = [svg.text(0, y + 15, heading, "label bold")] if heading else []
    y += 22 if heading else 0
    across = 3 if room > 600 and len(names) > 2 else 1 if room < 600 else 2
    down, wide = -(-len(names) // across), room / across
    tops = []
    for column in range(across):
        at = y
        for j in range(column * down, min(len(names), (column + 1) * down)):
            made.append(svg.text(wide * column + 18, at + 15, j + 1, "label soft end"))
            drawn, after = svg.block(wide * column + 25, at + 15, names[j], wide - 40, rows=2)
            made.append(drawn)
            at = after - 13
        tops.append(at)
    return "".join(made), max(tops) + 2


def _outline(x: float, y: float, size: float, row: float) -> str:
    wide, high = svg.number(size - 2), svg.number(row - 2)
    return f"M{svg.number(x + 1)} {svg.number(y + 1)}h{wide}v{high}h-{wide}z"


def _cell(cell: Cell, x: float, y: float, size: float, row: float) -> str:
    tint = max(0.0, min(1.0, cell.tint))
    drawn = ""
    if tint > 0:
        drawn = svg.rect(x + 1, y + 1, size - 2, row - 2, "cell", fill_opacity=f"{0.08 + 0.42 * tint:.2f}")
    return drawn + svg.text(
        x + size / 2, y + row / 2 + 5, cell.words, "label mid" if cell.words != "0" else "label mid soft"
    )

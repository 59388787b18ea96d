"""A grid of numbers whose cells are tinted: read by the numbers, seen by the tint, so that grey loses nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolkit.figures import svg
from toolkit.text.format import fit, width

WIDTH, LEFT, ROW = 520, 184, 29
HEAD, LONGEST_HEAD = 11.5, 170.0


@dataclass(frozen=True)
class Cell:
    """A number in words and how strong its tint is (0 to 1)."""

    words: str
    tint: float


def grid(
    rows: Sequence[str],
    columns: Sequence[str],
    cell: Callable[[int, int], Cell | None],
    under: Sequence[str] = (),
) -> tuple[str, int, int]:
    """The SVG of a grid with slanted column heads, its width and its height. `under` stands below the columns."""
    heads = [fit(name, LONGEST_HEAD, HEAD) for name in columns]
    slope = math.sqrt(0.5)
    above = round(max((width(head, HEAD) for head in heads), default=0.0) * slope) + 20
    size = max(34.0, min(64.0, (WIDTH - LEFT - 40) / max(1, len(columns))))
    reach = max((size * (j + 0.5) + width(head, HEAD) * slope for j, head in enumerate(heads)), default=0.0)
    made = []
    for j, head in enumerate(heads):
        turn = f"translate({svg.number(LEFT + size * (j + 0.5) + 3)} {above - 7}) rotate(-45)"
        made.append(svg.text(0, 0, head, "small", transform=turn))
    for i, name in enumerate(rows):
        y = above + ROW * i
        made.append(svg.lines(0, y + ROW / 2 + 4, name, LEFT - 12))
        own = [(LEFT + size * j, found) for j in range(len(columns)) if (found := cell(i, j)) is not None]
        frame = "".join(_outline(x, y, size) for x, _ in own)
        made.append(svg.element("path", d=frame, class_="frame") if frame else "")
        made.extend(_cell(found, x, y, size) for x, found in own)
    bottom = above + ROW * len(rows)
    made += [svg.text(LEFT + size * (j + 0.5), bottom + 16, words, "small soft mid") for j, words in enumerate(under)]
    wide = max(WIDTH, math.ceil(LEFT + max(size * len(columns), reach)) + 6)
    return "".join(made), wide, bottom + (24 if under else 4)


def _outline(x: float, y: float, size: float) -> str:
    wide, high = svg.number(size - 2), svg.number(ROW - 2)
    return f"M{svg.number(x + 1)} {svg.number(y + 1)}h{wide}v{high}h-{wide}z"


def _cell(cell: Cell, x: float, y: float, size: float) -> str:
    tint = max(0.0, min(1.0, cell.tint))
    drawn = ""
    if tint > 0:
        drawn = svg.rect(x + 1, y + 1, size - 2, ROW - 2, "cell", fill_opacity=f"{0.08 + 0.42 * tint:.2f}")
    return drawn + svg.text(
        x + size / 2, y + ROW / 2 + 4, cell.words, "small mid" if cell.words != "0" else "small mid soft"
    )

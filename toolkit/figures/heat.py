"""A grid of numbers whose cells are tinted: read by the numbers, seen by the tint, so that grey loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolkit.figures import svg
from toolkit.figures.words import fit

WIDTH = 520
ROW = 28


@dataclass(frozen=True)
class Cell:
    """A number in words and how strong its tint is (0 to 1)."""

    words: str
    tint: float


def grid(
    rows: Sequence[str],
    columns: Sequence[str],
    cell: Callable[[int, int], Cell | None],
    left: int = 184,
    slant: int = 96,
    under: Sequence[str] = (),
) -> tuple[str, int, int]:
    """The SVG of a grid with slanted column heads, its width and its height. `under` stands below the columns."""
    size = max(34.0, min(64.0, (WIDTH - left - slant * 0.55) / max(1, len(columns))))
    width = max(WIDTH, round(left + size * len(columns) + slant * 0.62))
    made = []
    for j, name in enumerate(columns):
        x, y = left + size * (j + 0.5), slant - 8
        shown = fit(name, slant * 1.25, 12)
        made.append(svg.text(0, 0, shown, "small", transform=f"translate({svg.number(x)} {y}) rotate(-45)"))
    for i, name in enumerate(rows):
        y = slant + ROW * i
        made.append(svg.lines(0, y + ROW / 2 + 4, name, left - 12, "", rows=2, size=12 if len(name) > 27 else 13))
        made.extend(_cell(cell(i, j), left + size * j, y, size) for j in range(len(columns)))
    bottom = slant + ROW * len(rows)
    made += [svg.text(left + size * (j + 0.5), bottom + 16, words, "small soft mid") for j, words in enumerate(under)]
    return "".join(made), width, bottom + (24 if under else 4)


def _cell(cell: Cell | None, x: float, y: float, size: float) -> str:
    if cell is None:
        return ""
    tint = max(0.0, min(1.0, cell.tint))
    drawn = svg.rect(x + 1, y + 1, size - 2, ROW - 2, "frame")
    if tint > 0:
        drawn += svg.rect(x + 1, y + 1, size - 2, ROW - 2, "cell", fill_opacity=f"{0.08 + 0.42 * tint:.2f}")
    return drawn + svg.text(
        x + size / 2, y + ROW / 2 + 4, cell.words, "small mid" if cell.words != "0" else "small mid soft"
    )

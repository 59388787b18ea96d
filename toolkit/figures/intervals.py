"""Rows of a dot with its interval: the plainest picture of an estimate and of how far it can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolkit.figures import svg
from toolkit.figures.style import TEXT, WIDE
from toolkit.text.format import width, wrap

ROW, MORE, MOST_LINES = 28, 15, 3
"""Pixels of a row whose name is on one line, and of each further line; and how many lines it has at most."""


@dataclass(frozen=True)
class Estimate:
    """One row: its name, value and interval (null if undefined), the words at its right, and whether it is solid."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    hollow: bool = False
    muted: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Columns:
    """Where names end, and where the words at the right begin, in pixels."""

    left: float
    right: float
    room: int

    @classmethod
    def of(cls, rows: Sequence[Estimate], room: int) -> Columns:
        """Columns that fit these rows: names as wide as they need within a third of the room."""
        names = max((width(row.name, TEXT, row.strong) for row in rows), default=0.0)
        words = max((width(row.words, TEXT) for row in rows), default=0.0)
        return cls(min(names + 2, 0.36 * room) + 14, room - words - 14, room)

    def lines(self, row: Estimate) -> int:
        """How many lines the name of a row takes."""
        return len(wrap(row.name, self.left - 14, TEXT, MOST_LINES, row.strong))


def nice_top(values: list[float]) -> float:
    """The end of an axis from 0 that contains all values: 0.05, 0.1, 0.2, ... or 1."""
    largest = max(values, default=0.0)
    return next((top for top in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8) if largest <= top), 1.0)


def ticks(top: float, percent: bool) -> list[tuple[float, str]]:
    """Three to six ticks from 0 to `top` with their words."""
    step = {0.05: 0.01, 0.1: 0.025, 0.2: 0.05, 0.3: 0.1, 0.4: 0.1, 0.5: 0.1, 0.6: 0.2, 0.8: 0.2}.get(top, 0.25)
    marks = [step * i for i in range(round(top / step) + 1)]
    return [(at, f"{100 * at:g}%" if percent else f"{at:.2g}") for at in marks]


def legend(y: float, words: str = "estimate, with its 95% interval", x: float = 0.0) -> str:
    """What a dot on a line is, at the height `y`."""
    return (
        svg.line(x, y, x + 30, y, "stroke") + svg.circle(x + 15, y, 4.5, "mark")
        + svg.text(x + 38, y + 5, words, "label soft")
    )  # fmt: skip


def panel(
    rows: Sequence[Estimate],
    top: float,
    y: float,
    heading: str,
    percent: bool = True,
    room: int = WIDE,
    columns: Columns | None = None,
) -> tuple[str, float]:
    """The SVG of rows under a heading from height `y` on, and the height where it ends."""
    at_x = columns or Columns.of(rows, room)
    span = at_x.right - at_x.left

    def at(value: float) -> float:
        return at_x.left + span * min(value, top) / top

    made = [svg.text(0, y + 15, heading, "label bold")] if heading else []
    begin = y + (26 if heading else 4)
    highs = [ROW + MORE * (at_x.lines(row) - 1) for row in rows]
    end = begin + sum(highs)
    made += _axis(at, ticks(top, percent), begin, end, span)
    middle = begin
    for row, high in zip(rows, highs, strict=True):
        made.append(_row(row, at, middle + high / 2, at_x))
        middle += high
    return "".join(made), end + 26


def _axis(
    at: Callable[[float], float], marks: list[tuple[float, str]], begin: float, end: float, span: float
) -> list[str]:
    """Grid lines with their words below, of which as many are left out as keep the others apart."""
    most = max(1, int(span // 46))
    step = next(step for step in (1, 2, 4, 8) if (len(marks) - 1) // step <= most)
    made = [svg.line(at(value), begin, at(value), end, "grid") for value, _ in marks]
    made += [svg.text(at(value), end + 18, words, "label soft mid") for value, words in marks[::step]]
    return [*made, svg.line(at(0), begin, at(0), end, "axis")]


def _row(row: Estimate, at: Callable[[float], float], y: float, columns: Columns) -> str:
    tone = "soft" if row.muted else "bold" if row.strong else ""
    made = svg.beside(0, y, row.name, columns.left - 14, tone, MOST_LINES)
    if row.low is not None and row.high is not None:
        made += svg.line(at(row.low), y, at(row.high), y, "dim" if row.muted else "stroke")
    if row.value is not None:
        made += svg.circle(at(row.value), y, 4.5, "hollow" if row.hollow else "pale" if row.muted else "mark")
    return made + svg.text(columns.room, y + 5, row.words, "label end soft")

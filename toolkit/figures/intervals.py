"""Rows of a dot with its interval: the plainest picture of an estimate and of how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.figures import svg

WIDTH = 520
LEFT, RIGHT, ROW = 184, 112, 30


@dataclass(frozen=True)
class Estimate:
    """One row: its name, value and interval (null where undefined), the words at its right, and whether it is solid."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    hollow: bool = False
    muted: bool = False


def nice_top(values: list[float]) -> float:
    """The end of an axis from 0 that holds all values: 0.05, 0.1, 0.2, ... or 1."""
    largest = max(values, default=0.0)
    return next((top for top in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8) if largest <= top), 1.0)


def ticks(top: float, percent: bool) -> list[tuple[float, str]]:
    """Three to five ticks from 0 to `top` with their words."""
    step = {0.05: 0.01, 0.1: 0.025, 0.2: 0.05, 0.3: 0.1, 0.4: 0.1, 0.5: 0.1, 0.6: 0.2, 0.8: 0.2}.get(top, 0.25)
    marks = [step * i for i in range(round(top / step) + 1)]
    return [(at, f"{100 * at:g}%" if percent else f"{at:.2g}") for at in marks]


def panel(rows: list[Estimate], top: float, y: float, heading: str, percent: bool = True) -> tuple[str, float]:
    """The SVG of rows under a heading from height `y` on, and the height where it ends."""
    room = WIDTH - LEFT - RIGHT

    def at(value: float) -> float:
        return LEFT + room * min(value, top) / top

    made = [svg.text(0, y + 14, heading, "bold")] if heading else []
    begin = y + (30 if heading else 4)
    end = begin + ROW * len(rows)
    for value, words in ticks(top, percent):
        made.append(svg.line(at(value), begin, at(value), end, "grid"))
        made.append(svg.text(at(value), end + 15, words, "small soft mid"))
    made.append(svg.line(LEFT, begin, LEFT, end, "axis"))
    for index, row in enumerate(rows):
        middle = begin + ROW * (index + 0.5)
        tone = "soft" if row.muted else ""
        made.append(svg.lines(0, middle + 4, row.name, LEFT - 14, tone))
        if row.low is not None and row.high is not None:
            made.append(svg.line(at(row.low), middle, at(row.high), middle, "stroke"))
        if row.value is not None:
            made.append(svg.circle(at(row.value), middle, 4.5, "hollow" if row.hollow else "mark"))
        made.append(svg.text(WIDTH, middle + 4, row.words, "small end soft"))
    return "".join(made), end + 24

"""Draws the chart that a report opens with: bars with intervals on one scale, or a curve over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pyarrow as pa

from toolkit.figures import svg
from toolkit.figures.figure import Figure
from toolkit.figures.intervals import nice_top, ticks
from toolkit.text.format import count, width, wrap
from toolkit.values import Table

WIDTH, ROW, HEIGHT = 372, 35, 200
SHORT_ROW, SHORT_NAME = 27, 112
"""Height of a row whose name is beside its line, and the widest such name."""
COLUMNS = ("name", "role", "estimate", "low", "high", "sampling_low", "sampling_high", "n")
SHARES, CLAIMS, PERIODS = "tables/prevalence.parquet", "tables/claims.parquet", "tables/trends.parquet"
"""Tables of the run folder that a chart is drawn from."""
CLAIMED, COMPARED, OTHER, FRAGILE = "claimed", "compared", "", "fragile"


@dataclass(frozen=True)
class Bar:
    """A row of the chart: its name, its share with interval, of how many, what it is in the claim, and its words.

    If the interval contains coding error, the interval of sampling error alone is inside it.
    """

    name: str
    role: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int | None
    words: str = ""
    sampling_low: float | None = None
    sampling_high: float | None = None


@dataclass(frozen=True)
class Line:
    """A value that the shares are compared with, drawn across all rows; its words are above it."""

    value: float
    words: str


def rows_chart(
    bars: Sequence[Bar],
    line: Line | None,
    caption: str,
    title: str,
    source: str = SHARES,
    others: Sequence[Bar] = (),
) -> Figure:
    """Bars as rows of the chart; `others`, for which there is no room, are in its table alone."""
    values = [bar.high or bar.estimate or 0.0 for bar in bars] + [line.value if line else 0.0]
    top = nice_top(values)
    marks = ticks(top, percent=True)
    named = "; ".join(f"{bar.name}: {bar.words}" for bar in bars)
    drawn = _figure(*_panel(bars, top, marks, line), bars, caption, title, f"{named}.", source)
    return replace(drawn, table=bars_table((*bars, *others)))


def counts_chart(bars: Sequence[Bar], top: float, caption: str, title: str) -> Figure:
    """The chart of two counts, on a scale from 0 to `top`."""
    marks = [(value, count(value)) for value in (0.0, top / 2, top)]
    named = "; ".join(f"{bar.name}: {bar.words}" for bar in bars)
    return _figure(*_panel(bars, top, marks, None), bars, caption, title, f"{named}.", CLAIMS)


def _figure(body: str, height: float, bars: Sequence[Bar], caption: str, title: str, named: str, source: str) -> Figure:
    alt = f"{caption} {named}"
    return Figure("answer", title, caption, alt, body, WIDTH, round(height), bars_table(bars), source)


def bars_table(bars: Iterable[Bar]) -> Table:
    """The numbers of a chart, a row for each bar."""
    rows = [{name: getattr(bar, name) for name in COLUMNS} for bar in bars]
    kinds = [("name", pa.string()), ("role", pa.string())]
    kinds += [(name, pa.float64()) for name in COLUMNS[2:-1]]
    return pa.Table.from_pylist(rows, schema=pa.schema([*kinds, ("n", pa.int64())]))


def _panel(bars: Sequence[Bar], top: float, marks: Sequence[tuple[float, str]], line: Line | None) -> tuple[str, float]:
    """Rows of a name and its number over a dot with its interval, on one scale; a line at the value if there is one."""
    short = are_short(bar.name for bar in bars)
    left, right = 6.0, WIDTH - 14.0
    if short:
        left = max(width(bar.name, 13, bold=True) for bar in bars) + 16.0
        right = WIDTH - max(width(bar.words, 13, bold=True) for bar in bars) - 16.0
    row, last = (SHORT_ROW, right) if short else (ROW, float(WIDTH))

    def at(value: float) -> float:
        return left + (right - left) * min(max(value, 0.0), top) / top

    begin = 20.0 if line else 2.0
    end = begin + row * len(bars) + 2
    made = []
    for at_end, (value, words) in zip([*(False for _ in marks[1:]), True], marks, strict=True):
        made.append(svg.line(at(value), begin, at(value), end, "grid"))
        made.append(
            svg.text(
                last if at_end and not short else at(value),
                end + 17,
                words,
                "soft mid" if short or (value and not at_end) else "soft end" if at_end else "soft",
            )
        )
    if line:
        made.append(svg.line(at(line.value), begin - 4, at(line.value), end, "axis"))
        half = width(line.words, 13) / 2
        made.append(svg.text(min(max(at(line.value), half), WIDTH - half), begin - 9, line.words, "soft mid"))
    chosen = any(bar.role == CLAIMED for bar in bars)
    for index, bar in enumerate(bars):
        made.append(_bar(bar, begin + row * index, at, chosen and bar.role == OTHER, short))
    return "".join(made), end + 22


def are_short(names: Iterable[str]) -> bool:
    """Whether all names have room beside their lines."""
    return all(width(name, 13, bold=True) <= SHORT_NAME for name in names)


def _bar(bar: Bar, y: float, at: Callable[[float], float], pale: bool, short: bool) -> str:
    """Name and number over a dot with its interval, beside it if short; `pale` beside a row that the claim is about."""
    strong = bar.role == CLAIMED
    room = WIDTH - width(bar.words, 13, strong) - 14
    (name,) = wrap(bar.name, room, 13, 1, bold=strong)
    tone = "bold" if strong else ""
    made = [
        svg.text(0, y + 14, name, f"halo {tone}".strip()),
        svg.text(WIDTH, y + 14, bar.words, f"halo end {tone}".strip()),
    ]
    middle = y + (9 if short else 25)
    if bar.low is not None and bar.high is not None:
        inner = bar.sampling_low is not None and bar.sampling_high is not None
        made.append(svg.line(at(bar.low), middle, at(bar.high), middle, "lead" if pale or inner else "stroke"))
        if bar.sampling_low is not None and bar.sampling_high is not None:
            thick = "dim thick" if pale else "stroke thick"
            made.append(svg.line(at(bar.sampling_low), middle, at(bar.sampling_high), middle, thick))
    if bar.estimate is not None:
        style = "hollow" if bar.role in (COMPARED, FRAGILE) else "tn" if pale else "mark"
        made.append(svg.circle(at(bar.estimate), middle, 5, style))
    return "".join(made)


def curve_chart(bars: Sequence[Bar], caption: str, title: str) -> Figure:
    """The chart of a share over time, a bar for each period."""
    named = f"{bars[0].name} to {bars[-1].name}."
    return _figure(*_curve(bars), bars, caption, title, named, PERIODS)


def _curve(bars: Sequence[Bar]) -> tuple[str, float]:
    """A share over time as a line in its band, its two ends labelled."""
    left, right, above = 44.0, WIDTH - 8.0, 14.0
    top = top_of(bars)
    xs = [left + (right - left) * at / (len(bars) - 1) for at in range(len(bars))]

    def at_y(value: float) -> float:
        return above + HEIGHT * (1 - min(value, top) / top)

    made = []
    for value, words in ticks(top, percent=True):
        made.append(svg.line(left, at_y(value), right, at_y(value), "grid"))
        made.append(svg.text(left - 7, at_y(value) + 4, words, "soft end"))
    for (x1, left_bar), (x2, right_bar) in pairwise(zip(xs, bars, strict=True)):
        if None not in (left_bar.low, left_bar.high, right_bar.low, right_bar.high):
            corners = ((x1, left_bar.high), (x2, right_bar.high), (x2, right_bar.low), (x1, left_bar.low))
            points = " ".join(f"{svg.number(x)},{svg.number(at_y(y))}" for x, y in corners if y is not None)
            made.append(svg.element("polygon", points=points, class_="band"))
    path = " ".join(f"{svg.number(x)},{svg.number(at_y(bar.estimate or 0.0))}" for x, bar in zip(xs, bars, strict=True))
    made.append(svg.element("polyline", points=path, class_="stroke"))
    made += [svg.circle(x, at_y(bar.estimate or 0.0), 3, "mark") for x, bar in zip(xs, bars, strict=True)]
    for x, bar, anchor in ((xs[0], bars[0], ""), (xs[-1], bars[-1], "end")):
        made.append(svg.text(x, above + HEIGHT + 19, bar.name, f"soft {anchor}".strip()))
        made.append(svg.text(x, above + HEIGHT + 37, bar.words, f"bold {anchor}".strip()))
    return "".join(made), above + HEIGHT + 44


def top_of(bars: Sequence[Bar]) -> float:
    """Where the scale of a curve ends: high enough for the shares, though not for the widest intervals."""
    highest = max((bar.high or bar.estimate or 0.0 for bar in bars), default=0.0)
    return nice_top([min(highest, 2 * max((bar.estimate or 0.0 for bar in bars), default=0.0) or highest)])


def round_up(value: float) -> float:
    """The next of 2, 4, 6, 10, 20, 40 and so on, whose half is a whole number."""
    step = 1.0
    while value > 10 * step:
        step *= 10
    return next(top * step for top in (2, 4, 6, 10) if value <= top * step)

"""Spans along the length of a document as lines of a small drawing.

Its scale is 0 to 1,000, from the document's first character to its last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toolkit.figures.svg import number

SCALE = 1000
MOST_TICKS = 60
"""With more spans than this, the ticks between them would hide them."""
BLANK = 4
"""Most characters between two spans that are blank lines."""


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of a document (end excluded) and the CSS class of what they are."""

    start: int
    end: int
    look: str


@dataclass(frozen=True)
class Strip:
    """A drawing of spans: for each class one path of horizontal lines; `label` is what it shows in words."""

    paths: tuple[tuple[str, str], ...]
    label: str = ""


def strip(spans: Sequence[Span], length: int, label: str = "", ticks: bool = True) -> Strip:
    """Spans in proportion to their characters out of `length`.

    Neighbours of one class are one line; ticks part the spans if there are few.
    """
    if length <= 0:
        return Strip((), label)
    lines: dict[str, list[str]] = {}
    for run in _joined(spans):
        lines.setdefault(run.look, []).append(_line(run.start, run.end, length))
    paths = [(look, "".join(drawn)) for look, drawn in lines.items()]
    if ticks and 1 < len(spans) <= MOST_TICKS:
        paths.append(("cut", "".join(f"M{_at(span.start, length)}-1v2" for span in spans if span.start > 0)))
    return Strip(tuple(path for path in paths if path[1]), label)


def stop(anchor: str, start: int, end: int, length: int) -> str:
    """An anchor and where the strip has it: `p12-0-37.5`."""
    return f"{anchor}-{_at(start, length)}-{_at(end, length)}"


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans with those of one class that follow each other, but for blank lines, as one."""
    runs: list[Span] = []
    for span in spans:
        if runs and runs[-1].look == span.look and span.start - runs[-1].end <= BLANK:
            runs[-1] = Span(runs[-1].start, span.end, span.look)
        else:
            runs.append(span)
    return runs


def _line(start: int, end: int, length: int) -> str:
    return f"M{_at(start, length)} 0H{_at(end, length)}"


def _at(character: int, length: int) -> str:
    return number(SCALE * character / length)

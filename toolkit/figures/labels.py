"""Labels on a map, each near its theme and none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.values import Floats

STEPS = 14
DIRECTIONS = 16


@dataclass(frozen=True)
class Box:
    """A label's place: its centre and size; `placed` is false where no free place was found."""

    x: float
    y: float
    width: float
    height: float
    placed: bool = True


def place(
    sizes: Sequence[tuple[float, float]], anchors: Floats, points: Floats, frame: tuple[float, float]
) -> list[Box]:
    """A box for each label, in the order given (the first has first choice).

    `anchors` (k, 2) is where each label would like to be, `points` (n, 2) what it should not cover, `frame` the
    width and height that it must stay within. Each label takes the place with the least cost among rings around its
    anchor: points covered, plus the distance; places that touch an earlier label are out of the question.
    """
    made: list[Box] = []
    cost_of_point = 3 * min(1.0, 400 / max(1, len(points)))
    for (width, height), (x, y) in zip(sizes, anchors, strict=True):
        best, least = Box(float(x), float(y), width, height, placed=False), float("inf")
        taken = [box for box in made if box.placed]
        for dx, dy in _rings():
            box = Box(_inside(x + dx, width, frame[0]), _inside(y + dy, height, frame[1]), width, height)
            if any(_touch(box, other) for other in taken):
                continue
            cost = cost_of_point * _covered(box, points) + 0.12 * float(np.hypot(box.x - x, box.y - y))
            if cost < least - 1e-9:
                best, least = box, cost
        made.append(best)
    return made


def _rings() -> list[tuple[float, float]]:
    offsets = [(0.0, 0.0)]
    for step in range(1, STEPS + 1):
        for turn in range(DIRECTIONS):
            angle = 2 * np.pi * turn / DIRECTIONS
            offsets.append((float(11 * step * np.cos(angle)), float(9 * step * np.sin(angle))))
    return offsets


def _inside(at: float, size: float, room: float) -> float:
    half = size / 2 + 2
    return float(min(max(at, half), max(half, room - half)))


def _touch(a: Box, b: Box) -> bool:
    gap = 4
    return abs(a.x - b.x) * 2 < a.width + b.width + gap and abs(a.y - b.y) * 2 < a.height + b.height + gap


def _covered(box: Box, points: Floats) -> int:
    near = (np.abs(points[:, 0] - box.x) * 2 < box.width) & (np.abs(points[:, 1] - box.y) * 2 < box.height)
    return int(near.sum())

"""Labels on a map, each near its theme and none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.values import Floats

GAP = 4
_TURNS = 2 * np.pi * np.arange(16) / 16
RINGS: Floats = np.vstack(
    [[[0.0, 0.0]], *[np.column_stack([11 * i * np.cos(_TURNS), 9 * i * np.sin(_TURNS)]) for i in range(1, 15)]]
)
"""Where a label is tried around its theme: 14 rings of 16 places."""


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
        half = np.array([width, height]) / 2
        room = np.maximum(half + 2, np.array(frame) - half - 2)
        spots = np.clip(np.array([x, y]) + RINGS, half + 2, room)
        free = np.ones(len(spots), bool)
        for box in made:
            if box.placed:
                reach = (half + np.array([box.width, box.height]) / 2 + GAP / 2) - np.abs(spots - [box.x, box.y])
                free &= ~(reach > 0).all(axis=1)
        if not free.any():
            made.append(Box(float(x), float(y), width, height, placed=False))
            continue
        near = np.abs(points[None, :, :] - spots[:, None, :]) < half
        covered = near.all(axis=2).sum(axis=1)
        away = np.hypot(spots[:, 0] - x, spots[:, 1] - y)
        cost = np.where(free, np.round(cost_of_point * covered + 0.12 * away, 6), np.inf)
        best = spots[int(np.argmin(cost))]
        made.append(Box(float(best[0]), float(best[1]), width, height))
    return made

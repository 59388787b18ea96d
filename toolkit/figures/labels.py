"""Labels on a map, each near its theme, none over another, with its line to the theme clear of the other labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.values import Bools, Floats

GAP = 4
SWEEPS = 1
"""Rounds after the first, in which each label may move once all others are placed."""
JUDGED = 2_000
"""Points that places are judged by; of more, every k-th."""
CROSSED_LABEL, CROSSED_LINE = 30.0, 8.0
_TURNS = 2 * np.pi * np.arange(20) / 20
RINGS: Floats = np.vstack(
    [[[0.0, 0.0]], *[np.column_stack([11 * i * np.cos(_TURNS), 9 * i * np.sin(_TURNS)]) for i in range(1, 23)]]
)
"""Where a label is tried around its theme: 22 rings of 20 places."""
AT_ONCE = 63
"""Places judged at a time."""


@dataclass(frozen=True)
class Box:
    """A label's place: its centre and size; `placed` is false if no free place was found."""

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
    anchor: points covered, the distance, and other labels and lines that its own line would cross; places that touch
    another label are out of the question. If none is left, the label is not placed.
    """
    points = points[:: -(-len(points) // JUDGED)] if len(points) else points
    tried = [_spots(size, anchor, points, frame) for size, anchor in zip(sizes, anchors, strict=True)]
    made: list[Box | None] = [None] * len(sizes)
    for _ in range(1 + SWEEPS):
        for index, size in enumerate(sizes):
            others = [(box, anchors[at]) for at, box in enumerate(made) if box and box.placed and at != index]
            made[index] = _best(size, anchors[index], *tried[index], others)
    return [box for box in made if box]


def _spots(
    size: tuple[float, float], anchor: Floats, points: Floats, frame: tuple[float, float]
) -> tuple[Floats, Floats]:
    """(m, 2) places that a label may take and (m,) what each costs whatever the other labels do."""
    half = np.array(size) / 2
    spots = np.clip(anchor + RINGS, half + 2, np.maximum(half + 2, np.array(frame) - half - 2))
    covered = np.empty(len(spots))
    for start in range(0, len(spots), AT_ONCE):  # nearer rings need fewer points, and little memory is used at a time
        some = slice(start, start + AT_ONCE)
        reach = np.abs(RINGS[some]).max(axis=0) + 2 * half + 3
        near_x, near_y = points[(np.abs(points - anchor) <= reach).all(axis=1)].T.copy()
        inside = np.abs(near_x - spots[some, :1]) < half[0]
        inside &= np.abs(near_y - spots[some, 1:]) < half[1]
        covered[some] = np.count_nonzero(inside, axis=1)
    away = np.hypot(spots[:, 0] - anchor[0], spots[:, 1] - anchor[1])
    cost: Floats = 3 * min(1.0, 400 / max(1, len(points))) * covered + 0.12 * away
    return spots, cost


def _best(
    size: tuple[float, float], anchor: Floats, spots: Floats, cost: Floats, others: list[tuple[Box, Floats]]
) -> Box:
    """The free place of least cost; only those that could be it, by their own cost, are looked at in full."""
    half = np.array(size) / 2
    free = np.flatnonzero(_free(spots, half, others))
    if not len(free):
        return Box(float(anchor[0]), float(anchor[1]), *size, placed=False)
    first = free[[np.argmin(cost[free])]]
    most = (cost[first] + _crossings(spots[first], anchor, half, others))[0]
    tried = free[cost[free] <= most + 1e-5]
    best = spots[tried[np.argmin(np.round(cost[tried] + _crossings(spots[tried], anchor, half, others), 6))]]
    return Box(float(best[0]), float(best[1]), *size)


def _free(spots: Floats, half: Floats, others: list[tuple[Box, Floats]]) -> Bools:
    """(m,) whether a label there would touch no other."""
    free = np.ones(len(spots), bool)
    for box, _ in others:
        across, along = half + np.array([box.width, box.height]) / 2 + GAP / 2
        free &= (np.abs(spots[:, 0] - box.x) >= across) | (np.abs(spots[:, 1] - box.y) >= along)
    return free


def _crossings(spots: Floats, anchor: Floats, half: Floats, others: list[tuple[Box, Floats]]) -> Floats:
    """(m,) what the labels and lines cost that a label there and its line would cross."""
    if not others:
        return np.zeros(len(spots))
    middles, ends = np.array([[box.x, box.y] for box, _ in others]), np.array([at for _, at in others])
    halves, tried = np.array([[box.width, box.height] for box, _ in others]) / 2, spots[:, None]
    labels = _meets(tried, anchor, middles, halves).sum(axis=1) + _meets(middles, ends, tried, half).sum(axis=1)
    crossed: Floats = CROSSED_LABEL * labels + CROSSED_LINE * _cross(tried, anchor, middles, ends).sum(axis=1)
    return crossed


def _meets(starts: Floats, ends: Floats, middles: Floats, half: Floats) -> Bools:
    """Whether the line from a start to an end passes through the box about a middle (slab method).

    The last axis has the coordinates of points; the axes before it are broadcast.
    """
    way = ends - starts
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (middles - half - starts) / way, (middles + half - starts) / way
    inside = np.abs(starts - middles) <= half
    low = np.where(way == 0, np.where(inside, -np.inf, np.inf), np.minimum(first, second))
    high = np.where(way == 0, np.where(inside, np.inf, -np.inf), np.maximum(first, second))
    enter, leave = np.maximum(low[..., 0], low[..., 1]), np.minimum(high[..., 0], high[..., 1])
    met: Bools = (enter <= leave) & (leave >= 0) & (enter <= 1)
    return met


def _cross(starts: Floats, end: Floats, others: Floats, ends: Floats) -> Bools:
    """Whether the line from a start to `end` crosses the line from another start to its end; broadcast as above."""

    def side(a: Floats, b: Floats, c: Floats) -> Floats:
        turn: Floats = np.sign((b - a)[..., 0] * (c - a)[..., 1] - (b - a)[..., 1] * (c - a)[..., 0])
        return turn

    first = side(starts, end, others) * side(starts, end, ends) < 0
    second = side(others, ends, starts) * side(others, ends, end) < 0
    crossed: Bools = first & second
    return crossed

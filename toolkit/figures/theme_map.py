"""The map: each paragraph is a point, nearby points are similar in meaning; themes are coloured and named in place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.figures import svg
from toolkit.figures.figure import Figure, nothing
from toolkit.figures.labels import Box, place
from toolkit.figures.style import NARROW, theme_class
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, plural, width, wrap
from toolkit.values import NOISE, Floats

WIDTH, HEIGHT, MARGIN = 720, 520, 22
COLUMN = (560, 430)
"""The frame of a map of few themes."""
THIN = (NARROW, 400)
"""The frame of a map for a column of 85 mm."""
FEW, MOST_NAMED = 16, 40
MOST_POINTS = 5_000
MEASURE = "nearby points are similar in meaning"
LABEL_ROOM, LABEL_SIZE, KEY = 150, 13.0, 15.0


@dataclass(frozen=True)
class Points:
    """What a map shows: rows of `paragraphs` (order of the table), their themes and places in the frame."""

    index: Any  # (m,) ints: rows of the paragraphs table
    themes: Any  # (m,) ints
    places: Floats  # (m, 2) in pixels of the frame
    frame: tuple[int, int]
    total: int  # unique paragraphs with a place, sampled or not


def theme_map(tables: RunTables) -> Figure:
    """The map of unique paragraphs as a figure; beyond 5,000 a stated sample of them."""
    wide = draw(tables, points_of(tables, frame=COLUMN if len(tables.themes) <= FEW else None))
    return wide if wide.reason else replace(wide, narrow=draw(tables, points_of(tables, frame=THIN)))


def points_of(
    tables: RunTables,
    most: int = MOST_POINTS,
    always: frozenset[str] = frozenset(),
    frame: tuple[int, int] | None = None,
) -> Points:
    """Unique paragraphs with a place on the map: all, or a sample of `most` that includes every id in `always`.

    The sample takes every k-th paragraph of the corpus order within each theme, so that themes keep their shares.
    """
    size = frame or (WIDTH, HEIGHT)
    table = tables.table("paragraphs")
    if "x" not in table.column_names or not table.num_rows:
        return Points(np.zeros(0, int), np.zeros(0, int), np.zeros((0, 2)), size, 0)
    x, y = (table[name].to_numpy(zero_copy_only=False).astype(float) for name in ("x", "y"))
    original = pc.is_null(table["duplicate_of"]).to_numpy(zero_copy_only=False)
    index = np.flatnonzero(original & np.isfinite(x) & np.isfinite(y))
    themes = table["theme"].to_numpy(zero_copy_only=False)[index].astype(int)
    total = len(index)
    places = _scaled(np.column_stack([x[index], y[index]]), size)
    if total > most:
        ids = table["paragraph_id"].take(pa.array(index)).to_pylist()
        keep = _spread(themes, most, np.array([name in always for name in ids]))
        index, themes, places = index[keep], themes[keep], places[keep]
    return Points(index, themes, places, size, total)


def _scaled(coordinates: Floats, size: tuple[int, int]) -> Floats:
    """Coordinates stretched into the frame, rounded to a tenth of a pixel; y grows upwards in the data.

    Along each axis the middle 96 % of points keep their proportions; points further out are drawn in by logarithm,
    so that a few far paragraphs do not squeeze all others into a corner.
    """
    if not len(coordinates):
        return coordinates
    coordinates = np.column_stack([_drawn_in(coordinates[:, axis]) for axis in (0, 1)])
    low, span = coordinates.min(axis=0), np.ptp(coordinates, axis=0)
    unit = np.where(span > 0, (coordinates - low) / np.where(span > 0, span, 1), 0.5)
    room = np.array(size) - 2 * MARGIN
    flipped = np.column_stack([unit[:, 0], 1 - unit[:, 1]])
    placed: Floats = np.round(MARGIN + flipped * room, 1)
    return placed


def _drawn_in(values: Floats) -> Floats:
    low, high = np.quantile(values, [0.02, 0.98])
    reach = 0.12 * max(high - low, 1e-12)
    above, below = np.maximum(values - high, 0), np.maximum(low - values, 0)
    drawn: Floats = np.clip(values, low, high) + reach * (np.log1p(above / reach) - np.log1p(below / reach))
    return drawn


def _spread(themes: Any, most: int, always: Any) -> Any:
    room = max(0, most - int(always.sum()))
    order = np.lexsort((np.arange(len(themes)), themes))
    order = order[~always[order]]
    step = np.linspace(0, len(order), room, endpoint=False).astype(int) if room else np.zeros(0, int)
    return np.sort(np.concatenate([np.flatnonzero(always), order[step]]))


def draw(tables: RunTables, points: Points) -> Figure:
    """The figure of chosen points; groups of one theme carry its colour, the largest theme lowest."""
    title, source = "Map of the paragraphs", "tables/paragraphs.parquet"
    paragraphs = tables.table("paragraphs")
    if not len(points.index):
        empty = pa.table({name: [] for name in ("paragraph_id", "theme", "label", "x", "y")})
        return nothing("map", title, "The run has no map: no paragraph has a place.", empty, source)
    table = paragraphs.select(["paragraph_id", "theme", "x", "y"]).take(pa.array(points.index))
    names = [tables.labels.get(int(theme), "") for theme in points.themes]
    table = table.add_column(2, "label", pa.array(names, pa.string()))
    order = sorted({int(theme) for theme in points.themes}, key=lambda theme: (theme >= 0, theme))
    radius = 3.6 if len(points.index) <= 400 else 2.9 if len(points.index) <= 1500 else 2.1
    labels, unnamed = _labels(tables, points)
    body = "".join(_group(points, theme, radius) for theme in order) + labels
    shown = plural(len(points.index), "unique paragraph")
    if points.total > len(points.index):
        shown = f"{count(len(points.index))} of the {count(points.total)} unique paragraphs, every theme in proportion"
    caption = f"{shown[0].upper()}{shown[1:]}. Nearby points are similar in meaning; large distances mean little."
    if NOISE in order:
        grey = int((points.themes == NOISE).sum())
        caption += f" Grey: {'the one' if grey == 1 else count(grey)} shown that belong{'s' * (grey == 1)} to no theme."
    if unnamed:
        caption += f" Not named for lack of space: {plural(unnamed, 'smaller theme')}; the table names all."
    named = f"{plural(sum(theme >= 0 for theme in order), 'theme')}, {'some' if unnamed else 'all'} named in place"
    alt = f"{caption} {named}."
    return Figure(
        "map", title, caption, alt, body, *points.frame, table, source, headline=_headline(tables), measure=MEASURE
    )


def _headline(tables: RunTables) -> str:
    """How many paragraphs are in how many themes of which sizes; empty without themes.

    It does not name the largest theme: only intervals can show that.
    """
    if not tables.themes:
        return ""
    sizes = sorted(int(theme["paragraphs"]) for theme in tables.themes)
    inside = f"{count(sum(sizes))} of {plural(tables.unique, 'paragraph')} are in {plural(len(sizes), 'theme')}"
    if len(sizes) == 1:
        return inside
    return f"{inside} of {count(sizes[0])}" + (f" to {count(sizes[-1])}" if sizes[0] < sizes[-1] else " each")


def _group(points: Points, theme: int, radius: float) -> str:
    places = points.places[points.themes == theme]
    size = radius * 0.8 if theme < 0 else radius
    marks = "".join(svg.point(float(x), float(y), theme, size) for x, y in places)
    return svg.element("g", marks, class_=f"points {theme_class(theme)}", data_theme=theme, fill_opacity="0.78")


def _labels(tables: RunTables, points: Points) -> tuple[str, int]:
    """The names of the largest themes, their lines beneath them, and how many themes have no name on the map."""
    themes = [theme for theme in sorted({int(theme) for theme in points.themes}) if theme >= 0]
    named = themes[:MOST_NAMED]
    most = 2 if len(named) > FEW else 3
    words = [_name(tables.labels.get(theme, str(theme)), most) for theme in named]
    sizes = [(max(width(line, LABEL_SIZE, True) for line in lines) + 6 + KEY, 15.5 * len(lines) + 2) for lines in words]
    anchors = np.array([_middle(points.places[points.themes == theme]) for theme in named]).reshape(-1, 2)
    boxes = place(sizes, anchors, points.places, points.frame)
    each = [entry for entry in zip(named, words, boxes, anchors, strict=True) if entry[2].placed]
    drawn = [_leader(theme, box, float(at[0]), float(at[1])) for theme, _, box, at in each]
    drawn += [_label(theme, lines, box, at) for theme, lines, box, at in each]
    return svg.element("g", "".join(drawn) or " ", class_="labels", aria_hidden="true"), len(themes) - len(each)


def _name(label: str, most: int) -> list[str]:
    """A label on two lines, or up to `most`; if it is a list that is too long, its last members are left out."""
    parts = label.split(", ")
    tried = [(label, rows) for rows in range(2, most + 1)]
    tried += [(", ".join(parts[:n]), 2) for n in range(len(parts) - 1, 0, -1)]
    made = [wrap(words, LABEL_ROOM, LABEL_SIZE, rows, bold=True) for words, rows in tried]
    return next((lines for lines in made if not lines[-1].endswith("…")), made[0])


def _middle(places: Floats) -> Floats:
    """The point of a theme that is nearest to its median, so that it is a place of the theme."""
    middle = np.median(places, axis=0)
    nearest: Floats = places[int(np.argmin(((places - middle) ** 2).sum(axis=1)))]
    return nearest


def _label(theme: int, words: list[str], box: Box, anchor: Floats) -> str:
    number = svg.text(float(anchor[0]), float(anchor[1]) + 9, theme, "number halo bold mid")
    top = box.y - 15.5 * (len(words) - 1) / 2 + 4.5
    left = box.x - box.width / 2 + KEY
    lines = "".join(svg.text(left, top + 15.5 * i, line, "name halo bold") for i, line in enumerate(words))
    sign = svg.element("g", svg.point(left - 9, top - 4.5, theme, 4.6), class_=f"name {theme_class(theme)}")
    return svg.element("g", lines + sign + number, data_theme=theme)


def _leader(theme: int, box: Box, x: float, y: float) -> str:
    """A line from the edge of a label to its theme; empty if the label is near it."""
    dx, dy = x - box.x, y - box.y
    outside = max(abs(dx) / (box.width / 2), abs(dy) / (box.height / 2))
    length = (dx**2 + dy**2) ** 0.5
    if outside <= 1 or length * (1 - 1 / outside) < 12:
        return ""
    ends = (box.x + dx / outside, box.y + dy / outside, x, y)
    return svg.element("g", svg.line(*ends, "under name") + svg.line(*ends, "lead name"), data_theme=theme)

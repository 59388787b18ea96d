"""The figures of what differs by group and over time: one in sight, the others each behind its finding."""

from __future__ import annotations

from toolkit.report.blocks import Block, Blocks, Fold
from toolkit.report.content import Content
from toolkit.report.sections.pieces import figure

ORDER = ("themes_by_source", "contrast", "codes_by_group", "over_time", "codes_over_time", "document")


def in_sight(content: Content) -> Block | None:
    """Themes by group; without themes the one contrast; None if the run compares nothing."""
    name = ORDER[0] if content.real_themes else ORDER[1]
    return figure(content, name) if content.real_themes or not content.figures[name].reason else None


def more_figures(content: Content) -> Blocks:
    """The other figures that the run has, folded; if there are themes and none over time, the reason."""
    shown = ORDER[1:] if content.real_themes else ORDER[2:]
    folds: list[Block] = []
    for name in shown:
        drawing = content.figures[name]
        if not drawing.reason:
            finding = f": {drawing.headline}" if drawing.headline else ""
            folds.append(Fold((f"{drawing.title}{finding}",), (figure(content, name),), 3))
        elif name == "over_time":
            folds.append(figure(content, name))
    return tuple(folds)

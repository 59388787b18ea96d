"""The comparison of two runs as a page of the report's look: one file, no request, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from toolkit.compare.compare import Comparison, named_theme, plain_value
from toolkit.compare.matching import KINDS, Match, shown_jaccard
from toolkit.errors import StoreError
from toolkit.report.blocks import Block, Blocks, Column, Fold, Paragraph, Report, Row, Section
from toolkit.report.inlines import Code, Detail, Inlines, Strong
from toolkit.report.page import page
from toolkit.report.sections.pieces import blocks, joined, note, paragraph, small, table, words
from toolkit.text.format import one_line, percent, plural
from toolkit.values import NOISE
from toolkit.version import __version__

MOVED = 20
"""Paragraphs named for each way that paragraphs moved."""
METRICS = 12
"""Metrics that differ in sight; the rest is folded."""
WAYS = 12
"""Ways that paragraphs moved in sight; the rest is folded."""


def write_page(found: Comparison, path: Path) -> None:
    """Write the comparison as an HTML page. Raises StoreError if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(compare_page(found), encoding="utf-8", newline="\n")
    except OSError as fault:
        raise StoreError(f"{path}: cannot be written: {fault.strerror or fault}") from None


def compare_page(found: Comparison) -> str:
    """The comparison as an HTML page (UTF-8)."""
    return page(comparison_report(found))


def comparison_report(found: Comparison) -> Report:
    """What the page says, as the blocks of a report."""
    before, after = found.before, found.after
    meta = (
        words(one_line(before.name)), f" (run {before.run}) and ", words(one_line(after.name)), f" (run {after.run})",
    )  # fmt: skip
    return Report(
        title=f"{_title(before.name, after.name)}: two runs compared",
        author="",
        version=__version__,
        question="",
        meta=meta,
        sections=(
            Section("runs", "The two runs", "The two runs", _runs(found)),
            Section("themes", "Themes", "What became of each theme", _themes(found)),
            Section("moves", "Moved paragraphs", "Paragraphs that moved", _moves(found)),
            *([Section("codes", "Codes", "Codes", _codes(found))] if found.codes else []),
            Section("settings", "Settings", "Settings that differ", _settings(found)),
            Section("metrics", "Metrics", "Metrics", _metrics(found)),
        ),
        kicker="Comparison of two runs",
    )


def _title(*names: str) -> str:
    """The names of the runs, once if they have the same, with blanks for underscores."""
    return " and ".join(dict.fromkeys(one_line(name.replace("_", " ")) for name in names))


def moved_words(found: Comparison) -> str:
    """How many paragraphs of both runs left their theme, with the share."""
    if not found.shared:
        return "No paragraph is in both runs, so no theme can be matched."
    share = percent(found.moved / found.shared, 1000)
    left = f"{found.moved:,} of them ({share})" if found.moved else "None of them"
    both = f"{plural(found.shared, 'paragraph')} {'is' if found.shared == 1 else 'are'} in both runs"
    return f"{both}, {found.only_before:,} only before, {found.only_after:,} only after. {left} left {_whose(found)}."


def _whose(found: Comparison) -> str:
    return "its theme" if found.moved == 1 or found.shared == 1 else "their theme"


def kinds_words(found: Comparison) -> str:
    """How many themes were kept, split and so on; kinds without any are left out."""
    counted = [f"{found.count(kind)} {kind}" for kind in KINDS if found.count(kind)]
    return ", ".join(counted) or "no theme on either side"


def _runs(found: Comparison) -> Blocks:
    sides = [("before", found.before), ("after", found.after)]
    columns = (Column("run"), _number("documents"), _number("paragraphs"), _number("themes"))
    rows = [
        Row(
            (
                (f"{when}: ", words(one_line(side.name)), Detail((f"run {side.run}",))),
                (f"{side.documents:,}",),
                (f"{side.paragraphs:,}",),
                (f"{sum(0 <= theme < 1000 for theme in side.labels):,}",),
            )
        )
        for when, side in sides
    ]
    said = Paragraph((moved_words(found),), "lead")
    return blocks(
        said, paragraph(Strong(("Themes: ",)), f"{kinds_words(found)}."), table("The two runs", columns, rows)
    )


def _themes(found: Comparison) -> Blocks:
    if not found.themes:
        return (note("Neither run has a theme."),)
    columns = (
        Column("what", "short words"), Column("before", name="before"), Column("after", name="after"),
        _number("paragraphs before"), _number("after", "after"), _number("in both", "in both"), _number("Jaccard"),
    )  # fmt: skip
    rows = [_theme(found, match) for match in found.themes]
    return blocks(
        table("What became of each theme", columns, rows, stacks=True), small(f"How they are told apart: {found.rule}.")
    )


def _theme(found: Comparison, match: Match) -> Row:
    jaccard = "–" if match.jaccard is None else shown_jaccard(match.jaccard)
    counts = (match.before_paragraphs, match.after_paragraphs, match.shared)
    sides = (_names(match.before, found.before.labels), _names(match.after, found.after.labels))
    return Row(((Strong((match.kind,)),), *sides, *((f"{n:,}",) for n in counts), (jaccard,)))


def _names(themes: Sequence[int], labels: Mapping[int, str]) -> Inlines:
    """Themes by number and label; an en dash if there is none."""
    return joined([(f"{theme} ", words(one_line(labels.get(theme, "")))) for theme in themes]) or ("–",)


def _moves(found: Comparison) -> Blocks:
    if not found.moves:
        return (note("No paragraph of both runs left its theme."),)
    columns = (Column("from"), Column("to", name="to"), _number("paragraphs"), Column("which (after)", name="which"))
    rows = [
        Row(
            (
                (_side(move.before, found.before.labels),),
                (_side(move.after, found.after.labels),),
                (f"{len(move.paragraphs):,}",),
                _which([after for _, after in move.paragraphs]),
            )
        )
        for move in found.moves
    ]
    shown = table("Paragraphs that moved", columns, rows[:WAYS], stacks=True)
    return blocks(shown, _folded(plural(len(rows) - WAYS, "more way"), columns, rows[WAYS:]))


def _side(theme: int, labels: Mapping[int, str]) -> Any:
    return named_theme(theme) if theme == NOISE else words(f"{theme} {one_line(labels.get(theme, ''))}".rstrip())


def _which(names: Sequence[str]) -> Inlines:
    more = len(names) - MOVED
    return (words(", ".join(map(one_line, names[:MOVED]))), f" and {more:,} more" if more > 0 else "")


def _codes(found: Comparison) -> Blocks:
    columns = (Column("code"), _number("before"), _number("after", "after"), _number("both times", "both times"))
    rows = [Row(((words(code),), *((f"{n:,}",) for n in counts))) for code, counts in found.codes.items()]
    return (table("Codes", columns, rows, ("Paragraphs of both runs that carry the code.",)),)


def _settings(found: Comparison) -> Blocks:
    if not found.config:
        return (note("No setting differs."),)
    pairs = ((key, plain_value(old), plain_value(new)) for key, (old, new) in found.config.items())
    return (_pairs("Settings that differ", "setting", pairs),)


def _metrics(found: Comparison) -> Blocks:
    changed: list[Sequence[str]] = []
    same: list[Sequence[str]] = []
    for key, sides in found.metrics.items():
        row = (key, *("not defined" if value is None else found.metric(key, at) for at, value in enumerate(sides)))
        (changed if sides[0] != sides[1] else same).append(row)
    shown = _pairs("Metrics that differ", "metric", changed[:METRICS]) if changed else note("No metric differs.")
    more = plural(len(changed) - METRICS, "more metric")
    more += " that differs" if len(changed) - METRICS == 1 else " that differ"
    alike = plural(len(same), "metric") + ", the same in both"
    return blocks(shown, _folded_pairs(more, changed[METRICS:]), _folded_pairs(alike, same))


def _folded_pairs(summary: str, rows: Sequence[Sequence[str]]) -> Block | None:
    return Fold((summary,), (_pairs(summary, "metric", rows),)) if rows else None


def _pairs(label: str, first: str, rows: Iterable[Sequence[str]]) -> Block:
    """A table of dotted keys with their values before and after."""
    columns = (Column(first), Column("before", name="before"), Column("after", name="after"))
    cells = [Row(((Code(key),), (words(one_line(old)),), (words(one_line(new)),))) for key, old, new in rows]
    return table(label, columns, cells, stacks=True)


def _folded(summary: str, columns: Sequence[Column], rows: Sequence[Row]) -> Block | None:
    return Fold((summary,), (table(summary, columns, rows, stacks=True),)) if rows else None


def _number(head: str, name: str = "") -> Column:
    return Column(head, "number", name=name or head)

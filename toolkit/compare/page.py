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

MOST_MOVED = 20
"""Paragraphs named for each way that paragraphs moved."""
MOST_METRICS = 12
"""Metrics that differ in sight; the rest is folded."""
MOST_WAYS = 12
"""Ways that paragraphs moved in sight; the rest is folded."""


def write_page(comparison: Comparison, path: Path) -> None:
    """Write the comparison as an HTML page. Raises StoreError if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(compare_page(comparison), encoding="utf-8", newline="\n")
    except OSError as fault:
        raise StoreError(f"{path}: cannot be written: {fault.strerror or fault}") from None


def compare_page(comparison: Comparison) -> str:
    """The comparison as an HTML page (UTF-8)."""
    return page(comparison_report(comparison))


def comparison_report(comparison: Comparison) -> Report:
    """The content of the page, as the blocks of a report."""
    before, after = comparison.before, comparison.after
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
            Section("runs", "The two runs", "The two runs", _runs(comparison)),
            Section("themes", "Themes", "What became of each theme", _themes(comparison)),
            Section("moves", "Moved paragraphs", "Paragraphs that moved", _moves(comparison)),
            *([Section("codes", "Codes", "Codes", _codes(comparison))] if comparison.codes else []),
            Section("settings", "Settings", "Settings that differ", _settings(comparison)),
            Section("metrics", "Metrics", "Metrics", _metrics(comparison)),
        ),
        kicker="Comparison of two runs",
    )


def _title(*names: str) -> str:
    """The names of the runs, once if they have the same, with blanks for underscores."""
    return " and ".join(dict.fromkeys(one_line(name.replace("_", " ")) for name in names))


def moved_words(comparison: Comparison) -> str:
    """How many paragraphs of both runs left their theme, with the share."""
    if not comparison.shared:
        return "No paragraph is in both runs, so no theme can be matched."
    share = percent(comparison.moved / comparison.shared, 1000)
    left = f"{comparison.moved:,} of them ({share})" if comparison.moved else "None of them"
    both = f"{plural(comparison.shared, 'paragraph')} {'is' if comparison.shared == 1 else 'are'} in both runs"
    alone = f"{comparison.only_before:,} only before, {comparison.only_after:,} only after"
    return f"{both}, {alone}. {left} left {_whose(comparison)}."


def _whose(comparison: Comparison) -> str:
    return "its theme" if comparison.moved == 1 or comparison.shared == 1 else "their theme"


def kinds_words(comparison: Comparison) -> str:
    """How many themes were kept, split and so on; kinds without any are left out."""
    counted = [f"{comparison.count(kind)} {kind}" for kind in KINDS if comparison.count(kind)]
    return ", ".join(counted) or "no theme on either side"


def _runs(comparison: Comparison) -> Blocks:
    sides = [("before", comparison.before), ("after", comparison.after)]
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
    lead = Paragraph((moved_words(comparison),), "lead")
    return blocks(
        lead, paragraph(Strong(("Themes: ",)), f"{kinds_words(comparison)}."), table("The two runs", columns, rows)
    )


def _themes(comparison: Comparison) -> Blocks:
    if not comparison.themes:
        return (note("Neither run has a theme."),)
    columns = (
        Column("what", "short words"), Column("before", name="before"), Column("after", name="after"),
        _number("paragraphs before"), _number("after", "after"), _number("in both", "in both"), _number("Jaccard"),
    )  # fmt: skip
    rows = [_theme(comparison, match) for match in comparison.themes]
    return blocks(
        table("What became of each theme", columns, rows, stacks=True),
        small(f"How changes are classified: {comparison.rule}."),
    )


def _theme(comparison: Comparison, match: Match) -> Row:
    jaccard = "–" if match.jaccard is None else shown_jaccard(match.jaccard)
    counts = (match.before_paragraphs, match.after_paragraphs, match.shared)
    sides = (_names(match.before, comparison.before.labels), _names(match.after, comparison.after.labels))
    return Row(((Strong((match.kind,)),), *sides, *((f"{n:,}",) for n in counts), (jaccard,)))


def _names(themes: Sequence[int], labels: Mapping[int, str]) -> Inlines:
    """Themes by number and label; an en dash if there is none."""
    return joined([(f"{theme} ", words(one_line(labels.get(theme, "")))) for theme in themes]) or ("–",)


def _moves(comparison: Comparison) -> Blocks:
    if not comparison.moves:
        return (note("No paragraph of both runs left its theme."),)
    columns = (Column("from"), Column("to", name="to"), _number("paragraphs"), Column("which (after)", name="which"))
    rows = [
        Row(
            (
                (_side(move.before, comparison.before.labels),),
                (_side(move.after, comparison.after.labels),),
                (f"{len(move.paragraphs):,}",),
                _which([after for _, after in move.paragraphs]),
            )
        )
        for move in comparison.moves
    ]
    shown = table("Paragraphs that moved", columns, rows[:MOST_WAYS], stacks=True)
    return blocks(shown, _folded(plural(len(rows) - MOST_WAYS, "more way"), columns, rows[MOST_WAYS:]))


def _side(theme: int, labels: Mapping[int, str]) -> Any:
    return named_theme(theme) if theme == NOISE else words(f"{theme} {one_line(labels.get(theme, ''))}".rstrip())


def _which(names: Sequence[str]) -> Inlines:
    more = len(names) - MOST_MOVED
    return (words(", ".join(map(one_line, names[:MOST_MOVED]))), f" and {more:,} more" if more > 0 else "")


def _codes(comparison: Comparison) -> Blocks:
    columns = (Column("code"), _number("before"), _number("after", "after"), _number("both times", "both times"))
    rows = [Row(((words(code),), *((f"{n:,}",) for n in counts))) for code, counts in comparison.codes.items()]
    return (table("Codes", columns, rows, ("Paragraphs of both runs that carry the code.",)),)


def _settings(comparison: Comparison) -> Blocks:
    if not comparison.config:
        return (note("No setting differs."),)
    pairs = ((key, plain_value(old), plain_value(new)) for key, (old, new) in comparison.config.items())
    return (_pairs("Settings that differ", "setting", pairs),)


def _metrics(comparison: Comparison) -> Blocks:
    changed: list[Sequence[str]] = []
    same: list[Sequence[str]] = []
    for key, sides in comparison.metrics.items():
        row = (key, *("not defined" if value is None else comparison.metric(key, at) for at, value in enumerate(sides)))
        (changed if sides[0] != sides[1] else same).append(row)
    shown = _pairs("Metrics that differ", "metric", changed[:MOST_METRICS]) if changed else note("No metric differs.")
    more = plural(len(changed) - MOST_METRICS, "more metric")
    more += " that differs" if len(changed) - MOST_METRICS == 1 else " that differ"
    alike = plural(len(same), "metric") + ", the same in both"
    return blocks(shown, _folded_pairs(more, changed[MOST_METRICS:]), _folded_pairs(alike, same))


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

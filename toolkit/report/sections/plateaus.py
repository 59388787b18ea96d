"""Coarser and finer divisions beside the chosen one, folded: scores, lines of the config, what splits into what."""

from __future__ import annotations

from toolkit.report.blocks import Block, Column, Row, Table
from toolkit.report.inlines import Code, Inlines, Link, Strong
from toolkit.report.plateau_part import Overlap, PlateauPart, SplitRow
from toolkit.report.sections.pieces import files, fold, joined, small, table, words
from toolkit.text.format import count, listed, plural

MATTER_OF_DEGREE = (
    "No neighbouring resolutions divide the paragraphs in nearly the same way (adjusted Rand index of at least 0.9): "
    "no number of themes is better supported than its neighbours. "
)


def plateaus(part: PlateauPart) -> Block | None:
    """The divisions in a fold; the reason if none is offered; None in a run of an older toolkit."""
    if not part.divisions:
        return small(f"No coarser or finer division is offered: {part.reason}.") if part.reason else None
    numbers = [count(division.themes) for division in part.divisions]
    return fold(
        f"Coarser and finer: {listed(numbers)} themes",
        _divisions(part),
        *(small(why) for why in part.finer),
        small(
            MATTER_OF_DEGREE if not part.alike else "",
            "Score ± 95% interval over refits. The line in the config gives that division, paragraph by paragraph; "
            "to ask for a number instead, set ", Code("discover.themes"), ", which may give other themes.",
            " Themes of the other divisions have names of their own words: no language model was asked."
            if part.by_model else "",
        ),
        _splits(part),
        files("tables/plateaus.csv"),
    )  # fmt: skip


def _divisions(part: PlateauPart) -> Table:
    columns = (
        Column("Division", "words", width=2),
        Column("Score", "number", name="score"),
        Column("Resolution", "number", name="resolution"),
        Column("Agreement", "number", name="agreement"),
        Column("In no theme", "number", name="in no theme"),
        Column("The line that gives it", "words", width=5),
    )
    rows = [
        Row(
            (
                (plural(division.themes, "theme"),),
                *((cell,) for cell in (division.score, division.resolutions, division.agreement, division.outside)),
                (Code(division.line),),
            ),
            "chosen" if division.chosen else "",
        )
        for division in part.divisions
    ]
    return table("Coarser and finer divisions", columns, rows, ("Divisions; the chosen one is marked",), stacks=True)


def _splits(part: PlateauPart) -> Table:
    others = [f"Among {plural(division.themes, 'theme')}" for division in part.divisions if not division.chosen]
    columns = (
        Column("Theme of this run", width=4),
        *(Column(head, "long words", name=f"{head.lower()}:", width=5) for head in others),
    )
    caption = (
        "What splits into what: the paragraphs that a theme of this run shares with themes of the other division; in "
        "brackets, all paragraphs of those themes",
    )
    return table("What splits into what", columns, (_split(row) for row in part.splits), caption, stacks=True)


def _split(row: SplitRow) -> Row:
    label: Inlines = (words(row.label),)
    name: Inlines = label if row.theme is None else (Link(label, f"#theme-{row.theme}"),)
    others = (joined([_overlap(overlap) for overlap in overlaps], "; ") or ("–",) for overlaps in row.others)
    return Row(((*name, f" ({row.paragraphs})"), *others), "muted" if row.theme is None else "")


def _overlap(overlap: Overlap) -> Inlines:
    return (Strong((overlap.shared,)), " in ", words(overlap.label), f" ({overlap.paragraphs})")

"""How far to trust the results: measures, coders and machine, and how the number of themes was chosen."""

from __future__ import annotations

from toolkit.report.blocks import (
    Blocks,
    Bullets,
    Column,
    Fold,
    Heading,
    Paragraph,
    Quotes,
    Row,
    RowGroup,
    Section,
    Table,
)
from toolkit.report.content import Content
from toolkit.report.dispute_part import Disputes
from toolkit.report.inlines import Detail
from toolkit.report.places import Mode
from toolkit.report.sections.pieces import blocks, figure, files, paragraph, plain, quotation, small, table, words
from toolkit.report.validity_part import MetricRow, PlainTable


def validity(content: Content) -> Section:
    """What supports the results and what does not."""
    return Section(
        "validity",
        "Trust",
        "How far to trust this",
        blocks(
            figure(content, "stability") if content.found else None,
            _measures(content),
            _coders(content),
            _scored(content.scored),
            *(_disputes(kind, content.mode) for kind in content.disputes),
            *(_extra(heading, shown) for heading, shown in content.extra),
            _grain(content),
        ),
    )


def _measures(content: Content) -> Blocks:
    """Every metric beside its baseline, and what could not be measured."""
    return blocks(
        _metrics(content) if content.metrics else None,
        small(f"By chance: {content.chance}. Single themes stand with their quotes above.") if content.chance else None,
        small(content.unmeasured) if content.unmeasured else None,
        files("metrics.json") if content.metrics else None,
    )


def _metrics(content: Content) -> Table:
    columns = (
        Column("Measure", width=5),
        Column("Value", "number"),
        Column("95% interval", "number", name="95%"),
        Column("By chance", "number", name="by chance"),
        Column("Better", "words", unit="is better", width=0),
        Column("n", "number", name="n"),
        Column("Note", "long words", width=4),
    )
    groups = tuple(RowGroup(group.name, tuple(_metric(row) for row in group.rows)) for group in content.metrics)
    return Table("Measures", columns, groups, ("Measures of this run",), stacks=True)


def _metric(row: MetricRow) -> Row:
    name = (row.name,) if row.name == row.key else (row.name, Detail((row.key,)))
    return Row((name, (row.value,), (row.ends,), (row.baseline,), (row.better,), (row.n,), (row.note,)))


def _coders(content: Content) -> Blocks:
    if content.human:
        return (paragraph(content.human),)
    nobody = "Nobody coded paragraphs of this run, so nothing here says how far the coding agrees with a reader's."
    return (Paragraph((nobody,), "note"),) if content.codes else ()


def _scored(scored: PlainTable | None) -> Blocks:
    """Scores of the coding, a code a row."""
    if scored is None:
        return ()
    columns = [Column("Code", width=4), *(Column(head, "number") for head in scored.heads)]
    rows = [Row(((words(row[0]),), *((cell,) for cell in row[1:]))) for row in scored.rows]
    caption = ("Scores by code, with 95% intervals; the last columns count coded paragraphs",)
    return blocks(
        Heading(("Coding against the coders",)),
        table("Scores of the coding", columns, rows, caption),
        small(scored.note) if scored.note else None,
        files("tables/scored.csv", "tables/human.csv"),
    )


def _disputes(kind: Disputes, mode: Mode) -> Fold:
    """Paragraphs on which coders, or coders and machine, disagree."""
    shown = (
        (Quotes((quotation(one.quote, mode),), 1), Bullets(tuple((words(said),) for said in one.codes)))
        for one in kind.shown
    )
    return Fold((f"{kind.head}: {kind.words}",), blocks(*shown, files("tables/disagreements.csv")), 3)


def _extra(heading: str, shown: PlainTable) -> Blocks:
    """A table of what human codes gave, as it is."""
    return (Heading((heading,)), plain(heading, shown), files(f"tables/{shown.name}.csv"))


def _grain(content: Content) -> Blocks:
    """The candidates among which the number of themes was chosen."""
    shown = content.tables.get("candidates")
    if shown is None:
        return ()
    columns = tuple(Column(head, "number") for head in shown.heads)
    rows = tuple(
        Row(tuple((cell,) for cell in cells), "chosen" if chosen else "")
        for cells, chosen in zip(shown.rows, shown.marked, strict=True)
    )
    caption = ("Candidates; the chosen one is marked",)
    return blocks(
        Heading(("How the number of themes was chosen",)),
        Table("Candidates of granularity", columns, (RowGroup("", rows),), caption, row_heads=False),
        small(content.grain) if content.grain else None,
        files("tables/candidates.csv"),
    )

"""How far to trust the results: measures, coders and machine, and how the number of themes was chosen."""

from __future__ import annotations

from toolkit.report.blocks import (
    Blocks,
    Column,
    Heading,
    Row,
    RowGroup,
    Section,
    Table,
)
from toolkit.report.content import Content
from toolkit.report.inlines import Detail
from toolkit.report.sections.coders import coders
from toolkit.report.sections.pieces import blocks, figure, files, plain, small
from toolkit.report.sections.plateaus import plateaus
from toolkit.report.validity_part import Grain, MetricRow, PlainTable
from toolkit.text.format import listed, plural


def validity(content: Content) -> Section:
    """What supports the results and what does not."""
    return Section(
        "validity",
        "Trust",
        "How far to trust this",
        blocks(
            figure(content, "stability") if content.real_themes else None,
            _measures(content),
            coders(content),
            *(_extra(heading, shown) for heading, shown in content.extra),
            _grain(content),
        ),
    )


def _measures(content: Content) -> Blocks:
    """Every metric beside its baseline, and what could not be measured."""
    return blocks(
        _metrics(content) if content.metrics else None,
        small(f"By chance: {content.chance}. Single themes stand with their quotes above.") if content.chance else None,
        small(_unmeasured(content)) if content.unmeasured else None,
        files("metrics.json") if content.metrics else None,
    )


def _unmeasured(content: Content) -> str:
    why = (f"{name.lower()} ({listed(reasons)})" for name, reasons in content.unmeasured)
    return f"Not measured: {'; '.join(why)}."


def _metrics(content: Content) -> Table:
    columns = (
        Column("Measure", width=5),
        Column("Value", "number"),
        Column("95% interval", "number", name="95%"),
        Column("By chance", "number", name="by chance"),
        Column("Better", "words", unit="is better", width=0),
        Column("Out of", "words", name="out of", width=3),
        Column("Note", "long words", width=4),
    )
    groups = tuple(RowGroup(group.name, tuple(_metric(row) for row in group.rows)) for group in content.metrics)
    return Table("Measures", columns, groups, ("Measures of this run",), stacks=True)


def _metric(row: MetricRow) -> Row:
    name = (row.name,) if row.name == row.key else (row.name, Detail((row.key,)))
    return Row((name, (row.value,), (row.ends,), (row.baseline,), (row.better,), (row.n,), (row.note,)))


def _extra(heading: str, shown: PlainTable) -> Blocks:
    """A table of what human codes gave, as it is."""
    why = small(shown.note) if shown.note else None
    return blocks(Heading((heading,)), plain(heading, shown), why, files(f"tables/{shown.name}.csv"))


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
        small(_explained(content.grain)) if content.grain else None,
        files("tables/candidates.csv"),
        plateaus(content.plateaus),
    )


def _explained(grain: Grain) -> str:
    """What the columns of the candidates say, and why the marked row may not count the run's own themes."""
    columns = (
        "Largest share: of the paragraphs, in the largest theme. Agreement: adjusted Rand index between refits, and "
        "with the next row. Coherence: NPMI of the words that set themes apart. Score: what the choice goes by; rows "
        "with one theme, or more than half of the paragraphs in one, are as a rule not chosen, whatever their score; "
        "where refits cannot tell the best apart, the coarsest of them is."
    )
    differs = f" The run keeps the consensus of the marked row's refits: {plural(grain.kept, 'theme')}."
    return columns + differs * bool(grain.kept and grain.kept != grain.chosen)

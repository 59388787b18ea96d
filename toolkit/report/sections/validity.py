"""How far to trust the results: measures, coders and machine, and how the number of themes was chosen."""

from __future__ import annotations

from toolkit.report.blocks import (
    Blocks,
    Bullets,
    Column,
    Fold,
    Heading,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from toolkit.report.content import Content
from toolkit.report.inlines import Detail, Ranges
from toolkit.report.sections.coders import coded_in_short, coders
from toolkit.report.sections.limitations import MANY_MOVE, Limitation, limitations
from toolkit.report.sections.pieces import blocks, figure, files, fold, paragraph, plain, small
from toolkit.report.sections.plateaus import plateaus
from toolkit.report.validity_part import Grain, MetricRow, PlainTable
from toolkit.text.format import count, listed, plural


def validity(content: Content) -> Section:
    """What supports the results and what does not."""
    return Section(
        "validity",
        "Trust",
        "How far to trust this",
        blocks(
            _of_themes(content),
            coded_in_short(content),
            Heading(("Limitations",), anchor="limitations"),
            _limitations(limitations(content)),
            fold("Stability of each theme, as a figure", figure(content, "stability")) if content.real_themes else None,
            _measures(content),
            coders(content),
            *(_extra(heading, shown) for heading, shown in content.extra),
            _grain(content),
            plateaus(content.plateaus),
        ),
    )


def _of_themes(content: Content) -> Paragraph | None:
    """How far the themes can be trusted, in at most three sentences; limitations are in their own list."""
    themes = content.real_themes
    means = sorted((theme.stability.split()[0] for theme in themes if theme.stability[:1].isdigit()), key=float)
    stability = ""
    if means:
        fragile = sum(theme.fragile for theme in themes)
        bound = f" ({content.fragile_bound})" if fragile and content.fragile_bound else ""
        stability = (
            f"Under resampling themes have a stability of {means[0]} to {means[-1]}; {count(fragile)} of "
            f"{count(len(themes))} {'is' if fragile == 1 else 'are'} fragile{bound}."
        )
    seeds = content.seeds.short if content.seeds is not None and 0 <= _moved(content) < MANY_MOVE else ""
    sentences = " ".join(filter(None, (content.evidence, stability, seeds)))
    return paragraph(Ranges(sentences)) if sentences and themes else None


def _moved(content: Content) -> float:
    """The share of paragraphs that change theme with another seed; -1 if unknown."""
    return -1.0 if content.seeds is None or content.seeds.moved is None else content.seeds.moved


def _limitations(every: tuple[Limitation, ...]) -> Blocks:
    """What can change a verdict in sight, the rest in a fold."""
    if not every:
        return (paragraph("None were recorded by this run beyond the intervals above."),)
    grave, minor = ([limitation for limitation in every if limitation.grave is which] for which in (True, False))
    name = "further limitation" if grave else "limitation"
    return blocks(
        _bullets(grave) if grave else None,
        fold(plural(len(minor), name).capitalize(), _bullets(minor)) if minor else None,
    )


def _bullets(some: list[Limitation]) -> Bullets:
    return Bullets(tuple((limitation.text,) for limitation in some), "limits")


def _measures(content: Content) -> Fold | None:
    """Every metric beside its baseline, and what could not be measured."""
    number = sum(len(group.rows) for group in content.metrics)
    chance = f"By chance: {content.chance}. Values of single themes are with their quotes above."
    return fold(
        f"Measures of this run, compared with chance: {plural(number, 'measure')}" if number else
        "Measures of this run: none",
        _metrics(content) if content.metrics else None,
        small(chance) if content.chance else None,
        small(_unmeasured(content)) if content.unmeasured else None,
        files("metrics.json") if content.metrics else None,
    )  # fmt: skip


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


def _extra(heading: str, shown: PlainTable) -> Fold | None:
    """A table of what human codes gave, as it is."""
    why = small(shown.note) if shown.note else None
    return fold(heading, plain(heading, shown), why, files(f"tables/{shown.name}.csv"))


def _grain(content: Content) -> Fold | None:
    """The candidates among which the number of themes was chosen."""
    shown = content.tables.get("candidates")
    if shown is None:
        return None
    columns = tuple(Column(head, "number") for head in shown.heads)
    rows = tuple(
        Row(tuple((cell,) for cell in cells), "chosen" if chosen else "")
        for cells, chosen in zip(shown.rows, shown.marked, strict=True)
    )
    caption = ("Candidates; the chosen one is marked",)
    return fold(
        f"How the number of themes was chosen: {plural(len(rows), 'candidate')}",
        Table("Candidates of granularity", columns, (RowGroup("", rows),), caption, row_heads=False),
        small(_explained(content.grain)) if content.grain else None,
        files("tables/candidates.csv"),
    )


def _explained(grain: Grain) -> str:
    """The meaning of the columns of the candidates, and why the marked row may have another number of themes."""
    columns = (
        "Largest share: the share of paragraphs in the largest theme. Agreement: adjusted Rand index between refits, "
        "and with the next row. Coherence: NPMI of the words that distinguish the themes. Score: the number by which "
        "the choice is made; rows with one theme, or with more than half of the paragraphs in one, are as a rule not "
        "chosen, whatever their score; if refits cannot distinguish the best rows, the coarsest of them is chosen."
    )
    differs = f" The run keeps the consensus of the marked row's refits: {plural(grain.kept, 'theme')}."
    return columns + differs * bool(grain.kept and grain.kept != grain.chosen)

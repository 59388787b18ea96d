"""What people changed in the themes: in conflict in sight, the rest in a fold."""

from __future__ import annotations

from toolkit.report.blocks import Blocks, Bullets, Column, Fact, Fold, Paragraph, Row, Table
from toolkit.report.content import Content
from toolkit.report.decision_part import DecisionLine
from toolkit.report.inlines import Inlines, Link, Strong
from toolkit.report.sections.pieces import blocks, fact, files, table, words
from toolkit.report.theme_part import ThemePart
from toolkit.text.format import count, plural


def what_people_changed(content: Content) -> Blocks:
    """The decisions of a log and how each theme changed by them; nothing in a run without a log."""
    part = content.decisions
    if part is None:
        return ()
    shares = tuple(line for theme in content.themes if (line := _of_theme(theme)))
    inside = blocks(_lines(part.lines), Bullets(shares) if shares else None, files("tables/decisions.csv"))
    return blocks(
        Paragraph((words(part.edited), f" {part.moved}" * bool(part.moved))),
        _conflicts(part.conflicts) if part.conflicts else None,
        Fold((f"What people changed: {plural(len(part.lines), 'decision')}",), inside, 3),
    )


def _conflicts(line: str) -> Paragraph:
    """How many decisions are in conflict, in bold, and which."""
    many, _, which = line.partition(":")
    return Paragraph((Strong((f"{many}:",)), words(f"{which}.")), "note")


def _lines(lines: tuple[DecisionLine, ...]) -> Table:
    columns = (
        Column("Line", "short words"), Column("Decision"), Column("Who", "short words"), Column("When", "short words"),
        Column("Why"), Column("Outcome", "long words"),
    )  # fmt: skip
    rows = [
        Row(
            ((line.number,), (words(line.what),), (words(line.who),), (line.when,),
             (words(line.why),), (Strong((line.outcome,)) if line.lost else line.outcome, words(line.reason))),
        )
        for line in lines
    ]  # fmt: skip
    return table("Decisions of people", columns, rows, ("Decisions in the order in which they were applied",), True)


def _of_theme(theme: ThemePart) -> Inlines:
    """“Funds”: 14% (12–17%), of which 5 percentage points (9 of 177 unique paragraphs) come from the merge by Wei."""
    people = theme.people
    if people is None or not people.changed:
        return ()
    share = f": {theme.share.words}, of which "
    return (Link((words(f"“{theme.label}”"),), f"#{theme.anchor}"), share, words(people.points), ".")


def by_people(content: Content) -> str:
    """`, 12 of them by decisions of people`, of paragraphs in no theme; empty if people put none there."""
    people = content.noise.people if content.noise else None
    return f", {count(people.changed)} of them by decisions of people" if people and people.changed else ""


def of_people(theme: ThemePart) -> tuple[Fact | None, ...]:
    """Facts of a theme that people named, changed or noted."""
    people = theme.people
    if people is None:
        return ()
    machine = f"; the machine's name: “{people.machine_label}”" if people.machine_label else ""
    here = f"of the share, {people.points}" if people.changed else ""
    alone = f"{people.by}; no paragraph of another theme" if people.by and not people.changed else ""
    changed = "; ".join(part for part in (here, alone, people.gone) if part)
    return (
        fact("Named by", words(f"{people.named_by}{machine}")) if people.named_by else None,
        fact("Changed by people", words(changed)) if changed else None,
        fact("Note by people", words(people.note), long=True) if people.note else None,
    )

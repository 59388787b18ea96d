"""What people changed in the themes: each line of their log with its outcome, and how much of each theme is theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.figures import RunTables
from toolkit.run_folder.decided import CONFLICT, conflict_line, in_words, to_no_theme
from toolkit.text.format import count, decimal, listed, name_of, one_line, percent, plural
from toolkit.values import NOISE

MOVING = ("merge", "split", "drop", "move")
"""Decisions that put paragraphs into another theme."""


@dataclass(frozen=True)
class DecisionLine:
    """One line of the log as the report shows it."""

    number: str
    what: str
    who: str
    when: str
    why: str
    outcome: str
    reason: str
    lost: bool


@dataclass(frozen=True)
class ThemeDecisions:
    """What is a person's in one theme: its name, its note, and `changed` of `n` unique paragraphs, put there `by`."""

    theme: int
    named_by: str
    machine_label: str
    changed: int
    n: int
    by: str
    note: str
    gone: str  # how many of the machine's paragraphs are elsewhere by people; empty if none
    stability: str  # how it was measured for the edited theme, or why it was not; empty if only the name is a person's

    @property
    def points(self) -> str:
        """`5 percentage points (9 of 177 unique paragraphs) come from the merge by Wei`."""
        number = percent(self.changed / self.n, self.n).removesuffix("%")
        noun, verb = ("point", "comes") if number == "1" else ("points", "come")
        base = f"{count(self.changed)} of {plural(self.n, 'unique paragraph')}"
        return f"{number} percentage {noun} ({base}) {verb} from {self.by or 'people'}"


@dataclass(frozen=True)
class DecisionPart:
    """The log of a run: its lines, what they did in sum and by theme, and which are in conflict (empty if none)."""

    lines: tuple[DecisionLine, ...]
    edited: str  # who edited the themes, by how many decisions
    changed: int  # unique paragraphs in another theme for it
    moved: str  # how many paragraphs are in another theme for it; empty if none
    conflicts: str
    themes: Mapping[int, ThemeDecisions]


def decision_part(tables: RunTables) -> DecisionPart | None:
    """From the table `decisions`; None in a run without a log."""
    rows = tables.rows("decisions")
    if not rows:
        return None
    themes = theme_decisions(tables)
    changed = sum(theme.changed for theme in themes.values())
    share = f"{count(changed)} of {plural(tables.unique, 'unique paragraph')} ({percent(changed / tables.unique)})"
    applied = sum(row["outcome"] != CONFLICT for row in rows)
    people = listed(list(dict.fromkeys(name_of(row["who"], 80) for row in rows)))
    of = f"{count(applied)} of {plural(len(rows), 'decision')} by {people}"
    edited = f"People edited the themes: {of} {'was' if applied == 1 else 'were'} applied."
    moved = f"{share} are in another theme than the machine put them into." if changed else ""
    if not applied:
        edited = f"People changed nothing: none of {plural(len(rows), 'decision')} by {people} could be applied."
    return DecisionPart(tuple(map(_line, rows)), edited, changed, moved, one_line(conflict_line(rows)), themes)


def _line(row: Mapping[str, Any]) -> DecisionLine:
    overlap = f" ({decimal(row['overlap'])})" if row["overlap"] is not None else ""
    why = f": {one_line(row['reason'])}" if row["reason"] else ""
    return DecisionLine(
        number=str(row["line"]),
        what=in_words(row, 120),
        who=name_of(row["who"], 80),
        when=one_line(row["when"]).partition("T")[0],
        why=one_line(row["why"]),
        outcome=f"{row['outcome']}{overlap}",
        reason=why,
        lost=row["outcome"] == CONFLICT,
    )


def theme_decisions(tables: RunTables) -> dict[int, ThemeDecisions]:
    """Theme -> what is a person's in it, of those where anything is; empty in a run without a log."""
    decisions = tables.rows("decisions")
    if not decisions:
        return {}
    made, gone = {}, _gone(tables)
    for row in [*tables.themes, *([tables.noise] if tables.noise else [])]:
        theme, changed = int(row["theme"]), row.get("changed_paragraphs") or 0
        by = _deeds(decision for decision in decisions if _concerns(decision, theme))
        if changed or by or theme in gone or row.get("named_by") or row.get("note"):
            made[theme] = ThemeDecisions(
                theme, name_of(row.get("named_by"), 80), name_of(row.get("machine_label")), changed, tables.unique,
                by, one_line(row.get("note")), gone.get(theme, ""),
                _stability(tables, theme) if by or changed or theme in gone else "",
            )  # fmt: skip
    return made


def _gone(tables: RunTables) -> dict[int, str]:
    """Theme -> how many paragraphs people took out of the machine's theme that it continues, of how many."""
    table = tables.table("paragraphs").select(["theme", "machine_theme", "duplicate_of"]).to_pydict()
    pairs = zip(table["theme"], table["machine_theme"], table["duplicate_of"], strict=True)
    both = Counter((theme, machine) for theme, machine, copy_of in pairs if copy_of is None)
    sizes: Counter[int] = Counter()
    for (_, machine), n in both.items():
        sizes[machine] += n
    missing: dict[int, str] = {}
    for (theme, machine), n in sorted(both.items(), key=lambda pair: (-pair[1], pair[0])):
        if NOISE in (theme, machine) or theme in missing or machine not in sizes:
            continue
        whole = sizes.pop(machine)
        verb = "is" if whole - n == 1 else "are"
        what = f"{count(whole - n)} of the machine's {plural(whole, 'paragraph')} {verb} elsewhere"
        missing[theme] = what if whole > n else ""
    return {theme: words for theme, words in missing.items() if words}


def _stability(tables: RunTables, theme: int) -> str:
    """How the stability of an edited theme was measured, or why it was not."""
    metric = tables.metrics.get(f"stability.theme.{theme}", {})
    if metric.get("value") is not None:
        return "measured on the refits for the theme as people left it"
    return one_line(metric.get("reason")).removeprefix("not measured: ")


def _concerns(row: Mapping[str, Any], theme: int) -> bool:
    """Whether a line of the log put paragraphs into a theme, or took them out."""
    if row["outcome"] == CONFLICT or row["do"] not in MOVING:
        return False
    return theme in (row["themes"] or ()) or (theme == NOISE and (row["do"] == "drop" or to_no_theme(row)))


def _deeds(rows: Iterable[Mapping[str, Any]]) -> str:
    """`the merge by Wei and 2 moves by Ann`; empty for no row."""
    counts = Counter((str(row["do"]), name_of(row["who"], 80)) for row in rows)
    return listed([f"{f'the {do}' if n == 1 else f'{count(n)} {do}s'} by {who}" for (do, who), n in counts.items()])

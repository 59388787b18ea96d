"""Machines that coded beside people, compared with them by the measures by which this run is."""

from __future__ import annotations

from typing import Any

from toolkit.codebook.kinds import MARKED
from toolkit.figures import RunTables
from toolkit.report.validity_part import PlainTable
from toolkit.text.format import count, decimal, decimals, one_line

MEASURES = ("precision", "recall", "f1", "macro f1", "kappa", "alpha")
HEADS = (
    "Coder",
    "Precision",
    "Recall",
    "F1",
    "Macro-F1",
    "Kappa",
    "Alpha",
    "Decisions of both",
    "Kappa with each person",
)
OF_RUN = {"kappa": "kappa machine / coders", "alpha": "alpha machine / coders"}


def machine_coders(tables: RunTables) -> PlainTable | None:
    """A row a machine and one for this run, all codes together; None if no machine coded beside people."""
    machines, people = tables.declared.machines, tables.declared.coders
    if not machines.number:
        return None
    rows = {str(row["measure"]): row for row in tables.rows("scored") if not row["code"]}
    made = [
        _row("This run", {measure: OF_RUN.get(measure, measure) for measure in MEASURES}, "machine", rows, people.ids)
    ]
    for coder in machines.ids:
        name = f"{coder}{MARKED}"
        keys = {measure: f"{measure} {name} / people" for measure in MEASURES}
        made.append(_row(one_line(name), keys, name, rows, people.ids))
    note = (
        "Each row is of the paragraphs that its coder and people coded. Codes by these machines count in no score of "
        "this run's coding and in no share."
    )
    shown = len(HEADS) if people.number > 1 else len(HEADS) - 1  # with one person, kappa is that with people
    return PlainTable("scored", HEADS[:shown], tuple(row[:shown] for row in made), note=note)


def _row(
    shown: str, keys: dict[str, str], name: str, rows: dict[str, dict[str, Any]], people: tuple[str, ...]
) -> tuple[str, ...]:
    each = {person: rows.get(f"kappa {name} / {person}") for person in people}
    with_each = [f"{one_line(person)} {decimal(row['value'])}" for person, row in each.items()
                 if row and row["value"] is not None]  # fmt: skip
    both = rows.get(keys["kappa"], {}).get("n")
    cells = (_score(rows.get(keys[measure])) for measure in MEASURES)
    return (shown, *cells, "–" if both is None else count(both), ", ".join(with_each) or "–")


def _score(row: dict[str, Any] | None) -> str:
    if row is None or row["value"] is None:
        return "undefined" if row else "–"
    ends = decimals(row.get("low"), row.get("high")).replace(" to ", "–")
    return f"{decimal(row['value'])} ({ends or 'no interval'})"

"""What codes by coders gave, in tables of words: shares corrected for error, reliability, what more codes would buy."""

from __future__ import annotations

from typing import Any

from toolkit.figures import RunTables
from toolkit.report.validity_part import PlainTable, reasons, sentences
from toolkit.schemas import MACHINE
from toolkit.text.format import count, decimal, denominator, interval, one_line, percent, plural

TENTH = "observed share at probability "
CORRECTED = "Shares corrected for coding error"
RELIABILITY = "Are the probabilities right?"
LEARNING = "What more coded paragraphs would improve"
BY_MACHINES = {
    CORRECTED: "Shares corrected towards the machine coders",
    RELIABILITY: "Are the probabilities those of the machine coders?",
    LEARNING: "What more paragraphs coded by machines would improve",
}
"""Heading -> the one if only machines coded: nothing there is about people."""


def human_tables(tables: RunTables) -> tuple[tuple[str, PlainTable], ...]:
    """Heading and table of each that the run has."""
    made = {RELIABILITY: _reliability(tables), LEARNING: _learning(tables), CORRECTED: _corrected(tables)}
    kind = tables.declared.coders.kind
    return tuple((heading_of(heading, kind), table) for heading, table in made.items() if table is not None)


def heading_of(heading: str, kind: str) -> str:
    """A heading that names machines if they are the ones who coded."""
    return BY_MACHINES.get(heading, heading) if kind == MACHINE else heading


def _corrected(tables: RunTables) -> PlainTable | None:
    """A row a code, all of them: its share by the coders alone, by the machine alone, and corrected, side by side."""
    by_code: dict[str, dict[str, dict[str, Any]]] = {}
    for row in tables.rows("corrected"):
        by_code.setdefault(row["code"], {})[row["by"]] = row
    if not by_code:
        return None
    rows, uncorrected = [], {row["id"]: row for row in tables.shares("code")}  # one interval for one share
    for code, by in by_code.items():
        both = by["both"]
        shares = [_share(row) for row in (uncorrected.get(code, by.get("machine")), by.get("coders"), both)]
        trusted = decimal(both["weight"]) if both["weight"] is not None else "–"
        rows.append((tables.code_names.get(code, code), *shares, trusted, count(both["n"]), one_line(both["reason"])))
    bases = {row["machine"]["n"] for row in by_code.values() if "machine" in row and row["machine"].get("of")}
    who = tables.declared.coders
    alone = f"{who.this_run.capitalize()} alone, uncorrected" + "".join(f" (of {count(n)})" for n in sorted(bases))
    heads = ("Code", alone, f"{who.short.capitalize()} alone", f"Corrected: {who.this_run} and {who.short}",
             f"Weight of {who.the_run} (0–1)", "Coded paragraphs", "Why not")  # fmt: skip
    kept = heads if any(row[-1] for row in rows) else heads[:-1]
    return PlainTable("corrected", kept, tuple(row[: len(kept)] for row in rows))


def _share(row: dict[str, Any] | None) -> str:
    if row is None or row["estimate"] is None:
        return "undefined"
    return f"{percent(row['estimate'])} ({interval(row['low'], row['high']) or 'no interval'})"


def _reliability(tables: RunTables) -> PlainTable | None:
    """Of decisions with a probability in each tenth: how many the coders made the same way."""
    rows = [
        (str(row["measure"]).removeprefix(TENTH).replace("-", "–"), _share({**row, "estimate": row["value"]}),
         denominator(row["n"], None, row.get("hits")))
        for row in tables.rows("scored")
        if str(row["measure"]).startswith(TENTH)
    ]  # fmt: skip
    heads = (
        f"Probability that {tables.declared.coders.the_run} gave",
        f"Share to which the {tables.declared.coders.short} gave the code",
        "Decisions",
    )
    return PlainTable("scored", heads, tuple(rows), note=_reasons(tables)) if rows else None


def _reasons(tables: RunTables) -> str:
    """Why shares in tenths of probability have no interval, of those that have none."""
    tenths = [row for row in tables.rows("scored") if str(row["measure"]).startswith(TENTH)]
    return sentences(reasons(tenths))


def _learning(tables: RunTables) -> PlainTable | None:
    """Macro-F1 without labels and by the number of coded paragraphs learned from."""
    by_measure = {str(row["measure"]): row for row in tables.rows("scored") if not row["code"]}
    curve = [(name.split()[3], row) for name, row in by_measure.items() if name.startswith("macro f1 with ")]
    if not curve:
        return None
    whole = [("none", by_measure.get("macro f1 without labels")), *curve, ("all", by_measure.get("macro f1"))]
    rows = tuple((head, decimal(row["value"]), _range(row)) for head, row in whole if row is not None)
    by = " by machines" * (tables.declared.coders.kind == MACHINE)
    head = f"Paragraphs coded{by} learned from" if by else "Coded paragraphs learned from"
    return PlainTable("scored", (head, "Macro-F1", "From – to"), rows)


def _range(row: dict[str, Any]) -> str:
    if row["low"] is None:
        return "no interval"
    drawn = "draws" in str(row["reason"])
    what = f"lowest and highest of {plural(row['n'], 'random draw')}" if drawn else "95% interval"
    return f"{decimal(row['low'])}–{decimal(row['high'])}, {what}"

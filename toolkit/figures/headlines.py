"""Headlines: what a figure shows, in one sentence, by rules from its numbers.

A headline states only clear differences: of shares, by intervals that do not overlap (cautious: they may overlap though
the difference is clear); of groups and periods, by tests that are adjusted for their number. Else it says that none is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, listed, one_line, percent, plural

MOST_NAMED = 3
CLEAR = ("more", "less")
ALPHA = 0.05
"""Below this an adjusted p-value decides in a run folder of format 1, which has no verdicts."""


def quoted(name: str) -> str:
    """A name in quotes."""
    return f"“{one_line(name)}”"


def most_common(rows: Sequence[Mapping[str, Any]], noun: str) -> str:
    """Which one to three rows have a lower limit above the upper limit of every other; empty if there are none."""
    ranked = sorted(rows, key=lambda row: -(row["estimate"] or 0.0))
    if len(ranked) < 2 or any(row["low"] is None or row["high"] is None for row in ranked):
        return ""
    for first in range(1, min(MOST_NAMED, len(ranked) - 1) + 1):
        if min(row["low"] for row in ranked[:first]) > max(row["high"] for row in ranked[first:]):
            names = listed([quoted(row["name"]) for row in ranked[:first]])
            if first > 1:
                return f"{names} are the most common {noun}s"
            return f"{names} is the most common {noun}, with {percent(ranked[0]['estimate'], ranked[0]['n'])}"
    return ""


def name_of_row(row: Mapping[str, Any], tables: RunTables) -> str:
    """The name of the theme or code that a row of `contrasts`, `trends` or `prevalence` is about."""
    if row["kind"] == "theme":
        return tables.labels.get(int(row["id"]), str(row["id"]))
    return tables.code_names.get(row["id"]) or one_line(row["id"])


def verdict_of(row: Mapping[str, Any]) -> str:
    """`more` or `less` for a contrast that holds after adjustment, else empty."""
    verdict = row.get("verdict")
    if verdict is not None:
        return str(verdict) if verdict in CLEAR else ""
    p, low, high = row.get("p_adjusted"), row.get("low"), row.get("high")
    if p is None or low is None or high is None or p >= ALPHA:
        return ""
    return "more" if low > 0 else "less" if high < 0 else ""


def clear_differences(tables: RunTables, kind: str, column: str) -> list[dict[str, Any]]:
    """Contrasts of paragraphs between groups of a column that hold after adjustment, the clearest first."""
    rows = [
        row
        for row in tables.rows("contrasts")
        if row["kind"] == kind and row["group_by"] == column and row["unit"] == "paragraph"
    ]
    clear = [row for row in rows if verdict_of(row) and not _is_noise(row)]
    return sorted(clear, key=lambda row: (row["p_adjusted"], -abs(row["difference"]), row["id"], row["group"]))


def by_group(tables: RunTables, kind: str, column: str) -> str:
    """The clearest difference (`More of “Doubts” in sceptic than in all others, by 25 points`), or that none is."""
    clear = clear_differences(tables, kind, column)
    tested = [row for row in tables.rows("contrasts") if row["kind"] == kind and row["group_by"] == column]
    if not tested:
        return ""
    if not clear:
        none = f"{kind} clearly differs between groups of {one_line(column)}"
        return (
            f"Apart from the claim that holds, no {none}"
            if kind == "code" and is_claimed(tables, column)
            else f"No {none}"
        )
    return difference(clear[0], tables) + _further(len(clear) - 1, "clear difference")


def is_claimed(tables: RunTables, column: str) -> bool:
    """Whether a claim about groups of a column holds; it was tested among the claims, not among all contrasts."""
    rows = [row for row in tables.rows("claims") if row["kind"] in ("larger", "smaller") and row["group_by"] == column]
    return any(str(row["verdict"]).startswith("holds") for row in rows)


def difference(row: Mapping[str, Any], tables: RunTables) -> str:
    """A clear contrast as a sentence, with its difference in percentage points."""
    way = "More" if row["difference"] > 0 else "Less"
    points = plural(round(abs(100 * row["difference"])), "point")
    name, versus = quoted(name_of_row(row, tables)), one_line(row["versus"])
    return f"{way} of {name} in {one_line(row['group'])} than in {versus}, by {points}"


def over_time(tables: RunTables, kind: str) -> str:
    """Which shares clearly rise or fall, or that none does; empty if no slope was tested."""
    slopes = [row for row in tables.rows("trends") if row.get("tested") and row["kind"] == kind]
    slopes = [row for row in slopes if row["unit"] == "paragraph" and not _is_noise(row)]
    if not slopes:
        return ""
    parts = []
    for verdict, (singular, several) in {"rising": ("rises", "rise"), "falling": ("falls", "fall")}.items():
        names = [quoted(name_of_row(row, tables)) for row in slopes if row["verdict"] == verdict]
        if names:
            subjects = listed(names) if len(names) <= MOST_NAMED else f"{count(len(names))} {kind}s"
            parts.append(f"{subjects} {singular if len(names) == 1 else several}")
    return "; ".join(parts) if parts else f"No {kind} clearly rises or falls"


def _further(more: int, noun: str) -> str:
    return f"; {plural(more, 'more ' + noun)}" if more else ""


def _is_noise(row: Mapping[str, Any]) -> bool:
    return bool(row["kind"] == "theme" and int(row["id"]) < 0)

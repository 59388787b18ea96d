"""The one chart that a report opens with: what its first claim is about, or how common its themes or codes are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from toolkit.figures.answer_chart import (
    CLAIMED,
    CLAIMS,
    COMPARED,
    FRAGILE,
    OTHER,
    SHARES,
    Bar,
    Line,
    are_short,
    bars_table,
    counts_chart,
    curve_chart,
    round_up,
    rows_chart,
    top_of,
)
from toolkit.figures.figure import Figure, nothing
from toolkit.figures.fragile import evidence_grade
from toolkit.figures.over_time import unit_of
from toolkit.figures.prevalence import overall
from toolkit.run_folder.reader import RunTables
from toolkit.schemas import BY_CODING
from toolkit.text.format import count, decimal, decimals, name_of, one_line, percent, plural
from toolkit.text.ties import is_apart

MOST_ROWS, MOST_SHORT = 7, 9
FEWEST = 10
"""Groups of fewer paragraphs or documents are drawn below all others."""
HOLDS, DOES_NOT = "holds", "does not hold"
CLEAR = 2
"""The grade of clear evidence of themes."""


def answer(tables: RunTables) -> Figure:
    """The chart of the first claim that holds, else of the first that can be drawn, else of the themes or codes."""
    for row in in_order(tables.rows("claims")):
        drawn = _of_claim(row, tables)
        if drawn is not None:
            return drawn
    return _of_shares(tables)


def in_order(claims: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Claims that hold first, then those whose contrary is shown, then those that cannot be told, each in its order."""
    return sorted(claims, key=lambda row: rank_of(str(row["verdict"])))


def rank_of(verdict: str) -> int:
    """0 for a claim that holds, 1 if its contrary is shown, 2 if neither can be told."""
    return 0 if verdict.startswith(HOLDS) else 1 if verdict.startswith(DOES_NOT) else 2


def _of_claim(row: dict[str, Any], tables: RunTables) -> Figure | None:
    kinds = {
        "larger": _by_group, "smaller": _by_group, "together": _together, "rose": _over_time, "fell": _over_time,
        "changed": _over_time, "above": _beside_value, "below": _beside_value,
    }  # fmt: skip
    make = kinds.get(row["kind"])
    drawn = make(row, tables) if make is not None else None
    if drawn is None:
        return None
    verdict = ("", "Does not hold: ", "Cannot be told: ")[rank_of(row["verdict"])]
    text = one_line(row["text"])
    warned = next((badge for badge in ("weak", "unchecked", "uncertain") if badge in row["verdict"]), "")
    if warned and any("(weak" in tables.code_label(code) for code in (row["code"], row["other"]) if code):
        warned = "weak"  # the verdict names one badge for both codes
    return replace(
        drawn, headline=f"{verdict}{text.rstrip(' .')} ({warned} code{_s(row)})" if warned else f"{verdict}{text}"
    )


def _s(row: Mapping[str, Any]) -> str:
    return "s" if row["other"] else ""


def _by_group(row: dict[str, Any], tables: RunTables) -> Figure | None:
    """The share of a code in every group, that of the claim marked."""
    if row["first"] is None or row["second"] is None:
        return None
    unit = f"{row['unit']}s"
    column, code = one_line(row["group_by"]), _code(row, tables)
    title = f"{code} by {column}, share of {unit}"
    shares = [share for share in tables.shares("code", row["group_by"], row["unit"]) if share["id"] == row["code"]]
    shares = [share for share in shares if share["estimate"] is not None and share["group"] is not None]
    claimed = [share for share in shares if share["group"] == row["group"]]
    rest = row["than"] == "rest"
    if claimed and (rest or any(share["group"] == row["than"] for share in shares)):
        shares.sort(key=lambda share: (share["group"] not in (row["group"], row["than"]), -share["n"], share["group"]))
        most = MOST_SHORT if are_short(name_of(share["group"]) for share in shares[:MOST_SHORT]) else MOST_ROWS
        kept, others = (
            [_share(share, share["group"], _role(share["group"], row)) for share in sorted(part, key=_largest_first)]
            for part in (shares[:most], shares[most:])
        )
        more = f" {_more(len(others), 'group')}" if others else ""
        few = " (wide if a group has few documents)" if row["unit"] == "paragraph" else ""
        caption = f"Share of {unit} with {code}, by {column}. {_lines(shares, few)}{more}"
        line = Line(row["second"], f"all others {percent(row['second'], row['n_second'])}") if rest else None
        return rows_chart(kept, line, caption, title, others=others)
    sides = (
        (row["group"], CLAIMED, "first", "n"),
        ("all others" if rest else row["than"], OTHER, "second", "n_second"),
    )
    bars = [Bar(name_of(name), role, row[of], None, None, row[n], _of(row[of], row[n])) for name, role, of, n in sides]
    ends = decimals(_times_100(row["low"]), _times_100(row["high"]), 1)
    apart = f" {decimal(100 * row['estimate'], 1)} points apart (95% interval {ends})." if ends else ""
    caption = f"Share of {unit} with {code}, by {column}.{apart} Each share alone has no interval in this run."
    return rows_chart(bars, None, caption, title, CLAIMS)


def _largest_first(row: Mapping[str, Any]) -> tuple[bool, float, str]:
    """Order of the rows: the largest shares first; those of small groups, which are uninformative, below all others."""
    return row["n"] < FEWEST, -row["estimate"], row["group"]


def _role(group: str, row: Mapping[str, Any]) -> str:
    return CLAIMED if group == row["group"] else COMPARED if group == row["than"] else OTHER


def _beside_value(row: dict[str, Any], tables: RunTables) -> Figure | None:
    """The share of a code beside the value of the claim."""
    if row["estimate"] is None or row["chance"] is None:
        return None
    where = f"{one_line(row['group'])}" if row["group"] else f"all {row['unit']}s"
    bar = Bar(where, CLAIMED, row["estimate"], row["low"], row["high"], row["n"], _of(row["estimate"], row["n"]))
    line = Line(row["chance"], f"the claim: {100 * row['chance']:g}%")
    caption = f"Share of {row['unit']}s with {_code(row, tables)}. {_lines([row])}"
    title = f"{_code(row, tables)}, share of {row['unit']}s"
    return rows_chart([bar], line, caption, title, CLAIMS)


def _together(row: dict[str, Any], tables: RunTables) -> Figure | None:
    """How many units have both codes, and how many would by chance."""
    both, expected = row["first"], row["second"]
    if both is None or not expected:
        return None
    low, high = row["low"], row["high"]
    least, most = (None, None) if low is None or high is None else (expected * low, expected * high)
    unit, n = f"{row['unit']}s", row["n"]
    bars = [
        Bar(f"{unit.capitalize()} with both codes", CLAIMED, both, least, most, n, count(both)),
        Bar("Expected by chance", OTHER, expected, None, None, n, decimal(expected, 1)),
    ]
    names = " and ".join(_name(code, tables) for code in (row["code"], row["other"]))
    caption = f"Of {plural(n, row['unit'])}, those with {names}."
    if least is not None:
        caption += f" The line is the 95% interval of the ratio, {decimals(low, high, 1)} times, on that scale."
    top = round_up(max(value for value in (both, expected, most) if value is not None))
    return counts_chart(bars, top, caption, f"{names} in the same {unit}")


def _over_time(row: dict[str, Any], tables: RunTables) -> Figure | None:
    """The share of a code by period, with a band; None for claims about one group, whose periods no table has."""
    if row["group_by"] is not None:
        return None
    kept = [period for period in tables.rows("trends") if period["kind"] == "code" and period["id"] == row["code"]]
    kept = [period for period in kept if period["unit"] == row["unit"] and str(period["period"])[:4].isdigit()]
    kept = sorted(
        (period for period in kept if period["estimate"] is not None), key=lambda period: str(period["period"])
    )
    if len(kept) < 2:
        return None
    bars = [
        Bar(str(period["period"]), CLAIMED, period["estimate"], period["low"], period["high"], period["n"],
            _of(period["estimate"], period["n"])) for period in kept
    ]  # fmt: skip
    unit, top = unit_of(bars[0].name), top_of(bars)
    title = f"{_code(row, tables)} over time, share of {row['unit']}s"
    caption = f"Share of {row['unit']}s with {_code(row, tables)}, by {unit}; the band is the 95% interval of each."
    caption += f" Above {percent(top)} it is cut." if any((bar.high or 0.0) > top for bar in bars) else ""
    return curve_chart(bars, caption, title)


def _of_shares(tables: RunTables) -> Figure:
    """The shares of the themes if they are well supported or there is no code, else those of the codes."""
    rows = [_of_respondents(row, tables) for row in overall(tables) if row["id"] != "-1"]
    rows = [row for row in rows if row["estimate"] is not None]
    themes, codes = ([row for row in rows if row["kind"] == kind] for kind in ("theme", "code"))
    codes = [row for row in codes if row["estimate"]]
    grade = evidence_grade(tables)
    kind = "theme" if themes and (not codes or grade is None or grade == CLEAR) else "code"
    shown = themes if kind == "theme" else codes
    if not shown:
        return nothing("answer", "The main answer", "No share of a theme or code can be shown.", bars_table(()), SHARES)
    fragile = {str(row["theme"]) for row in tables.themes if row.get("fragile") and row["stability"] is not None}
    bars = [
        _share(row, row["name"] if kind == "theme" else tables.code_label(row["id"]), _hollow(row, fragile))
        for row in shown
    ]
    more = f" {_more(len(shown) - MOST_ROWS, kind)}" if len(shown) > MOST_ROWS else ""
    hollow = " Hollow: fragile." if any(bar.role == FRAGILE for bar in bars) else ""
    base = "respondents" if kind == "theme" and tables.counts_respondents else "unique paragraphs"
    caption = f"Share of {base} with each {kind}. {_lines(shown)}{hollow}{more}"
    drawn = rows_chart(bars[:MOST_ROWS], None, caption, f"How common each {kind} is", others=bars[MOST_ROWS:])
    return replace(drawn, headline=_first(shown, kind, base))


def _of_respondents(row: dict[str, Any], tables: RunTables) -> dict[str, Any]:
    """The row of a theme as a share of respondents in a survey; any other row as it is."""
    if row["kind"] != "theme" or not tables.counts_respondents:
        return row
    of_respondents = (share for share in tables.shares("theme", unit="document") if share["id"] == row["id"])
    return {**row, **next(of_respondents, {})}


def _hollow(row: Mapping[str, Any], fragile: set[str]) -> str:
    return FRAGILE if row["id"] in fragile else OTHER


def _first(rows: Sequence[Mapping[str, Any]], kind: str, base: str) -> str:
    """Which theme or code is the largest, or that none clearly is."""
    word = "largest" if kind == "theme" else "most frequent"
    first, *others = rows
    share = f"{percent(first['estimate'], first['n'])} of {count(first['n'])} {base}"
    name = f"“{one_line(first['name'])}”"
    if not others:
        return f"{name}, the only {kind} found: {share}"
    ends = [(row["low"], row["high"]) for row in others]
    if is_apart((first["low"], first["high"]), ends):
        return f"{name} is the {word} {kind}: {share}"
    return f"No {kind} is clearly the {word}"


def _share(row: Mapping[str, Any], name: Any, role: str) -> Bar:
    inner = (row.get("sampling_low"), row.get("sampling_high")) if row.get("interval_of") == BY_CODING else ()
    words = _of(row["estimate"], row["n"])
    return Bar(name_of(name), role, row["estimate"], row["low"], row["high"], int(row["n"]), words, *inner)


def _of(share: float | None, n: int | None) -> str:
    """33% of 39."""
    return f"{percent(share, n)} of {count(n)}"


def _lines(rows: Iterable[Mapping[str, Any]], wide: str = "") -> str:
    """The meaning of the lines beside the dots; `wide` is a note on wide ones."""
    with_interval = [row for row in rows if row["low"] is not None]
    if not with_interval:
        return "No interval could be given."
    if all(row.get("interval_of") != BY_CODING for row in with_interval):
        return f"Lines are 95% intervals{wide}."
    if any(row.get("sampling_low") is None for row in with_interval):
        return "Lines are 95% intervals (sampling and coding error)."
    return f"Lines are 95% intervals: thick of sampling error{wide}, thin of coding error, too."


def _more(number: int, what: str) -> str:
    return f"{plural(number, f'further {what}')} in the table."


def _name(code: str | None, tables: RunTables) -> str:
    return f"“{tables.code_names.get(code or '', one_line(code))}”"


def _code(row: Mapping[str, Any], tables: RunTables) -> str:
    return _name(row["code"], tables)


def _times_100(value: float | None) -> float | None:
    return None if value is None else 100 * value

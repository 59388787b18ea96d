"""The one chart that a report opens with: what its first claim is about, or how common its themes or codes are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pyarrow as pa

from toolkit.figures import svg
from toolkit.figures.figure import Figure, nothing
from toolkit.figures.fragile import evidence_grade
from toolkit.figures.intervals import nice_top, ticks
from toolkit.figures.over_time import unit_of
from toolkit.figures.prevalence import overall
from toolkit.run_folder.reader import RunTables
from toolkit.schemas import BY_CODING
from toolkit.text.format import count, decimal, decimals, name_of, one_line, percent, plural, width, wrap
from toolkit.text.ties import is_apart

WIDTH, ROW, HEIGHT = 372, 35, 200
SHORT_ROW, SHORT_NAME = 27, 112
"""Height of a row whose name is beside its line, and the widest such name."""
MOST_ROWS, MOST_SHORT = 7, 9
FEWEST = 10
"""Groups of fewer paragraphs or documents are drawn below all others."""
COLUMNS = ("name", "role", "estimate", "low", "high", "sampling_low", "sampling_high", "n")
SOURCE = "tables/prevalence.parquet"
CLAIMED, COMPARED, OTHER, FRAGILE = "claimed", "compared", "", "fragile"
HOLDS, DOES_NOT = "holds", "does not hold"
CLEAR = 2
"""The grade of clear evidence of themes."""


@dataclass(frozen=True)
class Bar:
    """A row of the chart: its name, its share with interval, of how many, what it is in the claim, and its words.

    If the interval contains coding error, the interval of sampling error alone is inside it.
    """

    name: str
    role: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int | None
    words: str = ""
    sampling_low: float | None = None
    sampling_high: float | None = None


@dataclass(frozen=True)
class Line:
    """A value that the shares are compared with, drawn across all rows; its words are above it."""

    value: float
    words: str


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
        most = MOST_SHORT if _are_short(name_of(share["group"]) for share in shares[:MOST_SHORT]) else MOST_ROWS
        kept, others = (
            [_share(share, share["group"], _role(share["group"], row)) for share in sorted(part, key=_largest_first)]
            for part in (shares[:most], shares[most:])
        )
        more = f" {_more(len(others), 'group')}" if others else ""
        few = " (wide if a group has few documents)" if row["unit"] == "paragraph" else ""
        caption = f"Share of {unit} with {code}, by {column}. {_lines(shares, few)}{more}"
        line = Line(row["second"], f"all others {percent(row['second'], row['n_second'])}") if rest else None
        return _rows(kept, line, caption, title, others=others)
    sides = (
        (row["group"], CLAIMED, "first", "n"),
        ("all others" if rest else row["than"], OTHER, "second", "n_second"),
    )
    bars = [Bar(name_of(name), role, row[of], None, None, row[n], _of(row[of], row[n])) for name, role, of, n in sides]
    ends = decimals(_times_100(row["low"]), _times_100(row["high"]), 1)
    apart = f" {decimal(100 * row['estimate'], 1)} points apart (95% interval {ends})." if ends else ""
    caption = f"Share of {unit} with {code}, by {column}.{apart} Each share alone has no interval in this run."
    return _rows(bars, None, caption, title, "tables/claims.parquet")


def _largest_first(row: Mapping[str, Any]) -> tuple[bool, float, str]:
    """The largest shares first; those of small groups, which say little, below all others."""
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
    return _rows([bar], line, caption, title, "tables/claims.parquet")


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
    top = _round_up(max(value for value in (both, expected, most) if value is not None))
    return _counts(bars, top, caption, f"{names} in the same {unit}")


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
    return _figure(*_curve(bars), bars, caption, title, f"{bars[0].name} to {bars[-1].name}.", "tables/trends.parquet")


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
        return nothing("answer", "The main answer", "No share of a theme or code can be shown.", _table(()), SOURCE)
    fragile = {str(row["theme"]) for row in tables.themes if row.get("fragile") and row["stability"] is not None}
    bars = [
        _share(row, row["name"] if kind == "theme" else tables.code_label(row["id"]), _hollow(row, fragile))
        for row in shown
    ]
    more = f" {_more(len(shown) - MOST_ROWS, kind)}" if len(shown) > MOST_ROWS else ""
    hollow = " Hollow: fragile." if any(bar.role == FRAGILE for bar in bars) else ""
    base = "respondents" if kind == "theme" and tables.counts_respondents else "unique paragraphs"
    caption = f"Share of {base} with each {kind}. {_lines(shown)}{hollow}{more}"
    drawn = _rows(bars[:MOST_ROWS], None, caption, f"How common each {kind} is", others=bars[MOST_ROWS:])
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


def _rows(
    bars: Sequence[Bar],
    line: Line | None,
    caption: str,
    title: str,
    source: str = SOURCE,
    others: Sequence[Bar] = (),
) -> Figure:
    """Bars as rows of the chart; `others`, for which there is no room, are in its table alone."""
    values = [bar.high or bar.estimate or 0.0 for bar in bars] + [line.value if line else 0.0]
    top = nice_top(values)
    marks = ticks(top, percent=True)
    named = "; ".join(f"{bar.name}: {bar.words}" for bar in bars)
    drawn = _figure(*_panel(bars, top, marks, line), bars, caption, title, f"{named}.", source)
    return replace(drawn, table=_table((*bars, *others)))


def _counts(bars: Sequence[Bar], top: float, caption: str, title: str) -> Figure:
    marks = [(value, count(value)) for value in (0.0, top / 2, top)]
    named = "; ".join(f"{bar.name}: {bar.words}" for bar in bars)
    return _figure(*_panel(bars, top, marks, None), bars, caption, title, f"{named}.", "tables/claims.parquet")


def _figure(body: str, height: float, bars: Sequence[Bar], caption: str, title: str, named: str, source: str) -> Figure:
    alt = f"{caption} {named}"
    return Figure("answer", title, caption, alt, body, WIDTH, round(height), _table(bars), source)


def _table(bars: Iterable[Bar]) -> pa.Table:
    rows = [{name: getattr(bar, name) for name in COLUMNS} for bar in bars]
    kinds = [("name", pa.string()), ("role", pa.string())]
    kinds += [(name, pa.float64()) for name in COLUMNS[2:-1]]
    return pa.Table.from_pylist(rows, schema=pa.schema([*kinds, ("n", pa.int64())]))


def _panel(bars: Sequence[Bar], top: float, marks: Sequence[tuple[float, str]], line: Line | None) -> tuple[str, float]:
    """Rows of a name and its number over a dot with its interval, on one scale; a line at the value if there is one."""
    short = _are_short(bar.name for bar in bars)
    left, right = 6.0, WIDTH - 14.0
    if short:
        left = max(width(bar.name, 13, bold=True) for bar in bars) + 16.0
        right = WIDTH - max(width(bar.words, 13, bold=True) for bar in bars) - 16.0
    row, last = (SHORT_ROW, right) if short else (ROW, float(WIDTH))

    def at(value: float) -> float:
        return left + (right - left) * min(max(value, 0.0), top) / top

    begin = 20.0 if line else 2.0
    end = begin + row * len(bars) + 2
    made = []
    for at_end, (value, words) in zip([*(False for _ in marks[1:]), True], marks, strict=True):
        made.append(svg.line(at(value), begin, at(value), end, "grid"))
        made.append(
            svg.text(
                last if at_end and not short else at(value),
                end + 17,
                words,
                "soft mid" if short or (value and not at_end) else "soft end" if at_end else "soft",
            )
        )
    if line:
        made.append(svg.line(at(line.value), begin - 4, at(line.value), end, "axis"))
        half = width(line.words, 13) / 2
        made.append(svg.text(min(max(at(line.value), half), WIDTH - half), begin - 9, line.words, "soft mid"))
    chosen = any(bar.role == CLAIMED for bar in bars)
    for index, bar in enumerate(bars):
        made.append(_bar(bar, begin + row * index, at, chosen and bar.role == OTHER, short))
    return "".join(made), end + 22


def _are_short(names: Iterable[str]) -> bool:
    """Whether all names have room beside their lines."""
    return all(width(name, 13, bold=True) <= SHORT_NAME for name in names)


def _bar(bar: Bar, y: float, at: Callable[[float], float], pale: bool, short: bool) -> str:
    """Name and number over a dot with its interval, beside it if short; `pale` beside a row that the claim is about."""
    strong = bar.role == CLAIMED
    room = WIDTH - width(bar.words, 13, strong) - 14
    (name,) = wrap(bar.name, room, 13, 1, bold=strong)
    tone = "bold" if strong else ""
    made = [
        svg.text(0, y + 14, name, f"halo {tone}".strip()),
        svg.text(WIDTH, y + 14, bar.words, f"halo end {tone}".strip()),
    ]
    middle = y + (9 if short else 25)
    if bar.low is not None and bar.high is not None:
        inner = bar.sampling_low is not None and bar.sampling_high is not None
        made.append(svg.line(at(bar.low), middle, at(bar.high), middle, "lead" if pale or inner else "stroke"))
        if bar.sampling_low is not None and bar.sampling_high is not None:
            thick = "dim thick" if pale else "stroke thick"
            made.append(svg.line(at(bar.sampling_low), middle, at(bar.sampling_high), middle, thick))
    if bar.estimate is not None:
        style = "hollow" if bar.role in (COMPARED, FRAGILE) else "tn" if pale else "mark"
        made.append(svg.circle(at(bar.estimate), middle, 5, style))
    return "".join(made)


def _curve(bars: Sequence[Bar]) -> tuple[str, float]:
    """A share over time as a line in its band, its two ends labelled."""
    left, right, above = 44.0, WIDTH - 8.0, 14.0
    top = top_of(bars)
    xs = [left + (right - left) * at / (len(bars) - 1) for at in range(len(bars))]

    def at_y(value: float) -> float:
        return above + HEIGHT * (1 - min(value, top) / top)

    made = []
    for value, words in ticks(top, percent=True):
        made.append(svg.line(left, at_y(value), right, at_y(value), "grid"))
        made.append(svg.text(left - 7, at_y(value) + 4, words, "soft end"))
    for (x1, left_bar), (x2, right_bar) in pairwise(zip(xs, bars, strict=True)):
        if None not in (left_bar.low, left_bar.high, right_bar.low, right_bar.high):
            corners = ((x1, left_bar.high), (x2, right_bar.high), (x2, right_bar.low), (x1, left_bar.low))
            points = " ".join(f"{svg.number(x)},{svg.number(at_y(y))}" for x, y in corners if y is not None)
            made.append(svg.element("polygon", points=points, class_="band"))
    path = " ".join(f"{svg.number(x)},{svg.number(at_y(bar.estimate or 0.0))}" for x, bar in zip(xs, bars, strict=True))
    made.append(svg.element("polyline", points=path, class_="stroke"))
    made += [svg.circle(x, at_y(bar.estimate or 0.0), 3, "mark") for x, bar in zip(xs, bars, strict=True)]
    for x, bar, anchor in ((xs[0], bars[0], ""), (xs[-1], bars[-1], "end")):
        made.append(svg.text(x, above + HEIGHT + 19, bar.name, f"soft {anchor}".strip()))
        made.append(svg.text(x, above + HEIGHT + 37, bar.words, f"bold {anchor}".strip()))
    return "".join(made), above + HEIGHT + 44


def top_of(bars: Sequence[Bar]) -> float:
    """Where the scale of a curve ends: high enough for the shares, though not for the widest intervals."""
    highest = max((bar.high or bar.estimate or 0.0 for bar in bars), default=0.0)
    return nice_top([min(highest, 2 * max((bar.estimate or 0.0 for bar in bars), default=0.0) or highest)])


def _share(row: Mapping[str, Any], name: Any, role: str) -> Bar:
    inner = (row.get("sampling_low"), row.get("sampling_high")) if row.get("interval_of") == BY_CODING else ()
    words = _of(row["estimate"], row["n"])
    return Bar(name_of(name), role, row["estimate"], row["low"], row["high"], int(row["n"]), words, *inner)


def _of(share: float | None, n: int | None) -> str:
    """33% of 39."""
    return f"{percent(share, n)} of {count(n)}"


def _lines(rows: Iterable[Mapping[str, Any]], wide: str = "") -> str:
    """What the lines beside the dots are; `wide` says when one is wide."""
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


def _round_up(value: float) -> float:
    """The next of 2, 4, 6, 10, 20, 40 and so on, whose half is a whole number."""
    step = 1.0
    while value > 10 * step:
        step *= 10
    return next(top * step for top in (2, 4, 6, 10) if value <= top * step)

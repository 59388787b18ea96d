"""Checks the figures that pages quote: each is a constant of the code, or in a result file, or in a run.

A mark behind a figure names where it comes from; readers of the rendered page do not see it:

    left out 85.8 % of the page furniture (80.7–90.2)<!-- = cleaning.furniture value low high -->
    fragile below 0.6<!-- = toolkit.discover.stability.FRAGILE -->
    a slope of 0.57<!-- = toolkit/coding/share_error.json slope -->
    57 % of 21 paragraphs<!-- = run runs/tram claims claim=1 first n -->
    of 1,000 paragraphs 3 minutes<!-- = by hand: an example -->

The first names a row of `experiments/results/quoted.csv` and its columns (`value` if none is named), the second one or
more constants, the third a data file of the package and its keys, the fourth a run that the page's own commands make,
its table, a row and columns. A mark is about as many numerals before it as it names figures. The last covers the
numerals of its paragraph that no other mark covers.

python docs/quoted.py          # writes the figures of result file and code into the pages
python docs/quoted.py --check  # exit 1 if one differs, or if a figure has no mark
"""

from __future__ import annotations

import csv
import importlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "experiments" / "results" / "quoted.csv"
COLUMNS = ("value", "low", "high", "hits", "n")
MARK = re.compile(r"<!-- = (.+?) -->", re.DOTALL)
BY_HAND, OF_RUN, OF_CODE, OF_DATA = "by hand:", "run ", "toolkit.", "toolkit/"
NUMERAL = re.compile(r"(?<![\w.,/:#=-])(?:[-−](?=[\d.]))?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)(?![\w/]|[.,:-]\d)")
UNIT = re.compile(r" ?(?:%|per cent|(?:percentage )?points?\b|[KMG]i?B\b|ms\b|px\b|mm\b|seconds?\b|minutes?\b|times\b)")
LEVEL = re.compile(r"95 ?%")
"""The level of every interval: no figure."""
VERSION = re.compile(r"3\.1\d")
HIDDEN = re.compile(
    r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|<!--.*?-->|\]\([^)]*\)|^#+ .*?$|^---\n.*?^---$|^\d+\. |https?://\S+", re.DOTALL | re.MULTILINE
)
"""Parts of a page whose numerals are no figures: code, formulas, comments, addresses, headings, numbers of a list."""


@dataclass(frozen=True)
class Result:
    """A row of the result file: a figure that a command measured, with its interval and denominator."""

    id: str
    what: str
    numbers: dict[str, float]
    corpus: str
    command: str
    date: str


@dataclass(frozen=True)
class Numeral:
    """A numeral in a page: its place (start, end), and whether a unit, a percent sign or decimals make it a figure."""

    start: int
    end: int
    text: str
    is_figure: bool

    @property
    def number(self) -> float:
        """Its value."""
        return float(self.text.replace(",", "").replace("−", "-"))

    def written(self, number: float) -> str:
        """Another number as this numeral is written: with as many decimals, with or without a zero before them."""
        decimals = len(self.text.partition(".")[2])
        text = f"{number:,.{decimals}f}" if abs(number) >= 1000 and "," in self.text else f"{number:.{decimals}f}"
        text = text.replace("0.", ".", 1) if self.text.lstrip("-−").startswith(".") else text
        return text.replace("-", "−") if "−" in self.text else text


@dataclass(frozen=True)
class Quoted:
    """A numeral of a page and where its figure comes from; `number` is None for a run that is not at hand."""

    numeral: Numeral
    source: str
    number: float | None


def pages(root: Path = ROOT) -> list[Path]:
    """The pages whose figures are checked, in order; the README's comparison has a command of its own."""
    docs = root / "docs"
    single = [docs / name for name in ("README.md", "glossary.md", "tutorial.md", "run-folder.md")]
    moved = sorted((docs / "reference").glob("run-folder.md"))
    found = [*single, *moved, *sorted((docs / "guides").glob("*.md")), *sorted((docs / "explanation").glob("*.md"))]
    return [page for page in found if page.exists()]


@cache
def results(path: Path = RESULTS) -> dict[str, Result]:
    """The result file by id. Raises ValueError for a row without command, date or value, or with a twin."""
    rows: dict[str, Result] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            numbers = {name: float(row[name]) for name in COLUMNS if row[name]}
            date.fromisoformat(row["date"])
            if "value" not in numbers or not row["command"] or row["id"] in rows:
                raise ValueError(f"{path.name}: {row['id']}: no value, no command, or a second row of this id")
            if not numbers.get("low", numbers["value"]) <= numbers["value"] <= numbers.get("high", numbers["value"]):
                raise ValueError(f"{path.name}: {row['id']}: its interval does not contain its value")
            rows[row["id"]] = Result(row["id"], row["what"], numbers, row["corpus"], row["command"], row["date"])
    return rows


def constant(path: str) -> float:
    """A number of the code by its dotted path: a constant, a class variable, or the default of a setting.

    Raises ValueError if there is none.
    """
    names, *keys = re.split(r"[\[\]]+", path.rstrip("]"))
    parts = names.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            value: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        break
    else:
        raise ValueError(f"no module of {path}")
    for name in parts[cut:]:
        is_setting = isinstance(value, type) and issubclass(value, BaseModel) and name in value.model_fields
        if not is_setting and not hasattr(value, name):
            raise ValueError(f"{path}: {'.'.join(parts[:cut])} has no {name}")
        value = value.model_fields[name].default if is_setting else getattr(value, name)
    for key in keys:
        value = value[int(key) if key.lstrip("-").isdigit() else key.strip("\"'")]
    if not isinstance(value, (int, float)):
        raise ValueError(f"{path} is no number: {value!r}")
    return float(value)


def of_data(words: Sequence[str]) -> list[tuple[str, float]]:
    """The numbers of a data file (JSON, or TOML whose entries have a `value`) under some dotted keys."""
    place, *keys = words
    text = (ROOT / place).read_text(encoding="utf-8")
    loaded: Any = tomllib.loads(text) if place.endswith(".toml") else json.loads(text)
    found = []
    for key in keys:
        value = loaded
        for part in key.split("."):
            value = value[part]
        found.append((f"{place} {key}", float(value["value"] if isinstance(value, dict) else value)))
    return found


def of_run(words: Sequence[str], folder: Path | None) -> list[tuple[str, float | None]]:
    """What a run gives: FOLDER TABLE KEY=VALUE… COLUMN…, or FOLDER metrics KEY…; None for each without the run."""
    place, table, *rest = words
    where = dict(word.split("=", 1) for word in rest if "=" in word)
    columns = [word for word in rest if "=" not in word]
    if folder is None:
        return [(f"{place} {table} {column}", None) for column in columns]
    from toolkit.runs import load_run

    run = load_run(folder / place)
    if table == "metrics":
        return [(f"{place} metrics {column}", _float(run.metrics[column].value)) for column in columns]
    rows = [row for row in run.table(table).to_pylist() if all(_text(row[key]) == want for key, want in where.items())]
    if len(rows) != 1:
        raise ValueError(f"{place}: {table} has {len(rows)} rows with {where}, not one")
    return [(f"{place} {table} {column}", _float(rows[0][column])) for column in columns]


def _float(value: Any) -> float:
    if value is None:
        raise ValueError("the run gives null")
    return float(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def sources(mark: str, folder: Path | None) -> list[tuple[str, float | None]]:
    """The figures that a mark names, in order. Raises ValueError if one is unknown."""
    words = mark.split()
    if mark.startswith(OF_RUN):
        return of_run(words[1:], folder)
    if mark.startswith(OF_CODE):
        return [(word, constant(word)) for word in words]
    if mark.startswith(OF_DATA):
        return [*of_data(words)]
    name, *columns = words
    if name not in results():
        raise ValueError(f"{RESULTS.name} has no {name}")
    numbers = results()[name].numbers
    lacking = [column for column in columns if column not in numbers]
    if lacking:
        raise ValueError(f"{RESULTS.name}: {name} has no {', '.join(lacking)}")
    return [(f"{name} {column}", numbers[column]) for column in columns or ["value"]]


def numerals(page: str) -> list[Numeral]:
    """The numerals of a page's prose, in order."""
    hidden = [span.span() for span in HIDDEN.finditer(page)]
    listed = []
    for match in NUMERAL.finditer(page):
        if not any(start <= match.start() < end for start, end in hidden):
            level = LEVEL.match(page, match.start()) or VERSION.fullmatch(match[0])
            is_figure = not level and bool("." in match[0] or UNIT.match(page, match.end()))
            listed.append(Numeral(*match.span(), match[0], is_figure))
    return listed


def quoted(page: str, folder: Path | None = None) -> tuple[list[Quoted], list[str]]:
    """The figures of a page with their sources, and a line for each fault: an unknown source, a figure without a mark.

    `folder` is where the page's commands ran; without it the figures of runs are not looked up.
    """
    found: list[Quoted] = []
    faults: list[str] = []
    known = numerals(page)
    blocks = [(match.start(), match.end()) for match in re.finditer(r"(?:(?!\n[ \t]*\n).)+", page, re.DOTALL)]
    for start, end in blocks:
        open_ones = [one for one in known if start <= one.start < end]
        by_hand = False
        for mark in MARK.finditer(page, start, end):
            text = " ".join(mark[1].split())
            if text.startswith(BY_HAND):
                by_hand = True
                continue
            try:
                named = sources(text, folder)
            except (ValueError, KeyError, IndexError) as fault:
                faults.append(f"line {_line(page, mark.start())}: {fault}")
                continue
            before = [one for one in open_ones if one.end <= mark.start()][-len(named) :]
            if len(before) < len(named):
                faults.append(f"line {_line(page, mark.start())}: {len(before)} numerals before {text!r}")
            percent = bool(before) and "%" in page[before[0].end : mark.start()]
            for numeral, (source, number) in zip(before, named, strict=False):
                scaled = number if number is None or not percent or abs(number) > 1 else 100 * number
                found.append(Quoted(numeral, source, scaled))
            open_ones = [one for one in open_ones if one not in before]
        for one in open_ones if not by_hand else []:
            if one.is_figure:
                faults.append(f"line {_line(page, one.start)}: {one.text}: no mark says where this figure comes from")
    return found, faults


def wrong(page: str, found: Sequence[Quoted]) -> Iterator[str]:
    """A line for each figure that is not that of its source."""
    for one in found:
        if one.number is not None and one.numeral.text != one.numeral.written(one.number):
            right = one.numeral.written(one.number)
            yield f"line {_line(page, one.numeral.start)}: {one.source}: the page has {one.numeral.text}, not {right}"


def renewed(page: str, found: Sequence[Quoted]) -> str:
    """The page with the figures of their sources."""
    for one in sorted(found, key=lambda one: -one.numeral.start):
        if one.number is not None:
            page = page[: one.numeral.start] + one.numeral.written(one.number) + page[one.numeral.end :]
    return page


def unused(root: Path = ROOT) -> list[str]:
    """Ids of the result file that no page quotes."""
    marks = {word for page in pages(root) for mark in MARK.findall(page.read_text(encoding="utf-8")) for word in mark.split()}
    return [name for name in results() if name not in marks]


def _line(page: str, at: int) -> int:
    return page.count("\n", 0, at) + 1


def main(check: bool) -> int:
    """Write the figures into the pages, or check them; the exit code."""
    lines = []
    for place in pages():
        page = place.read_text(encoding="utf-8")
        found, faults = quoted(page)
        if not check:
            page = renewed(page, found)
            place.write_text(page, encoding="utf-8", newline="\n")
            found, faults = quoted(page)
        lines += [f"{place.relative_to(ROOT)}: {line}" for line in [*faults, *wrong(page, found)]]
    lines += [f"{RESULTS.name}: no page quotes {name}" for name in unused()]
    print("\n".join(lines) or "every quoted figure is that of its source")
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))

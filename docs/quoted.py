"""Checks the figures that pages quote: each is a constant of the code, or in a result file, or in a run.

A mark behind a figure names where it comes from; readers of the rendered page do not see it:

    left out 85.8 % of the page furniture (80.7–90.2)<!-- = cleaning.furniture value low high -->
    fragile below 0.6<!-- = toolkit.discover.stability.FRAGILE -->
    a slope of 0.57<!-- = toolkit/coding/share_error.json slope -->
    57 % of 21 paragraphs<!-- = run runs/tram claims claim=1 first n -->
    an F1 of 0.74<!-- = file evaluation-tram/scores.csv measure=codes.f1.trade value -->
    of 1,000 paragraphs 3 minutes<!-- = by hand: an example -->

The first names a row of `experiments/results/quoted.csv` and its columns (`value` if none is named), the second one or
more constants, the third a data file of the package and its keys, the fourth a run that the page's own commands make,
its table, a row and columns, the fifth a CSV file that they make. A mark is about as many numerals before it as it
names figures. The last covers the numerals of its paragraph that no other mark covers. Sentences of `stated.yaml` need
no mark: `stated.py` checks them.

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

from toolkit.files import yaml12

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "experiments" / "results" / "quoted.csv"
COLUMNS = ("value", "low", "high", "hits", "n")
MARK = re.compile(r"<!--\s*=\s*(.+?)\s*-->", re.DOTALL)
BY_HAND, OF_RUN, OF_FILE, OF_CODE, OF_DATA = "by hand:", "run ", "file ", "toolkit.", "toolkit/"
NUMERAL = re.compile(r"(?<![\w.,/:#=-])(?:[-−](?=[\d.]))?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)(?![\w/]|[.,:-]\d)")
UNIT = re.compile(r" ?(?:%|per cent|(?:percentage )?points?\b|[KMG]i?B\b|ms\b|px\b|mm\b|seconds?\b|minutes?\b|times\b)")
UNMARKED = "no mark says where this figure comes from"
LEVEL = re.compile(r"95 ?%")
"""The level of every interval: no figure."""
VERSION = re.compile(r"3\.1\d")
HIDDEN = re.compile(
    r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|<!--.*?-->|\]\([^)]*\)|^#+ .*?$|^---\n.*?^---$|^\d+\. |https?://\S+",
    re.DOTALL | re.MULTILINE,
)
"""Parts of a page whose numerals are no figures: code, formulas, comments, addresses, headings, numbers of a list."""


Figure = tuple[str, float | None]
"""Where a figure comes from, and its number; None without the run that gives it."""


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

    def meant(self, number: float) -> float:
        """A fraction as it is or in per cent, whichever is nearer to this numeral; any other number as it is."""
        either = (number, 100 * number) if abs(number) <= 1 else (number,)
        return min(either, key=lambda one: abs(one - self.number))

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
    single = [docs / name for name in ("README.md", "glossary.md", "tutorial.md", "reference/run-folder.md")]
    return [*single, *sorted((docs / "guides").glob("*.md")), *sorted((docs / "explanation").glob("*.md"))]


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


def of_data(words: Sequence[str]) -> list[Figure]:
    """The numbers of a data file (JSON, or TOML whose entries have a `value`) under some dotted keys."""
    place, *keys = words
    text = (ROOT / place).read_text(encoding="utf-8")
    loaded: Any = tomllib.loads(text) if place.endswith(".toml") else json.loads(text)
    figures: list[Figure] = []
    for key in keys:
        value = loaded
        for part in key.split("."):
            value = value[part]
        figures.append((f"{place} {key}", float(value["value"] if isinstance(value, dict) else value)))
    return figures


def of_run(words: Sequence[str], folder: Path | None) -> list[Figure]:
    """What a run gives: FOLDER TABLE KEY=VALUE… COLUMN…, or FOLDER metrics KEY…; None for each without the run."""
    place, table, *rest = words
    if folder is None:
        return _unknown(f"{place} {table}", rest)
    from toolkit.runs import load_run

    run = load_run(folder / place)
    if table == "metrics":
        return [(f"{place} metrics {key}", _float(run.metrics[key]["value"])) for key in rest]
    return _of_row(f"{place} {table}", run.table(table).to_pylist(), rest)


def of_file(words: Sequence[str], folder: Path | None) -> list[Figure]:
    """What a CSV file has: FILE KEY=VALUE… COLUMN…; None for each without the folder that it is in."""
    place, *rest = words
    if folder is None:
        return _unknown(place, rest)
    with (folder / place).open(encoding="utf-8", newline="") as lines:
        return _of_row(place, list(csv.DictReader(lines)), rest)


def _unknown(place: str, words: Sequence[str]) -> list[Figure]:
    return [(f"{place} {word}", None) for word in words if "=" not in word]


def _of_row(place: str, rows: Sequence[dict[str, Any]], words: Sequence[str]) -> list[Figure]:
    """The columns among the words, of the one row in which every KEY=VALUE among them is so."""
    where = dict(word.split("=", 1) for word in words if "=" in word)
    fitting = [row for row in rows if all(_text(row[key]) == value for key, value in where.items())]
    if len(fitting) != 1:
        raise ValueError(f"{place} has {len(fitting)} rows with {where}, not one")
    return [(f"{place} {word}", _float(fitting[0][word])) for word in words if "=" not in word]


def _float(value: Any) -> float:
    if value in (None, ""):
        raise ValueError("the run gives null")
    return float(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def sources(mark: str, folder: Path | None) -> list[Figure]:
    """The figures that a mark names, in order. Raises ValueError if one is unknown."""
    words = mark.split()
    if mark.startswith(OF_RUN):
        return of_run(words[1:], folder)
    if mark.startswith(OF_FILE):
        return of_file(words[1:], folder)
    if mark.startswith(OF_CODE):
        return [(word, constant(word)) for word in words]
    if mark.startswith(OF_DATA):
        return of_data(words)
    return of_results(words)


def of_results(words: Sequence[str]) -> list[Figure]:
    """The numbers of the result file: an id is followed by its columns, by none for its value."""
    asked: list[tuple[str, list[str]]] = []
    for word in words:
        if word in COLUMNS and asked:
            asked[-1][1].append(word)
        else:
            asked.append((word, []))
    figures: list[Figure] = []
    for name, columns in asked:
        if name not in results():
            raise ValueError(f"{RESULTS.name} has no {name}")
        for column in columns or ["value"]:
            if column not in results()[name].numbers:
                raise ValueError(f"{RESULTS.name}: {name} has no {column}")
            figures.append((f"{name} {column}", results()[name].numbers[column]))
    return figures


def numerals(page: str) -> list[Numeral]:
    """The numerals of a page's prose, in order."""
    hidden = [span.span() for span in HIDDEN.finditer(page)]
    listed = []
    for match in NUMERAL.finditer(page):
        if not any(start <= match.start() < end for start, end in hidden):
            if LEVEL.match(page, match.start()) or VERSION.fullmatch(match[0]):
                continue
            is_figure = "." in match[0] or UNIT.match(page, match.end()) is not None
            listed.append(Numeral(*match.span(), match[0], is_figure))
    return listed


def stated_spans(page: str, name: str) -> list[tuple[int, int]]:
    """Where a page, by its path in the repository, states figures of the shipped study, which `stated.py` checks."""
    from stated import STATED, page_passages

    templates = yaml12.read(STATED).value["pages"].get(name, [])
    return [(passage.start, passage.end) for passage in page_passages(page, templates)]


def quoted(page: str, name: str = "", folder: Path | None = None) -> tuple[list[Quoted], list[str]]:
    """The figures of a page with their sources, and a line for each fault: an unknown source, a figure without a mark.

    `name` is its path in the repository. `folder` is where the page's commands ran; without it the figures of runs are
    not looked up.
    """
    quotations: list[Quoted] = []
    faults: list[str] = []
    stated = stated_spans(page, name)
    known = [one for one in numerals(page) if not any(start <= one.start < end for start, end in stated)]
    blocks = [(match.start(), match.end()) for match in re.finditer(r"(?:(?!\n[ \t]*\n).)+", page, re.DOTALL)]
    for start, end in blocks:
        open_ones = [one for one in known if start <= one.start < end]
        by_hand = False
        for mark in MARK.finditer(page, start, end):
            text = " ".join(re.sub(r"\n *> ", " ", mark[1]).split())
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
            for numeral, (source, number) in zip(before, named, strict=False):
                quotations.append(Quoted(numeral, source, None if number is None else numeral.meant(number)))
            open_ones = [one for one in open_ones if one not in before]
        if not by_hand:
            unmarked = [one for one in open_ones if one.is_figure]
            faults += [f"line {_line(page, one.start)}: {one.text}: {UNMARKED}" for one in unmarked]
    return quotations, faults


def wrong(page: str, quotations: Sequence[Quoted]) -> Iterator[str]:
    """A line for each figure that is not that of its source."""
    for one in quotations:
        if one.number is not None and one.numeral.text != one.numeral.written(one.number):
            right = one.numeral.written(one.number)
            yield f"line {_line(page, one.numeral.start)}: {one.source}: the page has {one.numeral.text}, not {right}"


def renewed(page: str, quotations: Sequence[Quoted]) -> str:
    """The page with the figures of their sources."""
    for one in sorted(quotations, key=lambda one: -one.numeral.start):
        if one.number is not None:
            page = page[: one.numeral.start] + one.numeral.written(one.number) + page[one.numeral.end :]
    return page


def unused(root: Path = ROOT) -> list[str]:
    """Ids of the result file that no page quotes."""
    marks = {
        word for page in pages(root) for mark in MARK.findall(page.read_text(encoding="utf-8")) for word in mark.split()
    }
    return [name for name in results() if name not in marks]


def _line(page: str, at: int) -> int:
    return page.count("\n", 0, at) + 1


def main(check: bool) -> int:
    """Write the figures into the pages, or check them; the exit code."""
    lines = []
    for place in pages():
        page, name = place.read_text(encoding="utf-8"), place.relative_to(ROOT).as_posix()
        quotations, faults = quoted(page, name)
        if not check:
            page = renewed(page, quotations)
            place.write_text(page, encoding="utf-8", newline="\n")
            quotations, faults = quoted(page, name)
        lines += [f"{name}: {line}" for line in [*faults, *wrong(page, quotations)]]
    lines += [f"{RESULTS.name}: no page quotes {name}" for name in unused()]
    print("\n".join(lines) or "every quoted figure is that of its source")
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))

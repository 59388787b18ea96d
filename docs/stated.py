"""Writes into pages the figures that they state about the shipped study; `docs/stated.yaml` has their sentences.

toolkit run configs/future_industries.yaml
python docs/stated.py runs/future_industries-1a2b3c4d          # writes them into the pages
python docs/stated.py runs/future_industries-1a2b3c4d --check  # exit 1 if one is not that of the run
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.files import yaml12
from toolkit.run_folder.identity import run_id
from toolkit.run_folder.reader import RunTables
from toolkit.runs import Run, load_run
from toolkit.values import NOISE

ROOT = Path(__file__).resolve().parent.parent
STATED = ROOT / "docs" / "stated.yaml"
GAP = r'(?:\s|\\n",\s*"|\\n)+'
"""What parts two words of a page: blanks and line ends, in a notebook those of its JSON."""
LONGEST = 120
TABLE = "table of coders"
NUMERAL = re.compile(r"(?<![A-Za-z])\d+(?:[.,]\d+)*")
COARSEST = 5
"""Granularities with fewer themes are left out of how far refits agree: a split in two is no set of themes."""


@dataclass(frozen=True)
class Passage:
    """A figure in a page: its name, its place (start, end), and its text."""

    name: str
    start: int
    end: int
    text: str


def stated(run: Run) -> dict[str, str]:
    """Name -> what the run gives, in the words and digits that pages use."""
    tables = RunTables(run.path)
    claims = {f"claim {row['claim']}": row["verdict"] for row in tables.rows("claims")}
    of_run = {**_counts(run, tables), **_themes(tables), **_codes(tables), **_scores(tables), **_coders(tables)}
    return {**of_run, **claims}


def _counts(run: Run, tables: RunTables) -> dict[str, str]:
    rows, noise = tables.rows("documents"), (tables.noise or {}).get("paragraphs") or 0
    grains = [row for row in tables.rows("candidates") if row["themes"] >= COARSEST and row["agreement"] is not None]
    agreements = [row["agreement"] for row in grains]
    names = ("briefs.csv", "tracker.jsonl")
    return {
        "run": run_id(run.manifest),
        "documents": f"{len(rows):,}",
        "paragraphs": f"{tables.table('paragraphs').num_rows:,}",
        "unique": f"{tables.unique:,}",
        "without theme": f"{noise:,}",
        "texts": str(sum(row["path"].endswith(".txt") for row in rows)),
        **{f"rows {name}": str(sum(row["path"] == name for row in rows)) for name in names},
        "agreement low": f"{min(agreements):.2f}",
        "agreement high": f"{max(agreements):.2f}",
        "grain from": str(min(row["themes"] for row in grains)),
        "grain to": str(max(row["themes"] for row in grains)),
    }


def _themes(tables: RunTables) -> dict[str, str]:
    themes = tables.themes
    figures = {"themes": str(len(themes)), "fragile": str(sum(bool(row["fragile"]) for row in themes))}
    for place, row in enumerate(themes[:4]):
        figures[f"theme {place}"] = row["label"]
        figures[f"theme {place} paragraphs"] = str(row["paragraphs"])
        figures |= _percents(f"theme {place}", row["share"], row["share_low"], row["share_high"])
    coded = {row["paragraph_id"] for row in tables.rows("codes") if row["assigned"]}
    unique = [row for row in tables.rows("paragraphs") if row["duplicate_of"] is None and row["theme"] != NOISE]
    carrying = {row["theme"]: 0 for row in themes}
    for row in unique:
        carrying[row["theme"]] += row["paragraph_id"] in coded
    least = min(themes, key=lambda row: carrying[row["theme"]] / row["paragraphs"])
    figures |= {"least coded": least["label"], "least coded n": str(least["paragraphs"])}
    return figures | {"least coded with": str(carrying[least["theme"]])}


def _codes(tables: RunTables) -> dict[str, str]:
    shares = {row["id"]: row for row in tables.shares("code")}
    figures = {"codes": str(len(shares)), "codes found": str(sum(bool(row["estimate"]) for row in shares.values()))}
    corrected = {row["code"]: row for row in tables.rows("corrected") if row["by"] == "both"}
    names = sorted(shares, key=lambda name: (-(shares[name]["estimate"] or 0), name))
    for place, name in enumerate(names[:2]):
        row, both = shares[name], corrected[name]
        figures[f"code {place}"] = tables.code_names[name]
        figures |= _percents(f"code {place}", row["estimate"], row["low"], row["high"])
        figures |= {
            f"code {place} corrected": f"{100 * both['estimate']:.0f}",
            f"code {place} corrected low": f"{100 * both['low']:.0f}",
            f"code {place} corrected high": f"{100 * both['high']:.0f}",
        }
    return figures


def _percents(name: str, share: float, low: float, high: float) -> dict[str, str]:
    return {
        f"{name} share": f"{100 * share:.0f}",
        f"{name} low": f"{100 * low:.0f}",
        f"{name} high": f"{100 * high:.0f}",
    }


def _scores(tables: RunTables) -> dict[str, str]:
    """Scores over all codes, as 0.52 and, under a name with a dot before it, as .52."""
    figures: dict[str, str] = {}
    for row in tables.rows("scored"):
        if row["code"] is None and row["value"] is not None:
            figures[row["measure"]] = f"{row['value']:.2f}"
            for end in ("low", "high"):
                if row[end] is not None:
                    figures[f"{row['measure']} {end}"] = f"{row[end]:.2f}"
    return figures | {f".{name}": value.removeprefix("0") for name, value in figures.items()}


def _coders(tables: RunTables) -> dict[str, str]:
    """What coders A and B gave: paragraphs, codes, agreement."""
    codes_by: dict[str, dict[str, set[str]]] = {"A": {}, "B": {}}
    for row in tables.rows("human"):
        codes = codes_by[row["coder"]].setdefault(row["paragraph_id"], set())
        codes |= {row["code"]} if row["code"] else set()
    a, b = codes_by["A"], codes_by["B"]
    alphas = {row["code"]: row["value"] for row in tables.rows("scored") if row["measure"] == "alpha machines"}
    lines = []
    for code in sorted(tables.code_names):
        by = [{name for name, codes in side.items() if code in codes} for side in (a, b)]
        lines.append(f"| {code} | {len(by[0])} | {len(by[1])} | {len(by[0] & by[1])} | {alphas[code]:.2f} |")
    none = [sum(not codes for codes in side.values()) for side in (a, b)]
    lines.append(f"| none | {none[0]} | {none[1]} | | |")
    return {
        "coded": str(len({*a} | {*b})),
        "coded in texts": str(sum(name.rpartition(":")[0].endswith(".txt") for name in {*a} | {*b})),
        "coded alike": str(sum(a[name] == b.get(name) for name in a)),
        "decisions": f"{len({*a} | {*b}) * len(tables.code_names):,}",
        "alpha": f"{alphas[None]:.2f}",
        TABLE: "\n".join(lines),
    }


def passages(page: str, template: str) -> list[Passage]:
    """Where a page states the figures of a template.

    Raises ValueError unless the page has its sentence once, and for a template that begins with a figure.
    """
    parts = re.split(r"\{([^}]+)\}", template.strip())
    if not parts[0] or (not parts[-1] and parts[-2] != TABLE):
        raise ValueError(f"begins or ends with a figure, so its place is not clear: {template}")
    pattern = ""
    for place, part in enumerate(parts):
        if place % 2 and part == TABLE:
            pattern += r"((?:\| [a-z_]+ \|(?: ?[\d.]* ?\|)+\n?)+(?<!\n))"
        elif place % 2:
            pattern += rf"((?:(?!\n\n).){{1,{LONGEST}}}?)"
        else:
            pattern += GAP.join(re.escape(word) for word in re.split(r"\s+", part))
            pattern += r"(?!\d)" if part.endswith(".") else ""  # the end of a sentence, not a decimal point
    matches = list(re.finditer(pattern, page, re.DOTALL))
    if len(matches) != 1:
        raise ValueError(f"{len(matches)} sentences, not one, like: {' '.join(template.split())}")
    names = [" ".join(name.split()) for name in parts[1::2]]
    return [Passage(name, *matches[0].span(at), matches[0][at]) for at, name in enumerate(names, 1)]


def page_passages(page: str, templates: list[str]) -> list[Passage]:
    """Every figure that a page states, in its order."""
    return sorted(
        (passage for template in templates for passage in passages(page, template)), key=lambda passage: passage.start
    )


def wrong(page: str, stated_passages: list[Passage], figures: Mapping[str, str]) -> Iterator[str]:
    """Each figure of a page that is not that of the run."""
    for passage in stated_passages:
        line, on_page, of_run = (
            page.count("\n", 0, passage.start) + 1,
            _plain(passage.text),
            _plain(figures[passage.name]),
        )
        if on_page != of_run:
            yield f"line {line}: {passage.name}: the page says {on_page!r}, the run gives {of_run!r}"


def _plain(text: str) -> str:
    """A text of a page or of a run on one line."""
    return " ".join(re.sub(GAP, " ", text).split())


def renewed(page: str, stated_passages: list[Passage], figures: Mapping[str, str]) -> str:
    """The page with the figures of a run."""
    for passage in reversed(stated_passages):
        if _plain(passage.text) != _plain(figures[passage.name]):
            page = page[: passage.start] + figures[passage.name] + page[passage.end :]
    return page


def unstated(page: str, heading: str, stated_passages: list[Passage], by_hand: list[str]) -> Iterator[str]:
    """Numerals below a heading that no template contains and no check covers. Code spans are ignored."""
    section = re.search(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    if section is None:
        yield f"there is no heading {heading!r}"
        return
    spans = [(passage.start, passage.end) for passage in stated_passages]
    spans += [code.span() for code in re.finditer(r"`[^`]*`", page)]
    for numeral in NUMERAL.finditer(page, *section.span()):
        inside = any(start <= numeral.start() and numeral.end() <= end for start, end in spans)
        if not inside and numeral[0] not in by_hand:
            line = page.count("\n", 0, numeral.start()) + 1
            yield f"line {line}: {numeral[0]}: no template of {STATED.name} has it"


def faults(figures: Mapping[str, str] | None, root: Path = ROOT) -> Iterator[str]:
    """Stated figures that the run does not give, and numerals without a check; only the numerals without a run."""
    plan: dict[str, Any] = yaml12.read(STATED).value
    for name, templates in plan["pages"].items():
        page = (root / name).read_text(encoding="utf-8")
        try:
            stated_passages = page_passages(page, templates)
        except ValueError as fault:
            yield f"{name}: {fault}"
            continue
        if figures is not None:
            yield from (f"{name}: {line}" for line in wrong(page, stated_passages, figures))
        for heading in plan["whole"].get(name, []):
            yield from (f"{name}: {line}" for line in unstated(page, heading, stated_passages, plan["by_hand"]))


def main(folder: Path, check: bool) -> int:
    """Check the pages against a run, or write its figures into them; the exit code."""
    figures = stated(load_run(folder))
    if not check:
        for name, templates in yaml12.read(STATED).value["pages"].items():
            place = ROOT / name
            page = place.read_text(encoding="utf-8")
            place.write_text(renewed(page, page_passages(page, templates), figures), encoding="utf-8", newline="\n")
    lines = list(faults(figures))
    print("\n".join(lines) or "every stated figure is that of the run")
    return bool(lines)


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--check"]
    if len(words) != 1:
        sys.exit(__doc__)
    sys.exit(main(Path(words[0]), "--check" in sys.argv))

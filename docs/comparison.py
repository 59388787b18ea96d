"""Writes the comparison in README.md from `experiments/results/discovery.csv`.

python docs/comparison.py          # writes it
python docs/comparison.py --check  # exit 1 if the README differs from the results

The results are written by `python experiments/benchmarks/discovery.py --shared PATH --cache FOLDER --out FILE`.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "experiments" / "results" / "discovery.csv"
PAGE = ROOT / "README.md"
BEGIN = "<!-- comparison: written by python docs/comparison.py -->\n"
END = "<!-- end of comparison -->"
CORPORA = {
    "bbc_news": "news stories",
    "stackoverflow_titles": "question titles",
    "20newsgroups_subjects": "newsgroup subject lines",
    "20newsgroups": "newsgroup posts",
}
METHODS = {"ours": "toolkit", "TriTopic": "TriTopic", "BERTopic": "BERTopic"}
GIVEN = ", k given"
NOT_RUN = (
    "Newsgroup posts were not run again; there an earlier version of the toolkit was slightly behind TriTopic\n"
    "([log](experiments/LOG.md#themes-against-tritopic-26-and-bertopic-017))."
)


@dataclass(frozen=True)
class Result:
    """Agreement of one method's themes with the labels of a corpus (adjusted Rand index), mean over seeds, and its
    95 % interval over texts; how many themes (by seed) and which share of texts has none."""

    corpus: str
    method: str
    version: str
    texts: int
    labels: int
    seeds: int
    ari: float
    low: float
    high: float
    themes: str
    without_theme: float
    code: str
    date: str


def results(path: Path = RESULTS) -> list[Result]:
    """The rows of the result file. Raises ValueError if the toolkit's rows are of more than one version of its code."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [
            Result(
                **{name: row[name] for name in ("corpus", "method", "version", "themes", "code", "date")},
                **{name: int(row[name]) for name in ("texts", "labels", "seeds")},
                **{name: float(row[name]) for name in ("ari", "low", "high", "without_theme")},
            )
            for row in csv.DictReader(lines)
        ]
    if len(codes := {row.code for row in rows if row.code}) > 1:
        raise ValueError(f"{path.name}: results of {len(codes)} versions of the code, not of one: {sorted(codes)}")
    return rows


def comparison(rows: list[Result]) -> str:
    """The README's table with the sentence before it, in Markdown."""
    by_place = {(row.corpus, row.method): row for row in rows}
    versions = {method: next((row.version for row in rows if row.method == method), "") for method in METHODS}
    heads = [f"{name} {versions[method]}".strip() for method, name in METHODS.items()]
    lines = [
        f"| corpus (texts; labels) | {' | '.join(heads)} |",
        "|---" * (len(METHODS) + 1) + "|",
    ]
    for corpus, name in CORPORA.items():
        cells = [by_place.get((corpus, method)) for method in METHODS]
        first = next((cell for cell in cells if cell), None)
        if first is not None:
            best = max(cell.ari for cell in cells if cell)
            written = [_cell(cell, best) for cell in cells]
            lines.append(f"| {name} ({first.texts:,}; {first.labels}) | {' | '.join(written)} |")
    not_run = [] if ("20newsgroups", "ours") in by_place else [NOT_RUN]
    return "\n".join([*_sentences(rows), "", *lines, "", *_given(by_place), *not_run, ""])


def _cell(row: Result | None, best: float) -> str:
    if row is None:
        return "not run"
    figure = f"**{row.ari:.2f}**" if row.ari == best else f"{row.ari:.2f}"
    none = f", {100 * row.without_theme:.0f} % in none" if row.without_theme >= 0.005 else ""
    return f"{figure} ({row.low:.2f} to {row.high:.2f}); {_range(row.themes)} themes{none}"


def _range(themes: str) -> str:
    """Numbers of themes by seed, such as 6/6/7, as one number or a range."""
    numbers = sorted({int(number) for number in themes.split("/")})
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"


def _sentences(rows: list[Result]) -> list[str]:
    code, date = next((row.code, row.date) for row in rows if row.code)
    most, least = max(row.seeds for row in rows), min(row.seeds for row in rows)
    seeds = f"mean of {most} seeds" if most == least else f"mean of {least} to {most} seeds"
    return [
        "Themes found without being told how many, compared with the labels that people gave: adjusted Rand index",
        f"(1 is identical, 0 is chance), {seeds}, with a 95 % interval over texts. All methods got the same MiniLM",
        "vectors and their default settings; each has settings that can be tuned. BERTopic leaves texts without a",
        "theme, which the index counts as one theme. All corpora were in use while the toolkit was",
        f"developed, which favours it. Code `{code}`, {date}; written from [a result",
        "file](experiments/results/discovery.csv) by `python docs/comparison.py`.",
    ]


def _given(by_place: dict[tuple[str, str], Result]) -> list[str]:
    """A sentence for the same with the number of themes given."""
    parts = []
    for corpus, name in CORPORA.items():
        cells = [by_place.get((corpus, method + GIVEN)) for method in METHODS]
        if all(cells):
            parts.append(f"{name} {', '.join(f'{cell.ari:.2f}' for cell in cells if cell)}")
    return [f"With the number of labels given, in the order of the columns: {'; '.join(parts)}."] if parts else []


def renewed(page: str, table: str) -> str:
    """The page with the comparison between its two marks. Raises ValueError if it lacks them."""
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        raise ValueError(f"{PAGE.name} must have the two marks of the comparison once")
    start, end = page.index(BEGIN) + len(BEGIN), page.index(END)
    return page[:start] + "\n" + table + page[end:]


def main() -> int:
    """Write the comparison, or check it."""
    page = PAGE.read_text(encoding="utf-8")
    new = renewed(page, comparison(results()))
    if "--check" in sys.argv:
        if new != page:
            print(f"{PAGE.name}: the comparison is not that of {RESULTS.name}; run python docs/comparison.py")
        return int(new != page)
    PAGE.write_text(new, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Scores a finished run against answers of coders: every score that a file allows, and why the others do not apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.codebook.human_files import Places, code_files
from toolkit.coders.scores import (
    CHOSEN,
    ITEM,
    Scored,
    columns_of,
    score_answers,
    score_codes,
    score_labels,
    unmatched_of,
)
from toolkit.errors import ConfigError, StoreError
from toolkit.files.cells import guarded
from toolkit.files.csv import csv_writer, write_csv
from toolkit.files.json import write_json
from toolkit.runs import Run, load_run
from toolkit.schemas import MACHINE
from toolkit.text.format import denominator, one_line
from toolkit.values import Metric, Table

FILE = "evaluation.json"
DISPUTES = ("disagreements.csv", "disagreements.md")
WHY = {
    "codes": "the file has no column code with paragraph_id or text",
    "labels": "the file has no column label with paragraph_id, document_id or text",
    "intrusion": "the file has no columns item and chosen",
}
SHOWN = 12
"""Disagreements and unmatched rows that the terminal shows; the files hold all."""


@dataclass(frozen=True)
class Evaluation:
    """Scores by dotted key, null with a reason if one does not apply; disagreements; what matched nothing."""

    run: str
    gold: str
    scores: Mapping[str, Metric]
    disagreements: Table  # DISAGREEMENTS
    unmatched: tuple[str, ...]
    notes: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "run": self.run,
            "gold": self.gold,
            "scores": {key: metric.plain() for key, metric in self.scores.items()},
            "disagreements": self.disagreements.to_pylist(),
            "unmatched": list(self.unmatched),
            "notes": list(self.notes),
        }

    def lines(self) -> Iterator[str]:
        """For the terminal: a line a score, with its interval, what chance gives, and its denominator."""
        yield f"run   {self.run}"
        yield f"gold  {self.gold}"
        width = max((len(key) for key in self.scores), default=0)
        for key, metric in self.scores.items():
            if not key.endswith(".baseline"):
                yield f"  {key:<{width}}  {self._words(key, metric)}"
        for between, count in self.counts().items():
            yield f"disagreements between {between}: {count}"
        yield from (f"note  {note}" for note in self.notes)
        yield from (f"none  {name}" for name in self.unmatched[:SHOWN])
        if len(self.unmatched) > SHOWN:
            yield f"none  and {len(self.unmatched) - SHOWN} more"

    def _words(self, key: str, metric: Metric) -> str:
        if metric.value is None:
            return f"null    ({metric.reason})"
        ends = f"  {metric.low:.3f} to {metric.high:.3f}" if metric.low is not None and metric.high is not None else ""
        base = self.scores.get(f"{key}.baseline")
        chance = f"  by chance {base.value:.3f}" if base is not None and base.value is not None else ""
        why = f"  ({metric.reason})" if metric.reason else ""
        out_of = denominator(metric.n, metric.of, metric.hits)
        counted = f"n = {out_of}" if out_of and metric.hits is None else out_of
        return f"{metric.value:>7.3f}{ends}{chance}  {counted}{why}"

    def counts(self) -> dict[str, int]:
        """Number of disagreements among coders, between this run and them, and between machine coders and people."""
        kinds: list[str] = self.disagreements["between"].to_pylist()
        who = "machine coders" if MACHINE in self.disagreements["coders_kind"].to_pylist() else "coders"
        names = {"coders": who, "machine": f"this run and the {who}"}
        names |= {"machine coder": "machine coders and people"} if "machine coder" in kinds else {}
        return {name: kinds.count(kind) for kind, name in names.items() if kinds}

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Write evaluation.json, scores.csv, evaluation.md and, if there are any, disagreements.csv and .md."""
        if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / FILE).is_file())):
            raise StoreError(f"{folder}: contains something other than an evaluation; choose another --out")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_json(self.plain(), folder / FILE)
            self._write_scores(folder / "scores.csv")
            made = [FILE, "scores.csv", "evaluation.md"]
            (folder / "evaluation.md").write_text(self._page(), encoding="utf-8", newline="\n")
            for name in DISPUTES:  # of an earlier evaluation
                (folder / name).unlink(missing_ok=True)
            if self.disagreements.num_rows:
                write_csv(self.disagreements, folder / "disagreements.csv")
                (folder / "disagreements.md").write_text(self._disputes(), encoding="utf-8", newline="\n")
                made += DISPUTES
        except OSError as fault:
            raise StoreError(f"{folder}: cannot be written: {fault.strerror or fault}") from None
        return tuple(folder / name for name in made)

    def _write_scores(self, place: Path) -> None:
        with place.open("w", encoding="utf-8", newline="") as stream:
            table = csv_writer(stream)
            table.writerow(["measure", "value", "low", "high", "hits", "n", "of", "reason"])
            for key, metric in self.scores.items():
                counts, words = (metric.hits, metric.n), (guarded(metric.of or ""), guarded(metric.reason or ""))
                table.writerow([guarded(key), metric.value, metric.low, metric.high, *counts, *words])

    def _page(self) -> str:
        lines = [f"# {self.run} against {self.gold}", "", "| measure | value | 95 % interval | by chance | of | why |"]
        lines += ["|---|---:|---|---:|---:|---|"]
        for key, metric in self.scores.items():
            if key.endswith(".baseline"):
                continue
            base = self.scores.get(f"{key}.baseline")
            cells = [
                key,
                "null" if metric.value is None else f"{metric.value:.3f}",
                f"{metric.low:.3f} to {metric.high:.3f}" if metric.low is not None and metric.high is not None else "",
                f"{base.value:.3f}" if base is not None and base.value is not None else "",
                denominator(metric.n, metric.of, metric.hits),
                metric.reason or "",
            ]
            lines.append("| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |")
        lines += ["", *(f"- {note}" for note in self.notes)]
        if self.unmatched:
            lines += ["", "## Rows that match nothing", "", *(f"- {one_line(name)}" for name in self.unmatched)]
        return "\n".join(lines).rstrip() + "\n"

    def _disputes(self) -> str:
        who = "machine coders" if MACHINE in self.disagreements["coders_kind"].to_pylist() else "coders"
        heads = {"coders": f"{who.capitalize()} with each other", "machine": f"The machine with the {who}",
                 "machine coder": "Machine coders with people"}  # fmt: skip
        lines, before = ["# Disagreements"], ("", "")
        for row in self.disagreements.to_pylist():
            if row["between"] != before[0]:
                lines += ["", f"## {heads[row['between']]}"]
            if (row["between"], row["paragraph_id"]) != before:
                lines += ["", f"**{one_line(row['paragraph_id'])}**", "", f"> {_quoted(row['text'])}", ""]
            before = (row["between"], row["paragraph_id"])
            gave, gave_not = ", ".join(row["given_by"]) or "nobody", ", ".join(row["not_given_by"]) or "nobody"
            lines.append(f"- `{one_line(row['code'])}`: {one_line(gave)}; not {one_line(gave_not)}")
        return "\n".join(lines) + "\n"


def _quoted(text: Any) -> str:
    line = one_line(text)
    for sign in "\\`*_[]<>#|":
        line = line.replace(sign, f"\\{sign}")
    return line


def evaluate(run: Path | str | Run, gold: Places, out: Path | str | None = None) -> Evaluation:
    """Score a finished run against human codes, labels or intrusion answers: all that the file's columns allow.

    Args:
        gold: a CSV or JSONL file, a folder or a glob of such files, or several. `code` with paragraph_id or text (and
            coder, kind): codes by people or machines.
            `label` with paragraph_id, document_id or text: labels to hold themes against. `item`
            and `chosen`: answers to an intrusion sheet.
            Of several files each counts for what its columns allow; one that allows nothing is named in the notes.
        out: a folder to write evaluation.json, scores.csv, evaluation.md and disagreements to; none if not given.

    The run folder is not changed. Rows that match nothing are counted and named.

    Raises:
        ConfigError: a file that cannot be read, none of these columns, a code that is not in the codebook.
        StoreError: no finished run, or an `out` that holds something else.
    """
    opened = run if isinstance(run, Run) else load_run(run)
    try:
        files = code_files(gold)
    except OSError as fault:
        raise ConfigError([f"{fault.filename}: {fault.strerror}"]) from None
    parts, beside = _parts(opened, files)
    none = {key: Metric(None, reason=why) for key, why in WHY.items() if key not in parts}
    scores = {key: metric for part in parts.values() for key, metric in part.scores.items()}
    notes = tuple(dict.fromkeys([note for part in parts.values() for note in part.notes] + beside))
    table = next((part.disagreements for part in parts.values() if part.disagreements.num_rows), None)
    empty = next(iter(parts.values())).disagreements
    evaluation = Evaluation(
        opened.path.name,
        files[0].name if len(files) == 1 else f"{len(files)} files: {', '.join(path.name for path in files)}",
        scores | none,
        empty if table is None else table,
        unmatched_of(parts.values()),
        notes,
    )
    if out is not None:
        evaluation.write(Path(out))
    return evaluation


def _parts(run: Run, files: Sequence[Path]) -> tuple[dict[str, Scored], list[str]]:
    """What the files' columns allow, kind by kind; and a note on each file that allows nothing."""
    kinds: dict[str, list[Path]] = {"codes": [], "labels": [], "intrusion": []}
    idle: dict[Path, frozenset[str]] = {}
    for path in files:
        columns = columns_of(path)
        fitting = _kinds(columns)
        for kind in fitting:
            kinds[kind].append(path)
        if not fitting:
            idle[path] = columns
    if len(idle) == len(files):
        raise ConfigError([f"{path}: has the columns {', '.join(sorted(columns))}; needed are code or label with "
                           "paragraph_id or text, or item and chosen" for path, columns in idle.items()])  # fmt: skip
    score = {"codes": score_codes, "labels": score_labels, "intrusion": score_answers}
    parts = {kind: score[kind](run, paths) for kind, paths in kinds.items() if paths}
    return parts, [f"{path.name} has no columns to score by and was left out." for path in idle]


def _kinds(columns: frozenset[str]) -> tuple[str, ...]:
    by_paragraph = bool({"paragraph_id", "text"} & columns)
    fits = {
        "codes": "code" in columns and by_paragraph,
        "labels": "label" in columns and (by_paragraph or "document_id" in columns),
        "intrusion": {ITEM, CHOSEN} <= columns,
    }
    return tuple(kind for kind, fit in fits.items() if fit)

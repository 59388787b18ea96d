"""Compares two runs: what became of each theme (grown, split, gone …), and which paragraphs moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.compare.matching import KINDS, RULE, Kind, Match, match_themes, shown_jaccard
from toolkit.run_folder.config import read_config
from toolkit.run_folder.identity import run_id
from toolkit.runs import Run, load_run
from toolkit.text import notebook
from toolkit.text.format import denominator, percent, plural
from toolkit.values import NOISE, Ints


@dataclass(frozen=True)
class Side:
    """One of the two runs, as much of it as is compared; `run` are the digits of its experiment and corpus."""

    path: str
    name: str
    run: str
    documents: int
    paragraphs: int
    labels: Mapping[int, str]


@dataclass(frozen=True)
class Move:
    """Paragraphs that left their theme for one that is not its counterpart: (id before, id after) each."""

    before: int
    after: int
    paragraphs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Comparison:
    """Two runs compared. `metrics` and `config` map dotted keys to (before, after), null if one lacks them.

    `config` holds differing keys only; `counted` says in words what each metric is out of. `codes` maps codes to
    paragraphs of both runs that carry it before, after and both times.
    """

    before: Side
    after: Side
    shared: int
    only_before: int
    only_after: int
    themes: tuple[Match, ...]
    moves: tuple[Move, ...]
    codes: Mapping[str, tuple[int, int, int]]
    metrics: Mapping[str, tuple[float | None, float | None]]
    config: Mapping[str, tuple[Any, Any]]
    counted: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    rule: str = RULE

    @property
    def moved(self) -> int:
        """Paragraphs of both runs that left their theme."""
        return sum(len(move.paragraphs) for move in self.moves)

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        tree = {item.name: getattr(self, item.name) for item in fields(self)}
        tree["before"], tree["after"] = asdict(self.before), asdict(self.after)
        tree["themes"] = [asdict(match) for match in self.themes]
        tree["moves"] = [asdict(move) for move in self.moves]
        return tree | {"moved": self.moved}

    def _repr_html_(self) -> str:
        """What became of the themes and which settings differ, in bounded tables."""
        old, new = self.before, self.after
        theirs = "its theme" if self.shared == 1 else "their theme"
        moved = f"{self.moved:,} of {plural(self.shared, 'paragraph')} in both left {theirs}"
        themes = [(match.kind, self.words(match)) for match in self.themes]
        config = [(key, plain_value(before), plain_value(after)) for key, (before, after) in self.config.items()]
        return (
            notebook.line(
                f"{old.name} ({plural(old.paragraphs, 'paragraph')}) → {new.name} ({new.paragraphs:,}): {moved}"
            )
            + notebook.table("Themes, before → after", ("", "theme"), themes, "comparison.themes")
            + notebook.table("Settings that differ", ("setting", "before", "after"), config, "comparison.config")
        )

    def lines(self) -> Iterator[str]:
        """For the terminal."""
        for when, side in (("before", self.before), ("after ", self.after)):
            counts = f"{plural(side.documents, 'document')}, {plural(side.paragraphs, 'paragraph')}"
            yield f"{when}  {side.path} (run {side.run}): {counts}"
        alone = f"{self.only_before:,} only before, {self.only_after:,} only after"
        yield f"        {plural(self.shared, 'paragraph')} in both, {alone}"
        yield ""
        yield "themes  " + ", ".join(f"{self.count(kind)} {kind}" for kind in KINDS)
        for match in self.themes:
            yield f"  {match.kind:<7} {self.words(match)}"
        moved = percent(self.moved / self.shared, 1000) if self.shared else "no share"
        yield f"moved   {self.moved:,} of {plural(self.shared, 'paragraph')} in both ({moved})"
        for move in self.moves[:20]:
            few = ", ".join(after for _, after in move.paragraphs[:3]) + (" …" if len(move.paragraphs) > 3 else "")
            yield f"  {named_theme(move.before)} → {named_theme(move.after)}: {len(move.paragraphs):,} ({few})"
        for code, (before, after, both) in self.codes.items():
            yield f"code    {code}: {before:,} → {plural(after, 'paragraph')}, {both:,} the same"
        for key, (old, new) in self.config.items():
            if old != new:
                yield f"config  {key}: {plain_value(old)} → {plain_value(new)}"
        for key, (old, new) in self.metrics.items():
            if old != new:
                yield f"metric  {key}: {self.metric(key, 0)} → {self.metric(key, 1)}"
        yield f"rule    {self.rule}"

    def metric(self, key: str, side: int) -> str:
        """A metric before (0) or after (1) with its denominator: `0.6328 (112 of 177 codes given by the machine)`."""
        base = self.counted.get(key, ("", ""))[side]
        return plain_value(self.metrics[key][side]) + (f" ({base})" if base else "")

    def count(self, kind: Kind) -> int:
        """Matches of a kind."""
        return sum(match.kind == kind for match in self.themes)

    def words(self, match: Match) -> str:
        """A match in one line."""
        old = " + ".join(f"{theme} {self.before.labels.get(theme, '')!r}" for theme in match.before)
        new = " + ".join(f"{theme} {self.after.labels.get(theme, '')!r}" for theme in match.after)
        size = f"{match.before_paragraphs:,} → {plural(match.after_paragraphs, 'paragraph')}"
        if match.jaccard is None:
            return f"{old or new} ({size})"
        return f"{old} → {new} ({size}, {match.shared:,} in both, Jaccard {shown_jaccard(match.jaccard)})"


def named_theme(theme: int) -> str:
    """A theme by its number; "no theme" for -1."""
    return "no theme" if theme == NOISE else f"theme {theme}"


def plain_value(value: Any) -> str:
    """A setting or metric in words; "nothing" for null."""
    return f"{value:.4g}" if isinstance(value, float) else "nothing" if value is None else str(value)


def compare(before: Path | str | Run, after: Path | str | Run) -> Comparison:
    """What became of the themes of one run in another.

    All kept paragraphs count, copies too. Raises StoreError if one of them is no finished run.
    """
    old, new = (run if isinstance(run, Run) else load_run(run) for run in (before, after))
    first, second = _members(old), _members(new)
    pairs = paired(first, second)
    themes = match_themes(first["theme"], second["theme"], pairs)
    bases = _denominators(old), _denominators(new)
    return Comparison(
        _side(old, first),
        _side(new, second),
        len(pairs),
        len(first["theme"]) - len(pairs),
        len(second["theme"]) - len(pairs),
        themes,
        _moves(first, second, pairs, themes),
        _codes(old, new, first, second, pairs),
        _side_by_side(_metrics(old), _metrics(new), differing=False),
        _side_by_side(_config(old), _config(new), differing=True),
        {key: (bases[0].get(key, ""), bases[1].get(key, "")) for key in sorted({*bases[0], *bases[1]})},
    )


def _members(run: Run) -> dict[str, Any]:
    table = run.table("paragraphs").select(["paragraph_id", "text", "theme"])
    ids, texts = table["paragraph_id"].to_pylist(), table["text"].to_pylist()
    return {"ids": ids, "texts": texts, "theme": np.array(table["theme"].to_pylist(), np.int32)}


def _side(run: Run, members: Mapping[str, Any]) -> Side:
    themes = run.table("themes").select(["theme", "label"]).to_pylist()
    labels = {row["theme"]: row["label"] or "" for row in themes}
    name = str(run.manifest["experiment"]["name"])
    documents = run.table("documents").num_rows
    return Side(str(run.path), name, run_id(run.manifest), documents, len(members["ids"]), labels)


def paired(before: Mapping[str, Any], after: Mapping[str, Any]) -> Ints:
    """(m, 2) rows of the same paragraph in both: the same id and text, else the same text, in order."""
    place = {name: row for row, name in enumerate(after["ids"])}
    pairs, taken = {}, set()
    for row, (name, text) in enumerate(zip(before["ids"], before["texts"], strict=True)):
        other = place.get(name)
        if other is not None and after["texts"][other] == text:
            pairs[row] = other
            taken.add(other)
    free: dict[str, list[int]] = {}
    for other in range(len(after["ids"]) - 1, -1, -1):
        if other not in taken and after["texts"][other]:
            free.setdefault(after["texts"][other], []).append(other)
    for row, text in enumerate(before["texts"]):
        if row not in pairs and free.get(text):
            pairs[row] = free[text].pop()
    return np.array(sorted(pairs.items()), np.int32).reshape(-1, 2)


def _moves(
    first: Mapping[str, Any], second: Mapping[str, Any], pairs: Ints, themes: tuple[Match, ...]
) -> tuple[Move, ...]:
    fitting = {(i, j) for match in themes for i in match.before for j in match.after} | {(NOISE, NOISE)}
    moved: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for row, other in pairs.tolist():
        way = int(first["theme"][row]), int(second["theme"][other])
        if way not in fitting:
            moved.setdefault(way, []).append((first["ids"][row], second["ids"][other]))
    ways = sorted(moved, key=lambda way: (-len(moved[way]), way))
    return tuple(Move(*way, tuple(moved[way])) for way in ways)


def _codes(
    old: Run, new: Run, first: Mapping[str, Any], second: Mapping[str, Any], pairs: Ints
) -> dict[str, tuple[int, int, int]]:
    """Per code: shared paragraphs that carry it before, after, and both times."""
    carried = [_carried(run) for run in (old, new)]
    names = {second["ids"][other]: first["ids"][row] for row, other in pairs.tolist()}
    shared = set(names.values())
    counts = {}
    for code in sorted({*carried[0], *carried[1]}):
        was = carried[0].get(code, set()) & shared
        now = {names[name] for name in carried[1].get(code, set()) if name in names}
        counts[code] = (len(was), len(now), len(was & now))
    return counts


def _carried(run: Run) -> dict[str, set[str]]:
    table = run.table("codes").select(["paragraph_id", "code", "assigned"])
    carriers: dict[str, set[str]] = {code: set() for code in table["code"].unique().to_pylist()}
    for row in table.filter(table["assigned"]).to_pylist():
        carriers[row["code"]].add(row["paragraph_id"])
    return carriers


def _metrics(run: Run) -> dict[str, Any]:
    return {key: metric.get("value") for key, metric in run.metrics.items()}


def _denominators(run: Run) -> dict[str, str]:
    return {key: denominator(row.get("n"), row.get("of"), row.get("hits")) for key, row in run.metrics.items()}


def _config(run: Run) -> dict[str, Any]:
    return flat(read_config(run.path))


def flat(tree: Any, before: str = "") -> dict[str, Any]:
    """A tree of settings as dotted keys to plain values; lists stay whole."""
    if not isinstance(tree, Mapping) or not tree:
        return {before: tree}
    rows: dict[str, Any] = {}
    for key, value in tree.items():
        rows |= flat(value, f"{before}.{key}" if before else str(key))
    return rows


def _side_by_side(old: Mapping[str, Any], new: Mapping[str, Any], differing: bool) -> dict[str, tuple[Any, Any]]:
    rows = {key: (old.get(key), new.get(key)) for key in sorted({*old, *new})}
    return {key: row for key, row in rows.items() if not differing or row[0] != row[1]}

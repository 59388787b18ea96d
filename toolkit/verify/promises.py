"""Checks what must be true in any run folder, from the folder alone and the texts to which its offsets refer."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.experiment.paths import COPIES
from toolkit.files import yaml12
from toolkit.files.cells import guarded, guarded_in_format_1
from toolkit.files.csv import write_csv
from toolkit.files.value import read_table
from toolkit.run_folder.decided import CONFLICT
from toolkit.run_folder.manifest import ASSIGNED, FORMAT, text_left
from toolkit.run_folder.upgrade import COLUMNS, TABLES
from toolkit.runs import Run
from toolkit.schemas import MACHINE, PERSON
from toolkit.study.decided import changed as changed_by_people
from toolkit.values import NOISE

Texts = Mapping[str, str | None]
"""document_id -> the text that its offsets refer to; None if it cannot be read here."""
MOST_SHOWN = 3
"""Broken rows named one by one; the rest are counted."""
ROUNDING = 1e-9
OUTCOMES_OF_DECISIONS = ("applied", "applied with overlap", CONFLICT)


@dataclass(frozen=True)
class Invariants:
    """Broken promises, one line each, and what could not be checked, with the reason."""

    broken: tuple[str, ...]
    unchecked: tuple[str, ...]


def check_invariants(run: Run, texts: Texts) -> Invariants:
    """Every promise of docs/reference/run-folder.md that a run folder can show by itself.

    A table that is missing or cannot be read is a broken promise, not an error.
    """
    if text_left(run.manifest) != "full":
        kept: tuple[Check, ...] = (_rows, _csv, _themes, _decisions, _shares, _copies, _document_themes)
        unchecked = ["spans, quotes and coverage: the texts were taken out when this folder was exported"]
    else:
        kept, unchecked = CHECKS, _unread(texts)
    tables, broken = Tables(run), []
    if run.format < FORMAT:
        kept = tuple(check for check in kept if check not in NEW)
        unchecked = [*unchecked, *_of_older(run.format)]
    for check in kept:
        try:
            broken += _few(check(tables, texts))
        except Exception as fault:  # a damaged folder can fail anywhere: name the check that failed
            broken.append(f"{check.__name__.strip('_').replace('_', ' ')}: cannot be checked ({_first(fault)})")
    return Invariants(tuple(broken), tuple(unchecked))


def _of_older(version: int) -> Iterator[str]:
    """The promises that a folder of an older format cannot show."""
    columns = [f"{table}.{column}" for table, added in COLUMNS.items() for column, _ in added]
    lacks = ", ".join([*(f"table {name}" for name in TABLES), *columns])
    yield f"format {version}: the folder is of an older toolkit; what format {FORMAT} promises and it lacks is null" + (
        f" ({lacks})" if lacks else ""
    )
    if NEW:
        names = ", ".join(check.__name__.strip("_").replace("_", " ") for check in NEW)
        yield f"format {version}: promises of format {FORMAT} alone ({names})"


def _first(fault: Exception) -> str:
    return (str(fault).splitlines() or [type(fault).__name__])[0]


def _unread(texts: Texts) -> list[str]:
    missing = sum(text is None for text in texts.values())
    if not missing:
        return []
    return [
        f"{missing:,} of {len(texts):,} documents' texts cannot be read here: only span lengths and overlaps checked"
    ]


def _few(lines: Iterable[str]) -> list[str]:
    """The first of many lines of one kind, and how many more there are."""
    kinds: dict[str, list[str]] = {}
    for line in lines:
        kinds.setdefault(line.partition(":")[0], []).append(line)
    return [
        line
        for kind, of_kind in kinds.items()
        for line in [
            *of_kind[:MOST_SHOWN],
            *([f"{kind}: {len(of_kind) - MOST_SHOWN:,} more"] if len(of_kind) > MOST_SHOWN else []),
        ]
    ]


@dataclass
class Tables:
    """The tables of a run as rows: small ones are read once and kept, those of paragraphs x codes are streamed."""

    run: Run
    read_rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        if name not in self.read_rows:
            self.read_rows[name] = self.run.table(name).to_pylist()
        return self.read_rows[name]

    def stream(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a table one after another, not kept."""
        for batch in self.run.table(name).to_batches(max_chunksize=10_000):
            yield from batch.to_pylist()

    @cached_property
    def paragraphs(self) -> dict[str, dict[str, Any]]:
        """paragraph_id -> its row."""
        return {row["paragraph_id"]: row for row in self.rows("paragraphs")}

    @cached_property
    def unique(self) -> list[dict[str, Any]]:
        """The paragraphs that count once."""
        return [row for row in self.rows("paragraphs") if row["duplicate_of"] is None]

    @cached_property
    def parents(self) -> dict[int, int | None]:
        """theme -> its broader theme."""
        return {row["theme"]: row["parent"] for row in self.rows("themes")}

    def within(self, theme: int, other: int) -> bool:
        """Whether `theme` is `other` or below it."""
        above: int | None = theme
        for _ in range(len(self.parents) + 1):
            if above == other:
                return True
            above = None if above is None else self.parents.get(above)
        return False


Check = Callable[[Tables, Texts], Iterator[str]]


def _rows(tables: Tables, texts: Texts) -> Iterator[str]:
    """Row counts, orders, unique ids, unit vectors."""
    run, paragraphs, documents = tables.run, tables.rows("paragraphs"), tables.rows("documents")
    counts: Mapping[str, Any] = run.manifest["corpus"]
    for name, rows in (("documents", documents), ("paragraphs", paragraphs)):
        if len(rows) != counts[name]:
            yield f"rows: {name} has {len(rows)} rows, the manifest says {counts[name]}"
    for name, key in (("documents", "document_id"), ("paragraphs", "paragraph_id")):
        if len({row[key] for row in tables.rows(name)}) != len(tables.rows(name)):
            yield f"rows: {name} holds a {key} twice"
    order = [(row["document_id"], row["position"]) for row in paragraphs]
    if order != sorted(order) or [row["document_id"] for row in documents] != sorted(texts):
        yield "rows: documents are not in order of id, or paragraphs not in order of document and position"
    vectors = run.embeddings
    if vectors.ndim != 2 or len(vectors) != len(paragraphs) or vectors.dtype != np.float32:
        yield f"rows: embeddings.npy is {vectors.shape} {vectors.dtype} for {len(paragraphs)} paragraphs"
    for start in range(0, len(vectors), 10_000):
        norms = np.linalg.norm(np.asarray(vectors[start : start + 10_000], np.float64), axis=1)
        for at in np.flatnonzero(~(np.abs(norms - 1) < 1e-4)):
            yield f"embeddings: row {start + at} has length {norms[at]:.4f}, not 1"
    counted = Counter(row["document_id"] for row in paragraphs)
    for document in documents:
        name, number_said = document["document_id"], document["paragraphs"]
        if number_said != counted[name]:
            yield f"rows: {name} has {counted[name]} paragraphs, its row says {number_said}"


def _csv(tables: Tables, texts: Texts) -> Iterator[str]:
    """Each CSV has the same content as its Parquet file."""
    folder = tables.run.path / "tables"
    with tempfile.TemporaryDirectory() as aside:
        for path in sorted(folder.glob("*.parquet")):
            again = Path(aside) / f"{path.stem}.csv"
            write_csv(read_table(path), again, guarded_in_format_1 if tables.run.format == 1 else guarded)
            twin = path.with_suffix(".csv")
            if not twin.is_file() or twin.read_bytes() != again.read_bytes():
                yield f"csv: tables/{twin.name} does not say what tables/{path.name} says"


def _spans(tables: Tables, texts: Texts) -> Iterator[str]:
    """source[start:end] == text, and every non-blank character kept or in the ledger exactly once."""
    spans: dict[str, list[tuple[int, int, str, str]]] = {name: [] for name in texts}
    for kind in ("paragraphs", "ledger"):
        for row in tables.rows(kind):
            what = row["paragraph_id"] if kind == "paragraphs" else f"ledger, {row['document_id']}"
            if row["document_id"] not in spans:
                yield f"spans: {what}: there is no document {row['document_id']!r}"
                continue
            spans[row["document_id"]].append((row["start"], row["end"], row["text"], what))
    for name, spans_of_document in spans.items():
        spans_of_document.sort()
        yield from _of_document(name, spans_of_document, texts[name])


def _of_document(name: str, spans: list[tuple[int, int, str, str]], text: str | None) -> Iterator[str]:
    at = 0
    for start, end, words, what in spans:
        if end - start != len(words) or (text is not None and text[start:end] != words):
            yield f"spans: {what}: source[{start}:{end}] is not the text in the table"
        overlap = words[: max(0, at - start)] if text is None else text[start : min(at, end)]
        if start < at and overlap.strip():
            yield f"coverage: {name}: characters {start} to {min(at, end)} occur twice in paragraphs and ledger"
        if text is not None and text[at:start].strip():
            yield f"coverage: {name}: characters {at} to {start} are neither in paragraphs nor in the ledger"
        at = max(at, end)
    if text is not None and text[at:].strip():
        yield f"coverage: {name}: characters {at} to {len(text)} are neither in paragraphs nor in the ledger"


def _quotes(tables: Tables, texts: Texts) -> Iterator[str]:
    """Every quote is verbatim in its paragraph, and every exemplar belongs to its theme."""
    for name in ("exemplars", "codes"):
        for row in tables.stream(name):
            if row["quote"] is None:
                continue
            home = tables.paragraphs.get(row["paragraph_id"])
            if home is None or home["text"][row["start"] - home["start"] : row["end"] - home["start"]] != row["quote"]:
                yield f"quotes: {name}, {row['paragraph_id']}: the quote is not there"
            elif name == "exemplars" and not tables.within(home["theme"], row["theme"]):
                yield f"exemplars: {row['paragraph_id']} has theme {home['theme']}, not {row['theme']}, its exemplar's"


def _lines(tables: Tables, texts: Texts) -> Iterator[str]:
    """Every keyword line is verbatim in a paragraph of its theme or code."""
    if not (tables.run.path / "tables" / "kwic.parquet").is_file():
        return
    coded = {(row["paragraph_id"], row["code"]) for row in tables.stream("codes") if row["assigned"]}
    for row in tables.stream("kwic"):
        home = tables.paragraphs.get(row["paragraph_id"])
        spans = (("match", "start", "end"), ("window", "window_start", "window_end"))
        if home is None or any(
            home["text"][row[first] - home["start"] : row[last] - home["start"]] != row[words]
            for words, first, last in spans
        ):
            yield f"kwic: {row['paragraph_id']}: the line for {row['keyword']!r} is not there"
        elif (row["kind"] == "theme" and home["theme"] != int(row["id"])) or (
            row["kind"] == "code" and (row["paragraph_id"], row["id"]) not in coded
        ):
            yield f"kwic: {row['paragraph_id']} is none of {row['kind']} {row['id']}, and is listed there"


def _codes(tables: Tables, texts: Texts) -> Iterator[str]:
    """Every paragraph x every code, in order."""
    table = tables.run.table("codes")
    names = table["code"].unique().to_pylist()
    wrong_rows = (
        f"codes: {table.num_rows} rows are not {len(tables.paragraphs)} paragraphs x {len(names)} codes, in order"
    )
    if table.num_rows != len(names) * len(tables.paragraphs):
        yield wrong_rows
        return
    expected = ((name, code) for name in tables.paragraphs for code in names)
    if any(
        (row["paragraph_id"], row["code"]) != pair for row, pair in zip(tables.stream("codes"), expected, strict=True)
    ):
        yield wrong_rows


def _themes(tables: Tables, texts: Texts) -> Iterator[str]:
    """Counts of themes, and noise in the denominator."""
    unique, counts = len(tables.unique), Counter(row["theme"] for row in tables.unique)
    for row in tables.rows("themes"):
        paragraphs = sum(count for theme, count in counts.items() if tables.within(theme, row["theme"]))
        if paragraphs != row["paragraphs"]:
            yield f"themes: theme {row['theme']} holds {paragraphs} unique paragraphs, its row says {row['paragraphs']}"
        if row["share"] is not None and row["level"] == 0 and abs(row["share"] - paragraphs / unique) > ROUNDING:
            base = f"{paragraphs} of {unique} unique paragraphs"
            yield f"themes: theme {row['theme']} has share {row['share']}, and {base}"
    known = {row["theme"] for row in tables.rows("themes") if row["level"] == 0}
    for paragraph in tables.rows("paragraphs"):
        if paragraph["theme"] not in known:
            yield f"themes: {paragraph['paragraph_id']} has theme {paragraph['theme']}, which has no row"
        if paragraph["theme"] == NOISE and paragraph["strength"] is not None:
            yield f"themes: {paragraph['paragraph_id']} has a strength and no theme"


def _decisions(tables: Tables, texts: Texts) -> Iterator[str]:
    """Every line of the log has an outcome, and what people changed is what `machine_theme` and `theme` show."""
    if tables.run.manifest.get("kind") == ASSIGNED:
        return
    lines, rows = _lines_of_log(tables.run), tables.rows("decisions")
    if len(rows) != lines or [row["line"] for row in rows] != list(range(1, lines + 1)):
        yield f"decisions: the log has {lines} lines, the table {len(rows)} outcomes"
    for row in rows:
        if row["outcome"] not in OUTCOMES_OF_DECISIONS or (row["outcome"] == CONFLICT and not row["reason"]):
            yield f"decisions: line {row['line']} is {row['outcome']!r} without a reason"
    pairs = [[row[name] for row in tables.unique] for name in ("theme", "machine_theme")]
    changes = changed_by_people(np.array(pairs[0], np.int32), np.array(pairs[1], np.int32))
    if not rows and pairs[0] != pairs[1]:
        yield "decisions: paragraphs have another theme than the machine gave them, and there is no log"
    for row in tables.rows("themes"):
        counted = changes.get(row["theme"], 0) if row["level"] == 0 else None
        if row["changed_paragraphs"] != counted:
            number_said = row["changed_paragraphs"]
            yield f"decisions: theme {row['theme']} has {counted} paragraphs by people, its row says {number_said}"
        if row["label"] != row["machine_label"] and row["theme"] != NOISE and not rows:
            yield f"decisions: theme {row['theme']} has another label than the machine gave it, and there is no log"


def _lines_of_log(run: Run) -> int:
    """The decisions in the run folder's copy of the log; 0 without one."""
    place = run.path / COPIES["decisions"]
    return len(yaml12.read(place).value["decisions"]) if place.is_file() else 0


def _shares(tables: Tables, texts: Texts) -> Iterator[str]:
    """A theme's share and interval are those of its prevalence row."""
    whole = {
        row["id"]: (row["estimate"], row["low"], row["high"])
        for row in tables.rows("prevalence")
        if (row["kind"], row["group_by"], row["unit"], row["counting"]) == ("theme", None, "paragraph", "unique")
    }
    for row in tables.rows("themes"):
        share = (row["share"], row["share_low"], row["share_high"])
        if str(row["theme"]) in whole and share != whole[str(row["theme"])]:
            yield f"shares: theme {row['theme']} has {share}, its prevalence row {whole[str(row['theme'])]}"
        elif row["level"] == 0 and str(row["theme"]) not in whole:
            yield f"shares: theme {row['theme']} has no prevalence row"


def _copies(tables: Tables, texts: Texts) -> Iterator[str]:
    """A copy names a canonical paragraph and carries its theme and codes."""
    coded: dict[str, set[str]] = {}
    for row in tables.stream("codes"):
        if row["assigned"]:
            coded.setdefault(row["paragraph_id"], set()).add(row["code"])
    for row in tables.rows("paragraphs"):
        if row["duplicate_of"] is None:
            continue
        first = tables.paragraphs.get(row["duplicate_of"])
        if first is None or first["duplicate_of"] is not None:
            yield f"copies: {row['paragraph_id']} is a copy of {row['duplicate_of']!r}, which is no canonical paragraph"
        elif first["theme"] != row["theme"] or coded.get(first["paragraph_id"]) != coded.get(row["paragraph_id"]):
            yield f"copies: {row['paragraph_id']} has another theme or other codes than the paragraph it is a copy of"


def _document_themes(tables: Tables, texts: Texts) -> Iterator[str]:
    """A document's theme is the one with most of its words."""
    from toolkit.estimate import document_theme

    documents, paragraphs = tables.rows("documents"), tables.rows("paragraphs")
    ids = [row["document_id"] for row in documents]
    columns = ([row[name] for row in paragraphs] for name in ("document_id", "theme", "words"))
    for row, theme in zip(documents, document_theme(ids, *columns), strict=True):
        if row["theme"] != theme:
            yield f"documents: {row['document_id']} has theme {row['theme']}, most of its words have {theme}"


def _metrics(tables: Tables, texts: Texts) -> Iterator[str]:
    """No null without its reason."""
    for key, metric in tables.run.metrics.items():
        if metric.get("value") is None and not metric.get("reason"):
            yield f"metrics: {key} is null without a reason"


def _coders(tables: Tables, texts: Texts) -> Iterator[str]:
    """A coder is a person or a machine, not both; no code is checked if no person coded."""
    if tables.run.manifest.get("kind") == ASSIGNED:
        return
    kinds: dict[str, set[str]] = {}
    for row in tables.rows("human"):
        kinds.setdefault(row["coder"], set()).add(row.get("kind") or PERSON)
    for coder, kinds_of_coder in kinds.items():
        if len(kinds_of_coder) > 1 or not kinds_of_coder <= {PERSON, MACHINE}:
            yield f"coders: {coder} is {' and '.join(sorted(kinds_of_coder))}"
    if {MACHINE} in kinds.values() and {PERSON} not in kinds.values():
        for row in tables.rows("thresholds"):
            if row.get("badge") not in (None, "unchecked"):
                yield f"coders: {row['code']} is called {row['badge']}, and only machines coded"


CHECKS: tuple[Check, ...] = (
    _rows, _csv, _spans, _quotes, _lines, _codes, _themes, _decisions, _shares, _copies, _document_themes, _metrics,
    _coders,
)  # fmt: skip
NEW: tuple[Check, ...] = (_coders, _decisions)
"""Checks of what format 1 does not promise: they are not asked of its folders."""

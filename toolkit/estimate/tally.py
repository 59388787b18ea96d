"""The contribution of each document to each share: hits and totals, counted once and resampled many times."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from toolkit.errors import ConfigError, nearest
from toolkit.estimate.coding_error import CodingError
from toolkit.schemas import PERSON
from toolkit.values import NOISE, Bools, Column, Floats, Ints, Sampling, Table

Unit = Literal["paragraph", "document", "document_main"]
"""What is counted: paragraphs; documents with at least one such paragraph; documents whose main theme it is."""
Counting = Literal["unique", "published"]


@dataclass(frozen=True)
class Coded:
    """The codes of n paragraphs, and the codes given by coders.

    assigned: code id -> (n,) mask of paragraphs; copies have the codes of their original.
    parents: code id -> parent's id or None; a child code implies its parent in prevalence, nowhere else.
    human: pa.Table of marks (paragraph_id, code, coder) of people, or of machines if no person coded; if given,
        shares of codes are also corrected for the machine's errors.
    kind: whether these coders are people or machines.
    sampling: how the human-coded paragraphs were drawn, with their weights; None if unknown.
    unchecked: codes that no person checked; their intervals contain the sampling error and the coding `error` (None
        if unknown), unless people coded enough to correct the shares.
    """

    assigned: Mapping[str, Bools]
    parents: Mapping[str, str | None] = field(default_factory=dict)
    human: Table | None = None
    sampling: Sampling | None = None
    kind: str = PERSON
    unchecked: Collection[str] = ()
    error: CodingError | None = None


@dataclass(frozen=True)
class Series:
    """One share: its kind, id, unit and counting, and the tally's columns with its hits and its total."""

    kind: str  # theme or code
    id: str
    unit: Unit
    counting: Counting
    hits: int
    total: int


@dataclass(frozen=True)
class Tally:
    """The counts of each document: values (documents, columns), and the cluster with which the document is drawn."""

    document_ids: tuple[str, ...]
    values: Floats
    series: tuple[Series, ...]
    cluster: Ints
    notes: tuple[str, ...] = ()
    drawn: str = "documents"  # the units of the bootstrap, in words
    themes: int = 0  # number of themes, without -1

    @property
    def clusters_total(self) -> int:
        """Number of units of the bootstrap: clusters with at least one paragraph."""
        return len(np.unique(self.cluster[self.values.sum(axis=1) > 0]))

    def by_cluster(self, rows: Bools, values: Floats | None = None) -> Floats:
        """(clusters, columns) sums over the documents in `rows`; clusters with nothing counted are left out."""
        counts = (self.values if values is None else values)[rows]
        names, index = np.unique(self.cluster[rows], return_inverse=True)
        sums = np.zeros((len(names), counts.shape[1]))
        np.add.at(sums, index, counts)
        return sums[sums.any(axis=1)]


def document_theme(document_ids: Column, paragraph_documents: Column, theme: Column, words: Column) -> Ints:
    """(d,) theme of each document: the one with most of its words, ties to the lower number.

    -1 only if no paragraph of the document has a theme. `paragraph_documents`, `theme` and `words` are (n,).
    """
    place = {document: row for row, document in enumerate(document_ids)}
    rows = np.array([place[document] for document in paragraph_documents], dtype=int)
    theme, words = np.asarray(theme, int), np.asarray(words, float)
    main = np.full(len(place), NOISE, np.int32)
    known = theme != NOISE
    if known.any():
        sums = np.zeros((len(place), int(theme.max()) + 1))
        np.add.at(sums, (rows[known], theme[known]), np.maximum(words[known], 1e-9))
        best = sums.argmax(axis=1)  # ties to the lower number
        main = np.where(sums.max(axis=1) > 0, best, NOISE).astype(np.int32)
    return np.asarray(main)


def implied(assigned: Mapping[str, Bools], parents: Mapping[str, str | None]) -> dict[str, Bools]:
    """Codes with implied codes: a paragraph with a child code counts for its parent, and the parent's parent."""
    whole = {code: np.array(marks, bool) for code, marks in assigned.items()}
    for code, marks in assigned.items():
        for above in ancestors(code, parents):
            whole[above] |= np.asarray(marks, bool)
    return whole


def ancestors(code: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """The code's parent, the parent's parent and so on, nearest first."""
    chain: list[str] = []
    above = parents.get(code)
    while above is not None and above not in (code, *chain):
        chain.append(above)
        above = parents.get(above)
    return tuple(chain)


def make_tally(
    documents: Table,
    paragraphs: Table,
    assigned: Mapping[str, Bools],
    parents: Mapping[str, str | None],
    resample: str,
    themes: int = 0,
    everyone: bool = False,
) -> Tally:
    """The hits and totals of every theme and code in each document, as paragraphs and documents, unique and published.

    A document counts for every theme and code that at least one of its paragraphs has.

    `themes`: least number of themes, since no paragraph may have the last ones. `everyone`: whether documents without a
    paragraph count in the totals of documents, like respondents without an answer.
    """
    ids = documents.column("document_id").to_pylist()
    place = {document: row for row, document in enumerate(ids)}
    rows = np.array([place[document] for document in paragraphs.column("document_id").to_pylist()], dtype=int)
    theme = np.asarray(paragraphs.column("theme").to_pylist(), int)
    themes = max(themes, int(theme.max(initial=-1)) + 1)
    codes = implied(assigned, parents)
    unique = {
        "paragraph": _originals(paragraphs),
        "document": _originals(documents),
    }
    filled = np.bincount(rows, minlength=len(ids)) > 0
    base = np.ones(len(ids), bool) if everyone else filled
    columns: list[Floats] = []
    series: list[Series] = []
    for counting in ("unique", "published"):
        for unit in ("paragraph", "document"):
            counted = unique[unit] if counting == "unique" else np.ones(len(unique[unit]), bool)
            total = len(columns)
            columns.append(_sums(rows, counted, len(ids)) if unit == "paragraph" else (base & counted).astype(float))
            for number in [NOISE, *range(themes)]:
                marks = theme == number if unit == "paragraph" else _sums(rows, theme == number, len(ids)) > 0
                series.append(Series("theme", str(number), unit, counting, len(columns), total))
                columns.append(_column(unit, marks, counted, rows, len(ids)))
            for code, coded in codes.items():
                marks = coded if unit == "paragraph" else _sums(rows, coded, len(ids)) > 0
                series.append(Series("code", code, unit, counting, len(columns), total))
                columns.append(_column(unit, marks, counted, rows, len(ids)))
    cluster, notes = clusters_of(documents, resample)
    drawn = "documents" if resample == "document" else f"groups of {resample}"
    return Tally(tuple(ids), np.column_stack(columns), tuple(series), cluster, notes, drawn, themes)


def _originals(table: Table) -> Bools:
    return np.array([copy is None for copy in table.column("duplicate_of").to_pylist()], dtype=bool)


def _sums(rows: Any, marks: Bools, documents: int) -> Floats:
    return np.asarray(np.bincount(rows, weights=marks.astype(float), minlength=documents), float)


def _column(unit: str, marks: Bools, counted: Bools, rows: Any, documents: int) -> Floats:
    return _sums(rows, marks & counted, documents) if unit == "paragraph" else (marks & counted).astype(float)


def clusters_of(documents: Table, resample: str) -> tuple[Ints, tuple[str, ...]]:
    """(d,) the unit with which each document is drawn: a copy with its original; `resample` may name a column."""
    ids = documents.column("document_id").to_pylist()
    if resample == "document":
        originals = [
            copy or document for document, copy in zip(ids, documents.column("duplicate_of").to_pylist(), strict=True)
        ]
        number = {name: row for row, name in enumerate(sorted(set(originals)))}
        return np.array([number[name] for name in originals], np.int32), ()
    if resample not in documents.column_names:
        allowed = ["document", *documents.column_names]
        raise ConfigError([f"estimate.resample: no column {resample!r} in documents{nearest(resample, allowed)}"])
    values = documents.column(resample).to_pylist()
    names = [
        f"document {document}" if value is None else f"group {value}"
        for document, value in zip(ids, values, strict=True)
    ]
    number = {name: row for row, name in enumerate(sorted(set(names)))}
    missing = sum(value is None for value in values)
    note = (f"{missing} documents have no {resample!r}; the bootstrap draws each of them by itself.",)
    return np.array([number[name] for name in names], np.int32), note if missing else ()

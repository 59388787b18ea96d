"""The material of claims: paragraphs or documents as units, with their codes, groups and dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from toolkit.claims.usable import Values, document_values, values_of
from toolkit.estimate.coding_error import CodingError
from toolkit.estimate.tally import ancestors, clusters_of, implied
from toolkit.schemas import PERSON
from toolkit.values import Bools, Floats, Ints, Sampling, Table

OTHERS = "\0others"
"""The value of all speakers but one, counted as one; no speaker has this name."""


@dataclass(frozen=True)
class Material:
    """A corpus with its codes.

    documents, paragraphs: pa.Tables of all documents (d) and all paragraphs (n), copies included.
    assigned: code -> (n,) whether each paragraph has it; parents: code -> the code above it.
    names: code -> its name in the codebook.
    human: pa.Table of marks (paragraph_id, code, coder) of people, or of machines if no person coded, or None;
        sampling: how these paragraphs were drawn; kind: whether these coders are people or machines.
    scored: rows of agreement with the coders (measure, code, value, low, high).
    resample: what counts as independent: document, or a column of the documents.
    everyone: documents without a paragraph count in shares of documents (a survey).
    error: the error of shares whose coding nobody checked; None if it is not known.
    """

    documents: Table
    paragraphs: Table
    assigned: Mapping[str, Bools]
    parents: Mapping[str, str | None]
    names: Mapping[str, str]
    human: Table | None = None
    sampling: Sampling | None = None
    scored: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    resample: str = "document"
    everyone: bool = False
    kind: str = PERSON
    error: CodingError | None = None

    @cached_property
    def codes(self) -> dict[str, Bools]:
        """Code -> (n,) whether each paragraph has it, or a child of it."""
        return implied(self.assigned, self.parents)

    @cached_property
    def cluster(self) -> Ints:
        """(d,) what each document is left out with."""
        return clusters_of(self.documents, self.resample)[0]

    @cached_property
    def coded_documents(self) -> int:
        """How many documents have a paragraph that coders coded."""
        marked = set(self.human["paragraph_id"].to_pylist()) if self.human is not None else set()
        pairs = zip(self.paragraphs["paragraph_id"].to_pylist(), self.home.tolist(), strict=True)
        return len({document for name, document in pairs if name in marked})

    @cached_property
    def home(self) -> Ints:
        """(n,) the row of each paragraph's document."""
        place = {name: row for row, name in enumerate(self.documents["document_id"].to_pylist())}
        return np.array([place[name] for name in self.paragraphs["document_id"].to_pylist()], np.int32)

    def units(self, unit: str, column: str | None, against: str | None = None) -> Units:
        """The units that are counted: unique paragraphs, or unique documents with any, and their value in a column.

        Documents are counted once for each speaker in them if the column is of paragraphs, or once for the speaker
        `against` whom all others are compared, and once for all of these together.
        """
        values = values_of(column, self.documents, self.paragraphs) if column else None
        if unit == "paragraph":
            once = _once(self.paragraphs)
            kept = None if values is None else [value for value, keep in zip(values, once, strict=True) if keep]
            return Units(np.flatnonzero(once), self.home[once], kept, {c: m[once] for c, m in self.codes.items()})
        if values is None or document_values(str(column), self.documents) is not None:
            return self._documents(column)
        if against is not None:
            values = [value if value in (None, against) else OTHERS for value in values]
        return self._documents_of_speakers(values)

    def _documents(self, column: str | None) -> Units:
        total = len(self.documents)
        counted = np.ones(total, bool) if self.everyone else np.bincount(self.home, minlength=total) > 0
        rows = np.flatnonzero(counted & _once(self.documents)).astype(np.int32)
        values = document_values(column, self.documents) if column else None
        codes = {code: np.bincount(self.home, mask, total)[rows] > 0 for code, mask in self.codes.items()}
        return Units(rows, rows, None if values is None else [values[row] for row in rows], codes)

    def _documents_of_speakers(self, values: Values) -> Units:
        once = _once(self.documents)[self.home]
        pairs = sorted({(int(row), value) for row, value, keep in zip(self.home, values, once, strict=True)
                        if keep and value is not None})  # fmt: skip
        place = {pair: index for index, pair in enumerate(pairs)}
        index = np.array([place.get((int(row), value or ""), -1) for row, value in zip(self.home, values, strict=True)])
        known = index >= 0
        codes = {c: np.bincount(index[known], m[known], len(pairs)) > 0 for c, m in self.codes.items()}
        rows = np.array([row for row, _ in pairs], np.int32)
        return Units(rows, rows, [value for _, value in pairs], codes)

    @cached_property
    def weights(self) -> Floats:
        """(n,) how many paragraphs each human-coded one represents; 0 for others, and for all if none may be used."""
        ids = self.paragraphs["paragraph_id"].to_pylist()
        if self.human is None or (self.sampling is not None and self.sampling.refused):
            return np.zeros(len(ids))
        coded = set(self.human["paragraph_id"].to_pylist())
        weight_of = self.sampling.weights if self.sampling is not None else dict.fromkeys(coded, 1.0)
        return np.array([weight_of.get(name, 0.0) if name in coded else 0.0 for name in ids])

    def people(self, code: str) -> Bools:
        """(n,) whether at least half of a paragraph's coders gave it the code, or a child of it."""
        coders: dict[str, set[str]] = {}
        givers: dict[str, set[str]] = {}
        for mark in self.human.to_pylist() if self.human is not None else ():
            coders.setdefault(mark["paragraph_id"], set()).add(mark["coder"])
            if mark["code"] is not None and code in (mark["code"], *ancestors(mark["code"], self.parents)):
                givers.setdefault(mark["paragraph_id"], set()).add(mark["coder"])
        ids = self.paragraphs["paragraph_id"].to_pylist()
        return np.array([name in coders and 2 * len(givers.get(name, ())) >= len(coders[name]) for name in ids], bool)


@dataclass(frozen=True)
class Units:
    """(m,) counted units: their row in their table, their document's row, their value in a column, their codes."""

    rows: Any
    document: Ints
    values: Values | None
    codes: Mapping[str, Bools]


def _once(table: Table) -> Bools:
    return np.array([copy is None for copy in table["duplicate_of"].to_pylist()], dtype=bool)

"""Codes given by people and machines, read from CSV or JSON lines and matched to paragraphs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.codebook.codebook import Codebook
from toolkit.codebook.human_files import Places, code_files, rows_of
from toolkit.codebook.kinds import (
    MARKED,
    Kinds,
    StatedKind,
    kind_notes,
    kind_of,
    machines_of,
    marked,
    of_machines,
    reference_marks,
)
from toolkit.errors import ConfigError, nearest
from toolkit.files.arrow import column
from toolkit.schemas import MACHINE, PERSON
from toolkit.values import Bools, Ints, Row, Table

HUMAN = pa.schema(
    [
        ("paragraph_id", pa.string()),
        ("code", pa.string()),
        ("coder", pa.string()),
        ("kind", pa.string()),  # of the coder: person or machine; null is read as person
    ]
)
_NONE: list[str | None] = [None]
NOBODY = "coder"
"""The coder if the file names none."""
RESERVED = ("machine", "machines", "coders", "people")
"""Names that no coder may have, because scores and disagreements use them."""
OPEN = "?"
"""The code of a paragraph in a coding sheet that is not coded yet."""
Mark = tuple[str, str, str | None]  # paragraph, coder, code (None: none of them)


@dataclass(frozen=True)
class HumanCodes:
    """Codes of paragraphs by coders.

    `marks` (HUMAN) has one row for each mark, and one with a null code for "none of them". `unmatched` are the rows
    that match no paragraph, with the reason; `sheets` maps the paragraphs of `reference` to the coding sheets of their
    codes ("" for a file of no sheet).
    """

    marks: Table  # HUMAN
    unmatched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sheets: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def coders(self) -> tuple[str, ...]:
        """Names of the coders, in order."""
        return tuple(sorted(set(self.marks.column("coder").to_pylist())))

    @property
    def kind(self) -> str:
        """The kind of the coders of `reference`: machine if no person coded, else person."""
        return kind_of(self.marks)

    @property
    def reference(self) -> HumanCodes:
        """The codes for learning and comparison: those of people, or of machines if no person coded."""
        return replace(self, marks=reference_marks(self.marks))

    @property
    def machines(self) -> HumanCodes:
        """The codes of machines that are compared with people; empty if no person coded, because they are then the
        reference.
        """
        return replace(self, marks=of_machines(self.marks) if self.kind == PERSON else self.marks.slice(0, 0))

    @property
    def names(self) -> dict[str, str]:
        """coder -> the name in scores, in order of coders; a machine's name ends with (machine)."""
        machines = machines_of(self.marks)
        return {coder: marked(coder, MACHINE if coder in machines else PERSON) for coder in self.coders}

    def by_coder(self) -> dict[str, dict[str, frozenset[str]]]:
        """coder -> paragraph_id -> the codes given (an empty set: coded with none)."""
        codings: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in self.marks.to_pylist():
            given_codes = codings[row["coder"]][row["paragraph_id"]]
            if row["code"] is not None:
                given_codes.add(row["code"])
        return {
            coder: {paragraph: frozenset(codes) for paragraph, codes in sorted(marks.items())}
            for coder, marks in sorted(codings.items())
        }


def reference(human: HumanCodes, codebook: Codebook, paragraphs: Table) -> tuple[Ints, Bools]:
    """(m,) rows of the coded paragraphs in order, and (m, c) their reference codes: those that at least half of a
    paragraph's coders gave. Coders are the people among them; machines if no person coded.
    """
    place = {paragraph_id: row for row, paragraph_id in enumerate(paragraphs.column("paragraph_id").to_pylist())}
    column = {code: index for index, code in enumerate(codebook.ids)}
    codings: dict[int, list[frozenset[str]]] = {}
    for marks in human.reference.by_coder().values():
        for paragraph, codes in marks.items():
            if paragraph in place:
                codings.setdefault(place[paragraph], []).append(codes)
    rows = sorted(codings)
    marks_of = np.zeros((len(rows), len(column)), bool)
    for index, row in enumerate(rows):
        for code, at in column.items():
            marks_of[index, at] = 2 * sum(code in codes for codes in codings[row]) >= len(codings[row])
    return np.array(rows, np.int32), marks_of


def load_human_codes(
    places: Places, codebook: Codebook, paragraphs: Table, stated: Iterable[StatedKind] = ()
) -> HumanCodes:
    """Codes by coders of CSV (also ; or tab separated) or JSON-lines files.

    Args:
        places: a file, a folder, a glob, or several of these. Rows whose code is ``?`` are not coded yet.
        paragraphs: pa.Table with paragraph_id, text and, if there are copies, duplicate_of. Rows are matched to
            paragraphs by text if they have one (letters and digits only, in any case), else by id; a copy's marks go to
            its original.
        stated: kinds of coders in the config. A coder is a person unless these or a column `kind` say machine.

    Raises:
        ConfigError: every fault at once as ``file:line: what``: a code that is not in the codebook, a missing column, a
            line that cannot be read, a coder who codes one paragraph differently in two files
            or has the name machine, coders or people, a `kind` that is neither person nor machine, a coder of two
            kinds, a required name in `stated` without codes. Rows that match no paragraph are no fault, whatever their
            code: they are left out and reported in `notes`.
    """
    try:
        files = code_files(places)
    except OSError as fault:
        raise ConfigError([f"{fault.filename}: {fault.strerror}"]) from None
    reading = _Reading(codebook, paragraphs, Kinds(stated), several=len(files) > 1)
    for path in files:
        reading.read(path)
    faults = [*reading.faults, *reading.kinds.faults, *reading.kinds.unknown()]
    if faults:
        raise ConfigError(faults)
    return reading.human()


class _Reading:
    """Human codes and their faults, read file after file."""

    def __init__(self, codebook: Codebook, paragraphs: Table, kinds: Kinds, several: bool) -> None:
        self.known, self.kinds, self.several = set(codebook.ids), kinds, several
        self.matcher = Matcher(paragraphs)
        self.faults: list[str] = []
        self.marks: dict[Mark, None] = {}
        self.sheets: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.unmatched: dict[str, str] = {}
        self.first: dict[tuple[str, str], tuple[Path, set[str | None]]] = {}
        self.by_row: dict[tuple[str, str], dict[str, set[str | None]]] = defaultdict(lambda: defaultdict(set))
        self.rows, self.open = 0, set[str]()

    def read(self, path: Path) -> None:
        codes_of: dict[tuple[str, str], set[str | None]] = defaultdict(set)
        for line, row in rows_of(path):
            if str(row.get("code") or "").strip() == OPEN:
                self.open.add(self.matcher.match(row) or named(row))
                continue
            self.rows += 1
            coder = str(row.get("coder") or NOBODY).strip() or NOBODY
            self.kinds.read(coder, row.get("kind"), f"{path}:{line}")
            paragraph = self.matcher.match(row)
            if paragraph is None:
                where = f"{path.name}, line {line}" if self.several else f"line {line}"
                self.unmatched.setdefault(f"{where}: {named(row)}", "no such paragraph in this corpus")
                continue
            codes = _codes(row.get("code"))
            self.faults += [
                f"{path}:{line}: code: {code!r} is not in the codebook{nearest(code, self.known)}"
                for code in codes
                if code not in self.known
            ]
            if coder in RESERVED or coder.endswith(MARKED):
                self.faults.append(f"{path}:{line}: coder: {coder!r} is what scores call another side; choose a name")
            codes_of[paragraph, coder].update(codes or _NONE)
            self.by_row[paragraph, coder][named(row)].update(codes or _NONE)
            self.marks.update(dict.fromkeys((paragraph, coder, code) for code in (codes or _NONE)))
            self.sheets[paragraph, coder].add(str(row.get("sheet") or "").strip())
        self.compare(path, codes_of)

    def compare(self, path: Path, codes_of: Mapping[tuple[str, str], set[str | None]]) -> None:
        for (paragraph, coder), codes in codes_of.items():
            before = self.first.setdefault((paragraph, coder), (path, codes))
            if before[1] - {None} != codes - {None}:
                self.faults.append(
                    f"{path}: coder {coder!r} codes {paragraph} otherwise than in {before[0]}; keep one of the two"
                )

    def human(self) -> HumanCodes:
        with_codes = {(paragraph, coder) for paragraph, coder, code in self.marks if code is not None}
        kept = [mark for mark in self.marks if mark[2] is not None or mark[:2] not in with_codes]
        kept.sort(key=lambda mark: (mark[0], mark[1], mark[2] or ""))
        columns: dict[str, list[str | None]] = {
            "paragraph_id": [paragraph for paragraph, _, _ in kept],
            "code": [code for _, _, code in kept],
            "coder": [coder for _, coder, _ in kept],
            "kind": [self.kinds.of(coder) for _, coder, _ in kept],
        }
        table = pa.Table.from_arrays([column(columns[field.name], field.type) for field in HUMAN], schema=HUMAN)
        unmatched = tuple(f"{name}: {why}" for name, why in self.unmatched.items())
        return HumanCodes(table, unmatched, (*kind_notes(table), *self.notes()), self.sheets_of(table))

    def sheets_of(self, marks: Table) -> dict[str, frozenset[str]]:
        """Paragraph -> the sheets of its reference codes."""
        counted = set(reference_marks(marks).column("coder").to_pylist())
        names: dict[str, set[str]] = defaultdict(set)
        for (paragraph, coder), sheets in self.sheets.items():
            if coder in counted:
                names[paragraph] |= sheets
        return {paragraph: frozenset(sheets) for paragraph, sheets in sorted(names.items())}

    def notes(self) -> tuple[str, ...]:
        notes = []
        if self.unmatched:
            first = next(iter(self.unmatched))
            notes.append(
                f"{len(self.unmatched)} of {self.rows} rows of the coders' files match no paragraph of this corpus and "
                f"are left out (the first: {first})."
            )
        twice = [f"{paragraph} by {coder}" for (paragraph, coder), rows in sorted(self.by_row.items()) if _differ(rows)]
        if twice:
            notes.append(
                f"{len(twice)} paragraphs were coded twice by one coder, and not alike (as none and with codes, or as "
                f"copies of one text): they carry every code given (the first: {twice[0]})."
            )
        still = self.open - {paragraph for paragraph, _, _ in self.marks}
        if still:
            notes.append(
                f"{len(still)} paragraphs of the coding sheets are marked {OPEN} and not coded by anybody yet."
            )
        return tuple(notes)


class Matcher:
    """Matches a row to its paragraph; a copy's rows go to its original.

    paragraphs: pa.Table with paragraph_id, text and, if there are copies, duplicate_of.
    """

    def __init__(self, paragraphs: Table) -> None:
        self.by_id, self.by_text = _index(paragraphs)

    def match(self, row: Row) -> str | None:
        """The paragraph of a row: by its text if it has one, because positions shift with edits; else by its id.

        A user's table may contain an id that begins with an apostrophe; reading removed the apostrophe.
        """
        paragraph_id, text = str(row.get("paragraph_id") or "").strip(), _bare(str(row.get("text") or ""))
        return self.by_text.get(text) if text else self.by_id.get(paragraph_id) or self.by_id.get(f"'{paragraph_id}")


def named(row: Row) -> str:
    """The name of a row in messages: its paragraph_id, else the beginning of its text."""
    return str(row.get("paragraph_id") or "") or str(row.get("text") or "")[:60]


def _index(paragraphs: Table) -> tuple[dict[str, str], dict[str, str]]:
    """paragraph_id -> the canonical paragraph's id, and bare text -> the same."""
    ids = paragraphs.column("paragraph_id").to_pylist()
    copies = paragraphs.column("duplicate_of").to_pylist() if "duplicate_of" in paragraphs.column_names else ids
    by_id = {paragraph_id: copy or paragraph_id for paragraph_id, copy in zip(ids, copies, strict=True)}
    by_text: dict[str, str] = {}
    for paragraph_id, text in zip(ids, paragraphs.column("text").to_pylist(), strict=True):
        by_text.setdefault(_bare(text), by_id[paragraph_id])
    return by_id, by_text


def _differ(rows: Mapping[str, set[str | None]]) -> bool:
    """Whether one coder's rows of a paragraph disagree: none beside codes, or other codes for a copy of its text."""
    together = set().union(*rows.values())
    return (None in together and len(together) > 1) or any(codes != together for codes in rows.values())


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _codes(cell: Any) -> list[str]:
    if cell is None:
        return []
    parts = cell if isinstance(cell, list) else str(cell).split(";")
    return list(dict.fromkeys(str(part).strip() for part in parts if part is not None and str(part).strip()))

"""Codes that people gave: read from CSV or JSON lines, matched to paragraphs, and what could not be matched."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.codebook.codebook import Codebook
from toolkit.errors import ConfigError, nearest
from toolkit.values import Bools, Ints

HUMAN = pa.schema([("paragraph_id", pa.string()), ("code", pa.string()), ("coder", pa.string())])
COLUMNS = ("paragraph_id", "text", "code", "coder")
_NONE: list[str | None] = [None]
NOBODY = "coder"
"""Whose codes they are where the file does not say."""


@dataclass(frozen=True)
class HumanCodes:
    """Human codes of paragraphs: `marks` (HUMAN) has a row a mark, and one with a null code for "none of them".

    `unmatched` names what matched no paragraph, with its reason; `sha256` is of the marks.
    """

    marks: Any  # pa.Table, HUMAN
    unmatched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def coders(self) -> tuple[str, ...]:
        """Names of the coders, in order."""
        return tuple(sorted(set(self.marks.column("coder").to_pylist())))

    def by_coder(self) -> dict[str, dict[str, frozenset[str]]]:
        """coder -> paragraph_id -> the codes given (an empty set: coded with none)."""
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in self.marks.to_pylist():
            own = found[row["coder"]][row["paragraph_id"]]
            if row["code"] is not None:
                own.add(row["code"])
        return {
            coder: {paragraph: frozenset(codes) for paragraph, codes in sorted(marks.items())}
            for coder, marks in sorted(found.items())
        }


def reference(human: HumanCodes, codebook: Codebook, paragraphs: Any) -> tuple[Ints, Bools]:
    """(m,) rows of the coded paragraphs in order, and (m, c) their reference codes: those that at least half of a
    paragraph's coders gave.
    """
    place = {own: row for row, own in enumerate(paragraphs.column("paragraph_id").to_pylist())}
    column = {code: index for index, code in enumerate(codebook.ids)}
    given: dict[int, list[frozenset[str]]] = {}
    for marks in human.by_coder().values():
        for paragraph, codes in marks.items():
            if paragraph in place:
                given.setdefault(place[paragraph], []).append(codes)
    rows = sorted(given)
    found = np.zeros((len(rows), len(column)), bool)
    for index, row in enumerate(rows):
        for code, at in column.items():
            found[index, at] = 2 * sum(code in codes for codes in given[row]) >= len(given[row])
    return np.array(rows, np.int32), found


def load_human_codes(path: Path | str, codebook: Codebook, paragraphs: Any) -> HumanCodes:
    """Human codes of a CSV (also ; or tab separated) or JSON-lines file.

    Args:
        paragraphs: pa.Table with paragraph_id, text and, where there are copies, duplicate_of: what the codes are
            matched to: by text where a row has one (letters and digits only, case aside), else by id; a copy's
            marks go to its original.

    Raises:
        ConfigError: every fault at once as ``file:line: what``: a code that is not in the codebook, a missing column, a
            line that cannot be read. Rows that match no paragraph are no fault, whatever their code: they are left out
            and said in `notes`.
    """
    rows = list(_rows(Path(path)))
    faults: list[str] = []
    by_id, by_text = _index(paragraphs)
    known = set(codebook.ids)
    marks: dict[tuple[str, str, str | None], None] = {}
    unmatched: dict[str, str] = {}
    for line, row in rows:
        paragraph = _match(row, by_id, by_text)
        name = str(row.get("paragraph_id") or "") or str(row.get("text") or "")[:60]
        if paragraph is None:
            unmatched.setdefault(f"line {line}: {name}", "no such paragraph in this corpus")
            continue
        codes = _codes(row.get("code"))
        faults += [
            f"{path}:{line}: code: {code!r} is not in the codebook{nearest(code, known)}"
            for code in codes
            if code not in known
        ]
        coder = str(row.get("coder") or NOBODY).strip() or NOBODY
        marks.update(dict.fromkeys((paragraph, coder, code) for code in (codes or _NONE)))
    if faults:
        raise ConfigError(faults)
    return _human(marks, unmatched, len(rows))


def _human(marks: dict[tuple[str, str, str | None], None], unmatched: dict[str, str], rows: int) -> HumanCodes:
    with_codes = {(paragraph, coder) for paragraph, coder, code in marks if code is not None}
    kept = [mark for mark in marks if mark[2] is not None or mark[:2] not in with_codes]
    kept.sort(key=lambda mark: (mark[0], mark[1], mark[2] or ""))
    table = pa.Table.from_pylist(
        [{"paragraph_id": paragraph, "code": code, "coder": coder} for paragraph, coder, code in kept], schema=HUMAN
    )
    notes: tuple[str, ...] = ()
    if unmatched:
        first = next(iter(unmatched))
        notes = (
            f"{len(unmatched)} of {rows} rows of human codes match no paragraph of this corpus and are left out "
            f"(the first: {first}).",
        )
    return HumanCodes(table, tuple(f"{name}: {why}" for name, why in unmatched.items()), notes)


def _index(paragraphs: Any) -> tuple[dict[str, str], dict[str, str]]:
    """paragraph_id -> the canonical paragraph's id, and bare text -> the same."""
    ids = paragraphs.column("paragraph_id").to_pylist()
    copies = paragraphs.column("duplicate_of").to_pylist() if "duplicate_of" in paragraphs.column_names else ids
    by_id = {own: copy or own for own, copy in zip(ids, copies, strict=True)}
    by_text: dict[str, str] = {}
    for own, text in zip(ids, paragraphs.column("text").to_pylist(), strict=True):
        by_text.setdefault(_bare(text), by_id[own])
    return by_id, by_text


def _match(row: dict[str, Any], by_id: dict[str, str], by_text: dict[str, str]) -> str | None:
    """The paragraph of a row: by its text where it has one, since positions shift with edits; else by its id."""
    own, text = str(row.get("paragraph_id") or "").strip(), _bare(str(row.get("text") or ""))
    return by_text.get(text) if text else by_id.get(own)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _codes(given: Any) -> list[str]:
    if given is None:
        return []
    parts = given if isinstance(given, list) else str(given).split(";")
    return list(dict.fromkeys(str(part).strip() for part in parts if part is not None and str(part).strip()))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, row) of the file; its keys are lower-cased. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError([f"{path}: no such file of human codes"]) from None
    except UnicodeDecodeError as fault:
        raise ConfigError([f"{path}: not UTF-8 text (byte {fault.start}); save it as UTF-8"]) from None
    except OSError as fault:
        raise ConfigError([f"{path}: cannot be read: {fault.strerror}"]) from None
    yield from (
        _json_rows(path, text) if path.suffix.lower() in (".jsonl", ".ndjson", ".json") else _csv_rows(path, text)
    )


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    faults, rows = [], []
    for line, content in enumerate(text.split("\n"), 1):
        if not content.strip():
            continue
        try:
            row = json.loads(content)
        except ValueError as fault:
            faults.append(f"{path}:{line}: not JSON: {fault}")
            continue
        if not isinstance(row, dict):
            faults.append(f"{path}:{line}: a line must be an object with paragraph_id or text, code, coder")
            continue
        row = {str(key).strip().lower(): value for key, value in row.items()}
        if "code" not in row or not ("paragraph_id" in row or "text" in row):
            faults.append(f"{path}:{line}: needs the keys 'code' and 'paragraph_id' or 'text'; it has {sorted(row)}")
            continue
        rows.append((line, row))
    if faults:
        raise ConfigError(faults)
    yield from rows


def _csv_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=lambda sign: (first.count(sign), sign == ","))
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [str(name).strip().lower() for name in reader.fieldnames or []]
    reader.fieldnames = names
    missing = [] if "code" in names else ["code"]
    missing += [] if {"paragraph_id", "text"} & set(names) else ["paragraph_id or text"]
    if missing:
        raise ConfigError([f"{path}:1: the column {', '.join(missing)} is missing; the file has {', '.join(names)}"])
    try:
        for row in reader:
            if any(value not in (None, "") for key, value in row.items() if key is not None):
                yield reader.line_num, {key: value for key, value in row.items() if key is not None}
    except csv.Error as fault:
        raise ConfigError([f"{path}:{reader.line_num}: not CSV: {fault}"]) from None

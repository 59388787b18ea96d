"""Files of human codes: the files that a config names, their rows, and the designs of the samples beside them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from glob import has_magic
from pathlib import Path
from typing import Any

from toolkit.errors import ConfigError
from toolkit.files.cells import unguarded
from toolkit.files.digest import file_sha256
from toolkit.files.text import read_given
from toolkit.settings import digest_of
from toolkit.values import Row

ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson")
"""File name endings of human codes in a folder."""
DESIGN = "design.json"
SAMPLE_FORMAT = "toolkit sample 1"
"""The `format` of a design.json that `toolkit sample` wrote."""
NEEDED = (("code",), ("paragraph_id", "text"))
"""Columns of human codes; at least one of each group is required."""
Places = str | Path | Sequence[str | Path]


def code_files(places: Places) -> tuple[Path, ...]:
    """The files of human codes of `codebook.codes`: files as given, tables in folders, and matches of globs.

    They are sorted and unique. Raises OSError for a folder or a glob without any; a missing named file raises an error
    when it is read.
    """
    named = [places] if isinstance(places, (str, Path)) else list(places)
    files_named: set[Path] = set()
    for place in map(Path, named):
        if place.is_dir():
            files = {path for path in place.iterdir() if path.is_file() and path.suffix.lower() in ENDINGS}
        elif has_magic(str(place)) and not place.exists():
            inside = str(place.relative_to(place.anchor))
            files = {path for path in Path(place.anchor).glob(inside) if path.is_file()}
        else:
            files = {place}
        if not files:
            raise OSError(0, f"no {', '.join(ENDINGS)} file there", str(place))
        files_named |= files
    return tuple(sorted(files_named))


def codes_sha256(places: Places) -> str:
    """The sha256 (hex) of the content of human codes and of the designs of samples beside them.

    Raises OSError if a file cannot be read.
    """
    files = code_files(places)
    beside = design_files(files)
    if len(files) == 1 and not beside:
        return file_sha256(files[0])
    return digest_of(sorted({file_sha256(path) for path in (*files, *beside)}))


def design_files(files: Sequence[Path]) -> tuple[Path, ...]:
    """Every design.json of `toolkit sample` beside one of the files."""
    places = sorted({path.parent / DESIGN for path in files})
    return tuple(place for place in places if place.is_file() and read_design(place) is not None)


def read_design(place: Path) -> Mapping[str, Any] | None:
    """A design that `toolkit sample` wrote; None for any other file of that name."""
    try:
        tree = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(tree, dict) and tree.get("format") == SAMPLE_FORMAT
    return tree if ours and {"sheet", "how", "strata", "paragraphs", "frame", "already_coded"} <= set(tree) else None


def rows_of(path: Path, needed: Sequence[tuple[str, ...]] = NEEDED) -> Iterator[tuple[int, Row]]:
    """(line, row) of a CSV or JSON-lines file; its keys are lower-cased.

    needed: the required columns, each as a tuple of alternative names. Raises ConfigError.
    """
    text = read_given(path, " of human codes")
    yield from (
        _json_rows(path, text, needed)
        if path.suffix.lower() in (".jsonl", ".ndjson", ".json")
        else _csv_rows(path, text, needed)
    )


def _json_rows(path: Path, text: str, needed: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, Row]]:
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
            wanted = f" with {_columns(needed)}" if needed else ""
            faults.append(f"{path}:{line}: a line must hold one object{wanted} (JSON lines, no list around them)")
            continue
        row = {str(key).strip().lower(): value for key, value in row.items()}
        missing = [names for names in needed if not set(names) & set(row)]
        if missing:
            faults.append(
                f"{path}:{line}: the key {_columns(missing)} is missing; the line has {', '.join(sorted(row))}"
            )
            continue
        rows.append((line, row))
    if faults:
        raise ConfigError(faults)
    yield from rows


def _columns(needed: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(" or ".join(names) for names in needed)


def _csv_rows(path: Path, text: str, needed: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, Row]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=lambda sign: (first.count(sign), sign == ","))
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [str(name).strip().lower() for name in reader.fieldnames or []]
    reader.fieldnames = names
    missing = [choice for choice in needed if not set(choice) & set(names)]
    if missing:
        raise ConfigError([f"{path}:1: the column {_columns(missing)} is missing; the file has {', '.join(names)}"])
    try:
        for row in reader:
            if any(value not in (None, "") for key, value in row.items() if key is not None):
                yield reader.line_num, {key: unguarded(value) for key, value in row.items() if key is not None}
    except csv.Error as fault:
        raise ConfigError([f"{path}:{reader.line_num}: not CSV: {fault}"]) from None

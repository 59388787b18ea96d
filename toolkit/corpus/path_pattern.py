"""Metadata in the names of folders and files: `corpus.path_pattern`, for example "{party}/{year}.txt"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath

from toolkit.corpus.source import Source
from toolkit.text.notes import note

ROLES = ("title", "source", "date", "url", "label")
KEY = "corpus.path_pattern"
NO_MATCH = "the path does not match corpus.path_pattern"
_TOKEN = re.compile(r"\{([^{}]*)\}|\*\*/?|\*|[{}]|[^{}*]+")
_NAME = re.compile(r"[^\W\d][\w -]*")
_FROM_FILE = "date taken from the file's "


@lru_cache(maxsize=8)
def path_expression(pattern: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """The regular expression for a pattern, and the names of its fields in order.

    Raises:
        ValueError: a brace without its pair, two fields with nothing between them, a name used twice or not allowed.
    """
    pieces: list[str] = []
    names: list[str] = []
    before = ""
    for token in _TOKEN.finditer(pattern.strip().removeprefix("./").replace("\\", "/")):
        part = token.group()
        if part in ("{", "}"):
            raise ValueError(f"{pattern!r}: a {part!r} without its pair; a field is written {{name}}")
        wild = part.startswith(("{", "*"))
        if wild and before.startswith(("{", "*")) and not before.endswith("/"):
            raise ValueError(f"{pattern!r}: nothing stands between {before} and {part}; put what parts them there")
        pieces.append(_piece(pattern, part, token.group(1), names))
        before = part
    if not names:
        raise ValueError(f"{pattern!r} names no field; for example '{{party}}/{{year}}.txt'")
    return re.compile("".join(pieces)), tuple(names)


def _piece(pattern: str, part: str, name: str | None, names: list[str]) -> str:
    """One token of a pattern as an expression; its name, if it has one, joins `names`."""
    if name is None:
        if part.startswith("**"):
            return "(?:.*/)?" if part.endswith("/") else ".*"
        return "[^/]*" if part == "*" else re.escape(part)
    if name == "_":
        return "[^/]+?"
    if not _NAME.fullmatch(name):
        raise ValueError(f"{pattern!r}: {{{name}}} is no name; use letters, digits and _")
    from toolkit.schemas import DOCUMENTS

    if name in names:
        raise ValueError(f"{pattern!r}: {{{name}}} stands there twice")
    if name in DOCUMENTS.names and name not in ROLES:
        raise ValueError(
            f"{pattern!r}: {{{name}}} is a column that the documents table has already; use another name, or one of "
            f"{', '.join(f'{{{role}}}' for role in ROLES)}"
        )
    names.append(name)
    return "([^/]+?)"


def path_fields(pattern: str, path: str) -> dict[str, str] | None:
    """The fields in a path below the corpus root, or in its last folders; null if it does not match."""
    expression, names = path_expression(pattern)
    parts = PurePosixPath(path).parts
    depth = pattern.strip().removeprefix("./").count("/") + 1
    match = expression.fullmatch(path) or expression.fullmatch("/".join(parts[-depth:]))
    return dict(zip(names, map(str.strip, match.groups()), strict=True)) if match else None


def with_path_fields(source: Source, pattern: str, dated: Mapping[str, str], row: bool) -> Source:
    """The document with the fields of its path, `dated` among them; the columns of a row come first."""
    fields = path_fields(pattern, source.path)
    if fields is None:
        return replace(source, notes=(*source.notes, note(NO_MATCH, source.path, KEY)))
    roles = {name: value for name, value in fields.items() if name in ROLES and name != "date"} | dict(dated)
    part = not row and source.document_id != source.path  # an article of an export has its own date and source
    meta = {**roles, **source.meta} if row or part else {**source.meta, **roles}
    notes = tuple(line for line in source.notes if not ("date" in dated and line.startswith(_FROM_FILE)))
    year = dated.get("date", "")[:4]
    if part and year and source.meta.get("date") and year not in source.meta["date"]:
        notes = (*notes, note("the date of the article is kept, that of its path is another", fields["date"], KEY))
    others = {name: value for name, value in fields.items() if name not in ROLES}
    return replace(source, meta=meta, fields={**others, **source.fields}, notes=notes)

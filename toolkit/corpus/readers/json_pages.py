"""Reads responses of APIs: JSON objects with an array of documents and metadata of the response."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.corpus.metadata import ALIASES
from toolkit.text.notes import note

MOST_LEVELS = 4
BESIDE = frozenset(
    {
        "includes", "included", "errors", "meta", "metadata", "links", "paging", "pagination", "facets", "aggregations",
        "facet_counts", "__twarc", "matching_rules", "request", "params", "debug",
    }
)  # fmt: skip
"""Names of fields next to an array of documents that contain none: references of posts, pagination."""
PAGES = frozenset(
    {
        "data", "results", "items", "articles", "docs", "posts", "statuses", "hits", "tweets", "records", "documents",
        "stories", "value", "entries", "orderedItems", "comments",
    }
)  # fmt: skip
"""Names of arrays of documents in the responses that follow each other in a file."""
_OF_DOCUMENTS = frozenset(alias for role in ("text", "id", "title", "author", "date") for alias in ALIASES[role])
_OF_DOCUMENTS -= {"content", *PAGES}


def arrays(tree: Mapping[str, Any], path: str = "", depth: int = MOST_LEVELS) -> Iterator[tuple[str, list[Any]]]:
    """Arrays of objects inside an object, by their dotted path, the outermost alone."""
    for name, value in tree.items():
        if isinstance(value, list) and value and sum(isinstance(item, dict) for item in value) >= 0.5 * len(value):
            yield f"{path}{name}", value
        elif isinstance(value, dict) and depth > 1:
            yield from arrays(value, f"{path}{name}.", depth - 1)


def of_documents(arrays_by_name: Mapping[str, list[Any]]) -> tuple[dict[str, list[Any]], tuple[str, ...]]:
    """The arrays that may contain the documents, with a note on the others."""
    kept = {name: rows for name, rows in arrays_by_name.items() if not BESIDE & set(name.split("."))}
    if not kept or len(kept) == len(arrays_by_name):
        return dict(arrays_by_name), ()
    rest = ", ".join(name for name in arrays_by_name if name not in kept)
    return kept, (note("fields beside the documents of a JSON file are not read", rest),)


def page(value: object) -> tuple[list[Any], tuple[str, ...]] | None:
    """The documents of one response among several in a file, or null if the value is a document itself."""
    if not isinstance(value, dict) or not PAGES & value.keys() or _OF_DOCUMENTS & {name.lower() for name in value}:
        return None
    outer = {name: value[name] for name in PAGES & value.keys()}
    inner = {name: rows for name, rows in arrays(outer, depth=1) if all(isinstance(row, dict) for row in rows)}
    if len(inner) != 1:
        return None
    rest = ", ".join(name for name, field in value.items() if name in BESIDE and field)
    notes = (note("fields beside the documents of a JSON file are not read", rest),) if rest else ()
    return next(iter(inner.values())), notes

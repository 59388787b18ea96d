"""JSON is read however it is written: arrays, objects after each other, arrays inside an object, nested fields."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, column, document, kept

CASES = Path(__file__).parent.parent / "data" / "cases"
FERRY = "Fares on the island ferry will rise by nine percent in April, and commuters call it unfair."
ROOF = "The town will mend the roof of the central library before the first frost comes."
ROWS = [{"id": "a", "text": FERRY, "date": "2024-01-02"}, {"id": "b", "text": ROOF, "date": "2024-01-03"}]
NESTED: list[dict[str, Any]] = [
    {"id": "a", "data": {"text": FERRY, "title": "Fares", "user": {"id": "9", "name": "x"}}},
    {"id": "b", "data": {"text": ROOF, "title": "Roof", "user": {"id": "9", "name": "x"}}},
]


@pytest.mark.parametrize("name", ["articles.json", "articles.jsonl"])
def test_an_array_of_objects_is_read_as_rows(tmp_path: Path, name: str) -> None:
    corpus = built(tmp_path, {name: (CASES / "json-array/in" / name).read_bytes()})
    assert column(corpus.documents, "document_id") == ["a1", "a2"] and kept(corpus) == [FERRY, ROOF]
    assert column(corpus.documents, "date") == ["2023-02-04", "2021-08-19"]


WRITTEN = {
    "pretty.json": json.dumps(ROWS, indent=2),
    "pretty.jsonl": json.dumps(ROWS, indent=2),
    "one by one.jsonl": "\n".join(json.dumps(row, indent=1) for row in ROWS),
    "run together.json": "".join(json.dumps(row) for row in ROWS),
    "inside.json": json.dumps({"status": "ok", "articles": ROWS}),
    "deep inside.json": json.dumps({"response": {"total": 2, "results": ROWS}}),
    "columns.json": json.dumps({name: {str(n): row[name] for n, row in enumerate(ROWS)} for name in ROWS[0]}),
    "split.json": json.dumps({"columns": list(ROWS[0]), "index": [0, 1], "data": [list(row.values()) for row in ROWS]}),
    "table.json": json.dumps([list(ROWS[0]), *(list(row.values()) for row in ROWS)]),
    "by key.json": json.dumps({row["id"]: {"text": row["text"]} for row in ROWS}),
    "wide.json": json.dumps(ROWS).encode("utf-16"),
    "packed.jsonl.gz": gzip.compress(json.dumps(ROWS).encode()),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_each_way_of_writing_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    corpus = built(tmp_path, {name: WRITTEN[name]})
    assert column(corpus.documents, "document_id") == ["a", "b"] and kept(corpus) == [FERRY, ROOF]


def test_one_object_is_one_row(tmp_path: Path) -> None:
    assert kept(built(tmp_path, {"a.json": json.dumps({**ROWS[0], "tags": [{"name": "x"}]})})) == [FERRY]


@pytest.mark.parametrize("columns", [{}, {"text": "data.text", "title": "data.title"}])
def test_nested_fields_are_named_by_their_path(tmp_path: Path, columns: dict[str, str]) -> None:
    corpus = built(tmp_path, {"a.json": json.dumps({"data": NESTED})}, columns=columns)
    assert kept(corpus) == [FERRY, ROOF]
    assert column(corpus.documents, "title") == ["Fares", "Roof"] and column(corpus.documents, "document_id") == [
        "a",
        "b",
    ]


def test_deeper_paths_lists_and_geojson(tmp_path: Path) -> None:
    drupal = {"data": [{"id": "u", "attributes": {"body": {"value": f"<p>{FERRY}</p>", "format": "html"}}}]}
    assert kept(built(tmp_path / "a", {"a.json": json.dumps(drupal)}, columns={"text": "attributes.body.value"})) == [
        FERRY
    ]
    posts = [{"id": "1", "posts": [{"text": FERRY}]}]
    assert kept(built(tmp_path / "b", {"a.json": json.dumps(posts)}, columns={"text": "posts.0.text"})) == [FERRY]
    places = [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {"text": ROOF}}]
    corpus = built(tmp_path / "c", {"a.geojson": json.dumps({"type": "FeatureCollection", "features": places})})
    assert kept(corpus) == [ROOF]


def test_bad_elements_say_file_and_row_and_the_rest_is_read(tmp_path: Path) -> None:
    table = f'[{json.dumps(ROWS[0])},\n{{"id": 2, "text": broken}},\n{json.dumps(ROWS[1])},\n7]'
    corpus = built(tmp_path, {"a.json": table})
    assert kept(corpus) == [FERRY, ROOF]
    reasons = column(corpus.ledger, "reason")
    assert reasons[0].startswith("unreadable: a.json:2: not JSON: line 2")
    assert reasons[1] == "unreadable: a.json:4: a JSON number, not an object"


def test_two_arrays_of_objects_are_not_guessed(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.json": json.dumps({"articles": ROWS, "authors": [{"name": "x"}]})})
    assert "articles, authors" in document(corpus, "a.json")["notes"][0]

"""Answers of interfaces as JSON: every document of them is read, and nothing of an object stands in for its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, column, kept

TEXTS = [
    "The new tram line through the old town is late again, and nobody tells the passengers.",
    "The small bakery at the harbour is loved because its bread is warm at six in the morning.",
    "Please mend the bridge near the school before winter, because children slip there each day.",
    "Rents in the northern quarter have doubled in three years and the council looks away.",
]


def answer(texts: list[str], first: int) -> dict[str, Any]:
    """An answer as a network's interface gives it."""
    posts = [
        {"id": str(first + at), "text": text, "created_at": "2023-02-01T10:00:00.000Z"} for at, text in enumerate(texts)
    ]
    return {
        "data": posts,
        "includes": {"users": [{"id": "4", "name": "Ona", "description": "All about harbours and the sea."}]},
        "meta": {"result_count": len(posts)},
    }


def written(folder: Path, name: str, content: object) -> Any:
    return built(folder, {name: content if isinstance(content, str) else json.dumps(content)})


def test_answers_line_by_line_give_every_document(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(answer(TEXTS[at : at + 2], 10 + at)) for at in (0, 2))
    corpus = written(tmp_path, "pages.jsonl", lines)
    assert column(corpus.documents, "document_id") == ["10", "11", "12", "13"]
    assert kept(corpus) == TEXTS


def test_answers_in_an_array_give_every_document(tmp_path: Path) -> None:
    corpus = written(tmp_path, "pages.json", [answer(TEXTS[:2], 10), answer(TEXTS[2:], 12)])
    assert kept(corpus) == TEXTS


def test_what_an_answer_includes_beside_the_documents_is_no_document_and_is_said(tmp_path: Path) -> None:
    corpus = written(tmp_path, "one.json", answer(TEXTS, 10))
    assert kept(corpus) == TEXTS
    assert "includes.users" in column(corpus.documents, "notes")[0][0]


def test_a_document_with_comments_stays_one_document(tmp_path: Path) -> None:
    posts = [{"id": at, "title": "Fares", "text": text, "comments": [{"text": "Well put."}, {"text": "No, never."}]}
             for at, text in enumerate(TEXTS)]  # fmt: skip
    corpus = written(tmp_path, "posts.jsonl", "\n".join(map(json.dumps, posts)))
    assert kept(corpus) == TEXTS


def test_short_comments_are_not_taken_for_the_text(tmp_path: Path) -> None:
    posts = [{"id": at, "comments": [{"text": "Well put."}], "post": {"body_html": f"<p>{text}</p>"}}
             for at, text in enumerate(TEXTS)]  # fmt: skip
    assert kept(written(tmp_path, "posts.json", posts)) == TEXTS


def test_the_paragraphs_of_a_document_are_all_read(tmp_path: Path) -> None:
    parts = [{"id": 1, "heading": "Fares", "parts": [{"text": text} for text in TEXTS]}]
    corpus = written(tmp_path, "parts.json", [*parts, {"id": 2, "parts": [{"text": TEXTS[0]}]}])
    assert column(corpus.paragraphs, "document_id") == ["1"] * 4 + ["2"]
    assert kept(corpus) == [*TEXTS, TEXTS[0]]


def test_the_config_can_name_a_field_of_all_members_of_a_list(tmp_path: Path) -> None:
    posts = [{"id": 1, "text": TEXTS[0], "comments": [{"text": TEXTS[1]}, {"text": TEXTS[2]}]}]
    corpus = built(tmp_path, {"posts.json": json.dumps(posts)}, columns={"text": "comments.*.text"})
    assert kept(corpus) == TEXTS[1:3]


def test_a_text_of_runs_with_links_is_one_text(tmp_path: Path) -> None:
    runs = [TEXTS[0][:31], {"type": "bold", "text": TEXTS[0][31:44]}, TEXTS[0][44:]]
    messages = [{"id": 1, "date": "2023-02-01T10:00:00", "text": runs}, {"id": 2, "text": TEXTS[1]}]
    assert kept(written(tmp_path, "result.json", {"name": "Elm", "messages": messages})) == TEXTS[:2]


@pytest.mark.parametrize(
    ("given", "title", "source"),
    [
        ({"title": {"rendered": "Fares rise"}}, "Fares rise", None),
        ({"title": "Fares rise", "source": {"id": None, "name": "Elm Post"}}, "Fares rise", "Elm Post"),
        ({"headline": {"main": "Fares rise", "kicker": None}}, "Fares rise", None),
    ],
)
def test_an_object_gives_its_name(tmp_path: Path, given: dict[str, Any], title: str, source: str | None) -> None:
    corpus = written(tmp_path, "posts.json", [{**given, "id": at, "text": text} for at, text in enumerate(TEXTS)])
    assert set(column(corpus.documents, "title")) == {title}
    assert set(column(corpus.documents, "source")) == {source}

# ruff: noqa: E501 - sample lines as they come
"""Every non-blank character is in one paragraph or one ledger row, whatever the document: the promise of CONTRACT.md."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from kit.corpora import built, column

from toolkit.text.sentences import sentence_spans

LINES = st.sampled_from(
    [
        "China has reaffirmed its commitment. The country outlined plans to ramp up the development of new fields.",
        "# A heading", "## 二、工作目标", "**Bold heading**", "- a list item that says something", "* * *", "---", "",
        "  ", "\t", "> quoted words of somebody", "| a | b |", "By Jane Doe and Li Wei", "BEIJING, Dec 4 (Wire) - It rained all day.",
        "Read more", "Related articles", "Another headline of an article", "© 2025 Somebody. All rights reserved.",
        "Copyright", "Sunday, July 13", "What is next?", "No comments:", "1. First point of many", "(完)", "```", "code = 1",
        "今年以来,多地加快布局低空经济。“以前要四十分钟,现在十二分钟就到了。”他说。", "{\"a\": 1}", "<p>hidden</p>", "🚀 emoji line",
        "\u202eright to left\u202c", "zero\u200bwidth", "café naïve", "x", ".", "“", "Title:", "Date: 2024-05-01", "a\u2028b", "c\x0bd\x0ce",
    ]
)  # fmt: skip
NEWLINES = st.sampled_from(["\n", "\r\n", "\n\n", "\r", "\n \n"])
TEXTS = st.lists(st.tuples(st.one_of(LINES, st.text(max_size=40)), NEWLINES), max_size=25).map(
    lambda parts: "".join(line + end for line, end in parts)
)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, kind=st.sampled_from(["txt", "md"]), unit=st.sampled_from(["paragraph", "sentence", "document"]))
def test_every_character_is_accounted_for_in_text_files(text: str, kind: str, unit: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        built(Path(folder), {f"a.{kind}": text.encode("utf-8", "replace")}, unit=unit)


@settings(max_examples=80, deadline=None)
@given(
    pieces=st.lists(
        st.tuples(
            st.sampled_from(["p", "div", "h2", "li", "td", "span", "nav", "b", "blockquote", "pre", "figcaption", "a"]),
            st.one_of(LINES, st.text(max_size=30)),
        ),
        max_size=20,
    ),
    closes=st.lists(st.booleans(), min_size=20, max_size=20),
)
def test_every_character_is_accounted_for_in_html(pieces: list[tuple[str, str]], closes: list[bool]) -> None:
    body = "".join(
        f"<{tag}>{text}" + (f"</{tag}>" if close else "") for (tag, text), close in zip(pieces, closes, strict=False)
    )
    with tempfile.TemporaryDirectory() as folder:
        built(Path(folder), {"a.html": f"<html><body>{body}".encode("utf-8", "replace")})


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, limit=st.integers(min_value=3, max_value=40))
def test_no_paragraph_exceeds_the_models_limit(text: str, limit: int) -> None:
    from toolkit.corpus import CorpusSettings, build_corpus, corpus_files

    def count(texts: object) -> list[int]:
        return [len(one) // 4 + 1 for one in texts]  # type: ignore[attr-defined]

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.txt").write_bytes(text.encode("utf-8", "replace"))
        made = CorpusSettings(path=folder)
        corpus = build_corpus(made, corpus_files(made), max_tokens=limit, count_tokens=count)  # type: ignore[arg-type]
        for paragraph in column(corpus.paragraphs, "text"):
            assert len(paragraph) // 4 + 1 <= limit or len(paragraph.split()) == 1


@settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_sentences_cover_the_text_without_overlap(text: str) -> None:
    spans = sentence_spans(text)
    assert spans == sorted(spans)
    left = list(text)
    for (start, end), (following, _) in zip(spans, [*spans[1:], (len(text) + 1, 0)], strict=False):
        assert start < end <= following
        assert text[start:end] == text[start:end].strip()
        left[start:end] = " " * (end - start)
    assert not "".join(left).strip()

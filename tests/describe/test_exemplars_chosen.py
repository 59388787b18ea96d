"""Exemplars: central, diverse, from several documents, never copies; and which part of a long paragraph is quoted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.describe import check_quotes
from toolkit.describe.exemplars import Paragraphs, best_span, choose, folded
from toolkit.errors import QuoteError
from toolkit.schemas import EXEMPLARS
from toolkit.text.sentences import sentence_spans


def paragraphs(texts: Sequence[str], documents: Sequence[str] | None = None) -> Paragraphs:
    n = len(texts)
    return Paragraphs([f"p{i}" for i in range(n)], documents or [f"d{i}" for i in range(n)], [0] * n, texts)


def unit(rows: Any) -> Any:
    rows = np.asarray(rows, float)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def plain_choice(vectors: Any, strength: Any, documents: Sequence[str], count: int) -> list[int]:
    """Maximal marginal relevance written out: .7 central, .3 unlike those chosen, .15 off for a quoted document."""
    rows = np.asarray(vectors, float)
    centre = rows.mean(axis=0) / np.linalg.norm(rows.mean(axis=0))
    central = rows @ centre + 0.1 * np.nan_to_num(strength)
    chosen: list[int] = []
    while len(chosen) < count:
        score = {}
        for i in range(len(rows)):
            near = max((float(rows[i] @ rows[j]) for j in chosen), default=0.0)
            if i not in chosen and near <= 0.97:
                again = sum(documents[i] == documents[j] for j in chosen)
                score[i] = 0.7 * central[i] - 0.3 * near - 0.15 * again
        if not score:
            break
        chosen.append(max(score, key=score.__getitem__))
    return chosen


@pytest.mark.parametrize("seed", range(8))
def test_exemplars_are_those_of_maximal_marginal_relevance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = unit(rng.normal(size=(30, 4)) + np.array([2, 0, 0, 0]))
    documents = [f"d{i % 5}" for i in range(30)]
    strength = np.where(rng.random(30) < 0.3, np.nan, rng.random(30))
    made = paragraphs([f"text {i}" for i in range(30)], documents)
    assert choose(np.arange(30), vectors, strength, made, 6) == plain_choice(vectors, strength, documents, 6)


def test_the_most_central_comes_first_and_strength_counts_a_tenth() -> None:
    vectors = unit([[1.0, 0.3], [1.0, -0.3], [1.0, 0.05]])
    made, unsure = paragraphs(["a", "b", "c"]), np.full(3, np.nan)
    assert choose(np.arange(3), vectors, unsure, made, 1) == [2]
    assert choose(np.arange(3), vectors, np.array([1.0, 0.0, 0.0]), made, 1) == [0]
    assert choose(np.arange(3), vectors, np.array([0.2, 0.0, 0.0]), made, 1) == [2]
    assert choose(np.array([1, 0]), vectors, unsure, made, 1) == [0]  # equally central: the earlier row


def test_copies_and_near_copies_are_never_both_quoted() -> None:
    angle = np.arccos([1.0, 0.9701, 0.9699, 0.0])
    vectors = np.column_stack([np.cos(angle), np.sin(angle)])
    chosen_rows = choose(np.arange(2), vectors[:2], np.full(2, np.nan), paragraphs(["a", "b"]), 2)
    assert len(chosen_rows) == 1
    assert len(choose(np.arange(2), vectors[[0, 2]], np.full(2, np.nan), paragraphs(["a", "b"]), 2)) == 2
    far = vectors[[0, 3]]
    assert len(choose(np.arange(2), far, np.full(2, np.nan), paragraphs(["The  Same", "the same "]), 2)) == 1
    assert folded(" The\n SAME ") == "the same"


def test_another_document_is_preferred() -> None:
    vectors = unit([[1.0, 0.0, 0.0], [1.0, 0.5, 0.0], [1.0, 0.0, 0.6], [1.0, -0.6, 0.0]])
    made = paragraphs(list("abcd"), ["x", "x", "y", "y"])
    assert choose(np.arange(4), vectors, np.full(4, np.nan), made, 4) == plain_choice(
        vectors, np.full(4, np.nan), ["x", "x", "y", "y"], 4
    )
    assert choose(np.arange(4), vectors, np.full(4, np.nan), made, 2)[1] in (2, 3)


def test_blank_paragraphs_and_empty_themes_give_no_exemplar() -> None:
    vectors, unsure = unit([[1.0, 0.0], [0.0, 1.0]]), np.full(2, np.nan)
    assert choose(np.arange(2), vectors, unsure, paragraphs([" ", "b"]), 5) == [1]
    assert choose(np.arange(0), vectors, unsure, paragraphs(["a", "b"]), 5) == []
    assert choose(np.arange(2), vectors, unsure, paragraphs(["a", "b"]), 0) == []
    assert choose(np.arange(2), unit([[1.0, 0.0], [-1.0, 0.0]]), unsure, paragraphs(["a", "b"]), 5) == [0, 1]


def test_only_the_sixty_most_central_are_looked_at() -> None:
    spread = np.linspace(0.1, 1.0, 62)
    rows = np.zeros((62, 64))
    rows[:, 0] = 1
    rows[np.arange(62), np.arange(62) + 1] = spread
    chosen_rows = choose(np.arange(62), unit(rows), np.full(62, np.nan), paragraphs([f"t{i}" for i in range(62)]), 62)
    assert len(chosen_rows) <= 60 and 60 not in chosen_rows and 61 not in chosen_rows


def words(text: str) -> list[str]:
    return text.replace(".", "").replace(",", "").lower().split()


def span(text: str, weights: dict[str, float], longest: int) -> str:
    start, end = best_span(text, weights, longest, sentence_spans, words)
    return text[start:end]


LONG = "Nobody had asked about lunch in the hall today."  # nine words


def test_a_paragraph_of_up_to_the_longest_quote_is_quoted_whole() -> None:
    assert span(f"  {LONG}  ", {}, 9) == LONG
    assert span(f"{LONG} Dams.", {"dams": 1.0}, 10) == f"{LONG} Dams."
    assert span(f"{LONG} {LONG} Dams broke.", {"dams": 1.0}, 19) == f"{LONG} Dams broke."


def test_the_sentences_with_most_of_the_keywords_are_quoted() -> None:
    dams = "The two old dams of the valley broke overnight."
    weirs = "All of the new weirs were closed that day."
    text = f"{LONG} {dams} {LONG} {weirs} {LONG}"
    assert span(text, {"dams": 1.0, "weirs": 0.9}, 9) == dams and span(text, {"dams": 0.8, "weirs": 0.9}, 9) == weirs
    assert span(text, {"dams": 1.0, "weirs": 0.9}, 27) == f"{dams} {LONG} {weirs}"
    assert span(text, {"dams": 1.0, "weirs": 0.9}, 26) == f"{LONG} {dams}"  # as much, and longer
    assert span(text, {"nothing": 1.0}, 18) == f"{LONG} {dams}"  # no keyword: the first long one


def test_at_most_three_sentences_are_quoted() -> None:
    names = ("dams", "weirs", "locks", "walls")
    text = " ".join(f"All of the new {name} were closed that day." for name in names) + f" {LONG}"
    quote = span(text, dict.fromkeys(names, 1.0), 40)
    assert quote.count(".") == 3 and quote.startswith("All of the new dams")


def test_an_opening_that_leans_on_what_came_before_costs_a_quarter() -> None:
    leaning, free = "However the two dams of the valley broke overnight.", "All of the new weirs were closed that day."
    text = f"{LONG} {leaning} {LONG} {free} {LONG}"
    assert (
        span(text, {"dams": 1.0, "weirs": 0.76}, 9) == free and span(text, {"dams": 1.0, "weirs": 0.74}, 9) == leaning
    )


def test_a_fragment_of_fewer_than_eight_words_costs_a_fifth() -> None:
    eight, seven = "The two old dams of valley broke overnight.", "The two dams of valley broke overnight."
    other = "All of the new weirs were closed that day."
    for part, bound in ((eight, 1.0), (seven, 0.8)):
        text = f"{LONG} {part} {LONG} {other} {LONG}"
        assert span(text, {"dams": 1.0, "weirs": bound + 0.02}, 9) == other
        assert span(text, {"dams": 1.0, "weirs": bound - 0.02}, 9) == part


def test_a_sentence_longer_than_the_longest_quote_is_quoted_whole_and_costs_a_fifth() -> None:
    long = "The two old dams of the valley broke overnight in the great rain of May."
    other = "All of the new weirs were closed that day."
    text = f"{long} {other} {LONG}"
    assert span(text, {"dams": 1.0, "weirs": 0.82}, 9) == other and span(text, {"dams": 1.0, "weirs": 0.78}, 9) == long
    assert span(long, {}, 5) == long and span("x " * 30, {}, 5) == ("x " * 30).strip()


def test_each_keyword_counts_once_a_quote() -> None:
    many, two = "Dams, dams, dams, and all the other old dams.", "All of the new weirs and locks were closed."
    text = f"{LONG} {many} {LONG} {two} {LONG}"
    assert span(text, {"dams": 1.0, "weirs": 0.6, "locks": 0.6}, 9) == two


TABLE = pa.table({"paragraph_id": ["p0", "p1"], "start": [10, 100], "text": ["The dam broke.", "A weir."]})
GOOD = {"theme": 0, "rank": 1, "paragraph_id": "p0", "start": 14, "end": 17, "quote": "dam"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"quote": "dan"}, "does not stand at characters 14 to 17"), ({"start": 13, "end": 16}, "which read ' da'"),
        ({"end": 18}, "does not stand"), ({"start": 13}, "does not stand"), ({"quote": "",
        "end": 14}, "does not stand"),
        ({"theme": 1}, "belongs to theme 0"), ({"paragraph_id": "p9"}, "no such paragraph"),
        ({"start": 9, "end": 10, "quote": "."}, "which read ''"), ({"paragraph_id": "p1"}, "belongs to theme 1"),
        ({"start": 23, "end": 30, "quote": "."}, "does not stand"),
        ({"quote": "x" * 60}, f"the quote '{'x' * 60}' does"), ({"quote": "x" * 61}, f"'{'x' * 57}[.]{{3}}' does"),
    ],
)  # fmt: skip
def test_a_quote_that_does_not_stand_in_its_paragraph_and_theme_is_refused(
    changes: dict[str, Any], message: str
) -> None:
    themes = np.array([0, 1], np.int32)
    whole = GOOD | {"start": 10, "end": 24, "quote": "The dam broke."}
    check_quotes(pa.Table.from_pylist([GOOD, whole], schema=EXEMPLARS), TABLE, themes)
    with pytest.raises(QuoteError, match=message):
        check_quotes(pa.Table.from_pylist([GOOD, GOOD | changes], schema=EXEMPLARS), TABLE, themes)

"""Keywords in context: what matches, how far a window reaches at the edges, from which documents lines come."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.errors import QuoteError
from toolkit.estimate.kwic import CONTEXT_CHARACTERS, MOST_LINES, Texts, check_kwic, kwic, pattern, window

KEY = ("theme", "0")


@pytest.mark.parametrize(
    ("keyword", "text", "match"),
    [
        ("wind", "The Wind blows", "Wind"),
        ("wind", "two winds", "winds"),
        ("tax", "new taxes", "taxes"),
        ("wind", "rewind or windy", None),
        ("state-owned firm", "a state owned\nfirm", "state owned\nfirm"),
        ("state owned", "State\u2011owned", "State\u2011owned"),
        ("c++", "in c++ now", "c++"),
        ("产业", "未来产业链", "产业"),
        ("Ka", "ka", "ka"),
        ("  ", "anything", None),
        ("-", "a - b", None),
    ],
)
def test_a_keyword_matches_whole_words_in_any_case_and_number(keyword: str, text: str, match: str | None) -> None:
    result = pattern(keyword).search(text)
    assert (result.group() if result else None) == match


def around(length: int) -> tuple[str, int, int]:
    """A text with words of `length` letters whose far ends are `length` + 60 characters from KEY, and the window."""
    far, near = "b" * length, "c" * 58
    text = f"x {far} {near} KEY {near} {far} y"
    return text, *window(text, text.index("KEY"), text.index("KEY") + 3)


def test_a_window_reaches_seventy_characters_each_way() -> None:
    text, first, last = around(9)
    assert text[first:last] == text[2:-2]


def test_a_word_that_the_reach_would_cut_is_left_out() -> None:
    text, first, last = around(10)
    assert text[first:last] == text[13:-13] and text[first:last].startswith("c") and text[first:last].endswith("c")


def test_a_text_shorter_than_the_reach_is_shown_whole_without_blanks_at_its_ends() -> None:
    assert window("KEY", 0, 3) == (0, 3)
    assert window("  one KEY two  ", 6, 9) == (2, 13)
    text = "x" * CONTEXT_CHARACTERS + "KEY" + "y" * CONTEXT_CHARACTERS
    assert window(text, CONTEXT_CHARACTERS, CONTEXT_CHARACTERS + 3) == (0, len(text))


def test_where_no_blank_is_near_a_word_is_cut_at_the_reach() -> None:
    text = "x" * 200 + "KEY" + "y" * 200
    assert window(text, 200, 203) == (130, 273)


def table(texts: list[str], owner: list[int]) -> Texts:
    return Texts([f"p{i}" for i in range(len(texts))], [f"d{i}" for i in owner], [100 * i for i in range(len(texts))],
                 texts)  # fmt: skip


def lines(texts: Texts, keywords: list[str], inside: Any = None) -> list[dict[str, Any]]:
    values = np.ones(len(texts.ids), bool) if inside is None else np.array(inside, bool)
    rows: list[dict[str, Any]] = kwic(texts, {KEY: keywords}, {KEY: values}).to_pylist()
    return rows


def test_a_line_names_the_place_of_match_and_window_in_the_document() -> None:
    (line,) = lines(table(["none", "the wind blows"], [0, 1]), ["wind"])
    assert (line["paragraph_id"], line["keyword"], line["match"]) == ("p1", "wind", "wind")
    assert (line["start"], line["end"]) == (104, 108)
    assert (line["window_start"], line["window_end"], line["window"]) == (100, 114, "the wind blows")
    assert (line["kind"], line["id"]) == KEY


def test_a_line_far_inside_a_paragraph_names_where_its_window_begins() -> None:
    text = "word " * 40 + "wind " + "word " * 40
    (line,) = lines(table(["none", text], [0, 1]), ["wind"])
    assert (line["start"], line["end"]) == (300, 304)
    assert (line["window_start"], line["window_end"]) == (300 - 65, 304 + 65)
    assert line["window"] == text[135 : line["window_end"] - 100]


def test_lines_come_from_three_documents_before_any_gives_a_second() -> None:
    texts = table([f"wind number {i}" for i in range(12)], [0] * 9 + [1, 2, 3])
    result = lines(texts, ["wind"])
    assert len(result) == MOST_LINES == 3
    assert len({texts.documents[texts.ids.index(line["paragraph_id"])] for line in result}) == 3
    two = lines(table([f"wind number {i}" for i in range(9)], [0] * 8 + [1]), ["wind"])
    assert len(two) == 3 and "p8" in {line["paragraph_id"] for line in two[:2]}
    assert len(lines(table(["wind a", "wind b"], [0, 0]), ["wind"])) == 2


def test_the_order_of_lines_is_that_of_their_texts_and_not_of_the_files() -> None:
    notes = [f"wind number {i}" for i in range(6)]
    forth, back = lines(table(notes, list(range(6))), ["wind"]), lines(table(notes[::-1], list(range(6))), ["wind"])
    assert [line["window"] for line in forth] == [line["window"] for line in back]


def test_six_different_keywords_are_looked_up_in_the_paragraphs_of_the_theme() -> None:
    words = [f"word{letter}" for letter in "abcdefgh"]
    texts = table([" ".join(words), "worda"], [0, 1])
    result = lines(texts, [words[0], *words])
    assert [line["keyword"] for line in result if line["paragraph_id"] == "p0"] == words[:6]
    assert {line["paragraph_id"] for line in lines(texts, ["worda"], [0, 1])} == {"p1"}


def checked(change: dict[str, Any]) -> None:
    texts = table(["the wind blows", "no storm here"], [0, 0])
    values, other = np.array([1, 0], bool), np.array([0, 1], bool)
    made = kwic(texts, {KEY: ["wind"]}, {KEY: values})
    rows = [row | change for row in made.to_pylist()]
    check_kwic(pa.Table.from_pylist(rows, schema=made.schema), texts, {KEY: values, ("theme", "1"): other})


def test_a_line_is_checked_against_the_text_it_is_quoted_from() -> None:
    checked({})
    for change in (
        {"match": "wins"}, {"start": 105}, {"end": 107}, {"window": "the wind"}, {"window_start": 101},
        {"paragraph_id": "p1"}, {"paragraph_id": "p9"}, {"id": "1"}, {"match": "", "end": 104},
    ):  # fmt: skip
        with pytest.raises(QuoteError):
            checked(change)

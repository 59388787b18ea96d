"""Words as they stand in a corpus and the phrases that are joined: kinds, forms, NPMI at its bounds."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import Any

import numpy as np
import pytest

from toolkit.describe.phrases import Terms, count_terms, spaced, starts_as_count
from toolkit.describe.words import (
    BREAK,
    CONTENT,
    LINK,
    STOP,
    WEAK,
    favourite,
    key_of,
    kind_of,
    pieces_of,
    read_words,
    shown_forms,
    singular,
)


def counted(texts: list[str], longest: int = 4, least: int | None = None) -> dict[str, list[int]]:
    """Each term as shown -> how often it stands in each text."""
    made = count_terms(read_words(texts), len(texts), longest, least)
    return table(made)


def table(made: Terms) -> dict[str, list[int]]:
    by_name = {name: [0] * made.texts for name in made.names}
    for row, column, count in zip(made.rows, made.columns, made.counts, strict=True):
        by_name[made.names[column]][row] = int(count)
    return by_name


def test_texts_are_cut_into_words_and_marks() -> None:
    assert pieces_of("State-owned firms' R&D, C++ (C#) in the U.S. it’s 5G!") == [
        "State-owned", "firms", "'", "R&D", ",", "C++", "(", "C#", ")", "in", "the", "U.S.", "it's", "5G", "!",
    ]  # fmt: skip
    assert pieces_of("ALL OF IT IN CAPITALS") == ["all", "of", "it", "in", "capitals"]
    assert pieces_of("soft\u00adhyphen a\u2010b __ x") == ["softhyphen", "a-b", "__", "x"]
    assert "".join(pieces_of("国有企业改革。")) == "国有企业改革。" and len(pieces_of("国有企业改革。")) > 2


def test_a_word_counts_without_case_dots_and_the_plural_of_an_acronym() -> None:
    for surface, key in {
        "Firms": "firms", "U.S.": "US", "US": "US", "us": "us", "IT": "IT", "It": "it", "SOEs": "soe",
        "N.A.T.O.": "nato",
        "Is": "is", "ABs": "ab", "Us": "us", "AI": "ai", "As": "as",
    }.items():  # fmt: skip
        assert key_of(surface) == key, surface


def test_plurals_join_their_singulars_by_their_endings() -> None:
    for plural, key in {
        "firms": "firm", "policies": "policy", "ties": "tie", "losses": "loss", "dishes": "dish", "matches": "match",
        "boxes": "box", "quizzes": "quizz", "glass": "glass", "bus": "bus", "crisis": "crisis",
        "economics": "economics",
        "news": "news", "gas": "gas", "keys": "key", "oxen": "oxen", "its": "its", "lies": "lie", "dies": "die",
        "spies": "spy", "cars": "car",
    }.items():  # fmt: skip
        assert singular(plural) == key, plural


def test_plural_and_singular_are_one_word_only_where_the_corpus_has_both() -> None:
    terms = counted(["Firms grew.", "A firm fell. Firms rose."])
    assert terms["firm"] == [1, 2] and "firms" not in terms
    assert "harbours" in counted(["harbours"]) and counted(["others talk"]) == {"talk": [1]}


def test_words_are_content_weak_linking_or_stopped() -> None:
    kinds = {
        "firm": CONTENT, "of": LINK, "and": LINK, "the": STOP, "doesn't": STOP, "we'll": STOP, "x": STOP, "水": CONTENT,
        "2024": WEAK, "5th": WEAK, "30km": WEAK, "seven": WEAK, "million": WEAK, "firmly": WEAK, "family": CONTENT,
        "supply": CONTENT, "ally": CONTENT, "wily": CONTENT, "oily": CONTENT, "5g": CONTENT,
        "badly": WEAK, "new": WEAK,
    }  # fmt: skip
    assert {key: kind_of(key) for key in kinds} == kinds
    assert kind_of("fly") == CONTENT and kind_of("bodily") == WEAK


def test_stop_words_of_the_user_hold_for_singular_and_plural() -> None:
    words = read_words(["Firms and a firm and a dam."], ["FIRMS", "Dam"])
    kinds = dict(zip(words.keys, words.kinds.tolist(), strict=True))
    assert kinds["firm"] == STOP == kinds["dam"]
    only = read_words(["A firm."], ["firms"])
    assert only.kinds[only.keys.index("firm")] == STOP


def test_words_stand_in_reading_order_with_breaks_and_openings() -> None:
    words = read_words(["A dam, the weir. Dams!", "", "x"])
    read = [words.surfaces[i] if i != BREAK else "|" for i in words.surface.tolist()]
    assert read == ["A", "dam", "|", "the", "weir", "|", "Dams", "|", "|", "|", "x", "|"]
    assert words.row.tolist() == [0] * 9 + [1, 2, 2]
    opens = [
        words.surfaces[i] for i, first in zip(words.surface.tolist(), words.opens, strict=True) if first and i != BREAK
    ]
    assert (
        opens == ["A", "Dams", "x"] and [words.keys[i] if i != BREAK else "|" for i in words.word.tolist()][1] == "dam"
    )
    assert read_words([]).word.tolist() == []
    assert read_words(["Dam's dam"]).surfaces == ("Dam", "dam")


def test_the_most_frequent_form_is_shown_and_capitals_at_the_start_of_a_sentence_hardly_count() -> None:
    def shown(texts: list[str], key: str) -> str:
        words = read_words(texts)
        return shown_forms(words)[words.keys.index(key)]

    assert shown(["Dams fell. Dams rose. The dams grew."], "dams") == "dams"
    assert shown(["Dams fell. Dams rose."], "dams") == "Dams"
    assert shown(["The Bank and the Bank and the bank."], "bank") == "Bank"
    assert shown(["The Bank and the bank."], "bank") == "bank"  # a tie
    assert favourite(Counter({"Bank": 1, "bank": 1, "BANK": 1})) == "bank"
    assert favourite(Counter({"Bank": 2, "bank": 1})) == "Bank"
    assert shown([". ".join(["Bank"] * 99) + ". The bank.", "x"], "bank") == "bank"  # 99 hundredths
    assert shown([". ".join(["Bank"] * 102) + ". The bank.", "x"], "bank") == "Bank"


FILL = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "theta", "iota", "kappa", "lambda"]


def joined(texts: list[str], phrase: str, **more: Any) -> bool:
    return phrase in counted(texts, **more)


def npmi(both: int, first: int, second: int, total: int) -> float:
    return log(both * total / first / second) / -log(both / total)


@pytest.mark.parametrize("apart", range(0, 40, 2))
def test_two_words_are_a_phrase_from_an_npmi_of_one_half_on(apart: int) -> None:
    """ "red dam" 4 times, each word `apart` times more without the other, among 400 words."""
    texts = ["red dam"] * 4 + ["red"] * apart + ["dam"] * apart
    texts += ["filler"] * (400 - sum(len(text.split()) for text in texts))
    expected = npmi(4, 4 + apart, 4 + apart, 400) >= 0.5
    assert joined(texts, "red dam", least=2) == expected
    assert apart not in (0, 38) or expected == (apart == 0)


@pytest.mark.parametrize("apart", range(0, 24, 2))
def test_a_phrase_with_a_linking_word_needs_a_tenth_more_and_a_text_more(apart: int) -> None:
    texts = ["ministry of industry"] * 4 + ["ministry"] * apart + ["industry"] * apart
    texts += ["filler"] * (400 - sum(len(text.split()) for text in texts))
    assert joined(texts, "ministry of industry", least=2) == (npmi(4, 4 + apart, 4 + apart, 400) >= 0.6)
    assert joined(texts, "ministry of industry", least=3) == (npmi(4, 4 + apart, 4 + apart, 400) >= 0.6)
    assert not joined(texts, "ministry of industry", least=4)


def test_a_longer_phrase_is_scored_by_all_its_words() -> None:
    """NPMI of three words: log p(xyz) / (p(x) p(y) p(z)) over -2 log p(xyz)."""
    for apart in range(0, 90, 6):
        texts = ["red iron dam"] * 4 + ["red"] * apart + ["iron"] * apart + ["dam"] * apart
        texts += ["filler"] * (600 - sum(len(text.split()) for text in texts))
        share = log(4 / 600)
        score = (share - 3 * log((4 + apart) / 600)) / (-2 * share)
        assert joined(texts, "red iron dam", least=2) == (score >= 0.5), (apart, score)


def test_a_phrase_stands_in_enough_texts_of_a_small_and_of_a_large_corpus() -> None:
    def is_phrase(texts: int, members: int) -> bool:
        rows = ["red dam"] * members + ["filler"] * (texts - members)
        return joined(rows, "red dam")

    assert is_phrase(9, 2) and not is_phrase(9, 1) and is_phrase(99, 2)
    assert is_phrase(100, 3) and not is_phrase(100, 2) and is_phrase(999, 3)
    assert is_phrase(1000, 4) and not is_phrase(1000, 3)
    assert not joined(["red dam. red dam. red dam", "filler"], "red dam")  # texts count, not times


def test_a_longer_phrase_must_account_for_half_of_the_texts_of_a_shorter_one() -> None:
    def whole(with_three: int, with_two: int) -> dict[str, list[int]]:
        rows = ["red iron dam"] * with_three + ["red iron"] * with_two + ["filler"] * 400
        return counted(rows, least=2)

    assert "red iron dam" in whole(4, 4) and "red iron dam" not in whole(4, 5)
    short = whole(4, 5)
    assert sum(short["red iron"]) == 9 and sum(short["dam"]) == 4
    assert sum(whole(4, 4)["red iron"]) == 4 and "iron" not in whole(4, 4)
    right = counted(["red iron dam"] * 4 + ["iron dam"] * 5 + ["filler"] * 400, least=2)
    assert "red iron dam" not in right and "iron dam" in right


def test_the_longest_phrase_has_so_many_words_as_asked() -> None:
    rows = ["red iron dam wall"] * 4 + ["filler"] * 200
    assert "red iron dam wall" in counted(rows, 4, 2)
    assert "red iron dam" in counted(rows, 3, 2) and "red iron" in counted(rows, 2, 2)
    assert set(counted(rows, 1, 2)) == {"red", "iron", "dam", "wall", "filler"}


def test_phrases_are_joined_from_left_to_right_and_words_keep_what_no_phrase_explains() -> None:
    rows = ["red dam", "dam wall", "red dam wall", "red dam", "dam wall"] + ["filler"] * 300
    terms = counted(rows, 2, 2)
    assert terms["red dam"][:5] == [1, 0, 1, 1, 0] and terms["dam wall"][:5] == [0, 1, 0, 0, 1]
    assert terms["wall"][:5] == [0, 0, 1, 0, 0] and "dam" not in terms
    twice = counted(["red dam red dam"] * 3 + ["filler"] * 100, 2, 2)
    assert twice["red dam"][:3] == [2, 2, 2]


def test_no_phrase_crosses_a_mark_a_text_or_a_stop_word() -> None:
    for text in ("red, dam", "red. dam", "red the dam"):
        assert not joined([text] * 5 + ["filler"] * 200, "red dam", least=2)
    assert not joined(["red", "dam"] * 5 + ["filler"] * 200, "red dam", least=2)


def test_no_phrase_begins_or_ends_with_a_linking_word_or_begins_with_a_count() -> None:
    for text, none in (
        ("of dam", "of dam"), ("dam of", "dam of"), ("seven dams", "seven dams"), ("90-kilometre dam",
        "90-kilometre dam"),
        ("new early", "new early"),
    ):  # fmt: skip
        assert not joined([f"the {text} the"] * 5 + ["filler"] * 200, none, least=2), text
    for text in ("of red dam", "red dam of"):
        terms = counted([f"the {text} the"] * 5 + ["filler"] * 200, least=2)
        assert "red dam" in terms and text not in terms
    assert joined(["new dam"] * 5 + ["filler"] * 200, "new dam", least=2)
    assert joined(["dam seven"] * 5 + ["filler"] * 200, "dam seven", least=2)
    assert starts_as_count("seven-year") and starts_as_count("5g") and not starts_as_count("year-seven")


def test_a_phrase_is_shown_as_it_mostly_stands_and_tells_its_parts() -> None:
    texts = ["The Red Dam of it"] * 2 + ["the red dam"] * 3 + ["Red dam"] * 9 + ["filler"] * 200
    assert "red dam" in counted(texts, least=2)
    made = count_terms(read_words(["ministry of industry"] * 5 + ["filler"] * 200), 205, 4, 2)
    assert made.parts[made.names.index("ministry of industry")] == ("ministry", "industry")
    assert spaced(["a", "b"]) == "a b" and spaced(["国有", "企业"]) == "国有企业" and spaced(["国有", "x"]) == "国有 x"
    assert spaced(["x", "国有"]) == "x 国有"
    opened = ["Red dam"] * 99 + ["the red Dam"] + ["filler"] * 900
    assert "red Dam" in counted(opened, least=2)  # 99 openings count 99 hundredths
    assert "Red dam" in counted(["Red dam"] * 102 + ["the red Dam"] + ["filler"] * 900, least=2)


def test_nothing_is_counted_where_nothing_stands() -> None:
    for texts in ([], [""], ["the of and"], ["..."]):
        made = count_terms(read_words(texts), len(texts))
        assert made.names == () and len(made.rows) == 0 and made.texts == len(texts)
    assert counted(["dam"]) == {"dam": [1]} and counted(["dam dam weir", "weir"]) == {"dam": [2, 0], "weir": [1, 1]}


def test_terms_are_counted_for_their_own_texts() -> None:
    rng = np.random.default_rng(4)
    rows = [" ".join(f"{word}." for word in rng.choice(FILL, 6)) for _ in range(12)]
    terms = counted(rows)
    for word in FILL:
        assert terms[word] == [row.split().count(f"{word}.") for row in rows]

"""Intrusion items from themes so small that every item can be foretold, and exact scores of their answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest

from toolkit.validate.intrusion import ITEMS, Themes, intrusion_items, score_intrusion

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
POOLS = [[f"{letter}{i}" for i in range(6)] for letter in "pqrst"]


def themes(sizes: tuple[int, ...] = (4, 4, 4, 4, 4), pools: Any = None, texts: Any = None) -> Themes:
    """Themes whose centres stand at 0, 20, 50, 90 and 140 degrees."""
    owner = np.repeat(np.arange(len(sizes)), sizes)
    angle = np.radians(np.array([0, 20, 50, 90, 140])[owner])
    vectors = np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32)
    message = texts or [f"passage {i} of {item}" for i, item in enumerate(owner)]
    return Themes(message, owner.astype(np.int32), vectors, POOLS[: len(sizes)] if pools is None else pools)


def rows(given: Themes, kind: str, per_theme: int = 4, **more: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = intrusion_items(given, per_theme, 5, kinds=(kind,), **more).to_pylist()
    return rows


def rest(row: dict[str, Any]) -> list[str]:
    return [option for place, option in enumerate(row["options"]) if place != row["intruder"]]


def test_themes_are_near_by_the_cosine_of_their_centres() -> None:
    near = themes().nearness
    assert near[0, 1] == pytest.approx(np.cos(np.radians(20)), abs=1e-6)
    assert near[2, 4] == pytest.approx(0.0, abs=1e-6) and near[3, 3] == pytest.approx(1.0, abs=1e-6)


def test_a_word_item_shows_the_five_first_keywords_and_one_of_the_five_first_of_another_theme() -> None:
    made = rows(themes(), "word", 6)
    assert len(made) == 30
    for row in made:
        expected = POOLS[row["theme"]]
        assert sorted(rest(row)) == expected[:5]
        odd = row["options"][row["intruder"]]
        assert odd not in expected and not odd.endswith("5")
        assert row["shown"] is None
    assert len({tuple(rest(row)) for row in made if row["theme"] == 0}) > 1  # the order is mixed
    assert {row["intruder"] for row in made} == set(range(6))


def test_a_theme_with_fewer_than_five_words_gives_no_word_item() -> None:
    pools = [POOLS[0][:5], POOLS[1][:4], POOLS[2]]
    assert {row["theme"] for row in rows(themes((4, 4, 4), pools), "word")} == {0, 2}
    barred = rows(themes((4, 4, 4)), "word", excluded=["P0", "p1", "q0"])  # 4 left of p, 5 of q
    assert {row["theme"] for row in barred} == {1, 2}


def test_an_intruding_word_is_no_keyword_of_the_theme_nor_common_in_its_texts() -> None:
    shared = [POOLS[0], ["P0", "q1", "q2", "q3", "q4", "q5"]]
    assert all(row["options"][row["intruder"]] != "P0" for row in rows(themes((4, 4), shared), "word", 20)
               if row["theme"] == 0)  # fmt: skip
    # 50 texts: q0 stands in one (2 %), q1 to q4 in two
    texts = ["q0", *["q1 q2 q3 q4"] * 2, *["other"] * 47, *["other"] * 4]
    made = [row for row in rows(themes((50, 4), texts=texts), "word", 20) if row["theme"] == 0]
    assert {row["options"][row["intruder"]] for row in made} == {"q0"}
    common = ["q0 q1 q2 q3 q4"] * 2 + ["other"] * 48 + ["other"] * 4
    assert not [row for row in rows(themes((50, 4), texts=common), "word", 5) if row["theme"] == 0]


def test_a_document_item_shows_three_different_passages_and_one_of_another_theme() -> None:
    given = themes((3, 2, 4))
    made = rows(given, "document", 6)
    assert {row["theme"] for row in made} == {0, 2}  # two passages are too few
    for row in made:
        members = {given.texts[i] for i in given.members(row["theme"])}
        assert len(set(rest(row))) == 3 and set(rest(row)) <= members
        assert row["options"][row["intruder"]] not in members
    alone = Themes(given.texts, np.where(given.assignment == 0, 0, -1), given.vectors, POOLS[:1])
    assert rows(alone, "document") == []  # passages of no theme are no intruders


def test_a_topic_item_shows_the_two_nearest_themes_and_one_of_the_farther_half() -> None:
    made = rows(themes(), "topic", 12)
    heads = [", ".join(pool[:5]) for pool in POOLS]
    near = {0: (1, 2), 1: (0, 2), 2: (1, 3), 3: (2, 4), 4: (3, 2)}
    far = {0: {3, 4}, 1: {3, 4}, 2: {0, 4}, 3: {1, 0}, 4: {1, 0}}
    for theme in range(5):
        members = [row for row in made if row["theme"] == theme]
        assert len(members) == 12
        for row in members:
            assert set(rest(row)) == {heads[theme], *(heads[i] for i in near[theme])}
            assert row["shown"] in {themes().texts[i] for i in themes().members(theme)}
        assert {row["options"][row["intruder"]] for row in members} == {heads[i] for i in far[theme]}


def test_topic_items_need_four_themes_with_words() -> None:
    four = rows(themes((4, 4, 4, 4)), "topic", 6)
    assert {row["theme"] for row in four} == {0, 1, 2, 3}
    heads = [", ".join(pool[:5]) for pool in POOLS]
    for row in four:  # three others: two are near, the third intrudes
        if row["theme"] == 0:
            assert row["options"][row["intruder"]] == heads[3]
    assert rows(themes((4, 4, 4)), "topic") == []
    empty = [POOLS[0], [], *POOLS[2:]]
    made = rows(themes((4, 4, 4, 4, 4), empty), "topic")
    assert {row["theme"] for row in made} == {0, 2, 3, 4}


def test_a_theme_without_a_text_gives_no_items_and_no_fault() -> None:
    given = themes((4, 4, 4, 4))
    more = Themes(given.texts, given.assignment, given.vectors, POOLS)  # the fifth theme has words and no text
    made = intrusion_items(more, 2, 1).to_pylist()
    assert 4 not in {row["theme"] for row in made if row["kind"] != "word"}
    assert {row["theme"] for row in made if row["kind"] == "topic"} == {0, 1, 2, 3}
    assert more.nearness[4].tolist() == [0] * 5


def test_items_are_numbered_from_one_in_mixed_order() -> None:
    made = intrusion_items(themes(), 2, 5).to_pylist()
    assert [row["item"] for row in made] == [f"i{number:04}" for number in range(1, 31)]
    assert [row["theme"] for row in made] != sorted(row["theme"] for row in made)


def sheet(kinds: list[str], owner: list[int]) -> Any:
    options = {"word": 6, "document": 4, "topic": 4}
    return pa.Table.from_pylist(
        [
            {
                "item": f"i{i}", "kind": kind, "theme": item, "shown": None,
                "options": list("abcdef")[: options[kind]], "intruder": 1,
            }
            for i, (kind, item) in enumerate(zip(kinds, owner, strict=True))
        ],
        schema=ITEMS,
    )  # fmt: skip


def answers(*chosen: tuple[int, int | None]) -> list[dict[str, Any]]:
    return [{"item": f"i{item}", "chosen": place} for item, place in chosen]


def test_with_one_answer_an_item_limits_are_exact_and_passing_is_not_finding() -> None:
    items = sheet(["word"] * 8, [0] * 3 + [1] * 5)
    result = score_intrusion(items, answers(*[(i, 1) for i in range(5)], (5, 0), (6, None), (7, 2)), 50, 1)
    expected = binomtest(5, 8).proportion_ci(method="exact")
    whole = result["intrusion.word"]
    assert (whole.value, whole.n, whole.reason) == (5 / 8, 8, None)
    assert (whole.low, whole.high) == (pytest.approx(expected.low), pytest.approx(expected.high))
    first, second = result["intrusion.word.theme.0"], result["intrusion.word.theme.1"]
    assert (first.value, first.n, first.high) == (1.0, 3, 1.0)
    assert first.low == pytest.approx(binomtest(3, 3).proportion_ci(method="exact").low)
    assert (second.value, second.n) == (2 / 5, 5)
    assert result["intrusion.word.baseline"].value == pytest.approx(1 / 6) and result["intrusion.word.baseline"].n == 8
    none = score_intrusion(items, answers((0, 0), (1, 0)), 50, 1)["intrusion.word"]
    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(binomtest(0, 2).proportion_ci(method="exact").high)


def test_with_several_answers_items_are_drawn_with_all_their_answers() -> None:
    items = sheet(["topic"] * 4, [0, 0, 1, 1])
    given = answers((0, 1), (0, 1), (1, 1), (1, 0), (2, 0), (3, 0), (3, 1))
    result = score_intrusion(items, given, 80, 9)["intrusion.topic"]
    right, times = np.array([2, 1, 0, 1]), np.array([2, 2, 1, 2])
    picks = np.random.default_rng(9).integers(4, size=(80, 4))
    low, high = np.percentile(right[picks].sum(1) / times[picks].sum(1), [2.5, 97.5])
    assert (result.value, result.n) == (4 / 7, 7)
    assert (result.low, result.high) == (pytest.approx(low), pytest.approx(high))


def test_where_all_or_none_or_one_item_is_answered_the_limits_count_items_and_not_answers() -> None:
    items = sheet(["document"] * 3, [0, 0, 1])
    every = score_intrusion(items, answers((0, 1), (0, 1), (1, 1)), 50, 1)["intrusion.document"]
    assert every.value == 1.0 and every.low == pytest.approx(binomtest(2, 2).proportion_ci(method="exact").low)
    none = score_intrusion(items, answers((0, 0), (0, 2), (1, 0)), 50, 1)["intrusion.document"]
    assert none.value == 0.0 and none.high == pytest.approx(binomtest(0, 2).proportion_ci(method="exact").high)
    one = score_intrusion(items, answers((0, 1), (0, 0)), 50, 1)["intrusion.document"]
    assert one.value == 0.5 and one.low < 0.05 and one.high > 0.95
    two = score_intrusion(items, answers((0, 1), (0, 0), (1, 1)), 200, 1)["intrusion.document"]
    assert two.low == 0.5 and two.high == 1.0  # from draws of two items


def test_answers_to_unknown_items_and_kinds_nobody_answered_are_told() -> None:
    items = sheet(["word", "topic"], [0, 0])
    result = score_intrusion(items, answers((0, 1), (7, 1), (8, 1)), 20, 1)
    assert result["intrusion.word"].reason == "2 answers to unknown items left out" and result["intrusion.word"].n == 1
    assert result["intrusion.topic"].value is None and result["intrusion.document"].value is None
    assert score_intrusion(items, answers((1, 1)), 20, 1)["intrusion.topic"].value == 1.0

"""Themes are named by noun phrases of their own: readable, unique, owned by no single document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from toolkit.describe.form import fault_of
from toolkit.describe.keywords import Candidate
from toolkit.describe.labels import names_for
from toolkit.describe.llm import cleaned
from toolkit.describe.naming import Texts, area, areas, joined, phrases_for
from toolkit.describe.noun_phrases import Phrase
from toolkit.embed.minilm import MiniLM
from toolkit.values import Vectors

FUNDS = [
    "State guidance funds buy shares in chip makers and write off few losses.",
    "A guidance fund that loses money has to explain itself to auditors.",
    "Managers of guidance funds fear losses on early investments.",
    "The province set up guidance funds for early investments in chip makers.",
    "Auditors ask why guidance funds hold on to dead investments.",
    "Old Wanli Capital runs two guidance funds; Old Wanli Capital writes off nothing.",
    "Old Wanli Capital and Old Wanli Capital alone bought shares for guidance funds.",
]
EARTHS = [
    "Export controls on rare earths hit magnet makers abroad.",
    "A licence for rare earths takes the ministry forty days.",
    "Magnet makers using rare earths wait for export licences.",
    "The ministry widened export controls to heavy rare earths.",
    "Without rare earths, magnet makers close their lines.",
    "Export licences for rare earths come slowly, say magnet makers.",
    "Prices of rare earths doubled after the export controls.",
]


@pytest.fixture(scope="module")
def encode() -> Any:
    encoder = MiniLM().fit([])
    return lambda texts: np.asarray(encoder.encode(list(texts)))


def names(encode: Any, texts: Sequence[str], groups: Sequence[int], **given: Any) -> list[list[str]]:
    vectors: Vectors = encode(texts)
    documents = given.get("documents", [f"d{i}" for i in range(len(texts))])
    languages = given.get("languages", ["en"] * len(texts))
    return phrases_for(Texts(texts, documents, languages, vectors), np.array(groups, np.int32), encode)


def test_a_theme_is_named_by_a_phrase_that_most_of_it_is_about(encode: Any) -> None:
    funds, earths = names(encode, [*FUNDS, *EARTHS], [0] * 7 + [1] * 7)
    assert funds[0].startswith("Guidance funds") and earths[0].startswith(("Rare earths", "Export controls"))
    assert all(not fault_of(name) for name in [*funds, *earths])


def test_a_name_that_one_document_owns_is_held_back(encode: Any) -> None:
    documents = [f"d{min(i, 5)}" for i in range(7)] + [f"e{i}" for i in range(7)]
    funds, _ = names(encode, [*FUNDS, *EARTHS], [0] * 7 + [1] * 7, documents=documents)
    assert funds and not any("Wanli" in name for name in funds)


def test_no_name_begins_with_a_verb(encode: Any) -> None:
    everything = names(encode, [*FUNDS, *EARTHS], [0] * 7 + [1] * 7)
    first = {name.split()[0].lower() for row in everything for name in row}
    assert not first & {"using", "buy", "hit", "widened", "writes", "ask"}


def test_names_do_not_depend_on_the_order_of_texts(encode: Any) -> None:
    texts, groups = [*FUNDS, *EARTHS], [0] * 7 + [1] * 7
    turned = names(encode, texts[::-1], groups[::-1], documents=[f"d{i}" for i in range(14)][::-1])
    assert turned == names(encode, texts, groups)


def test_without_a_model_names_rest_on_words_alone(encode: Any) -> None:
    texts = Texts([*FUNDS, *EARTHS], [f"d{i}" for i in range(14)], None, encode([*FUNDS, *EARTHS]))
    funds, earths = phrases_for(texts, np.array([0] * 7 + [1] * 7, np.int32), None)
    assert "uidance funds" in funds[0] and "are earths" in earths[0]


def test_a_chinese_theme_is_named_by_a_phrase_of_its_own_without_function_words(encode: Any) -> None:
    funds = [
        "引导基金投资芯片企业。",
        "政府引导基金出现亏损。",
        "引导基金的亏损由省政府承担。",
        "引导基金应当投资早期企业。",
    ]
    earths = [
        "稀土出口管制影响磁材企业。",
        "稀土出口许可证需要等待。",
        "商务部扩大稀土出口管制。",
        "稀土出口价格上涨。",
    ]
    made = names(encode, funds + earths, [0] * 4 + [1] * 4, languages=["zh"] * 8)
    assert "基金" in made[0][0] and "稀土" in made[1][0]
    assert not any(name.startswith(("的", "由", "应当")) or name.endswith("的") for row in made for name in row)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("State guidance funds", ""),
        ("Rare earths, export controls", ""),
        ("Losses of state guidance funds", ""),
        ("Fund, manager, loss", "is a list of three"),
        ("Funds of the", "begins or ends with a function word"),
        ("The funds", "begins or ends with a function word"),
        ("Losses that nobody of them may book", "is longer than 5 words"),
        ("Losses of state guidance funds, rare earths", "is longer than 4 words"),
        (" , ", "is empty"),
        ("Shares of Wanli", "belongs to one or two documents"),
        ("Lanqu shares", "belongs to one or two documents"),
        ("Guidance Fund", ""),
    ],
)
def test_rules_of_a_name(name: str, fault: str) -> None:
    texts = [
        "Wanli buys.",
        "Wanli sells with Lanqu.",
        "The Guidance Fund buys, guidance funds lose.",
        "A guidance fund.",
    ]
    texts += ["Guidance funds."]
    assert fault_of(name, texts, ["a", "b", "c", "d", "e"], "en") == fault


def test_two_names_of_the_same_words_in_another_order_are_one_name() -> None:
    keywords = [[Candidate("robots", ("robots",), 1.0, 3)]] * 2
    wanted = [["Machines and robot makers"], ["Robot makers and machines", "Robot makers and engineers"]]
    assert names_for(wanted, keywords, 60) == ["Machines and robot makers", "Robot makers and engineers"]


def test_the_area_of_many_rows_is_that_of_each() -> None:
    likeness, inside = np.array([[0.1, 0.4, 0.35, 0.8], [0.5, 0.5, 0.2, 0.5]]), np.array([False, False, True, True])
    assert areas(likeness, inside).tolist() == [0.75, 0.25] == [area(row, inside) for row in likeness]


def test_a_heading_in_capitals_gives_a_name_in_small_letters(encode: Any) -> None:
    shouted = [f"GUIDANCE FUNDS LOSE MONEY. {text.replace('guidance', 'GUIDANCE')}" for text in FUNDS[:3]] + FUNDS[3:]
    funds, _ = names(encode, [*shouted, *EARTHS], [0] * 7 + [1] * 7)
    assert funds[0].startswith("Guidance funds") and not any(word.isupper() for word in funds[0].split())


def test_a_capital_that_a_sentence_gives_is_not_shown_inside_a_name(encode: Any) -> None:
    opened = [
        "The steel plant works.",
        "A steel plant. Air quality falls.",
        "Smoke of the steel plant. Air quality fell.",
    ]
    opened += ["A steel plant was shut.", "Near a steel plant. Air quality is bad.", "Their steel plant is closed."]
    made, _ = names(encode, [*opened, *EARTHS], [0] * 6 + [1] * 7)
    assert any("air quality" in name for name in made) and not any("d Air quality" in name for name in made)


def test_no_name_mixes_chinese_and_latin_words() -> None:
    both = ["Guidance funds lose money. 引导基金出现亏损。"] * 4, ["Rare earths are dear. 稀土出口受到管制。"] * 4
    texts = Texts([*both[0], *both[1]], [f"d{at}" for at in range(8)], None, np.eye(8, dtype=np.float32))
    made = phrases_for(texts, np.array([0] * 4 + [1] * 4, np.int32), None)
    assert all(name.isascii() or not any(letter.isascii() for letter in name) for row in made for name in row)
    cities, funds = (Phrase(name, (name,), 4, 4, 1.0, 0.0) for name in ("cities", "funds"))
    assert joined(cities, funds, "zh") == "Cities, funds"
    keywords = [[Candidate(name, (name,), 1.0, 3) for name in ("transformation", "指标", "data")]]
    assert names_for([[]], keywords, 60) == ["Data, transformation"]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_of_few_documents_a_name_need_not_be_in_all(encode: Any, count: int) -> None:
    documents = [f"d{at % count}" if at < 7 else f"d{at % (count - 1)}" for at in range(14)]
    funds, earths = names(encode, [*FUNDS, *EARTHS], [0] * 7 + [1] * 7, documents=documents)
    assert "uidance funds" in funds[0] and "are earths" in earths[0]


@pytest.mark.parametrize(
    "answer", ['Theme: "Council tax"', "**Name:** Council tax", "Council tax.", "Theme name: “Council tax”"]
)
def test_what_a_model_puts_before_a_name_is_no_part_of_it(answer: str) -> None:
    assert cleaned(answer, 60) == "Council tax"
    assert cleaned("Theme parks: rides", 60) == "Theme parks: rides"


def test_names_of_the_same_words_count_as_one_and_those_of_the_same_letters_do_not() -> None:
    given = [["Robots and funds"], ["Funds, robots", "Silent night"], ["Listen thing"]]
    assert names_for(given, [[], [], []], 60) == ["Robots and funds", "Silent night", "Listen thing"]

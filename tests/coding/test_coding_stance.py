"""Codes that ask for a stance (doubt, conflict, a question) are scored by how a text takes it, and topics are not."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest
from kit.coding import encode, table

from toolkit.codebook import Code
from toolkit.coding.by_meaning import background
from toolkit.coding.code_terms import wanted
from toolkit.coding.sentences import passages
from toolkit.coding.stance import asks_for_stance, stance_measures, stance_of_codes
from toolkit.coding.stance_classes import asked, classes
from toolkit.coding.stems import stem
from toolkit.coding.tokens import general_rate

DOUBTS = Code("doubts", "Doubts about wind power", "A speaker doubts that wind farms are worth their cost.")
CONFLICT = Code("conflict", "Conflict", "Parties quarrel or accuse each other.")
TOPIC = Code("wind", "Wind power", "Farms of wind turbines on land and at sea.", include=("Licences and grids.",))
RIVALRY = Code(
    "rivalry",
    "Rivalry",
    "Parties of every country clash over the course of foreign policy.",  # 1 of its 7 content words
    include=("Disputes",),
)
NAMES = [one.name for one in classes()]


def of_class(code: Code) -> dict[str, float]:
    return {name: value for name, value in zip(NAMES, asked(code), strict=True) if value}


def rate(name: str) -> float:
    """Cues of a class per running word of general English."""
    marks = {"?": 0.004, "i": 0.01}
    cues = next(one.cues for one in classes() if one.name == name)
    return sum(1e-5 if len(cue) == 2 else marks.get(cue[0], general_rate(cue[0])) for cue in cues)


def beyond(cues: int, words: int, name: str) -> float:
    """The cues beyond their number in general English, by the variance-stabilising square root of Anscombe (1948)."""
    return 2 * (sqrt(cues + 3 / 8) - sqrt(words * rate(name) + 3 / 8))


@pytest.mark.parametrize(
    ("name", "definition", "expected"),
    [
        ("Doubts about wind power", "", {"hedging"}),
        ("Limits of the plan", "Criticism of its costs", {"critique", "sceptics"}),
        ("Conflict", "Parties quarrel", {"conflict"}),
        ("Morality", "Blame and shame", {"moral", "demand"}),
        ("Personal experience", "What happened to the writer", {"voice"}),
        ("Requests", "The writer asks a question", {"question"}),
        ("Attribution of responsibility", "Who is to blame", {"demand"}),
    ],
)
def test_a_code_asks_for_a_stance_by_the_words_of_its_name_and_definition(
    name: str, definition: str, expected: set[str]
) -> None:
    assert set(of_class(Code("a", name, definition))) == expected


@pytest.mark.parametrize(
    "name", ["Waste and recycling", "Supply and demand", "Policy experiments", "Personal data", "Emission limits",
             "Civil rights", "Work experience", "Heart attack", "Corrections and prisons"],
)  # fmt: skip
def test_a_topic_whose_name_is_spelt_like_a_stance_asks_for_none(name: str) -> None:
    assert of_class(Code("a", name, "A topic that texts are about.")) == {}


def test_what_a_code_leaves_out_counts_against_the_stance() -> None:
    """Weights .8 and .6 of definition and rules; a third of a part's content words asks with its whole weight."""
    assert of_class(RIVALRY) == {"conflict": pytest.approx(0.8 * 3 / 7 + 0.6)}
    assert of_class(replace(RIVALRY, exclude=("Protests",))) == {}  # .94 - .6: a word in passing
    assert of_class(Code("a", "Rivalry", exclude=("Disputes", "protests"), definition="")) == {"conflict": -0.6}


def test_a_negation_in_a_rule_of_exclusion_leaves_nothing_out() -> None:
    for rule in ("A match with no quarrel", "A match, unless a dispute follows", "Matches that nobody disputes"):
        assert of_class(replace(RIVALRY, exclude=(rule,))) == of_class(RIVALRY)


def test_cues_count_beyond_their_number_in_general_english() -> None:
    codes = [Code("q", "Questions", ""), Code("v", "Personal experience", ""), TOPIC]
    texts = ["Where is it? Thanks.", "I told them, and I know of nobody.", "The wind turns it.", ""]
    cut = passages(table(texts))
    measures = stance_measures([wanted(code) for code in codes], cut)
    question = [beyond(x, words, "question") for x, words in ((2, 4), (1, 6), (0, 4), (0, 0))]  # "know of" is a pair
    voice = [beyond(x, words, "voice") for x, words in ((0, 4), (3, 6), (0, 4), (0, 0))]  # I, told, I
    assert set(measures) == {"stance_words"}
    assert measures["stance_words"] == pytest.approx(np.array([question, voice, [0.0] * 4]).T)


def test_without_a_model_a_doubting_paragraph_is_told_from_a_praising_one() -> None:
    doubting = "Whether the wind farms will ever pay is unclear, and analysts doubt that they could."
    praising = "The wind farms pay well, and the country will build more of them every year."
    measures = stance_measures([wanted(DOUBTS), wanted(TOPIC)], passages(table([doubting, praising])))["stance_words"]
    assert measures[0, 0] - measures[1, 0] > 2.0
    assert measures[:, 1].tolist() == [0.0, 0.0]


def test_meaning_is_nearness_to_sentences_that_take_the_stance_above_the_background() -> None:
    codes = [Code("c", "Disputes", "How parties clash."), TOPIC]
    texts = ["The two sides clashed in an angry dispute.", "Wind turns the turbines."]
    measures = stance_measures([wanted(code) for code in codes], passages(table(texts)), encode(texts), encode)
    says = next(one.says for one in classes() if one.name == "conflict")
    towards = np.mean([encode([text])[0].astype(float) for text in says], axis=0)
    general = np.array([encode([text])[0].astype(float) @ towards for text in background()])
    expected = [(encode([text])[0].astype(float) @ towards - general.mean()) / general.std() for text in texts]
    assert measures["stance_meaning"][:, 0] == pytest.approx(expected)
    assert measures["stance_meaning"][:, 1].tolist() == [0.0, 0.0]


def test_a_codebook_of_topics_asks_for_nothing_and_embeds_nothing() -> None:
    def refuse(texts: Any) -> Any:
        raise AssertionError(texts)

    measures = stance_measures([wanted(TOPIC)] * 2, passages(table(["Wind."])), encode(["Wind."]), refuse)
    assert {name: values.tolist() for name, values in measures.items()} == {
        "stance_words": [[0.0, 0.0]],
        "stance_meaning": [[0.0, 0.0]],
    }
    assert asks_for_stance([wanted(TOPIC), wanted(CONFLICT)]).tolist() == [0.0, 1.0]


def test_a_code_of_several_stances_shares_its_weight_among_them() -> None:
    both = wanted(Code("a", "Doubts and protests", ""))
    assert dict(zip(NAMES, stance_of_codes([both])[0], strict=True)) == {
        name: 0.5 if name in ("hedging", "conflict") else 0.0 for name in NAMES
    }


def test_a_paragraph_has_the_same_stance_whatever_stands_beside_it() -> None:
    codes = [wanted(code) for code in (DOUBTS, CONFLICT, TOPIC)]
    texts = ["I doubt it. Perhaps they quarrel?", "They deny it.", "Wind."]
    whole = stance_measures(codes, passages(table(texts)), encode(texts), encode)
    for row, text in enumerate(texts):
        alone = stance_measures(codes[1:], passages(table([text])), encode([text]), encode)
        for name, values in alone.items():
            assert values[0] == pytest.approx(whole[name][row, 1:])


def test_every_class_has_words_that_ask_for_it_cues_and_sentences_and_no_cue_stands_twice() -> None:
    from importlib.resources import files

    for one in classes():
        assert one.asks and one.cues and len(one.says) >= 5
    lines = files("toolkit.coding").joinpath("stance.txt").read_text(encoding="utf-8").split("\n")
    for block in "\n".join(line for line in lines if not line.startswith("#")).strip().split("\n\n"):
        cues = " ".join(line[6:] for line in block.split("\n") if line.startswith("cues: ")).split()
        assert len(cues) == len(set(cues)), block.split("\n")[0]
    assert ("not", stem("sure")) in next(one.cues for one in classes() if one.name == "hedging")

"""The measures of theme names: form, discrimination, preference (experiments/benchmarks/naming)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "experiments" / "benchmarks"


@pytest.fixture(scope="module", autouse=True)
def benchmarks() -> Iterator[None]:
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))


def partition(texts: list[str], theme: list[int], documents: list[str] | None = None, **given: Any) -> Any:
    from naming.partitions import Partition

    themes = sorted(set(theme) - {-1})
    values: dict[str, Any] = {
        "name": "made_up",
        "texts": tuple(texts),
        "documents": tuple(documents or [f"d{at}" for at in range(len(texts))]),
        "ids": tuple(f"p{at}" for at in range(len(texts))),
        "theme": np.array(theme),
        "vectors": np.eye(len(texts), dtype=np.float32),
        "labels": {one: f"label {one}" for one in themes},
        "keywords": dict.fromkeys(themes, ()),
    }
    return Partition(**values | given)


TEXTS = ["State guidance funds pay for hydrogen plants", "The county closed its guidance funds", "Guidance of funds"]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("State guidance funds", None),
        ("Guidance funds, hydrogen plants", None),
        ("Research and development", None),
        ("US export controls", None),
        ("Science, provincial, institute", "list of three or more"),
        ("Data & Server & Query", "list of three or more"),
        ("Finance, guidance funds and risk", "list of three or more"),
        ("Funds that the state guides today", "6 words"),
        ("Guidance funds of the state, hydrogen", "5 words"),
        ("Closed by the", "edge is the function word 'the'"),
        ("Of funds", "edge is the function word 'Of'"),
        ("(no distinctive words)", "no word"),
        ("2024", "no word"),
    ],
)
def test_the_form_of_a_name_is_judged_by_its_parts_length_and_edges(name: str, fault: str | None) -> None:
    from naming.form import faults

    result = faults(partition(TEXTS, [0, 0, 0], ["a", "a", "b"]), {0: name})[0]
    assert result == [] if fault is None else fault in result


def test_a_name_that_one_or_two_documents_have_is_faulty_where_the_theme_has_three() -> None:
    from naming.form import faults

    texts = ["Lanqu Dock funds", "Lanqu funds", "Other funds", "Funds again"]
    wide = partition(texts, [0, 0, 0, 0])
    assert faults(wide, {0: "Lanqu funds"})[0] == ["'Lanqu' is in fewer than 3 documents"]
    assert faults(wide, {0: "Fund"})[0] == []  # plural and singular are one word
    assert faults(wide, {0: "Public money"})[0] == []  # no document has the words, so none owns them
    narrow = partition(texts, [0, 0, 0, 0], ["a", "a", "b", "b"])
    assert faults(narrow, {0: "Lanqu funds"})[0] == []  # a theme of two documents has no others


def test_two_themes_of_one_name_are_both_faulty() -> None:
    from naming.form import faults

    result = faults(partition(TEXTS, [0, 1, 2]), {0: "State funds", 1: "State Funds", 2: "Hydrogen"})
    assert [result[0], result[1], result[2]] == [["not unique"], ["not unique"], []]


@pytest.mark.parametrize(
    ("tags", "good"),
    [
        (["ADJ|-", "NOUN|-"], True),
        (["VERB|Part", "NOUN|-"], True),
        (["NOUN|-", "ADP|-", "NOUN|-"], True),
        (["VERB|Ger"], True),
        (["PROPN|-", "NUM|-"], True),
        (["VERB|Fin", "NOUN|-"], False),
        (["NOUN|-", "ADJ|-"], False),
        (["ADV|-", "NOUN|-"], False),
        (["NOUN|-", "VERB|Fin", "NOUN|-"], False),
        (["NOUN|-", "VERB|Fin"], False),
        (["NUM|-", "NUM|-"], False),
    ],
)
def test_tagged_words_are_a_noun_phrase_or_not(tags: list[str], good: bool) -> None:
    from naming.form import noun_faults

    assert (noun_faults([f"w{at}" for at in range(len(tags))], tags) == []) is good


def test_a_paragraph_counts_where_its_own_name_is_the_nearest_and_halves_where_two_are() -> None:
    from naming.discrimination import nearest_is_own

    names = np.array([[1.0, 0], [0, 1], [0, 1]])
    paragraphs = np.array([[0.9, 0.1], [0.2, 0.8], [0.1, 0.9], [0.9, 0.1]])
    assert nearest_is_own(names, paragraphs, np.array([0, 1, 2, 1])).tolist() == [1, 0.5, 0.5, 0]


def test_the_interval_of_discrimination_knows_documents_and_not_paragraphs() -> None:
    from naming.discrimination import clustered

    rows = np.repeat([1.0, 0.0], 50)
    apart = clustered(rows, [f"d{at}" for at in range(100)])
    together = clustered(rows, [f"d{at // 25}" for at in range(100)])  # four documents, each all right or all wrong
    assert apart[0] == pytest.approx(0.5 - 1.96 * 0.05, abs=0.02)  # the binomial standard error
    assert (together[0], together[1]) == (0, 1)


def test_centroids_find_what_names_of_another_theme_miss() -> None:
    from naming.discrimination import Discrimination

    vectors = np.array([[1.0, 0], [1, 0], [0, 1], [0, 1]])
    table = {"a": [1.0, 0], "b": [0, 1.0], "alpha": vectors[0], "beta": vectors[2]}
    part = partition(["a", "a", "b", "b"], [0, 0, 1, 1])
    scored = Discrimination(part, lambda texts: np.array([table[text] for text in texts]))
    assert scored.centroids().value == 1
    right, wrong = scored.of_names({0: "alpha", 1: "beta"}), scored.of_names({0: "beta", 1: "alpha"})
    assert (right.value, wrong.value) == (1, 0)
    assert scored.difference(right, wrong) == (1, 1, 1)


def judged() -> tuple[Any, list[Any]]:
    from naming.preference import pairs

    part = partition([f"text {at}" for at in range(12)], [0] * 6 + [1] * 6)
    new = {0: "State funds", 1: "Hydrogen"}
    rivals = {"words": {0: "Funds, a, b", 1: "hydrogen"}, "twin": {0: "funds, a,  B", 1: "Gas"}}
    return part, pairs("made_up", new, rivals)


def test_a_sheet_shows_every_differing_pair_once_and_no_namer() -> None:
    from naming.preference import sheets

    part, asked = judged()
    (text,) = sheets(part, asked)
    assert "words" not in text.split("## Theme 1")[1] and "twin" not in text.split("## Theme 1")[1]
    assert text.lower().count("funds, a,") == 1  # two rivals with one name are asked about once
    assert text.count("   A: ") == 2  # "hydrogen" and "Hydrogen" are equal: a tie that nobody is asked about
    assert sum(f"- text {at}" in text for at in range(12)) == 12


def test_sides_are_drawn_and_do_not_follow_the_namer() -> None:
    from naming.preference import pairs

    new = {theme: f"new {theme}" for theme in range(200)}
    made = pairs("made_up", new, {"old": {theme: f"old {theme}" for theme in range(200)}})
    assert 70 <= sum(pair.new_side == "A" for pair in made) <= 130
    assert all(pair.sides["AB".index(pair.new_side)] == pair.new for pair in made)


def test_answers_give_shares_with_ties_as_halves_and_the_judges_agreement() -> None:
    from naming.preference import agreement, points, preferred

    _, asked = judged()
    printed = {pair.rival: pair for pair in asked if pair.new_side and (pair.theme, pair.rival) != (0, "words")}
    printed |= {f"0 {pair.rival}": pair for pair in asked if pair.theme == 0}
    answers = {pair.id: pair.new_side for pair in asked if pair.new_side}  # always the new name
    against = {pair.id: "B" if pair.new_side == "A" else "A" for pair in asked if pair.new_side}
    one, other = points(asked, answers), points(asked, against)
    by_name = {(row.rival, row.set): row for row in preferred(asked, [one])}
    assert (by_name["words", "all sets"].hits, by_name["words", "all sets"].n, by_name["words", "all sets"].ties) == (
        1.5,
        2,
        1,
    )
    assert by_name["twin", "made_up"].hits == 2
    assert {row.hits for row in preferred(asked, [one, other]) if row.rival == "twin"} == {1.0}
    assert agreement(asked, one, one)[0] == 1
    assert agreement(asked, one, other) == (0, 0)  # one says always new, the other never: chance agreement is 0
    with pytest.raises(ValueError, match="no answer"):
        points(asked, {})


def test_wilsons_limits_are_those_of_the_literature() -> None:
    from naming.form import wilson

    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)  # Newcombe 1998, table I, method 3
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_names_of_other_themes_than_those_of_the_run_are_refused() -> None:
    from naming.names_file import check, complete, digest

    part, other = partition(TEXTS, [0, 0, 1]), partition(TEXTS, [0, 1, 1])
    check(part, {"made_up": digest(part)})
    with pytest.raises(ValueError, match="other themes"):
        check(other, {"made_up": digest(part)})
    with pytest.raises(ValueError, match=r"no name for themes \[1\]"):
        complete(part, "new", {0: "State funds"})


def test_ten_paragraphs_are_shown_the_five_most_central_first() -> None:
    angle = np.concatenate([np.linspace(0.0, 0.1, 15), np.linspace(0.5, 1.5, 15)])
    vectors = np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32)
    part = partition([f"t{at}" for at in range(30)], [0] * 30, vectors=vectors)
    shown = part.shown(0)
    nearness = vectors @ vectors.mean(axis=0)
    assert len(set(shown)) == 10
    assert sorted(shown[:5]) == sorted(np.argsort(-nearness)[:5].tolist())

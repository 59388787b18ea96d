"""How typical a term is of a theme: every formula by hand, and the keywords that are chosen by it."""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np
import pytest

from toolkit.describe.cooccurrence_ranking import association, incidence, together
from toolkit.describe.keywords import (
    Candidate,
    abbreviates,
    broader_groups,
    candidates,
    cells_of,
    distinct,
    overlaps,
    stem,
    stems,
    weigh,
)
from toolkit.describe.labels import labels_for
from toolkit.describe.phrases import Terms
from toolkit.describe.weights import FORMULAS


def terms(rows: list[str]) -> Terms:
    """Terms of texts of words; a_b is a phrase of two words."""
    names = sorted({word for row in rows for word in row.split()})
    pairs = [(i, names.index(word)) for i, row in enumerate(rows) for word in sorted(set(row.split()))]
    columns = [column for _, column in pairs]
    return Terms(
        tuple(name.replace("_", " ") for name in names), tuple(tuple(name.split("_")) for name in names),
        np.array([row for row, _ in pairs], np.int32), np.array(columns, np.int32), np.ones(len(pairs), np.int32),
        len(rows),
    )  # fmt: skip


def one(name: str, weight: float = 1.0, texts: int = 5, term: int = -1) -> Candidate:
    return Candidate(name, tuple(name.lower().split()), weight, texts, term)


def by_hand(name: str, cell: float, theme: float, term: float, total: float, themes: int) -> float:
    """The formulas of the papers for one cell of the table."""
    mean = total / themes
    if name == "ctfidf":
        return cell / theme * log(1 + mean / term)
    if name == "ctfidf_bm25":
        return sqrt(cell / theme) * log(1 + max((mean - term + 0.5) / (term + 0.5), -0.999))
    if name == "ctfidf_specific":
        return cell / theme * log(1 + mean / term) * cell / term
    if name == "npmi":
        p = cell / total
        return log(p / (theme / total * term / total)) / -log(p) * log(1 + cell)
    rest, others = term - cell, total - theme
    if name == "log_likelihood":
        table = [(cell, theme * term / total), (rest, others * term / total)]
        table += [(theme - cell, theme * (total - term) / total), (others - rest, others * (total - term) / total)]
        sign = 1 if cell / theme > term / total else -1
        return sign * 2 * sum(seen * log(seen / expected) for seen, expected in table if seen)
    prior, whole = term / total * sqrt(total), sqrt(total)
    inside = log((cell + prior) / (theme + whole - cell - prior))
    outside = log((rest + prior) / (others + whole - rest - prior))
    return (inside - outside) / sqrt(1 / (cell + prior) + 1 / (rest + prior))


CELLS = [
    (3, 10, 5, 30, 3),
    (1, 10, 9, 30, 3),
    (2, 12, 2, 30, 3),
    (4, 4, 6, 40, 2),
    (9, 30, 15, 40, 2),
    (1, 20, 1, 60, 4),
]


@pytest.mark.parametrize("name", sorted(FORMULAS))
def test_weights_are_those_of_the_papers(name: str) -> None:
    for cell, theme, term, total, themes in CELLS:
        result = FORMULAS[name](
            np.array([float(cell)]), np.array([float(theme)]), np.array([float(term)]), float(total), themes
        )
        assert result[0] == pytest.approx(by_hand(name, cell, theme, term, total, themes), abs=1e-9), (cell, theme)


def test_a_corpus_of_one_term_or_one_theme_has_finite_weights() -> None:
    for name, formula in FORMULAS.items():
        if name != "fighting_words":
            one_theme = formula(np.array([2.0, 1.0]), np.array([3.0, 3.0]), np.array([2.0, 1.0]), 3.0, 1)
            assert np.isfinite(one_theme).all(), name
    same = np.array([1.0])
    assert (
        FORMULAS["npmi"](same, same, same, 1.0, 1)[0] == 0
        and FORMULAS["log_likelihood"](same, same, same, 1.0, 1)[0] == 0
    )
    with np.errstate(all="raise"):
        frequent = FORMULAS["ctfidf_bm25"](np.array([9.0]), np.array([9.0]), np.array([1e5]), 4.0, 2)
    assert frequent[0] == pytest.approx(log(0.001))


def test_a_term_counts_once_a_text_and_texts_without_a_theme_not_at_all() -> None:
    made = terms(["a b", "a", "b c", "c", "a c"])
    cells = cells_of(made, np.array([0, 0, 1, 2, -1], np.int32), 2)
    assert list(zip(cells.theme, cells.term, cells.texts, strict=True)) == [(0, 0, 2), (0, 1, 1), (1, 1, 1), (1, 2, 1)]
    weights = weigh(cells, 3, 2, "ctfidf")
    # theme 0 has 3 occurrences, theme 1 two; a occurs twice, b twice, c once; 5 in all, 2.5 a theme
    expected = [2 / 3 * log(1 + 2.5 / 2), 1 / 3 * log(1 + 2.5 / 2), 1 / 2 * log(1 + 2.5 / 2), 1 / 2 * log(1 + 2.5)]
    assert weights == pytest.approx(expected)
    assert cells_of(terms([]), np.zeros(0, np.int32), 0).texts.tolist() == []


def names(ranked: Any) -> list[str]:
    return [candidate.name for candidate in ranked]


def test_candidates_are_ranked_by_weight_then_by_the_alphabet() -> None:
    made = terms(["c b", "c b", "c a", "a", "x y", "x y", "x z"])
    groups = np.array([0, 0, 0, 0, 1, 1, 1], np.int32)
    (first, second) = candidates(made, groups, 2, "ctfidf", 10, 2)
    assert names(first) == ["c", "a", "b"]  # z and y are too few to count: see below
    assert [candidate.texts for candidate in first] == [3, 2, 2] and [candidate.term for candidate in first] == [
        2,
        0,
        1,
    ]
    assert first[0].weight == pytest.approx(3 / 7 * log(1 + 13 / 2 / 3), abs=1e-9) and first[0].parts == ("c",)
    assert names(second) == ["x", "y", "z"]  # two alone reach two texts: the theme takes all
    assert names(candidates(made, groups, 2, "ctfidf", 2, 2)[0]) == ["c", "a"]  # a tie: by the alphabet
    assert names(candidates(made, groups, 2, "ctfidf", 1, 2)[0]) == ["c"]


def test_a_theme_with_fewer_than_three_own_terms_takes_shared_ones_and_then_single_ones() -> None:
    shared = terms(["a b s", "a b t", "u", "s x y", "t x y", "x y"])
    groups = np.array([0, 0, 0, 1, 1, 1], np.int32)
    assert sorted(names(candidates(shared, groups, 2, "ctfidf", 10, 2)[0])) == ["a", "b", "s", "t"]  # not u
    three = terms(["a b c s", "a b c t", "u", "s x y", "t x y", "x y"])
    assert sorted(names(candidates(three, groups, 2, "ctfidf", 10, 2)[0])) == ["a", "b", "c"]
    single = terms(["a b u", "a b", "v", "x y", "x y", "x y"])
    assert sorted(names(candidates(single, groups, 2, "ctfidf", 10, 2)[0])) == ["a", "b", "u", "v"]


def test_a_term_that_is_not_typical_at_all_is_no_candidate() -> None:
    made = terms(["all a", "all a", "all b", "all b"])
    result = candidates(made, np.array([0, 0, 1, 1], np.int32), 2, "log_likelihood", 10, 1)
    assert [names(ranked) for ranked in result] == [["a"], ["b"]]  # "all" has weight 0


def test_of_a_term_and_a_longer_one_that_holds_it_the_longer_stands_from_half_of_the_texts_on() -> None:
    short = one("enterprises", 9, 6)
    assert names(distinct([short, one("state enterprises", 5, 3)], 5)) == ["state enterprises"]
    assert names(distinct([short, one("state enterprises", 5, 2)], 5)) == ["enterprises"]
    assert names(distinct([one("state enterprises", 9, 1), one("enterprises", 5, 9)], 5)) == ["state enterprises"]
    two = [one("enterprises", 9, 2), one("state", 8, 2), one("state enterprises", 5, 9)]
    assert names(distinct(two, 5)) == ["enterprises", "state"]  # it would take the place of two
    assert names(distinct([one("plan", 9), one("plans", 8), one("road", 7), one("dam", 6)], 2)) == ["plan", "road"]
    late = [one("plan", 9), one("road", 8), one("road plan dam", 1), one("the plan", 1, 9)]
    assert names(distinct(late, 2)) == ["the plan", "road"]  # a longer one may still step in when the list is full


def test_inflections_and_fragments_overlap_and_other_words_do_not() -> None:
    for first, second in (
        ("plan", "plans"), ("state-owned", "owned"), ("bank of england", "england"), ("x y z", "x y"), ("x y z", "y z"),
        ("a", "a"), ("city", "cities"), ("firm's", "firm"),
    ):  # fmt: skip
        assert overlaps(one(first), one(second)) and overlaps(one(second), one(first)), (first, second)
    for first, second in (("x y z", "x z"), ("plan", "planet tree"), ("x y", "y x"), ("bank", "banker")):
        assert not overlaps(one(first), one(second)), (first, second)


def test_endings_are_cut_only_where_enough_is_left() -> None:
    pairs = {
        "realisations": "real", "statement": "stat", "element": "element", "nation": "nation", "formation": "form",
        "holdings": "hold", "wings": "wing", "rings": "ring", "king": "king", "doing": "doing", "mining": "mining",
        "boxes": "box", "uses": "use", "glass": "glass", "red": "red", "bred": "bred", "ended": "end", "easy": "eas",
        "raised": "rais", "sly": "sly", "firmly": "firm", "rivers": "river", "gas": "gas", "toe": "toe",
        "fines": "fin", "tide": "tid", "less": "less",
    }  # fmt: skip
    for word, expected in pairs.items():
        assert stem(word) == expected, word
    assert stems(one("state-owned firm's boards")) == ("stat", "own", "firm", "s", "board")


def test_initials_stand_for_what_they_abbreviate() -> None:
    assert abbreviates(one("AI"), one("artificial intelligence")) and abbreviates(
        one("soe"), one("state-owned enterprise")
    )
    assert not abbreviates(one("artificial intelligence"), one("AI"))
    assert not abbreviates(one("a"), one("artificial")) and not abbreviates(one("ab"), one("artificial intelligence"))
    assert not abbreviates(one("a i"), one("artificial intelligence"))


def test_broader_groups_are_numbered_by_their_ids_and_noise_has_none() -> None:
    groups, ids = broader_groups(np.array([0, 1, 2, -1, 1], np.int32), {0: 1001, 1: 1000, 2: 1001})
    assert groups.tolist() == [1, 0, 1, -1, 0] and ids == [1000, 1001]


def plain_association(texts: list[str], first: str, second: str) -> float:
    """NPMI of two words over texts, with both discounts."""
    a, b = ([word in text.split() for text in texts] for word in (first, second))
    both, rarer = sum(x and y for x, y in zip(a, b, strict=True)), min(sum(a), sum(b))
    if both == 0:
        npmi = -1.0
    elif both == len(texts):
        npmi = 0.0
    else:
        npmi = log(both * len(texts) / sum(a) / sum(b)) / -log(both / len(texts))
        npmi *= both / (both + 1) if npmi > 0 else 1
    return npmi * rarer / (rarer + 1)


def test_association_is_npmi_discounted_for_rare_words() -> None:
    texts = ["a b all", "a b all", "a c all", "d all", "b c all", "a b d all"]
    made = terms(texts)
    order = [made.names.index(name) for name in ("b", "all", "a", "d", "c")]
    npmi = association(incidence(made), order)
    for row, first in enumerate(("b", "all", "a", "d", "c")):
        for column, second in enumerate(("b", "all", "a", "d", "c")):
            if row != column:
                assert npmi[row, column] == pytest.approx(plain_association(texts, first, second)), (first, second)
    assert incidence(made).shape == (6, 5) and incidence(terms([])).shape == (1, 0)


COMPANY = ["a b", "a b", "a b", "c d", "c d", "c d", "e", "e"]


def test_words_that_are_used_together_are_preferred_in_the_order_of_their_weights() -> None:
    made = terms(COMPANY)
    members = incidence(made)
    place = {name: column for column, name in enumerate(made.names)}
    ranked = [
        one(name, weight, term=place[name]) for name, weight in zip("acdbe", (1.0, 0.9, 0.8, 0.7, 0.6), strict=True)
    ]
    assert names(together(ranked, members, 2, 1.0)) == ["a", "b", "c", "d", "e"]
    assert names(together(ranked, members, 2, 0.0)) == list("acdbe") == names(together(ranked, members, 5, 1.0))
    assert names(together(ranked, members, 2, 0.01)) == list("acdbe")
    for limit in (2, 3, 4):
        for pull in (0.3, 1.0, 4.0):
            picked = ["a"]
            while len(picked) < limit:  # the best by weight and mean association with those picked
                score = {
                    one.name: one.weight
                    + pull * np.mean([plain_association(COMPANY, one.name, other) for other in picked])
                    for one in ranked
                    if one.name not in picked
                }
                picked.append(max(score, key=score.__getitem__))
            result = names(together(ranked, members, limit, pull))
            assert result == sorted(picked, key="acdbe".index) + [name for name in "acdbe" if name not in picked]


def test_the_pull_weighs_against_the_heaviest_weight() -> None:
    """c (.9 of the heaviest) against b (.3 of it) that keeps a company: .9 - .75 < .3 + association."""
    made = terms(COMPANY)
    place = {name: column for column, name in enumerate(made.names)}
    for scale in (1.0, 100.0, 0.01):
        ranked = [
            one("a", scale, term=place["a"]),
            one("c", 0.9 * scale, term=place["c"]),
            one("b", 0.3 * scale, term=place["b"]),
        ]
        meets, never = plain_association(COMPANY, "a", "b"), plain_association(COMPANY, "a", "c")
        bound = 0.6 / (meets - never)
        assert names(together(ranked, incidence(made), 2, bound * 1.05))[1] == "b"
        assert names(together(ranked, incidence(made), 2, bound * 0.95))[1] == "c"


def phrased(weights: dict[str, float]) -> tuple[list[Candidate], Any]:
    """Candidates that never meet, and where they are held."""
    made = terms(list(weights))
    place = {name: column for column, name in enumerate(made.names)}
    ranked = [
        Candidate(name.replace("_", " "), tuple(name.split("_")), weight, 3, place[name.replace("_", " ")])
        for name, weight in weights.items()
    ]
    return ranked, incidence(made)


def test_two_heavy_phrases_are_taken_in_any_case() -> None:
    ranked, members = phrased({"a": 1.0, "b": 0.9, "c": 0.8, "d_e": 0.7, "f_g": 0.6, "h_i": 0.6, "j": 0.5})
    assert names(together(ranked, members, 3, 1.0))[:3] == ["a", "d e", "f g"]
    assert names(together(ranked, members, 2, 1.0))[:2] == ["a", "d e"]
    light, members = phrased({"a": 1.0, "b": 0.9, "c": 0.8, "d_e": 0.59, "f": 0.5})
    assert names(together(light, members, 2, 1.0))[:2] == ["a", "b"]
    first, members = phrased({"a_b": 1.0, "c": 0.9, "d": 0.8, "e": 0.7})
    assert names(together(first, members, 2, 1.0)) == ["a b", "c", "d", "e"]


def test_only_the_ten_heaviest_may_be_taken_as_phrases() -> None:
    singles = {f"w{i}": 1 - i / 100 for i in range(9)}
    ranked, members = phrased(singles | {"x_y": 0.8, "z": 0.7})
    assert "x y" in names(together(ranked, members, 2, 1.0))[:2]  # the tenth
    ranked, members = phrased(singles | {"w9": 0.85, "x_y": 0.8, "z": 0.7})
    assert "x y" not in names(together(ranked, members, 2, 1.0))[:2]  # the eleventh


def labelled(
    *themes: list[Candidate], keywords: int = 10, words: int = 3, longest: int = 60, taken: tuple[str, ...] = ()
) -> list[str]:
    return labels_for(themes, keywords, words, longest, taken)


def test_a_label_is_made_of_the_heaviest_words_and_prefers_phrases() -> None:
    ranked = [one("tax", 1.0), one("road works", 0.72), one("dam", 0.9), one("weir", 0.5)]
    assert labelled(ranked) == ["Road works, tax, dam"]  # .72 * 1.4 is more than 1
    assert labelled([one("tax", 1.0), one("road works", 0.71), one("dam", 0.9)]) == ["Tax, road works, dam"]
    assert labelled(ranked, words=1) == ["Road works"] and labelled(ranked, keywords=1) == ["Tax, road works, dam"]


def test_a_label_is_at_most_as_long_as_asked_but_never_empty() -> None:
    ranked = [one("aaaa", 3.0), one("bbbb", 2.0), one("cc", 1.0)]
    assert labelled(ranked, longest=14) == ["Aaaa, bbbb, cc"] and labelled(ranked, longest=13) == ["Aaaa, bbbb"]
    assert labelled(ranked, longest=10) == ["Aaaa, bbbb"] and labelled(ranked, longest=9) == ["Aaaa, cc"]
    assert labelled(ranked, longest=2) == ["Aaaa"] and labelled([]) == ["(no distinctive words)"]


def test_no_word_of_a_label_says_another_again() -> None:
    ranked = [one("tax plan", 3.0), one("plans", 2.0), one("tp", 1.5), one("tp plan", 1.4), one("dam", 1.0)]
    assert labelled(ranked) == ["Tax plan, dam"]
    assert labelled([one("ai", 3.0), one("artificial intelligence", 1.0), one("dam", 0.5)]) == ["Ai, dam"]


def test_labels_that_would_be_the_same_take_more_words_and_at_last_a_number() -> None:
    ranked = [one("tax", 3.0), one("dam", 2.0), one("weir", 1.0)]
    assert labelled(ranked, ranked, ranked, words=1, longest=3) == ["Tax", "Tax, dam", "Tax, dam, weir"]
    assert labelled(*[[one("tax")]] * 4) == ["Tax", "Tax 2", "Tax 3", "Tax 4"]
    assert labelled([], [], []) == [f"(no distinctive words){more}" for more in ("", " 2", " 3")]
    assert labelled([one("tax")], taken=("TAX", "tax 2")) == ["Tax 3"]
    reserve = [one("tax", 1.0), one("dam", 9.0)]  # after the keywords: in reserve, whatever it weighs
    assert labelled([one("tax", 1.0)], reserve, keywords=1, words=1) == ["Tax", "Tax, dam"]
    long = [one("a" * 9, 3.0), *[one(c * 5, 2.0) for c in "bcdefghijklmnopqrst"]]
    assert len(labelled([one("a" * 9)], long, words=1, longest=10)[1]) == 16

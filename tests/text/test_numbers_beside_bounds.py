"""Rounded numbers never contradict the rule beside them, and rankings tell their ties."""

from __future__ import annotations

import random

import pytest

from toolkit.text.format import (
    apart_from_zero,
    beside,
    decimal,
    denominator,
    digits_beside,
    percent_beside,
)
from toolkit.text.ties import leading, quantified


def shown(text: str) -> float:
    return float(text.replace("−", "-").removesuffix("%"))


@pytest.mark.parametrize(
    ("value", "bound", "words"),
    [
        (0.598, 0.6, "0.598"),
        (0.5996, 0.6, "0.5996"),
        (0.602, 0.6, "0.60"),
        (0.6, 0.6, "0.60"),
        (0.43, 0.6, "0.43"),
        (0.0499, 0.05, "0.0499"),
        (0.25, None, "0.25"),
        (None, 0.6, "–"),
        (float("nan"), 0.6, "–"),
        (-0.001, 0.0, "−0.001"),
    ],
)
def test_a_number_has_as_many_digits_as_show_on_which_side_of_its_bound_it_lies(value, bound, words):
    assert beside(value, bound) == words


def test_any_number_and_any_bound_print_on_the_side_where_they_lie():
    chance = random.Random(4)
    for _ in range(3000):
        bound = round(chance.random(), chance.choice((1, 2, 3, 5)))
        values = [bound + chance.choice((-1, 1)) * 10 ** chance.uniform(-4.5, -1) for _ in range(4)]
        places = digits_beside(values, bound)
        for value in values:
            assert (shown(beside(value, bound, 2, places)) < shown(decimal(bound, places))) == (value < bound)


def test_a_share_under_a_quarter_is_not_printed_as_a_quarter():
    assert percent_beside(85 / 341, 0.25, 341) == "24.9%"
    assert percent_beside(0.2499, 0.25, 341) == "24.99%"
    assert percent_beside(0.2, 0.25, 40) == "20%" and percent_beside(0.25, 0.25, 40) == "25%"
    assert percent_beside(0.001, 0.25, 40) == "<1%" and percent_beside(None, 0.25) == "–"


def test_the_ends_of_an_interval_show_on_which_side_of_zero_they_lie():
    assert apart_from_zero(0.3, 5.2, 0) == "0.3 to 5.2"
    assert apart_from_zero(0.0004, 0.02) == "0.0004 to 0.0200"
    assert apart_from_zero(-4.0, 3.0, 0) == "−4 to 3" and apart_from_zero(0.0, 3.0, 0) == "0 to 3"
    assert apart_from_zero(None, 1.0) == ""


def test_a_denominator_is_told_with_what_it_counts_and_with_its_hits_if_it_is_of_a_ratio():
    assert denominator(177, "codes given by the machine", 112) == "112 of 177 codes given by the machine"
    assert denominator(1860, "decisions") == "1,860 decisions"
    assert denominator(None) == "" and denominator(40) == "40"


def test_what_prints_the_same_is_named_together_and_no_tie_is_cut_in_two():
    ranked = [("a", 14), ("b", 12), ("c", 12), ("d", 11), ("e", 11)]
    assert leading(ranked, lambda one: one[1]) == ([[("a", 14)], [("b", 12), ("c", 12)]], [])
    tie = [("a", 9), ("b", 9), *(("c", 8),) * 3]
    assert [len(group) for group in leading(tie, lambda one: one[1])[0]] == [2, 3]
    many = [("a", 9), *(("b", 8),) * 6]
    groups, more = leading(many, lambda one: one[1])
    assert groups == [[("a", 9)]] and len(more) == 6
    assert leading(many[1:], lambda one: one[1]) == ([], many[1:]) and leading([], str) == ([], [])
    assert [quantified("a" * n) for n in (1, 2, 3)] == ["", "both ", "each "]

"""What is held against chance: shuffled columns, the bound on stability, and when all themes are fragile."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from toolkit.discover.null_model import Chance, against_chance, by_chance, said
from toolkit.discover.stability import agreement, stability


def signs(n, d, seed=0):
    """Unit rows whose entries are all equally large, so that shuffled rows keep their length."""
    return (np.random.default_rng(seed).choice([-1, 1], (n, d)) / d**0.5).astype(np.float32)


def seen(vectors, seed=1):
    """The vectors that a method is given when chance is asked."""
    given = []

    def clustered(mixed, seed):
        given.append((mixed, seed))
        return np.zeros(len(mixed), np.int32), []

    by_chance(vectors, clustered, seed)
    return given[0]


def test_each_dimension_is_shuffled_by_itself_and_rows_have_length_one():
    vectors = signs(200, 16)
    mixed, seed = seen(vectors, 5)
    assert seed == 5 and mixed.dtype == np.float32 and mixed.flags.c_contiguous
    assert np.allclose(np.sort(mixed, axis=0), np.sort(vectors, axis=0), atol=1e-6)
    assert not (np.abs(mixed - vectors) < 1e-6).all(axis=0).any()
    assert abs(np.corrcoef(np.hstack([mixed[:, :1], vectors[:, :1]]).T)[0, 1]) < 0.3
    skewed = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    assert np.allclose(np.linalg.norm(seen(skewed)[0], axis=1), 1, atol=1e-6)
    doubled = np.hstack([signs(200, 1)] * 4) / 2  # what columns say together is broken
    assert len(np.unique(np.round(seen(doubled)[0], 3), axis=0)) > 8
    assert np.array_equal(seen(vectors, 5)[0], mixed) and not np.array_equal(seen(vectors, 6)[0], mixed)


def test_rows_of_nothing_stay_nothing():
    assert (seen(np.zeros((6, 3), np.float32))[0] == 0).all()


def test_at_most_two_thousand_rows_spread_over_all_are_shuffled():
    ramp = np.linspace(1, 2, 2400)[:, None] * np.ones((1, 1))
    wide = np.hstack([ramp, np.ones((2400, 1))]).astype(np.float32)
    assert len(seen(signs(2000, 4))[0]) == len(seen(signs(2001, 4))[0]) == 2000
    assert len(seen(signs(1999, 4))[0]) == 1999
    mixed = seen(wide)[0].astype(float)
    ratio = np.sort(mixed[:, 0] / mixed[:, 1])
    assert ratio == pytest.approx(wide[np.linspace(0, 2399, 2000).astype(int), 0], abs=1e-5)


def grouped(sizes, kept, refits=8):
    """A method that finds themes of given sizes, of which each refit finds a share again and scatters the rest."""
    labels = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    rows = np.arange(len(labels), dtype=np.int32)
    random = np.random.default_rng(0)

    def refit():
        lost = np.concatenate([random.random(size) > share for size, share in zip(sizes, kept, strict=True)])
        return rows, np.where(lost, 100 + rows, labels).astype(np.int32)

    return labels, [refit() for _ in range(refits)]


def test_the_bound_is_what_19_of_20_shuffled_themes_of_three_or_more_texts_stay_below():
    sizes, kept = (30, 25, 20, 15, 3, 2, 1), (0.9, 0.5, 0.7, 0.8, 0.6, 1, 1)
    labels, refits = grouped(sizes, kept)
    found = by_chance(signs(96, 4), lambda *_: (labels, refits), 1)
    assert found.stability == pytest.approx(np.quantile(stability(labels, refits)[:5, 0], 0.95))
    assert found.agreement == pytest.approx(agreement(refits, 96))


def test_the_bound_needs_two_themes_that_were_measured():
    labels, refits = grouped((30, 2, 2), (0.9, 1, 1))
    assert by_chance(signs(34, 4), lambda *_: (labels, refits), 1).stability == 0
    labels, refits = grouped((30, 3), (0.9, 0.5))
    found = by_chance(signs(33, 4), lambda *_: (labels, refits), 1)
    assert found.stability == pytest.approx(np.quantile(stability(labels, refits)[:, 0], 0.95)) and found.stability > 0
    noisy = np.where(np.arange(33) < 3, -1, labels).astype(np.int32)
    assert by_chance(signs(33, 4), lambda *_: (noisy, refits), 1).stability > 0
    part = [(rows[:30], made[:30]) for rows, made in refits]  # theme 1 was never seen: not measured
    assert by_chance(signs(33, 4), lambda *_: (labels, part), 1).stability == 0


def same(share, shuffled=0.0):
    """A method whose shuffled refits agree to about `shuffled` and whose themes return with about `share`."""
    return lambda mixed, seed: grouped((40, 40), (share, share))


def test_where_refits_agree_to_four_fifths_chance_is_not_asked():
    def never(mixed, seed):
        raise AssertionError("asked")

    assert against_chance(0.8, signs(80, 4), never, 1) == (0.6, ())
    with pytest.raises(AssertionError, match="asked"):
        against_chance(0.799, signs(80, 4), never, 1)


def test_refits_that_agree_by_no_more_than_a_tenth_beyond_chance_are_no_evidence():
    labels, refits = grouped((40, 40), (0.5, 0.5))
    chance = agreement(refits, 80)
    for beyond, none in ((0.099, True), (0.101, False), (-0.5, True)):
        floor, (note,) = against_chance(chance + beyond, signs(80, 4), lambda *_: (labels, refits), 1)
        assert (floor == inf) == none == note.startswith("No evidence of themes")
        assert f"{chance + beyond:.2f}" in note and f"{chance:.2f}" in note


def test_themes_must_return_more_surely_than_those_of_shuffled_vectors():
    labels, refits = grouped((40, 40), (0.7, 0.75))
    bound = float(np.quantile(stability(labels, refits)[:, 0], 0.95))
    assert bound > 0.6
    floor, (note,) = against_chance(0.79, signs(80, 4), lambda *_: (labels, refits), 1)
    assert floor == pytest.approx(bound) and f"below {bound:.2f} are marked fragile" in note
    labels, refits = grouped((40, 40), (0.4, 0.4))
    floor, (note,) = against_chance(0.79, signs(80, 4), lambda *_: (labels, refits), 1)
    assert floor == 0.6 and "there is structure" in note


def test_what_is_said_of_chance_follows_the_bound():
    assert said(0.3, Chance(0.25, 0.9), inf).startswith("No evidence")
    assert "there is structure" in said(0.7, Chance(0.25, 0.6), 0.6)
    assert "(19 of 20)" in said(0.7, Chance(0.25, 0.601), 0.601)
    assert said(0.5, Chance(0.25, 0.7), 0.7).startswith("Refits agree to 0.50")
    assert said(0.25, Chance(0.125, 0.7), 0.7).startswith("Refits") and said(0.225, Chance(0.125, 0.7), 0.7)[:2] == "No"

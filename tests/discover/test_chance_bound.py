"""The verdict against chance: shuffled columns, the bound on stability, grades, and that no seed turns them."""

from __future__ import annotations

from math import inf, isnan

import numpy as np
import pytest
from scipy.stats import ttest_ind

from toolkit.discover.consensus import Consensus
from toolkit.discover.null_model import (
    FRAGILE,
    Evidence,
    NullModel,
    Observed,
    by_chance,
    chance_stability,
    evidence,
    graded,
    no_surer,
    one_more,
    shuffled,
    verdict_sentence,
)
from toolkit.discover.stability import agreement, agreements, stability


def signs(n, d, seed=0):
    """Unit rows whose entries are all equally large, so that shuffled rows keep their length."""
    return (np.random.default_rng(seed).choice([-1, 1], (n, d)) / d**0.5).astype(np.float32)


def test_each_dimension_is_shuffled_by_itself_and_rows_have_length_one():
    vectors = signs(200, 16)
    mixed = shuffled(vectors, 5)
    assert mixed.dtype == np.float32 and mixed.flags.c_contiguous
    assert np.allclose(np.sort(mixed, axis=0), np.sort(vectors, axis=0), atol=1e-6)
    assert not (np.abs(mixed - vectors) < 1e-6).all(axis=0).any()
    assert abs(np.corrcoef(np.hstack([mixed[:, :1], vectors[:, :1]]).T)[0, 1]) < 0.3
    skewed = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    assert np.allclose(np.linalg.norm(shuffled(skewed, 1), axis=1), 1, atol=1e-6)
    doubled = np.hstack([signs(200, 1)] * 4) / 2  # what columns say together is broken
    assert len(np.unique(np.round(shuffled(doubled, 1), 3), axis=0)) > 8
    assert np.array_equal(shuffled(vectors, 5), mixed)
    assert not np.array_equal(shuffled(vectors, 6), mixed) and not np.array_equal(shuffled(vectors, 5, 1), mixed)
    assert (shuffled(np.zeros((6, 3), np.float32), 1) == 0).all()


def test_at_most_five_hundred_rows_spread_over_all_are_shuffled():
    wide = np.hstack([np.linspace(1, 2, 700)[:, None], np.ones((700, 1))]).astype(np.float32)
    assert [len(shuffled(signs(n, 4), 1)) for n in (499, 500, 501)] == [499, 500, 500]
    mixed = shuffled(wide, 1).astype(float)
    assert np.sort(mixed[:, 0] / mixed[:, 1]) == pytest.approx(wide[np.linspace(0, 699, 500).astype(int), 0], abs=1e-5)


def grouped(sizes, kept, refits=8):
    """A method that finds themes of given sizes, of which each refit finds a share again and scatters the rest."""
    labels = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    rows = np.arange(len(labels), dtype=np.int32)
    random = np.random.default_rng(0)

    def refit():
        lost = np.concatenate([random.random(size) > share for size, share in zip(sizes, kept, strict=True)])
        return rows, np.where(lost, 100 + rows, labels).astype(np.int32)

    return labels, [refit() for _ in range(refits)]


def bound(labels, refits):
    return chance_stability(signs(len(labels), 4), lambda *_: (labels, refits), 1)


def test_the_bound_is_what_19_of_20_shuffled_themes_of_three_or_more_texts_stay_below():
    labels, refits = grouped((30, 25, 20, 15, 3, 2, 1), (0.9, 0.5, 0.7, 0.8, 0.6, 1, 1))
    of_all = np.tile(stability(labels, refits)[:5, 0], 5)  # of five shuffles
    assert bound(labels, refits) == pytest.approx(np.quantile(of_all, 0.95))


def test_the_bound_needs_two_themes_that_were_measured():
    labels, refits = grouped((30, 2, 2), (0.9, 1, 1))
    assert bound(labels, refits) == 0
    labels, refits = grouped((30, 3), (0.9, 0.5))
    assert bound(labels, refits) > 0
    assert bound(np.where(np.arange(33) < 3, -1, labels).astype(np.int32), refits) > 0
    assert bound(labels, [(rows[:30], made[:30]) for rows, made in refits]) == 0  # theme 1 was never seen


def test_shuffles_go_on_until_their_mean_is_exact_and_to_twice_as_many_at_most():
    values = iter(np.random.default_rng(0).normal(0.4, 0.2, 100))
    assert len(by_chance(signs(20, 4), lambda *_: next(values), 1)) == 40
    assert by_chance(signs(20, 4), lambda *_: 0.25, 1).tolist() == [0.25] * 20
    seen = []
    by_chance(signs(20, 4), lambda mixed, seed: seen.append((mixed.tobytes(), seed)) or 0.0, 1)
    assert len({mixed for mixed, _ in seen}) == len({seed for _, seed in seen}) == 20


@pytest.mark.parametrize("value", [0.1, 0.35, 0.6])
def test_p_is_students_t_of_one_value_against_the_shuffles(value):
    null = np.random.default_rng(3).normal(0.3, 0.05, 20)
    assert one_more(value, null) == pytest.approx(ttest_ind([value], null, alternative="greater").pvalue)


def test_each_refit_is_compared_with_those_three_numbers_before_and_after():
    _, refits = grouped((20, 20), (0.8, 0.6), refits=4)  # with four refits every pair counts
    assert agreements(refits, 40).mean() == pytest.approx(agreement(refits, 40)) != 1
    assert agreements(refits[:1], 40).tolist() == [1]


def judged(value, chance, vectors=None, chosen=0.5, bounded=((40, 40), (0.4, 0.4)), **more):
    """The verdict on an agreement where every second shuffle agrees to `chance` and the others by .02 more."""
    values = iter([chance - 0.01, chance + 0.01] * 40)
    vectors = signs(80, 4) if vectors is None else vectors
    null = NullModel(lambda *_: next(values), lambda *_: grouped(*bounded), **more)
    return evidence(Observed(value, 0.003), chosen, vectors, null, 1)


def test_the_verdict_has_degrees_by_agreement_beyond_chance():
    for gap, grade in ((-0.2, "none"), (0.04, "none"), (0.06, "weak"), (0.13, "weak"), (0.15, "clear"), (0.6, "clear")):
        result = judged(0.3 + gap, 0.3)
        assert (result.grade, result.gap, result.shuffles) == (grade, pytest.approx(gap), 20)
        assert result.low < gap < result.high and result.high - result.low == pytest.approx(
            2 * 1.96 * np.hypot(0.003, np.std([-0.01, 0.01] * 10, ddof=1) / 20**0.5)
        )
        assert (result.floor == inf) == (grade in ("none", "weak"))
        verdict = verdict_sentence(result)
        assert verdict.startswith("No evidence" if grade == "none" else f"{grade.capitalize()} evidence")
        assert f"{0.3 + gap:.2f}" in verdict and "0.30 on vectors shuffled" in verdict and "20 shuffles" in verdict
        assert ("All themes are marked fragile" in verdict) == (result.floor == inf)
    assert graded(0.4, 0.051) == "none" and graded(0.4, 0.05) == "clear"


def test_themes_that_return_no_more_surely_than_shuffled_ones_are_counted():
    shares = ((40, 40), (0.7, 0.75))
    labels, refits = grouped(*shares)
    limit = float(np.quantile(np.tile(stability(labels, refits)[:, 0], 5), 0.95))
    verdict = judged(0.79, 0.3, bounded=shares)
    assert verdict.chance_stability == pytest.approx(limit) and limit > FRAGILE and verdict.floor == FRAGILE
    (note,) = no_surer(verdict, np.array([limit - 0.01, limit + 0.01, 0.4]))
    assert note.startswith("2 of 3 themes") and f"below a stability of {limit:.2f}" in note
    assert (
        no_surer(verdict, np.array([0.9])) == no_surer(judged(0.3, 0.3), np.array([0.4])) == no_surer(None, None) == ()
    )


def test_nothing_is_shuffled_where_refits_agree_to_four_fifths_and_that_is_said():
    verdict = judged(0.7, 0.3, chosen=0.8)
    assert (verdict.grade, verdict.shuffles, verdict.floor, verdict.notes) == ("clear", 0, FRAGILE, ())
    assert isnan(verdict.gap) and isnan(verdict.p) and "not measured: refits agree to 0.80" in verdict.reason
    assert judged(0.7, 0.3, chosen=0.799).shuffles == 20
    assert judged(0.7, 0.3, chosen=0.949, few=True).shuffles == 20
    assert judged(0.7, 0.69, chosen=0.95, few=True).grade == "clear"
    assert Evidence("clear", 0.7).works == () and judged(0.7, 0.3).works


def loose(n=44, d=24, groups=4, spread=1.2, seed=2):
    """Texts and unit vectors of loose groups: so few that one shuffle alone decides nothing."""
    random = np.random.default_rng(seed)
    vectors = np.eye(d)[np.arange(n) % groups] + spread / d**0.5 * random.normal(size=(n, d))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [f"text {at:02d} word{at % groups}" for at in range(n)], vectors.astype(np.float32)


def test_no_seed_turns_the_verdict_on_a_small_corpus_or_on_its_shuffled_vectors():
    texts, vectors = loose()
    settings = Consensus(refits=10, trials=4, resolution=1.0)
    assert {settings.fit(texts, vectors, seed).evidence.grade for seed in range(2)} == {"clear"}
    mixed = shuffled(vectors, 7)
    verdicts = [settings.fit(texts, mixed, seed).evidence for seed in range(2)]
    assert {result.grade for result in verdicts} == {"none"} and all(result.floor == inf for result in verdicts)

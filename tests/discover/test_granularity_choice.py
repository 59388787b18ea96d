"""Which granularity is taken: the score, the limits on the largest theme, standard errors, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest

from toolkit.discover.granularity import (
    RESOLUTIONS,
    Candidate,
    between,
    choose,
    cliff,
    contenders,
    edge,
    open_choice,
    scores,
    table,
)


def sized(*sizes):
    """Labels of themes of these sizes."""
    return np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)


def candidate(value=1.0, persistences=0.9, coherences=0.0, sizes=(10, 10, 10), refits=4, n=None):
    """A candidate all of whose refits saw all rows and found themes of these sizes."""
    labels = sized(*sizes)
    rows = np.arange(len(labels), dtype=np.int32)
    persistences, coherences = (
        np.broadcast_to(np.asarray(values, float), refits) for values in (persistences, coherences)
    )
    return Candidate(value, ((rows, labels),) * refits, n or len(labels), 0.5, persistences, coherences)


def test_resolutions_rise_by_half_powers_of_two_from_a_tenth():
    assert pytest.approx(np.geomspace(0.1, 0.1 * 2**5.5, 12), abs=5e-4) == RESOLUTIONS
    assert all(round(value, 3) == value for value in RESOLUTIONS)


def test_coherence_of_the_words_decides_between_granularities_that_return_equally_surely():
    plain, worded = candidate(1.0, 0.9, coherences=0.0), candidate(1.5, 0.9, coherences=0.1)
    assert choose([plain, worded], None) == 1
    assert choose([candidate(1.0, 0.925), worded], None) == 1  # a tenth of coherence is worth 0.03 of persistence
    assert choose([candidate(1.0, 0.935), worded], None) == 0


def test_a_coarser_partition_must_gain_three_hundredths_for_each_halving_of_the_resolution_below_one():
    fine = candidate(1.0, 0.9)
    for value, needed in ((0.5, 0.03), (0.25, 0.06), (2**-0.5, 0.015)):
        assert choose([candidate(value, 0.9 + needed - 0.005), fine], None) == 1
        assert choose([candidate(value, 0.9 + needed + 0.005), fine], None) == 0
    assert choose([candidate(1.0, 0.9), candidate(2.0, 0.905)], None) == 1  # above 1 nothing is asked and nothing given
    assert choose([candidate(1.0, 0.905), candidate(2.0, 0.9)], None) == 0


def test_the_score_is_persistence_and_weighed_coherence_less_the_penalty():
    results = [
        candidate(0.25, [0.8, 0.9, 1.0, 0.9], coherences=[0.2, np.nan, 0.4, np.nan]),
        candidate(4.0, 0.7, coherences=np.nan),
    ]
    assert scores(results) == pytest.approx([0.9 + 0.3 * 0.3 - 2 * 0.03, 0.7])
    assert results[0].persistence == pytest.approx(0.9) and results[0].coherence == pytest.approx(0.3)
    assert results[1].coherence is None


def test_a_candidate_never_compared_holds_fully_and_says_nothing_of_words():
    alone = Candidate(1.0, ((np.arange(4, dtype=np.int32), sized(2, 2)),), 4)
    assert (alone.persistence, alone.agreement, alone.coherence) == (1.0, 1.0, None)


def test_the_middle_number_of_themes_and_the_mean_largest_share_are_those_of_the_refits():
    rows = np.arange(12, dtype=np.int32)
    some = [(rows, sized(*sizes)) for sizes in ((12,), (6, 6), (3, 3, 3, 3), (4, 4, 4), (8, 2, 2))]
    assert Candidate(1.0, tuple(some), 12).themes == 3
    assert Candidate(1.0, tuple(some[:4]), 12).themes == 3  # the upper one of the two in the middle: 1, 2, 3, 4
    assert Candidate(1.0, tuple(some), 12).largest == pytest.approx((1 + 1 / 2 + 1 / 4 + 1 / 3 + 2 / 3) / 5)


def test_no_theme_may_hold_over_half_of_the_texts():
    rival = candidate(2.0, 0.85, sizes=(4, 3, 3))
    assert choose([candidate(1.0, 0.9, sizes=(5, 3, 2)), rival], None) == 0
    assert choose([candidate(1.0, 0.9, sizes=(51, 30, 19)), rival], None) == 1


def test_one_theme_divides_nothing_and_themes_have_three_texts_on_average():
    whole, halves = candidate(1.0, 1.0, sizes=(9,)), candidate(2.0, 0.85, sizes=(5, 5))
    assert not whole.divided and choose([whole, halves], None) == 1
    assert candidate(sizes=(3, 3, 3)).divided and not candidate(sizes=(3, 3, 2)).divided
    assert candidate(sizes=(3, 3)).eligible and not candidate(sizes=(4, 2)).eligible
    assert not candidate(sizes=(1,) * 5).eligible


def test_a_large_theme_is_allowed_where_it_returns_surely_and_nothing_else_does():
    large = {"sizes": (80, 20)}
    loose = candidate(2.0, 0.79, coherences=0.9, sizes=(40, 30, 30))  # of the better score
    assert choose([candidate(1.0, 0.95, **large), loose], None) == 0
    assert choose([candidate(1.0, 0.949, **large), loose], None) == 1
    assert choose([candidate(1.0, 0.95, sizes=(81, 19)), loose], None) == 1
    assert choose([candidate(1.0, 0.95, **large), candidate(2.0, 0.8, coherences=0.9, sizes=(40, 30, 30))], None) == 1
    # among those that return surely the best is taken, and where none is eligible they go before the coarsest
    assert choose([candidate(1.0, 0.95, **large), candidate(1.1, 0.97, **large), loose], None) == 1
    assert choose([candidate(0.9, 0.94, coherences=0.9, **large), candidate(1.0, 0.95, **large)], None) == 1


def test_where_nothing_is_eligible_the_coarsest_that_divides_is_taken():
    whole, uneven, finer = (
        candidate(persistences=0.5, sizes=s, coherences=r) for s, r in (((9,), 0), ((8, 1), 0), ((6, 2, 1), 1))
    )
    assert choose([whole, uneven, finer], None) == 1
    assert choose([whole, whole], None) == 0


def test_a_number_asked_for_goes_before_all_limits():
    results = [candidate(value, members, sizes=sizes) for value, members, sizes in (
        (1.0, 0.9, (8, 2)), (1.4, 0.5, (4, 3, 3)), (2.0, 0.7, (3, 3, 2, 2)), (2.8, 0.6, (2,) * 5),
    )]  # fmt: skip
    assert choose(results, (2, 2)) == 0 and choose(results, (3, 4)) == 2 and choose(results, (3, 3)) == 1
    assert choose(results, (1, 9)) == 0 and choose(results, (4, 5)) == 2
    skipped = [results[0], results[3]]
    assert choose(skipped, (3, 4)) == 1  # the coarsest with enough
    assert choose([results[0], results[2], results[3]], (3, 3)) == 1
    assert choose(results, (6, 7)) == 3  # none has: the finest, from which more are made


def test_equal_scores_go_to_the_coarser_and_differences_beyond_six_decimals_are_none():
    assert choose([candidate(1.0, 0.9), candidate(2.0, 0.9)], None) == 0
    assert choose([candidate(1.0, 0.9), candidate(2.0, 0.9 + 4e-7)], None) == 0
    assert choose([candidate(1.0, 0.9), candidate(2.0, 0.9 + 2e-6)], None) == 1


def test_a_candidate_left_behind_with_fewer_refits_is_out():
    results = [candidate(1.0, 0.8, refits=9), candidate(2.0, 0.9, refits=4), candidate(3.0, 0.7, refits=9)]
    assert choose(results, None) == choose(results, None, 4) == 1
    assert choose(results, None, 9) == choose(results, None, 5) == 0
    assert choose(results, None, 10) == 1  # where none has as many, all are in


def test_the_choice_is_open_to_all_less_than_two_standard_errors_behind():
    gaps = np.array([0.01, 0.05, 0.03, 0.07, -0.01])
    best = candidate(1.0, 0.9, refits=5)
    error = 2 * gaps.std(ddof=1) / 5**0.5  # of the mean difference; a U-statistic counts every refit twice
    assert 2 * error > 0.03  # as it stands the other one is in question
    moved = gaps + (2 * error - gaps.mean())  # exactly two standard errors behind
    assert contenders([best, candidate(2.0, 0.9 - gaps, refits=5)], 0, None) == [0, 1]
    assert contenders([best, candidate(2.0, 0.9 - moved + 1e-6, refits=5)], 0, None) == [0, 1]
    assert contenders([best, candidate(2.0, 0.9 - moved - 1e-6, refits=5)], 0, None) == [0]


def test_the_standard_error_counts_coherence_with_its_weight_and_unread_words_as_nothing():
    values, read = np.array([0.8, 0.9, 0.85, 0.95]), np.array([0.1, 0.5, np.nan, 0.2])
    rest, known = np.array([0.9, 0.7, 0.8, 0.8]), np.array([np.nan, 0.3, 0.2, 0.1])
    difference = 2 * (values - rest) + 0.3 * (np.array([0.1, 0.5, 0, 0.2]) - np.array([0, 0.3, 0.2, 0.1]))
    error = difference.std(ddof=1) / 2
    best = candidate(1.0, values, read)
    behind = values.mean() + 0.3 * np.nanmean(read) - rest.mean() - 0.3 * np.nanmean(known)
    for off, wanted in ((-1e-6, [0, 1]), (1e-6, [0])):
        shift = 2 * error - behind + off  # a shift of all refits changes no standard error
        assert contenders([best, candidate(2.0, rest - shift, known)], 0, None) == wanted


@pytest.mark.filterwarnings("error")
def test_refits_that_agree_with_each_other_or_a_single_one_leave_nothing_open():
    assert contenders([candidate(1.0, 0.9), candidate(2.0, 0.899)], 0, None) == [0]
    assert contenders([candidate(1.0, 0.9, refits=1), candidate(2.0, 0.8, refits=1)], 0, None) == [0]
    two = [candidate(1.0, [0.9, 0.8], refits=2), candidate(2.0, [0.8, 0.89], refits=2)]
    assert contenders(two, 0, None) == [0, 1]


def test_only_candidates_of_the_same_pool_and_as_many_refits_are_in_question():
    wide = [0.9, 0.7, 0.9, 0.7]
    others = [candidate(2.0, wide[::-1]), candidate(2.0, wide[::-1], sizes=(20, 5, 5)), candidate(2.0, [0.7, 0.9] * 3,
              refits=6)]  # fmt: skip
    assert contenders([candidate(1.0, wide), *others], 0, None) == [0, 1]
    assert contenders([candidate(1.0, wide), *others[:2]], 0, (3, 3)) == [0, 1, 2]
    assert contenders([*others[:1], candidate(1.0, wide)], 1, None) == [1, 0]


def neighbour(agreeing):
    """Two candidates of 40 rows whose labels agree to about this adjusted Rand index, and the index itself."""
    from sklearn.metrics import adjusted_rand_score

    one = np.repeat(np.arange(4), 10).astype(np.int32)
    other = one.copy()
    for row in range(40):
        if adjusted_rand_score(one, other) <= agreeing:
            break
        other[row * 11 % 40] = (other[row * 11 % 40] + 1) % 4
    rows = np.arange(40, dtype=np.int32)
    pair = [Candidate(value, ((rows, labels),) * 2, 40) for value, labels in ((1.0, one), (1.5, other))]
    return pair, adjusted_rand_score(one, other)


def test_neighbouring_granularities_that_agree_less_than_three_fifths_are_a_cliff():
    for wanted in (0.75, 0.65, 0.59, 0.4):
        (here, there), index = neighbour(wanted)
        assert between(here, there) == pytest.approx(index)
        assert len(cliff([here, there], 0)) == len(cliff([there, here], 1)) == (index < 0.6)
        assert len(cliff([there, here, there], 1)) == 2 * (index < 0.6)
        assert len(cliff([here, there, there], 2)) == 0  # only what stands next to it counts
    same = candidate(1.0)
    assert cliff([same], 0) == ()


def test_a_cliff_to_a_single_theme_is_said_in_the_singular():
    (note,) = cliff([candidate(0.5, sizes=(12,)), candidate(1.0, sizes=(4, 4, 4))], 1)
    assert "would be 1 theme instead of 3" in note


def test_the_finest_resolution_tried_is_said_to_be_no_limit():
    results = [candidate(1.0), candidate(2.0), candidate(3.0)]
    assert edge(results, 0) == edge(results, 1) == edge(results[:1], 0) == ()
    (note,) = edge(results, 2)
    assert "3, is the best of 3" in note
    assert len(edge(results[:2], 1)) == 1


def test_candidates_that_refits_could_not_tell_apart_are_named():
    results = [candidate(1.0), candidate(2.0, sizes=(8, 7, 8, 7)), candidate(3.0, sizes=(6,) * 5)]
    assert open_choice(results, [1]) == () and open_choice(results, []) == ()
    (note,) = open_choice(results, [0, 2])
    assert "4 refits cannot tell resolution 1 (3 themes) from 3 (5 themes)" in note


def test_the_table_of_candidates_says_what_the_rule_looked_at():
    results = [candidate(0.5, 0.9, coherences=0.2), candidate(1.0, 0.8, coherences=np.nan, sizes=(15, 8, 4, 3))]
    rows = table(results, 1).to_pylist()
    assert [row["value"] for row in rows] == [0.5, 1.0] and [row["chosen"] for row in rows] == [False, True]
    assert [row["themes"] for row in rows] == [3, 4]
    assert [row["largest_share"] for row in rows] == pytest.approx([1 / 3, 1 / 2])
    assert [row["score"] for row in rows] == pytest.approx([0.9 + 0.06 - 0.03, 0.8])
    assert [row["agreement"] for row in rows] == [0.5, 0.5] and rows[0]["coherence"] == pytest.approx(0.2)
    assert rows[1]["coherence"] is None and {row["parameter"] for row in rows} == {"resolution"}
    assert rows[0]["next_agreement"] == pytest.approx(between(*results)) and rows[1]["next_agreement"] is None

"""Refits that try the granularities: what they are compared with, and when further ones are made."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from toolkit.discover.granularity import candidates, race
from toolkit.discover.trials import Trials
from toolkit.discover.wording import Wording


def made(refits, resolutions, n=30, seed=0):
    """For each refit its sample of the rows, and random labels of it at each resolution."""
    random = np.random.default_rng(seed)
    results = []
    for _ in range(refits):
        rows = np.sort(random.permutation(n)[: n * 4 // 5]).astype(np.int32)
        results.append([(rows, random.integers(0, 2 + at, len(rows)).astype(np.int32)) for at in range(resolutions)])
    return results


def index(one, other):
    """scikit-learn's adjusted Rand index over the rows that both refits saw."""
    both = np.intersect1d(one[0], other[0])
    return adjusted_rand_score(*(labels[np.isin(rows, both)] for rows, labels in (one, other)))


def compared(refits, one, other, many):
    """(many,) by definition: each refit's mean with those up to three numbers away at the other resolution."""
    values = [[] for _ in range(many)]
    for i in range(many):
        for j in range(many):
            if i != j and abs(i - j) <= 3:
                value = index(refits[i][one], refits[j][other])
                values[i].append(value)
                values[j].append(value)
    return [np.mean(each) if each else 1.0 for each in values]


def trials_of(refits, resolutions, n=30, wording=None):
    trials = Trials(n, resolutions, wording)
    trials.add(range(resolutions), refits)
    return trials


def test_refits_are_compared_with_those_at_most_three_numbers_away_on_the_rows_both_saw():
    refits = made(7, 2)
    trials = trials_of(refits, 2)
    for one, other in ((0, 0), (1, 1), (0, 1), (1, 0)):
        assert trials.agreement(one, other) == pytest.approx(compared(refits, one, other, 7))
    assert trials_of(refits[:1], 2).agreement(0, 1).tolist() == [1.0]
    assert trials_of(refits[:2], 2).agreement(0, 0) == pytest.approx([index(refits[0][0], refits[1][0])] * 2)


def test_trials_grow_and_resolutions_with_fewer_refits_are_compared_as_far_as_they_go():
    refits = made(6, 2)
    trials = trials_of(refits[:3], 2)
    trials.agreement(0, 1)
    trials.add([1], [[sample[1]] for sample in refits[3:]])
    assert [len(some) for some in trials.repeats] == [3, 6] and [len(some) for some in trials.coherences] == [3, 6]
    assert trials.agreement(1, 1) == pytest.approx(compared(refits, 1, 1, 6))
    assert trials.agreement(0, 1) == pytest.approx(compared(refits, 0, 1, 3))
    with pytest.raises(ValueError):
        trials.add([0, 1], [[refits[0][0]]])


def test_the_coherence_of_a_refit_is_that_of_its_own_texts():
    texts = [f"{'river bank' if at % 2 else 'wheel road'} the" for at in range(30)]
    wording, refits = Wording.of(texts), made(3, 1)
    rows, labels = refits[0][0]
    refits[1][0] = (refits[1][0][0], np.full(24, -1, np.int32))  # all noise: nothing to read
    trials = trials_of(refits, 1, wording=wording)
    assert trials.coherences[0][0] == pytest.approx(wording.among(rows).coherence(labels), nan_ok=True)
    assert np.isnan(trials.coherences[0][1]) and np.isnan(trials_of(refits, 1).coherences[0]).all()


def test_persistence_takes_in_the_resolutions_next_to_it_and_no_other():
    refits = made(5, 4)
    result = candidates((0.5, 1.0, 2.0, 4.0), trials_of(refits, 4))
    assert [one.value for one in result] == [0.5, 1.0, 2.0, 4.0]
    for at, one in enumerate(result):
        near = [other for other in (at - 1, at, at + 1) if 0 <= other < 4]
        wanted = [compared(refits, min(at, other), max(at, other), 5) for other in near]
        assert one.persistences == pytest.approx(np.mean(wanted, axis=0))
        assert one.agreement == pytest.approx(np.mean(compared(refits, at, at, 5)))
        assert one.n == 30 and len(one.repeats) == 5


def test_where_a_neighbouring_resolution_has_fewer_refits_its_mean_is_taken_for_the_others():
    refits = made(5, 2)
    trials = trials_of(refits[:3], 2)
    trials.add([1], [[sample[1]] for sample in refits[3:]])
    step = compared(refits, 0, 1, 3)
    result = candidates((1.0, 2.0), trials)
    assert result[1].persistences == pytest.approx(
        np.mean([compared(refits, 1, 1, 5), [*step, *[np.mean(step)] * 2]], axis=0)
    )
    assert result[0].persistences == pytest.approx(np.mean([compared(refits, 0, 0, 3), step], axis=0))


ROWS = np.arange(240, dtype=np.int32)


def racing(clean, first, most, values=None, bounds=None):
    """The race between resolutions at which a row is in its own one of three themes with a chance, and the calls."""
    values = values or tuple(1.0 + at for at in range(len(clean)))
    asked = []

    def refits(some, numbers):
        asked.append((tuple(values.index(value) for value in some), numbers.start, numbers.stop))
        return [[(ROWS, labels(clean[values.index(value)], values.index(value), n)) for value in some]
                for n in numbers]  # fmt: skip

    candidates, rivals = race(values, Trials(240, len(values)), bounds, first, most, refits)
    return candidates, rivals, asked


def labels(chance, at, number):
    random = np.random.default_rng([at, number])
    return np.where(random.random(240) < chance, ROWS % 3, random.integers(0, 3, 240)).astype(np.int32)


def test_a_clear_choice_takes_the_first_refits_and_no_more():
    candidates, rivals, asked = racing((0.5, 0.95, 0.5, 0.4, 0.3), 6, 40)
    assert rivals == [1] and asked == [((0, 1, 2, 3, 4), 0, 6)]
    assert [len(one.repeats) for one in candidates] == [6] * 5


def test_an_open_choice_gets_five_further_refits_at_a_time_for_those_in_question_and_next_to_them():
    candidates, rivals, asked = racing((0.2, 0.2, 0.2, 0.2, 0.7, 0.9, 0.9, 0.9), 4, 16)
    assert asked[0] == (tuple(range(8)), 0, 4) and [(start, stop) for _, start, stop in asked[1:]] == [
        (4, 9), (9, 14), (14, 16)
    ][: len(asked) - 1]  # fmt: skip
    assert len(asked) > 1 and all(set(places) <= {4, 5, 6, 7} for places, *_ in asked[1:])
    assert len(candidates[0].repeats) == 4 and rivals == sorted(rivals)
    for (places, *_), (later, *_) in itertools.pairwise(asked):
        assert set(later) <= set(places)


def test_no_more_refits_are_made_than_allowed_though_the_choice_is_open():
    candidates, rivals, asked = racing((0.5, 0.5, 0.5), 4, 10)
    assert len(rivals) > 1 and asked[-1][2] == 10 == len(candidates[rivals[0]].repeats)
    _, _, asked = racing((0.8, 0.8, 0.8), 8, 5)
    assert asked == [((0, 1, 2), 0, 5)]
    _, _, asked = racing((0.8, 0.8, 0.8), 6, 6)
    assert len(asked) == 1

"""The score of a code: every threshold at, below and above its bound, likeness by a plain leave-one-out formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from kit.coding import evidence
from scipy.sparse import csr_matrix

from toolkit.coding.background import Background, Pull
from toolkit.coding.exclusions import Refusal
from toolkit.coding.scoring import (
    FIELD_BOUND,
    LARGEST_PEAK,
    background_of,
    first_measures,
    inside,
    is_bounded,
    likeness,
    logistic,
    pull,
    score,
    score_further,
    second_measures,
    surest,
    weigh,
    weights,
)

RNG = np.random.default_rng(5)


@pytest.mark.parametrize(("kind", "bound"), [("both", 2.0), ("wording", FIELD_BOUND["wording"])])
def test_the_field_begins_at_its_bound_and_a_codebook_without_a_field_has_everything_inside(
    kind: str, bound: float
) -> None:
    made = evidence(np.zeros((3, 3)), field=[bound - 0.01, bound, 9.0], kind=kind)
    assert inside(made).tolist() == [False, True, True]
    assert inside(made, bounded=False).all()


def test_a_codebook_of_stances_has_no_field() -> None:
    """From a mean of .3 on: stances are taken on any topic."""
    topics = evidence(np.zeros((1, 4)), asked=np.array([1.0, 0.19, 0.0, 0.0]))
    stances = evidence(np.zeros((1, 4)), asked=np.array([1.0, 0.21, 0.0, 0.0]))
    assert is_bounded(topics, "field") and not is_bounded(stances, "field")
    assert not is_bounded(topics, "everything")


def test_a_score_is_the_logistic_of_the_log_odds_and_never_overflows() -> None:
    assert logistic(np.array([0.0, 1.0, -2.0])) == pytest.approx([0.5, 0.7310585786, 0.1192029220])
    with np.errstate(all="raise"):
        low, high = logistic(np.array([-10_000.0, 10_000.0]))
    assert high == 1.0 and np.log(low) == pytest.approx(-500.0)


def test_a_paragraph_speaks_for_a_code_from_the_bounds_of_field_and_first_score_on() -> None:
    first = np.array([[-1.0, -0.9, 2.0]] * 3)
    weights = surest(evidence(np.zeros((3, 3)), field=[2.19, 2.2, 5.0]), first, bounded=True)
    sure = [0.0, 1 / (1 + np.exp(-0.1)), 1 / (1 + np.exp(-3.0))]
    assert weights == pytest.approx(np.array([[0, 0, 0], sure, sure]))
    assert surest(evidence(np.zeros((3, 3)), field=[0.0] * 3), first, bounded=False) == pytest.approx(
        np.array([sure] * 3)
    )


def test_the_first_measures_are_relative_to_the_paragraph_and_to_the_level_of_the_code() -> None:
    words, meaning = np.array([[1.0, 4.0, 1.0], [0.0, 40.0, -40.0]]), np.array([[2.0, 1.0, 0.0], [0.5, 0.5, 2.0]])
    made = evidence(
        words, meaning=meaning, phrases=words + 1, refusal=Refusal(words + 2, words + 3),
        words_level=(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0])),
        meaning_level=(np.array([0.0, 1.0, 2.0]), np.array([0.5, 1.0, 2.0])),
    )  # fmt: skip
    measures = first_measures(made)
    assert measures["words_below_best"].tolist() == [[-3.0, 0.0, -3.0], [-40.0, 0.0, -80.0]]
    assert measures["words_above_level"].tolist() == [[0.0, 1.0, -0.5], [-1.0, 8.0, -3.0]]  # at most 8, at least -3
    assert measures["meaning_above_level"].tolist() == [[4.0, 0.0, -1.0], [1.0, -0.5, 0.0]]
    assert measures["meaning_below_best"].tolist() == [[0.0, -1.0, -2.0], [-1.5, -1.5, 0.0]]
    assert measures["phrases"].tolist() == (words + 1).tolist()
    assert measures["against"].tolist() == (words + 2).tolist() and measures["refused"].tolist() == (words + 3).tolist()


def test_log_odds_are_the_weighted_sum_and_what_has_no_weight_counts_nothing() -> None:
    measures = {"phrases": np.array([[1.0, 2.0]]), "other": np.array([[10.0, 10.0]])}
    assert weigh(measures, {"phrases": 3.0, "intercept": -1.0}).tolist() == [[2.0, 5.0]]
    assert weigh(measures, {"phrases": 3.0, "other": -0.5}).tolist() == [[-2.0, 1.0]]
    assert weigh(measures, {}).tolist() == [[0.0, 0.0]]


def plain_likeness(rows: Any, given: Any) -> Any:
    """Each row's cosine with the weighted sum of the OTHER rows, all rows centred; 0 where these weigh .8 or less."""
    centred = rows - rows.mean(axis=0)
    values = np.zeros(given.shape)
    for i in range(len(rows)):
        for code in range(given.shape[1]):
            others = [j for j in range(len(rows)) if j != i]
            total = sum((given[j, code] * centred[j] for j in others), np.zeros(rows.shape[1]))
            if sum(given[j, code] for j in others) > 0.8:
                values[i, code] = centred[i] @ total / np.linalg.norm(centred[i]) / np.linalg.norm(total)
    return values


@pytest.mark.parametrize("scale", [0.05, 1.0, 3.0])
def test_likeness_leaves_the_paragraph_itself_out(scale: float) -> None:
    rows = scale * RNG.normal(size=(12, 5)) * (RNG.random((12, 5)) < 0.6)
    given = np.where(RNG.random((12, 4)) < 0.4, RNG.uniform(0.5, 1, (12, 4)), 0.0)
    given[:, 3] = 0
    given[2, 3] = 0.9  # one paragraph alone: it has nobody but itself
    for kind in (np.asarray, csr_matrix):
        made = kind(rows)
        cosines = likeness(made, given, pull(made, given))
        assert cosines == pytest.approx(plain_likeness(rows, given), abs=1e-9)
    assert cosines[2, 3] == 0 and np.abs(cosines[:, 3]).max() > 0.1


def test_likeness_needs_more_than_eight_tenths_of_other_weight() -> None:
    rows = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.5]])
    given = np.array([[0.8, 0.81], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    cosines = likeness(rows, given, pull(rows, given))
    assert cosines[:, 0].tolist() == [0, 0, 0, 0] and cosines[0, 1] == 0 and (cosines[1:, 1] != 0).all()


def test_a_paragraph_in_the_middle_of_all_is_like_nobody() -> None:
    rows = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0]])
    given = np.array([[1.0], [0.0], [0.0]])
    assert likeness(rows, given, pull(rows, given)).ravel().tolist() == [0.0, -1.0, 0.0]


def test_the_pull_is_the_weighted_sum_of_rows_and_takes_words_the_corpus_had_not() -> None:
    rows, given = np.array([[1.0, 2.0], [3.0, 6.0]]), np.array([[1.0, 0.5], [0.0, 0.5]])
    for kind in (np.asarray, csr_matrix):
        towards = pull(kind(rows), given)
        assert towards.mean.tolist() == [2, 4] and towards.total.tolist() == [1, 1]
        assert towards.sums.tolist() == [[1, 2], [2, 4]]
    assert towards.widened(2) is towards
    wide = towards.widened(4)
    assert wide.mean.tolist() == [2, 4, 0, 0] and wide.sums.tolist() == [[1, 2, 0, 0], [2, 4, 0, 0]]
    assert wide.total.tolist() == [1, 1]


def some_evidence(kind: str, n: int = 9, c: int = 4) -> tuple[Any, Any]:
    vectors, rows = RNG.normal(size=(n, 3)), csr_matrix(RNG.random((n, 6)) * (RNG.random((n, 6)) < 0.5))
    made = evidence(
        RNG.uniform(0, 20, (n, c)), RNG.uniform(0, 6, n), RNG.normal(2, 2, (n, c)), RNG.uniform(0, 9, (n, c)), rows,
        kind=kind, refusal=Refusal(RNG.uniform(0, 1, (n, c)), RNG.uniform(0, 0.1, (n, c))),
        words_level=(RNG.uniform(0, 3, c), RNG.uniform(1, 3, c)),
        meaning_level=(RNG.uniform(0, 1, c), RNG.uniform(1, 3, c)),
    )  # fmt: skip
    return made, vectors


def plain_log_odds(made: Any, vectors: Any, like: Any = None) -> Any:
    """The two steps written out; `like`: likeness in meaning and in words, where it is known from another corpus."""
    by = weights()[made.kind]

    def added(step: str, measures: dict[str, Any]) -> Any:
        return by[step]["intercept"] + sum(by[step].get(name, 0.0) * values for name, values in measures.items())

    measures = first_measures(made)
    first = added("first", measures)
    speaks = np.where((first > -1) & (made.field[:, None] >= 2.2), 1 / (1 + np.exp(-1 - first)), 0)
    if like is None:
        like = plain_likeness(vectors, speaks), plain_likeness(made.word_vectors.toarray(), speaks)
    for name, values in zip(("like_meaning", "like_words"), like, strict=True):
        measures |= {f"{name}_above_mean": values - values.mean(axis=1)[:, None]}
        peak = np.minimum(values.max(axis=1) - values.mean(axis=1), LARGEST_PEAK)
        measures |= {f"{name}_peak": peak[:, None] * np.ones(values.shape)}
    return added("second", measures), speaks


@pytest.mark.parametrize("kind", ["both", "wording"])
def test_the_log_odds_are_those_of_the_two_steps_written_out(kind: str) -> None:
    made, vectors = some_evidence(kind)
    odds, speaks = plain_log_odds(made, vectors)
    assert (speaks > 0).sum() >= 6
    assert score(made, vectors, bounded=True).odds == pytest.approx(odds, abs=1e-9)


def test_further_paragraphs_are_measured_by_the_surest_of_the_first_corpus() -> None:
    made, vectors = some_evidence("both")
    kept = background_of(made, score(made, vectors, bounded=True), np.arange(4.0))
    _, speaks = plain_log_odds(made, vectors)
    assert (
        kept.texts == 9
        and kept.words == tuple(f"w{i}" for i in range(6))
        and kept.holder_counts.tolist() == [1, 2, 3, 4, 5, 6]
    )
    assert kept.offset.tolist() == [0, 1, 2, 3] and kept.near is None
    assert kept.meaning_level is made.meaning_level and kept.words_level is made.words_level
    dense = made.word_vectors.toarray()
    for towards, rows in zip(kept.pulls, (vectors, dense), strict=True):
        assert towards.mean == pytest.approx(rows.mean(axis=0)) and towards.total == pytest.approx(speaks.sum(axis=0))
        assert towards.sums == pytest.approx(speaks.T @ rows)

    new = RNG.normal(size=(9, 3))
    later = evidence(np.asarray(made.words)[::-1], meaning=made.meaning, word_vectors=csr_matrix(RNG.random((9, 8))))
    like = []
    for towards, rows in zip(kept.pulls, (new, later.word_vectors.toarray()), strict=True):
        wide = rows.shape[1] - len(towards.mean)
        mean = np.append(towards.mean, np.zeros(wide))
        centre = np.hstack([towards.sums, np.zeros((4, wide))]) - towards.total[:, None] * mean
        expected = rows - mean
        cosine = expected @ centre.T / np.linalg.norm(expected, axis=1)[:, None] / np.linalg.norm(centre, axis=1)
        like.append(np.where(towards.total > 0.8, cosine, 0))
    assert score_further(later, new, kept) == pytest.approx(plain_log_odds(later, new, like)[0], abs=1e-9)


def test_a_background_comes_back_from_its_arrays() -> None:
    levels = (np.array([1.0, 2.0]), np.array([3.0, 4.0])), (np.array([5.0, 6.0]), np.array([7.0, 8.0]))
    pulls = (Pull(np.ones(3), np.ones(2), np.ones((2, 3))), Pull(np.zeros(2), 2 * np.ones(2), 3 * np.ones((2, 2))))
    for words, members in ((("a", "水"), [4, 1]), ((), [])):
        back = Background.of(
            Background(9, words, np.array(members, np.int32), *levels, pulls, np.array([1.0, -1.0])).arrays()
        )
        assert back.offset.tolist() == [1, -1] and back.near is None
        assert back.texts == 9 and back.words == words and back.holders == (dict(zip(words, members, strict=True)), 9)
        for kept, given in zip((back.meaning_level, back.words_level), levels, strict=True):
            assert [part.tolist() for part in kept] == [part.tolist() for part in given]
        for one, other in zip(back.pulls, pulls, strict=True):
            assert one.mean.tolist() == other.mean.tolist() and one.total.tolist() == other.total.tolist()
            assert one.sums.tolist() == other.sums.tolist()


def test_the_second_measures_hold_the_first_ones_and_likeness_in_both_spaces() -> None:
    made, vectors = some_evidence("both")
    everybody = np.where(made.field[:, None] >= 2.2, 1 / (1 + np.exp(-3.0)), 0.0) * np.ones((9, 4))
    measures = second_measures(made, vectors, everybody)
    assert set(first_measures(made)) < set(measures)
    near = plain_likeness(made.word_vectors.toarray(), everybody)
    assert measures["like_words_above_mean"] == pytest.approx(near - near.mean(axis=1)[:, None], abs=1e-9)
    peak = np.minimum(near.max(axis=1) - near.mean(axis=1), LARGEST_PEAK)
    assert measures["like_words_peak"] == pytest.approx(peak[:, None] * np.ones((9, 4)), abs=1e-9)

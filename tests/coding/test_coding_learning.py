"""Learning from human codes: folds of whole documents, the threshold, the regression, against scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kit.coding import evidence, table
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from threadpoolctl import threadpool_limits

from toolkit.coding.learned_model import Taught, Weighing, design, stacked, widened
from toolkit.coding.learning import Learned, best_threshold, folds, learn, macro_f1, outside_held, probability_of
from toolkit.coding.scoring import first_measures

N, C = 45, 3


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Small sums: many threads only wait for each other."""
    with threadpool_limits(1):
        yield


def test_macro_f1_is_that_of_scikit_learn_over_the_codes_that_people_gave() -> None:
    rng = np.random.default_rng(2)
    for _ in range(5):
        marks, given = rng.random((20, 3)) < 0.3, rng.random((20, 3)) < 0.4
        assert macro_f1(given, marks) == pytest.approx(f1_score(marks, given, average="macro"), abs=1e-12)
    marks[:, 1] = False
    expected = f1_score(marks[:, [0, 2]], given[:, [0, 2]], average="macro")
    assert macro_f1(given, marks) == pytest.approx(expected, abs=1e-12)
    assert np.isnan(macro_f1(given, np.zeros_like(marks)))
    one = np.array([[True]])
    assert macro_f1(one, one) == 1.0 and macro_f1(~one, one) == 0.0


def test_the_threshold_is_the_lowest_of_the_best_on_a_grid_from_a_tenth_to_seven_tenths() -> None:
    marks = np.array([[True], [True], [False], [False]])
    assert best_threshold(np.array([[0.9], [0.35], [0.21], [0.1]]), marks) == 0.22
    assert best_threshold(np.array([[0.9], [0.35], [0.345], [0.1]]), marks) == 0.12  # one alarm is left at best
    assert best_threshold(np.array([[0.9], [0.9], [0.69], [0.05]]), marks) == 0.7
    assert best_threshold(np.array([[0.9], [0.9], [0.75], [0.05]]), marks) == 0.1  # .76 would part them: not asked
    assert best_threshold(np.array([[0.9], [0.9], [0.05], [0.05]]), marks) == 0.1


def test_folds_hold_whole_documents_and_are_nearly_equal() -> None:
    documents = [f"d{i % 11}" for i in range(40)] + ["d0"] * 8
    fold = folds(documents, 4)
    assert set(fold.tolist()) == {0, 1, 2, 3, 4}
    assert all(len({one for one, name in zip(fold, documents, strict=True) if name == item}) == 1 for item in documents)
    sizes = np.bincount(fold)
    assert sizes.sum() == 48 and sizes.max() - sizes.min() <= 8
    assert folds(documents, 4).tolist() == fold.tolist() and folds(documents, 5).tolist() != fold.tolist()
    assert sorted(set(folds(["a", "b", "c", "a"], 1).tolist())) == [0, 1, 2]


def test_each_document_goes_to_the_fold_with_the_fewest_rows() -> None:
    documents = ["big"] * 10 + [f"small{i}" for i in range(12)]
    sizes = np.bincount(folds(documents, 3))
    assert sorted(sizes.tolist()) == [3, 3, 3, 3, 10]


def test_outside_the_field_probabilities_stay_below_every_threshold_and_in_order() -> None:
    given = np.array([[0.9, 0.3], [0.9, 0.3], [0.05, 0.01], [0.0, 0.0], [0.0, 0.0]])
    lowered = outside_held(given, np.array([True, False, False, False, True]))
    assert lowered == pytest.approx(np.array([[0.9, 0.3], [0.09, 0.03], [0.05, 0.01], [0, 0], [0, 0]]))


def study(seed: int = 3, coded: int = 36, paragraphs: int = N) -> dict[str, Any]:
    """Paragraphs, three a document, with three codes that vectors and log-odds hint at; `coded` of them are coded."""
    N = paragraphs  # noqa: N806
    rng = np.random.default_rng(seed)
    marks = rng.random((N, C)) < 0.35
    vectors = np.hstack([marks * 1.0, np.ones((N, 1))]) + rng.normal(scale=0.7, size=(N, C + 1))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = csr_matrix((marks @ rng.random((C, 7)) + rng.random((N, 7))) * (rng.random((N, 7)) < 0.6))
    odds = marks * 1.5 + rng.normal(scale=1.2, size=(N, C))
    made = evidence(
        rng.uniform(0, 9, (N, C)), meaning=rng.normal(size=(N, C)), phrases=rng.uniform(0, 2, (N, C)),
        word_vectors=words,
        words_level=(rng.random(C), 1 + rng.random(C)), meaning_level=(rng.random(C), 1 + rng.random(C)),
    )  # fmt: skip
    rows = np.sort(rng.permutation(N)[:coded]).astype(np.int32)
    rows_of = table([f"t{i}" for i in range(N)], [f"d{i // 3:02d}" for i in range(N)])
    return {
        "odds": odds,
        "vectors": vectors,
        "evidence": made,
        "paragraphs": rows_of,
        "rows": rows,
        "marks": marks[rows],
    }


def learned(given: dict[str, Any], within: Any = None, seed: int = 1) -> Learned:
    inside = np.ones(len(given["odds"]), bool) if within is None else within
    coded = (given["rows"], given["marks"])
    return learn(given["odds"], given["vectors"], given["evidence"], given["paragraphs"], coded, inside, seed)


@pytest.fixture(scope="module")
def result() -> Learned:
    return learned(study())


def plain_like(space: Any, of: Any, marks: Any) -> list[Any]:
    """Likeness to the coded rows `of` with their marks, row by row, leaving the row itself out."""
    centred = space - space.mean(axis=0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    weights = marks - marks.mean(axis=0)
    pull, share = np.zeros((len(space), marks.shape[1])), np.zeros((len(space), marks.shape[1]))
    for i in range(len(space)):
        others = [at for at, row in enumerate(of) if row != i]
        for code in range(marks.shape[1]):
            total = sum(weights[at, code] * unit[of[at]] for at in others)
            pull[i, code] = unit[i] @ total / np.linalg.norm(total)
        near = sorted(((float(unit[i] @ unit[of[at]]), -at) for at in others), reverse=True)[:7]
        close = [(max(cosine, 0.01), -at) for cosine, at in near]
        share[i] = sum(cosine * marks[at] for cosine, at in close) / sum(cosine for cosine, _ in close)
    return [pull, pull - pull.mean(axis=1, keepdims=True), share]


def plain_probability(given: dict[str, Any], places: Any) -> Any:
    """(n, c) by a regression on the coded paragraphs at `places`, every measure written out."""
    of, marks = given["rows"][places], given["marks"][places]
    first = first_measures(given["evidence"])
    names = ("meaning_above_level", "meaning_below_best", "words_above_level", "words_below_best", "phrases")
    values = [given["odds"], *(first[name] for name in names)]
    for space in (given["vectors"], given["evidence"].word_vectors.toarray()):
        values += plain_like(space, of, marks)
    cube = np.stack(values, axis=2)
    flat = cube[of].reshape(-1, cube.shape[2])
    mean, sd = flat.mean(axis=0), flat.std(axis=0)
    codes = np.tile(np.eye(C), (N, 1))
    every = np.hstack([((cube - mean) / sd).reshape(-1, cube.shape[2]), codes])
    fitted = np.hstack([(flat - mean) / sd, np.tile(np.eye(C), (len(of), 1))])
    model = LogisticRegression(C=0.3, max_iter=500).fit(fitted, marks.ravel())
    return model.predict_proba(every)[:, 1].reshape(N, C)


def test_probabilities_are_those_of_one_ridge_regression_and_held_out_for_what_was_coded(result: Learned) -> None:
    given, outcome = study(), result
    assert outcome.held_out is not None and outcome.probability is not None and outcome.assigned is not None
    rows, m = given["rows"], len(given["rows"])
    rest = np.setdiff1d(np.arange(N), rows)
    assert outcome.probability[rest] == pytest.approx(plain_probability(given, np.arange(m))[rest], abs=1e-4)
    documents = np.array([given["paragraphs"]["document_id"][int(row)].as_py() for row in rows])
    fold = folds(documents.tolist(), _fold_seed(1))
    for one in np.unique(fold):
        expected = plain_probability(given, np.flatnonzero(fold != one))[rows[fold == one]]
        assert outcome.held_out[fold == one] == pytest.approx(expected, abs=1e-4)
    assert outcome.probability[rows].tolist() == outcome.held_out.tolist()
    assert outcome.threshold == best_threshold(outcome.held_out, given["marks"])
    assert (outcome.assigned == (outcome.probability >= outcome.threshold)).all()
    assert outcome.held_out_assigned is not None
    for one in np.unique(fold):
        bound = best_threshold(outcome.held_out[fold != one], given["marks"][fold != one])
        assert (outcome.held_out_assigned[fold == one] == (outcome.held_out[fold == one] >= bound)).all()
    assert (
        "5-fold" in outcome.method
        and f"({outcome.threshold:.2f})" in outcome.method
        and f"from {m} coded" in outcome.method
    )
    assert outcome.taught is not None and outcome.taught.bounded and outcome.notes == ()


def _fold_seed(seed: int) -> int:
    from toolkit.values import seed_for

    return seed_for(seed, "folds")


def test_few_coded_paragraphs_are_learned_from_by_the_same_formula() -> None:
    """Of 20, some of the nearest seven point away: they count a hundredth."""
    given = study(seed=5, coded=20)
    learning = learned(given)
    rest = np.setdiff1d(np.arange(N), given["rows"])
    assert learning.probability is not None
    assert learning.probability[rest] == pytest.approx(plain_probability(given, np.arange(20))[rest], abs=1e-4)


def test_the_curve_goes_on_with_fifty_and_a_hundred_labels() -> None:
    curve = learned(study(coded=125, paragraphs=126)).curve
    assert [row[0] for row in curve] == [20, 50, 100]


def test_the_curve_says_the_scores_by_numbers_of_labels_up_to_four_fifths_of_them(result: Learned) -> None:
    curve = result.curve
    assert [row[0] for row in curve] == [20]
    (_, mean, low, high) = curve[0]
    assert 0 < low < mean < high <= 1  # three draws
    assert [row[0] for row in learned(study(coded=25)).curve] == [20]  # 20 is four fifths of 25
    assert learned(study(coded=24)).curve == ()


@pytest.mark.parametrize(("coded", "enough"), [(20, True), (19, False)])
def test_twenty_coded_paragraphs_are_needed(coded: int, enough: bool) -> None:
    learning = learned(study(coded=coded))
    assert (learning.probability is not None) == enough
    assert enough or ("19 coded paragraphs of" in learning.notes[0] and "20 of 3 documents" in learning.notes[0])


def test_three_documents_and_a_code_are_needed() -> None:
    given = study()
    for count, enough in ((3, True), (2, False)):
        documents = [f"d{i % count}" for i in range(N)]
        learning = learned(given | {"paragraphs": table(["t"] * N, documents)})
        assert (learning.threshold is not None) == enough
    assert learned(given | {"marks": np.zeros_like(given["marks"])}).threshold is None


def test_a_field_that_holds_nine_tenths_of_the_coders_codes_bounds_and_otherwise_not() -> None:
    given = study()
    order = np.argsort(-given["marks"].sum(axis=1), kind="stable")
    total = int(given["marks"].sum())
    for beyond, bounded in ((0.1, True), (0.2, False)):
        within = np.ones(N, bool)
        count = 0
        for place in order:
            more = int(given["marks"][place].sum())
            if more and count + more <= beyond * total:
                within[given["rows"][place]] = False
                count += more
        learning = learned(given, within)
        assert learning.probability is not None and learning.taught is not None
        assert learning.taught.bounded == bounded and (count <= 0.1 * total) == bounded
        if bounded:
            assert learning.probability[~within].max() <= 0.09 + 1e-12 and learning.notes == ()
        else:
            assert learning.probability[~within].max() > 0.1
            assert f"{count} of {total} codes to paragraphs outside" in learning.notes[0]


def test_a_code_that_every_coded_paragraph_has_is_given_to_all() -> None:
    given = study()
    learning = learned(given | {"marks": np.ones_like(given["marks"])})
    assert learning.probability is not None and (learning.probability > 0.999).all()


def test_what_was_taught_gives_further_paragraphs_the_probabilities_of_the_fitted_model(result: Learned) -> None:
    given, outcome = study(), result
    assert outcome.taught is not None and outcome.probability is not None
    back = Taught.of(outcome.taught.arrays())
    assert back is not None and back.threshold == outcome.threshold and back.bounded
    rest = np.setdiff1d(np.arange(N), given["rows"])
    made = given["evidence"]
    parts = {name: getattr(made, name)[rest] for name in ("meaning", "words", "phrases", "word_vectors")}
    refusal = replace(made.refusal, against=made.refusal.against[rest], refused=made.refusal.refused[rest])
    some = replace(made, **parts, refusal=refusal)
    later = probability_of(back, given["odds"][rest], given["vectors"][rest], some)
    assert later == pytest.approx(outcome.probability[rest], abs=1e-9)
    off = replace(outcome.taught, bounded=False).arrays()
    kept = Taught.of(off)
    assert kept is not None and not kept.bounded
    old = Taught.of({name: array for name, array in off.items() if name != "taught_bounded"})
    assert old is not None and not old.bounded and Taught.of({}) is None


def test_a_weighing_is_the_logistic_of_standardised_measures_and_an_intercept_a_code() -> None:
    by = Weighing(np.array([1.0, 0.0]), np.array([2.0, 1.0]), np.array([0.5, -1.0, 0.25, -0.25]), 0.1)
    values = np.array([[[3.0, 1.0], [1.0, 0.0]]])
    flat = np.array([0.5 * 1 - 1 + 0.25 + 0.1, 0 - 0 - 0.25 + 0.1])
    assert by.probability(values) == pytest.approx((1 / (1 + np.exp(-flat)))[None, :])
    assert design(values, by.mean, by.sd).tolist() == [[1, 1, 1, 0], [0, 0, 0, 1]]


def test_columns_that_the_first_corpus_had_not_are_zeros() -> None:
    assert widened(np.array([1.0]), 3).tolist() == [1, 0, 0]
    assert stacked(np.ones((1, 2)), np.zeros((2, 2))).tolist() == [[1, 1], [0, 0], [0, 0]]
    wide = stacked(csr_matrix([[1.0, 2.0]]), csr_matrix([[0.0, 3.0, 4.0]]))
    assert wide.toarray().tolist() == [[1, 2, 0], [0, 3, 4]]

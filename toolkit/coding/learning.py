"""Learns weights, a threshold and probabilities from a few human codes, and tests them on held-out documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.coding.evidence import Evidence
from toolkit.coding.learned_model import Taught, Weighing, design, stacked, widened
from toolkit.coding.scoring import first_measures
from toolkit.files.tuned import tuned
from toolkit.values import Bools, Floats, Ints, Table, Vectors, seed_for

TUNED = tuned("toolkit.coding")

FEWEST_PARAGRAPHS = 20
"""Least number of coded paragraphs, in at least three documents, from which anything is learned."""
FOLDS = 5
SPLITS = 20
"""Divisions of the documents into folds over which the scores of single codes are pooled, to reduce chance."""
CURVE_LABELS = (20, 50, 100, 200)
CURVE_DRAWS = 3
NEAREST_CODED = TUNED.whole("nearest_coded")
"""Number of nearest coded paragraphs whose codes are a measure."""
INVERSE_RIDGE = TUNED.number("inverse_ridge")
"""Inverse strength of the ridge penalty (scikit-learn's C)."""
MEASURES_WEIGHED_ANEW = (
    "meaning_above_level",
    "meaning_below_best",
    "words_above_level",
    "words_below_best",
    "phrases",
)
"""Measures of the first step that the regression weighs again, beside the log-odds."""
THRESHOLDS_TRIED = np.round(np.arange(0.1, 0.71, 0.02), 2)
OUTSIDE_PROBABILITY = 0.09
"""Greatest probability of a paragraph outside the codebook's field: below every threshold of the grid."""
OUTSIDE_SHARE = TUNED.number("outside_share")
"""The field does not bound codes if a larger share of the coders' codes is outside it."""


@dataclass(frozen=True)
class Learned:
    """The result of learning from human codes: `rows` (m,) coded paragraphs, `marks` (m, c) their reference codes.

    `held_out` (m, c) are probabilities from models fitted without the same document, and `held_out_assigned` the
    decisions by thresholds chosen without it; `splits` contains such decisions for other divisions into folds.
    `probability` (n, c) is from the model fitted to all, and held-out for coded paragraphs. All are None or empty if
    there was too little to learn from. `curve`: macro-F1 by number of labels.
    """

    rows: Ints
    marks: Bools
    probability: Floats | None = None
    assigned: Bools | None = None
    threshold: float | None = None
    held_out: Floats | None = None
    held_out_assigned: Bools | None = None
    curve: tuple[tuple[int, float, float, float], ...] = ()
    method: str = ""
    notes: tuple[str, ...] = ()
    taught: Taught | None = None
    fold: Ints | None = None  # (m,) the fold of each coded paragraph, by document
    splits: tuple[Bools, ...] = ()


def learn(
    odds: Floats,
    vectors: Vectors,
    evidence: Evidence,
    paragraphs: Table,
    coded: tuple[Ints, Bools],
    within: Bools,
    seed: int,
) -> Learned:
    """Probabilities, threshold and decisions learned from the coded paragraphs, cross-validated over documents.

    Args:
        coded: (m,) rows of the coded paragraphs and (m, c) their reference codes.
        within: (n,) which paragraphs are in the codebook's field. The others get no code here either, unless they have
            more than a tenth of the coders' codes.

    One logistic regression for all codes together (scikit-learn, ridge penalty C = 0.3): the log-odds without
    labels and their evidence, likeness in meaning and in words to the coded paragraphs with the code (less those
    without it), the code's share among the nearest seven coded paragraphs, and an intercept for each code.
    The threshold is the probability with the greatest macro-F1 on held-out paragraphs.
    """
    rows, marks = coded
    documents = [paragraphs.column("document_id")[int(row)].as_py() for row in rows]
    if len(rows) < FEWEST_PARAGRAPHS or len(set(documents)) < 3 or not marks.any():
        why = f"{len(rows)} coded paragraphs of {len(set(documents))} documents with {int(marks.sum())} codes"
        needed = f"{FEWEST_PARAGRAPHS} of 3 documents with codes are needed"
        return Learned(rows, marks, notes=(f"Nothing was learned from the coded sample: {why}; {needed}.",))
    within, bounded, notes = _bounded(within, rows, marks)
    bank = _bank(odds, vectors, evidence, rows, within)
    everything = np.arange(len(rows), dtype=np.int32)
    fold = folds(documents, seed_for(seed, "folds"))
    held_out = _held_out(bank, marks, fold)
    threshold = best_threshold(held_out, marks)
    nested = _nested(held_out, marks, fold)
    weighing = _weighing(bank, everything, marks)
    probability = outside_held(weighing.probability(_values(bank, everything, marks)), within)
    probability[rows] = held_out
    return Learned(
        rows, marks, probability, probability >= threshold, threshold, held_out, nested,
        _curve(bank, marks, fold, seed),
        f"Weights, probabilities and the threshold ({threshold:.2f}) were learned from {len(rows)} coded "
        f"paragraphs of {len(set(documents))} documents by logistic regression; coded paragraphs carry probabilities "
        f"of models that saw no paragraph of their document ({len(np.unique(fold))}-fold cross-validation).",
        notes=notes,
        splits=_splits(bank, marks, documents, seed),
        taught=Taught.from_corpus(weighing, threshold, marks, rows, (vectors, evidence.word_vectors), bounded),
        fold=fold,
    )  # fmt: skip


def outside_held(probability: Floats, within: Bools) -> Floats:
    """(n, c) probabilities, below every threshold for paragraphs outside the field, in the same order of codes."""
    best = np.maximum(probability.max(axis=1, keepdims=True), 1e-12)
    return np.asarray(np.where(within[:, None], probability, probability * np.minimum(1.0, OUTSIDE_PROBABILITY / best)))


def _bounded(within: Bools, rows: Ints, marks: Bools) -> tuple[Bools, bool, tuple[str, ...]]:
    """The paragraphs that may get codes, whether the field bounds codes, and a note if coders gave too many outside."""
    beyond, total = int(marks[~within[rows]].sum()), int(marks.sum())
    if beyond <= OUTSIDE_SHARE * total:
        return within, True, ()
    note = f"Coders gave {beyond} of {total} codes to paragraphs outside the codebook's field, so it bounds nothing."
    return np.ones_like(within), False, (note,)


def folds(documents: Sequence[str], seed: int) -> Ints:
    """(m,) fold of each row: whole documents, in an order drawn by `seed`, each in the fold with the fewest rows."""
    names = sorted(set(documents))
    order = np.random.default_rng(seed).permutation(len(names))
    count = {name: documents.count(name) for name in names}
    size = np.zeros(min(FOLDS, len(names)), int)
    place: dict[str, int] = {}
    for index in order:
        place[names[index]] = int(size.argmin())
        size[place[names[index]]] += count[names[index]]
    return np.array([place[name] for name in documents], np.int32)


@dataclass(frozen=True)
class _Bank:
    """The inputs of the regression: measures without labels (n, c, k), and the centred cosines of each space.

    `likeness` are (n, m) cosines of every paragraph with the coded paragraphs `rows` (m,). `within` (n,):
    which paragraphs may get codes.
    """

    measures: Floats
    likeness: tuple[Floats, ...]
    rows: Ints
    within: Bools


def _bank(odds: Floats, vectors: Vectors, evidence: Evidence, rows: Ints, within: Bools) -> _Bank:
    spaces = (vectors, evidence.word_vectors)
    likeness = tuple(_cosines(space, rows, np.asarray(space.mean(axis=0)).ravel()) for space in spaces)
    return _Bank(_measured(odds, evidence), likeness, rows, within)


def _measured(odds: Floats, evidence: Evidence) -> Floats:
    """(n, c, k) measures of each paragraph and code without labels."""
    measures = first_measures(evidence)
    return np.stack([odds, *(measures[name] for name in MEASURES_WEIGHED_ANEW)], axis=2)


def probability_of(taught: Taught, odds: Floats, vectors: Vectors, evidence: Evidence) -> Floats:
    """(n, c) probabilities of new paragraphs by a model learned from another corpus."""
    m = len(taught.marks)
    coded = np.arange(m, dtype=np.int32)
    measures = []
    for rows, mean, new in zip(taught.coded, taught.means, (vectors, evidence.word_vectors), strict=True):
        cosines = _cosines(stacked(rows, new), coded, widened(mean, new.shape[1]))
        measures += [measure[m:] for measure in _like(cosines, coded, coded, taught.marks)]
    values = np.concatenate([_measured(odds, evidence), np.stack(measures, axis=2)], axis=2)
    return taught.weighing.probability(values)


def _cosines(space: Any, rows: Ints, mean: Floats) -> Floats:
    """(n, m) cosines of all rows with those in `rows`, after subtraction of `mean`."""
    space = space if hasattr(space, "multiply") else np.asarray(space, float)
    square = space.multiply(space) if hasattr(space, "multiply") else space * space
    along = np.asarray(space @ mean).ravel()
    norm = np.sqrt(np.maximum(np.asarray(square.sum(axis=1)).ravel() - 2 * along + mean @ mean, 1e-12))
    chosen = space[rows]
    dots = chosen @ space.T
    dots = np.asarray(dots.todense() if hasattr(dots, "todense") else dots).T
    return np.asarray(
        (dots - along[:, None] - along[rows][None, :] + mean @ mean) / norm[:, None] / norm[rows][None, :]
    )


def _like(cosines: Floats, rows: Ints, of: Ints, marks: Bools) -> list[Floats]:
    """(n, c) each: likeness to the coded paragraphs of a code less the others (also above the mean over codes), and the
    share of the code among the nearest seven. `of` are the places among the coded of the paragraphs in the fit; no
    paragraph counts for itself.
    """
    weights = marks - marks.mean(axis=0)
    near, among = cosines[:, of], cosines[np.ix_(rows[of], of)]
    own_weights = np.zeros((len(cosines), marks.shape[1]))
    own_weights[rows[of]] = weights
    length = np.einsum("ic,ij,jc->c", weights, among, weights)[None, :]
    dots = near @ weights
    rest = np.sqrt(np.maximum(length - 2 * own_weights * dots + own_weights**2, 1e-9))
    pull = (dots - own_weights) / rest
    others = near.copy()
    others[rows[of], np.arange(len(of))] = -2.0
    nearest = np.argsort(-others, axis=1, kind="stable")[:, :NEAREST_CODED]
    closeness = np.maximum(np.take_along_axis(others, nearest, axis=1), 0.01)
    share = (closeness[:, :, None] * marks[nearest]).sum(axis=1) / closeness.sum(axis=1)[:, None]
    return [pull, pull - pull.mean(axis=1, keepdims=True), share]


def _values(bank: _Bank, of: Ints, marks: Bools) -> Floats:
    """(n, c, k) measures of the regression, from the coded paragraphs `of` (places among the coded) and their marks."""
    measures = [measure for cosines in bank.likeness for measure in _like(cosines, bank.rows, of, marks)]
    return np.concatenate([bank.measures, np.stack(measures, axis=2)], axis=2)


def _weighing(bank: _Bank, of: Ints, marks: Bools) -> Weighing:
    """The regression fitted to the coded paragraphs `of` (places among the coded) and their marks."""
    from sklearn.linear_model import LogisticRegression

    values = _values(bank, of, marks)[bank.rows[of]]
    c, k = values.shape[1:]
    flat, target = values.reshape(-1, k), marks.ravel()
    mean, sd = flat.mean(axis=0), flat.std(axis=0) + 1e-9
    if target.all() or not target.any():
        return Weighing(mean, sd, np.zeros(k + c), 500.0 if target.all() else -500.0)
    model = LogisticRegression(C=INVERSE_RIDGE, max_iter=500).fit(design(values, mean, sd), target)
    return Weighing(mean, sd, model.coef_[0], float(model.intercept_[0]))


def _fit(bank: _Bank, of: Ints, marks: Bools) -> Floats:
    """(n, c) probabilities by a model fitted to the coded paragraphs `of` (places among the coded) and their marks."""
    return outside_held(_weighing(bank, of, marks).probability(_values(bank, of, marks)), bank.within)


def _held_out(bank: _Bank, marks: Bools, fold: Ints) -> Floats:
    probability = np.zeros(marks.shape)
    for number in np.unique(fold):
        rest = np.flatnonzero(fold != number).astype(np.int32)
        probability[fold == number] = _fit(bank, rest, marks[rest])[bank.rows[fold == number]]
    return probability


def macro_f1(assigned: Bools, marks: Bools) -> float:
    """Mean F1 over the codes with at least one mark; NaN if there are none."""
    hits = (assigned & marks).sum(axis=0)
    f1 = 2 * hits / np.maximum(assigned.sum(axis=0) + marks.sum(axis=0), 1)
    used = marks.any(axis=0)
    return float(f1[used].mean()) if used.any() else float("nan")


def best_threshold(probability: Floats, marks: Bools) -> float:
    """The probability of the grid .10, .12, ... .70 with the greatest macro-F1, ties to the lowest."""
    return float(
        THRESHOLDS_TRIED[int(np.argmax([macro_f1(probability >= level, marks) for level in THRESHOLDS_TRIED]))]
    )


def _curve(bank: _Bank, marks: Bools, fold: Ints, seed: int) -> tuple[tuple[int, float, float, float], ...]:
    """(labels, mean, lowest, highest macro-F1) on held-out documents, from random draws of that number of labels."""
    rng = np.random.default_rng(seed_for(seed, "curve"))
    points = []
    for labels in CURVE_LABELS:
        if labels > 0.8 * len(marks):
            break
        scores = []
        for _ in range(CURVE_DRAWS):
            held_out = np.zeros(marks.shape)
            for number in np.unique(fold):
                drawn = np.sort(rng.permutation(np.flatnonzero(fold != number))[:labels]).astype(np.int32)
                held_out[fold == number] = _fit(bank, drawn, marks[drawn])[bank.rows[fold == number]]
            scores.append(macro_f1(_nested(held_out, marks, fold), marks))
        points.append((labels, float(np.mean(scores)), float(np.min(scores)), float(np.max(scores))))
    return tuple(points)


def _splits(bank: _Bank, marks: Bools, documents: Sequence[str], seed: int) -> tuple[Bools, ...]:
    """(m, c) held-out decisions for each other division of the documents into folds."""
    made = [folds(documents, seed_for(seed, f"folds {number}")) for number in range(1, SPLITS)]
    return tuple(_nested(_held_out(bank, marks, fold), marks, fold) for fold in made)


def _nested(held_out: Floats, marks: Bools, fold: Ints) -> Bools:
    """(m, c) decisions, each fold's by the best threshold of the other folds."""
    decisions = np.zeros(marks.shape, bool)
    for number in np.unique(fold):
        inside = fold == number
        decisions[inside] = held_out[inside] >= best_threshold(held_out[~inside], marks[~inside])
    return decisions

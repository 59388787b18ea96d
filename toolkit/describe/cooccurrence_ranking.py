"""Keywords that occur together: of the distinct candidates of a theme, those that are used in the same texts.

Weights alone combine words that are each typical of a theme but never occur together. The words are chosen one by one:
the next word is the best by its weight plus its mean association with the words chosen so far. The resulting lists read
as one subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from toolkit.describe.keywords import Candidate
from toolkit.describe.phrases import Terms
from toolkit.files.tuned import tuned
from toolkit.values import Floats

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

TUNED = tuned("toolkit.describe")

MOST_PHRASES = 2
"""Largest number of heavy phrases that are always chosen."""
HEAVIEST_SEARCHED = 10
"""Number of the heaviest candidates among which such phrases are searched."""
HEAVY_SHARE = TUNED.number("heavy_share")
"""Minimum weight of such a phrase, as a share of the weight of the heaviest candidate."""
DISCOUNT_TEXTS = TUNED.number("discount_texts")
"""Number of shared texts at which an association counts half."""


def incidence(terms: Terms) -> csc_matrix:
    """(texts, terms) sparse matrix by columns, 1 if a text contains a term."""
    from scipy.sparse import csc_matrix

    cells = (np.ones(len(terms.rows), np.float32), (terms.rows, terms.columns))
    return csc_matrix(cells, shape=(max(terms.texts, 1), len(terms.names)))


def association(occurrences: csc_matrix, terms: Sequence[int]) -> Floats:
    """(m, m) NPMI of the terms over all texts (Bouma 2009), -1 if two never occur together, 0 if both are in every
    text.

    Discounted by j / (j + 1) * m / (m + 1), with j the number of texts with both and m that of the rarer one (after
    Pantel and Lin 2002): two rare words that share one text, or none, are weak evidence.
    """
    part = occurrences[:, list(terms)]
    joint = (part.T @ part).toarray().astype(np.float64)
    alone = np.diagonal(joint)
    texts = float(occurrences.shape[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.log(joint * texts / np.outer(alone, alone)) / -np.log(joint / texts)
    rarer = np.minimum.outer(alone, alone)
    npmi = np.where(npmi > 0, npmi * joint / (joint + DISCOUNT_TEXTS), npmi)
    npmi = np.where(joint == 0, -1.0, np.where(joint == texts, 0.0, npmi))
    association: Floats = npmi * rarer / (rarer + DISCOUNT_TEXTS)
    return association


def together(ranked: Sequence[Candidate], occurrences: csc_matrix, limit: int, pull: float) -> list[Candidate]:
    """`limit` candidates by weight (1 for the heaviest) plus `pull` times mean association, then the other candidates.

    The heaviest is always chosen, and so are up to two heavy phrases, because phrases are the most informative for a
    reader. Both parts are in the order of the weights.
    """
    if len(ranked) <= limit or pull == 0:
        return list(ranked)
    weight = np.array([candidate.weight for candidate in ranked]) / ranked[0].weight
    near = association(occurrences, [candidate.term for candidate in ranked])
    picked = [0, *_heavy_phrases(ranked)][:limit]
    while len(picked) < limit:
        score = np.round(weight + pull * near[:, picked].mean(axis=1), 9)
        score[picked] = -np.inf
        picked.append(int(np.argmax(score)))
    rest = [i for i in range(len(ranked)) if i not in picked]
    return [ranked[i] for i in (*sorted(picked), *rest)]


def _heavy_phrases(ranked: Sequence[Candidate]) -> list[int]:
    """Places of the heaviest phrases after the first candidate."""
    heavy = HEAVY_SHARE * ranked[0].weight
    places = [
        i
        for i, candidate in enumerate(ranked[:HEAVIEST_SEARCHED])
        if i and len(candidate.parts) > 1 and candidate.weight >= heavy
    ]
    return places[:MOST_PHRASES]

"""Keywords that keep company: of a theme's distinct candidates, those that are used in the same texts.

Weights alone put together words that each are typical of a theme and never meet. Choosing one by one, each next word
being the best by its weight plus its mean association with those chosen, gives lists that read as one subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from toolkit.describe.keywords import Candidate
from toolkit.describe.phrases import Terms
from toolkit.files.tuned import tuned
from toolkit.values import Floats

TUNED = tuned("toolkit.describe")

MOST_PHRASES = 2
"""Heavy phrases taken in any case."""
HEAVIEST_SEARCHED = 10
"""Heaviest candidates among which such phrases are searched."""
HEAVY_SHARE = TUNED.number("heavy_share")
"""Least weight of such a phrase, as a share of the heaviest candidate's."""
DISCOUNT_TEXTS = TUNED.number("discount_texts")
"""Number of shared texts at which an association counts half."""


def incidence(terms: Terms) -> Any:
    """(texts, terms) sparse matrix by columns, 1 where a text holds a term."""
    from scipy.sparse import csc_matrix

    cells = (np.ones(len(terms.rows), np.float32), (terms.rows, terms.columns))
    return csc_matrix(cells, shape=(max(terms.texts, 1), len(terms.names)))


def association(occurrences: Any, terms: Sequence[int]) -> Floats:
    """(m, m) NPMI of the terms over all texts (Bouma 2009), -1 where two never meet, 0 where both are everywhere.

    Discounted by j / (j + 1) * m / (m + 1), j the texts with both and m those with the rarer one (after Pantel
    and Lin 2002): two rare words that share one text, or none, say little.
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


def together(ranked: Sequence[Candidate], occurrences: Any, limit: int, pull: float) -> list[Candidate]:
    """`limit` candidates by weight (the heaviest counts 1) plus `pull` times mean association, then the others.

    The heaviest is taken in any case, and so are up to two heavy phrases, which say most to a reader. Both parts keep
    the order of the weights.
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

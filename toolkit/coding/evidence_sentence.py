"""The evidence sentence: the sentence of a paragraph that indicates a code most."""

from __future__ import annotations

import numpy as np

from toolkit.coding.by_meaning import Encode
from toolkit.coding.evidence import Evidence
from toolkit.coding.sentences import Passages
from toolkit.values import Bools, Floats, Ints

CLEAR = 2.0
"""Nats of wording by which the best sentence must lead the second for its wording alone to decide."""
FEWEST_SENTENCES = 40
"""Sentences that may be embedded in any case; beyond that, one for every two paragraphs of the corpus."""


def carriers(
    evidence: Evidence, passages: Passages, odds: Floats, assigned: Bools, encode: Encode | None
) -> tuple[Ints, int]:
    """(n, c) row of each paragraph's most telling sentence for each code; and how many sentences were embedded.

    Wording decides where one sentence leads clearly. Where a code is assigned and none leads, the paragraph's sentences
    are embedded and their meaning counts too, surest codes first, as long as no more than one sentence for two
    paragraphs (40 at least) has to be embedded.
    """
    strength = np.array(evidence.sentence_words)
    embedded = 0
    if encode is not None and evidence.facets is not None:
        rows = _unclear(evidence, passages, odds, assigned)
        embedded = len(rows)
        if embedded:
            texts = sorted({passages.read[row] for row in rows})
            place = {text: index for index, text in enumerate(texts)}
            near = evidence.facets.nearest(encode(texts))
            for row in rows:
                strength[row] += near[place[passages.read[row]]]
    return _first_best(strength, passages), embedded


def _unclear(evidence: Evidence, passages: Passages, odds: Floats, assigned: Bools) -> list[int]:
    """Sentences of paragraphs with an assigned code that no sentence's wording leads for, within the budget."""
    rows_of: list[list[int]] = [[] for _ in passages.paragraphs]
    for row, owner in enumerate(passages.owner):
        rows_of[owner].append(row)
    pairs = sorted(zip(*np.nonzero(assigned), strict=True), key=lambda pair: (-odds[pair], pair))
    chosen: list[int] = []
    budget, seen = max(FEWEST_SENTENCES, len(rows_of) // 2), set()
    for paragraph, code in pairs:
        rows = rows_of[paragraph]
        values = np.sort(evidence.sentence_words[rows, code])[::-1]
        if paragraph in seen or len(rows) < 2 or values[0] - values[1] >= CLEAR:
            continue
        if len(chosen) + len(rows) > budget:
            break
        seen.add(paragraph)
        chosen += rows
    return sorted(chosen)


def _first_best(strength: Floats, passages: Passages) -> Ints:
    """(n, c) the first of each paragraph's strongest sentences."""
    n, c = len(passages.paragraphs), strength.shape[1]
    best = np.full((n, c), -1, np.int32)
    top = np.full((n, c), -np.inf)
    for row, owner in enumerate(passages.owner):
        better = strength[row] > top[owner] + 1e-9
        best[owner] = np.where(better, row, best[owner])
        top[owner] = np.where(better, strength[row], top[owner])
    return best

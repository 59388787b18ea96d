"""One score from all evidence, and the rule that turns scores into codes where nobody has coded by hand."""

from __future__ import annotations

import numpy as np

from toolkit.codebook.evidence import Evidence
from toolkit.values import Floats

INTERCEPT = -6.0
WEIGHTS = {
    "definition": 0.25,
    "rule": 0.35,
    "sentence_rule": 0.45,
    "words": 0.06,
    "sentence_words": 0.08,
    "phrases": 0.12,
    "against": -0.1,
}


def score(evidence: Evidence) -> Floats:
    """(n, c) score in (0, 1): the logistic of weighted evidence."""
    measures = evidence.measures()
    total = np.full(evidence.words.shape, INTERCEPT)
    for name, weight in WEIGHTS.items():
        total = total + weight * measures[name]
    return np.asarray(1.0 / (1.0 + np.exp(-total)))

"""Decides which paragraphs get a code: first the number of paragraphs of each code, then the paragraphs.

Shares of codes differ by a factor of 100, and a fixed threshold gives broad codes far too seldom. So the share of a
code is estimated first, by a regression over codes: the log-odds of its share on the distribution of its scores in this
corpus (their mean as probabilities, how often it is a paragraph's best code, how many paragraphs contain its words) and
on how crowded the codebook is around it. It was fitted to the development codebooks
(experiments/benchmarks/coding.py), and the error of such shares was measured on codebooks left out (share_error.json).
Codes of another field change little, because no measure depends on the number of codes.

The code's log-odds are then shifted, within bounds, until their mean as probabilities is that share (as Saerens et al.
2002 adjust for a new prior), and the code is given to those paragraphs for which the expected F1 is greatest (Lipton et
al. 2014, "Optimal thresholding of classifiers to maximize F1 measure").
"""

from __future__ import annotations

import numpy as np

from toolkit.coding.evidence import Evidence
from toolkit.coding.scoring import logistic, weights
from toolkit.files.tuned import tuned
from toolkit.values import Bools, Floats

TUNED = tuned("toolkit.coding")

LEAST_PROBABILITY = TUNED.number("least_probability")
"""No paragraph gets a code at a lower probability."""
LEAST_UNSHIFTED_PROBABILITY = TUNED.number("least_unshifted_probability")
"""No paragraph gets a code if its probability was lower before the shift."""
BEST_CODE_BONUS = TUNED.number("best_code_bonus")
"""Log-odds added to a paragraph's best code, because each paragraph is about something."""
OTHER_CODES_PENALTY = TUNED.number("other_codes_penalty")
"""Log-odds taken off a paragraph's other codes."""
FEWEST_CODES = 4
"""In codebooks with fewer codes, the best code of a paragraph gets no bonus."""
COVERED_BONUS = TUNED.number("covered_bonus")
"""Log-odds added to a paragraph's best code if the codebook covers everything."""
LEAST_SHIFT, GREATEST_SHIFT = TUNED.numbers("shift_bounds")
"""The least and the greatest shift of a code's log-odds."""
SHIFT_PRIOR_PARAGRAPHS = TUNED.whole("shift_prior_paragraphs")
"""A shift counts n / (n + this number), because a share estimated from few paragraphs is uncertain."""
WORDING_NATS = TUNED.number("wording_nats")
"""A paragraph contains a code's words if its wording is worth at least this."""


def share_measures(odds: Floats, evidence: Evidence, within: Bools) -> dict[str, Floats]:
    """(c,) measures by name from which the share of each code is estimated, over the paragraphs in the field."""
    near, words = odds[within], evidence.words[within]
    n, c = near.shape
    probability = logistic(near)
    best = np.bincount(near.argmax(axis=1), minlength=c)
    soft = np.exp(near - near.max(axis=1, keepdims=True))
    soft = (soft / soft.sum(axis=1, keepdims=True)).mean(axis=0)
    mean = np.maximum(probability.mean(axis=0), 1e-9)
    return {
        "mean": np.log(mean),
        "best": np.log((best + 1) / (n + c)),
        "competing": np.log(np.maximum(soft, 1e-12)),
        "crowding": evidence.crowding,
        "words": np.log((words > WORDING_NATS).mean(axis=0) + 0.01),
    }


def shares(odds: Floats, evidence: Evidence, within: Bools, by: dict[str, float] | None = None) -> Floats:
    """(c,) estimated share of each code among the paragraphs in the field; 0 if there are none."""
    if not within.any():
        return np.zeros(odds.shape[1])
    by = dict(weights()[evidence.kind]["share"]) if by is None else by
    measures = share_measures(odds, evidence, within)
    total = np.full(odds.shape[1], float(by["intercept"]))
    for name, values in measures.items():
        total += by[name] * values
    return logistic(total)


def offsets(odds: Floats, share: Floats, within: Bools) -> Floats:
    """(c,) offsets of the log-odds of each code: a paragraph gets the code if the sum is at least 0.

    `share` (c,) of the paragraphs in the field; `odds` (n, c) after `best_favoured`.
    """
    near = odds[within]
    if not len(near):
        return np.zeros(odds.shape[1])
    shift = np.clip(_shift(near, share), LEAST_SHIFT, GREATEST_SHIFT) * len(near) / (len(near) + SHIFT_PRIOR_PARAGRAPHS)
    probability = logistic(near + shift)
    offset = shift - _log_odds(np.maximum(best_bound(probability), LEAST_PROBABILITY))
    return np.asarray(np.minimum(offset, -_log_odds(np.array(LEAST_UNSHIFTED_PROBABILITY))))


def best_bound(probability: Floats) -> Floats:
    """(c,) the threshold of the (n, c) calibrated probabilities with the greatest expected F1 of each code.

    If the k most probable paragraphs get the code, the expected F1 is about 2 (sum of their probabilities) / (k + sum
    of all); the threshold is half of the greatest value.
    """
    ordered = -np.sort(-probability, axis=0)
    k = np.arange(1, len(ordered) + 1)[:, None]
    f1 = 2 * np.cumsum(ordered, axis=0) / np.maximum(k + probability.sum(axis=0), 1e-12)
    return np.asarray(f1.max(axis=0) / 2)


def _shift(odds: Floats, share: Floats) -> Floats:
    """(c,) shifts of the log-odds with which the mean probability of each code is its share, by bisection."""
    low, high = np.full(odds.shape[1], -40.0), np.full(odds.shape[1], 40.0)
    for _ in range(50):
        middle = (low + high) / 2
        less = logistic(odds + middle).mean(axis=0) < share
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return np.asarray((low + high) / 2)


def _log_odds(probability: Floats) -> Floats:
    return np.asarray(np.log(probability / np.maximum(1 - probability, 1e-12)))


def best_favoured(odds: Floats) -> Floats:
    """(n, c) log-odds with each paragraph's best code raised and the others lowered; their order remains."""
    return _apart(odds, BEST_CODE_BONUS, OTHER_CODES_PENALTY)


def everything_covered(odds: Floats) -> Floats:
    """(n, c) log-odds with each paragraph's best code raised, so that hardly any paragraph has no code."""
    return _apart(odds, COVERED_BONUS, 0.0)


def _apart(odds: Floats, raised: float, lowered: float) -> Floats:
    if odds.shape[1] < FEWEST_CODES or not len(odds):
        return odds
    return np.asarray(np.where(odds >= odds.max(axis=1, keepdims=True), odds + raised, odds - lowered))


def outside_lowered(odds: Floats, within: Bools) -> Floats:
    """(n, c) log-odds, below 0 for all paragraphs outside the field; the order of these paragraphs remains."""
    under = np.where(odds >= 0, -0.01 / (1 + np.maximum(odds, 0.0)), odds)
    return np.asarray(np.where(within[:, None], odds, under))


def decided(odds: Floats, offset: Floats, within: Bools, covers: str) -> Floats:
    """(n, c) log-odds; a paragraph gets the code if they are at least 0."""
    made = best_favoured(odds) + offset
    return everything_covered(made) if covers == "everything" else outside_lowered(made, within)


def decisions(
    odds: Floats, evidence: Evidence, within: Bools, covers: str, by: dict[str, float] | None = None
) -> tuple[Floats, Floats]:
    """(n, c) log-odds, at least 0 if a paragraph gets the code, and the (c,) offsets in them."""
    offset = offsets(best_favoured(odds), shares(odds, evidence, within, by), within)
    return decided(odds, offset, within, covers), offset

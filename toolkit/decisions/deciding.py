"""Applies a log to a discovery: edited themes, and what became of each decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from toolkit.decisions.log import Log
from toolkit.schemas import OUTCOMES
from toolkit.values import Discovery, Ints, Vectors

__all__ = ["OUTCOMES", "Decided", "decide"]


@dataclass(frozen=True)
class Decided:
    """A discovery after the decisions of people.

    `machine` (n,) is the assignment before them. `names` and `notes` are those that people gave, by theme (after);
    `keys` what a further decision calls each theme. `outcomes` has a row for each decision, OUTCOMES.
    """

    discovery: Discovery
    machine: Ints
    names: Mapping[int, str]
    notes: Mapping[int, tuple[str, ...]]
    keys: Mapping[int, str]
    outcomes: pa.Table


def decide(log: Log, found: Discovery, texts: Sequence[str], vectors: Vectors, seed: int) -> Decided:
    """The discovery with the decisions of a log applied in their order, and what became of each.

    `texts` and `vectors` (n, d) are of the n unique paragraphs of the discovery, in its order.
    """
    raise NotImplementedError

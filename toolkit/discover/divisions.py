"""The divisions that are offered beside the chosen one, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from toolkit.schemas import DIVISIONS
from toolkit.values import Ints, Table, Tick

NO_OTHER = (
    "no other resolution that was tried divides the paragraphs into clearly more or fewer themes with none over half "
    "of them"
)
NO_THEMES = "the run has no theme"
GIVEN = "the number of themes or the resolution was given, so that no choice was made"
ONE_METHOD = "this method does not weigh resolutions by refits"
SAMPLED = "themes were fitted to a sample of the paragraphs"


@dataclass(frozen=True)
class Divisions:
    """The offered divisions: one row each (DIVISIONS), and labels (p, n) of those not chosen, in the order of the rows.

    `reason` says why no division is offered; it is empty if one is.
    """

    table: Table = field(default_factory=DIVISIONS.empty_table)
    labels: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int32))
    reason: str = ""


Offering = Callable[[int, Callable[[Ints], Ints], Tick], Divisions]
"""`offering(kept, finish, tick)`: the divisions beside one with `kept` themes; `finish` does to labels (n,) what the
run does after the votes."""

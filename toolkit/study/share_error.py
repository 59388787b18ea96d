"""The coding error of shares, as it was measured for the coding of this version, and the codes that it concerns."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from toolkit.codebook.badges import FEWEST_DOCUMENTS, UNCHECKED, badges
from toolkit.estimate.coding_error import CodingError
from toolkit.values import Coding


@cache
def measured_error() -> CodingError:
    """The figures of `coding/share_error.json`, written by `experiments/benchmarks/coding.py`."""
    place = files("toolkit") / "coding" / "share_error.json"
    return CodingError(**json.loads(place.read_text(encoding="utf-8")))


def unchecked_codes(coding: Coding | None) -> frozenset[str]:
    """The codes whose coding no person checked: their badge is unchecked."""
    if coding is None:
        return frozenset()
    codes = coding.thresholds["code"].to_pylist()
    rows = badges(coding.scored.to_pylist(), codes, FEWEST_DOCUMENTS).to_pylist()  # documents decide no unchecked one
    return frozenset(row["code"] for row in rows if row["badge"] == UNCHECKED)

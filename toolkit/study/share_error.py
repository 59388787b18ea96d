"""The coding error of shares, as it was measured for the coding of this version, and the codes that it concerns."""

from __future__ import annotations

from functools import cache

from toolkit.codebook.badges import FEWEST_DOCUMENTS, UNCHECKED, badges
from toolkit.estimate.coding_error import CodingError
from toolkit.files.tuned import tuned
from toolkit.schemas import BY_CODING
from toolkit.values import Coding, Metric, Table


@cache
def measured_error() -> CodingError:
    """The figures of `coding/share_error.json`, written by `experiments/benchmarks/coding.py`."""
    return CodingError(**tuned("toolkit.coding").fitted("share_error"))


def unchecked_codes(coding: Coding | None) -> frozenset[str]:
    """The codes whose coding no person checked: their badge is unchecked."""
    if coding is None:
        return frozenset()
    codes = coding.thresholds["code"].to_pylist()
    rows = badges(coding.scored.to_pylist(), codes, FEWEST_DOCUMENTS).to_pylist()  # documents decide no unchecked one
    return frozenset(row["code"] for row in rows if row["badge"] == UNCHECKED)


def share_error_metrics(prevalence: Table, error: CodingError) -> dict[str, Metric]:
    """The size of the coding error that intervals of the table PREVALENCE contain; nothing if none contains it."""
    if BY_CODING not in set(prevalence["interval_of"].to_pylist()):
        return {}
    where = f"of {error.codebooks} {error.measured_on}"
    reason = f"measured without labels on {error.codebooks} {error.measured_on}, not on this corpus: no interval"
    broad = f"codes with a true share above {error.broad_above:.0%}, {where}"
    return {
        "share_error.mean": Metric(
            error.mean_absolute_error, direction="lower", n=error.codes, reason=reason, of=f"codes {where}"
        ),
        "share_error.slope": Metric(error.slope, n=error.codes, reason=reason, of=f"codes {where}"),
        "share_error.within": Metric(
            error.within_1_5_of_broad, direction="higher", n=error.broad, reason=reason, of=broad
        ),
    }

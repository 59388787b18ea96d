"""How far the machine's codes were checked against people's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from toolkit.text.format import decimal

Badge = Literal["unchecked", "weak", "checked"]
WORST_FIRST: tuple[Badge, ...] = ("unchecked", "weak", "checked")
WEAK_F1 = 0.6
"""Below this F1 against the coders a code is weak."""


@dataclass(frozen=True)
class Reliability:
    """The badge of a code (or the worst of several), and how it was checked, in words."""

    badge: Badge
    words: str


def reliability(codes: Sequence[str], scored: Iterable[Mapping[str, Any]]) -> Reliability:
    """The reliability of the least reliable of some codes.

    Args:
        scored: rows with measure, code, value, low, high (`tables/scored`); none without human codes.
    """
    f1 = {row["code"]: row for row in scored if row["measure"] == "f1" and row["code"]}
    each = [_of(code, f1.get(code), len(codes) > 1) for code in codes]
    return min(each, key=lambda found: WORST_FIRST.index(found.badge))


def _of(code: str, row: Mapping[str, Any] | None, named: bool) -> Reliability:
    if row is None or row["value"] is None:
        return Reliability("unchecked", "by machine codes that nobody checked")
    ends = f" ({decimal(row['low'])}–{decimal(row['high'])})" if row["low"] is not None else ""
    badge: Badge = "weak" if row["value"] < WEAK_F1 else "checked"
    what = f"{code} has an F1 of" if named else "their F1 is"
    kind = "weak machine codes" if badge == "weak" else "machine codes"
    return Reliability(badge, f"by {kind}: {what} {decimal(row['value'])}{ends} against the coders")

"""Claims and their numbers in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from toolkit.claims.measures import Measure
from toolkit.claims.settings import REST, Claim, Compared, Level, OverTime, Together
from toolkit.text.format import count, decimal, plural

CONTRARY = {"larger": "smaller", "smaller": "larger", "rose": "fell", "fell": "rose"}


def sentence(claim: Claim, names: Mapping[str, str]) -> str:
    """What a claim says, in a sentence; its own words if it has some."""
    if claim.says:
        return claim.says
    where = "" if claim.group_by is None else f" where {claim.group_by} is {claim.group}"
    units = f"{claim.unit}s"
    if isinstance(claim, Together):
        one, two = (_name(code, names) for code in claim.codes)
        return f"{one} and {two} occur in the same {units} more often than by chance{where}."
    name = _name(claim.code, names)
    if isinstance(claim, Compared):
        than = f"in all other {units}" if claim.than == REST else f"where it is {claim.than}"
        return f"The share of {units} with {name} is {claim.claim}{where} than {than}."
    if isinstance(claim, Level):
        return f"The share of {units} with {name} is {claim.claim} {100 * claim.share:g}%{where}."
    period = "".join(f" {word} {date}" for word, date in (("since", claim.since), ("until", claim.until)) if date)
    return f"The share of {units} with {name} {claim.claim}{period}{where}."


def numbers(claim: Claim, found: Measure) -> str:
    """The number of a claim with interval and denominator; empty if there is none."""
    if found.estimate != found.estimate:
        return ""
    if isinstance(claim, Compared):
        return _compared(claim, found)
    base = f"{plural(found.n, claim.unit)}" + ("" if claim.unit == "document" else f" in {_documents(found.documents)}")
    if isinstance(claim, OverTime):
        return f"{_points(found.estimate)} points a year{_ends(found, _points)}, {base}"
    if isinstance(claim, Together):
        both = f"{count(found.first)} of {base} with both, {decimal(found.second, 1)} expected by chance"
        return f"{decimal(found.estimate)} times as many as by chance{_ends(found, _times)}: {both}"
    return f"{_fraction(found.estimate, found.null)} of {base}{_ends(found, lambda x: _fraction(x, found.null))}"


def _compared(claim: Compared, found: Measure) -> str:
    sides = (found.first, found.n, found.documents), (found.second, found.n_second or 0, found.documents_second or 0)
    one, two = (
        f"{_fraction(value, -1)} of {plural(n, claim.unit)}"
        + ("" if claim.unit == "document" else f" in {_documents(documents)}")
        for value, n, documents in sides
    )
    return f"{_points(found.estimate)} points{_ends(found, _points)}: {one} against {two}"


def _ends(found: Measure, say: Callable[[float], str]) -> str:
    if found.low != found.low or found.high != found.high:
        return " (no interval)"
    return f" ({say(found.low)} to {say(found.high)})"


def _documents(number: int) -> str:
    return plural(number, "document")


def _name(code: str, names: Mapping[str, str]) -> str:
    return f"“{names.get(code, code)}”"


def _apart(value: float, other: float, digits: int) -> str:
    """A number with as many digits as it takes to tell it from another, at most 6."""
    while digits < 6 and value != other and round(value, digits) == round(other, digits):
        digits += 1
    return decimal(value, digits)


def _points(difference: float) -> str:
    """A difference of shares in percentage points; one that is not 0 is never printed as 0."""
    return _apart(100 * difference, 0.0, 1)


def _times(ratio: float) -> str:
    """A ratio; one that is not 1 is never printed as 1."""
    return _apart(ratio, 1.0, 2)


def _fraction(share: float, value: float) -> str:
    """A share as a percentage; one that is not `value` is never printed like it."""
    return f"{_apart(100 * share, 100 * value, 1)}%"

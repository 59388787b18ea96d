"""Claims and their numbers in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from toolkit.claims.measures import Measure
from toolkit.claims.settings import REST, Claim, Compared, Level, OverTime, Together
from toolkit.text.format import apart, count, decimal, plural

CONTRARY = {"larger": "smaller", "smaller": "larger", "rose": "fell", "fell": "rose"}


def sentence(claim: Claim, names: Mapping[str, str]) -> str:
    """A claim as a sentence: its own words (`says`), or words made from its settings."""
    if claim.says:
        return claim.says
    where = "" if claim.group_by is None else f" where {claim.group_by} is {claim.group}"
    units = f"{claim.unit}s"
    if isinstance(claim, Together):
        first, second = (_name(code, names) for code in claim.codes)
        return f"{first} and {second} occur in the same {units} more often than by chance{where}."
    name = _name(claim.code, names)
    if isinstance(claim, Compared):
        than = f"in all other {units}" if claim.than == REST else f"where it is {claim.than}"
        return f"The share of {units} with {name} is {claim.claim}{where} than {than}."
    if isinstance(claim, Level):
        return f"The share of {units} with {name} is {claim.claim} {100 * claim.share:g}%{where}."
    return f"The share of {units} with {name} {claim.claim}{claim.period}{where}."


def numbers(claim: Claim, measure: Measure, resample: str) -> str:
    """The number of a claim with interval and denominator; empty if there is none.

    `resample` names what counts as independent: document, or a column of the documents.
    """
    if measure.estimate != measure.estimate:
        return ""
    base = _base(claim, measure.n, measure.documents, resample)
    if isinstance(claim, Compared):
        other = _base(claim, measure.n_second or 0, measure.documents_second or 0, resample)
        sides = f"{_fraction(measure.first, -1)} of {base} against {_fraction(measure.second, -1)} of {other}"
        return f"{_points(measure.estimate)} points{_ends(measure, _points)}: {sides}"
    if isinstance(claim, OverTime):
        return f"{_points(measure.estimate)} points a year{_ends(measure, _points)}, {base}"
    if isinstance(claim, Together):
        both = f"{count(measure.first)} with both of {base}, {apart(measure.second, 0.0, 1)} expected by chance"
        return f"{decimal(measure.estimate)} times as many as by chance{_ends(measure, _times)}: {both}"
    return (
        f"{_fraction(measure.estimate, measure.null)} of {base}{_ends(measure, lambda x: _fraction(x, measure.null))}"
    )


def _base(claim: Claim, n: int, clusters: int, resample: str) -> str:
    """402 paragraphs in 77 documents."""
    if claim.unit == resample:
        return plural(n, claim.unit)
    return f"{plural(n, claim.unit)} in {_clusters(clusters, resample)}"


def _clusters(number: int, resample: str) -> str:
    singular = "document" if resample == "document" else f"group of {resample}"
    return plural(number, singular, singular.replace("group", "groups", 1) if resample != "document" else "documents")


def reason_in_words(reason: str, unit: str, resample: str) -> str:
    """A measure's reason with the names of what was counted and of what is independent."""
    words = {"unit": unit, "units": f"{unit}s"}
    if resample != "document":
        words |= {"document": f"group of {resample}", "documents": f"groups of {resample}"}
    return re.sub(r"\b(?:units?|documents?)\b", lambda word: words.get(word[0], word[0]), reason)


def _ends(measure: Measure, say: Callable[[float], str]) -> str:
    if measure.low != measure.low or measure.high != measure.high:
        return " (no interval)"
    return f" ({say(measure.low)} to {say(measure.high)})"


def _name(code: str, names: Mapping[str, str]) -> str:
    return f"“{names.get(code, code)}”"


def _points(difference: float) -> str:
    """A difference of shares in percentage points; one that is not 0 is never printed as 0."""
    return apart(100 * difference, 0.0, 1)


def _times(ratio: float) -> str:
    """A ratio; one that is not 1 is never printed as 1."""
    return apart(ratio, 1.0, 2)


def _fraction(share: float, value: float) -> str:
    """A share as a percentage; one that is not `value` is never printed like it."""
    return f"{apart(100 * share, 100 * value, 1)}%"

"""Answers claims: number, interval, p adjusted for all claims of the study, verdict in words, and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.claims.material import Material, Units
from toolkit.claims.measures import Measure, Share, corrected, difference, level, lift, share, slope, summed
from toolkit.claims.reliability import Reliability, reliability
from toolkit.claims.settings import REST, Claim, Compared, Level, OfCode, OverTime, Together, codes_of, fault_of_codes
from toolkit.claims.usable import dates_in, missing_in, obstacle, sides
from toolkit.claims.words import CONTRARY, numbers, reason_in_words, sentence
from toolkit.codebook.badges import UNCHECKED
from toolkit.estimate.coding_error import CodedShare, CodingError
from toolkit.estimate.contrasts import adjusted
from toolkit.estimate.correction import FEWEST_CODED
from toolkit.schemas import BY_CODING, BY_SAMPLING, CLAIMS, MACHINE, PERSON
from toolkit.text.format import decimal
from toolkit.values import ASSUMPTION, Answers, Bools

ALPHA = 0.05
HOLDS, CONTRARY_HOLDS, OPEN = "holds", "does not hold", "cannot be told"
MEASURES = {
    "larger": "difference of shares", "smaller": "difference of shares", "rose": "change of share per year",
    "fell": "change of share per year", "changed": "change of share per year",
    "together": "observed / expected", "above": "share", "below": "share",
}  # fmt: skip
WORKS = ("jackknife1981", "holm1979")


@dataclass(frozen=True)
class Result:
    """A measure, the codes that it rests on, the estimate by the machine's codes alone if it is corrected, and the
    errors that its interval contains.
    """

    measure: Measure
    basis: str
    machine: float | None = None
    interval_of: str = BY_SAMPLING


def answer(claims: Sequence[Claim], material: Material) -> Answers:
    """Every claim in its order; p-values adjusted by Holm over all claims of the study that have one."""
    made = [_result(claim, material) for claim in claims]
    p_values = np.array([result.measure.p for result in made])
    family = int((~np.isnan(p_values)).sum())
    rows = [
        _row(number, claim, result, float(value), family, material)
        for number, (claim, result, value) in enumerate(zip(claims, made, adjusted(p_values, "holm"), strict=True), 1)
    ]
    kinds = {type(claim) for claim in claims}
    works = (
        *WORKS,
        *(("mover2008",) if any(issubclass(kind, Compared) for kind in kinds) or _of_coding(made) else ()),
        *(("ppi2023", "ppi2023b") if any(result.machine is not None for result in made) else ()),
    )
    lacking = [_lacking(claim, material) for claim in claims]
    notes = tuple(f"Claim {number}: {why}." for number, why in enumerate(lacking, 1) if why)
    return Answers(pa.Table.from_pylist(rows, schema=CLAIMS), _method(material, family, made), notes, works)


def _lacking(claim: Claim, material: Material) -> str:
    """What the codebook or the corpus lacks for a claim, which may have been written for others."""
    return fault_of_codes(claim, material.parents) or missing_in(claim, material.documents, material.paragraphs)


def _result(claim: Claim, material: Material) -> Result:
    """The number of a claim; without p if the corpus cannot answer it."""
    result = _measured(claim, material)
    why = obstacle(claim, material.documents, material.paragraphs, material.parents)
    reason = reason_in_words(result.measure.reason, claim.unit, material.resample)
    p = np.nan if why else result.measure.p
    return replace(result, measure=replace(result.measure, p=p, reason=why or reason))


def _measured(claim: Claim, material: Material) -> Result:
    trust = reliability(codes_of(claim), material.scored, material.coded_documents)
    if _lacking(claim, material):
        return Result(Measure(np.nan), trust.words)
    against = claim.group if isinstance(claim, Compared) and claim.than == REST else None
    units = material.units(claim.unit, claim.group_by, against)
    everything = np.ones(len(units.document), bool)
    inside, other = sides(claim, units.values) if units.values is not None else (everything, everything)
    if isinstance(claim, Compared):
        return _by_share(claim, material, units, [inside, other], trust)
    if isinstance(claim, Level):
        return _by_share(claim, material, units, [inside], trust)
    cluster = material.cluster[units.document]
    if isinstance(claim, OverTime):
        time, dated = dates_in(claim, material.documents)
        kept = inside & dated[units.document]
        change = slope(units.codes[claim.code][kept], time[units.document][kept], cluster[kept])
        return Result(change, trust.words)
    first, second = (units.codes[code][inside] for code in claim.codes)
    return Result(lift(summed([first & second, first, second, np.ones(len(first))], cluster[inside])), trust.words)


def _by_share(
    claim: Compared | Level, material: Material, units: Units, groups: list[Bools], trust: Reliability
) -> Result:
    """A claim about shares: corrected with the coders' codes if each group has enough of them, else the machine's."""
    plain = [_share(claim, material, units, group) for group in groups]
    machine = _joined(claim, plain)
    weights = material.weights[units.rows] if claim.unit == "paragraph" else np.zeros(len(units.document))
    fewest = min(int((weights[group] > 0).sum()) for group in groups)
    if fewest < FEWEST_CODED or np.isnan(machine.p):
        if isinstance(claim, Level) and trust.badge == UNCHECKED and material.error is not None:
            coded = _coded_share(claim, material, plain[0], material.error)
            return Result(level(replace(plain[0], coded=coded), claim.share), trust.words, interval_of=BY_CODING)
        return Result(machine, trust.words)
    people = material.people(claim.code)[units.rows]
    cluster = material.cluster[units.document]
    shares = [
        corrected(units.codes[claim.code][group], people[group], weights[group], cluster[group]) for group in groups
    ]
    coded = (weights > 0) & np.any(groups, axis=0)
    where = len(set(units.document[coded].tolist()))
    sure = material.sampling is not None and material.sampling.checked
    by_machines = ", coded by machines" * (material.kind == MACHINE)
    basis = f"by codes corrected with {int(coded.sum()):,} coded paragraphs in {where:,} documents{by_machines}"
    basis += "" if sure else f", {ASSUMPTION}"
    return Result(_joined(claim, shares), basis, machine.estimate)


def _share(claim: OfCode, material: Material, units: Units, group: Bools) -> Share:
    hits, cluster = units.codes[claim.code][group], material.cluster[units.document][group]
    return share(summed([hits, np.ones(len(hits))], cluster))


def _coded_share(claim: Level, material: Material, plain: Share, error: CodingError) -> CodedShare:
    """A share with its coding error, which is known for paragraphs: a share of documents comes with theirs."""
    if claim.unit == "paragraph" or not plain.n:
        return CodedShare(error, plain.estimate)
    units = material.units("paragraph", claim.group_by)
    hits = units.codes[claim.code]
    inside = np.ones(len(hits), bool)
    if units.values is not None:
        inside = np.array([value == claim.group for value in units.values], bool)
    return CodedShare(error, plain.estimate, float(hits[inside].mean()), inside.sum() / plain.n)


def _joined(claim: Compared | Level, shares: list[Share]) -> Measure:
    return difference(*shares) if isinstance(claim, Compared) else level(shares[0], claim.share)


def _row(number: int, claim: Claim, result: Result, p: float, family: int, material: Material) -> dict[str, Any]:
    measure = result.measure
    codes = codes_of(claim)
    trust = reliability(codes, material.scored, material.coded_documents)
    badge = trust.badge
    verdict, reason = judged(claim, measure, p, family)
    by_people = result.machine is not None and material.kind == PERSON  # corrected with codes by people
    if verdict != OPEN and not by_people and badge != "checked":
        verdict = f"{verdict} by {badge} codes" + " (weak against machines)" * trust.weak_by_machines
    plain = {name: _number(getattr(measure, name)) for name in ("estimate", "low", "high", "first", "second", "p")}
    return {
        "claim": number,
        "kind": claim.claim,
        "code": codes[0],
        "other": codes[1] if len(codes) > 1 else None,
        "group_by": claim.group_by,
        "group": claim.group,
        "than": claim.than if isinstance(claim, Compared) else None,
        "unit": claim.unit,
        "measure": MEASURES[claim.claim],
        "chance": _number(measure.null),
        **plain,
        "n": measure.n,
        "n_second": measure.n_second,
        "documents": measure.documents,
        "documents_second": measure.documents_second,
        "p_adjusted": _number(p),
        "verdict": verdict,
        "reason": reason or None,
        "badge": badge,
        "basis": result.basis,
        "interval_of": None if np.isnan(measure.low) else result.interval_of,
        "machine": result.machine,
        "text": sentence(claim, material.names),
        "numbers": numbers(claim, measure, material.resample) or None,
    }


def judged(claim: Claim, measure: Measure, p_adjusted: float, family: int) -> tuple[str, str]:
    """The verdict on a claim, and why: the contrary in words, or why nothing can be told.

    A claim holds, or its contrary does, if p adjusted for the `family` is below .05 and the 95 % interval excludes
    `measure.null`; else it cannot be told.
    """
    if measure.reason:
        return OPEN, measure.reason
    excludes = not (measure.low <= measure.null <= measure.high)
    if p_adjusted < ALPHA and excludes and measure.low == measure.low:
        above = measure.estimate > measure.null
        if claim.claim == "changed" or above == (claim.claim in ("larger", "rose", "together", "above")):
            return HOLDS, ""
        return CONTRARY_HOLDS, _contrary(claim)
    if measure.p < ALPHA and excludes:
        return OPEN, f"unadjusted p is {_p(measure.p)}, adjusted for {family} claims {_p(p_adjusted)}"
    ps = f"(p {_p(measure.p)}, adjusted {_p(p_adjusted)})"
    if excludes and measure.low == measure.low:
        return OPEN, f"the interval excludes {_chance(claim, measure)}, and the test does not {ps}"
    return OPEN, f"the interval includes {_chance(claim, measure)}: neither shown nor excluded {ps}"


def _contrary(claim: Claim) -> str:
    if isinstance(claim, Together):
        return "the two codes occur together less often than by chance"
    if isinstance(claim, Level):
        return f"the share is {'below' if claim.claim == 'above' else 'above'} the value"
    return f"the share {'is' if isinstance(claim, Compared) else ''} {CONTRARY[claim.claim]}".replace("  ", " ")


def _chance(claim: Claim, measure: Measure) -> str:
    if isinstance(claim, Level):
        return f"{100 * measure.null:g}%"
    return "1, as many as by chance" if isinstance(claim, Together) else "0, no difference"


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else decimal(value, 3)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _method(material: Material, family: int, made: Sequence[Result]) -> str:
    left = "document" if material.resample == "document" else f"whole group of {material.resample!r}"
    return (
        f"Standard errors of claims leave out one {left} at a time (jackknife), so that no verdict depends on a random "
        f"draw. Intervals are 95 %, not adjusted. The p-values of the {family} claims that have one are adjusted "
        "together by Holm; a claim holds, or its contrary does, if the adjusted p is below .05 and the whole interval "
        f"agrees. All other claims cannot be told, which does not mean that there is no difference.{_of_coding(made)}"
    )


def _of_coding(made: Sequence[Result]) -> str:
    """The sentence on the coding error in claims that compare a share with a value; empty if there are none."""
    if not any(result.interval_of == BY_CODING for result in made):
        return ""
    return (
        " If no person checked a code, the interval and p of its share against a value contain its coding error as "
        "measured on development codebooks; those of differences, slopes and pairs contain sampling error alone."
    )

"""The claims of the study, each with its verdict, its number and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.report.blocks import Bullets, Column, Fold, Row, Section
from toolkit.report.claim_part import ClaimPart
from toolkit.report.content import Content
from toolkit.report.inlines import PAGE, Detail, File, Inlines, Link, Only, Ranges, Strong
from toolkit.report.sections.pieces import blocks, files, joined, small, table, words
from toolkit.schemas import BY_SAMPLING

RULE = (
    "The claims are those of the config; nothing here shows whether they were written before the results were seen. A "
    "claim holds if its p-value, adjusted for all claims of the study (Holm), is below 0.05 and its whole 95% interval "
    "agrees with it; it does not hold if the contrary is shown in the same way. If neither is shown, it cannot be "
    "told, which does not mean that there is no difference: the interval shows what is still possible. Intervals are "
    "not adjusted. Further down every pair of codes, slope and group is tested, with other intervals and an adjustment "
    "for all of them: a result that holds as a claim may not be clear there, since nothing was asked beforehand."
)


def claims(content: Content) -> Section | None:
    """What the study wanted answered; None if it has no claims."""
    asked = content.claims
    if not asked:
        return None
    columns = [
        Column("Claim", "long words", width=5),
        Column("Verdict", width=3),
        Column("Number (95% interval)", width=4),
    ]
    rows = [Row(((words(claim.text),), _verdict(claim), _number(claim))) for claim in asked]
    return Section(
        "claims",
        "Claims",
        "What the study wanted to know",
        blocks(
            table("Claims", columns, rows),
            Fold(("What each verdict rests on",), (_bases(asked), small(RULE)), 3),
            files("tables/claims.csv"),
        ),
    )


def not_contradicted(content: Content, kinds: Sequence[str], shown: Sequence[frozenset[str]] = ()) -> str:
    """Why a claim of these kinds may have an answer if all tests of a part have none; empty without such claims.

    `shown` are the names of codes about which the part has a statement of its own.
    """
    answered = [claim for claim in content.findings.claims if claim.rank < 2 and claim.kind in kinds]
    answered = [claim for claim in answered if frozenset(subject.name for subject in claim.subjects) not in shown]
    if not answered:
        return ""
    which = "claim answered above, which is" if len(answered) == 1 else "claims answered above, which are"
    return f"This does not contradict the {which} adjusted for the claims alone and not for all that is tested here."


def _bases(asked: Sequence[ClaimPart]) -> Bullets:
    anchors = tuple(f"claim-{claim.number}" for claim in asked)
    return Bullets(tuple(map(_basis, asked)), numbered=True, anchors=anchors)


def _verdict(claim: ClaimPart) -> Inlines:
    verdict, _, by = claim.verdict.partition(" by ")
    return (Strong((_upper(verdict),)), *([Detail((f"by {by}",))] if by else []))


def _number(claim: ClaimPart) -> Inlines:
    """The number with its interval, without what it is out of."""
    short, bracket, _ = claim.numbers.partition(")")
    return (Ranges(short + bracket or "–"),)


def _basis(claim: ClaimPart) -> Inlines:
    """All that is behind a verdict: why, the number with what it is out of, the codes and where to see them."""
    verdict = f"{_upper(claim.verdict)}{': ' * bool(claim.reason)}{claim.reason}"
    p = f", adjusted p {claim.adjusted}" if claim.adjusted and not claim.verdict.startswith("cannot") else ""
    alone = " alone" * (claim.interval_of == BY_SAMPLING)
    contains = f"interval of {claim.interval_of}{' error' * bool(alone)}{alone}" if claim.interval_of else ""
    numbers = f" {claim.numbers}{f' ({contains})' * bool(contains)}." if claim.numbers else ""
    evidence = joined([(Link((words(name),), f"#{anchor}"),) for anchor, name in claim.codes])
    shown: Inlines = (", " if evidence else "", File(claim.figure)) if claim.figure else ()
    links = (Only(PAGE, (" Evidence: ", *evidence, *shown, ".")),) if evidence or shown else ()
    basis = f" {_upper(claim.basis)}." if claim.basis else ""
    return (words(claim.text), " ", Strong((f"{verdict}{p}.",)), Ranges(numbers), Ranges(basis), *links)


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

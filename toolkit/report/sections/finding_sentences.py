"""The sentences of the findings: each with its number, its interval, its mark and links to its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.report.blocks import Finding
from toolkit.report.findings_part import (
    Chosen,
    Claimed,
    Differs,
    GoTogether,
    Largest,
    Moved,
    NothingClear,
    Standing,
    Subject,
)
from toolkit.report.inlines import Inlines, Link, Ranges, Strong, Tag, Words
from toolkit.report.sections.pieces import joined, words
from toolkit.report.theme_part import Share
from toolkit.report.verdicts import p_words
from toolkit.text.format import apart, apart_from_zero, beside, count, decimal, interval, listed, percent, plural

MARKS: dict[Standing, Tag] = {
    "sound": Tag("sound", "sound"),
    "uncertain": Tag("uncertain code", "unchecked"),
    "unmeasured": Tag("not measured", "unchecked"),
    "unchecked": Tag("unchecked", "unchecked"),
    "fragile": Tag("fragile", "fragile"),
    "weak": Tag("weak code", "weak"),
    "open": Tag("open", "open"),
}
LONGEST_LINK = 26
NONE = re.compile(r"\bincludes ([01]), (no difference|as many as by chance)")
ALONE = re.compile(r"^(?:alone|unadjusted) p is (\S+), adjusted for (.+) (\S+)$")
TESTS = {
    "contrasts": ("no group clearly differs from the others", "comparison"),
    "trends": ("no share clearly rose or fell", "slope"),
    "cooccurrence": ("no two codes clearly occur together", "pair"),
}
"""Table of tests -> the words if none of them is clear, and the name of a test."""


def of_claim(claim: Claimed) -> Finding:
    """The sentence of a claim: its own words if it holds, else the contrary or why it cannot be told."""
    number, ends = _numbers_of(claim)
    if claim.rank == 0:
        sentence: Inlines = (words(_ended(claim.text, ":" if number else ".")),)
    elif claim.rank == 1:
        reason = f"{claim.reason[:1].upper()}{claim.reason[1:]}"
        sentence = (Strong(("Does not hold:",)), " ", _quoted(claim.text), f" {_ended(reason, ':' if number else '.')}")
    else:
        sentence = (Strong(("Cannot be told:",)), " ", _quoted(claim.text))
        why = _short(claim.reason)
        if claim.kind not in ("larger", "smaller", "together"):  # their intervals come with the value
            ends = ", ".join(text for text in (number, ends) if text)
        basis = ". ".join(text for text in (_upper(why), ends) if text)
        return Finding(sentence, (), (Ranges(basis),), MARKS["open"], _rests_on(claim))
    return Finding(sentence, (f"{number}." if number else "",), (Ranges(ends),), MARKS[claim.standing],
                   _rests_on(claim))  # fmt: skip


def _rests_on(claim: Claimed) -> Inlines:
    """Links to all that is behind the verdict and to the codes."""
    test = Link(("test",), f"#claim-{claim.number}")
    codes = [(Link((words(_cut(subject.name)),), f"#{subject.anchor}"),) for subject in claim.subjects]
    return ("Evidence: ", *joined([(test,), *codes]))


def _ended(text: str, end: str) -> str:
    return text.rstrip(" .。") + end


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _quoted(text: str) -> Words:
    """A claim in quotation marks; those inside it are single."""
    return words(f"“{text.replace('“', '‘').replace('”', '’')}”")


def _short(reason: str) -> str:
    """A reason without its meaning for the claim, which the mark shows."""
    kept = reason.partition(": neither shown nor excluded")[0]
    kept = NONE.sub(r"includes \1 (\2)", kept)
    return ALONE.sub(r"unadjusted p is \1, adjusted for \2 it is \3", kept)


def _numbers_of(claim: Claimed) -> tuple[str, str]:
    """The number of a claim with its denominator, and its interval; empty for a claim without numbers."""
    unit = f"{claim.unit}s"
    if claim.estimate is None:
        return "", ""
    if claim.kind in ("larger", "smaller") and claim.first is not None and claim.second is not None:
        first, second = _two(claim.first, claim.second, claim.n, claim.n_second)
        sides = f"{first} of {count(claim.n)} {unit} against {second} of {count(claim.n_second)}"
        return sides, _points(claim.estimate, claim.low, claim.high)
    if claim.kind in ("rose", "fell", "changed"):
        ends = _points(claim.estimate, claim.low, claim.high, " a year")
        return f"{_signed(claim.estimate)} points a year in {count(claim.n)} {unit}", ends.partition(" a year, ")[2]
    if claim.kind == "together" and claim.first is not None and claim.second is not None:
        expected = apart(claim.second, 0.0, 1)
        both = f"{count(claim.first)} of {count(claim.n)} {unit} have both, {expected} expected by chance"
        return both, _times(claim.estimate, claim.low, claim.high)
    bound = claim.value or 0.0
    share = f"{_beside(claim.estimate, bound)} of {count(claim.n)} {unit}"
    around = [_beside(end, bound) for end in (claim.low, claim.high) if end is not None]
    return share, " to ".join(around) if len(around) == 2 else ""


def _two(share_one: float, share_two: float, n_one: int, n_two: int) -> tuple[str, str]:
    """Two shares as percentages, with a decimal if they are different and would print alike."""
    first, second = percent(share_one, n_one), percent(share_two, n_two)
    if first == second and share_one != share_two:
        return f"{decimal(100 * share_one, 1)}%", f"{decimal(100 * share_two, 1)}%"
    return first, second


def _beside(share: float, bound: float) -> str:
    return f"{beside(100 * share, 100 * bound, 1)}%"


def _points(value: float, low: float | None, high: float | None, per: str = "") -> str:
    """25.6 points, 13.2 to 39.6."""
    ends = apart_from_zero(None if low is None else 100 * low, None if high is None else 100 * high, 1)
    return f"{apart(100 * value, 0.0, 1)} points{per}, {ends or 'no interval'}"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + apart(100 * value, 0.0, 1)


def _times(value: float, low: float | None, high: float | None) -> str:
    """3.5 times as many, 2.1 to 6.0; with two digits if an end is close to 1, which is as many as by chance."""
    ends = [end for end in (low, high) if end is not None and end == end]
    digits = 2 if len(ends) == 2 and min(abs(end - 1) for end in ends) < 0.05 else 1
    around = " to ".join(apart(end, 1.0, digits) for end in ends) if len(ends) == 2 else "no interval"
    return f"{apart(value, 1.0, digits)} times as many, {around}"


def of_chosen(finding: Chosen) -> Finding:
    """What a rule chose, in a sentence."""
    match finding:
        case Largest():
            return _of_largest(finding)
        case Differs():
            return _of_difference(finding)
        case Moved():
            return _of_move(finding)
        case GoTogether():
            return _of_pair(finding)
        case NothingClear():
            return _of_nothing(finding)


def _of_largest(largest: Largest) -> Finding:
    """The largest theme or code, or those among which it is, each with its share and interval."""
    word = "largest" if largest.kind == "theme" else "most frequent"
    kinds = plural(largest.of, largest.kind)
    mark = MARKS[largest.standing]
    if not largest.top:
        return Finding(
            (f"None of {kinds} is the {word}: {count(largest.tied)} have the same share.",), (), (), mark, ()
        )
    share = largest.top[0][1]
    base = plural(share.n, "respondent" if largest.respondents else "paragraph")
    if largest.alone:
        claim = f"is the {word} of {kinds}" if largest.of > 1 else f"is the only {largest.kind} found"
        number = f"{percent(share.estimate, share.n)} of {base}."
        sentence: Inlines = (_named(largest.top[0][0]), f" {claim}:")
        return Finding(sentence, (number,), (Ranges(_ends(share)),), mark, _evidence([largest.top[0][0]]))
    names = joined(
        [(_named(subject), f" ({percent(part.estimate, part.n)})") for subject, part in largest.top], last=" and "
    )
    are = "are" if len(largest.top) > 1 else "is"
    sentence = (f"None of {kinds} is clearly the {word}; among the {word} {are} ", *names, f", of {base}.")
    ends = listed([interval(part.low, part.high, part.n) or "no interval" for _, part in largest.top])
    seldom = any(part.why for _, part in largest.top)
    ends += "; without one: returns too seldom with other seeds" if seldom else ""
    return Finding(sentence, (), (Ranges(ends),), mark, _evidence([subject for subject, _ in largest.top]))


def _ends(share: Share) -> str:
    return interval(share.low, share.high, share.n) or (f"no interval: {share.why}" if share.why else "no interval")


def _of_difference(finding: Differs) -> Finding:
    more = "more" if finding.difference > 0 else "less"
    sentence: Inlines = (_named(finding.subject), f" is {more} frequent in ", words(finding.group), " than in ")
    sentence += (words(finding.versus), ":")
    if finding.first is None:
        number = f"{apart(100 * finding.difference, 0.0, 1)} points."
    else:
        first, second = _two(finding.first, finding.first - finding.difference, finding.n, finding.n_second)
        number = f"{first} of {count(finding.n)} paragraphs against {second} of {count(finding.n_second)}."
    ends = _points(finding.difference, finding.low, finding.high) + _adjusted(finding.p, finding.tested, "comparison")
    return Finding(
        sentence, (number,), (Ranges(ends),), MARKS[finding.standing], _evidence([finding.subject], "variation")
    )


def _of_move(finding: Moved) -> Finding:
    way = "rose" if finding.slope > 0 else "fell"
    number = f"{_signed(finding.slope)} points a year."
    ends = apart_from_zero(100 * finding.low, 100 * finding.high, 1) + _adjusted(finding.p, finding.tested, "slope")
    sentence: Inlines = (_named(finding.subject), f" {way}{', ' * bool(finding.ends)}{finding.ends}:")
    return Finding(
        sentence, (number,), (Ranges(ends),), MARKS[finding.standing], _evidence([finding.subject], "variation")
    )


def _of_pair(pair: GoTogether) -> Finding:
    first, second = pair.subjects
    sentence = (_named(first), " and ", _named(second), " occur together:")
    both = f"{count(pair.both)} of {count(pair.n)} paragraphs have both"
    number = f"{both}, {apart(pair.expected, 0.0, 1)} expected by chance."
    ends = _times(pair.lift, pair.low, pair.high) + _adjusted(pair.p, pair.tested, "pair")
    return Finding(sentence, (number,), (Ranges(ends),), MARKS[pair.standing], _evidence(pair.subjects))


def _of_nothing(finding: NothingClear) -> Finding:
    what = _upper(listed([TESTS[name][0] for name, _ in finding.tested]))
    tested = listed([plural(number, TESTS[name][1]) for name, number in finding.tested])
    link: Inlines = (Link(("Evidence",), "#variation"),) if finding.tested[0][0] != "cooccurrence" else ()
    return Finding((f"{what}.",), (), (f"{tested} tested, adjusted together.",), MARKS["open"], link)


def _adjusted(p: float | None, tested: int, what: str) -> str:
    if p is None:
        return ""
    return f"; p {p_words(p)}" + (f" adjusted for {plural(tested, what)}" if tested else ", adjusted")


def _named(subject: Subject) -> Words:
    return words(f"“{subject.name}”")


def _evidence(subjects: Sequence[Subject], section: str = "") -> Inlines:
    """Links to what a finding rests on: by the word alone if there is one place, else by the names of several."""
    if len(subjects) == 1 and not section:
        return (Link(("Evidence",), f"#{subjects[0].anchor}"),)
    links: list[Inlines] = [(Link((words(_cut(subject.name)),), f"#{subject.anchor}"),) for subject in subjects]
    links += [(Link(("comparison",), f"#{section}"),)] if section else []
    return ("Evidence: ", *joined(links)) if links else ()


def _cut(name: str) -> str:
    """A name of at most a few words, for a link in small letters."""
    return name if len(name) <= LONGEST_LINK else name[:LONGEST_LINK].rpartition(" ")[0].rstrip(" ,;:") + "…"

"""The first screen: what the study found, in a headline and a few sentences, and one chart; and the run in numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from toolkit.report.blocks import Blocks, Bullets, Figure, Finding, Findings, Fold, Heading, OnlyIn, Paragraph, Section
from toolkit.report.content import Content
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
from toolkit.report.inlines import PAGE, PAPER, File, Inlines, Link, Only, Ranges, Strong, Tag, Words
from toolkit.report.sections.opening import counts, of_badges, of_the_run, why_none
from toolkit.report.sections.pieces import blocks, joined, paragraph, small, words
from toolkit.report.theme_part import Share
from toolkit.report.verdicts import p_words
from toolkit.schemas import BY_SAMPLING
from toolkit.text.evidence import GRADES, graded_words
from toolkit.text.format import apart_from_zero, beside, count, decimal, decimals, interval, listed, percent, plural
from toolkit.text.ties import quantified

MARKS: dict[Standing, Tag] = {
    "sound": Tag("sound", "sound"),
    "uncertain": Tag("uncertain code", "unchecked"),
    "unmeasured": Tag("not measured", "unchecked"),
    "unchecked": Tag("unchecked", "unchecked"),
    "fragile": Tag("fragile", "fragile"),
    "weak": Tag("weak code", "weak"),
    "open": Tag("open", "open"),
}
MEANINGS: tuple[tuple[Standing, str], ...] = (
    ("sound", "a theme that came back in resampled corpora and with other seeds, beyond what chance gives, or a code "
              "that people checked"),
    ("fragile", "a theme that does not come back like that"),
    ("unmeasured", "a theme of which the run does not say how stable it is"),
    ("unchecked", "by a code that no person checked"),
    ("uncertain", "by a code for which the check leaves open whether its coding is good enough"),
    ("weak", "by a code on which those who coded and this run disagree"),
    ("open", "neither shown nor excluded"),
)  # fmt: skip
ORDER_OF_CLAIMS = (
    "The findings answer the claims of the config: those that hold first, then those whose contrary is shown, then "
    "those that cannot be told, in their order. A claim has an answer if its p-value, adjusted for all claims, is "
    "below 0.05 and its whole 95% interval agrees."
)
RULES = (
    "What is largest: the theme and the code with the largest share; it is called the largest only if its whole 95% "
    "interval is above the intervals of all others. Codes come first if the evidence of themes is not clear.",
    "What differs: of the differences between a group and the others that are clear after adjustment for all "
    "comparisons, the best supported, and of these the largest.",
    "What moved: of the shares that clearly rise or fall after adjustment for all slopes, the best supported, and of "
    "these the steepest.",
    "What goes together: of the pairs of codes that share more paragraphs than by chance, after adjustment for all "
    "pairs, the best supported, and of these the one with most paragraphs.",
)
LONGEST_LINK = 26
ALONE = re.compile(r"^alone p is (\S+), adjusted for (.+) (\S+)$")
TESTS = {
    "contrasts": ("no group clearly differs from the others", "comparison"),
    "trends": ("no share clearly rose or fell", "slope"),
    "cooccurrence": ("no two codes clearly go together", "pair"),
}
"""Table of tests -> what is said if none of them is clear, and what a test is called."""


def findings(content: Content) -> Section:
    """What the study found, with the chart that shows it."""
    part = content.findings
    items = [*map(_of_claim, part.shown), *map(_chosen, part.chosen)]
    shown = Findings(headline(content), tuple(items), _chart(content), _note(content))
    return Section(
        "findings",
        "Findings",
        "What was found",
        blocks(shown, _how(content) if items else None, _numbers(content)),
    )


def headline(content: Content) -> Inlines:
    """How much of what was asked holds, or how much there is to find."""
    part = content.findings
    if part.claims:
        return (_of_claims(part.claims),)
    themes = content.real_themes
    if not themes:
        why = why_none(content)
        return (why if len(why) <= 110 else why.partition(":")[0].rstrip(".") + ".",)
    fragile = sum(theme.fragile for theme in themes)
    number = plural(len(themes), "theme")
    if part.grade is None:
        how_many = f"; {_all(fragile, len(themes))} fragile" if fragile else ""
        return (f"The paragraphs fall into {number}{how_many}.",)
    said = graded_words(GRADES[part.grade])
    if part.grade == len(GRADES) - 1:
        marked = f", {count(fragile)} of them fragile" if fragile else ""
        return (f"{said.replace('themes', number)}{marked}.",)
    return (f"Nothing here is certain: {said[:1].lower()}{said[1:]}, and {_all(fragile, len(themes))} fragile.",)


def _all(part: int, whole: int) -> str:
    """All 6 are; 2 of 6 are."""
    if part == whole:
        return f"all {count(whole)} are" if whole > 1 else "the only one is"
    return f"{count(part)} of {count(whole)} {'is' if part == 1 else 'are'}"


def _of_claims(claims: tuple[Claimed, ...]) -> str:
    """2 of 5 claims hold, both by codes that no person checked; 3 cannot be told."""
    held, contrary, left = ([claim for claim in claims if claim.rank == rank] for rank in range(3))
    whole = len(claims)
    if not held and not contrary:
        return "The claim cannot be told from this corpus." if whole == 1 else (
            f"Nothing holds: none of {count(whole)} claims can be told from this corpus.")  # fmt: skip
    refuted = f"for {count(len(contrary))} the contrary is shown" if contrary else ""
    open_ones = f"{count(len(left))} cannot be told" if left else ""
    if not held:
        if whole == 1:
            return f"The claim does not hold: the contrary is shown{_by(contrary)}."
        return f"None of {count(whole)} claims holds: {listed([text for text in (refuted, open_ones) if text])}."
    first = f"{count(len(held))} of {plural(whole, 'claim')} hold{'s' * (len(held) == 1)}"
    first = "The claim holds" if whole == 1 else f"All {count(whole)} claims hold" if len(held) == whole else first
    return "; ".join(text for text in (f"{first}{_by(held)}", refuted, open_ones) if text) + "."


def _by(answered: list[Claimed]) -> str:
    """By whose codes: only what warns is said."""
    nobody, weak = sum(claim.by_nobody for claim in answered), sum(claim.standing == "weak" for claim in answered)
    warned = f", {count(weak) if weak > 1 else 'one'} of them weak" if weak and len(answered) > 1 else ""
    if not nobody:
        return ", by a weak code" if weak and len(answered) == 1 else warned.replace("of them weak", "by a weak code")
    whose = "codes that no person checked"
    if nobody == len(answered):
        return f", {quantified(answered).replace('each', 'all')}by {whose}{warned}"
    return f", {count(nobody)} of them by {whose}"


def _of_claim(claim: Claimed) -> Finding:
    """A claim that holds in its own words; another one with what was found instead, or why it cannot be told."""
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
        return Finding(sentence, (), (Ranges(basis),), MARKS["open"], _evidence(claim.subjects))
    return Finding(sentence, (f"{number}." if number else "",), (Ranges(ends),), MARKS[claim.standing],
                   _evidence(claim.subjects))  # fmt: skip


def _ended(text: str, end: str) -> str:
    return text.rstrip(" .。") + end


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _quoted(text: str) -> Words:
    return words(f"“{text}”")


def _short(reason: str) -> str:
    """A reason without what it means for the claim, which the mark says."""
    kept = reason.partition(": neither shown nor excluded")[0]
    return ALONE.sub(r"p is \1 alone and \3 adjusted for \2", kept)


def _numbers_of(claim: Claimed) -> tuple[str, str]:
    """The number of a claim with what it is out of, and its interval; what a claim without numbers says."""
    unit = f"{claim.unit}s"
    if claim.estimate is None:
        return "", ""
    if claim.kind in ("larger", "smaller") and claim.first is not None and claim.second is not None:
        one, two = _two(claim.first, claim.second, claim.n, claim.n_second)
        sides = f"{one} of {count(claim.n)} {unit} against {two} of {count(claim.n_second)}"
        return sides, _points(claim.estimate, claim.low, claim.high)
    if claim.kind in ("rose", "fell", "changed"):
        ends = _points(claim.estimate, claim.low, claim.high, " a year")
        return f"{_signed(claim.estimate)} points a year in {count(claim.n)} {unit}", ends.partition(" a year, ")[2]
    if claim.kind == "together" and claim.first is not None and claim.second is not None:
        both = (
            f"{count(claim.first)} of {count(claim.n)} {unit} have both, {decimal(claim.second, 1)} expected by chance"
        )
        return both, _times(claim.estimate, claim.low, claim.high)
    bound = claim.value or 0.0
    share = f"{_beside(claim.estimate, bound)} of {count(claim.n)} {unit}"
    around = [_beside(end, bound) for end in (claim.low, claim.high) if end is not None]
    return share, " to ".join(around) if len(around) == 2 else ""


def _two(one: float, two: float, n_one: int, n_two: int) -> tuple[str, str]:
    """Two shares as percentages, with a decimal if they are different and would print alike."""
    first, second = percent(one, n_one), percent(two, n_two)
    if first == second and one != two:
        return f"{decimal(100 * one, 1)}%", f"{decimal(100 * two, 1)}%"
    return first, second


def _beside(share: float, bound: float) -> str:
    return f"{beside(100 * share, 100 * bound, 1)}%"


def _points(value: float, low: float | None, high: float | None, per: str = "") -> str:
    """25.6 points, 13.2 to 39.6."""
    ends = apart_from_zero(None if low is None else 100 * low, None if high is None else 100 * high, 1)
    return f"{beside(100 * value, 0.0, 1)} points{per}, {ends or 'no interval'}"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + beside(100 * value, 0.0, 1)


def _times(value: float, low: float | None, high: float | None) -> str:
    """3.5 times as many, 2.1 to 6.0."""
    ends = decimals(low, high, 1 if low is None or high is None or (low > 1.05 or high < 0.95) else 2)
    return f"{decimal(value, 1)} times as many, {ends or 'no interval'}"


def _chosen(found: Chosen) -> Finding:
    match found:
        case Largest():
            return _of_largest(found)
        case Differs():
            return _of_difference(found)
        case Moved():
            return _of_move(found)
        case GoTogether():
            return _of_pair(found)
        case NothingClear():
            return _of_nothing(found)


def _of_largest(found: Largest) -> Finding:
    """The largest theme or code, or those among which it is, each with its share and interval."""
    word = "largest" if found.kind == "theme" else "most frequent"
    kinds = plural(found.of, found.kind)
    mark = MARKS[found.standing]
    if not found.top:
        return Finding((f"None of {kinds} is the {word}: {count(found.tied)} have the same share.",), (), (), mark, ())
    share = found.top[0][1]
    base = plural(share.n, "respondent" if found.respondents else "paragraph")
    if found.alone:
        said = f"is the {word} of {kinds}" if found.of > 1 else f"is the only {found.kind}"
        number = f"{percent(share.estimate, share.n)} of {base}."
        sentence: Inlines = (_named(found.top[0][0]), f" {said}:")
        return Finding(sentence, (number,), (Ranges(_ends(share)),), mark, _evidence([found.top[0][0]]))
    names = joined([(_named(one), f" ({percent(part.estimate, part.n)})") for one, part in found.top], last=" and ")
    are = "are" if len(found.top) > 1 else "is"
    sentence = (f"None of {kinds} is clearly the {word}; among the {word} {are} ", *names, f", of {base}.")
    ends = listed([interval(part.low, part.high, part.n) or "no interval" for _, part in found.top])
    seldom = any(part.why for _, part in found.top)
    ends += "; without one: returns too seldom with other seeds" if seldom else ""
    return Finding(sentence, (), (Ranges(ends),), mark, _evidence([one for one, _ in found.top]))


def _ends(share: Share) -> str:
    return interval(share.low, share.high, share.n) or (f"no interval: {share.why}" if share.why else "no interval")


def _of_difference(found: Differs) -> Finding:
    more = "more" if found.difference > 0 else "less"
    sentence: Inlines = (_named(found.subject), f" is {more} frequent in ", words(found.group), " than in ")
    sentence += (words(found.versus), ":")
    if found.first is None:
        number = f"{beside(100 * found.difference, 0.0, 1)} points."
    else:
        one, two = _two(found.first, found.first - found.difference, found.n, found.n_second)
        number = f"{one} of {count(found.n)} paragraphs against {two} of {count(found.n_second)}."
    ends = _points(found.difference, found.low, found.high) + _adjusted(found.p, found.tested, "comparison")
    return Finding(sentence, (number,), (Ranges(ends),), MARKS[found.standing], _evidence([found.subject], "variation"))


def _of_move(found: Moved) -> Finding:
    way = "rose" if found.slope > 0 else "fell"
    number = f"{_signed(found.slope)} points a year."
    ends = apart_from_zero(100 * found.low, 100 * found.high, 1) + _adjusted(found.p, found.tested, "slope")
    sentence: Inlines = (_named(found.subject), f" {way}{', ' * bool(found.ends)}{found.ends}:")
    return Finding(sentence, (number,), (Ranges(ends),), MARKS[found.standing], _evidence([found.subject], "variation"))


def _of_pair(found: GoTogether) -> Finding:
    one, two = found.subjects
    sentence = (_named(one), " and ", _named(two), " go together:")
    both = f"{count(found.both)} of {count(found.n)} paragraphs have both"
    number = f"{both}, {decimal(found.expected, 1)} expected by chance."
    ends = _times(found.lift, found.low, found.high) + _adjusted(found.p, found.tested, "pair")
    return Finding(sentence, (number,), (Ranges(ends),), MARKS[found.standing], _evidence(found.subjects))


def _of_nothing(found: NothingClear) -> Finding:
    what = _upper(listed([TESTS[name][0] for name, _ in found.tested]))
    tested = listed([plural(number, TESTS[name][1]) for name, number in found.tested])
    link: Inlines = (Link(("Evidence",), "#variation"),) if found.tested[0][0] != "cooccurrence" else ()
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
    links: list[Inlines] = [(Link((words(_cut(one.name)),), f"#{one.anchor}"),) for one in subjects]
    links += [(Link(("comparison",), f"#{section}"),)] if section else []
    return ("Evidence: ", *joined(links)) if links else ()


def _cut(name: str) -> str:
    """A name of at most a few words, for a link in small letters."""
    return name if len(name) <= LONGEST_LINK else name[:LONGEST_LINK].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _chart(content: Content) -> Figure | None:
    drawing = content.figures["answer"]
    if drawing.reason:
        return None
    kept: Inlines = (" ", File("figures/answer.svg"), ", ", File("figures/answer.csv"))
    return Figure(drawing, (drawing.caption, Only(PAGE, kept)))


def _note(content: Content) -> Inlines:
    """What a reader must know before quoting a number; more claims than there is room for."""
    told = [*_limits(content)]
    more = len(content.findings.claims) - len(content.findings.shown)
    if more:
        told.insert(0, (f"{plural(more, 'more claim')} below, in ", Link(("all claims",), "#claims"), "."))
    return joined(told, " ")


def _limits(content: Content) -> Iterator[Inlines]:
    if not content.findings.claims and not content.real_themes:
        why = why_none(content)
        if (why,) != headline(content):
            yield (why,)
    if content.findings.claims or content.findings.chosen:
        alone = "; those of claims contain sampling error alone" if _by_sampling(content) else ""
        yield (f"Ranges are 95% intervals{alone}.",)
    if content.corpus.unread:
        yield (
            f"{count(content.corpus.unread)} of {count(content.corpus.unique)} unique paragraphs cannot be read by the "
            "model and have neither theme nor code.",
        )
    if content.codes:
        yield from of_badges(content)
    if content.seeds is not None and content.seeds.moved is not None:
        yield (content.seeds.short,)
    if content.languages is not None:
        yield (content.languages.short,)


def _by_sampling(content: Content) -> bool:
    """Whether an answer rests on unchecked codes and its interval contains no error of coding."""
    return any(claim.interval_of == BY_SAMPLING for claim in content.claims)


def _how(content: Content) -> Fold:
    """By which rules the findings were chosen, and what their marks mean."""
    part = content.findings
    rules = [Bullets(tuple((rule,) for rule in RULES))] if part.chosen else []
    claims = [paragraph(ORDER_OF_CLAIMS)] if part.claims else []
    if part.claims and part.chosen:
        claims.append(paragraph("There are fewer than three claims; what follows them was chosen by these rules:"))
    meanings = tuple((MARKS[standing], f" {meaning}.") for standing, meaning in MEANINGS)
    marks: Blocks = (Heading(("What the marks mean",), 4), Bullets(meanings))
    return Fold(("How these findings were chosen",), (*claims, *rules, *marks))


def _numbers(content: Content) -> Fold:
    """What the run read and found, in sentences; every one of them rests on a part below."""
    sentences = joined([*of_the_run(content)], " ")
    told = tuple(Ranges(part) if isinstance(part, str) else part for part in sentences)
    return Fold(
        ("The run in numbers",),
        blocks(
            OnlyIn(PAGE, (counts(content),)),
            Paragraph(told),
            small(
                "Shares are shares of unique paragraphs unless said otherwise; ranges in brackets are 95% intervals "
                "(of stability the middle 95% of the refits). ",
                Only(
                    PAGE, ("Files named in grey lie in the run folder; their links work while this page lies there.",)
                ),
                Only(PAPER, ("Files named here lie in the run folder.",)),
            ),
        ),
    )

"""The first screen: what the study found, in a headline and a few sentences, and one chart; and the run in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.codebook.badges import AGREED, BADGES, UNCERTAIN, WEAK
from toolkit.report.blocks import Blocks, Bullets, Figure, Findings, Fold, Paragraph, Section
from toolkit.report.content import Content
from toolkit.report.findings_part import Claimed, Differs, FindingsPart, Moved, Standing
from toolkit.report.inlines import PAGE, PAPER, File, Inlines, Link, Only, Ranges
from toolkit.report.sections.finding_sentences import MARKS, of_chosen, of_claim
from toolkit.report.sections.opening import of_the_run, why_none
from toolkit.report.sections.pieces import blocks, joined, paragraph, small, words
from toolkit.schemas import BY_SAMPLING
from toolkit.text.evidence import GRADES, graded_words
from toolkit.text.format import count, listed, plural

AGAINST_MACHINES = {
    AGREED: ("agrees", "agree"),
    UNCERTAIN: ("is uncertain", "are uncertain"),
    WEAK: ("is weak", "are weak"),
}
MEANINGS: dict[Standing, str] = {
    "sound": "a theme that came back in resampled corpora and with other seeds more often than by chance, or a code "
    "whose coding was checked",
    "uncertain": "rests on a code for which the check leaves open whether its coding is good enough",
    "unmeasured": "a theme whose evidence or stability this run did not measure",
    "unchecked": "rests on a code that no person checked",
    "fragile": "a theme that does not come back in resampled corpora or with other seeds, or not more often than by "
    "chance",
    "weak": "rests on a code on which those who coded and this run disagree",
    "open": "neither shown nor excluded",
}
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
    "What occurs together: of the pairs of codes that share more paragraphs than by chance, after adjustment for all "
    "pairs, the best supported, and of these the one with most paragraphs.",
)


def findings(content: Content) -> Section:
    """What the study found, with the chart that shows it."""
    part = content.findings
    items = [*map(of_claim, part.shown), *map(of_chosen, part.chosen)]
    shown = Findings(headline(content), tuple(items), _chart(content), _note(content))
    return Section(
        "findings",
        "Findings",
        "What was found",
        blocks(shown, _how(content) if items else None, _numbers(content)),
    )


def headline(content: Content) -> Inlines:
    """The headline: how many claims hold; without claims, how many themes there are."""
    part = content.findings
    if part.claims:
        return (_of_claims(part.claims),)
    themes = content.real_themes
    if not themes:
        return (why_none(content),)
    fragile = sum(theme.fragile for theme in themes)
    number = plural(len(themes), "theme")
    if part.grade is None:
        how_many = f"; {_all(fragile, len(themes))} fragile" if fragile else ""
        return (f"The paragraphs fall into {number}{how_many}.",)
    verdict = graded_words(GRADES[part.grade])
    if part.grade == len(GRADES) - 1:
        marked = f", {count(fragile)} of them fragile" if fragile else ""
        if content.decisions is not None and content.decisions.changed:  # the grade is that of the machine's themes
            return (f"{verdict} before people edited them; now {number}{marked}.",)
        return (f"{verdict.replace('themes', number)}{marked}.",)
    weak = (
        f"{verdict}, and {_all(fragile, len(themes))} fragile." if fragile else f"{verdict.replace('themes', number)}."
    )
    if any(finding.standing == "sound" for finding in part.chosen):
        return (weak,)
    return (f"Nothing here is certain: {weak[:1].lower()}{weak[1:]}",)


def _all(part: int, whole: int) -> str:
    """All 6 are; 2 of 6 are."""
    if part == whole:
        return f"all {count(whole)} are" if whole > 1 else "the only one is"
    return f"{count(part)} of {count(whole)} {'is' if part == 1 else 'are'}"


def _of_claims(claims: tuple[Claimed, ...]) -> str:
    """2 of 5 claims hold, both by codes that no person checked; 3 cannot be told."""
    holding, contrary, left = ([claim for claim in claims if claim.rank == rank] for rank in range(3))
    whole = len(claims)
    if not holding and not contrary:
        return "The claim cannot be told from this corpus." if whole == 1 else (
            f"Nothing holds: none of {count(whole)} claims can be told from this corpus.")  # fmt: skip
    refuted = f"for {count(len(contrary))} the contrary is shown" if contrary else ""
    open_ones = f"{count(len(left))} cannot be told" if left else ""
    if not holding:
        if whole == 1:
            return f"The claim does not hold: the contrary is shown{_by(contrary)}."
        return f"None of {count(whole)} claims holds: {listed([text for text in (refuted, open_ones) if text])}."
    first = f"{count(len(holding))} of {plural(whole, 'claim')} hold{'s' * (len(holding) == 1)}"
    first = "The claim holds" if whole == 1 else f"All {count(whole)} claims hold" if len(holding) == whole else first
    return "; ".join(text for text in (f"{first}{_by(holding)}", refuted, open_ones) if text) + "."


def _by(answered: list[Claimed]) -> str:
    """Whose codes the answers rest on, if that is a warning; else empty."""
    whole = len(answered)
    nobody, weak = sum(claim.by_nobody for claim in answered), sum(claim.standing == "weak" for claim in answered)
    warnings = []
    if nobody:
        warnings.append(f"{_of_them(nobody, whole, ' of them' * (nobody < whole))}by codes that no person checked")
    if weak and nobody:
        warnings.append("and weak" if whole == 1 else f"{_of_them(weak, whole, ' of them')}weak")
    elif weak:
        warnings.append(f"{_of_them(weak, whole, '')}{'by a weak code' if weak == 1 else 'by weak codes'}")
    return "".join(f", {warning}" for warning in warnings)


def _of_them(number: int, whole: int, of: str = "") -> str:
    """Nothing for the only one; both, all, one of them or 2 of them."""
    if number == whole:
        return {1: "", 2: f"both{of} "}.get(whole, f"all{of} ")
    return f"one{of} " if number == 1 else f"{count(number)}{of} "


def _chart(content: Content) -> Figure | None:
    drawing = content.figures["answer"]
    if drawing.reason:
        return None
    return Figure(drawing, (drawing.caption, " Data: ", File("figures/answer.csv"), "."))


def _note(content: Content) -> Inlines:
    """What a reader must know before quoting a number; more claims than there is room for."""
    sentences = [*_limits(content)]
    more = len(content.findings.claims) - len(content.findings.shown)
    if more:
        sentences.insert(0, (f"{plural(more, 'more claim')} below, in ", Link(("all claims",), "#claims"), "."))
    if marks := _marks_in(content.findings):
        meanings = "; ".join(f"{MARKS[standing].text}: {meaning}" for standing, meaning in marks)
        sentences.append((Only(PAPER, (f"What the marks mean: {meanings}.",)),))
    return joined(sentences, " ")


def _limits(content: Content) -> Iterator[Inlines]:
    if content.findings.claims and not content.real_themes:
        yield (why_none(content),)
    if content.findings.claims or content.findings.chosen:
        yield (f"Ranges are 95% intervals{_alone(content)}.",)
    if content.decisions is not None and content.decisions.changed:
        yield (words(content.decisions.edited),)
    if content.corpus.unread:
        yield (
            f"{count(content.corpus.unread)} of {count(content.corpus.unique)} unique paragraphs cannot be read by the "
            "model and have neither theme nor code.",
        )
    if content.codes:
        yield from _of_badges(content)
    if content.seeds is not None and content.seeds.moved is not None:
        yield (content.seeds.short,)
    if content.languages is not None:
        yield (content.languages.short,)


def _of_badges(content: Content) -> Iterator[Inlines]:
    """How many codes were checked, and with what result."""
    badges = [code.badge.name for code in content.codes if code.badge]
    if not badges:
        return
    by_machines = [code.badge.by_machines for code in content.codes if code.badge and code.badge.by_machines]
    if by_machines:
        counted = [f"{count(by_machines.count(badge))} {verbs[by_machines.count(badge) > 1]}"
                   for badge, verbs in AGAINST_MACHINES.items() if badge in by_machines]  # fmt: skip
        whole = plural(len(by_machines), "code")
        yield (f"No code was checked against people. Compared with machine coders, of {whole} {listed(counted)}.",)
        return
    if set(badges) == {"unchecked"}:
        yield ("No code was checked against coders: all codes are a machine's reading.",)
        return
    counts_of_badges = [(badges.count(badge), badge) for badge in reversed(BADGES) if badge in badges]
    verb = "is" if counts_of_badges[0][0] == 1 else "are"
    counted = [f"{count(number)} {f'{verb} ' * (not at)}{badge}" for at, (number, badge) in enumerate(counts_of_badges)]
    whole = plural(len(badges), "code")
    yield (f"Of {whole} compared with the {content.declared.coders.noun}, {listed(counted)}.",)


def _alone(content: Content) -> str:
    """Which intervals of unchecked codes do not contain the error of coding."""
    alone = sum(claim.interval_of == BY_SAMPLING for claim in content.claims)
    with_interval = sum(claim.low is not None for claim in content.findings.claims)
    whose = []
    if alone:
        whose.append(f"{f'{count(alone)} of {count(with_interval)} ' * (alone < with_interval)}claims")
    courses = [finding for finding in content.findings.chosen if isinstance(finding, Differs | Moved)]
    if content.share_error is not None and any(finding.subject.kind == "code" for finding in courses):
        whose.append("differences and slopes of codes")
    return f"; those of {listed(whose)} contain sampling error alone" if whose else ""


def _how(content: Content) -> Fold:
    """By which rules the findings were chosen, and what their marks mean."""
    part = content.findings
    rules = [Bullets(tuple((rule,) for rule in RULES))] if part.chosen else []
    claims = [paragraph(ORDER_OF_CLAIMS)] if part.claims else []
    if part.claims and part.chosen:
        claims.append(paragraph("There are fewer than three claims; what follows them was chosen by these rules:"))
    meanings = tuple((MARKS[standing], f" {meaning}.") for standing, meaning in _marks_in(part))
    marks: Blocks = (paragraph("What the marks mean:"), Bullets(meanings))
    return Fold(("How these findings were chosen",), (*claims, *rules, *marks), 3)


def _marks_in(part: FindingsPart) -> list[tuple[Standing, str]]:
    """The marks that the findings carry, each with its meaning."""
    used = {standing.standing for standing in (*part.shown, *part.chosen)}
    return [(standing, meaning) for standing, meaning in MEANINGS.items() if standing in used]


def _numbers(content: Content) -> Fold:
    """What the run read and found, in sentences; every one of them rests on a part below."""
    sentences = joined([*of_the_run(content)], " ")
    parts = tuple(Ranges(part) if isinstance(part, str) else part for part in sentences)
    return Fold(
        ("The run in numbers",),
        blocks(
            Paragraph(parts),
            small(
                "Shares are shares of unique paragraphs unless said otherwise; ranges in brackets are 95% intervals "
                "(of stability the middle 95% of the refits). ",
                Only(
                    PAGE,
                    ("Files named in grey are in the run folder; their links work as long as this page is there.",),
                ),
                Only(PAPER, ("Files named here are in the run folder.",)),
            ),
        ),
        3,
    )

"""What coders coded, how this run and machine coders agree with them, and where they do not."""

from __future__ import annotations

from collections import Counter

from toolkit.codebook.badges import AGREED, CHECKED, UNCERTAIN, UNCHECKED, WEAK
from toolkit.report.blocks import Blocks, Bullets, Column, Fold, Paragraph, Quotes, Row
from toolkit.report.content import Content
from toolkit.report.dispute_part import DisputedCode, Disputes
from toolkit.report.inlines import Ranges
from toolkit.report.places import Mode
from toolkit.report.sections.pieces import blocks, files, fold, paragraph, plain, quotation, small, table, words
from toolkit.report.validity_part import PlainTable
from toolkit.run_folder.about import Coders
from toolkit.schemas import MACHINE
from toolkit.text.format import count, listed, percent, plural

BADGE_WORDS = {
    CHECKED: ("is checked", "are checked"),
    AGREED: ("agrees with them", "agree with them"),
    UNCERTAIN: ("is uncertain", "are uncertain"),
    WEAK: ("is weak", "are weak"),
    UNCHECKED: ("is unchecked", "are unchecked"),
}
DISPUTES = {
    "coders": "Where the {coders} disagree with each other",
    "machine": "Where {run} disagrees with the {coders}",
    "machine coder": "Where machine coders disagree with the {coders}",
}
"""Kind of dispute -> its heading."""


def also_coded(content: Content) -> str:
    """How many paragraphs coders coded; an empty text if nobody did."""
    human, unique = content.human, content.corpus.unique
    if human is None:
        return ""
    share = percent(human.paragraphs / unique, unique) if unique else "–"
    declared = content.declared
    coded = f"{count(human.paragraphs)} of {count(unique)} unique paragraphs ({share}) were also coded by"
    if declared.coders.kind == MACHINE:
        return f"{coded} {declared.coders.counted}, none by people."
    beside = f" {declared.machines.counted.capitalize()} coded, too, and "
    beside += "is only compared." if declared.machines.number == 1 else "are only compared."
    return f"{coded} {declared.coders.counted}." + beside * bool(declared.machines.number)


def coded_in_short(content: Content) -> Paragraph | None:
    """Who coded and how far the run agrees with them; that nobody coded, in a run with a codebook."""
    human, noun = content.human, content.declared.coders.noun
    nobody = "Nobody coded paragraphs of this run, so nothing here says how far the coding agrees with a reader's."
    if human is None:
        return Paragraph((nobody,), "note") if content.codes else None
    agrees = f" Compared with these {noun}, the coding has an F1 of {human.f1}." if human.f1 else ""
    return paragraph(Ranges(f"{also_coded(content)}{agrees}{_by_badge(content)}"))


def _by_badge(content: Content) -> str:
    """How many codes have which badge: 4 of 12 codes agree with them, 7 are uncertain and 1 is weak."""
    badges = [code.badge for code in content.codes if code.badge]
    named = Counter(badge.by_machines or badge.name for badge in badges)
    kinds = [kind for kind in BADGE_WORDS if named[kind]]
    if not kinds:
        return ""
    counts = [f"{count(named[kind])} {BADGE_WORDS[kind][named[kind] > 1]}" for kind in kinds]
    return f" Of {plural(len(badges), 'code')} {listed(counts)}."


def coders(content: Content) -> Blocks:
    """Scores of the coding, and disputes, each in a fold."""
    noun = content.declared.coders.noun
    return blocks(
        _scored(content.scored, noun),
        _machines(content.machine_coders, noun),
        *(_disputes(kind, content.mode, content.declared.coders) for kind in content.disputes),
    )


def _scored(scored: PlainTable | None, noun: str) -> Fold | None:
    """Scores of the coding, a code a row."""
    if scored is None:
        return None
    columns = [Column("Code", width=4), *(Column(head, "number") for head in scored.heads)]
    rows = [Row(((words(row[0]),), *((cell,) for cell in row[1:]))) for row in scored.rows]
    caption = ("Scores by code, with 95% intervals; the last columns count codes given to coded paragraphs",)
    return fold(
        f"Coding against the {noun}: scores by code",
        table("Scores of the coding", columns, rows, caption),
        small(scored.note) if scored.note else None,
        files("tables/scored.csv", "tables/human.csv"),
    )


def _machines(shown: PlainTable | None, noun: str) -> Fold | None:
    """Machines that coded beside people, a row each."""
    if shown is None:
        return None
    heading = f"Machine coders against the {noun}"
    return fold(heading, plain(heading, shown), small(shown.note), files("tables/scored.csv"))


def _disputes(kind: Disputes, mode: Mode, who: Coders) -> Fold | None:
    """Paragraphs on which coders, or coders and machine, disagree."""
    counted = f"{plural(kind.decisions, 'decision')} in {plural(kind.paragraphs, 'paragraph')}"
    some = f"; {len(kind.shown)} of them shown" if len(kind.shown) < kind.paragraphs else ""
    shown = (
        (Quotes((quotation(dispute.quote, mode),), 1), Bullets(tuple((words(_given(code)),) for code in dispute.codes)))
        for dispute in kind.shown
    )
    summary = f"{DISPUTES[kind.between].format(coders=who.noun, run=who.the_run)}: {counted}{some}"
    return fold(summary, *shown, files("tables/disagreements.csv"))


def _given(code: DisputedCode) -> str:
    gave, not_gave = (listed(list(names)) or "nobody" for names in (code.given_by, code.not_given_by))
    return f"{code.name}: given by {gave}, not by {not_gave}"

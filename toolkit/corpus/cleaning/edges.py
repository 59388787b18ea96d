"""Removes blocks above the first and below the last undoubted body text, and short appeals between paragraphs.

The place decides how much evidence is needed: little at the edges, much between paragraphs. A sentence is removed only
if its wording is evidence for it; another line is removed at the edges unless it introduces kept text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.block_features import Form
from toolkit.corpus.cleaning.boilerplate_score import Evidence, evidence_of
from toolkit.corpus.cleaning.cue_files import patterns_of
from toolkit.corpus.cleaning.rules import BIO
from toolkit.corpus.settings import CleanSettings

_CUES = patterns_of("edges")
_OPENER = _CUES["opening_heading"]
_NUMBERED = _CUES["numbered"]
_SPEAKS = _CUES["speaks_to_the_reader"]
_YOU = _CUES["you"]
_FIGURES = re.compile(r"\d")
_LEGAL = _CUES["legal"]
_MENU = _CUES["menu"]
_INSIDE = (
    "heading",
    "caption",
    "read_more",
    "advertisement",
    "related",
    "separator",
    "note",
)  # also between paragraphs
_ISSUE = _CUES["issue"]
_NOTE = _CUES["footnote"]


def firm(form: Form, most: float) -> bool:
    """Whether a block is undoubted body text: sentences whose wording has at most `most` log odds of boilerplate."""
    if (
        not form.terminal
        or form.block.kind == "heading"
        or (form.words < tuned.FIRM_SENTENCE_LEAST_WORDS and form.sentences < 2)
        or form.words < tuned.FIRM_LEAST_WORDS
    ):
        return False
    if form.words > tuned.FIRM_LONG_WORDS and not _LEGAL.search(form.view):
        return True
    evidence = evidence_of(form)
    return evidence.score < tuned.FIRM_SCORE and evidence.wording < (
        most if form.words < tuned.FIRM_LONG_WORDS else tuned.FIRM_LONG_WORDING
    )


def firm_range(forms: Sequence[Form], reasons: Sequence[str]) -> tuple[int, int]:
    """Indices of the first and the last block of undoubted body text; (n, n) if there is none."""
    total = len(forms)
    first = next((at for at in range(total) if not reasons[at] and firm(forms[at], tuned.FIRM_FIRST_WORDING)), total)
    if first == total:
        return total, total
    ends = (at for at in range(total - 1, first, -1) if not reasons[at] and firm(forms[at], tuned.FIRM_LAST_WORDING))
    last = next(
        (at for at in ends if forms[at].words > tuned.FIRM_LONG_WORDS or not _after_the_end(reasons, at)), first
    )
    return first, last


def _after_the_end(reasons: Sequence[str], at: int) -> bool:
    """Whether two of the three blocks above are of kinds that occur below a text."""
    above = reasons[max(0, at - tuned.AFTER_END_SEEN_BLOCKS) : at]
    return sum(_dropped(reason) and reason not in _INSIDE for reason in above) >= tuned.AFTER_END_LEAST_BLOCKS


def mark_zones(
    forms: list[Form], reasons: list[str], settings: CleanSettings, title: int, first: int, last: int
) -> None:
    """Set the reasons `masthead`, `imprint` and `appeal`."""
    if first == len(forms):
        return
    if settings.on("masthead"):
        _head(forms, reasons, title, first)
    if settings.on("imprint"):
        _tail(forms, reasons, last)
    if settings.on("appeal"):
        inside = [at for at in range(first + 1, last) if not reasons[at]]
        appeals = [at for at in inside if _appeals(forms[at]) or _sponsored(forms, reasons, at)]
        for at in appeals if len(appeals) <= tuned.MOST_APPEALS else ():
            reasons[at] = "appeal"


def _head(forms: list[Form], reasons: list[str], title: int, first: int) -> None:
    """Lines above the text that are neither its title, nor a heading right above it, nor sentences."""
    styles = heading_styles(forms[first:])
    headed = False  # a heading of the text is above: the next lines belong to it
    below = {form.view for form in forms[first:]}
    for at in range(first):
        form = forms[at]
        headed = headed or (form.block.kind == "heading" and at > title >= 0)
        if not reasons[at] and at != title and form.view in below and form.words <= tuned.CONTENTS_MOST_WORDS:
            reasons[at] = "masthead"  # a table of contents
        if reasons[at] or at == title or form.block.kind in ("heading", "table", "pre"):
            continue
        evidence = evidence_of(form)
        if form.words > tuned.ABOVE_MOST_WORDS or form.view[:1].islower():
            drop = False
        elif form.block.zone == "strong" and at > title and evidence.wording < tuned.STRONG_WORDING:
            headed, drop = True, False
        elif _sentence(form) or _leads(form):
            drop = (
                evidence.wording >= tuned.ABOVE_SENTENCE_WORDING and evidence.score > 0 and not BIO.match(form.view)
            ) or (evidence.wording >= tuned.ABOVE_SENTENCE_SURE_WORDING and evidence.score > tuned.FIRM_SCORE)
        elif at < title:
            drop = evidence.score > tuned.ABOVE_TITLE_SCORE and (
                evidence.wording > 0 or not (form.block.kind == "list" or _row(form, evidence))
            )
        elif title >= 0 and _ISSUE.match(form.view):
            drop = True
        elif title < 0 or headed or form.block.kind == "list" or _row(form, evidence) or _row_next(forms, at):
            drop = evidence.wording >= tuned.ABOVE_ROW_WORDING and evidence.score > tuned.ABOVE_ROW_SCORE
        else:
            headed = heads(form, styles) or (
                at == first - 1 and "plain" in styles and plain_heading(form) and evidence.wording == 0
            )
            drop = not headed and (
                evidence.wording >= tuned.ABOVE_LINE_WORDING
                or form.words <= tuned.ABOVE_LINE_MOST_WORDS
                or evidence.dated
            )
        if drop:
            reasons[at] = "masthead"
    for at in range(first - 1):  # a label is removed with its text
        if (
            not reasons[at]
            and at != title
            and _leads(forms[at])
            and forms[at].words <= tuned.LABEL_MOST_WORDS
            and _dropped(reasons[at + 1])
        ):
            reasons[at] = "masthead"


def _dropped(reason: str) -> bool:
    return reason not in ("", "heading")


def _sentence(form: Form) -> bool:
    """Whether a block consists of sentences: one ends at its end or inside, or it is too long for a line."""
    return (
        form.terminal
        or (form.sentences >= 1 and form.words >= tuned.SENTENCE_LEAST_WORDS)
        or (form.words > tuned.RUN_ON_WORDS and not _MENU.search(form.view))
    )


def _leads(form: Form) -> bool:
    """Whether a line introduces the text below it, as a salutation or the opening of a list does."""
    return form.view.endswith((":", "：", ";", "；", ",", "，"))


def _row(form: Form, evidence: Evidence) -> bool:
    """Whether a line can be a row of figures."""
    figures = _FIGURES.search(form.view) is not None and not form.view.isupper()
    return figures and evidence.wording == 0 and not evidence.dated


def _row_next(forms: list[Form], at: int) -> bool:
    return at + 1 < len(forms) and not forms[at + 1].terminal and _row(forms[at + 1], evidence_of(forms[at + 1]))


def heading_styles(forms: Sequence[Form]) -> frozenset[str]:
    """The styles of the short lines of a text that are no sentences; `plain`: at least two in small letters."""
    lines = [form for form in forms if not form.terminal and 1 < form.words <= tuned.HEADING_LINE_MOST_WORDS]
    plain = sum(plain_heading(form) for form in lines) >= tuned.HEADING_STYLE_LEAST_LINES
    return frozenset({_style(form) for form in lines} | ({"plain"} if plain else set())) - {""}


def plain_heading(form: Form) -> bool:
    """Whether an isolated line begins with a capital and continues in small letters."""
    length = tuned.PLAIN_HEADING_LEAST_WORDS <= form.words <= tuned.PLAIN_HEADING_MOST_WORDS
    if form.terminal or form.han or not (form.block.gap and length) or _leads(form):
        return False
    words = form.view.split()
    return bool(words) and words[0][0].isupper() and any(word[0].islower() for word in words[1:])


def _style(form: Form) -> str:
    """The style of a heading: numbered, in capitals, or with a capital in each of its longer words."""
    if _NUMBERED.match(form.view):
        return "numbered"
    if form.han:
        return ""
    if form.view.isupper():
        return "capitals"
    longer = [word for word in form.view.split() if len(word) > tuned.LONGER_WORD_CHARACTERS and word[0].isalpha()]
    return "titled" if len(longer) >= tuned.TITLED_LEAST_WORDS and all(word[0].isupper() for word in longer) else ""


def heads(form: Form, styles: frozenset[str]) -> bool:
    """Whether a line between title and text is a heading: by its word, or in the style of later headings."""
    return bool(_OPENER.match(form.view)) or _style(form) in styles or (form.block.gap and _style(form) == "numbered")


def _tail(forms: list[Form], reasons: list[str], last: int) -> None:
    """Remove blocks below the text, from the end upwards: lines that are no sentences, and sentences by wording."""
    opening = forms[: tuned.SALUTATION_BLOCKS]
    letter = any(form.view.endswith((",", "，")) and form.words <= tuned.SALUTATION_MOST_WORDS for form in opening)
    kept_below = False
    for at in range(len(forms) - 1, last, -1):
        if reasons[at]:
            continue
        evidence = evidence_of(forms[at])
        below = reasons[at + 1] if at + 1 < len(forms) else ""
        if _leaves(forms[at], evidence, kept_below, below, letter):
            reasons[at] = "imprint"
        elif forms[at].block.kind != "heading":
            kept_below = True
    over = 0
    for at in range(last + 1, len(forms)):  # the text is over: less evidence is needed
        over += _dropped(reasons[at]) and reasons[at] not in _INSIDE
        if over >= tuned.ENDED_BLOCKS and not reasons[at] and _sentence(forms[at]) and forms[at].block.kind == "text":
            evidence = evidence_of(forms[at])
            if (
                evidence.wording >= tuned.ENDED_WORDING
                and evidence.score > tuned.ENDED_SCORE
                and not _NOTE.match(forms[at].view)
            ):
                reasons[at] = "imprint"


def _leaves(form: Form, evidence: Evidence, kept_below: bool, below: str, letter: bool) -> bool:
    """Whether a block below the text is removed."""
    if form.block.kind == "heading" or form.words > tuned.BELOW_MOST_WORDS or _NOTE.match(form.view):
        return False
    if _sentence(form) and form.links <= tuned.LINKED_SHARE:
        least_score = 0.0 if evidence.wording < tuned.BELOW_SURE_WORDING else tuned.FIRM_SCORE
        return evidence.wording >= _least_wording(form.words) and evidence.score > least_score
    if _leads(form):
        return (evidence.wording >= tuned.BELOW_LEADING_WORDING and evidence.score > 0) or (
            form.words <= tuned.BELOW_LEADING_MOST_WORDS and _dropped(below)
        )
    if form.links > tuned.LINKED_SHARE:
        return True
    if evidence.wording == 0 and (kept_below or letter):
        return False  # a line that leads to kept text, or who signs
    if form.block.kind in ("list", "table", "pre") or _FIGURES.search(form.view):
        if form.block.kind == "pre" or (kept_below and form.block.kind != "text"):
            return False  # the text continues below
        return evidence.wording >= tuned.BELOW_ROW_WORDING and evidence.score > 0
    return evidence.score > 0


def _least_wording(words: int) -> float:
    """Minimum wording for the removal of a sentence of this length below the text."""
    if words <= tuned.BELOW_SHORT_WORDS:
        return tuned.BELOW_SHORT_WORDING
    return tuned.BELOW_MIDDLE_WORDING if words <= tuned.BELOW_MIDDLE_WORDS else tuned.BELOW_LONG_WORDING


def _appeals(form: Form) -> bool:
    """Whether a short block between paragraphs addresses the reader of the publication."""
    if (
        form.words > tuned.APPEAL_MOST_WORDS
        or form.block.kind in ("heading", "table", "pre")
        or not _SPEAKS.search(form.view)
    ):
        return False
    evidence = evidence_of(form)
    least = tuned.APPEAL_SENTENCE_WORDING if form.terminal else tuned.APPEAL_LINE_WORDING
    return evidence.score > tuned.APPEAL_SCORE and evidence.wording >= least


def _sponsored(forms: list[Form], reasons: list[str], at: int) -> bool:
    """Whether a short block that addresses the reader directly follows the label of an advertisement."""
    labelled = reasons[at - 1] == "advertisement" and forms[at - 1].words <= tuned.AD_LABEL_MOST_WORDS
    if not (labelled and forms[at].words <= tuned.SPONSORED_MOST_WORDS):
        return False
    return forms[at].block.kind != "heading" and _YOU.search(forms[at].view) is not None

"""Removes notices inside a block of body text: only their own sentences, and sentences that report something stay.

A wording rule judges a block as a whole. A brief of one block that ends in "© 2021 Hill Press" is split into two
blocks: the brief and the notice. Notices in the middle of a block are running text and stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.block_features import Form, form_of
from toolkit.corpus.cleaning.boilerplate_score import evidence_of
from toolkit.corpus.cleaning.rules import ANYWHERE, AT_END
from toolkit.corpus.settings import CleanSettings
from toolkit.corpus.source import Block
from toolkit.corpus.words import word_set
from toolkit.text.sentences import sentence_spans

_RIGHTS = ("©", "(c)", "copyright", "rights reserved", "版权所有")
_MARK = re.compile(
    r"(?<=\s)(?<!copyright )(?:©|\(c\)(?=\s+(?:copyright\b|\d{4}|[A-Z]))|(?-i:Copyright)\W+(?:©|\(c\)|\d{4}))",
    re.IGNORECASE,
)
_FIRM = re.compile(
    r"(?:©|\(c\)|copyright)[^.]{0,60}\b(?:Ltd|Inc|Co|Corp|LLC|Plc|plc)\.\s+(?=(?-i:[A-Z]))", re.IGNORECASE
)
"""A copyright line that ends in the short form of a firm, which ends no sentence elsewhere."""
_CLOSING_CHARACTERS = 300
_STOP = re.compile("[.!?…][\"'”’)\\]»]*\\s+(?=\\S)|[。！？।۔؟]\\s*(?=\\S)")
_LEGAL = frozenset({"copyright", "syndication", "disclaimer"})
_CREDITS = frozenset({"byline", "caption"})
_LABELLING = frozenset({"note", "caption", "separator", "attachment", "footnote"})
"""Rules for labels: the text after the label in its block belongs to it, whatever its content."""
_PARTING = word_set(
    "copyright syndication disclaimer cookies newsletter promotion share comments read_more advertisement byline"
)
"""Rules by which a single sentence may be a notice."""
_CLOSING = _PARTING | {"contact", "caption"}
"""The same of the first and the last sentence of a document."""
SPARED = word_set(
    "navigation read_more related share comments syndication disclaimer cookies newsletter promotion contact imprint "
    "appeal masthead repeated caption note date_line byline"
)
"""Rules that do not take the last sentences of a document."""


def tells(form: Form, rule: str) -> bool:
    """Whether a block is a sentence of undoubted body text, whatever words of a rule it contains."""
    if rule in _LABELLING or rule == "copyright" or not form.terminal or form.words < tuned.TELLING_LEAST_WORDS:
        return False
    return evidence_of(form).score < tuned.TELLING_SCORE


def is_notice(line: str) -> bool:
    """Whether a single line matches a rule of wording: "Read next: …" is not the label of a speaker."""
    form = form_of(line, Block(0, len(line)), markdown=False)
    return any(rule.name not in ("contact", "note") for rule in ANYWHERE.matching(form.view, form.words))


class Place(NamedTuple):
    """The place of a block: at the start or the end of its document, and whether it contains all sentences."""

    outer: bool = False
    alone: bool = False


def parts_of_block(
    text: str, form: Form, reason: str, settings: CleanSettings, markdown: bool, place: Place
) -> tuple[Form, ...]:
    """A block of body text and the notices at its ends, each as a block; most blocks as they are.

    Labels (a caption, an editor's note) part from the text around them only if nothing else is left of the document.
    """
    block = form.block
    least = tuned.ALONE_BODY_LEAST_WORDS if place.alone else tuned.NOTICE_BODY_LEAST_WORDS
    if block.zone or block.kind not in ("text", "quote", "list") or form.words < least:
        return (form,)
    if reason in _LABELLING:
        rules = frozenset({reason}) if place.alone else frozenset()
    elif reason in _PARTING or _names_rights(text, block):
        rules = _PARTING
    else:
        rules = _CLOSING if place.outer and _ends_in_a_notice(text, block, settings) else frozenset()
    return (
        _parted(text, block, _cuts(text, block, settings, markdown, rules, reason, least), markdown)
        if rules
        else (form,)
    )


def _parted(text: str, block: Block, cuts: list[int], markdown: bool) -> tuple[Form, ...]:
    """A block cut at given places, without the blanks there."""
    starts = [block.start, *cuts]
    ends = [*(start + len(text[start:cut].rstrip()) for start, cut in zip(starts, cuts, strict=False)), block.end]
    return tuple(
        form_of(text, block._replace(start=start, end=end, gap=block.gap and at == 0), markdown)
        for at, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


def _names_rights(text: str, block: Block) -> bool:
    """Whether words of a copyright line are near the end of a block."""
    closing = text[max(block.start, block.end - _CLOSING_CHARACTERS) : block.end].lower()
    return any(word in closing for word in _RIGHTS)


def _ends_in_a_notice(text: str, block: Block, settings: CleanSettings) -> bool:
    """Whether the first or the last of several sentences of a block is an undoubted notice."""
    inner = [mark.end() for mark in _STOP.finditer(text, max(block.start, block.end - _CLOSING_CHARACTERS), block.end)]
    opening = _STOP.search(text, block.start, min(block.end, block.start + _CLOSING_CHARACTERS))
    ends = [(inner[-1], block.end)] if inner else []
    ends += [(block.start, opening.end())] if opening is not None else []
    short = [(start, end) for start, end in ends if text.count(" ", start, end) < tuned.NOTICE_MOST_WORDS]
    return any(
        _sure_notice(form_of(text, block._replace(start=start, end=end), False), settings) for start, end in short
    )


def _sure_notice(form: Form, settings: CleanSettings) -> bool:
    """Whether a sentence is a notice and its words, if English, are evidence for it."""
    rule = _notice(form, settings, _CLOSING)
    if rule == "read_more" and ":" not in form.view:
        return False  # closing credits know it (`datelines.closing_credit`)
    return (
        rule in _LEGAL
        or rule in _CREDITS
        or (bool(rule) and (not form.view.isascii() or evidence_of(form).wording >= tuned.NOTICE_WORDING))
    )


def _cuts(
    text: str, block: Block, settings: CleanSettings, markdown: bool, rules: frozenset[str], reason: str, least: int
) -> list[int]:
    """The places between body text and notices: at the ends of a block, and inside it if the whole block would be
    removed."""
    spans = _statements(text, block)
    if len(spans) < 2:
        return []
    forms = [form_of(text, block._replace(start=start, end=end), markdown) for start, end in spans]
    notices = [_notice(form, settings, rules) for form in forms]
    first = _without_notices(forms, notices, least)
    last = len(forms) - _without_notices(forms[::-1], notices[::-1], least)
    body = [at for at in range(first, last) if not notices[at]]
    if not body or not _is_body([forms[at] for at in body], least):
        return []
    inside = range(first + 1, last) if reason else range(0)
    places = {first, last, *(at for at in inside if bool(notices[at]) != bool(notices[at - 1]))}
    return [spans[at][0] for at in sorted(places) if 0 < at < len(spans)]


def _statements(text: str, block: Block) -> list[tuple[int, int]]:
    """The sentences of a block; a copyright mark always begins a sentence."""
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(text[block.start : block.end]):
        piece = text[block.start : block.end]
        marks = {mark.start() for mark in _MARK.finditer(piece, start + 1, end)}
        marks |= {mark.end() for mark in _FIRM.finditer(piece, start, end) if mark.end() < end}
        starts = [start, *sorted(marks)]
        ends = [*starts[1:], end]
        for first, last in zip(starts, ends, strict=True):
            piece = text[block.start + first : block.start + last].rstrip()
            spans.append((block.start + first, block.start + first + len(piece)))
    return spans


def _without_notices(forms: Sequence[Form], notices: Sequence[str], least: int) -> int:
    """The number of leading sentences that are notices; sentences between or after parts of a notice of rights belong
    to it."""
    count = 0
    for at, notice in enumerate(notices):
        if notice and (at == count or (notice in _LEGAL and not _is_body(forms[count:at], least))):
            count = at + 1
    return count


def _notice(form: Form, settings: CleanSettings, rules: frozenset[str] = _PARTING) -> str:
    """The rule in `rules` that describes a single sentence; empty if there is none."""
    matching = [*ANYWHERE.matching(form.view, form.words)]
    matching += AT_END.matching(form.view, form.words) if rules is _CLOSING and not matching else ()
    named = (rule.name for rule in matching if settings.on(rule.name) and rule.name in rules)
    return next((name for name in named if not tells(form, name)), "")


def _is_body(forms: Sequence[Form], least: int) -> bool:
    """Whether sentences are too long and too unlike a notice to belong to the adjacent notice."""
    if sum(form.words for form in forms) < least:
        return False
    return any(evidence_of(form).score < tuned.NOTICE_BODY_SCORE for form in forms)

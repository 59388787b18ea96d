"""Notices inside a block of body text: only their own sentences leave it, and sentences that tell something stay.

A wording rule judges a block as a whole. A brief of one block that ends in "© 2021 Hill Press" is two blocks to it: the
brief and the notice. Notices in the midst of a block are running text and stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.block_features import Form, form_of
from toolkit.corpus.cleaning.boilerplate_score import evidence_of
from toolkit.corpus.cleaning.rules import ANYWHERE
from toolkit.corpus.settings import CleanSettings
from toolkit.corpus.source import Block
from toolkit.corpus.words import word_set
from toolkit.text.sentences import sentence_spans

_RIGHTS = ("©", "(c)", "copyright", "rights reserved", "版权所有")
_MARK = re.compile(
    r"(?<=\s)(?<!copyright )(?:©|\(c\)(?=\s+(?:copyright\b|\d{4}|[A-Z]))|(?-i:Copyright)\W+(?:©|\(c\)|\d{4}))",
    re.IGNORECASE,
)
_CLOSING_CHARACTERS = 300
_LEGAL = frozenset({"copyright", "syndication", "disclaimer"})
_LABELLING = frozenset({"note", "caption", "separator", "attachment", "footnote"})
"""Rules for labels: what follows the label in its block belongs to it, whatever it tells."""
_PARTING = word_set(
    "copyright syndication disclaimer cookies newsletter promotion share comments read_more advertisement"
)
"""Rules of which a sentence by itself may be a notice."""
SPARED = word_set(
    "navigation read_more related share comments syndication disclaimer cookies newsletter promotion contact imprint "
    "appeal masthead repeated caption note date_line byline"
)
"""Rules that do not take the last sentences of a document."""


def tells(form: Form, rule: str) -> bool:
    """Whether a block is a sentence of body text beyond doubt, whatever words of a rule it contains."""
    if rule in _LABELLING or rule == "copyright" or not form.terminal or form.words < tuned.TELLING_LEAST_WORDS:
        return False
    return evidence_of(form).score < tuned.TELLING_SCORE


def is_notice(line: str) -> bool:
    """Whether a line by itself is what a rule of wording describes: "Read next: …" is the label of no speaker."""
    form = form_of(line, Block(0, len(line)), markdown=False)
    return any(rule.name not in ("contact", "note") for rule in ANYWHERE.matching(form.view, form.words))


def parts_of_block(text: str, form: Form, reason: str, settings: CleanSettings, markdown: bool) -> tuple[Form, ...]:
    """A block of body text and the notices at its ends, each as a block; most blocks as they are."""
    block = form.block
    if not _may_hold_a_notice(text, form, reason):
        return (form,)
    cuts = _cuts(text, block, settings, markdown)
    starts = [block.start, *cuts]
    ends = [*(start + len(text[start:cut].rstrip()) for start, cut in zip(starts, cuts, strict=False)), block.end]
    return tuple(
        form_of(text, block._replace(start=start, end=end, gap=block.gap and at == 0), markdown)
        for at, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


def _may_hold_a_notice(text: str, form: Form, reason: str) -> bool:
    """A cheap look: whether a rule of wording matches the block, or words of a copyright line are near its end."""
    block = form.block
    if block.zone or block.kind not in ("text", "quote", "list") or form.words < tuned.NOTICE_BODY_LEAST_WORDS:
        return False
    if reason in _PARTING:
        return True
    closing = text[max(block.start, block.end - _CLOSING_CHARACTERS) : block.end].lower()
    return any(word in closing for word in _RIGHTS)


def _cuts(text: str, block: Block, settings: CleanSettings, markdown: bool) -> list[int]:
    """Where body text and notices meet: at most one place near each end of the block."""
    spans = _statements(text, block)
    if len(spans) < 2:
        return []
    forms = [form_of(text, block._replace(start=start, end=end), markdown) for start, end in spans]
    notices = [_notice(form, settings) for form in forms]
    first, last = _without_notices(forms, notices), len(forms) - _without_notices(forms[::-1], notices[::-1])
    body = [at for at in range(first, last) if not notices[at]]
    if not body or not _is_body([forms[at] for at in body]):
        return []
    return [spans[at][0] for at in (first, last) if 0 < at < len(spans)]


def _statements(text: str, block: Block) -> list[tuple[int, int]]:
    """The sentences of a block; a copyright mark begins one, whatever is before it."""
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(text[block.start : block.end]):
        starts = [start, *(mark.start() for mark in _MARK.finditer(text[block.start : block.end], start + 1, end))]
        ends = [*starts[1:], end]
        for one, other in zip(starts, ends, strict=True):
            piece = text[block.start + one : block.start + other].rstrip()
            spans.append((block.start + one, block.start + one + len(piece)))
    return spans


def _without_notices(forms: Sequence[Form], notices: Sequence[str]) -> int:
    """How many sentences at the start are notices; what a notice of rights has between or behind it goes with it."""
    count = 0
    for at, notice in enumerate(notices):
        if notice and (at == count or (notice in _LEGAL and not _is_body(forms[count:at]))):
            count = at + 1
    return count


def _notice(form: Form, settings: CleanSettings) -> str:
    """The rule that describes a sentence by itself; empty if there is none."""
    rules = ANYWHERE.matching(form.view, form.words)
    named = (rule.name for rule in rules if settings.on(rule.name) and rule.name in _PARTING)
    return next((name for name in named if not tells(form, name)), "")


def _is_body(forms: Sequence[Form]) -> bool:
    """Whether sentences are too long and too unlike a notice to belong to the one beside them."""
    if sum(form.words for form in forms) < tuned.NOTICE_BODY_LEAST_WORDS:
        return False
    return any(evidence_of(form).score < tuned.NOTICE_BODY_SCORE for form in forms)

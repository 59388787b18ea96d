"""How much speaks for a block being no body text: signs of wording and of form, each with a weight, added up.

Boilerplate speaks to its reader, of its publication or of its makers; body text tells or argues. A sign alone proves
nothing, and the sum alone drops nothing: `zones` asks where the block stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from toolkit.corpus.cleaning.block_features import Form
from toolkit.corpus.cleaning.cue_files import cues_of, patterns_of
from toolkit.corpus.cleaning.datelines import is_dated
from toolkit.corpus.cleaning.rules import BIO, TRADES

_WEAK = ("you", "we")  # speeches and columns say them too
_LOOKED_AT = 600  # characters of a block

WORDING: dict[str, str] = {name: cue.pattern for name, cue in cues_of("signs").items()}
"""Pattern of each sign of wording, sought in the text in small letters."""

WEIGHTS: dict[str, float] = {
    # wording
    "asks": 1.4, "you": 1.2, "we": 0.5, "reading": 1.2, "story": 1.9, "device": 1.5, "answers": 0.6, "rights": 1.2,
    "liable": 2.2, "funded": 1.2, "firm": 0.3, "registered": 1.5, "money": 0.9, "address": 0.8, "reach": 0.8,
    "updated": 0.6, "credit": 1.0, "other": 1.1, "told": -0.8, "past": -0.2, "they": -0.6, "modal": -0.3, "logic": -1.3,
    "amount": -1.1,
    # form
    "open": 2.9, "one": 1.2, "some": 1.0, "many": -0.1, "leads": -1.9, "items": 0.6, "dated": 0.8, "capitals": 0.5,
    "titled": 1.3, "person": 2.6, "quoted": -0.3, "linked": 1.9, "part linked": 0.5, "row": -1.6, "item": -1.1,
    "bracketed": 0.4,
}  # fmt: skip
"""Log odds that each sign adds, fitted by logistic regression (ridge, C = 0.5) on 1,115 marked blocks of the
development documents (tests/data/corpus_marks, tests/data/corpus_marks_new/a), rounded; "registered", rare in them, was
set by hand."""
SENTENCE_WEIGHTS: dict[str, float] = {
    "asks": 0.5, "you": 1.5, "we": 0.7, "reading": 1.4, "story": 1.9, "device": 1.2, "answers": 0.7, "rights": 1.3,
    "liable": 2.2, "funded": 0.9, "firm": 0.6, "registered": 0.8, "money": 0.8, "address": 0.6, "reach": 0.8,
    "updated": 0.6, "credit": 0.2, "other": 0.2, "told": -1.0, "past": -0.2, "they": -0.5, "modal": -0.2,
    "logic": -1.3, "amount": -0.4, "open": 0.0, "one": -0.3, "some": 1.3, "many": 0.0, "leads": -1.0, "items": 0.4,
    "dated": 0.3, "capitals": 0.5, "titled": 1.7, "person": 2.6, "quoted": -0.3, "linked": 0.7, "part linked": 0.5,
    "row": -1.0, "item": -1.1, "bracketed": 0.4,
}  # fmt: skip
"""The same for blocks that end as a sentence does, fitted on the 614 of them and on tests/data/corpus_lines (prose that
speaks of notices, and notices)."""
SENTENCE_START = -3.3
PER_WORD = -0.06
"""Log odds for each word beyond 25: a long block shows more signs by chance (set by hand)."""
START = -2.7
"""Log odds of a block that shows no sign."""

_CUES = patterns_of("forms")
_AUTHOR = _CUES["author"]
_DATED = _CUES["dated"]
_FORMS = tuple((name, _CUES[name]) for name in ("leads", "items", "quoted", "bracketed"))


class Evidence(NamedTuple):
    """What the signs of a block add up to.

    `score`: log odds that a block is no body text; `wording`: what its words add to that, without "you" and "we", at
    least 0; `dated`: whether the block contains a date.
    """

    score: float
    wording: float
    dated: bool


@cache
def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(WORDING[name])


def evidence_of(form: Form) -> Evidence:
    """What the signs of a block add up to."""
    view = form.view[:_LOOKED_AT]
    low = view.lower()
    found = [name for name in WORDING if _compiled(name).search(low)]
    shape = list(_shape(form, view))
    weights = SENTENCE_WEIGHTS if form.terminal else WEIGHTS
    start = SENTENCE_START if form.terminal else START
    score = start + sum(weights[name] for name in (*found, *shape)) + PER_WORD * max(0, form.words - 25)
    speaking = [
        weights[name] for name in (*found, *shape) if (name in WORDING and name not in _WEAK) or name == "person"
    ]
    return Evidence(round(score, 6), round(sum(weight for weight in speaking if weight > 0), 6), "dated" in shape)


def _shape(form: Form, view: str) -> Iterator[str]:
    """Signs of form: length, ending, marks between items, capitals."""
    letters = [char for char in view if char.isalpha()]
    longer = [word for word in view.split() if len(word) > 3 and word[0].isalpha()]
    if not form.terminal:
        yield "open"
    if form.words <= 14:
        yield "some"
        if form.words <= 2:
            yield "one"
    elif form.words >= 30:
        yield "many"
    if form.block.kind in ("table", "list"):
        yield "row" if form.block.kind == "table" else "item"
    if form.links > 0.15:
        yield "linked" if form.links > 0.5 else "part linked"
    if len(letters) > 3 and view.isascii() and view.isupper():
        yield "capitals"
    if len(longer) > 1 and not form.han and sum(word[0].isupper() for word in longer) >= 0.75 * len(longer):
        yield "titled"
    if (BIO.match(view) and TRADES.search(view)) or _AUTHOR.match(view):
        yield "person"
    if is_dated(view) or _DATED.search(view):
        yield "dated"
    for name, pattern in _FORMS:
        if pattern.search(view):
            yield name

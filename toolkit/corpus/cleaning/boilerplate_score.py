"""The boilerplate score of a block: the sum of the weights of its signs of wording and form.

Boilerplate addresses its reader or is about its publication or its makers; body text reports or argues. A single sign
proves nothing, and the sum alone removes nothing: `edges` also considers the place of the block.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.block_features import Form
from toolkit.corpus.cleaning.cue_files import cues_of, patterns_of
from toolkit.corpus.cleaning.datelines import is_dated
from toolkit.corpus.cleaning.rules import BIO, TRADES
from toolkit.corpus.cleaning.sieve import Sieve

_WEAK = ("you", "we")  # speeches and columns use them, too

WORDING: dict[str, str] = {name: cue.pattern for name, cue in cues_of("signs").items()}
"""Pattern of each sign of wording, sought in the text in small letters."""

_AUTHOR = patterns_of("forms")["author"]
_FORMS = Sieve(
    {cue.name: f"(?i){cue.pattern}" if cue.ignore_case else cue.pattern for cue in cues_of("forms").values()}
)


class Evidence(NamedTuple):
    """The sum of the signs of a block.

    `score`: log odds that a block is no body text; `wording`: the contribution of its words, without "you" and "we", at
    least 0; `dated`: whether the block contains a date.
    """

    score: float
    wording: float
    dated: bool


_SIEVE = Sieve(WORDING)


def evidence_of(form: Form) -> Evidence:
    """The sum of the signs of a block."""
    view = form.view[: tuned.SCORED_CHARACTERS]
    low = view.lower()
    cues = list(_SIEVE.matching(low))
    shape = list(_shape(form, view))
    weights = tuned.SENTENCE_WEIGHTS if form.terminal else tuned.WEIGHTS
    start = tuned.SENTENCE_START if form.terminal else tuned.START
    long = tuned.PER_WORD * max(0, form.words - tuned.LONG_BLOCK_WORDS)
    score = start + sum(weights[name] for name in (*cues, *shape)) + long
    speaking = [
        weights[name] for name in (*cues, *shape) if (name in WORDING and name not in _WEAK) or name == "person"
    ]
    return Evidence(round(score, 6), round(sum(weight for weight in speaking if weight > 0), 6), "dated" in shape)


def _shape(form: Form, view: str) -> Iterator[str]:
    """Signs of form: length, ending, marks between items, capitals."""
    longer = [word for word in view.split() if len(word) > tuned.LONGER_WORD_CHARACTERS and word[0].isalpha()]
    if not form.terminal:
        yield "open"
    if form.words <= tuned.SIGN_SOME_WORDS:
        yield "some"
        if form.words <= tuned.SIGN_ONE_WORDS:
            yield "one"
    elif form.words >= tuned.SIGN_MANY_WORDS:
        yield "many"
    if form.block.kind in ("table", "list"):
        yield "row" if form.block.kind == "table" else "item"
    if form.links > tuned.PART_LINKED_SHARE:
        yield "linked" if form.links > tuned.LINKED_SHARE else "part linked"
    if view.isupper() and view.isascii() and sum(map(str.isalpha, view)) >= tuned.CAPITALS_LEAST_LETTERS:
        yield "capitals"
    if (
        len(longer) > 1
        and not form.han
        and sum(word[0].isupper() for word in longer) >= tuned.TITLE_CASE_SHARE * len(longer)
    ):
        yield "titled"
    if (BIO.match(view) and TRADES.search(view)) or _AUTHOR.match(view):
        yield "person"
    forms = [name for name in _FORMS.matching(view) if name != "author"]
    if "dated" not in forms and is_dated(view):
        yield "dated"
    yield from forms

"""Finds the title among the lines above a text: the line most like a headline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.block_features import Form
from toolkit.corpus.cleaning.boilerplate_score import evidence_of
from toolkit.corpus.cleaning.cue_files import patterns_of
from toolkit.corpus.words import word_tokens

_CUES = patterns_of("titles")
_LABELLED = _CUES["labelled"]
_ISSUER = _CUES["issuer"]
"""The name of who issues a text."""
_SAYS = _CUES["clause"]
_NUMBER_OF_ISSUE = _CUES["number_of_issue"]
_SEPARATED = _CUES["between_items"]
_ENDS = _CUES["open_end"]
_VERB = _CUES["small_word"]


def title_of(forms: Sequence[Form], reasons: Sequence[str], first: int, named: str = "") -> int:
    """Index of the title among the blocks before block `first`, -1 if no block resembles one.

    Markup decides if it names headings; else length, small words of a sentence, no marks of a menu, little wording
    about the publication, and likeness to `named`, a title known from another source.
    """
    open_blocks = [at for at in range(first) if not reasons[at]]
    marked = [at for at in open_blocks if forms[at].block.kind == "heading"]
    best, title = 0.0, -1
    for at in marked or open_blocks:
        if title >= 0 and forms[at].block.kind in ("list", "table") and forms[at].links < tuned.LINKED_SHARE:
            break  # the text has begun
        if not marked and not _possible(forms[at]):
            continue
        score = _headline(forms, reasons, at, named)
        if title < 0 or score > best:
            best, title = score, at
    return title if marked or best > 0 else -1


def _possible(form: Form) -> bool:
    if (
        form.block.kind not in ("text", "quote")
        or form.words > tuned.TITLE_MOST_WORDS
        or not any(map(str.isalpha, form.view))
    ):
        return False
    if form.han and (len(form.view) > tuned.TITLE_MOST_HAN_CHARACTERS or "。" in form.view):
        return False
    return not _ENDS.search(form.view) and form.sentences <= 1


def _headline(forms: Sequence[Form], reasons: Sequence[str], at: int, named: str) -> float:
    """The likeness of a line to a headline, in points; above 0: it may be one."""
    form = forms[at]
    view = form.view
    words = form.words if not form.han else len(view) / tuned.HAN_CHARACTERS_PER_WORD
    score = (
        min(words, tuned.TITLE_COUNTED_WORDS) * tuned.TITLE_WORD_POINTS
        + tuned.TITLE_START_POINTS
        + tuned.TITLE_LONG_WORD_POINTS * max(0, words - tuned.TITLE_LONG_WORDS)
        + tuned.TITLE_COMMA_POINTS * (words > tuned.TITLE_COMMA_WORDS and "," in view)
        + tuned.TITLE_BOLD_POINTS * (form.block.zone == "strong")
    )
    score += tuned.TITLE_LABELLED_POINTS * bool(
        _LABELLED.match(view) and (evidence_of(form).wording > 0 or re.search(r"\d", view))
    )
    score += tuned.TITLE_ISSUE_POINTS * bool(_NUMBER_OF_ISSUE.search(view))
    small_words = min(tuned.TITLE_COUNTED_SMALL_WORDS, len(_VERB.findall(view)))
    han = form.han and words >= tuned.TITLE_HAN_LEAST_WORDS
    score += tuned.TITLE_SMALL_WORD_POINTS * small_words + (tuned.TITLE_HAN_POINTS if han else 0)
    evidence = evidence_of(form)
    score += tuned.TITLE_WORDING_POINTS * evidence.wording + tuned.TITLE_DATED_POINTS * evidence.dated
    linked = form.links > tuned.LINKED_SHARE
    score += tuned.TITLE_SEPARATED_POINTS * bool(_SEPARATED.search(view)) + tuned.TITLE_LINKED_POINTS * linked
    score += tuned.TITLE_ISSUER_POINTS * bool(_ISSUER.search(view) and not _SAYS.search(view))
    score += tuned.TITLE_QUESTION_POINTS * (view.endswith(("?", "？")) or view[:1] in '"“《')
    near = reasons[at + 1 : at + 1 + tuned.TITLE_BYLINE_BLOCKS]
    score += tuned.TITLE_BYLINE_POINTS * any(reason in ("byline", "date_line", "dateline") for reason in near)
    score += tuned.TITLE_GAP_POINTS * form.block.gap
    if named:
        tokens, known = set(word_tokens(view)), set(word_tokens(named))
        score += tuned.TITLE_KNOWN_POINTS * len(tokens & known) / max(1, len(tokens | known))
    return score

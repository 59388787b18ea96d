"""Which of the lines above a text is its title: the one that looks most like a headline."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
_MOST = 30  # words
_MOST_HAN = 60  # characters
_SEPARATED = _CUES["between_items"]
_ENDS = _CUES["open_end"]
_VERB = _CUES["small_word"]


def title_of(forms: Sequence[Form], reasons: Sequence[str], first: int, named: str = "") -> int:
    """Index of the title among the blocks before block `first`, -1 where none looks like one.

    Markup decides where it names headings; else length, small words of a sentence, no marks of a menu, little that
    speaks of the publication, and likeness to `named`, a title known from elsewhere.
    """
    open_blocks = [at for at in range(first) if not reasons[at]]
    marked = [at for at in open_blocks if forms[at].block.kind == "heading"]
    best, found = 0.0, -1
    for at in marked or open_blocks:
        if found >= 0 and forms[at].block.kind in ("list", "table") and forms[at].links < 0.5:
            break  # the text has begun
        if not marked and not _possible(forms[at]):
            continue
        score = _headline(forms, reasons, at, named)
        if found < 0 or score > best:
            best, found = score, at
    return found if marked or best > 0 else -1


def _possible(form: Form) -> bool:
    if form.block.kind not in ("text", "quote") or form.words > _MOST or not any(map(str.isalpha, form.view)):
        return False
    if form.han and (len(form.view) > _MOST_HAN or "。" in form.view):
        return False
    return not _ENDS.search(form.view) and form.sentences <= 1


def _headline(forms: Sequence[Form], reasons: Sequence[str], at: int, named: str) -> float:
    """How much a line looks like a headline; above 0: it may be one."""
    form = forms[at]
    view = form.view
    words = form.words if not form.han else len(view) / 2.5
    score = (
        min(words, 9) * 0.45
        - 0.8
        - 0.12 * max(0, words - 16)
        - 0.7 * (words > 10 and "," in view)
        + 1.5 * (form.block.zone == "strong")
    )
    score -= 1.5 * bool(_LABELLED.match(view) and (evidence_of(form).wording > 0 or re.search(r"\d", view)))
    score -= 1.0 * bool(_NUMBER_OF_ISSUE.search(view))
    score += 0.3 * min(3, len(_VERB.findall(view))) + (0.8 if form.han and words >= 4 else 0)
    found = evidence_of(form)
    score -= 0.5 * found.wording + 1.5 * found.dated
    score -= 2.5 * bool(_SEPARATED.search(view)) + 1.0 * (form.links > 0.5)
    score -= 1.2 * bool(_ISSUER.search(view) and not _SAYS.search(view))
    score += 0.8 * (view.endswith(("?", "？")) or view[:1] in '"“《')
    near = [reasons[other] for other in (at + 1, at + 2) if other < len(reasons)]
    score += 0.7 * any(reason in ("byline", "date_line", "dateline") for reason in near)
    score += 0.4 * form.block.gap
    if named:
        own, known = set(word_tokens(view)), set(word_tokens(named))
        score += 3.0 * len(own & known) / max(1, len(own | known))
    return score

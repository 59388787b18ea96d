"""Sections that a heading opens: lists of other articles, readers' comments, words on the author, contacts."""

from __future__ import annotations

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.block_features import Form
from toolkit.corpus.cleaning.cue_files import patterns_of
from toolkit.corpus.cleaning.rules import BIO_OPEN, COMMENTS_OPEN, CONTACT_OPEN, RELATED, RELATED_INLINE
from toolkit.corpus.settings import CleanSettings

_INVITES_COMMENTS = patterns_of("sections")["invites_comments"]
_UNLIMITED = 1000
"""Blocks of a section of any length."""


def mark_sections(forms: list[Form], reasons: list[str], settings: CleanSettings) -> None:
    """Lists that a heading opens: other articles, readers' comments, about the author, contacts."""
    total = sum(form.words for form in forms)
    before = 0
    for at, form in enumerate(forms):
        view = form.view
        late = before > tuned.LATE_SHARE * total
        before += form.words
        if form.words > tuned.SECTION_HEADING_MOST_WORDS or (
            reasons[at] and reasons[at] not in ("read_more", "navigation", "comments", "bio", "contact")
        ):
            continue
        if settings.on("related") and RELATED.match(view):
            if _teasers(forms, reasons, at, late) or not reasons[at]:
                reasons[at] = "related"
        elif settings.on("comments") and late and COMMENTS_OPEN.match(view) and _comments_follow(forms, at, total):
            reasons[at] = "comments"
            _to_the_end(forms, reasons, at, "comments", tuned.COMMENT_MOST_WORDS)
        elif settings.on("bio") and late and BIO_OPEN.match(view):
            reasons[at] = "bio"
            _to_the_end(forms, reasons, at, "bio", tuned.AUTHOR_MOST_WORDS, tuned.AUTHOR_MOST_BLOCKS)
        elif settings.on("contact") and late and CONTACT_OPEN.match(view):
            reasons[at] = "contact"
            _to_the_end(forms, reasons, at, "contact", tuned.CONTACT_MOST_WORDS, tuned.CONTACT_MOST_BLOCKS)
    for at, form in enumerate(forms):
        if (
            not reasons[at]
            and settings.on("related")
            and form.words <= tuned.RELATED_INLINE_MOST_WORDS
            and RELATED_INLINE.match(form.view)
        ):
            reasons[at] = "related"


def _comments_follow(forms: list[Form], at: int, total: int) -> bool:
    """Whether the next text can be readers' comments: the heading contains a count, or little of the text remains."""
    rest = sum(form.words for form in forms[at + 1 :])
    invited = _INVITES_COMMENTS.search(forms[at].view)
    return rest <= (tuned.INVITED_COMMENTS_REST_SHARE if invited else tuned.COMMENTS_REST_SHARE) * total


def _to_the_end(
    forms: list[Form], reasons: list[str], at: int, reason: str, most: int, count: int = _UNLIMITED
) -> None:
    """The blocks after `at` that belong to the section it opens; a heading of the markup ends it."""
    for index in range(at + 1, min(len(forms), at + 1 + count)):
        if forms[index].block.kind == "heading" or forms[index].words > most:
            return
        reasons[index] = reasons[index] or reason


def _teasers(forms: list[Form], reasons: list[str], at: int, late: bool) -> bool:
    """Give teasers below the heading of a list of other articles its reason; false if there are none."""
    run = at + 1
    while run < len(forms) and (forms[run].words <= tuned.TEASER_MOST_WORDS or reasons[run]):
        if forms[run].block.kind == "heading" and not late:
            break
        run += 1
    rest = [index for index in range(at + 1, run) if not reasons[index]]
    if not rest:
        return run > at + 1 and reasons[at + 1] in ("read_more", "related")
    if any(forms[index].links > tuned.LINKED_SHARE for index in rest):
        chosen = [index for index in rest if forms[index].links > tuned.LINKED_SHARE or not forms[index].prose]
    elif run == len(forms) and late and _list_like(forms, rest):
        chosen = rest
    else:
        chosen = []
        for index in rest:
            sentence = forms[index].terminal and not forms[index].view.endswith("?")
            if sentence or forms[index].words > tuned.HEADLINE_MOST_WORDS:
                break
            chosen.append(index)
    for index in chosen:
        reasons[index] = "related"
    return bool(chosen)


def _list_like(forms: list[Form], rest: list[int]) -> bool:
    """Whether the last blocks of a document are teasers: headlines, headline and summary in turn, or few summaries."""
    headlines = [index for index in rest if not forms[index].terminal or forms[index].view.endswith("?")]
    if len(headlines) >= tuned.TEASERS_HEADLINES_SHARE * len(rest):
        return True
    if rest[0] in headlines and len(headlines) >= tuned.TEASERS_PAIRED_SHARE * len(rest):
        return True
    words = sum(forms[index].words for index in rest)
    few = len(rest) <= tuned.TEASERS_MOST_SUMMARIES
    most = tuned.TEASERS_SUMMARIES_SHARE * sum(form.words for form in forms)
    return rest[0] not in headlines and few and words <= most

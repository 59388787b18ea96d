"""Finds headings: by markup, or in text without markup by their form."""

from __future__ import annotations

import re

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.block_features import Form
from toolkit.corpus.cleaning.cue_files import patterns_of
from toolkit.corpus.cleaning.edges import heading_styles, heads, plain_heading

_CUES = patterns_of("headings")
_OPEN_END = _CUES["open_end"]
_NUMBERED = _CUES["numbered"]
_NUMERAL = _CUES["numeral"]
_SPEAKER = _CUES["speaker"]
_ASKS = _CUES["question"]
_FIGURES = _CUES["figure"]
_ENDS_IN_FIGURE = _CUES["ends_in_figure"]


def mark_headings(forms: list[Form], reasons: list[str], find: bool, title: int = -1, body: int = 0) -> None:
    """Set the reason `heading`: by markup, and if `find` is true by form in plain text.

    `title` is the index of the title (-1: none), `body` that of the first body text below it: a line between them is a
    heading only by its word or in the style of later headings.
    """
    for at, form in enumerate(forms):
        if not reasons[at] and form.block.kind == "heading":
            reasons[at] = "heading"
    marked = sum(reason == "heading" for reason in reasons)
    if title >= 0 and find:
        reasons[title] = "heading"
    for at in range(title + 1, len(forms) - 1):
        if not reasons[at] and forms[at].block.zone == "strong" and _strong_heads(forms, reasons, at):
            reasons[at] = "heading"
    if not find or len(forms) < 2 or all(reasons):
        return
    open_blocks = [at for at, reason in enumerate(reasons) if not reason]
    first = next((at for at in open_blocks if forms[at].prose), 0)
    spoken = sum(bool(_SPEAKER.match(forms[at].view)) for at in open_blocks) >= tuned.SPEAKERS_LEAST_BLOCKS
    candidates = {
        at
        for at in open_blocks
        if _may_head(forms[at], at < first and at <= open_blocks[0] + tuned.FIRST_HEADING_BLOCKS and marked == 0)
    }
    gapped = sum(forms[at].block.gap for at in open_blocks) > tuned.GAPPED_SHARE * len(open_blocks)
    candidates -= {
        at for at in candidates if gapped and at > first and not forms[at].block.gap and not _stands_out(forms[at])
    }
    candidates -= {at for at in candidates if spoken and forms[at].terminal and _SPEAKER.match(forms[at].view)}
    candidates -= {at for at in candidates if _above_figures(forms, at) and not _stands_out(forms[at])}
    if title >= 0:
        styles = heading_styles(forms[body:])
        candidates -= {
            at
            for at in candidates
            if at < body
            and not heads(forms[at], styles)
            and not (at == body - 1 and "plain" in styles and plain_heading(forms[at]))
        }
    candidates -= _rhetorical(forms, open_blocks, candidates, gapped)
    bodies = [at for at in open_blocks if at not in candidates]
    if not any(forms[at].words >= tuned.BODY_LEAST_WORDS or forms[at].terminal for at in bodies):
        return  # nothing but short lines: a list, a poem, headlines
    if len(candidates) > tuned.HEADINGS_PER_BODY * len(bodies) + tuned.HEADINGS_BEYOND_BODY:
        candidates = {at for at in candidates if _stands_out(forms[at]) or at == open_blocks[0]}
    for run in _runs(open_blocks, candidates):
        _mark_run(run, forms, reasons, open_blocks, run[0] == open_blocks[0])


def _may_head(form: Form, first: bool) -> bool:
    """Whether a block of plain text has the form of a heading; the first heading of a text may be longer."""
    view = form.view
    if form.block.kind not in ("text", "list") or not view or form.links > tuned.HEADING_LINKS_SHARE:
        return False
    if form.block.kind == "list" and not _NUMBERED.match(view):
        return False
    if form.han and not re.search(r"[a-z]{3,} [a-z]{3,}", view):
        return (
            len(view) <= (tuned.HAN_FIRST_HEADING_CHARACTERS if first else tuned.HAN_HEADING_CHARACTERS)
            and not re.search(r"[。，；：！、…]['\"”」』）]*$", view)
            and "。" not in view
        )
    if _NUMERAL.match(view):
        return True
    most = tuned.FIRST_HEADING_MOST_WORDS if first else tuned.HEADING_MOST_WORDS
    longest = tuned.FIRST_HEADING_MOST_CHARACTERS if first else tuned.HEADING_MOST_CHARACTERS
    if form.words > most or len(view) > longest or _OPEN_END.search(view):
        return False
    if view[0] in "\"'([" or view[0].islower() or not any(char.isalpha() for char in view):
        return bool(
            first and view[0] in "\"'" and any(char.isalpha() for char in view) and not view.endswith(('"', "'"))
        )
    numbers = _FIGURES.findall(view)
    if len(numbers) > 1 and _ENDS_IN_FIGURE.search(view) and not first:
        return False  # a row of figures
    figures = sum(len(number) for number in numbers)
    if figures > tuned.HEADING_FIGURES_SHARE * len(view.replace(" ", "")) and not _NUMBERED.match(view):
        return False
    return form.sentences <= 1 or (first and view.endswith("?"))


def _strong_heads(forms: list[Form], reasons: list[str], at: int) -> bool:
    """Whether a bold line is a heading: a short line that plain text follows."""
    view, below = forms[at].view, forms[at + 1]
    if forms[at].words > tuned.BOLD_HEADING_MOST_WORDS or len(view) > tuned.BOLD_HEADING_MOST_CHARACTERS:
        return False
    if re.search(r"[.,;。，；]['\")”」]*$", view) or view[:1] in "\"'":
        return False
    return not reasons[at + 1] and below.block.kind != "heading" and below.block.zone != "strong"


def _above_figures(forms: list[Form], at: int) -> bool:
    """Whether a row of figures follows directly: then a line is the head of a table."""
    short = at + 1 < len(forms) and forms[at + 1].words <= tuned.FIGURES_ROW_MOST_WORDS
    below = forms[at + 1].view if short else ""
    return len(_FIGURES.findall(below)) > 1 and _ENDS_IN_FIGURE.search(below) is not None and not below.endswith(".")


def _rhetorical(forms: list[Form], open_blocks: list[int], candidates: set[int], gapped: bool) -> set[int]:
    """Questions that are body: in small letters, and neither one of several nor isolated among other headings."""
    questions = [at for at in candidates if forms[at].view.endswith("?") and at != open_blocks[0]]
    plain = {at for at in questions if not _title_case(forms[at].view)}
    if len(plain) >= tuned.QUESTIONS_GAPPED and all(
        _ASKS.match(forms[at].view) and forms[at].block.gap for at in plain
    ):
        return set()
    if len(plain) >= tuned.QUESTIONS_CLOSE and not gapped and all(_ASKS.match(forms[at].view) for at in plain):
        return set()
    others = len(candidates) - len(plain) - (open_blocks[0] in candidates)
    return {at for at in plain if not (others and forms[at].block.gap and _ASKS.match(forms[at].view))}


def _title_case(view: str) -> bool:
    """Whether the longer words begin with capitals, as in English headlines."""
    long = [word for word in view.split() if len(word) > tuned.LONGER_WORD_CHARACTERS and word[0].isalpha()]
    return len(long) > 1 and sum(word[0].isupper() for word in long) >= tuned.TITLE_CASE_SHARE * len(long)


def _runs(open_blocks: list[int], candidates: set[int]) -> list[list[int]]:
    """Candidates in a row with no kept text between them."""
    runs: list[list[int]] = []
    before = None
    for at in open_blocks:
        if at in candidates:
            if before is not None and runs and runs[-1][-1] == before:
                runs[-1].append(at)
            else:
                runs.append([at])
            before = at
        else:
            before = None
    return runs


def _mark_run(run: list[int], forms: list[Form], reasons: list[str], open_blocks: list[int], head: bool) -> None:
    """Which of the candidates in a row are headings: those that body text follows."""
    follows = next((at for at in open_blocks if at > run[-1]), None)
    if follows is None:
        return  # nothing comes after: a signature or a last line, not a heading
    after = forms[follows]
    leads = after.terminal or after.view.endswith((":", "：")) or all(_stands_out(forms[at]) for at in run)
    leads = leads or _above_figures(forms, follows)
    if after.view[:1].islower() or (after.words < tuned.AFTER_HEADING_LEAST_WORDS and not leads and not head):
        return
    if head and len(run) <= tuned.HEAD_RUN_MOST_BLOCKS:
        chosen = run
    elif len(run) <= tuned.HEADING_RUN_MOST_BLOCKS:
        chosen = run if len(run) == 1 or _stands_out(forms[run[0]]) or forms[run[0]].words >= 2 else run[-1:]
    else:
        chosen = [at for at in run if _stands_out(forms[at])] or ([run[0]] if head else [])
    for at in chosen:
        reasons[at] = "heading"


def _stands_out(form: Form) -> bool:
    """Numbered, or in capitals."""
    letters = [char for char in form.view if char.isalpha()]
    return bool(_NUMBERED.match(form.view)) or (
        len(letters) >= tuned.CAPITALS_LEAST_LETTERS
        and all(char.isupper() for char in letters if char.isascii())
        and form.view.isascii()
    )

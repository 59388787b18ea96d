"""Decides which blocks of a document are body text, headings or neither, and why.

Signals are combined: the markup, the wording (`rules`), the form, the place before, between or after the prose, and
repetition across documents of one source. In doubt a block is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.block_features import Form, form_of
from toolkit.corpus.cleaning.boilerplate_score import evidence_of
from toolkit.corpus.cleaning.cue_files import patterns_of
from toolkit.corpus.cleaning.datelines import (
    NAME_LINE,
    ROLE_LINE,
    closing_credit,
    dateline_end,
    is_byline,
    is_date_line,
    is_dated,
    is_names,
)
from toolkit.corpus.cleaning.edges import firm_range, mark_zones
from toolkit.corpus.cleaning.footnotes import mark_footnotes
from toolkit.corpus.cleaning.headings import mark_headings
from toolkit.corpus.cleaning.notices import SPARED, Place, parts_of_block, tells
from toolkit.corpus.cleaning.repeated import repeats
from toolkit.corpus.cleaning.rules import (
    ANYWHERE,
    AT_EDGES,
    AT_END,
    BIO,
    TRADES,
)
from toolkit.corpus.cleaning.sections import mark_sections
from toolkit.corpus.cleaning.titles import title_of
from toolkit.corpus.settings import CleanSettings
from toolkit.corpus.source import Block, Part

_CUES = patterns_of("sections")
_ITEMS = _CUES["between_items"]
_LABELLED = _CUES["labelled"]
_QUOTES_SOMEBODY = _CUES["quotes_somebody"]
_THE_AUTHOR = _CUES["the_author"]


def cleaned(
    text: str,
    blocks: Sequence[Block],
    settings: CleanSettings,
    kind: str = "txt",
    find_headings: bool = True,
    repeated: frozenset[str] = frozenset(),
    named: str = "",
) -> list[Part]:
    """The parts of a document in order: kept parts with an empty reason, removed parts with their reason.

    `kind` is the document's format: Markdown's marks are ignored, and loose lines of a page are judged by place.
    `repeated` contains the views of lines that occur at the edges of several documents of the same source.
    """
    forms = [form_of(text, block, kind == "md") for block in blocks]
    reasons = [_own_reason(form, settings) for form in forms]
    if settings.on("footnote"):
        mark_footnotes(text, forms, reasons)
    if settings.enabled:
        forms, reasons = _notices_apart(text, forms, reasons, settings, kind == "md")
    if settings.enabled:
        mark_sections(forms, reasons, settings)
        _edges(forms, reasons, settings, repeated)
        if kind == "html" and any(form.block.kind == "heading" for form in forms):
            _page_edges(forms, reasons, settings)
    title, first = -1, 0
    if settings.enabled and len(forms) > 2:
        first, last = firm_range(forms, reasons)
        title = title_of(forms, reasons, first, named) if first < len(forms) else -1
        mark_zones(forms, reasons, settings, title, first, last)
    _spare_the_last(forms, reasons)
    mark_headings(forms, reasons, find_headings, title, first)
    return _parts(text, forms, reasons, settings)


def _notices_apart(
    text: str, forms: list[Form], reasons: list[str], settings: CleanSettings, markdown: bool
) -> tuple[list[Form], list[str]]:
    """Forms and reasons, with notices that begin or end a block of body text split off as blocks."""
    parted: list[tuple[Form, str]] = []
    sentences = (form.terminal and form.words >= tuned.SPARED_LEAST_WORDS for form in forms)
    alone = not any(sentence and not reason for sentence, reason in zip(sentences, reasons, strict=True))
    for at, (form, reason) in enumerate(zip(forms, reasons, strict=True)):
        place = Place(not reason and (at == 0 or at >= len(forms) - tuned.OUTER_BLOCKS), alone)
        pieces = parts_of_block(text, form, reason, settings, markdown, place)
        if len(pieces) == 1:
            parted.append((form, reason))
        else:
            parted += [(piece, _own_reason(piece, settings)) for piece in pieces]
    return [form for form, _ in parted], [reason for _, reason in parted]


def _spare_the_last(forms: list[Form], reasons: list[str]) -> None:
    """Keep text if a document would otherwise lose all of it: its only block (a title, a post), and sentences that are
    more likely body than not."""
    if not all(reasons):
        return
    for at, form in enumerate(forms):
        sentence = form.terminal and form.words >= tuned.SPARED_LEAST_WORDS
        score = evidence_of(form).score if sentence else tuned.SPARED_SCORE
        spared = reasons[at] in SPARED and (score < tuned.SPARED_SCORE or len(forms) == 1)
        if spared or (reasons[at] == "copyright" and score < tuned.TELLING_SCORE):
            reasons[at] = ""


def _own_reason(form: Form, settings: CleanSettings) -> str:
    """The reason for which a block is removed independently of its place."""
    kind, view = form.block.kind, form.view
    for name, pattern in settings.patterns.items():
        if settings.enabled and re.search(pattern, view):
            return name
    if kind == "furniture":
        return "furniture" if settings.on("furniture") else ""
    if form.block.zone == "footnote":
        return "footnote" if settings.on("footnote") else ""
    if kind == "caption" and settings.on("caption") and form.words <= tuned.CAPTION_MOST_WORDS:
        return "caption"
    if form.words > tuned.RULE_MOST_WORDS or not settings.enabled:
        return ""
    if not view and settings.on("separator"):
        return "separator"  # nothing but Markdown's marks
    zone = form.block.zone
    if zone and settings.on(zone) and _zone_holds(form, zone):
        return zone
    if form.words <= tuned.SHORT_LINE_MOST_WORDS and not form.prose:
        if settings.on("byline") and is_byline(view):
            return "byline"
        if settings.on("date_line") and is_date_line(view):
            return "date_line"
        if settings.on("navigation") and _is_menu(form) and not is_dated(view):
            return "navigation"
    for rule in ANYWHERE.matching(view, form.words):
        titled = kind == "heading" and form.words > tuned.NAVIGATION_HEADING_MOST_WORDS
        if settings.on(rule.name) and not (rule.name == "navigation" and titled) and not tells(form, rule.name):
            return rule.name
    linked = form.links > tuned.ALL_LINKS_SHARE and form.words <= tuned.TEASER_LINK_MOST_WORDS
    if settings.on("read_more") and linked and not form.terminal and kind != "heading":
        return "read_more"
    return ""


def _zone_holds(form: Form, zone: str) -> bool:
    """Whether a block inside a marked-up region is of the kind that the region's name indicates."""
    if zone in ("byline", "date_line", "tags"):
        return form.words <= tuned.SHORT_LINE_MOST_WORDS and not form.prose
    if (
        zone == "related"
        and form.block.kind in ("text", "quote", "table", "pre")
        and form.links < tuned.FEW_LINKS_SHARE
    ):
        return form.words <= tuned.RELATED_BOX_MOST_WORDS  # a box with its own facts is kept
    if zone == "navigation" and form.prose and form.links < tuned.FEW_LINKS_SHARE:
        return form.words <= tuned.NAVIGATION_PROSE_MOST_WORDS
    return True


def _is_menu(form: Form) -> bool:
    """Three or more short items between bars or dots, and nothing else."""
    items = [item for item in _ITEMS.split(form.view) if item]
    if len(items) < tuned.MENU_LEAST_ITEMS or form.terminal or form.block.kind == "table":
        return False
    letters = sum(char.isalpha() for char in form.view)
    if letters < tuned.MENU_LEAST_LETTERS_SHARE * len(form.view.replace(" ", "")):
        return False
    return sum(len(item.split()) for item in items) / len(items) <= tuned.MENU_ITEM_MOST_WORDS


def _edges(forms: list[Form], reasons: list[str], settings: CleanSettings, repeated: frozenset[str]) -> None:
    """Apply the rules that count only before the first and after the last prose of a document."""
    first, last = _prose_range(forms, reasons, settings)
    for at, form in enumerate(forms):
        if reasons[at]:
            continue
        edge, tail = at < first or at > last, at > last
        if settings.on("date_line") and edge and is_dated(form.view):
            reasons[at] = "date_line"
        elif settings.on("repeated") and repeats(form, repeated, tail) and (edge or not form.prose):
            reasons[at] = "repeated"
        else:
            reasons[at] = _edge_rule(form, settings, edge, tail)
            if reasons[at] == "bio" and BIO.match(form.view) and _known(forms, range(min(at, last + 1)), form.view):
                reasons[at] = ""
    _names(forms, reasons, first, settings)
    _closing(forms, reasons, last, settings)


def _edge_rule(form: Form, settings: CleanSettings, edge: bool, tail: bool) -> str:
    """The reason of a rule that counts at the edges only."""
    for rule in (AT_END if tail else AT_EDGES).matching(form.view, form.words) if edge else ():
        if settings.on(rule.name) and not tells(form, rule.name):
            return rule.name
    if tail and settings.on("bio") and form.words <= tuned.BIO_MOST_WORDS and _says_who(form):
        return "bio"
    if edge and settings.on("byline") and form.words <= tuned.ROLE_MOST_WORDS and ROLE_LINE.match(form.view):
        return "byline"
    return ""


def _prose_range(forms: list[Form], reasons: list[str], settings: CleanSettings) -> tuple[int, int]:
    """Indices of the first and the last block of undoubted body text; bios at the end do not count."""
    body = [at for at, form in enumerate(forms) if not reasons[at] and form.prose and form.block.kind != "heading"]
    if not body:
        return len(forms), len(forms)
    last = body[-1]
    while (
        len(body) > tuned.BODY_LEAST_BLOCKS
        and _bio_like(forms[body[-1]])
        and not _known(forms, body[:-1], forms[body[-1]].view)
    ):
        body.pop()
        last = body[-1]
    return body[0], last


def _known(forms: list[Form], body: Sequence[int], view: str) -> bool:
    """Whether a line is about a person whom the body names: then the line is body, too."""
    named = re.match(r"[\W_]*((?:[A-Z][\w.'-]+ ){1,3}[A-Z][\w'-]+)\b", view)
    if named is None:
        return False
    surname = named.group(1).split()[-1]
    return any(forms[at].prose and re.search(rf"\b{re.escape(surname)}\b", forms[at].view) for at in body)


def _says_who(form: Form) -> bool:
    """Whether a block begins with a name and describes that person."""
    return BIO.match(form.view) is not None and TRADES.search(form.view) is not None


def _bio_like(form: Form) -> bool:
    """Whether a block describes a person without a quotation."""
    if form.words > tuned.BIO_LIKE_MOST_WORDS or _QUOTES_SOMEBODY.search(form.view):
        return False
    return _says_who(form) or _THE_AUTHOR.match(form.view) is not None


def _names(forms: list[Form], reasons: list[str], first: int, settings: CleanSettings) -> None:
    """Remove a bare name before the text, next to a date, a byline or a credit."""
    if not settings.on("byline"):
        return
    for at in range(1, min(first, len(forms))):
        if reasons[at] or forms[at].words > tuned.NAME_MOST_WORDS or forms[at].block.kind == "heading":
            continue
        around = {reasons[near] for near in (at - 1, at + 1) if 0 <= near < len(forms)}
        beside = bool(around & {"byline", "date_line", "share", "caption", "newsletter"})
        if is_names(forms[at].view) or (beside and NAME_LINE.match(forms[at].view)):
            reasons[at] = "byline"


def _page_edges(forms: list[Form], reasons: list[str], settings: CleanSettings) -> None:
    """Loose short lines of a page: above its title, between title and text, and below the text."""
    first, last = _prose_range(forms, reasons, settings)
    title = next((at for at, form in enumerate(forms[:first]) if form.block.kind == "heading" and not reasons[at]), -1)
    if first == len(forms):
        return
    for at, form in enumerate(forms):
        short = form.words <= tuned.LOOSE_LINE_MOST_WORDS and not form.terminal
        short = short and form.block.kind in ("text", "table", "list", "quote")
        short = short and not (form.block.zone == "strong" and at > title >= 0)
        listed = form.block.kind == "list" or (form.block.kind == "table" and at > last and form.words > 1)
        if reasons[at] or not short or first <= at <= last or (listed and form.links < tuned.LINKED_SHARE):
            continue
        if title < at < first and settings.on("byline") and (NAME_LINE.match(form.view) or is_names(form.view)):
            reasons[at] = "byline"
        elif settings.on("navigation") and (
            at < first or form.links > tuned.LINKED_SHARE or form.words <= tuned.LOOSE_ITEM_MOST_WORDS
        ):
            reasons[at] = "navigation"


def _closing(forms: list[Form], reasons: list[str], last: int, settings: CleanSettings) -> None:
    """After the last prose: a short labelled line without a full stop ("Match sponsor: …", "Analyst: …")."""
    if not settings.on("contact"):
        return
    loose = [
        at
        for at in range(last + 1, len(forms))
        if not reasons[at]
        and forms[at].words <= tuned.CLOSING_MOST_WORDS
        and not forms[at].terminal
        and _LABELLED.match(forms[at].view)
    ]
    for at in loose if len(loose) <= tuned.CLOSING_MOST_BLOCKS else ():
        if forms[at].block.kind == "text":
            reasons[at] = "contact"


def _parts(text: str, forms: list[Form], reasons: list[str], settings: CleanSettings) -> list[Part]:
    """Blocks as parts, with datelines and credits cut off kept blocks."""
    parts: list[Part] = []
    opened = False
    for form, reason in zip(forms, reasons, strict=True):
        start, end, kind = form.block.start, form.block.end, form.block.kind
        if reason:
            parts.append(Part(start, end, reason, kind))
            continue
        piece = text[start:end]
        opens = not opened and form.words >= tuned.DATELINE_LEAST_WORDS
        cut = dateline_end(piece) if settings.on("dateline") and opens else 0
        long = len(piece) > tuned.CREDIT_SOUGHT_ABOVE_CHARACTERS
        stop, closing = closing_credit(piece) if long else (len(piece), "")
        if closing and not settings.on(closing):
            stop = len(piece)
        if cut:
            parts.append(Part(start, start + len(piece[:cut].rstrip()), "dateline", kind))
        body = piece[cut:stop].strip()
        at = start + piece.index(body, cut)
        parts.append(Part(at, at + len(body), "", kind))
        if stop < len(piece):
            parts.append(Part(end - len(piece[stop:].lstrip()), end, closing, kind))
        opened = opened or form.prose
    return parts

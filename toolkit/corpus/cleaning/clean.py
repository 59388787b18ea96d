"""Which blocks of a document are body text, which are headings, and which are neither, and why.

Signals are combined: the markup's own words, the wording (`rules`), the form, the place before, between or after the
prose, and repetition across documents of one source. When in doubt a block stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.corpus.cleaning.block_features import Form, form_of
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
from toolkit.corpus.cleaning.headings import mark_headings
from toolkit.corpus.cleaning.rules import (
    ANYWHERE,
    AT_EDGES,
    AT_END,
    BIO,
    BIO_OPEN,
    COMMENTS_OPEN,
    CONTACT_OPEN,
    RELATED,
    RELATED_INLINE,
    TRADES,
)
from toolkit.corpus.cleaning.titles import title_of
from toolkit.corpus.settings import CleanSettings
from toolkit.corpus.source import Block, Part

_CUES = patterns_of("sections")
_ITEMS = _CUES["between_items"]
_LABELLED = _CUES["labelled"]
_INVITES_COMMENTS = _CUES["invites_comments"]
_QUOTES_SOMEBODY = _CUES["quotes_somebody"]
_THE_AUTHOR = _CUES["the_author"]
_MOST_CLOSING = 4  # more labelled lines at the end are a list of the document's own
_MOST = 120  # words: no wording rule drops a longer block


def cleaned(
    text: str,
    blocks: Sequence[Block],
    settings: CleanSettings,
    kind: str = "txt",
    find_headings: bool = True,
    repeated: frozenset[str] = frozenset(),
    named: str = "",
) -> list[Part]:
    """The parts of a document in order: kept ones with an empty reason, the others with theirs.

    `kind` is the document's format: Markdown's marks are seen through, and a page's loose lines are judged by place.
    `repeated` holds the views of lines that stand at the edges of several documents of the same source.
    """
    forms = [form_of(text, block, kind == "md") for block in blocks]
    reasons = [_own_reason(form, settings) for form in forms]
    if settings.enabled:
        _sections(forms, reasons, settings)
        _edges(forms, reasons, settings, repeated)
        if kind == "html" and any(form.block.kind == "heading" for form in forms):
            _page_edges(forms, reasons, settings)
    title, first = -1, 0
    if settings.enabled and len(forms) > 2:
        first, last = firm_range(forms, reasons)
        title = title_of(forms, reasons, first, named) if first < len(forms) else -1
        mark_zones(forms, reasons, settings, title, first, last)
    mark_headings(forms, reasons, find_headings, title, first)
    return _parts(text, forms, reasons, settings)


def edge_views(text: str, blocks: Sequence[Block], markdown: bool) -> set[str]:
    """Views of short blocks among the first and last eight of a document: candidates for the rule `repeated`."""
    if len(blocks) < 3:
        return set()
    near = [*blocks[:8], *blocks[max(8, len(blocks) - 8) :]]
    forms = (form_of(text, block, markdown) for block in near if block.end - block.start < 400)
    return {form.view for form in forms if 1 <= form.words <= 45 and form.block.kind != "heading"}


def _own_reason(form: Form, settings: CleanSettings) -> str:
    """The reason that a block gives by itself, wherever it stands."""
    kind, view = form.block.kind, form.view
    for name, pattern in settings.patterns.items():
        if settings.enabled and re.search(pattern, view):
            return name
    if kind == "furniture":
        return "furniture" if settings.on("furniture") else ""
    if kind == "caption" and settings.on("caption") and form.words <= 60:
        return "caption"
    if form.words > _MOST or not settings.enabled:
        return ""
    zone = form.block.zone
    if zone and settings.on(zone) and _zone_holds(form, zone):
        return zone
    if form.words <= 30 and not form.prose:
        if settings.on("byline") and is_byline(view):
            return "byline"
        if settings.on("date_line") and is_date_line(view):
            return "date_line"
        if settings.on("navigation") and _is_menu(form) and not is_dated(view):
            return "navigation"
    for rule in ANYWHERE.matching(view, form.words):
        if settings.on(rule.name) and not (rule.name == "navigation" and kind == "heading" and form.words > 2):
            return rule.name
    if settings.on("read_more") and form.links > 0.8 and form.words <= 25 and not form.terminal and kind != "heading":
        return "read_more"
    return ""


def _zone_holds(form: Form, zone: str) -> bool:
    """Whether a block inside a marked-up region is what the region's name says."""
    if zone in ("byline", "date_line", "tags"):
        return form.words <= 30 and not form.prose
    if zone == "related" and form.block.kind in ("text", "quote", "table", "pre") and form.links < 0.3:
        return form.words <= 45  # a box with facts of its own stays
    if zone == "navigation" and form.prose and form.links < 0.3:
        return form.words <= 40
    return True


def _is_menu(form: Form) -> bool:
    """Three or more short items between bars or dots, and nothing else."""
    items = [item for item in _ITEMS.split(form.view) if item]
    if len(items) < 3 or form.terminal or form.block.kind == "table":
        return False
    if sum(char.isalpha() for char in form.view) < 0.6 * len(form.view.replace(" ", "")):
        return False
    return sum(len(item.split()) for item in items) / len(items) <= 3.5


def _sections(forms: list[Form], reasons: list[str], settings: CleanSettings) -> None:
    """Lists that a heading opens: other articles, readers' comments, about the author, contacts."""
    total = sum(form.words for form in forms)
    before = 0
    for at, form in enumerate(forms):
        view = form.view
        late = before > 0.5 * total
        before += form.words
        if form.words > 14 or (
            reasons[at] and reasons[at] not in ("read_more", "navigation", "comments", "bio", "contact")
        ):
            continue
        if settings.on("related") and RELATED.match(view):
            if _teasers(forms, reasons, at, late) or not reasons[at]:
                reasons[at] = "related"
        elif settings.on("comments") and late and COMMENTS_OPEN.match(view) and _comments_follow(forms, at, total):
            reasons[at] = "comments"
            _to_the_end(forms, reasons, at, "comments", 400)
        elif settings.on("bio") and late and BIO_OPEN.match(view):
            reasons[at] = "bio"
            _to_the_end(forms, reasons, at, "bio", 90, count=3)
        elif settings.on("contact") and late and CONTACT_OPEN.match(view):
            reasons[at] = "contact"
            _to_the_end(forms, reasons, at, "contact", 25, count=8)
    for at, form in enumerate(forms):
        if not reasons[at] and settings.on("related") and form.words <= 60 and RELATED_INLINE.match(form.view):
            reasons[at] = "related"


def _comments_follow(forms: list[Form], at: int, total: int) -> bool:
    """Whether what follows can be readers' comments: a count stands in the heading, or little of the text is left."""
    rest = sum(form.words for form in forms[at + 1 :])
    return rest <= (0.5 if _INVITES_COMMENTS.search(forms[at].view) else 0.2) * total


def _to_the_end(forms: list[Form], reasons: list[str], at: int, reason: str, most: int, count: int = 1000) -> None:
    """The blocks after `at` that belong to the section it opens; a heading of the markup ends it."""
    for index in range(at + 1, min(len(forms), at + 1 + count)):
        if forms[index].block.kind == "heading" or forms[index].words > most:
            return
        reasons[index] = reasons[index] or reason


def _teasers(forms: list[Form], reasons: list[str], at: int, late: bool) -> bool:
    """Teasers below the heading of a list of other articles get its reason; false if there are none."""
    run = at + 1
    while run < len(forms) and (forms[run].words <= 48 or reasons[run]):
        if forms[run].block.kind == "heading" and not late:
            break
        run += 1
    rest = [index for index in range(at + 1, run) if not reasons[index]]
    if not rest:
        return run > at + 1 and reasons[at + 1] in ("read_more", "related")
    if any(forms[index].links > 0.5 for index in rest):
        chosen = [index for index in rest if forms[index].links > 0.5 or not forms[index].prose]
    elif run == len(forms) and late and _list_like(forms, rest):
        chosen = rest
    else:
        chosen = []
        for index in rest:
            if (forms[index].terminal and not forms[index].view.endswith("?")) or forms[index].words > 25:
                break
            chosen.append(index)
    for index in chosen:
        reasons[index] = "related"
    return bool(chosen)


def _list_like(forms: list[Form], rest: list[int]) -> bool:
    """Whether the last blocks of a document are teasers: headlines, headline and summary in turn, or few summaries."""
    headlines = [index for index in rest if not forms[index].terminal or forms[index].view.endswith("?")]
    if len(headlines) >= 0.6 * len(rest):
        return True
    if rest[0] in headlines and len(headlines) >= 0.4 * len(rest):
        return True
    words = sum(forms[index].words for index in rest)
    return rest[0] not in headlines and len(rest) <= 10 and words <= 0.5 * sum(form.words for form in forms)


def _edges(forms: list[Form], reasons: list[str], settings: CleanSettings, repeated: frozenset[str]) -> None:
    """What only counts before the first and after the last prose of a document."""
    first, last = _prose_range(forms, reasons, settings)
    for at, form in enumerate(forms):
        if reasons[at]:
            continue
        edge, tail = at < first or at > last, at > last
        if settings.on("date_line") and edge and is_dated(form.view):
            reasons[at] = "date_line"
        elif settings.on("repeated") and form.words <= 45 and form.view in repeated and (edge or not form.prose):
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
        if settings.on(rule.name):
            return rule.name
    if tail and settings.on("bio") and form.words <= 90 and BIO.match(form.view) and TRADES.search(form.view):
        return "bio"
    if edge and settings.on("byline") and form.words <= 8 and ROLE_LINE.match(form.view):
        return "byline"
    return ""


def _prose_range(forms: list[Form], reasons: list[str], settings: CleanSettings) -> tuple[int, int]:
    """Indices of the first and the last block that is body beyond doubt; bios at the end are no body."""
    body = [at for at, form in enumerate(forms) if not reasons[at] and form.prose and form.block.kind != "heading"]
    if not body:
        return len(forms), len(forms)
    last = body[-1]
    while len(body) > 3 and _bio_like(forms[body[-1]]) and not _known(forms, body[:-1], forms[body[-1]].view):
        body.pop()
        last = body[-1]
    return body[0], last


def _known(forms: list[Form], body: Sequence[int], view: str) -> bool:
    """Whether the person whom a line speaks of is one whom the body has named: then the line is body too."""
    named = re.match(r"[\W_]*((?:[A-Z][\w.'-]+ ){1,3}[A-Z][\w'-]+)\b", view)
    if named is None:
        return False
    surname = named.group(1).split()[-1]
    return any(forms[at].prose and re.search(rf"\b{re.escape(surname)}\b", forms[at].view) for at in body)


def _bio_like(form: Form) -> bool:
    """A sentence on who somebody is, quoting nobody."""
    if form.words > 80 or _QUOTES_SOMEBODY.search(form.view):
        return False
    opened = BIO.match(form.view) and TRADES.search(form.view)
    return bool(opened) or _THE_AUTHOR.match(form.view) is not None


def _names(forms: list[Form], reasons: list[str], first: int, settings: CleanSettings) -> None:
    """A bare name before the text, beside a date, a byline or a credit."""
    if not settings.on("byline"):
        return
    for at in range(1, min(first, len(forms))):
        if reasons[at] or forms[at].words > 10 or forms[at].block.kind == "heading":
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
        short = form.words <= 6 and not form.terminal and form.block.kind in ("text", "table", "list", "quote")
        short = short and not (form.block.zone == "strong" and at > title >= 0)
        listed = form.block.kind == "list" or (form.block.kind == "table" and at > last and form.words > 1)
        if reasons[at] or not short or first <= at <= last or (listed and form.links < 0.5):
            continue
        if title < at < first and settings.on("byline") and (NAME_LINE.match(form.view) or is_names(form.view)):
            reasons[at] = "byline"
        elif settings.on("navigation") and (at < first or form.links > 0.5 or form.words <= 3):
            reasons[at] = "navigation"


def _closing(forms: list[Form], reasons: list[str], last: int, settings: CleanSettings) -> None:
    """After the last prose: a short labelled line without a full stop ("Match sponsor: …", "Analyst: …")."""
    if not settings.on("contact"):
        return
    loose = [
        at
        for at in range(last + 1, len(forms))
        if not reasons[at] and forms[at].words <= 12 and not forms[at].terminal and _LABELLED.match(forms[at].view)
    ]
    for at in loose if len(loose) <= _MOST_CLOSING else ():
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
        cut = dateline_end(piece) if settings.on("dateline") and not opened and form.words >= 12 else 0
        stop, closing = closing_credit(piece) if len(piece) > 30 else (len(piece), "")
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

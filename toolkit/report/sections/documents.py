"""The documents: where each theme and code is along each of them, its paragraphs, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from toolkit.figures.style import HUES, theme_class
from toolkit.report.blocks import Paragraph, Section
from toolkit.report.content import Content
from toolkit.report.corpus_part import REASONS
from toolkit.report.document_blocks import (
    DocumentLine,
    Documents,
    DocumentText,
    Facet,
    Lane,
    LegendLook,
    Passage,
)
from toolkit.report.documents_part import (
    ABOUT_TEXT,
    HEADING,
    MOST_GROUPS,
    Citation,
    DocumentPart,
    DocumentRow,
    Kept,
    LeftOut,
    Mark,
    NotShown,
)
from toolkit.report.inlines import PAGE, Code, File, Inline, Inlines, Key, Link, Strong
from toolkit.report.sections.pieces import blocks, joined, small, words
from toolkit.report.strip import Span, stop, strip
from toolkit.text.format import count, name_of, percent, plural
from toolkit.values import NOISE

MOST_LANES = 12
"""Codes that a document shows along its length, those of most of its paragraphs."""
MOST_RUNS = 8
"""Runs of paragraphs of one theme that a strip names one by one."""
MOST_MONTHS = 36
KEPT, LEFT, ABOUT, HEAD, COPY, AGAIN = "kept", "left", "about", "head", "copy", "again"
"""Classes of what is drawn besides themes."""


def documents(content: Content) -> Section:
    """The documents, folded; quotes lead to their paragraphs."""
    part = content.documents
    facets = _facets(content)
    lines = {row.row: _line(content, row, facets) for row in part.index}
    texts = tuple(_text(content, document, facets) for document in part.documents)
    shown = plural(part.total, "document")
    tree = Documents(
        summary=f"All {shown}" if len(part.index) == part.total else f"The first {count(len(part.index))} of {shown}",
        documents=texts,
        index=() if part.each else tuple(lines.values()),
        facets=facets,
        periods=_periods(part.index),
        legend=_legend(content),
    )
    lead = Paragraph(_lead(content), "lead")
    return Section("documents", "Documents", "Documents", blocks(lead, small(*_elsewhere(content)), tree), PAGE)


def _lead(content: Content) -> Inlines:
    part = content.documents
    along = (
        "themes and codes" if content.real_themes and content.codes else "themes" if content.real_themes else "codes"
    )
    each = f"Each of {plural(part.total, 'document')}" if part.each else "Each quoted document"
    return (f"{each} with its {along} along its length, its paragraphs, and what was left out of them.",)


def _elsewhere(content: Content) -> Inlines:
    """What of the paragraphs and of what was left out is in the page, and where the rest is."""
    part, cut = content.documents, {"none": " without their words", "snippet": ", the first 30 words of each"}
    whole = f"All {plural(content.corpus.paragraphs, 'paragraph')}, copies included"
    shown = whole if part.whole else f"The {plural(len(part.rows), 'paragraph')} that are quoted or next to a quote"
    rest = " and what was left out" if part.ledger else "; what was left out is drawn and not listed"
    files: Inlines = (" As tables: ", File("tables/paragraphs.csv"), ", ", File("tables/ledger.csv"))
    index = "" if len(part.index) == part.total else f" The index lists the first {count(len(part.index))}."
    return (f"{shown}{rest}{cut.get(content.mode, '')}.{index}", *files, ", ", File("tables/documents.csv"), ".")


def _facets(content: Content) -> tuple[Facet, ...]:
    """Themes, sources and groups with at least two values and at most `MOST_GROUPS`."""
    rows = content.documents.index
    facets = [Facet("theme", "Theme", tuple(theme.label for theme in content.themes) if content.real_themes else ())]
    facets.append(Facet("source", "Source", _values(row.source for row in rows)))
    for at, name in enumerate(content.documents.groups):
        facets.append(Facet(f"group-{at}", name_of(name, 40).capitalize(), _values(row.groups[at] for row in rows)))
    return tuple(facet for facet in facets if 2 <= len(facet.options) <= MOST_GROUPS)


def _values(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _chosen(content: Content, row: DocumentRow, facet: Facet) -> tuple[int, ...]:
    """The options of a facet that apply to a document."""
    if facet.key == "theme":
        return tuple(at for at, theme in enumerate(content.themes) if theme.theme in row.themes)
    value = row.source if facet.key == "source" else row.groups[int(facet.key.removeprefix("group-"))]
    return (facet.options.index(value),) if value in facet.options else ()


def _periods(rows: Sequence[DocumentRow]) -> tuple[str, ...]:
    """The months of the documents, or their years if there are many months; empty if a choice makes no sense."""
    dates = [row.date for row in rows if row.date]
    months = sorted({date[:7] for date in dates})
    exact = len(months) <= MOST_MONTHS and all(len(month) == 7 for month in months)
    periods = months if exact else sorted({date[:4] for date in dates})
    return tuple(periods) if 1 < len(periods) <= MOST_GROUPS else ()


def _legend(content: Content) -> tuple[LegendLook, ...]:
    themes = [LegendLook(_theme_look(theme.theme), theme.label) for theme in content.themes if content.real_themes]
    kept = [] if themes else [LegendLook(KEPT, "kept")]
    return (
        *themes,
        *kept,
        LegendLook(f"{themes[0].look if themes else KEPT} {COPY}", "pale: a copy of another paragraph"),
        LegendLook(HEAD, "low: a heading"),
        LegendLook(ABOUT, "lower: byline, date and the like"),
        LegendLook(LEFT, "grey: left out"),
    )


def _line(content: Content, row: DocumentRow, facets: tuple[Facet, ...], left_out: float = 0.0) -> DocumentLine:
    label = _label(content, row.theme) if row.theme is not None else ""
    known = [value for value in (row.source, row.date) if value]
    parts: list[Inlines] = [*((words(value),) for value in known), (plural(row.paragraphs, "paragraph"),)]
    if row.theme is not None and row.theme != NOISE:
        parts.append(("mainly ", Key(row.theme), words(label)))
    return DocumentLine(
        title=row.title,
        detail=joined(parts, " · "),
        link=row.anchor if row.in_page else "",
        source=row.source,
        date=row.date,
        paragraphs=row.paragraphs,
        left_out=round(100 * left_out),
        theme=row.theme,
        theme_label=label,
        facets=tuple(_chosen(content, row, facet) for facet in facets),
    )


def _label(content: Content, theme: int) -> str:
    return next((part.label for part in content.themes if part.theme == theme), "No theme")


def _text(content: Content, part: DocumentPart, facets: tuple[Facet, ...]) -> DocumentText:
    spans = [Span(mark.start, mark.end, _look(mark)) for mark in part.marks]
    places = [passage.place for passage in part.passages if isinstance(passage, Kept)]
    return DocumentText(
        line=_line(content, part.head, facets, part.left_out_share),
        strip=strip(spans, part.length, _along(content, part)),
        stops=" ".join(stop(place.anchor, place.start, place.end, part.length) for place in places),
        about=tuple(_about(content, part)),
        lanes=_lanes(content, part),
        passages=tuple(_passages(content, part)),
    )


def _look(mark: Mark) -> str:
    if not mark.position:
        return HEAD if mark.reason == HEADING else ABOUT if mark.reason in ABOUT_TEXT else LEFT
    look = KEPT if mark.theme is None else _theme_look(mark.theme)
    return f"{look} {COPY}" if mark.copy else look


def _theme_look(theme: int) -> str:
    """Its colour, and lighter if another theme has the same one."""
    return theme_class(theme) + f" {AGAIN}" * (theme // HUES % 2 if theme >= 0 else 0)


def _along(content: Content, part: DocumentPart) -> str:
    """What the strip shows in words: the themes of its paragraphs in order, then how much was left out."""
    kept = [mark for mark in part.marks if mark.position]
    runs = [(theme, list(marks)) for theme, marks in groupby(kept, lambda mark: mark.theme)]
    if not content.real_themes:
        runs_in_words = [plural(len(kept), "paragraph")]
    elif len(runs) <= MOST_RUNS:
        runs_in_words = [
            f"{_numbers(mark.position for mark in marks)}: {_label(content, theme)}" if theme is not None else ""
            for theme, marks in runs
        ]
        runs_in_words[:1] = [f"Paragraph{'s' * (len(runs[0][1]) > 1)} {runs_in_words[0]}"] if runs_in_words else []
    else:
        often = Counter(mark.theme for mark in kept).most_common()
        runs_in_words = [f"{plural(number, 'paragraph')} of {_label(content, theme or 0)}" for theme, number in often]
    return "; ".join([*runs_in_words, *([_left_out(part)] if part.left_out else [])]) + "."


def _left_out(part: DocumentPart) -> str:
    """left out: headings (7), footnotes (2)."""
    return "left out: " + ", ".join(f"{_reason(reason)} ({count(number)})" for reason, number in _ranked(part.left_out))


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _reason(reason: str) -> str:
    """headings; menus and navigation."""
    return REASONS.get(reason, reason.replace("_", " ").replace("-", " ")).partition(",")[0]


def _numbers(positions: Iterable[int]) -> str:
    """1–3, 5, 8–9."""
    ordered = sorted(positions)
    runs = [[at for _, at in group] for _, group in groupby(enumerate(ordered), lambda pair: pair[1] - pair[0])]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _about(content: Content, part: DocumentPart) -> Iterable[Inlines]:
    """Where it is from, what it is a copy of, its groups, and what was left out of it."""
    if part.copy_of is not None:
        original: Inline = words(part.copy_of.title)
        link = Link((original,), f"#{part.copy_of.anchor}") if part.copy_of.in_page else original
        yield (Strong(("A copy",)), " of ", link, ". Copies count once in all shares of unique paragraphs.")
    origin: list[Inlines] = [(Code(part.path or part.head.document_id),)]
    origin += [(Link(("Source",), part.url),)] if part.url else []
    pairs = zip(content.documents.groups, part.head.groups, strict=True)
    origin += [(f"{name_of(name, 40)}: ", words(value)) for name, value in pairs if value]
    yield joined(origin, " · ")
    if part.left_out:
        share = f"{percent(part.left_out_share)} of its characters"
        yield (f"{_left_out(part).capitalize()}; {share}.",)


def _lanes(content: Content, part: DocumentPart) -> tuple[Lane, ...]:
    """The codes of most of its paragraphs along its length, in the order of the codebook."""
    kept = [mark for mark in part.marks if mark.position]
    often = Counter(code for mark in kept for code in mark.codes)
    chosen = sorted(sorted(often, key=lambda code: (-often[code], code))[:MOST_LANES])
    by_index = {code.index: code for code in content.codes}
    lanes = []
    for index in chosen:
        marks = [mark for mark in kept if index in mark.codes]
        label = f"Paragraph{'s' * (len(marks) > 1)} {_numbers(mark.position for mark in marks)}"
        drawn = strip([Span(mark.start, mark.end, KEPT) for mark in marks], part.length, label, ticks=False)
        name: Inlines = (Link((words(by_index[index].name),), f"#{by_index[index].anchor}"),)
        lanes.append(Lane(name, drawn, f"{count(len(marks))} of {count(len(kept))}"))
    return tuple(lanes)


def _passages(content: Content, part: DocumentPart) -> Iterable[Passage]:
    heading = ""
    for passage in part.passages:
        match passage:
            case NotShown():
                yield Passage("gap", (f"{plural(passage.paragraphs, 'paragraph')} not in this page",))
            case LeftOut():
                where = f"characters {passage.start}–{passage.end}"
                is_heading = passage.reason == HEADING
                heading = name_of(passage.text) if is_heading else heading
                foot = f"{'heading' if is_heading else 'left out: ' + _reason(passage.reason)}, {where}"
                yield Passage("heading" if is_heading else "left", (foot,), text=passage.text)
            case Kept():
                new = passage.heading if passage.heading != heading else ""
                heading = passage.heading
                yield _kept(content, passage, new)


def _kept(content: Content, passage: Kept, heading: str) -> Passage:
    place = passage.place
    return Passage(
        "kept", joined(list(_foot(content, passage)), " · "), str(place.position), place.anchor, heading, passage.text
    )


def _foot(content: Content, passage: Kept) -> Iterable[Inlines]:
    """Theme and strength, codes, where it is quoted, what it repeats, its characters."""
    if passage.theme == NOISE:
        yield ("No theme",)
    elif passage.theme is not None:
        strength = f", strength {passage.strength}" if passage.strength else ""
        link = Link((words(_label(content, passage.theme)),), f"#theme-{passage.theme}")
        yield (Key(passage.theme), link, strength)
    by_index = {code.index: code for code in content.codes}
    codes = [by_index[index] for index in passage.codes if index in by_index]
    if codes:
        links: list[Inlines] = [(Link((words(code.name),), f"#{code.anchor}"),) for code in codes]
        yield (f"code{'s' * (len(codes) > 1)} ", *joined(links))
    if passage.copy_of is not None:
        original: Inlines = (words(passage.copy_of.title), f", paragraph {passage.copy_of.position}")
        yield ("a copy of ", *((Link(original, f"#{passage.copy_of.anchor}"),) if passage.copy_in_page else original))
    if passage.cited:
        yield ("quoted in ", *joined([_cited(citation) for citation in passage.cited]))
    yield (f"characters {passage.place.start}–{passage.place.end}",)


def _cited(citation: Citation) -> Inlines:
    between = " " if citation.kind and citation.name else ""
    return (Link((citation.kind, between, words(citation.name)), f"#{citation.anchor}"),)

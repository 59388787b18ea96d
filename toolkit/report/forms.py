"""The two forms of a report on paper (Markdown, PDF): short, without what the page folds, and full, with an appendix.

The page is written from the tree as it is. Both forms are trees again, so that no writer needs to know of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from toolkit.report.blocks import (
    Block,
    Blocks,
    Bullets,
    Card,
    Fold,
    Heading,
    OnlyIn,
    Paragraph,
    Quotes,
    Report,
    Section,
)
from toolkit.report.inlines import PAPER, Code, Inlines
from toolkit.text.format import plural

COMMAND = "toolkit report RUN --full"
LEFT_OUT = "What this short form leaves out"


def short(report: Report) -> Report:
    """The report without what the page folds, and a last section on what is left out and how to get it."""
    sections = tuple(replace(section, blocks=_open(section.blocks)) for section in report.sections)
    listed = tuple(line for section in report.sections if section.media & PAPER and (line := _left_out(section)))
    if not listed:
        return replace(report, sections=sections)
    sentence = (
        "Folded parts of the page report.html are left out here. ",
        Code(COMMAND),
        " writes report.md and report.pdf with all of them in an appendix, as does ",
        Code("report: {full: true}"),
        " in the config.",
    )
    last = Section("left-out", "Left out", LEFT_OUT, (Paragraph(sentence), Bullets(listed)), PAPER)
    meta = (*report.meta, f" · short form: see “{LEFT_OUT}”")
    return replace(report, sections=(*sections, last), meta=meta)


def full(report: Report) -> Report:
    """The report with all that the page folds in an appendix, under the headings of its sections."""
    sections = tuple(replace(section, blocks=_open(section.blocks)) for section in report.sections)
    folded = tuple(
        block
        for section in report.sections
        if section.media & PAPER and (inside := _folded(section.blocks))
        for block in (Heading((section.heading,), 3), *inside)
    )
    appendix = Section("appendix", "Appendix", "Appendix", folded, PAPER)
    return replace(report, sections=(*sections, appendix) if folded else sections)


def _open(items: Blocks) -> Blocks:
    """Blocks without what is folded in them."""
    return tuple(kept for item in items if (kept := _kept(item)) is not None)


def _kept(item: Block) -> Block | None:
    match item:
        case Fold():
            return None
        case Card():
            return replace(item, blocks=_open(item.blocks), folded=())
        case Quotes():
            return replace(item, items=item.items[: item.first])
        case OnlyIn():
            inside = _open(item.blocks)
            return replace(item, blocks=inside) if inside else None
    return item


def _folded(items: Blocks) -> Blocks:
    """What is folded in blocks, each part under a heading of level 4."""
    return tuple(block for item in items for block in _appended(item))


def _appended(item: Block) -> Iterator[Block]:
    match item:
        case Fold():
            yield Heading(item.summary, 4)
            yield from _lowered(item.blocks)
        case Card() if folded := (*_folded(item.blocks), *item.folded):
            yield from (Heading(item.heading, 4),) if item.heading else ()
            yield from _lowered(folded)
        case Quotes() if len(item.items) > item.first:
            yield replace(item, items=item.items[item.first :], first=len(item.items))
        case OnlyIn() if item.media & PAPER and (inside := _folded(item.blocks)):
            yield replace(item, blocks=inside)


def _lowered(items: Blocks) -> Blocks:
    """Blocks below a heading of level 4: what is folded in them follows, and their headings are of level 5."""
    return tuple(block for item in items for block in _below(item))


def _below(item: Block) -> Iterator[Block]:
    match item:
        case Heading():
            yield replace(item, level=5)
        case Fold():
            yield Heading(item.summary, 5)
            yield from _lowered(item.blocks)
        case Card():
            yield from (Heading(item.heading, 5),) if item.heading else ()
            yield from (Paragraph(item.summary),) if item.summary else ()
            yield from _lowered((*item.blocks, *item.folded))
        case OnlyIn():
            yield replace(item, blocks=_lowered(item.blocks))
        case _:
            yield item


def _left_out(section: Section) -> Inlines:
    """Themes found: details of 11 entries; All 10 themes in one table. Empty if nothing of the section is folded."""
    cards = sum(isinstance(item, Card) and bool(item.folded) for item in section.blocks)
    parts: list[Inlines] = [(f"details of {plural(cards, 'entry', 'entries')}",)] if cards else []
    parts += [item.summary for item in _folds(section.blocks)]
    run: Inlines = tuple(part for at, words in enumerate(parts) for part in (("; " if at else ": "), *words))
    return (section.heading, *run) if run else ()


def _folds(items: Iterable[Block]) -> Iterator[Fold]:
    """The folds in sight of blocks: those inside others or in cards left out."""
    for item in items:
        if isinstance(item, Fold):
            yield item
        elif isinstance(item, OnlyIn) and item.media & PAPER:
            yield from _folds(item.blocks)

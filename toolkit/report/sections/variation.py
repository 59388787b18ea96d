"""Paragraphs alike, and what differs by source, over time and in words."""

from __future__ import annotations

from toolkit.report.blocks import Blocks, Card, Column, Fold, Heading, Quotes, Row, Section
from toolkit.report.content import Content
from toolkit.report.inlines import Detail, Strong, Words
from toolkit.report.sections.comparing import in_sight, more_figures
from toolkit.report.sections.pieces import (
    blocks,
    files,
    note,
    paragraph,
    quotation,
    small,
    table,
    titled,
    words,
)
from toolkit.text.format import count, plural


def nearest(content: Content) -> Section | None:
    """Pairs of paragraphs alike, where a corpus is too small for themes."""
    if not content.pairs:
        return None
    cards = tuple(
        Card(
            (
                small(f"Cosine similarity {similarity}"),
                Quotes((quotation(first, content.mode), quotation(second, content.mode)), 2),
            )
        )
        for similarity, first, second in content.pairs
    )
    head = "Paragraphs nearest in meaning"
    return Section("near", "Nearest paragraphs", head, (*cards, files("tables/neighbours.csv")))


def variation(content: Content) -> Section | None:
    """What differs between groups; None if nothing can be said."""
    if not content.varies:
        return None
    return Section(
        "variation",
        "Source and time",
        "By source and over time",
        blocks(in_sight(content), more_figures(content), _contrasts(content), _apart(content), _lines(content)),
    )


def _contrasts(content: Content) -> Blocks:
    """Differences between groups that hold."""
    if not content.contrasts:
        sentence = "No difference between groups can be said after adjustment for the number of comparisons."
        told = (note(f"{sentence} {content.rules['contrasts']}".strip()), files("tables/contrasts.csv"))
        return told if content.has_contrasts else ()
    columns = [
        Column("Theme or code", width=4),
        Column("Group"),
        Column("Against", width=2),
        Column("Difference in share (95%)", "number"),
        Column("Paragraphs", "number"),
        Column("Adjusted p", "number"),
    ]
    rows = [
        Row(
            (
                (words(row.name), Detail((row.kind,))),
                (words(row.group),),
                (words(row.versus),),
                (row.words,),
                (row.base,),
                (row.adjusted,),
            )
        )
        for row in content.contrasts
    ]
    caption = ("Groups against the rest, after adjustment for the number of comparisons",)
    shown = table("Differences between groups", columns, rows, caption)
    error = content.share_error if any(row.kind == "code" for row in content.contrasts) else None
    stated = f"{content.rules['contrasts']} {error.alone if error is not None else ''}".strip()
    return blocks(
        Heading(("Differences that hold",)), paragraph(stated) if stated else None, shown, files("tables/contrasts.csv")
    )


def _apart(content: Content) -> Blocks:
    """Words that a theme, code or group uses more than all others."""
    apart, nothing = content.words.apart, content.words.nothing
    stated = f" {content.words.rule}" if content.words.rule else ""
    if not apart:
        if not nothing:
            return ()
        none = "No word can be said to set a theme, code or group apart after adjustment for the number of tests."
        return (note(none + stated), files("tables/keyness.csv"))
    others = f" For {plural(nothing, 'other')} with words frequent enough to test, none can be said." if nothing else ""
    columns = [Column("Theme, code or group"), Column("Words (times more, 95%)", width=6)]
    rows = [Row(((words(one.name), Detail((one.kind,))), (words("; ".join(one.words)),))) for one in apart]
    shown = table("Words that set apart", columns, rows, ("Words used more than elsewhere",))
    whose = plural(len(apart), "theme, code or group", "themes, codes and groups")
    return (
        Heading(("Words that set apart",)),
        paragraph(
            "How many times more often a word stands in a theme, code or group than in all other paragraphs, with 95% "
            f"intervals of each word alone, documents as units.{stated}{others} Themes were found from the same words, "
            "so that some words set them apart by construction."
        ),
        Fold((f"Words of {whose}",), (shown,)),
        files("tables/keyness.csv"),
    )


def _lines(content: Content) -> Blocks:
    """Keywords where they stand."""
    lines = content.words.lines
    if not lines:
        return ()
    columns = [Column("Theme or code", width=2), Column("Words around the keyword", width=5), Column("Place", width=4)]
    rows = [
        Row(
            (
                (words(line.name),),
                (Words((line.before, Strong((line.match,)), line.after)),),
                (*titled(line.place), Detail((words(line.place.words),))),
            )
        )
        for line in lines
    ]
    shown = table("Keywords in context", columns, rows, ("Keywords where they stand",))
    some = f"{count(len(lines))} of " * (len(lines) < content.words.kept)
    counted = f"{some}{plural(content.words.kept, 'line')}"
    return (Fold((f"Keywords in context ({counted})",), (shown,), 3), files("tables/kwic.csv"))

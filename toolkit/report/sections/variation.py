"""Paragraphs alike, and what differs by source, over time and in words."""

from __future__ import annotations

from toolkit.report.blocks import Block, Blocks, Card, Column, Paragraph, Quotes, Row, Section
from toolkit.report.content import Content
from toolkit.report.inlines import Detail, Strong, Words
from toolkit.report.sections.claims import not_contradicted
from toolkit.report.sections.comparing import in_sight, more_figures
from toolkit.report.sections.pieces import (
    blocks,
    files,
    fold,
    joined,
    note,
    paragraph,
    quotation,
    small,
    table,
    titled,
    words,
)
from toolkit.text.format import count, one_line, plural

KEYNESS = files("tables/keyness.csv")
MOST_NAMED = 3
"""Differences named in a sentence; the table below has all."""


def nearest(content: Content) -> Section | None:
    """Pairs of paragraphs alike, if a corpus is too small for themes."""
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
    """Differences between groups, over time and in words; None if the run has no results on them."""
    if not content.varies:
        return None
    return Section(
        "variation",
        "Source and time",
        "By source and over time",
        blocks(
            _differences(content),
            in_sight(content),
            more_figures(content),
            _contrasts(content),
            _apart(content),
            _lines(content),
        ),
    )


def _differences(content: Content) -> Paragraph | None:
    """The largest differences between groups that hold, in one sentence, or that none holds."""
    if not content.contrasts:
        none = "No difference between groups is clear after adjustment for the number of comparisons."
        stated = content.rules["contrasts"]
        apart = not_contradicted(content, ("larger", "smaller"))
        sentences = " ".join(filter(None, (none, stated, apart)))
        return paragraph(sentences) if content.has_contrasts else None
    named = [
        (words(row.name), f" in {one_line(row.group)}: {row.words} against {row.versus}, {row.base} paragraphs, "
         f"adjusted p {row.adjusted}")
        for row in content.contrasts[:MOST_NAMED]
    ]  # fmt: skip
    more = len(content.contrasts) - MOST_NAMED
    rest = f"; and {plural(more, 'other')} below" if more > 0 else ""
    return paragraph("Differences between groups that are clear: ", *joined(named, "; "), f"{rest}.")


def _contrasts(content: Content) -> Block | Blocks | None:
    """Differences between groups that hold."""
    if not content.contrasts:
        return files("tables/contrasts.csv") if content.has_contrasts else None
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
    return fold(
        f"Differences that hold: {plural(len(rows), 'difference')} between groups",
        paragraph(stated) if stated else None, shown, files("tables/contrasts.csv"),
    )  # fmt: skip


def _apart(content: Content) -> Block | None:
    """Words that a theme, code or group uses more than all others."""
    apart, nothing = content.words.apart, content.words.nothing
    stated = f" {content.words.rule}" if content.words.rule else ""
    if not apart:
        none = "No word clearly distinguishes a theme, code or group after adjustment for the number of tests."
        return fold("Distinguishing words: none is clear", note(none + stated), KEYNESS) if nothing else None
    others = f" For {plural(nothing, 'other')} with words frequent enough to test, none is clear." if nothing else ""
    columns = [Column("Theme, code or group"), Column("Words (times more, 95%)", width=6)]
    rows = [Row(((words(row.name), Detail((row.kind,))), (words("; ".join(row.words)),))) for row in apart]
    whose = plural(len(apart), "theme, code or group", "themes, codes and groups")
    return fold(
        f"Words that distinguish {whose}",
        table("Distinguishing words", columns, rows, ("Words used more than elsewhere",)),
        small(
            "How many times more often a word occurs in a theme, code or group than in all other paragraphs, with 95% "
            f"intervals of each word alone, documents as units.{stated}{others} Themes were found from the same words, "
            "so that some words distinguish them by construction."
        ),
        KEYNESS,
    )


def _lines(content: Content) -> Block | None:
    """Keywords in context."""
    lines = content.words.lines
    if not lines:
        return None
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
    shown = table("Keywords in context", columns, rows, ("Keywords in their sentences",))
    some = f"{count(len(lines))} of " * (len(lines) < content.words.kept)
    counted = f"{some}{plural(content.words.kept, 'line')}"
    return fold(f"Keywords in context ({counted})", shown, files("tables/kwic.csv"))

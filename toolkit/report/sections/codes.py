"""The codebook: a table of all codes, a card for each, and what themes it misses."""

from __future__ import annotations

from toolkit.codebook.badges import RULE
from toolkit.report.blocks import Blocks, Card, Column, Facts, Heading, Paragraph, Row, Section, Table
from toolkit.report.code_part import Badge, CodePart
from toolkit.report.content import Content
from toolkit.report.inlines import Inlines, Key, Link, Ranges, Tag, TrendLine
from toolkit.report.sections.badges import badge_mark
from toolkit.report.sections.coders import also_coded
from toolkit.report.sections.pieces import (
    blocks,
    fact,
    facts,
    figure,
    files,
    joined,
    of,
    origins,
    paragraph,
    quotes,
    small,
    table,
    words,
)
from toolkit.report.sections.themes import TRENDS, bar, drawn, shares_of
from toolkit.run_folder.about import Coders
from toolkit.schemas import MACHINE
from toolkit.text.format import count, percent

NOT_FOUND = Tag("not found", "missing")


def codebook(content: Content) -> Section | None:
    """All codes in the order of the codebook; None without one."""
    if not content.codes:
        return None
    lead = "Each code was looked for in every paragraph; a paragraph may carry several codes or none."
    coded = also_coded(content)
    named = ("tables/codes.csv", "tables/prevalence.csv", "tables/thresholds.csv")
    return Section(
        "codes",
        "The codebook",
        "The codebook",
        blocks(
            Paragraph((f"{lead} {coded}" if coded else lead,), "lead"),
            _table(content),
            small(f"{told.short} {told.alone}") if (told := content.share_error) is not None else None,
            small(f"Badges. {RULE[:1].upper()}{RULE[1:]}.") if any(code.badge for code in content.codes) else None,
            files(*named, *TRENDS[: bool(content.highest(content.codes))]),
            tuple(_card(code, content) for code in content.codes),
        ),
    )


def _table(content: Content) -> Table:
    highest = content.highest(content.codes)
    columns = [
        Column("Code", width=5),
        Column("Share (95% interval)", "share"),
        *([Column("Over time", "trend", width=2)] if highest else []),
        Column("Paragraphs", "number", unit="paragraphs"),
        Column("Documents", "number", unit="documents"),
    ]
    rows = [
        Row(
            (
                (Link((words(code.name),), f"#{code.anchor}"), *badge_mark(code)),
                (bar(code.share, content), code.share.words) if code.found else (_at_most(code),),
                *([(TrendLine(code.trend, highest),)] if highest else []),
                (code.share.base,),
                (code.documents,),
            ),
            "" if code.found else "muted",
        )
        for code in content.codes
    ]
    caption = (f"Codes in the order of the codebook, {shares_of(content)}", *drawn(content, highest))
    return table("Codes with shares", columns, rows, caption, stacks=True)


def _at_most(code: CodePart) -> str:
    high = code.share.high
    return "not found" + (f", at most {percent(high, code.share.n)}" if high is not None else "")


def _card(code: CodePart, content: Content) -> Card:
    return Card(
        blocks(
            Paragraph((words(code.definition),), "keywords") if code.definition else None,
            _facts(code, content.declared.coders),
            None if code.found else _missed(code),
            quotes(code.evidence, content.mode, 2),
        ),
        (words(code.name), *badge_mark(code), *(() if code.found else (" ", NOT_FOUND))),
        code.anchor,
    )


def _badge(badge: Badge) -> str:
    pooled = f", {badge.pooled}" if badge.pooled else ""
    return f"{badge.name}: {badge.why}" + (f"; {badge.score}{pooled}" if badge.score else "")


def _missed(code: CodePart) -> Paragraph:
    nearest = " The nearest miss, which does not carry the code:" if code.evidence else ""
    return paragraph(f"No paragraph of {count(code.share.n)} reached the threshold.{nearest}")


def _facts(code: CodePart, who: Coders) -> Facts:
    coders, machines = who.noun, who.kind == MACHINE
    has_children = code.own != code.share.hits
    return facts(
        fact("Share of unique paragraphs", f"{code.share.words}, {code.share.base}"),
        fact("Interval of sampling alone", Ranges(code.sampling)) if code.sampling else None,
        fact("Without its child codes", of(code.own, code.share.n)) if has_children else None,
        fact("Documents with at least one", code.documents),
        fact("Part of", words(code.parent)) if code.parent else None,
        fact("Decision", code.threshold, long=True),
        fact("Its paragraphs lie in", *_themes(code), long=True),
        fact("Most paragraphs come from", *origins(code.sources), long=True),
        fact("Over time", Ranges(code.trend.words), long=True) if code.found and code.trend.words else None,
        fact("Badge", Ranges(_badge(code.badge)), long=True) if code.badge else None,
        fact(f"Against the {coders}", Ranges(code.checks), long=True) if code.checks else None,
        fact(f"Refused by the {coders}", code.refused, long=True),
        fact("A sentence that carries it by itself", code.carried),
        fact(
            f"Corrected {'towards the machine coders' if machines else 'for coding error'}",
            Ranges(code.corrected),
            long=True,
        )
        if code.corrected
        else None,
    )


def _themes(code: CodePart) -> Inlines:
    anchors = [f"#theme-{theme}" if theme >= 0 else "#theme-none" for theme, _, _ in code.themes]
    named = [
        (Link((words(label),), anchor), f" ({base})")
        for (_, label, base), anchor in zip(code.themes, anchors, strict=True)
    ]
    return joined(named, "; ")


def crossing(content: Content) -> Section | None:
    """Codes and themes together; None unless the run has both."""
    if not (content.codes and content.real_themes):
        return None
    return Section(
        "crossing",
        "Codes and themes",
        "Codes and themes together",
        blocks(
            figure(content, "codes_themes"),
            Heading(("Candidates for the codebook",)),
            _candidates(content),
            figure(content, "cooccurrence"),
            _together(content),
        ),
    )


def _together(content: Content) -> Blocks:
    """Pairs of codes together more or less often than by chance, with the rule of their tests."""
    stated = content.rules["cooccurrence"]
    if not stated:
        return ()
    if not content.together:
        none = "No two codes can be said to be together more or less often than by chance."
        return (paragraph(f"{none} {stated}"), files("tables/cooccurrence.csv"))
    columns = [
        Column("Codes", width=5),
        Column("Together"),
        Column("Paragraphs with both", "number", width=2),
        Column("Times expected (95%)", "number", width=2),
        Column("Adjusted p", "number"),
    ]
    rows = [
        Row(
            (
                (words(pair.names[0]), " and ", words(pair.names[1])),
                (pair.verdict,),
                (pair.paragraphs,),
                (Ranges(pair.lift),),
                (pair.adjusted,),
            )
        )
        for pair in content.together
    ]
    shown = table("Codes together", columns, rows, ("Codes together more or less often than by chance",))
    return (paragraph(stated), shown, files("tables/cooccurrence.csv"))


def _candidates(content: Content) -> Blocks:
    """Themes that the codebook hardly covers, in their own words."""
    if not content.candidates:
        return (paragraph("None: in every theme at least a quarter of the unique paragraphs carry a code."),)
    columns = [Column("Theme", width=5), Column("Paragraphs with any code", "number")]
    rows = [
        Row(((Key(one.theme), Link((words(one.label),), f"#theme-{one.theme}")), (one.words,)))
        for one in content.candidates
    ]
    caption = ("Themes that the codebook hardly covers",)
    themes = {theme.theme: theme for theme in content.real_themes}
    shown = [themes[one.theme] for one in content.candidates if one.theme in themes and themes[one.theme].quotes]
    return blocks(
        paragraph(
            "In these themes fewer than a quarter of the unique paragraphs carry any code. If they matter to the "
            "question, the codebook lacks them."
        ),
        table("Candidates for the codebook", columns, rows, caption),
        *(
            blocks(
                Heading((Key(theme.theme), words(theme.label)), 4),
                quotes(theme.quotes[:2], content.mode, 2, theme.theme),
            )
            for theme in shown
        ),
        files("tables/codes.csv", "tables/themes.csv", "tables/exemplars.csv"),
    )

"""The codebook: a table of all codes, a card for each, and what themes it misses."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.codebook.badges import RULE, UNCHECKED
from toolkit.report.blocks import Blocks, Card, Column, Facts, Fold, Heading, Paragraph, Row, Section, Table
from toolkit.report.code_part import Badge, CodePart
from toolkit.report.content import Content
from toolkit.report.inlines import Inlines, Key, Link, Ranges, Tag, TrendLine
from toolkit.report.sections.badges import badge_mark
from toolkit.report.sections.claims import not_contradicted
from toolkit.report.sections.coders import also_coded
from toolkit.report.sections.pieces import (
    blocks,
    card_quotes,
    fact,
    facts,
    figure,
    files,
    fold,
    joined,
    of,
    origins,
    paragraph,
    quotes,
    small,
    table,
    words,
)
from toolkit.report.sections.themes import TRENDS, bar, drawn, in_brief, shares_of
from toolkit.schemas import MACHINE
from toolkit.text.format import count, percent, plural

NOT_FOUND = Tag("not found", "missing")
NO_PAIR = "No two codes clearly occur together more or less often than by chance."
MOST_PAIRS = 3


def codebook(content: Content) -> Section | None:
    """All codes in the order of the codebook; None without one."""
    if not content.codes:
        return None
    named = ("tables/codes.csv", "tables/prevalence.csv", "tables/thresholds.csv")
    codes, error = plural(len(content.codes), "code"), content.share_error
    return Section(
        "codes",
        "The codebook",
        "The codebook",
        blocks(
            Paragraph((_lead(content),), "lead"),
            tuple(_card(code, content) for code in content.codes),
            fold(
                f"All {codes} in one table: shares and documents" if len(content.codes) > 1 else
                "The code in a table: share and documents",
                _table(content),
                files(*named, *TRENDS[: bool(content.highest(content.codes))]),
            ),
            fold(
                "What the intervals and badges of codes mean",
                small(f"{error.short} {error.alone}") if error is not None else None,
                small(f"Badges. {RULE[:1].upper()}{RULE[1:]}.{_of_badges(content)}")
                if any(code.badge for code in content.codes) else None,
            ),
        ),
    )  # fmt: skip


def _lead(content: Content) -> str:
    """How paragraphs were coded, who else coded, and what all codes have in common."""
    error, threshold = content.share_error, _given(content)
    sentences = (
        "Each code was looked for in every paragraph; a paragraph may carry several codes or none.",
        f"All are {threshold[:1].lower()}{threshold[1:]}." if threshold else "",
        also_coded(content),
        error.brief if error is not None else "",
    )
    return " ".join(filter(None, sentences))


def _of_all(values: Iterable[str]) -> str:
    """What is the same for all codes, if there are several; else empty."""
    several = list(values)
    return several[0] if len(several) > 1 and len(set(several)) == 1 else ""


def _given(content: Content) -> str:
    """The threshold that all codes share, stated once; else empty."""
    return _of_all(code.threshold for code in content.codes)


def _unchecked(content: Content) -> str:
    """Why no code is checked, if the reason is the same for all, stated once; else empty."""
    return _of_all(_clause(code.badge) for code in content.codes)


def _clause(badge: Badge | None) -> str:
    """The first clause of the reason for a badge; empty unless the code is unchecked and the reason has several."""
    first, more, _ = badge.why.partition("; ") if badge is not None else ("", "", "")
    return first if badge is not None and badge.name == UNCHECKED and more else ""


def _pooled(content: Content) -> str:
    """The basis of the F1 of badges, if it is the same for all; else empty."""
    return _of_all(code.badge.pooled if code.badge else "" for code in content.codes)


def _of_badges(content: Content) -> str:
    """What the badges of all codes have in common."""
    why, pooled = _unchecked(content), _pooled(content)
    every = f" Every code is {UNCHECKED}: {why}." if why else ""
    return every + (f" The F1 beside each badge is {pooled}." if pooled else "")


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
                (bar(code.share, content), code.share.words) if code.occurs else (_at_most(code),),
                *([(TrendLine(code.trend, highest),)] if highest else []),
                (code.share.base,),
                (code.documents,),
            ),
            "" if code.occurs else "muted",
        )
        for code in content.codes
    ]
    caption = (f"Codes in the order of the codebook, {shares_of(content)}", *drawn(content, highest))
    return table("Codes with shares", columns, rows, caption, stacks=True)


def _at_most(code: CodePart) -> str:
    high = code.share.high
    return "not found" + (f", at most {percent(high, code.share.n)}" if high is not None else "")


def _card(code: CodePart, content: Content) -> Card:
    shown, rest, more = card_quotes(code.evidence, content.mode)
    share = code.share.words if code.occurs else _at_most(code)
    return Card(
        blocks(None if code.occurs else _missed(code), shown),
        (words(code.name), *badge_mark(code), *(() if code.occurs else (" ", NOT_FOUND))),
        code.anchor,
        in_brief(share, code.share, code.trend, content, content.codes),
        blocks(
            Paragraph((words(code.definition),), "keywords") if code.definition else None,
            _facts(code, content),
            rest,
        ),
        more,
    )


def _badge(badge: Badge, content: Content) -> str:
    """A badge and its reason, without what is the same for all codes."""
    pooled = f", {badge.pooled}" if badge.pooled and not _pooled(content) else ""
    clause = _unchecked(content)
    coders = f"against the {content.declared.coders.noun}"
    why = f"{badge.name}: {badge.why}"
    if clause:
        why = badge.why.removeprefix(f"{clause}; ").replace("against them", coders, 1)
    return why + (f"; {badge.score}{pooled}" if badge.score else "")


def _missed(code: CodePart) -> Paragraph:
    nearest = " The nearest miss, which does not carry the code:" if code.evidence else ""
    return paragraph(f"No paragraph of {count(code.share.n)} reached the threshold.{nearest}")


def _facts(code: CodePart, content: Content) -> Facts:
    who = content.declared.coders
    coders, machines = who.noun, who.kind == MACHINE
    has_children = code.hits_alone != code.share.hits
    return facts(
        fact("Share of unique paragraphs", f"{code.share.words}, {code.share.base}"),
        fact("Interval of sampling alone", Ranges(code.sampling)) if code.sampling else None,
        fact("Without its child codes", of(code.hits_alone, code.share.n)) if has_children else None,
        fact("Documents with at least one", code.documents),
        fact("Part of", words(code.parent)) if code.parent else None,
        None if _given(content) else fact("Decision", code.threshold, long=True),
        fact("Themes of its paragraphs", *_themes(code), long=True),
        fact("Most paragraphs come from", *origins(code.sources), long=True),
        fact("Over time", Ranges(code.trend.words), long=True) if code.occurs and code.trend.words else None,
        fact("Badge", Ranges(_badge(code.badge, content)), long=True) if code.badge else None,
        fact(f"Against the {coders}", Ranges(code.checks), long=True) if code.checks else None,
        fact(f"Refused by the {coders}", code.refused, long=True),
        fact("A sentence that carries it alone", code.carried),
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
            _covered(content),
            _candidates(content),
            _pairs(content),
            fold("Codes that occur together in paragraphs, as a figure and as tests",
                 figure(content, "cooccurrence"), _together(content)),
        ),
    )  # fmt: skip


def _covered(content: Content) -> Paragraph:
    """Which themes the codebook hardly covers, in a sentence."""
    missed = content.candidates
    if not missed:
        return paragraph("In every theme at least a quarter of the unique paragraphs carry a code of the codebook.")
    named = joined(
        [
            (Link((words(f"“{candidate.label}”"),), f"#theme-{candidate.theme}"), f" ({candidate.words})")
            for candidate in missed
        ]
    )
    which = "In one theme" if len(missed) == 1 else f"In {plural(len(missed), 'theme')}"
    return paragraph(f"{which} fewer than a quarter of the unique paragraphs carry any code: ", *named, ".")


def _pairs(content: Content) -> Paragraph | None:
    """Which codes are together more or less often than by chance, in a sentence."""
    if not content.rules["cooccurrence"]:
        return None
    apart = not_contradicted(content, ("together",), [frozenset(pair.names) for pair in content.together])
    if not content.together:
        return paragraph(f"{NO_PAIR} {apart}".strip())
    pairs = [
        (words(pair.names[0]), " and ", words(pair.names[1]), f" ({pair.verdict}: {pair.paragraphs}; ",
         Ranges(f"{pair.lift} times as many as expected"), f", adjusted p {pair.adjusted})")
        for pair in content.together
    ]  # fmt: skip
    return paragraph("Together more or less often than by chance: ", *joined(pairs[:MOST_PAIRS], "; "),
                     f"; {count(len(pairs) - MOST_PAIRS)} more pairs are in the table." if len(pairs) > MOST_PAIRS
                     else ".", f" {apart}" * bool(apart))  # fmt: skip


def _together(content: Content) -> Blocks:
    """Pairs of codes together more or less often than by chance, with the rule of their tests."""
    stated = content.rules["cooccurrence"]
    if not stated:
        return ()
    if not content.together:
        return (paragraph(stated), files("tables/cooccurrence.csv"))
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


def _candidates(content: Content) -> Fold | None:
    """Themes that the codebook hardly covers, in their own words."""
    if not content.candidates:
        return None
    columns = [Column("Theme", width=5), Column("Paragraphs with any code", "number")]
    rows = [
        Row(((Key(candidate.theme), Link((words(candidate.label),), f"#theme-{candidate.theme}")), (candidate.words,)))
        for candidate in content.candidates
    ]
    caption = ("Themes that the codebook hardly covers",)
    themes = {theme.theme: theme for theme in content.real_themes}
    shown = [
        themes[candidate.theme]
        for candidate in content.candidates
        if candidate.theme in themes and themes[candidate.theme].quotes
    ]
    return fold(
        f"Candidates for the codebook: {plural(len(content.candidates), 'theme')} in their own words",
        paragraph(
            "In these themes fewer than a quarter of the unique paragraphs carry any code. If they matter to the "
            "question, the codebook lacks them."
        ),
        table("Candidates for the codebook", columns, rows, caption),
        *(
            blocks(
                Heading((Key(theme.theme), words(theme.label))),
                quotes(theme.quotes[:2], content.mode, 2, theme.theme),
            )
            for theme in shown
        ),
        files("tables/codes.csv", "tables/themes.csv", "tables/exemplars.csv"),
    )

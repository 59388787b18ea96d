"""The themes found: a table of all, and a card for each."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.report.blocks import Card, Column, Facts, Fold, OnlyIn, Paragraph, Row, Section, Table
from toolkit.report.code_part import CodePart
from toolkit.report.content import Content
from toolkit.report.inlines import (
    MARKDOWN,
    PAGE,
    PAPER,
    Bar,
    Detail,
    Inlines,
    Key,
    Link,
    Only,
    Ranges,
    Strong,
    TrendLine,
)
from toolkit.report.mostly_part import Mostly
from toolkit.report.sections.badges import badge_mark, is_weak
from toolkit.report.sections.decisions import by_people, of_people, what_people_changed
from toolkit.report.sections.pieces import (
    FRAGILE,
    blocks,
    card_quotes,
    fact,
    facts,
    figure,
    files,
    fold,
    of,
    origins,
    small,
    table,
    words,
)
from toolkit.report.spread import NO_TREND, Trend
from toolkit.report.theme_part import Share, ThemePart
from toolkit.text.format import count, percent, plural

TRENDS = ("tables/trends.csv",)
STABILITY = "A stability of 1 means that a theme came back whole every time the corpus was resampled."


def themes(content: Content) -> Section | None:
    """All themes, the largest first; of a run without any the decisions of people, and None if it has none."""
    if not content.real_themes:
        decisions = what_people_changed(content)
        return Section("themes", "Themes found", "Themes found", decisions) if decisions else None
    listed = plural(len(content.real_themes), "theme")
    trends = TRENDS[: bool(content.highest(content.real_themes))]
    return Section(
        "themes",
        "Themes found",
        "Themes found",
        blocks(
            Paragraph((_lead(content),), "lead"),
            what_people_changed(content),
            _of_seeds(content),
            tuple(_card(theme, content) for theme in content.themes),
            fold(
                f"All {listed} in one table: shares, documents, stability" if len(content.real_themes) > 1 else
                "The theme in a table: share, documents, stability",
                _table(content),
                small(STABILITY),
                None if content.noise else _outside(content),
                OnlyIn(MARKDOWN, (figure(content, "prevalence"),)),
                files("tables/themes.csv", "tables/prevalence.csv", *trends, "tables/exemplars.csv",
                      "tables/paragraphs.csv"),
            ),
            _tree(content),
        ),
    )  # fmt: skip


def _lead(content: Content) -> str:
    """What themes are, and what the numbers beside each of them are."""
    apart = ", found without the codebook" if content.codes else ""
    drawn = " and its interval"
    if content.highest(content.real_themes) and content.span is not None:
        drawn = f", its interval and its course from {content.span[0]} to {content.span[1]}"
    return (
        f"Themes are groups of paragraphs that are similar in meaning{apart}. Beside each: its share of "
        f"{count(content.corpus.unique)} unique paragraphs{drawn}."
    )


def _tree(content: Content) -> Fold | None:
    """How themes are parts of broader ones; None if the run has no broader ones."""
    shown = content.figures["hierarchy"]
    return None if shown.reason else fold(f"{shown.title}, as a figure", figure(content, "hierarchy"))


def _of_seeds(content: Content) -> Paragraph | None:
    """What another seed changes, and what that does to the intervals."""
    seeds = content.seeds
    if seeds is None:
        return None
    if seeds.moved is None:
        return Paragraph((f"{seeds.sentence} Intervals of shares are of these themes as they are.",))
    gone = sum("other seeds" in theme.share.why for theme in content.real_themes)
    verbs = ("does", "has") if gone == 1 else ("do", "have")
    none = f"; {plural(gone, 'theme')} that {verbs[0]} not return with most of the seeds {verbs[1]} none"
    return small(f"{seeds.sentence} The intervals of the shares below count this{none * bool(gone)}.")


def _table(content: Content) -> Table:
    highest = content.highest(content.real_themes)
    survey = any(theme.respondents for theme in content.themes)
    columns = [
        Column("Theme", width=5),
        Column("Share (95% interval)", "share"),
        *([Column("Of respondents (95%)", "number", name="of respondents")] if survey else []),
        *([Column("Over time", "trend", width=2)] if highest else []),
        Column("Paragraphs", "number", unit="paragraphs"),
        Column("Documents", "number", unit="documents"),
        Column("Stability (95%)", "number", name="stability"),
    ]
    rows = [
        Row(
            (
                (
                    Key(theme.theme),
                    Link((words(theme.label),), f"#{theme.anchor}"),
                    *_mark(theme),
                    *_carries(theme, content),
                ),
                (bar(theme.share, content), theme.share.words),
                *([(theme.respondents.words if theme.respondents else "–",)] if survey else []),
                *([(TrendLine(theme.trend, highest),)] if highest else []),
                (theme.share.base,),
                (of(theme.documents, theme.documents_total),),
                (theme.stability,),
            ),
            "muted" if theme.theme < 0 else "",
        )
        for theme in content.themes
    ]
    caption = (f"Themes by size, {shares_of(content)}{_of_codes(content)}", *drawn(content, highest))
    return table("Themes with shares", columns, rows, caption, stacks=True)


def _mark(theme: ThemePart) -> Inlines:
    return (" ", FRAGILE) if theme.fragile else ()


def _carries(theme: ThemePart, content: Content) -> Inlines:
    """The code that a theme mostly carries: on a line of its own in the page, after a semicolon elsewhere."""
    if theme.mostly is None:
        return ()
    phrase = _mostly(theme.mostly, content)
    return (Only(PAGE, (Detail(phrase),)), Only(PAPER, ("; ", *phrase)))


def _mostly(mostly: Mostly, content: Content, full: bool = False) -> Inlines:
    """mostly: Finance and risk, 65% of 74 (54–76%), with the code's badge if it is weak.

    In full: with any badge, and with the reason if there is no interval.
    """
    name, share = (words(mostly.name),), Ranges(mostly.reasoned if full else mostly.share)
    if mostly.index is None or not content.codes:
        return ("mostly: ", *name, ", ", share)
    code = content.codes[mostly.index]
    mark = badge_mark(code) if full or is_weak(code) else ()
    return ("mostly: ", Link(name, f"#{code.anchor}"), ", ", share, *mark)


def _of_codes(content: Content) -> str:
    """What the codes beside the themes are; nothing if no theme has one."""
    if all(theme.mostly is None for theme in content.themes):
        return ""
    return (
        "; mostly: the code that this run gives to the largest part of a theme's paragraphs, if at least a third and "
        "more than by chance"
    )


def bar(share: Share, content: Content) -> Bar:
    """A share as a bar, on the one scale of all themes and codes."""
    return Bar(share.estimate, share.low, share.high, content.top)


def shares_of(content: Content) -> str:
    """What the shares of a table are out of."""
    return f"with shares of {count(content.corpus.unique)} unique paragraphs; documents: unique ones with at least one"


def drawn(content: Content, highest: float) -> Inlines:
    """What the lines of the page's table show; nothing if it has none."""
    if not highest or content.span is None:
        return ()
    first, last = content.span
    stated = content.rules["trends"]
    rule: Inlines = (f". {stated}",) if stated else ()
    scale = f"; lines show the share from {first} to {last}, all on one scale up to {percent(highest)}"
    return (Only(PAGE, (scale,)), *rule)


def _card(theme: ThemePart, content: Content) -> Card:
    shown, rest, more = card_quotes(theme.quotes, content.mode, theme.theme)
    return Card(
        blocks(shown),
        (Key(theme.theme), words(theme.label), *_mark(theme)),
        theme.anchor,
        _brief(theme, content),
        blocks(
            Paragraph((words(", ".join(theme.keywords)),), "keywords") if theme.keywords else None,
            small(*_mostly(theme.mostly, content, full=True)) if theme.mostly else None,
            _facts(theme),
            _outside(content) if theme.theme < 0 else None,
            _of_noise(content) if theme.theme < 0 else None,
            rest,
        ),
        more,
    )


def _brief(theme: ThemePart, content: Content) -> Inlines:
    """A theme in a line: its share as bar and in words, its course over time, what it is out of."""
    people = theme.respondents
    of_people: Inlines = (Detail((f"of respondents {people.words}",)),) if people else ()
    return (*in_brief(theme.share.words, theme.share, theme.trend, content, content.real_themes), *of_people)


def in_brief(
    number: str, share: Share, trend: Trend, content: Content, parts: Sequence[ThemePart | CodePart]
) -> Inlines:
    """A share as bar, in words and over time, with what it is out of; a trend that is not clear is drawn alone."""
    highest = content.highest(parts)
    clear = trend.way not in ("", NO_TREND)
    line: Inlines = (Only(PAGE, (TrendLine(trend, highest),)),) if highest else ()
    way: Inlines = (Only(PAPER, (f", {trend.way}",)),) if clear else ()
    return (bar(share, content), Strong((Ranges(number),)), *line, f" {share.base}", *way)


def _outside(content: Content) -> Paragraph | None:
    """How many paragraphs are in no theme, and by which rule they were left out."""
    if content.noise is None:
        return small(content.left_out_note) if content.left_out_note else None
    share = content.noise.share
    count_outside = (
        f"{share.base} unique paragraphs ({percent(share.estimate, share.n)}) are in no theme{by_people(content)}."
    )
    return small(f"{count_outside} {content.left_out_note}".strip())


def _of_noise(content: Content) -> Paragraph:
    """What is done with paragraphs in no theme, and how many of them were not read at all."""
    unread = content.corpus.unread
    of_unread = f" {count(unread)} of them cannot be read by the model (see The corpus)." if unread else ""
    return small(f"These paragraphs stay in every denominator. They are not forced into a theme.{of_unread}")


def _facts(theme: ThemePart) -> Facts:
    alone = "; fragile: draw no conclusion from it alone" if theme.fragile else ""
    people = theme.respondents
    again = f"; {theme.people.stability}" if theme.people and theme.people.stability else ""
    return facts(
        fact("Share of respondents", f"{people.words}, {people.base}") if people else None,
        fact("Share of unique paragraphs", theme.share.full),
        fact("Documents with at least one", of(theme.documents, theme.documents_total)),
        fact("Without paragraphs that had no theme and were given the nearest", theme.without_reassigned),
        fact("As published, copies counted", theme.published),
        fact("Stability", theme.stability + again + alone) if theme.theme >= 0 else None,
        fact("Return with another seed (Jaccard)", theme.returns) if theme.returns else None,
        fact("Coherence of its keywords (NPMI)", Ranges(theme.coherence)) if theme.coherence else None,
        *of_people(theme),
        fact("Part of", words(theme.parent)) if theme.parent else None,
        fact("Most paragraphs come from", *origins(theme.sources), long=True),
        fact("Over time", Ranges(theme.trend.words), long=True) if theme.trend.words else None,
    )

"""The run in a handful of sentences, each with its numbers and what they are out of; and the map."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.report.blocks import Explorer, LegendEntry, OnlyIn, Paragraph, Section
from toolkit.report.code_part import CodePart
from toolkit.report.content import Content
from toolkit.report.inlines import PAGE, PAPER, File, Inlines, Link
from toolkit.report.sections.pieces import blocks, figure, joined, words
from toolkit.report.spread import NO_SOURCE
from toolkit.report.theme_part import Share, ThemePart
from toolkit.run_folder.reader import WARNING_BADGES
from toolkit.schemas import MACHINE
from toolkit.text.format import count, interval, listed, one_line, percent, plural
from toolkit.text.ties import leading, quantified


def of_the_run(content: Content) -> Iterator[Inlines]:
    """What was read and found, sentence by sentence, each with its numbers and what they are out of."""
    yield from _of_the_corpus(content)
    yield from _of_themes(content)
    yield from _of_decisions(content)
    yield from _of_codes(content)


def _not_shown(content: Content) -> Inlines:
    return (" Words of the corpus are not shown in this report.",) if content.mode == "none" else ()


def _of_the_corpus(content: Content) -> Iterator[Inlines]:
    corpus = content.corpus
    dated = ""
    if corpus.first and corpus.first != corpus.last:
        span = f"dated {corpus.first} to {corpus.last}"
        dated = f", {count(corpus.documents - corpus.undated)} of them {span}," if corpus.undated else f" {span}"
    unique = "all unique." if corpus.unique == corpus.paragraphs else f"{count(corpus.unique)} of them unique."
    yield (f"{plural(corpus.documents, 'document')}{dated} contain {plural(corpus.paragraphs, 'paragraph')}, {unique}",)


def _of_themes(content: Content) -> Iterator[Inlines]:
    themes = content.real_themes
    if not themes:
        return  # the findings state why there is none
    survey = themes[0].respondents is not None
    ranked = [(_theme(theme), theme.respondents or theme.share, "") for theme in themes]
    ranked.sort(key=lambda entry: -(entry[1].estimate or 0))
    top, _ = _ranked(ranked, "with", "theme")
    base = f"all {plural(ranked[0][1].n, 'respondent')}" if survey else "unique paragraphs"
    largest = "the largest are " if len(themes) > 1 else "the largest is "
    they = "The others" if content.corpus.unread else "They"
    yield (
        f"{they} fall into {plural(len(themes), 'theme')}; {largest}",
        *top,
        f" of {base} (95% intervals).",
    )
    if content.evidence:
        yield (content.evidence,)
    means = sorted((theme.stability.split()[0] for theme in themes if theme.stability[:1].isdigit()), key=float)
    if means:
        fragile = sum(theme.fragile for theme in themes)
        ends = means[0] if means[0] == means[-1] else f"{means[0]} to {means[-1]}"
        marked = f"{count(fragile)} of {count(len(themes))} {'is' if fragile == 1 else 'are'} marked fragile"
        bound = f" ({content.fragile_bound})" if fragile and content.fragile_bound else ""
        yield (f"Stability under resampling is {ends} (1 would be perfect); {marked}{bound}.",)
    if content.noise is not None:
        belong = "belongs" if content.noise.share.hits == 1 else "belong"
        yield (f"{content.noise.share.base} paragraphs {belong} to no theme.",)


def _of_decisions(content: Content) -> Iterator[Inlines]:
    """Whether people edited the themes, and what of their decisions could not be applied."""
    part = content.decisions
    if part is not None:
        yield (words(part.edited),)
        if part.conflicts:
            yield (f"{part.conflicts.partition(':')[0]}, see ", File("tables/decisions.csv"), ".")


def why_none(content: Content) -> str:
    """Why a run claims no theme, in the words of its own note if it has one."""
    people = content.noise.people if content.noise else None
    if people and people.changed:
        return f"No theme is left: people put {count(people.changed)} of {count(people.n)} unique paragraphs into none."
    reason = one_line(content.discovery_note.split(": no themes")[0]).rstrip(".")
    if reason.startswith("No theme"):
        return f"{reason}."
    reason = reason.replace("The corpus", "the corpus", 1) or (
        f"{plural(content.corpus.unique, 'unique paragraph')} are too few, or too much alike, for groups that would "
        "come back in another sample"
    )
    return f"No theme is claimed: {reason}."


def _of_codes(content: Content) -> Iterator[Inlines]:
    codes = content.codes
    if not codes:
        return
    present = sorted(
        (code for code in codes if code.occurs), key=lambda code: (-(code.share.estimate or 0), code.index)
    )
    were = "was" if len(present) == 1 else "were"
    sentence: Inlines = (f"Of {plural(len(codes), 'code')} in the codebook {count(len(present))} {were} found",)
    named = 0
    if present:
        top, named = _ranked([(_code(code), code.share, _warned(code)) for code in present], "in", "code")
        sentence += (", most often ", *top, f" of {plural(present[0].share.n, 'paragraph')}")
    missing = [(words(code.name),) for code in codes if not code.occurs]
    yield (*sentence, "; not found: ", *joined(missing, last=" and "), ".") if missing else (*sentence, ".")
    if content.share_error is not None:
        yield (content.share_error.short,)
    yield from _of_checks(content, present[:named])
    missed = content.candidates
    if missed:
        names = joined(
            [(Link((words(f"“{candidate.label}”"),), f"#theme-{candidate.theme}"),) for candidate in missed[:3]],
            last=" and ",
        )
        verb, which = "is" if len(missed) == 1 else "are", ", among them " if len(missed) > 3 else ": "
        yield (f"{plural(len(missed), 'theme')} {verb} hardly covered by any code{which}", *names, ".")


def _of_checks(content: Content, named: list[CodePart]) -> Iterator[Inlines]:
    """How far the machine and the coders agree, and what the most frequent shares are without its errors."""
    corrected = [code.corrected for code in named]
    human = content.human
    if human is None or not human.f1:
        return
    by = f"{plural(human.paragraphs, 'paragraph')} that {content.declared.coders.counted} coded"
    checked = f"Compared with {by}, the coding has an F1 of {human.f1}"
    if named and all(corrected):
        these = "these shares are" if len(corrected) > 1 else "this share is"
        how = "towards these coders" if content.declared.coders.kind == MACHINE else "for its errors"
        checked += f"; corrected {how} {these} {listed(corrected)}"
    yield (f"{checked}.",)


def _ranked(ranked: list[tuple[Link, Share, str]], link: str, kind: str) -> tuple[Inlines, int]:
    """The first of a ranking by share, and how many are named; what prints the same share is named together.

    Each comes with what the reader must know of it, or nothing.
    “A” with 14% (8–23%), then “B” and “C”, both with 12% (7–20% and 7–19%).
    """
    groups, more = leading(ranked, lambda entry: percent(entry[1].estimate, entry[1].n))
    parts: list[Inlines] = []
    for group in groups:
        share = group[0][1]
        if len(group) == 1:
            parts.append((group[0][0], f" {link} {share.words}{group[0][2]}"))
            continue
        names = joined([(name, warning) for name, _, warning in group], last=" and ")
        ends = listed([interval(entry.low, entry.high, entry.n) or "no interval" for _, entry, _ in group])
        parts.append((*names, f", {quantified(group)}{link} {percent(share.estimate, share.n)} ({ends})"))
    if more:
        shared = percent(more[0][1].estimate, more[0][1].n)
        parts.append((f"{count(len(more))} {'further ' * bool(groups)}{kind}s {link} {shared} each",))
    return joined(parts, ", then "), sum(map(len, groups))


def _warned(code: CodePart) -> str:
    """What a reader has to know of a code before its share is read: that its coding is weak or uncertain."""
    badge = code.badge
    if badge is None or (badge.by_machines or badge.name) not in WARNING_BADGES:
        return ""
    score, by = badge.score.replace(" (", ", ").replace(")", ""), " against machines" * bool(badge.by_machines)
    return f" ({badge.by_machines or badge.name}{by}: {score or badge.why})"


def _theme(theme: ThemePart) -> Link:
    return Link((words(f"“{theme.label}”"),), f"#{theme.anchor}")


def _code(code: CodePart) -> Link:
    return Link((words(code.name),), f"#{code.anchor}")


def theme_map(content: Content) -> Section | None:
    """The map, which the page lets a reader search."""
    if not content.mapped:
        return None
    lead = Paragraph(("Every point is a paragraph. Nearby points are similar in meaning.",), "lead")
    return Section(
        "map",
        "Map",
        "Map",
        blocks(lead, OnlyIn(PAGE, (_explorer(content),)), OnlyIn(PAPER, (figure(content, "map"),))),
    )


def _explorer(content: Content) -> Explorer:
    seen = content.explorer
    files: Inlines = (" Data: ", File("tables/paragraphs.csv"), "; as a figure: ", File("figures/map.svg"), ".")
    caption = f"{plural(seen.total, 'unique paragraph')}. Nearby points are similar in meaning; large distances mean "
    caption += "little."
    if seen.shown < seen.total:
        caption += f" Print, and the page without JavaScript, show {count(seen.shown)}, every theme in proportion."
    return Explorer(
        drawing=seen.figure,
        caption=(caption, *files, *_not_shown(content)),
        legend=tuple(LegendEntry(theme.theme, theme.label, count(theme.share.hits)) for theme in content.themes),
        codes=tuple((code.index, code.name) for code in content.codes),
        sources=tuple(row.name for row in content.corpus.sources if row.name != NO_SOURCE),
        years=_years(content),
        ways=seen.ways,
        words=content.mode != "none",
    )


def _years(content: Content) -> tuple[str, ...]:
    first, last = content.corpus.first[:4], content.corpus.last[:4]
    if not (first.isdigit() and last.isdigit()) or int(last) - int(first) > 200:
        return ()
    return tuple(str(year) for year in range(int(first), int(last) + 1))

"""The findings that a report opens with, as values: claims answered, and what the rules choose without claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from toolkit.codebook.badges import UNCERTAIN, UNCHECKED, WEAK
from toolkit.estimate.verdicts import MORE
from toolkit.figures import RunTables
from toolkit.figures.answer import CLEAR, in_order, rank_of
from toolkit.figures.fragile import evidence_grade
from toolkit.report.code_part import CodePart
from toolkit.report.theme_part import NOT_MEASURED, Share, ThemePart
from toolkit.report.verdicts import verdict_of
from toolkit.text.format import name_of, one_line, percent
from toolkit.text.ties import is_apart, leading

MOST, FEWEST = 5, 3
"""Findings shown, and the number that the rules fill up to if a study has fewer claims."""
Standing = Literal["sound", "uncertain", "unmeasured", "unchecked", "fragile", "weak", "open"]
STANDINGS: tuple[Standing, ...] = ("sound", "uncertain", "unmeasured", "unchecked", "fragile", "weak", "open")
"""How far a finding can be trusted, the best first."""
PARAGRAPH = "paragraph"


@dataclass(frozen=True)
class Subject:
    """A theme or a code that a finding is about: its name, its anchor in the page, how far it can be trusted."""

    kind: Literal["theme", "code"]
    name: str
    anchor: str
    standing: Standing


@dataclass(frozen=True)
class Claimed:
    """A claim with its answer; `rank` is 0 if it holds, 1 if the contrary does, 2 if neither can be told."""

    number: int
    kind: str
    rank: int
    text: str
    reason: str
    subjects: tuple[Subject, ...]
    standing: Standing
    by_nobody: bool  # whether it has an answer by codes that no person checked
    unit: str
    estimate: float | None
    low: float | None
    high: float | None
    first: float | None
    second: float | None
    value: float | None  # what it is compared with: no difference, as many as by chance, a share
    n: int
    n_second: int
    numbers: str


@dataclass(frozen=True)
class Largest:
    """The theme or code with the largest share, or those among which the largest is; `tied` are too many to name."""

    kind: Literal["theme", "code"]
    of: int
    alone: bool
    top: tuple[tuple[Subject, Share], ...]
    tied: int
    respondents: bool
    standing: Standing


@dataclass(frozen=True)
class Differs:
    """A clear difference of shares between a group and others; the two shares are None if the run gives them not."""

    subject: Subject
    group: str
    versus: str
    first: float | None
    difference: float
    low: float
    high: float
    n: int
    n_second: int
    p: float | None
    tested: int

    @property
    def standing(self) -> Standing:
        """How far it can be trusted: as far as its theme or code."""
        return self.subject.standing


@dataclass(frozen=True)
class Moved:
    """A share that clearly rises or falls; `ends` are the shares of the first and the last period in words."""

    subject: Subject
    slope: float
    low: float
    high: float
    ends: str
    p: float | None
    tested: int

    @property
    def standing(self) -> Standing:
        """How far it can be trusted: as far as its theme or code."""
        return self.subject.standing


@dataclass(frozen=True)
class GoTogether:
    """Two codes that share more paragraphs than by chance."""

    subjects: tuple[Subject, Subject]
    both: int
    expected: float
    lift: float
    low: float
    high: float
    n: int
    p: float | None
    tested: int

    @property
    def standing(self) -> Standing:
        """How far it can be trusted: as far as the worse of its codes."""
        return worst(self.subjects)


@dataclass(frozen=True)
class NothingClear:
    """Tests of which none is clear: table of tests -> how many."""

    tested: tuple[tuple[str, int], ...]
    standing: Standing = "open"


Chosen = Largest | Differs | Moved | GoTogether | NothingClear


@dataclass(frozen=True)
class FindingsPart:
    """The claims with an answer first, and what the rules chose; `grade` is that of the themes (None: not graded)."""

    claims: tuple[Claimed, ...]
    chosen: tuple[Chosen, ...]
    grade: int | None

    @property
    def shown(self) -> tuple[Claimed, ...]:
        """The claims that the first screen has room for."""
        return self.claims[:MOST]


def findings_part(tables: RunTables, themes: Sequence[ThemePart], codes: Sequence[CodePart]) -> FindingsPart:
    """What a report opens with, from the tables of the run alone."""
    grade = evidence_grade(tables)
    subjects = {("theme", str(theme.theme)): _theme(theme, grade) for theme in themes if theme.theme >= 0}
    subjects |= {("code", code.code): _code(code) for code in codes}
    claims = tuple(_claimed(row, subjects) for row in in_order(tables.rows("claims")))
    chosen: tuple[Chosen, ...] = ()
    if len(claims) < FEWEST:
        chosen = tuple(_chosen(tables, themes, codes, subjects, grade))[: (FEWEST if claims else MOST) - len(claims)]
    return FindingsPart(claims, chosen, grade)


def worst(subjects: Iterable[Subject]) -> Standing:
    """The worst standing of several; sound for none."""
    return max((subject.standing for subject in subjects), key=STANDINGS.index, default="sound")


def _theme(theme: ThemePart, grade: int | None) -> Subject:
    """A theme is sound if it was found again in resampled corpora and with other seeds, beyond what chance gives."""
    standing: Standing = "sound"
    if theme.stability == NOT_MEASURED or grade is None:
        standing = "unmeasured"
    if theme.fragile or theme.share.why or (grade is not None and grade < CLEAR):
        standing = "fragile"
    return Subject("theme", theme.label, theme.anchor, standing)


def _code(code: CodePart) -> Subject:
    return Subject("code", code.name, code.anchor, _standing(code))


def _standing(code: CodePart) -> Standing:
    badge = code.badge
    if badge is None:
        return "unchecked"
    if WEAK in (badge.name, badge.by_machines):
        return "weak"
    return "unchecked" if badge.name == UNCHECKED else "uncertain" if badge.name == UNCERTAIN else "sound"


def _claimed(row: Mapping[str, Any], subjects: Mapping[tuple[str, str], Subject]) -> Claimed:
    verdict, rank = one_line(row["verdict"]), rank_of(str(row["verdict"]))
    named = (subjects.get(("code", one_line(code))) for code in (row["code"], row["other"]) if code)
    about = tuple(subject for subject in named if subject is not None)
    return Claimed(
        number=int(row["claim"]),
        kind=row["kind"],
        rank=rank,
        text=one_line(row["text"]),
        reason=one_line(row["reason"]),
        subjects=about,
        standing=_of_verdict(verdict, rank, about),
        by_nobody=rank < 2 and UNCHECKED in verdict,
        unit=row["unit"] or PARAGRAPH,
        estimate=row["estimate"],
        low=row["low"],
        high=row["high"],
        first=row["first"],
        second=row["second"],
        value=row["chance"],
        n=int(row["n"] or 0),
        n_second=int(row["n_second"] or 0),
        numbers=one_line(row["numbers"]),
    )


def _of_verdict(verdict: str, rank: int, about: Sequence[Subject]) -> Standing:
    """How far an answer can be trusted: by its verdict and, if the codes decide, by the worst of them.

    The verdict names one badge for all of its codes; a verdict by checked or corrected codes names none.
    """
    if rank == 2:
        return "open"
    warnings: tuple[Standing, ...] = ("weak", "unchecked", "uncertain")
    standing_said: Standing = next((standing for standing in warnings if standing in verdict), "sound")
    return "weak" if standing_said != "sound" and worst(about) == "weak" else standing_said


def _chosen(
    tables: RunTables,
    themes: Sequence[ThemePart],
    codes: Sequence[CodePart],
    subjects: Mapping[tuple[str, str], Subject],
    grade: int | None,
) -> Iterable[Chosen]:
    """The largest theme or code, differences, trends and pairs, and which of the last three are not clear."""
    of_themes = [
        (subjects["theme", str(finding.theme)], finding.respondents or finding.share)
        for finding in themes
        if finding.theme >= 0
    ]
    of_codes = [(subjects["code", finding.code], finding.share) for finding in codes if finding.occurs]
    survey = any(theme.respondents is not None for theme in themes)
    largest = [_largest("theme", of_themes, survey), _largest("code", of_codes, False)]
    if grade is not None and grade < CLEAR:
        largest.reverse()
    yield from (finding for finding in largest if finding is not None)
    clear = [
        _best(_differences(tables, subjects), lambda finding: -abs(finding.difference)),
        _best(_moves(tables, subjects), lambda finding: -abs(finding.slope)),
        _best(_pairs(tables, subjects), lambda finding: -finding.both),
    ]
    yield from (finding for finding in clear if finding is not None)
    names = ("contrasts", "trends", "cooccurrence")
    none = [name for name, finding in zip(names, clear, strict=True) if finding is None]
    tested = [(name, max((row.get("tested") or 0 for row in tables.rows(name)), default=0)) for name in none]
    if any(number for _, number in tested):
        yield NothingClear(tuple((name, int(number)) for name, number in tested if number))


def _largest(
    kind: Literal["theme", "code"], shares: Sequence[tuple[Subject, Share]], respondents: bool
) -> Largest | None:
    ranked = sorted(shares, key=lambda entry: -(entry[1].estimate or 0.0))
    if not ranked or not ranked[0][1].estimate:
        return None
    ends = [(share.low, share.high) for _, share in ranked]
    alone = len(ranked) == 1 or is_apart(ends[0], ends[1:])
    groups, more = leading(ranked, lambda entry: percent(entry[1].estimate, entry[1].n))
    top = tuple(ranked[:1] if alone else [entry for group in groups for entry in group])
    named = top or tuple(more)
    return Largest(
        kind, len(ranked), alone, top, 0 if top else len(more), respondents, worst(entry for entry, _ in named)
    )


def _best(findings: Iterable[Any], size: Any) -> Any:
    """The best supported, and of these the largest; of equal ones the first of the table."""
    return min(findings, key=lambda finding: (STANDINGS.index(finding.standing), size(finding)), default=None)


def _differences(tables: RunTables, subjects: Mapping[tuple[str, str], Subject]) -> Iterable[Differs]:
    shares: dict[tuple[str, ...], float] = {}
    rows = [row for row in tables.rows("contrasts") if row.get("unit") == PARAGRAPH and verdict_of(row)]
    for kind, column in sorted({(row["kind"], row["group_by"]) for row in rows}):
        shares |= {
            (kind, share["id"], column, share["group"]): share["estimate"] for share in tables.shares(kind, column)
        }
    for row in rows:
        subject = subjects.get((row["kind"], one_line(row["id"])))
        if subject is None:
            continue
        yield Differs(
            subject=subject,
            group=name_of(row["group"]),
            versus=name_of(row["versus"]),
            first=shares.get((row["kind"], row["id"], row["group_by"], row["group"])),
            difference=row["difference"],
            low=row["low"],
            high=row["high"],
            n=int(row["n"]),
            n_second=int(row["n_versus"]),
            p=row["p_adjusted"],
            tested=int(row.get("tested") or 0),
        )


def _moves(tables: RunTables, subjects: Mapping[tuple[str, str], Subject]) -> Iterable[Moved]:
    rows = tables.rows("trends")
    slopes = [row for row in rows if row["unit"] == PARAGRAPH and not str(row["period"])[:4].isdigit()]
    for row in slopes:
        subject = subjects.get((row["kind"], one_line(row["id"])))
        if subject is None or row.get("p_adjusted") is None or not verdict_of(row):
            continue
        of_subject = [
            point
            for point in rows
            if (point["kind"], point["id"], point["unit"]) == (row["kind"], row["id"], PARAGRAPH)
        ]
        dated = [point for point in of_subject if str(point["period"])[:4].isdigit()]
        points = sorted(
            (point for point in dated if point["estimate"] is not None), key=lambda point: str(point["period"])
        )
        ends = [(point["estimate"], point["n"], one_line(point["period"])) for point in (points[:1] + points[-1:])]
        if len(ends) == 2 and (ends[1][0] - ends[0][0]) * row["estimate"] <= 0:  # the course between them decides
            ends = []
        yield Moved(subject, row["estimate"], row["low"], row["high"], _ends(ends), row["p_adjusted"],
                    int(row.get("tested") or 0))  # fmt: skip


def _ends(ends: Sequence[tuple[float, int, str]]) -> str:
    """From 0% of 30 paragraphs in 2024-Q1 to 9% of 33 in 2026-Q2; empty without two periods."""
    if len(ends) < 2:
        return ""
    (first_share, n_first, first), (last_share, n_last, last) = ends
    begin = f"from {percent(first_share, n_first)} of {n_first:,} paragraphs in {first}"
    return f"{begin} to {percent(last_share, n_last)} of {n_last:,} in {last}"


def _pairs(tables: RunTables, subjects: Mapping[tuple[str, str], Subject]) -> Iterable[GoTogether]:
    for row in tables.rows("cooccurrence"):
        first, second = (subjects.get(("code", one_line(row[end]))) for end in ("code_a", "code_b"))
        if row.get("lift") is None or verdict_of(row) != MORE or first is None or second is None:
            continue
        yield GoTogether((first, second), int(row["paragraphs"]), row["expected"], row["lift"], row["lift_low"],
                         row["lift_high"], tables.unique, row["p_adjusted"], int(row.get("tested") or 0))  # fmt: skip

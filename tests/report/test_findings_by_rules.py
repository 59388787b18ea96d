"""Without claims a report opens with what is largest, differs, moved and goes together, by rules and never invented."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from kit.openings import findings_of, lines_of, plain, reopened, told_of
from kit.press import SOURCES
from kit.press_runs import altered, press_run

from toolkit.figures import FIGURES, RunTables
from toolkit.report.code_part import Badge
from toolkit.report.content import build
from toolkit.report.decision_part import DecisionPart
from toolkit.report.findings_part import findings_part
from toolkit.report.sections.findings import headline
from toolkit.settings import ReportSettings
from toolkit.text.ties import is_apart

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = press_run(tmp_path_factory.mktemp("rules") / "run", coders=False)
    altered(folder, "themes", lambda rows: [
        row | {"fragile": True, "stability": 0.45} if row["theme"] == 3 else row for row in rows])  # fmt: skip
    altered(folder, "claims", lambda rows: [])
    altered(folder, "contrasts", lambda rows: [{**row, "p_adjusted": 0.6} for row in rows])
    graded(folder, 2)
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    return Path(copytree(made, tmp_path / "run"))


def graded(folder: Path, grade: int) -> None:
    place = folder / "metrics.json"
    metrics = json.loads(place.read_text(encoding="utf-8"))
    names = ("agreement", "chance_agreement", "gap", "gap_p")
    metrics |= {f"discover.{name}": {"value": 0.3, "low": 0.2, "high": 0.4, "n": 20} for name in names}
    metrics["discover.evidence"] = {"value": grade, "n": 20}
    place.write_text(json.dumps(metrics), encoding="utf-8")


def with_shares(folder: Path, shares: list[tuple[float, float, float]]) -> None:
    """The themes with other shares and intervals, in the table of themes and in that of prevalence."""

    def themes(rows: Rows) -> Rows:
        for row in rows:
            if 0 <= row["theme"] < len(shares) and row["level"] == 0:
                row |= dict(zip(("share", "share_low", "share_high"), shares[row["theme"]], strict=True))
        return rows

    def prevalence(rows: Rows) -> Rows:
        for row in rows:
            whole = row["kind"] == "theme" and row["group_by"] is None and row["counting"] == "unique"
            if whole and row["unit"] == "paragraph" and 0 <= int(row["id"]) < len(shares):
                row |= dict(zip(("estimate", "low", "high"), shares[int(row["id"])], strict=True))
        return rows

    altered(folder, "themes", themes)
    altered(folder, "prevalence", prevalence)


def labels(folder: Path) -> dict[int, str]:
    return RunTables(folder).labels


def test_one_interval_is_apart_from_others_only_if_it_is_wholly_above_them() -> None:
    assert is_apart((0.31, 0.5), [(0.1, 0.3), (0.0, 0.2)])
    assert not is_apart((0.3, 0.5), [(0.1, 0.3)])
    assert not is_apart((None, None), [(0.1, 0.2)]) and not is_apart((0.3, 0.5), [(None, None)])


def test_a_theme_is_the_largest_only_if_its_interval_is_above_all_others(run: Path) -> None:
    n = RunTables(run).unique
    with_shares(run, [(0.5, 0.42, 0.58), (0.3, 0.2, 0.41), (0.1, 0.05, 0.2), (0.1, 0.05, 0.2)])
    name = labels(run)[0]
    assert lines_of(told_of(run))[0] == f"“{name}” is the largest of 4 themes: 50% of {n} paragraphs. (sound: 42–58%)"
    assert FIGURES["answer"](RunTables(run)).headline == f"“{name}” is the largest theme: 50% of {n} unique paragraphs"
    with_shares(run, [(0.5, 0.42, 0.58), (0.3, 0.2, 0.43), (0.1, 0.05, 0.2), (0.1, 0.05, 0.2)])
    (line, *_) = lines_of(told_of(run))
    assert line.startswith(f"None of 4 themes is clearly the largest; among the largest are “{name}” (50%), “")
    assert f"of {n} paragraphs. (fragile: 42–58%, 20–43%, 5–20% and 5–20%)" in line  # the fourth is fragile
    assert FIGURES["answer"](RunTables(run)).headline == "No theme is clearly the largest"


def test_a_tie_too_long_to_name_is_counted(run: Path) -> None:
    def many(rows: Rows) -> Rows:
        (first,) = (row for row in rows if row["theme"] == 0)
        more = [{**first, "theme": theme, "label": f"Theme {theme}"} for theme in range(8)]
        return [*more, *(row for row in rows if row["theme"] < 0)]

    altered(run, "themes", many)
    with_shares(run, [(0.1, 0.05, 0.2)] * 8)
    assert lines_of(told_of(run))[0].startswith("None of 8 themes is the largest: 8 have the same share.")


@pytest.mark.parametrize(("grade", "mark"), [(2, "sound"), (1, "fragile"), (0, "fragile")])
def test_a_theme_without_clear_evidence_is_fragile_however_stable(run: Path, grade: int, mark: str) -> None:
    graded(run, grade)
    with_shares(run, [(0.5, 0.42, 0.58), (0.1, 0.05, 0.2), (0.1, 0.05, 0.2), (0.1, 0.05, 0.2)])
    line = next(line for line in lines_of(told_of(run)) if "the largest of 4 themes" in line)
    assert f"({mark}: 42–58%)" in line


def test_a_theme_that_does_not_return_with_other_seeds_is_fragile(run: Path) -> None:
    why = "the theme returns with only 4 of 10 other seeds"

    def without(rows: Rows) -> Rows:
        for row in rows:
            if row["kind"] == "theme" and row["id"] == "0" and row["group_by"] is None:
                row |= {"low": None, "high": None, "method": f"none: {why}"}
        return rows

    with_shares(run, [(0.5, 0.42, 0.58), (0.1, 0.05, 0.2), (0.1, 0.05, 0.2), (0.1, 0.05, 0.2)])
    altered(run, "prevalence", without)
    altered(run, "themes", lambda rows: [
        {**row, "share_low": None, "share_high": None} if row["theme"] == 0 else row for row in rows])  # fmt: skip
    (line, *_) = lines_of(told_of(run))
    assert line.startswith("None of 4 themes is clearly the largest")
    assert "(fragile: no interval, 5–20%" in line and "returns too seldom with other seeds" in line


def test_weak_evidence_is_the_headline_and_codes_come_first(run: Path) -> None:
    graded(run, 1)
    findings = told_of(run)
    assert plain(findings_of(findings).headline) == (
        "Nothing here is certain: weak evidence of themes, and 1 of 4 is fragile."
    )
    assert " codes is " in lines_of(findings)[0] and " themes is " in lines_of(findings)[1]
    drawn = FIGURES["answer"](RunTables(run))
    assert set(drawn.table["name"].to_pylist()) <= set(RunTables(run).code_names.values())


def test_weak_themes_do_not_make_checked_codes_uncertain(run: Path) -> None:
    graded(run, 1)
    tables = RunTables(run)
    content = build(tables, ReportSettings())
    checked = [replace(code, badge=Badge("checked", "", "0.91", "")) for code in content.codes]
    part = findings_part(tables, content.themes, checked)
    assert part.chosen[0].standing == "sound"
    findings = plain(headline(replace(content, findings=part)))
    assert findings == "Weak evidence of themes, and 1 of 4 is fragile."
    stable = [replace(theme, fragile=False) for theme in content.themes]
    assert (
        plain(headline(replace(content, themes=tuple(stable)))) == "Nothing here is certain: weak evidence of 4 themes."
    )


def test_evidence_is_not_that_of_themes_that_people_edited(run: Path) -> None:
    content = build(RunTables(run), ReportSettings())
    edited = "People edited the themes: 3 of 3 decisions by Wei were applied."
    decisions = DecisionPart((), edited, 5, "", "", {})
    findings = reopened(replace(content, decisions=decisions), run)
    assert plain(findings.headline) == (
        "Clear evidence of themes before people edited them; now 4 themes, 1 of them fragile."
    )
    assert edited in plain(findings.note)
    unchanged = reopened(replace(content, decisions=replace(decisions, changed=0)), run)
    assert plain(unchanged.headline) == "Clear evidence of 4 themes, 1 of them fragile."


def test_a_note_on_fonts_is_given_once(run: Path) -> None:
    altered(run, "themes", lambda rows: [{**row, "label": f"未来产业 {row['theme']}"} for row in rows])
    assert FIGURES["answer"](RunTables(run)).caption.count("a font of the reader") == 1


def test_clear_evidence_is_the_headline_with_the_fragile_counted(run: Path) -> None:
    assert plain(findings_of(told_of(run)).headline) == "Clear evidence of 4 themes, 1 of them fragile."


def test_without_themes_and_codes_the_headline_says_why_and_nothing_is_found(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "small", documents=1, per_document=2, codebook=False)
    (folder / "tables" / "contrasts.parquet").unlink()
    findings = told_of(folder)
    assert plain(findings_of(findings).headline).startswith("No theme is claimed: ")
    assert findings_of(findings).items == () and findings_of(findings).chart is None


def test_the_clearest_difference_is_told_with_both_shares(run: Path) -> None:
    shares = [row for row in RunTables(run).shares("code", "source") if row["id"] == "soe"]
    share = max(shares, key=lambda row: row["estimate"])
    group = share["group"]

    def one(rows: Rows) -> Rows:
        for row in rows:
            row |= {"verdict": "cannot be said", "tested": 36}
            if (row["kind"], row["id"], row["group"]) == ("code", "soe", group):
                row |= {"difference": share["estimate"] - 0.1, "low": 0.05, "high": 0.6, "p_adjusted": 0.004}
                row["verdict"] = "more"
            elif (row["kind"], row["id"], row["group"]) == ("theme", "-1", group):
                row |= {"difference": 0.9, "low": 0.5, "high": 0.95, "p_adjusted": 0.001, "verdict": "more"}
        return rows

    altered(run, "contrasts", one)
    lines = [line for line in lines_of(told_of(run)) if "frequent in" in line]
    first, points = f"{100 * share['estimate']:.0f}% of {share['n']}", 100 * (share["estimate"] - 0.1)
    assert lines == [
        f"“State-owned enterprises” is more frequent in {group} than in all others: {first} paragraphs against 10% of "
        f"43. (unchecked: {points:.1f} points, 5.0 to 60.0; p 0.004 adjusted for 36 comparisons)"
    ], "and no theme is no finding"


def test_the_best_supported_difference_comes_before_a_larger_one_by_a_fragile_theme(run: Path) -> None:
    def two(rows: Rows) -> Rows:
        for row in rows:
            clear = {("theme", "3"): 0.7, ("theme", "0"): 0.3}.get((row["kind"], row["id"]))
            row |= {"verdict": "cannot be said"}
            if clear is not None and row["group"] == SOURCES[0]:
                row |= {"difference": clear, "low": 0.1, "high": 0.9, "p_adjusted": 0.001, "verdict": "more"}
        return rows

    altered(run, "contrasts", two)
    (line,) = (line for line in lines_of(told_of(run)) if "frequent in" in line)
    assert line.startswith(f"“{labels(run)[0]}” is more frequent")


def test_a_clear_trend_is_told_with_its_ends(run: Path) -> None:
    def rising(rows: Rows) -> Rows:
        for row in rows:
            if (row["id"], row["period"]) == ("1", "2026"):
                row["estimate"] = 0.4
            if row["id"] == "1" and row["period"] == "slope per year":
                row |= {"estimate": 0.04, "low": 0.012, "high": 0.068, "p_adjusted": 0.01, "verdict": "rising"}
        return [{**row, "tested": 46} for row in rows]

    altered(run, "trends", rising)
    periods = [row for row in RunTables(run).rows("trends") if row["id"] == "1" and row["period"].isdigit()]
    first, last = min(periods, key=lambda row: row["period"]), max(periods, key=lambda row: row["period"])
    (line,) = (line for line in lines_of(told_of(run)) if " rose" in line and "year" in line)
    assert line == (
        f"“{labels(run)[1]}” rose, from {100 * first['estimate']:.0f}% of {first['n']} paragraphs in 2024 to "
        f"{100 * last['estimate']:.0f}% of {last['n']} in 2026: +4.0 points a year. "
        "(sound: 1.2 to 6.8; p 0.010 adjusted for 46 slopes)"
    )


def test_ends_against_a_trend_are_not_told_as_its_course(run: Path) -> None:
    def rising(rows: Rows) -> Rows:
        first, last = (
            min(row["period"] for row in rows),
            max(row["period"] for row in rows if row["period"].isdigit()),
        )
        for row in rows:
            if row["id"] == "1":
                row |= {"estimate": {first: 0.3, last: 0.2}.get(row["period"], row["estimate"])}
            if row["id"] == "1" and row["period"] == "slope per year":
                row |= {"estimate": 0.04, "low": 0.012, "high": 0.068, "p_adjusted": 0.01, "verdict": "rising"}
        return [{**row, "tested": 46} for row in rows]

    altered(run, "trends", rising)
    (line,) = (line for line in lines_of(told_of(run)) if " rose" in line and "year" in line)
    assert line.startswith(f"“{labels(run)[1]}” rose: +4.0 points a year.")


def test_a_pair_above_chance_is_told_and_one_below_is_not(run: Path) -> None:
    def pairs(rows: Rows) -> Rows:
        made = []
        for row in rows:
            verdict = {("chips", "future"): "more", ("chips", "soe"): "less"}.get((row["code_a"], row["code_b"]), "")
            clear = {"paragraphs": 12, "expected": 3.4, "lift": 3.53, "lift_low": 2.06, "lift_high": 6.04}
            made.append({**row, **clear, "verdict": verdict or "cannot be said", "p_adjusted": 0.01, "tested": 10})
        return made

    altered(run, "cooccurrence", pairs)
    lines = [line for line in lines_of(told_of(run)) if "occur together:" in line]
    n = RunTables(run).unique
    assert lines == [
        "“Semiconductor self-reliance” and “Future industries” occur together: 12 of "
        f"{n} paragraphs have both, 3.4 expected by chance. "
        "(unchecked: 3.5 times as many, 2.1 to 6.0; p 0.010 adjusted for 10 pairs)"
    ]


def test_tests_of_which_none_is_clear_are_said_to_leave_it_open(run: Path) -> None:
    altered(run, "contrasts", lambda rows: [{**row, "verdict": "cannot be said", "tested": 36} for row in rows])
    assert lines_of(told_of(run))[-1] == (
        "No group clearly differs from the others, no share clearly rose or fell and no two codes clearly occur "
        "together. (open: 36 comparisons, 19 slopes and 10 pairs tested, adjusted together.)"
    )


def test_a_study_with_few_claims_is_filled_up_by_the_rules_to_three(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    altered(folder, "claims", lambda rows: rows[:1])
    lines = lines_of(told_of(folder))
    assert len(lines) == 3 and lines[0].startswith("Does not hold:") and "themes is" in lines[1]


def test_a_survey_counts_its_respondents_in_sentence_and_chart(run: Path) -> None:
    config = run / "config.yaml"
    config.write_text(config.read_text().replace("kind: texts", "kind: survey"))
    altered(run, "documents", lambda rows: [{**row, "format": "csv"} for row in rows])
    tables = RunTables(run)
    shares = {row["id"]: row for row in tables.shares("theme", unit="document")}
    (line,) = (line for line in lines_of(told_of(run)) if "themes is" in line)
    assert f"of {shares['0']['n']} respondents" in line
    drawn = FIGURES["answer"](tables)
    assert drawn.table["n"].to_pylist()[0] == shares["0"]["n"] and "Share of respondents" in drawn.caption

"""A report opens with its claims: each answered in a sentence with its number, interval and mark, and counted above."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from kit.openings import findings_of, lines_of, plain, reopened, told_of
from kit.press import SOURCES
from kit.press_runs import altered, press_run

from toolkit.figures import FIGURES, RunTables
from toolkit.report.blocks import Findings
from toolkit.report.claim_part import claim_parts
from toolkit.report.code_part import Badge
from toolkit.report.content import Content, build
from toolkit.report.forms import short
from toolkit.report.inlines import Link
from toolkit.report.markdown import markdown
from toolkit.report.page import page
from toolkit.report.pdf import document
from toolkit.settings import ReportSettings

WEAK = "holds by unchecked codes (weak against machines)"
UNCHECKED = "holds by unchecked codes"
LARGER = {
    "kind": "larger", "code": "chips", "group_by": "source", "group": SOURCES[0], "than": "rest", "unit": "paragraph",
    "chance": 0.0, "first": 13 / 39, "second": 28 / 363, "estimate": 13 / 39 - 28 / 363, "low": 0.1319, "high": 0.3963,
    "n": 39, "n_second": 363, "text": "The wire writes more of chips than the others do.", "verdict": WEAK,
}  # fmt: skip
TOGETHER = {
    "kind": "together", "code": "chips", "other": "future", "unit": "paragraph", "chance": 1.0, "first": 12.0,
    "second": 3.403, "estimate": 12 / 3.403, "low": 2.06, "high": 6.04, "n": 402, "verdict": UNCHECKED,
    "text": "Chips and future industries travel together.",
}  # fmt: skip
ROSE = {
    "kind": "rose", "code": "future", "unit": "paragraph", "chance": 0.0, "estimate": 0.0285, "low": -0.0605183,
    "high": 0.1175263, "n": 402, "text": "Future industries rose.", "verdict": "cannot be told",
    "reason": "the interval includes 0, no difference: neither shown nor excluded (p 0.518, adjusted 0.518)",
}  # fmt: skip
BELOW = {
    "kind": "above", "code": "chips", "unit": "paragraph", "chance": 0.5, "estimate": 0.2, "low": 0.11, "high": 0.335,
    "n": 60, "text": "Half of it is about chips.", "verdict": "does not hold", "reason": "the share is below the value",
}  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Content]:
    folder = press_run(tmp_path_factory.mktemp("claims") / "run")
    return folder, build(RunTables(folder), ReportSettings())


def written(folder: Path, *claims: dict[str, Any]) -> Path:
    numbered = [{**claim, "claim": at, "badge": "unchecked"} for at, claim in enumerate(claims, 1)]
    altered(folder, "claims", lambda rows: [{**dict.fromkeys(rows[0]), **claim} for claim in numbered])
    return folder


def asked(base: tuple[Path, Content], *claims: dict[str, Any]) -> Findings:
    return reopened(base[1], written(base[0], *claims))


def test_each_claim_is_a_sentence_with_its_number_interval_and_mark_those_that_hold_first(
    base: tuple[Path, Content],
) -> None:
    findings = asked(base, ROSE, LARGER, BELOW, TOGETHER)
    points = 100 * (13 / 39 - 28 / 363)
    assert lines_of(findings) == [
        f"The wire writes more of chips than the others do: {100 * 13 / 39:.0f}% of 39 paragraphs against "
        f"{100 * 28 / 363:.0f}% of 363. (weak code: {points:.1f} points, 13.2 to 39.6)",
        "Chips and future industries travel together: 12 of 402 paragraphs have both, 3.4 expected by chance. "
        f"(unchecked: {12 / 3.403:.1f} times as many, 2.1 to 6.0)",
        "Does not hold: “Half of it is about chips.” The share is below the value: 20.0% of 60 paragraphs. "
        "(sound: 11.0% to 33.5%)",
        "Cannot be told: “Future industries rose.” (open: The interval includes 0 (no difference). +2.9 points a year "
        "in 402 paragraphs, −6.1 to 11.8)",
    ]
    heading = (
        "2 of 4 claims hold, both by codes that no person checked, one of them weak; for 1 the contrary is shown; "
    )
    assert plain(findings.headline) == heading + "1 cannot be told."


def test_a_claim_that_cannot_be_told_is_never_stated_as_a_finding(base: tuple[Path, Content]) -> None:
    reason = "unadjusted p is 0.045, adjusted for 4 claims 0.089"
    findings = asked(base, {**LARGER, "verdict": "cannot be told", "reason": reason})
    (line, *_) = lines_of(findings)
    assert line.startswith("Cannot be told: “The wire writes more of chips than the others do.”")
    assert "Unadjusted p is 0.045, adjusted for 4 claims it is 0.089. 25.6 points, 13.2 to 39.6" in line
    drawn = FIGURES["answer"](RunTables(base[0]))
    assert drawn.headline.startswith("Cannot be told: ")
    assert plain(findings.headline) == "The claim cannot be told from this corpus."


@pytest.mark.parametrize(
    ("verdicts", "headline"),
    [
        (["cannot be told"] * 3, "Nothing holds: none of 3 claims can be told from this corpus."),
        (["holds"] * 3, "All 3 claims hold."),
        (["holds", "cannot be told"], "1 of 2 claims holds; 1 cannot be told."),
        ([UNCHECKED], "The claim holds, by codes that no person checked."),
        ([UNCHECKED] * 3, "All 3 claims hold, all by codes that no person checked."),
        ([UNCHECKED, "holds", "holds"], "All 3 claims hold, one of them by codes that no person checked."),
        (["holds by weak codes", "holds"], "All 2 claims hold, one by a weak code."),
        (["holds by weak codes"] * 2, "All 2 claims hold, both by weak codes."),
        (["holds by weak codes"] * 3, "All 3 claims hold, all by weak codes."),
        ([WEAK], "The claim holds, by codes that no person checked, and weak."),
        ([WEAK, "holds", UNCHECKED], "All 3 claims hold, 2 of them by codes that no person checked, one of them weak."),
        (["does not hold"], "The claim does not hold: the contrary is shown."),
        (
            ["does not hold", "does not hold", "cannot be told"],
            "None of 3 claims holds: for 2 the contrary is shown and 1 cannot be told.",
        ),
    ],
)
def test_the_headline_counts_verdicts_and_says_by_whose_codes(
    base: tuple[Path, Content], verdicts: list[str], headline: str
) -> None:
    findings = asked(base, *({**TOGETHER, "verdict": verdict, "reason": "why"} for verdict in verdicts))
    assert plain(findings.headline) == headline


@pytest.mark.parametrize(
    ("verdict", "mark"),
    [
        ("holds", "sound"),
        ("holds by checked codes", "sound"),
        ("holds by uncertain codes", "uncertain code"),
        ("does not hold by weak codes", "weak code"),
        (UNCHECKED, "unchecked"),
        (WEAK, "weak code"),
        ("cannot be told", "open"),
    ],
)
def test_the_mark_is_that_of_the_verdict(base: tuple[Path, Content], verdict: str, mark: str) -> None:
    findings = asked(base, *({**TOGETHER, "verdict": verdict, "reason": "why"},) * 3)
    assert {finding.mark.text for finding in findings.items} == {mark}


def test_a_weak_code_is_not_hidden_by_another_that_nobody_checked(base: tuple[Path, Content]) -> None:
    folder, content = base
    weak, *others = content.codes
    known = replace(content, codes=(replace(weak, badge=Badge("weak", "the coders disagree", "0.20", "")), *others))
    findings = reopened(known, written(folder, TOGETHER, TOGETHER, {**ROSE, "verdict": UNCHECKED}))
    assert [finding.mark.text for finding in findings.items] == ["weak code", "weak code", "unchecked"]
    assert "by codes that no person checked, 2 of them weak" in plain(findings.headline)


def test_the_headline_of_the_chart_does_not_hide_a_weak_code_either(base: tuple[Path, Content]) -> None:
    tables = RunTables(written(base[0], TOGETHER))
    assert FIGURES["answer"](tables).headline == "Chips and future industries travel together (unchecked codes)"
    vars(tables)["badges"] = {"future": {"badge": "unchecked", "against_machines": "weak"}}  # as a table would give it
    assert FIGURES["answer"](tables).headline == "Chips and future industries travel together (weak codes)"


def test_what_is_small_is_not_printed_as_nothing(base: tuple[Path, Content]) -> None:
    rare = {**TOGETHER, "first": 2.0, "second": 0.01135, "estimate": 176.2, "low": 1.0012, "high": 1796.8}
    slow = {**ROSE, "estimate": 0.0002, "low": 0.0001, "high": 0.0003, "verdict": "holds"}
    first, second, _ = lines_of(asked(base, rare, slow, rare))
    assert "2 of 402 paragraphs have both, 0.01 expected by chance. (unchecked: 176.20 times as many, 1.001 to" in first
    assert "+0.02 points a year in 402 paragraphs. (sound: 0.01 to 0.03)" in second


def test_a_claim_quoted_has_single_quotation_marks_inside_and_no_empty_interval(base: tuple[Path, Content]) -> None:
    bare = dict.fromkeys(("estimate", "low", "high", "first", "second"))
    findings = asked(base, {**BELOW, **bare, "text": "The share of “Chips” is above 50%."}, BELOW, BELOW)
    assert (
        lines_of(findings)[0]
        == "Does not hold: “The share of ‘Chips’ is above 50%.” The share is below the value. (sound)"
    )


def test_a_part_in_which_nothing_can_be_said_does_not_seem_to_contradict_a_claim_that_holds(
    base: tuple[Path, Content],
) -> None:
    folder = written(base[0], LARGER, TOGETHER)
    altered(folder, "contrasts", lambda rows: [{**row, "p_adjusted": 1.0} for row in rows])
    shown = markdown(told_of(folder))
    assert shown.count("This does not contradict the claim answered above, which is adjusted for the claims alone") == 2
    none = written(base[0], {**LARGER, "verdict": "cannot be told", "reason": "why"})
    assert "does not contradict" not in markdown(told_of(none))


def test_shares_that_would_print_alike_are_printed_apart(base: tuple[Path, Content]) -> None:
    findings = asked(base, *({**LARGER, "first": 0.084, "second": 0.081, "estimate": 0.003},) * 3)
    assert "8.4% of 39 paragraphs against 8.1% of 363" in lines_of(findings)[0]


def test_of_many_claims_five_are_shown_and_the_others_are_counted(base: tuple[Path, Content]) -> None:
    findings = asked(base, *[ROSE] * 4, *[TOGETHER] * 3)
    lines = lines_of(findings)
    assert len(lines) == 5 and [line.startswith("Cannot") for line in lines] == [False] * 3 + [True] * 2
    assert plain(findings.note).startswith("2 more claims below, in all claims.")


def test_every_finding_leads_to_its_evidence_in_the_page(base: tuple[Path, Content]) -> None:
    findings = told_of(written(base[0], LARGER, TOGETHER, ROSE))
    links = [part.to for finding in findings_of(findings).items for part in finding.link if isinstance(part, Link)]
    assert links == ["#claim-1", "#code-0", "#claim-2", "#code-0", "#code-1", "#claim-3", "#code-1"]
    shown = page(findings)
    assert all(f'id="{link[1:]}"' in shown for link in links)


def test_the_chart_shows_the_share_of_every_group_and_marks_that_of_the_claim(base: tuple[Path, Content]) -> None:
    findings = asked(base, ROSE, LARGER)
    chart = findings.chart
    assert chart is not None
    drawn = chart.drawing
    rows = {row["name"]: row for row in drawn.table.to_pylist()}
    shares = {
        row["group"]: (row["estimate"], row["low"], row["high"], row["n"])
        for row in RunTables(base[0]).shares("code", "source")
        if row["id"] == "chips"
    }
    assert {name: (row["estimate"], row["low"], row["high"], row["n"]) for name, row in rows.items()} == shares
    assert [name for name, row in rows.items() if row["role"] == "claimed"] == [SOURCES[0]]
    assert drawn.body.count('class="mark"') == 1 and "all others 8%" in drawn.body
    assert drawn.headline == "The wire writes more of chips than the others do (weak code)"


def test_groups_for_which_the_chart_has_no_room_are_in_its_table(base: tuple[Path, Content], tmp_path: Path) -> None:
    folder = written(Path(copytree(base[0], tmp_path / "run")), LARGER)

    def more(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        small = [row for row in rows if row["group"] == SOURCES[1]]
        return rows + [{**row, "group": f"Small {at}", "n": 3} for at in range(6) for row in small]

    altered(folder, "prevalence", more)
    drawn = FIGURES["answer"](RunTables(folder))
    names = [row["name"] for row in drawn.table.to_pylist()]
    assert len(names) == len(set(names)) == len(SOURCES) + 6
    assert "3 further groups in the table." in drawn.caption and sum(name in drawn.body for name in names) == 7


def test_a_chart_of_two_codes_sets_those_with_both_against_chance(base: tuple[Path, Content]) -> None:
    asked(base, TOGETHER)
    both, expected = FIGURES["answer"](RunTables(base[0])).table.to_pylist()
    assert (both["estimate"], expected["estimate"]) == (12.0, 3.403)
    assert (both["low"], both["high"]) == pytest.approx((3.403 * 2.06, 3.403 * 6.04))


def test_paper_says_the_findings_that_the_page_says(base: tuple[Path, Content]) -> None:
    findings = told_of(written(base[0], LARGER, TOGETHER, ROSE))
    assert "- The wire writes more of chips than the others do: **33% of 39 paragraphs" in markdown(findings)
    kinds = [item["kind"] for item in document(findings)["items"][:5]]
    assert kinds == ["heading", "headline", "list", "small", "figure"]


def test_paper_explains_the_marks_that_it_uses_and_no_others(base: tuple[Path, Content]) -> None:
    findings = short(told_of(written(base[0], LARGER, TOGETHER, ROSE)))
    (line,) = (line for line in markdown(findings).splitlines() if "What the marks mean: " in line)
    assert "unchecked: rests on a code that no person checked; weak code: rests on a code on which" in line
    assert line.endswith("open: neither shown nor excluded.") and "fragile:" not in line
    assert "What the marks mean: unchecked" not in page(findings)


def test_only_intervals_without_coding_error_are_said_to_lack_it(base: tuple[Path, Content]) -> None:
    by_machine, corrected = {**LARGER, "interval_of": "sampling"}, {**LARGER, "interval_of": "sampling", "machine": 0.3}
    assert "; those of claims contain sampling error alone" in plain(asked(base, *[by_machine] * 3).note)
    findings = plain(asked(base, by_machine, by_machine, corrected).note)
    assert "; those of 2 of 3 claims contain sampling error alone" in findings
    assert "sampling error alone" not in plain(asked(base, *[corrected] * 3).note)


def test_what_a_claim_rests_on_names_codes_and_no_ids(base: tuple[Path, Content]) -> None:
    basis = "by machine codes that no person checked: chips has an F1 of 0.57 (0.36–0.70) against other machines"
    folder = written(base[0], {**TOGETHER, "basis": basis})
    (claim,) = claim_parts(RunTables(folder))
    assert ": “Semiconductor self-reliance” has an F1 of 0.57" in claim.basis


def test_words_of_a_claim_run_nowhere(base: tuple[Path, Content]) -> None:
    findings = told_of(
        written(base[0], {**TOGETHER, "text": "<script>window.pwned=1</script> **both** [x](javascript:1)"})
    )
    assert "<script>window.pwned" not in page(findings) and "\\*\\*both" in markdown(findings)

"""Candour: what the corpus is, who coded, how far codes can be trusted; no quote that the coders refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kit.openings import findings_of, numbers_of, plain
from kit.press_runs import altered, badged, press_run
from lxml import html

from toolkit.codebook.badges import badges
from toolkit.figures import FIGURES, RunTables
from toolkit.files import yaml12
from toolkit.report.content import Content, build
from toolkit.report.markdown import markdown
from toolkit.report.page import page
from toolkit.report.pdf import document
from toolkit.report.sections import report
from toolkit.settings import ReportSettings

PROGRAMS = [{"id": "A", "kind": "program", "who": "a language model"}, {"id": "B", "kind": "program"}]
FICTION = {"description": "Invented press", "provenance": "Written for a test", "period": "2024",
           "selection": "All that was written", "made_up": True}  # fmt: skip


def declared(folder: Path, **about: Any) -> Path:
    config = folder / "config.yaml"
    config.write_text(yaml12.dump({**yaml12.read(config).value, "about": about}), encoding="utf-8")
    return folder


def content(folder: Path) -> Content:
    return build(RunTables(folder), ReportSettings())


def report_text(folder: Path) -> str:
    return markdown(report(content(folder)))


def rewrite(folder: Path, name: str, change: Any) -> None:
    altered(folder, name, lambda rows: [change(row) for row in rows])


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return press_run(tmp_path / "run")


def test_fiction_and_programs_are_named_under_the_title_of_every_report(run: Path) -> None:
    tree = report(content(declared(run, corpus=FICTION, coders=PROGRAMS, independence="Apart")))
    line = "The corpus is made up. Invented press. Reference codes were made by 2 machines, not by people."
    head = html.fromstring(page(tree)).find(".//header")
    assert line in " ".join(head.text_content().split())
    assert line in markdown(tree).split("## What was found")[0].replace("*", "")
    assert "".join(part if isinstance(part, str) else part["parts"][0] for part in document(tree)["about"]) == line
    text = markdown(tree)
    assert "Where it comes from: Written for a test" in text and "A (machine; a language model); B (machine)" in text
    assert "nothing may be concluded from it about the world" in text and "Both coders are machines" in text
    assert "under about." not in text


def test_measures_are_of_what_the_coders_are_declared_to_be(run: Path) -> None:
    people = [{"id": name, "kind": "person"} for name in "AB"]
    metrics = json.loads((run / "metrics.json").read_text())
    entry = {"value": 0.5, "low": 0.4, "high": 0.6, "direction": "higher", "n": 20, "of": "decisions of both"}
    metrics |= {f"coding.kappa machine / coders{end}": entry for end in ("", " over splits")}
    (run / "metrics.json").write_text(json.dumps(metrics))
    text = report_text(declared(run, corpus=FICTION, coders=people, independence="Apart"))
    assert (
        "| Kappa machine / human coders (" in text
        and "| Kappa machine / human coders, divisions into folds pooled (" in text
    )


def test_what_is_not_declared_is_asked_for(run: Path) -> None:
    limits = report_text(run).split("### Limitations")[1]
    assert (
        "what its corpus is, where it comes from, which period it covers, how it was selected and whether it" in limits
    )
    assert "does not declare who coded (A and B), whether people or machines" in limits
    assert not report(content(run)).about
    person = {"id": "C", "kind": "person"}
    some = report_text(
        declared(run, corpus={**FICTION, "made_up": False, "period": None}, coders=[PROGRAMS[0], person])
    )
    assert "does not declare which period its corpus covers." in some and "who coded (B)" in some
    assert "C is declared and coded no paragraph of this corpus" in some and "made up." not in some.split("##")[0]


@pytest.mark.parametrize(
    ("kinds", "named"),
    [
        (["program", "program"], "2 machine coders"),
        (["person", "person"], "2 human coders"),
        (["program", "person"], "2 coders (1 person, 1 machine)"),
        ([], "2 coders"),
        (["program"], "2 coders (1 machine, 1 not declared)"),
    ],
)
def test_coders_are_called_what_they_are_declared_to_be(run: Path, kinds: list[str], named: str) -> None:
    coders = [{"id": coder, "kind": kind} for coder, kind in zip("AB", kinds, strict=False)]
    rewrite(run, "thresholds", lambda row: row | {"badge": None})  # which say of whom the coders were when it ran
    text = report_text(declared(run, corpus=FICTION, coders=coders, independence="Apart"))
    assert f"were also coded by {named}" in text
    if "person" not in kinds:
        sentences = (
            text.replace("not by people", "")
            .replace("none by people", "")
            .replace("people's reading", "")
            .replace("whether people or", "")
        )
        assert "people" not in sentences.replace("eleven people", "") and "human coder" not in sentences


def evidence(folder: Path) -> dict[str, list[tuple[str, str]]]:
    return {code.code: [(q.place.paragraph_id, q.note) for q in code.evidence] for code in content(folder).codes}


def test_no_quote_is_shown_for_a_code_that_the_coders_refused_and_confirmed_ones_come_first(run: Path) -> None:
    before = evidence(run)["chips"]
    refused, disputed = before[0][0], before[1][0]

    def change(row: dict[str, Any]) -> dict[str, Any]:
        gone = row["paragraph_id"] == refused or (row["paragraph_id"] == disputed and row["coder"] == "B")
        return row | {"code": None} if gone else row

    rewrite(run, "human", change)
    after = evidence(run)["chips"]
    assert all(name != refused for name, _ in after)
    kinds = [note.split(" ")[0].rstrip(";:") for _, note in after]
    assert kinds == sorted(kinds, key=["confirmed", "probability", "disputed"].index) and kinds[0] == "confirmed"
    human = RunTables(run).rows("human")
    for name, note in after:
        gave = {row["coder"] for row in human if row["paragraph_id"] == name and row["code"] == "chips"}
        saw = {row["coder"] for row in human if row["paragraph_id"] == name}
        assert note.startswith("confirmed") == (bool(saw) and gave == saw)
    part = next(code for code in content(run).codes if code.code == "chips")
    mine = [row for row in RunTables(run).rows("codes") if row["code"] == "chips" and row["assigned"]]
    seen = {row["paragraph_id"] for row in human}
    assert part.refused.startswith(
        f"1 of the {sum(row['paragraph_id'] in seen for row in mine)} coded paragraphs to which"
    )


def test_a_disputed_quote_says_who_gave_the_code_and_who_did_not(run: Path) -> None:
    rewrite(run, "human", lambda row: row | {"code": None} if row["coder"] == "B" else row)
    notes = [note for quotes in evidence(run).values() for _, note in quotes]
    assert any(note.startswith("disputed by the coders: given by A, not by B") for note in notes)
    assert not any(note.startswith("confirmed") for note in notes)


def test_a_score_is_shown_as_a_rank_and_only_a_learned_probability_as_one(tmp_path: Path) -> None:
    plain = press_run(tmp_path / "plain", coders=False)
    rewrite(plain, "codes", lambda row: row | {"score": 0.9999})
    text = report_text(plain)
    assert "Rank 1 of " in text and "robability 0" not in text and "robability over" not in text
    assert not any(f"core {shown}" in text for shown in ("1.00", "0.99", "1.0"))


def with_f1(folder: Path, f1: tuple[float, float, float]) -> None:
    rows = [{"code": code, "measure": "f1", "value": f1[0], "low": f1[1], "high": f1[2], "n": 30}
            for code in RunTables(folder).code_names]  # fmt: skip
    made = badges(rows, list(RunTables(folder).code_names), 6)
    badged(folder, made)


def test_an_abstract_does_not_lead_with_a_weak_code_without_saying_so(run: Path) -> None:
    with_f1(run, (0.23, 0.05, 0.47))
    tree = report(content(run))
    text = markdown(tree)
    assert numbers_of(tree).count("(weak: F1 0.23, 0.05–0.47)") == 3  # each of those that it names
    assert "Of 5 codes compared with the coders, 5 are weak." in plain(findings_of(tree).note)
    assert "Badge: weak: F1 is at most 0.47, below 0.50" in text
    assert "State-owned enterprises (weak)" in text and "(weak)" in str(document(tree)["items"])
    assert html.fromstring(page(tree)).find_class("tag fragile") or 'class="tag fragile">weak' in page(tree)
    assert "are weak against the coders" in text.split("### Limitations")[1]
    assert "Future industries (weak)" in FIGURES["cooccurrence"](RunTables(run)).body.replace("\n", " ")


def test_a_run_without_coders_says_that_no_code_was_checked(tmp_path: Path) -> None:
    plain = press_run(tmp_path / "plain", coders=False)
    ids, text = list(RunTables(plain).code_names), report_text(plain)
    assert "No code was checked against coders" in text.split("## Map")[0]
    assert text.count("(unchecked)") >= 2 * len(ids)

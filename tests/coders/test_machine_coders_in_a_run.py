"""Runs that machines coded, alone and beside people: tables, report, check, evaluate, sheets and verify say so."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from kit.commands import command
from kit.samples import again, code_by_topic, ids, small_run
from sklearn.metrics import cohen_kappa_score

import toolkit
from toolkit.experiment import load
from toolkit.figures import RunTables
from toolkit.pipeline import open_study
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.runs import Run
from toolkit.runtime.progress import QUIET
from toolkit.settings import ReportSettings
from toolkit.verify.promises import check_invariants


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The small study as it is before anybody codes."""
    block = {"path": "codebook.yaml", "covers": "everything", "bootstrap": 100}
    return small_run(tmp_path_factory.mktemp("kinds"), codebook=block)


def unique(run: Run) -> list[dict[str, Any]]:
    return [row for row in run.table("paragraphs").to_pylist() if row["duplicate_of"] is None]


def codes(run: Run, place: Path, coders: dict[str, str], step: int = 1) -> Path:
    """What careful coders give to all paragraphs; `gpt-4.1` calls every fifth one learning. coder -> kind."""
    with place.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["paragraph_id", "coder", "code", "kind"])
        for coder, kind in coders.items():
            for number, row in enumerate(unique(run)[::step]):
                code = "learning" if coder == "gpt-4.1" and number % 5 == 0 else code_by_topic(row["text"])
                table.writerow([row["paragraph_id"], coder, code, kind])
    return place


def report_text(run: Run) -> str:
    return markdown(report(build(RunTables(run.path), ReportSettings())))


@pytest.fixture(scope="module")
def both(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two people coded, and a language model beside them."""
    folder = tmp_path_factory.mktemp("both")
    return again(run, folder / "run", codes(run, folder / "c.csv", {"ann": "", "bob": "", "gpt-4.1": "machine"}))


@pytest.fixture(scope="module")
def people(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("people")
    return again(run, folder / "run", codes(run, folder / "c.csv", {"ann": "", "bob": ""}))


@pytest.fixture(scope="module")
def alone(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two machines coded, nobody else: said once in the file, once in the config."""
    folder = tmp_path_factory.mktemp("alone")
    place = codes(run, folder / "c.csv", {"list-a": "machine", "list-b": ""})
    config = run.path.parent / "study" / "study.yaml"
    given = {"codebook.codes": str(place), "codebook.machines": ["list-b"]}
    return toolkit.run(config, set=given, out=folder / "run", progress=QUIET)


@pytest.mark.slow
def test_a_machine_beside_people_changes_no_code_no_share_no_badge(both: Run, people: Run) -> None:
    for name in ("codes", "corrected", "thresholds", "prevalence"):
        assert both.table(name).equals(people.table(name)), name
    alike = [row for row in both.table("scored").to_pylist() if "(machine)" not in row["measure"]]
    assert alike == people.table("scored").to_pylist()
    assert set(both.table("thresholds")["coders_kind"].to_pylist()) == {"person"}


def test_the_machine_s_agreement_with_people_is_a_number_under_its_name(both: Run) -> None:
    rows = {row["paragraph_id"]: {"ann": set(), "gpt-4.1": set()} for row in both.table("human").to_pylist()}
    for row in both.table("human").to_pylist():
        if row["coder"] in rows[row["paragraph_id"]] and row["code"]:
            rows[row["paragraph_id"]][row["coder"]].add(row["code"])
    book = ("ports", "learning", "fisheries")
    one, other = ([code in codes[name] for codes in rows.values() for code in book] for name in ("ann", "gpt-4.1"))
    kappa = both.metrics["coding.kappa gpt-4.1 (machine) / people"]
    assert kappa["value"] == pytest.approx(cohen_kappa_score(one, other)) and kappa["n"] == len(one)
    assert both.metrics["coding.kappa gpt-4.1 (machine) / ann"]["value"] == pytest.approx(kappa["value"])
    assert both.metrics["coding.alpha"]["value"] == 1.0  # ann and bob alike, whatever the machine says


def test_the_report_has_machines_in_a_table_of_their_own_and_nowhere_else(both: Run) -> None:
    text = report_text(both)
    table = text.split("### Machine coders against the coders")[1].split("Data:")[0]
    assert "| This run |" in table and "| gpt-4.1 (machine) |" in table
    shown = both.metrics["coding.kappa gpt-4.1 (machine) / people"]["value"]
    assert f"{shown:.2f}" in table.split("| gpt-4.1 (machine) |")[1].splitlines()[0]
    assert "also coded by 2 coders. 1 machine coder coded, too, and is only compared." in text
    measures = text.split("*Measures of this run*")[1].split("### Machine coders")[0]
    assert "gpt-4.1" not in measures
    assert "Where machine coders disagree with the coders: " in text
    assert "not by gpt-4.1 (machine)" in text or "given by gpt-4.1 (machine)" in text
    assert "does not state what gpt-4.1 is (which language model" in text.split("### Limitations")[1]
    between = [row for row in both.table("disagreements").to_pylist() if row["between"] == "machine coder"]
    assert between and all("gpt-4.1" in row["given_by"] + row["not_given_by"] for row in between)


def test_if_only_machines_coded_everything_says_so_and_no_code_is_checked(alone: Run) -> None:
    rows = alone.table("thresholds").to_pylist()
    assert {row["badge"] for row in rows} == {"unchecked"}
    assert {row["coders_kind"] for row in rows} <= {"machine", None}
    by = {row["code"]: row["against_machines"] for row in rows}
    assert by["ports"] == by["learning"] == "agreed" and by["fisheries"] is None
    assert all(row["why"].startswith("only machines coded it; ") for row in rows)
    assert set(alone.table("human")["kind"].to_pylist()) == {"machine"}
    for name in ("scored", "corrected", "disagreements"):
        assert set(alone.table(name)["coders_kind"].to_pylist()) <= {"machine"}, name
    assert {row["coders_kind"] for row in alone.table("codes").to_pylist() if row["coders"]} == {"machine"}
    assert "coding.alpha" not in alone.metrics and alone.metrics["coding.alpha machines"]["value"] == 1.0
    assert alone.metrics["coding.badge.checked"]["value"] == 0
    assert alone.metrics["coding.macro f1 with 20 labels"]["value"] > 0.5
    text = report_text(alone)
    assert "Reference codes were made by 2 machines, not by people" in text.split("## ")[0]
    assert "No code was checked against people. Compared with machine coders, of 2 codes 2 agree." in text
    assert "also coded by 2 machine coders, none by people." in text
    assert "Both coders are machines" in text and "no code is called checked" in text.split("### Limitations")[1]
    assert "unchecked; machines agree" in text and "Corrected towards the machine coders" in text
    assert "### What more paragraphs coded by machines would improve" in text
    assert "coded by machines (list-a, list-b), none by a person." in text
    plain = text.replace("machine coders", "").replace("Machine coders", "")
    assert " the coders" not in plain and "human coder" not in text and "checked against coders" not in text


def test_verify_finds_a_coder_of_two_kinds_and_a_code_that_machines_alone_call_checked(
    alone: Run, tmp_path: Path
) -> None:
    from shutil import copytree

    import pyarrow as pa

    from toolkit.files.value import read_table, write_table

    assert not [line for line in check_invariants(alone, {}).broken if line.startswith("coders")]
    folder = copytree(alone.path, tmp_path / "run")
    place = folder / "tables" / "thresholds.parquet"
    table = read_table(place)
    rows = [row | {"badge": "checked"} if row["code"] == "ports" else row for row in table.to_pylist()]
    write_table(pa.Table.from_pylist(rows, schema=table.schema), place)
    broken = check_invariants(Run(folder), {}).broken
    assert "coders: ports is called checked, and only machines coded" in broken
    place = folder / "tables" / "human.parquet"
    table = read_table(place)
    rows = [row | {"kind": "person" if number else "machine"} for number, row in enumerate(table.to_pylist())]
    write_table(pa.Table.from_pylist(rows, schema=table.schema), place)
    assert "coders: list-a is machine and person" in check_invariants(Run(folder), {}).broken


def test_evaluate_knows_the_machines_of_the_run_and_holds_them_against_people(both: Run, tmp_path: Path) -> None:
    gold = codes(both, tmp_path / "gold.csv", {"ann": "", "gpt-4.1": ""}, step=2)
    made = toolkit.evaluate(both, gold, out=tmp_path / "out")
    assert "codes.kappa gpt-4.1 (machine) / people" in made.scores and made.scores["codes.alpha"].value is None
    assert "gpt-4.1 is a machine" in made.notes[0] and any(
        "1 machine coder: gpt-4.1 (machine)" in n for n in made.notes
    )
    assert made.counts()["machine coders and people"] > 0
    assert [name for name in made.counts() if name.startswith("this run and the ")], "the run is no coder"
    assert "## Machine coders with people" in (tmp_path / "out" / "disagreements.md").read_text(encoding="utf-8")


def test_paragraphs_that_only_machines_coded_are_still_drawn_for_people(alone: Run, both: Run, tmp_path: Path) -> None:
    made = toolkit.sample(alone, tmp_path / "coding", n=12)
    assert made.items == 12 and len(ids(tmp_path / "coding")) == 12
    with pytest.raises(toolkit.errors.ConfigError, match="every paragraph has codes by people already"):
        toolkit.sample(both, tmp_path / "none", n=12)
    with (tmp_path / "coding" / "sheet.csv").open(encoding="utf-8", newline="") as stream:
        sheet = csv.DictReader(stream)
        assert {row["kind"] for row in sheet} == {""} and "kind" in (sheet.fieldnames or [])
    assert "write `machine` under `kind`" in (tmp_path / "coding" / "README.md").read_text(encoding="utf-8")


def test_answers_of_machines_to_intrusion_tests_are_scored_apart(run: Run, tmp_path: Path) -> None:
    import json

    toolkit.sample(run, tmp_path / "words", n=8, kind="words")
    key = json.loads((tmp_path / "words" / "key.json").read_text(encoding="utf-8"))
    lines = ["item,chosen,coder,kind"]
    for row in key["items"]:
        wrong = 1 + (row["intruder"] + 1) % len(row["options"])
        lines += [f"{row['item']},{row['intruder'] + 1},ann,", f"{row['item']},{wrong},gpt,machine"]
    place = tmp_path / "words" / "answers.csv"
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    made = toolkit.evaluate(run, place)
    assert made.scores["intrusion.word"].value == 1.0 and made.scores["machines.intrusion.word"].value == 0.0
    assert made.notes[:2] == ("8 answers by 1 coder to 8 items.", "8 answers by 1 machine to 8 items.")


def test_check_says_that_only_machines_coded_and_refuses_a_machine_that_no_file_has(run: Run, tmp_path: Path) -> None:
    place = codes(run, tmp_path / "c.csv", {"gpt": ""}, step=4)
    config = run.path.parent / "study" / "study.yaml"
    given = ("check", config, "--set", f"codebook.codes={place}", "--set")
    done = command(*given, "codebook.machines=[gpt]", cwd=tmp_path)
    assert "coders: gpt (machine)" in done.stdout and "Only machines coded (gpt), no person" in done.stdout
    wrong = command(*given, "codebook.machines=[gtp]", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "codebook.machines: 'gtp' is no coder of codebook.codes (did you mean 'gpt'?)" in wrong.stderr


def test_a_coder_declared_as_a_machine_in_about_is_one(run: Run, tmp_path: Path) -> None:
    place = codes(run, tmp_path / "c.csv", {"gpt": "", "ann": ""}, step=4)
    config, about = run.path.parent / "study" / "study.yaml", [{"id": "gpt", "kind": "program"}]
    study = open_study(load(config, overrides={"codebook.codes": str(place), "about.coders": about}), QUIET)
    assert study.human is not None and study.human.names == {"ann": "ann", "gpt": "gpt (machine)"}

"""A run against what people say: known agreement gives known scores; what does not apply is null with a reason."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from kit.samples import again, code_by_topic, small_run, write_answers
from kit.studies import TOPICS
from sklearn import metrics as reference

import toolkit
from toolkit.cli import main
from toolkit.errors import ConfigError
from toolkit.run_folder.manifest import folder_files
from toolkit.runs import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return small_run(tmp_path_factory.mktemp("evaluate"))


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


def unique(run: Run) -> list[dict[str, Any]]:
    return [row for row in run.table("paragraphs").to_pylist() if row["duplicate_of"] is None]


def topic(text: str) -> str:
    return next(name for name in TOPICS if f"file on {name}" in text)


def given(run: Run) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {row["paragraph_id"]: set() for row in unique(run)}
    for row in run.table("codes").to_pylist():
        if row["assigned"] and row["paragraph_id"] in codes:
            codes[row["paragraph_id"]].add(row["code"])
    return codes


def test_codes_are_scored_as_counted_by_hand_and_rows_that_match_nothing_are_named(run: Run, tmp_path: Path) -> None:
    rows = [
        {"paragraph_id": row["paragraph_id"], "code": code_by_topic(row["text"]), "coder": "ann"} for row in unique(run)
    ]
    gold = write(tmp_path / "gold.csv", [*rows, {"paragraph_id": "nowhere:1", "code": "ports", "coder": "ann"}])
    before = folder_files(run.path)
    result = toolkit.evaluate(run, gold)
    machine, people = given(run), {row["paragraph_id"]: {row["code"]} - {""} for row in rows}
    for code in ("ports", "learning"):
        hits = sum(code in machine[paragraph] and code in people[paragraph] for paragraph in people)
        both = sum(code in machine[paragraph] for paragraph in people) + sum(
            code in people[paragraph] for paragraph in people
        )
        assert hits and result.scores[f"codes.f1.{code}"].value == pytest.approx(2 * hits / both)
    assert result.scores["codes.recall.fisheries"].value is None and result.scores["codes.recall.fisheries"].reason
    assert result.scores["codes.alpha"].value is None, "one coder agrees with nobody"
    assert result.scores["labels"].value is None and "no column label" in str(result.scores["labels"].reason)
    assert len(result.unmatched) == 1 and "nowhere:1" in result.unmatched[0] and "nowhere:1" in result.notes[0]
    disputed = {(row["paragraph_id"], row["code"]) for row in result.disagreements.to_pylist()}
    assert disputed == {(paragraph, code) for paragraph in people for code in machine[paragraph] ^ people[paragraph]}
    assert folder_files(run.path) == before, "the run folder stays sealed"


def test_coders_are_held_against_each_other_and_their_disagreements_are_listed(run: Run, tmp_path: Path) -> None:
    rows = []
    for place, row in enumerate(unique(run)):
        code = code_by_topic(row["text"])
        rows.append({"text": row["text"], "code": code, "coder": "ann"})
        rows.append({"text": row["text"], "code": "" if place == 3 else code, "coder": "bob"})
    odd = unique(run)[3]["paragraph_id"]
    result = toolkit.evaluate(run, write(tmp_path / "gold.csv", rows), tmp_path / "out")
    among = [row for row in result.disagreements.to_pylist() if row["between"] == "coders"]
    assert [(row["paragraph_id"], row["given_by"], row["not_given_by"]) for row in among] == [(odd, ["ann"], ["bob"])]
    alpha, kappa = result.scores["codes.alpha"], result.scores["codes.kappa ann / bob"]
    assert 0.9 < alpha.value < 1 and alpha.low < alpha.value and kappa.value == pytest.approx(alpha.value, abs=0.01)
    assert result.scores["codes.kappa machine / ann"].value != result.scores["codes.kappa machine / bob"].value
    page = (tmp_path / "out" / "disagreements.md").read_text(encoding="utf-8")
    assert "ann; not bob" in page and among[0]["text"][:40] in page
    assert (tmp_path / "out" / "disagreements.csv").read_text(encoding="utf-8").count("coders,") == 1


@pytest.mark.parametrize("by", ["paragraph_id", "text", "document_id"])
def test_labels_are_scored_as_scikit_learn_does(run: Run, tmp_path: Path, by: str) -> None:
    rows = unique(run)
    key = {"paragraph_id": "paragraph_id", "text": "text", "document_id": "document_id"}[by]
    named = {row[key]: topic(row["text"]) if place % 7 else "mixed" for place, row in enumerate(rows)}
    result = toolkit.evaluate(
        run, write(tmp_path / "g.csv", [{by: name, "label": label} for name, label in named.items()])
    )
    labels, themes = [named[row[key]] for row in rows], [row["theme"] for row in rows]
    for name, score in (
        ("ari", reference.adjusted_rand_score),
        ("ami", reference.adjusted_mutual_info_score),
        ("homogeneity", reference.homogeneity_score),
        ("completeness", reference.completeness_score),
        ("v_measure", reference.v_measure_score),
    ):
        metric = result.scores[f"labels.{name}"]
        assert metric.value == pytest.approx(score(labels, themes)) and metric.low <= metric.value <= metric.high
        assert result.scores[f"labels.{name}.baseline"].value < max(metric.value, 0.5)
    each = [
        metric.value
        for key, metric in result.scores.items()
        if key.startswith("labels.matched_f1.") and "base" not in key
    ]
    assert result.scores["labels.matched_f1"].value == pytest.approx(np.mean(each)) and len(each) == len(set(labels))
    assert ("labels.document.ari" in result.scores) == (by == "document_id")


def test_intrusion_answers_are_held_against_chance_overall_and_by_theme(run: Run, tmp_path: Path) -> None:
    toolkit.sample(run, tmp_path / "docs", n=12, kind="documents")
    key = json.loads((tmp_path / "docs" / "key.json").read_text())
    page = (tmp_path / "docs" / "sheet.html").read_text(encoding="utf-8")
    assert "intruder" not in page and '"theme"' not in page
    answers = [
        {"item": row["item"], "chosen": row["intruder"] + 1 if place else "", "coder": "ann", "sheet": key["sheet"]}
        for place, row in enumerate(key["items"])
    ]
    file = write(tmp_path / "docs" / "answers-ann.csv", [*answers, {**answers[0], "item": "i9999"}])
    result = toolkit.evaluate(run, file)
    overall = result.scores["intrusion.document"]
    assert overall.value == pytest.approx(11 / 12) and overall.n == 12
    assert overall.low == pytest.approx(0.6152, abs=1e-4) and overall.high == pytest.approx(0.9979, abs=1e-4)
    assert result.scores["intrusion.document.baseline"].value == 0.25
    themes = [metric for name, metric in result.scores.items() if ".theme." in name]
    assert len(themes) == 4 and sum(metric.n for metric in themes) == 12 and all(metric.low < 1 for metric in themes)
    assert result.unmatched == ("line 14: i9999: no such item in key.json",)
    other = write(tmp_path / "docs" / "of-another.csv", [{**answers[0], "sheet": "d-00000000"}])
    with pytest.raises(ConfigError, match="another key"):
        toolkit.evaluate(run, other)


def test_the_command_prints_a_table_writes_files_and_ends_with_2_on_a_fault(run: Run, tmp_path: Path) -> None:
    gold = write(tmp_path / "gold.csv", [{"paragraph_id": r["paragraph_id"], "code": ""} for r in unique(run)[:5]])
    ran = CliRunner().invoke(main, ["evaluate", str(run.path), "--gold", str(gold), "--out", str(tmp_path / "out")])
    assert ran.exit_code == 0 and "codes.macro f1" in ran.output and "no coded paragraph has any code" in ran.output
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"evaluation.json", "scores.csv", "evaluation.md"}
    given = ["evaluate", str(run.path), "--gold", str(gold), "--out", str(tmp_path / "out"), "--json"]
    tree = json.loads(CliRunner().invoke(main, given).output)
    assert tree["scores"]["codes.macro f1"] == {"value": None, "reason": "no coded paragraph has any code"}
    for name, text, message in (
        ("a.csv", "name,mark\nx,y\n", "needed are"),
        ("b.csv", "", "no rows"),
        ("c.csv", "text,code\nx,y\n", ""),
        ("missing.csv", None, "no such file"),
    ):
        if text is not None:
            (tmp_path / name).write_text(text)
        ran = CliRunner().invoke(
            main, ["evaluate", str(run.path), "--gold", str(tmp_path / name), "--out", str(tmp_path / name[0])]
        )
        assert ran.exit_code == (2 if message else 0) and message in ran.output and "Traceback" not in ran.output
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    ran = CliRunner().invoke(main, ["evaluate", str(run.path), "--gold", str(gold), "--out", str(tmp_path / "mine")])
    assert ran.exit_code == 2 and "something other than" in ran.output


def test_disagreements_stand_in_the_run_and_its_report_unless_words_are_not_to_be_shown(
    run: Run, tmp_path: Path
) -> None:
    toolkit.sample(run, tmp_path / "coding", n=12)
    sheet = tmp_path / "coding" / "sheet.csv"
    write_answers(sheet, "ann")
    write_answers(sheet, "bob", lambda text: "fisheries")
    coded = again(run, tmp_path / "run", tmp_path / "coding")
    table = coded.table("disagreements").to_pylist()
    assert {row["between"] for row in table} == {"coders", "machine"}
    assert all(row["given_by"] and row["not_given_by"] for row in table)
    page = (coded.path / "report.html").read_text(encoding="utf-8")
    assert "Where the coders disagree with each other" in page and "given by bob, not by ann" in page
    out = tmp_path / "out.zip"
    for text in ("none",):
        ran = CliRunner().invoke(main, ["export", str(coded.path), "--to", "zip", "--text", text, "--out", str(out)])
        assert ran.exit_code == 0
    import zipfile

    with zipfile.ZipFile(out) as packed:
        bare = b"".join(
            packed.read(name) for name in packed.namelist() if "disagreements.csv" in name or "report.html" in name
        )
    assert table[0]["text"][:60].encode() not in bare


def test_each_score_says_how_many_codes_it_is_out_of_and_has_no_interval_without_width(
    run: Run, tmp_path: Path
) -> None:
    machine = given(run)
    rows = [
        {"paragraph_id": name, "code": ";".join(sorted(codes)), "coder": coder}
        for name, codes in machine.items()
        for coder in ("ann", "bob")
    ]
    result = toolkit.evaluate(run, write(tmp_path / "gold.csv", rows))
    assigned = sum("ports" in codes for codes in machine.values())
    assert 0 < assigned < len(machine)
    for measure in ("precision", "recall", "f1"):
        score = result.scores[f"codes.{measure}.ports"]
        n = 2 * assigned if measure == "f1" else assigned
        assert (score.value, score.low, score.hits, score.n) == (1.0, None, n, n)
        assert "same in all" in str(score.reason)
    for measure in ("alpha", "kappa ann / bob"):
        assert result.scores[f"codes.{measure}.ports"].n == len(machine)
    never = [name for name in ("ports", "learning") if not any(name in codes for codes in machine.values())]
    for name in never:
        assert "no variation" in str(result.scores[f"codes.kappa ann / bob.{name}"].reason)


def test_an_evaluation_without_disagreements_leaves_none_of_an_earlier_one_behind(run: Run, tmp_path: Path) -> None:
    machine = given(run)
    rows = [{"paragraph_id": name, "code": ";".join(sorted(codes))} for name, codes in machine.items()]
    wrong = [{**row, "code": "" if row["code"] else "ports"} for row in rows]
    out = tmp_path / "out"
    toolkit.evaluate(run, write(tmp_path / "wrong.csv", wrong), out)
    assert (out / "disagreements.csv").is_file() and (out / "disagreements.md").is_file()
    toolkit.evaluate(run, write(tmp_path / "right.csv", rows), out)
    assert sorted(path.name for path in out.iterdir()) == ["evaluation.json", "evaluation.md", "scores.csv"]


def test_a_json_list_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gold.json").write_text('[{"paragraph_id": "a:1", "code": ""}]', encoding="utf-8")
    with pytest.raises(ConfigError, match="1: a line must hold one object"):
        toolkit.evaluate(run, tmp_path / "gold.json")


def test_a_folder_and_a_glob_are_read_whole_each_file_for_what_its_columns_allow(run: Run, tmp_path: Path) -> None:
    rows = unique(run)
    half = [{"paragraph_id": row["paragraph_id"], "code": code_by_topic(row["text"])} for row in rows]
    folder = tmp_path / "gold"
    folder.mkdir()
    write(folder / "codes-a.csv", half[::2])
    write(folder / "codes-b.csv", half[1::2])
    write(folder / "labels.csv", [{"text": row["text"], "label": topic(row["text"])} for row in rows])
    write(folder / "other.csv", [{"name": "x", "mark": "y"}])
    whole = toolkit.evaluate(run, folder)
    one = toolkit.evaluate(run, write(tmp_path / "one.csv", half))
    assert whole.scores["codes.macro f1"] == one.scores["codes.macro f1"] and whole.scores["labels.ari"].value
    assert any("other.csv" in note and "left out" in note for note in whole.notes)
    given = ["evaluate", str(run.path), "--gold", str(folder / "codes-*.csv"), "--out", str(tmp_path / "out"), "--json"]
    tree = json.loads(CliRunner().invoke(main, given).output)
    assert tree["scores"]["codes.macro f1"]["value"] == one.scores["codes.macro f1"].value
    assert tree["scores"]["labels"]["value"] is None and tree["gold"] == "2 files: codes-a.csv, codes-b.csv"
    empty = CliRunner().invoke(main, ["evaluate", str(run.path), "--gold", str(tmp_path / "no-*.csv")])
    assert empty.exit_code == 2 and "file there" in empty.output and "Traceback" not in empty.output


def test_labels_that_match_the_themes_wholly_have_no_interval_without_width(run: Run, tmp_path: Path) -> None:
    rows = [{"paragraph_id": row["paragraph_id"], "label": f"t{row['theme']}"} for row in unique(run)]
    metric = toolkit.evaluate(run, write(tmp_path / "g.csv", rows)).scores["labels.ari"]
    assert (metric.value, metric.low, metric.high) == (1.0, None, None) and "same in all draws" in str(metric.reason)


def test_a_run_by_lsa_gives_codes_by_wording_and_says_so(run: Run) -> None:
    codes = given(run)
    harbour = [row["paragraph_id"] for row in unique(run) if topic(row["text"]) == "harbour"]
    assert sum("ports" in codes[paragraph] for paragraph in harbour) > len(harbour) / 2
    assert any("wording alone decides" in note for note in run.table("notes")["text"].to_pylist())

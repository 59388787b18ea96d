"""Themes that people named, merged and dropped: what a run makes of it, and what stays the machine's."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from kit.commands import command
from kit.logs import key_of, log_of, write
from kit.reports import full_markdown
from kit.studies import write_study

import toolkit
from toolkit.assignment import assign
from toolkit.compare.compare import compare
from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.page import page
from toolkit.report.pdf import document
from toolkit.report.sections import report
from toolkit.runs import Run
from toolkit.runtime.progress import QUIET
from toolkit.settings import ReportSettings
from toolkit.study.decided import changed, unique_labels
from toolkit.values import NOISE
from toolkit.verify.verify import verify

MARKS = "<script>alert(1)</script> | **bold** [x](y)"
"""A name that would be a program in a page, and a cell and marks in Markdown."""


class Studies(NamedTuple):
    """A study, its run without a log, and one whose log merges themes 1 and 3, names 0 and drops 2."""

    config: Path
    plain: Run
    decided: Run
    log: Path


def words_of(made: Run) -> str:
    """The report of a run as Markdown, with all that the page folds."""
    return full_markdown(made.path)


def run(config: Path, out: Path, **settings: Any) -> Run:
    return toolkit.run(config, out=out, set={"store": str(config.parent / "store"), **settings}, progress=QUIET)


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Studies:
    home = tmp_path_factory.mktemp("decided")
    config = write_study(home / "study", report={"formats": ["md"]})
    plain = run(config, home / "plain")
    log = write(
        home / "study" / "decisions.yaml", log_of(plain),
        {"do": "merge", "themes": [key_of(plain, 1), key_of(plain, 3)], "to": "Boats and ports"},
        {"do": "rename", "theme": key_of(plain, 0), "to": "What Wei calls it"},
        {"do": "note", "theme": key_of(plain, 0), "text": "Read the first quote."},
        {"do": "drop", "theme": key_of(plain, 2), "who": "Ann", "why": "page furniture"},
    )  # fmt: skip
    return Studies(config, plain, run(config, home / "decided", decisions=str(log)), log)


def named(run: Run, label: str) -> Any:
    rows = run.themes[run.themes["label"] == label]
    assert len(rows) == 1, run.themes["label"].tolist()
    return rows.iloc[0]


def test_every_table_is_of_the_themes_as_people_left_them(studies: Studies) -> None:
    before = studies.plain.paragraphs["theme"]
    rows = studies.decided.paragraphs
    assert (rows["machine_theme"] == before).all()
    boats, wei = named(studies.decided, "Boats and ports"), named(studies.decided, "What Wei calls it")
    assert (rows["theme"] == boats["theme"]).equals(before.isin([1, 3]))
    assert (rows["theme"] == wei["theme"]).equals(before == 0)
    assert (rows["theme"] == NOISE).equals(before.isin([2, NOISE]))
    unique = rows[rows["duplicate_of"].isna()]
    assert boats["share"] == pytest.approx((unique["theme"] == boats["theme"]).mean(), abs=1e-12)
    shares = studies.decided.prevalence.query("kind == 'theme' and group_by.isna() and unit == 'paragraph'")
    assert (
        shares.query("counting == 'unique' and id == @boats.theme.astype('str')")["estimate"].item() == boats["share"]
    )
    quoted = studies.decided.exemplars.merge(rows, on="paragraph_id")
    level_0 = quoted[quoted["theme_x"] < 1000]
    assert len(level_0) and (level_0["theme_x"] == level_0["theme_y"]).all()


def test_the_machines_part_stays_beside_what_people_made_of_it(studies: Studies) -> None:
    boats, wei = named(studies.decided, "Boats and ports"), named(studies.decided, "What Wei calls it")
    none = studies.decided.themes.set_index("theme").loc[NOISE]
    unique = studies.plain.paragraphs[studies.plain.paragraphs["duplicate_of"].isna()]
    sizes = Counter(unique["theme"])
    assert (boats["named_by"], wei["named_by"], wei["note"]) == ("Wei", "Wei", "Read the first quote.")
    assert wei["machine_label"] == studies.plain.themes.set_index("theme").loc[0, "label"]
    assert boats["changed_paragraphs"] == min(sizes[1], sizes[3]) and wei["changed_paragraphs"] == 0
    assert none["changed_paragraphs"] == sizes[2]
    plain = studies.plain.themes.query("level == 0")
    assert (plain["changed_paragraphs"] == 0).all() and plain["named_by"].isna().all()
    assert studies.decided.metrics["decisions.changed"]["hits"] == min(sizes[1], sizes[3]) + sizes[2]
    outcomes = studies.decided.frame("decisions")
    assert outcomes["outcome"].tolist() == ["applied"] * 4 and outcomes["who"].tolist() == ["Wei"] * 3 + ["Ann"]
    assert (
        outcomes["paragraphs"].isna().tolist() == [False, True, True, False] and outcomes["paragraphs"][3] == sizes[2]
    )


def test_paragraphs_that_a_person_took_out_are_told_of_the_theme_that_lost_them_and_of_no_theme(
    studies: Studies, tmp_path: Path
) -> None:
    rows = studies.plain.paragraphs.query("theme == 0 and duplicate_of.isna()")["paragraph_id"].tolist()
    log = studies.plain.move(rows[:2], None, who="Bo")
    log = studies.plain.move(rows[2:3], 1, who="Bo", log=log)
    moved = run(studies.config, tmp_path / "moved", decisions=str(log.save(tmp_path / "log.yaml")))
    text = words_of(moved)
    n = len(studies.plain.paragraphs.query("duplicate_of.isna()"))
    assert f"3 of the machine's {len(rows)} paragraphs are elsewhere" in text
    assert re.search(rf"“No theme”.*\(2 of {n} unique paragraphs\) come from the move by Bo", text)
    assert "| move paragraphs to no theme |" in text and "| move paragraphs to “" in text


def test_a_run_without_themes_still_says_what_people_decided(studies: Studies, tmp_path: Path) -> None:
    log = None
    for theme in studies.plain.themes.query("level == 0 and theme >= 0")["theme"]:
        log = studies.plain.drop(int(theme), who="Bo", why="off the subject", log=log)
    assert log is not None
    none = run(studies.config, tmp_path / "none", decisions=str(log.save(tmp_path / "log.yaml")))
    text = words_of(none)
    lines = len(log.decisions)
    assert f"What people changed: {lines} decisions" in text and text.count("| off the subject |") == lines
    assert 'href="#themes"' in page(report(build(RunTables(none.path), ReportSettings())))


def test_the_report_says_what_people_changed_and_one_without_a_log_says_nothing_of_it(studies: Studies) -> None:
    text = words_of(studies.decided)
    changed = studies.decided.metrics["decisions.changed"]
    assert "What people changed" in text and "4 of 4 decisions by Wei and Ann were applied" in text
    assert f"{changed['hits']} of {changed['n']} unique paragraphs" in text
    boats = int(named(studies.decided, "Boats and ports")["changed_paragraphs"])
    assert f"({boats} of {changed['n']} unique paragraphs) come from the merge by Wei" in text
    assert f"the machine's name: “{studies.plain.themes['label'][0]}”" in text and "Read the first quote." in text
    assert text.count("; measured on the refits for the theme as people left it") == 1  # not of the theme only named
    assert "in conflict" not in text.partition("## Methods")[0]
    for cell in (" as “Boats and ports” |", " to “What Wei calls it” |", ": Read the first quote. |"):
        assert cell in text, cell
    plain = words_of(studies.plain)
    assert not any(words in plain for words in ("eople edited", "eople changed", "decisions", "Named by", "by people"))


def test_compare_calls_a_merge_merged_and_what_was_only_named_the_same(studies: Studies) -> None:
    comparison = compare(studies.plain, studies.decided)
    boats, wei = (int(named(studies.decided, label)["theme"]) for label in ("Boats and ports", "What Wei calls it"))
    assert {(match.kind, match.before, match.after) for match in comparison.themes} == {
        ("merged", (1, 3), (boats,)), ("same", (0,), (wei,)), ("gone", (2,), ()),
    }  # fmt: skip


def test_new_documents_get_the_themes_and_names_of_people(studies: Studies, tmp_path: Path) -> None:
    made = assign(studies.decided, studies.config.parent / "corpus", tmp_path / "out", progress=QUIET)
    assert made.paragraphs["theme"].tolist() == studies.decided.paragraphs["theme"].tolist()
    assert made.themes["label"].tolist() == studies.decided.themes["label"].tolist()
    assert made.themes["changed_paragraphs"].isna().all()


@pytest.fixture(scope="module")
def conflict(studies: Studies, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, str]:
    """A run whose log splits theme 0, has one line too many, and says it in marks; and what the command line said."""
    home = tmp_path_factory.mktemp("conflict")
    log = write(
        home / "log.yaml", log_of(studies.plain),
        {"do": "split", "theme": key_of(studies.plain, 0), "into": 2, "as": ["large", "small"]},
        {"do": "rename", "theme": "large", "to": MARKS, "who": MARKS, "why": MARKS},
        {"do": "drop", "theme": key_of(studies.plain, 2)},
        {"do": "rename", "theme": key_of(studies.plain, 2), "to": "What is gone"},
    )  # fmt: skip
    settings = ("--set", f"decisions={log}", "--set", f"store={studies.config.parent / 'store'}")
    done = command("run", studies.config, *settings, "--out", "out", "--quiet", cwd=home)
    assert done.returncode == 0, done.stderr
    return toolkit.load_run(home / "out"), done.stderr


def test_a_decision_in_conflict_is_named_and_the_run_is_finished(conflict: tuple[Run, str]) -> None:
    made, output = conflict
    assert output.startswith("1 of 4 decisions is in conflict: 4 (rename “") and "tables/decisions.csv" in output
    text = words_of(made)
    assert text.count("1 of 4 decisions is in conflict") == 2  # in short, and among the themes
    assert "Intervals and stability take these decisions as given" in text
    assert "Decision 4 (rename, by Wei) was not applied" in text.partition("Noted by the stages")[2]
    row = made.frame("decisions").iloc[3]
    assert row["outcome"] == "in conflict" and row["reason"] and made.metrics["decisions.conflicts"]["value"] == 1


def test_the_halves_that_a_run_shows_are_those_that_a_split_makes(studies: Studies, conflict: tuple[Run, str]) -> None:
    shown = studies.plain.frame("halves").query("theme == 0").set_index("paragraph_id")["half"]
    split = conflict[0].paragraphs.set_index("paragraph_id")["theme"][shown.index]
    assert len(shown) == studies.plain.themes["paragraphs"][0]
    assert split.groupby(shown).nunique().tolist() == [1, 1] and split.nunique() == 2
    assert (shown == 0).sum() >= (shown == 1).sum() > 0
    large = conflict[0].themes.set_index("label")["theme"][MARKS]
    assert (split == large).equals(shown == 0)


def test_words_of_people_are_words_and_no_marks_in_the_report(conflict: tuple[Run, str]) -> None:
    made, _ = conflict
    tree = report(build(RunTables(made.path), ReportSettings()))
    assert "<script>alert" not in page(tree) and "&lt;script&gt;alert" in page(tree)
    rows = [line for line in markdown(tree).splitlines() if line.startswith("| 2 | rename")]
    assert len(rows) == 1 and len(re.findall(r"(?<!\\)\|", rows[0])) == 7


def test_check_says_how_much_of_a_log_is_in_the_corpus(studies: Studies, tmp_path: Path) -> None:
    core = {name for theme in studies.plain.log.themes.values() for name in theme.core}
    text = studies.log.read_text(encoding="utf-8")
    (tmp_path / "other.yaml").write_text(
        re.sub(r"core: \[.*?\]", lambda match: "core: [" + match[0][7:-1][::-1].replace(" ,", ", ") + "]", text),
        encoding="utf-8",
    )
    for log, message in (
        (studies.log, f"{len(core)} of the {len(core)} core paragraphs it names are in this corpus\n"),
        (
            tmp_path / "other.yaml",
            f"0 of the {len(core)} core paragraphs it names are in this corpus: the log is of other",
        ),
    ):
        done = command("check", str(studies.config), "--set", f"decisions={log}", cwd=tmp_path)
        assert done.returncode == 0 and message in done.stdout, (done.stdout, done.stderr)


def test_check_counts_the_lines_of_a_log_and_names_its_faults(studies: Studies, tmp_path: Path) -> None:
    outcome = command("check", studies.config, "--set", f"decisions={studies.log}", cwd=tmp_path)
    assert "decisions 4 lines about 4 themes: 1 merge, 1 rename, 1 note, 1 drop; by Wei, Ann" in outcome.stdout
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(studies.log.read_text(encoding="utf-8").replace("do: merge", "do: merg", 1), encoding="utf-8")
    outcome = command("check", studies.config, "--set", f"decisions={wrong}", cwd=tmp_path)
    assert outcome.returncode == 2 and "wrong.yaml:" in outcome.stderr and "merge" in outcome.stderr
    outcome = command("check", studies.config, "--set", "decisions=gone.yaml", cwd=tmp_path)
    assert outcome.returncode == 2 and "gone.yaml" in outcome.stderr and "decisions" in outcome.stderr


def test_another_layout_of_the_log_is_the_same_experiment_and_another_decision_is_none(
    studies: Studies, tmp_path: Path
) -> None:
    from toolkit.experiment.experiment import load

    def sha(place: Path | None) -> str:
        return load(studies.config, overrides={"decisions": None if place is None else str(place)}).sha256

    text = studies.log.read_text(encoding="utf-8")
    (tmp_path / "same.yaml").write_text(f"# a comment\n{text}", encoding="utf-8")
    (tmp_path / "other.yaml").write_text(text.replace("What Wei calls it", "Another name"), encoding="utf-8")
    assert sha(tmp_path / "same.yaml") == sha(studies.log) == studies.decided.manifest["experiment"]["sha256"]
    assert sha(tmp_path / "other.yaml") != sha(studies.log)
    assert sha(None) == studies.plain.manifest["experiment"]["sha256"]


def test_every_form_of_the_report_says_what_people_changed(studies: Studies) -> None:
    tree = report(build(RunTables(studies.decided.path), ReportSettings()))
    for form in (page(tree), str(document(tree))):
        assert all(words in form for words in ("What people changed", "Boats and ports", "page furniture", "Named by"))


def test_a_log_that_only_names_takes_all_that_was_made_of_the_themes_from_the_store(
    studies: Studies, tmp_path: Path
) -> None:
    named = {"do": "rename", "theme": key_of(studies.plain, 0), "to": "Only a name"}
    made = run(
        studies.config, tmp_path / "out", decisions=str(write(tmp_path / "l.yaml", log_of(studies.plain), named))
    )
    assert [stage["name"] for stage in made.manifest["stages"] if not stage["from_cache"]] == ["decide"]
    assert made.themes["label"][0] == "Only a name" and made.prevalence.equals(studies.plain.prevalence)


@pytest.mark.slow
def test_a_decided_run_is_replayed_from_its_folder_to_the_byte(studies: Studies, tmp_path: Path) -> None:
    kept = Path(shutil.copytree(studies.decided.path, tmp_path / "kept"))
    aside = studies.log.rename(studies.log.with_suffix(".aside"))  # the folder's copy is what a replay reads
    try:
        verdict = verify(kept, progress=QUIET)
    finally:
        aside.rename(studies.log)
    assert (verdict.grade, verdict.broken, verdict.unchecked) == ("identical", (), ()), list(verdict.lines())


@pytest.mark.slow
def test_without_the_log_the_run_is_what_it_was_before(studies: Studies, tmp_path: Path) -> None:
    again = run(studies.config, tmp_path / "again", decisions=None)
    assert again.manifest["files"] == studies.plain.manifest["files"]


def test_a_theme_counts_paragraphs_by_people_from_the_theme_that_gives_most_of_it() -> None:
    machine = np.array([0, 0, 0, 1, 1, 2, 2, NOISE], np.int32)
    now = np.array([0, 0, 0, 0, 0, NOISE, 1, NOISE], np.int32)
    assert changed(now, machine) == {NOISE: 1, 0: 2, 1: 0}
    halves = np.array([0, 0, 2, 1, 1, 3, 3, NOISE], np.int32)  # of themes split, the smaller part is a person's
    assert changed(halves, machine) == {NOISE: 0, 0: 0, 1: 0, 2: 1, 3: 0}
    given = np.array([0, 1, 1, 1, 1, 1, 1, NOISE], np.int32)  # what is left of theme 0 is still theme 0
    assert changed(given, np.array([0, 0, 0, 1, 1, 1, 1, NOISE], np.int32)) == {NOISE: 0, 0: 0, 1: 2}
    taken = np.array([0, 0, 0, 0, 0, 0, 0, 1], np.int32)  # a theme of paragraphs that were in none is a person's
    assert changed(taken, np.array([0, 0, 0, NOISE, NOISE, NOISE, NOISE, NOISE], np.int32)) == {NOISE: 0, 0: 4, 1: 1}
    assert changed(machine, machine) == {NOISE: 0, 0: 0, 1: 0, 2: 0}


def test_a_name_stays_as_given_and_a_label_of_the_machine_gives_way() -> None:
    themes, machine = [0, 1, 2, 1000], ["Ports", "Fish", "ports", "Fish"]
    assert unique_labels(themes, machine, {1: "Ports"}) == ["Ports (2)", "Ports", "ports (3)", "Fish"]
    assert unique_labels(themes, machine, {}) == machine

"""Drawing paragraphs to code: the same draw each time, blind sheets, shares corrected only where the draw allows it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from kit.samples import again, code_by_topic, design, ids, small_run, write_answers

import toolkit
from toolkit.cli import main
from toolkit.errors import ConfigError, StoreError
from toolkit.estimate import correct_share
from toolkit.runs import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return small_run(tmp_path_factory.mktemp("sample"))


@pytest.mark.parametrize("how", ["random", "stratified", "informative"])
def test_the_same_run_n_and_seed_give_the_same_bytes_and_another_seed_others(
    run: Run, tmp_path: Path, how: str
) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        toolkit.sample(run, tmp_path / name, n=10, how=how, seed=seed)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == ["README.md", "codebook.md", "design.json", "sheet.csv", "sheet.html"]
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)
    assert ids(tmp_path / "a") != ids(tmp_path / "c")
    drawn = ids(tmp_path / "a")
    unique = run.paragraphs.loc[run.paragraphs["duplicate_of"].isna(), "paragraph_id"]
    assert len(set(drawn)) == 10 and set(drawn) <= set(unique)


def test_a_longer_random_draw_begins_as_the_shorter_one(run: Run, tmp_path: Path) -> None:
    toolkit.sample(run, tmp_path / "a", n=5)
    toolkit.sample(run, tmp_path / "b", n=15)
    assert ids(tmp_path / "b")[:5] == ids(tmp_path / "a")
    toolkit.sample(run, tmp_path / "c", n=500)
    assert len(ids(tmp_path / "c")) == run.paragraphs["duplicate_of"].isna().sum()
    assert "there are no more" in " ".join(design(tmp_path / "c")["notes"])


def test_no_file_for_coders_says_what_the_machine_found(run: Run, tmp_path: Path) -> None:
    toolkit.sample(run, tmp_path / "coding", n=30, how="stratified")
    page = (tmp_path / "coding" / "sheet.html").read_text(encoding="utf-8")
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    assert {key for item in data["items"] for key in item} == {"id", "text", "options", "place"}
    assert all(item["place"] == [] and item["options"] == [] for item in data["items"])
    assert set(data) == {"id", "kind", "title", "question", "items", "choices"}
    with (tmp_path / "coding" / "sheet.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["code"] for row in rows} == {"?"} and "theme" not in rows[0]
    labels = [label for label in run.themes["label"] if label not in page.partition('id="data">')[0]]
    texts = " ".join(item["text"] for item in data["items"])
    assert not [label for label in labels if label in page and label not in texts]


def test_place_is_shown_only_where_asked_for(run: Run, tmp_path: Path) -> None:
    toolkit.sample(run, tmp_path / "a", n=60, show=("source", "date"))
    page = (tmp_path / "a" / "sheet.html").read_text(encoding="utf-8")
    assert '"place":["Coast Gazette","2024-01-15"]' in page


def test_strata_are_drawn_in_proportion_and_their_weights_add_up_to_the_corpus(run: Run, tmp_path: Path) -> None:
    toolkit.sample(run, tmp_path / "a", n=20, how="stratified")
    drawn = design(tmp_path / "a")
    unique = int(run.paragraphs["duplicate_of"].isna().sum())
    assert sum(row["paragraphs"] for row in drawn["strata"]) == unique and all(row["drawn"] for row in drawn["strata"])
    assert sum(row["weight"] for row in drawn["paragraphs"]) == pytest.approx(unique)
    assert all(row["probability"] == pytest.approx(1 / row["weight"]) for row in drawn["paragraphs"])


def test_informative_draws_are_nearest_to_the_thresholds_and_marked(run: Run, tmp_path: Path) -> None:
    toolkit.sample(run, tmp_path / "a", n=6, how="informative")
    drawn = design(tmp_path / "a")
    codes = run.codes.assign(far=(run.codes["score"] - 0.5).abs())
    nearest = codes.sort_values(["far", "paragraph_id"]).groupby("code").head(1)["paragraph_id"]
    assert set(nearest) <= set(ids(tmp_path / "a")) and drawn["usable_for_shares"] is False
    assert {row["probability"] for row in drawn["paragraphs"]} == {None}


def test_answers_of_a_random_sheet_correct_shares_and_the_draw_is_checked_and_said(run: Run, tmp_path: Path) -> None:
    toolkit.sample(run, tmp_path / "coding", n=30)
    first = write_answers(tmp_path / "coding" / "sheet.csv", "ann")
    write_answers(
        tmp_path / "coding" / "sheet.csv", "bob", lambda text: "" if "Item 0 " in text else code_by_topic(text)
    )
    coded = again(
        run, tmp_path / "run", tmp_path / "coding"
    )  # the folder: both coders, and sheet.csv with nothing coded
    assert set(coded.table("human")["coder"].to_pylist()) == {"ann", "bob"}
    rows = coded.table("corrected").to_pylist()
    assert all(row["estimate"] is not None for row in rows if row["code"] == "ports")
    notes = " ".join(coded.table("notes")["text"].to_pylist())
    assert "checked: 30 paragraphs were drawn at random" in notes and "not coded" not in notes  # sheet.csv beside
    alone = again(run, tmp_path / "alone", first)
    listed = again(run, tmp_path / "listed", [str(first), str(tmp_path / "coding" / "answers-b*.csv")])
    assert listed.table("corrected").equals(coded.table("corrected"))
    assert alone.manifest["experiment"]["sha256"] != coded.manifest["experiment"]["sha256"]
    drawn = again_sample(coded, tmp_path / "next")
    assert not set(drawn) & set(ids(tmp_path / "coding")) and len(drawn) == 10
    assert set(again_sample(coded, tmp_path / "more", n=60, again=True)) > set(ids(tmp_path / "coding"))


def again_sample(run: Run, folder: Path, n: int = 10, **given: bool) -> list[str]:
    toolkit.sample(run, folder, n=n, **given)
    return list(ids(folder))


@pytest.mark.parametrize(
    ("how", "beside", "rows", "why"),
    [
        ("informative", True, slice(None), "hard to tell"),
        ("stratified", False, slice(None), "design of coding sheet"),
        ("stratified", True, slice(22), "strata"),
    ],
)
def test_shares_are_not_corrected_with_answers_that_speak_for_no_corpus(
    run: Run, tmp_path: Path, how: str, beside: bool, rows: slice, why: str
) -> None:
    toolkit.sample(run, tmp_path / "coding", n=40, how=how)
    answers = write_answers(tmp_path / "coding" / "sheet.csv", "ann", rows=rows, beside=beside)
    estimates = again(run, tmp_path / "run", answers)
    corrected = estimates.table("corrected").to_pylist()
    assert {row["estimate"] for row in corrected} == {None} and all(why in row["reason"] for row in corrected)
    assert any("No share is corrected" in text for text in estimates.table("notes")["text"].to_pylist())


def test_a_random_sheet_of_another_state_of_the_corpus_is_refused(run: Run, tmp_path: Path) -> None:
    toolkit.sample(run, tmp_path / "coding", n=30)
    answers = write_answers(tmp_path / "coding" / "sheet.csv", "ann")
    place = tmp_path / "coding" / "design.json"
    tree = json.loads(place.read_text())
    place.write_text(json.dumps({**tree, "frame": {**tree["frame"], "sha256": "0" * 64}}))
    reasons = again(run, tmp_path / "run", answers).table("corrected")["reason"].to_pylist()
    assert all("another state of the corpus" in reason for reason in reasons)


def test_weights_of_strata_take_the_bias_out_that_counting_each_paragraph_once_leaves_in() -> None:
    rng = np.random.default_rng(3)
    plain, weighed, covered, runs = [], [], 0, 150
    names = [f"d{i // 10:03}" for i in range(1000)]
    rare = np.arange(1000) % 10 < 2  # one fifth of the corpus, drawn four times as often
    for run in range(runs):
        truth = rng.random(1000) < np.where(rare, 0.7, 0.1)
        machine = np.where(truth, rng.random(1000) > 0.3, rng.random(1000) < 0.1)
        coded = np.zeros(1000, bool)
        for stratum in (rare, ~rare):
            coded[rng.permutation(np.flatnonzero(stratum))[:100]] = True
        weights = np.where(rare, rare.sum() / 100, (~rare).sum() / 100)
        estimates = correct_share(machine, truth & coded, coded, names, 200, run, weights)
        weighed.append(estimates.people[0])
        plain.append(correct_share(machine, truth & coded, coded, names, 200, run).people[0])
        covered += estimates.corrected[1] <= truth.mean() <= estimates.corrected[2]
    assert abs(np.mean(weighed) - 0.22) < 0.01 < 0.1 < abs(np.mean(plain) - 0.22)
    assert covered / runs > 0.92


def test_what_cannot_be_drawn_is_a_fault_in_one_line(run: Run, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="n: "):
        toolkit.sample(run, tmp_path / "a", n=0)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="contains other files"):
        toolkit.sample(run, tmp_path / "b", n=3)
    toolkit.sample(run, tmp_path / "c", n=3)
    write_answers(tmp_path / "c" / "sheet.csv", "ann")
    toolkit.sample(run, tmp_path / "c", n=3)  # the same sheet again beside its answers
    assert (tmp_path / "c" / "answers-ann.csv").exists()
    with pytest.raises(StoreError, match="another sheet"):
        toolkit.sample(run, tmp_path / "c", n=4)
    done = CliRunner().invoke(
        main, ["sample", str(run.path), "--n", "3", "--out", str(tmp_path / "d"), "--show", "colour"]
    )
    assert done.exit_code == 2 and "show" in done.output


def test_a_coder_who_codes_a_paragraph_otherwise_in_two_files_is_a_fault(run: Run, tmp_path: Path) -> None:
    toolkit.sample(run, tmp_path / "coding", n=5)
    first = write_answers(tmp_path / "coding" / "sheet.csv", "ann")
    (tmp_path / "coding" / "later.csv").write_text(first.read_text().replace("ports", "learning"))
    with pytest.raises(ConfigError, match="otherwise than in"):
        again(run, tmp_path / "run", tmp_path / "coding")

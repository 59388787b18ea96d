"""`toolkit assign`: new documents get the themes and codes of a run by the run's own measure; nothing is refitted."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from kit.studies import TOPICS, paragraph, write_study

import toolkit
from toolkit.assignment.assign import assign
from toolkit.cli import main
from toolkit.codebook import load_codebook
from toolkit.coding import CodebookSettings, code_further, code_paragraphs
from toolkit.discover import Consensus, KMeans, Model, discover
from toolkit.discover import assign as vote
from toolkit.discover.sample_fit import drawn
from toolkit.discover.stability import rand_index
from toolkit.errors import ConfigError, CorpusError, StoreError
from toolkit.estimate.coding_error import log_odds, share_of
from toolkit.runs import Run
from toolkit.runtime.progress import QUIET
from toolkit.schemas import BY_CODING
from toolkit.study.share_error import measured_error
from toolkit.verify.verify import verify

FOREIGN = "Quarks, gluons, baryons interact strongly; lattice calculations confirm confinement numerically. " * 2


def write_new(folder: Path, reverse: bool = False) -> Path:
    """Six new articles on the run's topics, one paragraph that the run has, one about something else, one copy."""
    folder.mkdir(parents=True)
    files = {
        f"new_{number}.txt": "\n\n".join(
            paragraph(list(TOPICS)[(number + place) % 4], 500 + number * 4 + place) for place in range(4)
        )
        for number in range(6)
    }
    files["odd.txt"] = f"{paragraph('harbour', 0)}\n\n{FOREIGN.strip()}\n\n{paragraph('schools', 501)}"
    for name in sorted(files, reverse=reverse):
        (folder / name).write_text(files[name] + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose corpus and config are gone, and new documents."""
    folder = tmp_path_factory.mktemp("assign")
    toolkit.run(write_study(folder / "study"), out=folder / "run", progress=QUIET)
    shutil.rmtree(folder / "study")
    write_new(folder / "new")
    return folder


@pytest.fixture(scope="module")
def done(home: Path) -> Run:
    return assign(home / "run", home / "new", home / "out", progress=QUIET)


def topic_of(text: str) -> str:
    return next((name for name in TOPICS if f"file on {name} " in text), "none")


def test_new_paragraphs_get_the_theme_of_their_topic_without_the_runs_corpus(home: Path, done: Run) -> None:
    before = toolkit.load_run(home / "run").paragraphs
    named = {topic_of(row.text): row.theme for row in before.itertuples()}
    rows = [row for row in done.paragraphs.itertuples() if topic_of(row.text) != "none"]
    right = [row.theme == named[topic_of(row.text)] for row in rows]
    assert len(rows) == 26 and np.mean(right) >= 0.9


def test_a_paragraph_far_from_the_run_gets_no_theme_and_one_that_it_has_keeps_its_own(home: Path, done: Run) -> None:
    rows = done.paragraphs.set_index("paragraph_id")
    foreign, known = rows.loc["odd.txt:2"], rows.loc["odd.txt:1"]
    assert foreign.outside and foreign.theme == -1 and np.isnan(foreign.strength)
    assert foreign.unread and foreign.nearest_theme == -1  # no word of it is known to the run's model (lsa)
    before = toolkit.load_run(home / "run")
    kept = before.paragraphs.set_index("paragraph_id").loc[known.in_run]
    assert known.theme == kept.theme and kept.text == known.text
    decided = [run.codes.set_index(["paragraph_id", "code"])["assigned"] for run in (done, before)]
    assert decided[0].loc["odd.txt:1"].to_dict() == decided[1].loc[known.in_run].to_dict()
    assert rows["in_run"].notna().sum() == 1


def test_a_copy_among_the_new_documents_counts_once_and_carries_what_its_original_has(done: Run) -> None:
    rows = done.paragraphs.set_index("paragraph_id")
    copies = rows[rows["duplicate_of"].notna()]
    assert len(copies) == 1
    original = rows.loc[copies["duplicate_of"].iloc[0]]
    assert copies["theme"].iloc[0] == original.theme
    assert done.metrics["corpus.unique_paragraphs"]["value"] == len(rows) - 1


def test_shares_have_intervals_and_every_theme_of_the_run_a_row(home: Path, done: Run) -> None:
    whole = done.prevalence.query(
        "kind == 'theme' and group_by.isna() and unit == 'paragraph' and counting == 'unique'"
    )
    before = toolkit.load_run(home / "run").themes
    assert set(before["theme"].astype(str)) == set(whole["id"])
    assert ((whole["low"] <= whole["estimate"]) & (whole["estimate"] <= whole["high"])).all()
    assert list(done.themes["label"]) == list(before["label"])
    assert done.themes["share_in_run"].tolist() == pytest.approx(before["share"].tolist(), nan_ok=True)


def test_the_code_of_a_theme_is_that_of_the_new_paragraphs(done: Run) -> None:
    paragraphs = done.paragraphs[done.paragraphs["duplicate_of"].isna()]
    given = done.codes[done.codes["assigned"]]
    report, named = (done.path / "report.md").read_text(encoding="utf-8"), 0
    for row in done.table("themes").to_pylist():
        if row["level"] or row["mostly"] is None:
            continue
        named += 1
        inside = set(paragraphs[paragraphs["theme"] == row["theme"]]["paragraph_id"])
        hits = inside & set(given[given["code"] == row["mostly"]]["paragraph_id"])
        assert (row["mostly_paragraphs"], row["mostly_share"]) == (len(hits), len(hits) / len(inside))
        assert f"; mostly: {row['mostly']}, {100 * row['mostly_share']:.0f}% of {len(inside)} (" in report
    assert named


def test_shares_of_codes_that_nobody_checked_in_the_run_contain_coding_error_in_both(home: Path, done: Run) -> None:
    error = measured_error()
    for run in (toolkit.load_run(home / "run"), done):
        codes = run.prevalence.query("kind == 'code' and unit == 'paragraph' and low.notna()")
        assert len(codes) and set(codes["interval_of"]) == {BY_CODING}
        centre, end = codes["estimate"].map(log_odds), codes["sampling_high"].map(log_odds)
        reach = np.hypot(end - centre, error.log_odds_high)
        assert codes["high"].tolist() == pytest.approx((centre + reach).map(share_of).tolist())
        assert run.metrics["share_error.mean"]["n"] == error.codes
    report = (done.path / "report.md").read_text(encoding="utf-8")
    assert "unchecked codes contain sampling error and the error of coding" in report


def test_the_folder_names_its_run_and_says_what_was_done(home: Path, done: Run) -> None:
    parent = toolkit.load_run(home / "run").manifest["experiment"]
    assert done.manifest["kind"] == "assign" and done.manifest["parent"]["sha256"] == parent["sha256"]
    report = (done.path / "report.md").read_text(encoding="utf-8")
    assert "nothing was fitted" in report and "far from everything that the run knew" in report
    assert str(home) not in report and parent["sha256"][:8] in report


def test_shuffled_files_in_another_place_give_the_same_bytes(home: Path, done: Run, tmp_path: Path) -> None:
    shutil.copytree(home / "run", tmp_path / "moved")
    again = assign(
        tmp_path / "moved", write_new(tmp_path / "elsewhere", reverse=True), tmp_path / "out", progress=QUIET
    )
    assert again.manifest["files"] == done.manifest["files"]


def test_verify_grades_an_assignment_and_finds_a_changed_byte(home: Path, done: Run, tmp_path: Path) -> None:
    verdict = verify(done.path, progress=QUIET)
    assert verdict.grade == "identical" and verdict.passed and not verdict.unchecked, list(verdict.lines())
    shutil.copytree(done.path, tmp_path / "edited")
    with (tmp_path / "edited" / "report.md").open("a") as report:
        report.write("x")
    assert verify(tmp_path / "edited", progress=QUIET).tampered == ("report.md: was changed",)


def test_verify_reads_each_file_of_an_assignment_once_for_its_bytes(done: Run, tmp_path: Path) -> None:
    folder = shutil.copytree(done.path, tmp_path / "copy")
    opened: list[str] = []

    def note(event: str, given: tuple[object, ...]) -> None:
        if event == "open" and str(given[0]).startswith(str(folder)):
            opened.append(Path(str(given[0])).name)

    sys.addaudithook(note)  # it stays until the process ends, and is silent once the folder is no longer read
    verify(folder, progress=QUIET)
    assert opened.count("report.md") == 1  # read for its bytes alone


def test_verify_without_the_run_checks_bytes_and_promises_and_says_so(done: Run, tmp_path: Path) -> None:
    shutil.copytree(done.path, tmp_path / "alone")
    manifest = json.loads((tmp_path / "alone" / "manifest.json").read_text())
    manifest["inputs"]["run"] = str(tmp_path / "gone")
    from toolkit.run_folder.manifest import seal

    seal(tmp_path / "alone", {key: value for key, value in manifest.items() if key not in ("seal", "files")})
    verdict = verify(tmp_path / "alone", progress=QUIET)
    assert verdict.grade is None and "no such run folder" in str(verdict.reason)
    assert not verdict.tampered and not verdict.broken


def test_assigned_codes_are_scored_against_coders_and_paragraphs_are_drawn_from_the_run(
    done: Run, tmp_path: Path
) -> None:
    codes = done.codes[done.codes["assigned"]]
    rows = [f'"{row.paragraph_id}",{row.code},ann\n' for row in codes.itertuples()]
    (tmp_path / "gold.csv").write_text("paragraph_id,code,coder\n" + "".join(rows), encoding="utf-8")
    result = toolkit.evaluate(done, tmp_path / "gold.csv")
    assert rows and result.scores["codes.f1"].value == 1.0
    with pytest.raises(StoreError, match="no run of its own; sample the run itself"):
        toolkit.sample(done, tmp_path / "sheet", n=3)


def test_the_command_line_prints_the_folder_last(home: Path, tmp_path: Path) -> None:
    arguments = ["assign", str(home / "run"), "--corpus", str(home / "new"), "--out", str(tmp_path / "out"), "--quiet"]
    outcome = CliRunner().invoke(main, arguments)
    assert outcome.exit_code == 0 and outcome.stdout.splitlines()[-1] == str(tmp_path / "out")


def test_faults_say_what_to_do(home: Path, done: Run, tmp_path: Path) -> None:
    new = home / "new"
    with pytest.raises(StoreError, match="no such run folder"):
        assign(tmp_path / "nothing", new, tmp_path / "out", progress=QUIET)
    with pytest.raises(StoreError, match="is the run itself"):
        assign(home / "run", new, home / "run", progress=QUIET)
    with pytest.raises(StoreError, match="inside the run's folder"):
        assign(home / "run", new, home / "run" / "june", progress=QUIET)
    with pytest.raises(StoreError, match="assign from the run itself"):
        assign(done.path, new, tmp_path / "out", progress=QUIET)
    with pytest.raises(ConfigError, match="leave --vectors out"):
        assign(home / "run", new, tmp_path / "out", vectors=tmp_path / "x.npy", progress=QUIET)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="holds files that are no run"):
        assign(home / "run", new, tmp_path / "full", progress=QUIET)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "blank.txt").write_text("  \n")
    with pytest.raises(CorpusError, match="no paragraph left"):
        assign(home / "run", tmp_path / "empty", tmp_path / "out", progress=QUIET)
    assert not (tmp_path / "out").exists()


def test_a_run_without_a_model_or_with_another_one_is_refused(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "run", tmp_path / "old")
    shutil.rmtree(tmp_path / "old" / "model")
    with pytest.raises(StoreError, match="has no model/"):
        assign(tmp_path / "old", home / "new", tmp_path / "out", progress=QUIET)
    shutil.copytree(home / "run", tmp_path / "other")
    axes = np.load(tmp_path / "other" / "model" / "axes.npy")
    np.save(tmp_path / "other" / "model" / "axes.npy", axes + 0.01)
    with pytest.raises(StoreError, match="its bytes are not those"):
        assign(tmp_path / "other", home / "new", tmp_path / "out", progress=QUIET)


def test_given_vectors_are_asked_for_and_used(home: Path, tmp_path: Path) -> None:
    study = write_study(tmp_path / "study", codebook=None)
    plain = toolkit.run(study, out=tmp_path / "plain", progress=QUIET)
    np.save(tmp_path / "old.npy", plain.embeddings)
    run = toolkit.run(study, set={"embed.vectors": str(tmp_path / "old.npy")}, out=tmp_path / "run", progress=QUIET)
    with pytest.raises(ConfigError, match="give those of the new paragraphs with --vectors"):
        assign(run, home / "new", tmp_path / "out", progress=QUIET)
    rng = np.random.default_rng(1)
    picks = rng.integers(0, len(plain.embeddings), 27)
    np.save(tmp_path / "new.npy", plain.embeddings[picks])
    made = assign(run, home / "new", tmp_path / "out", vectors=tmp_path / "new.npy", progress=QUIET)
    fresh = made.paragraphs["in_run"].isna().to_numpy()
    assert (
        np.mean(made.paragraphs["theme"].to_numpy()[fresh] == plain.paragraphs["theme"].to_numpy()[picks][fresh]) > 0.9
    )
    np.save(tmp_path / "narrow.npy", rng.normal(size=(27, 3)))
    with pytest.raises(ConfigError, match="3 dimensions, the run's vectors have"):
        assign(run, home / "new", tmp_path / "out2", vectors=tmp_path / "narrow.npy", progress=QUIET)


def planted(sizes: tuple[int, ...], seed: int = 0, spread: float = 0.5) -> tuple[list[str], np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    rows = random.normal(size=(len(sizes), 24))[groups] + spread * random.normal(size=(len(groups), 24))
    order = random.permutation(len(groups))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)[order]
    return [f"text {seed} {at}" for at in range(len(groups))], rows, groups[order]


def test_the_vote_agrees_with_the_fit_for_paragraphs_held_out() -> None:
    texts, vectors, _ = planted((160, 120, 90, 60))
    whole = discover(Consensus(refits=8, trials=4), texts, vectors, 1)
    tested = np.arange(len(texts)) % 10 == 0
    given = vote(Model(vectors[~tested], whole.assignment[~tested], "consensus"), vectors[tested])
    assert rand_index(given.theme, whole.assignment[tested]) >= 0.9 and given.far.mean() <= 0.1


def test_themes_beyond_a_stated_size_are_fitted_to_a_sample_and_the_agreement_is_said() -> None:
    texts, vectors, groups = planted((400, 300, 200, 100))
    settings = KMeans(themes=4, refits=2, fit_on=400)
    discovery = discover(settings, texts, vectors, 1)
    assert int(discovery.fitted.sum()) == 400 and rand_index(discovery.assignment, groups) > 0.95
    assert np.isnan(discovery.strength[~discovery.fitted]).all()
    assert discovery.parameters["fit_compared"] == 200 and discovery.parameters["fit_agreement"] > 0.9
    (note,) = (note for note in discovery.notes if "sample of 400 of 1,000" in note)
    assert f"Rand index of {discovery.parameters['fit_agreement']:.2f}" in note
    turn = np.random.default_rng(3).permutation(len(texts))
    again = discover(settings, [texts[row] for row in turn], vectors[turn], 1)
    assert np.array_equal(again.assignment, discovery.assignment[turn]) and np.array_equal(
        again.fitted, discovery.fitted[turn]
    )


def test_the_sample_is_drawn_by_the_texts_alone() -> None:
    texts = [f"paragraph number {number}" for number in range(500)]
    rows, half = drawn(texts, 100)
    turned, _ = drawn(texts[::-1], 100)
    assert {texts[row] for row in rows} == {texts[::-1][row] for row in turned}
    assert set(half) < set(rows) and len(half) == 50


def coded(texts: list[str]) -> object:
    import pyarrow as pa

    n = len(texts)
    starts = pa.array([0] * n, pa.int64())
    names = [f"d:{row}" for row in range(n)]
    return pa.table({"paragraph_id": names, "document_id": names, "text": texts, "start": starts})


def test_codes_of_new_paragraphs_are_measured_by_the_runs_background(tmp_path: Path) -> None:
    """A batch on one subject keeps its code: by itself, what its texts have in common would tell nothing."""
    from kit.studies import CODEBOOK

    (tmp_path / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    book = load_codebook(tmp_path / "codebook.yaml")
    settings = CodebookSettings(path="codebook.yaml", evidence="wording", covers="everything")
    whole = [paragraph(list(TOPICS)[row % 4], row) for row in range(120)]
    new = [paragraph("harbour", 900 + row) for row in range(25)]
    vectors = np.random.default_rng(0).normal(size=(145, 8))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    run = code_paragraphs(settings, book, coded(whole), vectors[:120], None, None, 1)
    further = code_further(settings, book, coded(new), vectors[120:], None, run.background)
    ports, *others = np.array(further.codes["assigned"]).reshape(-1, 3).mean(axis=0)
    assert ports >= 0.8 and max(others) <= 0.2
    alone = code_further(settings, book, coded(new[:1]), vectors[120:121], None, run.background)
    assert np.allclose(np.array(alone.codes["score"]), np.array(further.codes["score"])[:3])  # never by its company


def test_what_people_taught_the_run_decides_on_new_paragraphs_too(tmp_path: Path) -> None:
    from kit.studies import CODEBOOK

    from toolkit.codebook import load_human_codes
    from toolkit.coding import load_background, save_background

    (tmp_path / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    book = load_codebook(tmp_path / "codebook.yaml")
    settings = CodebookSettings(path="codebook.yaml", evidence="wording", covers="everything")
    topics = [list(TOPICS)[row % 4] for row in range(160)]
    texts = [paragraph(topic, row) for row, topic in enumerate(topics)]
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(4, 8))[np.arange(160) % 4] + 0.7 * rng.normal(size=(160, 8))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    code = {"harbour": "ports", "schools": "learning"}
    marks = "".join(f"d:{row},{code.get(topics[row], '')},ann\n" for row in range(90))
    (tmp_path / "human.csv").write_text("paragraph_id,code,coder\n" + marks, encoding="utf-8")
    human = load_human_codes(tmp_path / "human.csv", book, coded(texts[:120]))
    run = code_paragraphs(settings, book, coded(texts[:120]), rows[:120], None, human, 1)
    save_background(run, book, tmp_path)
    coding = code_further(settings, book, coded(texts[120:]), rows[120:], None, load_background(tmp_path, book))
    wanted = np.array([[topic == "harbour", topic == "schools", False] for topic in topics[120:]])
    assert (np.array(coding.codes["assigned"]).reshape(-1, 3) == wanted).mean() >= 0.95
    assert coding.codes["probability"].null_count == 0 and "learned from the run's 90 coded" in coding.method


def test_a_flipped_byte_in_what_the_themes_rest_on_is_a_fault_not_a_wrong_theme(home: Path, tmp_path: Path) -> None:
    for name in ("discover_vectors.npy", "discover_themes.npy", "code_texts.npy", "encoder.json"):
        shutil.copytree(home / "run", tmp_path / name)
        file = tmp_path / name / "model" / name
        plain = bytearray(file.read_bytes())
        plain[-1] ^= 1
        file.write_bytes(plain)
        with pytest.raises(StoreError, match=f"{name}: its bytes are not those"):
            assign(tmp_path / name, home / "new", tmp_path / "out", progress=QUIET)

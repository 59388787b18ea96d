"""`toolkit verify`: every changed byte is found, broken promises are named, and a replay gets the grade it deserves."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from kit.commands import command, process
from kit.studies import write_study

import toolkit
from toolkit.commands.report import rewrite_report
from toolkit.errors import ConfigError, StoreError
from toolkit.run_folder.manifest import seal, write_tables
from toolkit.runs import Run, load_run
from toolkit.runtime.progress import QUIET
from toolkit.verify.replay import _engine, reload
from toolkit.verify.verify import Verdict, verify


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study and its run in `run/`."""
    home = tmp_path_factory.mktemp("verify")
    toolkit.run(write_study(home / "study"), out=home / "run", progress=QUIET)
    return home


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A copy of the run that a test may spoil."""
    return Path(shutil.copytree(made / "run", tmp_path / "run"))


def bytes_only(folder: Path) -> Verdict:
    """What verify finds without the corpus: nothing is run again."""
    return verify(folder, progress=QUIET, corpus=folder / "gone")


def reseal(folder: Path) -> None:
    """Make the manifest fit the folder again, as a forger would."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    seal(folder, {key: value for key, value in manifest.items() if key != "seal"})


def edit(folder: Path, table: str, change: Callable[[list[dict[str, Any]]], Any]) -> None:
    """Change the rows of a table, in Parquet and CSV."""
    old = load_run(folder).table(table)
    rows = old.to_pylist()
    change(rows)
    write_tables(folder, {table: pa.Table.from_pylist(rows, old.schema)})
    reseal(folder)


def test_an_untouched_run_is_identical_and_every_promise_holds(made: Path) -> None:
    verdict = verify(made / "run", progress=QUIET)
    lines = list(verdict.lines())
    assert (lines[0], verdict.passed, verdict.stage) == ("identical", True, None), lines
    assert not verdict.broken and not verdict.unchecked and not verdict.tampered


def spoil_byte(path: Path, at: int) -> bytes:
    """Flip one bit of one byte; the bytes as they were."""
    whole = path.read_bytes()
    spoiled = bytearray(whole)
    spoiled[at] ^= 1
    path.write_bytes(bytes(spoiled))
    return whole


def test_one_changed_byte_in_any_file_is_found_and_named(copy: Path) -> None:
    rng = np.random.default_rng(0)
    files = sorted(path for path in copy.rglob("*") if path.is_file() and path.name != "manifest.json")
    for path in files:
        spoil_byte(path, int(rng.integers(path.stat().st_size)))
    verdict = bytes_only(copy)
    assert verdict.tampered == tuple(f"{path.relative_to(copy).as_posix()}: was changed" for path in files)
    assert not verdict.passed


@pytest.mark.parametrize("where", [0.0, 0.1, 0.35, 0.5, 0.75, 0.9, 1.0])
def test_one_changed_byte_in_the_manifest_is_found(where: float, copy: Path) -> None:
    manifest = copy / "manifest.json"
    spoil_byte(manifest, round(where * (manifest.stat().st_size - 1)))
    try:
        assert "manifest.json: was changed" in bytes_only(copy).tampered
    except StoreError as fault:
        assert "manifest.json" in str(fault)


def test_a_missing_file_is_named_and_a_file_of_the_users_is_not_counted(copy: Path) -> None:
    (copy / "tables" / "themes.csv").unlink()
    (copy / "my notes.txt").write_text("mine")
    verdict = bytes_only(copy)
    assert "tables/themes.csv: is missing" in verdict.tampered
    assert verdict.foreign == ("my notes.txt",)
    assert len(verdict.tampered) == 1


def test_without_the_corpus_bytes_and_promises_are_checked_and_no_grade_is_given(made: Path) -> None:
    verdict = bytes_only(made / "run")
    assert verdict.grade is None and verdict.reason is not None and not verdict.passed
    assert not verdict.tampered and not verdict.broken
    assert any("documents' texts cannot be read" in line for line in verdict.unchecked)
    assert next(verdict.lines()) == "no grade"


def quote_elsewhere(rows: list[dict[str, Any]]) -> None:
    rows[0]["theme"] = rows[0]["theme"] + 1 if rows[0]["theme"] == 0 else 0


SPOILED: dict[str, tuple[str, Callable[[list[dict[str, Any]]], Any], str]] = {
    "a word of a paragraph": ("paragraphs", lambda rows: rows[0].update(text="x" + rows[0]["text"][1:]), "spans:"),
    "a span moved": ("paragraphs", lambda rows: rows[0].update(start=1, end=rows[0]["end"] + 1), "spans:"),
    "a paragraph dropped": ("paragraphs", lambda rows: rows.pop(), "rows:"),
    "a ledger row dropped": ("ledger", lambda rows: rows.pop(), "coverage:"),
    "a ledger row twice": ("ledger", lambda rows: rows.append(dict(rows[-1])), "coverage:"),
    "a theme changed": ("paragraphs", lambda rows: rows[0].update(theme=(rows[0]["theme"] + 1) % 4), "themes:"),
    "the machine's theme changed": ("paragraphs", lambda rows: rows[0].update(machine_theme=77), "decisions:"),
    "a paragraph by people uncounted": ("themes", lambda rows: rows[0].update(changed_paragraphs=1), "decisions:"),
    "the machine's label changed": ("themes", lambda rows: rows[0].update(machine_label="Else"), "decisions:"),
    "a theme without a row": ("paragraphs", lambda rows: rows[0].update(theme=77), "themes:"),
    "a copy's theme": (
        "paragraphs",
        lambda rows: next(r for r in rows if r["duplicate_of"]).update(theme=-1, strength=None),
        "copies:",
    ),
    "a share polished": ("themes", lambda rows: rows[0].update(share=rows[0]["share"] + 0.01), "shares:"),
    "an interval narrowed": ("themes", lambda rows: rows[0].update(share_low=rows[0]["share"]), "shares:"),
    "an exemplar of another theme": ("exemplars", quote_elsewhere, "exemplars:"),
    "a quote touched up": ("exemplars", lambda rows: rows[0].update(quote=rows[0]["quote"].upper()), "quotes:"),
    "a code's evidence invented": ("codes", lambda rows: rows[0].update(quote="so", start=0, end=2), "quotes:"),
    "a decision left out": ("codes", lambda rows: rows.pop(3), "codes:"),
    "a document's theme": ("documents", lambda rows: rows[0].update(theme=rows[0]["theme"] + 1), "documents:"),
}


@pytest.mark.parametrize("what", sorted(SPOILED))
def test_a_forged_table_with_matching_hashes_breaks_a_promise(what: str, copy: Path, made: Path) -> None:
    table, change, message = SPOILED[what]
    edit(copy, table, change)
    broken = check(copy, made)
    assert any(line.startswith(message) for line in broken), broken


def check(folder: Path, made: Path) -> tuple[str, ...]:
    """The broken promises of a folder, with the corpus at hand and nothing run again."""
    from toolkit.corpus import corpus_files
    from toolkit.verify.promises import check_invariants
    from toolkit.verify.replay import reload
    from toolkit.verify.sources import source_texts

    run = load_run(folder)
    settings = reload(run, made / "study" / "corpus", {}).experiment.corpus
    checks = check_invariants(run, source_texts(run, corpus_files(settings), settings))
    assert not checks.unchecked
    return checks.broken


def test_vectors_of_another_length_and_a_csv_that_disagrees_break_promises(copy: Path, made: Path) -> None:
    vectors = np.load(copy / "embeddings.npy").copy()
    vectors[2] *= 1.5
    np.save(copy / "embeddings.npy", vectors)
    table = (copy / "tables" / "themes.csv").read_text(encoding="utf-8")
    (copy / "tables" / "themes.csv").write_text(table.replace("0.", "1.", 1), encoding="utf-8")
    reseal(copy)
    checks = check(copy, made)
    assert any(line.startswith("embeddings: row 2") for line in checks)
    assert any("themes.csv does not say what" in line for line in checks)


def test_a_word_changed_in_the_corpus_is_traced_to_the_corpus_and_its_document(made: Path, tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(made / "study" / "corpus", tmp_path / "corpus"))
    article = corpus / "article_03.txt"
    article.write_text(article.read_text(encoding="utf-8").replace("Item", "Entry", 1), encoding="utf-8")
    verdict = verify(made / "run", at_least="same-themes", progress=QUIET, corpus=corpus)
    assert verdict.grade in ("same-assignments", "same-themes", "different")
    assert verdict.stage == "corpus"
    assert any(line.startswith("corpus:") and "article_03.txt" in line for line in verdict.causes)
    assert any("documents' texts cannot be read" in line for line in verdict.unchecked)


def test_what_differs_on_this_machine_is_listed_though_the_bytes_are_the_same(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["environment"]["packages"]["numpy"] = "1.0.1"
    manifest["environment"]["cpu_features"] = ["abacus"]
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    reseal(copy)
    (copy / "report.md").write_text("# Nothing to see\n", encoding="utf-8")  # tampered with, unlike the manifest
    verdict = verify(copy, progress=QUIET)
    assert verdict.grade == "identical" and verdict.tampered == ("report.md: was changed",) and not verdict.passed
    assert any(line.startswith("package numpy: 1.0.1 then") for line in verdict.causes)
    assert any(line.startswith("CPU features: abacus only then") for line in verdict.causes)


def forge_themes(folder: Path, moved: int) -> None:
    """Give the last `moved` paragraphs of the two largest themes each other's theme."""

    def swap(rows: list[dict[str, Any]]) -> None:
        for theme in (0, 1):
            of_theme = [row for row in rows if row["theme"] == theme][-moved:]
            for row in of_theme:
                row["other"] = 1 - theme
        for row in rows:
            row["theme"] = row.pop("other", row["theme"])

    edit(folder, "paragraphs", swap)


@pytest.mark.parametrize(
    ("spoil", "grade", "stage"),
    [
        (lambda run: (run / "report.md").write_text("# Other words\n"), "same-assignments", "report"),
        (lambda run: forge_themes(run, 6), "different", "discover"),
    ],
)
def test_a_replay_is_graded_against_what_the_manifest_claims(
    copy: Path, spoil: Callable[[Path], Any], grade: str, stage: str
) -> None:
    spoil(copy)
    reseal(copy)
    verdict = verify(copy, at_least="same-assignments", progress=QUIET)
    assert (verdict.grade, verdict.stage) == (grade, stage), list(verdict.lines())
    assert verdict.passed is (grade == "same-assignments")


def test_vectors_of_another_engine_or_cpu_name_the_engine_as_the_cause(copy: Path) -> None:
    vectors = np.load(copy / "embeddings.npy")
    turned = vectors + 1e-3 * np.roll(vectors, 1, axis=1)
    np.save(copy / "embeddings.npy", (turned / np.linalg.norm(turned, axis=1, keepdims=True)).astype(np.float32))

    def recorded(engine: str | None, features: list[str]) -> tuple[str, ...]:
        manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
        manifest["models"][0]["engine"] = engine or manifest["models"][0]["engine"]
        manifest["environment"]["cpu_features"] = features
        (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        reseal(copy)
        run = load_run(copy)
        return tuple(_engine(run, load_run(made_again)))

    made_again = Path(shutil.copytree(copy, copy.parent / "again"))
    reseal(made_again)
    other = json.loads((made_again / "manifest.json").read_text(encoding="utf-8"))
    assert recorded("onnxruntime int8, one text a call, graph 3", ["avx2"]) == ()
    vectors[0] = -vectors[0]
    np.save(copy / "embeddings.npy", vectors)
    (line,) = recorded("onnxruntime int8, one text a call, graph 3", ["avx2"])
    assert (
        line.startswith("engine: the vectors differ, because onnxruntime int8") and "graph 3 computed them then" in line
    )
    engine = other["models"][0]["engine"]
    assert f"{engine} here" in line
    for engine, mentions in (("onnxruntime int8, one text a call, graph 3", 1), ("lsa", 0)):
        manifest = json.loads((made_again / "manifest.json").read_text(encoding="utf-8"))
        manifest["models"][0]["engine"] = engine
        (made_again / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        reseal(made_again)
        lines = recorded(engine, ["avx2", "of another CPU"])
        assert len(lines) == mentions and all("on a CPU with other features" in line for line in lines)


def test_a_few_paragraphs_in_other_themes_are_still_the_same_themes(copy: Path) -> None:
    def move(rows: list[dict[str, Any]]) -> None:
        moved = next(row for row in rows if row["theme"] == 0 and row["duplicate_of"] is None)
        moved["theme"] = 1

    edit(copy, "paragraphs", move)
    verdict = verify(copy, at_least="same-themes", progress=QUIET)
    assert verdict.grade == "same-themes" and verdict.stage == "discover"
    assert verdict.broken and not verdict.passed  # counts no longer fit, which is said


def test_a_report_written_again_with_less_text_and_in_full_is_replayed_as_such(copy: Path) -> None:
    short = (copy / "report.md").read_text(encoding="utf-8")
    rewrite_report(copy, ["html"], "none")
    rewrite_report(copy, ["md"], "snippet", full=True)
    steps = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))["rewrites"]
    assert [(step["formats"], step["full"]) for step in steps] == [(["html"], False), (["md"], True)]
    whole = (copy / "report.md").read_text(encoding="utf-8")
    assert "## Appendix" in whole and "## Appendix" not in short and "leaves out" in short
    verdict = verify(copy, progress=QUIET)
    assert verdict.grade == "identical" and verdict.passed


def test_a_full_form_that_no_format_has_is_an_error_that_says_which_have(copy: Path) -> None:
    before = (copy / "manifest.json").read_bytes()
    with pytest.raises(ConfigError, match=r"--full is for report.md and report.pdf .* add --format md or pdf"):
        rewrite_report(copy, ["html"], full=True)
    assert (copy / "manifest.json").read_bytes() == before


def test_writing_a_report_again_does_not_hide_an_edited_table(copy: Path) -> None:
    table = copy / "tables" / "prevalence.csv"
    table.write_text(table.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    rewrite_report(copy, ["md"], "snippet")
    assert bytes_only(copy).tampered == ("tables/prevalence.csv: was changed",)


@pytest.mark.slow
def test_exit_codes_say_yes_no_and_not_a_run(made: Path, copy: Path, tmp_path: Path) -> None:
    yes = process("verify", made / "run", cwd=tmp_path)
    assert yes.returncode == 0 and yes.stdout.splitlines()[0] == "identical", yes.stderr
    assert "discover" in yes.stderr
    (copy / "metrics.json").write_text("{}")
    no = command("verify", copy, "--corpus", tmp_path / "gone", "--quiet", cwd=tmp_path)
    assert no.returncode == 1 and "tampered: metrics.json: was changed" in no.stdout and no.stderr == ""
    fault = command("verify", tmp_path / "nowhere", cwd=tmp_path)
    assert fault.returncode == 2 and fault.stdout == "" and len(fault.stderr.strip().splitlines()) == 1


def test_a_run_folder_loads_after_it_was_moved(copy: Path, made: Path) -> None:
    verdict = verify(copy, progress=QUIET)
    assert verdict.grade == "identical" and isinstance(load_run(copy), Run)


def test_inputs_that_moved_are_found_by_set_and_the_replay_works_with_as_many_workers(tmp_path: Path) -> None:
    study = write_study(tmp_path / "study")
    first = toolkit.run(study, set={"parallel.workers": 1, "embed.batch": 3}, out=tmp_path / "run", progress=QUIET)
    assert first.manifest["speed"] == {"parallel.workers": 1, "embed.batch": 3}
    (tmp_path / "study").rename(tmp_path / "renamed")
    lost = verify(tmp_path / "run", progress=QUIET)
    assert lost.grade is None and lost.reason is not None and "--corpus" in lost.reason
    verification = verify(tmp_path / "run", progress=QUIET, set={"corpus.path": tmp_path / "renamed" / "corpus"})
    assert verification.grade == "identical" and verification.passed
    again = reload(first, tmp_path / "renamed" / "corpus", {"embed.workers": 2})
    assert again.experiment.parallel.workers == 1 and again.experiment.embed.workers == 2
    assert again.sha256 == first.manifest["experiment"]["sha256"]


@pytest.mark.parametrize("key", ["corpus.pth", "discover.themes", "codebook.path", "seed"])
def test_a_key_that_results_rest_on_is_refused_before_any_work(key: str, made: Path) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"--set {key}: a replay changes no result")):
        verify(made / "run", progress=QUIET, set={key: 1})


@pytest.mark.parametrize("name", ["config.yaml", "codebook.yaml"])
def test_a_run_folder_without_its_config_says_so_and_what_to_do(copy: Path, name: str) -> None:
    (copy / name).unlink()
    verification = verify(copy, progress=QUIET)
    assert verification.grade is None and verification.reason is not None
    assert f"{name} missing from the run folder" in verification.reason and "whole copy" in verification.reason
    assert "--set" not in verification.reason and f"{name}: is missing" in verification.tampered

"""No finished run is lost: another corpus has another folder, and no other run is overwritten unasked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from kit.commands import command
from kit.studies import paragraph, write_study

import toolkit
from toolkit.errors import StoreError
from toolkit.run_folder.identity import run_id
from toolkit.run_folder.manifest import read_manifest, seal
from toolkit.runtime.progress import QUIET


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study and a second corpus of it, with one article more."""
    folder = tmp_path_factory.mktemp("home")
    write_study(folder / "study", codebook=None)
    shutil.copytree(folder / "study" / "corpus", folder / "more")
    (folder / "more" / "june.txt").write_text(paragraph("harbour", 900) + "\n", encoding="utf-8")
    return folder


def of(home: Path, *words: str | Path) -> Path:
    """The folder of a run by the command line."""
    done = command("run", "study/study.yaml", "--quiet", *words, cwd=home)
    assert done.returncode == 0, done.stderr
    return home / done.stdout.strip()


def stamp(folder: Path) -> bytes:
    return (folder / "manifest.json").read_bytes()


def refused(home: Path, *words: str | Path) -> str:
    done = command("run", "study/study.yaml", "--quiet", *words, cwd=home)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    return line


def rewritten(folder: Path, **changes: Any) -> None:
    """A finished folder as another toolkit or another machine would have left it."""
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = manifest.pop("files")
    manifest.pop("seal")
    for key, value in changes.items():
        manifest[key] = manifest[key] | value
    seal(folder, manifest, files)


def test_three_runs_on_two_corpora_leave_two_folders_and_each_report_names_its_own(home: Path) -> None:
    first = of(home)
    before = stamp(first)
    second = of(home, "--corpus", "more")
    assert first != second and stamp(first) == before
    assert of(home).samefile(first) and sorted((home / "runs").iterdir()) == sorted([first, second])
    ids = [run_id(read_manifest(folder)) for folder in (first, second)]
    assert [folder.name for folder in (first, second)] == [f"small-{name}" for name in ids]
    for folder, name, other in ((first, *ids), (second, *reversed(ids))):
        report = (folder / "report.md").read_text(encoding="utf-8")
        assert f"run `{name}`" in report and other not in report
    listed = command("list", "runs", cwd=home).stdout
    assert all(f"run {name}" in listed for name in ids)
    output = command("check", "study/study.yaml", "--corpus", "more", cwd=home).stdout
    assert f"into      runs/small-{ids[1]}\n" in output


def test_the_same_files_elsewhere_and_in_another_order_are_the_same_run(home: Path) -> None:
    shutil.copytree(home / "study" / "corpus", home / "elsewhere")
    assert of(home, "--corpus", "elsewhere").samefile(of(home))


def test_another_finished_run_is_refused_by_what_it_holds_and_replaced_only_on_demand(home: Path) -> None:
    kept = of(home, "--out", "kept")
    before = stamp(kept)
    line = refused(home, "--out", "kept", "--corpus", "more")
    manifest = read_manifest(kept)
    words = (
        "'small'",
        manifest["experiment"]["sha256"][:8],
        manifest["corpus"]["sha256"][:8],
        manifest["finished"][:10],
    )
    assert "another corpus" in line and "--replace" in line and all(word in line for word in words)
    assert "another experiment" in refused(home, "--out", "kept", "--set", "seed=9") and stamp(kept) == before
    (kept / "notes.txt").write_text("mine", encoding="utf-8")
    assert of(home, "--out", "kept", "--corpus", "more", "--replace").samefile(kept)
    assert read_manifest(kept)["corpus"]["documents"] == manifest["corpus"]["documents"] + 1
    assert (kept / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_what_other_code_or_other_packages_made_is_refused_and_the_same_is_brought_up_to_date(home: Path) -> None:
    kept = of(home, "--out", "version")
    (kept / "report.md").unlink()
    assert of(home, "--out", "version").samefile(kept) and (kept / "report.md").is_file()
    record = read_manifest(kept)["toolkit"]
    assert len(record["code"]) == 64
    rewritten(kept, toolkit={"version": "0.0.9", "code": "0" * 64})
    line = refused(home, "--out", "version")
    assert "other code (toolkit 0.0.9 00000000; here toolkit" in line and "--replace" in line
    of(home, "--out", "version", "--replace")
    packages = read_manifest(kept)["environment"]["packages"]
    rewritten(kept, environment={"packages": {**packages, "numpy": "1.0.0"}})
    assert "other packages (numpy 1.0.0, here" in refused(home, "--out", "version")


def test_replace_never_touches_what_is_no_run(home: Path) -> None:
    (home / "papers").mkdir()
    (home / "papers" / "thesis.doc").write_text("mine", encoding="utf-8")
    assert "holds files that are no run" in refused(home, "--out", "papers", "--replace")
    assert [path.name for path in (home / "papers").iterdir()] == ["thesis.doc"]


def test_from_python_the_same_holds(home: Path) -> None:
    study, out = home / "study" / "study.yaml", home / "python"
    toolkit.run(study, out=out, progress=QUIET)
    with pytest.raises(StoreError, match="another corpus"):
        toolkit.run(study, home / "more", out=out, progress=QUIET)
    again = toolkit.run(study, home / "more", out=out, replace=True, progress=QUIET)
    assert "june.txt" in set(again.documents["document_id"])


def test_an_assignment_of_other_documents_is_not_overwritten_either(home: Path) -> None:
    run = of(home)
    (home / "may").mkdir()
    (home / "may" / "may.txt").write_text(paragraph("energy", 901) + "\n", encoding="utf-8")
    words = ("assign", run, "--out", "assigned", "--quiet")
    assert command(*words, "--corpus", "may", cwd=home).returncode == 0
    before = stamp(home / "assigned")
    done = command(*words, "--corpus", "more", cwd=home)
    assert done.returncode == 2 and "another corpus" in done.stderr and stamp(home / "assigned") == before
    assert command(*words, "--corpus", "more", "--replace", cwd=home).returncode == 0

"""toolkit curate writes one page, the same each time; what it cannot show or would overwrite is refused in one line."""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path

import pytest
from kit.commands import command
from kit.curating import Made, curated_run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return curated_run(tmp_path_factory.mktemp("curate") / "run")


def test_the_page_goes_where_it_is_told_or_beside_and_is_the_same_each_time(made: Made, tmp_path: Path) -> None:
    done = command("curate", str(made.folder), "--out", "desk", cwd=tmp_path)
    address = f"page: {(tmp_path / 'desk' / 'curate.html').as_uri()}\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, "desk/curate.html\n", address)
    first = (tmp_path / "desk" / "curate.html").read_bytes()
    (tmp_path / "desk" / "decisions.yaml").write_text("format: 1\n", encoding="utf-8")
    again = command("curate", str(made.folder), "--out", "desk", cwd=tmp_path)
    assert again.returncode == 0 and (tmp_path / "desk" / "curate.html").read_bytes() == first
    assert command("curate", str(made.folder), cwd=tmp_path).stdout == "curate-run/curate.html\n"


def test_a_folder_with_other_things_or_a_page_on_another_run_is_refused(made: Made, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine", encoding="utf-8")
    other = curated_run(tmp_path / "other", extra=["One more text on quays."])
    assert command("curate", str(other.folder), "--out", "desk", cwd=tmp_path).returncode == 0
    for place in ("full", "desk", "full/notes.txt", "full/notes.txt/desk"):
        done = command("curate", str(made.folder), "--out", place, cwd=tmp_path)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and place in done.stderr and "--out" in done.stderr


def test_a_run_that_is_not_finished_or_has_no_texts_or_no_themes_is_refused_in_one_line(
    made: Made, tmp_path: Path
) -> None:
    for name, change, message in (
        ("open", lambda folder: (folder / "manifest.json").unlink(), "manifest.json"),
        ("cut", lambda folder: edit(folder, exported={"text": "snippet", "files": {}}), "cut out"),
        ("assigned", lambda folder: edit(folder, kind="assign", parent={"name": "may", "sha256": "0"}), "'may'"),
    ):
        shutil.copytree(made.folder, tmp_path / name)
        change(tmp_path / name)
        done = command("curate", name, cwd=tmp_path)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and message in done.stderr, done.stderr
        assert not (tmp_path / f"curate-{name}").exists()


def edit(folder: Path, **keys: object) -> None:
    place = folder / "manifest.json"
    place.write_text(json.dumps(json.loads(place.read_text(encoding="utf-8")) | keys), encoding="utf-8")


def test_no_word_of_the_corpus_is_markup_of_the_page(tmp_path: Path) -> None:
    made = curated_run(tmp_path / "run", extra=["</script><script>window.pwned=1</script>", "<!-- <img src=x>"])
    assert command("curate", str(made.folder), "--out", "desk", cwd=tmp_path).returncode == 0
    page = (tmp_path / "desk" / "curate.html").read_text(encoding="utf-8")
    assert page.count("<script") == 2 and "pwned=1</script>" not in page and "<!-- <img" not in page
    assert "default-src &#39;none&#39;;" in page and "http:" not in page and "https:" not in page


def test_a_run_of_the_first_version_has_a_page_that_says_what_it_lacks(tmp_path: Path) -> None:
    with tarfile.open(Path(__file__).parents[1] / "data" / "run_format_1" / "folders.tar.xz") as packed:
        packed.extractall(tmp_path, filter="data")
    done = command("curate", "run", "--out", "desk", cwd=tmp_path)
    sentence = (
        "Suggestions need a newer run: this run folder has no table of near themes and halves. All else works without."
    )
    assert (done.returncode, done.stdout, done.stderr.splitlines()[0]) == (0, "desk/curate.html\n", sentence)


def test_a_run_without_refits_has_the_halves_and_says_that_nothing_can_be_suggested(tmp_path: Path) -> None:
    made = curated_run(tmp_path / "run", refits=0)
    done = command("curate", "run", "--out", "desk", cwd=tmp_path)
    assert done.returncode == 0 and "no refits" in done.stderr
    page = (tmp_path / "desk" / "curate.html").read_text(encoding="utf-8")
    tree = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    assert [len(one["parts"]) for one in tree["halves"].values()] == [2] * made.discovery.themes
    assert {pair[2] for pair in tree["pairs"]} == {None} and all(-1 <= pair[3] <= 1 for pair in tree["pairs"])

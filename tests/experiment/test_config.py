"""Configs: inheritance, overrides, and faults that say where, what and what instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.errors import ConfigError
from toolkit.experiment.experiment import Loaded, load

BASE = "seed: 7\nembed: {method: minilm, engine: onnx}\ndiscover: {themes: [4, 9]}\n"
STUDY = "extends: base.yaml\nname: s\ncorpus:\n  path: texts\n"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "texts").mkdir()
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "study.yaml").write_text(STUDY)
    return tmp_path / "study.yaml"


def faults(path: Path, **kinds: object) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path, **kinds)  # type: ignore[arg-type]
    return [line.replace(str(path.parent) + "/", "") for line in caught.value.faults]


def test_a_study_inherits_and_overrides(study: Path) -> None:
    experiment = load(study, overrides={"discover.themes": 12, "report.text": "none"}).experiment
    assert experiment.seed == 7 and experiment.discover.themes == 12 and experiment.report.text == "none"


def test_another_method_drops_what_the_old_one_had(study: Path) -> None:
    study.write_text(STUDY + "embed:\n  method: lsa\n")
    assert load(study).experiment.embed.method == "lsa"


def test_all_faults_come_at_once_with_place_and_nearest_key(study: Path) -> None:
    study.write_text(STUDY.replace("name: s", "name: 5\nqestion: x") + "embed:\n  engin: onnx\nseed: -1\n")
    messages = faults(study)
    assert [line.split(": ")[0] for line in messages] == [
        "study.yaml:2:1",
        "study.yaml:3:1",
        "study.yaml:7:3",
        "study.yaml:8:1",
    ]
    assert "'question'" in messages[1] and "embed.engin" in messages[2] and "'engine'" in messages[2]


def test_an_unknown_method_names_those_there_are(study: Path) -> None:
    study.write_text(STUDY + "discover:\n  method: kmean\n")
    (line,) = faults(study)
    assert line.startswith("study.yaml:6:3: discover.method: ") and "did you mean 'kmeans'" in line


@pytest.mark.parametrize(
    ("themes", "message"),
    [
        ("[6, 3]", "discover.themes: the range [6, 3] has its higher number first; give [3, 6]"),
        ("[3, 6, 9]", "discover.themes: expected 'auto' or an integer or a list of at most 2 values, got a list"),
        ("[3]", "discover.themes: expected 'auto' or an integer or a list of 2 values, got a list"),
    ],
)
def test_a_wrong_range_of_themes_is_named_by_its_key(study: Path, themes: str, message: str) -> None:
    study.write_text(f"{STUDY}discover: {{themes: {themes}}}\n")
    assert faults(study) == [f"study.yaml:5:12: {message}"]


def test_a_fault_in_a_base_file_is_placed_there(study: Path) -> None:
    (study.parent / "base.yaml").write_text("sed: 7\n")
    assert faults(study)[0].startswith("base.yaml:1:1: sed: unknown key (did you mean 'seed'?)")


@pytest.mark.parametrize(
    "text", ["extends: study.yaml\n", "extends: gone.yaml\n", "- a\n", "name: x\nname: y\n", "a: [\n"]
)
def test_broken_files_are_faults_with_a_place(study: Path, text: str) -> None:
    study.write_text(text)
    assert all("study.yaml" in line for line in faults(study))


def test_paths_start_at_the_file_that_holds_them(study: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir("/")
    assert load(study).experiment.corpus.path == str(tmp_path / "texts")


def test_paths_of_set_and_corpus_start_at_the_working_directory(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study.parent)
    (study.parent / "book.yaml").write_text("themes: []\n")
    loaded = load(study, corpus="elsewhere", overrides={"codebook.path": "book.yaml"})
    assert loaded.experiment.corpus.path == str(study.parent / "elsewhere")
    assert loaded.experiment.codebook is not None
    assert loaded.experiment.codebook.path == str(study.parent / "book.yaml")


def test_a_missing_codebook_is_named_where_the_config_names_it(study: Path) -> None:
    study.write_text(STUDY + "codebook:\n  path: gone.yaml\n")
    (line,) = faults(study)
    assert line.startswith("study.yaml:6:3: codebook.path: ") and line.endswith("no such file")


def test_the_digest_follows_what_decides_results_and_nothing_else(study: Path, tmp_path: Path) -> None:
    def digest(**kinds: object) -> str:
        loaded: Loaded = load(study, **kinds)  # type: ignore[arg-type]
        return loaded.sha256

    first = digest()
    assert digest(overrides={"parallel.workers": 2, "store": "elsewhere"}) == first
    assert digest(corpus=tmp_path / "moved") == first
    assert digest(overrides={"seed": 8}) != first
    assert digest(overrides={"discover.themes": 5}) != first


def test_the_digest_follows_the_codebook_by_content(study: Path, tmp_path: Path) -> None:
    digests = []
    for name, text in (("a.yaml", "themes: []\n"), ("b.yaml", "themes: []\n"), ("c.yaml", "themes: [] # more\n")):
        (tmp_path / name).write_text(text)
        digests.append(load(study, overrides={"codebook.path": tmp_path / name}).sha256)
    assert digests[0] == digests[1] != digests[2]

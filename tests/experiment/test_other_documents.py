"""What a config asks of its own documents is not printed as asked of others."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.commands import command
from kit.studies import write_study

import toolkit
from toolkit.experiment.experiment import load
from toolkit.files.yaml12 import dump

ASKED = "How do ports change?"
CLAIM = {"claim": "above", "code": "ports", "share": 0.1, "says": "Ports are everywhere."}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study", question=ASKED, claims=[CLAIM], about={"corpus": {"made_up": True}})


@pytest.fixture
def other(study: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "other"
    folder.mkdir()
    for place in sorted((study.parent / "corpus").glob("*.txt"))[:4]:
        (folder / place.name).write_bytes(place.read_bytes())
    return folder


def test_question_and_claims_are_left_out_with_documents_elsewhere_and_kept_with_part_of_the_configs_own(
    study: Path, other: Path
) -> None:
    for corpus in (None, study.parent / "corpus", study.parent / "corpus" / "article_01.txt"):
        loaded = load(study, corpus)
        assert loaded.experiment.question == ASKED and len(loaded.experiment.claims) == 1 and loaded.left_out == ()
    loaded = load(study, other)
    assert loaded.left_out == ("question", "claims", "about.corpus")
    assert loaded.experiment.question is None and loaded.experiment.claims == ()
    assert "question, 1 claim and about.corpus of the config are about its own documents" in loaded.left_out_words


def test_ones_own_question_is_kept_by_set_and_by_a_config_that_extends_the_other(study: Path, other: Path) -> None:
    loaded = load(study, other, {"question": "Mine?", "about.corpus.description": "Wires"})
    assert loaded.experiment.question == "Mine?" and loaded.left_out == ("claims",)
    assert loaded.experiment.about.corpus.made_up is None
    config = other.parent / "own.yaml"
    config.write_text(dump({"extends": str(study), "corpus": {"path": str(other)}}), encoding="utf-8")
    assert load(config).experiment.question == ASKED and len(load(config).experiment.claims) == 1


def test_a_config_without_documents_of_its_own_keeps_its_question(other: Path) -> None:
    loaded = load({"name": "x", "question": ASKED}, other)
    assert loaded.experiment.question == ASKED and loaded.left_out == ()


@pytest.mark.slow
def test_the_run_says_it_once_the_manifest_keeps_it_and_a_replay_is_identical(
    study: Path, other: Path, tmp_path: Path
) -> None:
    done = command("run", study, "--corpus", other, "--out", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("about its own documents and left out") == 1
    run = toolkit.load_run(tmp_path / "run")
    assert run.manifest["experiment"]["left_out"] == ["question", "claims", "about.corpus"]
    assert ASKED in (run.path / "given.yaml").read_text(encoding="utf-8")
    for name in ("report.html", "report.md", "config.yaml"):
        text = (run.path / name).read_text(encoding="utf-8")
        assert ASKED not in text and "Ports are everywhere" not in text, name
    verified = command("verify", run.path, cwd=tmp_path)
    assert verified.returncode == 0 and "identical" in verified.stdout, verified.stdout

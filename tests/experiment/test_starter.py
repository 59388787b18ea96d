"""The study that `toolkit init` writes shows what the toolkit is for, and is never taken for the user's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from kit.commands import command

import toolkit
from toolkit.commands.init import write_starter
from toolkit.runtime.progress import QUIET

OWN = (
    "The harbour company will hire sixty people from the district and train twelve apprentices in every year.\n\n"
    "Dredging is limited to the winter months, and ships at the new berths have to take their power from the shore.\n"
)
THEIRS = "What do council, press, traders, researchers and residents talk about"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    write_starter(tmp_path / "my_study")
    return tmp_path / "my_study"


def own_texts(study: Path) -> None:
    shutil.rmtree(study / "texts")
    (study / "texts").mkdir()
    (study / "texts" / "harbour.txt").write_text(OWN, encoding="utf-8")


def test_init_names_every_file_that_it_wrote_and_two_commands_that_work(tmp_path: Path) -> None:
    done = command("init", "a study", cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == ""
    lines = done.stdout.splitlines()
    written = [path for path in (tmp_path / "a study").rglob("*") if path.is_file()]
    assert len(written) >= 14
    for path in written:
        assert any(line.split("  ")[0].strip().endswith(path.name) or line.strip() == path.name for line in lines), path
    assert all("  " in line for line in lines if line.startswith("a study"))  # each with a word on what it is
    commands = [line.partition("    #")[0].strip() for line in lines if line.startswith("toolkit ")]
    assert commands[0] == "toolkit check 'a study/study.yaml'" and commands[1].startswith("toolkit run ")
    assert command("check", "a study/study.yaml", cwd=tmp_path).returncode == 0


@pytest.mark.slow
def test_the_starter_has_themes_with_clear_evidence_a_map_codes_and_a_claim_that_holds(study: Path) -> None:
    run = toolkit.run(study / "study.yaml", out=study.parent / "run", progress=QUIET)
    assert 80 <= len(run.paragraphs) <= 150 and run.documents.voice.nunique() == 5
    themes = run.themes[(run.themes.theme >= 0) & (run.themes.level == 0)]
    assert 5 <= len(themes) <= 8 and (themes.stability > 0.8).all()
    assert run.metrics["discover.evidence"]["value"] == 2
    assert run.paragraphs[["x", "y"]].notna().all().all()
    assert run.table("codes").to_pandas().query("assigned").code.nunique() == 6
    assert [verdict.split(" by ")[0] for verdict in run.claims.verdict] == ["holds", "cannot be told"]
    report = (run.path / "report.md").read_text(encoding="utf-8")
    assert "**The corpus is made up.**" in report and THEIRS in report
    assert "left_out" not in run.manifest["experiment"]


def test_check_says_gently_that_question_and_texts_are_the_starters(study: Path) -> None:
    done = command("check", study / "study.yaml", cwd=study)
    assert "starter     question and texts are those that toolkit init wrote" in done.stdout
    assert "omitted" not in done.stdout and "still the starter's, about" not in done.stdout


def test_with_texts_of_ones_own_check_names_all_that_is_still_the_starters(study: Path) -> None:
    own_texts(study)
    done = command("check", study / "study.yaml", cwd=study)
    assert done.returncode == 0, done.stderr
    assert "question, 2 claims and about.corpus of the config are still the starter's, the texts are not" in done.stdout
    assert "6 of the 6 codes are still the starter's" in done.stdout
    assert "Traders write more" not in done.stdout and "about.corpus is not declared" in done.stdout


def test_what_was_written_anew_stays_and_the_rest_of_the_starter_goes(study: Path) -> None:
    from toolkit.experiment.experiment import load

    own_texts(study)
    place = study / "study.yaml"
    text = place.read_text(encoding="utf-8").replace("claims: ", "claims:\n  - {claim: above, code: money, share: 0.1}")
    lines = [
        line if not line.startswith("question:") else "question: Who pays for the quay?" for line in text.split("\n")
    ]
    text = "\n".join(lines).replace("description: A town's debate", "description: Our own debate")
    place.write_text(text, encoding="utf-8")
    loaded = load(place)
    assert loaded.experiment.question == "Who pays for the quay?"
    assert [claim.claim for claim in loaded.experiment.claims] == ["above"]
    about = loaded.experiment.about.corpus
    assert about.description is not None and about.description.startswith("Our own debate")
    assert about.provenance is None and about.made_up is None and about.period is None
    assert {"claims", "about.corpus.provenance", "about.corpus.made_up"} <= set(loaded.left_out)
    assert "question" not in loaded.left_out


def test_one_text_of_ones_own_among_the_starters_is_enough(study: Path) -> None:
    from toolkit.experiment.experiment import load

    assert load(study / "study.yaml").experiment.question is not None
    next((study / "texts").glob("council*.md")).unlink()  # fewer of the starter's texts are still the starter's
    assert load(study / "study.yaml").left_out == ()
    (study / "texts" / "harbour.txt").write_text(OWN, encoding="utf-8")
    loaded = load(study / "study.yaml")
    assert loaded.experiment.question is None and loaded.left_out == ("question", "claims", "about.corpus")


def test_no_report_on_ones_own_texts_prints_the_starters_question(study: Path) -> None:
    own_texts(study)
    done = command("run", study / "study.yaml", "--out", "run", "--set", "codebook=null", cwd=study.parent)
    assert done.returncode == 0 and "still the starter's, the texts are not: left out" in done.stderr
    run = toolkit.load_run(study.parent / "run")
    for name in ("report.html", "report.md", "config.yaml"):
        text = (run.path / name).read_text(encoding="utf-8")
        assert THEIRS not in text and "Traders write" not in text and "The corpus is made up" not in text, name
    assert "The config states no question" in (run.path / "report.md").read_text(encoding="utf-8")
    assert run.manifest["experiment"]["left_out"] == ["question", "claims", "about.corpus"]

"""`about` in a config: faults with their place, in the digest, in no key of a stage; check tells and warns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from kit.commands import command
from kit.studies import write_study

from toolkit import run
from toolkit.errors import ConfigError
from toolkit.experiment import load
from toolkit.pipeline import open_study
from toolkit.runtime.progress import QUIET
from toolkit.study.study import STAGES

OTHER = {"about.corpus.description": "Invented press", "about.corpus.made_up": True}
CODERS = "ann,{0},ports\nbob,{0},learning\n"


def study(folder: Path, **about: Any) -> Path:
    return write_study(folder, about=about, store=str(folder.parent / "store"))


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ({"corpus": {"made_up": "perhaps"}}, "about.corpus.made_up: "),
        ({"corpus": {"madeup": True}}, "did you mean 'made_up'"),
        ({"coders": [{"id": "ann", "kind": "robot"}]}, "about.coders.0.kind: expected 'person' or 'machine'"),
        ({"coders": [{"id": "ann"}]}, "about.coders.0.kind: is required"),
        ({"coders": [{"id": "ann", "kind": "person"}] * 2}, "about.coders: "),
    ],
)
def test_a_fault_in_about_names_its_line(tmp_path: Path, about: dict[str, Any], message: str) -> None:
    place = study(tmp_path / "study", **about)
    with pytest.raises(ConfigError) as fault:
        load(place)
    first = fault.value.faults[0] if hasattr(fault.value, "faults") else str(fault.value)
    assert message in first and f"{place}:" in first


def test_about_is_in_no_settings_of_a_stage(tmp_path: Path) -> None:
    place = study(tmp_path / "study")
    studies = [open_study(load(place, overrides=more), QUIET) for more in ({}, OTHER)]
    for stage in STAGES:
        of = {"corpus": "reading", "encoder": "reading", "embed": "reading", "beside": "beside"}.get(stage.name)
        made = [stage.settings(getattr(one, of) if of else one) for one in studies]
        assert made[0] == made[1], stage.name
    assert load(place).sha256 != load(place, overrides=OTHER).sha256


@pytest.mark.slow
def test_a_changed_about_makes_a_new_report_and_no_stage_anew(tmp_path: Path) -> None:
    place = study(tmp_path / "study")
    first = run(place, out=tmp_path / "one", progress=QUIET)
    second = run(place, set=OTHER, out=tmp_path / "two", progress=QUIET)
    keys = [[(stage["name"], stage["key"]) for stage in made.manifest["stages"]] for made in (first, second)]
    assert set(keys[1]) <= set(keys[0]) and all(stage["from_cache"] for stage in second.manifest["stages"])
    assert "The corpus is made up." in (second.path / "report.md").read_text(encoding="utf-8")
    assert set(first.table("thresholds")["badge"].to_pylist()) == {"unchecked"}
    assert set(first.table("codes")["coders"].to_pylist()) == {None}
    assert first.metrics["coding.badge.unchecked"]["value"] == 3


def test_check_says_what_is_declared_and_which_coders_are_not(tmp_path: Path) -> None:
    place = study(tmp_path / "study", corpus={"description": "Invented press", "made_up": True},
                  coders=[{"id": "ann", "kind": "program"}, {"id": "cy", "kind": "person"}])  # fmt: skip
    codes = tmp_path / "codes.csv"
    codes.write_text("coder,paragraph_id,code\n" + CODERS.format("article_01.txt:1"), encoding="utf-8")
    done = command("check", place, "--set", f"codebook.codes={codes}", cwd=tmp_path)
    assert "about       corpus: Invented press; made up" in done.stdout
    assert "coders: ann (machine); bob (not declared in about.coders)" in done.stdout
    assert "ann is a machine: its codes are compared with people's by the same measures" in done.stdout
    assert "cy is declared and coded no paragraph" in done.stdout


def test_what_is_said_of_the_corpus_is_not_said_of_other_documents(tmp_path: Path) -> None:
    place = study(tmp_path / "study", corpus={"description": "Invented press", "made_up": True},
                  coders=[{"id": "ann", "kind": "person"}])  # fmt: skip
    corpus_folder = place.parent / "corpus"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text(f"{ENGLISH}\n\n{ENGLISH[::-1]}\n", encoding="utf-8")
    for corpus, kept in (
        (None, True),
        (corpus_folder, True),
        (corpus_folder / "article_01.txt", True),
        (tmp_path / "other", False),
    ):
        loaded = load(place, corpus)
        about = loaded.experiment.about
        assert about.corpus.made_up is (True if kept else None) and ("about.corpus" in loaded.left_out) is not kept
        assert [coder.id for coder in about.coders] == ["ann"]
    named = load(place, tmp_path / "other", {"about.corpus.description": "Wire stories"}).experiment.about.corpus
    assert named.description == "Wire stories" and named.made_up is None
    done = command("check", place, "--corpus", tmp_path / "other", "--set", "discover.themes=auto", cwd=tmp_path)
    assert "about.corpus of the config is about its own documents and left out" in done.stdout
    assert "Invented press" not in done.stdout


ENGLISH = (
    "The council approved the plan for the quay and said that the work on it would begin in the spring of the year."
)
OTHERS = {
    "de": "Der Stadtrat hat den Plan für den Kai genehmigt und mitgeteilt, dass die Arbeiten im Frühjahr beginnen.",
    "sw": "Baraza limeidhinisha mpango wa bandari ya mashariki na kusema kwamba kazi itaanza mwaka ujao. Maduka mengi "
    "mjini yameomba muda zaidi kabla ya ujenzi kuanza katika eneo hilo la pwani.",
}


@pytest.mark.parametrize(
    ("others", "message"),
    [
        (["de"], "1 of 32 documents is not in English (de 1; the first: x_de.txt), and minilm reads English only"),
        (["de", "sw"], "2 of 33 documents are not in English (de 1, not known 1; the first: x_de.txt)"),
        ([], ""),
    ],
)
def test_check_warns_of_one_document_in_another_language(tmp_path: Path, others: list[str], message: str) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(30):
        (texts / f"en{number:02}.txt").write_text(f"{ENGLISH} It was item {number} of the list.\n", encoding="utf-8")
    for name in others:
        (texts / f"x_{name}.txt").write_text(OTHERS[name] + "\n", encoding="utf-8")
    (texts / "z.txt").write_text("12 May\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text("name: mixed\ncorpus: {path: texts}\n", encoding="utf-8")
    done = command("check", "s.yaml", cwd=tmp_path)
    lines = [line for line in done.stdout.splitlines() if line.startswith("warning")]
    assert len(lines) == bool(message) and message in "".join(lines)
    lsa = command("check", "s.yaml", "--set", "embed.method=lsa", cwd=tmp_path)
    assert "warning" not in lsa.stdout

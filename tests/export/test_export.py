"""`toolkit export`: one file that explains itself and can be verified, no more text than allowed, tables that open."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from kit.commands import command
from kit.studies import write_study

import toolkit
from toolkit.errors import ConfigError, StoreError
from toolkit.export.export import export
from toolkit.files.csv import write_csv
from toolkit.runs import load_run
from toolkit.runtime.progress import QUIET
from toolkit.verify.verify import verify


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study and its run in `run/`."""
    home = tmp_path_factory.mktemp("export")
    report = {"author": "A. Reader", "title": "Four topics"}
    toolkit.run(write_study(home / "study", report=report), out=home / "run", progress=QUIET)
    return home


def unpacked(made: Path, folder: Path, text: str = "full") -> Path:
    """The top folder of a run's zip, unpacked."""
    (place,) = export(made / "run", ["zip"], folder / "run.zip", text)  # type: ignore[arg-type]
    with zipfile.ZipFile(place) as archive:
        archive.extractall(folder)
    return folder / "small"


def test_the_zip_is_the_same_bytes_each_time_and_carries_no_path_of_this_machine(made: Path, tmp_path: Path) -> None:
    (one,) = export(made / "run", ["zip"], tmp_path / "one.zip")
    (two,) = export(made / "run", ["zip"], tmp_path / "two.zip")
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert archive.namelist() == sorted(archive.namelist()) and archive.testzip() is None
        home = str(made).encode()
        assert [name for name in archive.namelist() if home in archive.read(name)] == []


def test_an_unpacked_run_is_verified_where_it_lies(made: Path, tmp_path: Path) -> None:
    top = unpacked(made, tmp_path)
    verdict = verify(top / "run", progress=QUIET, corpus=made / "study" / "corpus")
    assert verdict.grade == "identical" and verdict.passed and not verdict.foreign, list(verdict.lines())
    lost = verify(top / "run", progress=QUIET)
    assert lost.grade is None and "--corpus" in str(lost.reason)


@pytest.mark.parametrize(("text", "longest"), [("snippet", 30), ("none", 0)])
def test_texts_are_cut_everywhere_and_the_replay_can_still_be_graded(
    made: Path, tmp_path: Path, text: str, longest: int
) -> None:
    top = unpacked(made, tmp_path, text)
    verdict = verify(top / "run", progress=QUIET, corpus=made / "study" / "corpus")
    assert verdict.grade == "identical" and not verdict.tampered and not verdict.broken, list(verdict.lines())
    assert any("taken out" in line for line in verdict.unchecked)
    whole = [row.split() for row in load_run(made / "run").table("paragraphs")["text"].to_pylist()]
    length = longest + 1 if longest else 7
    runs = {" ".join(words[at : at + length]) for words in whole for at in range(len(words) - length + 1)}
    for path in sorted(path for path in top.rglob("*") if path.suffix not in {".npy", ".parquet"} and path.is_file()):
        words = " ".join(re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8")).split())
        assert not [run for run in runs if run in words], path
    for name in ("paragraphs", "ledger"):
        column = load_run(top / "run").table(name)["text"].to_pylist()
        assert all(value is None if not longest else len((value or "").split()) <= longest + 1 for value in column)


def test_the_metadata_name_every_file_its_hash_the_software_and_the_run(made: Path, tmp_path: Path) -> None:
    top = unpacked(made, tmp_path)
    graph = json.loads((top / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    by_id = {entity["@id"]: entity for entity in graph}
    assert len(by_id) == len(graph)
    root, action = by_id["./"], by_id["#run"]
    assert root["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}
    assert root["name"] == "Four topics" and by_id["#author"]["name"] == "A. Reader"
    files = {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()}
    assert {part["@id"] for part in root["hasPart"]} == files - {"ro-crate-metadata.json"}
    assert by_id[action["instrument"]["@id"]]["@type"] == "SoftwareApplication"
    assert {"@id": "run/report.html"} in action["result"] and {"@id": "run/given.yaml"} in action["object"]
    assert by_id["run/report.html"]["sha256"] == load_run(top / "run").manifest["files"]["report.html"]
    refs = re.findall(r'\{"@id": "([^"]+)"\}', json.dumps(graph))
    assert {ref for ref in refs if ref not in by_id} == {"https://w3id.org/ro/crate/1.1"}


def test_the_environment_is_a_constraints_file_without_local_labels(made: Path, tmp_path: Path) -> None:
    lines = (unpacked(made, tmp_path) / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# Python 3.")
    assert any(line.startswith("numpy==") for line in lines) and not any("+" in line for line in lines[1:])


def test_a_lone_carriage_return_in_a_cell_ends_no_row(tmp_path: Path) -> None:
    texts = ["old\rMac", "\r", "both\r\n", "plain", ""]
    write_csv(pa.table({"id": ["a", "b", "c", "d", "e"], "text": texts}), tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == ["a", "b", "c", "d", "e"]
    assert [row["text"].removeprefix("'") for row in rows] == texts
    assert (tmp_path / "t.csv").read_bytes().endswith(b"\nd,plain\ne,\n")


def test_csv_opens_as_utf8_in_a_spreadsheet_with_every_row(made: Path, tmp_path: Path) -> None:
    (folder,) = export(made / "run", ["csv"], tmp_path / "csv")
    run = load_run(made / "run")
    for path in sorted((made / "run" / "tables").glob("*.parquet")):
        raw = (folder / f"{path.stem}.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(keepends=True)))
        assert rows[0] == run.table(path.stem).column_names and len(rows) == run.table(path.stem).num_rows + 1


def test_bertopic_loads_the_themes_and_puts_paragraphs_where_they_were(made: Path, tmp_path: Path) -> None:
    from bertopic import BERTopic

    (folder,) = export(made / "run", ["bertopic"], tmp_path / "model")
    model, run = BERTopic.load(str(folder)), load_run(made / "run")
    unique = run.paragraphs[run.paragraphs.duplicate_of.isna()]
    given, _ = model.transform([""] * len(unique), embeddings=np.array(run.embeddings)[unique.index])
    info, themes = model.get_topic_info(), run.themes.query("level == 0 and theme >= 0")
    assert np.mean(np.array(given) == unique.theme) > 0.9 and model.topics_ == unique.theme.tolist()
    assert info.Count.tolist() == themes.paragraphs.tolist() and list(info.CustomName) == themes.label.tolist()
    assert model.get_topic(0)[0][0] == themes.keywords.iloc[0][0]
    assert not any(path.suffix in {".bin", ".pkl", ".pickle"} for path in folder.iterdir())


def test_several_formats_share_a_folder(made: Path, tmp_path: Path) -> None:
    places = export(made / "run", ["zip", "csv"], tmp_path / "both")
    assert [place.relative_to(tmp_path).as_posix() for place in places] == ["both/small.zip", "both/csv"]


def test_nothing_is_overwritten_and_nothing_half_written_is_left(made: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.zip"
    mine.write_bytes(b"mine")
    with pytest.raises(StoreError, match="exists already"):
        export(made / "run", ["zip"], mine)
    with pytest.raises(ConfigError, match="did you mean 'zip'"):
        export(made / "run", ["zipp"], tmp_path / "x")
    assert mine.read_bytes() == b"mine" and [path.name for path in tmp_path.iterdir()] == ["mine.zip"]


def test_a_run_without_themes_has_no_topic_model_and_says_so(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "one.txt").write_text("The one and only paragraph of this corpus speaks of nothing in particular.\n")
    tree = {"name": "tiny", "corpus": {"path": str(texts)}, "embed": {"method": "lsa"}, "codebook": None}
    run = toolkit.run(tree, out=tmp_path / "run", progress=QUIET)
    assert np.asarray(run.paragraphs.theme).max() == -1
    with pytest.raises(ConfigError, match="no theme was found"):
        export(run.path, ["bertopic"], tmp_path / "model")
    assert not (tmp_path / "model").exists() and not list(tmp_path.glob(".model*"))


def test_the_command_names_what_it_wrote(made: Path, tmp_path: Path) -> None:
    words = ["export", made / "run", "--to", "zip", "--out", "a.zip"]
    done = command(*words, cwd=tmp_path)
    assert done.returncode == 0 and done.stdout == "a.zip\n" and (tmp_path / "a.zip").is_file()
    again = command(*words, cwd=tmp_path)
    assert again.returncode == 2 and len(again.stderr.strip().splitlines()) == 1

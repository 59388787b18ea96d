"""A run folder of format 1, made by toolkit 0.1.0, is read by every command that reads finished runs.

`data/run_format_1/` has the study (five made-up articles, a codebook, two coders) and, packed, the run and an
assignment as that toolkit wrote them.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from kit.commands import command

import toolkit
from toolkit.run_folder.manifest import FORMAT
from toolkit.run_folder.reader import RunTables
from toolkit.run_folder.upgrade import METRICS
from toolkit.runs import Run, load_run
from toolkit.runtime.progress import QUIET

KEPT = Path(__file__).parents[1] / "data" / "run_format_1"
FRAMES = ("documents", "paragraphs", "ledger", "themes", "exemplars", "codes", "prevalence")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The study, its run (`run`) and an assignment to it (`assigned`) as format 1 has them."""
    shutil.copytree(KEPT, tmp_path, dirs_exist_ok=True)
    with tarfile.open(KEPT / "folders.tar.xz") as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same study run now."""
    folder = tmp_path_factory.mktemp("today")
    return toolkit.run(KEPT / "study.yaml", out=folder / "run", progress=QUIET)


def answer(home: Path, *words: str | Path, code: int = 0) -> str:
    done = command(*words, cwd=home)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_it_loads_with_tables_metrics_vectors_and_figures(home: Path) -> None:
    run = load_run(home / "run")
    assert run.manifest["format"] == run.format == 1 and FORMAT > 1
    assert all(len(getattr(run, name)) for name in FRAMES)
    assert run.embeddings.shape[0] == len(run.paragraphs) == 15 and run.metrics["corpus.documents"]["value"] == 5
    assert "two_valleys" in repr(run) and "Themes" in run._repr_html_()
    assert run.figure("map").table.num_rows == 15
    assert load_run(home / "assigned").manifest["kind"] == "assign"


def test_its_report_is_written_again_and_its_format_stays(home: Path) -> None:
    answer(home, "report", "run", "--format", "html,md")
    assert load_run(home / "run").format == 1
    text = (home / "run" / "report.md").read_text(encoding="utf-8")
    assert "Two valleys" in text and "nan%" not in text and "None%" not in text
    assert "<h1" in (home / "run" / "report.html").read_text(encoding="utf-8")
    output = answer(home, "verify", "run", "--quiet", code=1)
    assert "tampered" not in output and "broken:" not in output


def test_it_is_compared_with_itself_and_with_a_run_of_today(home: Path, today: Run) -> None:
    same = json.loads(answer(home, "compare", "run", "run", "--json"))
    assert same["moved"] == 0 and {match["kind"] for match in same["themes"]} == {"same"}
    both = json.loads(answer(home, "compare", "run", today.path, "--json", "--html", "both.html"))
    assert both["shared"] == 15 and both["codes"]["transport"][0] > 0
    assert "themes" in answer(home, "compare", today.path, "run")


def test_its_paragraphs_are_found_by_meaning_and_drawn_for_coders(home: Path) -> None:
    hits = json.loads(answer(home, "search", "run", "fish quota of the boats", "--n", "3", "--json"))
    assert len(hits) == 3 and "fish" in hits[0]["text"].lower()
    assert "sheet.html" in answer(home, "sample", "run", "--n", "5", "--out", "coding", "--again")
    assert "f1" in answer(home, "evaluate", "run", "--gold", "codes.csv")


def test_new_documents_get_its_themes_in_a_folder_of_today(home: Path) -> None:
    answer(home, "assign", "run", "--corpus", "june", "--out", "july", "--quiet")
    made, kept = load_run(home / "july"), load_run(home / "assigned")
    assert made.format == FORMAT and made.documents["document_id"].tolist() == kept.documents["document_id"].tolist()
    pd.testing.assert_series_equal(made.paragraphs["similarity"], kept.paragraphs["similarity"], atol=1e-5)
    notes = made.table("notes")["text"].to_pylist()
    assert sum("an older version coded the run" in note for note in notes) == 1 and made.codes.empty


def test_it_is_exported_and_listed(home: Path) -> None:
    answer(home, "export", "run", "--to", "zip,csv", "--text", "snippet", "--out", "out")
    cells = (home / "out" / "csv" / "documents.csv").read_text(encoding="utf-8-sig")
    assert ",-1," in cells and ",'-1," in (home / "run" / "tables" / "documents.csv").read_text(encoding="utf-8")
    (home / "runs").mkdir()
    shutil.move(home / "run", home / "runs" / "run")
    assert "5 documents, 15 paragraphs; run " in answer(home, "list", "runs")


def test_verify_says_what_it_cannot_check_and_calls_nothing_damaged(home: Path) -> None:
    output = answer(home, "verify", "run", "--quiet", code=1)
    assert "invariants: all hold" in output and "tampered" not in output and "broken" not in output
    assert "87 of 87 have the bytes" in output and "not checked: format 1: " in output
    (home / "run" / "tables" / "themes.csv").write_text("theme\n", encoding="utf-8")
    output = answer(home, "verify", "run", "--quiet", code=1)
    assert "tampered: tables/themes.csv: was changed" in output and "broken: csv: tables/themes.csv" in output


@pytest.mark.slow
def test_verify_runs_it_again_and_grades_it_by_what_both_formats_have(home: Path) -> None:
    places = ("--corpus", "texts", "--set", "codebook.codes=codes.csv", "--set", "corpus.metadata=sources.csv")
    output = answer(home, "verify", "run", *places, "--at-least", "same-themes", "--quiet")
    assert output.startswith(("same-assignments\n", "same-themes\n")) and "broken" not in output
    assert "not checked: format 1: whether every byte is the same" in output


def test_every_table_and_metric_of_today_is_there_if_only_as_null(home: Path, today: Run) -> None:
    run, missing = load_run(home / "run"), []
    for place in sorted((today.path / "tables").glob("*.parquet")):
        name, schema = place.stem, today.table(place.stem).schema
        if not (run.path / "tables" / place.name).is_file():
            missing += [] if _reads(run, name) else [f"TABLES: {name!r}: {_spelled(schema)},"]
            continue
        old = run.table(name).schema
        columns = [column for column in schema if column.name not in old.names]
        if columns:
            missing.append(f"COLUMNS: {name!r}: ({''.join(f'({one.name!r}, pa.{one.type}()), ' for one in columns)}),")
        missing += [f"CHANGED: {name}.{one.name}: {old.field(one.name).type}, today {one.type}" for one in schema
                    if one.name in old.names and not _alike(old.field(one.name).type, one.type)]  # fmt: skip
        assert RunTables(run.path).table(name).schema == old
    assert not missing, "toolkit/run_folder/upgrade.py lacks\n" + "\n".join(missing)
    assert not {*METRICS} & {*run.metrics}


def _reads(run: Run, name: str) -> bool:
    return RunTables(run.path).table(name).num_columns > 0


def _alike(one: pa.DataType, other: pa.DataType) -> bool:
    """Whether two columns have one type; the name of what a list holds aside."""
    return one == other or (pa.types.is_list(one) and pa.types.is_list(other) and one.value_type == other.value_type)


def _spelled(schema: pa.Schema) -> str:
    return "pa.schema([" + ", ".join(f"({one.name!r}, pa.{one.type}())" for one in schema) + "])"


def test_a_format_of_the_future_is_refused_in_one_line(home: Path) -> None:
    place = home / "run" / "manifest.json"
    manifest = json.loads(place.read_text(encoding="utf-8"))
    place.write_text(json.dumps(manifest | {"format": 3}), encoding="utf-8")
    done = command("report", "run", cwd=home)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2 and "run folder format 3; this toolkit reads formats 1 and 2" in line

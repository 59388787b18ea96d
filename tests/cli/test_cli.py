"""The command line as a user meets it: help, exit codes, one line a fault, nothing half-written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from kit.commands import Answer, command, process

STARTER_CODES = ("money", "trade", "works", "access", "air", "say")


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("starter") / "my_study"
    done = command("init", folder, cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    return folder


def fault(*words: str | Path, cwd: Path, run: Callable[..., Answer] = command) -> str:
    """The single line that a faulty command says."""
    done = run(*words, cwd=cwd)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == "" and "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith(("toolkit: ", "Error: "))]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_as_a_shell_starts_it_the_program_explains_itself_and_says_a_fault_in_one_line(tmp_path: Path) -> None:
    done = process("--help", cwd=tmp_path)
    assert done.returncode == 0 and "Usage:" in done.stdout and done.stderr == ""
    assert "gone.yaml: no such file" in fault("run", "gone.yaml", cwd=tmp_path, run=process)


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    heavy = [
        "torch",
        "sklearn",
        "pandas",
        "numpy",
        "scipy",
        "umap",
        "hdbscan",
        "bertopic",
        "sentence_transformers",
        "pyarrow",
    ]
    code = f"""
import sys
from click.testing import CliRunner
from toolkit.cli import main
assert CliRunner().invoke(main, ["--help"]).exit_code == 0
print([name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_check_loads_no_model_library_and_no_reader_of_a_corpus_in_the_store(starter: Path) -> None:
    heavy = [
        "torch", "transformers", "sentence_transformers", "sklearn", "scipy", "umap", "hdbscan", "bertopic", "numba",
        "igraph", "joblib", "pandas", "matplotlib", "onnx", "onnxruntime", "lxml", "py3langid", "pyarrow.compute",
        "toolkit.corpus.build", "toolkit.corpus.readers", "toolkit.corpus.cleaning", "toolkit.study.tables",
        "toolkit.report",
    ]  # fmt: skip
    code = f"""
import sys
from click.testing import CliRunner
from toolkit.cli import main
done = CliRunner().invoke(main, ["check", "study.yaml"])
assert done.exit_code == 0, done.output
print([name for name in {heavy} if name in sys.modules])
"""
    outcomes = [subprocess.run([sys.executable, "-c", code], cwd=starter, capture_output=True, text=True) for _ in "12"]
    assert outcomes[1].stdout.strip() == "[]", outcomes[1].stdout + outcomes[1].stderr


def test_importing_the_package_loads_neither_models_nor_pandas(tmp_path: Path) -> None:
    code = "import sys, toolkit; print([m for m in ('torch', 'sklearn', 'pandas', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_what_init_writes_runs_as_it_is_and_says_where(starter: Path) -> None:
    done = command("run", "study.yaml", cwd=starter)
    assert done.returncode == 0, done.stderr
    folder = starter / done.stdout.strip().splitlines()[-1]
    assert (folder / "report.html").is_file() and (folder / "manifest.json").is_file()
    assert "discover" in done.stderr and "\r" not in done.stderr  # plain lines where there is no terminal
    assert done.stderr.splitlines()[-1] == f"page: {(folder / 'report.html').as_uri()}"
    quiet = process("run", "study.yaml", "--quiet", cwd=starter)
    assert quiet.returncode == 0 and quiet.stderr == "" and quiet.stdout == done.stdout


def test_init_overwrites_nothing(starter: Path) -> None:
    before = (starter / "study.yaml").read_bytes()
    assert "not an empty folder" in fault("init", starter, cwd=starter.parent)
    assert (starter / "study.yaml").read_bytes() == before


def test_check_says_what_would_run_and_writes_nothing(starter: Path) -> None:
    before = sorted(path for path in starter.rglob("*") if "runs" not in path.parts)
    done = command("check", "study.yaml", cwd=starter)
    assert done.returncode == 0, done.stderr
    assert all(code in done.stdout for code in STARTER_CODES) and "estimate" in done.stdout
    assert sorted(path for path in starter.rglob("*") if "runs" not in path.parts) == before


def test_a_misspelt_command_names_the_nearest(tmp_path: Path) -> None:
    done = command("chek", "x.yaml", cwd=tmp_path)
    assert done.returncode == 2 and "did you mean 'check'" in done.stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("run", "gone.yaml"), "gone.yaml: no such file"),
        (("run", "study.yaml", "--set", "discover.themes"), "expected KEY=VALUE"),
        (("run", "study.yaml", "--set", "discover.temes=3"), "did you mean 'themes'"),
        (("run", "study.yaml", "--set", "discover.themes=[a"), "not valid YAML"),
        (("run", "study.yaml", "--set", "seed=-4"), "seed"),
        (("run", "study.yaml", "--set", "seed=many"), "seed"),
        (("run", "study.yaml", "--corpus", "nowhere"), "nowhere"),
        (("check", "study.yaml", "--corpus", "nowhere"), "nowhere"),
        (("run", "study.yaml", "--set", "codebook.path=gone.yaml"), "no such file"),
        (("list", "clusterer"), "did you mean 'clusterers'"),
        (("report", "nothing-here"), "no such run folder"),
    ],
)
def test_a_fault_is_one_line_that_says_what_to_mend(starter: Path, change: tuple[str, ...], message: str) -> None:
    assert message in fault(*change, cwd=starter)


def test_all_faults_of_a_config_come_at_once_with_their_places(starter: Path) -> None:
    (starter / "bad.yaml").write_text(
        "name: x\nsed: 1\ncorpus: {path: texts, unitt: paragraph}\nembed: {method: minlm}\n"
    )
    done = command("check", "bad.yaml", cwd=starter)
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 2 and len(lines) == 3
    assert [line.split(": ")[1:3] for line in lines] == [
        ["bad.yaml:2:1", "sed"],
        ["bad.yaml:3:23", "corpus.unitt"],
        ["bad.yaml:4:9", "embed.method"],
    ]


def test_a_codebook_with_duplicate_ids_names_the_line(starter: Path) -> None:
    text = (starter / "codebook.yaml").read_text()
    (starter / "twice.yaml").write_text(text.replace("id: trade", "id: money"))
    line = fault("run", "study.yaml", "--set", "codebook.path=twice.yaml", cwd=starter)
    assert "twice.yaml:" in line and "money" in line


def test_an_empty_corpus_is_one_line(starter: Path) -> None:
    (starter / "empty").mkdir(exist_ok=True)
    assert "empty" in fault("run", "study.yaml", "--corpus", "empty", cwd=starter)
    (starter / "blank").mkdir(exist_ok=True)
    (starter / "blank" / "a.txt").write_text("  \n\n")
    assert "no paragraph" in fault("run", "study.yaml", "--corpus", "blank", cwd=starter)


def test_a_folder_that_holds_something_else_is_refused_before_any_work(starter: Path) -> None:
    (starter / "other").mkdir(exist_ok=True)
    (starter / "other" / "thesis.doc").write_text("mine")
    assert "holds files that are no run" in fault("run", "study.yaml", "--out", "other", cwd=starter)
    assert [path.name for path in (starter / "other").iterdir()] == ["thesis.doc"]
    assert "is a file" in fault("run", "study.yaml", "--out", "study.yaml", cwd=starter)


def test_a_run_of_another_experiment_is_not_overwritten(starter: Path) -> None:
    assert command("run", "study.yaml", "--out", "kept", cwd=starter).returncode == 0
    before = (starter / "kept" / "manifest.json").read_bytes()
    line = fault("run", "study.yaml", "--set", "seed=99", "--out", "kept", cwd=starter)
    assert "another experiment" in line and (starter / "kept" / "manifest.json").read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_place_that_cannot_be_written_is_one_line(starter: Path) -> None:
    (starter / "locked").mkdir(mode=0o500, exist_ok=True)
    assert "cannot be written" in fault("run", "study.yaml", "--out", "locked/run", cwd=starter)


def test_an_unreadable_document_is_in_the_ledger_and_the_run_goes_on(starter: Path, tmp_path: Path) -> None:
    for path in (starter / "texts").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing of the kind")
    done = command("run", starter / "study.yaml", "--corpus", tmp_path, "--out", "with_broken", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    ledger = (tmp_path / "with_broken" / "tables" / "ledger.csv").read_text()
    assert "broken.pdf" in ledger


def test_the_schema_knows_every_block(tmp_path: Path) -> None:
    schema = json.loads(command("schema", cwd=tmp_path).stdout)
    assert {"name", "corpus", "embed", "discover", "codebook", "validate", "report"} <= set(schema["properties"])


def test_list_names_what_a_config_can_name(tmp_path: Path) -> None:
    listed = command("list", cwd=tmp_path).stdout
    assert all(name in listed for name in ("minilm", "sentence_transformers", "umap", "consensus", "bertopic", "mmr"))


def test_one_figure_and_a_report_without_texts_come_from_the_run_folder_alone(starter: Path, tmp_path: Path) -> None:
    run = starter / command("run", "study.yaml", cwd=starter).stdout.strip().splitlines()[-1]
    done = command("report", run, "--figure", "map", "--out", tmp_path / "map.svg", cwd=tmp_path)
    assert done.returncode == 0 and (tmp_path / "map.svg").read_text().lstrip().startswith("<")
    assert (tmp_path / "map.csv").is_file()
    assert "Margaret Sole" in (run / "report.html").read_text()
    assert command("report", run, "--text", "none", cwd=tmp_path).returncode == 0
    assert "Margaret Sole" not in (run / "report.html").read_text()
    manifest = json.loads((run / "manifest.json").read_text())
    import hashlib

    assert manifest["files"]["report.html"] == hashlib.sha256((run / "report.html").read_bytes()).hexdigest()


def test_a_human_code_whose_text_is_not_in_the_corpus_is_left_out_and_said(starter: Path) -> None:
    (starter / "codes.csv").write_text(
        "paragraph_id,text,code,coder\nletters.csv#1:1,THIS TEXT IS NOT IN THE CORPUS,money,A\n"
    )
    done = command("run", "study.yaml", "--set", "codebook.codes=codes.csv", "--out", "coded", cwd=starter)
    assert done.returncode == 0, done.stderr
    assert len((starter / "coded" / "tables" / "human.csv").read_text().splitlines()) == 1
    assert "match no paragraph" in (starter / "coded" / "tables" / "notes.csv").read_text()


@pytest.mark.parametrize(
    "setting",
    ["estimate.group_by=[nope]", "discover.themes=10000", "codebook.codes=study.yaml", "embed.vectors=study.yaml"],
)
def test_check_finds_what_would_stop_a_run_later(starter: Path, setting: str) -> None:
    fault("check", "study.yaml", "--set", setting, cwd=starter)

"""The same experiment gives the same bytes: from scratch or the store, in any order, place, zone, language, on any
number of threads and workers.

What another process may change is run in a process of its own, as users run it. The default part takes the default
method on one small corpus and changes everything at once; the slow part changes one thing at a time, with UMAP, HDBSCAN
and the sentence model.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kit.commands import command
from kit.studies import write_study

from toolkit.experiment.experiment import load, portable
from toolkit.files import yaml12
from toolkit.run_folder.manifest import source_place

SAME = ("report.", "tables/", "figures/", "metrics.json", "embeddings.npy", "model/", "sources/", "config.yaml")
"""What must be the same bytes; the manifest holds times and machine, given.yaml what the user wrote."""
PLAIN = {"TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
MEANING = {"embed": {"method": "minilm"}}
CONSENSUS: dict[str, Any] = {**MEANING, "discover": {"method": "consensus"}}
DENSITY: dict[str, Any] = {
    **MEANING,
    "discover": {"method": "density", "min_cluster_size": 4, "refits": 2, "reducer": {"method": "umap"}},
    "report": {"formats": ["html", "md", "pdf"]},
}


def run(study: Path, out: Path, *words: str, store: Path | None = None, **environment: str) -> dict[str, str]:
    """Run a study in a process of its own; path -> sha256 of what must be the same."""
    given = {**os.environ, **PLAIN, **environment, "TOOLKIT_STORE": str(store or out.parent / f"{out.name}-store")}
    line = [sys.executable, "-m", "toolkit", "run", str(study), "--out", str(out), "--quiet", *words]
    done = subprocess.run(line, capture_output=True, text=True, env=given, cwd=study.parent, timeout=900)
    assert done.returncode == 0, done.stderr
    return same_files(out)


def run_here(study: Path, out: Path, *words: str, store: Path) -> dict[str, str]:
    """Run a study in this process; path -> sha256 of what must be the same."""
    done = command("run", study, "--out", out, "--quiet", "--set", f"store={store}", *words, cwd=study.parent)
    assert done.returncode == 0, done.stderr
    return same_files(out)


def same_files(out: Path) -> dict[str, str]:
    """Path -> sha256 of what must be the same."""
    files = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
    return {name: sha for name, sha in files.items() if name.startswith(SAME)}


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The files that are not the same."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def test_everything_changed_that_may_change_leaves_every_byte_the_same(tmp_path: Path) -> None:
    study, store = write_study(tmp_path / "first", **CONSENSUS), tmp_path / "store"
    first = run_here(study, tmp_path / "one", "--set", "parallel.workers=1", store=store)
    assert {name.partition(".")[0] for name in first} >= {"report", "metrics", "embeddings"}
    moved = write_study(tmp_path / "elsewhere" / "näher dran", reverse=True, **CONSENSUS)
    shutil.move(tmp_path / "elsewhere" / "näher dran" / "corpus", tmp_path / "texts")
    other = run(
        moved, tmp_path / "two", "--corpus", str(tmp_path / "texts"), "--set", "parallel.workers=2", "--set",
        "embed.batch=7", TZ="Pacific/Kiritimati", LANG="C", LC_ALL="C", PYTHONHASHSEED="4711", OMP_NUM_THREADS="2",
    )  # fmt: skip
    assert differing(first, other) == []


@pytest.mark.slow
def test_a_run_from_the_store_and_one_beside_it_are_the_bytes_of_one_from_scratch(tmp_path: Path) -> None:
    study, store = write_study(tmp_path / "study"), tmp_path / "store"
    scratch = run(study, tmp_path / "one", store=store)
    assert differing(scratch, run_here(study, tmp_path / "two", store=store)) == []
    assert differing(scratch, run_here(study, tmp_path / "three", "--fresh", store=store)) == []


@pytest.mark.slow
def test_an_article_added_and_taken_back_leaves_no_trace(tmp_path: Path) -> None:
    study, store = write_study(tmp_path / "study", **MEANING), tmp_path / "store"
    before = run_here(study, tmp_path / "before", store=store)
    more = tmp_path / "study" / "corpus" / "more.txt"
    more.write_text("A lighthouse keeper counts the ships that pass the harbour at night and writes them down.\n")
    assert differing(before, run_here(study, tmp_path / "with-more", store=store))
    more.unlink()
    assert differing(before, run_here(study, tmp_path / "after", store=store)) == []


@pytest.mark.parametrize("method", ["consensus", "graph", "density", "kmeans", "agglomerative", "bertopic"])
@pytest.mark.parametrize("embedder", ["minilm", "lsa"])
def test_a_config_with_every_default_spelled_out_is_the_same_experiment(method: str, embedder: str) -> None:
    short = {"name": "x", "corpus": {"path": "texts"}, "embed": {"method": embedder}, "discover": {"method": method}}
    loaded = load(short)
    spelled = portable(loaded.experiment)
    spelled["corpus"]["path"] = "texts"
    assert load(yaml12.parse(yaml12.dump(spelled), "spelled").value).sha256 == loaded.sha256


def test_rows_of_tables_never_share_a_file_in_sources() -> None:
    ids = ["a#b", "c#b", "b", "t.csv#b#b", "../b", "x" * 300, "x" * 301]
    places = [source_place(name, "t.csv") for name in ids]
    assert len(set(places)) == len(ids) and all(len(place.rpartition("/")[2]) < 240 for place in places)
    assert all(place.startswith("t.csv.rows/") and "/../" not in place for place in places)


@pytest.fixture(scope="module")
def density(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A study with UMAP, HDBSCAN, the sentence model and a PDF, and the bytes of its first run."""
    home = tmp_path_factory.mktemp("density")
    return home, run(write_study(home / "study", **DENSITY), home / "one")


CHANGES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "nothing": ((), {}),
    "two threads": ((), {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "NUMBA_NUM_THREADS": "2"}),
    "one worker": (("--set", "parallel.workers=1"), {}),
    "two workers": (("--set", "parallel.workers=2"), {}),
    "batch of 1": (("--set", "embed.batch=1"), {}),
    "time zone": ((), {"TZ": "Pacific/Kiritimati"}),
    "language": ((), {"LANG": "C", "LC_ALL": "C"}),
    "hash seed": ((), {"PYTHONHASHSEED": "99"}),
    "stage by stage again": (("--fresh",), {}),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", sorted(CHANGES))
def test_with_umap_and_hdbscan_one_change_at_a_time_leaves_every_byte_the_same(
    what: str, density: tuple[Path, dict[str, str]]
) -> None:
    home, first = density
    words, environment = CHANGES[what]
    assert "report.pdf" in first
    assert differing(first, run(home / "study" / "study.yaml", home / what, *words, **environment)) == []


@pytest.mark.slow
def test_with_umap_and_hdbscan_another_folder_and_order_of_files_leave_every_byte_the_same(
    density: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    study = write_study(tmp_path / "deeper" / "study", reverse=True, **DENSITY)
    assert differing(density[1], run(study, tmp_path / "run")) == []


@pytest.mark.slow
@pytest.mark.parametrize("method", ["graph", "kmeans", "agglomerative", "bertopic"])
def test_every_method_repeats_itself_on_other_threads_and_hash_seeds(method: str, tmp_path: Path) -> None:
    study = write_study(tmp_path / "study", **MEANING, discover={"method": method})
    first = run(study, tmp_path / "one")
    second = run(study, tmp_path / "two", "--set", "parallel.workers=2", OMP_NUM_THREADS="2", PYTHONHASHSEED="7")
    assert differing(first, second) == []


@pytest.mark.slow
def test_the_starter_study_repeats_itself(tmp_path: Path) -> None:
    from toolkit.commands.init import write_starter

    runs = []
    for name, seed in (("here", "1"), ("there", "2")):
        write_starter(tmp_path / name)
        runs.append(run(tmp_path / name / "study.yaml", tmp_path / f"{name}-run", PYTHONHASHSEED=seed))
    assert differing(*runs) == []

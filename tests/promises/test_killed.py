"""Whole runs that are killed, doubled or out of room: the store stays whole and the result is the undisturbed one."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kit.studies import write_study
from test_reproducible import MEANING, differing, run, run_here

from toolkit.files.digest import file_sha256
from toolkit.store.stages import MARKER


def start(study: Path, out: Path, store: Path, *words: str, **more: Any) -> subprocess.Popen[str]:
    """A run in a process group of its own, so that its workers die with it."""
    line = [sys.executable, "-m", "toolkit", "run", str(study), "--out", str(out), *words]
    environment = {**os.environ, "TOOLKIT_STORE": str(store)}
    return subprocess.Popen(line, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True, **more)


def damaged(store: Path) -> list[str]:
    """Entries of a store whose bytes are not those that were written."""
    broken = []
    for marker in store.rglob(MARKER):
        if ".writing-" in str(marker):
            continue  # set aside: never read
        listed = json.loads(marker.read_text(encoding="utf-8"))["files"]
        here = {path.name: file_sha256(path) for path in marker.parent.iterdir() if path.name != MARKER}
        broken += [str(marker)] if listed != here else []
    shards = [path for path in (store / "vectors").rglob("*.npy") if file_sha256(path) != path.stem]
    return broken + [str(path) for path in shards]


def files_of(out: Path, like: dict[str, str]) -> dict[str, str]:
    files = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
    return {name: sha for name, sha in files.items() if name in like}


@dataclass(frozen=True)
class Undisturbed:
    """What a run gives that nobody disturbs: path -> sha256 of what must be the same, and the seconds it took."""

    files: dict[str, str]
    seconds: float


def undisturbed(study: Path, out: Path) -> Undisturbed:
    """A run of the study, timed."""
    began = time.monotonic()
    return Undisturbed(run(study, out), time.monotonic() - began)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The small study run by itself: path -> sha256 of what must be the same."""
    home = tmp_path_factory.mktemp("alone")
    return run_here(write_study(home / "study"), home / "run", store=home / "store")


def kill_often(study: Path, folder: Path, expected: Undisturbed, kills: int, seed: int) -> None:
    """Kill runs at random moments, then let one finish: the store whole at all times, the result always the same."""
    store, out, moments = folder / "store", folder / "run", random.Random(seed)
    reached = set()
    for _ in range(kills):
        with start(study, out, store, "--quiet") as process:
            time.sleep(moments.uniform(0.2, expected.seconds))
            os.killpg(process.pid, signal.SIGKILL)
        assert damaged(store) == []
        assert not out.exists() or files_of(out, expected.files) == expected.files
        reached |= {path.name for path in store.glob("stages/*")}
    assert differing(expected.files, run(study, out, store=store)) == []
    assert damaged(store) == [] and reached
    assert [path.name for path in folder.iterdir() if path.name.startswith(".run.")] == []


@pytest.mark.slow
def test_a_run_killed_in_two_of_its_stages_ends_as_if_nothing_had_happened(
    tmp_path: Path, alone: dict[str, str]
) -> None:
    study, store, out = write_study(tmp_path / "study"), tmp_path / "store", tmp_path / "run"
    for stage in ("discover", "report"):
        with start(study, out, store) as process:
            assert process.stderr is not None
            reached = any(line.startswith(stage) for line in process.stderr)
            os.killpg(process.pid, signal.SIGKILL)
        assert reached and process.returncode == -signal.SIGKILL
        assert damaged(store) == [] and not out.exists()
    assert differing(alone, run_here(study, out, store=store)) == []
    assert damaged(store) == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".run.")] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_a_run_killed_again_and_again_ends_as_if_nothing_had_happened(tmp_path: Path, seed: int) -> None:
    study = write_study(tmp_path / "study", **MEANING)
    kill_often(study, tmp_path, undisturbed(study, tmp_path / "undisturbed"), kills=15, seed=seed)


@pytest.mark.slow
def test_two_runs_at_once_on_one_store_do_not_disturb_each_other(tmp_path: Path, alone: dict[str, str]) -> None:
    study, store = write_study(tmp_path / "study"), tmp_path / "store"
    both = [start(study, tmp_path / name, store, "--quiet") for name in ("one", "two")]
    assert [(process.communicate()[1], process.returncode) for process in both] == [("", 0)] * 2
    assert files_of(tmp_path / "one", alone) == files_of(tmp_path / "two", alone) == alone
    assert damaged(store) == []


@pytest.mark.slow
def test_two_runs_at_once_into_one_folder_leave_one_whole_run(tmp_path: Path, alone: dict[str, str]) -> None:
    study, store = write_study(tmp_path / "study"), tmp_path / "store"
    both = [start(study, tmp_path / "run", store, "--quiet") for _ in range(2)]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert 0 in [code for _, code in ends] and "Traceback" not in "".join(output for output, _ in ends)
    assert files_of(tmp_path / "run", alone) == alone


@pytest.mark.slow
def test_a_full_disk_is_one_clear_line_and_leaves_nothing_corrupt(tmp_path: Path, alone: dict[str, str]) -> None:
    study, store, out = write_study(tmp_path / "study"), tmp_path / "store", tmp_path / "run"

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))

    with start(study, out, store, "--quiet", preexec_fn=small_files) as process:
        output = process.communicate()[1]
    assert process.returncode == 2 and "Traceback" not in output, output
    assert "cannot be written" in output.splitlines()[-1] and not out.exists()
    assert damaged(store) == []
    assert differing(run_here(study, out, store=store), alone) == []

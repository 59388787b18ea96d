"""Where work is done changes no byte: one worker, many, or a Dask cluster that loses a worker on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kit.pieces import rows_of, scaled
from kit.studies import TOPICS
from test_reproducible import differing, run

from toolkit.errors import ConfigError, ToolkitError
from toolkit.files import yaml12
from toolkit.runtime import parallel
from toolkit.runtime.parallel import crew, each, worker_count
from toolkit.settings import ParallelSettings


@pytest.mark.parametrize("kind", ["threads", "processes"])
@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_pieces_whoever_does_them(kind: Any, workers: int) -> None:
    with crew(ParallelSettings(workers=workers)):
        results = list(each(scaled, [(number,) for number in range(20)], shared=3, kind=kind))
    assert [value for value, _ in results] == [3 * number for number in range(20)]
    assert len({pid for _, pid in results}) <= workers
    assert ({pid for _, pid in results} == {os.getpid()}) == (workers == 1 or kind == "threads")


def test_processes_are_gone_once_they_are_dismissed_and_new_ones_start_when_needed() -> None:
    pieces = [(number,) for number in range(6)]
    for _ in range(2):
        with crew(ParallelSettings(workers=2)):
            pids = {pid for _, pid in each(scaled, pieces, shared=2)}
        parallel.dismiss()
        assert pids and not any(Path(f"/proc/{pid}").exists() for pid in pids)


def with_the_kit() -> dict[str, str]:
    """An environment in which the pieces of work can be imported."""
    paths = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


@pytest.mark.slow
def test_processes_that_another_thread_uses_are_left_to_it() -> None:
    code = (
        "import threading\n"
        "from kit.pieces import slow_square\n"
        "from toolkit.runtime.parallel import dismiss, each\n"
        "results = []\n"
        "work = lambda: results.extend(each(slow_square, [(n,) for n in range(20)], shared=2, workers=2))\n"
        "thread = threading.Thread(target=work, daemon=True)\n"
        "thread.start()\n"
        "while thread.is_alive():\n"
        "    dismiss()\n"
        "    thread.join(0.05)\n"
        "assert results == [2 * n * n for n in range(20)]\n"
    )
    subprocess.run([sys.executable, "-c", code], env=with_the_kit(), timeout=120, check=True)


def test_parallel_workers_decides_how_many_work_and_one_word_of_the_caller_goes_before() -> None:
    assert worker_count() >= 1
    with crew(ParallelSettings(workers=3)):
        assert (worker_count(), worker_count(1)) == (3, 1)
        (results,) = {pid for _, pid in each(scaled, [(1,), (2,)], shared=1, workers=1)}
        assert results == os.getpid()
    assert list(each(scaled, [], shared=1)) == []


def test_a_piece_that_fails_says_what_failed() -> None:
    with crew(ParallelSettings(workers=2)), pytest.raises(TypeError):
        list(each(scaled, [("x",), (None,)], shared=1.5))


@pytest.mark.dask
def test_a_cluster_without_address_or_scheduler_is_one_clear_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(ConfigError, match="address"), crew(ParallelSettings(backend="dask")):
        pass
    monkeypatch.setattr(parallel, "CONNECT_SECONDS", 1)
    nobody = ParallelSettings(backend="dask", address="tcp://127.0.0.1:9")
    with pytest.raises(ToolkitError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"), crew(nobody):
        pass
    with pytest.raises(ToolkitError, match="no Dask scheduler"), crew(ParallelSettings(backend="dask", address="?")):
        pass


def test_without_dask_the_fault_names_the_extra() -> None:
    line = (
        "import sys; sys.modules['dask'] = sys.modules['distributed'] = None; from toolkit.runtime.parallel import *\n"
    )
    line += (
        "from toolkit.settings import ParallelSettings as P\nwith crew(P(backend='dask', address='tcp://x:1')): pass"
    )
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True)
    assert "thematic-toolkit[distributed]" in done.stderr.splitlines()[-1]


@dataclass
class Cluster:
    """A scheduler and two workers, each a process of its own."""

    address: str
    workers: list[subprocess.Popen[bytes]]

    def kill_one(self) -> None:
        os.kill(self.workers[0].pid, signal.SIGKILL)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    place = tmp_path / "scheduler.json"
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    dask, at = [sys.executable, "-m"], ["--scheduler-file", str(place), "--no-dashboard"]
    scheduler = [*dask, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *at]
    worker = [*dask, "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", *at]
    environment = with_the_kit()
    processes = [subprocess.Popen(scheduler, env=environment, **quiet)]
    try:
        for _ in range(600):
            if place.exists() and place.read_text().strip().endswith("}"):
                break
            time.sleep(0.1)
        processes += [subprocess.Popen(worker, env=environment, **quiet) for _ in range(2)]
        yield Cluster(json.loads(place.read_text())["address"], processes[1:])
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.dask
def test_a_cluster_that_loses_a_worker_gives_what_one_process_gives(cluster: Cluster) -> None:
    array, pieces = np.arange(100_000, dtype=np.float32), [(number,) for number in range(60)]
    with crew(ParallelSettings(backend="dask", address=cluster.address)):
        results = []
        for row in each(rows_of, pieces, shared=array):
            results.append(row)
            if len(results) == 10:
                cluster.kill_one()
    assert results == [(array * number).tobytes() for number in range(60)]


@pytest.mark.dask
@pytest.mark.slow
def test_a_run_on_a_cluster_that_loses_a_worker_is_the_bytes_of_a_local_run(cluster: Cluster, tmp_path: Path) -> None:
    rng, study = np.random.default_rng(0), tmp_path / "study.yaml"
    words = [[" ".join(part[rng.integers(len(part))] for part in parts) for parts in TOPICS.values()] for _ in "1234"]
    lines = [
        f"{words[rng.integers(4)][rng.integers(4)]} {rng.integers(100)} {' '.join(rng.permutation(words[0])[:1])}"
        for _ in range(4300)
    ]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps({"text": line}) + "\n" for line in lines))
    study.write_text(
        yaml12.dump(
            {"name": "many", "corpus": {"path": "rows.jsonl", "unit": "document", "duplicates": {"enabled": False}},
             "discover": {"method": "consensus", "refits": 8}, "report": {"formats": ["md"]}}
        )
    )  # fmt: skip
    here = run(study, tmp_path / "here", "--set", "parallel.workers=2")
    environment = {**os.environ, "TOOLKIT_STORE": str(tmp_path / "other")}
    there = [sys.executable, "-m", "toolkit", "run", str(study), "--out", str(tmp_path / "there")]
    there += ["--set", "parallel.backend=dask", "--set", f"parallel.address={cluster.address}"]
    with subprocess.Popen(there, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        output = ""
        for line in process.stderr:
            output += line
            if line.startswith("discover"):
                time.sleep(2)
                cluster.kill_one()
                break
        output += process.stderr.read()
    assert process.returncode == 0, output
    files = json.loads((tmp_path / "there" / "manifest.json").read_text())["files"]
    assert differing(here, {name: sha for name, sha in files.items() if name in here}) == []

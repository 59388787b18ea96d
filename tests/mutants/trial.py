"""Trying one fault: pytest in a child process over the tests that reach the changed lines, quickest first."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

KILLED, SURVIVED, TIMEOUT, IMPORT = "killed", "survived", "time-out", "crash at import"


@dataclass(eq=False)  # pytest keeps its plugins in sets
class Watch:
    """A pytest plugin: runs chosen tests in a chosen order, and notes what each took and which failed first."""

    chosen: Mapping[str, int] | None = None  # test -> place in the order
    took: dict[str, float] = field(default_factory=dict)
    setup: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    collection_failed: bool = False

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        if self.chosen is not None:
            items[:] = sorted(
                (item for item in items if item.nodeid in self.chosen), key=lambda item: self.chosen[item.nodeid]
            )

    def pytest_collectreport(self, report: Any) -> None:
        self.collection_failed |= bool(report.failed)

    def pytest_runtest_logreport(self, report: Any) -> None:
        times = self.setup if report.when == "setup" else self.took
        times[report.nodeid] = times.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.failed.append(report.nodeid)


def pytest_run(root: Path, arguments: Sequence[str], watch: Watch, log: Path) -> int:
    """pytest.main in this process, over the tree at `root`, its output in `log`."""
    os.chdir(root)
    sys.path[:0] = [str(root), str(root / "tests")]
    sys.dont_write_bytecode = True
    os.environ.update(PYTHONPATH=str(root), PYTHONDONTWRITEBYTECODE="1", HF_HUB_OFFLINE="1")
    with log.open("w") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    return int(pytest.main(["-q", "-p", "no:cacheprovider", "--tb=line", *arguments], plugins=[watch]))


def in_child(work: Callable[[], str], seconds: float) -> tuple[str | None, float]:
    """What `work()` returns, of a forked process; None if it took longer than `seconds`; and the time."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "answer"
        pid = os.fork()
        if pid == 0:
            os.setpgrp()
            try:
                notes.write_text(work(), encoding="utf-8")
            finally:
                os._exit(0)
        ended = False
        while not ended and time.monotonic() - began < seconds:
            ended = bool(os.waitpid(pid, os.WNOHANG)[0])
            time.sleep(0.02)
        _end(pid, waited=ended)
        answer = (notes.read_text(encoding="utf-8") if notes.exists() else "") if ended else None
        return answer, time.monotonic() - began


def _end(pid: int, waited: bool) -> None:
    """End what a child left running, and the child."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    if not waited:
        os.waitpid(pid, 0)


def verdict(root: Path, tests: Sequence[str], seconds: float, arguments: Iterable[str]) -> tuple[str, str, float]:
    """What becomes of a fault that is in the tree at `root`: (verdict, first failing test, seconds)."""
    if not tests:
        return SURVIVED, "no test reaches it", 0.0
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))

    def work() -> str:
        watch = Watch({test: place for place, test in enumerate(tests)})
        code = pytest_run(root, ["-x", *arguments, *files], watch, root.parent / "log.txt")
        if watch.collection_failed or code not in (0, 1):
            return IMPORT
        return f"{KILLED}\n{watch.failed[0]}" if watch.failed else SURVIVED

    answer, took = in_child(work, seconds)
    if answer is None:
        return TIMEOUT, "", took
    kind, _, test = (answer or IMPORT).partition("\n")
    return kind, test, took

"""A whole process measured from outside: wall time, processor time and peak memory of it and all it starts.

And a file that keeps measurements as they are made, so that a benchmark goes on where it was killed.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EVERY = 0.1
Row = dict[str, Any]
Results = dict[tuple[str, str], list[Row]]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """Seconds waited, processor seconds of the whole tree of processes, its largest memory (MB), and its output."""

    wall: float
    cpu: float
    megabytes: float
    output: str


def measured(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end. Memory is the sum over processes of their proportional share (PSS), looked at ten times
    a second. Raises RuntimeError with the last words of a command that fails. Linux only."""
    began, most, used = time.perf_counter(), 0.0, {}
    given = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true", **(environment or {})}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=given) as process:
        streams = Drain(process)
        while process.poll() is None:
            members = 0.0
            for pid in tree(process.pid):
                try:
                    members += memory(pid)
                    used[pid] = processor(pid)
                except (OSError, ValueError, IndexError):
                    continue  # gone meanwhile
            most = max(most, members)
            time.sleep(EVERY)
        wall = time.perf_counter() - began
        output, message = streams.ends()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{message[-2000:]}")
    return Measured(wall, sum(used.values()), most, output)


class Drain:
    """Reads both streams of a process meanwhile, so that it never waits for a reader."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        from threading import Thread

        self.texts = ["", ""]
        self.threads = [
            Thread(target=self._read, args=(at, stream)) for at, stream in enumerate((process.stdout, process.stderr))
        ]
        for thread in self.threads:
            thread.start()

    def _read(self, at: int, stream: object) -> None:
        self.texts[at] = stream.read()  # type: ignore[attr-defined]

    def ends(self) -> tuple[str, str]:
        """All that was written to stdout and stderr."""
        for thread in self.threads:
            thread.join()
        return self.texts[0], self.texts[1]


def tree(pid: int) -> list[int]:
    """A process and all that it started, as far as they live."""
    results = [pid]
    for one in results:
        for thread in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                results += [int(child) for child in thread.read_text().split()]
            except OSError:
                continue
    return results


def memory(pid: int) -> float:
    """Megabytes that a process holds; pages shared with others count in parts."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def processor(pid: int) -> float:
    """Processor seconds of a process so far."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICKS


class Ledger:
    """Measurements as they are made: one line of JSON each (part, contender, round, ...), read by the next call."""

    def __init__(self, place: Path) -> None:
        self.place = place
        lines = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
        self.rows: list[Row] = [json.loads(line) for line in lines if line.endswith("}")]  # a kill may cut the last
        place.write_text("".join(json.dumps(row) + "\n" for row in self.rows), encoding="utf-8")

    def last(self, part: str, name: str, number: int | None = None) -> Row | None:
        """The last measurement of a contender (in a round)."""
        members = [row for row in self.rows if (row["part"], row["contender"]) == (part, name)]
        return next((row for row in reversed(members) if number in (None, row["round"])), None)

    def add(self, row: Row) -> None:
        """Keep a measurement, on disk when this returns."""
        self.rows.append(row)
        with self.place.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def results(self) -> Results:
        """All measurements by part and contender."""
        by_name: Results = {}
        for row in self.rows:
            by_name.setdefault((row["part"], row["contender"]), []).append(row)
        return by_name

"""How discovery grows: time and memory from given vectors at 20,000 to 200,000 rows, and the growth's exponent.

    python experiments/benchmarks/discovery_scale.py [--sizes 20000 50000 100000 200000] [--vectors FILE.npy]
        [--given '{"method": "consensus"}'] [--out FILE.json]

Vectors are made up (200 groups of very unequal size within 20 broader ones, 384 dimensions), or drawn around the rows
of an .npy file (`--vectors`): a row, a step towards another row of its neighbourhood, and noise. Each size runs in a
process of its own; memory is the peak of that process and its workers together (proportional set size).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

SIZES = (20_000, 50_000, 100_000, 200_000)
GIVEN = {"method": "consensus"}


def made_up(n: int, dimensions: int = 384) -> np.ndarray:
    """Unit rows in groups of Zipf-like size; groups lie near the centre of a broader one."""
    random = np.random.default_rng(0)
    broad = random.normal(size=(20, dimensions))
    groups = broad[random.integers(0, 20, 200)] + 0.8 * random.normal(size=(200, dimensions))
    weight = 1 / np.arange(3, 203)
    of = random.choice(200, n, p=weight / weight.sum())
    rows = np.empty((n, dimensions), np.float32)
    for start in range(0, n, 10_000):
        part = of[start : start + 10_000]
        rows[start : start + 10_000] = groups[part] + 1.6 * random.normal(size=(len(part), dimensions))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def drawn_around(file: Path, n: int) -> np.ndarray:
    """Unit rows around those of a file: each a little on the way to one of its ten nearest rows, with noise."""
    from toolkit.discover.neighbours import nearest

    seeds = np.load(file).astype(np.float32)
    near = nearest(seeds, 10).rows
    random = np.random.default_rng(0)
    at, way = random.integers(0, len(seeds), n), random.random(n).astype(np.float32)[:, None] * 0.5
    rows = seeds[at] * (1 - way) + seeds[near[at, random.integers(0, 10, n)]] * way
    rows += random.normal(scale=0.5 / seeds.shape[1] ** 0.5, size=rows.shape).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


class Memory(threading.Thread):
    """Watches the proportional set size of this process and its children."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0

    def run(self) -> None:
        """Looks four times a second."""
        while True:
            self.peak = max(self.peak, sum(pss(pid) for pid in family(os.getpid())))
            time.sleep(0.25)


def family(pid: int) -> list[int]:
    """A process and all under it."""
    results = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        results += [one for child in children for one in family(child)]
    return results


def pss(pid: int) -> int:
    """Bytes of memory of a process, shared pages shared out."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def busy() -> float:
    """Processor seconds of this process and its workers, those that ended included."""
    ticks = 0
    for pid in family(os.getpid()):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(value) for value in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def one(n: int, vectors: Path | None, given: dict) -> None:
    """One size in this process; prints a line of JSON."""
    from pydantic import TypeAdapter

    from toolkit.discover import Clusterer, discover

    rows = drawn_around(vectors, n) if vectors else made_up(n)
    texts = [f"text {at:07d}" for at in range(n)]
    memory = Memory()
    memory.start()
    began, used = time.perf_counter(), busy()
    discovery = discover(TypeAdapter(Clusterer).validate_python(given), texts, rows, 1)
    result = {
        "n": n,
        "seconds": round(time.perf_counter() - began, 1),
        "cpu": round(busy() - used, 1),
        "megabytes": round(memory.peak / 1e6),
        "themes": discovery.themes,
        "parameters": dict(discovery.parameters),
        "notes": list(discovery.notes),
    }
    print(json.dumps(result), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--vectors", type=Path, help="an .npy file to draw around; made-up vectors if not given")
    parser.add_argument("--given", default=json.dumps(GIVEN), help="settings of discovery as JSON")
    parser.add_argument("--out", type=Path, help="where results are added up, as JSON")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        one(args.one, args.vectors, json.loads(args.given))
        return
    results = json.loads(args.out.read_text()) if args.out and args.out.exists() else []
    for n in args.sizes:
        command = [sys.executable, __file__, "--one", str(n), "--given", args.given]
        command += ["--vectors", str(args.vectors)] if args.vectors else []
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        result = json.loads(done.stdout.strip().splitlines()[-1])
        results = sorted([*(row for row in results if row["n"] != n), result], key=lambda row: row["n"])
        print(f"{n:>9,} rows  {result['seconds']:>7.1f} s  {result['cpu']:>7.1f} s CPU  {result['megabytes']:>6,} MB  "
              f"{result['themes']:>3} themes", flush=True)  # fmt: skip
        if args.out:
            args.out.write_text(json.dumps(results, indent=1) + "\n")
    if len(results) > 1:
        size = np.log([row["n"] for row in results])
        for name in ("seconds", "cpu"):
            took = np.log([row[name] for row in results])
            ends = (took[-1] - took[0]) / (size[-1] - size[0])
            print(f"{name} grow with n^{np.polyfit(size, took, 1)[0]:.2f} (fitted), n^{ends:.2f} from end to end")


if __name__ == "__main__":
    main()

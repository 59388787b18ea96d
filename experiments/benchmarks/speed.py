"""How long the commands take: start-up, check, the shipped study from a cold store, again, and with another report.

    python experiments/benchmarks/speed.py [--rounds 3]

Every figure is the median wall time of whole processes on this machine, each round with a store of its own. Needs no
network. Prints a Markdown table with the bar each figure is held against.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "configs" / "future_industries.yaml"
BARS = {
    "toolkit --help": 0.3,
    "toolkit check, shipped study": 1.0,
    "toolkit run, shipped study, cold store": 40.0,
    "the same again from the store": 5.0,
    "only report.text changed": 5.0,
}


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="rounds to take medians of (default 3)")
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {name: [] for name in BARS}
    timed(["--help"], {})  # one unmeasured start: files of the installation come into the page cache
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            for name, seconds in one_round(Path(folder)).items():
                taken[name].append(seconds)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    libraries = f"onnxruntime {version('onnxruntime')}, numpy {version('numpy')}"
    print(f"{machine}, {libraries}; medians of {rounds} rounds, seconds\n")
    print("| what | median | least | most | bar |\n|---|---|---|---|---|")
    for name, seconds in taken.items():
        row = f"{statistics.median(seconds):.2f} | {min(seconds):.2f} | {max(seconds):.2f}"
        print(f"| {name} | {row} | {BARS[name]} |")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nPeak memory of any of these processes: {peak:.0f} MB")


def one_round(folder: Path) -> dict[str, float]:
    """Seconds of each command against one new store."""
    store = {"TOOLKIT_STORE": str(folder / "store"), "XDG_CACHE_HOME": str(folder / "cache")}
    run = ["run", str(STUDY), "--quiet", "--out"]
    return {
        "toolkit --help": timed(["--help"], store),
        "toolkit check, shipped study": timed(["check", str(STUDY)], {"TOOLKIT_STORE": str(folder / "other")}),
        "toolkit run, shipped study, cold store": timed([*run, str(folder / "a")], store),
        "the same again from the store": timed([*run, str(folder / "b")], store),
        "only report.text changed": timed([*run, str(folder / "c"), "--set", "report.text=none"], store),
    }


def timed(words: list[str], environment: dict[str, str]) -> float:
    """Wall seconds of one `toolkit` command in a process of its own."""
    command = [str(Path(sys.executable).with_name("toolkit")), *words]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "HF_HUB_OFFLINE": "1", **environment})
    return time.perf_counter() - began


if __name__ == "__main__":
    main()

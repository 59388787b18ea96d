"""Mutation testing of the science: are one-line faults in it caught by the tests?

    make mutants        or        python tests/mutants/run.py --many 300 --seed 13

Draws mutants by a seed (draw.py), tries each on a copy of the tree with the tests that reach its lines (trial.py), and
writes results.csv and survivors.md beside this file. A time-out or a crash at import does not count as killed. Ends
with 1 if fewer than 85 % are killed, or a survivor has no reason in reasons.yaml.
"""

from __future__ import annotations

import argparse
import compileall
import csv
import importlib
import multiprocessing
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

from draw import PACKAGES, Mutant, drawn, mutated_source  # noqa: E402
from trial import KILLED, Watch, in_child, pytest_run, verdict  # noqa: E402

TESTS = (
    *(f"tests/{package}" for package in PACKAGES), "tests/assignment", "tests/coders/test_evaluate.py", "tests/golden"
)  # fmt: skip
"""Tests that may kill a mutant: those of the science, and the goldens."""
PRELOADED = ("numpy", "scipy.stats", "scipy.special", "scipy.sparse.linalg", "sklearn.cluster", "sklearn.linear_model",
             "sklearn.metrics", "pyarrow.parquet", "pyarrow.compute", "pandas", "igraph", "onnxruntime", "pydantic",
             "lxml.html", "hypothesis", "jinja2", "click.testing")  # fmt: skip
"""Libraries that every child finds imported."""
DEAREST_TEST, MOST_SECONDS = 25.0, 60.0
"""A test that takes longer (s) is not asked; and what the tests asked about one mutant may take together."""
SLACK, LEAST_LIMIT = 6.0, 60.0
"""A mutant may take this many times what its tests take without it, and at least so many seconds."""
WANTED = 0.85
REASONS = HERE / "reasons.yaml"


@dataclass(frozen=True)
class Reach:
    """Which tests run which lines, and what each test costs (s)."""

    tests: dict[str, dict[int, list[str]]]
    cost: dict[str, float]

    def asked(self, mutant: Mutant) -> list[str]:
        """The tests to try a mutant with, quickest first; those of the whole module for a line run at import."""
        lines = self.tests.get(mutant.reader, {})
        first, last = mutant.lines
        names = {name for line in range(first, last + 1) for name in lines.get(line, ()) if name}
        if not names:
            names = {name for some in lines.values() for name in some if name}
        kept, total = [], 0.0
        for name in sorted(names, key=lambda name: (self.cost.get(name, DEAREST_TEST), name)):
            cost = self.cost.get(name, DEAREST_TEST)
            if cost < DEAREST_TEST and total + cost <= MOST_SECONDS:
                kept.append(name)
                total += cost
        return kept

    def limit(self, tests: Sequence[str]) -> float:
        """Seconds after which a mutant is timed out."""
        return max(LEAST_LIMIT, SLACK * sum(self.cost[name] for name in tests))


def copied(place: Path) -> Path:
    """A copy of the files that git knows or would take, their bytecode checked by hash of the source."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, place / name)
    compileall.compile_dir(place / "toolkit", quiet=2, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    return place


def reach(root: Path, arguments: Sequence[str]) -> Reach:
    """Run the tests once under coverage."""
    files = sorted({str(path.relative_to(root)) for pattern in TESTS for path in root.glob(pattern)})
    covered = [f"--cov=toolkit.{package}" for package in PACKAGES]
    data = root / ".coverage"

    def work() -> str:
        os.environ["COVERAGE_FILE"] = str(data)
        watch = Watch()
        options = [*covered, "--cov-context=test", "--cov-report=", *arguments, *files]
        pytest_run(root, options, watch, root.parent / "coverage.txt")
        homes: dict[str, float] = {}
        for name, took in watch.setup.items():
            homes[name.partition("::")[0]] = max(homes.get(name.partition("::")[0], 0.0), took)
        lines = [f"{name}\t{took + homes[name.partition('::')[0]]:.3f}" for name, took in watch.took.items()]
        return "\n".join([*lines, *(f"failed\t{name}" for name in watch.failed)])

    answer, took = in_child(work, 1200)
    if not answer:
        raise SystemExit(f"the tests did not run: see {root.parent / 'coverage.txt'}")
    rows = [line.split("\t") for line in answer.splitlines()]
    failed = {second for first, second in rows if first == "failed"}
    if failed:
        raise SystemExit(f"{len(failed)} tests fail without any mutant, such as {sorted(failed)[0]}")
    print(f"{len(rows)} tests, {took:.0f} s under coverage", flush=True)
    return Reach(_lines(data, root), {first: float(second) for first, second in rows})


def steady(root: Path, arguments: Sequence[str]) -> None:
    """Stop if a test fails when it is run again with the store that the others filled: it would kill every mutant."""
    files = sorted({str(path.relative_to(root)) for pattern in TESTS for path in root.glob(pattern)})

    def work() -> str:
        watch = Watch()
        pytest_run(root, [*arguments, *files], watch, root.parent / "again.txt")
        return "\n".join(["ran", *watch.failed])

    answer, took = in_child(work, 1200)
    failed = (answer or "").splitlines()[1:]
    if not answer or failed:
        raise SystemExit(f"{len(failed)} tests fail the second time, such as {failed[:1]}")
    print(f"the same again in {took:.0f} s", flush=True)


def _lines(data: Path, root: Path) -> dict[str, dict[int, list[str]]]:
    import coverage

    read = coverage.CoverageData(str(data))
    read.read()
    by_name = {}
    for path in read.measured_files():
        contexts = read.contexts_by_lineno(path)
        by_name[Path(path).relative_to(root).as_posix()] = {
            line: sorted({name.partition("|")[0] for name in names}) for line, names in contexts.items()
        }
    return by_name


def tried(work: tuple[Path, Reach, Any, Any, list[str]]) -> None:
    """Try mutants from a queue on one copy of the tree until there are none left."""
    root, known, waiting, done, arguments = work
    while (mutant := waiting.get()) is not None:
        place = root / mutant.module
        source = place.read_text(encoding="utf-8")
        tests = known.asked(mutant)
        try:
            place.write_text(mutated_source(source, mutant.operator, mutant.occurrence), encoding="utf-8")
            kind, test, took = verdict(root, tests, known.limit(tests), arguments)
        finally:
            place.write_text(source, encoding="utf-8")
        done.put((mutant, kind, test, took))


def results(mutants: Sequence[Mutant], known: Reach, roots: Sequence[Path], arguments: list[str]) -> list[Any]:
    """(mutant, verdict, test, seconds) of every mutant, in the order of the draw."""
    context = multiprocessing.get_context("fork")
    waiting, done = context.Queue(), context.Queue()
    for mutant in [*mutants, *[None for _ in roots]]:
        waiting.put(mutant)
    work = [(root, known, waiting, done, [*arguments, "--store", str(root.parent / "store")]) for root in roots]
    crew = [context.Process(target=tried, args=(one,)) for one in work]
    for worker in crew:
        worker.start()
    rows, began = [], time.monotonic()
    for number in range(1, len(mutants) + 1):
        rows.append(done.get())
        mutant, kind, _, took = rows[-1]
        print(f"{number:4} {time.monotonic() - began:5.0f} s {kind:9} {took:5.1f} s  {mutant.name[:150]}", flush=True)
    for worker in crew:
        worker.join()
    order = {mutant: place for place, mutant in enumerate(mutants)}
    return sorted(rows, key=lambda row: order[row[0]])


def written(rows: Sequence[Any], many: int, seed: int) -> int:
    """Write results.csv and survivors.md; the exit code."""
    reasons = yaml.safe_load(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else None
    reasons = {str(key): str(value) for key, value in (reasons or {}).items()}
    with (HERE / "results.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["module", "definition", "before", "after", "verdict", "test"])
        for mutant, kind, test, _ in rows:
            table.writerow([mutant.module, mutant.place, mutant.before, mutant.after, kind, test])
    left = [(mutant, kind) for mutant, kind, _, _ in rows if kind != KILLED]
    killed, bare = len(rows) - len(left), [mutant for mutant, _ in left if mutant.name not in reasons]
    lines = [
        "# Survivors of the mutation test", "",
        f"`make mutants`: {killed} of {len(rows)} mutants killed ({killed / len(rows):.1%}), drawn with seed {seed} "
        f"from {', '.join(PACKAGES)}. Each of the others with the reason why no test catches it:", "",
    ]  # fmt: skip
    for mutant, kind in left:
        lines += [f"- `{mutant.module}`, {mutant.place} ({kind})", f"  - before: `{mutant.before}`",
                  f"  - after: `{mutant.after}`", f"  - {reasons.get(mutant.name, 'no reason given yet')}"]  # fmt: skip
    (HERE / "survivors.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{killed} of {len(rows)} killed ({killed / len(rows):.1%}); {len(bare)} survivors without a reason")
    return int(killed < WANTED * len(rows) or bool(bare))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--many", type=int, default=300)
    options.add_argument("--seed", type=int, default=13)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--module", default="", help="try only mutants of modules whose path holds this")
    given = options.parse_args()
    began = time.monotonic()
    mutants = [one for one in drawn(ROOT, given.many, given.seed) if given.module in one.module]
    for name in PRELOADED:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        roots = [copied(Path(folder) / str(number) / "tree") for number in range(given.workers)]
        arguments = ["--shared", str(ROOT.parent / "shared")]
        known = reach(roots[0], [*arguments, "--store", str(roots[0].parent / "store")])
        steady(roots[0], [*arguments, "--store", str(roots[0].parent / "store")])
        for root in roots[1:]:
            shutil.copytree(roots[0].parent / "store", root.parent / "store")
        rows = results(mutants, known, roots, arguments)
    print(f"{time.monotonic() - began:.0f} s in all")
    return written(rows, given.many, given.seed)


if __name__ == "__main__":
    sys.exit(main())

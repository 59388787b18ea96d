"""Which one-line faults are tried: all that Cosmic Ray's operators make of the science, less those that change nothing.

Cosmic Ray rather than mutmut: it also mutates constants of modules (mutmut 3 mutates inside functions only, and skips
decorated ones); it rewrites the file and wraps no function, so that worker processes and pickled functions are tested
as they are; and it has no operator for strings. Tuned numbers are in TOML files: each is changed by one, up and down.
"""

from __future__ import annotations

import ast
import multiprocessing
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.commands.init import _all_work_items as all_work_items
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_item import MutationSpec

TUNED = "tuned.toml"
"""The file of a package that contains its tuned numbers."""
LARGER, SMALLER = "toml/larger", "toml/smaller"
"""Faults of a tuned number: one more, one less, as Cosmic Ray changes a number in code."""
_VALUE = re.compile(r"^value = .*$", re.MULTILINE)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

PACKAGES = ("discover", "codebook", "coding", "estimate", "validate", "describe")
"""Packages of the modules that decide a result."""


@dataclass(frozen=True)
class Mutant:
    """One fault: what is changed where. Lines count from 1.

    `reader` is the module whose tests are tried: the changed one, or the one that reads a changed tuned number, which
    it does when it is imported: then `lines` is (0, 0).
    """

    module: str
    operator: str
    occurrence: int
    lines: tuple[int, int]
    place: str
    before: str
    after: str
    reader: str

    @property
    def name(self) -> str:
        """What identifies it as long as its line stays the same: module, definition, line before and after."""
        return f"{self.module} {self.place}: {self.before}  =>  {self.after}"


def modules(root: Path) -> list[Path]:
    """The modules that are mutated, in order."""
    return sorted(path for package in PACKAGES for path in (root / "toolkit" / package).rglob("*.py"))


def drawn(root: Path, many: int, seed: int) -> list[Mutant]:
    """`many` mutants drawn without replacement from all of them, in the order of the draw."""
    with multiprocessing.get_context("fork").Pool(2) as pool:
        everything = [one for some in pool.map(_of_module, modules(root), chunksize=1) for one in some]
    everything += [one for package in PACKAGES for one in _of_tuned(root / "toolkit" / package / TUNED)]
    random.Random(seed).shuffle(everything)
    chosen: list[Mutant] = []
    for path, spec in everything:
        if len(chosen) == many:
            break
        source = path.read_text(encoding="utf-8")
        mutated = mutated_source(source, spec.operator_name, spec.occurrence)
        before, after = _changed_lines(source, mutated)
        if before == after or (path.suffix == ".py" and _same_program(source, mutated)):
            continue
        module, place = path.relative_to(root).as_posix(), spec.definition_name or "module"
        lines, reader = (spec.start_pos[0], spec.end_pos[0]), module
        if path.name == TUNED:
            lines, reader = (0, 0), _reader(path, place).relative_to(root).as_posix()
        chosen.append(Mutant(module, spec.operator_name, spec.occurrence, lines, place, before, after, reader))
    return chosen


def _of_module(path: Path) -> list[tuple[Path, MutationSpec]]:
    """Every mutation of a module, those of annotations left out."""
    annotated = _annotations(path.read_text(encoding="utf-8"))
    specs = [spec for item in all_work_items([path], {}) for spec in item.mutations]
    return [(path, spec) for spec in specs if not _within(spec.start_pos, spec.end_pos, annotated)]


def _of_tuned(path: Path) -> list[tuple[Path, MutationSpec]]:
    """Every tuned number of a file, one more and one less; the entry is the definition."""
    if not path.is_file():
        return []
    source = path.read_text(encoding="utf-8")
    specs = []
    for occurrence, start in enumerate(_tuned_numbers(source)):
        line = source.count("\n", 0, start) + 1
        entry = re.findall(r"^\[(\w+)\]$", source[:start], re.MULTILINE)[-1]
        place = {"start_pos": (line, 0), "end_pos": (line, 1), "definition_name": entry}
        specs += [MutationSpec(path, operator, occurrence, **place) for operator in (LARGER, SMALLER)]
    return [(path, spec) for spec in specs]


def _reader(path: Path, entry: str) -> Path:
    """The module of the package that reads an entry of its file of tuned numbers."""
    return next(
        module for module in sorted(path.parent.glob("*.py")) if f'"{entry}"' in module.read_text(encoding="utf-8")
    )


def _tuned_numbers(source: str) -> list[int]:
    """Where each number of the values of a tuned file begins."""
    return [line.start() + number.start() for line in _VALUE.finditer(source) for number in _NUMBER.finditer(line[0])]


def _mutated_number(source: str, operator: str, occurrence: int) -> str:
    start = _tuned_numbers(source)[occurrence]
    number = _NUMBER.match(source, start)
    assert number is not None
    value = tomllib.loads(f"value = {number[0]}")["value"] + (1 if operator == LARGER else -1)
    return f"{source[:start]}{value!r}{source[number.end() :]}"


def mutated_source(source: str, operator: str, occurrence: int) -> str:
    """The text of a module, or of a file of tuned numbers, with one fault in it."""
    if operator in (LARGER, SMALLER):
        return _mutated_number(source, operator, occurrence)
    mutated = mutate_code(source, get_operator(operator)(), occurrence)
    if mutated is None:
        raise ValueError(f"{operator} has no occurrence {occurrence}")
    return str(mutated)


def _annotations(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where annotations stand: with `from __future__ import annotations` they are never evaluated in functions."""
    spans = []
    for node in ast.walk(ast.parse(source)):
        for part in _annotations_of(node):
            start, end = (part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0)
            spans.append((start, end))
    return spans


def _annotations_of(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation is not None:
        yield node.annotation
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns is not None:
        yield node.returns


def _within(start: tuple[int, int], end: tuple[int, int], spans: list[tuple[tuple[int, int], tuple[int, int]]]) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def _changed_lines(source: str, mutated: str) -> tuple[str, str]:
    """The first line that differs, before and after."""
    pairs = zip(source.splitlines(), mutated.splitlines(), strict=False)
    return next(((old.strip(), new.strip()) for old, new in pairs if old != new), ("", ""))


def _same_program(source: str, mutated: str) -> bool:
    """Whether a fault leaves the parsed program as it is, or makes none of it."""
    try:
        return ast.dump(ast.parse(source)) == ast.dump(ast.parse(mutated))
    except SyntaxError:
        return True

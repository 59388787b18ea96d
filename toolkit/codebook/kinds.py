"""The kind of each coder, person or machine, from files of codes and the config, and their contradictions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from toolkit.errors import nearest
from toolkit.schemas import MACHINE, PERSON
from toolkit.values import Table

KINDS = (PERSON, MACHINE)
SYNONYMS = {
    MACHINE: ("ai", "algorithm", "bot", "computer", "llm", "model", "program", "software"),
    PERSON: ("annotator", "expert", "human", "people", "reader", "student"),
}
"""Words that people write for a kind -> the value that they mean; they are no values."""
MARKED = " (machine)"
"""Ending of a machine's name in scores."""


@dataclass(frozen=True)
class StatedKind:
    """The kind of a coder from a place other than the files of codes.

    `required` is whether the files must have a coder of this name.
    """

    coder: str
    kind: str
    place: str
    required: bool = False


class Kinds:
    """The kind of each coder, and the faults: values that are no kind, coders of two kinds."""

    def __init__(self, stated: Iterable[StatedKind] = ()) -> None:
        self.faults: list[str] = []
        self.coders: set[str] = set()
        self.stated = tuple(stated)
        self._first: dict[str, tuple[str, str]] = {}
        self._values: set[str] = set()
        self._twice: set[str] = set()
        for kind_stated in self.stated:
            self._say(kind_stated.coder, kind_stated.kind, kind_stated.place)

    def read(self, coder: str, cell: object, place: str) -> None:
        """Record the kind of a row's coder; an empty cell has none. `place` is PATH:LINE."""
        self.coders.add(coder)
        value = str(cell if cell is not None else "").strip()
        kind = value.casefold()
        if not value:
            return
        if kind in KINDS:
            self._say(coder, kind, place)
        elif kind not in self._values:
            self._values.add(kind)
            self.faults.append(f"{place}: kind: {value!r} is not {' or '.join(map(repr, KINDS))}{_meant(kind)}")

    def of(self, coder: str) -> str:
        """The kind of a coder, by default a person."""
        return self._first.get(coder, (PERSON, ""))[0]

    def unknown(self) -> list[str]:
        """A fault for each coder whom the config requires and no file has."""
        return [
            f"{stated.place}: {stated.coder!r} is no coder of codebook.codes"
            + (nearest(stated.coder, self.coders) or f"; their coders are {', '.join(sorted(self.coders)) or 'none'}")
            for stated in self.stated
            if stated.required and stated.coder not in self.coders
        ]

    def _say(self, coder: str, kind: str, place: str) -> None:
        first, where = self._first.setdefault(coder, (kind, place))
        if first != kind and coder not in self._twice:
            self._twice.add(coder)
            self.faults.append(f"{place}: kind: coder {coder!r} is a {kind} here and a {first} by {where}; keep one")


def _meant(word: str) -> str:
    """`` (did you mean 'machine'?)`` for a word that is another name of a kind or similar to one."""
    known = next((kind for kind, words in SYNONYMS.items() if word in words), None)
    return f" (did you mean {known!r}?)" if known else nearest(word, KINDS)


def marked(coder: str, kind: str) -> str:
    """The name of a coder in scores; a machine's name ends with (machine)."""
    return coder + MARKED * (kind == MACHINE)


def is_machine(marks: Table) -> list[bool]:
    """Whether a machine gave each mark (HUMAN); a table without kinds is of people."""
    if "kind" not in marks.column_names:
        return [False] * marks.num_rows
    return [kind == MACHINE for kind in marks["kind"].to_pylist()]


def of_people(marks: Table) -> Table:
    """The marks that people gave."""
    return marks.filter(pa.array([not machine for machine in is_machine(marks)], pa.bool_()))


def of_machines(marks: Table) -> Table:
    """The marks that machines gave."""
    return marks.filter(pa.array(is_machine(marks), pa.bool_()))


def kind_of(marks: Table) -> str:
    """The kind of the coders in scores: machine if there are marks and all are of machines."""
    return MACHINE if marks is not None and marks.num_rows and all(is_machine(marks)) else PERSON


def reference_marks(marks: Table) -> Table:
    """The marks (HUMAN) of people, or all marks if no person coded."""
    return marks if kind_of(marks) == MACHINE else of_people(marks)


def machines_of(marks: Table) -> list[str]:
    """The names of the machines among the coders of marks (HUMAN), in order."""
    named = zip(marks["coder"].to_pylist(), is_machine(marks), strict=True)
    return sorted({coder for coder, machine in named if machine})


def kind_method(marks: Table) -> str:
    """A sentence of the methods on machines among the coders of marks (HUMAN); empty if there are none."""
    machines = machines_of(marks)
    if not machines:
        return ""
    if kind_of(marks) == MACHINE:
        return f" The coded paragraphs were coded by machines ({', '.join(machines)}), none by a person."
    return f" The coded paragraphs are those that people coded; codes by {', '.join(machines)} (machine) were not used."


def kind_notes(marks: Table) -> tuple[str, ...]:
    """Notes on machines among the coders of marks (HUMAN); empty if there are none."""
    machines = machines_of(marks)
    if not machines:
        return ()
    names, single = ", ".join(machines), len(machines) == 1
    if kind_of(marks) == MACHINE:
        return (
            f"Only machines coded ({names}), no person: codes are learned from and compared with codes by "
            "machines, no score is agreement with people, and no code is called checked.",
        )
    return (
        f"{names} {'is a machine' if single else 'are machines'}: {'its' if single else 'their'} codes are "
        "compared with people's by the same measures, and count neither in the reference codes nor in the agreement "
        "of people.",
    )

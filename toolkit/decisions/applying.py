"""The decisions of a log applied to one partition, in their order, each with what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from toolkit.decisions.log import NONE, Decision, Log, named
from toolkit.decisions.matching import LEAST_OVERLAP, Matching, places, rows_of, shown
from toolkit.decisions.references import Rows
from toolkit.discover.pairs import divided
from toolkit.values import NOISE, Bools, Ints, Vectors

APPLIED, OVERLAPPING, CONFLICT = "applied", "applied with overlap", "in conflict"


class _ConflictError(Exception):
    """Why a decision cannot be applied, in a whole sentence."""


@dataclass
class Outcome:
    """What became of a decision: `themes` are numbers of the groups that it concerns, at that point of the log."""

    outcome: str
    reason: str
    overlap: float | None = None
    paragraphs: int | None = None
    themes: list[int] = field(default_factory=list)


@dataclass
class _Key:
    """What a key means: a group, by which overlap, and the rows that it is known by."""

    group: int
    overlap: float | None
    core: Rows


@dataclass(frozen=True)
class Applied:
    """Groups (n,) after the decisions, -1 for none, any other whole numbers.

    `parts` (n,) are what groups were joined from: machine themes, and parts of them that a person divided. `placed`
    (n,) marks paragraphs that a person put where they are one by one. `names` (with the number of the decision
    that gave it), `notes` and `keys` are by group.
    """

    groups: Ints
    parts: Ints
    placed: Bools
    outcomes: tuple[Outcome, ...]
    names: Mapping[int, tuple[str, int]]
    notes: Mapping[int, tuple[str, ...]]
    keys: Mapping[int, str]


def apply(log: Log, digests: Sequence[str], assignment: Ints, vectors: Vectors, seed: int) -> Applied:
    """A log applied to the themes `assignment` (n,), 0 to k - 1 and -1, of n paragraphs with unit rows (n, d)."""
    return _Applying(named(log), digests, assignment, vectors, seed).applied()


class _Applying:
    """The state of a partition between two decisions."""

    def __init__(self, log: Log, digests: Sequence[str], assignment: Ints, vectors: Vectors, seed: int) -> None:
        self.log, self.digests, self.vectors, self.seed = log, digests, vectors, seed
        self.matching = Matching(log.themes, digests, assignment)
        self.place = places(digests)
        self.machine, self.groups, self.parts = assignment, assignment.astype(np.int64), assignment.astype(np.int64)
        self.placed = np.zeros(len(assignment), bool)
        self.fresh = int(assignment.max(initial=NOISE)) + 1
        self.keys: dict[str, _Key] = {}
        self.lost: dict[str, str] = {}
        self.names: dict[int, tuple[str, int]] = {}
        self.notes: dict[int, list[str]] = {}
        self.became: dict[int, list[int]] = {}
        self.outcomes: list[Outcome] = []
        for key in log.themes:
            match = self.matching.of(key)
            if match.theme is None:
                self.lost[key] = match.reason
            else:
                self.keys[key] = _Key(match.theme, match.overlap, self.matching.rows[key])

    def applied(self) -> Applied:
        for line, decision in enumerate(self.log.decisions, 1):
            self.outcomes.append(self.outcome(line, decision))
        for decision, outcome in zip(self.log.decisions, self.outcomes, strict=True):
            outcome.themes = [group for group in self.today(outcome.themes) if (self.groups == group).any()]
            if outcome.outcome != CONFLICT and decision.do in ("rename", "note") and not outcome.themes:
                outcome.reason += " No theme is left of it after the decisions that follow."
        keys: dict[int, str] = {}
        for name, key in self.keys.items():
            if (self.groups == key.group).any():
                keys[key.group] = name  # the last: keys that decisions make come after those of the machine's themes
        return Applied(
            self.groups.astype(np.int32), self.parts.astype(np.int32), self.placed, tuple(self.outcomes),
            self.names,
            {group: tuple(notes) for group, notes in self.notes.items()},
            keys,
        )  # fmt: skip

    def outcome(self, line: int, decision: Decision) -> Outcome:
        does = {
            "rename": self.rename, "merge": self.merge, "split": self.split,
            "drop": self.drop, "move": self.move, "note": self.note,
        }[decision.do]  # fmt: skip
        try:
            return does(line, decision)
        except _ConflictError as conflict:
            if decision.do in ("merge", "split"):
                self.block(line, decision)
            unchanged = None if decision.do in ("rename", "note") else 0
            return Outcome(CONFLICT, str(conflict), paragraphs=unchanged)

    def block(self, line: int, decision: Decision) -> None:
        """After a conflict, take the meaning from all keys that the conflicting decision uses or makes."""
        groups = {self.keys[key].group for key in decision.meant if key in self.keys}
        blocked = [*decision.meant, *decision.names, *(name for name, key in self.keys.items() if key.group in groups)]
        for name in blocked:
            self.keys.pop(name, None)
            what = f"decision {line} would have made it, and that decision is in conflict"
            self.lost[name] = f"It needs {self.shown(name)} as {what}."

    def shown(self, key: str) -> str:
        return shown(key, self.log.themes)

    def need(self, key: str) -> _Key:
        """What a key means now. Raises _ConflictError if that is no theme."""
        if key not in self.keys:
            raise _ConflictError(self.lost[key])
        if not (self.groups == self.keys[key].group).any():
            raise _ConflictError(f"{self.shown(key)} contains no paragraph any more: all were moved or dropped before.")
        return self.keys[key]

    def rename(self, line: int, decision: Decision) -> Outcome:
        key = self.need(str(decision.theme))
        self.name(key.group, str(decision.to), line)
        return self.done([key], [key.group], None, f"The theme is named “{decision.to}”.")

    def note(self, line: int, decision: Decision) -> Outcome:
        key = self.need(str(decision.theme))
        self.notes.setdefault(key.group, []).append(str(decision.text))
        return self.done([key], [key.group], None, "The note was added to the theme.")

    def drop(self, line: int, decision: Decision) -> Outcome:
        key = self.need(str(decision.theme))
        rows = self.groups == key.group
        self.groups[rows], self.parts[rows], self.became[key.group] = NOISE, NOISE, []
        self.names.pop(key.group, None)
        for name in self.of_group(key.group):
            self.lost[name] = f"Decision {line} has dropped {self.shown(name)}."
            del self.keys[name]
        return self.done([key], [], int(rows.sum()), f"{_paragraphs(int(rows.sum()))} in no theme any more.")

    def merge(self, line: int, decision: Decision) -> Outcome:
        keys = self.together(decision.themes) or [self.need(name) for name in decision.themes]
        groups = list(dict.fromkeys(key.group for key in keys))
        sizes = [int((self.groups == group).sum()) for group in groups]
        self.refuse_name(decision.to, groups)
        union = groups[0] if len(groups) == 1 else self.new()
        outcome = self.done(keys, [union], sum(sizes) - max(sizes), self.merged(len(groups)))
        if len(groups) > 1:
            self.join(groups, union, line, keep=decision.to is None)
        for made in decision.names:
            self.keys[made] = _Key(union, outcome.overlap, np.flatnonzero(self.groups == union))
        if decision.to:
            self.name(union, decision.to, line)
        return outcome

    @staticmethod
    def merged(themes: int) -> str:
        return f"{themes} themes were joined." if themes > 1 else "They are one theme here already."

    def together(self, names: Sequence[str]) -> list[_Key]:
        """The one theme that the run has for themes which were to be merged, if the run does not distinguish them."""
        if all(name in self.keys for name in names) or any(name not in self.log.themes for name in names):
            return []
        if any(self.lost.get(name, "") != self.matching.of(name).reason for name in names if name in self.lost):
            return []
        match = self.matching.of_union(names)
        if match.theme is None or not self.matching.inside(names, match.theme):
            return []
        groups = {
            *self.groups[self.machine == match.theme].tolist(),
            *(self.keys[n].group for n in names if n in self.keys),
        }
        if len(groups) != 1 or groups == {NOISE}:
            return []
        for name in names:
            self.keys[name] = _Key(min(groups), match.overlap, self.matching.rows[name])
        return [self.keys[name] for name in names]

    def join(self, groups: Sequence[int], union: int, line: int, keep: bool) -> None:
        """All of the groups become one, and what was known of each is known of it."""
        kept = next((group for group in groups if group in self.names), None) if keep else None
        if kept is not None:
            self.names[union] = self.names.pop(kept)
        notes = [note for group in groups for note in self.notes.pop(group, [])]
        for group in groups:
            self.forget(group, f"Decision {line} then merged the theme with others.")
            self.became[group] = [union]
            self.groups[self.groups == group] = union
            for name in self.of_group(group):
                self.keys[name].group = union
        if notes:
            self.notes[union] = notes

    def split(self, line: int, decision: Decision) -> Outcome:
        key = self.need(str(decision.theme))
        rows = np.flatnonzero(self.groups == key.group)
        division, share = self.listed(decision, rows) if decision.paragraphs else self.divided(decision, rows)
        parts = [rows[division == part] for part in range(int(division.max()) + 1)]
        self.refuse_name(decision.to, [])
        if decision.paragraphs:
            self.placed[parts[0]] = True
        groups = [self.new() for _ in parts]
        stays = self.divide(key, parts, groups, by_list=bool(decision.paragraphs))
        changed = len(rows) - len(parts[stays])
        sizes = " and ".join(str(len(part)) for part in parts)
        outcome = self.done([key], groups, changed, f"The theme was divided into {sizes} paragraphs.", share)
        by_size_alone = not (decision.paragraphs or decision.parts) and outcome.overlap is not None
        for made, group, part in zip(decision.names, groups, parts, strict=False):
            if by_size_alone:
                what = f"decision {line} does not say what its parts contain (parts), and this run may order them"
                self.lost[made] = f"It needs {made}, but {what} otherwise."
            else:
                self.keys[made] = _Key(group, outcome.overlap, part)
        if decision.to:
            self.name(groups[0], decision.to, line)
        return outcome

    def listed(self, decision: Decision, rows: Rows) -> tuple[Rows, float]:
        """(m,) 0 for the rows of a theme that a list of paragraphs names, 1 for the others; the share of the list."""
        inside = np.isin(rows, rows_of(decision.paragraphs, self.place))
        listed, theme = len(decision.paragraphs), self.shown(str(decision.theme))
        if not inside.any():
            raise _ConflictError(f"None of the {listed} paragraphs listed is in {theme}.")
        if inside.all():
            raise _ConflictError(f"The list has all {len(rows)} paragraphs of {theme}: nothing would remain.")
        present = {self.digests[row] for row in rows[inside].tolist()}
        return np.where(inside, 0, 1), len(present) / listed

    def divided(self, decision: Decision, rows: Rows) -> tuple[Rows, float]:
        """(m,) parts of the rows of a theme, by k-means, in the order of the keys that name them."""
        wanted = int(decision.into or 2)
        if wanted > len(rows):
            theme = self.shown(str(decision.theme))
            raise _ConflictError(f"{theme} has {_paragraphs(len(rows))} here, too few for {wanted} parts.")
        division = divided(self.vectors[rows], wanted, self.seed)
        return self.by_content(decision, rows, division) if decision.parts else (division, 1.0)

    def by_content(self, decision: Decision, rows: Rows, division: Rows) -> tuple[Rows, float]:
        """The parts in the order of the lists of digests that identify them, and the share in the right part."""
        from scipy.optimize import linear_sum_assignment

        at = {int(row): place for place, row in enumerate(rows)}
        counts = np.zeros((len(decision.parts),) * 2, np.int64)
        for wanted, names in enumerate(decision.parts):
            for name in names:
                for row in self.place.get(name, ()):
                    if row in at:
                        counts[wanted, division[at[row]]] += 1
        listed, theme = int(counts.sum()), self.shown(str(decision.theme))
        if not listed:
            raise _ConflictError(f"None of the paragraphs by which the parts are known is in {theme}.")
        order, columns = linear_sum_assignment(-counts)
        share = float(counts[order, columns].sum() / listed)
        if share < LEAST_OVERLAP or not counts[order, columns].all():
            raise _ConflictError(
                f"{theme} would be divided otherwise here: the parts listed are not those that come about."
            )
        return np.argsort(columns)[division], share

    def divide(self, key: _Key, parts: Sequence[Rows], groups: Sequence[int], by_list: bool) -> int:
        """Groups for the parts of a theme; each key of it now means the part with most of its core. The part of `key`.

        What a list leaves is known by what the theme was joined from; every other part is one by itself.
        """
        old = key.group
        for at, (part, group) in enumerate(zip(parts, groups, strict=True)):
            self.groups[part] = group
            if not by_list or at == 0:
                self.parts[part] = group
        for name in self.of_group(old):
            mine = self.keys[name]
            mine.group = groups[_most(mine.core, parts)]
        stays = groups.index(key.group)
        self.became[old] = [*groups]
        if old in self.names:
            self.names[key.group] = self.names.pop(old)
        if old in self.notes:
            self.notes[key.group] = self.notes.pop(old)
        return stays

    def move(self, line: int, decision: Decision) -> Outcome:
        target = None if decision.to == NONE else self.need(str(decision.to))
        rows, listed = rows_of(decision.paragraphs, self.place), len(decision.paragraphs)
        if not len(rows):
            raise _ConflictError(f"None of the {listed} paragraphs is in this corpus.")
        group = NOISE if target is None else target.group
        others = np.setdiff1d(np.flatnonzero(self.groups == group), rows)
        changed = int((self.groups[rows] != group).sum())
        moving = rows[self.groups[rows] != group]
        self.parts[moving] = NOISE if target is None else self.main_part(others)
        self.groups[rows], self.placed[rows] = group, True
        where = "no theme" if target is None else self.shown(str(decision.to))
        present = sum(name in self.place for name in decision.paragraphs)
        here = "" if present == listed else f" {listed - present} of the {listed} listed are not in this corpus."
        reason = f"{_paragraphs(changed)} moved to {where}.{here}"
        return self.done([target] if target else [], [group] if target else [], changed, reason, present / listed)

    def main_part(self, rows: Rows) -> int:
        """The largest part of a theme; a new one if all of it is being moved."""
        if not len(rows):
            return self.new()
        values, counts = np.unique(self.parts[rows], return_counts=True)
        return int(values[counts.argmax()])

    def done(
        self, keys: Sequence[_Key], themes: list[int], changed: int | None, reason: str, share: float = 1.0
    ) -> Outcome:
        """The outcome of a decision that was applied: with overlap if a theme or a list is not as it was."""
        measured = [key.overlap for key in keys if key.overlap is not None] + ([share] if share < 1 else [])
        if not measured:
            return Outcome(APPLIED, reason, None, changed, themes)
        overlap = min(measured)
        return Outcome(OVERLAPPING, f"{reason[:-1]} (overlap {overlap:.2f}).", overlap, changed, themes)

    def refuse_name(self, name: str | None, but: Sequence[int]) -> None:
        """Raise _ConflictError if a theme other than these has the name."""
        for group, (other, line) in self.names.items():
            same = name is not None and other.casefold() == name.casefold()
            if same and group not in but and (self.groups == group).any():
                raise _ConflictError(f"Decision {line} has given the name “{name}” to another theme of this run.")

    def name(self, group: int, name: str, line: int) -> None:
        self.refuse_name(name, [group])
        self.forget(group, f"Decision {line} then replaced the name.")
        self.names[group] = (name, line)

    def forget(self, group: int, why: str) -> None:
        """Remove the name that a person gave a theme, and note it at the decision that gave it."""
        if group in self.names:
            _, line = self.names.pop(group)
            if line <= len(self.outcomes):
                self.outcomes[line - 1].reason += f" {why}"

    def of_group(self, group: int) -> list[str]:
        return [name for name, key in self.keys.items() if key.group == group]

    def new(self) -> int:
        self.fresh += 1
        return self.fresh - 1

    def today(self, groups: Sequence[int]) -> list[int]:
        """What groups have become by the end of the log."""
        current: list[int] = []
        for group in groups:
            current += self.today(self.became[group]) if group in self.became else [group]
        return list(dict.fromkeys(current))


def _most(core: Rows, parts: Sequence[Rows]) -> int:
    """The part with most rows of a core; the largest of these, then the first."""
    return max(range(len(parts)), key=lambda at: (int(np.isin(core, parts[at]).sum()), len(parts[at]), -at))


def _paragraphs(number: int) -> str:
    return "1 paragraph" if number == 1 else f"{number} paragraphs"

"""Blind sheets on which a judge chooses between two names of a theme, and what the answers say."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from naming.form import wilson
from naming.partitions import Partition

CUT = 60
"""Words shown of a paragraph."""
THEMES = 25
"""Most themes on one sheet."""
CHOICES = ("A", "B", "=")
KEY = ("id", "set", "theme", "rival", "new_side", "new", "other")
GUIDE = """# Which name fits a theme better?

Each theme below is shown by ten of its paragraphs (cut to {cut} words). Under them are pairs of names. For each pair
say which one you would rather print above the theme in a report: the one that tells a reader who has not seen the
texts what most of them are about, and that reads as a name. Judge the pairs one by one and the names as they are
printed; whether a name is long or short, upper or lower case, does not matter by itself. Answer A or B; answer = only
if you cannot choose. Write the answers as a CSV file with the header `id,choice`, one line for each pair.
"""


@dataclass(frozen=True)
class Pair:
    """Two names of a theme; `new_side` is the side of the new one. A tie (equal names) has no side and is not asked."""

    id: str
    set: str
    theme: int
    rival: str
    new_side: str
    new: str
    other: str

    @property
    def sides(self) -> tuple[str, str]:
        """What is printed as A and as B."""
        return (self.new, self.other) if self.new_side == "A" else (self.other, self.new)


def pairs(name: str, new: Mapping[int, str], rivals: Mapping[str, Mapping[int, str]]) -> list[Pair]:
    """The pairs of a set in the order of the sheet: by theme, then by a hash; sides are drawn by a hash as well."""
    made = []
    for theme in sorted(new):
        for rival in sorted(rivals):
            other = rivals[rival].get(theme)
            if other is None:
                continue
            digest = hashlib.sha256(f"{name} {theme} {rival} {new[theme]} {other}".encode()).hexdigest()
            equal = same(new[theme], other)
            side = "" if equal else "AB"[int(digest[0], 16) % 2]
            made.append(Pair(digest[:8], name, theme, rival, side, new[theme], other))
    return sorted(made, key=lambda pair: (pair.theme, pair.id))


def same(one: str, other: str) -> bool:
    """Whether two names differ in case and blanks at most."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def sheets(part: Partition, asked: Sequence[Pair]) -> list[str]:
    """The sheets of a set: at most 25 themes each; pairs with equal sides are printed once for all their rivals."""
    themes = sorted({pair.theme for pair in asked if pair.new_side})
    made = []
    for begin in range(0, len(themes), THEMES):
        blocks = [GUIDE.format(cut=CUT)]
        for theme in themes[begin : begin + THEMES]:
            blocks.append(f"## Theme {theme + 1} of {part.name}\n")
            blocks += [f"- {cut(part.texts[at])}" for at in part.shown(theme)]
            blocks.append("")
            blocks += [f"{pair.id}   A: {pair.sides[0]}   B: {pair.sides[1]}" for pair in asked_of(asked, theme)]
            blocks.append("")
        made.append("\n".join(blocks))
    return made


def asked_of(asked: Sequence[Pair], theme: int) -> list[Pair]:
    """The pairs of a theme that differ; of several rivals with one name the first."""
    kept: dict[tuple[str, str], Pair] = {}
    for pair in asked:
        if pair.theme == theme and pair.new_side:
            kept.setdefault((pair.new, " ".join(pair.other.casefold().split())), pair)
    return list(kept.values())


def cut(text: str) -> str:
    """The first sixty words."""
    given = text.split()
    return " ".join(given[:CUT]) + (" …" if len(given) > CUT else "")


def write_key(path: Path, asked: Sequence[Pair]) -> None:
    """Which pair was what; judges do not see it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(KEY)
        writer.writerows([getattr(pair, column) for column in KEY] for pair in asked)


def read_key(path: Path) -> list[Pair]:
    """The pairs of a key file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Pair(**{**row, "theme": int(row["theme"])}) for row in csv.DictReader(file)]


def read_answers(paths: Sequence[Path]) -> dict[str, str]:
    """A judge's choices by pair; ValueError for a choice that is none of A, B, =."""
    made: dict[str, str] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                choice = row["choice"].strip().upper()
                if choice not in CHOICES:
                    raise ValueError(f"{path.name}: {row['id']}: choice {row['choice']!r} is none of A, B, =")
                made[row["id"].strip()] = choice
    return made


def points(asked: Sequence[Pair], answers: Mapping[str, str]) -> dict[str, float]:
    """By pair 1 if the new name was chosen, 0 if the other was, 0.5 for a tie; ValueError for a missing answer."""
    by_names: dict[tuple[str, int, str], str] = {}
    for pair in asked:
        if pair.new_side and pair.id in answers:
            side = answers[pair.id]
            won = "=" if side == "=" else ("new" if side == pair.new_side else "other")
            by_names.setdefault(_names(pair), won)
    made = {}
    for pair in asked:
        won = by_names.get(_names(pair)) if pair.new_side else "="
        if won is None:
            raise ValueError(f"no answer to {pair.id} ({pair.set}, theme {pair.theme})")
        made[pair.id] = {"new": 1.0, "=": 0.5, "other": 0.0}[won]
    return made


def _names(pair: Pair) -> tuple[str, int, str]:
    return pair.set, pair.theme, " ".join(pair.other.casefold().split())


@dataclass(frozen=True)
class Preferred:
    """In how many of n themes the new name was preferred (a tie is a half), by all judges together."""

    set: str
    rival: str
    hits: float
    n: int
    ties: int
    low: float
    high: float


def preferred(asked: Sequence[Pair], judges: Sequence[Mapping[str, float]]) -> list[Preferred]:
    """For each rival, and each set and all sets, the judges' mean share; Wilson's interval counts themes."""
    rows: dict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)
    for pair in asked:
        mean = sum(judge[pair.id] for judge in judges) / len(judges)
        for name in (pair.set, "all sets"):
            rows[pair.rival, name].append((mean, not pair.new_side))
    made = []
    for (rival, name), item in rows.items():
        hits, n = sum(mean for mean, _ in item), len(item)
        made.append(Preferred(name, rival, hits, n, sum(tie for _, tie in item), *wilson(hits, n)))
    return made


def agreement(
    asked: Sequence[Pair], one: Mapping[str, float], other: Mapping[str, float]
) -> tuple[float, float | None]:
    """Raw agreement and Cohen's kappa (1960) of two judges over the printed pairs; kappa None if undefined."""
    printed = [pair for theme in sorted({(p.set, p.theme) for p in asked}) for pair in _printed(asked, *theme)]
    rows = [(one[pair.id], other[pair.id]) for pair in printed]
    if not rows:
        return 1.0, None
    raw = sum(a == b for a, b in rows) / len(rows)
    chance = sum(
        sum(a == value for a, _ in rows) * sum(b == value for _, b in rows) / len(rows) ** 2
        for value in (0.0, 0.5, 1.0)
    )
    return raw, (raw - chance) / (1 - chance) if chance < 1 else None


def _printed(asked: Sequence[Pair], name: str, theme: int) -> list[Pair]:
    return asked_of([pair for pair in asked if pair.set == name], theme)
